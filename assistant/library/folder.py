"""The folder of the files that users bring: inside the index's own, and one of its sources."""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path, PurePosixPath

from corpus.errors import IndexMissingError, IndexUnusableError, InputError
from index.files import flush, put, remove, share
from index.store import Store, storage_error

FOLDER = "added"  # below the index's folder
_STAGE = ".adding"  # where files wait until all of them are there, and what they replace until the index is built
_JOURNAL = "journal.json"  # in the stage, once the files themselves are about to change


class Folder:
    """The added files of an index. What changes them holds the index's lock."""

    def __init__(self, index: Path) -> None:
        """Take the index's folder; nothing is read or written yet."""
        self.path = index / FOLDER
        self._stage = index / _STAGE
        self._store = Store(index)

    def names(self) -> list[str]:
        """Return the files, as paths below the folder."""
        return sorted(path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if path.is_file())

    def name(self, path: str) -> str | None:
        """Return the name of the added file that lies at a path as `find` gives it; None for any other file."""
        above = os.path.realpath(self.path) + os.sep
        return path.removeprefix(above).replace(os.sep, "/") if path.startswith(above) else None

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """Lend what changes the files; if the block fails before it publishes an index, they are as they were."""
        self.recover()
        try:
            yield Change(self.path, self._stage, newest=self._newest())
        except BaseException:
            self.recover()
            raise
        remove(self._stage)

    def recover(self) -> None:
        """Undo a change that was not finished, unless an index was published since: `add` may have been killed.

        Where `add` is killed between its build and the undoing of the unreadable files, what they replaced is lost.
        """
        if not self._stage.exists():
            return
        left = Change.left(self.path, self._stage)
        if left and not self._is_published(left.newest):
            left.undo()
        remove(self._stage)

    def retire(self) -> Path | None:
        """Rename the folder, which is no source any more; return where its files now lie, None if there are none."""
        if not self.names():
            return None
        numbered = (self.path.with_name(f"{FOLDER}.former-{number}") for number in itertools.count(1))
        former = next(path for path in numbered if not path.exists())
        try:
            self.path.rename(former)
        except OSError as error:
            raise storage_error(self.path, error) from error
        return former

    def _newest(self) -> str:
        """Return the name of the newest generation of the index, "" if there is none."""
        return max((path.name for path in self._store.generations()), default="")

    def _is_published(self, newest: str) -> bool:
        """Tell whether the current generation is newer than that one; a rollback makes none that is."""
        try:
            return self._store.current().name > newest
        except (IndexMissingError, IndexUnusableError):
            return False


class Change:
    """What was done to the folder, as long as it can be undone: also by another process, after this one was killed."""

    def __init__(self, folder: Path, stage: Path, *, newest: str) -> None:
        """Take the folder, one for the time being on the same disk, and the newest generation before the change."""
        self.newest = newest
        self._folder, self._stage = folder, stage
        self._new, self._former = stage / "new", stage / "former"
        self._is_new = False
        self._touched: dict[str, bool] = {}  # -> whether there was such a file before

    @classmethod
    def left(cls, folder: Path, stage: Path) -> Change | None:
        """Return the change that a killed process began; None where it had not yet touched the files."""
        try:
            facts = json.loads((stage / _JOURNAL).read_text(encoding="utf-8"))
        except (OSError, ValueError):  # it is written in one step, so it is there whole or not at all
            return None
        change = cls(folder, stage, newest=facts["newest"])
        change._is_new, change._touched = facts["is_new"], facts["touched"]
        return change

    def add(self, files: Mapping[str, Path | bytes]) -> None:
        """Put files in, or in the place of those of the same name."""
        for name in files:
            self._check_room(name)
        try:
            for name, content in files.items():  # all are written before the first one shows: the disk may be full
                _write(self._new / name, content)
            self._keep(files)
            for name in files:
                target = self._folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                (self._new / name).replace(target)
                flush(target.parent)
        except OSError as error:
            raise storage_error(self._folder, error) from error

    def delete(self, names: Sequence[str]) -> None:
        """Take files out."""
        try:
            self._keep(names)
            for name in names:
                self._clear(name)
        except OSError as error:
            raise storage_error(self._folder, error) from error

    def undo(self, names: Sequence[str] | None = None) -> None:
        """Put back what was there before (in all places, or in these); doing it again changes nothing."""
        for name in list(self._touched) if names is None else names:
            was_there, former = self._touched.pop(name), self._former / name
            with suppress(OSError):  # as far as the disk lets
                if not was_there:
                    self._clear(name)
                elif former.exists():  # a process that was killed may have put it back before
                    (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
                    former.replace(self._folder / name)
        if self._is_new:
            with suppress(OSError):  # it holds something
                self._folder.rmdir()

    def _check_room(self, name: str) -> None:
        """Refuse a name where a folder stands, or below one where a file stands."""
        target = self._folder / name
        if target.is_dir() or any(
            self._folder.joinpath(*above.parts).is_file() for above in PurePosixPath(name).parents
        ):
            raise InputError("add-clash", name=name)

    def _keep(self, names: Iterable[str]) -> None:
        """Keep what is about to be replaced or taken out, and write the journal before the first file changes."""
        if not self._touched:
            self._is_new = not self._folder.exists()
        touched = dict(self._touched)
        for name in names:
            if name in touched:
                continue
            touched[name] = (self._folder / name).exists()
            if touched[name]:
                (self._former / name).parent.mkdir(parents=True, exist_ok=True)
                share(self._folder / name, self._former / name)
        if touched == self._touched:
            return
        self._stage.mkdir(exist_ok=True)
        facts = {"newest": self.newest, "is_new": self._is_new, "touched": touched}
        put(self._stage / _JOURNAL, json.dumps(facts))
        self._touched = touched

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
