"""Which format a file has, by what stands in it, and by its name where that is no telling."""

from __future__ import annotations

import codecs
import re
import zipfile
from enum import Enum, auto
from io import BytesIO
from typing import BinaryIO

SNIFFED = 4096  # bytes of a file that are looked at


class Format(Enum):
    """The formats that can be read."""

    PLAIN = auto()
    MARKDOWN = auto()
    HTML = auto()
    MHTML = auto()
    PDF = auto()
    DOCX = auto()
    EPUB = auto()
    CSV = auto()
    XLSX = auto()
    JSONL = auto()
    ZIP = auto()


SUFFIXES = {
    ".txt": Format.PLAIN,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".mhtml": Format.MHTML,
    ".mht": Format.MHTML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".epub": Format.EPUB,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".xlsx": Format.XLSX,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".zip": Format.ZIP,
}

PACKED = b"PK\x03\x04"  # how a zip file begins
_PDF = b"%PDF-"
_BINARY = frozenset({Format.PDF, Format.DOCX, Format.EPUB, Format.XLSX, Format.ZIP})  # told by their first bytes
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office files before 2007, and encrypted ones of today
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,400}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MIME = re.compile(  # headers, one of which tells that the page and its pictures follow
    rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related\b", re.IGNORECASE
)
_INSIDE = {"word/": Format.DOCX, "xl/": Format.XLSX, "META-INF/container.xml": Format.EPUB}
_NAMES = 1000  # of an archive that are looked at


def kind_of(data: bytes, suffix: str) -> Format | None:
    """Return the format of a file with this content and suffix (`.md`); None for one that is not read."""
    head = data[:SNIFFED]
    if head.startswith(PACKED):
        return packed(BytesIO(data))
    named = SUFFIXES.get(suffix.lower())
    kind = told(head)
    if kind is Format.PDF and named not in {None, *_BINARY} and not head.lstrip().startswith(_PDF):
        kind = None  # a text that speaks of it
    return kind or (Format.PLAIN if named in _BINARY else named)


def told(head: bytes) -> Format | None:
    """Return the format that the first bytes of a file tell; None for what may be any text, or nothing that is read."""
    if _PDF in head[:1024]:
        return Format.PDF
    if head.startswith(COMPOUND):
        return Format.DOCX  # its reader tells which one it is, and what to do
    start = head.removeprefix(codecs.BOM_UTF8)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start[2:].replace(b"\0", b"")
    if _HTML.match(start):
        return Format.HTML
    return Format.MHTML if _MIME.match(start) else None


def packed(file: BinaryIO) -> Format:
    """Tell an office file or a book from an archive of files."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:_NAMES]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Format.ZIP
    return next((kind for mark, kind in _INSIDE.items() if any(name.startswith(mark) for name in names)), Format.ZIP)
