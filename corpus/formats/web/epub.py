"""EPUB 2 and 3: the chapters of a book in reading order, without its table of contents."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote

from lxml import etree

from corpus.archive import RATIO, is_bomb, is_locked
from corpus.document import Reason
from corpus.draft import Draft
from corpus.errors import UnreadableError
from corpus.formats.web.markup import parsed, text_of_page
from corpus.formats.web.tree import Block, Element, name_of, shown, words_of

MOST = 20_000  # files in a book
LARGEST = 256 << 20  # bytes of its chapters, unpacked; pictures are never unpacked
_FONTS = re.compile(r"http://(?:www\.idpf\.org/2008/embedding|ns\.adobe\.com/pdf/enc#RC)")  # no secret: fonts alone
_PAGES = frozenset({"application/xhtml+xml", "text/html"})
_ENDS = (".xhtml", ".html", ".htm")
_LINKED = 0.5  # share of links in a table of contents; a page with fewer is more than one
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    etree.XMLSyntaxError,
    EOFError,
    LookupError,
    ValueError,
    RuntimeError,
    NotImplementedError,
)


def read(data: bytes, *, raw: bool = False) -> Draft:
    """Return the chapters of a book; with `raw`, its table of contents, too."""
    try:
        return _Book(data).draft(raw=raw)
    except _FAULTS as error:
        raise UnreadableError("skip-damaged", reason=error) from error


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the book, as its package lists it."""

    path: str
    kind: str
    is_contents: bool


class _Book:
    """A book that is open."""

    def __init__(self, data: bytes) -> None:
        """Open it; UnreadableError where it is encrypted, or holds too much."""
        self._zip = zipfile.ZipFile(BytesIO(data))
        self._infos = {info.filename.lower(): info for info in self._zip.infolist()}
        self._left = LARGEST
        if len(self._infos) > MOST:
            raise UnreadableError("skip-bomb", most=MOST, largest=LARGEST >> 20)
        if self._is_locked():
            raise UnreadableError("skip-encrypted")
        self._path = self._path_of_package()
        self._package = self._xml(self._path)
        self._items = {item.get("id", ""): self._item(item) for item in _named(self._package, "item")}

    def draft(self, *, raw: bool) -> Draft:
        """Return its text."""
        draft = Draft()
        draft.title = next(iter(self._told("title")), "")
        draft.date = next((found[0] for text in self._told("date") if (found := _DATE.match(text))), "")
        addresses = [text for text in self._told("source") if "http" in text]  # and no ISBN
        draft.source = "，".join(filter(None, ("、".join(self._told("creator")), *addresses[:1])))
        contents = self._contents()
        labels = self._labels()
        for path in self._spine():
            if blocks := self._blocks(path):
                draft.part()
                left_out = path in contents and _is_linked(blocks) and not raw
                _add(draft, blocks, label=labels.get(path, ""), left_out=left_out)
        return draft

    def _read(self, path: str) -> bytes:
        """Return a file of the book, within the limits."""
        info = self._infos[path.lower()]
        if is_locked(info):
            raise UnreadableError("skip-encrypted")
        if is_bomb(info):
            raise UnreadableError("skip-bomb-file", ratio=RATIO)
        self._left -= info.file_size
        if self._left < 0:
            raise UnreadableError("skip-bomb", most=MOST, largest=LARGEST >> 20)
        return self._zip.read(info)  # never more than the size that the archive tells

    def _xml(self, path: str) -> Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
        root = etree.fromstring(self._read(path), parser)
        if root is None:
            raise ValueError(path)
        return root

    def _is_locked(self) -> bool:
        """Tell whether more than the fonts is encrypted."""
        if "meta-inf/encryption.xml" not in self._infos:
            return False
        ways = [one.get("Algorithm", "") for one in _named(self._xml("META-INF/encryption.xml"), "EncryptionMethod")]
        return not all(_FONTS.match(way) for way in ways)

    def _path_of_package(self) -> str:
        if "meta-inf/container.xml" in self._infos:
            for file in _named(self._xml("META-INF/container.xml"), "rootfile"):
                if (path := unquote(file.get("full-path", ""))).lower() in self._infos:
                    return path
        packages = [info.filename for name, info in self._infos.items() if name.endswith(".opf")]
        if not packages:
            raise LookupError("META-INF/container.xml")
        return packages[0]

    def _item(self, item: Element) -> _Item:
        path = _beside(self._path, item.get("href", ""))
        return _Item(path, item.get("media-type", ""), "nav" in item.get("properties", "").split())

    def _told(self, name: str) -> list[str]:
        """Return what the package says under a name of Dublin Core."""
        return [words for element in _named(self._package, name) if (words := words_of(element))]

    def _spine(self) -> list[str]:
        """Return the paths of the chapters in reading order; of all pages where no order is told."""
        order = [self._items.get(entry.get("idref", "")) for entry in _named(self._package, "itemref")]
        items = [item for item in order if item] or list(self._items.values())
        paths = [item.path for item in items if item.kind in _PAGES or item.path.lower().endswith(_ENDS)]
        return [path for path in dict.fromkeys(paths) if path.lower() in self._infos]

    def _contents(self) -> set[str]:
        """Return the paths of the pages that tell what is in the book."""
        guide = (one for one in _named(self._package, "reference") if one.get("type", "").lower() == "toc")  # EPUB 2
        return {item.path for item in self._items.values() if item.is_contents} | {
            _beside(self._path, one.get("href", "")) for one in guide
        }

    def _labels(self) -> dict[str, str]:
        """Return what the table of contents calls the chapters, by path."""
        labels: dict[str, str] = {}
        for item in self._items.values():
            if item.path.lower() not in self._infos:
                continue
            if item.is_contents:
                links = [(link.get("href", ""), words_of(link)) for link in _named(self._xml(item.path), "a")]
            elif item.kind == "application/x-dtbncx+xml":
                points = _named(self._xml(item.path), "navPoint")
                links = [(_target(point), next(map(words_of, _named(point, "text")), "")) for point in points]
            else:
                continue
            for target, words in links:
                labels.setdefault(_beside(item.path, target), words)
        return labels

    def _blocks(self, path: str) -> list[Block]:
        try:
            return shown(parsed(text_of_page(self._read(path)))).blocks
        except UnreadableError as error:
            if error.key == "skip-empty":
                return []
            raise


def _named(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if name_of(element) == name.lower())


def _target(point: Element) -> str:
    return next((content.get("src", "") for content in _named(point, "content")), "")


def _beside(path: str, address: str) -> str:
    """Return the path that an address in the file `path` leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address.partition("#")[0])))


def _is_linked(blocks: list[Block]) -> bool:
    return sum(block.linked for block in blocks) >= _LINKED * sum(len(block.words) for block in blocks)


def _add(draft: Draft, blocks: list[Block], *, label: str, left_out: bool) -> None:
    """Add a chapter; one without headings is called as the table of contents calls it."""
    wanting = bool(label) and not left_out and not any(block.level for block in blocks)
    if wanting and blocks[0].words != label:
        draft.heading(label, 1)
    for at, block in enumerate(blocks):
        if block.omitted or left_out:
            draft.drop(block.words, block.omitted or Reason.CLUTTER)
        elif block.level or (wanting and at == 0 and block.words == label):
            draft.heading(block.words, block.level or 1)
        else:
            draft.line(block.words)
