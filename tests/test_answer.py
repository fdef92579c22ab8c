from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answer import THRESHOLD
from assistant.answering.choice import MOST_CHARACTERS, MOST_QUOTES
from assistant.answering.layout import compose
from assistant.ranking.features import ALL
from assistant.ranking.ranking import Sentence
from assistant.understanding.question import Question
from corpus.document import Passage
from corpus.words import Segmenter
from index.search import Hit, Reasons


def sentence(
    text: str, score: float, document: str = "a.md", start: int = 0, matched: tuple[str, ...] = ()
) -> Sentence:
    passage = Passage(document, "题", "源", "2019-03", ("节",), text, start, start + len(text))
    hit = Hit(passage, 1.0, Reasons(1, 1, 1.0, 1.0, matched), [0, len(text)])
    return Sentence(hit, text, start, start + len(text), score, np.zeros(len(ALL)))


@pytest.fixture
def asked(segmenter: Segmenter) -> Question:
    return Question.read("鲸鱼住在哪里？", segmenter)


SENTENCES = st.lists(
    st.builds(
        sentence,
        st.text("鲸鱼大海苹果火车住在里。12", min_size=1, max_size=200),
        st.floats(0.01, 0.99),
        st.sampled_from(["a.md", "b.md"]),
        st.integers(0, 1000),
    ),
    min_size=1,
    max_size=12,
).map(lambda found: sorted(found, key=lambda one: -one.score))


@given(SENTENCES, st.integers(1, 8))
def test_an_answer_is_one_to_four_quotes_in_reading_order_that_fit(
    segmenter: Segmenter, sentences: list[Sentence], top: int
) -> None:
    asked = Question.read("鲸鱼为什么住在大海里？", segmenter)
    answer = compose(asked, [one.hit for one in sentences], sentences, 1.0, top=top)
    assert answer.answered
    assert 1 <= len(answer.quotes) <= MOST_QUOTES
    longest = max(len(quote.text) for quote in answer.quotes)
    assert sum(len(quote.text) for quote in answer.quotes) <= max(MOST_CHARACTERS, longest)
    documents = list(dict.fromkeys(quote.document for quote in answer.quotes))
    for document in documents:
        places = [number for number, quote in enumerate(answer.quotes) if quote.document == document]
        assert places == list(range(places[0], places[-1] + 1))
        starts = [answer.quotes[number].start for number in places]
        assert starts == sorted(starts)
    assert answer.text == "\n".join(quote.text for quote in answer.quotes)
    assert [quote.text for quote in answer.candidates] == [one.text for one in sentences[:top]]
    assert len(answer.hits) == min(top, len(sentences))


@given(SENTENCES)
def test_below_the_threshold_nothing_is_quoted_and_the_candidates_stay(
    segmenter: Segmenter, sentences: list[Sentence]
) -> None:
    asked = Question.read("鲸鱼住在哪里？", segmenter)
    hits = [one.hit for one in sentences]
    answer = compose(asked, hits, sentences, 0.49, top=5, threshold=0.5)
    assert (answer.answered, answer.quotes, answer.text, answer.confidence) == (False, (), "", 0.49)
    assert answer.candidates == compose(asked, hits, sentences, 0.5, top=5, threshold=0.5).candidates


def test_a_quote_carries_where_it_stands(asked: Question) -> None:
    (quote,) = compose(asked, [], [sentence("鲸鱼住在大海。", 0.9, start=7)], 1.0, top=5).quotes
    assert (quote.text, quote.document, quote.title, quote.source) == ("鲸鱼住在大海。", "a.md", "题", "源")
    assert (quote.date, quote.section, quote.start, quote.end, quote.score) == ("2019-03", ("节",), 7, 14, 0.9)


def words_of(text: str, segmenter: Segmenter) -> list[int]:
    """Where words begin and end in the text, as an index keeps it."""
    return sorted({0, len(text), *(place for word in segmenter.words(text) for place in (word.start, word.end))})


def test_quotes_and_candidates_carry_the_span_that_answers_as_it_stands_in_the_document(segmenter: Segmenter) -> None:
    text = "龙泉窑延续了上千年。龙泉窑位于浙江省龙泉市，最有名的釉色是粉青。"
    passage = Passage("a.md", "题", "", "", (), text, 40, 40 + len(text))
    hit = Hit(passage, 1.0, Reasons(1, 1, 1.0, 1.0, ()), words_of(text, segmenter))
    first, second = (
        Sentence(hit, text[a:b], 40 + a, 40 + b, 0.9, np.zeros(len(ALL))) for a, b in ((10, len(text)), (0, 10))
    )
    answer = compose(Question.read("龙泉窑位于哪里？", segmenter), [hit], [first, second], 1.0, top=5)
    expected = (40 + text.index("浙江"), 40 + text.index("，"))
    assert [quote.answer_span for quote in answer.candidates] == [expected, None]
    assert [quote.answer_span for quote in answer.quotes] == [expected, None]
    assert answer.candidates[0].pieces == ("龙泉窑位于", "浙江省龙泉市", "，最有名的釉色是粉青。")
    assert answer.candidates[1].pieces == ("龙泉窑延续了上千年。", "", "")
    other = compose(Question.read("龙泉窑是什么？", segmenter), [hit], [first, second], 1.0, top=5)
    assert [quote.answer_span for quote in other.candidates] == [None, None]


@given(SENTENCES, st.sampled_from(["鲸鱼住在哪里？", "有几个苹果？", "谁住在大海里？", "苹果什么时候住在火车里？"]))
def test_a_span_lies_within_its_quote_and_the_text_stays(
    segmenter: Segmenter, sentences: list[Sentence], question: str
) -> None:
    answer = compose(Question.read(question, segmenter), [], sentences, 1.0, top=12)
    for quote, one in zip(answer.candidates, sentences, strict=True):
        assert quote.text == one.text == "".join(quote.pieces)
        if quote.answer_span:
            start, end = quote.answer_span
            assert quote.start <= start < end <= quote.end


def test_the_same_sentence_is_not_quoted_twice(asked: Question) -> None:
    twice = [sentence("鲸鱼住在大海。", 0.9), sentence("鲸鱼住在大海。", 0.9, "b.md")]
    assert len(compose(asked, [], twice, 1.0, top=5).quotes) == 1


def test_sources_that_contradict_each_other_are_both_shown_and_it_is_said(segmenter: Segmenter) -> None:
    asked = Question.read("飞桨是哪一年发布的？", segmenter)
    one = sentence("飞桨在 2016 年发布。", 0.9)
    other = sentence("飞桨于 2018 年正式发布。", 0.89, "b.md")
    answer = compose(asked, [one.hit, other.hit], [one, other], 1.0, top=5)
    assert [quote.document for quote in answer.quotes] == ["a.md", "b.md"]
    assert answer.message.split("\n")[0] == "各来源的说法不一致，请对照原文判断。"
    agreeing = sentence("飞桨于 2016 年正式发布。", 0.89, "b.md")
    assert "不一致" not in compose(asked, [], [one, agreeing], 1.0, top=5).message


def test_a_decline_names_the_words_that_were_not_found(asked: Question) -> None:
    one = sentence("鲸鱼很大。", 0.2, matched=("鲸鱼",))
    answer = compose(asked, [one.hit], [one], THRESHOLD / 2, top=5)
    assert "“鲸鱼”" not in answer.message
    assert answer.message.startswith("文档没有说明")
    none = replace(one.hit, reasons=replace(one.hit.reasons, matched=()))
    assert "“鲸鱼”" in compose(asked, [none], [one], THRESHOLD / 2, top=5).message


def test_without_any_sentence_the_question_is_declined(asked: Question) -> None:
    answer = compose(asked, [], [], 0.0, top=5)
    assert (answer.answered, answer.quotes, answer.candidates, answer.hits) == (False, (), (), ())
    assert answer.message.startswith("文档没有说明")


def test_an_empty_question_asks_for_one(segmenter: Segmenter) -> None:
    assert compose(Question.read(" ？ ", segmenter), [], [], 0.0, top=5).message == "请输入一个问题。"


def test_quotes_stop_where_300_characters_are_full(asked: Question) -> None:
    distinct = [sentence("".join(chr(0x4E00 + 200 * n + i) for i in range(140)), 0.9, start=200 * n) for n in range(4)]
    assert [len(quote.text) for quote in compose(asked, [], distinct, 1.0, top=5).quotes] == [140, 140]
    alone = [sentence("".join(chr(0x4E00 + i) for i in range(200)), 0.9), *distinct[2:]]
    assert len(compose(asked, [], alone, 1.0, top=5).quotes) == 1
    short = [sentence(chr(0x4E00 + n) * 3, 0.9, start=5 * n) for n in range(6)]
    assert len(compose(asked, [], short, 1.0, top=5).quotes) == MOST_QUOTES


def test_an_answer_names_what_none_of_its_passages_speaks_of(segmenter: Segmenter) -> None:
    asked = Question.read("飞桨支持 Fortran 90 吗？", segmenter)
    found = sentence("飞桨支持分布式训练。", 0.9)
    reasons = replace(found.hit.reasons, matched=("飞桨", "支持"))
    hit = replace(found.hit, reasons=reasons)
    answer = compose(asked, [hit], [replace(found, hit=hit)], 1.0, top=5)
    assert answer.answered
    assert answer.message.endswith("请留意：这些段落没有提到“Fortran”、“90”。")
