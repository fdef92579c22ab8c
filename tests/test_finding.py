import zipfile
from pathlib import Path

import pytest

from corpus.finding import find
from corpus.formats.kind import Format, kind_of
from corpus.reading import read
from tests.conftest import write_files


def ids(folder: Path) -> list[str]:
    return [file.id for file in find([folder])[0]]


def reasons(folder: Path) -> dict[str, str]:
    return {one.path: one.reason for one in find([folder])[1]}


PAGE = "<!DOCTYPE html><html><body><p>框架。</p></body></html>"


@pytest.mark.parametrize(
    ("data", "suffix", "kind"),
    [
        (b"%PDF-1.7\n", ".txt", Format.PDF),
        (b"\n\n%PDF-1.4", "", Format.PDF),
        (PAGE.encode(), ".doc", Format.HTML),
        (b"\xef\xbb\xbf \n<html>", ".txt", Format.HTML),
        (PAGE.encode("utf-16"), ".txt", Format.HTML),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC", ".xml", Format.HTML),
        (b"<!-- saved from url=(0014)about:internet -->\r\n<HTML>", ".dat", Format.HTML),
        (b"From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n", ".eml", Format.MHTML),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc", Format.DOCX),
        ("# 标题".encode(), ".md", Format.MARKDOWN),
        (b"<div align=center>", ".md", Format.MARKDOWN),
        ("文字".encode(), ".TXT", Format.PLAIN),
        ("文字".encode(), ".pdf", Format.PLAIN),
        (b"a,b", ".csv", Format.CSV),
        (b"{}", ".ndjson", Format.JSONL),
        (b"PK\x03\x04 broken", ".txt", Format.ZIP),
        ("文字".encode(), ".py", None),
        ("文字".encode(), "", None),
    ],
)
def test_the_format_is_told_by_the_content_first_and_then_by_the_name(
    data: bytes, suffix: str, kind: Format | None
) -> None:
    assert kind_of(data, suffix) is kind


def test_a_file_whose_name_tells_nothing_is_found_where_its_first_bytes_do(tmp_path: Path) -> None:
    write_files(tmp_path, {"page.aspx": PAGE, "readme": "文字", "code.py": "x = 1"})
    (tmp_path / "download").write_bytes(b"%PDF-1.7\n")
    assert ids(tmp_path) == ["download", "page.aspx"]
    assert reasons(tmp_path) == {"readme": "不支持的格式 readme", "code.py": "不支持的格式 .py"}


# -- archives


def pack(path: Path, files: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_what_an_archive_holds_is_read_as_what_a_folder_holds(tmp_path: Path) -> None:
    pack(
        tmp_path / "资料.zip",
        {
            "a.md": "# 甲\n\n一。\n".encode(),
            "深/乙.txt": "二。".encode("gb18030"),
            "../../etc/丙.md": "三。".encode(),
            "图.png": b"x",
            ".hidden.md": b"x",
            "__MACOSX/._a.md": b"x",
            "inner.zip": b"PK\x03\x04",
        },
    )
    found = read([tmp_path])
    assert [(document.id, document.text) for document in found.documents] == [
        ("资料.zip/a.md", "甲\n一。\n"),
        ("资料.zip/etc/丙.md", "三。\n"),
        ("资料.zip/深/乙.txt", "二。"),
    ]
    assert {one.path: one.reason for one in found.skipped} == {
        "资料.zip/图.png": "不支持的格式 .png",
        "资料.zip/inner.zip": "压缩包里的压缩包，没有解开；请解压后再用",
    }


def test_names_in_an_archive_from_a_chinese_windows_are_read_right(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"XXXX.txt": "文。".encode()})
    name = "说明".encode("gb18030")
    path.write_bytes(path.read_bytes().replace(b"XXXX", name))  # as it writes them: without the mark of UTF-8
    assert ids(tmp_path) == ["a.zip/说明.txt"]
    assert [document.text for document in read([tmp_path]).documents] == ["文。"]


def test_a_file_that_unpacks_to_far_more_than_it_is_is_left_out(tmp_path: Path) -> None:
    pack(tmp_path / "bomb.zip", {"bomb.txt": b"0" * (20 << 20), "good.txt": "好。".encode()})
    assert ids(tmp_path) == ["bomb.zip/good.txt"]
    assert reasons(tmp_path) == {"bomb.zip/bomb.txt": "解开后会变大 200 倍以上，不像正常的文件，没有解开"}


def test_an_archive_with_too_many_files_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.archive.MOST", 2)
    pack(tmp_path / "many.zip", {f"{n}.txt": b"x" for n in range(3)})
    assert ids(tmp_path) == []
    assert reasons(tmp_path)["many.zip"].startswith("压缩包里的文件太多或太大")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive", b"PK\x05\x06" + b"\0" * 18])
def test_a_broken_or_empty_archive_is_told_and_stops_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    write_files(tmp_path, {"b.md": "好。"})
    assert ids(tmp_path) == ["b.md"]
    assert len(reasons(tmp_path)) == (0 if data.startswith(b"PK\x05") else 1)


def test_a_file_damaged_inside_an_archive_is_skipped_alone(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"bad.txt": b"AAAAAAAAAAAAAAAAAAAA", "good.txt": "好。".encode()}, compression=0)
    path.write_bytes(path.read_bytes().replace(b"AAAAA", b"AAAAB", 1))
    found = read([tmp_path])
    assert [document.id for document in found.documents] == ["a.zip/good.txt"]
    assert [(one.path, "CRC" in one.reason) for one in found.skipped] == [("a.zip/bad.txt", True)]


def test_a_change_inside_an_archive_changes_the_stamps_of_its_files(tmp_path: Path) -> None:
    pack(tmp_path / "a.zip", {"a.txt": b"1"})
    (before,), _ = find([tmp_path])
    pack(tmp_path / "a.zip", {"a.txt": b"22"})
    (after,), _ = find([tmp_path])
    assert before.id == after.id
    assert before.stamp != after.stamp


def test_of_two_files_of_one_name_in_an_archive_the_first_is_read_and_the_other_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.txt", "一。")
        archive.writestr("a.txt", "二。" * 1000)
    found = read([tmp_path])
    assert [document.text for document in found.documents] == ["一。"]
    assert [(one.path, one.reason) for one in found.skipped] == [("a.zip/a.txt#2", "压缩包里有同名的文件，只读第一个")]


def test_what_lies_in_an_archive_and_in_a_folder_of_its_name_has_two_ids(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    pack(tmp_path / "甲" / "x.zip", {"a.md": "一。".encode()})
    write_files(tmp_path / "乙", {"x.zip/a.md": "二。"})
    found = read([tmp_path / "甲", tmp_path / "乙"])
    assert {(one.id, one.text.strip()) for one in found.documents} == {
        ("甲/x.zip/a.md", "一。"),
        ("乙/x.zip/a.md", "二。"),
    }


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_file_of_any_packing_is_skipped_alone(tmp_path: Path, compression: int) -> None:
    path = pack(tmp_path / "a.zip", {"a.txt": ("字" * 500).encode()}, compression=compression)
    pack(tmp_path / "b.zip", {"b.txt": "好。".encode()}, compression=compression)
    data = bytearray(path.read_bytes())
    data[40:60] = b"\xff" * 20
    path.write_bytes(data)
    assert [document.id for document in read([tmp_path]).documents] == ["b.zip/b.txt"]


def test_a_file_beyond_the_limit_is_told_and_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.pdf").open("wb") as file:
        file.truncate(40 << 30)  # without a byte on the disk
    assert ids(tmp_path) == []
    assert reasons(tmp_path) == {"a.pdf": "文件有 40960 MB，超过上限 1024 MB；请拆成几个小一些的文件"}


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("PDF 文件以 %PDF-1.4 开头。", ".md"),
        ("# 邮件\n\nContent-Type: multipart/related\n", ".md"),
        ("MIME-Version: 1.0\n\n正文", ".txt"),
    ],
)
def test_a_text_that_speaks_of_a_format_is_a_text(text: str, suffix: str) -> None:
    assert kind_of(text.encode(), suffix) in {Format.MARKDOWN, Format.PLAIN}
