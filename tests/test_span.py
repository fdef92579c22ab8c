import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ranking import forms
from assistant.ranking.span import LIKELY, WEIGHTS, Seeker
from assistant.ranking.wanted import Sort
from assistant.understanding.kind import Kind
from assistant.understanding.question import Question
from corpus.lexicon import fold
from corpus.words import Segmenter

ASKED = {
    Kind.WHEN: "这座桥是哪一年几月建成的？",
    Kind.HOW_MANY: "这座桥有多少米长？",
    Kind.WHO: "这座桥是谁设计的？",
    Kind.WHERE: "这座桥位于哪个城市？",
    Kind.OTHER: "这座桥采用哪种形式？",
}
TEXTS = st.text(
    "这座桥位于建成由李春设计约翰·施密特马公司大学市省2018年3月十万百分之,。()“《》 ab第米:-至", max_size=80
) | st.text(max_size=80)


def edges(text: str, segmenter: Segmenter) -> list[int]:
    """Where words begin and end, as an index keeps it."""
    return sorted({0, len(text), *(place for word in segmenter.words(text) for place in (word.start, word.end))})


def answer(question: str, sentence: str, segmenter: Segmenter) -> str | None:
    span = Seeker.of(Question.read(question, segmenter)).span(sentence, edges(sentence, segmenter))
    return sentence[slice(*span)] if span else None


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        # when
        ("这座桥是哪一年建成的？", "这座桥于1937年9月26日建成通车。", "1937年"),
        ("飞桨什么时候开源？", "飞桨在 2016 年 8 月底开源，第二年发布了新版本。", "2016 年 8 月底"),
        ("会议几月几日召开？", "会议定于3月5日召开，会期三天。", "3月5日"),
        ("白话文运动兴起于何时？", "白话文运动兴起于二十世纪初。", "二十世纪初"),
        ("秦朝什么时候统一六国？", "公元前221年，秦朝统一六国，建立了中央集权制度。", "公元前221年"),
        ("这所中学创办于何时？", "这所中学创办于民国三十年，原址在城北。", "民国三十年"),
        ("例会什么时候开？", "例会每周三上午9点开，周五不开。", "每周三上午9点"),
        ("老店什么时候搬走的？", "老店去年搬走了，新店还没有开。", "去年"),
        ("宋文帝什么时候北伐？", "元嘉二十七年，宋文帝出兵北伐。", "元嘉二十七年"),
        ("他在2011年的几月当选？", "他于2011年3月8日当选主席。", "3月"),
        ("條約有效期是多長時間？", "條約有效期二十年，期滿自動延長。", "二十年"),
        # how many
        ("索道全长多少公里？", "索道全长2.5公里，每天运送3000人次。", "2.5公里"),
        ("图书馆藏书多少册？", "图书馆占地3,200平方米，藏书约81.6万册。", "81.6万册"),
        ("山峰有多高？", "山峰海拔7095米，终年积雪，山下有3个村庄。", "7095米"),
        ("农业占多少比例？", "农业占2.5%，工业占60%。", "2.5%"),
        ("多少学生参加了比赛？", "共有近三千名学生参加了比赛，12所学校派出了教师。", "三千名"),
        ("写完要几行代码？", "原来要31行代码，现在写完只要5行代码。", "5行"),
        ("项目花了多少钱？", "项目历时两年，花了1300万元。", "1300万元"),
        ("瘟疫消灭了多少人口？", "瘟疫消灭了三分之一的人口。", "三分之一"),
        # who
        ("这座石桥是谁设计的？", "这座石桥由李春设计，建于隋代。", "李春"),
        ("学院的首任院长是谁？", "学院成立于1905年，首任院长是张伯苓，他任职十年。", "张伯苓"),
        ("Keras 的作者是谁？", "Keras 的作者是弗朗索瓦·肖莱（Francois Chollet）。", "弗朗索瓦·肖莱"),
        ("PyTorch 的开发由谁领导？", "PyTorch 的开发由 Dmytro Dzhulgakov 领导。", "Dmytro Dzhulgakov"),
        ("谁统一了蒙古各部？", "1206年，成吉思汗统一了蒙古各部。", "成吉思汗"),
        # where
        ("龙泉窑位于哪里？", "龙泉窑位于浙江省龙泉市，延续了上千年。", "浙江省龙泉市"),
        ("他毕业于哪所大学？", "他是江苏南京人，毕业于厦门大学，后来赴美留学。", "厦门大学"),
        ("总部在哪里？", "该公司成立于1998年，总部位于胡志明市。", "胡志明市"),
        ("首届比赛在哪个国家举行？", "首届比赛1960年在法国举行，共有17个队参加。", "法国"),
        ("雕像藏在哪座博物馆？", "雕像1972年出土，现藏于湖南省博物馆。", "湖南省博物馆"),
        ("他出生于哪里？", "他1944年出生于加利福尼亚州旧金山，长在上海。", "加利福尼亚州旧金山"),
        # which
        ("他在哪一場戰役中犧牲？", "1934年11月，他在湘江戰役中犧牲，年僅29歲。", "湘江戰役"),
        ("古国实行什么制度？", "这个古国实行郡县制，分为三十六郡。", "郡县制"),
        ("当地以哪种地形为主？", "当地以山地为主，平原很少。", "山地"),
        ("这首歌收录在哪张专辑？", "这首歌收录在专辑《远方的家》，发行于1990年。", "《远方的家》"),
        ("这座山又被称为什么？", "这座山又被称为神山，山上有寺庙。", "神山"),
        ("该国的首都是？", "该国的首都是堪培拉，人口四十万。", "堪培拉"),
    ],
)
def test_the_span_that_answers_is_found(question: str, sentence: str, expected: str, segmenter: Segmenter) -> None:
    assert answer(question, sentence, segmenter) == expected


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("这座桥是哪一年建成的？", "这座桥是一座单孔石拱桥。"),
        ("谁设计了这座桥？", "这座桥长五十米。"),
        ("2018年的新版本是什么时候公布的？", "2018年公布了新版本。"),  # the question says it itself
        ("什么是石拱桥？", "石拱桥由李春于605年设计。"),  # another kind
        ("有多少人？", "大家都来了。"),
        ("它位于哪里？", "它很漂亮。"),
        ("他在哪一场战役中牺牲？", "他在战役中牺牲。"),
    ],
)
def test_there_is_none_rather_than_a_guess(question: str, sentence: str, segmenter: Segmenter) -> None:
    assert answer(question, sentence, segmenter) is None


FORMS = {
    Kind.WHEN: lambda text: [date.span for date in forms.dates(text)],
    Kind.HOW_MANY: lambda text: [quantity.span for quantity in forms.quantities(text)],
    Kind.WHO: lambda text: sorted({name.span for name in forms.persons(text)}),
    Kind.WHERE: lambda text: sorted({name.span for name in forms.places(text)}),
}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (
            Kind.WHEN,
            "2018年12月发布，1990年代流行，去年、星期三上午9点停办",
            ["2018年12月", "1990年代", "去年", "星期三上午9点"],
        ),
        (Kind.WHEN, "清嘉庆年间建，民国16年毁，1861至1865年重修", ["清嘉庆年间", "民国16年", "1861至1865年"]),
        (Kind.WHEN, "2008年8月15日至8月16日举行", ["2008年8月15日至8月16日"]),
        (Kind.HOW_MANY, "有20个村、15至20公里路、约49,736名居民，占三成", ["20个", "15至20公里", "49,736名", "三成"]),
        (Kind.HOW_MANY, "Caffe2 与 PyTorch 1.0 在2018年支持 4.7 GHz", ["4.7 ghz"]),  # no versions, no years
        (Kind.HOW_MANY, "超过一千亿个，排第3名，比例是1:7", ["一千亿个", "第3名", "1:7"]),
        (Kind.WHO, "由约翰·施密特和李春设计", ["约翰·施密特", "李春"]),
        (Kind.WHO, "微软公司的团队", ["微软公司"]),
        (Kind.WHERE, "他来自浙江省龙泉市，到法国去", ["浙江省龙泉市", "法国"]),
    ],
)
def test_typed_spans_are_found_by_their_form(kind: Kind, text: str, expected: list[str]) -> None:
    folded = fold(text)
    assert list(dict.fromkeys(folded[start:end] for start, end in FORMS[kind](folded))) == expected


@given(st.sampled_from(list(FORMS)), TEXTS)
def test_typed_spans_lie_within_any_text(kind: Kind, text: str) -> None:
    spans = FORMS[kind](fold(text))
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)


@given(st.sampled_from(list(ASKED)), TEXTS, st.booleans())
def test_a_short_answer_lies_within_any_sentence_and_the_question_does_not_hold_it(
    segmenter: Segmenter, kind: Kind, text: str, with_edges: bool
) -> None:
    question = Question.read(ASKED[kind], segmenter)
    assert question.kind is kind
    span = Seeker.of(question).span(text, edges(text, segmenter) if with_edges else ())
    if span is not None:
        start, end = span
        assert 0 <= start < end <= len(text)
        assert fold(text[start:end]) not in fold(question.understood)
        assert text[start:end].strip()


@given(TEXTS, st.sets(st.integers(-3, 90)))
def test_edges_that_do_not_fit_the_sentence_do_no_harm(segmenter: Segmenter, text: str, places: set[int]) -> None:
    for question in ASKED.values():
        span = Seeker.of(Question.read(question, segmenter)).span(text, sorted(places))
        assert span is None or 0 <= span[0] < span[1] <= len(text)


def test_script_width_and_case_do_not_matter(segmenter: Segmenter) -> None:
    assert answer("這座橋是誰設計的？", "這座橋由李春設計，建於隋代。", segmenter) == "李春"
    assert answer("这座桥是哪一年建成的？", "这座桥建成于２０１８年。", segmenter) == "２０１８年"


def test_a_question_that_no_span_answers_has_no_candidates(segmenter: Segmenter) -> None:
    sentence = "这座桥于1937年9月由李春建成。"
    assert [one.span for one in Seeker.of(Question.read(ASKED[Kind.WHEN], segmenter)).candidates(sentence)] == [(4, 11)]
    for text in ("什么是石拱桥？", "怎么去那座桥？", "为什么建桥？", ""):
        question = Question.read(text, segmenter)
        assert list(Seeker.of(question).candidates(sentence)) == []
        assert Seeker.of(question).likelihood(sentence) == 0.0


def test_the_likelihood_is_that_of_the_best_candidate_whatever_is_shown(segmenter: Segmenter) -> None:
    question, sentence = Question.read("铁路何时开通？", segmenter), "大家目前都很高兴。"
    seeker = Seeker.of(question)
    candidates = list(seeker.candidates(sentence))
    assert [sentence[slice(*one.span)] for one in candidates] == ["目前"]
    weights = WEIGHTS[Sort.TIME]
    odds = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in candidates[0].signals.items())
    assert seeker.likelihood(sentence) == pytest.approx(1 / (1 + math.exp(-odds)))
    assert seeker.likelihood(sentence) < LIKELY[Sort.TIME]
    assert Seeker.of(question).span(sentence) is None
    assert seeker.likelihood("") == seeker.likelihood("天气晴朗。") == 0.0


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("他在哪一场战役中牺牲？", "1934年，他在湘江战役中牺牲。", "他在这场战役中牺牲，大家都很难过。"),
        ("这座桥是谁设计的？", "这座桥由李春设计。", "这座桥的设计很特别。"),
        ("比赛在哪个国家举行？", "比赛在法国举行。", "比赛举行了三天。"),
        ("这首歌收录在哪张专辑？", "这首歌收录在专辑《远方的家》。", "这首歌没有收录在专辑里。"),
    ],
)
def test_a_sentence_that_only_repeats_the_question_is_less_likely(
    question: str, right: str, wrong: str, segmenter: Segmenter
) -> None:
    seeker = Seeker.of(Question.read(question, segmenter))
    assert seeker.likelihood(right, edges(right, segmenter)) > 2 * seeker.likelihood(wrong, edges(wrong, segmenter))


@given(st.sampled_from(list(ASKED.values())), TEXTS, st.booleans())
def test_no_candidate_is_better_than_the_best(segmenter: Segmenter, question: str, text: str, with_edges: bool) -> None:
    seeker, places = Seeker.of(Question.read(question, segmenter)), edges(text, segmenter) if with_edges else []
    assert seeker.wanted is not None
    weights = WEIGHTS[seeker.wanted.sort]
    odds = [
        weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in one.signals.items())
        for one in seeker.candidates(text, places)
    ]
    expected = 1 / (1 + math.exp(-max(odds))) if odds else 0.0
    assert seeker.likelihood(text, places) == pytest.approx(expected)


def test_every_sort_of_answer_has_weights_and_a_threshold_and_doubt_comes_first() -> None:
    assert set(WEIGHTS) == set(LIKELY) == set(Sort)
    assert all(weights["bias"] < 0 for weights in WEIGHTS.values())
    assert all(0 < threshold < 1 for threshold in LIKELY.values())
