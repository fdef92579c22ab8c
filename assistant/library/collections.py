"""Collections: named indexes beside the one that is asked by default, each with documents of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.library.naming import safe_name
from assistant.settings import Settings
from corpus.errors import InputError
from index.files import remove
from index.store import Store, storage_error

FOLDER = "collections"  # below ASSISTANT_HOME
LONGEST = 60  # characters of a name
_SUFFIX = ".index"


def names(settings: Settings) -> list[str]:
    """Return the names of the collections, in order; the default index, which has none, is not among them."""
    try:
        found = [path.name for path in _folder(settings).iterdir() if path.is_dir() and not path.is_symlink()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise storage_error(_folder(settings), error) from error
    return sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX))


def chosen(settings: Settings, name: str) -> Settings:
    """Return the settings that ask this collection, which need not exist; InputError where the name cannot be one."""
    if not name or len(name) > LONGEST or safe_name(name) != name or "\\" in name:
        raise InputError("collection-name", name=name[: 2 * LONGEST], longest=LONGEST)
    return replace(settings, index=_folder(settings) / (name + _SUFFIX), named=True)


def found(settings: Settings, name: str) -> Settings:
    """Return the settings that ask a collection that exists; InputError where there is none of this name."""
    wanted = chosen(settings, name)
    if name not in names(settings):
        raise InputError("collection-unknown", name=name, names="、".join(names(settings)) or "—")
    return wanted


def create(settings: Settings, name: str) -> Settings:
    """Make an empty collection; InputError where one has this name already, in whatever case."""
    wanted = chosen(settings, name)
    if name.casefold() in map(str.casefold, names(settings)):
        raise InputError("collection-exists", name=name)
    try:
        wanted.index.mkdir(parents=True)
    except OSError as error:
        raise storage_error(wanted.index, error) from error
    return wanted


def delete(settings: Settings, name: str) -> None:
    """Delete a collection with the files that were added to it; StorageError while somebody updates it."""
    wanted = found(settings, name)
    with Store(wanted.index).writing():
        gone = wanted.index.with_suffix(".deleted")
        remove(gone)
        wanted.index.rename(gone)  # no reader finds half of it
    remove(gone)


def _folder(settings: Settings) -> Path:
    return settings.home / FOLDER
