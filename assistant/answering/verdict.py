"""Whether a sentence decides a question for yes or no: only where it says so itself and nothing is in doubt."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.mention import Mention, any_of
from assistant.ranking.ranking import Sentence
from assistant.understanding.question import Question
from assistant.understanding.subject import Subject
from corpus.lexicon import fold
from corpus.splitting import Span, overlaps

# What turns a statement into a question; none of it is asserted.
_WHETHER = re.compile(
    r"是不是|是否|有没有(?=[\u4e00-\u9fff])|有无|会否|能否|可否|能不能|可不可以|会不会|要不要|该不该|([\u4e00-\u9fff])不\1|([\u4e00-\u9fff]{2})不\2"
    r"|(?:[吗么嘛吧]|对吧|是吧|对吗|对不对|是不是|了?没有?)?[?。!\s]*$"
)
_HAVING = ("有没有", "有无")

_HEDGE = re.compile(
    r"可能|也许|或许|大概|大约|据说|据称|传闻|有人|一般|通常|主要|往往|应该|似乎|好像|看来|看似|认为|建议|觉得|主张|不一定|未必|是否|几乎|不太|很少|较少|较难"
    r"|即?将|计划|打算|预计|有望|拟|准备|希望|期待|考虑|尝试|试图|争取|如果|若|假如|假设|只要|只有|除非|除了|一旦|的话|否则|即使|哪怕"
    r"|前提|条件|但[须需]|仅限|限于|才[可会能有是]|网传|谣|误传|错误|虚假|消息|传言|(?<![名简全统俗])称(?![为作])|声明|表示"
    r"|部分|有的|有些|少数|多数|例外|难以|很难|不再是|仅次|号称|声称|误以为|并不总|不总"
)
_PAST = re.compile(r"曾|一度|原来|从前|原本|本来|以前|过去|最初|起初|当时|早期")  # of use in their own clause alone
_STRICT = re.compile(
    r"只|仅|最|唯一|必须|一定|所有|全部|完全|任何|每|首个|首次|第一|都|免费|永远|总是|自动|直接|更|比|被|由|官方"
)
_VERB = {
    "是": "是|为|属于|即|指",
    "有": "有|具备|提供|包含|包括|含|没|无",
    "用": "用",
    "在": "在|位于|地处|于",
    "叫": "叫|称|名为",
}

_NOT = re.compile(
    r"不(?=能|会|可以|可|再|支持|需|得|必)|没有|并非|并不|并未|并没有?|从未|从不|尚未|还未|未曾|未能|无法|无需|不用|不必|不是|绝不|毫不"
    r"|停止|中止|终止|放弃|取消|拒绝|禁止|缺乏|缺少|摒弃|停了|移除|(?<![区差分级个特类])别(?=[\u4e00-\u9fff])|不|没|未|无|非(?!常)|勿|莫"
)
_NO_NEGATION = re.compile(
    r"不仅|不但|不只|不光|不同|不断|不少|不错|不过|不论|不管|不久|不如|不足|无论|无数|无疑|无线|未来|非常|不得不|不能不|不可不|没落|没收|不可或缺|必不可少|不可避免"
)
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_STILL = re.compile("[还仍正]然?在(?:不断)?")  # 还在维护 says nothing of a place
_BETWEEN = re.compile(  # what may stand between a negation and what it denies
    r"(?:不[能得可]不|能够?|会|可以?|再|得到?|曾|有|是|对外?|在|于|把|被|给|向|与|和|跟|用|去|来|过|的|地|了|要|必|需要?|继续|提供|进行|加以|做|\s)*+"
)
_UNABLE = re.compile(r"不(?:了|到|上|起|动|成)[了的]?[，,；;。！!：:\n]?")  # behind the predicate: 做不了
_ATTRIBUTE = re.compile(r"的(?![，,；;。！!：:\n]|$)")
_TOPIC = re.compile(
    r"的?(?:一个|另一个)?(?:最[\u4e00-\u9fff]{1,2})?的?(?:特点|特色|特征|优点|优势|缺点|不足|好处|长处|短板)之?一?[就则]?(?:是|在于)"
)
_CLAUSE = re.compile(r"[，,；;。！!？?：:\n]")
_PRONOUN = re.compile(r"(?:它们?|其)?")
_ADVERBS = re.compile(
    r"(?:截至|截止|到|自|从|在)?\s*+(?:\d{4}\s*+年)?\s*+(?:\d{1,2}\s*+月)?\s*+(?:\d{1,2}\s*+日)?\s*+[初底末中]?(?:起|以来|目前|现在|如今|已经?|也|还|就|均|都|同时|仍|能够?|可以?|会|[，,\s])*+"
)
_LINKS = re.compile(r"(?:虽然?|尽管|因为|由于|因此|所以|但是?|而且?|不过|然而|其中|并且|同时|这样|于是|\s)*+")
_CONDITION = re.compile(  # a clause on which what follows hinges
    r"\s*+(?:除|凡|遇|如(?![今此下])|若|只要|只有)"
    r"|.*(?:的|时|时候|后|前|期间|以内|以上|以下|外|内|天|中|下)[，,；;：:\s]*+$",
    re.DOTALL,
)
_EXCEPT = re.compile(r"除外|例外|不在此[限列]|另有")
_NO_CONDITION = re.compile(r"\s*+(?:此外|另外|其中|同时|实际上|事实上|最后)[，,\s]*+")
_MODAL = re.compile(r"可|能|会|应|该|须|需|要|得|允许|准许")
_LOOSE = re.compile(r"[也都就才却]|可以?|能够?|会|应|该|须|需|要|得|允许")  # parts two predicates: 没有收入也可以参加
_ENDING = re.compile(r"[里内中上了的呢啊\W]*+")  # behind the last word; narrows nothing
_WHERE = re.compile(r"\s*(?:在|当|对|针对|按|根据|经|凭|通过)")  # opens a clause that narrows what follows
_BESIDE = re.compile(r"\s*(?:、|和|与|及|以及)\s*[^、，,;:。]{1,16}")  # a further thing of which the same is said


@dataclass(frozen=True, slots=True)
class Claim:
    """What a question for yes or no asserts if it is answered with yes."""

    words: tuple[re.Pattern[str], ...]  # the words that a sentence must hold, in their order, each under any name
    things: tuple[bool, ...]  # which of them name what the question is about first
    verbs: tuple[tuple[int, re.Pattern[str]], ...]  # before which of the words a common verb must stand
    strict: frozenset[str]  # words that make the claim narrower or wider
    hedges: frozenset[str]
    subject: Mention
    negated: bool

    @classmethod
    def of(cls, question: Question) -> Claim | None:
        """Read a question; None where it asserts nothing that a sentence could hold."""
        folded = fold(question.understood)
        asking = [found.span() for found in _WHETHER.finditer(folded) if found[0]]
        kept = [w for w in question.content if not _NOT.fullmatch(w.folded) and not overlaps((w.start, w.end), asking)]
        if len(kept) < 2 or not question.subjects:
            return None
        plain = _blank(folded, asking)
        if _parted(plain, [(word.start, word.end) for word in kept]):
            return None
        named = [word for word in question.subjects[0].words if word in kept]
        if not named or len(named) == len(kept):
            named = kept[:1]  # 试用期 of 试用期必须交社保, which the question has as one phrase
        subject = Subject(folded[named[0].start : named[-1].end], tuple(named), named=True)
        things = tuple(word in named for word in kept)
        return cls(
            tuple(any_of((word.folded, *question.aliases.get(word.folded, ()))) for word in kept),
            things,
            _verbs(folded, plain, [(word.start, word.end) for word in kept]),
            frozenset(_STRICT.findall(plain)),
            frozenset([*_HEDGE.findall(plain), *_PAST.findall(plain)]),
            Mention.of(subject, question),
            len(_negations(plain)) % 2 == 1,
        )

    def holds(self, sentence: Sentence) -> bool | None:
        """Tell whether the sentence says that it is so (True), that it is not (False), or neither for certain."""
        folded = fold(sentence.text)
        if folded.rstrip("”」』）)").endswith("?") or set(_HEDGE.findall(folded)) - self.hedges:
            return None
        if _EXCEPT.search(folded):
            return None
        found = {self._denied(sentence, folded, *clause) for clause in _clauses(folded)} - {None}
        if len(found) != 1:
            return None
        return found.pop() is self.negated

    def _denied(self, sentence: Sentence, folded: str, start: int, end: int) -> bool | None:
        """Tell whether a clause denies what is claimed, False where it says so, None where it says neither."""
        clause = _TOPIC.sub(lambda found: " " * len(found[0]), folded[start:end])
        places = self._in_order(clause)
        if places is None or set(_STRICT.findall(clause)) != self.strict or set(_PAST.findall(clause)) - self.hedges:
            return None
        before = [folded[one:other] for one, other in _clauses(folded[:start])]
        if any(_WHERE.match(other) and not _ADVERBS.fullmatch(other) for other in before):
            return None
        if any(self._conditions(other, clause) for other in before):
            return None
        if None in places and not self._continues(sentence, folded[:start], clause, places):
            return None
        if not all(self._led(clause, places, number, verb) for number, verb in self.verbs):
            return None
        spans = [span for span in places if span]
        if _ATTRIBUTE.match(clause, spans[-1][1]) or not self._said_of_it(clause, places):
            return None
        if _parted(clause, spans) or _narrowed(clause, spans):
            return None
        return _parity(clause, spans)

    def _conditions(self, before: str, clause: str) -> bool:
        """Tell whether a clause may hinge on one before it: 病假期间，公司… or 租客提前退租的，房东…"""
        if _ADVERBS.fullmatch(before) or _NO_CONDITION.fullmatch(before) or _LINKS.fullmatch(_CLAUSE.sub("", before)):
            return False
        if _CONDITION.match(before):
            return True
        if before[-1] in "；;。！!？?\n" or self._in_order(before) is not None:  # a statement of its own
            return False
        return self.subject.place(before) is None or _MODAL.search(clause) is not None  # 员工提交申请，可以…

    def _said_of_it(self, clause: str, places: Sequence[Span | None]) -> bool:
        """Tell whether the rest can be said of nothing else than the subject: not in CNTK 的对手 or CNTK 让 Keras."""
        named = [span for span, thing in zip(places, self.things, strict=True) if thing and span]
        others = [span for span, thing in zip(places, self.things, strict=True) if not thing and span]
        if not named:
            return True
        if others[0][0] < named[-1][1] or not _LINKS.fullmatch(_plain(clause[: named[0][0]])):
            return False
        gap = clause[named[-1][1] : others[0][0]]
        while beside := _BESIDE.match(gap):
            gap = gap[beside.end() :] if not _NOT.search(beside[0]) else ""
        return not gap.lstrip().startswith("的") and not _plain(gap).strip()

    def _in_order(self, clause: str) -> list[Span | None] | None:
        """Return where the claim's words stand in a clause, one behind the other; the subject's may be missing."""
        places: list[Span | None] = []
        after = 0
        for word, thing in zip(self.words, self.things, strict=True):
            if found := word.search(clause, after):
                places.append(found.span())
                after = found.end()
            elif thing:
                places.append(None)
            else:
                return None
        named = [span is not None for span, thing in zip(places, self.things, strict=True) if thing]
        return places if all(named) or not any(named) else None

    def _continues(self, sentence: Sentence, before: str, clause: str, places: Sequence[Span | None]) -> bool:
        """Tell whether a clause that does not name the subject goes on to speak of it."""
        if not self.things[0]:
            return False
        first = next(span for span in places if span)[0]
        opening = clause[:first]
        denial = _NOT.search(opening)
        lead = opening[: denial.start()] if denial else opening
        lead = _ADVERBS.sub("", lead, count=1)
        if not _PRONOUN.fullmatch(lead):
            return False
        if not _CLAUSE.sub("", _ADVERBS.sub("", before)).strip():
            return self.subject.heads(sentence)
        place = self.subject.place(before)
        return place is not None and place[0] <= 4

    @staticmethod
    def _led(clause: str, places: Sequence[Span | None], number: int, verb: re.Pattern[str]) -> bool:
        span = places[number]
        before = next((one for one in reversed(places[:number]) if one), (0, 0))
        return span is not None and verb.search(clause, before[1], span[0]) is not None


def _verbs(folded: str, plain: str, words: Sequence[Span]) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Return which common verbs lead to which words of the question: 是 to 鱼 in 鲸鱼是鱼吗."""
    found = []
    for number, (one, other) in enumerate(itertools.pairwise(words), start=1):
        gap = plain[one[1] : other[0]]
        if any(having in folded[one[1] : other[0]] for having in _HAVING):
            gap += "有"
        for verb, forms in _VERB.items():
            if verb in _STILL.sub("", gap):
                found.append((number, re.compile(forms)))
    return tuple(found)


def _plain(text: str) -> str:
    """Return a text without what narrows nothing: dates, adverbs, common verbs, negations, what stands in brackets."""
    text = _BRACKETS.sub("", text)
    edges = [0, *(edge for denial in _negations(text) for edge in denial), len(text)]
    pieces = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return "".join(_ADVERBS.sub("", _BETWEEN.sub("", piece)) for piece in pieces)


def _negations(text: str) -> list[Span]:
    harmless = [found.span() for found in _NO_NEGATION.finditer(text)]
    return [found.span() for found in _NOT.finditer(text) if not overlaps(found.span(), harmless)]


def _parity(clause: str, words: Sequence[Span]) -> bool | None:
    """Tell whether the words are denied an odd number of times; None where it is not clear what is denied."""
    negations = _negations(clause)
    denied = False
    for number, (start, end) in enumerate(negations):
        if start >= words[-1][1]:
            if not _UNABLE.fullmatch(clause, words[-1][1]):
                return None  # 支持得不好: what follows the predicate qualifies it
        elif any(one <= start and end <= other for one, other in words):
            return None
        else:
            following = min((span[0] for span in words if span[0] >= end), default=end)
            further = negations[number + 1][0] if number + 1 < len(negations) else len(clause)
            if not _BETWEEN.fullmatch(clause, end, min(following, further)):
                return None
        denied = not denied
    return denied


def _parted(clause: str, words: Sequence[Span]) -> bool:
    """Tell whether a negation denies a word that is not of the last predicate: 没有收入也可以参加."""
    negations = _negations(clause)
    return any(
        _LOOSE.search(clause, one[1], other[0])
        for one, other in itertools.pairwise(words)
        if any(end <= one[0] for _, end in negations)
    )


def _narrowed(clause: str, words: Sequence[Span]) -> bool:
    """Tell whether a clause that denies holds more than the words, so that only so much is denied: 不能带狗上班."""
    negations = _negations(clause)
    if not negations:
        return False
    rest = clause[words[-1][1] :]
    gaps = [clause[one[1] : other[0]] for one, other in itertools.pairwise(words) if negations[0][1] <= one[0]]
    return not (_UNABLE.fullmatch(rest) or _ENDING.fullmatch(_plain(rest))) or any(
        not _ENDING.fullmatch(_plain(gap)) for gap in gaps
    )


def denies(text: str) -> bool:
    """Tell whether the main clause of a text, its longest, denies something."""
    folded = fold(text.partition("\n")[0])
    asking = [found.span() for found in _WHETHER.finditer(folded) if found[0]]
    plain = _blank(folded, asking)
    start, end = max(_clauses(folded) or [(0, 0)], key=lambda span: span[1] - span[0])
    return len(_negations(plain[start:end])) % 2 == 1


def _clauses(folded: str) -> list[Span]:
    edges = [0, *(found.end() for found in _CLAUSE.finditer(folded)), len(folded)]
    return [(start, end) for start, end in itertools.pairwise(edges) if folded[start:end].strip()]


def _blank(text: str, spans: Sequence[Span]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
