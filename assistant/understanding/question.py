"""What is asked: the question as understood, its kind, and the words in it that carry content."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.understanding.filler import without_fillers
from assistant.understanding.kind import COUNTER, Kind
from assistant.understanding.subject import Subject, subjects
from corpus.lexicon import fold
from corpus.splitting import within
from corpus.words import Segmenter, Word
from index.search import Query

# In lexical search a content word weighs (its rarity / COMMON) ** RARITY_POWER, a function word FUNCTION_WEIGHT;
# benchmarks/README.md, "Defaults".
FUNCTION_WEIGHT = 0.35
SYNONYM_WEIGHT = 0.5  # of a synonym beside the word itself; another name of the same thing weighs as much as it
RARITY_POWER = 1.0
COMMON = 10.0
UNKNOWN = math.log(60_000_000)  # the rarity of a word that no dictionary knows: mostly a name
LONGEST = 500  # characters of a question that are looked at; whatever stands behind them is left out


@dataclass(frozen=True, slots=True)
class Question:
    """A question read: its words as they stand, and among them those that say what is asked about."""

    text: str  # as it was written
    understood: str  # as it is answered
    kind: Kind
    query: Query
    content: tuple[Word, ...]  # without function words
    subjects: tuple[Subject, ...]  # what it is about
    aliases: Mapping[str, tuple[str, ...]]  # other names of words in `content`, all folded
    rarity: Mapping[str, float]  # of the words in `content`, in Chinese writing at large (Segmenter.rarity)
    stopwords: frozenset[str]  # function words, folded: a sentence is told from them as the question was

    @classmethod
    def read(cls, text: str, segmenter: Segmenter, holds: Callable[[str], bool] = lambda word: True) -> Question:
        """Read a question; control characters count as spaces, and what exceeds LONGEST characters is left out.

        `holds` tells whether the documents hold a folded word: one that neither they nor the dictionary know was cut
        wrongly.
        """
        understood = without_fillers(_clean(text)[:LONGEST])
        lexicon = segmenter.lexicon
        folded = fold(understood)
        words = tuple(_recut(segmenter.words(understood), folded, segmenter, holds))
        asking = [found.span() for found in _ASKING.finditer(folded)]
        content = tuple(
            word
            for word in words
            if word.folded not in lexicon.stopwords and not within((word.start, word.end), asking)
        )
        rarity = {word.folded: segmenter.rarity(word.folded) for word in content}
        names = {word: lexicon.other_names(word) for word in rarity}
        weights = {word: (value / COMMON) ** RARITY_POWER for word, value in rarity.items()}
        query = Query(
            understood,
            tuple((word, weights.get(word.folded, FUNCTION_WEIGHT)) for word in words),
            tuple(
                (tuple(segmenter.words(name)), weights[word] * (1.0 if lexicon.is_name(word) else SYNONYM_WEIGHT))
                for word, others in names.items()
                for name in others
            ),
        )
        aliases = {word: others for word, others in names.items() if others}
        about = subjects(folded, content, lambda word: lexicon.is_name(word) or segmenter.rarity(word) >= UNKNOWN)
        return cls(text, understood, Kind.of(folded), query, content, about, aliases, rarity, lexicon.stopwords)


# The words that ask, with their measure words: 哪天, 几倍, 能不能, 这门. What jieba glues to them is cut off.
_ASKING = re.compile(
    rf"[这那]一?个?(?:词|名字|名称|概念|术语|说法)|哪一?(?:{COUNTER}|[里儿些]|(?=[\u4e00-\u9fff])|$)|(?<![好十])几{COUNTER}?"
    rf"|[这那]一?{COUNTER}|[两多]{COUNTER}(?![\u4e00-\u9fff]{{0,1}}[学国])"
    r"|[有为]?何(?=[\u4e00-\u9fff])|([能会要可是有])[不没]\1|可不可以|([\u4e00-\u9fff])不(?=\2)|什么样?的?|怎么样?|为什么|多少"
)

_GLUED = re.compile("([\u4e00-\u9fff]{2,})([是的了叫])")  # what jieba joins, as 全名是
_COMPLEMENT = re.compile(
    "([\u4e00-\u9fff]{1,2}?)(出来|起来|下来|过来|上去|不了|不到|得了|得到|出|过|了|着|到|成|好|完)"
)


def _recut(words: Sequence[Word], text: str, segmenter: Segmenter, holds: Callable[[str], bool]) -> Iterator[Word]:
    """Give the words, those that were cut wrongly in pieces."""
    for word in words:
        if segmenter.lexicon.is_name(word.folded):
            yield word
        elif (glued := _GLUED.fullmatch(word.folded)) and segmenter.rarity(glued[1]) < segmenter.rarity(word.folded):
            yield from _parted(word, len(glued[1]))
        elif holds(word.folded):
            yield word
        else:
            for start, end in itertools.pairwise(sorted({word.start, word.end, *_edges(word, text)})):
                for part in segmenter.parts(text[start:end]):
                    yield from _verb(Word(part, start, start + len(part)), holds)
                    start += len(part)


def _verb(word: Word, holds: Callable[[str], bool]) -> Iterator[Word]:
    """Give a verb and its complement apart, where the documents hold the verb alone: 拼 and 出来."""
    found = _COMPLEMENT.fullmatch(word.folded)
    if found and not holds(word.folded) and holds(found[1]):
        yield from _parted(word, len(found[1]))
    else:
        yield word


def _parted(word: Word, place: int) -> Iterator[Word]:
    yield Word(word.folded[:place], word.start, word.start + place)
    yield Word(word.folded[place:], word.start + place, word.end)


def _edges(word: Word, text: str) -> Iterator[int]:
    """Give the places inside a word where words that ask begin or end."""
    for found in _ASKING.finditer(text, max(word.start - 3, 0), min(word.end + 3, len(text))):
        yield from (place for place in found.span() if word.start < place < word.end)


def _clean(text: str) -> str:
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    return " ".join(visible.split())
