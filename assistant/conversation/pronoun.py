"""Words that stand for something else: 它, 该公司, 这门语言, 前者, 其."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.conversation.attribute import asked
from assistant.conversation.parsed import Parsed, Role
from assistant.understanding.kind import ORGANISATION, Kind

_CLASSIFIER = "[个位名家款种门项本部首篇座条所场台件张只届类支间起次段道幅辆艘块份群代味套]"


class Sort(StrEnum):
    """What a pronoun may stand for."""

    THING = "thing"
    PERSON = "person"
    ORGANISATION = "organisation"
    BOTH = "both"
    ALL = "all"  # both, where two were spoken of
    PEOPLE = "people"  # both, or those who were asked for
    SOME = "some"  # the things that were asked for
    FORMER = "former"
    LATTER = "latter"


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A word that stands for something else, with the noun that says what sort of thing: 语言 in 这门语言."""

    start: int
    end: int
    sort: Sort
    noun: str = ""  # folded
    owns: bool = False  # it means "its": 其作者


_PATTERN = re.compile(
    rf"(?P<both>[它他她]们?[俩两]个?|这[俩两]{_CLASSIFIER}?(?!年|天)|那[俩两]{_CLASSIFIER}(?!年|天)|两者|二者|[这那]二者)"
    r"|(?P<former>前者)|(?P<latter>后者)"
    rf"|(?P<person>(?<![其吉维排利])[他她]们?(?![人乡汀杀律])|(?:(?<!的)[这那该]位|此人|该人|[这那]个?人(?![类种民口工])))"
    rf"|(?P<some>[这那]些)"
    rf"|(?P<this>(?:(?<!的)[这那]一?{_CLASSIFIER}|该{_CLASSIFIER}?(?![不怎如能做用去是])|此(?![外时前后次刻处间生致]))(?=(?P<rest>.?)))"
    r"|(?P<among>其中)|(?P<its>(?<![尤与极莫何若及耳土])其(?![他它中实余次间后一二三所乐余貌妙人事]))"
    r"|(?P<it>它们?(?![山乡石者日年时])|(?<![\u4e00-\u9fff])这(?=是|怎么|为什么|有|会|能|算|需要|要|叫|又|和|跟|与))"
)
_KINDS = frozenset(sort.value for sort in Sort)
_NO_REFERENT = re.compile("名字|名称|问题|时候|意思|词|字|样|地方|时间|程度|方面|说法|事|年|月|天|里|情况|话")
_COMPANY = re.compile(rf".{{0,4}}(?:{ORGANISATION}|大学|学校|学院|医院)")
_PERSONAL = re.compile(
    ".*(?:[^类个]人|者|[科文专画作音艺思]家|作家|诗人|皇帝|将军|总统|演员|导演|教授|博士|先生|女士|学者|科学家|工程师|球员|老师)"
)
_ASKS = re.compile("什么|啥|谁|哪|怎|如何|为何|咋")
_ROLE = re.compile("作者|创始人|导演|发明者|发明人|开发者|创建者|校长|院长|谁|人")


def pronouns(parsed: Parsed) -> Iterator[Pronoun]:
    """Give the pronouns of a question that refer to what was said before it, in order."""
    for found in _PATTERN.finditer(parsed.text):
        pronoun = _pronoun(parsed, found)
        if pronoun is not None and not _refers_within(parsed, pronoun):
            yield pronoun


def _pronoun(parsed: Parsed, found: re.Match[str]) -> Pronoun | None:
    kind, (start, end) = found.lastgroup or "", found.span()
    if found["this"] is not None:
        return _this(parsed, start, end)
    if found["some"] is not None:
        noun = _noun(parsed, end)
        none = _NO_REFERENT.match(parsed.text, end)
        return None if none else Pronoun(start, end + len(noun), Sort.SOME, noun)
    if found["both"] is not None:
        noun = _noun(parsed, end)
        return Pronoun(start, end + len(noun), Sort.BOTH, noun)
    if found["among"] is not None:
        return Pronoun(start, start + 1, Sort.SOME)  # 中 stays
    if found["its"] is not None:
        return Pronoun(start, end, Sort.THING, owns=True)
    if found[0].endswith("们"):
        return Pronoun(start, end, Sort.ALL if found["it"] else Sort.PEOPLE)
    return Pronoun(start, end, Sort(kind) if kind in _KINDS else Sort.THING)


def _this(parsed: Parsed, start: int, end: int) -> Pronoun | None:
    """Return 这门语言, 该公司, 这个; None for 这个名字, which is in the same question."""
    noun = _noun(parsed, end)
    if _NO_REFERENT.match(parsed.text, end) or parsed.text.startswith("叫", end):
        return None
    if not noun:
        if parsed.text[end - 1] == "次" or _describes(parsed, end):
            return None
        return Pronoun(start, end, Sort.THING) if parsed.text[start] in "这那" and end - start > 1 else None
    sort = Sort.ORGANISATION if _COMPANY.fullmatch(noun) else Sort.PERSON if _PERSONAL.fullmatch(noun) else Sort.THING
    return Pronoun(start, end + len(noun), sort, noun)


def _describes(parsed: Parsed, place: int) -> bool:
    """Tell whether a clause from here on says which thing is meant: 那个被骗到柬埔寨的女孩."""
    roles = [pair for pair in parsed.roles if pair[0].start > place]
    return any(
        one.folded == "的" and role in {Role.NOUN, Role.PEOPLE} and other.start == one.end
        for (one, _), (other, role) in itertools.pairwise(roles)
    )


def _noun(parsed: Parsed, place: int) -> str:
    """Return the noun that begins at a place, folded; "" where something else does."""
    for word, role in parsed.roles:
        if word.start <= place < word.end:
            tail = word.folded[place - word.start :]
            if asked(tail) and role is Role.ATTRIBUTE and tail not in _TYPES:
                return ""
            for cut in range(2, len(tail) - 1):
                if asked(tail[cut:]) and not asked(tail[:cut]):
                    return tail[:cut]  # 公司总部
            return tail if role in {Role.NOUN, Role.PEOPLE, Role.ATTRIBUTE, Role.NAME} and tail.isalpha() else ""
    return ""


_TYPES_LISTED = (
    "语言 产品 算法 协议 方法 专业 课程 作品 平台 思想 格式 文字 宗教 概念 原理 货币 版本 功能 架构 标准 服务 "
    "景点 品种 措施"
)
_TYPES = frozenset(_TYPES_LISTED.split())


def _follows_noun(parsed: Parsed, pronoun: Pronoun) -> bool:
    """Tell whether a pronoun stands behind the noun that a question begins with: 微软那个前端, 马飞他们."""
    if parsed.text.startswith(("它", "他", "她", "其"), pronoun.start) and pronoun.sort is not Sort.PEOPLE:
        return False
    before = [(word, role) for word, role in parsed.roles if word.end <= pronoun.start]
    named = {Role.NOUN, Role.NAME, Role.PEOPLE, Role.ATTRIBUTE}
    return (
        bool(before)
        and before[-1][1] in named
        and not parsed.text[before[-1][0].end : pronoun.start].strip()
        and _ASKS.search(parsed.text, 0, pronoun.start) is None
    )


def _refers_within(parsed: Parsed, pronoun: Pronoun) -> bool:
    """Tell whether a pronoun stands for something that its own question has before it: TensorFlow 和它的前端."""
    if _follows_noun(parsed, pronoun):
        return True
    before = [word for word, role in parsed.roles if word.end <= pronoun.start and role in {Role.NAME, Role.NOUN}]
    if not before:
        role = any(r is Role.ATTRIBUTE and w.end <= pronoun.start for w, r in parsed.roles)
        return pronoun.sort is Sort.PERSON and role and _ROLE.search(parsed.text, 0, pronoun.start) is not None
    between = parsed.text[before[-1].end : pronoun.start]
    if re.search("[,。;?!]", between) or pronoun.owns:
        return True
    if parsed.text.startswith("的", pronoun.end):
        return not re.match("(?:在|对|从|用)", parsed.text) and parsed.question.kind is not Kind.COMPARISON
    return pronoun.sort is Sort.BOTH
