"""Bytes -> text: which encoding they are in, and whether the text was garbled before it was saved."""

from __future__ import annotations

import codecs
import re
from itertools import islice

from corpus.errors import UnreadableError
from corpus.lexicon import fold

_SAMPLE = 20_000  # characters by which an encoding is told
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FOREIGN = re.compile("[^\x00-\x7f\ufffd][^\x00-\x1f\ufffd]{0,39}")  # a stretch that is looked at
_STRETCHES = 8  # of a text that are looked at
_UTF16 = 0.5  # share of everyday characters below which no text is taken for UTF-16
_FOLLOWING = bytes(range(0x80, 0xC0))  # bytes of a character of UTF-8 but its first
_FIRST = 3  # of them, of which one must look garbled before all are looked at
_LEAST = 6  # bytes of a stretch: shorter ones can be valid in another encoding by chance
_PLAIN = 0.9  # share of everyday characters: more in what a garbled stretch says, less in the stretch
_GARBLED = 0.5  # share of the stretches that tell a garbled text
_MISREADINGS = (("UTF-8", "gb18030"), ("UTF-8", "big5hkscs"), ("UTF-8", "cp1252"), ("gb18030", "cp1252"))
_LOST = ("\ufffd", "锟斤拷", "烫烫烫", "屯屯屯")  # what stands where characters could not be read
_LOST_SHARE = 0.01  # of the characters, from which on a text is not worth reading


def text_of(data: bytes) -> str:
    r"""Return the text of a file, line ends as \n; UnreadableError where it is none, or its encoding is not known."""
    text = decode(data)
    if text is None:
        raise UnreadableError("skip-encoding")
    if _BINARY.search(text):
        raise UnreadableError("skip-binary")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes) -> str | None:
    """Return the text of `data` in UTF-8, UTF-16, GB18030 or Big5; None if it is none of these.

    Without a mark, nearly all Big5 and UTF-16 bytes are valid GB18030 too, as rare characters: the reading with most
    everyday characters wins.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(data, "utf-16")
    zeros = b"\0" in data
    if not zeros and (text := _decode(data, "utf-8-sig")) is not None:
        return text
    encodings = [] if zeros else [("gb18030", -1.0), ("big5hkscs", -1.0)]
    encodings += [("utf-16-le", _UTF16), ("utf-16-be", _UTF16)] if len(data) % 2 == 0 else []
    readings = [
        (plausibility, text)
        for encoding, least in encodings
        if (text := _decode(data, encoding)) is not None and (plausibility := _plausibility(text)) >= least
    ]
    best = max(readings, key=lambda reading: reading[0], default=(0.0, None))[1]
    return _decode(data, "utf-8-sig") if best is None and zeros else best  # with a zero: the caller calls it binary


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _plausibility(text: str) -> float:
    """Return the share of everyday characters (level 1 of GB 2312) among all that are not ASCII."""
    sample = fold(text[:_SAMPLE])
    if _BINARY.search(sample):
        return -1
    foreign = [character for character in sample if character > "\x7f"]
    return sum(map(_everyday, foreign)) / max(len(foreign), 1)


def _everyday(character: str) -> bool:
    try:
        return 0xA1 <= character.encode("gb2312")[0] <= 0xD7  # rows 1-9: marks; 16-55: level 1
    except UnicodeEncodeError:
        return False


def check_whole(text: str) -> None:
    """Raise UnreadableError where a text was garbled, or characters of it were lost, before it was saved."""
    if any(mark in text for mark in _LOST):
        count = sum(text.count(mark) for mark in _LOST)
        if count > max(1, _LOST_SHARE * len(text)):
            at = min(place for mark in _LOST if (place := text.find(mark)) >= 0)
            raise UnreadableError("skip-lost", count=count, sample=" ".join(text[max(0, at - 5) : at + 6].split()))
    stretches = [found[0] for found in islice(_FOREIGN.finditer(text), _STRETCHES)]
    for right, wrong in _MISREADINGS:
        if not any(_undone(stretch, right, wrong) for stretch in stretches[:_FIRST]):
            continue
        pairs = [(stretch, meant) for stretch in stretches if (meant := _undone(stretch, right, wrong))]
        if pairs and len(pairs) >= _GARBLED * len(stretches):
            sample, meant = max(pairs, key=lambda pair: len(pair[1]))
            raise UnreadableError("skip-mojibake", right=right, wrong=wrong, sample=sample[:12], meant=meant[:6])


def _undone(stretch: str, right: str, wrong: str) -> str | None:
    """Return what a stretch says in the `right` encoding if it was read in the `wrong` one, and says more so."""
    try:
        data = stretch.encode(wrong, _OPEN)
        if right == "UTF-8":
            data = data.lstrip(_FOLLOWING)  # both ends of the stretch may cut a character
        meant = codecs.getincrementaldecoder(right)().decode(data)
    except UnicodeError:
        return None
    if len(data) < _LEAST:
        return None
    return meant if len(meant) < len(stretch) and _plausibility(meant) > _PLAIN > _plausibility(stretch) else None


def _open(error: UnicodeError) -> tuple[bytes, int]:
    """Give a character that an encoding lacks its own byte, as browsers do where Windows' code page leaves one open."""
    assert isinstance(error, UnicodeEncodeError)
    if (character := error.object[error.start]) > "\u00ff":
        raise error
    return character.encode("latin-1"), error.start + 1


_OPEN = "yinju-open"  # the name by which the handler is known
codecs.register_error(_OPEN, _open)
