"""The characters of a printed page, with their places, gathered to runs."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

CJK = re.compile(r"[\u2e80-\uffef]")
_FORMS = {  # printers write a radical or a ligature where one glyph serves it and the ordinary characters
    code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), *range(0xFB00, 0xFB07))
} | str.maketrans(
    # radicals without a compatibility form, after the glyphs that fonts share
    "⺂⺃⺅⺉⺋⺏⺐⺒⺓⺔⺕⺖⺘⺙⺛⺞⺟⺠⺡⺣⺤⺦⺨⺭⺯⺰⺱⺳⺹⺺⺾⻁⻂⻄⻅⻆⻈⻉⻋⻌⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻮⻯⻰⻱⻲⻳",
    "乛乚亻刂㔾尣尢巳幺彑彐忄扌攵旡歺母民氵灬爫丬犭礻糹纟罓㓁耂肀艹虎衤西见角讠贝车辶钅長镸长门阝青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐齿竜龙龜亀龟",
)
_FORMS |= dict.fromkeys((*range(32), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF), "")  # no characters
HYPHEN = "\u00ad"  # one that a line's end made
_FORMS[2] = HYPHEN  # as pdfium writes it


def ordinary(text: str) -> str:
    """Return a text with radicals and ligatures as ordinary characters."""
    return text.translate(_FORMS)


class Tag(NamedTuple):
    """The block that a piece of text belongs to, as the program that made the file says."""

    block: int  # counted on the page, in reading order
    kind: str  # P, H1, LI, TD ...; empty: none
    row: int = 0  # of a table, counted on the page; 0 elsewhere


NO_TAG = Tag(0, "")


class Face(NamedTuple):
    """How the characters of one text object look, and where its baseline begins."""

    size: float
    bold: bool
    fixed: bool  # all letters of the font are equally wide
    turn: int  # quarter turns against the clock; -1: slanted
    x: float
    y: float
    tag: Tag = NO_TAG
    known: bool = True  # its font tells which characters it shows


class Glyph(NamedTuple):
    """One character with its box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    before: str  # a space or a line end between the last character and this one; else empty
    face: Face


class Box(NamedTuple):
    """A rectangle; a drawn line is a thin one."""

    left: float
    bottom: float
    right: float
    top: float

    def turned(self, quarter: int) -> Box:
        """Return it turned with the clock: text that ran at so many quarter turns runs level then."""
        left, bottom, right, top = self
        match quarter:
            case 1:
                return Box(bottom, -right, top, -left)
            case 2:
                return Box(-right, -top, -left, -bottom)
            case 3:
                return Box(-top, left, -bottom, right)
        return self


@dataclass(slots=True)
class Run:
    """A stretch of a line without a gap."""

    text: str
    left: float
    right: float
    base: float
    size: float
    letters: int = 0
    ascii: int = 0
    fixed: int = 0  # of the ascii letters
    bold: int = 0
    tag: Tag = NO_TAG
    breaks: list[tuple[int, float, float]] = field(default_factory=list)  # places in the text with white around

    def cut(self, places: Iterable[float]) -> list[Run]:
        """Return it cut in two or more where white lies around these places; it alone where none does."""
        cuts = [one for one in self.breaks if any(one[1] - 0.5 <= place <= one[2] + 0.5 for place in places)]
        if not cuts:
            return [self]
        starts = [(0, self.left), *((index, right) for index, _, right in cuts)]
        ends = [*((index, left) for index, left, _ in cuts), (len(self.text), self.right)]
        parts = []
        for (start, left), (end, right) in zip(starts, ends, strict=True):
            text = self.text[start:end].strip()
            parts.append(replace(self, text=text, left=left, right=right, letters=len(text), breaks=[]))
        return parts


@dataclass(frozen=True, slots=True)
class Page:
    """The runs and the drawn lines of a page, turned upright."""

    number: int  # from 1
    bottom: float
    top: float
    runs: Sequence[Run]
    rules: Sequence[Box]
    aside: str  # what runs in another direction: stamps, watermarks
    covered: bool  # by pictures
    garbled: bool  # no font tells which characters it shows


def page_of(
    number: int, box: Box, glyphs: Sequence[Glyph], rules: Iterable[Box], *, covered: bool, garbled: bool
) -> Page:
    """Return a page with its characters gathered to runs; a page that lies on its side is turned."""
    turn = Counter(glyph.face.turn for glyph in glyphs).most_common(1)[0][0] if glyphs else 0
    upright = turn == 0 and _is_upright(glyphs)
    quarter = 3 if upright else max(turn, 0)
    rules = [rule.turned(quarter) for rule in rules]
    walls = [rule for rule in rules if rule.top - rule.bottom > rule.right - rule.left]
    gathering = _Gathering(quarter, upright, walls)
    box = box.turned(quarter)
    return Page(
        number=number,
        bottom=box.bottom,
        top=box.top,
        runs=list(gathering.runs(glyph for glyph in glyphs if glyph.face.turn == turn)),
        rules=rules,
        aside="".join(glyph.before + glyph.text for glyph in glyphs if glyph.face.turn != turn),
        covered=covered,
        garbled=garbled,
    )


def _is_upright(glyphs: Sequence[Glyph]) -> bool:
    """Tell whether the lines run from top to bottom, as in old Chinese books."""
    down = across = 0
    for last, glyph in itertools.pairwise(glyphs[:2000]):
        if glyph.before == "\n":
            continue
        if glyph.left < last.right and last.left < glyph.right and glyph.top < (last.bottom + last.top) / 2:
            down += 1
        else:
            across += 1
    return down > across


class _Gathering:
    """Characters on their way into runs; a run ends at a line end, a gap, a drawn line, a new baseline or block."""

    def __init__(self, quarter: int, upright: bool, walls: Sequence[Box]) -> None:
        self._quarter = quarter
        self._upright = upright
        self._walls = walls
        self._sizes: Counter[float] = Counter()

    def runs(self, glyphs: Iterable[Glyph]) -> Iterator[Run]:
        """Yield the runs in the order in which they were drawn."""
        run: Run | None = None
        face: Face | None = None
        base, space = 0.0, False
        for glyph in glyphs:
            if glyph.text.isspace():
                space = True
                continue
            box = Box(*glyph[1:5]).turned(self._quarter)
            if self._upright:
                base = (box.bottom + box.top) / 2
            elif glyph.face is not face:
                base = Box(glyph.face.x, glyph.face.y, glyph.face.x, glyph.face.y).turned(self._quarter).bottom
            face = glyph.face
            if run and (glyph.before == "\n" or self._is_apart(run, box.left, base, face, space)):
                yield self._ended(run)
                run = None
            if run is None:
                run = Run("", box.left, box.right, base, face.size, tag=face.tag)
            else:
                if space or glyph.before or box.left - run.right > 0.15 * face.size:
                    run.breaks.append((len(run.text), run.right, box.left))
                if space or (glyph.before and not _is_narrow(run, box, glyph.text)):
                    run.text += " " * (max(1, round((box.left - run.right) / (0.6 * face.size))) if face.fixed else 1)
            self._add(run, glyph, box, base)
            space = False
        if run:
            yield self._ended(run)

    def _add(self, run: Run, glyph: Glyph, box: Box, base: float) -> None:
        face = glyph.face
        run.text += ordinary(glyph.text)
        run.right = max(run.right, box.right)
        if face.size > 1.2 * run.size:  # what came before was a raised figure
            run.base, run.size = base, face.size
        self._sizes[face.size] += 1
        run.letters += 1
        run.bold += face.bold
        if glyph.text < "\x7f":
            run.ascii += 1
            run.fixed += face.fixed

    def _ended(self, run: Run) -> Run:
        run.size = self._sizes.most_common(1)[0][0]
        self._sizes.clear()
        return run

    def _is_apart(self, run: Run, left: float, base: float, face: Face, space: bool) -> bool:
        size = max(run.size, face.size)
        gap = left - run.right
        return (
            abs(base - run.base) > 0.5 * size
            or gap > (2 if space else 1) * size
            or gap < -1.5 * size
            or face.tag.block != run.tag.block
            or (gap > 0.5 and any(run.right - 1 < w.left < left + 1 and w.bottom < base < w.top for w in self._walls))
        )


def _is_narrow(run: Run, box: Box, text: str) -> bool:
    """Tell whether a gap between two Chinese characters is no space: they were only set wide."""
    return bool(box.left - run.right < 0.6 * run.size and CJK.match(text) and CJK.match(run.text[-1:]))
