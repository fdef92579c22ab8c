"""An index that is replaced while it is asked."""

import shutil
import threading

import pytest

from assistant.assistant import build
from assistant.live import Live
from tests.browsing import NEW, settings


@pytest.fixture
def copy(site, tmp_path, cache):
    (tmp_path / "cache").symlink_to(cache)
    shutil.copytree(site / "documents", tmp_path / "documents")
    build(settings(tmp_path), [tmp_path / "documents"])
    return tmp_path


def test_a_question_keeps_its_generation_while_the_next_one_gets_the_new(copy):
    live = Live(settings(copy), note=print)
    with live.use() as former:
        (copy / "documents" / "lion.md").write_text(NEW, encoding="utf-8")
        assert live.rebuild(lambda *_: None).added == ("lion.md",)
        with live.use() as newest:
            assert newest is not former
            assert "lion.md" in {entry.id for entry in newest.documents()}
        assert "lion.md" not in {entry.id for entry in former.documents()}
    with pytest.raises(Exception, match="closed"):
        former.documents()


def test_a_rebuild_by_another_process_shows_at_the_next_question(copy):
    live = Live(settings(copy), note=print)
    (copy / "documents" / "longquan.md").unlink()
    build(settings(copy))
    with live.use() as assistant:
        assert "longquan.md" not in {entry.id for entry in assistant.documents()}


def test_a_new_generation_that_cannot_be_opened_is_told_once_and_the_former_answers(copy):
    notes = []
    live = Live(settings(copy), note=notes.append)
    broken = copy / "web.index" / "generation-000009"
    broken.mkdir()
    (broken / "manifest.json").write_text("{}", encoding="utf-8")
    (copy / "web.index" / "CURRENT").write_text("generation-000009\n", encoding="utf-8")
    for _ in range(3):
        with live.use() as assistant:
            assert len(assistant.documents()) == 3
    assert len(notes) == 1


def test_no_question_fails_while_the_index_is_rebuilt(copy):
    live = Live(settings(copy), note=print)
    done, faults = threading.Event(), []

    def ask():
        while not done.is_set():
            try:
                with live.use() as assistant:
                    assistant.ask("龙泉窑位于哪里？")
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        live.rebuild(lambda *_: None)
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
