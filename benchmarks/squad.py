"""Finding the paragraph, the sentence, and the courage to decline, on a set in SQuAD layout that nothing was fitted on:
python -m benchmarks.squad DATA --set NAME.

For drcd_dev and cmrc_trial, which the ranker learned from, `python -m training.ranking DATA` gives the honest numbers.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.answering.answer import THRESHOLD, Answer
from assistant.assistant import Assistant
from training.squad import Asked, QuestionSet, calibration_error, indexed

RESULTS = Path(__file__).with_name("results")


def ask_all(paragraphs: dict[str, str], questions: tuple[Asked, ...]) -> list[Answer]:
    """Ask every question of an index over the paragraphs."""
    with indexed(paragraphs) as folder:
        assistant = Assistant.open(folder)
        answers = [assistant.ask(asked.question) for asked in questions]
        assistant.close()
    return answers


def measure(questions: QuestionSet) -> dict[str, float | str | int]:
    """Return the measures of a set: all paragraphs indexed, then a random half of them left out."""
    asked = questions.questions
    answers = ask_all(questions.paragraphs, asked)
    first = [[hit.passage.document for hit in answer.hits] for answer in answers]
    # every candidate of another paragraph that happens to hold the answer's string counts as wrong
    right = [
        [quote.document == one.document and one.answered_by(quote.text) for quote in answer.candidates]
        for one, answer in zip(asked, answers, strict=True)
    ]
    kept = questions.half(seed=7)
    rest = {id: text for id, text in questions.paragraphs.items() if id in kept}
    half = ask_all(rest, asked)
    there = np.array([one.document in kept for one in asked])
    confidence = np.array([answer.confidence for answer in half])
    correct = np.array(
        [
            bool(answer.candidates)
            and answer.candidates[0].document == one.document
            and one.answered_by(answer.candidates[0].text)
            for one, answer in zip(asked, half, strict=True)
        ]
    )
    share = lambda values: round(100 * float(np.mean(values)), 2)  # noqa: E731
    return {
        "set": questions.name,
        "paragraphs": len(questions.paragraphs),
        "questions": len(asked),
        "paragraph recall@1 %": share([names[:1] == [one.document] for one, names in zip(asked, first, strict=True)]),
        "paragraph recall@5 %": share([one.document in names for one, names in zip(asked, first, strict=True)]),
        "first sentence answers %": share([row[:1] == [True] for row in right]),
        "one of three answers %": share([any(row[:3]) for row in right]),
        "first sentence, mean characters": round(
            statistics.mean(len(answer.candidates[0].text) for answer in answers if answer.candidates), 1
        ),
        "first sentence, longest": max(len(answer.candidates[0].text) for answer in answers if answer.candidates),
        "decline AUROC": round(float(roc_auc_score(there, confidence)), 4),
        "answerable declined %": share(confidence[there] < THRESHOLD),
        "unanswerable declined %": share(confidence[~there] < THRESHOLD),
        "calibration error": round(calibration_error(confidence, correct), 4),
        "median ms": round(statistics.median(answer.milliseconds for answer in answers), 2),
    }


def main() -> None:
    """Measure one set, print the measures and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds the set")
    parser.add_argument("--set", required=True, help="the set's file, without .json")
    options = parser.parse_args()
    result = measure(QuestionSet.load(options.data, options.set))
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (RESULTS / f"squad-{options.set}.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
