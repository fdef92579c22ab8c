"""The address of a sentence in its document, which finds the sentence again where the document has changed since."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from urllib.parse import quote as percent
from urllib.parse import urlencode

from corpus.splitting import Span

LONGEST = 2_000  # characters of what is looked for; the longest quotes are passages
TRIES = 400_000  # places at which it is looked for, in at most half a second: all of a Chinese text of 1 MB
HASHED = 80_000_000  # characters that all tries together may hash

_SHA = re.compile(r"[0-9a-fA-F]{16}")
_AT = re.compile(r"([0-9]{1,12})-([0-9]{1,12})")
_BEGINNING = re.compile(
    r"(?<![^\s。！？!?；;，,：:、.…”’」』）)\"'】》])\S"
)  # wherever the splitting may begin a sentence


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands now."""

    span: Span | None = None
    near: int | None = None  # where it stood, if it stands no more and that place still exists
    told: str = ""  # the key of what the reader has to say about it


@dataclass(frozen=True, slots=True)
class Permalink:
    """What an address says: where a sentence stood, its checksum, and the collection that its document is in."""

    at: str = ""  # START-END
    sha: str = ""
    collection: str = ""  # "": the default one

    @classmethod
    def to(cls, words: str, span: Span, *, collection: str = "") -> Permalink:
        """Return the link to words that stand at a span."""
        return cls(f"{span[0]}-{span[1]}", digest(words), collection)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Permalink:
        """Read an address's query; `is` is what `sha` was called once."""
        return cls(query.get("at", ""), query.get("sha") or query.get("is", ""), query.get("collection", ""))

    def address(self, document: str) -> str:
        """Return the address of the place in a document, relative to the page."""
        query = self.query() if self != Permalink() else ""
        return "read/" + percent(document, safe="/", errors="replace") + query + ("#mark" if self.at else "")

    def query(self, *, part: int | None = None) -> str:
        """Return the query of an address, from its question mark on; with `part`, of a part of a long document."""
        given = {"at": self.at, "sha": self.sha, "collection": self.collection, "part": "" if part is None else part}
        told = {name: value for name, value in given.items() if value != ""}
        return "?" + urlencode(told, errors="replace", quote_via=percent)

    def place_in(self, text: str) -> Place:
        """Tell where the sentence stands in a document's text as it is now."""
        if not self.at and not self.sha:
            return Place()
        span = span_of(self.at)
        here = span if span and span[1] <= len(text) else None
        if span is None or not self.sha:
            return Place(here, told="" if here else "reader-span-wrong")
        if not _SHA.fullmatch(self.sha):
            return Place(here, told="reader-sha-wrong" if here else "reader-span-wrong")
        now = self.find_in(text)
        if now:
            return Place(now, told="" if now == span else "reader-moved")
        return Place(near=span[0] if span[0] < len(text) else None, told="reader-gone")

    def find_in(self, text: str) -> Span | None:
        """Return where in a text the sentence stands, by its checksum; None where it is not found."""
        span, sha = span_of(self.at), self.sha.lower()
        if span is None or not _SHA.fullmatch(sha):
            return None
        stands = span[1] <= len(text) and digest(text[slice(*span)]) == sha
        return span if stands else find(text, span, sha)


def digest(text: str) -> str:
    """Return a short checksum of a quote, by which its link finds it in a document that has changed."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def span_of(at: str) -> Span | None:
    """Return the span that START-END names; None where it names none."""
    found = _AT.fullmatch(at)
    return (int(found[1]), int(found[2])) if found and int(found[1]) < int(found[2]) else None


def find(text: str, span: Span, sha: str, *, tries: int = TRIES) -> Span | None:
    """Return the span nearest to `span`, and as long, whose text has the checksum.

    Where sentences may begin is tried first, then every place; in texts longer than `tries` the far ones are not.
    """
    length = span[1] - span[0]
    last = len(text) - length
    if last < 0 or length > LONGEST:
        return None
    former = min(span[0], last)
    beginnings = (found.start() for found in _BEGINNING.finditer(text, 0, last + 1))
    nearest_first = sorted(beginnings, key=lambda place: abs(place - former))
    for start in islice(chain(nearest_first, _outward(former, last)), min(tries, HASHED // length)):
        words = text[start : start + length]
        if digest(words) == sha:
            return _nearest(text, words, former)
    return None


def _outward(middle: int, last: int) -> Iterator[int]:
    """Give the numbers from 0 to `last`, those nearest to `middle` first."""
    for distance in range(max(middle, last - middle) + 1):
        if middle >= distance:
            yield middle - distance
        if distance and middle + distance <= last:
            yield middle + distance


def _nearest(text: str, words: str, former: int) -> Span:
    """Return where the words, which stand in the text, stand nearest to a place."""
    found = (text.rfind(words, 0, former + len(words)), text.find(words, former))
    start = min((place for place in found if place >= 0), key=lambda place: abs(place - former))
    return start, start + len(words)
