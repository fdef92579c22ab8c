"""Text -> words with offsets (jieba), and the terms that lexical search and the embedding are made of."""

from __future__ import annotations

import functools
import hashlib
import logging
import math
import os
import re
import warnings
from array import array
from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import marisa_trie

from corpus.lexicon import Lexicon, fold

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # jieba's sources hold invalid escape sequences
    import jieba

jieba.setLogLevel(logging.WARNING)  # importing jieba sets DEBUG and a handler on standard error

# A Latin name, number or version: `PyTorch`, `tiny-dnn`, `C++`, `1.0`, `fast.ai`, `3.5%`.
_LATIN = r"[a-z0-9\u00c0-\u024f\u0370-\u04ff]+(?:[.\-_/'&·][a-z0-9\u00c0-\u024f\u0370-\u04ff]+)*(?:\+\+|#|%)?"
_HAN = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
_HAN_ONLY = re.compile(_HAN)
RUN = re.compile(f"(?P<latin>{_LATIN})|(?P<han>{_HAN})|(?P<other>[^\\W_]+)")
_PART = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"v?\d[\d.,/\-]*[%+]?")  # 3.5%, 1.0, v2
TOTAL = 60101967  # the sum of the counts in jieba's dict.txt; tested
_LAYOUT = 2  # of the compiled dictionary's file, which bears it in its name
_VERSIONED = re.compile(r"([^\W\d_]{2,})(\d+(?:\.\d+)+|\d{2,})")  # tensorflow2.0, windows10; caffe2 stays whole


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in the text (`text[start:end]`), and its folded form."""

    folded: str
    start: int
    end: int


class Origin(StrEnum):
    """What a word of a text was taken for."""

    STOP = "stop"  # a function word of the language pack
    PACK = "pack"  # a word or name of the language pack
    TITLE = "title"  # a name that a document's front matter gives it
    NUMBER = "number"
    LATIN = "latin"  # a run of Latin, Greek, Cyrillic or other letters
    DICTIONARY = "dictionary"
    UNKNOWN = "unknown"  # put together by jieba's model, or a character of its own


class _Frequencies(Mapping[str, int]):
    """jieba's word frequencies from a memory-mapped trie, with the user's words laid over them.

    jieba's own dictionary takes 0.65 s to load in every process, this one milliseconds. As in jieba, every
    prefix of a word is present too, with frequency 0.
    """

    def __init__(
        self, trie: marisa_trie.Trie, counts: array[int], added: MutableMapping[str, int] | None = None
    ) -> None:
        self._trie, self._counts = trie, counts
        self.added: MutableMapping[str, int] = {} if added is None else added

    def plain(self) -> _Frequencies:
        """Return the dictionary without added words."""
        return _Frequencies(self._trie, self._counts)

    def extended(self) -> _Frequencies:
        """Return frequencies that further words may be added to while these stay as they are."""
        return _Frequencies(self._trie, self._counts, ChainMap({}, self.added))

    def __contains__(self, word: object) -> bool:
        return word in self.added or word in self._trie

    def __getitem__(self, word: str) -> int:
        if (count := self.get(word)) is None:
            raise KeyError(word)
        return count

    def get(self, word: str, default: int | None = None) -> int | None:  # type: ignore[override]
        if word in self.added:
            return self.added[word]
        key = self._trie.get(word)
        return default if key is None else int(self._counts[key])

    def __setitem__(self, word: str, count: int) -> None:
        self.added[word] = count

    def __iter__(self) -> Iterator[str]:
        yield from self._trie.keys()
        yield from (word for word in self.added if word not in self._trie)

    def __len__(self) -> int:
        return len(self._trie) + sum(word not in self._trie for word in self.added)


def _parse_dictionary(path: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count = line.split(" ")[:2]
        counts[word] = int(count)
        for end in range(1, len(word)):
            counts.setdefault(word[:end], 0)
    return counts


def _load_frequencies(cache: Path | None) -> _Frequencies:
    """Map the compiled dictionary from `cache`, compiling it there first; without a writable cache, in memory."""
    source = Path(jieba.__file__).with_name("dict.txt")
    digest = f"{jieba.__version__}-{source.stat().st_size}-{_LAYOUT}"
    if cache is not None:
        path = cache / f"jieba-{digest}.trie"
        try:
            data = path.read_bytes()
            return _Frequencies(*_unpack(data))
        except (OSError, ValueError, RuntimeError):
            pass  # not compiled yet, or damaged: compile it again
    counts = _parse_dictionary(source)
    trie = marisa_trie.Trie(counts)
    ordered = array("I", bytes(4 * len(counts)))
    for word, count in counts.items():
        ordered[trie[word]] = count
    if cache is not None:
        try:
            cache.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.write_bytes(_pack(trie, ordered))
            fresh.replace(path)
        except OSError:
            pass  # an unwritable cache costs a second at every start, nothing else
    return _Frequencies(trie, ordered)


def _pack(trie: marisa_trie.Trie, counts: array[int]) -> bytes:
    body: bytes = len(counts).to_bytes(4, "little") + counts.tobytes() + trie.tobytes()
    return hashlib.blake2b(body, digest_size=16).digest() + body


def _unpack(data: bytes) -> tuple[marisa_trie.Trie, array[int]]:
    body = data[16:]
    if hashlib.blake2b(body, digest_size=16).digest() != data[:16]:
        raise ValueError("checksum")
    end = 4 + 4 * int.from_bytes(body[:4], "little")
    counts = array("I")
    counts.frombytes(body[4:end])
    return marisa_trie.Trie().frombytes(body[end:]), counts


class Segmenter:
    """Cuts text into words; its fingerprint goes with an index, whose word list cuts the questions too."""

    def __init__(self, lexicon: Lexicon, *, words: Collection[str] | None = None, cache: Path | None = None) -> None:
        """Take the language pack and the folder that may hold the compiled dictionary (None: memory only).

        `words` is the list to cut with, where it is not the pack's: that of an index made before the pack changed.
        """
        self._cache = cache
        self._take(lexicon, frozenset(lexicon.words if words is None else words), _load_frequencies(cache))

    def __reduce__(self) -> tuple[object, ...]:
        return _segmenter, (self.lexicon, self.kept, self._cache)  # for another process

    def _take(self, lexicon: Lexicon, kept: frozenset[str], frequencies: _Frequencies) -> None:
        self.lexicon, self.kept = lexicon, kept
        self._jieba = _tokenizer(frequencies, TOTAL)
        self._phrases = tuple(filter(None, [self._keep(kept)]))

    def _keep(self, words: Iterable[str]) -> re.Pattern[str] | None:
        """Have jieba keep these words whole; return a pattern of those that it never sees in one piece."""
        phrases = []
        for word in sorted(words):
            if is_han(word):
                self._jieba.add_word(word)
            elif not re.fullmatch(_LATIN, word):
                phrases.append(word)  # what neither jieba nor the pattern for Latin names keeps whole
        if not phrases:
            return None
        longest_first = "|".join(sorted(map(re.escape, phrases), key=len, reverse=True))
        # without the first look-ahead a text takes a hundred times as long
        first = re.escape("".join(sorted({phrase[0] for phrase in phrases})))
        return re.compile(f"(?=[{first}])(?<![a-z0-9])(?:{longest_first})(?![a-z0-9])")

    def changed(self, lexicon: Lexicon, words: Collection[str]) -> Segmenter:
        """Return a segmenter for another pack and word list, without loading the dictionary again."""
        other = object.__new__(Segmenter)
        other._cache = self._cache
        other._take(lexicon, frozenset(words), self._jieba.FREQ.plain())
        return other

    def knowing(self, groups: Iterable[frozenset[str]], whole: Iterable[str]) -> Segmenter:
        """Return a segmenter for one question: `groups` name one thing each, the names in `whole` are kept whole.

        It costs microseconds, and this one stays as it is.
        """
        other = object.__new__(Segmenter)
        other.lexicon, other.kept, other._cache = self.lexicon.naming(groups), self.kept, self._cache
        other._jieba = _tokenizer(self._jieba.FREQ.extended(), self._jieba.total)
        other._phrases = tuple(filter(None, [other._keep(whole), *self._phrases]))
        return other

    @property
    def fingerprint(self) -> str:
        """Short digest of all that decides how a text is cut: dictionary, word list, and these rules."""
        return self.fingerprint_with(self.kept)

    def fingerprint_with(self, words: Iterable[str]) -> str:
        """Return the fingerprint that this segmenter would have with another word list."""
        facts = repr((jieba.__version__, TOTAL, sorted(words), RUN.pattern, 1))
        return hashlib.sha256(facts.encode()).hexdigest()[:16]

    def origin(self, word: str) -> Origin:
        """Return what a folded word is taken for."""
        if word in self.lexicon.stopwords:
            return Origin.STOP
        if word in self.kept:
            return Origin.PACK
        if self.lexicon.is_name(word):
            return Origin.TITLE
        if not is_han(word):
            return Origin.NUMBER if _NUMBER.fullmatch(word) else Origin.LATIN
        return Origin.DICTIONARY if self._jieba.FREQ.get(word) else Origin.UNKNOWN

    def parts(self, word: str) -> list[str]:
        """Return the dictionary's words in a folded Chinese word that jieba's model put together, name and version of a
        versioned Latin name, and otherwise the word itself.
        """
        if versioned := _VERSIONED.fullmatch(word):
            return [versioned[1], versioned[2]]
        return list(self._jieba.cut(word, HMM=False)) if is_han(word) and not self._jieba.FREQ.get(word) else [word]

    def rarity(self, word: str) -> float:
        """Return how rare a folded word is in Chinese at large: log(N / (n + 1)), n of N words in jieba's count.

        Latin names and words that the dictionary does not know count as the rarest.
        """
        return math.log(self._jieba.total / (1 + (self._jieba.FREQ.get(word) or 0)))

    @property
    def total(self) -> int:
        """The sum of jieba's counts, as it stands after words were added."""
        return int(self._jieba.total)

    def added(self) -> Iterator[tuple[str, int, int]]:
        """Yield each Chinese word that is kept whole, its count, and the count in jieba's dictionary."""
        plain = self._jieba.FREQ.plain()
        for word in sorted(filter(is_han, self.kept)):
            yield word, self._jieba.FREQ[word], plain.get(word) or 0

    def phrases(self, folded: str) -> list[Word]:
        """Return the words of the list in a folded text that neither jieba nor the pattern for Latin names keeps."""
        found: list[Word] = []
        for pattern in self._phrases:
            found += [Word(phrase[0], phrase.start(), phrase.end()) for phrase in pattern.finditer(folded)]
        return found

    def cut_run(self, run: str) -> list[str]:
        """Cut a folded run of Chinese characters with jieba."""
        return list(self._jieba.cut(run))

    def words(self, text: str) -> list[Word]:
        """Cut `text` into words, in order and without overlap; spaces and punctuation are left out."""
        return list(self._words(fold(text)))

    def _words(self, folded: str) -> Iterator[Word]:
        return self._cut(folded, 0, len(folded), self._phrases)

    def _cut(self, folded: str, start: int, end: int, phrases: Sequence[re.Pattern[str]]) -> Iterator[Word]:
        if not phrases:
            yield from self._runs(folded, start, end)
            return
        first, *others = phrases
        for phrase in first.finditer(folded, start, end):
            yield from self._cut(folded, start, phrase.start(), others)
            yield Word(phrase[0], phrase.start(), phrase.end())
            start = phrase.end()
        yield from self._cut(folded, start, end, others)

    def _runs(self, folded: str, start: int, end: int) -> Iterator[Word]:
        for run in RUN.finditer(folded, start, end):
            if run["han"] is None:
                yield Word(run[0], run.start(), run.end())
                continue
            place = run.start()
            for word in self.cut_run(run[0]):
                yield Word(word, place, place + len(word))
                place += len(word)


def _segmenter(lexicon: Lexicon, words: Collection[str], cache: Path | None) -> Segmenter:
    return Segmenter(lexicon, words=words, cache=cache)


def _tokenizer(frequencies: _Frequencies, total: int) -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ = frequencies
    tokenizer.total = total
    tokenizer.initialized = True
    return tokenizer


def runs(folded: str) -> list[Word]:
    """Return what stands between spaces and punctuation: Latin names and numbers, and Chinese text uncut."""
    return [Word(run[0], run.start(), run.end()) for run in RUN.finditer(folded)]


def stretches(folded: str, *, longest: int) -> Iterator[str]:
    """Return every stretch of a folded text that may be a name: of whole Latin runs and of Chinese characters, at most
    `longest` characters with what stands between them.
    """
    units: list[tuple[int, int]] = []
    for run in runs(folded):
        if is_han(run.folded):
            units.extend((place, place + 1) for place in range(run.start, run.end))
        else:
            units.append((run.start, run.end))
    for first, (start, _) in enumerate(units):
        for _, end in units[first:]:
            if end - start > longest:
                break
            yield folded[start:end]


def search_terms(words: Sequence[Word]) -> list[str]:
    """Return the terms of lexical search: words; single characters and character pairs of Chinese runs, across word
    ends, so that a match never hangs on how a word was cut; Latin names whole and in parts; numbers with their unit.

    Each of these was kept because it finds more (benchmarks/README.md, "Defaults").
    """
    terms: list[str] = []
    run = ""  # the Chinese characters that stand without a gap before the next word
    previous: Word | None = None
    for word in words:
        adjacent = previous is not None and previous.end == word.start
        if is_han(word.folded):
            if adjacent and previous is not None and previous.folded[-1].isdigit():
                terms.append(previous.folded + word.folded[0])  # 2018年, 16000台
            if len(word.folded) > 1:
                terms.append(word.folded)  # a word of two characters counts twice, as a word and as a pair
            if not adjacent:
                terms.extend(_pairs(run))
                run = ""
            run += word.folded
        else:
            terms.extend(_pairs(run))
            run = ""
            terms.append(word.folded)
            terms.extend(parts_of(word.folded))
        previous = word
    terms.extend(_pairs(run))
    return terms


def embedding_terms(words: Sequence[Word]) -> list[str]:
    """Return what the static model has vectors for: words, and the single characters of longer Chinese words."""
    terms: list[str] = []
    for word in words:
        terms.append(word.folded)
        if not is_han(word.folded):
            terms.extend(parts_of(word.folded))
        elif len(word.folded) > 1:
            terms.extend(word.folded)
    return terms


def is_han(word: str) -> bool:
    """Tell whether a folded word is written in Chinese characters."""
    return _HAN_ONLY.fullmatch(word) is not None


def _pairs(run: str) -> Iterator[str]:
    yield from run
    yield from (run[i : i + 2] for i in range(len(run) - 1))


@functools.lru_cache(maxsize=50_000)
def parts_of(token: str) -> tuple[str, ...]:
    """Return the pieces of a Latin name that is worth finding by a piece: `tiny-dnn` -> tiny, dnn."""
    if versioned := _VERSIONED.fullmatch(token):
        return versioned[1], versioned[2]
    pieces = _PART.findall(token)
    if len(pieces) < 2 or token.replace(".", "").isdigit():
        return ()
    return tuple(piece for piece in pieces if len(piece) > 1)
