"""What the elements of a web page tell about themselves: the article, a control, or what is called as clutter is."""

from __future__ import annotations

import re

from corpus.formats.web.tree import Element, name_of

_CONTROLS = frozenset({"nav", "footer", "button", "select", "textarea", "menu", "dialog", "search"})
_ROLES = frozenset(
    {"navigation", "contentinfo", "banner", "search", "complementary", "dialog", "alertdialog", "menu", "menubar"}
)
_CLUTTER = re.compile(
    r"(?:^|[^a-z])(?:ads?|advert\w*|sponsor\w*|promo\w*|banner|cookies?|consent|gdpr|login|signup|subscribe|newsletter"
    r"|comments?|commentlist|respond|disqus|replies|share|sharing|sharebar|social\w*|related\w*|recommend\w*|suggest\w*"
    r"|sidebar|side|aside|nav|navbar|navbox|navi|navigation|menu|menubar|breadcrumbs?|crumbs?|pager|pagination|prevnext"
    r"|toc|toolbar|tools|copyright|copy|foot|footer|bottom|catlinks|tags|taglist|hot|rank|ranking|feedback|follow"
    r"|printfooter|jump|skip|totop|popup|modal|qrcode|reward|donate|notice)(?:$|[^a-z])"
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST_NAME = 1000  # characters of a class that are looked at


def is_article(element: Element | None) -> bool:
    """Tell whether an element is an article."""
    return element is not None and name_of(element) == "article"


def is_main(element: Element | None) -> bool:
    """Tell whether the page calls an element its main part."""
    return element is not None and (name_of(element) == "main" or element.get("role", "").lower() == "main")


def is_control(element: Element | None) -> bool:
    """Tell whether an element is for finding the way, or for doing something."""
    return element is not None and (name_of(element) in _CONTROLS or element.get("role", "").lower() in _ROLES)


def is_called_clutter(element: Element | None) -> bool:
    """Tell whether an element is called what clutter is called."""
    if element is None or is_control(element) or name_of(element) == "aside":
        return element is not None
    names = f"{element.get('class', '')} {element.get('id', '')}"[:_LONGEST_NAME]
    return bool(_CLUTTER.search(_HUMP.sub("-", names).lower()))
