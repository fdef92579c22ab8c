import pytest

from assistant.ranking.wanted import Sort, Wanted
from assistant.understanding.question import Question
from corpus.words import Segmenter


@pytest.mark.parametrize(
    ("text", "sort", "asking", "noun"),
    [
        ("这座桥是哪一年建成的？", Sort.TIME, "哪一年", ""),
        ("他生活在哪个朝代？", Sort.TIME, "哪个朝代", ""),
        ("这座桥有多少米长？", Sort.QUANTITY, "多少", ""),
        ("山峰的平均高度是？", Sort.QUANTITY, "是", "高度"),
        ("这座桥是谁设计的？", Sort.PERSON, "谁", ""),
        ("这首曲子出自哪个作曲家？", Sort.PERSON, "哪个作曲家", "作曲家"),
        ("这首曲子的作者是哪国人？", Sort.PLACE, "哪国", "国家"),
        ("比赛在哪个城市举行？", Sort.PLACE, "哪个城市", "城市"),
        ("该国的首都是？", Sort.PLACE, "是", "首都"),
        ("他在哪一场战役中牺牲？", Sort.THING, "哪一场战役", "战役"),
        ("当地实行什么制度？", Sort.THING, "什么制度", "制度"),
        ("当地实行甚麼制度？", Sort.THING, "甚么制度", "制度"),
        ("当地以什么类型的气候为主？", Sort.THING, "什么类型的气候", "气候"),
        ("湖里盛产哪种产量最高的鱼？", Sort.THING, "哪种产量", "产量"),
        ("这座桥的别名是什么？", Sort.THING, "什么", "别名"),
        ("这座山又被称为什么？", Sort.THING, "什么", ""),
        ("凉茶铺又叫什么？", Sort.THING, "什么", ""),
    ],
)
def test_what_is_wanted_is_read_from_the_words_that_ask(
    segmenter: Segmenter, text: str, sort: Sort, asking: str, noun: str
) -> None:
    wanted = Wanted.of(Question.read(text, segmenter))
    assert wanted is not None
    assert (wanted.sort, wanted.text[wanted.start : wanted.end], wanted.noun) == (sort, asking, noun)


@pytest.mark.parametrize(
    "text", ["", "飞桨", "什么是飞桨？", "怎么安装？", "为什么选择它？", "支持哪些语言？", "好用吗？"]
)
def test_a_question_that_no_span_answers_wants_none(segmenter: Segmenter, text: str) -> None:
    assert Wanted.of(Question.read(text, segmenter)) is None


def test_words_before_and_behind_those_that_ask_are_kept_with_their_shares(segmenter: Segmenter) -> None:
    wanted = Wanted.of(Question.read("当地以哪种地形为主？", segmenter))
    assert wanted is not None
    assert (wanted.lead, wanted.rest) == ("以地当", "为主?")
    assert (wanted.role, wanted.act) == ("当地", "为主")
    assert [names for names, _ in wanted.words] == [("当地",), ("为主",)]
    assert sum(share for _, share in wanted.words) == pytest.approx(1.0)
