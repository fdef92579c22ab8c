"""What people say around a question: greetings, requests to look it up, particles."""

from __future__ import annotations

import re

from assistant.understanding.kind import Kind
from corpus.lexicon import fold

_GAP = r"[,，、。!！:：~…\s]*+"  # possessive, as all that repeats here: 500 particles must not take long
_LOOK = r"(?:查|看|找|搜|问|打听|翻)"
_LEAD = re.compile(
    rf"(?:(?:你好|您好|哈[喽啰罗]|hi(?![a-z])|hello(?![a-z])|那个(?={_GAP}[a-z请想问我帮,，\s])|嗯++|话说|对了"
    r"|(?:[嗨额呃哎诶喂]|老师|大佬们?|各位)(?=[,，、。!！:：~…\s])"
    r"|请问(?:一下|下)?|请教(?:一下|下)?|问一?下|问一?个问题|麻烦(?:你|您|大家)?|劳驾|拜托"
    r"|我?(?:就|很|比较)?(?:想|要|想要)(?:请教|咨询|请问|问|打听|了解|知道|弄清楚?|搞清楚?|查|搜)(?:一下|下|问)?"
    rf"|(?:能不能|能否|可不可以|可以|能|请)?(?:(?:帮忙|帮我|帮){_LOOK}|[给替]我(?:查|找|搜|问))(?:一下|一查|下|查|看|找|找看|看看)?|{_LOOK}一下"
    r"|(?:有?谁|有没有人|有人)(?:能)?(?:知道|晓得|清楚|告诉我)(?![的了])|(?:你|您|大家)?(?:知不知道|知道|晓得|清楚)(?![的了])|告诉我|我?不太?(?:知道|清楚|懂))"
    rf"{_GAP})++"
)
_TRAIL = re.compile(
    rf"(?:{_GAP}(?:[啊呀哈呗哦喔噢咯哇啦诶]++|来着|谢谢(?:你|您|了)|谢++|多谢|感谢|求(?:解答?|告知|教|助)|在线等|急++|拜托了?))++"
    rf"(?={_GAP}[?？]*+{_GAP}$)"
)
_WHETHER = re.compile(r"吗(?=[?？\s]*$)")  # 你知道 … 是谁吗: whether one knows is not what is asked


def without_fillers(text: str) -> str:
    """Return a question without what is said around it; a text that is nothing else comes back as it is."""
    folded = fold(text)
    lead = _LEAD.match(folded)
    start = lead.end() if lead else 0
    rest = text[start:]
    if trail := _TRAIL.search(fold(rest)):
        rest = rest[: trail.start()] + rest[trail.end() :]
    if lead and (whether := _WHETHER.search(fold(rest))):
        bare = rest[: whether.start()] + rest[whether.end() :]
        if Kind.of(fold(bare)) not in {Kind.OTHER, Kind.YES_NO}:
            rest = bare
    return rest.strip() if any(map(str.isalnum, rest)) else text
