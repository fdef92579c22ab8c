"""A record (names and values: a row of a table, an object of JSON) -> lines that can be quoted one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.draft import Draft, joined
from corpus.lexicon import fold
from corpus.splitting import LONG_SENTENCE


def names_of(words: str) -> frozenset[str]:
    """Return the names of columns that a text lists, as `bare_name` returns them."""
    return frozenset(words.split())


_QUESTIONS = names_of(
    "问题 问 提问 问句 题目 标准问 标准问题 标准问法 标准提问 主问题 用户问题 客户问题 常见问题 faq问题"
    " question questions q query prompt instruction ask"
)
_ANSWERS = names_of(
    "答案 答 回答 答复 回复 解答 标准答案 标准答 标准回答 标准回复 参考答案 参考回答 正确答案 解决方案 解决办法"
    " 处理方法 faq答案 answer answers a response output completion reply solution"
)
_TITLES = names_of("标题 题目 题名 主题 文章标题 title headline subject heading")
_TEXTS = names_of(
    "正文 内容 文本 全文 段落 文章 文章内容 text content contents body passage context paragraph article document"
)
_INPUTS = names_of("input 输入")  # of an instruction: it belongs to the question
_CATALOGUING = names_of(  # what tells of a text and not what it says
    "id uuid guid no index key docid 编号 序号 标识 url link href source 来源 出处 链接 网址 lang language date time"
    " timestamp created updated 日期 时间 发布时间 发布日期 更新时间 author 作者 score category 分类"
)
_NUMBERS = names_of("id no index key 序号 编号 行号")  # columns that name nothing
_SIMILAR = re.compile(r"(?:相似|扩展|近似|同义)(?:问|问题|问法|问句|说法)\d*|similar(?:question|query)?s?\d*")
_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）|【[^【】]*】|\[[^\[\]]*\]|[\s_*:：?？-]+")
_LONGEST_NAME = 40  # characters of a cell that tells which thing a row is about
_ENDED = re.compile(r"[。！？!?….][”’」』）)\"'】》]*$")
_LOOSE = "；;，,、 "  # at a value's end: the marks between values stand there instead
_LINE_ENDS = re.compile("[\r\n\v\f\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Roles:
    """Which columns hold a question or a title, which the answer or the text below it, and which neither.

    A number that stands beside a text is in none of them.
    """

    heads: tuple[int, ...]
    texts: tuple[int, ...]
    others: tuple[int, ...]


@lru_cache(maxsize=256)
def roles_of(names: tuple[str, ...]) -> Roles:
    """Return the roles of columns with these names; without any, all are others."""
    bare = [bare_name(name) for name in names]
    pairs = ((_QUESTIONS, _ANSWERS), (_TITLES, _TEXTS))
    for heads, texts in pairs:
        head = next((place for place, name in enumerate(bare) if name in heads), None)
        below = [place for place, name in enumerate(bare) if name in texts and place != head]
        if head is None or not below:
            continue
        asked = [place for place, name in enumerate(bare) if _SIMILAR.fullmatch(name) or name in _INPUTS]
        return _roles([head, *asked], below, bare)
    texts_alone = [place for place, name in enumerate(bare) if name in _TEXTS]
    if len(texts_alone) == 1 and all(name in _TEXTS or name in _CATALOGUING for name in bare):
        return _roles([], texts_alone, bare)
    return _roles([], [], bare)


def _roles(heads: Sequence[int], texts: Sequence[int], bare: Sequence[str]) -> Roles:
    others = (place for place in range(len(bare)) if place not in heads and place not in texts)
    return Roles(
        tuple(heads), tuple(texts), tuple(place for place in others if not texts or bare[place] not in _NUMBERS)
    )


def bare_name(name: str) -> str:
    """Return a column's name without case, width, script, spaces and what is said of it in brackets."""
    return _ASIDE.sub("", fold(name)) or fold(name).strip()


def write_record(draft: Draft, names: tuple[str, ...], values: Sequence[str], *, level: int = 1) -> None:
    """Add a record. An answer stands under its question, a text under its title; any other record is a sentence or more
    that name its columns. A record begins a passage, for each is about a thing of its own; so does what follows the
    last one, if the caller says so.
    """
    roles = roles_of(names)
    head = " / ".join(dict.fromkeys(filter(None, (one_line(values[place]) for place in roles.heads))))
    texts = [line for place in roles.texts for line in lines_of(values[place])]
    others = [(names[place], values[place]) for place in roles.others]
    if head and not texts and not any(value.strip() for _, value in others):
        draft.part(level)
        texts = [head]  # a heading alone would never be quoted
    elif head:
        draft.heading(head, level)
    else:
        draft.part(level)
    for line in [*texts, *sentences_of(others)]:
        draft.line(line)


def sentences_of(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return names and values as a sentence, 名：值；名：值。 One that is too long becomes several, each of which
    begins with the value that tells what they are about.
    """
    filled = [(one_line(name).rstrip("：:"), value) for name, cell in pairs if (value := one_line(cell).rstrip(_LOOSE))]
    pieces = [f"{name}：{value}" if name else value for name, value in filled]
    if sum(map(len, pieces)) + len(pieces) <= LONG_SENTENCE:
        return [_chained(pieces)] if pieces else []
    subject = next((piece for (name, _), piece in zip(filled, pieces, strict=True) if _names_thing(name, piece)), "")
    return [_chained(line) for line in _packed(pieces, subject)]


def _names_thing(name: str, piece: str) -> bool:
    return len(piece) <= _LONGEST_NAME and bare_name(name) not in _NUMBERS


def _packed(pieces: Sequence[str], subject: str) -> Iterator[list[str]]:
    line: list[str] = []
    for piece in pieces:
        if line and sum(map(len, line)) + len(line) + len(piece) >= LONG_SENTENCE and line != [subject]:
            yield line
            line = [subject] if subject and piece != subject else []
        line.append(piece)
    yield line


def _chained(pieces: Sequence[str]) -> str:
    """Join values by semicolons and end them; one that is a sentence keeps its own end."""
    text = ""
    for piece in pieces:
        if text and not _ENDED.search(text):
            text += "；"
        elif text and text[-1] < "\x7f":
            text += " "
        text += piece
    return text if _ENDED.search(text) else text + "。"


def one_line(value: str) -> str:
    """Return a cell's lines as one."""
    return joined(lines_of(value)) if value else ""


def lines_of(value: str) -> list[str]:
    """Return the lines of a cell that hold something, without control characters; one that ends in the midst of a
    sentence goes on with the next.
    """
    lines: list[str] = []
    for part in _LINE_ENDS.split(value):
        if line := _CONTROL.sub("", part).strip():
            goes_on = lines and lines[-1][-1] in "，,、"
            lines[-1:] = [joined([lines[-1], line])] if goes_on else [*lines[-1:], line]
    return lines
