"""The documents in the formats that people have, read and asked: python -m benchmarks.formats WORK [--formats pdf].

Common tools make the files under WORK (benchmarks/conversion.py); --make makes them anew, --formats takes those whose
names begin so. Measured: the sentences of the source that are found again verbatim, those of them under the same
headings, titles, and what of the text is foreign, that is in no line or sentence of the source; then the project's own
questions to an index of the folder, beside those to the shipped documents. --show lists what was lost and got in.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.answering.answer import Answer
from benchmarks.conversion import FORMATS, Format
from benchmarks.questions import Case, ask, load
from benchmarks.sources import SHIPPED, Source
from corpus.document import Document
from corpus.reading import Reading, read
from corpus.splitting import sentences

RESULTS = Path(__file__).with_name("results") / "formats.json"
_NUMBER = re.compile(
    r"^(?:第?[一二三四五六七八九十]+[、章节]|\d+(?:\.\d+)*[.、 ]|[（(][一二三四五六七八九十\d]+[）)])\s*"
)
_ITEM = re.compile(r"\d{1,2}\.")
_SPACES, _EDGES = re.compile(r"[ \t]+"), re.compile(r" ?\n ?")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A document beside what should have been found in its file."""

    truth: Document
    read: Document

    @property
    def wanted(self) -> list[tuple[tuple[str, ...], str]]:
        """The sentences of the source, each with the headings above it."""
        return list(_sentences(self.truth))

    @property
    def lost(self) -> list[str]:
        """The sentences that are not found again."""
        return [sentence for _, sentence in self.wanted if sentence not in self.read.text]

    @property
    def misplaced(self) -> list[str]:
        """The sentences that are in no section under their headings; the title and numbers do not count."""
        texts: dict[tuple[str, ...], str] = {}
        for section in self.read.sections:
            path = _path(section.path, self.read.title)
            texts[path] = texts.get(path, "") + self.read.text[section.start : section.end]
        return [
            sentence for path, sentence in self.wanted if sentence not in texts.get(_path(path, self.truth.title), "")
        ]

    @property
    def foreign(self) -> list[str]:
        """What is left of the text without the lines and sentences of the source, and without the numbers of items."""
        pieces = {self.truth.title, *self.truth.text.split("\n"), *(sentence for _, sentence in self.wanted)}
        left = _spaced(self.read.text)
        for piece in sorted(filter(None, map(_spaced, pieces)), key=len, reverse=True):
            left = left.replace(piece, "\n")
        lines = (line.strip() for line in left.split("\n"))
        return [line for line in lines if _WORDS.search(line) and not _ITEM.fullmatch(line)]


def _sentences(document: Document) -> Iterator[tuple[tuple[str, ...], str]]:
    for section in document.sections:
        for start, end in sentences(document.text, section.start, section.end):
            yield section.path, document.text[start:end]


def outline(document: Document) -> list[tuple[str, ...]]:
    """Return the headings above each section with words, once in a row, without the title and without numbers."""
    worded = (one for one in document.sections if document.text[one.start : one.end].strip())
    return [path for path, _ in itertools.groupby(_path(section.path, document.title) for section in worded)]


def _spaced(text: str) -> str:
    """Return a text with one space for several, and none at the edges of lines: a print of code has lost them."""
    return _EDGES.sub("\n", _SPACES.sub(" ", text)).strip()


def _path(path: tuple[str, ...], title: str) -> tuple[str, ...]:
    plain = tuple(_NUMBER.sub("", heading) for heading in path)
    return plain[1:] if plain[:1] == (title,) else plain


def compare(kind: Format, sources: Sequence[Source], reading: Reading) -> list[Comparison]:
    """Pair each source with the document of its file; with an empty one where there is none."""
    found = {PurePosixPath(document.id).stem: document for document in reading.documents}
    return [Comparison(kind.truth(one), found.get(one.name, Document(one.name, "", "", ()))) for one in sources]


def measure(kind: Format, pairs: Sequence[Comparison], reading: Reading) -> dict[str, float]:
    """Return how much of the sources is found again in the files of one format, and what else."""
    wanted = sum(len(pair.wanted) for pair in pairs)
    lost = [len(pair.lost) / len(pair.wanted) for pair in pairs]
    measures = {
        "documents": len(reading.documents),
        "skipped": len(reading.skipped),
        "sentences": wanted,
        "found %": _percent(1 - sum(len(pair.lost) for pair in pairs) / wanted),
        "worst document %": _percent(1 - max(lost)),
        "titles right %": _percent(statistics.mean(pair.read.title == pair.truth.title for pair in pairs)),
    }
    if not kind.headed:  # the names of columns stand before all that is said
        return measures
    text = sum(len(pair.read.text) for pair in pairs)
    return measures | {
        "under their headings %": _percent(1 - sum(len(pair.misplaced) for pair in pairs) / wanted),
        "foreign %": _percent(sum(len(line) for pair in pairs for line in pair.foreign) / max(1, text)),
        "foreign lines": sum(len(pair.foreign) for pair in pairs),
    }


def _percent(share: float) -> float:
    return round(100 * share, 2)


def answered(cases: Sequence[Case], answers: Sequence[Answer], usual: Sequence[Answer]) -> dict[str, float]:
    """Return the share of right answers and declines, beside those that the shipped documents give."""
    right = [case.right(answer) for case, answer in zip(cases, answers, strict=True)]
    before = [case.right(answer) for case, answer in zip(cases, usual, strict=True)]
    return {
        "right %": _percent(statistics.mean(right)),
        "points against Markdown": round(100 * (statistics.mean(right) - statistics.mean(before)), 2),
        "same text %": _percent(statistics.mean(a.text == b.text for a, b in zip(answers, usual, strict=True))),
    }


def show(kind: Format, pairs: Sequence[Comparison], reading: Reading) -> None:
    """List what was lost and what got in."""
    for skipped in reading.skipped:
        print(f"  skipped {skipped.path}: {skipped.reason}")
    for pair in pairs:
        lost, misplaced, foreign = pair.lost, *((pair.misplaced, pair.foreign) if kind.headed else ([], []))
        print(f"  {pair.truth.id}: {pair.read.title}")
        misplaced = [one for one in misplaced if one not in lost]
        for mark, lines in (("lost", lost), ("misplaced", misplaced), ("foreign", foreign)):
            for line in lines:
                print(f"    {mark}: {line!r}")


def main() -> None:
    """Make what is missing, read and ask, print the measures and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path, help="folder for the files")
    parser.add_argument("--formats", nargs="*", default=[""], metavar="NAME", help="those whose names begin so")
    parser.add_argument("--make", action="store_true", help="make files that lie there anew")
    parser.add_argument("--documents", type=Path, default=SHIPPED, help="make the files from these, and only read them")
    parser.add_argument("--no-questions", action="store_true", help="only read, and keep no results")
    parser.add_argument("--show", action="store_true", help="list what was lost and what got in")
    options = parser.parse_args()
    sources = Source.load(options.documents)
    cases = [] if options.no_questions or options.documents != SHIPPED else load()
    usual = ask(None, cases) if cases else []
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for kind in FORMATS:
        if not kind.name.startswith(tuple(options.formats)):
            continue
        folder = options.work / kind.name
        if options.make or not folder.exists():
            if kind.missing:
                print(f"{kind.name}: left out, {' and '.join(kind.missing)} not installed")
                continue
            kind.build(sources, options.work)
        started = time.perf_counter()
        reading = read([folder])
        spent = time.perf_counter() - started
        pairs = compare(kind, sources, reading)
        results[kind.name] = measure(kind, pairs, reading) | {"seconds": round(spent, 2)}
        if cases:
            results[kind.name]["questions"] = answered(cases, ask(folder, cases), usual)
        print(kind.name, json.dumps(results[kind.name], ensure_ascii=False), flush=True)
        if options.show:
            show(kind, pairs, reading)
    if cases:
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
