import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import LONGEST, Kind, Question
from corpus.lexicon import fold
from corpus.words import Segmenter


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Keras 是什么？", Kind.DEFINITION),
        ("Keras 的作者是谁？", Kind.WHO),
        ("PyTorch 什么时候发布的？", Kind.WHEN),
        ("总部在哪里？", Kind.WHERE),
        ("有多少台服务器？", Kind.HOW_MANY),
        ("支持哪些语言？", Kind.LIST),
        ("Torch 和 PyTorch 有什么区别？", Kind.COMPARISON),
        ("PyTorch 1.0 和 Caffe2 什么关系", Kind.RELATION),
        ("MXNet 支持 R 语言吗？", Kind.YES_NO),
        ("为什麼選擇它？", Kind.WHY),
        ("怎么安装？", Kind.HOW),
        ("飞桨", Kind.OTHER),
    ],
)
def test_the_kind_of_a_question_is_read_from_its_words(segmenter: Segmenter, text: str, kind: Kind) -> None:
    assert Question.read(text, segmenter).kind is kind


ANY = st.text(st.characters() | st.sampled_from("什么是深度学习PyTorch 1.0？，\n\u2028\u200b\ud800"), max_size=80)


@given(ANY)
def test_any_text_is_read_and_its_words_stand_in_what_was_understood(segmenter: Segmenter, text: str) -> None:
    asked = Question.read(text, segmenter)
    assert asked.text == text
    assert asked.understood == " ".join(asked.understood.split())
    assert asked.query.text == asked.understood
    for word in asked.content:
        assert fold(asked.understood[word.start : word.end]) == word.folded
    everything = [word for word, _ in asked.query.words]
    assert everything == segmenter.words(asked.understood)
    assert set(asked.content) <= set(everything)
    assert bool(asked.content) == bool(everything)
    assert set(asked.rarity) == {word.folded for word in asked.content}
    assert all(weight >= 0 for _, weight in asked.query.words)


def test_function_words_are_no_content(segmenter: Segmenter) -> None:
    assert [word.folded for word in Question.read("什么是飞桨？", segmenter).content] == ["飞桨"]
    assert Question.read("什么是什么", segmenter).content == ()


def test_a_name_brings_its_other_names(segmenter: Segmenter) -> None:
    asked = Question.read("飛槳是什麼？", segmenter)
    assert asked.aliases == {"飞桨": ("paddlepaddle", "百度飞桨")}


def test_control_characters_are_spaces_and_the_end_of_a_long_question_is_left_out(segmenter: Segmenter) -> None:
    assert Question.read("\x00什么\x1b是\u2028Keras\ud800\n？", segmenter).understood == "什么 是 Keras ？"
    assert len(Question.read("学" * 10_000, segmenter).understood) == LONGEST
