from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from corpus.finding import Skipped
from corpus.reading import parse, read
from tests.conftest import read_text


def test_marks_are_gone_and_the_words_stay(tmp_path: Path) -> None:
    source = (
        "# 标题 `代码`\n\n**粗** *斜* [链接](http://a.b/c) ![图名](p.png) `a*b` &amp; 1\\*2\n\n"
        "> 引文\n\n```python\nx = 1\n\ny = 2\n```\n\n<b>框</b>\n<!-- 注释\n注释 -->\n\n---\n\n终。  \n硬换行\n"
    )
    document = read_text(tmp_path, source)
    assert document.title == "标题 代码"
    assert document.text == "标题 代码\n粗 斜 链接 图名 a*b & 1*2\n引文\nx = 1\n\ny = 2\n框\n终。\n硬换行\n"


def test_tables_become_one_line_a_row_and_lists_one_line_an_item(tmp_path: Path) -> None:
    source = "| 名 | 年 |\n|---|:-:|\n| 甲 | **1999** |\n| 乙 | |\n\n- 一\n  - 二\n    1. 三\n\n1. 四\n2. 五\n"
    assert read_text(tmp_path, source).text == "名 | 年\n甲 | 1999\n乙 | \n一\n二\n三\n四\n五\n"


def test_lines_of_a_paragraph_are_joined_as_chinese_and_latin_want(tmp_path: Path) -> None:
    assert (
        read_text(tmp_path, "深度\n学习，\n框架\nPyTorch\n1.0 is\nout\n").text == "深度学习，框架 PyTorch 1.0 is out\n"
    )


def test_deeply_nested_lists_lose_nothing(tmp_path: Path) -> None:
    source = "".join(f"{'  ' * level}- 第{level}层\n" for level in range(40))
    assert read_text(tmp_path, source).text == "".join(f"第{level}层\n" for level in range(40))


FRONT = "---\ntitle: 名\naliases: [甲, 乙 丙]\nsource: 来源，http://a.b\ndate: 2019-03\n---\n正文。\n"


def test_front_matter_is_taken_out_once_and_kept_as_facts(tmp_path: Path) -> None:
    document = read_text(tmp_path, FRONT)
    assert (document.title, document.aliases) == ("名", ("甲", "乙 丙"))
    assert (document.source, document.date, document.text) == ("来源，http://a.b", "2019-03", "正文。\n")


@pytest.mark.parametrize(
    ("front", "title", "date"),
    [
        ("title: 1.10\ndate: 2019-02-30", "1.10", "2019-02-30"),  # no number and no calendar: text as written
        ('title: "多\\n行"\ndate: yes', "多 行", "yes"),
        ('title: "\\ud800甲"', "?甲", ""),
        ("title: [列表]\ndate: {a: b}", "a", ""),
        ("date: !!timestamp x", "a", "x"),
        ("x: &a [*a]", "a", ""),
        ("", "a", ""),
        ("title: ", "a", ""),
    ],
)
def test_odd_front_matter_is_taken_as_text_or_left_out(tmp_path: Path, front: str, title: str, date: str) -> None:
    document = read_text(tmp_path, f"---\n{front}\n---\n正文。\n")
    if front == "":  # nothing between the marks is no mapping: they stay Markdown's rules
        assert document.text == "正文。\n"
    assert (document.title, document.date) == (title, date)
    assert document.text.endswith("正文。\n")


@pytest.mark.parametrize("front", ["title: [不闭", "a: b: c", "- 只是\n- 列表", "\t", "title: " + "[" * 700, "@x"])
def test_broken_front_matter_stays_in_the_text(tmp_path: Path, front: str) -> None:
    document = read_text(tmp_path, f"---\n{front}\n---\n正文。\n")
    assert document.text.endswith("正文。\n")
    assert document.aliases == ()
    assert len(document.text) > len("正文。\n") or not front.strip()


def test_a_single_alias_needs_no_list(tmp_path: Path) -> None:
    assert read_text(tmp_path, "---\naliases: 甲\n---\n文。\n").aliases == ("甲",)


def test_front_matter_with_windows_line_ends_and_a_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf" + FRONT.replace("\n", "\r\n").encode())
    assert read([tmp_path]).documents[0].title == "名"


def test_headings_give_the_path_of_each_section(tmp_path: Path) -> None:
    source = "前言。\n\n# 甲\n\n一。\n\n### 深\n\n二。\n\n## 乙\n\n三。\n\n#\n\n丙\n===\n\n四。\n\n## 空\n\n# 末\n"
    document = read_text(tmp_path, source)
    assert [(s.path, document.text[s.start : s.end]) for s in document.sections] == [
        ((), "前言。\n"),
        (("甲",), "一。\n"),
        (("甲", "深"), "二。\n"),
        (("甲", "乙"), "三。\n"),
        (("丙",), "四。\n"),
    ]
    assert document.title == "甲"


def test_without_title_or_heading_the_file_name_is_the_title(tmp_path: Path) -> None:
    assert read_text(tmp_path, "## 小标题\n\n文。\n", "我的 文件.md").title == "我的 文件"
    assert read_text(tmp_path, "# 不是标题\n文。\n", "纯文本.txt").title == "纯文本"


LINE = st.sampled_from(
    [
        *(
            "# 甲",
            "## 乙 *b*",
            "### ",
            "正文。再来一句！",
            "- 项",
            "  - 深",
            "| a | b |",
            "|---|---|",
            "> 引",
            "```",
            "---",
        ),
        *("<p>", "", "", "1. 一", "\\# x", "a\tb", "***", "[x]: http://y", "&#x3c;", "=====", "Ａ"),
    ]
)


@given(st.lists(LINE | st.text("甲a#*`|-> \n", max_size=12), max_size=20))
def test_sections_lie_in_the_text_in_order_and_hold_all_but_the_headings(tmp_path_factory, lines: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "property.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = parse(path.read_bytes(), "property.md")
    if isinstance(found, Skipped):
        assert found.reason == "文件是空的"
        return
    assert isinstance(found, Document)
    place, headings = 0, []
    for section in found.sections:
        assert place <= section.start < section.end <= len(found.text)
        headings += found.text[place : section.start].split("\n")
        place = section.end
        assert all(name in headings for name in section.path)
    assert len(found.sections) <= len(lines) * 14 + 1


def test_a_chinese_footnote_is_not_taken_for_the_address_of_a_link(tmp_path: Path) -> None:
    path = tmp_path / "注.md"
    path.write_text("正文有脚注[^1]。\n\n[^1]: 脚注里的话不能丢。\n", encoding="utf-8")
    document = parse(path.read_bytes(), "注.md")
    assert isinstance(document, Document)
    assert document.text == "正文有脚注[^1]。\n[^1]: 脚注里的话不能丢。\n"
