"""Follow-up questions made whole from the turns before them, by rules alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.answer import Answer, Quote
from assistant.conversation.attribute import asked, belongs, stands_alone
from assistant.conversation.chatter import Again, again, leaves, without_chatter, without_link
from assistant.conversation.ellipsis import lacks_subject, speaks_of_now
from assistant.conversation.parsed import LATIN, Parsed, Role
from assistant.conversation.pronoun import Sort, pronouns
from assistant.conversation.referent import Referent, Referents
from assistant.conversation.statement import denied, spaced, statement, without_asking
from assistant.conversation.swap import attribute, beside, put, swapped
from assistant.conversation.topic import opening, topic
from assistant.conversation.turn import Completed, Turn
from assistant.conversation.verb import VERBS
from assistant.ranking.forms import is_surnamed
from assistant.understanding.kind import Kind
from assistant.understanding.question import Question
from corpus.lexicon import fold

__all__ = ["Completed", "Conversation"]

REMEMBERED = 20  # turns that are looked back at
FITS = 0.06  # cosine from which a topic can have a noun that also stands alone: 故宫 and 门票


@dataclass(frozen=True, slots=True)
class Taken:
    """A question made whole, and what it is about; None where its text tells."""

    text: str
    about: Referent | None = None
    besides: tuple[Quote, ...] = ()

    @property
    def completed(self) -> Completed:
        return Completed(self.text, follows=True, besides=self.besides)


class Conversation:
    """Makes follow-ups whole; holds nothing of any conversation."""

    def __init__(
        self,
        read: Callable[[str], Question],
        ask: Callable[[Completed], Answer],
        alike: Callable[[str, str], float],
        names: Callable[[str], bool],
        mend: Callable[[str], str] = lambda text: text,
    ) -> None:
        """Take what reads a question, what answers one, the cosine (-1..1) of two texts, what knows folded names, and
        what mends the spelling of an earlier question.

        `ask` is called only where the answer itself is referred to.
        """
        self._read, self._ask, self._alike, self._names, self._mend = read, ask, alike, names, mend

    def complete(self, text: str, history: Sequence[str] = ()) -> Completed:
        """Make a question whole from the earlier ones, oldest first, as they were written; never fails."""
        rest = without_chatter(text)
        if not rest or not history or leaves(text):
            return Completed.alone(text)
        parsed = self._parse(without_link(rest))
        taken = self._taken(parsed, self._turns(history)) if _refers(parsed) else None
        return taken.completed if taken else Completed.alone(text)

    def _turns(self, history: Sequence[str]) -> list[Turn]:
        """Make the earlier questions whole, from the last one on that left what was spoken of."""
        turns: list[Turn] = []
        for earlier in map(self._mend, history[-REMEMBERED:]):
            turns = [] if leaves(earlier) else turns
            turns += filter(None, [self._turn(earlier, turns)])
        return turns

    def _parse(self, text: str) -> Parsed:
        return Parsed.of(self._read(text), self._names)

    def _turn(self, text: str, turns: Sequence[Turn]) -> Turn | None:
        """Make one earlier question whole; None where it asks nothing."""
        if not (rest := without_chatter(text)):
            return None
        parsed = self._parse(without_link(rest))
        if (taken := self._taken(parsed, turns)) is None:
            about = topic(parsed) if not (lacks_subject(parsed) or speaks_of_now(parsed)) else ""
            about = about or (opening(parsed) if not turns or _alone(parsed) else "")
            return Turn(Completed.alone(text), parsed, about, _is_person(parsed, about))
        whole = self._parse(taken.text)
        about = taken.about.text if taken.about else topic(whole)
        personal = taken.about.personal if taken.about else _is_person(whole, about)
        return Turn(taken.completed, whole, about, personal)

    def _taken(self, parsed: Parsed, turns: Sequence[Turn]) -> Taken | None:
        """Return a question made whole, None where it stands on its own."""
        if not turns:
            return None
        referents = Referents(turns, self._ask, self._names, self._alike)
        if kind := again(parsed.text):
            return self._again(kind, turns)
        if speaks_of_now(parsed):
            return self._resolved(parsed, referents)
        if (span := beside(parsed.text)) and (about := referents.topic()) and not any(pronouns(parsed)):
            return Taken(spaced(about.text, "和", parsed.written(*span), "有什么区别？"), about)
        if span := put(parsed.text, turns[-1].parsed.text):
            return self._swap(parsed.written(*span), turns, referents)
        if taken := self._resolved(parsed, referents):
            return taken
        if any(pronoun.sort is Sort.PERSON or pronoun.noun for pronoun in pronouns(parsed)):
            return None  # it refers to something that was not spoken of
        return self._led(parsed, turns, referents)

    def _again(self, kind: Again, turns: Sequence[Turn]) -> Taken:
        """Return the previous question once more, or the question about what it takes for true."""
        last = turns[-1]
        about = Referent(last.topic, last.personal)
        if kind in {Again.MORE, Again.SOURCE}:
            besides = (
                [quote for turn in turns if turn.completed.text == last.completed.text for quote in self._quotes(turn)]
                if kind is Again.MORE
                else []
            )
            return Taken(last.completed.text, about, tuple(besides))
        if kind is Again.WHY and last.question.kind is Kind.WHY:
            return Taken(last.completed.text, about)
        said = statement(last.question, "") if last.question.kind is Kind.YES_NO else ""
        if said and kind is Again.WHY and self._denies(last):
            said = denied(said, [word.folded for word, role in last.parsed.roles if role is Role.VERB]) or said
        said = said or statement(last.question, self._span(last))
        rest = said or without_asking(last.question)
        rest = rest.removeprefix(last.topic).strip() if last.topic else rest
        asking = _ASKING_AGAIN[kind]
        if kind is not Again.WHY:
            led = last.topic if last.topic not in rest else ""
            return Taken(spaced(said or spaced(led, rest), asking) + "？", about)
        return Taken(spaced(*((asking, said) if said else (last.topic, asking, rest))) + "？", about)

    def _quotes(self, turn: Turn) -> tuple[Quote, ...]:
        return self._ask(turn.completed).quotes

    def _denies(self, turn: Turn) -> bool:
        """Tell whether the answer to a yes-no question was no."""
        return self._ask(turn.completed).verdict is False

    def _span(self, turn: Turn) -> str:
        """Return what is marked as the answer in the first quote of a turn, "" where nothing is."""
        quotes = self._quotes(turn)
        return quotes[0].pieces[1].strip() if quotes else ""

    def _swap(self, new: str, turns: Sequence[Turn], referents: Referents) -> Taken | None:
        """Return the previous question with something else in it."""
        parsed = self._parse(new)
        if taken := self._resolved(parsed, referents):
            if _asks_of(taken.text):
                return Taken(taken.text + _asks_of(taken.text) + "？", taken.about)
            parsed = self._parse(taken.text)
        text, about = swapped(turns[-1], parsed, self._alike)
        return Taken(text, Referent(about, turns[-1].personal) if about else None) if text else None

    def _resolved(self, parsed: Parsed, referents: Referents) -> Taken | None:
        """Return a question with what its pronouns stand for, None where it has none."""
        text, end, about = "", 0, None
        for pronoun in pronouns(parsed):
            found = referents.of(pronoun)
            if found is None or fold(found.text) in parsed.text:
                continue
            before = parsed.question.understood[end : pronoun.start].rstrip()
            text = spaced(text, before, found.text, "的" if pronoun.owns else "")
            end, about = pronoun.end, about or found
        return Taken(spaced(text, parsed.question.understood[end:].lstrip()), about) if about else None

    def _led(self, parsed: Parsed, turns: Sequence[Turn], referents: Referents) -> Taken | None:
        """Return a question that leaves its subject out with the topic in front, None where it has one of its own."""
        about = referents.topic()
        if about is None or fold(about.text) in parsed.text:
            return None
        if not self._can_have(about.text, parsed, turns[-1]):
            return None
        if _is_attribute(parsed):
            holder = next(turn for turn in reversed(turns) if turn.topic)
            return Taken(text, about) if (text := attribute(holder, parsed)) else None
        if not lacks_subject(parsed):
            return None
        bare = parsed.text[: parsed.end]
        first = next((role for _, role in parsed.roles), None)
        whole = [word.folded for word, role in parsed.roles if role is not Role.FUNCTION]
        first = Role.ATTRIBUTE if belongs(whole, VERBS) and bare.startswith("".join(whole[:2])) else first
        link = "的" if first is Role.ATTRIBUTE else "是" if _BY_ASKED.match(bare) else ""
        return Taken(spaced(about.text, link, parsed.question.understood), about)

    def _can_have(self, about: str, parsed: Parsed, last: Turn) -> bool:
        """Tell whether a topic goes with a noun that can stand alone, or with what people do: no 工资 of 红烧肉."""
        if alone := _alone(parsed):
            return not asked(fold(about)) and self._alike(about, alone) >= FITS
        if (
            not parsed.content
            or parsed.content[0][1] is not Role.PEOPLE
            or LATIN.search(fold(about))
            or self._names(fold(about))
        ):
            return True
        acts = [word.folded for word, role in parsed.content if role is Role.VERB and len(word.folded) > 1]
        return all(act in last.parsed.text or self._alike(about, act) >= FITS / 3 for act in acts)


_ASKING_AGAIN = {
    Again.WHY: "为什么",
    Again.HOW: "是怎么做到的",
    Again.WHEN: "是什么时候的事",
    Again.WHO_SAYS: "是谁说的",
}
_BY_ASKED = re.compile("(?:谁|哪一?[家个位]).*的$")
_OF_A_PERSON = re.compile("[是叫]谁|什么人|哪[国里]人|何许人")


def _refers(parsed: Parsed) -> bool:
    """Tell whether a turn may need an earlier one."""
    return bool(
        again(parsed.text)
        or put(parsed.text)
        or beside(parsed.text)
        or lacks_subject(parsed)
        or _is_attribute(parsed)
        or any(pronouns(parsed))
    )


def _alone(parsed: Parsed) -> str:
    """Return the attribute a question begins with where that can be what is spoken of, "" elsewhere."""
    run: list[str] = []
    for word, role in parsed.content:
        run.append(word.folded)
        if role is Role.ATTRIBUTE:
            return "".join(run) if stands_alone(word.folded) and parsed.text.startswith("".join(run)) else ""
        if role is not Role.VERB:
            break
    return ""


def _asks_of(text: str) -> str:
    """Return the words that ask for what a text ends with: 是谁 for X 的作者; "" where it ends with none."""
    owner, of, noun = text.rpartition("的")
    return asked(fold(noun.strip())) if owner and of else ""


def _is_attribute(parsed: Parsed) -> bool:
    """Tell whether a turn is nothing but an attribute: 版本号, 作者."""
    return bool(parsed.roles) and all(role is Role.ATTRIBUTE for _, role in parsed.roles)


def _is_person(parsed: Parsed, name: str) -> bool:
    """Tell whether a topic is a person: a form alone does not tell 黄河 from 黄兴."""
    return "·" in name or (is_surnamed(fold(name)) and _OF_A_PERSON.search(parsed.text) is not None)
