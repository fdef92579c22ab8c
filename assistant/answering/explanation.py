"""Why an answer is what it is: how its question was read, where its passages stood, what spoke for its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.messages import message

if TYPE_CHECKING:
    from assistant.understanding.words import Taken

STRONGEST = 6  # features that are told
FAINT = 0.05  # log odds below which a feature is not worth telling


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature of the first candidate sentence (features.ALL) that spoke for it."""

    feature: str
    value: float
    odds: float  # by how much its log odds would fall with the median of the other sentences

    @property
    def words(self) -> str:
        """What the feature means, for a user."""
        name = self.feature
        if name.endswith("_rank"):
            return message("feature-rank", feature=message("feature-" + name.removesuffix("_rank")))
        if name.endswith("_gap"):
            return message("feature-gap", feature=message("feature-" + name.removesuffix("_gap")))
        return message("feature-" + name)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a question was read and why its first candidate came first."""

    kind: str
    subjects: tuple[str, ...]  # what the question is about
    words: tuple[Taken, ...]
    reasons: tuple[Reason, ...]  # strongest first

    @classmethod
    def of(
        cls, kind: str, subjects: Sequence[str], words: Sequence[Taken], falls: Sequence[tuple[str, float, float]]
    ) -> Explanation:
        """Take what was read, and Ranker.strongest."""
        strong = tuple(Reason(*fall) for fall in falls[:STRONGEST] if fall[2] >= FAINT)
        return cls(kind, tuple(subjects), tuple(words), strong)
