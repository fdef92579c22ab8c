from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.bulk import BulkSegmenter
from corpus.lexicon import SHIPPED, Lexicon, fold
from corpus.words import Segmenter, embedding_terms, search_terms
from tests.conftest import ROOT

DOCUMENTS = sorted((ROOT / "corpus" / "documents").rglob("*.md"))
PIECES = [
    "深度",
    "学习",
    "框架",
    "神经网络",
    "飞桨",
    "百度",
    "在",
    "中国",
    "人民",
    "〇",
    "𫛸",
    "豈",
    "㐀",
    "。",
    "，",
    "\n",
    " ",
]
PIECES += [
    "PyTorch",
    "1.0",
    "2018",
    "年",
    "tiny-dnn",
    "C++",
    "tensorflow2.0",
    "new york",
    "google 大脑",
    "é",
    "한글",
    "%",
    "7",
]


@pytest.fixture(scope="module")
def whole(cache: Path) -> Segmenter:
    pack = Lexicon.load(SHIPPED)
    words = frozenset({"new york", "google 大脑", "神经网络", "在中国", "型号 7"})
    return Segmenter(pack, words=pack.words | words, cache=cache)


@pytest.fixture(scope="module")
def bulk(whole: Segmenter) -> BulkSegmenter:
    return BulkSegmenter(whole)


def assert_alike(text: str, whole: Segmenter, bulk: BulkSegmenter) -> None:
    words, cut = whole.words(text), bulk.cut(text)
    assert Counter(cut.search_terms()) == Counter(search_terms(words))
    assert Counter(cut.embedding_terms()) == Counter(embedding_terms(words))
    marks = np.unpackbits(np.frombuffer(cut.edges(len(text)), np.uint8), count=len(text) + 1)
    assert np.flatnonzero(marks).tolist() == sorted({edge for word in words for edge in (word.start, word.end)})
    assert bulk.cut_again(text, np.flatnonzero(marks).tolist()) == cut


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_jieba_in_rust_cuts_every_shipped_document_as_jieba_does(
    path: Path, whole: Segmenter, bulk: BulkSegmenter
) -> None:
    assert_alike(path.read_text(encoding="utf-8"), whole, bulk)


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=12))
def test_bulk_terms_and_edges_are_those_of_the_segmenter(
    pieces: list[str], whole: Segmenter, bulk: BulkSegmenter
) -> None:
    assert_alike("".join(pieces), whole, bulk)


@given(text=st.text(max_size=40))
def test_no_text_breaks_the_bulk_segmenter(text: str, bulk: BulkSegmenter) -> None:
    cut = bulk.cut(text)
    assert "".join(cut.words) == "".join(cut.han)
    for run, place in zip(cut.han, cut.places, strict=True):
        assert fold(text)[place : place + len(run)] == run


def test_added_words_weigh_as_much_as_in_jieba(cache: Path) -> None:
    pack = Lexicon(frozenset({"学习框架", "度学"}), frozenset(), ())
    added = Segmenter(pack, cache=cache)
    bulk = BulkSegmenter(added)
    for text in ("深度学习框架", "度学习框", "深度学", "学习框架学习"):
        assert bulk.cut(text).words == added.cut_run(text)
