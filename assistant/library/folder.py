"""The folder of the files that users bring: inside the index's own, and one of its sources."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path, PurePosixPath

from corpus.errors import InputError
from index.files import flush, remove, share
from index.store import storage_error

FOLDER = "added"  # below the index's folder
_STAGE = ".adding"  # where files wait until all of them are there, and what they replace until the index is built


class Library:
    """The added files of an index. What changes them holds the index's lock."""

    def __init__(self, index: Path) -> None:
        """Take the index's folder; nothing is read or written yet."""
        self.folder = index / FOLDER
        self._stage = index / _STAGE

    def names(self) -> list[str]:
        """Return the files, as paths below the folder."""
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())

    def name(self, path: str) -> str | None:
        """Return the name of the added file that lies at a path as `find` gives it; None for any other file."""
        above = os.path.realpath(self.folder) + os.sep
        return path.removeprefix(above).replace(os.sep, "/") if path.startswith(above) else None

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """Lend what changes the files; if the block fails, the files are as they were before."""
        remove(self._stage)  # what a killed process left
        change = Change(self.folder, self._stage)
        try:
            yield change
        except BaseException:
            change.undo()
            raise
        finally:
            remove(self._stage)

    def retire(self) -> Path | None:
        """Rename the folder, which is no source any more; return where its files now lie, None if there are none."""
        if not self.names():
            return None
        numbered = (self.folder.with_name(f"{FOLDER}.former-{number}") for number in itertools.count(1))
        former = next(path for path in numbered if not path.exists())
        try:
            self.folder.rename(former)
        except OSError as error:
            raise storage_error(self.folder, error) from error
        return former


class Change:
    """What was done to a library, as long as it can be undone."""

    def __init__(self, folder: Path, stage: Path) -> None:
        """Take the library's folder and one for the time being on the same disk."""
        self._folder, self._new, self._former = folder, stage / "new", stage / "former"
        self._is_new = not folder.exists()
        self._touched: list[str] = []

    def add(self, files: Mapping[str, Path | bytes]) -> None:
        """Put files in, or in the place of those of the same name."""
        for name in files:
            self._check_room(name)
        try:
            for name, content in files.items():  # all are written before the first one shows: the disk may be full
                _write(self._new / name, content)
            for name in files:
                self._keep(name)
                target = self._folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                (self._new / name).replace(target)
                flush(target.parent)
        except OSError as error:
            raise storage_error(self._folder, error) from error

    def delete(self, names: Sequence[str]) -> None:
        """Take files out."""
        try:
            for name in names:
                self._keep(name)
                self._clear(name)
        except OSError as error:
            raise storage_error(self._folder, error) from error

    def undo(self, names: Sequence[str] | None = None) -> bool:
        """Put back what was there before (in all places, or in these); return whether there was something."""
        restored = False
        for name in self._touched if names is None else names:
            former = self._former / name
            with suppress(OSError):  # as far as the disk lets
                if former.exists():
                    (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
                    former.replace(self._folder / name)
                    restored = True
                else:
                    self._clear(name)
        self._touched = [] if names is None else [name for name in self._touched if name not in names]
        if self._is_new:
            with suppress(OSError):  # it holds something
                self._folder.rmdir()
        return restored

    def _check_room(self, name: str) -> None:
        """Refuse a name where a folder stands, or below one where a file stands."""
        target = self._folder / name
        if target.is_dir() or any(
            self._folder.joinpath(*above.parts).is_file() for above in PurePosixPath(name).parents
        ):
            raise InputError("add-clash", name=name)

    def _keep(self, name: str) -> None:
        former = self._former / name
        if (self._folder / name).exists() and not former.exists():
            former.parent.mkdir(parents=True, exist_ok=True)
            share(self._folder / name, former)
        self._touched.append(name)

    def _clear(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)
        for above in PurePosixPath(name).parents[:-1]:
            with suppress(OSError):  # it holds something else
                (self._folder / above).rmdir()


def _write(target: Path, content: Path | bytes) -> None:
    try:
        source = BytesIO(content) if isinstance(content, bytes) else content.open("rb")
    except OSError as error:
        raise InputError("add-unreadable", path=content, reason=error.strerror or error) from error
    target.parent.mkdir(parents=True, exist_ok=True)
    with source, target.open("xb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
