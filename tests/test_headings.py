"""Headings without marks: found where they are, and nowhere else."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.formats.plain import read
from corpus.headings import outline

LONG = "青石桥建于明代，全长四十二米，是县里现存最老的石拱桥。"
MORE = "去年秋天，县文物所请来三位石匠，按原样换下了断裂的条石。"


def found(*lines: str) -> list[tuple[int, str]]:
    """Return the headings of a text with their levels."""
    return [(level, line) for line, level in zip(lines, outline(lines).levels, strict=True) if level]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("第一章 历史", "第二章 结构"),
        ("第1节 历史", "第2节 结构"),
        ("第一部分：历史", "第二部分：结构"),
        ("一、历史", "二、结构"),
        ("（一）历史", "（二）结构"),
        ("1. 历史", "2. 结构"),
        ("1、历史", "2、结构"),
        ("1 历史", "2 结构"),
        ("(1) 历史", "(2) 结构"),
        ("1）历史", "2）结构"),
        ("① 历史", "② 结构"),
        ("A. 历史", "B. 结构"),
        ("1.1 历史", "1.2 结构"),
        ("１．历史", "２．结构"),
        ("Q：历史有多长？", "Q：结构怎么样？"),
        ("1. 是木桥,还是石桥?", "2. 是拱桥,还是梁桥?"),
    ],
)
def test_numbered_lines_with_text_between_them_are_headings(first: str, second: str) -> None:
    assert found(LONG, first, LONG, second, MORE) == [(1, first), (1, second)]
    assert found(LONG, "", first, "", "短句", "", second, "", MORE) == [(1, first), (1, second)]


@pytest.mark.parametrize(
    "lines",
    [
        ["1. 拱桥", "2. 梁桥", "3. 汀步桥", LONG],
        ["1. 拱桥", "", "2. 梁桥", "", "13. 汀步桥", "", LONG],
        ["(1)拱桥,背后有三位石匠;", "(2)梁桥,背后有两位石匠;", "(3)汀步桥。", LONG],
        ["1. 先搭架子。", "架子要稳。", "2. 再换条石。", "条石要干。"],
        ["第一条 为了保护石桥，制定本办法。", LONG, "第二条 本办法自公布之日起施行。", MORE],
        ["A. 拱桥", "B. 梁桥", "C. 都不是", LONG],
        ["第一章 历史", "第二章 结构", "第三章 修补"],  # a table of contents
        ["3. 换条石", LONG, "1.5 米宽", MORE, "2019. 竣工", LONG],
        ["2019.3.5 开工", LONG, "10:30 休息", MORE],
    ],
)
def test_items_of_lists_laws_and_single_numbers_are_no_headings(lines: list[str]) -> None:
    assert found(LONG, *lines) == []


def test_levels_follow_the_nesting_of_this_text() -> None:
    assert found(
        *("第一章 桥", LONG, "一、历史", LONG, "1. 明代", MORE, "2. 清代", MORE, "二、结构", LONG),
        *("1. 桥面", MORE, "条石", LONG, "2. 桥墩", MORE, "第二章 人", LONG, "一、石匠", LONG, "二、村民", MORE),
    ) == [
        *((1, "第一章 桥"), (2, "一、历史"), (3, "1. 明代"), (3, "2. 清代"), (2, "二、结构")),
        *((3, "1. 桥面"), (4, "条石"), (3, "2. 桥墩"), (1, "第二章 人"), (2, "一、石匠"), (2, "二、村民")),
    ]


def test_decimal_numbers_nest_by_their_points() -> None:
    assert found(
        "1 桥", LONG, "1.1 历史", LONG, "1.1.1 明代", LONG, "1.1.2 清代", LONG, "1.2 结构", LONG, "2 人", LONG
    ) == [
        *((1, "1 桥"), (2, "1.1 历史"), (3, "1.1.1 明代"), (3, "1.1.2 清代"), (2, "1.2 结构"), (1, "2 人")),
    ]


def test_a_list_inside_a_section_does_not_end_the_count_outside() -> None:
    assert found(LONG, "1. 历史", LONG, "1. 明代", "2. 清代", "3. 民国", LONG, "2. 结构", MORE) == [
        (1, "1. 历史"),
        (1, "2. 结构"),
    ]


def test_an_unmarked_heading_before_numbers_that_never_begin_anew_is_not_above_them() -> None:
    assert found(LONG, "摘要", LONG, "一、历史", LONG, "二、结构", MORE) == [
        (1, "摘要"),
        (1, "一、历史"),
        (1, "二、结构"),
    ]
    assert found(LONG, "桥面", LONG, "1. 长", LONG, "2. 宽", MORE, "石匠", LONG, "1. 老", LONG, "2. 少", MORE) == [
        *((1, "桥面"), (2, "1. 长"), (2, "2. 宽"), (1, "石匠"), (2, "1. 老"), (2, "2. 少")),
    ]


def test_a_short_line_between_paragraphs_or_after_a_block_is_a_heading() -> None:
    assert found(LONG, "桥的历史", MORE) == [(1, "桥的历史")]
    assert found(LONG, "", "桥的种类", "", "1. 拱桥", "2. 梁桥", "3. 汀步桥", "", MORE) == [(1, "桥的种类")]
    assert found("拱桥 | 三", "梁桥 | 二", "", "桥的历史", "", MORE)[-1:] == [(1, "桥的历史")]


def test_a_table_of_contents_tells_the_headings_and_is_none() -> None:
    contents = ["目录", "1 历史", "▪ 明代", "2 结构"]
    body = ["历史", "明代", "明代建桥。", "条石 | 三", "结构", "三孔"]
    assert found(LONG, *contents, *body) == [(1, "历史"), (1, "明代"), (1, "结构")]
    assert found(LONG, *contents[:2], LONG, "历史") == []  # one line that stands again is no table


def test_versions_above_what_changed_are_headings() -> None:
    assert found(LONG, "3.2.1", "2024-02-19", "- 修复导出", "v3.2.0", "2024-02-01", "- 新增面板") == [
        (1, "3.2.1"),
        (1, "v3.2.0"),
    ]
    assert found(LONG, "3.2.1", "3.2.0", "3.1.9") == []
    assert found("梨", "3.5", "苹果", "4.2") == []


def test_a_heading_may_stand_beside_a_table_or_above_a_listing() -> None:
    assert found(LONG, "花了多少钱", "链条\t18", "飞轮\t22", "上路", MORE) == [(1, "花了多少钱"), (1, "上路")]
    assert found(LONG, "定时备份", "在配置文件中加入下面的内容：", "keep: 14") == [(1, "定时备份")]


def test_a_line_alone_above_questions_is_a_heading_and_a_short_answer_is_none() -> None:
    assert found(
        "青石桥问答", "", "借用", "", "问：谁可以借？", "答：都可以。", "", "归还", "", "问：晚上呢？", "答：能。"
    ) == [
        *((1, "青石桥问答"), (2, "借用"), (3, "问：谁可以借？"), (2, "归还"), (3, "问：晚上呢？")),
    ]
    assert found("问：谁可以借？", "", "都可以", "", "问：晚上呢？", "", "能") == [
        (1, "问：谁可以借？"),
        (1, "问：晚上呢？"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "桥的历史：",
        "桥的历史，",
        "他问：“真的吗？”",
        "真的吗？",
        "作者：李明",
        "2019-03-05",
        "10:22",
        "张三 10:22",
        "a.png",
        "甲 | 乙",
        "42",
        "……",
    ],
)
def test_other_short_lines_between_paragraphs_are_none(line: str) -> None:
    assert found(LONG, line, MORE) == []


@pytest.mark.parametrize(
    "lines",
    [
        ["静夜思", "李白", "", "床前明月光，", "疑是地上霜。", "举头望明月，", "低头思故乡。"],
        ["“你来了？”", "“来了。”", "他坐下来，把帽子放在桌上，半天没有说话。", "“喝茶吗？”", LONG],
        ["张三 10:22", LONG, "李四 10:23", "收到", "张三 10:24", MORE],
        ["主持人", LONG, "石匠", MORE, "主持人", LONG, "石匠", MORE],
        ["主持人：请坐。", "石匠：好。", LONG],
        ["名单", "张三", "李四", "王五", "赵六", "", LONG],
        [LONG, MORE, LONG, MORE],
        ["尊敬的读者：", LONG, MORE, "县文物所", "2019年3月5日"],
    ],
    ids=["poem", "dialogue", "chat", "transcript", "play", "names", "news", "letter"],
)
def test_texts_without_headings_get_none(lines: list[str]) -> None:
    assert found(*lines) == []
    assert outline(lines).title == ""


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["青石桥的历史", LONG], "青石桥的历史"),
        (["青石桥三百年：长四十二米，宽五米", "", "李明", "2019年3月", "", LONG], "青石桥三百年：长四十二米，宽五米"),
        (["谁来修桥？", "一、石匠", LONG, "二、村民", MORE], "谁来修桥？"),
        (["青石桥的历史"], ""),
        (["青石桥的历史", "李明", "王一", "赵六", LONG], ""),
        (["一、历史", LONG, "二、结构", MORE], ""),
        (["作者：李明", LONG], ""),
        ([], ""),
    ],
)
def test_a_line_alone_at_the_top_is_the_title(lines: list[str], title: str) -> None:
    assert outline(lines).title == title
    if title:
        assert outline(lines).levels[0] == 1
        assert all(level != 1 for level in outline(lines).levels[1:])


def test_a_text_gets_its_title_and_sections_and_stays_as_written() -> None:
    text = f"青石桥\n\n{LONG}\n\n 一、 历史\n\n{LONG}\n  {MORE}\n\n二、结构\n{MORE}"
    document = read(text.encode()).document("桥.txt", named="桥")
    assert document.text == text
    assert document.title == "青石桥"
    assert [(part.path, text[part.start : part.end]) for part in document.sections] == [
        (("青石桥",), f"\n{LONG}\n\n"),
        (("青石桥", "一、 历史"), f"\n{LONG}\n  {MORE}\n\n"),
        (("青石桥", "二、结构"), MORE),
    ]


LINE = st.sampled_from(
    [LONG, "短句", "一、历史", "二、结构", "1. 长", "2. 宽", "1.1 高", "（一）甲", "第三章", "Q：何？", "", "答：是。"]
)


@given(st.lists(LINE | st.text("第章一二十百千两零〇（）()①⑳A.、１1 Q问：?\n", max_size=8), max_size=30))
def test_any_lines_give_levels_that_begin_at_one_and_deepen_by_one(lines: list[str]) -> None:
    result = outline(lines)
    assert len(result.levels) == len(lines)
    deepest = 0
    for line, level in zip(lines, result.levels, strict=True):
        assert not level or (line.strip() and level <= deepest + 1)
        deepest = level or deepest


@pytest.mark.parametrize("line", ["1. 项", "A. 项", "第一章", "问：好？", "短行", "1.1 项"])
def test_many_lines_take_linear_time(line: str) -> None:
    began = time.perf_counter()
    outline([line] * 100_000)
    outline([line * 100_000])
    assert time.perf_counter() - began < 5
