"""Which lines of a text are not the text: what a web page saved as plain text carries around its article.

Each line gets a score. The run of lines with the greatest sum is the article's dense middle (maximum subsequence
segmentation: Pasternack and Roth 2009), and only clear signs outside it prove that there is a page around it; a text
without them is kept line by line. In a page the best way through the lines, now article, now page, each change at a
price (Viterbi 1967), tells which is which, and what looks like the article's title, a field or a file stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, takewhile
from math import log10

from corpus.document import Reason
from corpus.paragraphs import NEAR, OFTEN, PARAGRAPH, PROOF, article, prose
from corpus.signs import SAID, SIGNS, TOLD, Kind, Line, look_at

MOST_LINES = 20_000  # no page is longer
LEAST_PROSE = 80  # characters; without as many sentences there is no article to clean
MENU = 8  # so many different words of menus outside the article prove it too, if most of them are sure ones
RELATED = 0.5  # share of a line's pairs of characters that the article holds too: it may be the article's title
CHANGE = 4.4  # the price of a change between article and page: less than one sure sign, more than a doubtful one
LONG_NAME = 5  # characters; most of a menu's names have fewer
VERSE = 4  # so many lines that tell nothing, together below a title, may be a poem or a list

_FREE = {Kind.PLAIN, Kind.FIGURE, Kind.PICTURE}  # these say nothing in a page
ITEM = 10  # characters of a line that between paragraphs is an item rather than a name
ITEM_SCORE = 0.15  # a character
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|txt|wps|csv)\b|^附件", re.IGNORECASE)
_CONTACT = re.compile(
    r"电话|電話|地址|邮编|郵編|邮箱|郵箱|主[办辦管]|承[办辦]|热线|熱線|专线|專線|传真|傳真|[备備]案|QQ"
)
_FIELD = re.compile(r"(?!来源|來源|稿源|作者|责任编辑|责编|编辑|标签|热门搜索)[^\s:：][^:：]{0,9}[:：]\s*\S")


def clutter(lines: Sequence[str]) -> list[Reason | None]:
    """Tell for each line of a text why it is left out, or None where it is kept."""
    reasons: list[Reason | None] = [None] * len(lines)
    if len(lines) > MOST_LINES or len(lines) < 3:
        return reasons
    seen = [look_at(line.strip()) for line in lines]
    for place in _pictures(seen):
        reasons[place] = Reason.PICTURE
    for place in (*_page(lines, seen), *_boxes(seen)):
        reasons[place] = Reason.PICTURE if seen[place].kind is Kind.PICTURE else Reason.CLUTTER
    if all(reason or line.kind is Kind.BLANK for reason, line in zip(reasons, seen, strict=True)):
        return [None] * len(lines)  # a list of pictures, say
    for before, place in pairwise(range(len(lines))):
        if seen[place].kind is Kind.BLANK:  # a blank line goes with what it follows
            reasons[place] = reasons[before]
    return reasons


def _pictures(seen: Sequence[Line]) -> list[int]:
    """Return the lines that stand for pictures; different names in a row are a list of files, and stay, and so does
    what is the whole of a message.
    """
    found: list[int] = []
    filled = [place for place, line in enumerate(seen) if line.kind is not Kind.BLANK]
    often = Counter(line.shape for line in seen if line.kind is Kind.PICTURE)
    for at, place in enumerate(filled):
        if seen[place].kind is Kind.PICTURE:
            beside = [seen[filled[other]] for other in (at - 1, at + 1) if 0 <= other < len(filled)]
            listed = any(line.kind is Kind.PICTURE and line.shape != seen[place].shape for line in beside)
            word = seen[place].shape.isalpha() and often[seen[place].shape] == 1  # it may be a heading
            message = at > 0 and beside[0].kind is Kind.FIGURE
            if not listed and not word and not message:
                found.append(place)
    return found


def _page(lines: Sequence[str], seen: Sequence[Line]) -> list[int]:
    """Return the lines of the page around the article; none where no page is proved."""
    if sum(line.kind in SIGNS for line in seen) < PROOF:
        return []
    start, end = article(seen)
    if prose(seen[start:end]) < LEAST_PROSE or not _is_proved(seen, start, end):
        return []
    words = [line.strip() for line in lines]
    stretches = list(_stretches(seen, start, end))
    of_article = [stretch for is_page, stretch in stretches if not is_page]
    if not of_article:
        return []
    first, last = of_article[0][0], of_article[-1][-1]
    found = {*_repeated(seen), *_counted(seen, words)}
    for is_page, stretch in stretches:
        if is_page and stretch[0] < first:
            found.update(_head(words, seen, stretch[-1], first, last + 1))
        elif is_page and stretch[-1] > last:
            found.update(_tail(words, stretch, Counter(words)))
        elif is_page and sum(seen[place].kind in SIGNS for place in stretch) >= PROOF:
            found.update(_between(seen, stretch))
    if _said(seen, found) > _said(seen, set(range(len(seen))) - found):  # not understood: only the signs themselves go
        found = {place for place in found if seen[place].kind in SIGNS or seen[place].kind is Kind.LABEL}
    return sorted(found)


def _said(seen: Sequence[Line], places: set[int]) -> int:
    """Return how many characters of sentences, verses and names too long for a menu stand in some places."""
    text = [seen[place] for place in places if seen[place].kind in {Kind.PROSE, Kind.PLAIN}]
    return sum(line.length for line in text if line.length >= LONG_NAME)


def _repeated(seen: Sequence[Line]) -> list[int]:
    """Return the labels that stand again and again, such as those below each post, and names of pictures."""
    labels = Counter(line.shape for line in seen if _is_label(line))
    return [
        place
        for place, line in enumerate(seen)
        if (_is_label(line) and labels[line.shape] >= OFTEN) or (line.kind is Kind.PICTURE and not line.shape.isalpha())
    ]


def _boxes(seen: Sequence[Line]) -> list[int]:
    """Return what stands between the paragraphs of any article and leads away from it: several signs of two kinds,
    links or teasers among them, that stand together there and nowhere else.
    """
    start, end = article(seen)
    runs: list[list[int]] = [[]]
    for place in range(start, end):
        if seen[place].kind is Kind.PROSE:
            runs.append([])
        elif seen[place].kind in SIGNS:
            runs[-1].append(place)
    often = Counter(shape for run in runs for shape in {seen[place].shape for place in run})
    found: list[int] = []
    for run in runs:
        own = [place for place in run if often[seen[place].shape] == 1]
        kinds = {seen[place].kind for place in own}
        if len(own) >= PROOF and len(kinds) > 1 and kinds & {Kind.LINKS, Kind.TEASER}:
            found += range(_back(seen, own[0], start), own[-1] + 1)
    return found


def _back(seen: Sequence[Line], first: int, start: int) -> int:
    """Return where a box begins: at its first sign, or at a teaser's title above it."""
    above = first - 1
    while above >= start and seen[above].kind is Kind.BLANK:
        above -= 1
    titled = seen[first].kind is Kind.TEASER and above >= start and seen[above].kind is Kind.PLAIN
    return above if titled else first


def _counted(seen: Sequence[Line], words: Sequence[str]) -> list[int]:
    """Return lines that count 1, 2, 3 below a label: the numbers of a listing's lines or of pages."""
    found: list[int] = []
    run: list[int] = []
    above = Kind.BLANK
    for place, line in enumerate(seen):
        if line.kind is Kind.FIGURE and words[place] == str(len(run) + 1):
            run.append(place)
        elif line.kind is not Kind.BLANK:
            found += run if len(run) >= OFTEN else []
            run, above = [], line.kind
        if len(run) == 1 and above not in {Kind.LABEL, Kind.LINKS}:
            run = []
    return found


def _is_label(line: Line) -> bool:
    return line.kind is Kind.LABEL or (line.kind is Kind.LINKS and "|" not in line.shape)


def _is_proved(seen: Sequence[Line], start: int, end: int) -> bool:
    """Tell whether the signs outside the article prove a page; what stands inside too is a part of this text."""
    usual = {line.shape for line in seen[start:end]}
    rows = Counter(line.shape for line in seen if line.kind is Kind.LINKS and "|" in line.shape)
    usual |= {shape for shape, count in rows.items() if count > 2}  # a table
    signs = [line for line in (*seen[:start], *seen[end:]) if line.kind in SIGNS and line.shape not in usual]
    sure = {line.shape for line in signs if line.kind is Kind.LINKS}
    labels = {line.shape for line in (*seen[:start], *seen[end:]) if line.kind is Kind.LABEL} - usual
    if 2 * len(sure) > MENU and len(sure) + len(labels) >= MENU:
        return True
    return len(signs) >= PROOF and len({line.kind for line in signs}) > 1


def _score(line: Line, *, inside: bool) -> float:
    """Return how much a line of a page speaks for the article; between paragraphs no other paragraph is lost."""
    if inside and line.kind is Kind.PROSE:
        return max(line.score, 2 * CHANGE)
    if line.shape == SAID:
        return 2 * CHANGE if inside else 1.0
    if inside and line.kind is Kind.PLAIN and line.length >= ITEM:
        return ITEM_SCORE * min(line.length, 40)
    if line.kind is Kind.PROSE and line.length >= PARAGRAPH:
        return 1.5 * line.score
    return 0.0 if line.kind in _FREE else line.score


def _stretches(seen: Sequence[Line], start: int, end: int) -> Iterator[tuple[bool, list[int]]]:
    """Yield the stretches of a page, each with whether it is none of the article: the states of the best way."""
    text = page = 0.0  # how well the best way goes that ends in the article, in the page
    came: list[tuple[bool, bool]] = []  # for both states of a line, whether the line before is one of the page
    for place, line in enumerate(seen):
        came.append((page - CHANGE > text, page > text - CHANGE))
        score = _score(line, inside=start <= place < end)
        text, page = max(text, page - CHANGE) + score, max(page, text - CHANGE) - score
    states: list[bool] = []
    state = page > text
    for before in reversed(came):
        states.append(state)
        state = before[state]
    states.reverse()
    for is_page, places in groupby(range(len(seen)), key=states.__getitem__):
        yield is_page, list(places)


def _head(words: Sequence[str], seen: Sequence[Line], last: int, start: int, end: int) -> list[int]:
    """Return the lines to leave out before the article: all but what may be its title, a field or a paragraph."""
    while last + 1 < start and seen[last + 1].kind is Kind.FIGURE:
        last += 1
    filled = [place for place in range(last + 1) if seen[place].kind is not Kind.BLANK]
    plain = [place for place in filled if seen[place].kind is Kind.PLAIN]
    own = _titles(words, plain, start, end)
    title, elsewhere = max(own, default=last), set(words[end:])
    own |= {place for place in plain if seen[place].shape == SAID}
    for above, place, below in zip(filled, filled[1:], filled[2:], strict=False):
        if seen[above].kind is Kind.LINKS and seen[place].kind is Kind.PLAIN and seen[below].kind in TOLD:
            own.add(place)  # the title, between the way to the article and its date
    own.update(_above_verses(seen, filled))
    for is_plain, run in groupby(filled, key=lambda place: seen[place].kind is Kind.PLAIN):
        lines = [place for place in run if is_plain and words[place] not in elsewhere]
        is_verse = sum(seen[place].length for place in lines) >= LONG_NAME * len(lines)
        lines = lines if is_verse else [place for place in lines if place > title]
        own.update(lines if len(lines) >= VERSE else [])
    return [place for place in filled if seen[place].kind is not Kind.PROSE and place not in own]


def _above_verses(seen: Sequence[Line], filled: Sequence[int]) -> list[int]:
    """Return the lines right above several that are said: their title and who wrote them."""
    found: list[int] = []
    above: list[int] = []
    for is_said, run in groupby(filled, key=lambda place: seen[place].kind is Kind.PROSE or seen[place].shape == SAID):
        lines = list(run)
        if is_said and len(lines) > 1:
            found += takewhile(lambda place: seen[place].kind is Kind.PLAIN, reversed(above[-OFTEN:]))
        above = lines
    return found


def _titles(words: Sequence[str], plain: Sequence[int], start: int, end: int) -> set[int]:
    """Return which plain lines before an article may be its title or its fields."""
    text = "".join(words[start:end])
    pairs = set(pairwise(text))
    below = set(words[end:])  # a menu's entries stand at both ends
    likeness = {place: _likeness(words[place], pairs) for place in plain if not _FIELD.match(words[place])}
    worth = {place: share * len(words[place]) for place, share in likeness.items()}
    best = max(worth, key=lambda place: (worth[place], place), default=-1)
    title = max((place for place in worth if worth[place] >= 0.6 * worth[best]), default=-1)
    chance = 0.14 * log10(len(text)) - 0.16  # what any line may share with an article as long
    near = [place for place in plain if place > title - NEAR and words[place] not in below]
    own = {place for place in near if likeness.get(place, 1.0) >= RELATED}
    own |= {best} if best >= 0 and likeness[best] >= chance else set()
    opening = [line for line in words[start : start + NEAR] if line]
    named = [
        place for place in plain if len(words[place]) > 1 and any(line.startswith(words[place]) for line in opening)
    ]
    return own | set(named[-1:])


def _tail(words: Sequence[str], stretch: Sequence[int], often: Counter[str]) -> list[int]:
    """Return the lines to leave out below the article: all but files and tables of fields."""
    own = {place for place in stretch if _FILE.search(words[place])}
    filled = [place for place in stretch if words[place]]
    for is_field, run in groupby(
        filled, key=lambda place: often[words[place]] == 1 and bool(_FIELD.match(words[place]))
    ):
        fields = list(run)
        if is_field and len(fields) >= OFTEN and not any(_CONTACT.search(words[place]) for place in fields):
            own.update(fields)
    return [place for place in stretch if place not in own]


def _between(seen: Sequence[Line], stretch: Sequence[int]) -> list[int]:
    """Return the lines to leave out between paragraphs: all but a few words below the time when they were said."""
    found: list[int] = []
    above = Kind.BLANK
    for place in stretch:
        if seen[place].kind is not Kind.PLAIN or above not in {Kind.STAMP, Kind.FIGURE}:
            found.append(place)
        above = above if seen[place].kind is Kind.BLANK else seen[place].kind
    return found


def _likeness(line: str, pairs: set[tuple[str, str]]) -> float:
    """Return the share of a line's pairs of characters that an article holds too; 0 for a line too short to tell."""
    own = list(pairwise(line))
    return sum(pair in pairs for pair in own) / len(own) if len(own) >= 3 else 0.0
