"""Finished SQLite files, read by several threads and written by none."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_EMPTY = "[]"


class DamagedError(ValueError):
    """The file is no database, or not whole; a page that went bad may show only when it is read."""


def created(path: Path, schema: str) -> sqlite3.Connection:
    """Create or go on with a database without a journal: it is flushed as a whole once it is finished (index/files.py).

    What is deleted is overwritten, so that nothing of a removed document is left in the file.
    """
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA secure_delete=ON;" + schema)
    return connection


def opened(path: Path, *, probe: str = "") -> sqlite3.Connection:
    """Open a database that no one writes to any more; DamagedError where it is damaged, as the query `probe` tells."""
    try:
        # immutable: no lock and no journal are looked for, so a read-only disk will do
        uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    except sqlite3.Error as error:
        raise DamagedError(str(error)) from error
    try:
        connection.execute(probe).fetchone()
    except sqlite3.Error as error:
        connection.close()
        raise DamagedError(str(error)) from error
    return connection


def listed(values: Sequence[object]) -> str:
    """Return a list as it is stored; the empty one, the most frequent, quickly."""
    return json.dumps(values, ensure_ascii=False) if values else _EMPTY


def names(stored: str) -> tuple[str, ...]:
    """Return the texts of a list that is stored."""
    return tuple(json.loads(stored)) if stored != _EMPTY else ()


def fetched(connection: sqlite3.Connection, sql: str, values: Sequence[int | str]) -> list[tuple[Any, ...]]:
    """Return all rows of a query; DamagedError where a page of the file went bad."""
    try:
        return connection.execute(sql, values).fetchall()
    except sqlite3.DatabaseError as error:
        raise DamagedError(str(error)) from error
