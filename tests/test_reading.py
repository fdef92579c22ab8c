import hashlib
import os
import sys
from pathlib import Path

import pytest

from corpus.errors import InputError
from corpus.reading import parse, read
from tests.conftest import read_text, run_process, write_files


def ids(*paths: Path) -> list[str]:
    return [document.id for document in read(paths).documents]


def reasons(*paths: Path) -> dict[str, str]:
    return {skipped.path: skipped.reason for skipped in read(paths).skipped}


# -- skipped files


def test_unusable_files_are_skipped_with_their_reasons_and_the_rest_is_read(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"good.md": "好的。", "photo.jpeg": "x", "README": "x", "only-marks.md": "---\ntitle: x\n---\n"}
    )
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_bytes(b" \n\t\n")
    (tmp_path / "bytes.txt").write_bytes(b"\x81\xff\xff\xff\xfe\xfd" * 9)
    (tmp_path / "binary.txt").write_bytes(b"PK\x03\x04\x00\x00text")
    (tmp_path / "link.md").symlink_to("nowhere.md")
    (tmp_path / "itself.md").symlink_to("itself.md")
    os.mkfifo(tmp_path / "pipe.txt")
    assert ids(tmp_path) == ["good.md"]
    assert reasons(tmp_path) == {
        "photo.jpeg": "不支持的格式 .jpeg",
        "README": "不支持的格式 README",
        "only-marks.md": "文件是空的",
        "empty.txt": "文件是空的",
        "blank.txt": "文件是空的",
        "bytes.txt": "编码无法识别（支持 UTF-8、UTF-16、GB18030、Big5），请另存为 UTF-8",
        "binary.txt": "是二进制文件，不是文字",
        "link.md": "无法读取：No such file or directory",
        "itself.md": "无法读取：Too many levels of symbolic links",
        "pipe.txt": "不是普通文件",
    }


@pytest.fixture
def as_nobody(tmp_path: Path) -> list[str]:
    """What starts a command as a user whom permissions bind, with a way to `tmp_path`."""
    if os.getuid():
        return []
    for folder in (tmp_path, *tmp_path.parents):
        folder.chmod(0o755)
        if folder.name.startswith("pytest-of-"):
            break
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def test_a_file_and_a_folder_without_permission_are_skipped(tmp_path: Path, as_nobody: list[str]) -> None:
    write_files(tmp_path, {"good.md": "好的。", "secret.md": "秘密。", "closed/a.md": "内。"})
    (tmp_path / "secret.md").chmod(0)
    (tmp_path / "closed").chmod(0)
    script = (
        "import sys; from pathlib import Path; from corpus.reading import read; found = read([Path(sys.argv[1])]);"
        "print([d.id for d in found.documents], sorted((Path(s.path).name, s.reason) for s in found.skipped))"
    )
    done = run_process([*as_nobody, sys.executable, "-c", script, tmp_path], PYTHONIOENCODING="utf-8")
    (tmp_path / "closed").chmod(0o700)
    denied = "'无法读取：Permission denied'"
    expected = f"['good.md'] [('closed', {denied}), ('secret.md', {denied})]\n"
    assert (done.stdout.decode(), done.stderr.decode()) == (expected, "")


def test_a_path_that_does_not_exist_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"没有这个路径：.*文档"):
        read([tmp_path / "文档"])


# -- folders and names


def test_folders_are_read_to_the_bottom_without_hidden_files_or_linked_folders(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {"b.md": "乙。", "子 文件夹/深/一 二.txt": "甲。", ".hidden.md": "隐。", ".git/x.md": "隐。", "A.MD": "丙。"},
    )
    (tmp_path / "loop").symlink_to(tmp_path)
    assert ids(tmp_path) == ["A.MD", "b.md", "子 文件夹/深/一 二.txt"]
    assert reasons(tmp_path) == {}


def test_a_single_file_goes_by_its_name_and_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    write_files(tmp_path, {"d/a.md": "甲。"})
    assert ids(tmp_path / "d" / "a.md") == ["a.md"]
    assert ids(tmp_path, tmp_path / "d" / "a.md", tmp_path) == ["d/a.md"]


def test_files_of_one_name_are_told_apart_by_their_folders_names(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"甲/a.md": "1。", "乙/a.md": "2。", "乙/b.md": "3。", "丙/x/n.md": "4。", "丁/x/n.md": "5。"}
    )
    assert ids(tmp_path / "甲", tmp_path / "乙") == sorted(["甲/a.md", "乙/a.md", "b.md"])
    assert ids(tmp_path / "丙" / "x", tmp_path / "丁" / "x") == sorted(["x/n.md", "丁/x/n.md"])


def test_documents_come_in_order_of_their_ids_whatever_order_the_paths_had(tmp_path: Path) -> None:
    write_files(tmp_path, {"甲/1.md": "1。", "乙/2.md": "2。", "乙/10.md": "3。"})
    assert ids(tmp_path / "甲", tmp_path / "乙") == ids(tmp_path / "乙", tmp_path / "甲") == ["1.md", "10.md", "2.md"]


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses such names")
def test_a_name_that_is_not_utf8_is_made_printable(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xc4\xe3.txt")).write_text("你。", encoding="utf-8")
    assert ids(tmp_path) == ["\ufffd\ufffd.txt"]


def test_progress_counts_every_file_that_is_opened(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": "甲。", "b.jpg": "x"})  # a picture is not opened
    steps: list[tuple[int, int]] = []
    read([tmp_path], progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 1)]


def test_plain_text_keeps_every_character(tmp_path: Path) -> None:
    text = "# 不是标题\n\n  **星号**  \n---\ntitle: x\n---\n"
    document = read_text(tmp_path, text, "a.txt")
    assert document.text == text
    assert [(s.path, s.start, s.end) for s in document.sections] == [((), 0, len(text))]


def test_sha256_is_that_of_the_text(tmp_path: Path) -> None:
    document = read_text(tmp_path, "北京。", "a.txt")
    assert document.sha256 == hashlib.sha256("北京。".encode()).hexdigest()


def test_a_file_that_hangs_its_reader_is_skipped_with_the_reason_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.aside.SECONDS", 1)
    write_files(tmp_path, {"a.md": "甲。", "hangs.md": "[" * 300_000, "z.md": "乙。"})  # quadratic in the parser
    assert ids(tmp_path) == ["a.md", "z.md"]
    assert reasons(tmp_path) == {"hangs.md": "读了 1 秒还没读完，已放弃；请拆成几个小一些的文件，或另存为 .txt"}


def test_a_large_markdown_file_is_read_aside_as_a_small_one_is_here(tmp_path: Path) -> None:
    text = "# 题\n\n" + "深度学习框架。\n\n" * 5000
    (document,) = read([write_files(tmp_path, {"a.md": text})]).documents
    assert document == parse(text.encode(), "a.md")


def test_half_a_character_in_a_record_stops_nothing(tmp_path: Path) -> None:
    text = "这是一份很长的记录。" * 20
    write_files(tmp_path, {"a.jsonl": f'{{"title": "题", "text": "{text}文\\ud800。"}}\n', "b.md": "好。"})
    (first, second) = read([tmp_path]).documents
    assert (first.text, second.text) == (f"题\n{text}文\ufffd。\n", "好。\n")
