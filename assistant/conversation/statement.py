"""A question turned into a statement, so that one can ask for its reason: Theano 停止更新了吗 -> Theano 停止更新了."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.ranking.wanted import Wanted
from assistant.understanding.question import Question
from corpus.lexicon import fold

_END = re.compile(r"(?:[\s?!。,;…~.呢啊呀]|吧(?!$))*$")
_WHETHER = re.compile(r"(?:吗|(?<![什甚怎那这多要])么|没有?|[对是]吧|对不对|是不是)$")
_OR_NOT = re.compile(r"是否(?=是)|(是|能|会|要|可以?|好|有|对|难|贵|快)[不没]\1|(?<![没])有没有|是否")
_WHY = re.compile(r"为什么|为何|为啥|怎么会|何以|凭什么")
_THESE = (  # what may stand for the words that ask, where their answer is not known
    (re.compile(r"哪些|有哪几[\u4e00-\u9fff]"), "这些"),
    (re.compile(r"(?:什么|啥)时候|何时|哪一?[年天]|几时"), "那时候"),
    (re.compile(r"(?:在)?(?:哪里|哪儿|什么地方)"), "在那里"),
    (re.compile(r"怎么(?!样)|怎样|如何|咋(?!样)"), "这样"),
    (re.compile(r"哪一?(?=[个家门种款位座所本])"), "这"),
    (re.compile(r"多少(?=[\u4e00-\u9fff])"), "这么多"),
    (re.compile(r"多(?=[长高大久远深宽重快难贵])"), "这么"),
    (re.compile(r"(?<=[\u4e00-\u9fffa-z ])(?:什么|啥)(?=[\u4e00-\u9fff]{2})(?!样)"), "这种"),
)


def statement(question: Question, span: str) -> str:
    """Return what a question takes for true, `span` in the place of the words that ask; "" if it makes no statement.

    Without a span, 这些, 那时候 and the like stand for them.
    """
    written = question.understood
    text = fold(written)
    end = _END.search(text)
    written = written[: end.start()] if end else written
    text = fold(written)
    if found := _WHY.search(text):
        return written[: found.start()] + written[found.end() :].lstrip()
    if found := _OR_NOT.search(text):
        kept = "" if found[0] == "是否" else "有" if found[0].endswith("有") else found[1] or ""
        return written[: found.start()] + kept + written[found.end() :].lstrip()
    if found := _WHETHER.search(text):
        return written[: found.start()]
    return _filled(question, written, text, span)


_NOT = re.compile(r"(?:不|没有?)(?=[\u4e00-\u9fffa-z ])(?!同|仅|但|只|过)")
_ABLE = re.compile(
    "需要|可以|应该|必须|值得|能够|允许|支持|适合|属于|适用|会|能|要|得(?=[\u4e00-\u9fff])|是(?!否)|有(?![效限关机名])"
)
_NEVER = {"必须": "不必", "得": "不必", "有": "没有"}
_PAST = re.compile("[了过]")


def denied(said: str, verbs: Sequence[str]) -> str:
    """Return the opposite of a statement, "" where no word shows how; `verbs` are its folded verbs in order."""
    text = fold(said)
    if found := _NOT.search(text):
        kept = "有" if found[0] == "没有" and _acts(text[found.end() :], verbs) is None else ""
        return said[: found.start()] + kept + said[found.end() :]
    if found := _ABLE.search(text):
        return said[: found.start()] + _NEVER.get(found[0], "不" + found[0]) + said[found.end() :]
    place = next((text.find(verb) for verb in verbs if verb in text), -1)
    if place < 0:
        return ""
    past = _PAST.search(text, place)
    return said[:place] + ("没有" if past else "不") + _undone(said[place:])


def _acts(text: str, verbs: Sequence[str]) -> str | None:
    return next((verb for verb in verbs if text.startswith(verb)), None)


def _undone(text: str) -> str:
    return text.replace("了", "", 1)


def _filled(question: Question, written: str, text: str, span: str) -> str:
    """Return a question with an answer in the place of the words that ask."""
    wanted = Wanted.of(question)
    if span and wanted and wanted.start < min(wanted.end, len(text)):
        return _plain(spaced(written[: wanted.start], span, written[wanted.end :]))
    for asking, these in _THESE:
        if found := asking.search(text):
            return _plain(written[: found.start()] + these + written[found.end() :])
    return ""


def _plain(text: str) -> str:
    """Return a statement without the 的 that only a question needs: Keras 2015 年发布的."""
    return text[:-1] if text.endswith("的") and "是" not in text else text


def without_asking(question: Question) -> str:
    """Return the content of a question without the words that ask."""
    words = question.content
    return (
        question.understood[words[0].start : words[-1].end]
        if words and not _asks(question)
        else " ".join(question.understood[word.start : word.end] for word in words)
    )


def _asks(question: Question) -> bool:
    words = question.content
    inside = fold(question.understood)[words[0].start : words[-1].end]
    return any(pattern.search(inside) for pattern in (_WHY, *(asking for asking, _ in _THESE)))


def spaced(*parts: str) -> str:
    """Join stretches of text, with a space between Latin and Chinese as is usual."""
    whole = ""
    for part in filter(None, parts):
        apart = whole and _joint(whole[-1], part[0])
        whole = f"{whole} {part}" if apart else whole + part
    return whole


def _joint(one: str, other: str) -> bool:
    latin, han = re.compile("[A-Za-z0-9+#]"), re.compile("[\u3400-\u9fff]")
    return bool(
        (latin.match(one) and (han.match(other) or latin.match(other))) or (han.match(one) and latin.match(other))
    )
