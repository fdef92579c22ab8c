"""The language pack: words, aliases and stop words that users can edit, and the folding of script, width and case."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import opencc

from corpus.errors import InputError

SHIPPED = Path(__file__).parent / "lexicon"


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


def _lines(path: Path) -> list[str]:
    """Return the entries of a language-pack file; blank lines and lines that start with `#` are comments."""
    try:
        if not path.is_file():
            return []
    except PermissionError:
        return []  # a folder that may not be searched holds no pack for this user
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("lexicon-unreadable", path=path, reason=error) from error
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _groups(paths: Iterable[Path]) -> tuple[frozenset[str], ...]:
    groups = (
        frozenset(fold(name.strip()) for name in line.split("\t") if name.strip())
        for path in paths
        for line in _lines(path)
    )
    return tuple(group for group in groups if len(group) > 1)


@dataclass(frozen=True)
class Lexicon:
    """A language pack in memory; all entries are folded, words may hold spaces."""

    words: frozenset[str]
    stopwords: frozenset[str]
    aliases: tuple[frozenset[str], ...]  # each set names one thing
    synonyms: tuple[frozenset[str], ...] = ()  # each set holds words that may stand for each other

    @classmethod
    def load(cls, *folders: Path) -> Lexicon:
        """Read words.txt, stopwords.txt, aliases.tsv and synonyms.tsv of each folder; a missing file is empty."""
        words = {fold(line) for folder in folders for line in _lines(folder / "words.txt")}
        stopwords = {fold(line) for folder in folders for line in _lines(folder / "stopwords.txt")}
        aliases = _groups(folder / "aliases.tsv" for folder in folders)
        synonyms = _groups(folder / "synonyms.tsv" for folder in folders)
        names = {name for group in aliases for name in group}
        return cls(frozenset(words | names), frozenset(stopwords), aliases, synonyms)

    def other_names(self, word: str) -> tuple[str, ...]:
        """Return what may stand for the folded `word`: other names of the same thing, and synonyms; folded."""
        groups = (group for group in (*self.aliases, *self.synonyms) if word in group)
        found = {name for group in groups for name in group if name != word}
        return tuple(sorted(found))
