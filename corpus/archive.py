"""Files inside a zip file, within limits: one that unpacks to much more than it is is left out."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import TracebackType

from corpus.errors import UnreadableError
from corpus.formats.kind import SUFFIXES, Format, packed
from corpus.messages import message

MOST = 20_000  # files in an archive
LARGEST = 2 << 30  # bytes of an archive when it is unpacked
RATIO = 200  # how many times its packed size a file may have; plain text is packed to a tenth
_SMALL = 1 << 20  # bytes up to which the ratio does not matter
_LOCKED = 1  # a flag bit
_UTF8 = 1 << 11  # a flag bit: the name is in UTF-8


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; with a `fault`, one that is not read."""

    name: str  # as the archive knows it
    path: str  # below the archive: with forward slashes, and never out of it
    size: int  # bytes, unpacked
    checksum: int
    fault: str = ""


class Archive:
    """A zip file that is open; UnreadableError where it is none, or holds too much."""

    def __init__(self, path: str) -> None:
        """Open the file."""
        self.path = path
        try:
            with open(path, "rb") as file:  # noqa: PTH123
                self.kind = packed(file)
            self._zip = zipfile.ZipFile(path)
            self._first = {info.filename: info for info in reversed(self._zip.infolist())}  # of each name
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise UnreadableError("skip-damaged", reason=error) from error

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def members(self) -> Iterator[Member]:
        """Yield the files inside, in the order of the archive; hidden ones and a Mac's doubles are passed over."""
        every = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(every) > MOST or sum(info.file_size for info in every) > LARGEST:
            raise UnreadableError("skip-bomb", most=MOST, largest=LARGEST >> 20)
        seen: Counter[str] = Counter()
        for info in every:
            parts = [part for part in PurePosixPath(_name(info)).parts if part not in {"/", "..", "."}]
            path = "/".join(parts)
            if not parts or any(part.startswith(".") or part == "__MACOSX" for part in parts):
                continue
            seen[path] += 1
            if seen[path] > 1:
                yield Member(info.filename, f"{path}#{seen[path]}", info.file_size, info.CRC, message("skip-double"))
            else:
                yield Member(info.filename, path, info.file_size, info.CRC, _fault(info, path))

    def read(self, name: str) -> bytes:
        """Return what a file inside holds; UnreadableError where it is damaged."""
        try:
            return self._zip.read(self._first[name])  # never more than the size that the archive tells
        except MemoryError:
            raise
        except Exception as error:  # each way of packing has errors of its own
            raise UnreadableError("skip-damaged", reason=error) from error


def is_locked(info: zipfile.ZipInfo) -> bool:
    """Tell whether an entry is encrypted."""
    return bool(info.flag_bits & _LOCKED)


def is_bomb(info: zipfile.ZipInfo, *, ratio: int = RATIO, small: int = _SMALL) -> bool:
    """Tell whether an entry unpacks to more than `small` bytes and more than `ratio` times its packed size."""
    return info.file_size > max(small, ratio * info.compress_size)


def _name(info: zipfile.ZipInfo) -> str:
    """Return a name in its own characters: zipfile takes what is not marked as UTF-8 for the first PC's code page."""
    if info.flag_bits & _UTF8:
        return info.filename.replace("\\", "/")
    data = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _fault(info: zipfile.ZipInfo, path: str) -> str:
    if is_locked(info):
        return message("skip-encrypted")
    if SUFFIXES.get(PurePosixPath(path).suffix.lower()) is Format.ZIP:
        return message("skip-nested")
    if is_bomb(info):
        return message("skip-bomb-file", ratio=RATIO)
    return ""
