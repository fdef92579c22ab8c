import errno
import json
import shutil
import signal
import sys
import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library import library
from assistant.library.folder import FOLDER, Change, Folder
from assistant.library.library import gather
from assistant.library.naming import LONGEST, Given, safe_name, safe_path, told_apart
from assistant.settings import Settings
from corpus.errors import InputError
from corpus.finding import find
from index import updating
from index.stamps import Stamps
from index.store import Store
from tests.conftest import DOCUMENTS, Invoke, in_namespace, run_process, write_files

WHALE, APPLE, TRAIN = "鲸鱼住在大海。", "苹果长在树上。", "火车开得很快。"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "my.index"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write_files(tmp_path / "docs", {"a.md": WHALE, "b.md": APPLE})


@pytest.fixture
def built(invoke: Invoke, index: Path, docs: Path) -> Path:
    assert invoke("build", docs, "--index", index).exit_code == 0
    return index


def ids(invoke: Invoke, index: Path) -> list[str]:
    return [line.split("\t")[0] for line in invoke("documents", "--index", index).stdout.splitlines()]


def texts(invoke: Invoke, index: Path) -> dict[str, str]:
    """Every document's text by its id."""
    return {id: invoke("show", id, "--index", index).stdout.strip() for id in ids(invoke, index)}


def report(invoke: Invoke, *arguments: object) -> dict:
    result = invoke(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert set(found) == {
        *("added", "changed", "renamed", "removed", "unchanged", "skipped", "documents", "passages"),
    }
    return found


def fault(invoke: Invoke, *arguments: object) -> str:
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("错误：")
    return result.stderr


# -- names


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("报告.md", "报告.md"),
        (".hidden.md", "_hidden.md"),
        ("..", "_"),
        ("", "_"),
        ("a\x00b\u202etxt.md", "a_b_txt.md"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("console.txt", "console.txt"),
        ("a:b?.md", "a_b_.md"),
        (" a.md . ", "a.md"),
        ("e\u0301.md", "é.md"),
        ("\udce4.md", "_.md"),
    ],
)
def test_a_name_is_made_one_that_every_system_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_is_cut_and_keeps_its_suffix_and_differs_from_one_that_begins_alike() -> None:
    one, other = safe_name("长" * 100 + "一.md"), safe_name("长" * 100 + "二.md")
    assert one != other
    assert one.startswith("长" * 50)
    assert one.endswith(".md")
    assert len(one.encode()) <= LONGEST


@given(st.text(st.characters() | st.sampled_from("./\\:~ \u202e.md"), max_size=300))
def test_no_path_leaves_the_folder_whatever_it_says(path: str) -> None:
    safe = safe_path(path)
    assert safe_path(safe) == safe == unicodedata.normalize("NFC", safe)
    for name in safe.split("/"):
        assert name not in {"", ".", ".."}
        assert not name.startswith(".")
        assert len(name.encode()) <= LONGEST
        assert not any(unicodedata.category(one) in {"Cc", "Cs"} or one in '\\:<>"|?*' for one in name)


def test_a_path_keeps_its_folders_and_loses_its_way_out() -> None:
    assert safe_path("/etc/../../子/..\\a.md") == "etc/子/a.md"


def test_files_of_one_name_get_their_folders_names_and_uploads_a_number() -> None:
    found = told_apart(
        [
            Given("a.md", Path("/x/甲/a.md")),
            Given("A.md", Path("/x/乙/A.md")),
            Given("b.md", b"1"),
            Given("../b.md", b"2"),
            Given("c.md", b""),
        ]
    )
    assert list(found) == ["甲/a.md", "乙/A.md", "b-1.md", "b-2.md", "c.md"]


# -- what is given


def test_a_folders_files_keep_its_name_and_links_and_the_index_in_it_are_passed_over(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "书", {"a.md": WHALE, "子/b.txt": APPLE, "图.png": "", "i/added/c.md": TRAIN})
    outside = write_files(tmp_path, {"秘密.md": "密"}) / "秘密.md"
    (folder / "link.md").symlink_to(outside)
    found, skipped = gather([folder], index=folder / "i")
    assert [one.name for one in found] == ["书/a.md", "书/子/b.txt"]
    assert [(one.path, one.reason) for one in skipped if "link" in one.path] == [
        ("书/link.md", "是符号链接，没有跟过去；请加入它指向的文件")
    ]
    assert [one.path for one in skipped if "图" in one.path] == ["书/图.png"]


def test_a_link_that_is_named_is_followed_and_one_file_named_twice_is_one(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": WHALE})
    (tmp_path / "link.md").symlink_to(tmp_path / "a.md")
    found, _ = gather([tmp_path / "link.md", tmp_path / "a.md", tmp_path / "." / "a.md"], index=tmp_path / "i")
    assert [(one.name, one.content) for one in found] == [("link.md", tmp_path / "a.md")]


# -- the folder


def content(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_change_that_fails_leaves_the_files_as_they_were(tmp_path: Path) -> None:
    folder = Folder(write_files(tmp_path, {"added/a.md": WHALE, "added/子/b.md": APPLE}))
    with pytest.raises(RuntimeError), folder.changing() as change:
        change.add({"a.md": b"new", "c/d.md": b"new"})
        change.delete(["子/b.md"])
        assert content(folder.path) == {"a.md": "new", "c/d.md": "new"}
        raise RuntimeError
    assert content(tmp_path) == {"added/a.md": WHALE, "added/子/b.md": APPLE}
    assert sorted(path.name for path in folder.path.iterdir()) == ["a.md", "子"]


def test_a_file_that_cannot_be_read_halts_all_before_the_first_one_shows(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with pytest.raises(InputError) as raised, folder.changing() as change:
        change.add({"a.md": b"new", "b.md": tmp_path / "gone.md"})
    assert raised.value.key == "add-unreadable"
    assert list(tmp_path.iterdir()) == []


def test_a_file_takes_no_folders_place_nor_a_folder_a_files(tmp_path: Path) -> None:
    folder = Folder(write_files(tmp_path, {"added/a.md": WHALE, "added/子/b.md": APPLE}))
    for name in ("a.md/c.md", "子"):
        with pytest.raises(InputError) as raised, folder.changing() as change:
            change.add({name: b"new"})
        assert raised.value.key == "add-clash"
    assert content(tmp_path) == {"added/a.md": WHALE, "added/子/b.md": APPLE}


# -- add


def test_added_files_are_copied_and_stay_when_the_index_is_built_again(
    invoke: Invoke, built: Path, tmp_path: Path
) -> None:
    write_files(tmp_path, {"c.md": TRAIN})
    result = invoke("add", tmp_path / "c.md", "--index", built)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "新增 c.md\n3 份文档：新增 1，修改 0，改名 0，删除 0，未变 2，跳过 0。\n"
    (tmp_path / "c.md").unlink()
    assert report(invoke, "build", "--index", built)["unchanged"] == ["a.md", "b.md", "c.md"]
    answer = json.loads(invoke("ask", "火车开得快吗", "--json", "--index", built).stdout)
    assert answer["passages"][0]["document"] == "c.md"
    assert not (built / ".adding").exists()


def test_a_file_added_again_replaces_the_former_one(invoke: Invoke, built: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"c.md": TRAIN})
    assert report(invoke, "add", tmp_path / "c.md", "--index", built)["added"] == ["c.md"]
    assert report(invoke, "add", tmp_path / "c.md", "--index", built)["unchanged"] == ["a.md", "b.md", "c.md"]
    write_files(tmp_path, {"c.md": "火车很慢。"})
    assert report(invoke, "add", tmp_path / "c.md", "--index", built)["changed"] == ["c.md"]
    assert texts(invoke, built)["c.md"] == "火车很慢。"


def test_all_that_is_named_comes_in_by_one_build(invoke: Invoke, built: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"甲/x.md": "甲的。", "乙/x.md": "乙的。", "书/y.md": "书里的。", "书/图.png": ""})
    found = report(invoke, "add", *(tmp_path / name for name in ("甲/x.md", "乙/x.md", "书")), "--index", built)
    assert found["added"] == ["乙/x.md", "书/y.md", "甲/x.md"]
    assert [one["path"] for one in found["skipped"]] == ["书/图.png"]
    assert Store(built).current().name == "generation-000002"


def test_a_named_index_that_is_missing_is_made_of_the_added_files_alone(
    invoke: Invoke, index: Path, docs: Path
) -> None:
    assert report(invoke, "add", docs, "--index", index)["added"] == ["docs/a.md", "docs/b.md"]
    assert Store(index).manifest().sources == (FOLDER,)


def test_the_default_index_keeps_the_shipped_documents(
    invoke: Invoke, home: Path, shipped_index: Path, docs: Path
) -> None:
    shutil.copytree(shipped_index, home / "default.index")
    found = report(invoke, "add", docs / "a.md")
    assert (found["added"], len(found["unchanged"])) == (["a.md"], 24)
    assert Store(home / "default.index").manifest().sources == (str(DOCUMENTS), FOLDER)


def test_a_file_that_lies_in_a_source_is_not_copied(invoke: Invoke, built: Path, docs: Path) -> None:
    write_files(docs, {"a.md": "鲸鱼很大。"})
    assert report(invoke, "add", docs / "a.md", docs, "--index", built)["changed"] == ["a.md"]
    assert not (built / FOLDER).exists()
    assert Store(built).manifest().sources == (str(docs),)


def test_a_file_that_cannot_be_read_leaves_no_trace(invoke: Invoke, built: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"c.md": TRAIN, "空.md": ""})
    told = fault(invoke, "add", tmp_path / "空.md", "--index", built)
    assert "没有能加入的文件（空.md：文件是空的）" in told
    assert ids(invoke, built) == ["a.md", "b.md"]
    assert not (built / FOLDER).exists()
    assert report(invoke, "build", "--index", built)["skipped"] == []
    found = report(invoke, "add", tmp_path / "c.md", tmp_path / "空.md", "--index", built)
    assert (found["added"], [one["path"] for one in found["skipped"]]) == (["c.md"], ["空.md"])
    assert Folder(built).names() == ["c.md"]


def test_a_file_that_cannot_be_read_does_not_replace_one_that_can(invoke: Invoke, built: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"c.md": TRAIN})
    report(invoke, "add", tmp_path / "c.md", "--index", built)
    write_files(tmp_path, {"c.md": "", "d.md": "新的。"})
    found = report(invoke, "add", tmp_path / "c.md", tmp_path / "d.md", "--index", built)
    assert found == {
        **{"added": ["d.md"], "changed": [], "renamed": [], "removed": [], "unchanged": ["a.md", "b.md", "c.md"]},
        **{"skipped": [{"path": "c.md", "reason": "文件是空的"}], "documents": 4, "passages": 4},
    }
    assert texts(invoke, built)["c.md"] == TRAIN


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("没有.md", "没有这个路径"),
        ("图.png", "没有能加入的文件（图.png：不支持的格式"),
        ("ftp://h/x", "不是可以下载的网址"),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_made(
    invoke: Invoke, index: Path, tmp_path: Path, name: str, words: str
) -> None:
    write_files(tmp_path, {"图.png": "\x00"})
    given = name if "//" in name else tmp_path / name
    result = invoke("add", given, "--index", index)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert not index.exists()


def test_a_full_disk_leaves_library_and_index_as_they_were(tmp_path: Path) -> None:
    write_files(tmp_path, {"docs/a.md": WHALE, "c.md": TRAIN * 300})
    (tmp_path / "disk").mkdir()
    script = """
    cd "$1"; mount -t tmpfs -o size=2m none disk
    "$PYTHON" -m assistant.cli build docs --index disk/i
    dd if=/dev/zero of=disk/ballast bs=1k count=$(( $(df -k --output=avail disk | tail -1) - 60 )) 2>/dev/null
    "$PYTHON" -m assistant.cli add c.md --index disk/i && exit 99
    rm disk/ballast; ls -A disk/i; "$PYTHON" -m assistant.cli documents --index disk/i
    """
    done = in_namespace("-rm", script, tmp_path, PYTHONPATH=str(Path(__file__).parent.parent))
    assert done.returncode == 0
    assert "磁盘已满" in done.stderr.decode()
    left = ["CONTENT", "CURRENT", "STAMPS", "generation-000001", "lock"]
    listed = [line for line in done.stdout.decode().splitlines()[2:] if line != "STAMPS"]
    assert listed == [*(name for name in left if name != "STAMPS"), "a.md\ta\t8\t1\t"]


def test_a_source_is_walked_three_times_to_add_a_file_and_what_was_fetched_is_not_written_out(
    built: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Page(bytes):
        def __str__(self) -> str:
            raise AssertionError

        __repr__ = __str__

    walked: list[object] = []

    def counted(paths: Sequence[Path]) -> object:
        walked.append(paths)
        return find(paths)

    monkeypatch.setattr(library, "find", counted)
    monkeypatch.setattr(updating, "find", counted)
    library.add(Settings(home, built, True), [Given("c.md", Page(TRAIN.encode()))])
    assert len(walked) == 3
    library.take_out(Settings(home, built, True), ["a.md"])
    assert len(walked) == 5


# -- remove


def test_a_removed_file_of_ones_own_stays_on_disk_and_out_of_the_index(invoke: Invoke, built: Path, docs: Path) -> None:
    assert report(invoke, "remove", "a.md", "--index", built)["removed"] == ["a.md"]
    assert (docs / "a.md").read_text() == WHALE
    assert report(invoke, "build", "--index", built)["unchanged"] == ["b.md"]
    answer = json.loads(invoke("ask", "鲸鱼住在哪里", "--json", "--index", built).stdout)
    assert not any("鲸鱼" in one["text"] for one in (*answer["passages"], *answer["candidates"]))
    assert report(invoke, "add", docs / "a.md", "--index", built)["added"] == ["a.md"]
    assert not (built / FOLDER).exists()
    report(invoke, "remove", "a", "--index", built)
    assert report(invoke, "build", docs, "--index", built)["added"] == ["a.md"]  # the paths are the whole content


def test_a_removed_added_file_is_gone_from_disk(invoke: Invoke, built: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"书/子/c.md": TRAIN, "书/d.md": "书。"})
    report(invoke, "add", tmp_path / "书", "--index", built)
    assert report(invoke, "remove", "子/c.md", "--index", built)["removed"] == ["书/子/c.md"]
    assert content(built / FOLDER) == {"书/d.md": "书。"}
    assert not (built / FOLDER / "书" / "子").exists()
    assert report(invoke, "remove", "书/", "--index", built)["removed"] == ["书/d.md"]
    assert report(invoke, "build", "--index", built)["unchanged"] == ["a.md", "b.md"]
    assert report(invoke, "add", tmp_path / "书", "--index", built)["added"] == ["书/d.md", "书/子/c.md"]


def test_an_archive_all_of_whose_documents_are_removed_is_gone_from_disk(
    invoke: Invoke, built: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "l.zip", "w") as archive:
        for name, text in {"c.md": TRAIN, "d.md": "书。", "空.md": "", "坏.pdf": "%PDF-1.7"}.items():
            archive.writestr(name, text)
    report(invoke, "add", tmp_path / "l.zip", "--index", built)
    assert report(invoke, "remove", "l.zip/c.md", "--index", built)["removed"] == ["l.zip/c.md"]
    assert Folder(built).names() == ["l.zip"]
    assert report(invoke, "remove", "l.zip/", "--index", built)["removed"] == ["l.zip/d.md"]
    assert Folder(built).names() == []
    assert Store(built).manifest().excluded == ()
    assert report(invoke, "add", tmp_path / "l.zip", "--index", built)["added"] == ["l.zip/c.md", "l.zip/d.md"]


def test_a_removed_document_does_not_come_back_under_another_id(
    invoke: Invoke, built: Path, docs: Path, tmp_path: Path
) -> None:
    other = write_files(tmp_path / "other", {"a.md": TRAIN}) / "a.md"
    report(invoke, "remove", "a.md", "--index", built)
    report(invoke, "add", other, "--index", built)  # the two have one path below their folders, so their ids grow
    assert texts(invoke, built) == {"added/a.md": TRAIN, "b.md": APPLE}
    report(invoke, "build", "--index", built)
    assert texts(invoke, built) == {"added/a.md": TRAIN, "b.md": APPLE}
    report(invoke, "remove", "added/a.md", "--index", built)
    report(invoke, "build", "--index", built)
    assert texts(invoke, built) == {"b.md": APPLE}
    empty = write_files(tmp_path / "empty", {"a.md": ""}) / "a.md"
    fault(invoke, "add", empty, "--index", built)
    report(invoke, "build", "--index", built)
    assert texts(invoke, built) == {"b.md": APPLE}


def test_an_added_file_is_not_left_out_since_one_of_its_id_once_was(
    invoke: Invoke, built: Path, docs: Path, tmp_path: Path
) -> None:
    report(invoke, "remove", "a.md", "--index", built)
    (docs / "a.md").unlink()
    other = write_files(tmp_path / "other", {"a.md": TRAIN}) / "a.md"
    assert report(invoke, "add", other, "--index", built)["added"] == ["a.md"]


def test_a_name_that_is_unknown_or_means_several_removes_nothing(invoke: Invoke, index: Path, tmp_path: Path) -> None:
    files = write_files(tmp_path / "f", {"甲/说明.md": WHALE, "乙/说明.md": APPLE, "pytorch.md": TRAIN})
    invoke("build", files, "--index", index)
    told = fault(invoke, "remove", "pytorch.md", "pytroch.md", "--index", index)
    assert "没有文档 pytroch.md，什么都没有移出。最接近的是：pytorch.md" in told
    assert "说明.md 可以指好几份文档：乙/说明.md、甲/说明.md。" in fault(invoke, "remove", "说明.md", "--index", index)
    assert ids(invoke, index) == ["pytorch.md", "乙/说明.md", "甲/说明.md"]
    assert report(invoke, "remove", "甲/说明.md", "--index", index)["removed"] == ["甲/说明.md"]


def test_the_last_document_is_not_removed(invoke: Invoke, built: Path) -> None:
    assert "一份文档也不剩" in fault(invoke, "remove", "a.md", "b.md", "--index", built)
    assert ids(invoke, built) == ["a.md", "b.md"]


def test_a_shipped_document_is_removed_from_the_default_index_for_good(
    invoke: Invoke, home: Path, shipped_index: Path
) -> None:
    shutil.copytree(shipped_index, home / "default.index")
    assert report(invoke, "remove", "keras")["removed"] == ["keras.md"]
    assert report(invoke, "build")["added"] == []
    assert len(ids(invoke, home / "default.index")) == 23
    assert (DOCUMENTS / "keras.md").exists()


def test_nothing_is_removed_from_an_index_that_is_not_there(invoke: Invoke, index: Path) -> None:
    assert "里没有索引" in fault(invoke, "remove", "a.md", "--index", index)
    assert not index.exists()


# -- build, with a library


def test_a_build_from_paths_sets_the_added_files_aside_and_says_where(
    invoke: Invoke, built: Path, docs: Path, tmp_path: Path
) -> None:
    write_files(tmp_path, {"c.md": TRAIN})
    report(invoke, "add", tmp_path / "c.md", "--index", built)
    result = invoke("build", docs, "--index", built)
    former = built / "added.former-1"
    assert result.stderr.startswith("以前用 assistant add 加入的文件")
    assert str(former) in result.stderr
    assert "删除 c.md" in result.stdout
    assert content(former) == {"c.md": TRAIN}
    assert invoke("build", docs, "--index", built).stderr == ""
    report(invoke, "add", tmp_path / "c.md", "--index", built)
    invoke("build", docs, "--index", built)
    assert sorted(path.name for path in built.glob("added*")) == ["added.former-1", "added.former-2"]


def test_added_files_that_are_no_source_any_more_do_not_come_back_with_the_next_one(
    invoke: Invoke, built: Path, tmp_path: Path
) -> None:
    write_files(built / FOLDER, {"old.md": "旧的。"})  # as if a build from paths was killed before it set them aside
    write_files(tmp_path, {"c.md": TRAIN})
    result = invoke("add", tmp_path / "c.md", "--index", built)
    assert str(built / "added.former-1") in result.stderr
    assert ids(invoke, built) == ["a.md", "b.md", "c.md"]


def test_what_a_killed_process_left_is_cleared(invoke: Invoke, built: Path, tmp_path: Path) -> None:
    write_files(built / ".adding", {"new/half.md": "半"})
    write_files(tmp_path, {"c.md": TRAIN})
    assert report(invoke, "add", tmp_path / "c.md", "--index", built)["added"] == ["c.md"]
    assert not (built / ".adding").exists()
    assert Folder(built).names() == ["c.md"]


@pytest.fixture
def twice(invoke: Invoke, built: Path, tmp_path: Path) -> Path:
    """An index with an added file, of which another version lies beside it, and two more."""
    report(invoke, "add", write_files(tmp_path, {"c.md": TRAIN}) / "c.md", "--index", built)
    write_files(tmp_path, {"c.md": "火车很慢。", "d.md": "新的。", "e.md": "后来的。"})
    return built


def killed(when: str, *arguments: object) -> None:
    """Run a command that kills its process at the first file that changes, before the build or behind it."""
    script = """
import os, signal, sys
from assistant.cli import main
from assistant.library import folder, library

def die(*arguments, **named):
    if when == "behind the build":
        build(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)

when, build = sys.argv.pop(1), library.updating.build
if when == "at the first file":
    folder.flush = folder.Change._clear = die
else:
    library.updating.build = die
main()
"""
    assert run_process([sys.executable, "-c", script, when, *map(str, arguments)]).returncode == -signal.SIGKILL


@pytest.mark.parametrize("when", ["at the first file", "before the build"])
def test_a_change_that_was_killed_before_the_index_changed_is_undone(
    invoke: Invoke, twice: Path, tmp_path: Path, when: str
) -> None:
    killed(when, "add", tmp_path / "c.md", tmp_path / "d.md", "--index", twice)
    assert content(twice / FOLDER)["c.md"] == "火车很慢。"
    assert report(invoke, "add", tmp_path / "e.md", "--index", twice)["added"] == ["e.md"]
    assert content(twice / FOLDER) == {"c.md": TRAIN, "e.md": "后来的。"}
    killed(when, "remove", "c.md", "e.md", "--index", twice)
    assert report(invoke, "remove", "a.md", "--index", twice)["removed"] == ["a.md"]
    assert texts(invoke, twice) == {"b.md": APPLE, "c.md": TRAIN, "e.md": "后来的。"}
    assert not (twice / ".adding").exists()


def test_a_change_that_was_killed_when_the_index_had_changed_stays(invoke: Invoke, twice: Path, tmp_path: Path) -> None:
    killed("behind the build", "add", tmp_path / "c.md", tmp_path / "d.md", "--index", twice)
    assert (twice / ".adding").exists()
    assert report(invoke, "add", tmp_path / "e.md", "--index", twice)["added"] == ["e.md"]
    assert content(twice / FOLDER) == {"c.md": "火车很慢。", "d.md": "新的。", "e.md": "后来的。"}
    killed("behind the build", "remove", "d.md", "--index", twice)
    assert report(invoke, "remove", "e.md", "--index", twice)["removed"] == ["e.md"]
    assert content(twice / FOLDER) == {"c.md": "火车很慢。"}


def test_a_rollback_is_no_new_index_for_a_change_that_was_killed(invoke: Invoke, twice: Path, tmp_path: Path) -> None:
    killed("before the build", "add", tmp_path / "c.md", "--index", twice)
    assert invoke("rollback", "--index", twice).exit_code == 0
    Folder(twice).recover()
    assert content(twice / FOLDER) == {"c.md": TRAIN}


def test_undoing_what_a_killed_process_left_can_itself_be_killed(tmp_path: Path) -> None:
    folder = Folder(write_files(tmp_path, {"added/a.md": WHALE, "added/b.md": APPLE}))
    Change(folder.path, tmp_path / ".adding", newest="").add({"a.md": b"new", "b.md": b"new", "c/d.md": b"new"})
    (tmp_path / ".adding" / "former" / "a.md").replace(folder.path / "a.md")  # as far as the first one came
    folder.recover()
    assert content(tmp_path) == {"added/a.md": WHALE, "added/b.md": APPLE}


def test_an_error_behind_the_build_leaves_the_files_as_the_new_index_has_them(
    invoke: Invoke, twice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Stamps, "save", full)
        fault(invoke, "add", tmp_path / "c.md", "--index", twice)
    assert content(twice / FOLDER) == {"c.md": "火车很慢。"}
    assert texts(invoke, twice)["c.md"] == "火车很慢。"


def test_an_index_that_was_moved_keeps_its_added_files(invoke: Invoke, index: Path, docs: Path) -> None:
    invoke("add", docs, "--index", index)
    moved = index.rename(index.with_name("moved.index"))
    found = report(invoke, "build", "--index", moved)
    assert (found["unchanged"], found["removed"]) == (["docs/a.md", "docs/b.md"], [])
    assert report(invoke, "add", docs / "a.md", "--index", moved)["added"] == ["a.md"]


def test_an_index_that_lies_among_its_documents_is_passed_over(invoke: Invoke, docs: Path) -> None:
    for _ in range(2):
        found = report(invoke, "build", docs, "--index", docs / "my.index")
        assert (found["documents"], found["skipped"]) == (2, [])


def test_what_was_taken_out_is_told_by_each_build(invoke: Invoke, index: Path, docs: Path) -> None:
    invoke("build", docs, "--index", index)
    assert report(invoke, "remove", "a.md", "--index", index)["removed"] == ["a.md"]
    told = [{"path": "a.md", "reason": "已用 assistant remove 移出索引；要放回来，用 assistant add"}]
    assert report(invoke, "build", "--index", index)["skipped"] == told


def test_a_plain_build_undoes_a_change_that_was_killed(invoke: Invoke, twice: Path, tmp_path: Path) -> None:
    killed("before the build", "add", tmp_path / "c.md", tmp_path / "d.md", "--index", twice)
    found = report(invoke, "build", "--index", twice)
    assert (found["added"], found["changed"]) == ([], [])
    assert content(twice / FOLDER) == {"c.md": TRAIN}
