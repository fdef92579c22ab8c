from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.assistant import build
from assistant.live import Live
from assistant.settings import Settings
from corpus.errors import IndexMissingError, IndexUnusableError, InputError
from index.store import Store
from tests.conftest import DOCUMENTS, Invoke, write_files

QUESTION = "PyTorch 1.0 和 Caffe2 什么关系"


@pytest.fixture
def assistant(shipped_index: Path):
    opened = Assistant.open(shipped_index)
    yield opened
    opened.close()


def test_an_answer_has_the_agreed_fields_and_its_quotes_stand_in_their_documents(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    wanted = {"question", "understood", "kind", "answered", "confidence", "quotes", "message", "candidates", "hits"}
    assert wanted <= {field.name for field in fields(Answer)}
    assert answer.answered
    for quote in [*answer.quotes, *answer.candidates]:
        document = assistant.document(quote.document)
        assert document.text[quote.start : quote.end] == quote.text
        assert (quote.title, quote.source, quote.date) == (document.title, document.source, document.date)
    for hit in answer.hits:
        document = assistant.document(hit.passage.document)
        assert document.text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_the_figures_of_an_answer_hold(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION, top=7)
    assert 1 <= len(answer.quotes) <= 4
    assert len(answer.text.replace("\n", "")) <= max(300, len(answer.candidates[0].text))
    assert max(len(quote.text) for quote in answer.candidates) <= 200
    assert len(answer.candidates) == len(answer.hits) == 7
    assert answer.candidates[0].text in answer.text


def test_the_same_question_in_any_script_width_and_case_finds_the_same(assistant: Assistant) -> None:
    plain = assistant.ask("开源框架 tensorflow 是什么？")
    for other in ("開源框架 TensorFlow 是什麼？", "开源框架　ＴＥＮＳＯＲＦＬＯＷ　是什么？"):
        assert assistant.ask(other).quotes == plain.quotes


def test_many_threads_may_ask_at_once(assistant: Assistant) -> None:
    alone = assistant.ask(QUESTION).quotes
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: assistant.ask(QUESTION).quotes, range(40)))
    assert all(quotes == alone for quotes in answers)


def test_documents_are_listed_and_one_that_is_missing_is_an_error(assistant: Assistant) -> None:
    entries = assistant.documents()
    assert len(entries) == assistant.manifest.documents == len(list(DOCUMENTS.glob("*.md")))
    assert sum(entry.passages for entry in entries) == assistant.manifest.passages
    assert len(assistant.passages("keras.md")) == next(e.passages for e in entries if e.id == "keras.md")
    with pytest.raises(InputError, match=r"没有\.md"):
        assistant.document("没有.md")


def test_only_the_default_index_builds_itself(home: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        Assistant.open(tmp_path / "none")
    notes: list[str] = []
    built = Assistant.open(note=notes.append)
    assert notes == ["第一次使用：正在为自带的文档建索引（几秒钟）……"]
    assert Store(home / "default.index").manifest().sources == (str(DOCUMENTS),)
    assert built.ask(QUESTION).answered
    built.close()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path) -> None:
    settings = Settings.from_environment()
    assert (settings.home, settings.index, settings.named) == (home, home / "default.index", False)
    assert (settings.lexicon, settings.cache) == (home / "lexicon", home / "cache")
    monkeypatch.setenv("ASSISTANT_INDEX", "~/my.index")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings.from_environment().index == tmp_path / "my.index"
    assert Settings.from_environment(tmp_path / "x").index == tmp_path / "x"
    monkeypatch.delenv("ASSISTANT_HOME")
    monkeypatch.delenv("ASSISTANT_INDEX")
    assert "yinju" in str(Settings.from_environment().home)


def test_a_server_answers_from_the_newest_generation_also_one_that_another_process_built(
    tmp_path: Path, invoke: Invoke
) -> None:
    files, index = write_files(tmp_path / "files", {"a.md": "鲸鱼住在大海。"}), tmp_path / "i"
    invoke("build", files, "--index", index)
    live = Live(Settings.from_environment(index), note=lambda text: pytest.fail(text))
    with live.use() as before:
        write_files(files, {"b.md": "苹果很甜。"})
        invoke("build", "--index", index)
        with live.use() as after:
            assert [entry.id for entry in after.documents()] == ["a.md", "b.md"]
        assert [entry.id for entry in before.documents()] == ["a.md"]  # lent before, open until it is given back
    write_files(files, {"c.md": "火车很快。"})
    assert live.rebuild(lambda *_: None).added == ("c.md",)
    with live.use() as newest:
        assert len(newest.documents()) == 3
        newest.close()


def test_a_page_of_the_catalogue_that_went_bad_after_opening_is_told_with_what_to_do(tmp_path: Path) -> None:
    sentence = "第{}段说的是开源框架的历史与发展，其中的每一句话都不一样，编号是{}。"
    write_files(tmp_path / "in", {f"{n}.txt": "".join(sentence.format(n, m) for m in range(200)) for n in range(40)})
    build(Settings.from_environment(tmp_path / "index"), [tmp_path / "in"])
    opened = Assistant.open(tmp_path / "index")
    (catalog,) = (tmp_path / "index").glob("generation-*/catalog.sqlite")
    size = catalog.stat().st_size
    with catalog.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (size - 8192))
    with pytest.raises(IndexUnusableError, match="assistant build --index"):
        opened.ask("第 7 段说的是什么？")
    opened.close()
