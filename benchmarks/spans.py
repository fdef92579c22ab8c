"""The span that answers inside the right sentence, and how well its likelihood tells that sentence, in SQuAD layout.

python -m benchmarks.spans DATA [--set NAME]

Rules and weights were chosen on CMRC trial and the even articles of DRCD dev; DRCD's odd articles only measure. The
right sentence is the one of the paragraph that holds an annotated answer and shares the most characters with the
question. --fit prints the weights that fit the tuned half; --show lists what goes wrong there.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.asked import plain
from assistant.ranking.span import WEIGHTS, Seeker
from assistant.ranking.wanted import Sort
from assistant.understanding.kind import Kind
from assistant.understanding.question import Question
from corpus.lexicon import fold
from corpus.splitting import sentences
from corpus.words import Segmenter
from training.squad import Asked, QuestionSet, make_segmenter

RESULTS = Path(__file__).with_name("results") / "spans.json"
SETS = ("cmrc_trial", "drcd_dev")
TYPED = (Kind.WHEN, Kind.HOW_MANY, Kind.WHO, Kind.WHERE)
ENOUGH = 0.6  # F1 with an answer from which a span nearly is one
STRENGTH = 1.0  # inverse of the regularisation with which the weights are fitted


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its right sentence, and the others of the same paragraph that do not answer."""

    half: str  # "tune" or "held"
    asked: Asked
    question: Question
    seeker: Seeker
    sentence: str
    edges: Sequence[int]
    others: tuple[tuple[str, Sequence[int]], ...]  # each with where its words begin and end

    @property
    def kind(self) -> str:
        """The kind of the question; "which" for all that are asked for another thing."""
        return self.question.kind.value if self.question.kind in TYPED else Sort.THING.value

    def given(self) -> str:
        """Return the span, `plain`; "" for none."""
        span = self.seeker.span(self.sentence, self.edges)
        return plain(self.sentence[slice(*span)]) if span else ""

    def accepts(self, given: str) -> bool:
        """Tell whether a span is an answer, holds one or is part of one."""
        return bool(given) and any(given in answer or answer in given for answer in map(plain, self.asked.answers))


def cases(questions: QuestionSet, segmenter: Segmenter) -> Iterator[Case]:
    """Give the questions that a span may answer and whose answer stands in one sentence."""
    odd = questions.odd_articles() if questions.name == "drcd_dev" else frozenset()
    for asked in questions.questions:
        question = Question.read(asked.question, segmenter)
        seeker = Seeker.of(question)
        if seeker.wanted is None:
            continue
        text = questions.paragraphs[asked.document]
        parts = [text[start:end] for start, end in sentences(text)]
        right = [part for part in parts if asked.answered_by(part)]
        if not right:
            continue
        words = frozenset(fold(asked.question))
        sentence = max(right, key=lambda part: len(words & frozenset(fold(part))))
        others = tuple((part, edges(part, segmenter)) for part in parts if not asked.answered_by(part))
        half = "held" if asked.article in odd else "tune"
        yield Case(half, asked, question, seeker, sentence, edges(sentence, segmenter), others)


def edges(text: str, segmenter: Segmenter) -> list[int]:
    """Return where words begin and end, as an index keeps it (Hit.edges)."""
    inner = {place for word in segmenter.words(text) for place in (word.start, word.end)}
    return sorted({0, len(text), *inner})


def f1(given: str, answers: Sequence[str]) -> float:
    """Return the best F1 of the characters of `given` with an answer."""
    return max(2 * (Counter(given) & Counter(answer)).total() / (len(given) + len(answer)) for answer in answers)


def measure(found: Sequence[Case]) -> dict[str, float | int | None]:
    """Return the measures of some questions; one without a span counts as wrong."""
    given = [case.given() for case in found]
    answers = [[plain(answer) for answer in case.asked.answers] for case in found]
    right = [case.accepts(text) for case, text in zip(found, given, strict=True)]
    elsewhere = [case.seeker.span(*case.others[0]) is not None for case in found if case.others]
    share = lambda values: round(100 * statistics.mean(values), 1) if values else 0.0  # noqa: E731
    return {
        "questions": len(found),
        "span given %": share([text != "" for text in given]),
        "exact %": share([text in texts for text, texts in zip(given, answers, strict=True)]),
        "exact or one holds the other %": share(right),
        "character F1 %": share([f1(text, texts) if text else 0.0 for text, texts in zip(given, answers, strict=True)]),
        "of those given, exact or one holds the other %": share(
            [hit for hit, text in zip(right, given, strict=True) if text]
        ),
        "given in a sentence that does not answer %": share(elsewhere),
        **tell(found),
        **times(found),
    }


def tell(found: Sequence[Case]) -> dict[str, float | None]:
    """Return how well `likelihood` tells the right sentence from the others of its paragraph."""
    truth, scores, within = [], [], []
    for case in found:
        right = case.seeker.likelihood(case.sentence, case.edges)
        wrong = [case.seeker.likelihood(text, places) for text, places in case.others]
        truth += [True] + [False] * len(wrong)
        scores += [right, *wrong]
        within += [(right > one) + 0.5 * (right == one) for one in wrong]
    if not within:
        return {"AUROC of the likelihood %": None, "AUROC in one paragraph %": None}
    return {
        "AUROC of the likelihood %": round(100 * float(roc_auc_score(truth, scores)), 1),
        "AUROC in one paragraph %": round(100 * statistics.mean(within), 1),
    }


def times(found: Sequence[Case]) -> dict[str, float]:
    """Return what the likelihood takes: the question read once, then all sentences of its paragraph."""
    prepared, spent, sentences_read = [], [], 0
    for case in found:
        started = time.process_time()
        seeker = Seeker.of(case.question)
        prepared.append(1000 * (time.process_time() - started))
        paragraph = [(case.sentence, case.edges), *case.others]
        started = time.process_time()
        for text, places in paragraph:
            seeker.likelihood(text, places)
        spent.append(1000 * (time.process_time() - started))
        sentences_read += len(paragraph)
    return {
        "mean processor ms a question": round(statistics.mean(prepared), 4),
        "mean processor ms a sentence": round(sum(spent) / sentences_read, 4),
    }


def fit(found: Sequence[Case]) -> dict[Sort, dict[str, float]]:
    """Return the weights that tell the right candidates from the others, those of the other sentences included."""
    rows: dict[Sort, list[tuple[list[float], bool]]] = {sort: [] for sort in WEIGHTS}
    for case in found:
        if case.seeker.wanted is None:
            continue
        sort = case.seeker.wanted.sort
        names = [name for name in WEIGHTS[sort] if name != "bias"]
        here = list(case.seeker.candidates(case.sentence, case.edges))
        right = label(case, [plain(case.sentence[slice(*one.span)]) for one in here])
        there = [one for text, places in case.others for one in case.seeker.candidates(text, places)]
        examples = [*zip(here, right, strict=True), *((one, False) for one in there)]
        rows[sort] += [([one.signals.get(name, 0.0) for name in names], good) for one, good in examples]
    weights = {}
    for sort, of_sort in rows.items():
        names = [name for name in WEIGHTS[sort] if name != "bias"]
        inputs, targets = zip(*of_sort, strict=True)
        model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(np.array(inputs), np.array(targets))
        fitted = {"bias": model.intercept_[0]} | dict(zip(names, model.coef_[0], strict=True))
        weights[sort] = {name: round(float(weight), 1) for name, weight in fitted.items()}
    return weights


def label(case: Case, texts: Sequence[str]) -> list[bool]:
    """Tell which candidates answer; where none does exactly, which nearly do: CMRC's answers are whole clauses."""
    answers = [plain(answer) for answer in case.asked.answers]
    right = [text in answers for text in texts]
    if any(right):
        return right
    if case.question.kind in {Kind.WHEN, Kind.HOW_MANY}:
        return [case.accepts(text) for text in texts]
    return [case.accepts(text) and f1(text, answers) >= ENOUGH for text in texts]


def show(found: Sequence[Case]) -> None:
    """Print the questions for which a span is wrong or missing."""
    for case in found:
        given = case.given()
        if not case.accepts(given):
            print(f"\n{case.kind} {case.asked.question}\n  wanted: {case.asked.answers[0]}  got: {given or '-'}")
            print(" ", case.sentence)


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
        print(json.dumps(fit(tuned), indent=1))
        return
    if options.show:
        show(tuned)
        return
    gc.disable()  # so that no measured call bears its pause
    result: dict[str, object] = {}
    for half, name in (("tune", "cmrc_trial"), ("tune", "drcd_dev"), ("held", "drcd_dev")):
        for kind in map(str, Sort):
            chosen = [c for c in found.get(name, ()) if c.half == half and c.kind == kind]
            if chosen:
                result.setdefault(f"{half}: {name}", {})[kind] = measure(chosen)  # type: ignore[index]
    text = json.dumps(result, ensure_ascii=False, indent=1)
    if not options.set:
        RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
