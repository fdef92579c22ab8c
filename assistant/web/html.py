"""What all pages share: text that is nothing but text, and the icon."""

from __future__ import annotations

import re

# the opening quotation mark of a Chinese text
ICON = (
    '<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E'
    "%3Crect width=%2216%22 height=%2216%22 rx=%223%22 fill=%22%23a3372b%22/%3E"
    '%3Cpath d=%22M6 13V5h6M9 13V8h3%22 fill=%22none%22 stroke=%22%23fffaf2%22 stroke-width=%221.6%22/%3E%3C/svg%3E">'
)


def literal(text: str) -> str:
    """Return `text` so that HTML, Markdown and LaTeX show it as it is, on one line of source.

    The chat runs its messages through a Markdown parser, in which every ASCII mark may mean something and an
    empty line ends a block of HTML; as a numeric entity none does. A lone surrogate is no character: shown as U+FFFD.
    """
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    return re.sub(r"[^0-9A-Za-z \u0080-\U0010ffff]", lambda mark: f"&#{ord(mark[0])};", text)
