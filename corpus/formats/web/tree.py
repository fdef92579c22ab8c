"""A parsed HTML tree -> its blocks in reading order: the paragraphs, headings, items, rows and code that are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from lxml import etree

from corpus.document import Reason
from corpus.draft import joined

Element: TypeAlias = etree._Element

_BLOCK_NAMES = (
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p"
    " plaintext pre search section select summary table tbody td textarea tfoot th thead tr ul xmp"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_UNSEEN_NAMES = (
    "script style template noscript head title meta link rt rp rtc iframe frame frameset noframes object embed applet"
    " audio video canvas map datalist annotation annotation-xml"
)
_UNSEEN = frozenset(_UNSEEN_NAMES.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LONGEST_HEADING = 200  # characters; more is a heading that was never closed
_CODE = frozenset({"pre", "listing", "xmp", "plaintext"})
_CELLS = frozenset({"td", "th"})
_LAYOUT = frozenset({"table", "article", "section", "form", "blockquote", "dl", *_CODE, *_HEADINGS})  # in no data cell
_LINES_OF_CELL = 3  # a cell with more is a column of a page's layout, not a value
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHOWN_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\f\r\xa0]+")  # an ideographic space is no white space in HTML
_INVISIBLE = re.compile("[\xad\u200b\u2060\ufeff]")  # where a line may or may not break
_FILE_NAME = re.compile(r"\s*[^\s/\\]+\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?|avif|ico)\s*", re.IGNORECASE)
_ANCHOR = re.compile(r"[¶#§🔗\s]+")  # the sign of a link from a heading to itself
_EDIT = "mw-editsection"  # MediaWiki's [edit] inside a heading
_LINE = "\v"  # marks among the words gathered
_CELL = "\x1f"
_NUMBERS = re.compile(r"(?:\d+\s+)+\d+")  # the gutter beside code


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the page, or several where it is code."""

    words: str
    level: int = 0  # of a heading, from 1
    linked: int = 0  # how many characters of it are links
    omitted: Reason | None = None  # why it is no text, where the tree alone tells


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of a tree in reading order, and which of them stand in each element that makes blocks."""

    blocks: list[Block] = field(default_factory=list)
    spans: dict[Element, tuple[int, int]] = field(default_factory=dict)  # half-open; outer elements after inner ones


def shown(root: Element, *, hidden: bool = False) -> Page:
    """Return what a browser shows of the tree below `root`; with `hidden`, also what its styles hide."""
    walk = _Walk(root, hidden)
    walk.run()
    return walk.page


def name_of(element: Element) -> str:
    """Return the tag in lower case without its namespace; empty for a comment or an instruction."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def words_of(element: Element) -> str:
    """Return the words below an element on one line."""
    return " ".join("".join(element.itertext(etree.Element)).split())


class _Walk:
    """One walk through a tree, without recursion: what is open, and the words gathered since the last block."""

    def __init__(self, root: Element, hidden: bool) -> None:
        self.page = Page()
        self._root = root
        self._hidden = hidden
        self._layout = _layout_rows(root)
        self._pieces: list[tuple[str, bool]] = []  # words, with whether they are in a link; or a mark
        self._links = 0  # how many are open
        self._starts: dict[Element, int] = {}  # of the open elements that make blocks
        self._holder: Element | None = None  # an open heading, row or code: one block with all that is in it

    def run(self) -> None:
        """Walk, and fill the page."""
        walk = etree.iterwalk(self._root, events=("start", "end", "comment", "pi"))
        unseen: Element | None = None
        for event, element in walk:
            if event == "start":
                if self._is_seen(element):
                    self._open(element)
                    self._add(element.text)
                else:
                    walk.skip_subtree()
                    unseen = element
                continue
            if event == "end" and element is not unseen:
                self._close(element)
            if element is not self._root:
                self._add(element.tail)
        self._flush()

    def _is_seen(self, element: Element) -> bool:
        """Tell whether an element's words are words of the page; note those that are not, but that a reader sees."""
        name = name_of(element)
        if name in _UNSEEN:
            return False
        if name == "svg":
            self._omit(words_of(element), Reason.PICTURE)
            return False
        if not element.attrib:
            return True
        if name == "a" and self._holder_name() in _HEADINGS and _ANCHOR.fullmatch(words_of(element)):
            return False
        if _EDIT in element.get("class", ""):
            self._omit(words_of(element), Reason.CLUTTER)
            return False
        if name == "span" and element.get("aria-hidden") == "true":  # an icon, the second form of a formula
            return False
        return self._hidden or not _is_hidden(element)

    def _omit(self, words: str, reason: Reason) -> None:
        if words:
            self.page.blocks.append(Block(words, omitted=reason))

    def _holder_name(self) -> str:
        return "" if self._holder is None else name_of(self._holder)

    def _open(self, element: Element) -> None:
        name = name_of(element)
        if name == "a":
            self._links += 1
        elif name == "br":
            self._pieces.append((_LINE, False))
        elif name == "img":
            self._picture(element.get("alt", ""))
        if _is_block(element, name):
            self._break()
            self._starts[element] = len(self.page.blocks)
            row = name == "tr" and element not in self._layout
            if self._holder is None and (row or name in _HEADINGS or name in _CODE):
                self._holder = element

    def _close(self, element: Element) -> None:
        name = name_of(element)
        self._links -= name == "a"
        if (start := self._starts.pop(element, None)) is None:
            return
        if element is self._holder:
            self._end(name)
            self._holder = None
        elif name in _CELLS and self._holder_name() == "tr":
            self._pieces.append((_CELL, False))
        else:
            self._break()
        self.page.spans[element] = (start, len(self.page.blocks))

    def _add(self, text: str | None) -> None:
        if text:
            self._pieces.append((text, self._links > 0))

    def _picture(self, words: str) -> None:
        if _FILE_NAME.fullmatch(words):
            self._omit(words.strip(), Reason.PICTURE)
        else:
            self._add(words)

    def _break(self) -> None:
        """End the line that is open, where a block begins or ends."""
        if self._holder is None:
            self._flush()
        elif self._pieces and not self._pieces[-1][0].endswith(("\n", _LINE, _CELL)):
            self._pieces.append((_LINE, False))

    def _flush(self) -> None:
        """Make blocks of the lines gathered."""
        for line in _parted(self._pieces, _LINE):
            self._emit(_collapsed(_text(line)), linked=_linked(line))
        self._pieces.clear()

    def _emit(self, words: str, *, level: int = 0, linked: int = 0) -> None:
        if words:
            self.page.blocks.append(Block(words, level, linked))

    def _end(self, name: str) -> None:
        """Make one block of a heading, a row or code that ends."""
        linked = _linked(self._pieces)
        if name in _CODE:
            self._end_code()
        elif name == "tr":
            cells = [" ".join(_lines(cell)) for cell in _parted(self._pieces, _CELL)]
            self._emit(" | ".join(cells) if any(cells) else "", linked=linked)
        elif len(words := joined(_lines(self._pieces))) <= _LONGEST_HEADING:
            self._emit(words, level=_HEADINGS[name], linked=linked)
        else:
            self._flush()
        self._pieces.clear()

    def _end_code(self) -> None:
        text = _text(self._pieces).replace(_LINE, "\n").replace("\xa0", " ")
        text = _INVISIBLE.sub("", text.replace("\r\n", "\n")).strip("\n").rstrip()
        if _NUMBERS.fullmatch(text) and _is_count(text.split()):
            self._omit(text, Reason.CLUTTER)
        else:
            self._emit(text if text.strip() else "")


def _is_block(element: Element, name: str) -> bool:
    return name in _BLOCKS or bool(_SHOWN_AS_BLOCK.search(element.get("style", "")))


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")))


def _is_count(numbers: list[str]) -> bool:
    first = int(numbers[0][:9])
    return numbers == [str(number) for number in range(first, first + len(numbers))]


def _text(pieces: list[tuple[str, bool]]) -> str:
    return "".join(piece for piece, _ in pieces)


def _linked(pieces: list[tuple[str, bool]]) -> int:
    return sum(len(piece.strip()) for piece, linked in pieces if linked)


def _parted(pieces: list[tuple[str, bool]], mark: str) -> list[list[tuple[str, bool]]]:
    """Return the pieces between the marks; nothing for what follows the last mark if it has no words."""
    parts: list[list[tuple[str, bool]]] = [[]]
    for piece in pieces:
        if piece[0] == mark:
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts if _text(parts[-1]).strip() else parts[:-1]


def _lines(pieces: list[tuple[str, bool]]) -> list[str]:
    """Return the lines that have words."""
    return [words for line in _text(pieces).split(_LINE) if (words := _collapsed(line))]


def _collapsed(text: str) -> str:
    """Return the text with white space collapsed: no space for a line's end between two Chinese characters."""
    lines = (line.strip(" ") for line in _SPACES.sub(" ", _INVISIBLE.sub("", text)).split("\n"))
    return joined(line for line in lines if line)


def _layout_rows(root: Element) -> set[Element]:
    """Return the rows of tables whose cells hold blocks: there the table only arranges the page."""
    found: set[Element] = set()
    cells: list[_Cell] = []  # that are open
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        name = name_of(element)
        if event == "start":
            if cells:
                cells[-1].meet(name)
            if name in _CELLS:
                cells.append(_Cell())
            if cells and name not in _UNSEEN:
                cells[-1].add(element.text)
            continue
        if cells and name in _CELLS and (cells.pop().is_layout or _is_alone(element)):
            found.add(element.getparent())
        if cells:
            cells[-1].meet(name)
            cells[-1].add(element.tail)
    return found


def _is_alone(cell: Element) -> bool:
    return cell.getprevious() is None and cell.getnext() is None


@dataclass(slots=True)
class _Cell:
    """What has been seen of a table's cell."""

    lines: int = 0
    is_layout: bool = False
    _fresh: bool = True  # no words since a block began or ended

    def meet(self, name: str) -> None:
        """Take in the start or the end of an element."""
        self._fresh = self._fresh or name in _BLOCKS or name == "br"
        self.is_layout = self.is_layout or name in _LAYOUT

    def add(self, text: str | None) -> None:
        """Take in words."""
        if self._fresh and text and not text.isspace():
            self._fresh = False
            self.lines += 1
            self.is_layout = self.is_layout or self.lines > _LINES_OF_CELL
