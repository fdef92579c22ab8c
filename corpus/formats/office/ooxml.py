"""The parts of a Word or Excel file (Office Open XML, ISO/IEC 29500): found by their relationships, within limits."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TypeAlias

from lxml import etree
from lxml.etree import _Element

from corpus.archive import is_bomb, is_locked
from corpus.errors import UnreadableError
from corpus.formats.kind import COMPOUND

Element: TypeAlias = _Element

LARGEST = 1 << 30  # bytes of all parts that are read, unpacked; pictures are never unpacked
_RATIO = 500  # how many times its packed size a part may have; a Word table of 40,000 equal rows has 205 times
_SMALL = 16 << 20  # bytes up to which the ratio does not matter
_COVERED = "EncryptedPackage".encode("utf-16-le")  # the name of a stream in the OLE directory
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    etree.XMLSyntaxError,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    NotImplementedError,
    RecursionError,
)


@contextmanager
def reported() -> Iterator[None]:
    """Tell what goes wrong inside as a damaged file; UnreadableError passes through."""
    try:
        yield
    except _FAULTS as error:
        raise UnreadableError("skip-damaged", reason=error) from error


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part says of another one."""

    id: str
    kind: str  # the last step of the relationship's type: "styles"
    target: str  # the other part's name, or an address outside


class Package:
    """An Office file that is open. A part is named by its path in the zip file."""

    def __init__(self, data: bytes) -> None:
        """Open a file; UnreadableError where it is of Office before 2007, encrypted, no zip file or a zip bomb."""
        if data.startswith(COMPOUND):
            raise UnreadableError("skip-encrypted" if _COVERED in data else "skip-old-office")
        self._zip = zipfile.ZipFile(BytesIO(data))
        self._infos = {info.filename.replace("\\", "/").lower(): info for info in self._zip.infolist()}
        self._sizes: dict[str, int] = {}  # of the parts that have been opened

    @property
    def main(self) -> str:
        """The part that holds the document or the workbook."""
        found = next((one.target for one in self.relations("") if one.kind == "officeDocument"), "")
        if not found:
            raise ValueError("officeDocument")
        return found

    def relations(self, part: str) -> list[Relation]:
        """Return what a part ("" is the package) refers to."""
        folder, name = posixpath.split(part)
        described = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if not self.holds(described):
            return []
        return [
            Relation(
                id=one.get("Id", ""),
                kind=one.get("Type", "").rpartition("/")[2],
                target=posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).strip("/"),
            )
            for one in self.tree(described).iter("{*}Relationship")
            if one.get("TargetMode") != "External"
        ]

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts of a kind that a part refers to, each once, as far as they are there."""
        targets = (one.target for one in self.relations(part) if one.kind == kind)
        return [target for target in dict.fromkeys(targets) if self.holds(target)]

    def holds(self, part: str) -> bool:
        """Tell whether there is such a part."""
        return part.lower() in self._infos

    def open(self, part: str) -> IO[bytes]:
        """Return what a part holds, unpacked as it is read: never more than its entry tells, which counts."""
        info = self._infos[part.lower()]
        if is_locked(info):
            raise UnreadableError("skip-encrypted")
        self._sizes[info.filename] = info.file_size
        if sum(self._sizes.values()) > LARGEST or is_bomb(info, ratio=_RATIO, small=_SMALL):
            raise UnreadableError("skip-bomb-file", ratio=_RATIO)
        return self._zip.open(info)

    def tree(self, part: str) -> Element:
        """Return a small part, parsed."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        with self.open(part) as file:
            return etree.fromstring(file.read(), parser)

    def pieces(self, part: str, *names: str, wanted: Callable[[Element], bool] | None = None) -> Iterator[Element]:
        """Yield the elements of these names in a part, in order; each is forgotten when the next one is asked for."""
        with self.open(part) as file:
            found = etree.iterparse(
                file,
                tag=[f"{{*}}{name}" for name in names],
                resolve_entities=False,
                remove_comments=True,
                remove_pis=True,
            )
            for _, element in found:
                if wanted is None or wanted(element):
                    yield element
                    element.clear(keep_tail=False)
                    while (before := element.getprevious()) is not None:
                        before.getparent().remove(before)


def local(element: Element) -> str:
    """Return the name of an element without its namespace, which strict files have another of; empty for no element."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def value(element: Element, name: str) -> str | None:
    """Return an attribute in the element's own namespace, as Word writes them."""
    tag: str = element.tag
    found: str | None = element.get(tag[: tag.rfind("}") + 1] + name)
    return found
