"""Where state lives, as the environment says; never the working directory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

import corpus
from corpus.errors import InputError
from index.files import expanded

DOCUMENTS = Path(corpus.__file__).parent / "documents"  # the shipped knowledge base


@dataclass(frozen=True, slots=True)
class Settings:
    """The folders that this process uses, and the reranker."""

    home: Path  # ASSISTANT_HOME, or the platform's folder for a user's data
    index: Path  # the index that is asked
    named: bool  # someone named the index; the default one builds itself where it is missing
    reranker: str | Path = ""  # a CrossEncoder by name or folder; "" for none
    threshold: float | None = None  # the confidence from which on a question is answered; None: answer.THRESHOLD

    @classmethod
    def from_environment(cls, index: Path | None = None, *, reranker: str | Path | None = None) -> Settings:
        """Read ASSISTANT_HOME and ASSISTANT_THRESHOLD, and what is not given: ASSISTANT_INDEX and ASSISTANT_RERANKER.

        InputError where the threshold is no number from 0 to 1.
        """
        given = os.environ.get("ASSISTANT_HOME")
        home = expanded(given) if given else Path(platformdirs.user_data_dir("yinju", appauthor=False))
        chosen = index or (Path(os.environ["ASSISTANT_INDEX"]) if os.environ.get("ASSISTANT_INDEX") else None)
        wanted = os.environ.get("ASSISTANT_RERANKER", "") if reranker is None else reranker
        return cls(home, expanded(chosen or home / "default.index"), chosen is not None, wanted, _threshold())

    @property
    def lexicon(self) -> Path:
        """The user's own language pack."""
        return self.home / "lexicon"

    @property
    def cache(self) -> Path:
        """Files that can be made again."""
        return self.home / "cache"


def _threshold() -> float | None:
    if not (given := os.environ.get("ASSISTANT_THRESHOLD", "").strip()):
        return None
    try:
        threshold = float(given)
    except ValueError:
        threshold = -1.0
    if not 0 <= threshold <= 1:
        raise InputError("threshold-wrong", given=given)
    return threshold
