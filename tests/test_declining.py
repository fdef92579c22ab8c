from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.ranking.ranking import HEARD, UNHEARD
from tests.conftest import asking

FILES = {
    "vim.md": "# Vim\n\nVim 是布拉姆·莫勒纳尔开发的文本编辑器。Vim 于 1991 年首次发布。"
    "Vim 可以用插件扩展功能，能在 Linux 上运行。\n",
    "nano.md": "# nano\n\nnano 是一个简单的文本编辑器，由 Chris Allegretta 编写。"
    "nano 于 1999 年发布，支持 Linux 和 macOS。\n",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Assistant]:
    with asking(tmp_path_factory.mktemp("declining"), FILES, cache) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("Emacs 是谁开发的", "里面没有提到“Emacs”"),  # the thing itself
        ("Vim 的股价是多少", "提到了“Vim”，但没有说到“股价”"),  # all that is asked of it
        ("Vim 支持鼠标手势吗", "提到了“Vim”，但没有说到“鼠标手势”"),  # what is to be decided
        ("nano 每月下载多少次", "下载"),  # what is counted
    ],
)
def test_what_the_documents_never_mention_is_declined_and_named(
    assistant: Assistant, question: str, lacking: str
) -> None:
    answer = assistant.ask(question)
    assert not answer.answered
    assert answer.confidence <= UNHEARD
    assert lacking in answer.message
    assert len(answer.hits) == 2  # related, but no answer


def test_the_noun_for_what_is_asked_for_need_not_be_mentioned(assistant: Assistant) -> None:
    assert assistant.ask("Vim 是哪个年份发布的").confidence > UNHEARD


@pytest.mark.parametrize("question", ["Vim 是谁开发的", "nano 是谁编写的", "Vim 什么时候发布"])
def test_a_sentence_with_all_that_is_asked_is_never_declined(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.confidence >= HEARD
    assert answer.answered
