"""The paragraphs of a part of a Word file, as the document reads with all changes accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.draft import joined
from corpus.formats.office.ooxml import Element, local, value
from corpus.formats.office.styles import PLAIN, Style, Styles, children

_HOLDERS = frozenset({"sdtContent", "customXml", "smartTag", "ins", "moveTo", "txbxContent", "footnote", "endnote"})
_UNSEEN = frozenset(  # deleted, or said of the text and not in it; a ruby's reading stands above the characters
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "rubyPr"}
    | {"pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr"}
)
_MARKS = {
    "tab": " ",
    "ptab": " ",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
}
_IN_FORMULA = {"den": "/", "sup": "^"}  # a fraction and a power in one line
_LONGEST_LABEL = 40  # characters of a cell that holds for several rows
_LINES_OF_CELL = 3  # a cell with more is a column of a page's layout, not a value
_SPACES = re.compile(r"[ \t\xa0]+")
_INVISIBLE = re.compile("[\xad\u200b\u2060\ufeff]")  # where a line may or may not break
_SYMBOL = dict(zip("abgdezhqiklmnxoprstufcyw", "αβγδεζηθικλμνξοπρστυφχψω", strict=True))  # the font's own alphabet
_SYMBOL |= {"D": "Δ", "S": "Σ", "W": "Ω", "\xb3": "≥", "\xa3": "≤", "\xb1": "±", "\xb4": "×", "\xb7": "·", "\xb0": "°"}
_DINGBATS = {
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0xA8): "□",
    ("wingdings", 0x6F): "□",
    ("wingdings 2", 0x50): "✓",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0xA3): "□",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list or a row of a table."""

    words: str
    style: Style = PLAIN  # bold and size: those of all its characters
    plain: bool = False  # in a table, a note or a text box: no heading unless its style says so
    apart: bool = False  # a row, a note or a text box: a line of its own, wherever it stands


@dataclass(slots=True)
class _Paragraph:
    """What is gathered of a paragraph."""

    style: Style
    pieces: list[str] = field(default_factory=list)
    bold: bool = True
    size: int = 0  # the smallest
    shown: list[bool] = field(default_factory=list)  # the open fields: whether what is shown has begun, after the code
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def add(self, text: str, style: Style) -> None:
        """Add characters of a run."""
        if not text or style.hidden or not all(self.shown):
            return
        self.pieces.append(text)
        if not text.isspace():
            self.bold = self.bold and style.bold
            self.size = min(self.size or style.size, style.size)

    def field_mark(self, kind: str | None) -> None:
        """Note where a field's code begins, where it ends, and where what is shown ends."""
        if kind == "begin":
            self.shown.append(False)
        elif self.shown and kind == "separate":
            self.shown[-1] = True
        elif self.shown and kind == "end":
            self.shown.pop()

    @property
    def words(self) -> str:
        """The text without the white space of the layout; code keeps its own."""
        text = _INVISIBLE.sub("", "".join(self.pieces))
        if self.style.code:
            return text.rstrip().strip("\n")
        return "\n".join(_SPACES.sub(" ", line).strip() for line in text.strip().split("\n"))


class Story:
    """Reads the elements of one part of a Word file; `notes` are the footnotes and endnotes by kind and id."""

    def __init__(self, styles: Styles, notes: Mapping[tuple[str, str], Sequence[Block]] | None = None) -> None:
        """Take what the text refers to."""
        self._styles = styles
        self._notes = notes or {}
        self._table: Element | None = None  # of the row before
        self._above: dict[int, list[str]] = {}

    def blocks(self, element: Element) -> Iterator[Block]:
        """Yield what a paragraph, a table, a row or what holds such says, in reading order."""
        match local(element):
            case "p":
                yield from self._paragraph(element)
            case "tbl":
                above: dict[int, list[str]] = {}
                for row in _inside(element, "tr"):
                    yield from self._row(row, above)
            case "tr":
                if element.getparent() is not self._table:
                    self._table, self._above = element.getparent(), {}
                yield from self._row(element, self._above)
            case "sdt":
                yield from self._control(element)
            case "AlternateContent":
                yield from self.blocks_in(_chosen(element))
            case name if name in _HOLDERS:
                yield from self.blocks_in(element)

    def blocks_in(self, element: Element) -> Iterator[Block]:
        """Yield the blocks of all children."""
        for child in element:
            yield from self.blocks(child)

    def _control(self, element: Element) -> Iterator[Block]:
        """Yield the blocks of a content control; Word keeps a table of contents in one."""
        if _is_placeholder(element):
            return
        gallery = next((value(one, "val") or "" for one in element.iterfind("{*}sdtPr//{*}docPartGallery")), "")
        for block in self.blocks_in(element):
            contents = block.style.contents or gallery.lower() == "table of contents"
            yield replace(block, style=replace(block.style, contents=contents))

    def _paragraph(self, element: Element) -> Iterator[Block]:
        style = self._styles.of_paragraph(element.find("{*}pPr"))
        found = _Paragraph(style)
        self._gather(element, style, found)
        yield Block(found.words, replace(style, bold=found.bold and bool(found.pieces), size=found.size))
        for box in found.boxes:
            yield from (replace(block, plain=True, apart=True) for block in self.blocks(box))
        for note in found.notes:
            yield from self._notes.get(note, ())

    def _gather(self, element: Element, style: Style, found: _Paragraph) -> None:
        """Add the words below an element to a paragraph, in the style of its run."""
        for name, child in children(element):
            if name == "t":
                found.add(child.text or "", style)
            elif name == "r":
                self._gather(child, self._styles.of_run(style, child.find("{*}rPr")), found)
            elif name == "AlternateContent":
                self._gather(_chosen(child), style, found)
            elif name == "fldChar":
                found.field_mark(value(child, "fldCharType"))
            elif name == "sym":
                found.add(_symbol(child), style)
            elif name == "txbxContent":
                found.boxes.append(child)
            elif name in {"footnoteReference", "endnoteReference"}:
                found.notes.append((name.removesuffix("Reference"), value(child, "id") or ""))
            elif name not in _UNSEEN and not (name == "sdt" and _is_placeholder(child)):
                mark = _MARKS.get(name) or (_IN_FORMULA.get(name) if _has_text(child) else None)
                found.add(mark or "", style)
                self._gather(child, style, found)

    def _row(self, element: Element, above: dict[int, list[str]]) -> Iterator[Block]:
        """Yield a row as one line, and after it what stands apart; a row of a page's layout block by block.

        `above` holds the values of the row before, by columns: a cell that goes on over several rows holds for each.
        """
        properties = element.find("{*}trPr")
        if properties is not None and properties.find("{*}del") is not None:
            return
        cells: list[list[Block]] = []
        values: list[list[str]] = []
        for column, cell in _columns(element):
            merged = _is_merged(cell, "vMerge")
            cells.append([] if merged else list(self.blocks_in(cell)))
            own = [block.words for block in cells[-1] if block.words and not block.apart]
            values.append(above.get(column, []) if merged else own)
            above[column] = values[-1] if sum(map(len, values[-1])) <= _LONGEST_LABEL else []  # a text is said once
        if len(cells) == 1 or any(len(value) > _LINES_OF_CELL for value in values):
            for cell in cells:
                yield from (replace(block, plain=True) for block in cell)
            return
        words = [joined(line for value in cell for line in value.split("\n")) for cell in values]
        if any(words):
            yield Block(" | ".join(words), plain=True, apart=True)
        for cell in cells:
            yield from (block for block in cell if block.apart)


def _inside(element: Element, wanted: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, those in content controls and changes too."""
    for name, child in children(element):
        if name == wanted:
            yield child
        elif name == "sdt" or name in _HOLDERS:
            yield from _inside(child, wanted)


def _columns(row: Element) -> Iterator[tuple[int, Element]]:
    """Yield the cells of a row with the columns that they begin in."""
    column = 0
    for cell in _inside(row, "tc"):
        if not _is_merged(cell, "hMerge"):
            yield column, cell
        properties = cell.find("{*}tcPr")
        span = None if properties is None else properties.find("{*}gridSpan")
        width = "1" if span is None else value(span, "val") or "1"
        column += int(width) if width.isdecimal() else 1


def _is_merged(cell: Element, way: str) -> bool:
    """Tell whether a cell belongs to the one above it (vMerge) or before it (hMerge)."""
    properties = cell.find("{*}tcPr")
    mark = None if properties is None else properties.find(f"{{*}}{way}")
    return mark is not None and value(mark, "val") in {None, "continue"}


def _is_placeholder(control: Element) -> bool:
    """Tell whether a content control asks for a text that nobody has given."""
    properties = control.find("{*}sdtPr")
    mark = None if properties is None else properties.find("{*}showingPlcHdr")
    return mark is not None and value(mark, "val") in {None, "1", "true", "on"}


def _chosen(alternates: Element) -> Element:
    """Return the first form with a text of a thing that has several: a text box stands in the file as two shapes."""
    forms = [child for name, child in children(alternates) if name in {"Choice", "Fallback"}]
    return next(filter(_has_text, forms), alternates)


def _has_text(element: Element) -> bool:
    return next(element.iter("{*}t"), None) is not None


def _symbol(element: Element) -> str:
    """Return a character of a symbol font, as far as it is a letter or a mark that says something."""
    font = (value(element, "font") or "").lower()
    try:
        code = int(value(element, "char") or "", 16)
    except ValueError:
        return ""
    if not 0xF000 <= code <= 0xF0FF:
        return chr(code) if 0x20 <= code <= 0xFFFF and not 0xD800 <= code < 0xF900 else ""
    if font == "symbol":
        return _SYMBOL.get(chr(code - 0xF000), "")
    return _DINGBATS.get((font, code - 0xF000), "")
