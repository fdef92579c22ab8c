from pathlib import Path

import numpy as np
import pytest

from assistant.question import Question
from assistant.ranking import EVIDENCE, FEATURES, Ranker, collect, confidence, evidence, rank
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


@pytest.fixture(params=QUESTIONS)
def asked(request: pytest.FixtureRequest, segmenter: Segmenter) -> Question:
    return Question.read(request.param, segmenter)


def test_every_sentence_of_the_hits_is_ranked_once_and_stands_in_its_document(
    searcher: Searcher, asked: Question
) -> None:
    hits = searcher.search(asked.query, k=8)
    sentences = rank(asked, hits, searcher)
    assert len(sentences) == len(collect(asked, hits, searcher).spans) > 0
    assert len({(one.hit.passage.document, one.start, one.end) for one in sentences}) == len(sentences)
    for one in sentences:
        document = searcher.catalog.document(one.hit.passage.document)
        assert document is not None
        assert document.text[one.start : one.end] == one.text
        assert 0 < one.score < 1
        assert one.features.shape == (len(FEATURES),)
        assert np.isfinite(one.features).all()
    scores = [one.score for one in sentences]
    assert scores == sorted(scores, reverse=True)


def test_ranking_is_the_same_every_time(searcher: Searcher, asked: Question) -> None:
    hits = searcher.search(asked.query, k=8)
    first, second = (rank(asked, hits, searcher) for _ in range(2))
    assert [(one.text, one.score) for one in first] == [(one.text, one.score) for one in second]


def test_confidence_is_a_probability_from_finite_evidence(searcher: Searcher, asked: Question) -> None:
    sentences = rank(asked, searcher.search(asked.query, k=8), searcher)
    facts = evidence(asked, sentences, searcher)
    assert facts.shape == (len(EVIDENCE),)
    assert np.isfinite(facts).all()
    assert 0 <= confidence(asked, sentences, searcher) <= 1


def test_no_hit_gives_no_sentence_and_no_confidence(searcher: Searcher, segmenter: Segmenter) -> None:
    asked = Question.read("Keras", segmenter)
    assert rank(asked, [], searcher) == []
    assert confidence(asked, [], searcher) == 0.0
    nothing = Question.read("？？", segmenter)
    sentences = rank(asked, searcher.search(asked.query, k=3), searcher)
    assert confidence(nothing, sentences, searcher) == 0.0


def test_a_sentence_with_the_answer_beats_one_about_something_else(searcher: Searcher, segmenter: Segmenter) -> None:
    asked = Question.read("PyTorch 1.0 和 Caffe2 什么关系", segmenter)
    best = rank(asked, searcher.search(asked.query, k=8), searcher)[0]
    assert "Caffe2" in best.text


def test_the_shipped_models_were_fitted_on_these_inputs() -> None:
    ranker = Ranker.shipped()
    assert ranker.sentence.weights.shape == (len(FEATURES),)
    assert ranker.confidence.weights.shape == (len(EVIDENCE),)
    assert (ranker.sentence.scale > 0).all()
    assert (ranker.confidence.scale > 0).all()


def test_logistic_probabilities_are_those_of_the_formula() -> None:
    model = Ranker.shipped().sentence
    row = model.mean + model.scale  # every input one deviation above its mean
    expected = 1 / (1 + np.exp(-(model.weights.sum() + model.bias)))
    assert model.probabilities(row[None, :]) == pytest.approx([expected])
