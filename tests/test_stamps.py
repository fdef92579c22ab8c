import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from corpus.finding import File, find
from index.files import digest
from index.stamps import STAMPS, Stamps
from tests.conftest import write_files

TICK = 2_000_000_000
TEXTS = {"a.md": "甲", "b.md": "乙", "c/d.md": "丁"}


def found(folder: Path) -> list[File]:
    return find([folder])[0]


def read(files: Sequence[File]) -> dict[str, tuple[bytes, bytes]]:
    return {file.id: (file.stamp, digest(Path(file.path).read_bytes())) for file in files}


def later(files: Sequence[File]) -> int:
    """A time at which nothing was being written."""
    return max(file.changed for file in files) + TICK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files", TEXTS)


@pytest.fixture
def path(tmp_path: Path, folder: Path) -> Path:
    """The stamps of all files, remembered."""
    files = found(folder)
    Stamps(tmp_path / STAMPS).save(files, read(files), later(files))
    return tmp_path / STAMPS


def known(path: Path, files: Sequence[File]) -> dict[str, bytes | None]:
    stamps = Stamps(path)
    return {file.id: stamps.content(file) for file in files}


def test_the_contents_of_files_that_are_as_they_were_are_known(path: Path, folder: Path) -> None:
    assert known(path, found(folder)) == {id: digest(text.encode()) for id, text in TEXTS.items()}


def test_a_file_that_was_never_read_has_no_content(path: Path, folder: Path) -> None:
    write_files(folder, {"new.md": "甲"})
    assert known(path, found(folder))["new.md"] is None


@pytest.mark.parametrize(
    ("before", "remembered"), [(TICK, True), (TICK - 1, False), (1, False), (0, False), (-1, False)]
)
def test_a_file_that_changed_within_the_tick_is_not_remembered(
    tmp_path: Path, folder: Path, before: int, remembered: bool
) -> None:
    os.utime(folder / "b.md", ns=(0, found(folder)[1].changed + 10 * TICK))  # the others lie long before
    files = found(folder)
    Stamps(tmp_path / STAMPS).save(files, read(files), files[1].changed + before)
    assert known(tmp_path / STAMPS, files) == {
        "a.md": digest("甲".encode()),
        "b.md": digest("乙".encode()) if remembered else None,
        "c/d.md": digest("丁".encode()),
    }


def test_what_is_known_of_a_file_that_changed_within_the_tick_is_forgotten(path: Path, folder: Path) -> None:
    files = found(folder)
    Stamps(path).save(files, {}, files[0].changed)
    assert set(known(path, files).values()) == {None}


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"!")


def touch(path: Path) -> None:
    facts = path.stat()
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns + 1))


def exchange(path: Path) -> None:
    """Put another file of the same size and time in its place."""
    shutil.copy2(path, path.with_suffix(".other"))
    path.with_suffix(".other").replace(path)


@pytest.mark.parametrize("change", [grow, touch, exchange])
def test_another_size_time_or_inode_gives_no_content(path: Path, folder: Path, change: Callable[[Path], None]) -> None:
    before = (folder / "a.md").stat()
    change(folder / "a.md")
    if change is not touch:
        os.utime(folder / "a.md", ns=(before.st_atime_ns, before.st_mtime_ns))
    after = known(path, found(folder))
    assert after == {"a.md": None, "b.md": digest("乙".encode()), "c/d.md": digest("丁".encode())}


def test_the_stamp_that_was_seen_before_reading_is_remembered(tmp_path: Path, folder: Path) -> None:
    files = found(folder)
    contents = read(files)
    grow(folder / "a.md")  # between the look at the folder and the end of the build
    Stamps(tmp_path / STAMPS).save(files, contents, later(files))
    assert known(tmp_path / STAMPS, found(folder))["a.md"] is None


def test_files_that_were_not_read_again_stay_known_and_those_that_are_gone_are_forgotten(
    path: Path, folder: Path
) -> None:
    (folder / "b.md").unlink()
    grow(folder / "a.md")
    files = found(folder)
    Stamps(path).save(files, read(files[:1]), later(files))
    assert known(path, files) == {"a.md": digest("甲!".encode()), "c/d.md": digest("丁".encode())}
    assert set(json.loads(path.read_text(encoding="utf-8"))) == {"a.md", "c/d.md"}


def test_where_nothing_is_new_the_file_is_not_written(path: Path, folder: Path) -> None:
    before = path.stat()
    files = found(folder)
    Stamps(path).save(files, {}, later(files))
    Stamps(path).save(files, read(files), later(files))
    assert path.stat() == before


def test_what_is_to_be_forgotten_is_not_known(path: Path, folder: Path) -> None:
    stamps = Stamps(path)
    stamps.forget()
    assert [stamps.content(file) for file in found(folder)] == [None, None, None]


@pytest.mark.parametrize(
    "damaged",
    [
        *(b"", b"{", b"[]", b"null", b'"a"', b"\xff\xfe", b"\0" * 100, b"[" * 100_000),
        *(b'{"a.md": 5}', b'{"a.md": null}', b'{"a.md": ["x"]}', b'{"a.md": ["x", "y", "z"]}', b'{"a.md": "xy"}'),
        b'{"a.md": [1, 2]}',
    ],
    ids=lambda data: data[:12].decode("latin-1"),
)
def test_a_damaged_file_is_no_error_and_is_written_anew(path: Path, folder: Path, damaged: bytes) -> None:
    path.write_bytes(damaged)
    files = found(folder)
    assert known(path, files) == dict.fromkeys(TEXTS)
    Stamps(path).save(files, read(files), later(files))
    assert known(path, files) == {id: digest(text.encode()) for id, text in TEXTS.items()}


@pytest.mark.parametrize("content", ["zz", "abc", 5, None, []])
def test_a_content_that_is_none_is_no_error(path: Path, folder: Path, content: object) -> None:
    files = found(folder)
    path.write_text(json.dumps({"a.md": [files[0].stamp.hex(), content]}), encoding="utf-8")
    assert known(path, files) == dict.fromkeys(TEXTS)


def test_a_flipped_bit_is_no_error_and_leaves_the_other_files_known_or_all_unknown(path: Path, folder: Path) -> None:
    data, files = path.read_bytes(), found(folder)
    right = {id: digest(text.encode()) for id, text in TEXTS.items()}
    for place in range(len(data)):
        for bit in (0, 3, 6):
            spoilt = bytearray(data)
            spoilt[place] ^= 1 << bit
            path.write_bytes(spoilt)
            after = known(path, files)
            assert sum(after[id] != right[id] for id in TEXTS) in {0, 1, len(TEXTS)}


def test_a_missing_file_is_no_error(tmp_path: Path, folder: Path) -> None:
    assert known(tmp_path / "nowhere" / STAMPS, found(folder)) == dict.fromkeys(TEXTS)
