"""The language pack: words, aliases and stop words that users can edit, and the folding of script, width and case."""

from __future__ import annotations

import copy
import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import opencc

from corpus.errors import InputError

SHIPPED = Path(__file__).parent / "lexicon"
FILES = ("words.txt", "stopwords.txt", "aliases.tsv", "synonyms.tsv")  # of a language pack
_SCRIPTS_APART = re.compile(r"(?<=[a-z0-9]) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=[a-z0-9])")
_GAP = re.compile(r"[,，、;；|=]|[^\S\t]")  # what people write in the place of a tab


class _FoldTable(dict[int, int]):
    """Code point -> folded code point, filled as characters are met; every entry is one character for one.

    Folding context-free and one to one keeps every offset true. What a dictionary-based conversion gains in
    accuracy (乾坤 against 乾燥) is lost on search terms, since documents and questions fold alike.
    """

    def __init__(self) -> None:
        super().__init__()
        self._simplify = opencc.OpenCC("t2s").convert

    def __missing__(self, code: int) -> int:
        character = chr(code)
        narrow = unicodedata.normalize("NFKC", character)
        folded = narrow if len(narrow) == 1 else character
        if code >= 0x2E80 and not 0xD800 <= code <= 0xDFFF:  # lone surrogates would not survive the conversion
            simple = self._simplify(folded)
            folded = simple if len(simple) == 1 else folded
        lower = folded.lower()
        folded = lower if len(lower) == 1 else folded
        self[code] = ord(folded)
        return self[code]


@functools.cache
def _fold_table() -> _FoldTable:
    return _FoldTable()


def fold(text: str) -> str:
    """Return `text` in simplified script, half width and lower case; the length never changes."""
    return text.translate(_fold_table())


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of a language-pack file: one thing's names, or one word."""

    path: Path
    number: int  # counted from 1
    text: str  # as it was written
    names: tuple[str, ...]  # folded, each once

    @property
    def fault(self) -> str:
        """The catalogue key of what keeps this line from taking effect; "" where nothing does."""
        if self.path.suffix != ".tsv":
            return "lexicon-tab" if "\t" in self.text else ""
        if len(self.names) > 1:
            return ""
        return "lexicon-gap" if _GAP.search(self.text) else "lexicon-single"


def lines(path: Path) -> list[Line]:
    """Return the entries of a language-pack file; blank lines and lines that start with `#` are comments.

    A missing file has none; InputError where the file cannot be read or is not UTF-8.
    """
    try:
        if not path.is_file():
            return []
    except PermissionError:
        return []  # a folder that may not be searched holds no pack for this user
    try:
        written = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("lexicon-unreadable", path=path, reason=error) from error
    parted = path.suffix == ".tsv"
    found = []
    for number, line in enumerate(written, start=1):
        if (text := line.strip()) and not text.startswith("#"):
            names = (fold(name.strip()) for name in (text.split("\t") if parted else [text]))
            found.append(Line(path, number, text, tuple(dict.fromkeys(filter(None, names)))))
    return found


@dataclass(frozen=True)
class Lexicon:
    """A language pack in memory; all entries are folded, words may hold spaces."""

    words: frozenset[str]
    stopwords: frozenset[str]
    aliases: tuple[frozenset[str], ...]  # each set names one thing
    synonyms: tuple[frozenset[str], ...] = ()  # each set holds words that may stand for each other
    documents: tuple[frozenset[str], ...] = ()  # names that documents give themselves, as far as a question has them

    @classmethod
    def load(cls, *folders: Path) -> Lexicon:
        """Read words.txt, stopwords.txt, aliases.tsv and synonyms.tsv of each folder; a missing file is empty.

        Lines with a `Line.fault` are left out; InputError where a file cannot be read.
        """
        words, stopwords, aliases, synonyms = (
            [frozenset(line.names) for folder in folders for line in lines(folder / name) if not line.fault]
            for name in FILES
        )
        aliases = [group.union(map(_closed, group)) for group in aliases]
        return cls(frozenset().union(*words, *aliases), frozenset().union(*stopwords), tuple(aliases), tuple(synonyms))

    def naming(self, documents: Iterable[frozenset[str]]) -> Lexicon:
        """Return a pack that knows these sets of names too, for one question."""
        more = copy.copy(self)  # takes along what was looked up: microseconds, however big the pack is
        object.__setattr__(more, "documents", tuple(documents))
        return more

    def is_name(self, word: str) -> bool:
        """Tell whether the folded `word` is one of the names of a thing."""
        return word in self._aliases_of or any(word in group for group in self.documents)

    def other_names(self, word: str) -> tuple[str, ...]:
        """Return what may stand for the folded `word`: other names of the same thing, and synonyms; folded."""
        groups = [*self._aliases_of.get(word, ()), *self._synonyms_of.get(word, ())]
        groups += [group for group in self.documents if word in group]
        return tuple(sorted(frozenset().union(*groups) - {word}))

    @functools.cached_property
    def _aliases_of(self) -> dict[str, list[frozenset[str]]]:
        return _by_name(self.aliases)

    @functools.cached_property
    def _synonyms_of(self) -> dict[str, list[frozenset[str]]]:
        return _by_name(self.synonyms)


def _closed(name: str) -> str:
    """Return a name without the spaces that some writers leave between the scripts: google大脑 for google 大脑."""
    return _SCRIPTS_APART.sub("", name)


def _by_name(groups: Iterable[frozenset[str]]) -> dict[str, list[frozenset[str]]]:
    found: dict[str, list[frozenset[str]]] = {}
    for group in groups:
        for name in group:
            found.setdefault(name, []).append(group)
    return found
