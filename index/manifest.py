"""What a generation of an index says of itself: how it was made, and the checksum of each of its files."""

from __future__ import annotations

import json
from dataclasses import dataclass

FORMAT = 2  # raised whenever an older index must not be read as it is


@dataclass(frozen=True, slots=True)
class Manifest:
    """How a generation was made, and the checksum of each of its files."""

    format: int
    created: str
    model: str  # the model's name or folder, as it was given; "" for the shipped one
    model_fingerprint: str
    words_fingerprint: str
    sources: tuple[str, ...]  # the paths that the index was built from
    documents: int
    passages: int
    files: dict[str, tuple[int, str]]  # relative path -> (bytes, SHA-256)

    def to_json(self) -> str:
        """Return the manifest as it is written."""
        facts = {name: getattr(self, name) for name in Manifest.__slots__}
        return json.dumps(facts, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read a manifest; ValueError where it is none, or of another format."""
        facts = json.loads(text)
        if not isinstance(facts, dict) or set(facts) != set(cls.__slots__):
            raise ValueError("not a manifest of this format")
        files = {name: (size, digest) for name, (size, digest) in facts.pop("files").items()}
        return cls(sources=tuple(facts.pop("sources")), files=files, **facts)
