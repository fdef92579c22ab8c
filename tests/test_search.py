from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document
from corpus.splitting import split
from corpus.words import Segmenter, search_terms
from index.catalog import Catalog
from index.dense import DenseIndex
from index.embedding import StaticModel
from index.search import DENSE_WEIGHT, POOL, Query, Searcher
from tests.conftest import Keywords, query, read_text
from tests.test_catalog import write_parts
from tests.test_lexical import bm25, make_of_parts

TEXTS = {
    "海洋.md": "# 海洋\n\n鲸鱼住在大海。\n\n## 深海\n\n深海里也有鲸鱼和章鱼。\n",
    "水果.md": "# 水果\n\n苹果很甜。\n",
    "交通.md": "# 交通\n\n火车运苹果，也运鲸鱼。\n",
    "天气.md": "# 天气\n\n今天下雨。\n",
}


class Made:
    """A searcher and the parts that a hand computation needs."""

    def __init__(self, folder: Path, texts: dict[str, str], segmenter: Segmenter, static_model: StaticModel) -> None:
        self.embedder = Keywords("鲸鱼", "苹果", "火车")
        self.segmenter = segmenter
        documents: list[Document] = [read_text(folder / "files", text, name) for name, text in sorted(texts.items())]
        self.passages = [passage for document in documents for passage in split(document)]
        self.terms = [search_terms(segmenter.words(passage.text)) for passage in self.passages]
        self.vectors = self.embedder.encode_passages([passage.text for passage in self.passages])
        middle = len(documents) // 2
        manifest = write_parts(folder / "index", [documents[:middle], documents[middle:]], segmenter)
        first = manifest.parts[0].passages
        self.searcher = Searcher(
            Catalog(folder / "index", manifest),
            make_of_parts(folder / "lexical", [self.terms[:first], self.terms[first:]]),
            DenseIndex.from_vectors(self.vectors),
            self.embedder,
            static_model,
        )

    def query(self, text: str) -> Query:
        return query(text, self.segmenter)


@pytest.fixture
def made(tmp_path: Path, segmenter: Segmenter, static_model: StaticModel) -> Made:
    return Made(tmp_path, TEXTS, segmenter, static_model)


@pytest.mark.parametrize("question", ["鲸鱼在哪里", "火车运什么苹果", "苹果", "下雨了", "深海章鱼"])
def test_hits_score_bm25_as_a_share_of_the_best_plus_weighted_cosine(made: Made, question: str) -> None:
    asked = made.query(question)
    lexical = np.array(bm25(made.terms, asked.terms()))
    shares = lexical / (lexical.max() or 1)
    cosines = made.vectors @ made.embedder.encode_question(question)
    scores = (shares + DENSE_WEIGHT * cosines) / (1 + DENSE_WEIGHT)
    hits = made.searcher.search(asked, k=10)
    place = {passage: number for number, passage in enumerate(made.passages)}
    numbers = [place[hit.passage] for hit in hits]
    assert [hit.score for hit in hits] == pytest.approx(scores[numbers].tolist(), abs=1e-5)
    assert [hit.reasons.lexical for hit in hits] == pytest.approx(shares[numbers].tolist(), abs=1e-5)
    assert [hit.reasons.cosine for hit in hits] == pytest.approx(cosines[numbers].tolist(), abs=1e-5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    left = set(range(len(scores))) - set(numbers)
    assert all(scores[number] == 0 for number in left)
    ranks = {n: rank for rank, n in enumerate((n for n in np.argsort(-lexical, kind="stable") if lexical[n] > 0), 1)}
    assert [hit.reasons.lexical_rank for hit in hits] == [ranks.get(number) for number in numbers]


def test_fewer_hits_are_the_first_of_more(made: Made) -> None:
    asked = made.query("鲸鱼和苹果")
    every = made.searcher.search(asked, k=10)
    assert len(every) >= 3
    assert made.searcher.search(asked, k=2) == every[:2]


def test_dense_ranks_count_from_one_and_only_where_the_vector_says_something(made: Made) -> None:
    hits = made.searcher.search(made.query("火车"), k=10)
    assert (hits[0].passage.document, hits[0].reasons.dense_rank, hits[0].reasons.lexical_rank) == ("交通.md", 1, 1)
    unknown = made.searcher.search(made.query("下雨"), k=10)  # no keyword: a zero vector
    assert [(hit.passage.document, hit.reasons.dense_rank) for hit in unknown] == [("天气.md", None)]


def test_matched_words_stand_in_the_passage_its_title_or_headings(made: Made) -> None:
    asked = made.query("深海的章魚和海洋里的火车")  # traditional 魚
    (first, *_) = made.searcher.search(asked, k=10)
    assert first.passage.section == ("海洋", "深海")
    folded = "\n".join((first.passage.text, first.passage.title, *first.passage.section))
    assert first.reasons.matched == tuple(
        dict.fromkeys(word.folded for word, _ in asked.words if word.folded in folded)
    )
    assert "章鱼" in first.reasons.matched
    assert "海洋" in first.reasons.matched
    assert "火车" not in first.reasons.matched


def test_other_names_find_too(made: Made, segmenter: Segmenter) -> None:
    named = Query("八爪", query("八爪", segmenter).words, ((tuple(segmenter.words("章鱼")), 1.0),))
    assert made.searcher.search(named, k=1)[0].passage.text == "深海里也有鲸鱼和章鱼。"


def test_terms_weigh_as_their_words_and_what_joins_two_words_as_the_lighter_one(segmenter: Segmenter) -> None:
    one, other = segmenter.words("苹果火车")
    joined = Query("苹果火车", ((one, 2.0), (other, 0.5))).terms()
    assert joined == {"苹果": 2.0, "苹": 2.0, "果": 2.0, "火车": 0.5, "火": 0.5, "车": 0.5, "果火": 0.5}
    also = Query("苹果", ((one, 0.5),), (((one,), 1.0), ((other,), 0.25))).terms()
    assert also == {"苹果": 1.0, "苹": 1.0, "果": 1.0, "火车": 0.25, "火": 0.25, "车": 0.25}


def test_nothing_is_found_for_a_query_without_words(made: Made) -> None:
    assert made.searcher.search(Query("", ()), k=5) == []


def test_ties_come_in_the_order_of_the_build_and_the_pool_reaches_as_far_as_asked(
    tmp_path: Path, segmenter: Segmenter, static_model: StaticModel
) -> None:
    made = Made(tmp_path, {f"{n:03}.md": f"章鱼。{n:03}" for n in range(POOL + 20)}, segmenter, static_model)
    hits = made.searcher.search(made.query("章鱼"), k=100)
    assert [hit.passage.document for hit in hits] == [f"{n:03}.md" for n in range(POOL + 20)]
    assert [hit.reasons.lexical_rank for hit in hits] == list(range(1, POOL + 21))


def test_edges_bound_the_words_of_a_hit(made: Made, segmenter: Segmenter) -> None:
    for hit in made.searcher.search(made.query("鲸鱼苹果火车"), k=10):
        words = segmenter.words(hit.passage.text)
        assert list(hit.edges) == sorted({0, len(hit.passage.text), *(w.start for w in words), *(w.end for w in words)})


def test_rarity_is_the_idf_of_bm25(made: Made) -> None:
    found = made.searcher.rarity(["鲸鱼", "没有"])
    assert len(made.searcher) == 5
    assert found == {"鲸鱼": pytest.approx(np.log(1 + 2.5 / 3.5)), "没有": pytest.approx(np.log(1 + 5.5 / 0.5))}
    assert (made.searcher.frequency("鲸鱼"), made.searcher.frequency("没有")) == (3, 0)
