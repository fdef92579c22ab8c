import json

import pytest

from assistant.answering.answer import Answer, Quote
from assistant.render import BOLD, answer_json, answer_text, citation, dump, excerpt, marked, report_text
from assistant.understanding.kind import Kind
from corpus.finding import Skipped
from index.report import Report


@pytest.mark.parametrize("text", ["深度", "\u2028\u2029\x85\n\r", "\ud800", "😀", '"\\', "\x00\x1b"])
def test_json_is_one_line_of_ascii_that_gives_the_text_back(text: str) -> None:
    line = dump({"text": text})
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == {"text": text}


def test_a_citation_names_title_headings_date_document_and_place() -> None:
    quote = Quote("文", "子/a.md", "题", "源", "2019-03", ("题", "节", "小节"), 3, 4, 0.5)
    assert citation(quote) == "题 › 节 › 小节（资料截至 2019-03） 子/a.md 3:4"
    assert citation(Quote("文", "a.txt", "题", "", "", (), 0, 1, 0.5)) == "题 a.txt 0:1"


ANSWER = Answer(
    question="龙泉窑位于哪里？",
    understood="龙泉窑位于哪里？",
    kind=Kind.WHERE,
    answered=True,
    confidence=0.9,
    quotes=(Quote("龙泉窑位于浙江省。", "a.md", "题", "", "", (), 7, 16, 0.5, (12, 15)),),
    message="",
    candidates=(Quote("龙泉窑很有名。", "a.md", "题", "", "", (), 0, 7, 0.4),),
    hits=(),
)


def test_json_gives_the_span_that_answers_as_offsets_in_the_document_or_null() -> None:
    answer = json.loads(answer_json(ANSWER))
    (quote,), (candidate,) = answer["quotes"], answer["candidates"]
    assert quote["answer_span"] == [12, 15]
    start, end = (place - quote["start"] for place in quote["answer_span"])
    assert quote["text"][start:end] == "浙江省"
    assert candidate["answer_span"] is None
    assert answer["text"] == "龙泉窑位于浙江省。"


def test_marks_go_around_what_answers_and_are_absent_by_default() -> None:
    plain = answer_text(ANSWER)
    assert plain.startswith("龙泉窑位于浙江省。 [1]\n")
    assert answer_text(ANSWER, marks=BOLD) == plain.replace("浙江省", "\x1b[1m浙江省\x1b[22m")


def test_an_excerpt_is_one_line_and_says_where_it_was_cut() -> None:
    assert excerpt("一\n二  三") == "一 二 三"
    assert excerpt("字" * 81) == "字" * 80 + "…"
    assert excerpt("字" * 80) == "字" * 80


def test_marks_stand_around_the_span() -> None:
    assert marked("深度学习", 1, 3, ("<", ">")) == "深<度学>习"
    assert marked("深度", 2, 2, ("<", ">")) == "深度<>"


def test_a_long_report_gives_numbers_instead_of_names_but_every_skipped_file() -> None:
    skipped = tuple(Skipped(f"{n}.png", "理由") for n in range(30))
    report = Report(tuple(f"{n}.md" for n in range(21)), ("变.md",), (("旧.md", "改.md"),), (), (), skipped, 23, 40)
    lines = report_text(report).splitlines()
    assert lines[:30] == [f"跳过 {n}.png：理由" for n in range(30)]
    assert lines[30:] == [
        "修改 变.md",
        "改名 旧.md → 改.md",
        "23 份文档：新增 21，修改 1，改名 1，删除 0，未变 0，跳过 30。",
    ]
