"""Further questions that the documents answer: each was asked before it is suggested."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from assistant.answering.answer import Answer, Quote
from corpus.document import Passage
from corpus.lexicon import fold

MOST = 3
TRIED = 8  # candidates that are asked at most
SURE = 0.5  # the confidence that the answer to a suggested question has at least

_PLAIN = re.compile(r"[^、，,。；;：:“”‘’（）()《》？?！!]{1,16}")  # a title or heading that can be part of a question
_CLAUSE = re.compile("[是不没]")  # a heading that says something is no thing to ask for
_ASKS = re.compile(r"什么|为何|怎|如何|哪|谁|几|多少|是否|吗$")
_BESIDE = re.compile(r"(?:与|和|同|跟)\s*(.+?)(?:的关系|的?合并)?")
_MANY = re.compile(
    r".*(?:[^重观]点|[^前]者|[队成会]员|[好坏用]处|清单|列表|用户|方法|步骤|条件|要求|范围|种类|类型|应用|用途|优势|原则|措施)|支持的.+"
)
_COURSE = re.compile(r".*(?:[来经]历|现状|前景|历史|发展|背景|经过|过程|演变|命运|结局)")
_FIRST = re.compile(r"(\S{2,}?) ?[与和及].+")  # of a heading that names two things
_APART = re.compile(r"[对在从为按给向把将被让由]")  # begins what no 的 may stand before


def suggest(
    answer: Answer,
    earlier: Sequence[str],
    *,
    ask: Callable[[str], Answer],
    passages: Callable[[str], Sequence[Passage]],
    titles: Sequence[str],
) -> tuple[str, ...]:
    """Return up to MOST questions to go on with, none that was asked; empty where none is sure to be answered.

    `ask` answers a question by itself, `passages` gives a document's passages, `titles` are names that the documents
    are about.
    """
    shown = {_place(quote) for quote in answer.quotes}
    known = {_bare(question) for question in (*earlier, answer.question, answer.understood)}
    found: list[str] = []
    fresh = (question for question in _candidates(answer, passages, titles) if _bare(question) not in known)
    for question in itertools.islice(dict.fromkeys(fresh), TRIED):
        tried = ask(question)
        if tried.answered and tried.confidence >= SURE and _place(tried.quotes[0]) not in shown:
            found.append(question)
            shown.add(_place(tried.quotes[0]))
            if len(found) == MOST:
                break
    return tuple(found)


def _candidates(answer: Answer, passages: Callable[[str], Sequence[Passage]], titles: Sequence[str]) -> Iterator[str]:
    """Give questions on the other sections of the document that answered, and on what the quotes name."""
    quotes = answer.quotes or tuple(map(Quote.of_hit, answer.hits[:1]))
    if not quotes:
        return
    title, document = quotes[0].title, quotes[0].document
    named = [name for name in titles if name != title and any(_names(quote.text, name) for quote in quotes)]
    about = (
        list(_on_sections(title, _headings(passages(document), quotes[0])))
        if _PLAIN.fullmatch(title) and "的" not in title
        else []
    )
    others = [f"{name}{_gap(name)}是什么？" for name in named if _PLAIN.fullmatch(name)]
    both = [f"{title} 和 {name} 是什么关系？" for name in named[:1] if about]
    first = itertools.chain.from_iterable(itertools.zip_longest(about, others))
    yield from filter(None, itertools.chain(itertools.islice(first, 4), both, first))


def _headings(passages: Sequence[Passage], quote: Quote) -> list[str]:
    """Return the headings of the document's other sections, those that follow the quoted one first."""
    paths = list(dict.fromkeys(passage.section for passage in passages if passage.section))
    place = paths.index(quote.section) if quote.section in paths else -1
    return [path[-1] for path in (*paths[place + 1 :], *paths[: max(place, 0)]) if path[-1] != quote.title]


def _on_sections(title: str, headings: Sequence[str]) -> Iterator[str]:
    gap = _gap(title)
    for heading in headings:
        if not _PLAIN.fullmatch(heading) or title in heading or _CLAUSE.search(heading):
            continue
        if beside := _BESIDE.fullmatch(heading):
            if not beside[1].startswith(("其他", "别的")):
                yield f"{title} 和 {beside[1]} 是什么关系？"
        elif _ASKS.search(heading):
            yield f"{title}{gap}{heading}？"
        else:
            yield f"{title}{gap}{_asked_of(heading)}？"


def _asked_of(heading: str) -> str:
    """Return what is asked of a title under a heading: 的特点有哪些 for 特点与应用."""
    first = _FIRST.fullmatch(heading)
    noun = first[1] if first else heading
    ends = "有哪些" if _MANY.fullmatch(noun) else "是怎样的" if _COURSE.fullmatch(noun) else "是什么"
    return f"{'' if _APART.match(noun) else '的'}{noun}{ends}"


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text) is not None


def _gap(name: str) -> str:
    return " " if name[-1:].isascii() else ""


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.document, quote.start, quote.end


def _bare(question: str) -> str:
    return "".join(character for character in fold(question) if character.isalnum())
