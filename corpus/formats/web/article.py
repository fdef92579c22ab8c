"""Which blocks of a web page are its article: what trafilatura takes for it, made whole along the tree.

trafilatura says which words are the article; it leaves out tables, code and short lines of it, and reformats others.
So its words only choose an element of the page, the heart, and all that stands there is kept but what is clearly none.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice, pairwise

from trafilatura import bare_extraction

from corpus.formats.web.roles import is_article, is_called_clutter, is_control, is_main
from corpus.formats.web.tree import Block, Element, Page, name_of

for _name in ("trafilatura", "htmldate", "courlan", "justext"):
    logging.getLogger(_name).addHandler(logging.NullHandler())  # a reader is silent

_MOST = 1_000_000  # characters of a page, and
_MOST_ELEMENTS = 12_000  # of it, that trafilatura is given: it takes too long for more
_SHINGLE = 8  # characters: what a line and the extract must share to be the same words
_SHARED = 0.7  # share of a line's shingles that the extract holds, if the line is in the extract
_FAITH = 2.0  # how much more it costs to leave out a sentence of the extract than to take in other words
_MINOR = 0.3  # share of the extract; an element that holds more is not clutter, whatever it is called
_LARGE = 0.25  # share of the extract; a text as large that stands elsewhere is no clutter
_PROSE = 0.7  # share of sentences in such a text
_LINKED = 0.5  # share of links in what leads elsewhere
_MOST_OF = 0.8  # share of the extract in what a page calls its main part, if that is true
_FEW_LINKS = 0.3  # in what may be a text
_CONTAINERS = frozenset({"body", "div", "section", "article", "main", "td", "form", "center"})
_FRAMES = _CONTAINERS | {"dl", "ul", "table", "tr"}
_SENTENCE = re.compile(r"[。！？!?；]|\.(?:\s|$)")
_SPACE = re.compile(r"[\s|]+")
_Call = tuple[str, str]  # the tag and the class of an element


def chosen(page: Page, root: Element) -> list[bool]:
    """Tell of each block of a page whether it is part of its article; all are where no article is found.

    `root` is the tree that the page was made of; it stays as it is.
    """
    for extract in _extracts(page, root):
        sums = _Sums.of(page.blocks, extract)
        if sums.covered(0, len(page.blocks)):
            kept = _Choice(page, sums).made()
            if any(yes and not block.omitted for yes, block in zip(kept, page.blocks, strict=True)):
                return kept
    return [True] * len(page.blocks)


def _extracts(page: Page, root: Element) -> Iterator[_Extract]:
    """Yield what may be the article's words, the better guess first."""
    small = sum(len(block.words) for block in page.blocks) <= _MOST
    if small and sum(1 for _ in islice(root.iter(), _MOST_ELEMENTS + 1)) <= _MOST_ELEMENTS:
        try:
            found = bare_extraction(root, include_comments=False)
        except MemoryError:
            raise
        except Exception:  # odd pages break it in odd ways: then it has found nothing
            found = None
        yield _Extract(getattr(found, "text", None) or "", is_exact=False)
    yield _Extract("\n".join(_prose(page)), is_exact=True)


def _prose(page: Page) -> Iterator[str]:
    """Yield the lines that are sentences and no links, outside of what is called clutter."""
    length = [0, *accumulate(len(block.words) for block in page.blocks)]
    left_out: list[tuple[int, int]] = []
    for element, (start, end) in page.spans.items():
        if length[end] - length[start] <= _MINOR * length[-1] and is_called_clutter(element):
            while left_out and left_out[-1][0] >= start:  # inside of this one
                left_out.pop()
            left_out.append((start, end))
    for before, after in pairwise([(0, 0), *left_out, (len(page.blocks), 0)]):
        for block in page.blocks[before[1] : after[0]]:
            if block.linked < _FEW_LINKS * len(block.words) and _SENTENCE.search(block.words):
                yield block.words


class _Extract:
    """The words that are taken for the article: its lines, and short strings of it where lines may differ."""

    def __init__(self, text: str, *, is_exact: bool) -> None:
        """Take the words; `is_exact` if each line of them is a line of the page."""
        self._lines = {_SPACE.sub("", line) for line in text.split("\n")}
        whole = "" if is_exact else _SPACE.sub("", text)
        self._shingles = {whole[at : at + _SHINGLE] for at in range(len(whole) - _SHINGLE + 1)}

    def covers(self, words: str) -> bool:
        """Tell whether these words of the page are in it."""
        words = _SPACE.sub("", words)
        count = len(words) - _SHINGLE + 1
        if count < 1 or not self._shingles:
            return words in self._lines
        return sum(words[at : at + _SHINGLE] in self._shingles for at in range(count)) >= _SHARED * count


@dataclass(frozen=True, slots=True)
class _Sums:
    """How many characters stand before each block: of all kinds, of the extract, of links, of sentences."""

    is_covered: list[bool]  # of each block, by the extract
    _all: list[int]
    _covered: list[int]
    _linked: list[int]
    _prose: list[int]

    @classmethod
    def of(cls, blocks: Sequence[Block], extract: _Extract) -> _Sums:
        is_covered = [not block.omitted and extract.covers(block.words) for block in blocks]
        every = [0 if block.omitted else len(block.words) for block in blocks]
        linked = [min(block.linked, length) for block, length in zip(blocks, every, strict=True)]
        free = [length - links for length, links in zip(every, linked, strict=True)]
        prose = [length * bool(_SENTENCE.search(block.words)) for block, length in zip(blocks, free, strict=True)]
        covered = [length * yes for yes, length in zip(is_covered, prose, strict=True)]
        if not any(covered):  # an article without a whole sentence
            covered = [length * yes for yes, length in zip(is_covered, free, strict=True)]
        return cls(is_covered, *(list(accumulate(kind, initial=0)) for kind in (every, covered, linked, prose)))

    def length(self, start: int, end: int) -> int:
        return self._all[end] - self._all[start]

    def covered(self, start: int, end: int) -> int:
        return self._covered[end] - self._covered[start]

    def linked(self, start: int, end: int) -> float:
        """Return the share of links."""
        return (self._linked[end] - self._linked[start]) / max(self.length(start, end), 1)

    def prose(self, start: int, end: int) -> int:
        return self._prose[end] - self._prose[start]


@dataclass(slots=True)
class _Node:
    """An element of the page that holds the blocks from `start` to `end`."""

    element: Element | None  # None of the root, which holds all
    start: int
    end: int
    children: list[_Node] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> _Node:
        """Return the root of the page's elements."""
        done: list[_Node] = []
        for element, (start, end) in page.spans.items():
            if start < end:
                node = cls(element, start, end)
                while done and done[-1].start >= start:
                    node.children.append(done.pop())
                node.children.reverse()
                done.append(node)
        return cls(None, 0, len(page.blocks), done)

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end

    @property
    def call(self) -> _Call | None:
        """What elements are called that may hold or frame a post, each time alike."""
        if self.element is None or not (called := self.element.get("class")):
            return None
        name = name_of(self.element)
        return (name, called) if name in _FRAMES else None

    def walk(self) -> Iterator[_Node]:
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(node.children)

    def loose(self) -> Iterator[int]:
        """Yield the blocks that stand in none of its children."""
        at = self.start
        for child in self.children:
            yield from range(at, child.start)
            at = child.end
        yield from range(at, self.end)


class _Choice:
    """The blocks of a page kept or not, element by element from the outermost."""

    def __init__(self, page: Page, sums: _Sums) -> None:
        self._blocks = page.blocks
        self._sums = sums
        self._root = _Node.of(page)
        self._total = sums.covered(*self._root.span)
        self._first = sums.is_covered.index(True)
        self._last = len(sums.is_covered) - sums.is_covered[::-1].index(True)
        self._heart = max(self._root.walk(), key=self._fit)
        self._main = self._found_main()
        self._frames = self._found_frames()
        self._bodies = self._found_bodies()
        self._starts = sorted(node.start for node in self._root.walk() if self._is_body(node))

    def made(self) -> list[bool]:
        """Return the choice."""
        kept = [self._sums.covered(at, at + 1) > 0 for at in range(self._root.end)]
        waiting = [(self._root, False, False)]
        while waiting:
            node, inside, settled = waiting.pop()
            inside = inside or node is self._heart or self._is_body(node)
            if self._is_doubtful(node, inside) and (inside or not self._holds_body(node)):
                if not self._is_kept(node, inside, settled):
                    kept[node.start : node.end] = [False] * (node.end - node.start)
                    continue
                inside = settled = True
            if inside:
                for at in node.loose():
                    kept[at] = True
            waiting.extend((child, inside, settled) for child in node.children)
        return kept

    def _fit(self, node: _Node) -> float:
        """Return how well an element fits the extract, an F-measure: most of the extract, and little else."""
        if node.element is not None and name_of(node.element) not in _CONTAINERS:
            return -1.0
        return self._sums.covered(*node.span) / (self._sums.length(*node.span) + _FAITH * self._total)

    def _found_main(self) -> tuple[int, int]:
        """Return the span of the one element that the page itself calls its main part; (0, 0) if none is."""
        for is_called in (is_article, is_main):
            spans = [node.span for node in self._root.walk() if is_called(node.element)]
            if len(spans) == 1 and self._sums.covered(*spans[0]) >= _MOST_OF * self._total:
                return spans[0]
        return 0, 0

    def _found_frames(self) -> set[_Call]:
        """Return what is called alike around each of several posts: who wrote it, what can be done with it."""
        places: dict[_Call, list[tuple[int, int]]] = {}
        for node in self._heart.walk():
            if call := node.call:
                places.setdefault(call, []).append(node.span)
        return {call for call, spans in places.items() if len(spans) > 1 and self._is_frame(sorted(spans))}

    def _is_frame(self, spans: list[tuple[int, int]]) -> bool:
        """Tell whether, as a rule, sentences stand between these, but never in them, and they lead somewhere."""
        sums = self._sums
        between = sum(sums.covered(before[1], after[0]) > 0 for before, after in pairwise(spans))
        busy = sum(sums.linked(*span) > 0 or span[1] - span[0] > 2 for span in spans)
        return not any(sums.prose(*span) for span in spans) and 2 * between >= len(spans) - 1 and 2 * busy >= len(spans)

    def _found_bodies(self) -> set[_Call]:
        """Return what the elements are called that hold the sentences: other posts are called alike."""
        found: set[_Call] = set()
        waiting = [(self._heart, self._heart.call)]
        while waiting:
            node, call = waiting.pop()
            call = node.call or call
            if call and any(self._sums.covered(at, at + 1) for at in node.loose()):
                found.add(call)
            waiting.extend((child, call) for child in node.children)
        return found

    def _is_body(self, node: _Node) -> bool:
        return (
            node.call in self._bodies
            and not is_called_clutter(node.element)
            and self._sums.linked(*node.span) < _FEW_LINKS
            and (self._sums.prose(*node.span) > 0 or any(self._sums.is_covered[node.start : node.end]))
        )

    def _holds_body(self, node: _Node) -> bool:
        at = bisect_left(self._starts, node.start)
        return at < len(self._starts) and self._starts[at] < node.end

    def _holds_structure(self, node: _Node) -> bool:
        """Tell whether headings or code stand in an element; the article's header tells who wrote it, and when."""
        if node.element is not None and name_of(node.element) == "header":
            return False
        return any(block.level or "\n" in block.words for block in self._blocks[node.start : node.end])

    def _is_doubtful(self, node: _Node, inside: bool) -> bool:
        """Tell whether nothing of an element is in the extract, or it is called clutter and holds little of it."""
        covered = self._sums.covered(*node.span)
        if not covered or covered >= _MINOR * self._total:
            return not covered
        return is_control(node.element) or (not inside and is_called_clutter(node.element))

    def _is_kept(self, node: _Node, inside: bool, settled: bool) -> bool:
        """Tell whether a doubtful element is kept; `settled` if the element around it, as doubtful, was."""
        if is_control(node.element) or node.call in self._frames:
            return False
        called = is_called_clutter(node.element)
        if settled:
            return not called
        linked, prose, length = (of(*node.span) for of in (self._sums.linked, self._sums.prose, self._sums.length))
        if not inside and self._main[0] <= node.start and node.end <= self._main[1]:
            return not called and linked < _LINKED and (prose > 0 or self._holds_structure(node))
        if not inside:
            return not called and linked < _FEW_LINKS and prose >= max(_PROSE * length, _LARGE * self._total)
        if self._first <= node.start and node.end <= self._last:
            return not called or (linked < _FEW_LINKS and prose >= _PROSE * length)
        return not called
