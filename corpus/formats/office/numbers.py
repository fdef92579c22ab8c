"""A number of a sheet as its format shows it; dates in ISO form."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

# What Excel calls 27-36 and 50-58 depends on its language; in China, Japan and Korea they are dates, which files omit.
_CHINESE = {27: "yyyy年m月", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒", 34: "h时mm分", 35: "h时mm分ss秒"}
_CHINESE |= {36: "yyyy年m月", 50: "yyyy年m月", 52: "yyyy年m月", 54: "m月d日", 55: "h时mm分", 56: "h时mm分ss秒"}
_CHINESE |= dict.fromkeys((28, 29, 30, 51, 53, 57, 58), "yyyy年m月d日")

_EPOCHS = {True: MAC_EPOCH, False: WINDOWS_EPOCH}
_PLAIN = 15  # digits that a number of Excel has
_WHOLE = re.compile(r"-?\d{1,20}")
_SECTIONS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_DIGITS = re.compile(r"[#0?][#0?,.]*")


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a format shows a number: what stands around it, and its digits."""

    before: str
    after: str
    whole: int  # digits at least before the point
    places: tuple[int, int]  # after it, at least and at most
    grouped: bool
    divided: int  # by so many thousands
    scientific: bool


def format_of(code: int, own: dict[int, str]) -> str:
    """Return the format of a code: the file's own, Excel's, or "General"."""
    return own.get(code) or BUILTIN_FORMATS.get(code) or _CHINESE.get(code) or "General"


def shown(number: str, form: str, *, mac: bool = False) -> str:
    """Return a number as a sheet shows it in a format; as it stands where it is none."""
    try:
        if form == "General" and _WHOLE.fullmatch(number):
            return number  # an identity number has more digits than a float holds
        found = float(number)
        if is_date_format(form):
            return _date(found, form, mac=mac) or _general(found)
        return _number(found, form)
    except (ValueError, OverflowError, TypeError, InvalidOperation):
        return number


def _general(number: float) -> str:
    text = f"{number:.{_PLAIN}g}"
    return text if abs(number) >= 1e21 or "e-1" in text else f"{Decimal(text).normalize():f}"


def _number(number: float, form: str) -> str:
    sections = _sections(form)
    place = 1 if number < 0 and len(sections) > 1 else 2 if number == 0 and len(sections) > 2 else 0
    if "[" in form and re.search(r"\[[<>=]", form):
        return _general(number)  # sections by conditions
    shape = _shape(sections[place])
    if shape is None:
        return _general(number)
    percent = "%" in shape.before + shape.after
    value = abs(number) * (100 if percent else 1) / 1000**shape.divided
    least, most = shape.places
    if shape.scientific:
        return f"{number:.{most}E}"
    exact = Decimal(f"{value:.{_PLAIN}g}").quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    whole, _, places = f"{exact:{',' if shape.grouped else ''}f}".partition(".")
    places = places[:least] + places[least:].rstrip("0")
    digits = whole.zfill(shape.whole) + ("." + places if places else "")
    if not number and not shape.whole and not least:
        digits = ""  # # and ? show no zero
    sign = "-" if exact and number < 0 and place == 0 else ""
    return f"{sign}{shape.before}{digits}{shape.after}".strip()


@lru_cache(maxsize=1024)
def _sections(form: str) -> tuple[str, ...]:
    return tuple(_SECTIONS.split(form))


@lru_cache(maxsize=1024)
def _shape(section: str) -> _Shape | None:
    """Return what a section of a format says; None where it is general, a text, a fraction or unknown."""
    literals: list[str] = []

    def kept(found: re.Match[str]) -> str:
        literals.append(next((group for group in found.groups() if group), ""))
        return chr(0xE000 + len(literals) - 1)

    bare = _LITERAL.sub(kept, section) if len(section) < 500 else ""
    digits = _DIGITS.search(bare)
    if not digits or "General" in bare or "@" in bare or "/" in bare:
        return None
    whole, _, places = digits[0].partition(".")
    divided = len(digits[0]) - len(digits[0].rstrip(","))
    rest = bare[digits.end() :]
    if _DIGITS.search(rest) and not rest.upper().startswith("E"):
        return None  # digits in groups, as a telephone number has them
    around = [
        "".join(literals[ord(mark) - 0xE000] if mark >= "\ue000" and mark <= "\uf8ff" else mark for mark in part)
        for part in (bare[: digits.start()], rest)
    ]
    return _Shape(
        before=around[0],
        after=around[1],
        whole=whole.count("0"),
        places=(places.count("0"), min(len(places.rstrip(",")), _PLAIN)),
        grouped="," in whole.rstrip(","),
        divided=divided,
        scientific=rest.upper().startswith("E"),
    )


def _date(number: float, form: str, *, mac: bool) -> str:
    """Return a date as far as the format tells it: year, month and day, year and month, or a time."""
    if is_timedelta_format(form):
        seconds = round(number * 86_400)
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    found = from_excel(number, _EPOCHS[mac])
    bare = _LITERAL.sub("", form).lower()
    hours = "h" in bare
    if isinstance(found, datetime.time):
        return _time(found) if hours or "s" in bare else ""
    if not isinstance(found, datetime.datetime):
        return ""
    if not {"y", "d", "e"} & set(bare) and (hours or "s" in bare):
        return _time(found.time())
    day = found.date().isoformat()
    if "d" not in bare and "y" in bare and not hours:
        return day[:7] if "m" in bare else day[:4]
    return f"{day} {_time(found.time())}" if hours else day


def _time(time: datetime.time) -> str:
    return time.isoformat("seconds") if time.second else time.isoformat("minutes")
