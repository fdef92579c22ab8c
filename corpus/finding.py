"""Paths -> the files under them that can be read, in order of their ids, and why a file was passed over."""

from __future__ import annotations

import hashlib
import itertools
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from corpus.archive import Archive
from corpus.errors import InputError, UnreadableError
from corpus.formats.kind import PACKED, SNIFFED, SUFFIXES, Format, packed, told
from corpus.messages import message

LARGEST = 1 << 30  # bytes of a file; reading one takes several times as much memory


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and the reason in the user's language."""

    path: str
    reason: str


class File(NamedTuple):
    """A file of a kind that can be read."""

    id: str  # of its document: the path below the folder that was named
    path: str
    size: int  # bytes
    changed: int  # when its content or its name was last changed, nanoseconds
    stamp: bytes  # digest of size, times and inode: another one tells that the file may have changed
    member: str = ""  # the name inside, where `path` is an archive


class _Found(NamedTuple):
    """A file under one of the paths."""

    id: str  # the path below the folder that was named; another file may have the same
    path: str


def find(paths: Sequence[Path]) -> tuple[list[File], list[Skipped]]:
    """Return the files under `paths` (files and folders) in order of their ids, and those of a kind that is not read.

    What lies in an archive counts as lying in a folder of its name. Only archives and files whose name tells no kind
    are opened. InputError if a path is missing.
    """
    unread: list[Skipped] = []
    found = [(one, folder) for file, folder in _find(paths, unread) for one in _looked_at(file)]
    every = list(_distinct(found))
    files = [one for one in every if isinstance(one, File)]
    return sorted(files, key=lambda file: file.id), [*unread, *(one for one in every if isinstance(one, Skipped))]


def _looked_at(found: _Found) -> Iterator[File | Skipped]:
    id, path = found
    suffix = os.path.splitext(id)[1].lower()  # noqa: PTH122 - a Path for each of a hundred thousand files takes seconds
    try:
        facts = os.stat(path)  # noqa: PTH116
        if not stat.S_ISREG(facts.st_mode):
            yield Skipped(id, message("skip-special"))  # reading a pipe would wait for ever
            return
        kind = SUFFIXES.get(suffix) or _sniffed(path)
    except OSError as error:
        yield Skipped(id, message("skip-unreadable", reason=error.strerror or error))
        return
    marks = f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ctime_ns} {facts.st_ino} {facts.st_dev}"
    stamp = hashlib.blake2b(marks.encode(), digest_size=8).digest()
    file = File(id, path, facts.st_size, max(facts.st_mtime_ns, facts.st_ctime_ns), stamp)
    if kind is Format.ZIP:
        yield from map(_fit, _members(file))
    else:
        yield _fit(file) if kind else _unknown(id)


def _fit(file: File | Skipped) -> File | Skipped:
    """Pass over a file that is too large."""
    if isinstance(file, File) and file.size > LARGEST:
        return Skipped(file.id, message("skip-large", size=file.size >> 20, most=LARGEST >> 20))
    return file


def _unknown(id: str) -> Skipped:
    path = PurePosixPath(id)
    return Skipped(id, message("skip-format", suffix=path.suffix or path.name))


def _sniffed(path: str) -> Format | None:
    """Return the kind that a file's first bytes tell, where its name tells none."""
    with open(path, "rb") as file:  # noqa: PTH123
        head = file.read(SNIFFED)
        kind = packed(file) if head.startswith(PACKED) else told(head)
    return None if kind is Format.ZIP else kind  # programs come packed, too


def _members(file: File) -> Iterator[File | Skipped]:
    """Yield the files in an archive; an office file or a book by a wrong name is one file."""
    try:
        with Archive(file.path) as archive:
            if archive.kind is not Format.ZIP:
                yield file
                return
            for member in archive.members():
                id = f"{file.id}/{member.path}"
                kind = SUFFIXES.get(PurePosixPath(id).suffix.lower())
                if member.fault:
                    yield Skipped(id, member.fault)
                elif kind is None:
                    yield _unknown(id)
                else:
                    stamp = hashlib.blake2b(file.stamp + repr(member).encode(), digest_size=8).digest()
                    yield file._replace(id=id, size=member.size, stamp=stamp, member=member.name)
    except UnreadableError as error:
        yield Skipped(file.id, str(error))


def _find(paths: Sequence[Path], skipped: list[Skipped]) -> Iterator[tuple[_Found, PurePosixPath]]:
    """Yield the files, each with the folder that was named."""
    seen: set[str] = set()
    for path in paths:
        if not path.exists():
            raise InputError("path-missing", path=path)
        folder = path if path.is_dir() else path.parent
        real = os.path.realpath(folder)
        named = PurePosixPath(_printable(real))
        prefix = real if real.endswith(os.sep) else real + os.sep
        for below, is_link in _walk(str(folder), skipped) if path.is_dir() else [(path.name, path.is_symlink())]:
            file = prefix + below
            if (target := os.path.realpath(file) if is_link else file) in seen:  # Path.resolve raises on a loop
                continue
            seen.add(target)
            yield _Found(_printable(below), file), named


def _walk(folder: str, skipped: list[Skipped]) -> Iterator[tuple[str, bool]]:
    """Yield the files below `folder` in a fixed order, as paths below it, and whether each is a link; hidden ones,
    links to folders and indexes are passed over.
    """
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(os.path.join(folder, below)) as entries:  # noqa: PTH118
                found = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda one: one.name)
        except OSError as error:
            skipped.append(Skipped(str(error.filename), message("skip-unreadable", reason=error.strerror or error)))
            continue
        if {"CURRENT", "CONTENT"} <= (names := {entry.name for entry in found}) or names == {"lock"}:
            continue  # an index that someone keeps among the documents, or is about to build there
        prefix = below + os.sep if below else ""
        folders = []
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                folders.append(prefix + entry.name)
            elif not entry.is_symlink() or not _is_folder(entry):
                yield prefix + entry.name, entry.is_symlink()
        waiting.extend(reversed(folders))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _printable(path: str) -> str:
    """Return the path with forward slashes and with names that are not UTF-8 made printable."""
    printable = path if path.isascii() else os.fsencode(path).decode("utf-8", "replace")
    return printable.replace(os.sep, "/")


def _distinct(found: Sequence[tuple[File | Skipped, PurePosixPath]]) -> Iterator[File | Skipped]:
    """Give each file an id of its own: the path below the named folder; where two agree, with the folder's name."""
    ids = [one.id if isinstance(one, File) else one.path for one, _ in found]
    count = Counter(ids)
    used = set(count)
    for (one, folder), id in zip(found, ids, strict=True):
        if count[id] > 1:
            id = next(name for name in _longer_names(id, folder) if name not in used)
            used.add(id)
            one = one._replace(id=id) if isinstance(one, File) else Skipped(id, one.reason)
        yield one


def _longer_names(id: str, folder: PurePosixPath) -> Iterator[str]:
    parts = folder.parts[1:]
    yield from ("/".join((*parts[-depth:], id)) for depth in range(1, len(parts) + 1))
    yield from (f"{id}#{number}" for number in itertools.count(2))
