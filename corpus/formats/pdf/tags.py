"""The tags of a PDF: which block of the text a piece of a page belongs to."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2
from pypdfium2 import raw as pdfium

from corpus.formats.pdf.page import NO_TAG, Tag

LOST = Tag(-1, "")  # of what is marked but was not found in the tree
_DEEPEST = 60  # nested tags; what lies deeper belongs to the block around it
_WIDE = 300  # children: one that has more holds the blocks of many pages, and a page's lie together there
_MOST_VISITS = 2_000_000  # of elements, in looking for what does not lie together: about a second
_BLOCKS = frozenset(("P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Caption", "Note", "TOCI", "Title", "Formula"))
_CELLS = frozenset(("TD", "TH"))


class Tagging:
    """The tree of tags of one document, walked page after page."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}  # depth -> the last child of the page before
        self._visits = 0

    def tags_of(self, page: pypdfium2.PdfPage, *, whole: bool = False) -> dict[int, Tag]:
        """Return the marked contents of a page with their blocks; `whole`: look at the tree from end to end."""
        if whole and self._visits > _MOST_VISITS:
            return {}
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        if not tree:
            return {}
        walk = _Walk(self, whole)
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            walk.enter(pdfium.FPDF_StructTree_GetChildAtIndex(tree, index), NO_TAG, 0)
        pdfium.FPDF_StructTree_Close(tree)
        return walk.tags

    def children(self, element: pdfium.FPDF_STRUCTELEMENT, depth: int, whole: bool) -> Iterator[int]:
        """Yield the places of an element's children that may stand on the page."""
        count = pdfium.FPDF_StructElement_CountChildren(element)
        if count <= _WIDE or whole:
            self._visits += count * whole
            yield from range(count)
            return
        start = max(0, self._places.get(depth, 0) - _WIDE)
        found, missed = 0, 0
        for index in (*range(start, count), *range(start)):
            if _is_there(element, index):
                self._places[depth] = index
                found, missed = found + 1, 0
                yield index
            else:
                missed += 1
                if found and missed > _WIDE:
                    return


def _is_there(element: pdfium.FPDF_STRUCTELEMENT, index: int) -> bool:
    return (
        bool(pdfium.FPDF_StructElement_GetChildAtIndex(element, index))
        or pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index) >= 0
    )


class _Walk:
    """One page's way through the tree, which counts blocks and rows in reading order."""

    def __init__(self, tagging: Tagging, whole: bool) -> None:
        self.tags: dict[int, Tag] = {}
        self._tagging = tagging
        self._whole = whole
        self._blocks = 0
        self._rows = 0
        self._item = NO_TAG  # a list's item that has no words yet but its number

    def enter(self, element: pdfium.FPDF_STRUCTELEMENT, tag: Tag, depth: int) -> None:
        """Take in an element that stands in the block `tag`."""
        if not element or depth > _DEEPEST:
            return
        kind = _kind(element)
        if kind == "TR":
            self._rows += 1
            tag = Tag(tag.block, "TR", self._rows)
        elif kind == "LI" or (kind in _BLOCKS and not tag.row) or (kind in _CELLS and tag.kind == "TR"):
            if kind == "LI" or tag is NO_TAG or tag is not self._item:
                tag = self._next(kind, tag.row)
            self._item = tag if kind == "LI" else NO_TAG
        for index in self._tagging.children(element, depth, self._whole):
            content = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if content < 0:
                self.enter(pdfium.FPDF_StructElement_GetChildAtIndex(element, index), tag, depth + 1)
                continue
            tag = tag if tag.kind else self._next(kind)  # a program's lines stand in no block of their own
            self.tags[content] = tag
            if kind != "Lbl":
                self._item = NO_TAG

    def _next(self, kind: str, row: int = 0) -> Tag:
        self._blocks += 1
        return Tag(self._blocks, kind, row)


def _kind(element: pdfium.FPDF_STRUCTELEMENT) -> str:
    name = ctypes.create_string_buffer(64)
    size = pdfium.FPDF_StructElement_GetType(element, name, 64)
    return name.raw[: max(0, min(size, 64) - 2)].decode("utf-16-le", "replace")
