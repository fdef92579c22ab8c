"""Answers, suggestions and panels as HTML, in which nothing that others wrote is more than text."""

import hashlib
import html
import re
from dataclasses import replace
from urllib.parse import quote as percent

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answer import Row, Table
from assistant.ranking.ranking import Elsewhere
from assistant.understanding.spelling import Correction, Reason
from assistant.web.html import literal
from assistant.web.page import markup
from corpus.messages import speaking
from tests.browsing import MARKS, SIGNS, Shown
from tests.staging import answer, explained, quote


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_literal_text_holds_no_mark_of_any_markup_and_reads_back_the_same(text):
    made = literal(text)
    assert html.unescape(re.sub(r"&#13;", "\r", made)).replace("\r", "") == _as_html_reads(text)
    assert not set(re.sub(r"&#[0-9]+;", "", made)) & set("<>&\"'*_`$\\[](){}#!~|\n")


def _as_html_reads(text):
    """Return the text with the control characters that HTML has no reference for as html.unescape gives them."""
    return "".join(html.unescape(f"&#{ord(c)};") if c.isascii() else c for c in text).replace("\r", "")


def test_lone_surrogates_do_not_break_the_page():
    assert literal("a\ud800b") == "a&#63;b"


def test_an_answer_shows_quote_citation_date_and_confidence_in_words():
    shown = markup.answer_html(answer())
    assert "甲是乙。" in Shown(shown).text
    assert "资料截至 2021-05" in Shown(shown).text
    assert "确定" in Shown(shown).text and "90" not in Shown(shown).text
    assert "90" in html.unescape(shown)
    checksum = hashlib.sha256("甲是乙。".encode()).hexdigest()[:16]
    assert Shown(shown).links[0] == f"read/{percent('夹/甲 #1?.md')}?at=3-7&sha={checksum}#mark"
    assert "可能" in Shown(markup.answer_html(answer(confidence=0.6))).text


def test_a_citation_opens_the_document_of_its_collection():
    shown = Shown(markup.answer_html(answer(), collection="甲&乙"))
    assert all("&collection=%E7%94%B2%26%E4%B9%99#mark" in link for link in shown.links) and len(shown.links) == 2


def test_the_head_offers_the_other_language_in_its_own_words():
    for spoken, other, name in (("zh", "en", "English"), ("en", "zh", "中文")):
        with speaking(spoken):
            shown = markup.heading_html(2, 3)
        assert f'value="{other}"' in shown and name in Shown(shown).text


def test_who_has_an_account_may_leave():
    assert Shown(markup.heading_html(2, 3)).links == []
    shown = Shown(markup.heading_html(2, 3, account=MARKS))
    assert shown.links == ["logout"] and f"退出 {MARKS}" in shown.text


def test_a_citation_tells_the_page_and_where_else_the_words_stand():
    one = replace(quote(), page=3, also=(Elsewhere("另/乙 #2.pdf", "乙<i>", 13, 17),))
    shown = Shown(markup.answer_html(answer(quotes=(one,))))
    assert "甲 › 乙 › 第 3 页" in shown.text
    assert "同文亦见：乙<i>（另/乙 #2.pdf）" in shown.text
    checksum = hashlib.sha256("甲是乙。".encode()).hexdigest()[:16]
    assert shown.links[-1] == f"read/{percent('另/乙 #2.pdf')}?at=13-17&sha={checksum}#mark"


def _strong(text):
    """Return what is strong in a piece of HTML, its text, and its tags."""
    shown = Shown(text.replace("strong>", "mark>"))
    return shown.marked, shown.text, set(shown.tags)


def test_what_answers_is_strong_inside_its_quote_and_nothing_is_where_nothing_does():
    shown = markup.answer_html(answer(quotes=(quote(answers=(5, 6)),)))
    assert '<span class="words">甲是<strong>乙</strong>。</span>' in shown
    assert "strong" not in Shown(markup.answer_html(answer())).tags


@given(st.data())
def test_a_hostile_quote_is_text_before_inside_and_behind_the_span(data):
    pieces = st.sampled_from(["甲", "。", "<script>x()</script>", "<b>", "&lt;", '"', "'", "`", "**", "\n"])
    text = "".join(data.draw(st.lists(pieces, min_size=1)))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = markup.answer_html(answer(quotes=(quote(text, answers=(3 + start, 3 + end)),)))
    strong, seen, tags = _strong(shown.partition('<ul class="sources">')[0])
    assert strong == text[start:end]
    assert seen.startswith(text)
    assert tags <= {"div", "p", "span", "a", "mark"}


def _values(text):
    """Return the question of each button in a piece of HTML."""
    return [html.unescape(value) for value in re.findall(r'<button [^>]*value="([^"]*)"', text)]


def test_an_answer_says_how_the_question_was_understood_only_where_it_was_mended_or_completed():
    assert "理解为" not in Shown(markup.answer_html(answer(question="请问  甲？"))).text
    completed = markup.answer_html(answer(understood="乙的甲？", completed=True))
    assert "理解为：乙的甲？" in Shown(completed).text and "按原话问" in Shown(completed).text
    assert _values(completed) == ["甲？"]
    mended = markup.answer_html(answer(corrections=(Correction("钾", "甲", Reason.SOUND),)))
    assert "“钾” → “甲”" in Shown(mended).text


def test_what_is_said_about_the_quotes_stands_before_them():
    assert re.search("^是。.*甲是乙。", Shown(markup.answer_html(answer(message="是。"))).text)


def _compared(aspect="釉色", names=("甲", "乙")):
    quotes = tuple(quote(text) for text in ("合说。", "甲一。", "甲二。", "乙一。"))
    return answer(quotes=quotes, table=Table(names, (Row(aspect, ((1, 2), (3,))), Row("产地", ((), (3,))))))


def test_a_comparison_is_a_table_of_quotes_and_the_others_stand_above_it():
    shown = markup.answer_html(_compared())
    above, table = re.search("(.*)<table>(.*)</table>", shown).groups()
    assert "合说。" in above and "甲一。" not in above and "合说。" not in table
    assert re.findall('<th scope="col">(.*?)</th>', table) == ["方面", "甲", "乙"]
    assert re.findall('<th scope="row">(.*?)</th>', table) == ["釉色", "产地"]
    cells = [Shown(cell).text.replace("\u2060", "") for cell in re.findall("<td>(.*?)</td>", table)]
    assert cells == ["甲甲一。2甲二。3", "乙乙一。4", "甲（没有找到）", "乙乙一。4"]
    assert "<caption>甲、乙 的比较</caption>" in table


def test_suggestions_are_buttons_that_hold_their_questions_and_nothing_stands_for_none():
    assert markup.suggestions_html(()) == ""
    shown = markup.suggestions_html(("甲是什么？", "乙呢？"))
    assert _values(shown) == ["甲是什么？", "乙呢？"]
    assert Shown(shown).text == "还可以问：甲是什么？乙呢？"


def test_why_a_sentence_was_chosen_stands_below_the_answer_and_is_closed():
    shown = markup.answer_html(explained())
    (details,) = re.findall("<details[^>]*>.*</details>", shown)
    assert details.startswith('<details class="foot"><summary>') and "为什么是这句" in details
    assert "<li>初选的得分：0&#46;50（对数几率 &#43;0&#46;25）</li>" in details
    assert not {"details", "summary"} & set(Shown(markup.answer_html(answer())).tags)


def test_everything_that_was_not_written_by_us_is_inert():
    tags = {"div", "p", "span", "a", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "button"}
    texts = [
        markup.answer_html(_compared(MARKS + SIGNS, (MARKS + SIGNS, "乙"))),
        markup.answer_html(answer(question=MARKS + SIGNS, understood=MARKS + SIGNS, completed=True)),
        markup.answer_html(answer(corrections=(Correction(MARKS + SIGNS, '"><b>', Reason.TYPO),))),
        markup.answer_html(explained(MARKS + SIGNS)),
        markup.suggestions_html([MARKS + SIGNS]),
        markup.hello_html([MARKS + SIGNS]),
    ]
    for text in texts:
        assert set(Shown(text).tags) <= tags | {"details", "summary"}
        assert not any(link.startswith("javascript") for link in Shown(text).links)
        assert not set(re.sub(r"&#[0-9]+;|<[^<>]*>", "", text)) & set("<>*_`$\\[]{}~")
    assert MARKS + SIGNS in Shown(texts[0]).text
    assert _values(texts[4]) == [MARKS + SIGNS]
