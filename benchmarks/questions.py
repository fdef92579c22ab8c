"""The project's own questions over the shipped documents: python -m benchmarks.questions [--show].

Right: answered, and the answer's text holds every string of one accepted alternative (white space, script, width and
case do not count). The half "tune" served to choose settings, the half "held" only to measure; --show lists the wrong
ones of the tuned half.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Answer
from assistant.asked import plain
from assistant.assistant import Assistant, build
from assistant.settings import Settings

QUESTIONS = Path(__file__).parent.parent / "tests" / "questions.jsonl"
RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the set, with what counts as its answer."""

    id: str
    question: str
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
    """Read the question file."""
    lines = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [
        Asked(line["id"], line["question"], tuple(map(tuple, line["answers"])), line["split"], line["kind"])
        for line in lines
    ]


def measure(asked: list[Asked], answers: list[Answer]) -> dict[str, object]:
    """Return the measures of one half."""
    pairs = list(zip(asked, answers, strict=True))
    answerable = [(one, answer) for one, answer in pairs if one.answers]
    unanswerable = [(one, answer) for one, answer in pairs if not one.answers]
    share = lambda flags: round(100 * statistics.mean(flags), 1)  # noqa: E731
    return {
        "answerable": len(answerable),
        "answered right %": share([one.right(answer) for one, answer in answerable]),
        "answerable declined %": share([not answer.answered for _, answer in answerable]),
        "unanswerable": len(unanswerable),
        "unanswerable declined %": share([not answer.answered for _, answer in unanswerable]),
        "quotes, mean": round(statistics.mean(len(a.quotes) for _, a in answerable if a.answered), 2),
        "characters, mean": round(statistics.mean(len(a.text) for _, a in answerable if a.answered), 1),
        "characters, most": max(len(a.text) for _, a in answerable),
        "kind recognised %": share([one.kind == answer.kind for one, answer in answerable]),
        "median ms": round(statistics.median(answer.milliseconds for answer in answers), 2),
    }


def main() -> None:
    """Build the shipped corpus, ask everything, print the measures and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list what went wrong in the tuned half")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "index")
        build(Settings.from_environment(folder))
        assistant = Assistant.open(folder)
        questions = load()
        answers = [assistant.ask(asked.question) for asked in questions]
        assistant.close()
    halves = {}
    for split in ("tune", "held"):
        chosen = [place for place, asked in enumerate(questions) if asked.split == split]
        halves[split] = measure([questions[i] for i in chosen], [answers[i] for i in chosen])
    text = json.dumps(halves, ensure_ascii=False, indent=1)
    (RESULTS / "questions.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    if options.show:
        for asked, answer in zip(questions, answers, strict=True):
            if asked.split == "tune" and not asked.right(answer):
                print(f"\n{asked.id} {asked.kind} {answer.confidence:.2f} {asked.question}")
                print("  wanted:", *(asked.answers[:2] or ["a decline"]))
                print("  got:", answer.text.replace("\n", " / ") or answer.message)


if __name__ == "__main__":
    main()
