"""Real faults, mostly in processes of their own: killed builds, full and spoilt disks, clocks, odd names, races."""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.assistant import build
from assistant.live import Live
from assistant.settings import Settings
from corpus.document import Document, Passage
from corpus.errors import AssistantError, IndexMissingError
from corpus.words import Segmenter
from index import parts, stamps, updating
from index.catalog import Catalog
from index.database import DamagedError
from index.embedding import StaticModel
from index.lexical import LexicalIndex
from index.store import KEPT, Store
from tests.conftest import ROOT, Invoke, Keywords, build_index, in_namespace, query, run_assistant, write_files

MARK = "FAULTS_MARK"  # a variable of the environment by which the processes of one build are found
TWO_WORKERS = """
import sys
import index.building, index.parts
index.building._PARALLEL, index.building.cores, index.parts.SIZE = 0, lambda: 2, {size}
from assistant.cli import main
main(sys.argv[1:], prog_name="assistant")
"""
HALFWAY = """
import sys
from index import updating
write_generation = updating.write_generation
def halfway(*arguments):
    print("halfway", file=sys.stderr, flush=True)
    sys.stdin.readline()
    return write_generation(*arguments)
updating.write_generation = halfway
from assistant.cli import main
main(sys.argv[1:], prog_name="assistant")
"""


def start(*command: object, **environment: str) -> subprocess.Popen[str]:
    """Start Python with pipes; leave it by `with`, which waits for its end."""
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        cwd=ROOT,
        text=True,
        encoding="utf-8",
    )


def texts(folder: Path, segmenter: Segmenter, embedder: object) -> dict[str, str]:
    """Return the text of every document of an index that opens without a fault, once its passages have been read."""
    opened = Store(folder).open(segmenter, embedder)  # type: ignore[arg-type]
    try:
        assert opened.fault == ""
        catalog = opened.searcher.catalog
        found = {}
        for entry in catalog.documents():
            document = catalog.document(entry.id)
            assert document is not None
            for passage in catalog.passages_of(entry.id):
                assert document.text[passage.start : passage.end] == passage.text
            found[entry.id] = document.text.removesuffix("\n")  # which every text ends with
        return found
    finally:
        opened.searcher.close()


def holders(folder: Path, segmenter: Segmenter, embedder: object, word: str) -> set[str]:
    """Return the documents whose passages an index finds for a word that stands in them."""
    opened = Store(folder).open(segmenter, embedder)  # type: ignore[arg-type]
    try:
        hits = opened.searcher.search(query(word, segmenter), k=200)
        return {hit.passage.document for hit in hits if word in hit.passage.text}
    finally:
        opened.searcher.close()


def ids(generation: Path) -> list[str]:
    """Return the documents of a generation."""
    with closing(Catalog(generation, Store(generation.parent).manifest(generation))) as catalog:
        return [entry.id for entry in catalog.documents()]


def leftovers(folder: Path) -> list[str]:
    """Return what lies in an index beside its generations and the files that belong there."""
    kept = {"CURRENT", "CONTENT", "STAMPS", "lock"}
    return sorted(path.name for path in folder.iterdir() if path.name not in kept and path.name[:11] != "generation-")


# -- killed


@dataclass
class Lane:
    """An index whose sources have a new version before every build, which may be killed."""

    base: Path
    version: int = 0

    @property
    def index(self) -> Path:
        return self.base / "index"

    def files(self, version: int) -> dict[str, str]:
        """Return a version's documents: one of its own, a third that it changes, and the others as they ever were."""
        found = {f"{n:02}.md": f"鲸鱼{n}住在大海。" for n in range(40)}
        found |= {f"{n:02}.md": f"{word(version)}是第{n}版。" for n in range(version % 3, 40, 3)}
        return {**found, f"only-{version}.md": f"{word(version)}只在这里。"}

    def next(self) -> int:
        self.version += 1
        shutil.rmtree(self.base / "files", ignore_errors=True)
        write_files(self.base / "files", self.files(self.version))
        return self.version

    def build(self, mark: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", TWO_WORKERS.format(size=1200), "build", self.base / "files"]
        return subprocess.Popen(
            [*command, "--index", self.index],
            env={**os.environ, MARK: mark},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def word(version: int) -> str:
    """Return the marker word of a version; none holds another."""
    return "quagga" + chr(97 + version // 26) + chr(97 + version % 26)


def processes(mark: str) -> list[str]:
    """Return the command lines of the processes that were started with this mark."""
    found = []
    wanted = f"{MARK}={mark}".encode()
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdecimal() and wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it is gone, or is not ours
            continue
    return found


def wait_for_the_end(mark: str, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while left := processes(mark):
        assert time.monotonic() < end, f"still alive after {seconds} s: {left}"
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc (Linux)")
def test_control_c_ends_a_build_and_its_workers_and_leaves_the_old_index(
    tmp_path: Path, segmenter: Segmenter, static_model: StaticModel
) -> None:
    lane = Lane(tmp_path)
    first = lane.next()
    with lane.build("first") as process:
        assert process.wait() == 0
    lane.next()
    pausing = TWO_WORKERS.format(size=1200).replace(
        "from assistant.cli",
        "import time\nfrom assistant import cli\n"
        "from contextlib import contextmanager\n"
        "@contextmanager\n"
        "def slow():\n"
        "    yield lambda *step: (print('working', file=sys.stderr, flush=True), time.sleep(30))\n"
        "cli._progress = slow\nfrom assistant.cli",
    )
    process = subprocess.Popen(
        [sys.executable, "-c", pausing, "build", lane.base / "files", "--index", lane.index],
        env={**os.environ, MARK: "interrupted"},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,  # a terminal sends Ctrl-C to a whole group
        text=True,
        encoding="utf-8",
    )
    with process:
        assert process.stderr is not None
        assert process.stderr.readline() == "working\n"
        os.killpg(process.pid, signal.SIGINT)
        told = process.stderr.read().strip().splitlines()
        assert (process.wait(), told) == (1, ["已中断；原来的索引没有改动。"])
    wait_for_the_end("interrupted")
    assert leftovers(lane.index) == []
    found = texts(lane.index, segmenter, static_model)
    assert set(found) == set(lane.files(first))
    assert holders(lane.index, segmenter, static_model, word(first)) == {
        id for id, text in lane.files(first).items() if word(first) in text
    }


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc (Linux)")
def test_a_build_killed_at_any_of_50_moments_leaves_the_old_index_or_the_new_one_and_no_process(
    tmp_path: Path, segmenter: Segmenter, static_model: StaticModel
) -> None:
    lanes = [Lane(tmp_path / name) for name in ("one", "two")]
    outcomes: Counter[str] = Counter()

    def whole(lane: Lane) -> float:
        lane.next()
        started = time.monotonic()
        assert lane.build(f"{lane.base}").wait(60) == 0
        return time.monotonic() - started

    def killed(lane: Lane, delays: list[float]) -> None:
        stands: int | None = lane.version
        for number, delay in enumerate(delays):
            if number % 8 == 7:  # now and then a first build
                shutil.rmtree(lane.index)
                stands = None
            version, mark = lane.next(), f"{lane.base}-{number}"
            process = lane.build(mark)
            try:
                process.wait(delay)
                outcomes["was done"] += 1
            except subprocess.TimeoutExpired:
                outcomes["had workers"] += any("multiprocessing" in line for line in processes(mark))
            process.send_signal(signal.SIGKILL)
            process.wait()
            try:
                found = texts(lane.index, segmenter, static_model)
            except IndexMissingError:
                assert stands is None
                found = {}
            else:
                former, stands = stands, version if f"only-{version}.md" in found else stands
                assert stands is not None
                assert found == lane.files(stands)
                assert holders(lane.index, segmenter, static_model, word(stands)) == {
                    id for id, text in lane.files(stands).items() if word(stands) in text
                }
                outcomes["new" if stands == version else "old"] += 1
                assert stands in {former, version}
            wait_for_the_end(mark)

    with ThreadPoolExecutor(len(lanes)) as pool:
        longest = max(pool.map(whole, lanes))  # side by side, as they go on
        chance = random.Random(20240607)
        delays = [longest * (number + chance.random()) / 50 for number in range(50)]
        chance.shuffle(delays)
        for done in [pool.submit(killed, lane, delays[number::2]) for number, lane in enumerate(lanes)]:
            done.result()
    assert outcomes["old"] > 2
    assert outcomes["had workers"] > 2
    for lane in lanes:
        version = lane.next()
        done = run_assistant("build", lane.base / "files", "--index", lane.index, "--json")
        assert (done.returncode, done.stderr) == (0, b"")
        assert json.loads(done.stdout)["documents"] == 41
        assert leftovers(lane.index) == []
        assert texts(lane.index, segmenter, static_model) == lane.files(version)


# The same without chance: a process of its own is killed before its n-th change of the folder of the index.
DIES = """
import os, shutil, signal, sys, time
from pathlib import Path
from corpus.lexicon import SHIPPED, Lexicon
from corpus.words import Segmenter
from index import embedding, parts, updating
from index.embedding import StaticModel
from index.store import Store

base, cache = Path(sys.argv[1]), Path(sys.argv[2])
segmenter = Segmenter(Lexicon.load(SHIPPED), cache=cache)
model = StaticModel.load(embedding.SHIPPED, segmenter)
parts.SIZE = 60

def do(what, dies):
    folder, left = base / what / "index", [dies]

    def watch(event, arguments):
        if event == "open":
            changes = isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        else:
            changes = event in {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "sqlite3.connect"}
        if changes:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    store = Store(folder)
    sys.addaudithook(watch)
    with store.writing():
        if what == "rollback":
            store.rollback()
        else:
            updating.build(store, [base / what / "files"], segmenter, model, purge=what == "purge")

what, step = sys.argv[3], int(sys.argv[4])
shutil.copytree(base / what / "index", base / what / "before")
for dies in range(0, 10_000, step):
    shutil.rmtree(base / what / "index")
    shutil.copytree(base / what / "before", base / what / "index")
    child = os.fork()
    if not child:
        try:
            do(what, dies)
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(dies, status, flush=True)
    if sys.stdin.readline() != "on\\n" or status >= 0:
        break
"""


@pytest.mark.parametrize(("what", "step"), [("build", 3), ("rollback", 1), ("purge", 7)])
def test_what_is_killed_before_any_of_its_changes_to_the_disk_leaves_an_index_that_is_whole(
    tmp_path: Path,
    cache: Path,
    segmenter: Segmenter,
    static_model: StaticModel,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    step: int,
) -> None:
    monkeypatch.setattr(parts, "SIZE", 60)
    index, sources = tmp_path / what / "index", tmp_path / what / "files"
    first = {"a.md": "鲸鱼住在大海。", "b.md": "苹果很甜。", "c.md": "火车很快。", "d.md": "秘密。"}
    write_files(sources, first)
    build_index(index, sources, segmenter, static_model)
    (sources / "d.md").unlink()
    second = {**first, "a.md": "鲨鱼住在大海。"}
    del second["d.md"]
    write_files(sources, second)
    build_index(index, sources, segmenter, static_model)
    third = {**second, "b.md": "香蕉很甜。", "e.md": "新的。"}
    if what != "rollback":
        write_files(sources, third)
    target = first if what == "rollback" else third
    seen = Counter()
    with start("-c", DIES, tmp_path, cache, what, step) as process:
        assert process.stdin
        assert process.stdout
        for line in process.stdout:
            _, status = map(int, line.split())
            assert status in {0, -signal.SIGKILL}
            now = texts(index, segmenter, static_model)
            assert now in ([target] if status == 0 else [second, target])
            seen[status, now == target] += 1
            if status and seen.total() % 7 == 0:  # what was left hinders no one
                with Store(index).writing():
                    updating.build(Store(index), [sources], segmenter, static_model, purge=what == "purge")
                assert leftovers(index) == []
                held = {id for one in Store(index).generations() for id in ids(one)}
                assert ("d.md" in held) == (what != "purge")
                assert texts(index, segmenter, static_model) == (second if what == "rollback" else third)
            process.stdin.write("on\n")
            process.stdin.flush()
            if status == 0:
                break
        _, fault = process.communicate()
    assert fault == ""
    assert process.returncode == 0
    assert seen[0, True] == 1
    assert seen[-9, False] > 3 or what == "rollback"
    assert seen[-9, True] > 3 or what != "purge"


# -- the disk full

ROOMS = """
import io, json, os, sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from assistant import Assistant
from assistant.cli import main

disk, rooms = Path(sys.argv[1]), sys.argv[2].split()
index, filler = disk / "i", disk / "filler"
ids = lambda: [entry.id for entry in opened.documents()]
for room in [*map(int, rooms), None]:
    filler.unlink(missing_ok=True)
    if room is not None:
        with open(filler, "wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)) == 4096: pass
            except OSError: pass
            size = file.tell() // 4096 * 4096
            file.truncate(max(0, size - room * 1024))
    out, told = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(told):
        try:
            main(["build", "--index", str(index)], standalone_mode=False)
            status = 0
        except SystemExit as error:
            status = error.code
    notes = []
    opened = Assistant.open(index, note=notes.append)
    facts = {"room": room, "status": status, "told": told.getvalue(), "notes": notes, "documents": ids()}
    facts["passage"] = opened.ask("鲸鱼住在哪里").hits[0].passage.text
    opened.close()
    facts["left"] = sorted(path.name for path in index.iterdir())
    print(json.dumps(facts), flush=True)
"""


@pytest.mark.parametrize("size", ["1m", "3m"])
def test_where_the_disk_fills_during_an_update_the_old_index_answers_and_the_message_names_the_disk(
    tmp_path: Path, size: str
) -> None:
    disk, sources = tmp_path / "disk", write_files(tmp_path / "files", {"a.md": "鲸鱼住在大海。", "b.md": "苹果。"})
    disk.mkdir()
    write_files(tmp_path / "more", {f"{n}.md": f"第{n}列火车开得很快。" * 40 for n in range(20)})
    script = f"""
    mount -t tmpfs -o size={size} none "$1"
    "$PYTHON" -m assistant.cli build "$2" --index "$1/i" >/dev/null
    cp "$3"/* "$2"
    exec "$PYTHON" -W error::ResourceWarning -c "$4" "$1" "$5"
    """
    rooms = "0 4 12 20 24 28 40 80 160 240 320 400 440 480 520"
    done = in_namespace("-rm", script, disk, sources, tmp_path / "more", ROOMS, rooms)
    assert (done.returncode, done.stderr) == (0, b"")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    full = f"错误：磁盘已满，无法写入 {disk}/i。请腾出空间后再运行；原来的索引没有改动。\n"
    failed = 0
    for one in found:
        assert one["notes"] == []
        assert one["passage"] == "鲸鱼住在大海。"
        if one["status"]:
            assert (one["told"], one["documents"]) == (full, ["a.md", "b.md"])
            failed += 1
        else:
            assert (one["told"], len(one["documents"])) == ("", 22)
    assert failed >= 5
    assert found[-1]["status"] == 0
    assert found[-1]["left"][0] == "CONTENT"  # no folder that was built in, and no half-written file


# -- spoilt bytes

QUESTIONS = ("鲸鱼", "苹果", "秘密山洞", "大海火车", "新的章鱼")
Look = tuple[str, dict[str, tuple[Document | None, tuple[Passage, ...]]], tuple[frozenset[Passage], ...]]


def look(folder: Path, segmenter: Segmenter, embedder: object) -> tuple[Look, str]:
    """Read everything of an index: which generation it is, all documents and passages, what is found; the fault."""
    opened = Store(folder).open(segmenter, embedder)  # type: ignore[arg-type]
    try:
        catalog = opened.searcher.catalog
        every = {
            entry.id: (catalog.document(entry.id), tuple(catalog.passages_of(entry.id)))
            for entry in catalog.documents()
        }
        found = tuple(
            frozenset(hit.passage for hit in opened.searcher.search(query(question, segmenter), k=20))
            for question in QUESTIONS
        )
        return (opened.generation.name, every, found), opened.fault
    finally:
        opened.searcher.close()


@dataclass
class Spoilt:
    """An index of two generations that a test may spoil, and what each of them shows."""

    index: Path
    new: Look
    old: Look  # without the document that the new one does not have

    @property
    def files(self) -> dict[str, Path]:
        """The files of the current generation by a name that tells their role, and those beside it."""
        generation = self.index / self.new[0]
        found = {}
        for path in sorted(generation.rglob("*")):
            name = path.relative_to(generation).as_posix()
            if path.is_file() and not path.name.startswith(".tantivy"):
                found[re.sub(r"[0-9a-f]{8,}", "*", name) + f" {len(found)}"] = path
        return {**found, **{name: self.index / name for name in ("CURRENT", "CONTENT", "STAMPS", "lock")}}


@pytest.fixture(scope="module")
def spoilt(
    tmp_path_factory: pytest.TempPathFactory, cache: Path, segmenter: Segmenter, static_model: StaticModel
) -> Spoilt:
    base = tmp_path_factory.mktemp("spoilt")
    index, sources = base / "index", base / "files"
    write_files(sources, {"a.md": "# 海\n\n鲸鱼住在大海。它很大。", "b.md": "# 果\n\n苹果很甜。"})
    write_files(sources, {"c.md": "火车很快。它很长。\n\n## 站\n\n车站很大。", "gone.md": "秘密在山洞里。"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "SIZE", 60)
        patch.setattr(stamps, "_TICK", 0)
        build_index(index, sources, segmenter, static_model)
        (sources / "gone.md").unlink()
        write_files(sources, {"a.md": "# 海\n\n鲨鱼住在大海。它更大。", "new.md": "新的章鱼。"})
        build_index(index, sources, segmenter, static_model)
    assert len(Store(index).manifest().parts) > 1
    new, fault = look(index, segmenter, static_model)
    assert fault == ""
    vectors = index / "generation-000002" / "vectors.faiss"
    data = vectors.read_bytes()
    vectors.write_bytes(b"")
    old, fault = look(index, segmenter, static_model)
    vectors.write_bytes(data)
    assert "正在用上一版索引回答" in fault
    shown = [{id: document and document.text.strip() for id, (document, _) in one[1].items()} for one in (new, old)]
    same = {"b.md": "果\n苹果很甜。", "c.md": "火车很快。它很长。\n站\n车站很大。"}
    assert shown[0] == {**same, "a.md": "海\n鲨鱼住在大海。它更大。", "new.md": "新的章鱼。"}
    assert shown[1] == {**same, "a.md": "海\n鲸鱼住在大海。它很大。"}
    assert not {passage for passages in old[2] for passage in passages if passage.document == "gone.md"}
    return Spoilt(index, new, old)


def verdict(spoilt: Spoilt, segmenter: Segmenter, embedder: object) -> str:
    """Return what a spoilt index does; anything but these three is a fault of the program."""
    try:
        found, fault = look(spoilt.index, segmenter, embedder)
    except DamagedError:
        return "told"
    except AssistantError as error:
        assert f"assistant build --index {spoilt.index}" in str(error)
        return "told"
    if found[1:] == spoilt.new[1:] and (fault == "" or found[0] == spoilt.new[0]):
        return "same"
    assert found == spoilt.old
    assert "正在用上一版索引回答" in fault
    return "older"


def hits(folder: Path, segmenter: Segmenter, embedder: object) -> set[Passage]:
    """Return what an index finds, as a question does: no document is read."""
    opened = Store(folder).open(segmenter, embedder)  # type: ignore[arg-type]
    try:
        found = (opened.searcher.search(query(question, segmenter), k=20) for question in QUESTIONS)
        return {hit.passage for every in found for hit in every}
    finally:
        opened.searcher.close()


def hits_of(look: Look) -> set[Passage]:
    return {passage for passages in look[2] for passage in passages}


@contextmanager
def changed(path: Path, data: bytes) -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(before)


def spread(size: int, count: int = 12) -> list[int]:
    return sorted({round(step * (size - 1) / (count - 1)) for step in range(count)}) if size else []


def test_a_byte_that_is_not_as_it_was_never_changes_what_an_index_answers(
    spoilt: Spoilt, segmenter: Segmenter, static_model: StaticModel
) -> None:
    chance = random.Random(7)
    seen: Counter[str] = Counter()
    faults = []
    for name, path in spoilt.files.items():
        data = path.read_bytes()
        spoils = [(f"{name} at {at}", data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :])
                  for at in spread(len(data))]  # fmt: skip
        spoils.append((f"{name} cut", data[:-1]))
        for told, wrong in spoils:
            with changed(path, wrong):
                try:
                    seen[verdict(spoilt, segmenter, static_model)] += 1
                except Exception as error:
                    faults.append(f"{told}: {type(error).__name__}: {str(error)[:200]}")
    assert faults == []
    assert min(seen["same"], seen["older"], seen["told"]) > 10
    assert look(spoilt.index, segmenter, static_model) == (spoilt.new, "")


def test_a_digit_of_the_manifest_that_is_not_as_it_was_never_changes_what_an_index_answers(
    spoilt: Spoilt, segmenter: Segmenter, static_model: StaticModel
) -> None:
    path = spoilt.index / "generation-000002" / "manifest.json"
    data = path.read_bytes()
    listed = data.index(b'"files": {')
    digits = [found.start() for found in re.finditer(rb"(?<=[ \d])\d(?=[\d,\n])", data[:listed])]
    faults = []
    for at in digits:
        for mask in (1, 3):
            with changed(path, data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]):
                try:
                    with suppress(AssistantError, DamagedError):
                        quoted = hits(spoilt.index, segmenter, static_model)
                        assert quoted <= hits_of(spoilt.new) or quoted <= hits_of(spoilt.old)
                    verdict(spoilt, segmenter, static_model)
                except Exception as error:
                    line = data[data.rindex(b"\n", 0, at) + 1 : data.index(b"\n", at)].decode()
                    faults.append(f"{line.strip()} ^ {mask}: {type(error).__name__}: {str(error)[:200]}")
    assert faults == []


def test_a_name_of_the_current_generation_that_became_that_of_another_one_is_noticed(
    spoilt: Spoilt, segmenter: Segmenter, static_model: StaticModel
) -> None:
    with changed(spoilt.index / "CURRENT", b"generation-000001\n"):  # one byte, two bits
        assert verdict(spoilt, segmenter, static_model) in {"same", "older", "told"}


@pytest.mark.parametrize(
    ("name", "at"),
    [
        *[("vectors.faiss", 0), ("catalog.sqlite", 20), ("manifest.json", 3), ("lexical/meta.json", 9)],
        *[("parts/*.sqlite", 100), ("CURRENT", 4), ("words.txt", 0), ("vocabulary.sqlite", 4000)],
    ],
)
def test_the_command_line_tells_a_spoilt_byte_in_one_message_with_what_to_do(
    invoke: Invoke, spoilt: Spoilt, home: Path, name: str, at: int
) -> None:
    (path, *_) = [path for role, path in spoilt.files.items() if role.startswith(name)]
    data = path.read_bytes()
    with changed(path, data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]):
        result = invoke("ask", "火车快不快", "--index", spoilt.index)
    assert result.exit_code in {0, 1, 3}
    (line,) = result.stderr.splitlines()
    assert f"assistant build --index {spoilt.index}" in line
    if result.exit_code == 1:
        assert (line[:3], result.stdout) == ("错误：", "")
    else:
        assert line.endswith("正在用上一版索引回答。")
        assert "火车很快" in result.stdout


def test_a_process_of_its_own_tells_a_spoilt_part_without_a_traceback_and_a_build_mends_it(
    spoilt: Spoilt, tmp_path: Path, segmenter: Segmenter, static_model: StaticModel
) -> None:
    index = Path(shutil.copytree(spoilt.index, tmp_path / "index"))
    for path in (index / "generation-000002" / "parts").iterdir():
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    done = run_assistant("ask", "火车快不快", "--index", index)
    assert (done.returncode, done.stdout) == (1, b"")
    assert re.fullmatch(
        rf"错误：索引 {index} 已损坏（.*）。请运行 assistant build --index {index} 重建。\n", done.stderr.decode()
    )
    assert run_assistant("build", "--index", index).returncode == 0
    assert run_assistant("ask", "火车快不快", "--index", index).stderr == b""
    assert texts(index, segmenter, static_model) == {
        id: one and one.text.strip() for id, (one, _) in spoilt.new[1].items()
    }


# -- a disk that only lets read


def test_on_a_read_only_disk_questions_and_lists_work_and_what_would_write_says_so(tmp_path: Path) -> None:
    place, sources = tmp_path / "place", write_files(tmp_path / "files", {"a.md": "鲸鱼住在大海。", "b.md": "苹果。"})
    place.mkdir()
    script = """
    "$PYTHON" -m assistant.cli build "$2" --index "$1/i" >/dev/null
    rm "$2/b.md"
    "$PYTHON" -m assistant.cli build "$2" --index "$1/i" >/dev/null
    mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"
    ask="ask 鲸鱼住在哪里"
    for command in "$ask" documents rollback build "build --purge" "build --full" "$ask"; do
        status=0; "$PYTHON" -W error::ResourceWarning -m assistant.cli $command --index "$1/i" || status=$?
        echo "= $status"; echo "= $status" >&2
    done
    """
    done = in_namespace("-rm", script, place, sources)
    assert done.returncode == 0
    results, told = (re.split(r"(?m)^= (\d)\n", stream.decode()) for stream in (done.stdout, done.stderr))
    assert results[1::2] == ["0", "0", "1", "1", "1", "1", "0"]
    assert "鲸鱼住在大海。" in results[0]
    assert results[2].startswith("a.md\t")
    assert results[2].count("\n") == 1
    assert results[4:11:2] == [""] * 4
    assert results[12] == results[0]
    fault = (
        f"错误：没有写入 {place}/i 的权限。请修改权限，或用 --index（或环境变量 ASSISTANT_HOME）指定别的文件夹；"
        "原来的索引没有改动。\n"
    )
    assert told[::2] == ["", "", *[fault] * 4, "", ""]


# -- two writers


def test_a_second_build_at_once_fails_and_names_wait_or_waits_and_succeeds(
    tmp_path: Path, segmenter: Segmenter, static_model: StaticModel
) -> None:
    index, one, two = tmp_path / "i", tmp_path / "one", tmp_path / "two"
    write_files(one, {"a.md": "鲸鱼住在大海。"})
    write_files(two, {"a.md": "鲸鱼住在大海。", "b.md": "苹果很甜。"})
    with start("-c", HALFWAY, "build", one, "--index", index) as first:
        assert first.stderr
        assert first.stderr.readline() == "halfway\n"
        started = time.monotonic()
        refused = run_assistant("build", two, "--index", index)
        assert (refused.returncode, refused.stdout) == (1, b"")
        told = f"错误：另一个进程正在更新索引 {index}。请等它完成，或用 --wait 秒数 等待。\n"
        assert refused.stderr.decode() == told
        late = run_assistant("rollback", "--index", index)
        assert late.returncode == 1  # there is nothing yet to go back from
        with start("-m", "assistant.cli", "build", two, "--index", index, "--wait", 60) as second:
            assert second.stderr
            assert second.stderr.readline() == "另一个进程正在建索引，请稍候……\n"
            assert time.monotonic() - started < 30
            assert second.poll() is None
            out, fault = first.communicate("go on\n", timeout=60)
            assert (first.returncode, out.splitlines()[0], fault) == (0, "新增 a.md", "")
            out, fault = second.communicate(timeout=60)
            assert (second.returncode, out.splitlines()[0], fault) == (0, "新增 b.md", "")
    assert texts(index, segmenter, static_model) == {"a.md": "鲸鱼住在大海。", "b.md": "苹果很甜。"}
    assert sorted(path.name for path in index.glob("generation-*")) == ["generation-000001", "generation-000002"]
    assert leftovers(index) == []


def test_a_build_that_waits_in_vain_says_so_and_changes_nothing(tmp_path: Path) -> None:
    index, sources = tmp_path / "i", write_files(tmp_path / "files", {"a.md": "鲸鱼。"})
    with start("-c", HALFWAY, "build", sources, "--index", index) as first:
        assert first.stderr
        assert first.stderr.readline() == "halfway\n"
        late = run_assistant("build", sources, "--index", index, "--wait", "0.3")
        assert late.returncode == 1
        waiting, fault = late.stderr.decode().splitlines()
        assert waiting == "另一个进程正在建索引，请稍候……"
        assert "--wait" in fault
        first.communicate("go on\n", timeout=60)
    assert first.returncode == 0
    assert [path.name for path in index.glob("generation-*")] == ["generation-000001"]


# -- clocks


YEARS = 10 * 365 * 24 * 3600


def test_an_edit_is_seen_whatever_the_files_times_say(tmp_path: Path, segmenter: Segmenter, keywords: Keywords) -> None:
    index, sources = tmp_path / "i", tmp_path / "files"
    before = {"future.md": "鲸鱼一。", "past.md": "苹果一。", "same.md": "火车一。", "still.md": "不变。"}
    write_files(sources, before)
    now = time.time_ns()
    times = {"future.md": now + YEARS * 10**9, "past.md": 1, "same.md": now - 10**12, "still.md": now - 10**12}
    for name, moment in times.items():
        os.utime(sources / name, ns=(moment, moment))
    time.sleep(2.1)  # what was written within the last two seconds is read again in any case
    build_index(index, sources, segmenter, keywords)
    assert set(json.loads((index / "STAMPS").read_text())) == {"past.md", "same.md", "still.md"}
    assert build_index(index, sources, segmenter, keywords).unchanged == tuple(before)
    for name in ("future.md", "past.md", "same.md"):
        (sources / name).write_text(before[name].replace("一", "二"), encoding="utf-8")
        os.utime(sources / name, ns=(times[name], times[name]))
        assert (sources / name).stat().st_mtime_ns == times[name]
        assert (sources / name).stat().st_size == len(before[name].encode())
    report = build_index(index, sources, segmenter, keywords)
    assert (report.changed, report.unchanged) == (("future.md", "past.md", "same.md"), ("still.md",))
    assert texts(index, segmenter, keywords) == {
        "future.md": "鲸鱼二。", "past.md": "苹果二。", "same.md": "火车二。", "still.md": "不变。",
    }  # fmt: skip


@pytest.mark.parametrize("ahead", [-YEARS, YEARS])
def test_an_edit_is_seen_by_a_machine_whose_clock_is_wrong(
    tmp_path: Path, segmenter: Segmenter, keywords: Keywords, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    index, sources = tmp_path / "i", write_files(tmp_path / "files", {"a.md": "鲸鱼一。", "b.md": "苹果。"})
    real = time.time_ns
    with monkeypatch.context() as wrong:
        wrong.setattr(time, "time_ns", lambda: real() + ahead * 10**9)
        build_index(index, sources, segmenter, keywords)
    for text in ("鲸鱼二。", "鲸鱼三。"):
        (sources / "a.md").write_text(text, encoding="utf-8")
        assert build_index(index, sources, segmenter, keywords).changed == ("a.md",)
        assert texts(index, segmenter, keywords) == {"a.md": text, "b.md": "苹果。"}


def test_an_index_that_says_it_comes_from_the_future_is_updated_rolled_back_and_asked(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2999, 1, 1, tzinfo=tz)

    index, sources = tmp_path / "i", write_files(tmp_path / "files", {"a.md": "鲸鱼住在大海。"})
    with monkeypatch.context() as wrong:
        wrong.setattr(updating, "datetime", Ahead)
        assert invoke("build", sources, "--index", index).exit_code == 0
    os.utime(index / "generation-000001", (32e9, 32e9))
    (sources / "a.md").write_text("鲨鱼住在大海。", encoding="utf-8")
    assert invoke("build", "--index", index).stdout.startswith("修改 a.md\n")
    assert "鲨鱼" in invoke("ask", "鲨鱼住在哪里", "--index", index).stdout
    result = invoke("rollback", "--index", index)
    assert (result.exit_code, result.stdout.split(" 的版本")[0]) == (0, "已退回 2999-01-01T00:00:00+00:00")
    assert "鲸鱼" in invoke("ask", "鲸鱼住在哪里", "--index", index).stdout


# -- odd names

ODD = "我的 资料 \"双\" '单' “弯” 🐳👨‍👩‍👧 #?%41&+~$HOME `x`"


def test_folders_with_odd_names_are_built_updated_rolled_back_and_asked(tmp_path: Path, cache: Path) -> None:
    home, index, sources = (tmp_path / f"{role} {ODD}" for role in ("家", "索引", "文件"))
    home.mkdir()
    (home / "cache").symlink_to(cache)
    write_files(sources, {f"{ODD}/a {ODD}.md": "鲸鱼住在大海。", "b.md": "苹果很甜。"})

    def run(*arguments: object) -> tuple[int, str]:
        done = run_assistant(*arguments, ASSISTANT_HOME=str(home), ASSISTANT_INDEX=str(index))
        assert done.stderr == b""
        return done.returncode, done.stdout.decode()

    status, out = run("build", sources, "--json")
    assert (status, json.loads(out)["added"]) == (0, ["b.md", f"{ODD}/a {ODD}.md"])
    write_files(sources, {"c.md": "章鱼住在洞里。"})
    (sources / "b.md").unlink()
    status, out = run("build", "--json")
    assert (status, json.loads(out)["added"], json.loads(out)["removed"]) == (0, ["c.md"], ["b.md"])
    assert Store(index).manifest().sources == (str(sources),)
    status, out = run("ask", "鲸鱼住在哪里", "--json")
    assert (status, json.loads(out)["quotes"][0]["document"]) == (0, f"{ODD}/a {ODD}.md")
    assert run("show", f"{ODD}/a {ODD}.md") == (0, "鲸鱼住在大海。\n")
    status, out = run("rollback", "--json")
    assert (status, json.loads(out)["documents"]) == (0, 2)
    status, out = run("documents", "--json")
    assert [json.loads(line)["document"] for line in out.splitlines()] == ["b.md", f"{ODD}/a {ODD}.md"]
    done = run_assistant("build", sources, ASSISTANT_HOME=str(home))  # the default index, in the odd home
    assert (done.returncode, done.stderr) == (0, b"")
    assert (home / "default.index" / "CURRENT").read_text().split()[0] == "generation-000001"
    assert leftovers(index) == []


# -- rollback and purge

SECRET = "zyxwabra"  # a word that only the removed document holds


def traces(index: Path, id: str, word: str) -> list[str]:
    """Return where an index holds a name or a word: as bytes of a file, inside compressed texts, or as a term."""
    needles = [text.encode(encoding) for text in (id, word) for encoding in ("utf-8", "gb18030")]
    needles += [json.dumps(id)[1:-1].encode(), hashlib.blake2b(id.encode(), digest_size=16).digest()]
    found = []
    for path in sorted(path for path in index.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.parent.name == "parts":
            with closing(sqlite3.connect(path)) as connection:
                packed = connection.execute("SELECT packed FROM blocks ORDER BY number").fetchall()
            data += b"".join(zlib.decompress(block) for (block,) in packed)
        found += [f"{path.relative_to(index)}: {needle!r}" for needle in needles if needle in data]
    for generation in Store(index).generations():
        with closing(LexicalIndex.load(generation / "lexical", Store(index).manifest(generation).bases)) as lexical:
            if lexical.document_frequency(word):
                found.append(f"{generation.name}: term {word}")
    return found


@pytest.fixture
def secret(tmp_path: Path, invoke: Invoke) -> tuple[Path, Path]:
    """An index whose three generations hold a document that its sources no longer have."""
    index, sources = tmp_path / "i", tmp_path / "files"
    words = {f"{n}.md": f"第{n}头鲸鱼名叫 whale{n}。" for n in range(9)}
    write_files(sources, {**words, "机密-qqq.md": f"---\ntitle: 山洞\naliases: [密室]\n---\n{SECRET} 在山洞里。"})
    for text in ("苹果很甜。", "香蕉很甜。", "葡萄很甜。"):
        write_files(sources, {"b.md": text})
        assert invoke("build", sources, "--index", index).exit_code == 0
    assert len(traces(index, "机密-qqq.md", SECRET)) > 6
    return index, sources


def test_a_rollback_brings_the_older_content_back_and_a_purge_takes_it_away_for_good(
    secret: tuple[Path, Path], invoke: Invoke
) -> None:
    index, sources = secret
    (sources / "机密-qqq.md").unlink()
    assert "删除 机密-qqq.md\n" in invoke("build", "--index", index).stdout
    ask = ("ask", f"{SECRET} 在哪里", "--index", index)
    assert SECRET not in invoke(*ask).stdout.split("\n", 1)[1]
    assert invoke("rollback", "--index", index).exit_code == 0
    assert f"{SECRET} 在山洞里。" in invoke(*ask).stdout
    assert "葡萄" in invoke("ask", "什么很甜", "--index", index).stdout
    assert invoke("rollback", "--index", index).exit_code == 0
    assert "香蕉" in invoke("ask", "什么很甜", "--index", index).stdout

    result = invoke("build", "--purge", "--index", index)
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(Store(index).generations()) == 2  # those that the rollbacks left behind are gone
    assert traces(index, "机密-qqq.md", SECRET) == []
    assert invoke("ask", "什么很甜", "--index", index).stderr == ""
    for _ in range(KEPT):
        if invoke("rollback", "--index", index).exit_code:
            break
        assert SECRET not in invoke(*ask).stdout.split("\n", 1)[1]
        assert invoke("show", "机密-qqq.md", "--index", index).exit_code == 1
        assert len(invoke("documents", "--index", index).stdout.splitlines()) == 10
    assert traces(index, "机密-qqq.md", SECRET) == []


@pytest.mark.parametrize("overwrites", ["as it comes", False])
def test_a_purge_of_a_document_that_was_taken_out_builds_ago_takes_it_from_every_generation(
    secret: tuple[Path, Path],
    invoke: Invoke,
    segmenter: Segmenter,
    static_model: StaticModel,
    monkeypatch: pytest.MonkeyPatch,
    overwrites: str | bool,
) -> None:
    if (
        overwrites is False
    ):  # as SQLite does where it was compiled without SECURE_DELETE: what is deleted stays in a page
        connect = sqlite3.connect

        def careless(*arguments: object, **more: object) -> sqlite3.Connection:
            connection = connect(*arguments, **more)  # type: ignore[call-overload]
            connection.execute("PRAGMA secure_delete=OFF").close()
            return connection

        monkeypatch.setattr(sqlite3, "connect", careless)
    index, sources = secret
    (sources / "机密-qqq.md").unlink()
    assert invoke("build", "--index", index).exit_code == 0
    assert traces(index, "机密-qqq.md", SECRET)
    before = texts(index, segmenter, static_model)
    names = [path.name for path in Store(index).generations()]
    assert invoke("build", "--purge", "--index", index).exit_code == 0
    assert traces(index, "机密-qqq.md", SECRET) == []
    assert texts(index, segmenter, static_model) == before
    assert [path.name for path in Store(index).generations()] == names
    for generation in Store(index).generations():  # each is whole and tells what it held, without the secret
        opened = Store(index)._open(generation, segmenter, static_model, thorough=True)
        assert len(opened.searcher.catalog.documents()) == 10
        assert [passage.text for passage in opened.searcher.catalog.passages_of("3.md")] == ["第3头鲸鱼名叫 whale3。"]
        opened.searcher.close()
    report = json.loads(invoke("build", "--index", index, "--json").stdout)
    assert (report["added"], report["changed"], report["removed"], len(report["unchanged"])) == ([], [], [], 10)


# -- readers while the index is replaced


@pytest.fixture
def settings(tmp_path: Path, cache: Path) -> Settings:
    (tmp_path / "cache").symlink_to(cache)
    return Settings(tmp_path, tmp_path / "index", named=True)


def test_an_opened_index_answers_as_before_after_its_generation_is_gone_from_the_disk(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "SIZE", 60)
    sources = write_files(tmp_path / "files", {f"{n}.md": f"第{n}头鲸鱼住在{n}号大海。" for n in range(12)})
    build(settings, [sources])
    with closing(Assistant.from_settings(settings)) as opened, closing(Assistant.from_settings(settings)) as fresh:
        assert len(opened.manifest.parts) > 3
        questions = [f"{n}号大海里住着第几头鲸鱼" for n in range(12)]
        before = opened.ask(questions[0])  # the other parts are read only when their generation is gone
        wanted = {f"{n}.md": fresh.document(f"{n}.md") for n in range(12)}
        answers = [fresh.ask(question) for question in questions]
        for number in range(KEPT):
            write_files(sources, {f"{n}.md": f"第{n}条鲨鱼，{number}。" for n in range(12)})
            build(settings)
        assert not (settings.index / "generation-000001").exists()
        assert {id: opened.document(id) for id in wanted} == wanted
        for question, answer in zip(questions, answers, strict=True):
            now = opened.ask(question)
            assert (now.quotes, now.candidates, now.hits) == (answer.quotes, answer.candidates, answer.hits)
        assert opened.ask(questions[0]).hits == before.hits
        assert opened.suggest(before).suggestions == fresh.suggest(before).suggestions


def test_no_question_fails_and_the_newest_document_shows_while_build_follows_build(
    tmp_path: Path, settings: Settings
) -> None:
    sources = write_files(tmp_path / "files", {"a.md": "鲸鱼住在大海。", "b.md": "苹果很甜。"})
    build(settings, [sources])
    notes: list[str] = []
    live = Live(settings, note=notes.append)
    done, faults, counts = threading.Event(), list[str](), Counter[int]()

    def ask(number: int) -> None:
        while not done.is_set():
            try:
                with live.use() as assistant:
                    held = {entry.id for entry in assistant.documents()}
                    answer = assistant.ask("鲸鱼住在哪里")
                    if answer.hits[0].passage.text != "鲸鱼住在大海。" or not held >= {"a.md", "b.md"}:
                        faults.append(f"{held}: {answer.hits}")
                    counts[len(held)] += 1
            except BaseException as error:
                faults.append(repr(error))
            time.sleep(0.002)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for number in range(5):
        write_files(sources, {f"new-{number}.md": f"第{number}只章鱼住在洞里。"})
        build(settings)
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert notes == []
    assert len(counts) > 1
    with live.use() as assistant:
        assert assistant.document("new-4.md").text == "第4只章鱼住在洞里。\n"
    live.close()


def test_a_build_that_ends_while_a_server_opens_the_index_shows_too(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = write_files(tmp_path / "files", {"a.md": "鲸鱼住在大海。"})
    build(settings, [sources])
    opens = Assistant.from_settings

    def slowly(*arguments: Settings, note: Callable[[str], None]) -> Assistant:
        opened = opens(*arguments, note=note)
        if len(list(sources.iterdir())) < 3:  # meanwhile the index goes on
            write_files(sources, {f"{len(list(sources.iterdir()))}.md": "章鱼住在洞里。"})
            build(settings)
        return opened

    monkeypatch.setattr(Assistant, "from_settings", slowly)
    live = Live(settings, note=print)
    for _ in range(3):
        with live.use() as assistant:
            held = {entry.id for entry in assistant.documents()}
    live.close()
    assert held == {"a.md", "1.md", "2.md"}


def test_a_chat_shows_a_document_that_was_added_between_two_questions(tmp_path: Path) -> None:
    index, sources = tmp_path / "i", write_files(tmp_path / "files", {"a.md": "鲸鱼住在大海。"})
    assert run_assistant("build", sources, "--index", index).returncode == 0

    def said() -> str:
        assert chat.stdin
        assert chat.stdout
        chat.stdin.write("章鱼住在哪里\n")
        chat.stdin.flush()
        lines = []
        while not any("a.md" in line or "b.md" in line for line in lines):
            lines.append(chat.stdout.readline())
            assert lines[-1], lines
        return "".join(lines)

    with start("-m", "assistant.cli", "chat", "--index", index) as chat:
        assert "章鱼住在山洞里" not in said()
        write_files(sources, {"b.md": "章鱼住在山洞里。"})
        assert run_assistant("build", "--index", index).returncode == 0
        out, fault = chat.communicate("章鱼住在哪里\n/退出\n", timeout=60)
    assert chat.returncode == 0
    assert "章鱼住在山洞里" in out
    assert "Traceback" not in fault


# -- without a network

VISIT = """
import os, re, subprocess, sys, time, urllib.parse, urllib.request
index, log = sys.argv[1:]
with open(log, "wb") as file:
    command = [sys.executable, "-m", "assistant.cli", "serve", "--port", "0", "--index", index]
    server = subprocess.Popen(command, stderr=file)
try:
    end = time.monotonic() + 50
    while not (found := re.search(r"http://127\\.0\\.0\\.1:\\d+", open(log, encoding="utf-8").read())):
        assert server.poll() is None and time.monotonic() < end, open(log, encoding="utf-8").read()
        time.sleep(0.05)
    for path in ("/", "/read/" + urllib.parse.quote("子/a.md") + "?at=0:3"):
        with urllib.request.urlopen(found[0] + path, timeout=20) as page:
            print(page.status, "鲸鱼" in page.read().decode())
finally:
    server.terminate()
    print(server.wait(20))
"""


def test_without_a_network_the_packages_load_an_index_is_built_and_asked_and_the_page_is_served(
    tmp_path: Path, home: Path
) -> None:
    index, sources = tmp_path / "i", write_files(tmp_path / "files", {"子/a.md": "鲸鱼住在大海。"})
    script = """
    ip link set lo up 2>/dev/null || true
    "$PYTHON" -c "import assistant, index, corpus; print('loaded')"
    "$PYTHON" -m assistant.cli build "$1" --index "$2"
    "$PYTHON" -m assistant.cli ask 鲸鱼住在哪里 --index "$2"
    "$PYTHON" -c "$3" "$2" "$4"
    """
    log = tmp_path / "log"
    done = in_namespace("-rn", script, sources, index, VISIT, log)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert lines[:2] == ["loaded", "新增 子/a.md"]
    assert "鲸鱼住在大海。 [1]" in lines
    assert lines[-3:-1] == ["200 False", "200 True"]
    assert "Traceback" not in log.read_text(encoding="utf-8")
