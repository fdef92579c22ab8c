from corpus.lexicon import fold
from training.near_miss import ATTRIBUTES, unstated, without_answers
from training.squad import Asked, QuestionSet

TEXT = "蓝鲸是最大的动物。蓝鲸每天吃四吨磷虾。成年蓝鲸长约三十米。"
OTHER = "鲸鲨是最大的鱼，鲸鲨的身高没有意义。鲸鲨住在热带海洋。鲸鲨吃浮游生物。"


def questions() -> QuestionSet:
    asked = (
        Asked("蓝鲸每天吃多少磷虾？", "0.txt", "蓝鲸", ("四吨",)),
        Asked("蓝鲸每天吃几吨？", "0.txt", "蓝鲸", ("四吨",)),
        Asked("成年蓝鲸有多长？", "0.txt", "蓝鲸", ("三十米",)),
        Asked("鲸鲨住在哪里？", "1.txt", "鲸鲨", ("热带海洋",)),
    )
    return QuestionSet("whales", {"0.txt": TEXT, "1.txt": OTHER}, asked)


def test_the_sentence_that_answered_is_gone_and_everything_else_stays() -> None:
    for seed in range(8):
        left = without_answers(questions(), seed=seed)
        assert left.questions
        assert all(asked.answers == () for asked in left.questions)
        for asked in left.questions:
            (before,) = (one for one in questions().questions if one.question == asked.question)
            assert before.share_of_answer(left.paragraphs[asked.document]) <= 0.5
        assert "蓝鲸是最大的动物。" in left.paragraphs["0.txt"]


def test_questions_on_one_sentence_go_with_it_together() -> None:
    asked = [tuple(sorted(one.question for one in without_answers(questions(), seed=s).questions)) for s in range(8)]
    both = {"蓝鲸每天吃多少磷虾？", "蓝鲸每天吃几吨？"}
    assert all(both <= set(names) or not both & set(names) for names in asked)
    assert any(both <= set(names) for names in asked)


def test_an_attribute_is_asked_only_where_the_article_says_no_word_of_it() -> None:
    heights = {template for template, words in ATTRIBUTES if "身高" in words.split() or "高" in words.split()}
    found = [one for seed in range(60) for one in unstated(questions(), seed=seed).questions]
    assert len({one.question for one in found}) > 20
    assert all(one.answers == () for one in found)
    about = [one for one in found if any(one.question == template.format("鲸鲨") for template in heights)]
    assert about == []
    assert any("蓝鲸" in fold(one.question) for one in found)


def test_what_a_paragraph_begins_by_defining_is_asked_in_few_words() -> None:
    found = questions().definitions(seed=1).questions
    assert [(one.document, one.answers) for one in found] == [
        ("0.txt", ("蓝鲸是最大的动物。",)),
        ("1.txt", ("鲸鲨是最大的鱼，鲸鲨的身高没有意义。",)),
    ]
    assert all(len(one.question) <= 10 for one in found)
