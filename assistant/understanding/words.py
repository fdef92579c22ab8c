"""How a text is cut into words, what each was taken for, and where its other names come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.understanding.pack import Pack
from corpus.lexicon import FILES, Line, lines
from corpus.messages import message
from corpus.words import Origin, Word
from index.search import Searcher


@dataclass(frozen=True, slots=True)
class Name:
    """Another name of a word's thing, folded, with the line of the language pack or the document that says so."""

    name: str
    source: str  # a file's path, or a document's id
    line: int | None = None  # of the file, counted from 1; None for a document


@dataclass(frozen=True, slots=True)
class Taken:
    """A word of a text (`text[start:end]`) and what it was taken for."""

    text: str
    start: int
    end: int
    folded: str
    origin: Origin
    aliases: tuple[Name, ...]
    synonyms: tuple[Name, ...]
    least: int  # passages that hold it as a word, in their text, title, aliases or headings
    most: int  # passages that may hold it: a word that the index cut otherwise is not counted exactly


def faults(folders: Sequence[Path]) -> list[tuple[str, Line]]:
    """Return the lines of the language pack that have no effect, each with the catalogue key of the reason."""
    entries = (line for folder in folders for name in FILES for line in lines(folder / name))
    return [(line.fault, line) for line in entries if line.fault]


def explain(text: str, pack: Pack, searcher: Searcher) -> list[Taken]:
    """Return the words of `text`, cut as a question's."""
    segmenter = pack.segmenter(text)
    aliases, synonyms = map(pack.entries, FILES[2:])

    def taken(word: Word) -> Taken:
        titles = [Name(name, d.document) for d in pack.named(word.folded) for name in sorted(d.names - {word.folded})]
        least, most = searcher.held(word.folded)
        return Taken(
            text[word.start : word.end],
            word.start,
            word.end,
            word.folded,
            segmenter.origin(word.folded),
            (*_names(word.folded, aliases), *titles),
            _names(word.folded, synonyms),
            least,
            most,
        )

    return [taken(word) for word in segmenter.words(text)]


def _names(word: str, entries: Iterable[Line]) -> tuple[Name, ...]:
    found = (line for line in entries if word in line.names)
    return tuple(Name(name, str(line.path), line.number) for line in found for name in line.names if name != word)


def as_text(words: Sequence[Taken]) -> str:
    """Return a line a word for a terminal."""
    return "\n".join(map(_line, words)) or message("words-empty")


def _line(word: Taken) -> str:
    parts = [f"{word.start}:{word.end}", word.text, message("words-" + word.origin)]
    if not word.most:
        parts.append(message("words-absent"))
    elif word.least == word.most:
        parts.append(message("words-held", count=word.least))
    else:
        parts.append(message("words-held-about", least=word.least, most=word.most))
    for key, names in (("words-aliases", word.aliases), ("words-synonyms", word.synonyms)):
        if names:
            parts.append(message(key, names=" · ".join(_named(names))))
    return "\t".join(parts)


def _named(names: Sequence[Name]) -> list[str]:
    """Return the names, those of one source together."""
    by_source: dict[tuple[str, int | None], list[str]] = {}
    for name in names:
        by_source.setdefault((name.source, name.line), []).append(name.name)
    return [
        message(
            "words-name",
            name=", ".join(found),
            source=message("words-line", path=source, line=line)
            if line
            else message("words-document", document=source),
        )
        for (source, line), found in by_source.items()
    ]


def as_facts(text: str, words: Sequence[Taken]) -> dict[str, Any]:
    """Return what `assistant words --json` prints."""
    return {"text": text, "words": [_facts(word) for word in words]}


def _facts(word: Taken) -> dict[str, Any]:
    return {
        "text": word.text,
        "start": word.start,
        "end": word.end,
        "folded": word.folded,
        "taken": word.origin,
        "aliases": [{"name": name.name, "source": name.source, "line": name.line} for name in word.aliases],
        "synonyms": [{"name": name.name, "source": name.source, "line": name.line} for name in word.synonyms],
        "passages": {"least": word.least, "most": word.most},
    }
