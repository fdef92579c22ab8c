"""What a build changed, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from corpus.finding import Skipped

Progress = Callable[[str, int, int], None]
"""Called with the step ("index" in files, "bytes" of them, "finish"), how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build changed, by document ids."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]  # former and present id
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int

    @classmethod
    def of(
        cls, content: Mapping[str, bytes], before: Mapping[str, bytes], skipped: Iterable[Skipped], *, passages: int
    ) -> Report:
        """Compare the contents of the documents, by their ids, with those before."""
        added = [id for id in content if id not in before]
        removed = [id for id in before if id not in content]
        waiting: dict[bytes, list[str]] = {}
        for id in reversed(removed):
            waiting.setdefault(before[id], []).append(id)
        renamed = tuple((same.pop(), id) for id in added if (same := waiting.get(content[id])))
        sources, targets = {one for one, _ in renamed}, {other for _, other in renamed}
        return cls(
            added=tuple(id for id in added if id not in targets),
            changed=tuple(id for id in content if id in before and before[id] != content[id]),
            renamed=renamed,
            removed=tuple(id for id in removed if id not in sources),
            unchanged=tuple(id for id in content if before.get(id) == content[id]),
            skipped=tuple(sorted(skipped, key=lambda one: one.path)),
            documents=len(content),
            passages=passages,
        )
