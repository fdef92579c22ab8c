"""Text -> words with offsets (jieba), and the terms that lexical search and the embedding are made of."""

from __future__ import annotations

import hashlib
import logging
import math
import os
import re
import warnings
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
_RUN = re.compile(f"(?P<latin>{_LATIN})|(?P<han>{_HAN})|(?P<other>[^\\W_]+)")
_PART = re.compile(r"[^\W_]+")
_LAYOUT = 2  # of the compiled dictionary's file, which bears it in its name
_VERSIONED = re.compile(r"([^\W\d_]{2,})(\d+(?:\.\d+)+|\d{2,})")  # tensorflow2.0, windows10; caffe2 stays whole


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in the text (`text[start:end]`), and its folded form."""

    folded: str
    start: int
    end: int


class _Frequencies(Mapping[str, int]):
    """jieba's word frequencies from a memory-mapped trie, with the user's words laid over them.

    jieba's own dictionary takes 0.65 s to load in every process, this one milliseconds. As in jieba, every
    prefix of a word is present too, with frequency 0.
    """

    def __init__(self, trie: marisa_trie.Trie, counts: array[int]) -> None:
        self._trie, self._counts = trie, counts
        self.added: dict[str, int] = {}

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
    """Cuts text into words; documents and questions must be cut alike, so its fingerprint goes with an index."""

    def __init__(self, lexicon: Lexicon, *, cache: Path | None = None) -> None:
        """Take the language pack and the folder that may hold the compiled dictionary (None: memory only)."""
        self.lexicon = lexicon
        self._jieba = jieba.Tokenizer()
        self._jieba.FREQ = _load_frequencies(cache)
        self._jieba.total = 60101967  # the sum of dict.txt's counts; tested
        self._jieba.initialized = True
        phrases = []
        for word in sorted(lexicon.words):
            if is_han(word):
                self._jieba.add_word(word)
            elif not re.fullmatch(_LATIN, word):
                phrases.append(re.escape(word))  # what neither jieba nor the pattern for Latin names keeps whole
        longest_first = sorted(phrases, key=len, reverse=True)
        self._phrase = (
            re.compile("|".join(rf"(?<![a-z0-9]){p}(?![a-z0-9])" for p in longest_first)) if phrases else None
        )

    @property
    def fingerprint(self) -> str:
        """Short digest of all that decides how a text is cut: dictionary, word list, and these rules."""
        facts = repr((jieba.__version__, self._jieba.total, sorted(self.lexicon.words), _RUN.pattern, 1))
        return hashlib.sha256(facts.encode()).hexdigest()[:16]

    def rarity(self, word: str) -> float:
        """Return how rare a folded word is in Chinese at large: log(N / (n + 1)), n of N words in jieba's count.

        Latin names and words that the dictionary does not know count as the rarest.
        """
        return math.log(self._jieba.total / (1 + (self._jieba.FREQ.get(word) or 0)))

    def words(self, text: str) -> list[Word]:
        """Cut `text` into words, in order and without overlap; spaces and punctuation are left out."""
        return list(self._words(fold(text)))

    def _words(self, folded: str) -> Iterator[Word]:
        place = 0
        for phrase in self._phrase.finditer(folded) if self._phrase else ():
            yield from self._runs(folded, place, phrase.start())
            yield Word(phrase[0], phrase.start(), phrase.end())
            place = phrase.end()
        yield from self._runs(folded, place, len(folded))

    def _runs(self, folded: str, start: int, end: int) -> Iterator[Word]:
        for run in _RUN.finditer(folded, start, end):
            if run["han"] is None:
                yield Word(run[0], run.start(), run.end())
                continue
            place = run.start()
            for word in self._jieba.cut(run[0]):
                yield Word(word, place, place + len(word))
                place += len(word)


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
            terms.extend(_parts(word.folded))
        previous = word
    terms.extend(_pairs(run))
    return terms


def embedding_terms(words: Sequence[Word]) -> list[str]:
    """Return what the static model has vectors for: words, and the single characters of longer Chinese words."""
    terms: list[str] = []
    for word in words:
        terms.append(word.folded)
        if not is_han(word.folded):
            terms.extend(_parts(word.folded))
        elif len(word.folded) > 1:
            terms.extend(word.folded)
    return terms


def is_han(word: str) -> bool:
    """Tell whether a folded word is written in Chinese characters."""
    return _HAN_ONLY.fullmatch(word) is not None


def _pairs(run: str) -> Iterator[str]:
    yield from run
    yield from (run[i : i + 2] for i in range(len(run) - 1))


def _parts(token: str) -> list[str]:
    """Return the pieces of a Latin name that is worth finding by a piece: `tiny-dnn` -> tiny, dnn."""
    if versioned := _VERSIONED.fullmatch(token):
        return [versioned[1], versioned[2]]
    pieces = _PART.findall(token)
    if len(pieces) < 2 or token.replace(".", "").isdigit():
        return []
    return [piece for piece in pieces if len(piece) > 1]
