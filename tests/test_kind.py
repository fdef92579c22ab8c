import pytest

from assistant.understanding.kind import Kind
from corpus.lexicon import fold


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # comparison
        ("养老保险和医疗保险有什么不同？", Kind.COMPARISON),
        ("甲公司跟乙公司谁的员工更多", Kind.COMPARISON),
        ("选 Python 还是选 Java", Kind.COMPARISON),
        ("Rust 相比 C++ 有什么优势", Kind.COMPARISON),
        ("两种方案比较一下", Kind.COMPARISON),
        ("他们哪个更快", Kind.COMPARISON),
        ("不同的平台用什么语言", Kind.OTHER),
        ("它比较适合谁", Kind.WHO),
        # relation
        ("清华和北大有啥关系", Kind.RELATION),
        ("这两家公司之间的渊源", Kind.RELATION),
        ("三角恋爱关系是怎么产生的？", Kind.HOW),
        # who: a person, a company, a team
        ("这个软件是哪家公司做的", Kind.WHO),
        ("由哪所大学开发", Kind.WHO),
        ("背后是哪个团队", Kind.WHO),
        ("哪家餐厅最好吃", Kind.OTHER),
        # where
        ("代码放在哪个网站", Kind.WHERE),
        ("哪个城市的人口最多？", Kind.WHERE),
        # how many
        ("一共分成几大类", Kind.HOW_MANY),
        ("头发有多长", Kind.HOW_MANY),
        # list
        ("哪两种药不能一起吃", Kind.LIST),
        ("它都支持什么系统", Kind.LIST),
        ("四大名著都是谁写的", Kind.LIST),
        ("约翰和彼得都被称为什么？", Kind.OTHER),
        # definition
        ("介绍一下医保", Kind.DEFINITION),
        ("个税是干什么用的", Kind.DEFINITION),
        ("「大香菇頭」指的是什麼?", Kind.DEFINITION),
        ("首都是什么城市", Kind.WHERE),
        # yes or no
        ("支不支持退货", Kind.YES_NO),
        ("他结婚了没有", Kind.YES_NO),
        ("这个能用么？", Kind.YES_NO),
        ("这座湖叫什么？", Kind.OTHER),
        # why, how
        ("公司出于什么考虑裁员", Kind.WHY),
        ("靠什么赚钱", Kind.HOW),
        ("用什么办法退税", Kind.HOW),
        # when
        ("啥时开学", Kind.WHEN),
        ("多久以前成立", Kind.WHEN),
    ],
)
def test_the_kind_is_told_by_the_words_that_ask(text: str, kind: Kind) -> None:
    assert Kind.of(fold(text)) is kind
