"""Sentences of the passages found, ordered by small learned models over named features; how sure the first one is."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from assistant.ranking.features import ALL, CLOSER, FEATURES, Candidates, Floats, collect
from assistant.ranking.likeness import alike
from assistant.ranking.wanted import Wanted, said
from assistant.understanding.kind import Kind
from assistant.understanding.question import Question
from index.search import Hit, Searcher

UNHEARD = 0.02  # the confidence at most where the documents never mention what is asked; benchmarks/README.md
HEARD = 0.3  # the confidence at least where the first sentence has all that is asked; in a small index all words are
WHOLE = 0.999  # common, which the trees, grown on large ones, take for a bad sign; benchmarks/README.md, "Declining"
OFF_TOPIC = 0.3  # a sentence weighs so much whose passage never mentions the named thing that is asked about
LOOKED_AT = 16  # sentences that get a closer look; benchmarks/README.md, "Defaults"
SENTENCE_WEIGHT = 2.0  # of a passage's best sentence beside its own score; benchmarks/README.md, "Defaults"
ALIKE_WEIGHT = 1.0  # of the likeness of question and sentence beside them
MODELS = Path(__file__).parent
FACTS, CLOSER_LOOK, SURENESS = "ranking.json", "closer-look.onnx", "sureness.onnx"

_ODDS = 3  # sentences whose log odds are evidence
EVIDENCE = (
    *(f"odds {place}" for place in range(1, _ODDS + 1)),  # log odds of the first sentences' scores
    *(f"first {name}" for name in ALL),  # what was measured of the first sentence
    *(f"best {name}" for name in ALL),  # the greatest of all sentences that got a closer look
)

SIGNS = (  # those of EVIDENCE that the line looks at
    *("odds 1", "best words", "first words", "first before", "first after"),
    *("first unnamed", "first unseen", "first similar", "first first_look"),
)

_SIGNS = [EVIDENCE.index(name) for name in SIGNS]
_COLUMN = {name: place for place, name in enumerate(ALL)}
_STEEPEST = 15.0  # log odds beyond are cut, so that a probability keeps off 0 and 1


class Elsewhere(NamedTuple):
    """A place in another document where a sentence stands, too."""

    document: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A candidate answer: one sentence of a hit's passage; offsets count in the document."""

    hit: Hit
    text: str
    start: int
    end: int
    score: float  # probability that it answers, as the ranker sees it: 0..1
    features: Floats  # in the order of features.ALL; those of CLOSER are NaN where only the first look was taken
    also: tuple[Elsewhere, ...] = ()  # where else it stands, in other documents

    def fact(self, name: str) -> float:
        """Return one of its features."""
        return float(self.features[_COLUMN[name]])


@dataclass(frozen=True)
class Logistic:
    """A logistic model over named inputs."""

    mean: Floats  # (inputs,)
    scale: Floats  # (inputs,)
    weights: Floats  # (inputs,)
    bias: float

    def odds(self, inputs: Floats) -> Floats:
        """Return the log odds for each row of `inputs`."""
        logits = (inputs - self.mean) / self.scale @ self.weights + self.bias
        return np.clip(np.asarray(logits, np.float64), -_STEEPEST, _STEEPEST)

    @classmethod
    def from_facts(cls, facts: dict[str, Any], names: Sequence[str]) -> Logistic:
        """Read a model as training/ranking.py wrote it; ValueError if it was fitted on other inputs."""
        _check(facts, names)
        mean, scale, weights = (np.array(facts[name]) for name in ("mean", "scale", "weights"))
        return cls(mean, scale, weights, facts["bias"])


class Scorer(Protocol):
    """Anything that gives one number for each row of features; only their order matters."""

    def __call__(self, features: Floats) -> Floats: ...


@dataclass(frozen=True)
class Trees:
    """Gradient-boosted trees, run by onnxruntime."""

    model: bytes

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - onnxruntime has no types
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = (
            1  # two dozen rows: threads cost more than they do
        )
        return onnxruntime.InferenceSession(self.model, options, providers=["CPUExecutionProvider"])

    def __call__(self, features: Floats) -> Floats:
        """Return one number for each row of features."""
        found = self._session.run(None, {"features": features.astype(np.float32)})[0]
        return np.asarray(found, np.float64).ravel()


@dataclass(frozen=True)
class Together:
    """A line over SIGNS and trees over EVIDENCE, their log odds added up.

    The trees are better at questions like those they learned from, the line carries over to other ways of asking.
    """

    line: Logistic
    trees: Scorer

    def __call__(self, features: Floats) -> Floats:
        """Return one number for each row of features."""
        return self.line.odds(features[:, _SIGNS]) + self.trees(features)


@dataclass(frozen=True)
class Calibrated:
    """A scorer whose numbers become log odds by a line (Platt 1999)."""

    scorer: Scorer
    slope: float
    bias: float

    def odds(self, features: Floats) -> Floats:
        """Return the log odds for each row of features."""
        return np.clip(self.slope * self.scorer(features) + self.bias, -_STEEPEST, _STEEPEST)


@dataclass(frozen=True)
class Ranker:
    """The models that training/ranking.py fits."""

    first_look: Logistic  # over features.FEATURES: which sentences deserve a closer look
    closer_look: Calibrated  # over features.ALL: in which order they come
    sureness: Calibrated  # over EVIDENCE: whether the first one answers

    @classmethod
    @cache
    def load(cls, folder: Path = MODELS) -> Ranker:
        """Read the models, by default those that come with the package; once a process."""
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        closer, sureness = facts["closer look"], facts["sureness"]
        _check(closer, ALL)
        _check(sureness, EVIDENCE)
        line = Logistic.from_facts(sureness["line"], SIGNS)
        return cls(
            Logistic.from_facts(facts["first look"], FEATURES),
            Calibrated(Trees((folder / CLOSER_LOOK).read_bytes()), closer["slope"], closer["bias"]),
            Calibrated(Together(line, Trees((folder / SURENESS).read_bytes())), sureness["slope"], sureness["bias"]),
        )

    def rank(self, question: Question, hits: Sequence[Hit], searcher: Searcher) -> list[Sentence]:
        """Return all sentences of the hits, best first."""
        return self.order(collect(question, hits, searcher))

    def order(self, candidates: Candidates) -> list[Sentence]:
        """Return the candidates best first: those that got a closer look before the others."""
        if not len(candidates):
            return []
        odds = self.first_look.odds(candidates.features)
        order = np.argsort(-odds, kind="stable")
        chosen, others = order[:LOOKED_AT], order[LOOKED_AT:]
        closer = candidates.closer(chosen, odds[chosen])
        scores = _probability(self.closer_look.odds(closer))
        if candidates.on_named_topic:
            scores = np.where(closer[:, _COLUMN["topic"]] > 0, scores, OFF_TOPIC * scores)
        best = np.argsort(-scores, kind="stable")
        least = scores[best[-1]]
        ranked = [_sentence(candidates, chosen[place], scores[place], closer[place]) for place in best]
        unknown = np.full(len(CLOSER), np.nan)
        return ranked + [
            _sentence(
                candidates,
                number,
                min(least, _probability(odds[number])),
                np.concatenate([candidates.features[number], unknown]),
            )
            for number in others
        ]

    def strongest(self, sentences: Sequence[Sentence]) -> list[tuple[str, float, float]]:
        """Return what speaks for the first sentence, strongest first: feature, its value, and by how much the log odds
        fall if it had the median of the other sentences that got a closer look.
        """
        rows = np.array([sentence.features for sentence in sentences[:LOOKED_AT]])
        if len(rows) < 2:
            return []
        changed = np.tile(rows[0], (len(ALL) + 1, 1))
        places = np.arange(len(ALL))
        changed[places, places] = np.median(rows[1:], axis=0)
        odds = self.closer_look.odds(changed)
        falls = odds[-1] - odds[:-1]
        return [(ALL[place], float(rows[0][place]), float(falls[place])) for place in np.argsort(-falls)]

    def confidence(self, question: Question, sentences: Sequence[Sentence]) -> float:
        """Return the probability that the first sentence answers the question."""
        if not sentences or not question.content:
            return 0.0
        sure = float(_probability(self.sureness.odds(evidence(sentences)[None, :]))[0])
        if _unheard(question, sentences[0]):
            return min(sure, UNHEARD)
        held = all(sentences[0].fact(name) > WHOLE for name in ("words", "topic", "said"))
        return max(sure, HEARD) if held else sure


def _unheard(question: Question, first: Sentence) -> bool:
    """Tell whether the documents hold nothing, under any name, of the named thing that the question is about; or of all
    that it asks about that (a known person, but no word of a 股价); or of what is to be decided or counted.
    """
    topic = question.subjects[0]
    if topic.named and not first.fact("topic_seen"):
        return True
    decided = question.kind is Kind.YES_NO or (question.kind is Kind.HOW_MANY and first.fact("act_seen") <= 0)
    if decided and first.fact("role_seen") == 0:
        return True
    asked = said(question, Wanted.of(question))
    missing = round(first.fact("unseen") * first.fact("asked_words"))
    return any(len(word) > 1 for word in asked) and missing >= len(asked) and first.fact("said") == 0


def evidence(sentences: Sequence[Sentence]) -> Floats:
    """Return what the confidence is computed from, in the order of EVIDENCE; the first sentence is the candidate."""
    odds = [math.log(sentence.score / (1 - sentence.score)) for sentence in sentences[:_ODDS]]
    best = np.max([sentence.features for sentence in sentences[:LOOKED_AT]], axis=0)
    return np.concatenate([odds, [-_STEEPEST] * (_ODDS - len(odds)), sentences[0].features, best])


def rerank(hits: Sequence[Hit], sentences: Sequence[Sentence]) -> list[Hit]:
    """Order the hits by their score, that of their best sentence, and how alike question and sentence are.

    The likeness finds a question that the documents hold in much the same words; hits without a sentence come last.
    """
    best: dict[int, float] = {}
    likest: dict[int, float] = {}
    for sentence in sentences:
        best.setdefault(id(sentence.hit), sentence.score)
        like = alike(sentence.fact("common"), sentence.fact("asked_length"), sentence.fact("length"))
        likest[id(sentence.hit)] = max(likest.get(id(sentence.hit), 0.0), 0.0 if math.isnan(like) else like)
    whole = 1 + SENTENCE_WEIGHT + ALIKE_WEIGHT
    weighed = [
        replace(
            hit,
            score=(hit.score + SENTENCE_WEIGHT * best.get(id(hit), 0.0) + ALIKE_WEIGHT * likest.get(id(hit), 0.0))
            / whole,
        )
        for hit in hits
    ]
    return sorted(weighed, key=lambda hit: -hit.score)


def _sentence(candidates: Candidates, number: int, score: float, features: Floats) -> Sentence:
    hit, start, end = candidates.span(number)
    passage = hit.passage
    return Sentence(hit, passage.text[start:end], passage.start + start, passage.start + end, float(score), features)


def _probability(odds: Any) -> Any:  # noqa: ANN401 - a number or an array
    return 1 / (1 + np.exp(-odds))


def _check(facts: dict[str, Any], names: Sequence[str]) -> None:
    if tuple(facts["inputs"]) != tuple(names):
        raise ValueError(f"{FACTS} was fitted on other inputs: run python -m training.ranking")
