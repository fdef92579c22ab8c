"""Markdown, with front matter."""

from __future__ import annotations

import re

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.draft import Draft, joined
from corpus.encoding import text_of

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)??---[ \t]*(?:\n|\Z)", re.DOTALL)
_DEEPEST = 200  # nested quotes and lists; what lies deeper is lost, and Markdown's own limit of 20 is ten lists deep
_TAG = re.compile(r"<[^<>]*>")
_FOOTNOTE = re.compile(r"^( {0,3})\[\^", re.MULTILINE)  # CommonMark takes it for a link's address and drops it


def read(data: bytes, *, raw: bool = False) -> Draft:
    """Return the words of a page without its marks, and what its front matter tells."""
    source = text_of(data)
    front: dict[str, object] = {}
    if found := _FRONT_MATTER.match(source):
        try:
            loaded = yaml.load(found[1] or "", yaml.BaseLoader)  # text alone: 1.10 and a date stay as written
        except (yaml.YAMLError, RecursionError):
            loaded = None  # no front matter then: it stays in the text, nothing is lost
        if isinstance(loaded, dict):
            front, source = loaded, source[found.end() :]
    draft = Draft()
    _add(draft, _parsed(source))
    aliases = front.get("aliases")
    draft.title = _line(front.get("title")) or draft.title
    draft.aliases = tuple(filter(None, map(_line, aliases if isinstance(aliases, list) else [aliases])))
    draft.source = _line(front.get("source"))
    draft.date = _line(front.get("date"))
    return draft


def _parsed(source: str) -> list[Token]:
    source = _FOOTNOTE.sub(r"\1\\[^", source)
    return MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").parse(source)


def _line(value: object) -> str:
    """Return a front-matter value on one line; empty for what is no text, with ? for what is no character."""
    return " ".join(value.encode("utf-8", "replace").decode().split()) if isinstance(value, str) else ""


def _add(draft: Draft, tokens: list[Token]) -> None:
    """Append the blocks of a parsed page."""
    row: list[str] = []
    cell = False
    level = 0
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = 0
            case "tr_open":
                row = []
            case "tr_close":
                draft.line(" | ".join(row))
            case "th_open" | "td_open":
                cell = True
            case "inline" if cell:
                row.append(_inline(token))
                cell = False
            case "inline":
                words = _inline(token)
                if level:
                    draft.title = draft.title or (words if level == 1 else "")
                    draft.heading(words, level)
                else:
                    draft.line(words)
            case "fence" | "code_block":
                draft.line(token.content.rstrip("\n"))
            case "html_block":
                draft.line(_TAG.sub("", _without_comments(token.content)).strip())


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return first + "".join(
        behind if end else "<!--" + rest for rest in others for _, end, behind in [rest.partition("-->")]
    )


def _inline(token: Token) -> str:
    """Return the words of a line without its marks; lines of one paragraph are joined as Chinese or Latin wants."""
    lines = [""]
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline" | "image":
                lines[-1] += child.content
            case "hardbreak":
                lines[-1] += "\n"
            case "softbreak":
                lines.append("")
    return joined(lines)
