"""The spans of a sentence that may answer a question, and the signals for and against each.

A signal is a number from 0 to 1; those that are 0 are left out.
"""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.ranking import forms
from assistant.ranking.wanted import Sort, Wanted
from corpus.lexicon import fold
from corpus.splitting import Span

Signals = Mapping[str, float]

NEARNESS = 8.0  # characters over which a question's word loses all but 1/e of its pull
CLOSENESS = 3.0  # the same for the words that stand just before and after those that ask
LONGEST = 30  # characters of a name
MOST_WORDS = 5  # of a name that no form tells; a foreign one may be cut into as many
DOTS = "·•・"  # between the parts of a foreign name
MARKS = ",。;:!?()"  # between clauses
_PULL = tuple(math.exp(-gap / NEARNESS) for gap in range(64))  # of a word that many characters away
_LATIN = re.compile("[a-z]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence prepared for measuring spans against a question."""

    text: str
    folded: str
    edges: Sequence[int]  # where words begin and end; empty if that is not known
    clauses: Sequence[int]  # the number of the clause that each character belongs to
    numbers: Mapping[int, int]  # the number of each edge
    seen: tuple[tuple[str, Span, float], ...]  # where the question's words stand, with their shares of rarity
    shares: Mapping[int, float]  # of the question that stands in each clause
    roles: tuple[Span, ...]  # where the words stand that stand in the question before and after those that ask
    acts: tuple[Span, ...]
    dotted: bool  # it has dots as foreign names have them
    foreign: bool  # it has them, or Latin letters

    @classmethod
    def of(cls, text: str, edges: Sequence[int], wanted: Wanted) -> Sentence:
        folded, length = fold(text), len(text)
        if edges:
            edges = sorted({0, *edges, length})  # a long sentence may be cut inside a word
            if edges[0] < 0 or edges[-1] > length:
                edges = [place for place in edges if 0 <= place <= length]
        clauses = list(itertools.accumulate([character in MARKS for character in folded]))
        seen: list[tuple[str, Span, float]] = []
        shares: dict[int, float] = {}
        for names, share in wanted.words:
            held = set()
            for name in names:
                if name in folded:
                    for span in _occurrences(name, folded):
                        seen.append((names[0], span, share))
                        held.add(clauses[span[0]])
            for clause in held:
                shares[clause] = shares.get(clause, 0.0) + share
        roles = tuple(_occurrences(wanted.role, folded)) if wanted.role else ()
        acts = tuple(_occurrences(wanted.act, folded)) if wanted.act else ()
        dotted = any(dot in folded for dot in DOTS)
        return cls(
            text,
            folded,
            edges,
            clauses,
            {place: number for number, place in enumerate(edges)},
            tuple(seen),
            shares,
            roles,
            acts,
            dotted,
            dotted or _LATIN.search(folded) is not None,
        )


def _occurrences(word: str, text: str) -> Iterator[Span]:
    place = text.find(word)
    while place >= 0:
        yield place, place + len(word)
        place = text.find(word, place + len(word))


def spans(wanted: Wanted, text: Sentence) -> Iterator[tuple[Span, Signals]]:
    """Give the spans that may answer, each with the signals of the form that it was recognised by.

    What the question says itself is none.
    """
    if wanted.sort is Sort.TIME:
        found = _when(wanted, text)
    elif wanted.sort is Sort.QUANTITY:
        found = _how_many(wanted, text)
    else:
        found = iter(_named(wanted, text).items())
    for span, signals in found:
        if text.folded[slice(*span)] not in wanted.text:
            yield span, signals


# -- when and how many


def _when(wanted: Wanted, text: Sentence) -> Iterator[tuple[Span, Signals]]:
    """Give the dates, cut to the level that is asked for and without what the question says itself."""
    if wanted.lasts:
        yield from ((q.span, {"fits": 1.0}) for q in forms.quantities(text.folded) if q.measure == "time")
        return
    levels = wanted.levels
    dates = [date for date in forms.dates(text.folded) if text.folded[slice(*date.span)] not in wanted.text]
    for number, date in enumerate(dates):
        parts = date.parts
        while len(parts) > 1 and text.folded[slice(*parts[0][1:])] in wanted.text:
            parts = parts[1:]
        fitting = [place for place, part in enumerate(parts) if part[0] in levels]
        if fitting:
            last = fitting[0] if levels == ("year",) else fitting[-1]
            parts = parts[: last + 1]
        until = dates[number + 1].span[0] if number + 1 < len(dates) else len(text.folded)
        signals = {"fits": float(bool(fitting) or not levels)}
        if all(level == "relative" for level, _, _ in parts):
            signals["vague"] = 1.0
        heads = {word: share for word, (first, _), share in text.seen if date.span[1] <= first < until}
        signals["heads"] = sum(heads.values())
        yield (parts[0][1], parts[-1][2]), signals


_ARTICLE = re.compile("一[个种位名部座次家项条所款些]")


def _how_many(wanted: Wanted, text: Sentence) -> Iterator[tuple[Span, Signals]]:
    """Give the quantities, with whether they have the unit, or count the thing, that is asked for."""
    measures = wanted.measures
    for quantity in forms.quantities(text.folded):
        start, end = quantity.span
        has_unit = bool(quantity.unit) and wanted.rest.startswith(quantity.unit)
        thing = wanted.rest.removeprefix(quantity.unit)[:2]
        yield (
            quantity.span,
            {
                "unit": float(has_unit),
                "thing": float(len(thing) == 2 and thing in text.folded[end : end + 4]),
                "measure": float(quantity.measure in measures),
                "other": float(bool(measures) and quantity.measure not in measures and quantity.measure != ""),
                "bare": float(not quantity.measure),
                "article": float(_ARTICLE.fullmatch(text.folded, start, end) is not None),
                "rank": float(quantity.measure == "rank" and "rank" not in measures),
            },
        )


# -- names

_JOINTS = frozenset(  # words that join, and the commonest verbs: no part of a name
    re.findall(
        r"\S+",
        "的 了 着 著 过 是 为 由 被 在 于 与 和 及 以及 或 而 且 并 并且 但 但是 则 也 都 就 "
        "才 又 还 将 把 对 向 从 自 至 到 以 因 因为 由于 后 前 中 时 里 上 下 内 外 之 所 "
        "其 此 该 这 那 曾 已 等 等等 人 年 月 日 一 个 一个 一位 一名 有 无 不 没有 会 可 能 "
        "可以 最 更 很 只 仅 约 每 各 第 使 让 令 给 跟 同 随 经 经过 通过 根据 按照 依 关于 "
        "作为 认为 表示 指出 提出 宣布 担任 出任 就任 当选 成为 称 称为 开始 进行 发表 发现 发明 "
        "创立 创办 建立 成立 设计 撰写 创作 主演 主持 领导 率领 统治 继位 即位 去世 逝世 死 之后 "
        "以后 之前 以前 期间 同时 当时 后来 最后 首先 其中 主要 著名 位于 来自 出生 出生于 毕业 "
        "毕业于 前往 举行 举办 包括 除 除了 如 例如 即 他 她 它 他们 我 我们 自己 们 得 地 并未 "
        "而是 曾经 已经 派 派遣 任命 任 获 获得 得到 击败 进攻 攻占 占领 入侵 受 收录 出版 上映 "
        "播出 效力 现效力 起源 源于 然而 因此 于是 另外 此外 其后 这里 当地 事后 随后 传说 唯一 之一 "
        "曾任 现任 时任 前任 历任 首任 代理 支持 文章 据传 据说 这时 那时 而后 当年 目前 现在 如今 "
        "近年 分别 一般 基本上 一直 仍 仍然 之间 在此之前 称作 称之为 需要 采用 使用 造成 导致 产生 "
        "发生 出现 拥有 具有 位在 属于 允许 不是 就是 亦 亦称 又称 又名 简称 俗称 全称 名为 叫做 "
        "命名 来 去 起 截至 最早 最终 非常 十分 许多 不少 多数 部分 全部 所有 任何 各种 一些 这些 "
        "那些 这个 那个 其他 另 另一 进一步 逐渐 立即 随即 正式 共 共有 共计 大约 左右 以上 以下 "
        "所谓 由此 从此 为了 为止 如果 虽然 尽管 甚至 不仅 还是 或者 只要 只有 却 未 没 较 比 比较 "
        "更加 越 太 有些",
    )
)
_QUOTED = re.compile(r"《[^《》]{1,30}》|「[^「」]{1,20}」|“[^“”]{1,20}”")
_CAPITALS = re.compile(r"[A-Z][\w.'-]*(?: [A-Z][\w.'-]*)+")
_DIGIT = re.compile(r"\d")
_NO_FORM: Signals = {}


def _named(wanted: Wanted, text: Sentence) -> dict[Span, Signals]:
    """Return the names by their form, and whatever stands between words that the question has or that join."""
    found: dict[Span, Signals] = dict.fromkeys(_runs(wanted, text), _NO_FORM)
    for span, form in _formed(wanted, text):
        if _may_name(wanted, text, span, form):
            found[span] = {**found.get(span, _NO_FORM), form: 1.0}
    return found


def _formed(wanted: Wanted, text: Sentence) -> Iterator[tuple[Span, str]]:
    """Give the names by their form."""
    if wanted.sort is not Sort.THING:
        for name in (forms.persons if wanted.sort is Sort.PERSON else forms.places)(text.folded):
            exact = name.form in {"latin", "located", "at"}
            form = "dotted" if name.form == "full" else name.form
            yield name.span if exact else _snapped(name.span, text.edges), form
    elif text.foreign:
        yield from ((span, "latin") for span in forms.latin(text.folded))
    yield from ((match.span(), "quoted") for match in _QUOTED.finditer(text.folded))
    yield from ((span, "headed") for span in _ending_in(wanted, text))


def _may_name(wanted: Wanted, text: Sentence, span: Span, form: str) -> bool:
    """Tell whether a span is of whole words, no part of a dotted name, and of a name's length."""
    start, end = span
    piece, before = text.folded[start:end], text.folded[start - 1 : start]
    if len(piece) > LONGEST or piece.isspace() or (text.dotted and _cuts_name(text.folded, span)):
        return False
    if wanted.sort is Sort.PERSON and (_DIGIT.search(piece) or (before == "(" and piece.isascii())):
        return False  # in brackets stands another spelling of the name before
    return not text.edges or form == "quoted" or (start in text.numbers and end in text.numbers)


def _cuts_name(folded: str, span: Span) -> bool:
    """Tell whether a dot stands just inside or outside of a span."""
    start, end = span
    return any(character in DOTS for character in (*folded[max(0, start - 1) : start + 1], *folded[end - 1 : end + 1]))


def _snapped(span: Span, edges: Sequence[int]) -> Span:
    """Widen a span to the ends of the words that it cuts."""
    if not edges:
        return span
    return edges[bisect_right(edges, span[0]) - 1], edges[bisect_left(edges, span[1])]


def _joins(word: str) -> bool:
    """Tell whether a word is no part of a name: 于是, 这场."""
    return word in _JOINTS or (word[0] in "这那该此某每各几一两" and len(word) < 3)


def _runs(wanted: Wanted, text: Sentence) -> Iterator[Span]:
    """Give the runs of neighbouring words that neither the question has nor join, and all parts of these runs."""
    folded, asked, run = text.folded, wanted.text, list[Span]()
    no_digits = wanted.sort is Sort.PERSON
    for start, end in itertools.pairwise([*text.edges, len(folded)]):
        word = folded[start:end]
        named = (word.isalnum() and not _joins(word) and word not in asked) or (word and word in DOTS)
        if named and not (no_digits and word.isascii() and _DIGIT.search(word)):
            run.append((start, end))
            continue
        for first, (begin, _) in enumerate(run):
            for _, last in run[first : first + MOST_WORDS]:
                if last - begin > 1 and not (text.dotted and _cuts_name(folded, (begin, last))):
                    yield begin, last
        run = []


def _ending_in(wanted: Wanted, text: Sentence) -> Iterator[Span]:
    """Give what ends with the noun, from the last word before it that joins or after a mark."""
    noun = wanted.noun
    if len(noun) < 2:
        return
    noun = next((noun[:length] for length in (4, 3, 2) if noun[:length] in text.folded), "")
    for start, end in _occurrences(noun, text.folded) if noun else ():
        first = start
        for edge in reversed(text.edges[: bisect_left(text.edges, start)]):
            word = text.folded[edge:first]
            if not word.isalnum() or _joins(word) or end - edge > LONGEST:
                break
            first = edge
            if wanted.sort is Sort.THING:
                yield first, end
        if first < start and wanted.sort is not Sort.THING:
            yield first, end


# -- signals of every kind


def shape(wanted: Wanted, text: Sentence, span: Span) -> Signals:
    """Return the signals of a name that lie in itself and in the noun that is asked for."""
    if wanted.sort in {Sort.TIME, Sort.QUANTITY}:
        return _NO_FORM
    start, end = span
    piece, noun = text.folded[start:end], wanted.noun
    first, last = text.numbers.get(start, 0), text.numbers.get(end, len(text.edges))
    cuts = last - first - 1 if text.edges else 0  # ends of words inside
    signals = {"length": min(len(piece), 10) / 10}
    if not cuts:
        signals["word"] = 1.0
    if len(piece) == 2:
        signals["two"] = 1.0
    if noun and forms.is_named_like(piece, noun):
        signals["like"] = 1.0
    if wanted.sort is Sort.THING:
        return signals
    if text.foreign and (
        0 <= cuts <= 2 * sum(map(piece.count, DOTS)) > 0 or _CAPITALS.fullmatch(text.text, start, end)
    ):
        signals["full"] = 1.0
    if len(piece) < 5 and forms.is_surnamed(piece):
        signals["surname"] = 1.0
    return signals


def before(wanted: Wanted, text: Sentence, start: int) -> Signals:
    """Return the signals that lie in what stands before a span."""
    folded = text.folded
    signals = {"early": 1 - start / len(folded)}
    clause = text.clauses[start]
    if share := text.shares.get(clause):
        signals["clause"] = share
    else:
        signals["alone"] = 1.0
    near = 0.0
    for _, (_, last), share in text.seen:
        if 0 <= start - last < len(_PULL):
            near += share * _PULL[start - last]
    if near:
        signals["left"] = near
    for first, last in text.roles:
        if last <= start <= first + 12 and text.clauses[first] == clause:
            signals["role"] = math.exp((last - start) / CLOSENESS)
    if not start or folded[start - 1] in MARKS:
        signals["opens"] = 1.0
        return signals
    ahead = folded[max(0, start - 6) : start].rstrip()
    if alike := _alike(wanted.lead[:2], ahead[:-3:-1]):
        signals["led"] = alike
        if alike == 1.0 and len(wanted.lead) > 2 and ahead.endswith(wanted.lead[2::-1]):
            signals["repeated"] = 1.0
    if ahead[-1:] in ("在", "于"):
        signals["within"] = 1.0
    if ahead.endswith(_COPULAS):
        signals["copula"] = 1.0
    if wanted.sort is Sort.PERSON and forms.ends_with_title(ahead):
        signals["title"] = 1.0
    return signals


_COPULAS = ("是", "为", "称", "叫", "作", "名", "即", "指", ":")


def behind(wanted: Wanted, text: Sentence, end: int) -> Signals:
    """Return the signals that lie in a span's last character and in what stands behind it."""
    folded = text.folded
    signals = {}
    final = folded[end - 1]
    if wanted.noun and wanted.noun[-1] == final:
        signals["kin"] = 1.0
    if final in "人军族党":
        signals["people"] = 1.0
    elif final in "年月日时期代0123456789":
        signals["timely"] = 1.0
    near = 0.0
    for _, (first, _), share in text.seen:
        if 0 <= first - end < len(_PULL):
            near += share * _PULL[first - end]
    if near:
        signals["right"] = near
    after = folded[end : end + 4].lstrip()
    if not after or after[0] in MARKS:
        signals["closes"] = 1.0
        return signals
    if alike := _alike(wanted.rest[:2], after[:2]):
        signals["followed"] = alike
    for first, last in text.acts:
        if end <= first and last <= end + 12 and text.clauses[first] == text.clauses[end]:
            signals["act"] = math.exp((end - first) / CLOSENESS)
            break
    return signals


def _alike(one: str, other: str) -> float:
    """Return whether two texts of two characters begin alike: 1 if both do, a half if only the first does."""
    if not one or not other or one[0] != other[0]:
        return 0.0
    return 1.0 if one == other and len(one) > 1 else 0.5
