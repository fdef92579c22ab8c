import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.kind import Kind
from assistant.understanding.question import LONGEST, Question
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


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # what is told with a number is not asked for
        ("許多高校於1969年時由於哪一個革命遷出？", Kind.OTHER),
        ("國內生產總值有百分之2.5屬於哪一產業？", Kind.OTHER),
        ("哪位皇帝發動了幾次戰役？", Kind.WHO),
        ("北朝幾個朝代中，哪個朝代最積極修城？", Kind.WHEN),
        ("哪個區域內的衛星每隔幾天要啟動引擎？", Kind.WHERE),
        ("球隊選擇了哪位球員，為未來幾年打下基礎？", Kind.WHO),
        ("這幾年，人們把這種手法叫做什麼？", Kind.OTHER),
        ("滅亡日期是哪位皇帝被罷黜的時候？", Kind.WHO),
        # 在哪, but not where
        ("在哪一場會議中通過？", Kind.OTHER),
        ("在哪場戰役後統一？", Kind.OTHER),
        ("希望在哪方面獲得進展？", Kind.OTHER),
        ("她在哪部電影中擔任主角？", Kind.OTHER),
        ("這首歌收錄在哪張專輯？", Kind.OTHER),
        ("他在哪本著作中介紹了它？", Kind.OTHER),
        ("廣場中心是哪個國王的雕像？", Kind.WHO),
        ("它發生在哪一位皇帝在位時？", Kind.WHO),
        ("它在哪一個世紀傳入？", Kind.WHEN),
        ("它在哪個時期最受歡迎？", Kind.WHEN),
        ("它在哪個年代抬頭？", Kind.WHEN),
        ("如何處理的？", Kind.HOW),
        ("曲子的作者是哪國人？", Kind.WHERE),
        # once missed
        ("他是哪一個朝代的人？", Kind.WHEN),
        ("他是什麼時期的武將？", Kind.WHEN),
        ("這是哪一個時代的作品？", Kind.WHEN),
        ("銷量全球第幾？", Kind.HOW_MANY),
        ("占全國人口的幾分之幾？", Kind.HOW_MANY),
        ("經歷了幾個世紀？", Kind.HOW_MANY),
        ("全港有幾所高中？", Kind.HOW_MANY),
        ("它是哪一國的戰車？", Kind.WHERE),
        ("它在哪一地區最常見？", Kind.WHERE),
        ("它位於哪一縣市？", Kind.WHERE),
        ("它位於哪邊？", Kind.WHERE),
        # no reason is asked for
        ("這座湖被稱為什麼？", Kind.OTHER),
        ("後來改名為什麼？", Kind.OTHER),
        ("這是為什麼？", Kind.WHY),
        ("名稱為什麼改了？", Kind.WHY),
    ],
)
def test_a_question_is_no_other_kind_for_a_word_in_passing(segmenter: Segmenter, text: str, kind: Kind) -> None:
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
    assert not any(word.folded in asked.stopwords for word in asked.content)  # 其 alone has no content
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


HELD = {"搭配", "拼", "库", "全名是", "倍", "tensorflow"}


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("哪天开学", ["开学"]),  # not 哪天
        ("它的英文全名是?", ["英文", "全名"]),  # nor 全名是
        ("增长了几倍", ["增长"]),
        ("能不能退货", ["退货"]),
        ("那个库叫什么", ["库"]),  # jieba's model glues 库 and 叫
        ("怎么拼出来的", ["拼"]),
        ("TensorFlow2.0 搭配什么", ["tensorflow", "2.0", "搭配"]),
    ],
)
def test_words_that_ask_and_wrongly_cut_words_are_no_content(
    segmenter: Segmenter, text: str, content: list[str]
) -> None:
    asked = Question.read(text, segmenter, lambda word: word in HELD)
    assert [word.folded for word in asked.content] == content


def test_a_word_that_the_documents_hold_is_never_cut_apart(segmenter: Segmenter) -> None:
    whole = [word.folded for word in segmenter.words("那个库叫什么")]
    asked = Question.read("那个库叫什么", segmenter, lambda word: True)
    assert [word.folded for word, _ in asked.query.words] == whole
