"""Whether a question leaves to be understood what it is about: 作者是谁, 支持哪些语言, 能跑在手机上吗."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from assistant.conversation.attribute import belongs
from assistant.conversation.parsed import ADVERB, LATIN, Parsed, Role
from assistant.conversation.verb import ACTS, STATES, VERBS
from assistant.understanding.kind import COUNTER, Kind
from corpus.words import Word

LONGEST_ELLIPSIS = 24  # characters of a question that leaves its subject out; longer ones say what they are about
LONGEST_PREDICATE = 14  # of one that begins with a predicate, Latin letters aside: 能在 Windows 上运行吗
COMMON = 13.5  # rarity below which a lone noun is what something has, not what a question is about: 有什么车型

_START = re.compile(rf"(?:{ADVERB}|\s)*+")
_JOINED = re.compile(r"(?:和|跟|与|同|比起?|相比|对比|较)\s*$")
_LINKED = re.compile(r"[按照只不没由给]|有人|没人|有没有人")
_PREDICATE = re.compile(
    r"^(?:[是不没有]|是不是|是否|有没有?|没有|有无|能不?能?|会不?会?|可不?可?以?|要不?要?|需要|应该|得|被|由|在|对|从|于|支持|为了|包[括含]|属于|用于)"
    r"(?:[是有能会可以要不用在被由对从拿得给跟和]|一[个款种]|自己的?)*\s*$"
)
_MADE = re.compile(r"^用.{1,12}(?:写|开发|实现|做|编写|制作|制成|造)[成出]?的")
_ASKED_NOUN = re.compile(
    rf"(?:(?<!为)什么|(?<!为)啥|哪一?些?(?:{COUNTER}|几{COUNTER})?|几{COUNTER}?|多少{COUNTER}?|何种?)(?:样的?)?\s*$"
)
_ASKING_WAY = re.compile(
    r"(?:怎么样?|如何|怎样|为什么|为何|为啥|咋|干嘛|凭什么)(?:[会能要不没才就去来是\s]|[这那]么|这样|如此)*$"
)
_ASKING_TIME = re.compile(
    r"(?:谁|什么时候|何时|啥时候|哪一?[年天月]|何年|几[时点号]|什么时间|哪[里儿]|什么地方|多久|多少|怎么样)[会能要才就去来到是在给把能可以\s]*$"
)
_DONE = re.compile(r"是?(?:怎么(?!样)|如何|怎样|咋|什么时候|何时|啥时候|哪一?年|在?哪[里儿]).+的")  # 怎么加入 Apache 的
_MANAGED = re.compile(r"(?:怎么|如何|怎样|咋)(?:才能?)?(?:做到|办到|实现)")
_BESIDES = re.compile("除了?[^,]{1,12}?(?:之外|以外|外)?[,\\s]*[还也都]")
_ON = re.compile("[^,的]{1,4}[上里中内]\\s*(?:能|可以|会|要|有没有|怎么|如何)")  # 手机上能跑吗
_HURT = re.compile("被.+了[要会能该去怎可]")  # 被狗咬了要打几针
_SO = re.compile("[这那]么|这样|如此")
_CHOICE = re.compile(r"(?:是|要|该|应该)?[用放选加吃拿走坐穿].{1,8}还是.{1,8}")
_OWN = re.compile(r"的(?:是|有)哪一?[些个种家位款类项门]\S")  # 停止维护的是哪个框架
_PLACED = re.compile(r"在[^,;。?!]{0,12}?$")
_VERSION = re.compile(r"[\d.]+")
_INTO = re.compile(r"[\u4e00-\u9fff][成为到给进]\s*$")
_INSIDE = re.compile("[上里中下内]")
_DOER = re.compile(rf"(?:谁|时候|何时|哪一?年)(?:{ADVERB})*$")  # what follows is a verb, if nothing else does: 谁指挥的


_SPEAKERS = re.compile(
    r"(?:(?:那么?|还|也|又|再|都|就|才|现在|目前|如今|今天|明天|昨天|后天|到底|究竟|如果|要是)*+\s*+)*+(?:[你我您咱]们?|大家|咱们)(?![的家国校司])"
)
_TODAY = re.compile(
    r"\s*+(?:现在|此刻|今天|明天|昨天|后天|前天|今晚|今年|明年|去年)(?:的?(?:时间|日期|天气|气温))?(?:是|会|要|又|到)*+"
    r"(?:几[点时号月]|多少号|星期|礼拜|周几|哪一?[年天月日]|什么(?:日子|时候|时间|节|季节|天气)|[下刮打][雨雪风雷霜]|放假)"
)


def speaks_of_now(parsed: Parsed) -> bool:
    """Tell whether a question is about those who talk, or the time they talk at: 你是谁, 现在几点了."""
    return _SPEAKERS.match(parsed.text) is not None or _TODAY.match(parsed.text) is not None


def lacks_subject(parsed: Parsed) -> bool:
    """Tell whether a question leaves what it is about to be understood: 作者是谁, 支持哪些语言, 能跑在手机上吗."""
    text, content = parsed.text[: parsed.end], parsed.content
    if not text or len(text) > LONGEST_ELLIPSIS or speaks_of_now(parsed):
        return False
    if not content:
        return any(role is Role.FUNCTION for _, role in parsed.roles)
    first, role = content[0]
    before = _before(parsed, first)
    if (plain := _by_form(parsed, before)) is not None:
        return plain
    things = [word for word, kind in content if kind in {Role.NAME, Role.NOUN, Role.PEOPLE}]
    things = [word for word in things if not (_is_place(parsed.text, word) or _VERSION.fullmatch(word.folded))]
    if before.strip():  # 有没有 Mac 版, 多久能到账
        things = [word for word in things if len(word.folded) > 1 or LATIN.search(word.folded)]
    if _JOINED.fullmatch(before):
        beside = {Kind.COMPARISON, Kind.RELATION, Kind.YES_NO, Kind.OTHER}
        return parsed.question.kind in beside or "比" in text
    if not before.strip():
        return _bare(parsed, content)
    if _ASKED_NOUN.search(before):
        return _of_asked(parsed, before, content)
    if _ASKING_WAY.search(before):
        return first.folded in STATES or not things or _SO.search(before) is not None
    if _ASKING_TIME.search(before):
        return first.folded in STATES or not things or (len(content) == 1 and _DOER.search(before) is not None)
    if _MADE.match(text):
        return True
    if _PREDICATE.match(before):
        return role is Role.ATTRIBUTE or (len(things) <= 1 and len(LATIN.sub("", text)) <= LONGEST_PREDICATE)
    if _LINKED.match(before) and len(text) <= LONGEST_PREDICATE:
        return len(things) <= 1 and all(kind is not Role.NAME for _, kind in content)
    return False if things else role is not Role.NOUN


def _by_form(parsed: Parsed, before: str) -> bool | None:
    """Tell it where the form of a question alone tells, None elsewhere."""
    text, content = parsed.text[: parsed.end], parsed.content
    _, role = content[0]
    if _HURT.match(text) or _relative(parsed) or (role is Role.NAME and not before.strip(' 《“「"')):
        return False
    if _ON.match(text) and role is Role.NOUN and len(text) <= LONGEST_PREDICATE:
        return len([word for word, kind in content if kind in {Role.NAME, Role.NOUN}]) == 1
    if _BESIDES.match(text) or _MANAGED.match(text) or (role is Role.VERB and _DONE.fullmatch(text)):
        return True
    return True if _CHOICE.fullmatch(text) and all(kind is not Role.NAME for _, kind in content) else None


def _is_place(text: str, word: Word) -> bool:
    """Tell whether a word says where something is done, or what comes of it: 手机 in 在手机上, Word in 转成 Word."""
    if _INTO.search(text, 0, word.start):
        return True
    return _INSIDE.match(text, word.end) is not None and _PLACED.search(text, 0, word.start) is not None


def _before(parsed: Parsed, first: Word) -> str:
    """Return what stands before the first word that carries content, without dates and adverbs."""
    dated = [word.end for word, role in parsed.roles if role is Role.DATE and word.end <= first.start]
    before = parsed.text[dated[-1] if dated else 0 : first.start]
    found = _START.match(before)
    return before[found.end() :] if found else before


_ADJECTIVES = frozenset("高低多少大小短强弱差深浅远近早晚新旧老软硬甜咸辣苦酸热冷贵难快慢火轻重花")
_HAS_DONE = re.compile(
    r"\s*[\u4e00-\u9fff]{1,2}(?:[了过]|(?<=[到成出为入]))(?:哪一?[些个种家位款类项门]|哪[几两三四]|几[个种家位款])"
)
_IS_DONE = re.compile(r"\s*(?:需要|要|应该|怎么|如何|流程|的?条件|能|可以|有什么)")


def _bare(parsed: Parsed, content: Sequence[tuple[Word, Role]]) -> bool:
    """Tell it of a question that begins with a content word."""
    first, role = content[0]
    things = [word for word, kind in content[1:] if kind in {Role.NAME, Role.NOUN}]
    if role is Role.ATTRIBUTE or (
        role is Role.VERB and len(content) > 1 and content[1][1] is Role.ATTRIBUTE and content[1][0].start == first.end
    ):
        run = [first]
        for word, _ in content[1:]:
            if word.start != run[-1].end:
                break
            run.append(word)
        words = [word.folded for word in run]
        if len(words) > 1 and (words[-1] in VERBS or words[0] in VERBS) and _IS_DONE.match(parsed.text, run[-1].end):
            return False  # 转专业需要什么条件
        while len(words) > 1 and words[-1] in VERBS:
            words.pop()
        return belongs(words, VERBS) and not parsed.text.startswith("最", run[-1].end)
    if role is Role.VERB:
        if _begins_name(parsed, content):
            return False
        whole = len(content) > 1 and content[1][1] is Role.VERB and content[1][0].start == first.end
        if whole and _IS_DONE.match(parsed.text, content[1][0].end):
            return False  # 起诉离婚需要什么材料
        if _HAS_DONE.match(parsed.text, first.start) and not any(kind is Role.NAME for _, kind in content[1:]):
            return True
        later = [w for w, _ in content[1:] if w.start > first.end and not parsed.text.startswith("怎么办", w.start - 2)]
        if (
            first.folded in ACTS
            and not parsed.text.startswith("了", first.end)
            and any(word.folded in ACTS for word in later)
        ):
            return False  # 补考什么时候报名
        return first.folded in STATES or not things
    if first.folded in {"患者", "病人"}:
        return True
    if role is Role.PEOPLE:
        follows = parsed.text[first.end :]
        return not things and re.match("可以|能|会|要|需要|适合|应该|也|有", follows) is not None
    return False


def _begins_name(parsed: Parsed, content: Sequence[tuple[Word, Role]]) -> bool:
    """Tell whether the verb or adjective at the start is part of a name: 高博医院, 开源证券认购了多少股."""
    (first, _), *rest = content
    if not rest or rest[0][0].start != first.end or rest[0][1] not in {Role.NOUN, Role.NAME}:
        return False
    acts = len(rest) > 1 and rest[1][1] is Role.VERB and rest[1][0].start == rest[0][0].end
    return first.folded in _ADJECTIVES or (acts and parsed.text.startswith(("了", "过"), rest[1][0].end))


def _of_asked(parsed: Parsed, before: str, content: Sequence[tuple[Word, Role]]) -> bool:
    """Tell it of a question that begins with what is asked for: 哪些公司在用, 有哪些缺点, 什么颜色."""
    first, role = content[0]
    if belongs([word.folded for word, _ in content], VERBS):
        return True
    rest = [pair for pair in content[1:] if pair[1] in {Role.NAME, Role.NOUN}]
    if before.lstrip().startswith(("有", "提供", "还有")):
        if role is Role.ATTRIBUTE or (content[-1][1] is Role.ATTRIBUTE and not any(r is Role.NAME for _, r in content)):
            return True
        alone = len(content) == 1 and parsed.question.rarity.get(first.folded, 0.0) < COMMON
        return role is not Role.NAME and not rest and (alone or any(kind is Role.VERB for _, kind in content[1:]))
    if role is Role.VERB and first.folded in STATES:
        return True
    return role is not Role.NAME and not rest and "最" not in parsed.text


_RELATIVE = re.compile(r"的\s*$")


def _relative(parsed: Parsed) -> bool:
    """Tell whether a clause with 的 describes a thing of its own: 支持分布式的框架有哪些."""
    content = parsed.content
    if content[0][1] is not Role.VERB and not parsed.text.startswith("被"):
        return False
    if _OWN.search(parsed.text):
        return True
    for (one, _), (other, role) in itertools.pairwise(content):
        if _RELATIVE.search(parsed.text[one.end : other.start]) and role in {Role.NOUN, Role.NAME, Role.PEOPLE}:
            return True
    return False
