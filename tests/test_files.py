import os
import random
import zlib
from pathlib import Path

import pytest

from index import files


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_a_checksum_is_the_crc_32_of_the_whole_file(tmp_path: Path, size: int) -> None:
    data = random.Random(size).randbytes(size)
    (tmp_path / "f").write_bytes(data)
    assert files.checksum(tmp_path / "f") == zlib.crc32(data)


def test_put_replaces_the_content_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "当前"
    for text in ("第一\n", "", "second, longer\r\n"):
        files.put(path, text)
        assert (path.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (text.encode(), ["当前"])


def test_put_is_one_step_for_those_who_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    files.put(path, "former")
    with path.open(encoding="utf-8") as reading:
        files.put(path, "later")
        assert reading.read() == "former"
    assert path.read_text(encoding="utf-8") == "later"


def test_put_that_fails_leaves_the_former_content(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    files.put(path, "former")
    with pytest.raises(UnicodeEncodeError):
        files.put(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "former"


def test_what_a_killed_put_left_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    (tmp_path / "CURRENT.new").write_text("half of a much longer text", encoding="utf-8")
    files.put(path, "whole")
    assert {one.name: one.read_text(encoding="utf-8") for one in tmp_path.iterdir()} == {"CURRENT": "whole"}


def test_a_digest_tells_contents_apart_and_has_sixteen_bytes() -> None:
    contents = [b"", b"a", b"b", b"a\n", b"\0"]
    assert len({files.digest(content) for content in contents}) == len(contents)
    assert {len(files.digest(content)) for content in contents} == {16}
    assert files.digest(b"a") == files.digest(bytearray(b"a"))


def test_a_shared_file_is_one_file_with_two_names(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"abc")
    files.share(source, target)
    assert target.samefile(source)
    source.unlink()
    assert target.read_bytes() == b"abc"


def test_where_the_disk_has_no_hard_links_a_shared_file_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"abc")
    files.share(source, target)
    assert (target.samefile(source), target.read_bytes(), source.read_bytes()) == (False, b"abc", b"abc")


def test_a_file_that_is_missing_is_not_shared(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files.share(tmp_path / "none", tmp_path / "target")
    assert list(tmp_path.iterdir()) == []


def test_a_seal_tells_size_and_checksum_of_every_file_but_the_known_ones_and_the_locks(tmp_path: Path) -> None:
    contents = {"a": b"", "parts/b.sqlite": b"b" * 5000, "lexical/meta.json": b"{}", "lexical/known.idx": b"known"}
    for name, content in {**contents, "lexical/.tantivy-meta.lock": b"", ".tantivy-writer.lock": b"lock"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    expected = {name: (len(content), zlib.crc32(content)) for name, content in sorted(contents.items())}
    assert files.seal(tmp_path) == expected
    del expected["lexical/known.idx"]
    assert files.seal(tmp_path, ["lexical/known.idx", "never.there"]) == expected
    (tmp_path / "empty").mkdir()
    assert files.seal(tmp_path / "empty") == {}


def test_a_folder_is_removed_with_all_that_is_in_it_and_one_that_is_missing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(b"c")
    for _ in range(2):
        files.remove(tmp_path / "a")
        assert list(tmp_path.iterdir()) == []
