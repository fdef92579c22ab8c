import json

import pytest

from assistant.answer import Quote
from assistant.render import citation, dump, excerpt, marked, report_text
from corpus.reading import Skipped
from index.store import Report


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


def test_an_excerpt_is_one_line_and_says_where_it_was_cut() -> None:
    assert excerpt("一\n二  三") == "一 二 三"
    assert excerpt("字" * 81) == "字" * 80 + "…"
    assert excerpt("字" * 80) == "字" * 80


def test_marks_stand_around_the_span() -> None:
    assert marked("深度学习", 1, 3, ("<", ">")) == "深<度学>习"
    assert marked("深度", 2, 2, ("<", ">")) == "深度<>"


def test_a_long_report_gives_numbers_instead_of_names_but_every_skipped_file() -> None:
    skipped = tuple(Skipped(f"{n}.png", "理由") for n in range(30))
    report = Report(tuple(f"{n}.md" for n in range(21)), ("变.md",), (), (), skipped, 22, 40)
    lines = report_text(report).splitlines()
    assert lines[:30] == [f"跳过 {n}.png：理由" for n in range(30)]
    assert lines[30:] == ["修改 变.md", "22 份文档：新增 21，修改 1，删除 0，未变 0，跳过 30。"]
