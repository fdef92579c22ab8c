"""A question asked anew with one thing in the place of another: 那 MXNet 呢, 缺点呢, 2016 年呢."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.conversation.attribute import asked, belongs, owner
from assistant.conversation.chatter import without_end
from assistant.conversation.parsed import LATIN, Parsed, Role
from assistant.conversation.statement import spaced
from assistant.conversation.topic import pair
from assistant.conversation.turn import Turn
from assistant.conversation.verb import VERBS
from assistant.ranking.forms import dates, places, quantities
from assistant.understanding.kind import COUNTER
from corpus.lexicon import fold
from corpus.splitting import Span
from corpus.words import is_han

UNLIKE = 0.2  # of a cosine: against replacing a place by something else, or what 哪个 asks for by anything
TOPIC = 0.06  # of a cosine: what the question is about is replaced rather than another thing
SECOND = 0.1  # of two things set beside each other, the second one rather than the first

_SWAP = re.compile(
    r"(?:(?:如果|要是|假如|若)?(?:换成|换作|改成|换做)(?:是|了)?|(?:如果|要是|假如)是|至于)\s*(?P<put>.{1,16}?)\s*(?:的话)?呢?"
    r"|(?P<then>.{1,16}?)\s*(?:的话)?呢"
    r"|(?P<too>.{1,16}?)\s*(?:是不是)?也(?:都|同样)?[不没]?"
    r"(?:(?:一样|这样|如此|可以|[是可行能会有要成算])*|(?P<does>[\u4e00-\u9fff]{1,4}?))(?:[吗么嘛吧]|$)"
)
_BESIDE = re.compile(
    r"(?:(?:[跟和与同]|对)\s*(?P<with>.{1,16}?)\s*(?:相?比(?:起来|较)?|相较)|(?:比起|相比于?|对比|相较于?|比)\s*(?P<than>.{1,16}?))\s*(?:的话)?呢?"
)
_ASKS = re.compile(r"什么|谁|哪|怎|多少|几|吗|为何|如何|是不是|有没有|能不能|多[长高大久远]|啥|咋|为什")
_NUMBER = re.compile(r"(?<![a-z0-9.])\d+(?:\.\d+)*(?![\d.])")  # a version
_AFTER = re.compile("[上中里下]$")


def put(text: str, earlier: str | None = None) -> Span | None:
    """Return where in a turn stands what is to be put in the place of something: MXNet in MXNet 呢; None if nothing.

    A verb that the turn repeats, as in MXNet 也支持吗, is to stand in the `earlier` question, where that is known.
    """
    bare = without_end(text)
    found = _SWAP.fullmatch(bare)
    if not found:
        return None
    if found["does"] and earlier is not None and found["does"] not in earlier:
        return None
    start, end = next(found.span(name) for name in ("put", "then", "too") if found[name])
    return None if _ASKS.search(bare, start, end) else (start, end)


def beside(text: str) -> Span | None:
    """Return where in a turn stands what the topic is to be compared with: MXNet in 跟 MXNet 比呢; None if nothing."""
    bare = without_end(text)
    found = _BESIDE.fullmatch(bare)
    if not found:
        return None
    start, end = found.span("with") if found["with"] else found.span("than")
    return None if _ASKS.search(bare, start, end) else (start, end)


def swapped(turn: Turn, new: Parsed, alike: Callable[[str, str], float]) -> tuple[str, str]:
    """Return a turn's question with `new` in it, and what that is about ("" where the question tells)."""
    old, text = turn.parsed, new.written(0, new.end).removesuffix("的")
    if covered := _form(old, new):
        return (
            _replaced(old, covered, text) if covered != (0, 0) else spaced(text, turn.question.understood)
        ), turn.topic
    if asking := _asking(new):
        same = [
            (word.start, word.end)
            for word, role in old.roles
            if role is Role.ATTRIBUTE and asked(word.folded) == asking
        ]
        if same:
            return _replaced(old, max(same, key=lambda span: alike(old.written(*span), text)), text), turn.topic
        if turn.topic:
            return spaced(turn.topic, "的", text, asking) + "？", turn.topic
    if fold(text) in map(fold, pair(old) or ()):
        return spaced(text, "怎么样？"), text
    if _holds(old, new.text[: new.end]):
        return turn.question.understood, turn.topic
    slots = dict(_slots(turn, new))
    if not slots or _is_beside(old, new):
        return spaced(text, turn.question.understood), text
    best = max(
        slots, key=lambda span: slots[span] + alike(old.written(*span), text) + _shape(old.text[slice(*span)], new)
    )
    if _AFTER.search(new.text[: new.end]) and old.text.startswith(new.text[new.end - 1], best[1]):
        best = (best[0], best[1] + 1)  # 电脑上 for 手机上
    return _replaced(old, best, text), ""


def _holds(old: Parsed, text: str) -> bool:
    """Tell whether a question has a folded text in it, and not as a part of a longer word: no 醋 in 糖醋排骨."""
    edges = {place for word, _ in old.roles for place in (word.start, word.end)}
    found = re.finditer(re.escape(text), old.text)
    return any(one.start() in edges or one.end() in edges for one in found)


def attribute(turn: Turn, new: Parsed) -> str:
    """Return the question for an attribute of what a turn is about; "" where either is missing."""
    asking = _asking(new)
    return spaced(turn.topic, "的", new.written(0, new.end), asking) + "？" if asking and turn.topic else ""


def _asking(new: Parsed) -> str:
    """Return the words that ask for an attribute, "" where the text is none."""
    words = [word.folded for word, role in new.roles if role is not Role.FUNCTION]
    return asked(words[-1]) if words and belongs(words, VERBS) else ""


def _form(old: Parsed, new: Parsed) -> Span | None:
    """Return the date or quantity that another one replaces, (0, 0) where the question has none; None for no date."""
    text = new.text[: new.end]
    if any(date.span[1] - date.span[0] >= len(text.rstrip()) for date in dates(text)):
        return next((date.span for date in dates(old.text)), (0, 0))
    if _NUMBER.fullmatch(text) and (numbers := list(_NUMBER.finditer(old.text))):
        return numbers[-1].span()
    if any(found.span == (0, len(text)) and found.measure for found in quantities(text)):
        return next((found.span for found in quantities(old.text)), None)
    return None


def _slots(turn: Turn, new: Parsed) -> Iterator[tuple[Span, float]]:
    """Give what may be replaced, each with what speaks for it beside its likeness."""
    old = turn.parsed
    roles = [role for _, role in new.content]
    both = pair(old)
    start = old.question.understood.find(turn.topic) if turn.topic and not both else -1
    inside = [role for word, role in old.roles if start <= word.start < start + len(turn.topic)]
    acts = (
        Role.VERB in inside and Role.NOUN in inside and Role.VERB not in roles
    )  # 商标注册, of which a thing is replaced
    only = Role.VERB if roles and all(role is Role.VERB for role in roles) else Role.PEOPLE
    alike = [(word.start, word.end) for word, role in old.roles if role is only]
    if alike and (only is Role.VERB or _of_people(new)):
        yield from ((span, 0.0) for span in alike)
        return
    shares = fold(turn.topic)[-1:] == new.text[new.end - 1 : new.end]
    for word, _ in old.roles:
        within = start <= word.start < start + len(turn.topic)
        shares = shares or (within and len(word.folded) > 1 and word.folded in new.text)  # 医疗保险 for 养老保险
    for word, role in old.roles:
        within = start <= word.start < start + len(turn.topic)
        if role in {Role.NOUN, Role.PEOPLE} and (acts or not (within and shares)):
            yield (word.start, word.end), -UNLIKE * (_CHOSEN.search(old.text, 0, word.start) is not None)
    bonus = SECOND if both else 0.0
    alien = Role.NAME in roles
    for place, span in enumerate(old.names):
        if not (start <= span[0] and span[1] <= start + len(turn.topic)) or span == (start, start + len(turn.topic)):
            yield span, alien * 0.3 + bonus * place
    if both and not old.names:
        yield from (
            ((subject.start, subject.end), 0.1 * place) for place, subject in enumerate(old.question.subjects, 1)
        )
    if start >= 0 and not acts:
        if (head := owner(fold(turn.topic))) and not owner(new.text[: new.end]):
            yield (start, start + len(head)), 2 * TOPIC  # 房贷 in 房贷利率
        named = any(span == (start, start + len(turn.topic)) for span in old.names)
        latin = named and not alien and LATIN.search(fold(turn.topic)) is not None  # 字典 is no other Python
        yield (start, start + len(turn.topic)), TOPIC + 0.3 * (named and alien) - UNLIKE / 2 * latin


_WHILE = re.compile("[期时后前]$|期间$|阶段$|情况$")


def _is_beside(old: Parsed, new: Parsed) -> bool:
    """Tell whether a text says for whom or when a question is asked, and has nothing of its sort to replace."""
    if _of_people(new):
        return not any(role is Role.PEOPLE for _, role in old.roles)
    during = _WHILE.search(new.text[: new.end])
    return during is not None and not any(word.folded.endswith(during[0]) for word, _ in old.roles)


_CHOSEN = re.compile(rf"哪一?{COUNTER}$")


def _of_people(new: Parsed) -> bool:
    """Tell whether a text names whom a thing is asked for: 实习生."""
    return bool(new.content) and new.content[-1][1] is Role.PEOPLE


def _shape(one: str, new: Parsed) -> float:
    """Return what the form of two folded texts says for their being of one sort: 泰山 and 华山, 日本 and 新加坡."""
    other = new.text[: new.end]
    whole = [
        any(place.form == "place" and place.span == (0, len(text)) for place in places(text)) for text in (one, other)
    ]
    apart = UNLIKE * (whole[0] and not whole[1])
    return (
        -apart
        + 0.2 * (all(whole) or (is_han(one[-1]) and one[-1] == other[-1]))
        + 0.1 * (is_han(one) and len(one) == len(other))
    )


def _replaced(old: Parsed, span: Span, text: str) -> str:
    written = old.question.understood
    return spaced(written[: span[0]].rstrip(), text, written[span[1] :].lstrip())
