"""The project's own questions over the shipped documents: python -m benchmarks.questions [--show] [--documents PATH].

Right: answered, and the answer's text holds every string of one accepted alternative (white space, script, width and
case do not count). The half "tune" served to choose settings, the half "held" only to measure; --show lists the wrong
ones of the tuned half. --documents asks the same of other documents, such as the article that the shipped ones retell.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.answer import Answer
from assistant.asked import plain
from assistant.assistant import Assistant, build
from assistant.settings import Settings

TESTS = Path(__file__).parent.parent / "tests"
RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the set, with what counts as its answer."""

    id: str
    group: str
    turns: tuple[str, ...]  # of a conversation; the last one is judged
    answers: tuple[tuple[str, ...], ...]  # alternatives, each a set of strings that must all occur; () must be declined
    split: str
    kind: str

    def right(self, answer: Answer) -> bool:
        """Tell whether the answer, or the decline, is right."""
        if not self.answers:
            return not answer.answered
        text = plain(answer.text)
        return any(all(plain(string) in text for string in alternative) for alternative in self.answers)


def load() -> list[Asked]:
    """Read both question files: the first one's groups are called "first" and "first, unanswerable"."""
    found = []
    for line in _lines(TESTS / "questions.jsonl"):
        group = "first" if line["answers"] else "first, unanswerable"
        found.append(_asked({**line, "group": group, "turns": [line["question"]]}))
    return found + [_asked(line) for line in _lines(TESTS / "understanding.jsonl")]


def _lines(path: Path) -> Iterator[dict[str, object]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _asked(line: dict[str, object]) -> Asked:
    turns, answers = line["turns"], line["answers"]
    assert isinstance(turns, list)
    assert isinstance(answers, list)
    texts = (str(line[name]) for name in ("id", "group", "split", "kind"))
    id, group, split, kind = texts
    return Asked(id, group, tuple(turns), tuple(map(tuple, answers)), split, kind)


Pairs = Sequence[tuple[Asked, Answer]]


def measure(pairs: Pairs) -> dict[str, object]:
    """Return the measures of one half, group by group and over all."""
    groups = dict.fromkeys(asked.group for asked, _ in pairs)
    measured: dict[str, object] = {
        group: _group([pair for pair in pairs if pair[0].group == group]) for group in groups
    }
    second = [pair for pair in pairs if not pair[0].group.startswith("first")]
    answerable = [pair for pair in second if pair[0].answers]
    measured["second set, all"] = {
        "answerable": len(answerable),
        "answered right %": _share(asked.right(answer) for asked, answer in answerable),
        "answerable declined %": _share(not answer.answered for _, answer in answerable),
        "unanswerable declined %": _share(not answer.answered for asked, answer in second if not asked.answers),
        "kind recognised %": _share(asked.kind == answer.kind for asked, answer in answerable),
    }
    answered = [answer for asked, answer in pairs if asked.answers and answer.answered]
    measured["answers"] = {
        "quotes, mean": round(statistics.mean(len(answer.quotes) for answer in answered), 2),
        "characters, mean": round(statistics.mean(len(answer.text) for answer in answered), 1),
        "median ms": round(statistics.median(answer.milliseconds for _, answer in pairs), 2),
    }
    return measured


def _group(pairs: Pairs) -> dict[str, object]:
    measured: dict[str, object] = {
        "questions": len(pairs),
        "right %": _share(asked.right(answer) for asked, answer in pairs),
    }
    if any(asked.answers for asked, _ in pairs):
        measured["declined %"] = _share(not answer.answered for _, answer in pairs)
        measured["kind recognised %"] = _share(asked.kind == answer.kind for asked, answer in pairs)
    return measured


def _share(flags: Iterable[bool]) -> float:
    return round(100 * statistics.mean(flags), 1)


def ask(documents: Path | None, questions: Sequence[Asked]) -> list[Answer]:
    """Index the documents (None: the shipped ones) and ask everything."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "index")
        build(Settings.from_environment(folder), [documents] if documents else [])
        assistant = Assistant.open(folder)
        try:
            return [assistant.ask(asked.turns[-1], asked.turns[:-1]) for asked in questions]
        finally:
            assistant.close()


def show(pairs: Pairs) -> None:
    """List what went wrong in the tuned half."""
    for asked, answer in pairs:
        if asked.split == "tune" and (not asked.right(answer) or (asked.answers and asked.kind != answer.kind)):
            sign = "" if asked.right(answer) else " WRONG"
            print(f"\n{asked.id} {asked.kind}/{answer.kind} {answer.confidence:.2f}{sign} {' → '.join(asked.turns)}")
            print("  read as:", answer.understood)
            print("  wanted:", *(asked.answers[:3] or ["a decline"]))
            print("  got:", answer.text.replace("\n", " / ") or answer.message)


def main() -> None:
    """Ask everything, print the measures and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list what went wrong in the tuned half")
    parser.add_argument("--documents", type=Path, help="ask these documents instead of the shipped ones")
    options = parser.parse_args()
    questions = load()
    pairs = list(zip(questions, ask(options.documents, questions), strict=True))
    halves = {split: measure([pair for pair in pairs if pair[0].split == split]) for split in ("tune", "held")}
    text = json.dumps(halves, ensure_ascii=False, indent=1)
    name = f"questions-{options.documents.stem}.json" if options.documents else "questions.json"
    (RESULTS / name).write_text(text + "\n", encoding="utf-8")
    print(text)
    if options.show:
        show(pairs)


if __name__ == "__main__":
    main()
