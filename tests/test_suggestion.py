from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering.suggestion import MOST, SURE
from tests.conftest import asking

FILES = {
    "whale.md": "# 蓝鲸\n\n蓝鲸是世界上最大的动物，属于哺乳动物。\n\n"
    "## 食物\n\n蓝鲸主要吃磷虾，一天能吃掉四吨磷虾。\n\n"
    "## 分布与数量\n\n蓝鲸分布在各大洋，目前全世界约有一万头。\n\n"
    "## 与座头鲸的关系\n\n蓝鲸和座头鲸都属于须鲸科，是近亲。\n",
    "krill.md": "# 磷虾\n\n磷虾是一种生活在海里的小型甲壳动物，是许多动物的食物。\n",
    "apple.md": "# 苹果\n\n苹果是蔷薇科的果树，果实富含维生素。\n",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Assistant]:
    with asking(tmp_path_factory.mktemp("suggestions"), FILES, cache) as opened:
        yield opened


def test_suggestions_ask_for_other_sections_and_for_what_the_quotes_name(assistant: Assistant) -> None:
    answer = assistant.suggest(assistant.ask("蓝鲸吃什么"))
    assert any("磷虾" in quote.text for quote in answer.quotes)
    assert "磷虾是什么？" in answer.suggestions
    assert set(answer.suggestions) & {"蓝鲸的分布是什么？", "蓝鲸 和 座头鲸 是什么关系？"}
    assert not any("苹果" in question for question in answer.suggestions)


def test_every_suggestion_is_answered_by_other_words_than_those_shown(assistant: Assistant) -> None:
    answer = assistant.suggest(assistant.ask("蓝鲸吃什么"))
    assert 1 <= len(answer.suggestions) <= MOST
    firsts = [assistant.ask(question).quotes[0] for question in answer.suggestions]
    places = {(quote.document, quote.start) for quote in firsts}
    assert len(places) == len(firsts)
    assert not places & {(quote.document, quote.start) for quote in answer.quotes}
    assert all(assistant.ask(question).confidence >= SURE for question in answer.suggestions)


def test_what_was_asked_is_not_suggested_again(assistant: Assistant) -> None:
    answer = assistant.ask("蓝鲸吃什么")
    first = assistant.suggest(answer).suggestions[0]
    assert first not in assistant.suggest(answer, [first.replace("？", " ?")]).suggestions


def test_a_question_without_any_passage_has_no_suggestions(assistant: Assistant) -> None:
    assert assistant.suggest(assistant.ask("？？")).suggestions == ()
