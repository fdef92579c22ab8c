"""What cleaning leaves of saved pages: python -m benchmarks.cleaning [--half tune|held] [--article FILE FIRST LAST].

The pages in benchmarks/pages were written without sight of the rules. Rules may be tuned on the half `tune` and the
texts without clutter; the half `held` only measures.
--article measures another page saved as text, whose article runs from line FIRST to line LAST (counted from 1); lines
inside that only name a picture count as clutter.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.cleaning import clutter
from corpus.encoding import text_of
from corpus.headings import outline

PAGES = Path(__file__).with_name("pages")
RESULTS = Path(__file__).with_name("results")
TUNE = frozenset(
    (
        "changelog",
        "encyclopedia",
        "gov_notice",
        "local_newspaper",
        "personal_blog",
        "product_docs",
        "recipe",
        "tech_blog",
    )
)  # every second page in the alphabet
_PICTURE = re.compile(r"\S+\.(?:png|jpe?g|gif)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page saved as text, and which of its lines are what; lines are counted from 1."""

    name: str
    lines: tuple[str, ...]
    clutter: frozenset[int]
    either: frozenset[int]  # lines for which both is right
    headings: frozenset[int]

    @classmethod
    def load(cls, path: Path) -> Page:
        """Read a page and the labels beside it."""
        facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        lines = tuple(text_of(path.read_bytes()).split("\n"))
        return cls(path.stem, lines, _spread(facts["clutter"]), _spread(facts["either"]), frozenset(facts["headings"]))

    def is_in(self, half: str) -> bool:
        """Tell whether the page belongs to a half; texts without clutter belong to the half `tune`."""
        return (self.name in TUNE or self.name.startswith("clean_")) == (half == "tune")

    def measure(self) -> dict[str, int]:
        """Count the lines that are not blank."""
        dropped = {number for number, reason in enumerate(clutter(list(self.lines)), start=1) if reason}
        full = {number for number, line in enumerate(self.lines, start=1) if line.strip()}
        article = full - self.clutter - self.either
        kept = [number for number in range(1, len(self.lines) + 1) if number not in dropped]
        levels = outline([self.lines[number - 1] for number in kept]).levels
        found = {number for number, level in zip(kept, levels, strict=True) if level}
        return {
            "clutter": len(self.clutter & full),
            "clutter dropped": len(self.clutter & full & dropped),
            "article": len(article),
            "article lost": len(article & dropped),
            "headings": len(self.headings),
            "headings found": len(self.headings & found),
            "headings more": len(found & article - self.headings),
        }


def _spread(ranges: Sequence[Sequence[int]]) -> frozenset[int]:
    return frozenset(number for first, last in ranges for number in range(first, last + 1))


def article(path: Path, first: int, last: int) -> Page:
    """Return a page whose article runs from one line to another."""
    lines = tuple(text_of(path.read_bytes()).split("\n"))
    pictures = {number for number in range(first, last + 1) if _PICTURE.fullmatch(lines[number - 1].strip())}
    outside = set(range(1, len(lines) + 1)) - set(range(first, last + 1))
    return Page(path.stem, lines, frozenset(outside | pictures), frozenset(), frozenset())


def table(pages: Collection[Page]) -> dict[str, dict[str, int]]:
    """Measure each page, and all of them together."""
    rows = {page.name: page.measure() for page in pages}
    rows["all"] = {name: sum(row[name] for row in rows.values()) for name in next(iter(rows.values()))}
    return rows


def main() -> None:
    """Print the counts, and keep those of the project's own pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--article", nargs=3, metavar=("FILE", "FIRST", "LAST"))
    parser.add_argument("--half", choices=("tune", "held"), help="only these pages; nothing is kept")
    options = parser.parse_args()
    if options.article:
        path, first, last = options.article
        rows = table([article(Path(path), int(first), int(last))])
    elif options.half:
        rows = table([page for page in map(Page.load, sorted(PAGES.glob("*.txt"))) if page.is_in(options.half)])
    else:
        rows = table([Page.load(path) for path in sorted(PAGES.glob("*.txt"))])
        (RESULTS / "cleaning.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for name, row in rows.items():
        print(f"{name:18}", "  ".join(f"{key} {value}" for key, value in row.items()))


if __name__ == "__main__":
    main()
