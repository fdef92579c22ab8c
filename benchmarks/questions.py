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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from assistant import asked
from assistant.answering.answer import Answer
from assistant.asked import Asked
from assistant.assistant import Assistant, build
from assistant.settings import Settings

TESTS = Path(__file__).parent.parent / "tests"
RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Case(Asked):
    """A question of the sets, and the part that it has in them."""

    group: str = ""
    split: str = ""
    kind: str = ""

    def right(self, answer: Answer) -> bool:
        """Tell whether the answer, or the decline, is right."""
        return self.answered_by(answer.text) if self.answerable else not answer.answered


def load() -> list[Case]:
    """Read both question files: the first one's groups are called "first" and "first, unanswerable"."""
    found = []
    for name in ("questions.jsonl", "understanding.jsonl"):
        lines = map(json.loads, (TESTS / name).read_text(encoding="utf-8").splitlines())
        for one, facts in zip(asked.load(TESTS / name), lines, strict=True):
            group = facts.get("group") or ("first" if one.answerable else "first, unanswerable")
            part = {"group": group, "split": facts["split"], "kind": facts["kind"]}
            found.append(Case(**{field.name: getattr(one, field.name) for field in fields(Asked)}, **part))
    return found


Pairs = Sequence[tuple[Case, Answer]]


def measure(pairs: Pairs) -> dict[str, object]:
    """Return the measures of one half, group by group and over all."""
    groups = dict.fromkeys(case.group for case, _ in pairs)
    measured: dict[str, object] = {
        group: _group([pair for pair in pairs if pair[0].group == group]) for group in groups
    }
    second = [pair for pair in pairs if not pair[0].group.startswith("first")]
    answerable = [pair for pair in second if pair[0].answers]
    measured["second set, all"] = {
        "answerable": len(answerable),
        "answered right %": _share(case.right(answer) for case, answer in answerable),
        "answerable declined %": _share(not answer.answered for _, answer in answerable),
        "unanswerable declined %": _share(not answer.answered for case, answer in second if not case.answers),
        "kind recognised %": _share(case.kind == answer.kind for case, answer in answerable),
    }
    answered = [answer for case, answer in pairs if case.answers and answer.answered]
    measured["answers"] = {
        "quotes, mean": round(statistics.mean(len(answer.quotes) for answer in answered), 2),
        "characters, mean": round(statistics.mean(len(answer.text) for answer in answered), 1),
        "median ms": round(statistics.median(answer.milliseconds for _, answer in pairs), 2),
    }
    return measured


def _group(pairs: Pairs) -> dict[str, object]:
    measured: dict[str, object] = {
        "questions": len(pairs),
        "right %": _share(case.right(answer) for case, answer in pairs),
    }
    if any(case.answers for case, _ in pairs):
        measured["declined %"] = _share(not answer.answered for _, answer in pairs)
        measured["kind recognised %"] = _share(case.kind == answer.kind for case, answer in pairs)
    return measured


def _share(flags: Iterable[bool]) -> float:
    return round(100 * statistics.mean(flags), 1)


def ask(documents: Path | None, questions: Sequence[Case]) -> list[Answer]:
    """Index the documents (None: the shipped ones) and ask everything."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "index")
        build(Settings.from_environment(folder), [documents] if documents else [])
        assistant = Assistant.open(folder)
        try:
            return [assistant.ask(case.turns[-1], case.turns[:-1]) for case in questions]
        finally:
            assistant.close()


def show(pairs: Pairs) -> None:
    """List what went wrong in the tuned half."""
    for case, answer in pairs:
        if case.split == "tune" and (not case.right(answer) or (case.answers and case.kind != answer.kind)):
            sign = "" if case.right(answer) else " WRONG"
            print(f"\n{case.id} {case.kind}/{answer.kind} {answer.confidence:.2f}{sign} {' → '.join(case.turns)}")
            print("  read as:", answer.understood)
            print("  wanted:", *(case.answers[:3] or ["a decline"]))
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
