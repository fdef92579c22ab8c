"""What people say between two questions of a conversation: thanks, leave-taking, and turns that ask again."""

from __future__ import annotations

import re
from enum import StrEnum

from corpus.lexicon import fold

_GAP = r"[,、。!:;~…\s]*+"
_LEAVE = (
    r"(?:我们)?(?:先?不(?:聊|说|谈|管|提|问)(?:这个|它|这些|那个|这)?(?:话题)?了?"
    r"|(?:换|来)一?个(?:话题|问题|方向)|跳过(?:这个)?|(?:再|另外|顺便)?问(?:你)?(?:一?个|点)"
    r"(?:别的|其他的|其它的|无关的|题外话)(?:问题)?|(?:说|聊|问)点(?:别的|其他的)|题外话|言归正传|回到正题)[吧啊呀哈]?"
)
_ASIDE = (
    r"(?:对了(?![吗几多没])|说起来|话说回来|话说|顺便(?:问(?:一下|一句|下)?|说一?句)"
    r"|再问(?:一下|一句)|另外再?问(?:一下|一句)?"
    r"|(?:那么?)?(?:现在)?问题(?:就|又)?来了)"
)
_THANKS = (
    r"(?:好+(?:的|吧|啊|嘞|哒)?|嗯+|哦+|噢+|行|可以|明白了?|了解了?|懂了|知道了|清楚了|谢+|谢谢(?:你|您|啦|了)?|多谢|感谢|辛苦了?|原来如此|原来是这样"
    r"|原来这样|这样啊|有意思|厉害|不错|太好了|太棒了|收到|ok|okay|没问题|对|是的|哈+|那好|棒|赞|学到了|没事了?|再见|拜拜|另外|此外)"
)
_LEAD = re.compile(
    rf"(?:(?:{_LEAVE}|{_ASIDE}){_GAP}|{_THANKS}(?:[啊呀吧啦]*)(?:[,、。!:;~…\s]+|$|(?=那么?(?:[,\s]|$))){_GAP})++"
)
_AND = re.compile(
    rf"(?:那么{_GAP}|那(?:[,\s]\s*|(?!一?[个位名家款种门项本部首篇座条所场台件张只届类支间起次段道里儿边样时些会年天月俩两群代套]))|然后{_GAP}|接着{_GAP})"
)


def without_chatter(text: str) -> str:
    """Return a turn without thanks and leave-taking before its question; "" where it says nothing else."""
    folded = fold(text)
    lead = _LEAD.match(folded.lstrip())
    rest = text.lstrip()[lead.end() :] if lead else text
    return rest.strip() if any(map(str.isalnum, rest)) else ""


def leaves(text: str) -> bool:
    """Tell whether a turn leaves what was spoken of: 不聊这个了, 换个话题."""
    lead = _LEAD.match(fold(text).lstrip())
    return lead is not None and re.search(_LEAVE, lead[0]) is not None


def without_link(text: str) -> str:
    """Return a turn without the word that links it to what was said: 那, 那么."""
    found = _AND.match(fold(text))
    rest = text[found.end() :] if found else text
    return rest if any(map(str.isalnum, rest)) else text


class Again(StrEnum):
    """A turn that asks about the previous question as a whole."""

    MORE = "more"  # for further answers
    SOURCE = "source"  # for where the answer stands, or for it once more
    WHY = "why"
    HOW = "how"
    WHEN = "when"
    WHO_SAYS = "who says"


_END = r"[呢吗啊呀嘛吧的了]*"
_OTHER = "(?:别的|其他的?|其它的?|另外的|更多的?)"
_AGAIN = {
    Again.MORE: (
        rf"(?:还有|还有没有|有没有)(?:{_OTHER}|更多|哪些|什么|谁|哪里|吗|呢|补充)?{_END}|{_OTHER}{_END}|还有{_OTHER}(?:什么|哪些)?{_END}"
        r"|除此之外(?:还有)?(?:什么|哪些|别的|其他的?)?[呢吗]*|除了(?:这些|这个|它|他)(?:以外|之外)?(?:还有)?(?:什么|哪些|别的|其他的?|谁)?[呢吗]*"
        r"|就(?:这些|这个|这点|这么多)[了吗]*|没(?:有别的|别的|有)?了[吗]?|只有(?:这些|这个)吗?|继续说?|接着[说讲]|再(?:多)?(?:说|讲|来|列|举)(?:一)?(?:些|点|几个|一个|个)?(?:例子)?"
        r"|(?:再|能|可以)?(?:详细|具体|展开|仔细)(?:一?点|一些)?(?:[说讲][说讲]?|聊聊|介绍|解释|讲讲|说明)?(?:一?下|一?点)?吗?|[说讲]?(?:得)?(?:详细|具体)(?:一?点|一些)"
    ),
    Again.SOURCE: (
        r"(?:有)?(?:什么)?(?:出处|来源|原文|依据|根据|引文|证据)(?:是?(?:什么|哪里|哪儿|哪)|在?(?:哪里|哪儿|哪)|有吗?|何在)?[呢吗]*"
        r"|(?:是)?(?:在)?(?:哪里|哪儿|哪篇|哪一?篇文章|哪份文件|哪个文档|哪本书|什么地方)(?:说|写|提到|看到|讲)(?:过)?(?:的)?[呢啊]?|(?:有)?什么依据[呢吗]?|你?怎么知道的?|真的吗|真的假的|确定吗"
        r"|再说一[遍次]|(?:我)?没(?:听|看)(?:清|懂|明白)|(?:这|那)?出自哪里?|(?:给我?)?看(?:一下|看)?原文"
    ),
    Again.WHY: (
        rf"(?:这|那)?(?:又|都)?(?:是)?(?:为什么|为啥|为何|为毛|何故|何以见得|怎么回事|咋回事|什么原因|啥原因|什么缘故)(?:会)?(?:这样|如此|这么说|这么做)?{_END}|(?:具体)?(?:原因|理由|缘由)(?:是什么|何在)?{_END}"
        rf"|怎么会(?:这样)?{_END}|凭什么{_END}|why"
    ),
    Again.HOW: r"(?:这|那)?(?:是)?(?:怎么|如何|怎样|咋)(?:做到|办到|实现|发生|得出|得到)的?[呢啊]?",
    Again.WHEN: r"(?:这|那)?是?(?:什么时候|哪一?年|何时|啥时候)的(?:事情?)[呢啊]?",
    Again.WHO_SAYS: r"(?:这|那)?(?:话)?是?谁(?:说|讲|告诉你)的[呢啊]?",
}
_ANY_AGAIN = [(again, re.compile(pattern)) for again, pattern in _AGAIN.items()]


_MARKS = re.compile(r"[\s?!。,;…~.、]+$")


def without_end(text: str) -> str:
    """Return a folded text without the marks at its end."""
    return _MARKS.sub("", text)


def again(text: str) -> Again | None:
    """Tell how a turn asks about the previous question as a whole, if it does."""
    bare = re.sub(r"[\s?!。,;…~.、]+", "", fold(text))
    return next((kind for kind, pattern in _ANY_AGAIN if pattern.fullmatch(bare)), None) if bare else None
