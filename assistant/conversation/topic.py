"""What a question is about, as it is written."""

from __future__ import annotations

import itertools
import re

from assistant.conversation.parsed import Parsed, Role, is_at
from assistant.understanding.kind import ORGANISATION
from corpus.words import Word

LONGEST_TOPIC = 20  # characters

_BESIDE = re.compile(r"\s*(?:和|跟|与|同|及|以及|还是|或者?|比起?|相比|对比|vs\.?|、|/|,)\s*")


def pair(parsed: Parsed) -> tuple[str, str] | None:
    """Return the two things that a question sets beside each other, as they are written."""
    spans = [(subject.start, subject.end) for subject in parsed.question.subjects]
    for one, other in itertools.pairwise(spans):
        if _BESIDE.fullmatch(parsed.text[one[1] : other[0]]):
            return parsed.written(*one), parsed.written(*other)
    return _opening_pair(parsed)


def _opening_pair(parsed: Parsed) -> tuple[str, str] | None:
    """Return the two things that a question begins with, whatever it asks of them: 糖尿病和高血压会遗传吗."""
    words = list(itertools.dropwhile(lambda pair: pair[1] in {Role.FUNCTION, Role.DATE}, parsed.roles))
    if len(words) < 4:
        return None
    (one, first), _, (other, second), (_, follows) = words[:4]
    if not {first, second} <= {Role.NOUN, Role.NAME} or follows not in {Role.FUNCTION, Role.VERB}:
        return None
    if not _BESIDE.fullmatch(parsed.text[one.end : other.start]) or parsed.text.startswith("的", other.end):
        return None
    return parsed.written(one.start, one.end), parsed.written(other.start, other.end)


_WHAT_IS = re.compile(r"^(?:什么|啥)(?:是|叫做?)\s*(.+)$")
_IS_WHAT = re.compile(r"^([^的哪谁什么怎,。;]{2,12}?)\s*(?:是|指)(?:什么|谁|指什么)(?:意思)?$")
_OPENING = frozenset("年月日大小上中下后前外内")  # function words that begin a name too: 年金险
_NOTHING = Word("", 0, 0)
_BY_WHOM = re.compile("是?谁|什么人|哪|什么时候")
_FIRM = re.compile(rf"{ORGANISATION}|大学|学院|语言")
_JOINS = frozenset("的和与及之·大小上中下里新老")
_GOES_ON = re.compile(r"\s*(?:需要|要|应该|是|有|怎么|如何|的|流程|条件|$)")


def topic(parsed: Parsed) -> str:
    """Return what a question is about as it is written; "" where it names nothing."""
    text = parsed.text[: parsed.end]
    if both := pair(parsed):
        start, end = parsed.question.subjects[0].start, parsed.question.subjects[-1].end
        return parsed.written(start, end) if len(parsed.question.subjects) == 2 else " 和 ".join(both)
    if (found := _WHAT_IS.match(text)) and len(found[1]) <= LONGEST_TOPIC:
        return parsed.written(*found.span(1))
    if (found := _IS_WHAT.match(text)) and not parsed.names:
        return parsed.written(*found.span(1))
    names = parsed.names
    if names:
        owned = len(names) > 1 and parsed.text[names[0][1] : names[1][0]].strip() == "的"  # Facebook 的 PyTorch
        start, end = names[owned]
        following = next(
            (w for w, role in parsed.roles if w.start >= end and role in {Role.NOUN, Role.PEOPLE, Role.ATTRIBUTE}), None
        )
        if following and not text[end : following.start].strip():
            short, firm = end - start <= 2, _FIRM.fullmatch(following.folded)
            end = following.end if short or firm else end  # C 语言, B 站, 小米公司
        return parsed.written(start, end)
    first = next((word for word, role in parsed.roles if role is Role.DATE), None)
    return _phrase(parsed) or (parsed.written(first.start, first.end) if first else "")


def opening(parsed: Parsed) -> str:
    """Return the verb or attribute that a conversation begins with, as what it is about: 缓考 in 缓考怎么申请."""
    word, role = next(iter(parsed.roles), (_NOTHING, Role.FUNCTION))
    return parsed.written(word.start, word.end) if role in {Role.VERB, Role.ATTRIBUTE} and len(word.folded) > 1 else ""


def _phrase(parsed: Parsed) -> str:
    """Return the first noun phrase, or verb with its object, of a question without names."""
    roles = list(itertools.dropwhile(lambda pair: pair[1] in {Role.FUNCTION, Role.DATE}, parsed.roles))
    if 0 < len(roles) < len(parsed.roles):
        before, _ = parsed.roles[-len(roles) - 1]
        if before.folded in _OPENING and before.end == roles[0][0].start and roles[0][1] is Role.NOUN:
            roles[0] = (Word(before.folded + roles[0][0].folded, before.start, roles[0][0].end), Role.NOUN)
    if roles and roles[0][1] is Role.VERB and _BY_WHOM.match(parsed.text):  # 谁发明了电话
        roles = list(itertools.dropwhile(lambda pair: pair[1] is Role.FUNCTION, roles[1:]))
    run: list[tuple[Word, Role]] = []
    for (word, role), (_, follows) in itertools.pairwise([*roles, (_NOTHING, Role.FUNCTION)]):
        if run and parsed.text[run[-1][0].end : word.start].strip():
            break
        if role is Role.DATE or (role is Role.FUNCTION and not (run and word.folded in _JOINS)):
            break
        if role is Role.VERB and any(kind is not Role.VERB for _, kind in run):
            named = _GOES_ON.match(parsed.text, word.end) and not is_at(word.folded)  # 公司注册需要什么
            if not named or follows in {Role.NOUN, Role.NAME}:
                break
        run.append((word, role))
    return _trimmed(parsed, run)


def _trimmed(parsed: Parsed, run: list[tuple[Word, Role]]) -> str:
    """Return a run of words without the attribute that is asked for and what joins it: 红烧肉 of 红烧肉的热量."""
    while run and (
        run[-1][1] is Role.FUNCTION or (run[-1][1] is Role.ATTRIBUTE and run[0][1] is not Role.VERB and len(run) > 1)
    ):
        run.pop()
    if not run or (len(run) < 2 and run[0][1] not in {Role.NOUN, Role.PEOPLE, Role.NAME}):
        return ""
    return parsed.written(run[0][0].start, run[-1][0].end) if run[-1][0].end - run[0][0].start <= LONGEST_TOPIC else ""
