"""A question asked anew with one thing in the place of another: 那 MXNet 呢, 缺点呢, 2016 年呢."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.conversation.attribute import asked, belongs
from assistant.conversation.chatter import without_end
from assistant.conversation.parsed import Parsed, Role
from assistant.conversation.statement import spaced
from assistant.conversation.topic import pair
from assistant.conversation.turn import Turn
from assistant.conversation.verb import VERBS
from assistant.ranking.forms import dates, places, quantities
from corpus.lexicon import fold
from corpus.splitting import Span
from corpus.words import is_han

TOPIC = 0.06  # of a cosine: what the question is about is replaced rather than another thing
SECOND = 0.1  # of two things set beside each other, the second one rather than the first

_SWAP = re.compile(
    r"(?:(?:如果|要是|假如|若)?(?:换成|换作|改成|换做)(?:是|了)?|(?:如果|要是|假如)是|至于)\s*(?P<put>.{1,16}?)\s*(?:的话)?呢?"
    r"|(?P<then>.{1,16}?)\s*(?:的话)?呢"
)
_ASKS = re.compile(r"什么|谁|哪|怎|多少|几|吗|为何|如何|是不是|有没有|能不能|多[长高大久远]|啥|咋|为什")
_NUMBER = re.compile(r"(?<![a-z0-9.])\d+(?:\.\d+)*(?![\d.])")  # a version
_AFTER = re.compile("[上中里下]$")


def put(text: str) -> Span | None:
    """Return where in a turn stands what is to be put in the place of something: MXNet in MXNet 呢; None if nothing."""
    bare = without_end(text)
    found = _SWAP.fullmatch(bare)
    if not found:
        return None
    start, end = found.span("put") if found["put"] else found.span("then")
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
    if new.text[: new.end] in old.text:
        return turn.question.understood, turn.topic
    slots = dict(_slots(turn, new))
    if not slots:
        return spaced(text, turn.question.understood), text
    best = max(
        slots, key=lambda span: slots[span] + alike(old.written(*span), text) + _shape(old.text[slice(*span)], new)
    )
    if _AFTER.search(new.text[: new.end]) and old.text.startswith(new.text[new.end - 1], best[1]):
        best = (best[0], best[1] + 1)  # 电脑上 for 手机上
    return _replaced(old, best, text), ""


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
    if roles and all(role is Role.VERB for role in roles):
        verbs = [(word.start, word.end) for word, role in old.roles if role is Role.VERB]
        if verbs:
            yield from ((span, 0.0) for span in verbs)
            return
    shares = fold(turn.topic)[-1:] == new.text[new.end - 1 : new.end]
    for word, _ in old.roles:
        within = start <= word.start < start + len(turn.topic)
        shares = shares or (within and len(word.folded) > 1 and word.folded in new.text)  # 医疗保险 for 养老保险
    for word, role in old.roles:
        within = start <= word.start < start + len(turn.topic)
        if role in {Role.NOUN, Role.PEOPLE} and (acts or not (within and shares)):
            yield (word.start, word.end), 0.0
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
        named = any(span == (start, start + len(turn.topic)) for span in old.names)
        yield (start, start + len(turn.topic)), TOPIC + 0.3 * (named and alien)


def _shape(one: str, new: Parsed) -> float:
    """Return what the form of two folded texts says for their being of one sort: 泰山 and 华山, 日本 and 新加坡."""
    other = new.text[: new.end]
    whole = [
        any(place.form == "place" and place.span == (0, len(text)) for place in places(text)) for text in (one, other)
    ]
    return 0.2 * (all(whole) or (is_han(one[-1]) and one[-1] == other[-1])) + 0.1 * (
        is_han(one) and len(one) == len(other)
    )


def _replaced(old: Parsed, span: Span, text: str) -> str:
    written = old.question.understood
    return spaced(written[: span[0]].rstrip(), text, written[span[1] :].lstrip())
