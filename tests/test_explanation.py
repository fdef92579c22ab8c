from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.ranking.features import ALL
from assistant.render import explanation_lines
from tests.conftest import asking

FILES = {
    "vim.md": "# Vim\n\nVim 是布拉姆·莫勒纳尔开发的文本编辑器。Vim 于 1991 年首次发布。Vim 可以用插件扩展功能。\n",
    "nano.md": "# nano\n\nnano 是一个简单的文本编辑器。nano 由 Chris Allegretta 编写，于 1999 年发布。\n",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Assistant]:
    with asking(tmp_path_factory.mktemp("explanation"), FILES, cache) as opened:
        yield opened


def test_an_explanation_tells_how_the_question_was_read(assistant: Assistant) -> None:
    answer = assistant.ask("Vim 是什么时候发布的", explained=True)
    found = answer.explanation
    assert found is not None
    assert (found.kind, found.subjects) == ("when", ("vim",))
    assert [(word.text, str(word.origin), word.least) for word in found.words if word.text in {"Vim", "的"}] == [
        ("Vim", "latin", 1),
        ("的", "stop", 2),
    ]
    text = "\n".join(explanation_lines(answer))
    assert "问的是：什么时候" in text
    assert "推出" in text  # a synonym of 发布 that was searched for too
    assert "段落 1：Vim" in text


def test_the_strongest_features_are_real_ones_and_come_in_order(assistant: Assistant) -> None:
    found = assistant.ask("Vim 是什么时候发布的", explained=True).explanation
    assert found is not None
    assert found.reasons
    assert {reason.feature for reason in found.reasons} <= set(ALL)
    odds = [reason.odds for reason in found.reasons]
    assert odds == sorted(odds, reverse=True)
    assert min(odds) > 0


def test_a_correction_is_told_with_its_reason(assistant: Assistant) -> None:
    answer = assistant.ask("nnao 是谁写的", explained=True)
    assert answer.understood == "nano 是谁写的"
    assert "“nnao”当作“nano”（拼写）" in "\n".join(explanation_lines(answer))


def test_nobody_asked_nothing_explained(assistant: Assistant) -> None:
    answer = assistant.ask("Vim 是什么时候发布的")
    assert answer.explanation is None
    assert list(explanation_lines(answer)) == []


def test_a_question_that_finds_nothing_can_be_explained(assistant: Assistant) -> None:
    answer = assistant.ask("？", explained=True)
    assert answer.explanation is not None
    assert answer.explanation.reasons == ()
