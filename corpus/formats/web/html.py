"""HTML and XHTML: the article of a saved web page, with its title, author, date and address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from corpus.document import Reason
from corpus.draft import Draft
from corpus.errors import UnreadableError
from corpus.formats.web.article import chosen
from corpus.formats.web.markup import parsed, text_of_page
from corpus.formats.web.tree import Block, Element, Page, shown, words_of

_SAVED_FROM = re.compile(  # what browsers, and the extension SingleFile, write at the top
    r"<!--\s*(?:saved from url=\(\d+\)|page saved with singlefile\s+url:)\s*(https?://\S+)", re.IGNORECASE
)
_TOP = 2000  # characters
_LONGEST_TITLE = 500
_SITE = re.compile(r"\s*(?:--+|[_|｜—–·•»«›]+|\s-\s)\s*")  # between a page's title and its site's name
_DATE = re.compile(r"((?:19|20)\d\d)\s*[-/.年]\s*(0?[1-9]|1[0-2])\s*[-/.月]\s*(0?[1-9]|[12]\d|3[01])(?!\d)")
_AUTHOR = re.compile(r"(?:作者|撰文|文)\s*[:：/／]\s*([^\s:：,，;；|｜/()（）【】\d]{2,20})")
_SHORT = 80  # characters; in a longer line a date or a name means something else
_NEAR = 10  # blocks around the article's beginning in which its date and author stand
_LITTLE = 200  # characters; a page that shows fewer than it hides waits for a script to show the rest
_TITLES = ("og:title", "twitter:title")
_AUTHORS = ("author", "article:author", "dc.creator")
_DATES = ("article:published_time", "og:published_time", "datepublished", "publishdate", "pubdate", "dc.date", "date")


def read(data: bytes, *, raw: bool = False) -> Draft:
    """Return the article of a page; with `raw`, all that the page shows."""
    return draft_of(text_of_page(data), raw=raw)


def draft_of(text: str, *, address: str = "", raw: bool = False) -> Draft:
    """Return the article of a page that was at this address, if it tells no other."""
    root = parsed(text)
    page = _visible(root)
    if all(block.omitted for block in page.blocks):
        raise UnreadableError("skip-empty")
    kept = chosen(page, root)
    said = _said(root)
    near = _near(page.blocks, kept)
    saved = _SAVED_FROM.search(text[:_TOP])
    author = _first(said, _AUTHORS) or _linked_author(root) or _found(_AUTHOR, near)
    draft = Draft()
    draft.title = _title(root, said, page.blocks, kept)
    draft.date = next(filter(None, map(_day, [_first(said, _DATES), *_times(root), *near])), "")
    draft.source = "，".join(filter(None, (author, said.get("address") or (saved[1] if saved else "") or address)))
    _fill(draft, page.blocks, kept, raw=raw)
    return draft


def _visible(root: Element) -> Page:
    page = shown(root)
    if _length(page) < _LITTLE:
        whole = shown(root, hidden=True)
        if _length(whole) > _LITTLE:
            return whole
    return page


def _length(page: Page) -> int:
    return sum(len(block.words) for block in page.blocks if not block.omitted)


def _fill(draft: Draft, blocks: Sequence[Block], kept: Sequence[bool], *, raw: bool) -> None:
    """Write what is kept, and note what is not; the title is a heading, wherever on the page it stands."""
    place = _place_of_title(blocks, kept, draft.title)
    for at, (block, keep) in enumerate(zip(blocks, kept, strict=True)):
        if block.omitted is Reason.PICTURE or not (raw or at == place or (keep and not block.omitted)):
            draft.drop(block.words, block.omitted or Reason.CLUTTER)
        elif at == place:
            draft.heading(block.words, block.level if keep and block.level else 1)
        elif block.level:
            draft.heading(block.words, block.level)
        else:
            draft.line(block.words)


def _place_of_title(blocks: Sequence[Block], kept: Sequence[bool], title: str) -> int:
    """Return the place of the title's block, at the article's beginning or before it; -1 if there is none."""
    first = kept.index(True)
    places = [at for at, block in enumerate(blocks[: first + 1]) if block.words == title and not block.omitted]
    return max(places, key=lambda at: (at == first, blocks[at].level > 0, at), default=-1)


# -- what a page tells about itself


def _said(root: Element) -> dict[str, str]:
    """Return what the page's head says, by name in small letters; its own address as `address`."""
    said: dict[str, str] = {}
    for meta in root.iter("meta"):
        for key in ("name", "property", "itemprop"):
            if (name := meta.get(key)) and (content := _one_line(meta.get("content", ""))):
                said.setdefault(name.strip().lower(), content)
    for entry in _linked_data(root):
        author = entry.get("author")
        author = author[0] if isinstance(author, list) and author else author
        told = {
            "og:title": entry.get("headline"),
            "author": author.get("name") if isinstance(author, dict) else author,
            "article:published_time": entry.get("datePublished"),
        }
        for name, value in told.items():
            if isinstance(value, str) and value.strip():
                said.setdefault(name, _one_line(value))
    addresses = [link.get("href", "") for link in root.iter("link") if link.get("rel", "").lower() == "canonical"]
    addresses.append(said.get("og:url", ""))
    said["address"] = next((one.strip() for one in addresses if re.match(r"\s*https?://\S+\s*$", one)), "")
    return said


def _linked_data(root: Element) -> Iterator[dict[str, object]]:
    """Yield the entries of the page's JSON-LD that tell a headline."""
    for script in root.iter("script"):
        if "ld+json" not in script.get("type", ""):
            continue
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        entries = found.get("@graph", [found]) if isinstance(found, dict) else found
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and "headline" in entry:
                yield entry


def _first(said: dict[str, str], names: Sequence[str]) -> str:
    return next((said[name] for name in names if name in said), "")


def _linked_author(root: Element) -> str:
    found = (words_of(link) for link in root.iter("a") if link.get("rel", "").lower() == "author")
    return next(filter(None, found), "")


def _times(root: Element) -> Iterator[str]:
    yield from (time.get("datetime", "") for time in root.iter("time"))


def _near(blocks: Sequence[Block], kept: Sequence[bool]) -> list[str]:
    """Return the short lines around the article, the nearest before its beginning first."""
    first, last = kept.index(True), len(kept) - list(reversed(kept)).index(True)
    before = list(reversed(blocks[max(0, first - _NEAR) : first]))
    around = [*before, *blocks[first : first + 3], *blocks[last : last + 3]]
    return [block.words for block in around if len(block.words) <= _SHORT]


def _day(text: str) -> str:
    """Return the first date of a text as 2019-03-21; empty if there is none."""
    found = _DATE.search(text)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else ""


def _found(pattern: re.Pattern[str], lines: Sequence[str]) -> str:
    return next((found[1] for line in lines if (found := pattern.search(line))), "")


def _title(root: Element, said: dict[str, str], blocks: Sequence[Block], kept: Sequence[bool]) -> str:
    """Return the title as it stands on the page, else as the page's head says it, without the site's name."""
    whole = next((_one_line(words_of(title)) for title in root.iter("title")), "")
    told = [title[:_LONGEST_TITLE] for title in (_first(said, _TITLES), whole) if title]
    lines = {block.words for block in blocks if not block.omitted}
    for title in told:
        if found := next((part for part in _beginnings(title) if part in lines), ""):
            return found
    outermost = [block.words for block in blocks if block.level == 1]
    if len(outermost) == 1:
        return outermost[0]
    own = next((block.words for block, keep in zip(blocks, kept, strict=True) if keep and block.level == 1), "")
    return own or (list(_beginnings(told[0]))[-1] if told else "")


def _beginnings(title: str) -> Iterator[str]:
    """Yield a title whole, then without its site's name: cut at each mark, the last one first."""
    yield title
    cuts = [found.start() for found in _SITE.finditer(title)]
    yield from (title[:cut] for cut in reversed(cuts) if cut)


def _one_line(text: str) -> str:
    return " ".join(text.split())
