import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from assistant.answering.answer import Answer
from assistant.answering.listing import blocks, members
from assistant.assistant import Assistant
from assistant.render import answer_json, answer_text
from assistant.understanding.kind import Kind
from corpus.words import Segmenter
from index.embedding import StaticModel
from index.store import Store
from tests.conftest import build_index, write_files

Ask = Callable[[Mapping[str, str], str], Answer]


@pytest.fixture
def ask(tmp_path: Path, segmenter: Segmenter, static_model: StaticModel) -> Ask:
    """Ask documents that a test writes; every question is answered, however unsure the answer is."""

    def answer(files: Mapping[str, str], question: str) -> Answer:
        build_index(tmp_path / "an.index", write_files(tmp_path / "files", files), segmenter, static_model)
        assistant = Assistant(Store(tmp_path / "an.index").open(segmenter, static_model), segmenter, threshold=0.0)
        try:
            found = assistant.ask(question)
            texts = {quote.document: assistant.document(quote.document).text for quote in found.quotes}
        finally:
            assistant.close()
        assert all(texts[quote.document][quote.start : quote.end] == quote.text for quote in found.quotes)
        assert found.text == "\n".join(quote.text for quote in found.quotes)
        return found

    return answer


def quoted(answer: Answer) -> list[str]:
    return [quote.text for quote in answer.quotes]


OOLONG = "# 乌龙茶\n\n乌龙茶是半发酵茶。乌龙茶产于福建，茶汤呈金黄色。乌龙茶于 1725 年前后出现。\n"
PUER = "# 普洱茶\n\n普洱茶是后发酵茶。普洱茶产于云南，茶汤呈红褐色。普洱茶的名字来自普洱府。\n"
KILN = "# 龙泉窑\n\n龙泉窑位于浙江省龙泉市。\n"
TEAS = {"乌龙.md": OOLONG, "普洱.md": PUER, "窑.md": KILN}


# -- relation


def test_a_relation_shows_a_sentence_that_holds_both_things(ask: Ask) -> None:
    files = {**TEAS, "史.md": "# 茶史\n\n茶叶有六大类。红茶是从乌龙茶演变而来的。红茶出口到欧洲。\n"}
    answer = ask(files, "红茶和乌龙茶是什么关系？")
    assert answer.kind is Kind.RELATION
    assert quoted(answer) == ["红茶是从乌龙茶演变而来的。"]
    assert "同时说到" not in answer.message


def test_a_thing_that_only_the_title_names_counts_as_held(ask: Ask) -> None:
    files = {**TEAS, "红.md": "# 红茶\n\n它由乌龙茶演变而来。它的茶汤是红色的。\n"}
    assert quoted(ask(files, "红茶和乌龙茶是什么关系？")) == ["它由乌龙茶演变而来。"]


def test_without_a_sentence_that_holds_both_one_of_each_is_shown_and_it_is_said(ask: Ask) -> None:
    answer = ask(TEAS, "普洱茶和龙泉窑是什么关系？")
    assert [quote.document for quote in answer.quotes] == ["普洱.md", "窑.md"]
    assert answer.message == "没有找到同时说到“普洱茶”和“龙泉窑”的句子，下面各引一句。"


# -- comparison


def test_a_comparison_is_a_table_whose_cells_cite_the_document_of_their_column(ask: Ask) -> None:
    answer = ask(TEAS, "乌龙茶和普洱茶有什么区别？")
    assert answer.kind is Kind.COMPARISON
    assert answer.table
    assert answer.table.columns == ("乌龙茶", "普洱茶")
    assert len(answer.table.rows) >= 2
    for row in answer.table.rows:
        assert [answer.quotes[place].document for cell in row.cells for place in cell] == ["乌龙.md", "普洱.md"]
        assert row.aspect in answer.text
    pairs = [tuple(answer.quotes[place].text for cell in row.cells for place in cell) for row in answer.table.rows]
    assert ("乌龙茶产于福建，茶汤呈金黄色。", "普洱茶产于云南，茶汤呈红褐色。") in pairs
    assert len({row.aspect for row in answer.table.rows}) == len(answer.table.rows)


def test_what_sets_two_things_apart_in_one_sentence_stands_above_the_table(ask: Ask) -> None:
    contrast = "乌龙茶是半发酵的，而普洱茶是后发酵的。"
    answer = ask({**TEAS, "史.md": f"# 茶史\n\n茶叶有六大类。{contrast}\n"}, "乌龙茶和普洱茶有什么区别？")
    assert quoted(answer)[0] == contrast
    assert answer.table
    assert 0 not in {place for row in answer.table.rows for cell in row.cells for place in cell}


def test_where_one_attribute_is_asked_for_the_only_row_is_about_it(ask: Ask) -> None:
    answer = ask(TEAS, "乌龙茶和普洱茶的茶汤有什么区别？")
    assert answer.table
    assert [row.aspect for row in answer.table.rows] == ["茶汤"]
    assert quoted(answer) == ["乌龙茶产于福建，茶汤呈金黄色。", "普洱茶产于云南，茶汤呈红褐色。"]


def test_which_is_older_is_told_by_dates(ask: Ask) -> None:
    files = {
        "红.md": "# 红茶\n\n红茶香气浓。红茶在 1610 年传入荷兰。红茶要用沸水泡。\n",
        "绿.md": "# 绿茶\n\n绿茶味道清。绿茶在 780 年写进了茶书。绿茶要用温水泡。\n",
    }
    answer = ask(files, "红茶和绿茶哪个更早？")
    assert quoted(answer) == ["红茶在 1610 年传入荷兰。", "绿茶在 780 年写进了茶书。"]
    assert answer.table


def test_where_nothing_can_be_paired_the_best_of_each_is_shown_and_it_is_said(ask: Ask) -> None:
    files = {"红.md": "# 红茶\n\n红茶香气浓。\n", "窑.md": KILN}
    answer = ask(files, "红茶和龙泉窑有什么区别？")
    assert answer.table is None
    assert quoted(answer) == ["红茶香气浓。", "龙泉窑位于浙江省龙泉市。"]
    assert answer.message.startswith("没有找到可以逐项对照的说法")


def test_a_table_is_shown_in_the_terminal_and_in_json_with_the_numbers_of_its_quotes(ask: Ask) -> None:
    answer = ask(TEAS, "乌龙茶和普洱茶的茶汤有什么区别？")
    lines = answer_text(answer).splitlines()
    at = lines.index("【茶汤】")
    assert lines[at + 1 : at + 3] == [
        "  乌龙茶：乌龙茶产于福建，茶汤呈金黄色。 [1]",
        "  普洱茶：普洱茶产于云南，茶汤呈红褐色。 [2]",
    ]
    table = json.loads(answer_json(answer))["table"]
    assert table == {"columns": ["乌龙茶", "普洱茶"], "rows": [{"aspect": "茶汤", "cells": [[0], [1]]}]}
    assert json.loads(answer_json(ask(TEAS, "龙泉窑位于哪里？")))["table"] is None


# -- list


def test_a_list_question_shows_the_sentence_that_enumerates_alone(ask: Ask) -> None:
    text = "# 茶\n\n茶叶分为许多种类，各地叫法不同。茶叶的种类有绿茶、红茶、乌龙茶和黑茶。茶叶的种类要看发酵程度。\n"
    answer = ask({"茶.md": text, "窑.md": KILN}, "茶叶有哪些种类？")
    assert answer.kind is Kind.LIST
    assert quoted(answer) == ["茶叶的种类有绿茶、红茶、乌龙茶和黑茶。"]


def test_a_markdown_list_is_one_quote_from_its_lead_to_its_last_item(ask: Ask) -> None:
    items = [f"第{number}号窑址，出土了大量瓷片和窑具，保存得十分完整" for number in "一二三四五六"]
    text = (
        "# 龙泉窑\n\n龙泉窑烧青瓷。\n\n龙泉窑的窑址有：\n\n"
        + "".join(f"- {item}\n" for item in items)
        + "\n它很有名。\n"
    )
    answer = ask({"窑.md": text, "茶.md": OOLONG}, "龙泉窑有哪些窑址？")
    assert quoted(answer) == ["\n".join(["龙泉窑的窑址有：", *items])]


def test_members_that_stand_in_several_documents_are_all_cited(ask: Ask) -> None:
    files = {f"{name}.md": f"# {name}\n\n{name}支持夜间充电。{name}很受欢迎。\n" for name in ("甲车", "乙车", "丙车")}
    answer = ask({**files, "窑.md": KILN}, "有哪些车支持夜间充电？")
    assert sorted(quoted(answer)) == ["丙车支持夜间充电。", "乙车支持夜间充电。", "甲车支持夜间充电。"]
    assert {quote.document for quote in answer.quotes} == set(files)


def test_a_list_of_those_that_do_not_is_not_answered_with_those_that_do(ask: Ask) -> None:
    does, does_not = "支持夜间充电的车有甲车、乙车和丙车。", "不支持夜间充电的车有丁车、戊车和己车。"
    files = {"车.md": f"# 充电\n\n{does}{does_not}\n", "窑.md": KILN}
    assert quoted(ask(files, "哪些车不支持夜间充电？"))[0] == does_not
    assert quoted(ask(files, "哪些车支持夜间充电？"))[0] == does


def test_points_are_told_by_the_heading_above_them(ask: Ask) -> None:
    faults, history = "甲车的充电口太小。它的座椅偏硬。", "甲车在各地有工厂、商店和学校。"
    text = f"# 甲车\n\n甲车很受欢迎。\n\n## 缺点\n\n{faults}\n\n## 历史\n\n{history}\n"
    assert quoted(ask({"甲.md": text, "窑.md": KILN}, "甲车有哪些缺点？")) == ["甲车的充电口太小。", "它的座椅偏硬。"]


def test_members_are_what_a_sentence_enumerates() -> None:
    assert members("茶叶的种类有绿茶、红茶和黑茶等。") == ("绿茶", "红茶", "黑茶")
    assert members("它可以同 Hadoop 和 Spark 集成。") == ("hadoop", "spark 集成")
    assert members("窑址有：\n一号\n二号") == ("一号", "二号")
    assert members("龙泉窑烧青瓷。") == ()


def test_a_list_ends_where_the_lines_are_no_longer_alike() -> None:
    text = "窑址有：\n一号\n二号\n后来又发现了几处。\n\n别的。"
    assert [text[start:end] for start, end in blocks(text)] == ["窑址有：\n一号\n二号"]
    assert blocks("窑址有：\n一号。") == []


# -- yes or no


CHARGING = "# 甲车\n\n甲车很受欢迎。{}甲车的充电口在车头。\n"


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("甲车支持夜间充电。", "是，见 [1]。"),
        ("甲车不支持夜间充电。", "否，见 [1]。"),
        ("它不支持夜间充电。", "否，见 [1]。"),
        ("甲车可能支持夜间充电。", ""),
        ("甲车将支持夜间充电。", ""),
    ],
)
def test_yes_or_no_is_said_only_where_the_deciding_sentence_says_so(ask: Ask, said: str, begins: str) -> None:
    answer = ask({"甲.md": CHARGING.format(said), "窑.md": KILN}, "甲车支持夜间充电吗？")
    assert answer.kind is Kind.YES_NO
    assert quoted(answer)[0] == said
    assert answer.message == begins


def test_documents_that_disagree_are_both_shown_without_yes_or_no(ask: Ask) -> None:
    files = {"甲.md": CHARGING.format("甲车支持夜间充电。"), "报.md": "# 报道\n\n甲车不支持夜间充电。\n"}
    answer = ask(files, "甲车支持夜间充电吗？")
    assert {quote.document for quote in answer.quotes} == {"甲.md", "报.md"}
    assert not answer.message.startswith(("是", "否"))


# -- definition and facts


def test_what_a_thing_is_comes_before_what_happened_to_it(ask: Ask) -> None:
    text = "# 龙泉窑\n\n1957 年，龙泉窑恢复了生产。龙泉窑是宋代的一座名窑。后来龙泉窑的技艺列入了名录。\n"
    answer = ask({"窑.md": text, "茶.md": OOLONG}, "龙泉窑是什么？")
    assert quoted(answer)[0] == "龙泉窑是宋代的一座名窑。"


def test_a_fact_is_shown_without_sentences_that_have_none(ask: Ask) -> None:
    text = "# 龙泉窑\n\n龙泉窑的恢复很受关注。龙泉窑在 1957 年恢复生产。恢复生产的龙泉窑烧青瓷。\n"
    answer = ask({"窑.md": text, "茶.md": OOLONG}, "龙泉窑是哪一年恢复生产的？")
    assert quoted(answer) == ["龙泉窑在 1957 年恢复生产。"]


def test_a_sentence_about_something_else_gives_way_to_one_that_names_what_is_asked_about(ask: Ask) -> None:
    files = {"窑.md": KILN, "茶.md": "# 福鼎白茶\n\n福鼎白茶的产地位于哪里很有名，位于福建省福鼎市。\n"}
    assert [quote.document for quote in ask(files, "龙泉窑位于哪里？").quotes] == ["窑.md"]


def test_things_in_a_long_enumeration_are_compared_at_once(ask: Ask) -> None:
    long = "果汁店卖豆浆、(30 fruits)，也卖咖啡。豆浆比咖啡便宜。" + "豆浆" + "、果汁" * 40 + "和咖啡都卖。"
    answer = ask({"a.md": f"# 果汁店\n\n{long}\n"}, "豆浆和咖啡有什么区别")  # backtracking would never end
    assert answer.kind == "comparison"


def test_the_row_of_a_table_that_answers_best_is_quoted(ask: Ask) -> None:
    table = "| 类型 | 册数 | 借期 |\n|---|---|---|\n| 普通证 | 10 册 | 30 天 |\n| 学者证 | 25 册 | 90 天 |\n"
    text = f"# 借阅\n\n读者凭读者证借书，不同类型的读者证可借册数和期限不同，见下表。\n\n{table}\n图书可以续借一次。\n"
    assert "学者证 | 25 册 | 90 天" in quoted(ask({"规定.md": text}, "学者证可以借几册书"))
