"""Which lines of a text are not the text: what a web page saved as plain text carries around its article.

Each line gets a score, and the run of lines with the greatest sum is the article's dense middle (maximum subsequence
segmentation: Pasternack and Roth 2009). Only clear signs outside it prove that there is a page around it, and only as
far as they reach is anything left out; a text without them is kept line by line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from math import log10
from typing import NamedTuple

from corpus.document import Reason

MOST_LINES = 20_000  # no page is longer
LEAST_PROSE = 80  # characters; without as many sentences there is no article to clean
PROOF = 3  # so many signs, of two kinds at least, prove a page
PARAGRAPH = 40  # characters of a line that is hardly a remark
LONGEST_SIGN = 120  # characters of a line of dates and counters
RELATED = 0.5  # share of a line's pairs of characters that the article holds too: it may be the article's title


class _Kind(Enum):
    """What a line looks like, each with its score."""

    BLANK = 0.0
    PROSE = 0.05  # a character
    PLAIN = -0.5  # a heading, an item, a name: tells nothing
    FIGURE = -2.0  # a number, a date or an address alone: it is also found in tables, logs and lists
    STAMP = -4.0  # when something was put on the web
    COUNTER = -4.5  # how often it was read
    LINKS = -5.0  # the ways to other pages, in a row
    OWNER = -5.5  # whose the page is
    TEASER = -6.0  # the beginning of another text
    PICTURE = -0.4


_SIGNS = {_Kind.STAMP, _Kind.COUNTER, _Kind.LINKS, _Kind.OWNER, _Kind.TEASER}
_TOLD = {_Kind.STAMP, _Kind.COUNTER, _Kind.FIGURE}


class _Line(NamedTuple):
    kind: _Kind
    shape: str = ""  # of a sign or a figure: what it is made of, without its numbers and names
    length: int = 0

    @property
    def score(self) -> float:
        return self.kind.value * (min(self.length, 400) if self.kind is _Kind.PROSE else 1)


_PICTURE = re.compile(
    r"[\[【(（<]?(?:图片|圖片|图像|image|img|picture|photo)[\]】)）>]?|!?\[?[^\s/\\|,，。;；:：\"'()\[\]]{1,60}"
    r"\.(?:png|jpe?g|gif|webp|bmp)\]?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[。！？；!?;]|(?<!\d)\.(?:\s|$)|[，,][^，,]{2,60}[，,]")
_TEASER = re.compile(
    r"[^.…。！？!?](?:\.{3,5}|…)\s*[\[(（【]?(?:更多|全文|详[细情]|阅读全文|查看全文|more)?[\])）】]?$"
)
_ADDRESS = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&'()*+,;=%]+|\bwww\.[\w\-.~:/?#@!$&*+,;=%]+", re.ASCII)
_OWNER = re.compile(r"©|\bcopyright\b|版[权權]所有|ICP[备備证證]|公网安备|all rights reserved", re.IGNORECASE)

_DAY = (
    r"(?:(?:(?:19|20)?\d\d[-/.年]\s?)?\d{1,2}[-/.月]\s?\d{1,2}[日号]?(?![\d.])|[今昨前]天|刚刚|剛剛"
    r"|\d{1,2}\s*(?:秒|分[钟鐘]|小[时時]|天|[周週]|[个個]月|年)前)"
)
_TIME = r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?!\d)"
_PUT = (
    r"(?:最后|最近|首次)?(?:[发發][布表帖送]|更新|[创創]建|[编編][辑輯]|修[改订訂]|上[传傳]|收[录錄]|提[问問]|回答)"
    r"(?:于|於|在|[时時][间間]|日期)?"
)
_READ = (
    r"(?:字[数數]|[阅閱][读讀]|[浏瀏][览覽]|[点點][击擊赞讚]|[访訪][问問]|查看|播放|下[载載]|[评評][论論]|回[复復覆]|跟帖"
    r"|[赞贊讚]同?|喜[欢歡]|推[荐薦]|[顶踩]|收藏|[转轉][发發]|分享|[关關]注|粉[丝絲]|人[气氣]|[热熱]度|[围圍][观觀]"
    r"|views?|reads?|comments?|likes?|shares?|followers?)"
)
_MANY = r"\d[\d,]*(?:\.\d+)?\s?[万萬亿kKwW]?\+?"
_UNIT = r"(?:次|人|条|條|篇|个|個|位)?"
_ATOM = re.compile(
    rf"(?P<stamp>(?:{_PUT}|\bposted on|\bupdated)\s*[:：]?\s*(?:{_DAY})(?:\s*{_TIME})?)"
    rf"|(?P<counter>(?<![^\W\d_]){_READ}(?:次数|次數|量|数|數|人数)?\s*[:：(（\[]?\s*{_MANY}\s*{_UNIT}[)）\]]?(?!\w)"
    rf"|(?<![\w.]){_MANY}\s*{_UNIT}\s*{_READ}(?![^\W\d_]))"
    rf"|(?P<day>(?<![\w.]){_DAY}(?:\s*(?:周|星期)[一二三四五六日天])?(?:\s*{_TIME})?)"
    rf"|(?P<hour>(?<!\w){_TIME})"
    r"|(?P<from>(?:稿源|来源|來源|出处|作者|记者|责任编辑|责编|编辑|文章来源|信息来源|字体|字号)\s*[:：]\s*[^\s:：]{1,16})"
    r"|(?P<number>(?<![\w.])\d[\d,.]{0,12}(?![\w.]))",
    re.IGNORECASE,
)
_WAYS = (
    r"(?:首[页頁]|登[录陆錄入]|[注註][册冊]|[上下]一[页頁篇章]|返回(?:首[页頁]|[顶頂]部|列表)|分享到?|打印|[关關][闭閉]"
    r"|网站地图|[关關][于於]我[们們]|[联聯][系繫絡]我[们們]|login|sign (?:in|up)|home"
    r"|(?:相[关關]|推[荐薦]|[热熱][门門]|更多|最新|精彩|延伸|[网網]友|[发發]表)"
    r"(?:文章|[阅閱][读讀]|新[闻聞]|推[荐薦]|[链鏈]接|[内內]容|[资資][讯訊]|[问問][题題]|帖子|商品|[评評][论論])[:：]?"
    r"|猜你喜[欢歡][:：]?|微信扫一扫|[^，。]{0,8}[还還也](?:喜[欢歡]|在看|看了)|大家都在看)"
)
_WAY = re.compile(
    rf"{_WAYS}|(?:[【\[(（<]{_WAYS}[】\])）>]\s*)+|(?:[上下]一[篇页章]|分享到|字[体号])\s*[:：].*", re.IGNORECASE
)
_ROW = re.compile(r"\s*(?:[|｜>»›·•/]|\s)\s*")
_BAR = re.compile(r"\s[|>»›·•]\s|[｜»›]|(?<=[\u4e00-\u9fff])[>|](?=[\u4e00-\u9fff])")
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|txt|wps|csv)\b|^附件", re.IGNORECASE)
_FIELD = re.compile(r"(?!来源|來源|稿源|作者|责任编辑|责编|编辑|标签)[^\s:：]{1,10}[:：]\s*\S")


def clutter(lines: Sequence[str]) -> list[Reason | None]:
    """Tell for each line of a text why it is left out, or None where it is kept."""
    reasons: list[Reason | None] = [None] * len(lines)
    if len(lines) > MOST_LINES or len(lines) < 3:
        return reasons
    seen = [_looked_at(line.strip()) for line in lines]
    for place in _pictures(seen):
        reasons[place] = Reason.PICTURE
    for place in (*_around(lines, seen), *_inside(seen)):
        reasons[place] = reasons[place] or Reason.CLUTTER
    if all(reason or line.kind is _Kind.BLANK for reason, line in zip(reasons, seen, strict=True)):
        return [None] * len(lines)  # a list of pictures, say
    for before, place in pairwise(range(len(lines))):
        if seen[place].kind is _Kind.BLANK:  # a blank line goes with what it follows
            reasons[place] = reasons[before]
    return reasons


def _looked_at(line: str) -> _Line:
    if not line:
        return _Line(_Kind.BLANK)
    length = len(line)
    if length <= LONGEST_SIGN and (sign := _sign(line)):
        return sign
    if length >= 30 and _TEASER.search(line[-20:]):
        return _Line(_Kind.TEASER, "...", length)
    if length >= 12 and _SENTENCE.search(line):
        return _Line(_Kind.PROSE, "", length)
    return _Line(_Kind.PLAIN, "", length)


def _sign(line: str) -> _Line | None:
    """Return what a short line is a sign of, if of anything."""
    length = len(line)
    if line[-1] in "gpGPfF]】)）>片像eEoO" and _PICTURE.fullmatch(line):
        return _Line(_Kind.PICTURE, line, length)
    if _OWNER.search(line):
        return _Line(_Kind.OWNER, "©", length)
    if length <= 40 and _WAY.fullmatch(line):
        return _Line(_Kind.LINKS, line[:3], length)
    if row := _row(line):
        return _Line(_Kind.LINKS, row, length)
    if line[-1] in "！？；，,;：:":
        return None
    rest = _ADDRESS.sub("", line)
    if len(rest) < length:
        return _Line(_Kind.FIGURE, "://", length) if len(rest) <= 12 and not _SENTENCE.search(rest) else None
    return _facts(line.rstrip("。"))


def _row(line: str) -> str:
    """Return the shape of a row of links, such as `首页 > 新闻 > 正文`; empty if it is none."""
    parts = [part for part in _ROW.split(line) if part]
    if len(parts) < 2 or max(map(len, parts)) > 12:
        return ""
    ways = sum(bool(_WAY.fullmatch(part)) for part in parts)
    if ways and sum(part.isdecimal() for part in parts) + ways == len(parts):
        return "首页"
    if len(parts) > 2 and (2 * ways > len(parts) or _WAY.fullmatch(parts[0])):
        return "首页"
    bars = len(_BAR.findall(line))
    return f"{bars}|" if bars >= 2 and bars >= len(parts) - 2 and not re.search(r"[\d。，！？]", line) else ""


def _facts(line: str) -> _Line | None:
    """Return what a line is that holds little but dates, counts and labels."""
    found = [(match.lastgroup or "", match.end() - match.start()) for match in _ATOM.finditer(line)]
    if not found:
        return None
    groups = [group for group, _ in found]
    rest = len(_ATOM.sub("", line).replace(" ", ""))
    if rest > 10 or rest > sum(size for _, size in found):
        return None
    shape = " ".join(sorted(set(groups))) + (":" if ":" in line else "")
    if "counter" in groups:
        return _Line(_Kind.COUNTER, re.sub(r"[\d\W]+", "", line)[:2], len(line))
    if "stamp" in groups or ("from" in groups and len({"day", "hour", "number"} & set(groups)) > 0):
        return _Line(_Kind.STAMP, shape, len(line))
    return None if groups == ["from"] else _Line(_Kind.FIGURE, shape, len(line))


def _pictures(seen: Sequence[_Line]) -> list[int]:
    """Return the lines that stand for pictures; different names in a row are a list of files, and stay."""
    found: list[int] = []
    filled = [place for place, line in enumerate(seen) if line.kind is not _Kind.BLANK]
    often = Counter(line.shape for line in seen if line.kind is _Kind.PICTURE)
    for at, place in enumerate(filled):
        if seen[place].kind is _Kind.PICTURE:
            beside = [seen[filled[other]] for other in (at - 1, at + 1) if 0 <= other < len(filled)]
            listed = any(line.kind is _Kind.PICTURE and line.shape != seen[place].shape for line in beside)
            word = seen[place].shape.isalpha() and often[seen[place].shape] == 1  # it may be a heading
            if not listed and not word:
                found.append(place)
    return found


def _around(lines: Sequence[str], seen: Sequence[_Line]) -> list[int]:
    """Return the lines of the page around the article; none where no page is proved."""
    start, end = _article(seen)
    if _prose(seen[start:end]) < LEAST_PROSE:
        return []
    usual = {line.shape for line in seen[start:end]}  # what stands inside is a part of this text
    rows = Counter(line.shape for line in seen if line.kind is _Kind.LINKS and "|" in line.shape)
    usual |= {shape for shape, count in rows.items() if count > 2}  # a table
    signs = [place for place, line in enumerate(seen) if line.kind in _SIGNS and line.shape not in usual]
    if len(signs) < PROOF or len({seen[place].kind for place in signs}) < 2:
        return []
    before = [place for place in signs if place < start]
    after = [place for place in signs if place >= end]
    found = _head(lines, seen, before[-1], start, end) if before else []
    if after:
        first = _back(seen, after[0], end)
        more = _paragraphs(seen, first)
        found += [place for place in range(first, len(seen)) if place not in more and not _FILE.search(lines[place])]
    return found


def _paragraphs(seen: Sequence[_Line], first: int) -> set[int]:
    """Return the lines below the article that may be its end after an advertisement: several paragraphs together."""
    found: set[int] = set()
    long: list[int] = []
    for place in range(first, len(seen) + 1):
        if place < len(seen) and seen[place].kind in {_Kind.PROSE, _Kind.PLAIN, _Kind.BLANK}:
            if seen[place].kind is _Kind.PROSE and seen[place].length >= PARAGRAPH:
                long.append(place)
            continue
        if len(long) > 1 and sum(seen[at].length for at in long) >= 3 * PARAGRAPH:
            found.update(range(long[0], long[-1] + 1))
        long = []
    return found


def _inside(seen: Sequence[_Line]) -> list[int]:
    """Return what stands between the paragraphs of an article and leads away from it: several signs of two kinds, links
    or teasers among them, that stand together there and nowhere else.
    """
    start, end = _article(seen)
    runs: list[list[int]] = [[]]
    for place in range(start, end):
        if seen[place].kind is _Kind.PROSE:
            runs.append([])
        elif seen[place].kind in _SIGNS:
            runs[-1].append(place)
    often = Counter(shape for run in runs for shape in {seen[place].shape for place in run})
    found: list[int] = []
    for run in runs:
        own = [place for place in run if often[seen[place].shape] == 1]
        kinds = {seen[place].kind for place in own}
        if len(own) >= PROOF and len(kinds) > 1 and kinds & {_Kind.LINKS, _Kind.TEASER}:
            found += range(_back(seen, own[0], start), own[-1] + 1)
    return found


def _article(seen: Sequence[_Line]) -> tuple[int, int]:
    """Return where the article lies, as far as its paragraphs tell."""
    start, end = _densest(seen)
    if _prose(seen[end:]) + _prose(seen[:start]) > _prose(seen[start:end]) / 2:  # answers, say: none is the article
        long = [place for place, line in enumerate(seen) if line.kind is _Kind.PROSE and line.length >= PARAGRAPH]
        start, end = min([start, *long]), max([end - 1, *long]) + 1
    return start, end


def _densest(seen: Sequence[_Line]) -> tuple[int, int]:
    """Return the run of lines with the greatest sum of scores."""
    best, span = 0.0, (0, 0)
    total, start = 0.0, 0
    for place, line in enumerate(seen):
        if total <= 0:
            total, start = 0.0, place
        total += line.score
        if total > best:
            best, span = total, (start, place + 1)
    return span


def _prose(seen: Sequence[_Line]) -> int:
    return sum(line.length for line in seen if line.kind is _Kind.PROSE)


def _head(lines: Sequence[str], seen: Sequence[_Line], last: int, start: int, end: int) -> list[int]:
    """Return the lines to leave out before the article, which begins after the last sign and its figures."""
    while last + 1 < start and seen[last + 1].kind is _Kind.FIGURE:
        last += 1
    article = "".join(lines[start:end])
    pairs = set(pairwise(article))
    plain = [place for place in range(last + 1) if seen[place].kind is _Kind.PLAIN]
    likeness = {place: _likeness(lines[place].strip(), pairs) for place in plain}
    title = max(likeness, key=lambda place: likeness[place] * seen[place].length, default=-1)
    chance = 0.14 * log10(len(article)) - 0.16  # what any line may share with an article as long
    own = {place for place in plain if likeness[place] >= (chance if place == title else RELATED)}
    own |= {place for place in plain if _FIELD.match(lines[place].strip())}
    filled = [place for place in range(last + 1) if seen[place].kind is not _Kind.BLANK]
    for above, place, below in zip(filled, filled[1:], filled[2:], strict=False):
        if seen[above].kind is _Kind.LINKS and place in likeness and seen[below].kind in _TOLD:
            own.add(place)  # the title, between the way to the article and its date
    return [place for place in filled if seen[place].kind is not _Kind.PROSE and place not in own]


def _likeness(line: str, pairs: set[tuple[str, str]]) -> float:
    """Return the share of a line's pairs of characters that an article holds too; 0 for a line too short to tell."""
    own = list(pairwise(line))
    return sum(pair in pairs for pair in own) / len(own) if len(own) >= 3 else 0.0


def _back(seen: Sequence[_Line], first: int, end: int) -> int:
    """Return where the page goes on below the article: at the first sign, or at a teaser's title above it."""
    above = first - 1
    while above >= end and seen[above].kind is _Kind.BLANK:
        above -= 1
    titled = seen[first].kind is _Kind.TEASER and above >= end and seen[above].kind is _Kind.PLAIN
    return above if titled else first
