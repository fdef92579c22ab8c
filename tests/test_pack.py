import os
import timeit
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.assistant import build
from assistant.live import Live
from assistant.settings import Settings
from assistant.understanding.pack import stamps
from corpus.lexicon import SHIPPED
from index.store import Store
from tests.conftest import write_files

NAMED = (
    "---\ntitle: 深海探测器\naliases: [海斗一号, Haidou One]\n---\n深海探测器由沈阳的一家研究所研制，能潜到一万米。\n"
)
ASKS = "---\ntitle: 怎么选潜水装备\naliases: [装备选型]\n---\n选潜水装备要看深度。\n"
PLAIN = "---\ntitle: 潜水\n---\n潜水是一项运动，定位清晰很重要。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of three documents, two of which have aliases."""
    files = write_files(tmp_path / "files", {"named.md": NAMED, "asks.md": ASKS, "plain.md": PLAIN})
    build(Settings.from_environment(tmp_path / "index"), [files])
    return tmp_path / "index"


@pytest.fixture
def notes() -> list[str]:
    return []


Open = Callable[[], Assistant]


@pytest.fixture
def open_index(folder: Path, notes: list[str]):
    opened: list[Assistant] = []

    def run() -> Assistant:
        opened.append(Assistant.open(folder, note=notes.append))
        return opened[-1]

    yield run
    for assistant in opened:
        assistant.close()


def cut(assistant: Assistant, text: str) -> list[str]:
    return [word.folded for word in assistant.words(text)]


# -- the documents' own names


def test_an_alias_of_a_document_is_one_word_and_brings_its_other_names(open_index: Open) -> None:
    word = open_index().words("海斗一号是谁研制的")[0]
    assert word.folded == "海斗一号"
    assert [(name.name, name.source, name.line) for name in word.aliases] == [
        ("haidou one", "named.md", None),
        ("深海探测器", "named.md", None),
    ]


def test_a_document_is_found_by_its_alias_though_its_text_has_another_name(open_index: Open) -> None:
    assistant = open_index()
    for question in ("海斗一号能潜到多少米", "haidou  one 能潜到多少米", "ＨＡＩＤＯＵ　ＯＮＥ能潜到多少米"):
        quotes = assistant.ask(question).quotes
        assert [quote.document for quote in quotes] == ["named.md"], question


def test_a_title_that_asks_is_cut_into_its_words(open_index: Open) -> None:
    assert "怎么" in cut(open_index(), "怎么选潜水装备")
    assert cut(open_index(), "装备选型")[0] == "装备选型"


def test_a_title_without_aliases_names_nothing(open_index: Open) -> None:
    assert open_index().words("潜水")[0].aliases == ()


# -- changes of the files


def test_a_new_alias_counts_at_the_next_question_of_a_running_assistant(
    open_index: Open, home: Path, notes: list[str]
) -> None:
    assistant = open_index()
    assert cut(assistant, "大海龟能潜到多少米")[0] != "大海龟"
    write_files(home / "lexicon", {"aliases.tsv": "海斗一号\t大海龟\n"})
    assert cut(assistant, "大海龟能潜到多少米")[0] == "大海龟"
    write_files(home / "lexicon", {"aliases.tsv": "深海探测器\t大海龟\n"})
    assert [quote.document for quote in assistant.ask("大海龟能潜到多少米").quotes] == ["named.md"]
    (home / "lexicon" / "aliases.tsv").unlink()
    assert cut(assistant, "大海龟能潜到多少米")[0] != "大海龟"
    told = [note.split("：")[1].split("。")[0] for note in notes]
    assert told == ["海斗一号", "深海探测器"]  # the documents hold these, and no 大海龟


def test_a_new_stop_word_counts_at_once(open_index: Open, home: Path) -> None:
    assistant = open_index()
    assert assistant.words("潜水")[0].origin == "dictionary"
    write_files(home / "lexicon", {"stopwords.txt": "潜水\n"})
    assert assistant.words("潜水")[0].origin == "stop"


def test_a_word_that_cuts_the_documents_otherwise_is_told_once_and_cuts_no_question_before_the_build(
    open_index: Open, home: Path, folder: Path, notes: list[str]
) -> None:
    assistant = open_index()
    write_files(home / "lexicon", {"words.txt": "定位清晰\n绝无仅有词\n北京\n"})
    for _ in range(2):
        assert cut(assistant, "定位清晰") == ["定位", "清晰"]
    assert len(notes) == 1
    assert "有 1 个词变了：定位清晰。" in notes[0]
    assert f"assistant build --index {folder}" in notes[0]
    build(Settings.from_environment(folder))
    assert cut(open_index(), "定位清晰") == ["定位清晰"]
    (home / "lexicon" / "words.txt").unlink()
    assert cut(open_index(), "定位清晰") == ["定位清晰"]  # as the documents are cut
    assert len(notes) == 2
    assert notes[1] == notes[0]


def test_a_file_that_went_bad_is_told_once_and_the_former_pack_goes_on(
    open_index: Open, home: Path, notes: list[str]
) -> None:
    path = write_files(home / "lexicon", {"aliases.tsv": "深海探测器\t大海龟\n"}) / "aliases.tsv"
    assistant = open_index()
    assert assistant.ask("大海龟能潜到多少米").answered
    notes.clear()
    path.write_bytes("深海探测器\t大乌龟\n".encode("gb18030"))
    for _ in range(3):
        assert assistant.ask("大海龟能潜到多少米").answered
    assert len(notes) == 1
    assert str(path) in notes[0]
    assert "请另存为 UTF-8" in notes[0]
    path.write_text("深海探测器\t大乌龟\n", encoding="utf-8")
    assert cut(assistant, "大乌龟") == ["大乌龟"]
    assert len(notes) == 1


def test_a_server_notices_too(folder: Path, home: Path, notes: list[str]) -> None:
    live = Live(Settings.from_environment(folder), note=notes.append)
    with live.use() as assistant:
        assert cut(assistant, "大海龟") != ["大海龟"]
    write_files(home / "lexicon", {"aliases.tsv": "深海探测器\t大海龟\n"})
    with live.use() as assistant:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: cut(assistant, "大海龟"), range(40)))
        assert found[-1] == cut(assistant, "大海龟") == ["大海龟"]
        assistant.close()


def test_a_file_of_the_same_size_counts_by_its_time(home: Path, open_index: Open) -> None:
    path = write_files(home / "lexicon", {"aliases.tsv": "深海探测器\t大海龟\n"}) / "aliases.tsv"
    assistant = open_index()
    before = stamps([SHIPPED, home / "lexicon"])
    path.write_text("深海探测器\t小海龟\n", encoding="utf-8")
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert stamps([SHIPPED, home / "lexicon"]) != before
    assert cut(assistant, "小海龟") == ["小海龟"]


def test_looking_for_changes_takes_microseconds(home: Path) -> None:
    folders = [SHIPPED, home / "lexicon"]
    assert min(timeit.repeat(lambda: stamps(folders), number=20, repeat=5)) / 20 < 0.001


def test_an_assistant_answers_from_an_index_whose_word_list_is_another(folder: Path, home: Path) -> None:
    write_files(home / "lexicon", {"words.txt": "定位清晰\n"})
    with closing(Assistant.open(folder)) as assistant:
        assert assistant.ask("潜水是什么").answered
    assert Store(folder).current().name == "generation-000001"


def test_a_file_that_turns_unreadable_keeps_no_question_from_being_explained(
    open_index: Open, home: Path, notes: list[str]
) -> None:
    write_files(home / "lexicon", {"aliases.tsv": "海斗一号\t大海龟\n"})
    assistant = open_index()
    assert assistant.ask("大海龟能潜到多少米", explained=True).explanation is not None
    (home / "lexicon" / "aliases.tsv").write_bytes("海斗一号\t大乌龟\n".encode("gb18030"))
    answer = assistant.ask("大海龟能潜到多少米", explained=True)
    assert answer.explanation is not None
    assert answer.explanation.words[0].folded == "大海龟"
    assert any("aliases.tsv" in note for note in notes)
