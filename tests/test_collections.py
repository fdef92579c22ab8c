"""Collections: their names, how they come and go while others write and ask, and how a server holds them open."""

import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.library import collections, library
from assistant.library.naming import Given
from assistant.live import Live
from assistant.settings import Settings
from assistant.shelf import Shelf
from corpus.errors import IndexMissingError, InputError, StorageError
from index.report import Report
from index.store import Store
from tests.conftest import run_process

WHALE, APPLE = "鲸鱼住在大海。", "苹果长在树上。"


@pytest.fixture
def settings(home: Path, shipped_index: Path) -> Settings:
    return Settings(home, shipped_index, named=True)


@pytest.fixture
def shelf(settings: Settings) -> Iterator[Shelf]:
    with closing(Shelf(settings, note=print)) as made:
        yield made


def put(settings: Settings, text: str, name: str = "a.md") -> Report:
    return library.add(settings, [Given(name, text.encode())])


def answers(live: Live, question: str = "鲸鱼住在哪里？") -> str:
    with live.use() as assistant:
        return assistant.ask(question).text


def folder(settings: Settings) -> Path:
    return settings.home / collections.FOLDER


# -- names

NAMES = st.text(st.sampled_from('aB鲸.-_ /\\:*?"<>|\0\n~é\u0301\u202e\ud800😀İßﬁ'), max_size=8) | st.text(max_size=70)


@given(NAMES)
@example("con")
@example("LPT1.txt")
@example("a" * 60)
@example("😀" * 60)
@example("..")
@example(".index")
@example("a.index")
@example("a.deleted")
def test_a_name_that_is_accepted_lies_in_the_folder_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    settings = Settings(tmp_path_factory.mktemp("home"), Path("index"), named=False)
    try:
        made = collections.create(settings, name)
    except InputError as error:
        assert error.key == "collection-name"
        str(error).encode()  # may be sent
        assert not folder(settings).exists()
        return
    assert made.index.resolve().parent == folder(settings).resolve()
    assert made.named
    assert [path.name for path in folder(settings).iterdir()] == [made.index.name]
    assert collections.names(settings) == [name]
    assert collections.found(settings, name) == collections.chosen(settings, name) == made
    collections.delete(settings, name)
    assert collections.names(settings) == []
    assert list(folder(settings).iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "/etc",
        "C:",
        ".hidden",
        "con",
        "CON",
        "nul.txt",
        "com1",
        "a.",
        "a ",
        " a",
        "a\0",
        "a\nb",
        "a\x7fb",
        "a\u202eb",
        "a\u200bb",
        "a\ud800",
        "a*",
        "a?",
        '"',
        "<b>",
        "a|b",
        unicodedata.normalize("NFD", "é"),
        "字" * 61,
        "x" * 10_000,
    ],
)
def test_a_name_that_a_system_or_a_reader_may_misread_is_refused(settings: Settings, name: str) -> None:
    for use in (collections.chosen, collections.found, collections.create, collections.delete):
        with pytest.raises(InputError) as caught:
            use(settings, name)
        assert caught.value.key == "collection-name"
        assert len(str(caught.value)) < 300
    assert not folder(settings).exists()


@pytest.mark.parametrize(("one", "other"), [("Docs", "docs"), ("STRASSE", "straße"), ("ÉTÉ", "été")])
def test_two_names_that_some_disk_takes_for_one_do_not_stand_beside_each_other(
    settings: Settings, one: str, other: str
) -> None:
    collections.create(settings, one)
    with pytest.raises(InputError, match="不分大小写"):
        collections.create(settings, other)
    with pytest.raises(InputError) as caught:
        collections.found(settings, other)
    assert str(caught.value) == f"没有叫“{other}”的文集；现有：{one}。"
    assert collections.names(settings) == [one]


def test_only_folders_that_can_be_chosen_are_collections(settings: Settings, tmp_path: Path) -> None:
    assert collections.names(settings) == []
    collections.create(settings, "书")
    outside = tmp_path / "outside.index"
    outside.mkdir()
    (folder(settings) / "link.index").symlink_to(outside)
    (folder(settings) / "file.index").write_text("x")
    for name in ("other", ".index", ".hidden.index", unicodedata.normalize("NFD", "é") + ".index", "con.index"):
        (folder(settings) / name).mkdir()
    assert collections.names(settings) == ["书"]
    for name in ("link", "file"):
        for use in (collections.found, collections.delete):
            with pytest.raises(InputError, match="没有叫"):
                use(settings, name)
        with pytest.raises(InputError, match="已经有叫"):
            collections.create(settings, name)
    assert outside.is_dir()


def test_a_place_that_cannot_be_written_is_told(settings: Settings) -> None:
    folder(settings).write_text("a file")
    assert collections.names(settings) == []
    with pytest.raises(StorageError):
        collections.create(settings, "书")


# -- coming and going


def test_of_many_that_create_the_same_one_succeeds(settings: Settings) -> None:
    together = threading.Barrier(8)
    done: list[str] = []

    def create() -> None:
        together.wait()
        try:
            collections.create(settings, "书")
            done.append("made")
        except InputError as error:
            done.append(error.key)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["collection-exists"] * 7 + ["made"]


@contextmanager
def held_by_another_process(index: Path) -> Iterator[None]:
    """Let another process hold the lock of an index."""
    script = (
        "import sys; from pathlib import Path; from index.store import Store\n"
        "with Store(Path(sys.argv[1])).writing(): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(index)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.communicate()
    assert process.returncode == 0


def test_one_that_another_process_updates_is_not_deleted(settings: Settings) -> None:
    made = collections.create(settings, "书")
    put(made, WHALE)
    with held_by_another_process(made.index):
        with pytest.raises(StorageError, match="另一个进程正在更新索引"):
            collections.delete(settings, "书")
        with pytest.raises(StorageError, match="另一个进程正在更新索引"):
            put(made, APPLE, "b.md")
        collections.create(settings, "另一个")
        with closing(Assistant.from_settings(made)) as assistant:
            assert assistant.ask("鲸鱼住在哪里？").text == WHALE
    assert collections.names(settings) == ["书", "另一个"]
    collections.delete(settings, "书")
    assert collections.names(settings) == ["另一个"]


KILLED = """
import os, sys
from pathlib import Path
from assistant.library import collections
from assistant.settings import Settings
collections.remove = lambda path: os._exit(9)
collections.delete(Settings(Path(sys.argv[1]), Path(sys.argv[1]), True), "书")
"""


def test_one_whose_deletion_was_killed_never_shows_and_its_files_go_with_the_next(settings: Settings) -> None:
    put(collections.create(settings, "书"), WHALE)
    collections.create(settings, "别的")
    assert run_process([sys.executable, "-c", KILLED, settings.home]).returncode == 9
    assert collections.names(settings) == ["别的"]
    left = [path for path in folder(settings).iterdir() if path.name != "别的.index"]
    assert len(left) == 1
    assert any(left[0].rglob("a.md"))
    again = collections.create(settings, "书")
    assert not left[0].exists()
    assert list(again.index.iterdir()) == []
    collections.delete(settings, "书")
    assert [path.name for path in folder(settings).iterdir()] == ["别的.index"]


def test_one_that_cannot_be_renamed_is_told_and_stays(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    put(collections.create(settings, "书"), WHALE)

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "in use")  # as where a system lets no open file be moved

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        with pytest.raises(StorageError):
            collections.delete(settings, "书")
    assert collections.names(settings) == ["书"]
    put(collections.found(settings, "书"), APPLE, "b.md")  # the lock is free again


def test_the_files_that_were_added_go_with_the_collection(settings: Settings) -> None:
    made = collections.create(settings, "书")
    put(made, WHALE)
    assert (made.index / "added" / "a.md").read_text() == WHALE
    collections.delete(settings, "书")
    assert list(folder(settings).rglob("*")) == []
    with pytest.raises(InputError, match="没有叫“书”的文集；现有：—。"):
        collections.delete(settings, "书")


# -- held open by a server


def test_an_empty_one_says_so_until_a_file_comes_in(shelf: Shelf) -> None:
    live = shelf.create("书")
    for use in (lambda: answers(live), lambda: live.rebuild(lambda *_: None)):
        with pytest.raises(IndexMissingError, match="这个文集里还没有文档"):
            use()
    report = live.change(lambda settings: put(settings, WHALE))
    assert (report.added, report.documents) == (("a.md",), 1)
    assert answers(live) == answers(shelf.live("书")) == WHALE
    assert live.change(lambda settings: put(settings, APPLE, "b.md")).documents == 2
    assert answers(live, "苹果长在哪里？") == APPLE
    assert live.rebuild(lambda *_: None).unchanged == ("a.md", "b.md")


def test_a_file_that_another_process_adds_shows_at_the_next_question(shelf: Shelf, settings: Settings) -> None:
    live = shelf.create("书")
    put(collections.found(settings, "书"), WHALE)
    assert answers(live) == WHALE


def test_files_that_cannot_be_read_leave_it_empty(shelf: Shelf) -> None:
    live = shelf.create("书")
    with pytest.raises(InputError):
        live.change(lambda settings: library.add(settings, [Given("a.png", b"\x89PNG\r\n\x1a\n")]))
    with pytest.raises(IndexMissingError, match="这个文集里还没有文档"):
        answers(live)
    live.change(lambda settings: put(settings, WHALE))
    assert answers(live) == WHALE


def test_where_none_may_be_missing_a_missing_index_is_told_at_once(settings: Settings, tmp_path: Path) -> None:
    missing = replace(settings, index=tmp_path / "none")
    with pytest.raises(IndexMissingError, match="none"):
        Live(missing, note=print)
    assert not (tmp_path / "none").exists()


def test_the_shelf_keeps_collections_apart_and_each_open_once(shelf: Shelf, settings: Settings) -> None:
    for name, text in (("海", WHALE), ("树", APPLE)):
        shelf.create(name).change(lambda settings, text=text: put(settings, text))
    assert shelf.names() == ["", "树", "海"] == ["", *sorted("海树")]
    assert shelf.live("海") is shelf.live("海")
    assert (answers(shelf.live("海")), answers(shelf.live("树"))) == (WHALE, "")
    assert answers(shelf.live("树"), "苹果长在哪里？") == APPLE
    with shelf.live().use() as assistant:
        assert assistant.manifest.documents > 10
    for name in ("山", "../default", ".", "海 "):
        with pytest.raises(InputError):
            shelf.live(name)


def test_a_question_that_runs_while_its_collection_is_deleted_is_still_answered(
    shelf: Shelf, settings: Settings
) -> None:
    live = shelf.create("书")
    live.change(lambda settings: put(settings, WHALE))
    with live.use() as assistant:
        shelf.delete("书")
        assert list(folder(settings).iterdir()) == []
        assert assistant.ask("鲸鱼住在哪里？").text == WHALE  # nothing of it had been read before
    with pytest.raises(IndexMissingError):
        answers(live)
    with pytest.raises(InputError, match="没有叫“书”的文集"):
        shelf.live("书")


def test_one_that_is_being_updated_stays_on_the_shelf(shelf: Shelf) -> None:
    live = shelf.create("书")
    live.change(lambda settings: put(settings, WHALE))
    with Store(live.settings.index).writing(), pytest.raises(StorageError, match="另一个进程正在更新索引"):
        shelf.delete("书")
    assert shelf.live("书") is live
    assert answers(live) == WHALE


def test_a_new_one_of_the_same_name_knows_nothing_of_the_former(shelf: Shelf) -> None:
    shelf.create("书").change(lambda settings: put(settings, WHALE))
    assert answers(shelf.live("书")) == WHALE
    shelf.delete("书")
    fresh = shelf.create("书")
    with pytest.raises(IndexMissingError):
        answers(fresh)
    fresh.change(lambda settings: put(settings, APPLE))
    assert (answers(fresh), answers(fresh, "苹果长在哪里？")) == ("", APPLE)


def test_the_default_index_is_no_collection_that_can_be_deleted(shelf: Shelf) -> None:
    with pytest.raises(InputError):
        shelf.delete("")
    with shelf.live().use() as assistant:
        assert assistant.ask("PyTorch 是什么？").answered


# -- deleted and made anew by another process


def made_anew(settings: Settings, text: str) -> None:
    collections.delete(settings, "书")
    put(collections.create(settings, "书"), text)


def test_what_another_process_made_anew_shows_at_the_next_question(shelf: Shelf, settings: Settings) -> None:
    shelf.create("书").change(lambda settings: put(settings, WHALE))
    assert answers(shelf.live("书")) == WHALE
    made_anew(settings, APPLE)
    live = shelf.live("书")
    assert (answers(live), answers(live, "苹果长在哪里？")) == ("", APPLE)


def test_what_is_deleted_is_not_brought_back_by_an_update_that_comes_late(shelf: Shelf, settings: Settings) -> None:
    live = shelf.create("书")
    shelf.delete("书")
    with pytest.raises(IndexMissingError):
        live.change(lambda settings: put(settings, WHALE))
    assert collections.names(settings) == []
