from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.ranking.features import ALL, CLOSER, FEATURES, collect
from assistant.ranking.ranking import (
    EVIDENCE,
    LOOKED_AT,
    SIGNS,
    Calibrated,
    Logistic,
    Ranker,
    Sentence,
    Together,
    evidence,
    rerank,
)
from assistant.understanding.question import Question
from corpus.words import Segmenter
from index.embedding import StaticModel
from index.search import Searcher
from index.store import Store

QUESTIONS = [
    "PyTorch 1.0 和 Caffe2 什么关系",
    "Keras 的作者是谁？",
    "恐龙为什么灭绝？",
    "的",
    "C++",
    "TF 支持哪些语言？",
]


@pytest.fixture(scope="module")
def searcher(shipped_index: Path, segmenter: Segmenter, static_model: StaticModel):
    opened = Store(shipped_index).open(segmenter, static_model)
    yield opened.searcher
    opened.searcher.close()


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker.load()


@pytest.fixture(params=QUESTIONS)
def asked(request: pytest.FixtureRequest, segmenter: Segmenter) -> Question:
    return Question.read(request.param, segmenter)


def test_every_sentence_of_the_hits_is_ranked_once_and_stands_in_its_document(
    searcher: Searcher, asked: Question, ranker: Ranker
) -> None:
    hits = searcher.search(asked.query, k=8)
    sentences = ranker.rank(asked, hits, searcher)
    assert len(sentences) == len(collect(asked, hits, searcher)) > 0
    assert len({(one.hit.passage.document, one.start, one.end) for one in sentences}) == len(sentences)
    for one in sentences:
        document = searcher.catalog.document(one.hit.passage.document)
        assert document is not None
        assert document.text[one.start : one.end] == one.text
        assert 0 < one.score < 1
        assert one.features.shape == (len(ALL),)
    scores = [one.score for one in sentences]
    assert scores == sorted(scores, reverse=True)


def test_only_the_best_by_the_first_look_get_a_closer_one(searcher: Searcher, segmenter: Segmenter) -> None:
    ranker = Ranker.load()
    asked = Question.read("TensorFlow 是谁开发的？", segmenter)
    candidates = collect(asked, searcher.search(asked.query, k=8), searcher)
    assert len(candidates) > LOOKED_AT
    sentences = ranker.order(candidates)
    for one in sentences[:LOOKED_AT]:
        assert np.isfinite(one.features).all()
    for one in sentences[LOOKED_AT:]:
        assert np.isnan(one.features[-len(CLOSER) :]).all()
    odds = np.sort(ranker.first_look.odds(candidates.features))[::-1]
    assert sorted(one.fact("first_look") for one in sentences[:LOOKED_AT]) == pytest.approx(sorted(odds[:LOOKED_AT]))


def test_ranking_is_the_same_every_time(searcher: Searcher, asked: Question, ranker: Ranker) -> None:
    hits = searcher.search(asked.query, k=8)
    first, second = (ranker.rank(asked, hits, searcher) for _ in range(2))
    assert [(one.text, one.score) for one in first] == [(one.text, one.score) for one in second]


def test_confidence_is_a_probability_from_finite_evidence(searcher: Searcher, asked: Question, ranker: Ranker) -> None:
    sentences = ranker.rank(asked, searcher.search(asked.query, k=8), searcher)
    facts = evidence(sentences)
    assert facts.shape == (len(EVIDENCE),)
    assert np.isfinite(facts).all()
    assert 0 <= ranker.confidence(asked, sentences) <= 1


def test_no_hit_gives_no_sentence_and_no_confidence(searcher: Searcher, segmenter: Segmenter, ranker: Ranker) -> None:
    asked = Question.read("Keras", segmenter)
    assert ranker.rank(asked, [], searcher) == []
    assert ranker.confidence(asked, []) == 0.0
    nothing = Question.read("？？", segmenter)
    sentences = ranker.rank(asked, searcher.search(asked.query, k=3), searcher)
    assert ranker.confidence(nothing, sentences) == 0.0


def test_a_sentence_with_the_answer_beats_one_about_something_else(
    searcher: Searcher, segmenter: Segmenter, ranker: Ranker
) -> None:
    asked = Question.read("PyTorch 1.0 和 Caffe2 什么关系", segmenter)
    best = ranker.rank(asked, searcher.search(asked.query, k=8), searcher)[0]
    assert "Caffe2" in best.text


def test_any_scorer_may_take_the_trees_place_and_decides_the_order(
    searcher: Searcher, segmenter: Segmenter, ranker: Ranker
) -> None:
    shortest = Calibrated(lambda rows: -rows[:, ALL.index("length")], 0.01, 0.0)
    asked = Question.read("Keras 的作者是谁？", segmenter)
    hits = searcher.search(asked.query, k=8)
    sentences = replace(ranker, closer_look=shortest).rank(asked, hits, searcher)[:LOOKED_AT]
    assert [len(one.text) for one in sentences] == sorted(len(one.text) for one in sentences)
    assert [one.score for one in sentences] == pytest.approx(
        [1 / (1 + np.exp(len(one.text) / 100)) for one in sentences]
    )


def test_a_passage_whose_sentence_repeats_the_question_comes_before_an_equal_one(
    searcher: Searcher, segmenter: Segmenter
) -> None:
    asked = Question.read("Keras 的作者是谁？", segmenter)
    one, other = searcher.search(asked.query, k=2)
    hits = [replace(one, score=0.5), replace(other, score=0.5)]
    rows = np.zeros((2, len(ALL)))
    rows[:, [ALL.index("asked_length"), ALL.index("length")]] = 10
    rows[1, ALL.index("common")] = 1.0
    sentences = [Sentence(hit, "", 0, 0, 0.3, row) for hit, row in zip(hits, rows, strict=True)]
    assert [hit.passage for hit in rerank(hits, sentences)] == [other.passage, one.passage]
    assert rerank(hits, sentences)[0].score == pytest.approx((0.5 + 2 * 0.3 + 1) / 4)


def test_the_shipped_models_were_fitted_on_these_inputs(ranker: Ranker) -> None:
    assert ranker.first_look.weights.shape == (len(FEATURES),)
    assert (ranker.first_look.scale > 0).all()
    for model, inputs in ((ranker.closer_look, ALL), (ranker.sureness, EVIDENCE)):
        assert model.slope > 0
        assert model.odds(np.zeros((3, len(inputs)))).shape == (3,)


def test_the_odds_of_a_logistic_model_are_those_of_the_formula(ranker: Ranker) -> None:
    model = ranker.first_look
    row = model.mean + model.scale  # every input one deviation above its mean
    assert model.odds(row[None, :]) == pytest.approx([model.weights.sum() + model.bias])


def test_the_line_and_the_trees_of_the_sureness_add_up() -> None:
    line = Logistic(np.zeros(len(SIGNS)), np.ones(len(SIGNS)), np.arange(1.0, len(SIGNS) + 1), 0.5)
    rows = np.zeros((2, len(EVIDENCE)))
    rows[1, EVIDENCE.index(SIGNS[2])] = 2.0
    assert Together(line, lambda features: features[:, 0] + 1)(rows) == pytest.approx([1.5, 7.5])
