"""`assistant doctor`: real indexes, spoilt in one place each."""

import json
import shutil
import socket
import sqlite3
import sys
import threading
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import build
from assistant.doctor.diagnosis import diagnose
from assistant.doctor.finding import LISTED, Finding, State
from assistant.doctor.network import connections
from assistant.settings import Settings
from index.embedding import SHIPPED as MODEL
from index.store import Store
from tests.conftest import DOCUMENTS, Invoke, in_namespace, run_assistant, run_process, write_files

INSTALLED = ["versions", "model", "dictionary", "language-pack"]
WHOLE = ["index", "checksums", "counts", "known-question", "sources", "leftovers"]
WHOLE_LABELS = ["索引", "校验和", "计数", "试问", "来源", "残留"]
NAMES = [*INSTALLED, *WHOLE, "space", "offline"]
FILES = {"海.md": "# 鲸鱼\n\n鲸鱼住在大海。\n", "果.md": "# 苹果\n\n苹果很甜，也很红。\n"}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return write_files(tmp_path / "sources", FILES)


@pytest.fixture
def folder(home: Path, tmp_path: Path, sources: Path) -> Path:
    """A small index of two documents."""
    build(Settings(home, tmp_path / "small.index", True), [sources])
    return tmp_path / "small.index"


def examined(home: Path, folder: Path, *, named: bool = True) -> dict[str, Finding]:
    found = diagnose(Settings(home, folder, named))
    return {finding.name: finding for finding in found}


def not_ok(findings: Mapping[str, Finding]) -> dict[str, str]:
    return {name: finding.state.value for name, finding in findings.items() if finding.state is not State.OK}


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def rewrite(folder: Path, **facts: object) -> None:
    """Change what the current manifest says, with a checksum that holds."""
    store = Store(folder)
    changed = replace(store.manifest(), **facts)  # type: ignore[arg-type]
    generation, text = store.current(), changed.to_json()
    (generation / "manifest.json").write_text(text, encoding="utf-8")
    (folder / "CURRENT").write_text(f"{generation.name} {zlib.crc32(text.encode()):08x}\n", encoding="utf-8")


def flip(path: Path, place: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


# -- all is well


def test_a_healthy_index_is_ok_and_ends_with_0(invoke: Invoke, shipped_index: Path) -> None:
    result = invoke("doctor", "--json", "--index", shipped_index)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.isascii()
    assert result.stdout.count("\n") == 1
    facts = json.loads(result.stdout)
    assert list(facts) == ["ok", "checks"]
    assert facts["ok"] is True
    assert [check["name"] for check in facts["checks"]] == NAMES
    assert all(list(check) == ["name", "state", "found", "advice"] for check in facts["checks"])
    assert {(check["state"], check["advice"]) for check in facts["checks"]} == {("ok", "")}
    assert all(check["found"] for check in facts["checks"])


def test_a_healthy_index_is_shown_a_line_a_check(invoke: Invoke, shipped_index: Path) -> None:
    result = invoke("doctor", "--index", shipped_index)
    assert (result.exit_code, result.stderr) == (0, "")
    *lines, blank, summary = result.stdout.splitlines()
    labels = ["版本", "向量模型", "词典", "语言包", *WHOLE_LABELS, "磁盘", "离线"]
    assert [line.split("  ")[:2] for line in lines] == [["正常", label] for label in labels]
    assert (blank, summary) == ("", "0 个错误，0 处注意。")
    documents = len(list(DOCUMENTS.glob("*.md")))
    assert f"{documents} 份文档" in lines[4]
    assert "（第 1 位）" in lines[7]


def test_english_is_chosen_by_the_environment(home: Path, folder: Path, sources: Path) -> None:
    sources.rename(sources.with_name("away"))
    done = run_assistant("doctor", "--index", folder, ASSISTANT_LANG="en")
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert text.splitlines()[0].startswith("ok  versions  Python 3.")
    assert f"warning  sources  missing: {sources}\n      → The index goes on answering. Put them back" in text
    assert text.endswith("\nErrors: 0, warnings: 1.\n")
    chinese = {character for character in text if "\u4e00" <= character <= "\u9fff"}
    assert chinese <= set("鲸鱼苹果海")  # names of the documents


def test_nothing_is_changed(home: Path, folder: Path, sources: Path, cache: Path) -> None:
    (folder / ".building-1-1").mkdir()
    before = [content(place) for place in (folder, home, cache, sources)]
    folders = sorted(folder.rglob("*"))
    assert not_ok(examined(home, folder)) == {"leftovers": "warning"}
    assert [content(place) for place in (folder, home, cache, sources)] == before
    assert sorted(folder.rglob("*")) == folders


def test_without_a_network_all_is_the_same(shipped_index: Path, home: Path) -> None:
    script = """
    ip link 2>/dev/null | grep -q eth && exit 99
    exec "$PYTHON" -m assistant.cli doctor --json --index "$1"
    """
    done = in_namespace("-rn", script, shipped_index)
    assert (done.returncode, done.stderr) == (0, b"")
    facts = json.loads(done.stdout)
    assert [(check["name"], check["state"]) for check in facts["checks"]] == [(name, "ok") for name in NAMES]


def test_a_question_does_not_load_the_doctor() -> None:
    script = "import assistant.cli, sys; sys.exit('assistant.doctor' in sys.modules)"
    assert run_process([sys.executable, "-c", script]).returncode == 0


# -- the installation


def installed(folder: Path, *requirements: str, python: str = ">=3.11") -> None:
    lines = ["Metadata-Version: 2.1", "Name: yinju", "Version: 9.9", f"Requires-Python: {python}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requirements]
    write_files(folder / "yinju-9.9.dist-info", {"METADATA": "\n".join(lines) + "\n"})


def test_a_package_that_is_missing_or_of_another_version_is_an_error_with_the_command_that_mends_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = ["click<8", "numpy>=1", "no-such-package>=2", 'extra-only>=1; extra == "dev"', "old; python_version < '3'"]
    installed(tmp_path / "site", *more)
    monkeypatch.syspath_prepend(tmp_path / "site")
    found = examined(home, tmp_path / "i", named=False)["versions"]
    assert found.state is State.ERROR
    assert "yinju 9.9" in found.found
    assert "no-such-package — (>=2)" in found.found
    assert "extra-only" not in found.found
    assert "old" not in found.found
    assert found.advice == '请运行：pip install "click<8" "no-such-package>=2"'


def test_another_python_is_an_error(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path / "site", python=">=3.99")
    monkeypatch.syspath_prepend(tmp_path / "site")
    found = examined(home, tmp_path / "i", named=False)["versions"]
    assert (found.state, found.advice) == (State.ERROR, "请改用 Python >=3.99。")


def test_a_model_that_is_gone_is_an_error_and_the_checksums_are_compared_all_the_same(
    home: Path, tmp_path: Path, sources: Path, invoke: Invoke
) -> None:
    model = shutil.copytree(MODEL, tmp_path / "model")
    build(Settings(home, tmp_path / "i", True), [sources], model=str(model))
    assert not_ok(examined(home, tmp_path / "i")) == {}
    flip(model / "model.safetensors", -1)
    other = examined(home, tmp_path / "i")
    assert not_ok(other) == {"model": "error", "index": "error"}
    assert f"assistant build --index {tmp_path / 'i'}" in other["model"].advice
    shutil.rmtree(model)
    gone = examined(home, tmp_path / "i")
    assert not_ok(gone) == {"model": "error", "index": "error"}
    assert str(model) in gone["model"].advice
    assert gone["index"].advice == "请先按“向量模型”一项的说明处理，再检查一次。"
    assert invoke("doctor", "--index", tmp_path / "i").exit_code == 1


def test_the_speed_of_a_static_model_is_measured(home: Path, folder: Path) -> None:
    found = examined(home, folder)["model"].found
    assert int(found.split("每秒 ")[1].split(" ")[0].replace(",", "")) > 100


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_dictionary_that_is_to_be_compiled_is_a_warning_and_is_left_to_the_next_question(
    tmp_path: Path, folder: Path, cache: Path, damage: str
) -> None:
    home = tmp_path / "home"
    if damage == "damaged":
        (compiled,) = cache.glob("jieba-*.trie")
        write_files(home / "cache", {compiled.name: "damaged"})
    before = content(tmp_path)
    found = examined(home, folder)
    assert not_ok(found) == {"dictionary": "warning"}
    assert ("已损坏" if damage == "damaged" else "还没有编译") in found["dictionary"].found
    assert found["dictionary"].advice == "不用做什么：下一次提问会自动编译它，约一秒。"
    assert content(tmp_path) == before


def test_a_cache_that_cannot_be_written_is_a_warning_and_so_is_the_index(shipped_index: Path, home: Path) -> None:
    script = """
    for place in "$1" "$2"; do mount --bind "$place" "$place"; mount -o remount,ro,bind "$place"; done
    exec "$PYTHON" -m assistant.cli doctor --json --index "$1"
    """
    done = in_namespace("-rm", script, shipped_index, (home / "cache").resolve())
    states = {check["name"]: check for check in json.loads(done.stdout)["checks"] if check["state"] != "ok"}
    assert {name: check["state"] for name, check in states.items()} == {"dictionary": "warning", "space": "warning"}
    assert states["dictionary"]["advice"].startswith(f"没有写入 {home}/cache 的权限")
    assert states["space"]["advice"].startswith(f"没有写入 {shipped_index} 的权限")
    assert done.returncode == 0


def test_a_line_of_the_language_pack_without_effect_is_a_warning(home: Path, folder: Path) -> None:
    write_files(home / "lexicon", {"aliases.tsv": "甲\t乙\n孤单\n", "words.txt": "新词\n"})
    found = examined(home, folder)
    assert not_ok(found) == {"language-pack": "warning"}
    assert found["language-pack"].found.endswith("；1 行不起作用")
    assert found["language-pack"].advice.startswith(f"语言包文件 {home}/lexicon/aliases.tsv 第 2 行只有一个名称")


def test_many_such_lines_are_listed_in_part(home: Path, folder: Path) -> None:
    write_files(home / "lexicon", {"aliases.tsv": "".join(f"孤单{number}\n" for number in range(25))})
    found = examined(home, folder)["language-pack"]
    assert found.found.endswith("；25 行不起作用")
    assert len(found.advice.splitlines()) == LISTED + 1
    assert found.advice.endswith("……以及另外 15 个")


def test_a_language_pack_that_cannot_be_read_is_an_error_and_the_index_is_checked_all_the_same(
    home: Path, folder: Path
) -> None:
    write_files(home / "lexicon", {})
    (home / "lexicon").mkdir()
    (home / "lexicon" / "words.txt").write_bytes(b"\xff\xfe\xfa")
    found = examined(home, folder)
    assert not_ok(found) == {"language-pack": "error"}
    assert "请另存为 UTF-8 编码" in found["language-pack"].advice
    assert list(found) == NAMES


# -- no index


def test_a_named_index_that_is_missing_is_an_error(invoke: Invoke, tmp_path: Path) -> None:
    missing = tmp_path / "没有.index"
    result = invoke("doctor", "--json", "--index", missing)
    checks = {check["name"]: check for check in json.loads(result.stdout)["checks"]}
    assert (result.exit_code, result.stderr) == (1, "")
    assert list(checks) == [*INSTALLED, "index", "leftovers", "space", "offline"]
    assert {name for name, check in checks.items() if check["state"] != "ok"} == {"index"}
    assert checks["index"]["advice"] == f"{missing} 里没有索引。请先运行：assistant build 文件夹 --index {missing}"
    assert not missing.exists()


def test_the_default_index_may_be_missing(invoke: Invoke, home: Path) -> None:
    result = invoke("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"注意  索引  {home}/default.index 里还没有索引\n      → 不用做什么：第一次提问会自动" in result.stdout
    assert result.stdout.endswith("\n0 个错误，1 处注意。\n")
    assert [path.name for path in home.iterdir()] == ["cache"]


def test_a_default_index_of_the_users_own_documents_that_lost_its_file_current_does_not_build_itself(
    home: Path, sources: Path
) -> None:
    index = home / "default.index"
    build(Settings(home, index, False), [sources])
    (index / "CURRENT").unlink()
    found = examined(home, index, named=False)
    assert found["index"].state is State.ERROR


@pytest.mark.parametrize("place", ["file", "below a file", "unreadable name"])
def test_what_is_no_folder_is_an_error(invoke: Invoke, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine")
    paths = {"file": tmp_path / "file", "below a file": tmp_path / "file" / "i", "unreadable name": "长" * 200}
    result = invoke("doctor", "--json", "--index", paths[place])
    facts = json.loads(result.stdout)
    assert (result.exit_code, result.stderr, facts["ok"]) == (1, "", False)
    assert next(check["name"] for check in facts["checks"] if check["state"] == "error") == "index"
    assert all(check["advice"] for check in facts["checks"] if check["state"] != "ok")


# -- a damaged index

KINDS = [
    *("catalog.sqlite", "vectors.faiss", "vocabulary.sqlite", "words.txt", "manifest.json", "parts/*.sqlite"),
    *(f"lexical/{name}" for name in ("meta.json", ".managed.json", "*.fast", "*.fieldnorm", "*.idx", "*.pos")),
    *("lexical/*.store", "lexical/*.term"),
]


def test_the_kinds_of_files_below_are_all_there_are(folder: Path) -> None:
    generation = Store(folder).current()
    files = {path for path in generation.rglob("*") if path.is_file() and path.name != ".tantivy-meta.lock"}
    assert files == {path for kind in KINDS for path in generation.glob(kind)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_byte_is_an_error_with_the_command_that_mends_it(invoke: Invoke, own_index: Path, kind: str) -> None:
    (path,) = Store(own_index).current().glob(kind)
    size = path.stat().st_size
    flip(path, 0 if kind == "manifest.json" else size // 2)
    result = invoke("doctor", "--json", "--index", own_index)
    checks = {check["name"]: check for check in json.loads(result.stdout)["checks"]}
    assert (result.exit_code, result.stderr) == (1, "")
    assert checks["checksums"]["state"] == "error"
    assert path.name in checks["checksums"]["found"]
    assert f"assistant build --index {own_index}" in checks["checksums"]["advice"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "manifest.json"])
def test_what_the_doctor_advises_mends_a_damaged_file(home: Path, folder: Path, kind: str) -> None:
    (path,) = Store(folder).current().glob(kind)
    flip(path, path.stat().st_size // 2)
    build(Settings(home, folder, True))
    assert not_ok(examined(home, folder)) == {"checksums": "warning"}  # the generation before


@pytest.mark.parametrize("old", ['"parts/', '"lexical/', '"vectors": "', '"max_doc": ', '"documents": ', '"name": "'])
def test_a_manifest_that_was_changed_within_is_an_error(home: Path, folder: Path, old: str) -> None:
    path = Store(folder).current() / "manifest.json"
    flip(path, path.read_bytes().index(old.encode()) + len(old))
    found = examined(home, folder)
    errors = {name for name, state in not_ok(found).items() if state == "error"}
    assert errors & {"index", "checksums", "counts"}
    assert all(str(folder) in found[name].advice for name in errors)


def test_a_file_that_is_gone_and_a_generation_that_is_gone_are_errors(home: Path, folder: Path) -> None:
    (Store(folder).current() / "vectors.faiss").unlink()
    assert not_ok(examined(home, folder)) == {"index": "error", "checksums": "error"}
    (folder / "CURRENT").write_text("generation-000009\n")
    assert not_ok(examined(home, folder)) == {"index": "error", "checksums": "error"}
    (folder / "CURRENT").write_text("../..\n")
    assert not_ok(examined(home, folder)) == {"index": "error", "checksums": "error"}


def test_a_damaged_older_generation_is_a_warning(invoke: Invoke, home: Path, folder: Path, sources: Path) -> None:
    older = Store(folder).current()
    write_files(sources, {"新.md": "新的。"})
    build(Settings(home, folder, True))
    assert not_ok(examined(home, folder)) == {}
    flip(older / "catalog.sqlite", 5000)
    found = examined(home, folder)
    assert not_ok(found) == {"checksums": "warning"}
    assert found["checksums"].found.startswith("generation-000001: catalog.sqlite: CRC; 1 个版本完好")
    assert found["checksums"].advice == f"不能退回这一版，当前版本不受影响。可以删除它：{older}"
    assert invoke("doctor", "--index", folder).exit_code == 0


def test_a_damaged_current_generation_is_an_error_though_an_older_one_answers(
    home: Path, folder: Path, sources: Path
) -> None:
    write_files(sources, {"新.md": "新的。"})
    build(Settings(home, folder, True))
    flip(Store(folder).current() / "catalog.sqlite", 5000)
    found = examined(home, folder)
    assert not_ok(found) == {"index": "error", "checksums": "error"}
    assert found["index"].found == "当前版本打不开，正用 generation-000001 回答"
    assert f"assistant build --index {folder}" in found["index"].advice
    assert "counts" not in found


def test_a_list_of_contents_that_does_not_fit_is_a_warning(home: Path, folder: Path) -> None:
    (folder / "CONTENT").write_text('["海.md"]', encoding="utf-8")
    found = examined(home, folder)
    assert not_ok(found) == {"counts": "warning"}
    assert "CONTENT" in found["counts"].found


# -- the known question


def test_a_title_without_words_is_no_hindrance(home: Path, tmp_path: Path) -> None:
    files = {"a.md": "# ！！！\n\n？？？\n", "b.md": "# ……\n\n鲸鱼住在大海。\n"}
    build(Settings(home, tmp_path / "i", True), [write_files(tmp_path / "f", files)])
    found = examined(home, tmp_path / "i")
    assert not_ok(found) == {}
    assert found["known-question"].found == "“鲸鱼住在大海。”找到了 b.md（第 1 位）"


def test_documents_of_punctuation_alone_have_nothing_to_ask_for(home: Path, tmp_path: Path) -> None:
    build(Settings(home, tmp_path / "i", True), [write_files(tmp_path / "f", {"a.md": "# ！！！\n\n？？？\n"})])
    found = examined(home, tmp_path / "i")
    assert not_ok(found) == {}
    assert found["known-question"].found == "文档里没有可以试问的词"


def test_a_title_that_many_documents_share_is_no_hindrance(home: Path, tmp_path: Path) -> None:
    files = {f"{number:03}.md": f"# 说明\n\n第{number}号鲸鱼住在大海。\n" for number in range(200, 0, -1)}
    build(Settings(home, tmp_path / "i", True), [write_files(tmp_path / "f", files)])
    assert not_ok(examined(home, tmp_path / "i")) == {}


def test_many_documents_that_begin_alike_are_no_hindrance(home: Path, tmp_path: Path) -> None:
    notice = "# 说明\n\n" + "版权所有，未经许可不得转载本文的任何部分" * 6 + "。"
    files = {f"{number:03}.md": f"{notice}\n\n第{number}号。\n" for number in range(1, 80)}
    longest = notice + "鲸鱼住在大海，苹果长在树上，火车开往远方。" * 8
    build(Settings(home, tmp_path / "i", True), [write_files(tmp_path / "f", {**files, "000.md": longest})])
    assert not_ok(examined(home, tmp_path / "i")) == {}


def test_a_document_that_its_own_words_do_not_find_is_an_error(home: Path, folder: Path) -> None:
    """The texts are others than those that the lexical index was made of, and all checksums hold."""
    generation = Store(folder).current()
    (part,) = generation.glob("parts/*.sqlite")
    with sqlite3.connect(generation / "catalog.sqlite") as catalog:
        catalog.execute("UPDATE documents SET title = '龘'")
    with sqlite3.connect(part) as passages:
        ((packed,),) = passages.execute("SELECT packed FROM blocks").fetchall()
        text = zlib.decompress(packed).decode("gb18030")
        other = "".join("龘" if "\u4e00" <= character <= "\u9fff" else character for character in text)
        passages.execute("UPDATE blocks SET packed = ?", [zlib.compress(other.encode("gb18030"))])
    for connection in (catalog, passages):
        connection.close()
    files = dict(Store(folder).manifest().files)
    for path in (generation / "catalog.sqlite", part):
        name = path.relative_to(generation).as_posix()
        files[name] = path.stat().st_size, zlib.crc32(path.read_bytes())
    rewrite(folder, files=files)
    found = examined(home, folder)
    assert not_ok(found) == {"known-question": "error"}
    assert found["known-question"].found.startswith("“龘”没有找到 ")
    assert f"assistant build 文件夹 --index {folder}" in found["known-question"].advice


# -- around the index


def test_sources_that_are_gone_are_a_warning(home: Path, folder: Path, sources: Path) -> None:
    sources.rename(sources.with_name("away"))
    found = examined(home, folder)
    assert not_ok(found) == {"sources": "warning"}
    assert found["sources"].found == f"不存在：{sources}"
    assert f"assistant build 文件夹 --index {folder}" in found["sources"].advice


def test_the_shipped_documents_of_another_installation_are_not_missed(home: Path, folder: Path) -> None:
    rewrite(folder, sources=("/elsewhere/corpus/documents",))
    assert examined(home, folder)["sources"].state is State.OK


def test_what_a_killed_build_left_is_a_warning(home: Path, folder: Path) -> None:
    (folder / ".building-4242-1").mkdir()
    found = examined(home, folder)
    assert not_ok(found) == {"leftovers": "warning"}
    assert found["leftovers"].found == "中断的更新留下了 .building-4242-1"
    build(Settings(home, folder, True))
    assert not_ok(examined(home, folder)) == {}


def test_a_build_that_is_running_is_told_and_is_no_fault(home: Path, folder: Path) -> None:
    store = Store(folder)
    with store.writing(), store.workshop():
        found = json.loads(run_assistant("doctor", "--json", "--index", folder).stdout)
    checks = {check["name"]: check for check in found["checks"]}
    assert (checks["leftovers"]["state"], checks["leftovers"]["found"]) == ("ok", "另一个进程正在更新索引")
    assert found["ok"]


def test_a_disk_that_is_nearly_full_is_a_warning(home: Path, folder: Path) -> None:
    script = """
    mount -t tmpfs -o size=1m none "$1"; cp -a "$2/." "$1"; head -c 400000 /dev/zero > "$1/other"
    exec "$PYTHON" -m assistant.cli doctor --json --index "$1"
    """
    small = folder.with_name("full.index")
    small.mkdir()
    done = in_namespace("-rm", script, small, folder)
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["space"]["state"] == "warning"
    assert checks["space"]["advice"].startswith("更新时新旧两版并存，空间可能不够。")
    assert done.returncode == 0


# -- the network


def test_a_connection_is_noted_and_one_within_the_machine_is_not(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, connections() as seen:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            pass
        with socket.socket(socket.AF_UNIX) as local, socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(tmp_path / "s"))
            listening.listen()
            local.connect(str(tmp_path / "s"))
    assert set(seen) == {f"127.0.0.1:{port}"}
    with connections() as later:
        pass
    assert later == []


def test_a_model_that_is_fetched_by_its_name_is_told_as_a_connection(home: Path, folder: Path) -> None:
    rewrite(folder, model="nobody/no-such-model")
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_refuse, args=[server], daemon=True).start()
        there = f"127.0.0.1:{server.getsockname()[1]}"
        done = run_assistant("doctor", "--json", "--index", folder, HF_ENDPOINT=f"http://{there}", HF_HUB_OFFLINE="0")
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert (done.returncode, checks["model"]["state"], checks["offline"]["state"]) == (1, "error", "warning")
    assert there in checks["offline"]["found"]
    assert "assistant build --model" in checks["offline"]["advice"]


def _refuse(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.recv(1 << 16)
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def test_an_index_of_documents_of_one_text_is_healthy(invoke: Invoke, tmp_path: Path) -> None:
    write_files(tmp_path / "files", dict.fromkeys(("a.md", "b.md"), "# 茶\n\n龙井茶产于杭州西湖。\n"))
    invoke("build", tmp_path / "files", "--index", tmp_path / "i")
    done = invoke("doctor", "--index", tmp_path / "i")
    assert done.exit_code == 0, done.stdout
