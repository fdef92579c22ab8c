"""The span that answers inside the right sentence, on sets in SQuAD layout.

python -m benchmarks.spans DATA [--set NAME]

Rules and weights were chosen on CMRC trial and the even articles of DRCD dev; DRCD's odd articles only measure. The
right sentence is the one of the paragraph that holds an annotated answer and shares the most characters with the
question. --fit prints the weights that fit the tuned half; --show lists what goes wrong there.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.question import Kind, Question
from assistant.span import WEIGHTS, candidates, short_answer, typed
from corpus.lexicon import fold
from corpus.splitting import sentences
from corpus.words import Segmenter
from training.squad import Asked, QuestionSet, make_segmenter

RESULTS = Path(__file__).with_name("results") / "spans.json"
SETS = ("cmrc_trial", "drcd_dev")
STRENGTH = 1.0  # inverse of the regularisation with which the weights are fitted


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its right sentence, and another one of the same paragraph that does not answer."""

    half: str  # "tune" or "held"
    asked: Asked
    question: Question
    sentence: str
    other: str  # empty where the paragraph has no other sentence


def plain(text: str) -> str:
    """Return the text folded and without white space."""
    return "".join(fold(text).split())


def cases(questions: QuestionSet, segmenter: Segmenter) -> Iterator[Case]:
    """Give the questions for who, when, where and how many whose answer stands in one sentence."""
    articles = {name: number for number, name in enumerate(dict.fromkeys(one.article for one in questions.questions))}
    for asked in questions.questions:
        question = Question.read(asked.question, segmenter)
        if question.kind not in WEIGHTS:
            continue
        text = questions.paragraphs[asked.document]
        parts = [text[start:end] for start, end in sentences(text)]
        right = [part for part in parts if asked.answered_by(part)]
        if not right:
            continue
        words = frozenset(fold(asked.question))
        sentence = max(right, key=lambda part: len(words & frozenset(fold(part))))
        other = next((part for part in parts if not asked.answered_by(part)), "")
        held = questions.name == "drcd_dev" and articles[asked.article] % 2 == 1
        yield Case("held" if held else "tune", asked, question, sentence, other)


def edges(text: str, segmenter: Segmenter) -> list[int]:
    """Return where words begin and end, as an index keeps it (Hit.edges)."""
    inner = {place for word in segmenter.words(text) for place in (word.start, word.end)}
    return sorted({0, len(text), *inner})


def f1(given: str, answers: Sequence[str]) -> float:
    """Return the best F1 of the characters of `given` with an answer."""
    return max(2 * (Counter(given) & Counter(answer)).total() / (len(given) + len(answer)) for answer in answers)


def measure(found: Sequence[Case], segmenter: Segmenter) -> dict[str, float | int]:
    """Return the measures of some questions; one without a span counts as wrong."""
    shown, exact, contained, scores, times, elsewhere = [], [], [], [], [], []
    for case in found:
        places = edges(case.sentence, segmenter)
        started = time.process_time()
        span = short_answer(case.question, case.sentence, places)
        times.append(1000 * (time.process_time() - started))
        answers = [plain(answer) for answer in case.asked.answers]
        given = plain(case.sentence[slice(*span)]) if span else ""
        shown.append(span is not None)
        exact.append(given in answers)
        contained.append(bool(given) and any(given in answer or answer in given for answer in answers))
        scores.append(f1(given, answers) if given else 0.0)
        if case.other:
            elsewhere.append(short_answer(case.question, case.other, edges(case.other, segmenter)) is not None)
    share = lambda values: round(100 * statistics.mean(values), 1) if values else 0.0  # noqa: E731
    return {
        "questions": len(found),
        "span given %": share(shown),
        "exact %": share(exact),
        "exact or one holds the other %": share(contained),
        "character F1 %": share(scores),
        "of those given, exact or one holds the other %": share(
            [hit for hit, given in zip(contained, shown, strict=True) if given]
        ),
        "given in a sentence that does not answer %": share(elsewhere),
        "median processor ms": round(statistics.median(times), 3),
        "99th percentile processor ms": round(float(np.percentile(times, 99)), 3),
    }


def fit(found: Sequence[Case], segmenter: Segmenter) -> dict[Kind, dict[str, float]]:
    """Return the weights that tell the right candidates from the others, those of the other sentence included."""
    rows: dict[Kind, list[tuple[list[float], bool]]] = {kind: [] for kind in WEIGHTS}
    for case in found:
        answers = [plain(answer) for answer in case.asked.answers]
        here = candidates(case.question, case.sentence, edges(case.sentence, segmenter))
        texts = [plain(case.sentence[slice(*one.span)]) for one in here]
        right = [text in answers for text in texts]
        if not any(right) and case.question.kind in {Kind.WHEN, Kind.HOW_MANY}:  # CMRC's answers are whole clauses
            right = [any(text in answer or answer in text for answer in answers) for text in texts]
        there = candidates(case.question, case.other, edges(case.other, segmenter)) if case.other else []
        for one, good in itertools.chain(zip(here, right, strict=True), ((one, False) for one in there)):
            rows[one.kind].append(([one.signals.get(name, 0.0) for name in WEIGHTS[one.kind] if name != "bias"], good))
    weights = {}
    for kind, examples in rows.items():
        names = [name for name in WEIGHTS[kind] if name != "bias"]
        inputs, targets = zip(*examples, strict=True)
        model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(np.array(inputs), np.array(targets))
        fitted = dict(zip(names, model.coef_[0], strict=True)) | {"bias": model.intercept_[0]}
        weights[kind] = {name: round(float(weight), 1) for name, weight in fitted.items()}
    return weights


def show(found: Sequence[Case], segmenter: Segmenter) -> None:
    """Print the questions for which a span is wrong or missing."""
    for case in found:
        span = short_answer(case.question, case.sentence, edges(case.sentence, segmenter))
        given = plain(case.sentence[slice(*span)]) if span else ""
        answers = [plain(answer) for answer in case.asked.answers]
        if not given or not any(given in answer or answer in given for answer in answers):
            print(f"\n{case.question.kind} {case.asked.question}\n  wanted: {answers[0]}  got: {given or '-'}")
            print(" ", case.sentence)


def time_typed(found: Sequence[Case]) -> dict[str, float]:
    """Return the mean time that the typed spans of one sentence take."""
    folded = [fold(case.sentence) for case in found]
    times = {}
    for kind in WEIGHTS:
        started = time.process_time()
        for text in folded:
            typed(kind, text)
        times[kind.value] = round(1000 * (time.process_time() - started) / len(folded), 4)
    return times


def main() -> None:
    """Measure the sets, print the measures and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds the sets")
    parser.add_argument("--set", choices=SETS, action="append", help="only this set; nothing is kept then")
    parser.add_argument("--fit", action="store_true", help="print the weights that fit the tuned half")
    parser.add_argument("--show", action="store_true", help="list what went wrong in the tuned half")
    options = parser.parse_args()
    segmenter = make_segmenter()
    found = {name: list(cases(QuestionSet.load(options.data, name), segmenter)) for name in options.set or SETS}
    tuned = [case for one in found.values() for case in one if case.half == "tune"]
    if options.fit:
        print(json.dumps(fit(tuned, segmenter), indent=1))
        return
    if options.show:
        show(tuned, segmenter)
        return
    gc.disable()  # so that no measured call bears its pause
    result: dict[str, object] = {}
    for half, name in (("tune", "cmrc_trial"), ("tune", "drcd_dev"), ("held", "drcd_dev")):
        for kind in WEIGHTS:
            chosen = [c for c in found.get(name, ()) if c.half == half and c.question.kind is kind]
            if chosen:
                result.setdefault(f"{half}: {name}", {})[kind.value] = measure(chosen, segmenter)  # type: ignore[index]
    result["typed, mean processor ms a sentence"] = time_typed([case for one in found.values() for case in one])
    text = json.dumps(result, ensure_ascii=False, indent=1)
    if not options.set:
        RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
