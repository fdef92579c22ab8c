"""What the styles of a Word file say of its paragraphs: headings, the title, a table of contents, code, type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.formats.office.ooxml import Element, Package, local, value

BODY = 9  # the outline level of what is no heading

_HEADING = re.compile(r"(?:heading|标题|標題) *([1-9])")  # Word writes its own styles' names in English, WPS too
_TITLE = re.compile(r"title|标题|標題")
_CONTENTS = re.compile(r"(?:toc|contents|目录|目錄) *(?:[1-9]|heading|标题)?|table of figures|index(?: \d| heading)?")
_CODE = re.compile(r"preformatted|code|代码|源码|程式碼|预设格式|verbatim")
_ON = frozenset({None, "1", "true", "on"})


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph or a run is, as far as its style and those that it is based on tell."""

    level: int = 0  # of a heading, from 1
    title: bool = False
    contents: bool = False
    code: bool = False
    bold: bool = False
    size: int = 0  # half-points; 0: not told
    hidden: bool = False


PLAIN = Style()


class Styles:
    """The styles of a file, by their ids."""

    def __init__(self, root: Element | None) -> None:
        """Take the root of the styles part, if there is one."""
        every = [] if root is None else list(root.iter("{*}style"))
        self._elements = {value(one, "styleId"): one for one in every}
        defaults = [] if root is None else list(root.iter("{*}rPrDefault"))
        self._plain = shaped(PLAIN, defaults[0].find("{*}rPr")) if defaults else PLAIN
        self._known: dict[str | None, Style] = {}
        default = (one for one in every if value(one, "type") == "paragraph" and value(one, "default") in {"1", "true"})
        self._default = next((value(one, "styleId") for one in default), None)

    @classmethod
    def load(cls, package: Package, main: str) -> Styles:
        """Read the styles of a document."""
        return cls(next((package.tree(part) for part in package.related(main, "styles")), None))

    def of_paragraph(self, properties: Element | None) -> Style:
        """Return what a paragraph with these properties (`w:pPr`) is."""
        named = None if properties is None else child_value(properties, "pStyle")
        style = self.named(named or self._default)
        return style if properties is None else _outlined(style, properties)

    def of_run(self, style: Style, properties: Element | None) -> Style:
        """Return what a run with these properties (`w:rPr`) is, in a paragraph of a style."""
        if properties is None:
            return style
        if named := child_value(properties, "rStyle"):
            own = self.named(named)
            size = style.size if own.size == self._plain.size else own.size
            style = replace(style, bold=style.bold or own.bold, hidden=style.hidden or own.hidden, size=size)
        return shaped(style, properties)

    def named(self, id: str | None) -> Style:
        """Return the style of an id; plain text where there is none."""
        chain: list[Element] = []
        while id is not None and id not in self._known and id in self._elements:
            element = self._elements[id]
            if element in chain:  # based on itself
                break
            chain.append(element)
            id = child_value(element, "basedOn")
        style = self._known.get(id, self._plain)
        for element in reversed(chain):
            style = self._known[value(element, "styleId")] = _refined(style, element)
        return style


def _refined(style: Style, element: Element) -> Style:
    """Return what a style makes of the one that it is based on."""
    if value(element, "type") == "paragraph":
        name = (child_value(element, "name") or "").lower().strip()
        properties = element.find("{*}pPr")
        if properties is not None:
            style = _outlined(style, properties)
        for words in (name, (value(element, "styleId") or "").lower()):
            if found := _HEADING.fullmatch(words):
                style = replace(style, level=int(found[1]))
            elif _TITLE.fullmatch(words):
                style = replace(style, title=True)
            elif _CONTENTS.fullmatch(words):
                style = replace(style, contents=True, level=0)
            elif _CODE.search(words):
                style = replace(style, code=True)
    return shaped(style, element.find("{*}rPr"))


def _outlined(style: Style, properties: Element) -> Style:
    told = child_value(properties, "outlineLvl") or ""
    if not told.isdecimal():
        return style
    return replace(style, level=int(told) + 1 if int(told) < BODY else 0)


def shaped(style: Style, properties: Element | None) -> Style:
    """Return a style with the type that properties of a run (`w:rPr`) give it."""
    for one in () if properties is None else properties:
        match local(one):
            case "b":
                style = replace(style, bold=value(one, "val") in _ON)
            case "vanish":
                style = replace(style, hidden=value(one, "val") in _ON)
            case "sz" if (size := value(one, "val") or "").isdecimal():
                style = replace(style, size=int(size))
    return style


def child_value(element: Element, name: str) -> str | None:
    """Return the `w:val` of a child of this name."""
    found = element.find(f"{{*}}{name}")
    return None if found is None else value(found, "val")


def children(element: Element) -> Iterator[tuple[str, Element]]:
    """Yield the children with their names."""
    for child in element:
        if name := local(child):
            yield name, child
