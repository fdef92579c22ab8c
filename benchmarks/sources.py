"""The shipped documents, and the forms in which other programs take them: a rendering, typed text, tables, sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Template

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import Document
from corpus.draft import Draft, joined
from corpus.formats import markdown
from corpus.splitting import sentences

SHIPPED = Path(__file__).parent.parent / "corpus" / "documents"
PARSER = MarkdownIt("commonmark").enable("table")
PAGE = Template("<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title>$title</title></head>$body</html>\n")
CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True)
class Source:
    """A Markdown file from which the others are made."""

    name: str  # of its file, without the suffix
    number: int
    markdown: str  # without front matter: no other format has a place for other names

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> list[Source]:
        """Read the files of a folder."""
        files = enumerate(sorted(folder.glob("*.md")))
        return [cls(path.stem, number, _without_front(path.read_text(encoding="utf-8"))) for number, path in files]

    @cached_property
    def document(self) -> Document:
        """What the reader of Markdown makes of it."""
        return markdown.read(self.markdown.encode()).document(self.name, named=self.name)

    @cached_property
    def html(self) -> str:
        """Its rendering, headings, lists and tables alone."""
        return str(PARSER.render(self.markdown))

    @cached_property
    def page(self) -> str:
        """Its rendering as a whole page, nothing around it."""
        return PAGE.substitute(title=self.document.title, body=self.html)

    @cached_property
    def typed(self) -> Document:
        """It as a writer without marks types it, with the headings that a reader should find.

        Headings are numbered, 一、 or 1. and below them （1）; items keep the marks of their lists, tabs part cells, a
        blank line stands between two blocks.
        """
        return _typed(self).document(self.name, named=self.name)

    @cached_property
    def titled(self) -> Document:
        """Each section under a title of its own."""
        draft = Draft()
        for path, text in self.parts():
            draft.heading(" ".join(path), 1)
            draft.write(text + "\n")
        return draft.document(self.name, named=self.name)

    @cached_property
    def table(self) -> list[list[str]]:
        """Rows of questions and answers, one a section, or names and what is said of them, a sentence or item each."""
        if self.number % 2:
            return [["问题", "答案"], *([" ".join(path) + "？", text] for path, text in self.parts())]
        rows = [["名称", "方面", "说明"]]
        for path, text in self.parts():
            facts = [path[0], path[-1] if path[1:] else "概述"]
            said = (text[start:end].split("\n") for start, end in sentences(text))
            rows += [[*facts, line] for lines in said for line in lines]
        return rows

    @cached_property
    def tabled(self) -> Document:
        """What the rows of the table say, each for itself; a table has no title."""
        draft = Draft()
        for row in self.table[1:]:
            draft.part()
            draft.line(row[-1])
        return draft.document(self.name, named=self.name)

    def parts(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield each section's path and text."""
        for section in self.document.sections:
            yield section.path, self.document.text[section.start : section.end].rstrip("\n")


def _without_front(text: str) -> str:
    return re.sub(r"\A---\n.*?\n---\n+", "", text, flags=re.DOTALL)


def _typed(source: Source) -> Draft:
    draft = Draft()
    draft.title = source.document.title
    counts, level, marks, row = [0] * 7, 0, list[str](), list[str]()
    for token in PARSER.parse(source.markdown):
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
                counts[level:] = [counts[level] + 1, *[0] * (6 - level)]
            case "list_item_open":
                marks.append("  " * len(marks) + (f"{token.info}. " if token.info else "- "))
            case "list_item_close":
                marks.pop()
            case "bullet_list_close" | "ordered_list_close" if not marks:
                draft.write("\n")
            case "table_close":
                draft.write("\n")
            case "fence":
                draft.write(f"{token.content}\n")
            case "inline" if level:
                words = _number(source, level, counts[level]) + _words(token)
                draft.heading(words, level, written=words + "\n\n")
                level = 0
            case "inline" if not marks and token.level == 4:  # in a table
                row.append(_words(token))
            case "tr_close":
                draft.line("\t".join(row))
                row = []
            case "inline":
                draft.write("".join(marks[-1:]) + _words(token) + ("\n" if marks else "\n\n"))
    return draft


def _number(source: Source, level: int, count: int) -> str:
    if level == 2:
        return f"{count}. " if source.number % 2 else f"{CHINESE[count - 1]}、"
    return "" if level == 1 else f"（{count}）"


def _words(token: Token) -> str:
    """Return the words of a line without its marks."""
    children = token.children or []
    return joined("".join("\n" if child.type == "softbreak" else child.content for child in children).split("\n"))
