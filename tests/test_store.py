import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import IndexMissingError, IndexUnusableError, InputError, StorageError
from corpus.lexicon import Lexicon
from corpus.words import Segmenter
from index import parts, updating
from index.building import rules_fingerprint
from index.manifest import FORMAT, Manifest, Origin, Part
from index.report import Report
from index.search import Hit
from index.store import KEPT, Opened, Store
from tests.conftest import ROOT, Keywords, build_index, in_namespace, query, write_files

FILES = {"a.md": "# 海\n\n鲸鱼住在大海。\n", "b.md": "苹果很甜。\n", "子/c.txt": "火车很快。\n"}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files", FILES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "an index"


@pytest.fixture
def build(folder: Path, sources: Path, segmenter: Segmenter, keywords: Keywords) -> Callable[[], Report]:
    return lambda: build_index(folder, sources, segmenter, keywords)


def search(opened: Opened, segmenter: Segmenter, question: str) -> list[Hit]:
    return opened.searcher.search(query(question, segmenter), k=20)


def found(folder: Path, segmenter: Segmenter, embedder: Keywords, question: str) -> tuple[list[str], str]:
    """Return the texts that an index finds, best first, and its fault."""
    opened = Store(folder).open(segmenter, embedder)
    texts = [hit.passage.text for hit in search(opened, segmenter, question) if hit.score > 0]
    opened.searcher.close()
    return texts, opened.fault


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("generation-*"))


# -- what a build makes


def test_a_built_index_opens_and_finds(build, folder: Path, segmenter: Segmenter, keywords: Keywords) -> None:
    report = build()
    assert report.added == ("a.md", "b.md", "子/c.txt")
    assert (report.documents, report.passages, report.skipped) == (3, 3, ())
    assert found(folder, segmenter, keywords, "鲸鱼") == (["鲸鱼住在大海。"], "")
    assert sorted(path.name for path in folder.iterdir()) == ["CONTENT", "CURRENT", "generation-000001", "lock"]


def test_the_manifest_tells_how_it_was_made(build, folder: Path, sources: Path, segmenter: Segmenter) -> None:
    build()
    manifest = Store(folder).manifest()
    generation = folder / "generation-000001"
    files = {
        path.relative_to(generation).as_posix(): (path.stat().st_size, zlib.crc32(path.read_bytes()))
        for path in generation.rglob("*")
        if path.is_file() and path.name != "manifest.json" and not path.name.startswith(".tantivy")
    }
    (part,) = manifest.parts
    segment = str(part.segments[0]["segment_id"]).replace("-", "")
    written = {"catalog.sqlite", "vectors.faiss", "vocabulary.sqlite", "words.txt", "lexical/meta.json"}
    written |= {"lexical/.managed.json", *part.files}
    assert set(files) == written
    assert part.files[0] == f"parts/{part.name}.sqlite"
    assert {name.split(".")[0] for name in part.files[1:]} == {f"lexical/{segment}"}
    assert manifest == Manifest(
        format=FORMAT,
        created=manifest.created,
        model="",
        model_fingerprint="keywords",
        words_fingerprint=segmenter.fingerprint,
        rules_fingerprint=rules_fingerprint(),
        vectors="float32",
        sources=(str(sources),),
        excluded=(),
        raw=False,
        documents=3,
        passages=3,
        parts=(Part(part.name, 3, 3, part.segments, part.files),),
        files=files,
    )
    assert Manifest.from_json(manifest.to_json()) == manifest


def test_titles_headings_and_aliases_are_searched_too(
    folder: Path, tmp_path: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    text = "---\ntitle: 龙舟\naliases: [划艇]\n---\n## 端午\n\n它很长。\n\n## 中秋\n\n它很圆。\n"
    build_index(folder, write_files(tmp_path / "f", {"a.md": text}), segmenter, keywords)
    assert sorted(found(folder, segmenter, keywords, "龙舟")[0]) == ["它很圆。", "它很长。"]
    assert sorted(found(folder, segmenter, keywords, "划艇")[0]) == ["它很圆。", "它很长。"]
    assert found(folder, segmenter, keywords, "端午")[0] == ["它很长。"]


def test_a_report_tells_added_changed_removed_unchanged_and_skipped(build, sources: Path) -> None:
    build()
    (sources / "a.md").write_text("# 海\n\n鲨鱼。\n", encoding="utf-8")
    (sources / "b.md").unlink()
    write_files(sources, {"新.md": "新的。", "图.png": ""})
    report = build()
    assert (report.added, report.changed, report.removed, report.unchanged) == (
        ("新.md",),
        ("a.md",),
        ("b.md",),
        ("子/c.txt",),
    )
    assert [skipped.path for skipped in report.skipped] == ["图.png"]


def test_what_was_removed_or_changed_is_never_found_again(
    build, folder: Path, sources: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    build()
    (sources / "a.md").unlink()
    (sources / "b.md").write_text("香蕉很甜。\n", encoding="utf-8")
    build()
    assert found(folder, segmenter, keywords, "鲸鱼大海")[0] == []
    assert found(folder, segmenter, keywords, "苹果")[0] == []
    assert found(folder, segmenter, keywords, "香蕉")[0] == ["香蕉很甜。"]
    opened = Store(folder).open(segmenter, keywords)
    assert opened.searcher.catalog.document("a.md") is None
    opened.searcher.close()


def test_a_dry_run_reports_and_changes_no_byte(
    build, folder: Path, sources: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    build()
    write_files(sources, {"d.md": "新的。"})
    before = content(folder)
    report = updating.build(Store(folder), [sources], segmenter, keywords, dry_run=True)
    assert (report.added, report.unchanged) == (("d.md",), ("a.md", "b.md", "子/c.txt"))
    assert content(folder) == before


def test_progress_names_both_steps_and_reaches_their_ends(
    folder: Path, sources: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    steps: list[tuple[str, int, int]] = []
    store = Store(folder)
    with store.writing():
        updating.build(store, [sources], segmenter, keywords, progress=lambda *step: steps.append(step))
    assert steps == [("index", 3, 3), ("bytes", 61, 61), *(("finish", done, 5) for done in (1, 2, 3, 4, 5))]


def test_only_the_last_generations_stay(build, folder: Path, sources: Path) -> None:
    for number in range(KEPT + 2):
        write_files(sources, {"new.md": f"第{number}版。"})
        build()
    assert generations(folder) == ["generation-000003", "generation-000004", "generation-000005"]
    assert (folder / "CURRENT").read_text().split()[0] == "generation-000005"


def test_more_passages_than_one_batch_keep_their_vectors_in_order(
    folder: Path, tmp_path: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    words = ["鲸鱼", "苹果", "火车"]
    files = {f"{n:04}.md": f"{words[n % 3]}{n}。" for n in range(parts._BATCH + 5)}
    build_index(folder, write_files(tmp_path / "many", files), segmenter, keywords)
    opened = Store(folder).open(segmenter, keywords)
    hits = search(opened, segmenter, "火车")
    assert [hit.reasons.cosine for hit in hits] == [1.0] * 20
    last = opened.searcher.search(query("鲸鱼", segmenter), k=50)
    assert {hit.passage.text[:2] for hit in last} == {"鲸鱼"}
    opened.searcher.close()


# -- what is refused


def rewrite(manifest: Path, text: str) -> None:
    """Write another manifest for the current generation, as if it had been made so."""
    manifest.write_text(text, encoding="utf-8")
    current = f"{manifest.parent.name} {zlib.crc32(text.encode()):08x}\n"
    (manifest.parent.parent / "CURRENT").write_text(current, encoding="utf-8")


def refusal(folder: Path, segmenter: Segmenter, embedder: Keywords) -> IndexUnusableError:
    with pytest.raises(IndexUnusableError) as caught:
        Store(folder).open(segmenter, embedder)
    return caught.value


def test_another_model_is_refused_with_the_command_that_mends_it(build, folder: Path, segmenter: Segmenter) -> None:
    build()
    error = refusal(folder, segmenter, Keywords("鲸鱼", "苹果", "火车", fingerprint="other"))
    assert error.key == "index-model"
    assert f"assistant build --index {folder}" in str(error)
    assert "other" in str(error)


def test_another_dictionary_is_refused_with_the_command_that_mends_it(
    build, folder: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    build()
    path = folder / "generation-000001" / "manifest.json"
    manifest = Manifest.from_json(path.read_text(encoding="utf-8"))
    rewrite(path, replace(manifest, words_fingerprint="of another jieba").to_json())
    error = refusal(folder, segmenter, keywords)
    assert error.key == "index-words"
    assert f"assistant build --index {folder}" in str(error)


def test_another_word_list_is_no_hindrance_and_the_index_tells_its_own(
    folder: Path, sources: Path, cache: Path, keywords: Keywords
) -> None:
    former = Segmenter(Lexicon(frozenset({"旧词", "new york"}), frozenset(), ()), cache=cache)
    build_index(folder, sources, former, keywords)
    opened = Store(folder).open(Segmenter(Lexicon(frozenset({"新词"}), frozenset(), ()), cache=cache), keywords)
    assert opened.words == {"旧词", "new york"}
    assert opened.manifest.words_fingerprint == former.fingerprint
    opened.searcher.close()


def test_a_missing_word_list_is_a_damage(build, folder: Path, segmenter: Segmenter, keywords: Keywords) -> None:
    build()
    (folder / "generation-000001" / "words.txt").unlink()
    assert refusal(folder, segmenter, keywords).key == "index-damaged"


@pytest.mark.parametrize(
    "change", [{"format": FORMAT + 1, "checksum": None}, {"format": 2, "later": 1, "checksum": None}]
)
def test_another_format_is_refused_with_the_command_that_mends_it(
    build, folder: Path, sources: Path, segmenter: Segmenter, keywords: Keywords, change: dict[str, int]
) -> None:
    build()
    write_files(sources, {"new.md": "新的。"})
    build()
    path = folder / "generation-000002" / "manifest.json"
    rewrite(path, json.dumps({**json.loads(path.read_text(encoding="utf-8")), **change, "checksum": None}))
    error = refusal(folder, segmenter, keywords)
    assert error.key == "index-format"
    assert f"assistant build --index {folder}" in str(error)


def test_no_index_is_a_missing_one(folder: Path, segmenter: Segmenter, keywords: Keywords) -> None:
    with pytest.raises(IndexMissingError, match="assistant build 文件夹 --index"):
        Store(folder).open(segmenter, keywords)
    folder.mkdir()
    with pytest.raises(IndexMissingError, match="assistant build 文件夹 --index"):
        Store(folder).open(segmenter, keywords)


def test_an_index_is_not_put_among_source_code_nor_into_a_file(
    tmp_path: Path, sources: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    package = write_files(tmp_path / "package", {"__init__.py": ""})
    with pytest.raises(StorageError, match="源码"):
        build_index(package, sources, segmenter, keywords)
    assert [path.name for path in package.iterdir()] == ["__init__.py"]
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(StorageError, match="不是文件夹"):
        build_index(file, sources, segmenter, keywords)
    with pytest.raises(StorageError, match="不是文件夹"):
        Store(file).open(segmenter, keywords)
    assert file.read_text() == "mine"


def test_sources_without_a_readable_document_leave_the_index_alone(
    build, folder: Path, tmp_path: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    build()
    before = content(folder)
    nothing = write_files(tmp_path / "nothing", {"x.png": ""})
    with pytest.raises(InputError, match="没有可以读的文档（跳过 1 个文件）"):
        build_index(folder, nothing, segmenter, keywords)
    with pytest.raises(InputError, match="没有这个路径"):
        build_index(folder, tmp_path / "missing", segmenter, keywords)
    assert content(folder) == before


# -- damage


PARTS = ["catalog.sqlite", "vectors.faiss", "manifest.json", "lexical/meta.json", "lexical/*.store", "lexical/*.term"]
DAMAGES = {"cut": lambda data: data[: len(data) // 2], "empty": lambda data: b"", "gone": None}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("part", PARTS)
def test_the_previous_generation_answers_where_a_file_is_damaged_and_a_build_mends_it(
    build, folder: Path, sources: Path, segmenter: Segmenter, keywords: Keywords, part: str, damage: str
) -> None:
    build()
    (sources / "b.md").write_text("香蕉很甜。\n", encoding="utf-8")
    build()
    (path,) = (folder / "generation-000002").glob(part)
    if change := DAMAGES[damage]:
        path.write_bytes(change(path.read_bytes()))
    else:
        path.unlink()
    texts, fault = found(folder, segmenter, keywords, "苹果")
    assert texts == ["苹果很甜。"]
    assert "已损坏" in fault
    assert fault.endswith("正在用上一版索引回答。")
    assert f"assistant build --index {folder}" in fault
    build()
    assert found(folder, segmenter, keywords, "香蕉") == (["香蕉很甜。"], "")


def test_a_removed_document_stays_hidden_where_an_older_generation_has_to_answer(
    build, folder: Path, sources: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    build()
    (sources / "a.md").unlink()
    build()
    (folder / "generation-000002" / "vectors.faiss").write_bytes(b"")
    assert found(folder, segmenter, keywords, "鲸鱼大海") == ([], found(folder, segmenter, keywords, "苹果")[1])
    opened = Store(folder).open(segmenter, keywords)
    assert "generation-000001" in str(opened.generation)
    assert [entry.id for entry in opened.searcher.catalog.documents()] == ["b.md", "子/c.txt"]
    assert opened.searcher.catalog.document("a.md") is None
    assert opened.searcher.catalog.passages_of("a.md") == []
    opened.searcher.close()
    (folder / "CONTENT").write_bytes(b"[")  # what was removed since cannot be known: nothing older may answer
    assert refusal(folder, segmenter, keywords).key == "index-damaged"


@pytest.mark.parametrize("part", PARTS)
def test_without_a_previous_generation_damage_is_told_with_the_command_that_mends_it(
    build, folder: Path, segmenter: Segmenter, keywords: Keywords, part: str
) -> None:
    build()
    (path,) = (folder / "generation-000001").glob(part)
    path.write_bytes(path.read_bytes()[:-7])
    error = refusal(folder, segmenter, keywords)
    assert error.key == "index-damaged"
    assert f"assistant build --index {folder}" in str(error)


@pytest.mark.parametrize("name", ["", "\0" * 18, "../../etc", "generation-000009", "\ud800"])
def test_a_damaged_name_of_the_current_generation_leaves_an_older_one_answering(
    build, folder: Path, segmenter: Segmenter, keywords: Keywords, name: str
) -> None:
    build()
    (folder / "CURRENT").write_bytes(name.encode("utf-8", "surrogatepass"))
    texts, fault = found(folder, segmenter, keywords, "苹果")
    assert texts == ["苹果很甜。"]
    assert "已损坏" in fault


def test_an_older_generation_is_believed_only_where_its_checksums_hold(
    build, folder: Path, sources: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    build()
    write_files(sources, {"new.md": "新的。"})
    build()
    (folder / "generation-000002" / "vectors.faiss").unlink()
    older = folder / "generation-000001" / "vectors.faiss"
    older.write_bytes(older.read_bytes()[:-1] + b"\x7f")  # as long as it was
    assert refusal(folder, segmenter, keywords).key == "index-damaged"


def test_the_sources_are_remembered_from_an_older_generation_or_another_format(
    build, folder: Path, sources: Path
) -> None:
    store = Store(folder)
    assert store.remembered() is None
    build()
    write_files(sources, {"new.md": "新的。"})
    build()
    assert store.remembered() == Origin((sources,))
    newest = folder / "generation-000002" / "manifest.json"
    newest.write_text('{"format": 9, "sources": ["/elsewhere"], "model": "m", "more": 1}')
    assert store.remembered() == Origin((Path("/elsewhere"),), "m")
    newest.write_text("{")
    assert store.remembered() == Origin((sources,))
    shutil.rmtree(folder / "generation-000001")
    assert store.remembered() is None


# -- writers, and what may stop them

WRITER = """
import sys, time
from pathlib import Path
from corpus.lexicon import SHIPPED, Lexicon
from corpus.words import Segmenter
from index.embedding import load
from index import updating
from index.store import Store
segmenter = Segmenter(Lexicon.load(SHIPPED), cache=Path(sys.argv[3]))
store = Store(Path(sys.argv[1]))
def progress(step, done, total):
    if step == "finish" and done == 2:
        print("halfway", flush=True)
        time.sleep(60)
with store.writing():
    updating.build(store, [Path(sys.argv[2])], segmenter, load(None, segmenter), progress=progress)
"""


@pytest.fixture
def halfway(folder: Path, sources: Path, cache: Path):
    """Start another process that stops in the middle of a build."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", WRITER, str(folder), str(sources), str(cache)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"halfway\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_writer_is_refused_while_readers_go_on(
    build, halfway, folder: Path, sources: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    build()
    halfway()
    waited: list[bool] = []
    with (
        pytest.raises(StorageError, match="--wait"),
        Store(folder).writing(wait=0.2, waiting=lambda: waited.append(True)),
    ):
        pass
    assert waited == [True]
    assert found(folder, segmenter, keywords, "鲸鱼") == (["鲸鱼住在大海。"], "")


def test_a_writer_killed_in_the_middle_leaves_the_old_index_and_the_next_one_cleans_up(
    build, halfway, folder: Path, segmenter: Segmenter, keywords: Keywords
) -> None:
    build()
    writer = halfway()
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert len(list(folder.glob(".building*"))) == 1
    assert found(folder, segmenter, keywords, "鲸鱼") == (["鲸鱼住在大海。"], "")
    assert build().unchanged == ("a.md", "b.md", "子/c.txt")
    assert sorted(path.name for path in folder.iterdir()) == ["CONTENT", "CURRENT", "generation-000001", "lock"]


CLI = 'exec "$PYTHON" -W error::ResourceWarning -m assistant.cli'


def test_on_a_full_disk_the_old_index_goes_on_answering(tmp_path: Path, sources: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"""
    mount -t tmpfs -o size=600k none "$1"
    ("$PYTHON" -m assistant.cli build "$2" --index "$1/i" >/dev/null 2>&1)
    head -c 10m /dev/zero > "$1/filler" 2>/dev/null || true
    for room in 0 20 200; do
        truncate -s 0 "$1/filler"; head -c 10m /dev/zero > "$1/filler" 2>/dev/null || true
        truncate -s "-${{room}}K" "$1/filler"
        status=0; "$PYTHON" -m assistant.cli build "$3" --index "$1/i" >/dev/null || status=$?
        echo "$status" >&2
    done
    {CLI} ask --json --index "$1/i" 鲸鱼住在哪里
    """
    large = write_files(tmp_path / "large", {f"{n}.md": f"第{n}头鲸鱼。" * 400 for n in range(60)})
    done = in_namespace("-rm", script, disk, sources, large)
    lines = done.stderr.decode().splitlines()
    full = f"错误：磁盘已满，无法写入 {disk}/i。请腾出空间后再运行；原来的索引没有改动。"
    assert lines == [full, "1"] * 3
    assert done.returncode in (0, 3)
    answer = json.loads(done.stdout)
    assert answer["passages"][0]["text"] == "鲸鱼住在大海。"


def test_a_read_only_disk_is_told_and_the_index_on_it_answers(build, tmp_path: Path, sources: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    script = f"""
    "$PYTHON" -m assistant.cli build "$2" --index "$1/i" >/dev/null
    mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"
    for index in i new; do
        status=0; "$PYTHON" -m assistant.cli build "$2" --index "$1/$index" >/dev/null || status=$?
        echo "$status" >&2
    done
    {CLI} ask --json --index "$1/i" 鲸鱼住在哪里
    """
    done = in_namespace("-rm", script, place, sources)
    lines = done.stderr.decode().splitlines()
    assert [line.split("。")[0] for line in lines] == [
        *(f"错误：没有写入 {place}/i 的权限", "1"),
        *(f"错误：没有写入 {place}/new 的权限", "1"),
    ]
    assert json.loads(done.stdout)["passages"][0]["text"] == "鲸鱼住在大海。"


# -- any sequence of changes


def told(manifest: Manifest) -> Manifest:
    """What a manifest tells, without times and the names that tantivy makes up."""
    parts = tuple(replace(part, segments=(), files=()) for part in manifest.parts)
    return replace(manifest, created="", files={}, parts=parts)


def tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the catalogue and of the vocabulary."""
    found = {}
    for name in ("catalog.sqlite", "vocabulary.sqlite"):
        with closing(sqlite3.connect(Store(folder).current() / name)) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                found[f"{name} {table}"] = sorted(connection.execute(f"SELECT * FROM {table}").fetchall())
    return found


STEP = st.tuples(
    st.sampled_from(["1.md", "2.md", "3.txt"]), st.sampled_from(["", "鲸鱼。", "苹果。火车。", "# 海\n\n火车苹果。"])
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(STEP, min_size=1, max_size=3), min_size=2, max_size=4))
def test_any_changes_end_in_the_index_that_a_build_from_nothing_makes(
    tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter, steps: list[list[tuple[str, str]]]
) -> None:
    keywords = Keywords("鲸鱼", "苹果", "火车")
    base = tmp_path_factory.mktemp("changes")
    sources = write_files(base / "files", {"stays.md": "章鱼。"})
    state: dict[str, str] = {"stays.md": "章鱼。"}
    for step in steps:
        before = dict(state)
        for name, text in step:
            if text:
                write_files(sources, {name: text})
                state[name] = text
            else:
                (sources / name).unlink(missing_ok=True)
                state.pop(name, None)
        report = build_index(base / "grown", sources, segmenter, keywords)
        if step is not steps[0]:
            assert {*report.added, *(now for _, now in report.renamed)} == set(state) - set(before)
            assert {*report.removed, *(former for former, _ in report.renamed)} == set(before) - set(state)
            assert all(before[former] == state[now] for former, now in report.renamed)
            assert set(report.unchanged) | set(report.changed) == set(before) & set(state)
            assert set(report.changed) <= {id for id in state if state[id] != before.get(id)}
    build_index(base / "fresh", sources, segmenter, keywords)
    grown, fresh = (Store(base / name).open(segmenter, keywords) for name in ("grown", "fresh"))
    assert grown.searcher.catalog.documents() == fresh.searcher.catalog.documents()
    for id in state:
        assert grown.searcher.catalog.document(id) == fresh.searcher.catalog.document(id)
    for question in ("鲸鱼", "苹果火车", "海"):
        assert search(grown, segmenter, question) == search(fresh, segmenter, question)
    assert tables(base / "grown") == tables(base / "fresh")
    assert told(grown.manifest) == told(fresh.manifest)
    grown.searcher.close()
    fresh.searcher.close()
    shutil.rmtree(base)


def test_the_lock_is_free_once_a_writer_is_done(build, folder: Path) -> None:
    build()
    with Store(folder).writing():
        assert os.path.lexists(folder / "lock")
    with Store(folder).writing():
        pass
