"""Thumbs that people gave to answers: kept in one SQLite file, and exported as questions for `assistant eval`."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from assistant.render import dump, excerpt
from assistant.settings import Settings
from corpus.errors import AssistantError, InputError, StorageError
from corpus.messages import message

FORMAT = 1  # raised whenever an older file must not be read as it is
_NAMES = ("client", "kind", "collection", "index", "created")
LONGEST = {"question": 10_000, "comment": 1_000, **dict.fromkeys(_NAMES, 100)}  # characters
TURNS = 200  # earlier questions that a vote may carry
QUOTES = 200
LARGEST = 1 << 19  # bytes of a vote as JSON
MEGABYTES = 256  # of the file: nobody can fill the disk with votes
LISTED = 20  # thumbs down that a text shows; JSON has all
_WAIT = 10.0  # seconds, while another thread or process writes
_APPLICATION = 0x59696E6A  # "Yinj": tells our file from any other of SQLite's
_NOTHING = "file::memory:"
_SCHEMA = "CREATE TABLE votes (key TEXT PRIMARY KEY, collection TEXT NOT NULL, facts TEXT NOT NULL)"
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # Unicode categories: a terminal may obey them


class Fault(StrEnum):
    """What a thumb down finds wrong."""

    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    OUTDATED = "outdated"
    SHOULD_DECLINE = "should_decline"  # the documents do not say
    NOT_HELPFUL = "not_helpful"


class Quoted(NamedTuple):
    """A quote of the answer that was voted on."""

    document: str
    start: int
    end: int
    text: str


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Vote:
    """A thumb up or down, and the answer that it is about; InputError where it is malformed or too large."""

    question: str
    right: bool
    history: tuple[str, ...] = ()  # the earlier questions of the conversation, oldest first
    reason: str = ""  # a Fault, of a thumb down; "" where none is given
    comment: str = ""
    answered: bool = True
    kind: str = ""
    confidence: float = 0.0
    quotes: tuple[Quoted, ...] = ()
    as_written: bool = False  # the question was taken for what it says
    collection: str = ""
    index: str = ""  # when the generation was made that answered, Manifest.created
    client: str = field(default="", compare=False)  # an id that a browser made for itself; it is not stored
    created: str = field(default_factory=_now)  # UTC, ISO 8601

    def __post_init__(self) -> None:
        """Check what comes from outside."""
        for name, most in LONGEST.items():
            _bound(name, getattr(self, name), most)
        for turn in (self.question, *self.history):
            _require(bool(turn.strip()), "question", turn)
            _bound("history", turn, LONGEST["question"])
        _bound("history", self.history, TURNS)
        _bound("quotes", self.quotes, QUOTES)
        _require(not self.reason or (self.reason in set(Fault) and not self.right), "reason", self.reason)
        _require(0 <= self.confidence <= 1, "confidence", self.confidence)
        _require(bool(self.quotes) == self.answered, "answered", self.answered)
        for quote in self.quotes:
            document, start, end, text = quote
            whole = bool(document.strip() and text.strip()) and start >= 0 and end - start == len(text)
            _require(whole, "quotes", dump(quote))

    @property
    def id(self) -> str:
        """What tells this answer to this question from others."""
        asked = self.collection, self.question, self.history, self.as_written, self.answered, self.quotes
        return _digest(dump(asked))[:16]

    @property
    def answers(self) -> list[str] | None:
        """What counts as an answer, as asked.py wants it: empty where to decline is right, None where nobody knows."""
        if self.right:
            return list(dict.fromkeys(quote[3] for quote in self.quotes))
        return [] if self.reason == Fault.SHOULD_DECLINE else None

    @property
    def document(self) -> str:
        """The document that answers; "" where none does, or several do."""
        known = {quote[0] for quote in self.quotes if self.right}
        return known.pop() if len(known) == 1 else ""


def _bound(name: str, value: Sequence[object], most: int) -> None:
    if len(value) > most:
        raise InputError("feedback-long", field=name, given=len(value), most=most)


def _require(is_right: bool, name: str, given: object) -> None:
    if not is_right:
        raise InputError("feedback-malformed", field=name, given=_visible(str(given)) or "“”")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Feedback:
    """The votes of a file, which several threads and processes may use; it is opened anew for each use, and then made.

    StorageError tells of a file that is damaged, not ours or full: it stays as it is.
    """

    def __init__(self, path: Path) -> None:
        """Take the file; nothing is read or written yet."""
        self.path = path
        self._checked = False

    @classmethod
    def of(cls, settings: Settings) -> Feedback:
        """Return the votes that belong to these settings."""
        return cls(settings.home / "feedback.sqlite")

    def add(self, vote: Vote) -> str:
        """Store a vote and return its key; a client's former one on the same answer is replaced."""
        facts = dump(_stored(vote))
        _bound("vote", facts, LARGEST)
        # the client's id is in no row, so that nobody can tell which votes are of the same person
        key = _digest(dump([vote.client, vote.id]))[:32] if vote.client else secrets.token_hex(16)
        with self._opened(create=True) as connection, _transaction(connection):
            connection.execute("INSERT OR REPLACE INTO votes VALUES (?, ?, ?)", (key, dump(vote.collection), facts))
        return key

    def take_back(self, key: str) -> bool:
        """Delete a vote by its key, and tell whether there was one."""
        with self._opened() as connection, _transaction(connection):
            return (
                connection.execute(
                    "DELETE FROM votes WHERE key = ?", (key.encode("ascii", "replace").decode(),)
                ).rowcount
                > 0
            )

    def votes(self, collection: str | None = None) -> list[Vote]:
        """Return the votes on answers of a collection, or all of them, the oldest first."""
        with self._opened() as connection:
            rows = _run(connection, "SELECT facts FROM votes{} ORDER BY rowid", collection).fetchall()
        try:
            return [_vote(json.loads(facts)) for (facts,) in rows]
        except (AssistantError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise StorageError("feedback-damaged", path=self.path, reason=error) from error

    def count(self, collection: str | None = None) -> int:
        """Return how many votes there are."""
        with self._opened() as connection:
            return int(_run(connection, "SELECT count(*) FROM votes{}", collection).fetchone()[0])

    def wipe(self, collection: str | None = None) -> int:
        """Delete the votes on answers of a collection, or all of them, and return how many there were."""
        with self._opened() as connection:
            with _transaction(connection):
                gone = _run(connection, "DELETE FROM votes{}", collection).rowcount
            with suppress(sqlite3.OperationalError):  # somebody is reading; what is deleted is overwritten anyway
                connection.execute("VACUUM")
        return gone

    @contextmanager
    def _opened(self, *, create: bool = False) -> Iterator[sqlite3.Connection]:
        """Lend the file, or an empty stand-in where there is none, and tell what is wrong with it."""
        try:
            if create:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))  # nobody else reads what was asked
            name = self.path.absolute().as_uri() + "?mode=rw" if self.path.exists() else _NOTHING
            # a connection for each use: none is shared by threads, or lives on in a forked process
            with closing(sqlite3.connect(name, uri=True, timeout=_WAIT, isolation_level=None)) as connection:
                self._prepare(connection)
                self._check(connection)
                self._checked = name != _NOTHING
                yield connection
        except sqlite3.Error as error:
            raise self._told(error) from error
        except OSError as error:
            raise StorageError("feedback-unusable", path=self.path, reason=error.strerror or error) from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Make the table where the file is new."""
        # what is deleted is overwritten, and is copied to no temporary folder
        connection.executescript("PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;")
        size = _value(connection, "page_size")
        connection.execute(f"PRAGMA max_page_count={MEGABYTES * (1 << 20) // size}")
        # of a file that is shorter than a page, whatever it is, SQLite sees nothing, and would overwrite it
        if self._is_new(connection) and not (self.path.exists() and self.path.stat().st_size):
            with _transaction(connection):
                if self._is_new(connection):  # another process may have been faster
                    connection.execute(_SCHEMA)
                    connection.execute(f"PRAGMA application_id={_APPLICATION}")
                    connection.execute(f"PRAGMA user_version={FORMAT}")

    def _check(self, connection: sqlite3.Connection) -> None:
        if _value(connection, "application_id") != _APPLICATION:
            raise StorageError("feedback-damaged", path=self.path, reason="application_id")
        if (version := _value(connection, "user_version")) != FORMAT:
            raise StorageError("feedback-format", path=self.path, found=version, known=FORMAT)
        if not self._checked and (fault := _value(connection, "quick_check(1)")) != "ok":  # once: it reads all of it
            raise StorageError("feedback-damaged", path=self.path, reason=fault)

    @staticmethod
    def _is_new(connection: sqlite3.Connection) -> bool:
        return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    def _told(self, error: sqlite3.Error) -> StorageError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without what SQLite adds to it
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return StorageError("feedback-busy", path=self.path)
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}:  # the last: no such table
            return StorageError("feedback-damaged", path=self.path, reason=error)
        if code == sqlite3.SQLITE_FULL and self.path.stat().st_size > (MEGABYTES - 1) << 20:
            return StorageError("feedback-full", path=self.path, megabytes=MEGABYTES)
        return StorageError("feedback-unusable", path=self.path, reason=error)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")  # waits for the others; a transaction that begins by reading may not
    with connection:
        yield


def _run(connection: sqlite3.Connection, sql: str, collection: str | None) -> sqlite3.Cursor:
    """Run a statement on the votes of a collection, or on all of them."""
    if collection is None:
        return connection.execute(sql.format(""))
    return connection.execute(sql.format(" WHERE collection = ?"), (dump(collection),))


def _value(connection: sqlite3.Connection, pragma: str) -> Any:  # noqa: ANN401 - a number or a text
    return connection.execute(f"PRAGMA {pragma}").fetchone()[0]


def _stored(vote: Vote) -> dict[str, Any]:
    return {name: value for name, value in asdict(vote).items() if name != "client"}


def _vote(facts: dict[str, Any]) -> Vote:
    """Return a vote as it was stored."""
    quotes = tuple(Quoted(*quote) for quote in facts.pop("quotes"))
    return Vote(**facts | {"history": tuple(facts.pop("history")), "quotes": quotes})


# -- showing


def as_json(vote: Vote) -> str:
    """Return a vote as one line of ASCII, which is a question for `assistant eval` too."""
    known = {"answers": vote.answers} if vote.answers is not None else {}
    document = {"document": vote.document} if vote.document else {}
    asked = {"id": vote.id, "turns": [*vote.history, vote.question], "right": vote.right, **known, **document}
    facts = {name: value for name, value in _stored(vote).items() if name not in {"history", "right"}}
    return dump(asked | facts | {"quotes": [Quoted(*quote)._asdict() for quote in vote.quotes]})


def as_text(votes: Sequence[Vote]) -> str:
    """Return how many votes there are, what the thumbs down find wrong, and the newest of those."""
    if not votes:
        return message("feedback-none")
    down = [vote for vote in votes if not vote.right]
    lines = [message("feedback-counts", count=len(votes), up=len(votes) - len(down), down=len(down))]
    if down:
        lines.append(message("feedback-reasons"))
        for reason, count in Counter(vote.reason for vote in down).most_common():
            lines.append("  " + message("feedback-reason-count", reason=_words(reason), count=count))
        lines.append(message("feedback-newest"))
        lines += map(_line, reversed(down[-LISTED:]))
    return "\n".join(lines)


def _line(vote: Vote) -> str:
    told = (_words(vote.reason), excerpt(vote.comment)) if vote.comment.strip() else (_words(vote.reason),)
    return _visible(f"  {vote.created[:10]}  {excerpt(vote.question, 40)}  {'：'.join(told)}")


def _words(reason: str) -> str:
    return message("feedback-" + reason) if reason else message("feedback-unreasoned")


def _visible(text: str) -> str:
    return "".join("\ufffd" if unicodedata.category(one) in _UNSEEN else one for one in text)
