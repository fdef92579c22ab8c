"""Fits the sentence ranker and the confidence: python -m training.ranking DATA.

On DRCD dev, CMRC trial and training/questions.jsonl, which asks in users' words about articles of the news. Three
models: a linear one for the first look at all sentences (fitted on pairs, a right sentence against a wrong one),
gradient-boosted trees for the closer look at the best of them (LambdaMART by LightGBM, run by onnxruntime), and a
logistic one for the confidence. Five times over, the first two are fitted on four fifths of the articles and order the
sentences for the questions on the last fifth: that gives the numbers in benchmarks/results/ranking.json, and what the
confidence is fitted on, in indexes that hold all paragraphs and in such that lack half of them. What ships is then
fitted on everything.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.assistant import PASSAGES
from assistant.ranking.features import ALL, FEATURES, Candidates, Floats, collect
from assistant.ranking.ranking import (
    CLOSER_LOOK,
    EVIDENCE,
    FACTS,
    LOOKED_AT,
    MODELS,
    SIGNS,
    SURENESS,
    Calibrated,
    Logistic,
    Ranker,
    Scorer,
    Together,
    Trees,
    evidence,
    rerank,
)
from assistant.understanding.question import Question
from training.near_miss import unstated, without_answers
from training.squad import Asked, QuestionSet, calibration_curve, calibration_error, indexed, make_segmenter, searcher

RESULTS = Path(__file__).parent.parent / "benchmarks" / "results" / "ranking.json"
FOLDS = 5
PENALTY = 400.0
# More evidence never lowers a sentence: all weights are at least 0 but these, of what is missing and of mere shape.
_BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "unnamed": (None, 0.0),
    "new": (None, None),
    "asks": (None, None),
}
TREE_SETTINGS = {
    "objective": "lambdarank",
    "label_gain": [0, 1, 3],  # for half an answer and for a whole one
    "lambdarank_truncation_level": 5,
    "learning_rate": 0.04,
    "num_leaves": 12,
    "min_child_samples": 50,
    "lambda_l2": 5.0,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 127,
    "num_threads": 2,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 0,
    "verbosity": -1,
}
ROUNDS = 450
SURENESS_SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.03,
    "num_leaves": 10,
    "min_child_samples": 100,
    "lambda_l2": 10.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "num_threads": 2,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 0,
    "verbosity": -1,
}
SURENESS_ROUNDS = 400
NEWS_WEIGHT = 4.0  # of a question in users' words: the public sets' questions are many, and repeat their documents


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates, and which of them answer: 0, 1 for half an answer, 2 for a whole one."""

    asked: Asked
    candidates: Candidates
    grades: NDArray[np.int64]
    there: bool  # the index holds the paragraph that answers

    @property
    def right(self) -> NDArray[np.bool_]:
        return self.grades > 0


def examples(questions: QuestionSet, kept: Iterable[str] | None = None) -> list[Example]:
    """Ask every question of an index over all paragraphs, or over those that are kept."""
    kept = frozenset(questions.paragraphs if kept is None else kept)
    segmenter = make_segmenter()
    found = []
    with indexed({id: text for id, text in questions.paragraphs.items() if id in kept}) as folder:
        passages = searcher(folder, segmenter)
        for asked in questions.questions:
            question = Question.read(asked.question, segmenter, lambda word: passages.frequency(word) > 0)
            hits = passages.search(question.query, k=PASSAGES)
            candidates = collect(question, hits, passages)
            texts = [
                (hit.passage.document, hit.passage.text[start:end])
                for hit, start, end in map(candidates.span, range(len(candidates)))
            ]
            grades = [
                int(asked.right(*text)) + int(text[0] == asked.document and asked.answered_by(text[1]))
                for text in texts
            ]
            there = bool(asked.answers) and asked.document in kept
            found.append(Example(asked, candidates, np.array(grades, np.int64), there))
        passages.close()
    return [example for example in found if len(example.candidates)]


def fit_first_look(found: Sequence[Example]) -> dict[str, object]:
    """Fit the linear model of the first look."""
    rows = np.concatenate([example.candidates.features for example in found])
    mean, scale = rows.mean(0), _scale(rows)
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


def closer_look(found: Sequence[Example], first_look: Logistic) -> list[tuple[Floats, NDArray[np.int64]]]:
    """Return features.ALL and the grades of each question's best sentences by the first look."""
    looked = []
    for example in found:
        odds = first_look.odds(example.candidates.features)
        chosen = np.argsort(-odds, kind="stable")[:LOOKED_AT]
        rows = example.candidates.closer(chosen, odds[chosen])
        looked.append((rows.astype(np.float32), example.grades[chosen]))  # as the trees will see them in ONNX
    return looked


def fit_trees(looked: Sequence[tuple[Floats, NDArray[np.int64]]]) -> lightgbm.Booster:
    """Fit the trees of the closer look."""
    data = lightgbm.Dataset(
        np.concatenate([rows for rows, _ in looked]),
        np.concatenate([grades for _, grades in looked]),
        group=[len(rows) for rows, _ in looked],
        feature_name=list(ALL),
    )
    return lightgbm.train(TREE_SETTINGS, data, ROUNDS)


@dataclass(frozen=True)
class Fitted:
    """A booster as the ranker's scorer, without the way through ONNX."""

    booster: lightgbm.Booster

    def __call__(self, features: Floats) -> Floats:
        return np.asarray(self.booster.predict(features.astype(np.float32), raw_score=True), np.float64)


def fit_sureness(judged: Sequence[Judged]) -> tuple[Calibrated, dict[str, object]]:
    """Fit how sure the first sentence is to answer, from its evidence. Also return its facts as they are stored.

    Each question counts twice, by whether the first sentence is right and by whether the answer is there at all: the
    first alone is better at telling right sentences, the second at telling questions to decline. The line through the
    result is then fitted on the first alone and on what people asked, so that it is a probability.
    """
    rows = np.array([one.evidence for one in judged], np.float32)
    right, there = (np.array([getattr(one, name) for one in judged]) for name in ("right", "there"))
    weights = np.array([NEWS_WEIGHT if one.set == "news" else 1.0 for one in judged])
    twice, labels, weights_twice = np.concatenate([rows, rows]), np.concatenate([right, there]), np.tile(weights, 2)
    signs = twice[:, [EVIDENCE.index(name) for name in SIGNS]].astype(np.float64)
    mean, scale = signs.mean(0), _scale(signs)
    model = LogisticRegression(max_iter=1000).fit((signs - mean) / scale, labels, weights_twice)
    line = _facts(SIGNS, mean, scale, model.coef_[0], float(model.intercept_[0]))
    trees = lightgbm.train(SURENESS_SETTINGS, lightgbm.Dataset(twice, labels, weight=weights_twice), SURENESS_ROUNDS)
    asked = np.array([not one.made for one in judged])
    together = Together(Logistic.from_facts(line, SIGNS), Fitted(trees))
    sure = _calibrated(together, rows[asked], right[asked], weights[asked])
    return sure, {"inputs": EVIDENCE, "line": line, "slope": sure.slope, "bias": sure.bias}


def _calibrated(scorer: Scorer, rows: Floats, right: NDArray[np.bool_], weights: Floats | None = None) -> Calibrated:
    platt = LogisticRegression(C=1e6).fit(scorer(rows)[:, None], right, weights)
    return Calibrated(scorer, round(float(platt.coef_[0, 0]), 5), round(float(platt.intercept_[0]), 5))


def fit_ranker(found: Sequence[Example]) -> tuple[Ranker, dict[str, dict[str, object]]]:
    """Fit both looks; the ranker's sureness is still to be fitted. Also return its facts as they are stored."""
    facts = {"first look": fit_first_look(found)}
    first_look = Logistic.from_facts(facts["first look"], FEATURES)
    looked = closer_look(found, first_look)
    rows = np.concatenate([rows for rows, _ in looked])
    look = _calibrated(Fitted(fit_trees(looked)), rows, np.concatenate([grades > 0 for _, grades in looked]))
    facts["closer look"] = {"inputs": ALL, "slope": look.slope, "bias": look.bias}
    return Ranker(first_look, look, Calibrated(lambda rows: np.zeros(len(rows)), 1.0, 0.0)), facts


def _scale(rows: Floats) -> Floats:
    """Return the standard deviations of the columns, 1 for one that does not vary."""
    deviation = rows.std(0)
    return np.where(deviation > 1e-4, deviation, 1.0)


def _facts(inputs: tuple[str, ...], mean: Floats, scale: Floats, weights: Floats, bias: float) -> dict[str, object]:
    numbers = {"mean": mean, "scale": scale, "weights": weights}
    return {
        "inputs": inputs,
        **{name: values.round(5).tolist() for name, values in numbers.items()},
        "bias": round(bias, 5),
    }


# --- measuring on what was not fitted on -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """What a ranker made of a question that it was not fitted on."""

    set: str
    fold: int
    odd: bool  # of Material.odd
    there: bool
    passages: tuple[bool, ...]  # of the first five, which are of the paragraph that answers
    ranks: tuple[bool, ...]  # of the first three sentences, which hold a whole answer
    right: bool  # the first sentence is right, or half so
    length: int  # of the first sentence
    evidence: Floats
    made: bool = False  # the question was made by a program


@dataclass(frozen=True)
class Material:
    """The questions of a set, asked of an index over all paragraphs, and of two that hold one half each."""

    name: str
    whole: list[Example]
    halves: list[list[Example]]
    fold: dict[str, int]  # of each article
    near: list[Example]  # questions that the documents almost answer
    short: list[Example]  # what is this: asked in few words
    odd: frozenset[str]  # articles that the weights of the span model were not fitted on

    @classmethod
    def of(cls, questions: QuestionSet) -> Material:
        """Ask all; questions whose paragraph no index lacks, as those on the news, need no halves."""
        half = questions.half(seed=7)
        parts = [half, questions.paragraphs.keys() - half] if questions.name != "news" else []
        articles = sorted({asked.article for asked in questions.questions})
        random.Random(0).shuffle(articles)
        return cls(
            questions.name,
            examples(questions),
            [examples(questions, part) for part in parts],
            {article: place % FOLDS for place, article in enumerate(articles)},
            [
                example
                for missed in (without_answers(questions, seed=3), unstated(questions, seed=3))
                for example in examples(missed)
            ],
            examples(questions.definitions(seed=3)),
            questions.odd_articles() if questions.name == "drcd_dev" else frozenset(),
        )

    @property
    def asked(self) -> list[Example]:
        """What a ranker learns from."""
        return self.whole + self.short

    def judge(self, ranker: Ranker, found: Sequence[Example], fold: int | None) -> list[Judged]:
        """Let a ranker order what it was not fitted on: the articles of a fold (None: all)."""
        return [
            self._judge(ranker, example)
            for example in found
            if fold is None or self.fold[example.asked.article] == fold
        ]

    def _judge(self, ranker: Ranker, example: Example) -> Judged:
        asked, sentences = example.asked, ranker.order(example.candidates)
        hits = rerank([text.hit for text in example.candidates.texts], sentences)
        best = sentences[0]
        return Judged(
            self.name,
            self.fold[asked.article],
            asked.article in self.odd,
            example.there,
            tuple(hit.passage.document == asked.document for hit in hits[:5]),
            tuple(one.hit.passage.document == asked.document and asked.answered_by(one.text) for one in sentences[:3]),
            asked.right(best.hit.passage.document, best.text),
            len(best.text),
            evidence(sentences),
        )


def measure(whole: Sequence[Judged]) -> dict[str, float]:
    """Return what is right, in percent of a set's questions."""
    share = _share
    return {
        "paragraph recall@1 %": share(one.passages[0] for one in whole),
        "paragraph recall@5 %": share(any(one.passages) for one in whole),
        "paragraph MRR@5 %": share(max(r / n for n, r in enumerate(one.passages, start=1)) for one in whole),
        "first sentence answers %": share(one.ranks[0] for one in whole),
        "one of three answers %": share(any(one.ranks) for one in whole),
        "first sentence, mean characters": round(float(np.mean([one.length for one in whole])), 1),
        "first sentence, longest": max(one.length for one in whole),
    }


def measure_declining(half: Sequence[Judged], others: Mapping[int, Sequence[Judged]]) -> dict[str, Any]:
    """Return how well the confidence tells questions whose paragraph is there, fitted on the other folds."""
    folds = np.array([one.fold for one in half])
    rows, odds = np.array([one.evidence for one in half]), np.zeros(len(half))
    for fold in range(FOLDS):
        odds[folds == fold] = fit_sureness(others[fold])[0].odds(rows[folds == fold])
    confidence, there = 1 / (1 + np.exp(-odds)), np.array([one.there for one in half])
    right = np.array([one.right for one in half])
    return {
        "decline AUROC": round(float(roc_auc_score(there, confidence)), 4),
        "calibration error": round(calibration_error(confidence, right), 4),
        "calibration curve": [
            (round(mean, 3), round(share, 3), count) for mean, share, count in calibration_curve(confidence, right)
        ],
    }


def _share(flags: Iterable[float]) -> float:
    return round(100 * float(np.mean(list(flags))), 2)


def cross_fit(material: Sequence[Material]) -> tuple[list[Judged], dict[str, dict[str, Any]]]:
    """Fit on four fifths, judge the last fifth, five times; return all that the confidence learns from, and numbers."""
    whole: dict[str, list[Judged]] = {one.name: [] for one in material}
    halves: dict[str, list[Judged]] = {one.name: [] for one in material}
    near: dict[str, list[Judged]] = {one.name: [] for one in material}
    short: list[Judged] = []
    for fold in range(FOLDS):
        fitted_on = [e for one in material for e in one.asked if one.fold[e.asked.article] != fold]
        ranker, _ = fit_ranker(fitted_on)
        for one in material:
            whole[one.name] += one.judge(ranker, one.whole, fold)
            for half in one.halves:
                halves[one.name] += one.judge(ranker, half, fold)
            near[one.name] += [replace(judged, made=True) for judged in one.judge(ranker, one.near, fold)]
            short += [replace(judged, made=True) for judged in one.judge(ranker, one.short, fold)]
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    learned_from = short + [
        judged for one in material for judged in [*(halves[one.name] or whole[one.name]), *near[one.name]]
    ]
    numbers = {}
    for one in material:
        numbers[one.name] = measure([judged for judged in whole[one.name] if judged.there])
        if one.odd:
            numbers[one.name + ", odd articles"] = measure([judged for judged in whole[one.name] if judged.odd])
        if one.halves:
            others = {fold: [judged for judged in learned_from if judged.fold != fold] for fold in range(FOLDS)}
            numbers[one.name] |= measure_declining(halves[one.name], others)
            there = [judged for judged in whole[one.name] if judged.there]
            missed = measure_declining([*there, *near[one.name]], others)
            numbers[one.name]["near misses, AUROC"] = missed["decline AUROC"]
    return learned_from, numbers


def unseen_set(material: Sequence[Material], name: str) -> dict[str, float]:
    """Measure on one set after fitting on the others alone."""
    ranker, _ = fit_ranker([example for one in material if one.name != name for example in one.asked])
    (held,) = (one for one in material if one.name == name)
    return measure(held.judge(ranker, held.whole, None))


# --- the command -----------------------------------------------------------------------------------------------------


def store(ranker: Ranker, facts: dict[str, dict[str, object]], folder: Path) -> None:
    """Write the models where the assistant reads them; the trees as ONNX."""
    sureness = ranker.sureness.scorer
    assert isinstance(sureness, Together)
    for name, trees in ((CLOSER_LOOK, ranker.closer_look.scorer), (SURENESS, sureness.trees)):
        assert isinstance(trees, Fitted)
        stored = _onnx(trees.booster)
        some = np.random.default_rng(0).random((100, trees.booster.num_feature()), np.float32)
        if not np.allclose(Trees(stored)(some), trees(some), atol=1e-4):
            raise ValueError(f"{name} does not give what LightGBM gives")
        (folder / name).write_bytes(stored)
    (folder / FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    Ranker.load.cache_clear()


def _onnx(booster: lightgbm.Booster) -> bytes:
    """Return a booster as an ONNX model of its raw scores."""
    from onnxmltools.convert import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    text = booster.model_to_string()  # a classifier's ONNX model would give labels and probabilities
    for before, after in (
        ("objective=binary sigmoid:1", "objective=regression"),
        ("[objective: binary]", "[objective: regression]"),
    ):
        text = text.replace(before, after)
    raw = lightgbm.Booster(model_str=text)
    shape = [("features", FloatTensorType([None, raw.num_feature()]))]
    return bytes(convert_lightgbm(raw, initial_types=shape).SerializeToString())


def main() -> None:
    """Measure, fit all models and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds drcd_dev.json, cmrc_trial.json and news.txt.xz")
    parser.add_argument("--out", type=Path, default=MODELS)
    options = parser.parse_args()
    sets = [QuestionSet.load(options.data, "drcd_dev"), QuestionSet.load(options.data, "cmrc_trial")]
    material = [Material.of(questions) for questions in (*sets, QuestionSet.news(options.data))]
    learned_from, numbers = cross_fit(material)
    for one in sets:
        numbers[one.name + ", fitted on the other sets"] = unseen_set(material, one.name)
    ranker, facts = fit_ranker([example for one in material for example in one.asked])
    sureness, facts["sureness"] = fit_sureness(learned_from)
    store(replace(ranker, sureness=sureness), facts, options.out)
    trees = ranker.closer_look.scorer
    assert isinstance(trees, Fitted)
    gain = trees.booster.feature_importance("gain")
    result = {**numbers, "gain %": {ALL[i]: round(100 * gain[i] / gain.sum(), 2) for i in np.argsort(-gain)}}
    text = json.dumps(result, ensure_ascii=False, indent=1)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(json.dumps(numbers, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
