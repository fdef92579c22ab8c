"""What a pronoun stands for, sought in the turns before it, from the last one back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.answer import Answer
from assistant.conversation.parsed import Parsed, Role
from assistant.conversation.pronoun import Pronoun, Sort
from assistant.conversation.statement import spaced
from assistant.conversation.topic import pair
from assistant.conversation.turn import Completed, Turn
from assistant.ranking.forms import is_surnamed, latin, persons
from assistant.ranking.span import Seeker
from assistant.ranking.wanted import Wanted
from assistant.understanding.kind import ORGANISATION, Kind
from corpus.lexicon import fold

FITS = 0.1  # cosine from which a thing can be one of those that a noun means
OWNER = 3.0  # votes of a name that a quote gives as the owner of what is spoken of: Facebook 的 PyTorch
GUESSED = 0.05  # probability from which a span of a quote counts as the answer that a pronoun refers to

_WHO_IS = re.compile(r"^(.{1,24}?)\s*(?:是|叫)?(?:谁|什么人|何许人也?|哪一?位|哪个人|什么名字)(?:[呀啊呢来着的?\s]*)$")
_WHICH = re.compile(r"哪些|哪几[\u4e00-\u9fff]|什么")
_ASKS_FOR_ONE = re.compile(rf"谁|哪一?[家个].{{0,6}}|(?:什么|哪些).{{0,4}}{ORGANISATION}")
_IS_ONE = re.compile(rf"是.{{0,8}}(?:{ORGANISATION}|大学|学校)")


@dataclass(frozen=True, slots=True)
class Referent:
    """What a pronoun stands for, as it is put in its place."""

    text: str
    personal: bool = False


class Referents:
    """The turns of a conversation, in which referents are sought."""

    def __init__(
        self,
        turns: Sequence[Turn],
        ask: Callable[[Completed], Answer],
        names: Callable[[str], bool],
        alike: Callable[[str, str], float],
    ) -> None:
        self._turns, self._ask, self._names, self._alike = turns[::-1], ask, names, alike

    def of(self, pronoun: Pronoun) -> Referent | None:
        """Return what a pronoun stands for, None where the turns hold nothing of the sort."""
        match pronoun.sort:
            case Sort.FORMER | Sort.LATTER | Sort.BOTH:
                return self._of_two(pronoun.sort)
            case Sort.SOME:
                return self._some(pronoun.noun)
            case Sort.ALL | Sort.PEOPLE if pair(self._turns[0].parsed):
                return self._of_two(Sort.BOTH)
            case Sort.ALL | Sort.PEOPLE if self._is_another():
                return self._of_two(Sort.BOTH)
            case Sort.ALL if "哪些" in self._turns[0].parsed.text:
                return self._some(pronoun.noun)
            case Sort.PEOPLE:
                return self._people()
            case Sort.PERSON:
                return self._person()
            case Sort.ORGANISATION:
                return self._organisation() or self._thing(pronoun.noun)
            case _:
                return self._thing(pronoun.noun)

    def topic(self, *, personal: bool | None = None) -> Referent | None:
        """Return what the last turns were about, `personal` to have a person or anything else only."""
        found = (t for t in self._turns if t.topic and (personal is None or t.personal is personal))
        return next((Referent(turn.topic, turn.personal) for turn in found), None)

    def _is_another(self) -> bool:
        """Tell whether the last turn asked of another thing what the one before asked: 那爱因斯坦呢."""
        if len(self._turns) < 2 or not self._turns[0].completed.follows:
            return False
        last, before = self._turns[:2]
        rests = [turn.completed.text.replace(turn.topic, "") for turn in (last, before) if turn.topic]
        return last.topic != before.topic and len({fold(rest).strip(" ?") for rest in rests}) == 1 and len(rests) == 2

    def _of_two(self, sort: Sort) -> Referent | None:
        both = next((found for turn in self._turns if (found := pair(turn.parsed))), None)
        if both is None:
            topics = list(dict.fromkeys(turn.topic for turn in self._turns if turn.topic))[:2]
            if len(topics) < 2:
                return self.topic() if sort is Sort.BOTH else None
            both = (topics[1], topics[0])
        joined = spaced(both[0], "和", both[1])
        return Referent({Sort.FORMER: both[0], Sort.LATTER: both[1]}.get(sort, joined))

    def _some(self, noun: str) -> Referent | None:
        """Return the things that the last question asked for: 北京的大学 for 北京有哪些大学."""
        last = self._turns[0]
        found = _WHICH.search(last.parsed.text)
        kind = next((w for w, _ in last.parsed.content if found and w.start == found.end()), None)
        name = last.parsed.written(kind.start, kind.end) if kind else noun
        if not last.topic or fold(last.topic) == fold(name):
            return Referent(name) if name and name != noun else self.topic()
        return Referent(spaced(last.topic, "的", name) if name else last.topic)

    def _thing(self, noun: str) -> Referent | None:
        """Return the answer to a question for things of this noun, or else what was spoken of."""
        if noun:
            for turn in self._turns[:3]:
                wanted = Wanted.of(turn.question)
                if wanted and wanted.noun and (noun.endswith(wanted.noun) or wanted.noun.endswith(noun)):
                    if name := self.answered(turn):
                        return Referent(name)
                    break
            found = (turn for turn in self._turns if turn.topic and self._can_be(turn, noun))
            return next((Referent(turn.topic, turn.personal) for turn in found), None)
        return self.topic(personal=False) or self.topic()

    def _can_be(self, turn: Turn, noun: str) -> bool:
        """Tell whether what a turn is about can be one of the things that a noun means: no 押金 for 法律."""
        about = fold(turn.topic)
        if len(noun) == 1 or about[-1] in noun or noun[-1] in about or self._alike(about, noun) >= FITS:
            return True
        names = (turn.parsed.text[slice(*span)] for span in turn.parsed.names)
        if any(name and name in about for name in names) or self._names(about):
            return True
        told = [text for quote in self._ask(turn.completed).quotes for text in (quote.text, quote.title)]
        return any(noun in text and about in text for text in map(fold, told))

    def _organisation(self) -> Referent | None:
        for turn in self._turns[:3]:
            text = turn.parsed.text
            if _ASKS_FOR_ONE.search(text) and not _IS_ONE.search(text) and (name := self.answered(turn)):
                return Referent(name)
        return None

    def _person(self) -> Referent | None:
        for turn in self._turns:
            if (named := self._who(turn)) or (turn.personal and turn.topic):
                return Referent(named or turn.topic, personal=True)
            for start, end in _people(turn.parsed):
                return Referent(turn.parsed.written(start, end), personal=True)
            if turn.topic and _OF_A_LIFE.search(turn.parsed.text):
                return Referent(turn.topic, personal=True)
        return None

    def _people(self) -> Referent | None:
        """Return those whom the last turn asked for, in its own words: there may be more than its answer names."""
        last = self._turns[0]
        asks = last.question.kind is Kind.WHO and not _ASKS_FOR_A_COMPANY.search(last.parsed.text)
        return Referent(named, personal=True) if asks and (named := _doers(last)) else self.topic()

    def _who(self, turn: Turn) -> str:
        """Return the person that a turn asked for: FastAI 的作者 Jeremy Howard; "" where it asked for none."""
        if turn.question.kind is not Kind.WHO or _ASKS_FOR_A_COMPANY.search(turn.parsed.text):
            return ""
        found = _WHO_IS.match(turn.parsed.text[: turn.parsed.end])
        if found:
            head = turn.parsed.written(*found.span(1))
            words = [role for word, role in turn.parsed.content if word.end <= found.end(1)]
            if len(words) < 2 or words[-1] is Role.NAME:
                return head
            return spaced(head, self.answered(turn, personal=True))
        answered = self.answered(turn, personal=True)
        return answered if _may_be_personal(answered) else _doers(turn)

    def answered(self, turn: Turn, *, personal: bool = False) -> str:
        """Return what answers a turn's question: the span of its first quote, or the name that its quotes agree on.

        `personal` prefers what looks like a person.
        """
        answer = self._ask(turn.completed)
        if not answer.quotes:
            return ""
        seeker = Seeker.of(turn.question)
        votes: defaultdict[str, float] = defaultdict(float)
        for place, quote in enumerate(answer.quotes):
            if quote.answer_span:
                votes[_name(*quote.pieces[1:])] += 2.0 / (1 + personal + place)
            elif (best := seeker.best(quote.text)) and best[0] >= GUESSED:
                votes[quote.text[slice(*best[1])]] += best[0] / (1 + place)
            for name in _named(quote.text, self._names):
                votes[name] += 1.0 / (2 + place)
        for quote in answer.candidates:
            for name in _named(quote.text, self._names):
                votes[name] += OWNER * _owns(quote.text, name, turn.topic)
        known = turn.parsed.text
        new = [name for name in votes if fold(name) not in known]
        new = [name for name in new if personal and _is_full(name)] or new
        return max(new, key=votes.__getitem__).strip() if new else ""


_ASKS_FOR_A_COMPANY = re.compile(rf"谁家|哪一?家|(?:哪一?个?|什么).{{0,4}}(?:{ORGANISATION}|大学|学校|国家)")


def _people(parsed: Parsed) -> Iterator[tuple[int, int]]:
    """Give where persons' names stand in a question."""
    for word, role in parsed.roles:
        if role in {Role.NAME, Role.NOUN} and len(word.folded) > 1 and _is_personal(word.folded):
            yield word.start, word.end
    for name in persons(parsed.text):
        if name.form == "full":
            yield name.span


_LATIN_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z.]*)* [A-Z][a-z]+")


def _is_full(name: str) -> bool:
    """Tell whether a name looks like a person's: 弗朗索瓦·肖莱, Jeremy Howard, 李沐."""
    return "·" in name or _LATIN_NAME.fullmatch(name) is not None or _is_personal(fold(name))


def _doers(turn: Turn) -> str:
    """Return those who did what a turn asks about: 开发 Theano 的人; "" where it names no deed."""
    acts = [word.folded for word, role in turn.parsed.roles if role is Role.VERB]
    return spaced(acts[0], turn.topic, "的人") if acts and turn.topic else ""


_OF_A_LIFE = re.compile(
    "哪[国里]人|什么人|何许人|出生|去世|逝世|死于|生于|毕业|在位|登基|即位|妻子|丈夫|结婚|几岁|享年"
)
_SOUNDS = frozenset(  # characters that foreign names are written with
    "阿艾安奥巴贝本比伯博布查达戴德登迪蒂丁杜多恩尔法菲费弗伏福富盖戈格哈海汉赫亨华霍基吉加杰卡凯坎康柯科克肯拉莱"
    "兰朗劳勒雷里利林龙卢鲁路伦罗洛马迈麦曼梅蒙米密莫默姆穆纳奈内尼牛诺欧帕派佩皮坡普齐乔切琼若萨塞瑟森沙莎舍圣史斯"
    "司思苏索塔泰特提汀图托瓦威韦维沃乌西希夏休逊雅亚扬耶伊英约泽詹珍芬坦因爱顿明拿破仑肖"
)


def _may_be_personal(name: str) -> bool:
    """Tell whether a name can be a person's: no 四川菜."""
    folded = fold(name)
    return bool(name) and (_is_full(name) or folded.isascii() or _SOUNDS.issuperset(folded))


def _is_personal(word: str) -> bool:
    return is_surnamed(word) and 2 <= len(word) <= 4


def _named(text: str, names: Callable[[str], bool]) -> list[str]:
    """Return the Latin names of a text in order."""
    folded = fold(text)
    return list(dict.fromkeys(text[a:b] for a, b in latin(folded) if text[a].isupper() or names(folded[a:b])))


_COMMON = re.compile(rf".{{2,}}{ORGANISATION}")


def _name(answer: str, behind: str) -> str:
    """Return an answer, or the name behind it where it only describes: 日本创业公司 Preferred Networks."""
    folded = fold(behind)
    start = len(folded) - len(folded.lstrip())
    described = _COMMON.fullmatch(answer) is not None
    found = next((span for span in latin(folded) if span[0] == start), None) if described else None
    return behind[slice(*found)] if found else answer


def _owns(text: str, name: str, topic: str) -> bool:
    return re.search(rf"{re.escape(name)}\s*的\s*{re.escape(topic)}", text) is not None if topic else False
