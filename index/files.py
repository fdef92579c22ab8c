"""Files that outlast a crash: written and flushed, checked, and shared between the generations of an index."""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from collections.abc import Iterable
from pathlib import Path

_PIECE = 1 << 20  # bytes read at once


def expanded(path: Path | str) -> Path:
    """Return a path with `~` as the user's folder; one of a user that there is not stays as it is."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def write(path: Path, text: str) -> None:
    """Write a file so that it stands on the disk once this returns."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def put(path: Path, text: str) -> None:
    """Write a file, or another content of it, in one step: whoever reads it sees the former content or this one."""
    fresh = path.with_name(path.name + ".new")
    write(fresh, text)
    fresh.replace(path)
    flush(path.parent)


def flush(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, stands on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checksum(path: Path) -> int:
    """Return the CRC-32 of a file, which reads some gigabytes a second."""
    found = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found = zlib.crc32(piece, found)
    return found


def digest(data: bytes) -> bytes:
    """Return what tells one content from another: 16 bytes of BLAKE2b."""
    return hashlib.blake2b(data, digest_size=16).digest()


def seal(folder: Path, known: Iterable[str] = ()) -> dict[str, tuple[int, int]]:
    """Flush the files below `folder` and return size and checksum of each; the `known` ones were flushed before."""
    before = set(known)
    sealed: dict[str, tuple[int, int]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            flush(path)
        elif name not in before and not path.name.startswith(".tantivy"):
            flush(path)
            sealed[name] = path.stat().st_size, checksum(path)
    return sealed


def share(source: Path, target: Path) -> None:
    """Give a finished file a second name; where the disk has no hard links, copy it."""
    try:
        os.link(source, target)
    except OSError:
        copy(source, target)


def copy(source: Path, target: Path) -> None:
    """Copy a finished file so that the copy stands on the disk once this returns."""
    shutil.copyfile(source, target)
    flush(target)


def remove(folder: Path) -> None:
    """Remove a folder as far as the system lets; what another process holds open goes with the next build."""
    shutil.rmtree(folder, ignore_errors=True)
