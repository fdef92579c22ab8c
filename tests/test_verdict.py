import re
import time

import numpy as np
import pytest

from assistant.answering import verdict as module
from assistant.answering.verdict import Claim, denies
from assistant.ranking.ranking import Sentence
from assistant.understanding.question import Question
from corpus.document import Passage
from corpus.words import Segmenter
from index.search import Hit, Reasons


def verdict(question: str, text: str, segmenter: Segmenter, title: str = "题") -> bool | None:
    passage = Passage("a.md", title, "", "", (), text, 0, len(text))
    hit = Hit(passage, 1.0, Reasons(1, 1, 1.0, 1.0, ()), [0, len(text)])
    claim = Claim.of(Question.read(question, segmenter))
    return claim.holds(Sentence(hit, text, 0, len(text), 0.9, np.zeros(1))) if claim else None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("CNTK 支持 ARM 架构吗？", "CNTK 支持 ARM 架构。"),
        ("CNTK 支持 ARM 架构吗？", "CNTK 并非不支持 ARM 架构。"),
        ("CNTK 不支持 ARM 架构吗？", "截至 2019 年初，CNTK 不支持 ARM 架构，因此受到限制。"),
        ("Chainer 支持动态图吗", "Chainer 最大的特点是支持动态图，人们一度把它当作首选。"),
        ("鲸鱼是不是哺乳动物", "鲸鱼是哺乳动物。"),
        ("PyTorch 比 TensorFlow 快吗", "PyTorch 比 TensorFlow 快。"),
        ("试用期必须交社保吗", "试用期必须交社保。"),
        ("甲车支持夜间充电吗", "目前，甲车和乙车支持夜间充电。"),
        ("甲车支持夜间充电吗", "甲车（含旧款）已经支持夜间充电，很受欢迎。"),
        ("Theano 是不是停止维护了？", "Theano 已经不再维护。"),
    ],
)
def test_a_sentence_that_says_so_decides_for_yes(question: str, text: str, segmenter: Segmenter) -> None:
    assert verdict(question, text, segmenter) is True


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("CNTK 支持 ARM 架构吗？", "截至 2019 年初，CNTK 不支持 ARM 架构，因此受到限制。"),
        ("CNTK 支持 ARM 架构吗？", "CNTK 已停止支持 ARM 架构。"),
        ("鲸鱼是鱼吗？", "鲸鱼不是鱼，而是哺乳动物。"),
        ("Theano 还在维护吗", "Theano 已经不再维护。"),
        ("CNTK 有没有中文文档", "CNTK 没有中文文档。"),
        ("养老保险可以一次性补缴吗", "养老保险不能一次性补缴。"),
        ("试用期可以不交社保吗", "试用期不能不交社保。"),
        ("Google 收购了 DeepMind 吗", "Google 没有收购 DeepMind。"),
    ],
)
def test_a_sentence_that_denies_it_decides_for_no(question: str, text: str, segmenter: Segmenter) -> None:
    assert verdict(question, text, segmenter) is False


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("CNTK 支持 ARM 架构吗？", "CNTK 可能支持 ARM 架构。"),  # a hedge
        ("CNTK 支持 ARM 架构吗？", "CNTK 一度支持 ARM 架构。"),  # no longer, perhaps
        ("CNTK 支持 ARM 架构吗？", "如果编译时打开开关，CNTK 支持 ARM 架构。"),  # a condition
        ("CNTK 支持 ARM 架构吗？", "CNTK 支持 x86 架构。"),  # only some of the words
        ("CNTK 支持 ARM 架构吗？", "CNTK 的对手支持 ARM 架构。"),  # said of something else
        ("CNTK 支持 ARM 架构吗？", "与 CNTK 不同，TensorFlow 支持 ARM 架构。"),
        ("CNTK 支持 ARM 架构吗？", "CNTK 支持 ARM 架构吗？"),  # itself a question
        ("鲸鱼是鱼吗？", "鲸鱼和鱼都生活在海里。"),  # all words, but nothing is said to be a fish
        ("PyTorch 比 TensorFlow 快吗", "TensorFlow 比 PyTorch 快。"),  # the other way round
        ("Google 收购了 DeepMind 吗", "DeepMind 没有收购 Google。"),
        ("中小公司有必要自己开发框架吗?", "作者认为，中小企业没有必要自己开发框架。"),  # an opinion
        ("年假可以跨年使用吗", "年假一般不跨年使用。"),
        ("XDL 开源了吗", "XDL 的开源意味着竞争更激烈。"),
        ("甲车支持夜间充电吗", "在欧洲，甲车支持夜间充电。"),  # there
        ("甲车支持夜间充电吗", "甲车在欧洲支持夜间充电。"),
        ("甲车支持夜间充电吗", "旧版的甲车不支持夜间充电。"),  # of that kind
        ("甲车支持夜间充电吗", "厂家声明甲车支持夜间充电。"),  # hearsay
        ("甲车支持夜间充电吗", "甲车支持夜间充电，前提是装了新电池。"),
        ("甲车支持夜间充电吗", "甲车没有完全支持夜间充电。"),
        ("甲车支持夜间充电吗", "并非所有甲车都支持夜间充电。"),
        ("甲车支持夜间充电吗", "甲车支持夜间充电的说法不准确。"),
    ],
)
def test_whatever_is_in_doubt_decides_nothing(question: str, text: str, segmenter: Segmenter) -> None:
    assert verdict(question, text, segmenter) is None


def test_a_sentence_without_a_subject_or_with_a_pronoun_speaks_of_what_its_title_names(segmenter: Segmenter) -> None:
    question = "CNTK 支持 ARM 架构吗？"
    assert verdict(question, "它不支持 ARM 架构。", segmenter, "CNTK") is False
    assert verdict(question, "目前支持 ARM 架构。", segmenter, "CNTK") is True
    assert verdict(question, "它支持 ARM 架构。", segmenter, "Keras") is None
    assert verdict(question, "Keras 支持 ARM 架构。", segmenter, "CNTK") is None
    assert verdict("养老保险可以一次性补缴吗", "失业保险可以一次性补缴。", segmenter, "养老保险") is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("租客可以养狗吗", "租客可以养猫，但不能养狗。"),
        ("租客可以养狗吗", "租客可以养猫。"),
        ("鸡蛋可以生吃吗", "鸡蛋壳能放进微波炉。"),
    ],
)
def test_a_sentence_without_the_thing_asked_about_decides_nothing(
    question: str, text: str, segmenter: Segmenter
) -> None:
    assert verdict(question, text, segmenter) is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("公司能辞退员工吗", "病假期间，公司不能辞退员工。"),
        ("公司能辞退员工吗", "员工请了病假，公司不能辞退员工。"),
        ("公司能辞退员工吗", "凡员工怀孕，公司不能辞退员工。"),
        ("公司能辞退员工吗", "公司不能辞退员工（试用期除外）。"),
        ("公司会扣工资吗", "迟到三次以内，公司不会扣工资。"),
        ("房东可以扣除押金吗", "租客提前退租的，房东可以扣除押金。"),
        ("房东可以扣除押金吗", "合同到期后，房东不可以扣除押金。"),
        ("房东可以扣除押金吗", "合同无效时，房东不可以扣除押金。"),
        ("医院可以预约吗", "除急诊外，医院可以预约。"),
        ("甲车支持夜间充电吗", "雨天，甲车不支持夜间充电。"),
        ("甲车支持夜间充电吗", "周末，甲车不支持夜间充电。"),
        ("甲车支持夜间充电吗", "甲车停稳后，支持夜间充电。"),
        ("员工可以远程办公吗", "员工提交申请，可以远程办公。"),
    ],
)
def test_what_hinges_on_another_clause_decides_nothing(question: str, text: str, segmenter: Segmenter) -> None:
    assert verdict(question, text, segmenter) is None


def test_a_clause_before_that_is_no_condition_takes_nothing_away(segmenter: Segmenter) -> None:
    question = "CNTK 支持 ARM 架构吗？"
    for before in ("此外，", "目前，", "TensorFlow 支持 ARM 架构，", "Keras 很快；", "CNTK 由微软开发，"):
        assert verdict(question, f"{before}CNTK 不支持 ARM 架构。", segmenter) is False
    assert verdict(question, "CNTK 由微软开发，不支持 ARM 架构。", segmenter) is False


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("学生有收入可以参加医疗保险吗", "学生没有收入也可以参加医疗保险。"),
        ("学生有收入可以参加医疗保险吗", "学生没有收入可以参加医疗保险。"),
        ("学生没有收入可以参加医疗保险吗", "学生有收入不可以参加医疗保险。"),
    ],
)
def test_a_negation_of_another_word_than_the_last_predicate_decides_nothing(
    question: str, text: str, segmenter: Segmenter
) -> None:
    assert verdict(question, text, segmenter) is None


def test_a_negation_of_the_last_predicate_decides(segmenter: Segmenter) -> None:
    assert verdict("学生有收入可以参加医疗保险吗", "学生有收入不可以参加医疗保险。", segmenter) is False


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("鸡蛋能放进微波炉吗", "鸡蛋不能放进微波炉加热。"),
        ("员工不可以带狗吗", "员工不可以带狗上班。"),
        ("员工可以带狗吗", "员工不可以带狗上班。"),
        ("公司能辞退员工吗", "公司不能辞退孕期员工。"),
    ],
)
def test_a_denial_of_something_narrower_decides_nothing(question: str, text: str, segmenter: Segmenter) -> None:
    assert verdict(question, text, segmenter) is None


def test_a_denial_of_just_what_is_asked_decides(segmenter: Segmenter) -> None:
    assert verdict("鸡蛋能放进微波炉吗", "鸡蛋不能放进微波炉里。", segmenter) is False
    assert verdict("CNTK 支持 ARM 架构吗？", "CNTK 支持不了 ARM 架构。", segmenter) is False
    assert verdict("员工不可以带狗吗", "员工不可以带狗。", segmenter) is True


@pytest.mark.parametrize(
    "unit", [" ", "不", "的", "需要", "有过", "得到", "可以", "而且", "目前 ", "，", "(", "1 ", "a"]
)
def test_no_pattern_is_slow_on_what_repeats(unit: str) -> None:
    text = (unit * 500)[:500] + "x"
    for pattern in [one for one in vars(module).values() if isinstance(one, re.Pattern)]:
        begun = time.perf_counter()
        pattern.fullmatch(text)
        pattern.sub("", text)
        assert time.perf_counter() - begun < 0.5, pattern.pattern


def test_a_text_denies_where_its_main_clause_does() -> None:
    assert denies("不支持分布式计算的框架有三个。")
    assert denies("哪些框架做不了分布式计算？")
    assert not denies("支持分布式计算的框架不仅有三个。")
    assert not denies("是不是支持分布式计算？")
