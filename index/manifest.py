"""What a generation of an index says of itself: how it was made, its parts, and the checksum of each of its files."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 4  # raised whenever an older index must not be read as it is


_CHECKSUM = "checksum"  # of the manifest itself, CRC-32


class FormatError(ValueError):
    """The manifest is of another format than this version writes."""


class Origin(NamedTuple):
    """What an index is made from."""

    sources: tuple[Path, ...]  # those inside the index's folder as paths below it, where a manifest has them
    model: str = ""  # as it was given; "" for the shipped one
    excluded: tuple[str, ...] = ()  # ids of documents that lie there and are left out
    raw: bool = False  # nothing is left out of the texts as clutter


@dataclass(frozen=True, slots=True)
class Part:
    """A run of documents that is written and shared as a whole (index/parts.py)."""

    name: str  # eight hexadecimal digits, of the documents' ids and contents
    documents: int
    passages: int
    segments: tuple[Mapping[str, Any], ...]  # of the lexical index, as tantivy lists them
    files: tuple[str, ...]  # below the generation's folder


@dataclass(frozen=True, slots=True)
class Manifest:
    """How a generation was made; a file's name is its path below the generation's folder."""

    format: int
    created: str
    model: str  # the model's name or folder, as it was given; "" for the shipped one
    model_fingerprint: str
    words_fingerprint: str
    rules_fingerprint: str  # of what reads, splits and cuts the documents
    vectors: str  # how they are stored, index.dense.Kind
    sources: tuple[str, ...]  # the paths that the index was built from
    excluded: tuple[str, ...]  # ids of documents that lie there and are left out
    raw: bool  # nothing was left out of them as clutter
    documents: int
    passages: int
    parts: tuple[Part, ...]
    files: Mapping[str, tuple[int, int]]  # -> (bytes, CRC-32)

    def to_json(self) -> str:
        """Return the manifest as it is written, with a checksum of its own."""
        facts = asdict(self)
        return _dump({**facts, _CHECKSUM: zlib.crc32(_dump(facts).encode())})

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read a manifest; FormatError where it is of another format, ValueError where it is damaged or none."""
        facts = json.loads(text)
        if not isinstance(facts, dict):
            raise ValueError("no manifest")
        checksum = facts.pop(_CHECKSUM, None)  # none in the formats before 3
        whole = checksum == zlib.crc32(_dump(facts).encode("utf-8", "surrogatepass"))
        if facts.get("format") != FORMAT and (whole or checksum is None):
            raise FormatError(f"{facts.get('format')} != {FORMAT}")
        if not whole or set(facts) != set(cls.__slots__):
            raise ValueError("CRC")
        files = {name: (size, checksum) for name, (size, checksum) in facts.pop("files").items()}
        parts = tuple(
            Part(part["name"], part["documents"], part["passages"], tuple(part["segments"]), tuple(part["files"]))
            for part in facts.pop("parts")
        )
        sources, excluded = tuple(facts.pop("sources")), tuple(facts.pop("excluded"))
        return cls(sources=sources, excluded=excluded, parts=parts, files=files, **facts)

    @property
    def origin(self) -> Origin:
        """What the generation was made from."""
        return Origin(tuple(map(Path, self.sources)), self.model, self.excluded, self.raw)

    @property
    def bases(self) -> dict[str, int]:
        """The number of the first passage of each part, by the part's name."""
        found, base = {}, 0
        for part in self.parts:
            found[part.name] = base
            base += part.passages
        return found


def _dump(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, indent=1)
