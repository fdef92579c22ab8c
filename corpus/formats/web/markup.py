"""The bytes of an HTML or XHTML file -> its text, in whatever encoding it is, -> its tree, however broken it is."""

from __future__ import annotations

import codecs
import html.entities
import re

import lxml.html
from lxml import etree

from corpus.encoding import decode
from corpus.errors import UnreadableError
from corpus.formats.web.tree import Element

_HEAD = 4096  # bytes in which a charset is declared
_DECLARED = re.compile(
    rb"""(?:<meta\b[^<>]*?\bcharset|<\?xml\b[^<>]*?\bencoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I
)
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}  # the names mean their larger successors
_WESTERN = frozenset({"iso8859-1", "cp1252", "ascii"})  # what is declared where nobody thought of it
_KNOWN = re.compile(r"utf-8|gb18030|big5hkscs|euc_\w+|shift_jis|cp932|iso2022_jp|johab|hz|koi8-\w|cp\d+|iso8859-\d+")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_STRAY = 0.01  # share of zero bytes in what is no UTF-16
_LOST = 0.02  # share of characters that may be broken among those that are not ASCII
_FAMILIAR = 0.9  # share of characters of GB 2312 in a Chinese text
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_DATA = re.compile(r"""(data:[\w/+.;=-]{0,100},)[^"'\s<>)]{200,}""", re.IGNORECASE)  # a picture inside the page
_LONG_TAG = re.compile(r"<([a-zA-Z][\w:-]{0,40})\s[^<>]{100000,}>")  # libxml2 takes quadratic time for its attributes
_XHTML = re.compile(r"""\s*(?:<\?xml\b|<!DOCTYPE\s+html\s+PUBLIC\s+["'][^"']*XHTML|<html\b[^<>]*\sxmlns=)""", re.I)
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*>|<\?xml\b[^<>]*\?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([a-zA-Z][a-zA-Z0-9]{1,30};)")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_INLINE_NAMES = "a b bdo big cite code del em font i img ins kbd mark q s small span strike strong sub sup tt u var"
_INLINE = frozenset(_INLINE_NAMES.split())
_FLAT = frozenset({"br", "script", "style", "title", "meta", "html", "head", "body"})  # of which no tree gets deep


def text_of_page(data: bytes, *, charset: str = "") -> str:
    """Return the text of a page; `charset` is what was told beside it. UnreadableError where no encoding fits.

    What is declared counts only where the bytes bear it out.
    """
    if data.startswith(_MARKS) or data.count(b"\0") > _STRAY * len(data):
        text = decode(data) or _repaired(data, "utf-8-sig")
    else:
        text = _decoded(data.replace(b"\0", b""), charset)
    if text is None:
        raise UnreadableError("skip-encoding")
    return _CONTROL.sub("", text).removeprefix("\ufeff")


def _decoded(data: bytes, charset: str) -> str | None:
    declared = [name for name in (_codec(charset), *_declared(data)) if name]
    trusted = [name for name in declared if name not in _WESTERN and name != "utf-8"]
    text = _strict(data, "utf-8")
    if text is not None and (not trusted or text.isascii() or max(text) > "\u0800"):  # two bytes can be UTF-8 by chance
        return text
    readings = [*(_strict(data, name) for name in trusted), *(_repaired(data, name) for name in ("utf-8", *trusted))]
    if (text := next((text for text in readings if text is not None), None)) is not None:
        doubtful = trusted[:1] and trusted[0] in _CHINESE.values() and not _is_familiar(text)
        return (decode(data) if doubtful else None) or text  # Big5 can be read as GB18030, and often the other way
    text = decode(data)
    if _WESTERN.intersection(declared) and (text is None or not _is_familiar(text)):
        return data.decode("cp1252", "replace")
    return text


def _declared(data: bytes) -> list[str]:
    return [_codec(name.decode("ascii", "replace")) for name in _DECLARED.findall(data[:_HEAD])]


def _codec(name: str) -> str:
    """Return Python's name of an encoding; empty for what is none that pages are written in."""
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    found = _CHINESE.get(found, found)
    return found if found in _WESTERN or _KNOWN.fullmatch(found) else ""


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _repaired(data: bytes, encoding: str) -> str | None:
    """Return the text with U+FFFD for what is broken, if that is little."""
    text = data.decode(encoding, "replace")
    foreign = sum(character > "\x7f" for character in text)
    return text if text.count("\ufffd") <= _LOST * foreign else None


def _is_familiar(text: str) -> bool:
    foreign = [character for character in text if character > "\x7f"]
    known = "".join(foreign).encode("gb2312", "ignore").decode("gb2312")
    return len(known) >= _FAMILIAR * len(foreign)


def parsed(text: str) -> Element:
    """Return the root of a page's tree; UnreadableError where there is none. Nothing is fetched."""
    text = _LONG_TAG.sub(r"<\1>", _DATA.sub(r"\1", text))
    if _XHTML.match(text) and "<!ENTITY" not in text and (root := _from_xml(text)) is not None:
        return root
    root, is_whole = _from_html(text)
    return root if is_whole else _from_html(_TAG.sub(_flat, text))[0]


def _from_xml(text: str) -> Element | None:
    """Return the tree of well-formed XHTML, where <a/> is closed; None for other markup."""
    text = _ENTITY.sub(lambda found: html.escape(html.entities.html5.get(found[1], found[0])), _DOCTYPE.sub("", text))
    parser = lxml.html.XHTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, resolve_entities=False, remove_pis=True
    )
    try:
        root = etree.fromstring(text.lstrip().encode(), parser)
    except etree.XMLSyntaxError:
        return None
    lxml.html.xhtml_to_html(root)
    return root if root.tag == "html" else None


def _from_html(text: str) -> tuple[Element, bool]:
    """Return a tree, and whether it is whole: elements too deep end it. There are no entities that could grow."""
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise UnreadableError("skip-empty") from error
    return root, not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _flat(tag: re.Match[str]) -> str:
    """Return what stands for a tag where nothing may lie in anything."""
    name = tag[1].lower()
    return tag[0] if name in _FLAT else "" if name in _INLINE else "<p>"
