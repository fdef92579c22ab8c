"""PDF: the text layer of every page, as pdfium tells it."""

from __future__ import annotations

import ctypes
import itertools
import math
import re
from collections.abc import Iterator, Sequence

import pypdfium2
from pypdfium2 import raw as pdfium

from corpus.draft import Draft
from corpus.errors import UnreadableError
from corpus.formats.pdf.headings import Entry
from corpus.formats.pdf.lines import Line, lines_of
from corpus.formats.pdf.margins import margins
from corpus.formats.pdf.page import NO_TAG, Box, Face, Glyph, Page, Run, Tag, ordinary, page_of
from corpus.formats.pdf.tags import LOST, Tagging
from corpus.formats.pdf.writing import compose

_GARBLED = 0.3  # share of a page's characters that no font explains; a sound text has next to none
_COVERED = 0.5  # share of a page that pictures cover where the page is a scan
_DRAWINGS = 300  # shapes on a page where its text may have been turned into curves
_MOST_DAMAGED = 20  # pages; a file that has more is not read
_TAGGED, _TAGGED_INSIDE = 0.8, 0.4  # share of a page's letters in tagged blocks where its tags are taken
_ASIDE = 0.3  # share of a page's letters, running in another direction, that is no stamp or watermark
_MOST_POINTS = 2000  # of one path: a table's lines have fewer, a drawing has more
_MOST_OBJECTS = 20_000  # of one page
_THIN, _SHORTEST = 3.0, 5.0  # points: what is a line of a table
_FARTHEST = 4e5  # points: what stands farther off, or nowhere, stands on no page
_BOLD = re.compile(r"bold|black|heavy|demi(?!light)", re.IGNORECASE)
_FIXED = re.compile(r"mono|courier|consol|menlo|typewriter|cmtt|sourcecode|firacode", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"(microsoft (word|powerpoint|excel)\b.*|untitled.*|无标题.*|未命名.*|(文档|演示文稿|工作簿|幻灯片) ?\d*"
    r"|(document|presentation|slide|book|sheet) ?\d*|about:.*|(file|https?)://.*"
    r"|.*\.(docx?|pptx?|xlsx?|x?html?|mhtml|od[tps]|fodt|tex|dvi|indd|rtf|txt|md|pdf|wps|cdr|qxd))",
    re.IGNORECASE,
)


def read(data: bytes, *, raw: bool = False) -> Draft:
    """Return the headings, paragraphs, lists and tables of the text layer; a scanned page is noted as dropped."""
    try:
        with pypdfium2.PdfDocument(data) as book:
            return _read(book, raw)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", 0) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise UnreadableError("skip-encrypted") from None
        raise UnreadableError("skip-damaged", reason=str(error)) from None


def _read(book: pypdfium2.PdfDocument, raw: bool) -> Draft:
    pages = list(_pages(book))
    aside: dict[int, list[str]] = {page.number: [] for page in pages}
    apart: set[int] = set()
    for row in [] if raw else margins(pages):
        aside[row.page].append(row.text)
        apart.update(map(id, row.runs))
    lines: list[Line] = []
    scans = []
    for page in pages:
        runs = [run for run in page.runs if id(run) not in apart]
        found = list(_lines(page, runs, aside[page.number], raw))
        if page.garbled or (page.covered and not found):
            scans.append(page.number)
        lines += found
    if not lines and scans:
        raise UnreadableError("skip-garbled" if any(page.garbled for page in pages) else "skip-scan")
    draft = compose(lines, list(_outline(book)), aside, scans, raw=raw)
    title = ordinary(" ".join(book.get_metadata_value("Title").split()))
    if title.isprintable() and not _NO_TITLE.fullmatch(title):
        draft.title = title or draft.title
    return draft


def _lines(page: Page, runs: list[Run], aside: list[str], raw: bool) -> Iterator[Line]:
    """Yield the lines of a page; what its tags count to no block, and what runs in another direction, goes aside."""
    tagged = [run for run in runs if run.tag.kind]
    if not raw and tagged and _are_ornaments([run for run in runs if not run.tag.kind], tagged):
        aside += [run.text for run in runs if not run.tag.kind]
        runs = tagged
    yield from lines_of(page, runs)
    stamps = [text for text in page.aside.split("\n") if text.strip()]
    if raw or len(page.aside) > _ASIDE * _letters(runs):
        yield from (Line(text, page.number, 0.0, 0.0, 0.0, 1.0, row=True) for text in stamps)
    else:
        aside += stamps


def _are_ornaments(runs: list[Run], tagged: list[Run]) -> bool:
    """Tell whether what stands in no block is little, or stands above and below all that does."""
    top, bottom = max(run.base for run in tagged), min(run.base for run in tagged)
    outside = all(run.base > top or run.base < bottom for run in runs)
    return _letters(tagged) > (_TAGGED_INSIDE if outside else _TAGGED) * _letters([*runs, *tagged])


def _letters(runs: list[Run]) -> int:
    return sum(run.letters for run in runs)


def _outline(book: pypdfium2.PdfDocument) -> Iterator[Entry]:
    """Return the entries of the document's outline: page, depth from 0, words."""
    for mark in book.get_toc(max_depth=9):
        if place := mark.get_dest():
            yield Entry((place.get_index() or 0) + 1, mark.level, ordinary(mark.get_title()))


def _pages(book: pypdfium2.PdfDocument) -> Iterator[Page]:
    """Yield the pages; one that is damaged is a page without text."""
    tagging = Tagging()
    damaged = 0
    for index in range(len(book)):
        try:
            page = book[index]
        except pypdfium2.PdfiumError:
            damaged += 1
            if damaged in (len(book), _MOST_DAMAGED):
                raise
            yield page_of(index + 1, Box(0, 0, 1, 1), [], [], covered=True, garbled=False)
            continue
        try:
            yield _page(page, index + 1, tagging)
        finally:
            page.close()  # with all that was taken from it


def _page(page: pypdfium2.PdfPage, number: int, tagging: Tagging) -> Page:
    text = page.get_textpage()
    glyphs = list(_glyphs(text, tagging.tags_of(page)))
    if any(glyph.face.tag is LOST for glyph in glyphs):
        glyphs = list(_glyphs(text, tagging.tags_of(page, whole=True)))
    garbled = sum(map(_is_unexplained, glyphs)) > _GARBLED * len(glyphs)
    rules, covered = _drawn(page)
    box = Box(*page.get_bbox())
    return page_of(number, box, [] if garbled else glyphs, rules, covered=covered, garbled=garbled)


def _is_unexplained(glyph: Glyph) -> bool:
    """Tell whether a character is none: for private use, a control or a replacement."""
    code = ord(glyph.text)
    return (
        not glyph.face.known
        or (code < 32 and code not in (2, 9, 10, 13))
        or 0x7F <= code < 0xA0
        or 0xE000 <= code <= 0xF8FF
        or 0xFFF0 <= code <= 0xFFFF
        or code >= 0xF0000
    )


def _glyphs(text: pypdfium2.PdfTextPage, tags: dict[int, Tag]) -> Iterator[Glyph]:
    """Return the characters of a page; what pdfium makes up between them, a space or a line end, is `before`."""
    unicode_at, object_at, box_at = (
        pdfium.FPDFText_GetUnicode,
        pdfium.FPDFText_GetTextObject,
        pdfium.FPDFText_GetLooseCharBox,
    )
    page, box, address = text.raw, pdfium.FS_RECTF(), ctypes.addressof
    pointer = ctypes.byref(box)
    faces: dict[int, Face] = {}
    look = _Looks(page, tags)
    before, high = "", 0
    for index in range(text.count_chars()):
        code, thing = unicode_at(page, index), object_at(page, index)
        if not thing:
            before = "\n" if code in (10, 13) else before or " "
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800 & 0x3FF) << 10) + code - 0xDC00
        key = address(thing.contents)
        face = faces.get(key)
        if face is None:
            face = faces[key] = look.face(index, thing)
        box_at(page, index, pointer)
        if not (abs(box.left) + abs(box.bottom) + abs(box.right) + abs(box.top) < _FARTHEST):  # nor for nan
            continue
        yield Glyph(chr(code), box.left, box.bottom, box.right, box.top, before, face)
        before = ""


class _Looks:
    """How the text objects of one page look."""

    def __init__(self, page: pdfium.FPDF_TEXTPAGE, tags: dict[int, Tag]) -> None:
        self._page = page
        self._tags = tags
        self._fonts: dict[int, tuple[bool, bool]] = {}
        self._matrix, self._x, self._y = pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()

    def face(self, index: int, thing: pdfium.FPDF_PAGEOBJECT) -> Face:
        """Return the look of a text object whose first character this is, and where its baseline begins."""
        page, matrix = self._page, self._matrix
        pdfium.FPDFText_GetMatrix(page, index, matrix)
        pdfium.FPDFText_GetCharOrigin(page, index, self._x, self._y)
        angle = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
        font = pdfium.FPDFTextObj_GetFont(thing)
        key = ctypes.addressof(font.contents) if font else 0
        if key not in self._fonts:
            self._fonts[key] = _weight_and_pitch(font) if font else (False, False)
        bold, fixed = self._fonts[key]
        mark = pdfium.FPDFPageObj_GetMarkedContentID(thing) if self._tags else -1
        return Face(
            size=pdfium.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d),
            bold=bold or pdfium.FPDFTextObj_GetTextRenderMode(thing) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE,
            fixed=fixed,
            turn=round(angle) % 4 if abs(angle - round(angle)) < 0.03 else -1,
            x=self._x.value if abs(self._x.value) < _FARTHEST else 0.0,
            y=self._y.value if abs(self._y.value) < _FARTHEST else 0.0,
            tag=self._tags.get(mark, LOST) if mark >= 0 else NO_TAG,
            known=pdfium.FPDFText_HasUnicodeMapError(page, index) != 1,
        )


def _weight_and_pitch(font: pdfium.FPDF_FONT) -> tuple[bool, bool]:
    """Tell whether a font is bold and whether all its letters are equally wide."""
    name = ctypes.create_string_buffer(256)
    pdfium.FPDFFont_GetBaseFontName(font, name, 256)
    named = name.value.decode("latin-1")
    return bool(_BOLD.search(named)) or pdfium.FPDFFont_GetWeight(font) >= 600, bool(_FIXED.search(named))


def _drawn(page: pypdfium2.PdfPage) -> tuple[list[Box], bool]:
    """Return the level and upright lines that are drawn on a page, and whether it is a picture if it has no text."""
    rules: list[Box] = []
    covered, drawings = 0.0, 0
    for index in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        thing = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            rules += _lines_of_path(thing)
            drawings += 1
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            sides = [ctypes.c_float() for _ in range(4)]
            if pdfium.FPDFPageObj_GetBounds(thing, *sides):
                left, bottom, right, top = (side.value for side in sides)
                covered += (right - left) * (top - bottom)
    return rules, drawings > _DRAWINGS or covered > _COVERED * page.get_width() * page.get_height()


def _lines_of_path(path: pdfium.FPDF_PAGEOBJECT) -> Iterator[Box]:
    """Yield the lines of a path: thin filled shapes, and level or upright strokes."""
    fill, stroke, matrix = ctypes.c_int(), ctypes.c_int(), pdfium.FS_MATRIX()
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    pdfium.FPDFPageObj_GetMatrix(path, matrix)
    shapes: list[list[tuple[float, float]]] = []
    count = pdfium.FPDFPath_CountSegments(path)
    for index in range(count if count <= _MOST_POINTS else 0):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO or not shapes:
            shapes.append([])
        shapes[-1].append(
            (matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f)
        )
    for points in shapes:
        sides = [_around(points)] if not stroke.value else []
        if stroke.value:
            sides += map(_around, itertools.pairwise([*points, points[0]] if len(points) > 2 else points))
        yield from (side for side in sides if _is_line(side))


def _around(points: Sequence[tuple[float, float]]) -> Box:
    across, up = zip(*points, strict=True)
    return Box(min(across), min(up), max(across), max(up))


def _is_line(box: Box) -> bool:
    width, height = box.right - box.left, box.top - box.bottom
    return min(width, height) <= _THIN and max(width, height) >= _SHORTEST
