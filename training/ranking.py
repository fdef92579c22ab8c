"""Fits the sentence ranker and the confidence: python -m training.ranking DATA.

On CMRC trial and on training/questions.jsonl, which asks in users' words about articles of the news. DRCD dev takes no
part, so that numbers on it are held out. The sentence model is a linear model on pairs (a right sentence against a
wrong one, same question), then set to probabilities (Platt 1999); the confidence is a logistic model on the news and
on CMRC asked of two indexes that each lack half of the paragraphs.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from assistant.assistant import PASSAGES
from assistant.question import Question
from assistant.ranking import EVIDENCE, FEATURES, MODEL, Candidates, Ranker, collect, evidence, rank
from training.squad import QuestionSet, indexed, make_segmenter, searcher

Floats = NDArray[np.float64]
PENALTY = 400.0
# More evidence never lowers a sentence: all weights are at least 0 but these, of what is missing and of mere shape.
_BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "unnamed": (None, 0.0),
    "new": (None, None),
    "asks": (None, None),
}


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one question, and which of them answer."""

    candidates: Candidates
    right: NDArray[np.bool_]


def examples(questions: QuestionSet) -> list[Example]:
    """Ask every question of an index over all paragraphs."""
    segmenter = make_segmenter()
    found = []
    with indexed(questions.paragraphs) as folder:
        passages = searcher(folder, segmenter)
        for asked in questions.questions:
            question = Question.read(asked.question, segmenter)
            candidates = collect(question, passages.search(question.query, k=PASSAGES), passages)
            right = [
                asked.right(hit.passage.document, hit.passage.text[start:end]) for hit, start, end in candidates.spans
            ]
            found.append(Example(candidates, np.array(right, bool)))
        passages.close()
    return found


def fit_sentence(found: list[Example]) -> dict[str, object]:
    """Fit the model that orders sentences."""
    rows = np.concatenate([example.candidates.features for example in found])
    mean, scale = rows.mean(0), rows.std(0) + 1e-9
    pairs = []
    for example in found:
        if example.right.any() and not example.right.all():
            points = (example.candidates.features - mean) / scale
            pairs.append(points[example.right].mean(0) - points[~example.right])
    weights = _fit(np.concatenate(pairs), [_BOUNDS.get(name, (0.0, None)) for name in FEATURES])
    logits = ((rows - mean) / scale) @ weights
    platt = LogisticRegression(C=1e6).fit(logits[:, None], np.concatenate([example.right for example in found]))
    return _facts(FEATURES, mean, scale, weights * platt.coef_[0, 0], float(platt.intercept_[0]))


def _fit(better: Floats, bounds: list[tuple[float | None, float | None]]) -> Floats:
    """Return the weights that make the rows of `better` positive: logistic loss, mean, with a squared penalty."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = better @ weights
        slopes = -1 / (1 + np.exp(margins))
        penalty = PENALTY / len(better)
        value = np.logaddexp(0, -margins).mean() + penalty * weights @ weights / 2
        return float(value), better.T @ slopes / len(better) + penalty * weights

    return np.asarray(minimize(loss, np.zeros(better.shape[1]), jac=True, bounds=bounds).x)


def confidence_examples(paragraphs: dict[str, str], questions: QuestionSet) -> tuple[Floats, NDArray[np.bool_]]:
    """Ask every question of an index over `paragraphs`; true: the first sentence answers."""
    segmenter = make_segmenter()
    rows, right = [], []
    with indexed(paragraphs) as folder:
        passages = searcher(folder, segmenter)
        for asked in questions.questions:
            question = Question.read(asked.question, segmenter)
            sentences = rank(question, passages.search(question.query, k=PASSAGES), passages)
            rows.append(evidence(question, sentences, passages))
            right.append(asked.right(sentences[0].hit.passage.document, sentences[0].text))
        passages.close()
    return np.array(rows), np.array(right)


def fit_confidence(rows: Floats, right: NDArray[np.bool_]) -> dict[str, object]:
    """Fit the probability that the first sentence answers."""
    mean, scale = rows.mean(0), rows.std(0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=1000).fit((rows - mean) / scale, right)
    return _facts(EVIDENCE, mean, scale, model.coef_[0], float(model.intercept_[0]))


def _facts(inputs: tuple[str, ...], mean: Floats, scale: Floats, weights: Floats, bias: float) -> dict[str, object]:
    numbers = {"mean": mean, "scale": scale, "weights": weights}
    return {
        "inputs": inputs,
        **{name: values.round(5).tolist() for name, values in numbers.items()},
        "bias": round(bias, 5),
    }


def main() -> None:
    """Fit both models and write them where the assistant reads them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds cmrc_trial.json and news.txt.xz")
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    cmrc, news = QuestionSet.load(options.data, "cmrc_trial"), QuestionSet.news(options.data)
    sentence = fit_sentence([*examples(cmrc), *examples(news)])
    empty = {"inputs": EVIDENCE, "mean": [0.0] * len(EVIDENCE), "scale": [1.0] * len(EVIDENCE)}
    facts = {"sentence": sentence, "confidence": {**empty, "weights": [0.0] * len(EVIDENCE), "bias": 0.0}}
    _write(options.out, facts)  # the confidence is about the first sentence in the order just fitted
    half = cmrc.half(seed=1)
    halves = [{id: text for id, text in cmrc.paragraphs.items() if (id in half) is kept} for kept in (True, False)]
    found = [confidence_examples(part, cmrc) for part in halves] + [confidence_examples(news.paragraphs, news)]
    rows, right = (np.concatenate(parts) for parts in zip(*found, strict=True))
    facts["confidence"] = fit_confidence(rows, right)
    _write(options.out, facts)
    for name, inputs in (("sentence", FEATURES), ("confidence", EVIDENCE)):
        weights = np.array(facts[name]["weights"])
        print(name, *(f"{label} {weight:+.2f}" for label, weight in zip(inputs, weights, strict=True)), sep="\n  ")


def _write(path: Path, facts: dict[str, dict[str, object]]) -> None:
    path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    Ranker.shipped.cache_clear()


if __name__ == "__main__":
    main()
