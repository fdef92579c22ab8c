"""Lexical and dense search fused into hits, each with the reasons for its rank."""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpus.document import Passage
from corpus.lexicon import fold
from corpus.words import Word, embedding_terms, is_han, runs, search_terms
from index.catalog import Catalog
from index.copies import Copies, repeated
from index.dense import DenseIndex
from index.embedding import Embedder, StaticModel
from index.lexical import LexicalIndex
from index.vocabulary import Vocabulary

POOL = 50  # candidates taken from each of the two searches before they are fused
NAMED = 20  # documents of one text that are named beside the one that is searched
DENSE_WEIGHT = 0.4  # of the cosine beside BM25 divided by the question's best; benchmarks/README.md, "Defaults"


_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: the text, which is embedded, and its words, each with its weight in lexical search."""

    text: str
    words: tuple[tuple[Word, float], ...]
    also: tuple[tuple[tuple[Word, ...], float], ...] = ()  # other names of what the words name, with their weights

    def terms(self) -> dict[str, float]:
        """Return the weighted terms of lexical search; what joins two words has the lesser weight of the two."""
        terms: dict[str, float] = {}
        runs = [self.words, *(tuple((word, weight) for word in name) for name, weight in self.also)]
        for run in runs:
            for word, weight in run:
                for term in search_terms([word]):
                    terms[term] = max(terms.get(term, 0.0), weight)
        for run in runs:
            for (one, weight), (next_one, next_weight) in itertools.pairwise(run):
                for term in search_terms([one, next_one]):
                    terms.setdefault(term, min(weight, next_weight))
        return terms


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a passage stands where it does; ranks count from 1, None outside the pool."""

    lexical_rank: int | None
    dense_rank: int | None
    lexical: float  # BM25 as a share of the best for this question, 0..1
    cosine: float  # of the vectors of question and passage, -1..1
    matched: tuple[str, ...]  # the question's words that stand in the passage, its title or its headings


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with its score (0..1, comparable within one question)."""

    passage: Passage
    score: float
    reasons: Reasons
    edges: Sequence[int]  # where words begin and end in the passage's text, from 0 to its length
    also: tuple[Passage, ...] = ()  # passages of other documents that say the same, or nearly so, and are no hits

    def edges_within(self, start: int, end: int) -> list[int]:
        """Return the edges in a stretch of the passage's text, counted from its start."""
        first, last = bisect.bisect_left(self.edges, start), bisect.bisect_right(self.edges, end)
        return [edge - start for edge in self.edges[first:last]]


class Searcher:
    """Finds passages in one generation of an index."""

    def __init__(
        self,
        catalog: Catalog,
        lexical: LexicalIndex,
        dense: DenseIndex,
        embedder: Embedder,
        words: StaticModel,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        """Take the parts of an opened index, the model that its vectors were made with, and the one of words."""
        self.catalog = catalog
        self.vocabulary = vocabulary or Vocabulary.empty()
        self.word_model = words
        self._lexical = lexical
        self._dense = dense
        self._embedder = embedder

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self._lexical)

    def search(self, query: Query, *, k: int) -> list[Hit]:
        """Return the best `k` passages, best first; ties in the order of the build."""
        cut = self._embedder is self.word_model
        vector = self.meaning(query) if cut else self._embedder.encode_question(query.text)
        (lexical_numbers, bm25), (dense_numbers, _) = self._pools(query, vector, max(POOL, k))
        numbers = np.unique(np.concatenate([lexical_numbers, dense_numbers]))
        shares = _shares(numbers, lexical_numbers, bm25)
        cosines = self._dense.cosines(vector, numbers)
        scores = (shares + DENSE_WEIGHT * np.maximum(cosines, 0)) / (1 + DENSE_WEIGHT)
        best = np.lexsort((numbers, -scores))
        lexical_rank = {int(number): rank for rank, number in enumerate(lexical_numbers, start=1)}
        dense_rank = {int(number): rank for rank, number in enumerate(dense_numbers, start=1)}
        return [
            Hit(
                passage,
                float(min(scores[place], 1.0)),
                Reasons(
                    lexical_rank.get(int(numbers[place])),
                    dense_rank.get(int(numbers[place])),
                    float(shares[place]),
                    float(cosines[place]),
                    _matched(query, passage),
                ),
                edges,
                also,
            )
            for place, (passage, edges), also in self._distinct(query, numbers, best, k)
        ]

    def _pools(self, query: Query, vector: NDArray[np.float32], size: int) -> tuple[_Pool, _Pool]:
        """Return the best of each search, without copies: a larger pool where these leave too few."""
        copies, terms = self.catalog.copies, query.terms()
        pools = self._lexical.search(terms, size), self._dense.search(vector, size)
        if not copies:
            return pools
        wanted = size
        while True:
            one, other = (_without(pool, copies, wanted) for pool in pools)
            short = [
                len(pool[0]) == size and len(left[0]) < wanted for pool, left in zip(pools, (one, other), strict=True)
            ]
            if not any(short):
                return one, other
            size *= 4
            pools = self._lexical.search(terms, size), self._dense.search(vector, size)

    def _distinct(
        self, query: Query, numbers: NDArray[np.int64], best: NDArray[np.intp], k: int
    ) -> Iterator[tuple[int, tuple[Passage, Sequence[int]], tuple[Passage, ...]]]:
        """Yield the places of the best `k` passages and these, each with those that repeat it in other documents."""
        seen = k
        found = self._shown(numbers, best[:seen])
        while len(found) - len(same := _repeats(query, [one for _, (one, _) in found])) < k and seen < len(best):
            found += self._shown(numbers, best[seen : seen + k])
            seen += k
        also: dict[int, list[Passage]] = {}
        for later, before in same.items():
            also.setdefault(before, []).append(found[later][1][0])
        kept = [place for place in range(len(found)) if place not in same][:k]
        for place in kept:
            passage = found[place][1][0]
            every = [one for passage in (passage, *also.get(place, ())) for one in self._copied(passage)]
            yield found[place][0], found[place][1], (*also.get(place, ()), *every)

    def _shown(
        self, numbers: NDArray[np.int64], places: NDArray[np.intp]
    ) -> list[tuple[int, tuple[Passage, Sequence[int]]]]:
        found = self.catalog.passages(numbers[places])
        return [pair for pair in zip(map(int, places), found, strict=True) if self.catalog.shows(pair[1][0].document)]

    def _copied(self, passage: Passage) -> list[Passage]:
        """Return the passage as it stands in the documents that are copies of its own."""
        heads = self.catalog.heads(self.catalog.copies.others.get(passage.document, ())[:NAMED])
        return [
            replace(passage, document=id, title=title, source=source, date=date) for id, title, source, date in heads
        ]

    def meaning(self, query: Query) -> NDArray[np.float32]:
        """Return the static vector of a question, from the words that it was cut into already."""
        vector: NDArray[np.float32] = self.word_model.encode_terms(
            [embedding_terms([word for word, _ in query.words])]
        )[0]
        return vector

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the BM25 idf of each term: log(1 + (N - n + 1/2) / (n + 1/2)), n of N passages holding it."""
        total = len(self)
        frequencies = {term: self._lexical.document_frequency(term) for term in terms}
        return {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in frequencies.items()}

    def holds(self, word: str) -> bool:
        """Tell whether a passage holds a folded word."""
        return self._lexical.document_frequency(word) > 0

    def frequency(self, term: str) -> int:
        """Return in how many passages a search term stands."""
        return self._lexical.document_frequency(term)

    def held(self, word: str) -> tuple[int, int]:
        """Return in how many passages a folded word stands at least, and at most.

        At least where it was cut as a word; at most where its rarest pair of characters, or Latin part, stands.
        """
        least = self.frequency(word)
        parts = runs(word)
        if len(parts) == 1 and not is_han(word):
            return least, least
        terms = {term for term in search_terms(parts) if len(term) > 1} - ({word} if len(word) > 2 else set())
        return least, max(least, min(map(self.frequency, terms), default=least))

    def close(self) -> None:
        """Close the files."""
        self.catalog.close()
        self.vocabulary.close()
        self._lexical.close()


_Pool = tuple[NDArray[np.int64], NDArray[np.float32]]
"""The numbers of passages and their scores, best first."""


def _repeats(query: Query, passages: Sequence[Passage]) -> dict[int, int]:
    """Return which passages say nothing more to a question than one before them that is nearly the same: their places,
    and that one's. A word of the question or a number that the other lacks is more.
    """
    return {
        place: before
        for place, before in repeated(passages).items()
        if set(_matched(query, passages[place])) <= set(_matched(query, passages[before]))
        and set(_NUMBER.findall(passages[place].text)) <= set(_NUMBER.findall(passages[before].text))
    }


def _without(pool: _Pool, copies: Copies, most: int) -> _Pool:
    """Return the best of a pool that are no copies."""
    kept = np.flatnonzero(~copies.holds(pool[0]))[:most]
    return pool[0][kept], pool[1][kept]


def _shares(
    numbers: NDArray[np.int64], lexical_numbers: NDArray[np.int64], bm25: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return each passage's BM25 as a share of the best one's; 0 for those outside the lexical pool."""
    shares = np.zeros(len(numbers))
    if len(bm25) and bm25[0] > 0:
        shares[np.searchsorted(numbers, lexical_numbers)] = bm25 / bm25[0]
    return shares


def _matched(query: Query, passage: Passage) -> tuple[str, ...]:
    text = fold("\n".join((passage.text, passage.title, *passage.section)))
    names = ["".join(word.folded for word in name) for name, _ in query.also]
    return tuple(dict.fromkeys(word for word in [*(word.folded for word, _ in query.words), *names] if word in text))
