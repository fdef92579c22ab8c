"""Many texts -> words and terms, fast: jieba in Rust on runs of Chinese characters, which cuts them as jieba does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import add

import numpy as np
import rjieba

from corpus.lexicon import fold
from corpus.words import RUN, TOTAL, Segmenter, Word, parts_of

_BETWEEN = "\n"  # parts the runs of Chinese characters that are cut in one call
_RARE = re.compile("[^\u4e00-\u9fd5\n]")  # what jieba in Rust may cut otherwise: 〇, and characters that are seldom met
_FILLING = "\ue000\ue000"  # a word that stands in no run of Chinese characters


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut into words, column by column; the same words as `Segmenter.words`."""

    han: list[str]  # the runs of Chinese characters, folded
    places: list[int]  # where each of them begins in the text
    words: list[str]  # the words of all runs, one after another
    long: list[str]  # those of two characters and more
    others: list[Word]  # Latin names, numbers and whole phrases
    counted: list[str]  # a number with the first character of the run that follows without a gap: 2018年

    def search_terms(self) -> list[str]:
        """Return the terms of lexical search: those of `corpus.words.search_terms`, in another order."""
        terms = [*self.long, *"".join(self.han)]
        for run in self.han:
            terms.extend(map(add, run, run[1:]))
        terms.extend(self.counted)
        self._extend(terms)
        return terms

    def embedding_terms(self) -> list[str]:
        """Return what the static model has vectors for: the terms of `corpus.words.embedding_terms`."""
        terms = [*self.words, *"".join(self.long)]
        self._extend(terms)
        return terms

    def _extend(self, terms: list[str]) -> None:
        for other in self.others:
            terms.append(other.folded)
            terms.extend(parts_of(other.folded))

    def edges(self, length: int) -> bytes:
        """Return where words begin and end in the text of this length: one bit a character, and one for the end."""
        marks = np.zeros(length + 1, np.uint8)
        if self.han:
            lengths = np.fromiter(map(len, self.words), np.intp, len(self.words))
            ends = np.cumsum(lengths)  # in the runs one after another
            starts = np.fromiter(accumulate(map(len, self.han[:-1]), initial=0), np.intp)
            run = np.searchsorted(starts, ends) - 1
            marks[ends + (np.asarray(self.places, np.intp) - starts)[run]] = 1
            marks[self.places] = 1
        for other in self.others:
            marks[other.start] = marks[other.end] = 1
        return np.packbits(marks).tobytes()


class BulkSegmenter:
    """Cuts texts as a `Segmenter` does, some nine times as fast.

    Two runs in a million of Chinese news come out otherwise: where two ways that jieba's model sees are equally likely
    (常在 against 常 and 在). benchmarks/README.md, "Settings of an index".
    """

    def __init__(self, segmenter: Segmenter) -> None:
        """Take the segmenter whose word list and rules hold; its dictionary is loaded once more, in 0.1 s."""
        self._segmenter = segmenter
        self._jieba = rjieba.Jieba()
        total = TOTAL
        for word, count, before in segmenter.added():
            self._jieba.add_word(word, count, "")
            total += count - before
        if segmenter.total > total:  # jieba counts a known word twice when it is added; its probabilities hang on it
            self._jieba.add_word(_FILLING, segmenter.total - total, "")

    def cut(self, text: str) -> Cut:
        """Cut a text."""
        return self._cut(text, lambda folded, han, places: self._words(han))

    def cut_again(self, text: str, edges: Sequence[int]) -> Cut:
        """Return what `cut` gave for a text, from the places where words begin and end in it, in order."""

        def words(folded: str, han: Sequence[str], places: Sequence[int]) -> list[str]:
            inside = {place for run, start in zip(han, places, strict=True) for place in range(start, start + len(run))}
            return [folded[one:other] for one, other in pairwise(edges) if one in inside]

        return self._cut(text, words)

    def _cut(self, text: str, cut: Callable[[str, list[str], list[int]], list[str]]) -> Cut:
        folded = fold(text)
        han: list[str] = []
        places: list[int] = []
        others: list[Word] = []
        counted: list[str] = []
        for start, stop in self._between_phrases(folded, others):
            end = others[-1].end if others and others[-1].folded[-1].isdigit() else -1  # of the last number
            for run in RUN.finditer(folded, start, stop):
                at, word = run.start(), run[0]
                if run.lastgroup == "han":
                    han.append(word)
                    places.append(at)
                    if at == end:
                        counted.append(others[-1].folded + word[0])
                else:
                    others.append(Word(word, at, run.end()))
                    end = run.end() if word[-1].isdigit() else -1
        words = cut(folded, han, places) if han else []
        return Cut(han, places, words, [word for word in words if len(word) > 1], others, counted)

    def _between_phrases(self, folded: str, others: list[Word]) -> Iterator[tuple[int, int]]:
        """Yield what stands before, between and after the phrases that are kept whole, and append those to `others`."""
        place = 0
        for phrase in self._segmenter.phrases(folded):
            yield place, phrase.start
            others.append(phrase)
            place = phrase.end
        yield place, len(folded)

    def _words(self, han: Sequence[str]) -> list[str]:
        joined = _BETWEEN.join(han)
        if not _RARE.search(joined):
            return [word for word in self._jieba.cut(joined) if word != _BETWEEN]
        cuts = (self._segmenter.cut_run if _RARE.search(run) else self._jieba.cut for run in han)
        return [word for run, cut in zip(han, cuts, strict=True) for word in cut(run)]
