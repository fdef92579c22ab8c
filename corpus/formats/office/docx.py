"""Word files (.docx): what stands in them with all changes accepted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.document import Reason
from corpus.draft import Draft, joined
from corpus.formats.office.ooxml import Element, Package, local, reported, value
from corpus.formats.office.story import Block, Story
from corpus.formats.office.styles import Styles

_WRAPPERS = ("p", "tr", "sdt", "customXml", "ins", "moveTo", "AlternateContent")  # what may stand in the body
_LONGEST_HEADING = 40  # characters of a line that is a heading by its type alone
_MOST_HEADINGS = 0.6  # share of lines; where more look like headings, that is how the text looks
_DEEPEST = 4  # levels of headings that are told by their type
_EARLY = 20  # blocks in which a title stands
_NO_HEADING = re.compile(r"[。！？!?；;，,、…：:.]$|\n")
_NOBODY = re.compile(  # what programs write where the author should stand
    r"(?:微软|windows|default|中国)? ?(?:用户|user|使用者)|admin\w*|python-docx|unknown|author|作者"
    r"|microsoft\b.*|dell|hp|lenovo|acer|asus|thinkpad|apache poi|wps.*|未知|匿名|pc|\W*",
    re.IGNORECASE,
)


def read(data: bytes, *, raw: bool = False) -> Draft:
    """Return the text in the order of the body, notes after the paragraph that refers to them; `raw` also keeps
    headers, footers and tables of contents.
    """
    draft = Draft()
    with reported():
        package = Package(data)
        main = package.main
        styles = Styles.load(package, main)
        headers, footers = _margin(package, main, styles, "header"), _margin(package, main, styles, "footer")
        blocks = list(_body(package, main, styles))
        if not any(block.style.level for block in blocks):
            blocks = _with_headings(blocks)
        _write_margin(draft, headers, raw=raw)
        _write(draft, blocks, raw=raw)
        _write_margin(draft, footers, raw=raw)
        title, author = _properties(package)
        if not draft.title:
            draft.title = _title(blocks, title)
        draft.source = "" if _NOBODY.fullmatch(author) else author
    return draft


def _body(package: Package, main: str, styles: Styles) -> Iterator[Block]:
    """Yield the blocks of the body, read piece by piece: a long document is a hundred megabytes of XML."""
    story = Story(styles, _notes(package, main, styles))
    for element in package.pieces(main, *_WRAPPERS, wanted=_stands_in_body):
        yield from story.blocks(element)


def _stands_in_body(element: Element) -> bool:
    parent = element.getparent()
    if parent is not None and local(parent) == "tbl":  # row by row: a table may be the whole document
        parent = parent.getparent()
    return parent is not None and local(parent) == "body"


def _notes(package: Package, main: str, styles: Styles) -> dict[tuple[str, str], list[Block]]:
    """Return the footnotes and endnotes by kind and id; those with a type are the lines that part them."""
    story = Story(styles)
    notes: dict[tuple[str, str], list[Block]] = {}
    for kind in ("footnote", "endnote"):
        for part in package.related(main, f"{kind}s"):
            for note in package.pieces(part, kind):
                if value(note, "type") in {None, "normal"}:
                    blocks = [replace(block, plain=True, apart=True) for block in story.blocks(note) if block.words]
                    notes[kind, value(note, "id") or ""] = blocks
    return notes


def _margin(package: Package, main: str, styles: Styles, kind: str) -> list[str]:
    """Return the lines of all headers or footers, each once."""
    story = Story(styles)
    parts = (package.tree(part) for part in package.related(main, kind))
    lines = (block.words for root in parts for block in story.blocks_in(root))
    return [line for line in dict.fromkeys(lines) if line]


def _write_margin(draft: Draft, lines: Sequence[str], *, raw: bool) -> None:
    for line in lines:
        if raw:
            draft.line(line)
        else:
            draft.drop(line, Reason.MARGIN)


def _write(draft: Draft, blocks: Sequence[Block], *, raw: bool) -> None:
    """Write the blocks; a title stands above all headings."""
    shift = any(block.style.title and not block.style.level for block in blocks)
    for block in blocks:
        style, words = block.style, block.words
        if style.contents and not raw:
            if words:
                draft.drop(words, Reason.CLUTTER)
        elif style.level:
            draft.heading(joined(words.split("\n")), style.level + shift)
        elif style.title:
            words = joined(words.split("\n"))
            draft.title = draft.title or words
            draft.heading(words, 1)
        else:
            draft.line(words)


def _with_headings(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a document that knows no headings, with the short bold or larger lines before text as such.

    A heading's level is the rank of its size and weight among those of all headings.
    """
    sizes: Counter[int] = Counter()
    for block in blocks:
        sizes[block.style.size] += len(block.words)
    usual = max(sizes, key=lambda size: sizes[size], default=0)
    found = {place for place, block in enumerate(blocks) if _looks_like_heading(block, usual)}
    spoken = [place for place, block in enumerate(blocks) if block.words]
    if len(found) > _MOST_HEADINGS * len(spoken):
        return list(blocks)
    below: int | None = None
    for place in reversed(spoken):  # a heading stands before text, or before one of a lower rank
        if place in found and (below is None or (below in found and _rank(blocks[below]) >= _rank(blocks[place]))):
            found.discard(place)
        below = place
    ranks = sorted({_rank(blocks[place]) for place in found}, reverse=True)
    levels = {rank: min(level, _DEEPEST) for level, rank in enumerate(ranks, start=1)}
    return [
        replace(block, style=replace(block.style, level=levels[_rank(block)])) if place in found else block
        for place, block in enumerate(blocks)
    ]


def _rank(block: Block) -> tuple[int, bool]:
    return block.style.size, block.style.bold


def _looks_like_heading(block: Block, usual: int) -> bool:
    style = block.style
    if block.plain or style.code or style.contents or style.title or not 0 < len(block.words) <= _LONGEST_HEADING:
        return False
    larger = style.size > usual + 1 > 1
    return (larger or (style.bold and style.size >= usual)) and not _NO_HEADING.search(block.words)


def _title(blocks: Sequence[Block], told: str) -> str:
    """Return the title of a document without a line in the title's style: what its properties tell, if it stands near
    the beginning (a template's title stays in all that is made from it), or its first heading of level 1.
    """
    if told and any(told == "".join(block.words.split()) for block in blocks[:_EARLY]):
        return next(block.words for block in blocks if told == "".join(block.words.split()))
    first = next((block.words for block in blocks if block.style.level == 1 and block.words), "")
    return joined(first.split("\n"))


def _properties(package: Package) -> tuple[str, str]:
    """Return the title without white space and the author as the file's properties tell them."""
    title = author = ""
    for relation in package.relations(""):
        if relation.kind == "core-properties" and package.holds(relation.target):
            for element in package.tree(relation.target):
                words = " ".join((element.text or "").split())
                title = words.replace(" ", "") if local(element) == "title" else title
                author = words if local(element) == "creator" else author
    return title, author
