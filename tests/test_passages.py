import itertools
import random
import sqlite3
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Document, Dropped, Passage, Reason, Section
from index import passages as module
from index.database import DamagedError
from index.passages import PassageReader, PassageWriter, Stored, unpack
from tests.conftest import run_process

TEXT = "甲题\n甲是第一份。它说明 PyTorch 1.0。\n乙节\n𠮷字😀也算一个字符。\n"
SECTIONS = (Section(("甲题",), 3, 24, 1), Section(("甲题", "乙 节"), 27, len(TEXT), 12))
DROPPED = (Dropped(0, "登录 \0 注册", Reason.CLUTTER), Dropped(24, "3", Reason.SCAN))


def passage(text: str, start: int, end: int, section: tuple[str, ...] = ()) -> Passage:
    return Passage("id", "题", "", "", section, text[start:end], start, end)


def marks_of(length: int, number: int = 1) -> bytes:
    """Edges that tell one passage from another."""
    return bytes((37 * number + 11 * place) % 256 for place in range(length // 8 + 1))


Content = Sequence[tuple[Document, Sequence[Passage]]]


def written(path: Path, content: Content) -> int:
    """Write the documents and return the file's checksum."""
    writer = PassageWriter(path)
    for document, cut in content:
        first = writer.passages
        writer.add(document, cut, [marks_of(len(one.text), first + place) for place, one in enumerate(cut)])
    writer.finish()
    return zlib.crc32(path.read_bytes())


def stored(content: Content) -> list[Stored]:
    every = [(number, one) for number, (_, cut) in enumerate(content) for one in cut]
    return [
        Stored(document, one.section, one.start, one.text, marks_of(len(one.text), number), one.page)
        for number, (document, one) in enumerate(every)
    ]


def document(text: str, sections: tuple[Section, ...] = ()) -> Document:
    return Document("id", "题", text, sections)


WRITTEN: Content = [
    (
        replace(document(TEXT, SECTIONS), dropped=DROPPED),
        [replace(passage(TEXT, 3, 10, ("甲题",)), page=1), replace(passage(TEXT, 27, 38, ("甲题", "乙 节")), page=12)],
    ),
    (document("没有段落"), []),
    (document("abc\n" * 300), [passage("abc\n" * 300, 0, 1199)]),
]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[PassageReader]:
    path = tmp_path / "目 录?#%.sqlite"
    with closing(PassageReader(path, written(path, WRITTEN))) as opened:
        yield opened


def test_documents_come_back_with_their_sections_and_passages(reader: PassageReader) -> None:
    first, second, third = stored(WRITTEN)
    assert [reader.document(number) for number in (2, 0, 1)] == [
        ("abc\n" * 300, (), (), [third]),
        (TEXT, SECTIONS, DROPPED, [first, second]),
        ("没有段落", (), (), []),
    ]


def test_passages_come_back_by_number_in_any_order(reader: PassageReader) -> None:
    every = stored(WRITTEN)
    assert reader.passages([2, 0, 1]) == dict(enumerate(every))
    assert reader.passages([1]) == {1: every[1]}
    assert reader.passages([]) == {}


def test_numbers_that_no_passage_has_are_not_found(reader: PassageReader) -> None:
    assert reader.passages([3, -1, 2]) == {2: stored(WRITTEN)[2]}


def test_passages_of_a_document_come_in_reading_order(reader: PassageReader) -> None:
    first, second, third = stored(WRITTEN)
    assert [reader.passages_of(number) for number in (0, 1, 2)] == [[first, second], [], [third]]


def test_a_document_that_is_not_there_is_damage(reader: PassageReader) -> None:
    for read in (reader.document, reader.passages_of):
        with pytest.raises(DamagedError):
            read(3)


CHARACTERS = st.text(
    st.sampled_from("深度学习 abc1.。，\n\r\t\0")
    | st.characters(codec="utf-8")
    | st.sampled_from("𠮷😀\U0010ffff\ufffd"),
    min_size=1,
    max_size=40,
)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    found = []
    for text in draw(st.lists(CHARACTERS, min_size=1, max_size=5)):
        places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
        between = list(itertools.pairwise(places))
        kept = [span for span in between if draw(st.booleans())]
        sections = tuple(Section((text[start:end], text), start, end) for start, end in between)
        found.append((document(text, sections), [passage(text, start, end, (text,)) for start, end in kept]))
    return found


@settings(max_examples=150)
@given(contents(), st.sampled_from([1, 2, 8, 16 << 10]), st.randoms(use_true_random=False))
def test_any_text_comes_back_wherever_blocks_begin(
    tmp_path_factory: pytest.TempPathFactory, content: Content, block: int, chance: random.Random
) -> None:
    path = tmp_path_factory.mktemp("passages") / "p.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        with closing(PassageReader(path, written(path, content))) as reader:
            every = stored(content)
            order = list(range(len(every)))
            chance.shuffle(order)
            assert reader.passages(order) == dict(enumerate(every))
            for number, (one, _) in enumerate(content):
                own = [other for other in every if other.document == number]
                assert reader.document(number) == (one.text, one.sections, (), own)
                assert reader.passages_of(number) == own


def test_a_stored_passage_is_one_of_its_document_again(reader: PassageReader) -> None:
    for number, (one, cut) in enumerate(WRITTEN):
        assert [other.of(one.id, one.title, one.source, one.date) for other in reader.passages_of(number)] == list(cut)


def test_texts_are_cut_into_blocks_of_one_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 8)
    written(tmp_path / "p", [(document("abcde"), []), (document("中文字😀"), [])])
    with closing(sqlite3.connect(tmp_path / "p")) as connection:
        packed = connection.execute("SELECT packed FROM blocks ORDER BY number").fetchall()
    assert [zlib.decompress(block) for (block,) in packed] == [
        b"abcde" + "中文字😀".encode("gb18030")[:3],
        "中文字😀".encode("gb18030")[3:],
    ]


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 64])
def test_edges_hold_both_ends_and_every_mark_between(length: int) -> None:
    bits = [place % 3 == 1 for place in range(length + 1)]
    marks = bytes(
        sum(bit << 7 - place for place, bit in enumerate(bits[at : at + 8])) for at in range(0, length + 1, 8)
    )
    assert unpack(length, marks) == sorted({0, length, *range(1, length + 1, 3)})


def everything(reader: PassageReader) -> object:
    return reader.passages([2, 1, 0]), [reader.document(n) for n in range(3)]


def outcome(path: Path, checksum: int) -> object:
    """What is read of the file, or None where it is told to be damaged."""
    try:
        with closing(PassageReader(path, checksum)) as reader:
            return everything(reader)
    except DamagedError:
        return None


def test_a_flipped_bit_anywhere_is_damage(tmp_path: Path) -> None:
    checksum = written(tmp_path / "p", WRITTEN)
    data = (tmp_path / "p").read_bytes()
    assert outcome(tmp_path / "p", checksum) is not None
    chance = random.Random(7)
    places = [*range(100), *(chance.randrange(100, len(data)) for _ in range(400))]  # SQLite's header is all looked at
    for place in places:
        spoilt = bytearray(data)
        spoilt[place] ^= 1 << chance.randrange(8)
        (tmp_path / "p").write_bytes(spoilt)
        assert outcome(tmp_path / "p", checksum) is None, place


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:1000], lambda data: data[:4096], lambda data: b"x" * len(data)]
)
def test_a_file_that_is_not_whole_is_damage_when_it_is_read(tmp_path: Path, damage) -> None:
    checksum = written(tmp_path / "p", WRITTEN)
    (tmp_path / "p").write_bytes(damage((tmp_path / "p").read_bytes()))
    assert outcome(tmp_path / "p", checksum) is None


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="unable to open"):
        PassageReader(tmp_path / "p", 0)


def test_another_part_in_the_place_of_this_one_is_damage(tmp_path: Path) -> None:
    checksum = written(tmp_path / "p", WRITTEN)
    written(tmp_path / "q", [(document("abc"), [])])
    (tmp_path / "q").replace(tmp_path / "p")
    assert outcome(tmp_path / "p", checksum) is None


FIRST = """
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from index.passages import PassageReader

start = Barrier(8)

def read(reader):
    start.wait()
    return reader.document(0), reader.passages([2, 1, 0])

with ThreadPoolExecutor(8) as pool:
    for _ in range(60):
        with closing(PassageReader(Path(sys.argv[1]), int(sys.argv[2]))) as reader:
            found = list(pool.map(read, [reader] * 8))
            assert found == [(reader.document(0), reader.passages([2, 1, 0]))] * 8
print("alike")
"""


def test_many_threads_may_be_the_first_to_read(tmp_path: Path) -> None:
    checksum = written(tmp_path / "p", WRITTEN)
    done = run_process([sys.executable, "-c", FIRST, tmp_path / "p", checksum])  # a fault of memory would end the tests
    assert (done.returncode, done.stdout, done.stderr) == (0, b"alike\n", b"")


def test_an_abandoned_file_can_be_removed(tmp_path: Path) -> None:
    writer = PassageWriter(tmp_path / "p")
    writer.add(document("abc"), [], [])
    assert (writer.documents, writer.passages) == (1, 0)
    writer.abandon()
    (tmp_path / "p").unlink()
