"""Collections: named indexes beside the one that is asked by default, each with documents of its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assistant.library.naming import safe_name
from assistant.settings import Settings
from corpus.errors import InputError
from index.files import flush, remove
from index.store import Store, storage_error

FOLDER = "collections"  # below ASSISTANT_HOME
LONGEST = 60  # characters of a name
_SUFFIX = ".index"
_GONE = ".deleted"  # of a folder that is no collection any more and whose files are being removed


def names(settings: Settings) -> list[str]:
    """Return the names of the collections, in order; the default index, which has none, is not among them."""
    return sorted(name for path in _folders(settings, _SUFFIX) if _is_name(name := path.name.removesuffix(_SUFFIX)))


def chosen(settings: Settings, name: str) -> Settings:
    """Return the settings that ask this collection, which need not exist; InputError where the name cannot be one."""
    if not _is_name(name):
        told = name[: 2 * LONGEST].encode("utf-8", "replace").decode()  # half a character cannot be sent to anybody
        raise InputError("collection-name", name=told, longest=LONGEST)
    return replace(settings, index=_folder(settings) / (name + _SUFFIX), named=True)


def found(settings: Settings, name: str) -> Settings:
    """Return the settings that ask a collection that exists; InputError where there is none of this name."""
    wanted = chosen(settings, name)
    if name not in (known := names(settings)):
        raise InputError("collection-unknown", name=name, names="、".join(known) or "—")
    return wanted


def create(settings: Settings, name: str) -> Settings:
    """Make an empty collection; InputError where one has this name already, in whatever case."""
    wanted = chosen(settings, name)
    if name.casefold() in map(str.casefold, names(settings)):
        raise InputError("collection-exists", name=name)
    try:
        wanted.index.mkdir(parents=True)
    except FileExistsError:  # another process was faster, or it is a link or a file
        raise InputError("collection-exists", name=name) from None
    except OSError as error:
        raise storage_error(wanted.index, error) from error
    _sweep(settings)
    return wanted


def delete(settings: Settings, name: str) -> None:
    """Delete a collection with the files that were added to it; StorageError while somebody updates it.

    A question that has the index open is still answered from it, where the system lets open files be deleted.
    """
    wanted = found(settings, name)
    with Store(wanted.index).writing():
        try:
            wanted.index.rename(_folder(settings) / (secrets.token_hex(8) + _GONE))  # no reader finds half of it
            flush(_folder(settings))
        except OSError as error:
            raise storage_error(wanted.index, error) from error
    _sweep(settings)


def _is_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST and safe_name(name) == name and "\\" not in name


def _folder(settings: Settings) -> Path:
    return settings.home / FOLDER


def _folders(settings: Settings, suffix: str) -> Iterator[Path]:
    """Give the folders beside each other whose names end so; a link may lead anywhere and is none."""
    try:
        for path in _folder(settings).iterdir():
            if path.name.endswith(suffix) and path.is_dir() and not path.is_symlink():
                yield path
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise storage_error(_folder(settings), error) from error


def _sweep(settings: Settings) -> None:
    """Remove what was deleted: also by a process that was killed meanwhile."""
    for path in list(_folders(settings, _GONE)):
        remove(path)
