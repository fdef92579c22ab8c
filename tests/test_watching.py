import json
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant import render
from assistant.assistant import build
from assistant.library import watching
from assistant.library.watching import Follower, watch
from assistant.settings import Settings
from corpus.errors import AssistantError
from index.store import Store
from tests.conftest import ROOT, Invoke, write_files

WHALE, APPLE = "鲸鱼住在大海。", "苹果长在树上。"
PATIENCE = 20  # seconds, on a machine that is busy


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write_files(tmp_path / "docs", {"a.md": WHALE})


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "my.index"


class Heard:
    """What a follower was told, in order."""

    def __init__(self) -> None:
        self.told: queue.Queue[object] = queue.Queue()
        self.notes: list[str] = []

    def next(self) -> object:
        return self.told.get(timeout=PATIENCE)

    def changed(self) -> dict[str, list[str]]:
        """The next report, as far as it tells of a change."""
        report, _ = self.next()  # type: ignore[misc]
        kinds = ("added", "changed", "removed")
        return {kind: list(getattr(report, kind)) for kind in kinds if getattr(report, kind)}

    def fault(self) -> str:
        error = self.next()
        assert isinstance(error, AssistantError)
        return error.key


@contextmanager
def watched(index: Path, *sources: Path) -> Iterator[Heard]:
    """Build an index and follow its sources in another thread."""
    settings, heard, stop = Settings(index.parent / "home", index, True), Heard(), threading.Event()
    first = build(settings, sources)
    follower = Follower(lambda *report: heard.told.put(report), heard.told.put, heard.notes.append)
    thread = threading.Thread(target=watch, args=(settings, first, follower), kwargs={"stop": stop})
    thread.start()
    try:
        yield heard
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture
def home(home: Path, cache: Path, tmp_path: Path) -> Path:
    """The settings of this file's own threads find the compiled dictionary too."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "cache").symlink_to(cache)
    return home


def test_new_changed_and_deleted_files_are_followed_and_hidden_ones_are_not(index: Path, docs: Path) -> None:
    with watched(index, docs) as heard:
        write_files(docs, {".hidden.md": "藏", "子/b.md": APPLE})
        assert heard.changed() == {"added": ["子/b.md"]}
        write_files(docs, {"a.md": "鲸鱼很大。"})
        assert heard.changed() == {"changed": ["a.md"]}
        shutil.rmtree(docs / "子")
        assert heard.changed() == {"removed": ["子/b.md"]}
        write_files(docs, {"图.png": "\0"})
        report, fresh = heard.next()  # type: ignore[misc]
        assert ([one.path for one in fresh], report.documents) == (["图.png"], 1)
    assert heard.told.empty()


def test_a_single_file_is_followed_where_an_editor_puts_another_in_its_place(index: Path, docs: Path) -> None:
    with watched(index, docs / "a.md") as heard:
        for text in ("一。", "二。"):
            write_files(docs, {"a.md.new": text})
            (docs / "a.md.new").replace(docs / "a.md")
            assert heard.changed() == {"changed": ["a.md"]}


def test_a_source_that_goes_is_told_once_and_followed_when_it_is_back(index: Path, docs: Path, tmp_path: Path) -> None:
    with watched(index, docs) as heard:
        docs.rename(tmp_path / "away")
        assert heard.fault() == "path-missing"
        assert Store(index).content() == {"a.md"}
        write_files(tmp_path / "away", {"b.md": APPLE})
        (tmp_path / "away").rename(docs)
        assert heard.changed() == {"added": ["b.md"]}
        write_files(docs, {"c.md": "火车。"})
        assert heard.changed() == {"added": ["c.md"]}


def test_a_build_that_failed_is_tried_again_though_no_file_changes(
    index: Path, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "WAIT", 0.0)
    monkeypatch.setattr(watching, "AGAIN", 0.5)
    with watched(index, docs) as heard:
        with Store(index).writing():
            write_files(docs, {"b.md": APPLE})
            assert heard.fault() == "index-locked"
        assert heard.changed() == {"added": ["b.md"]}


def test_what_another_process_adds_becomes_a_source_that_is_followed(
    invoke: Invoke, index: Path, docs: Path, tmp_path: Path
) -> None:
    write_files(tmp_path, {"b.md": APPLE})
    with watched(index, docs) as heard:
        assert invoke("add", tmp_path / "b.md", "--index", index, "--wait", PATIENCE).exit_code == 0
        watching.time.sleep(1.5)  # until the watch has looked at its sources
        write_files(index / "added", {"c.md": "火车。"})
        assert heard.changed() == {"added": ["c.md"]}


def test_polling_is_taken_where_the_environment_asks_for_it(
    index: Path, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    with watched(index, docs) as heard:
        write_files(docs, {"b.md": APPLE})
        assert heard.changed() == {"added": ["b.md"]}


def test_the_command_reports_a_line_a_build_and_ends_well_when_it_is_interrupted(index: Path, docs: Path) -> None:
    command = [sys.executable, "-m", "assistant.cli", "build", str(docs), "--watch", "--json", "--index", str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert json.loads(process.stdout.readline())["added"] == ["a.md"]
            assert process.stderr.readline().startswith(f"正在守着：{docs}。")
            write_files(docs, {"b.md": APPLE})
            assert json.loads(process.stdout.readline())["added"] == ["b.md"]
            process.send_signal(signal.SIGINT)
            assert process.stdout.read() == ""
            assert process.stderr.read() == "已停止。\n"
            process.wait(PATIENCE)
        finally:
            process.kill()
    assert process.returncode == 0


def test_a_line_names_some_of_what_changed(index: Path, docs: Path) -> None:
    report = build(Settings(index.parent / "home", index, True), [docs])
    assert (
        render.report_line(report, [])[8:] == " 新增 a.md　1 份文档：新增 1，修改 0，改名 0，删除 0，未变 0，跳过 0。"
    )


def test_watching_is_no_dry_run(invoke: Invoke, index: Path, docs: Path) -> None:
    result = invoke("build", docs, "--watch", "--dry-run", "--index", index)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "不能一起用" in result.stderr
