from pathlib import Path

import numpy as np
import pytest

from index.dense import EXACT, DenseIndex, Kind, encode, encode_again


def unit(rows: int, dimension: int = 16) -> np.ndarray:
    vectors = np.random.default_rng(5).normal(size=(rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_search_equals_brute_force(tmp_path: Path) -> None:
    vectors, questions = unit(500), unit(20)[::-1]
    DenseIndex.from_vectors(vectors).save(tmp_path / "v.faiss")
    index = DenseIndex.load(tmp_path / "v.faiss")
    assert (len(index), index.dimension) == (500, 16)
    for question in questions:
        numbers, scores = index.search(question, 10)
        every = vectors @ question
        assert numbers.tolist() == np.argsort(-every, kind="stable")[:10].tolist()
        assert scores == pytest.approx(every[numbers], abs=1e-6)
        some = np.array([3, 499, 0], np.int64)
        assert index.cosines(question, some) == pytest.approx(every[some], abs=1e-6)


def test_no_more_is_found_than_there_is() -> None:
    index = DenseIndex.from_vectors(unit(3))
    assert sorted(index.search(unit(1)[0], 10)[0].tolist()) == [0, 1, 2]


def test_a_zero_vector_finds_nothing_and_a_zero_row_is_far_from_all() -> None:
    vectors = np.concatenate([unit(2), np.zeros((1, 16), np.float32)])
    index = DenseIndex.from_vectors(vectors)
    assert [part.tolist() for part in index.search(np.zeros(16, np.float32), 3)] == [[], []]
    assert index.cosines(vectors[0], np.array([2])).tolist() == [0.0]
    assert index.cosines(vectors[0], np.empty(0, np.int64)).tolist() == []


def test_an_empty_index_is_saved_and_finds_nothing(tmp_path: Path) -> None:
    DenseIndex.from_vectors(np.empty((0, 4), np.float32)).save(tmp_path / "v")
    index = DenseIndex.load(tmp_path / "v")
    assert (len(index), index.dimension, index.search(np.ones(4, np.float32), 3)[0].tolist()) == (0, 4, [])


def test_a_path_with_chinese_and_spaces_works(tmp_path: Path) -> None:
    path = tmp_path / "向 量.faiss"
    DenseIndex.from_vectors(unit(2)).save(path)
    assert len(DenseIndex.load(path)) == 2


@pytest.mark.parametrize(("damage", "told"), [(b"", "empty file"), (b"IxFI", "faiss"), (b"no index at all", "faiss")])
def test_a_damaged_file_is_a_value_error(tmp_path: Path, damage: bytes, told: str) -> None:
    (tmp_path / "v").write_bytes(damage)
    with pytest.raises(ValueError, match=told):
        DenseIndex.load(tmp_path / "v")


@pytest.mark.parametrize("kind", Kind)
def test_a_truncated_file_is_a_value_error(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "v"
    DenseIndex.from_vectors(unit(50), kind).save(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValueError, match="faiss"):
        DenseIndex.load(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        DenseIndex.load(tmp_path / "v")


@pytest.mark.parametrize(("kind", "size"), [(Kind.FLOAT32, 1024), (Kind.FLOAT16, 512), (Kind.INT8, 256)])
def test_every_kind_finds_what_brute_force_finds(tmp_path: Path, kind: Kind, size: int) -> None:
    vectors = unit(1220, 256)
    vectors, questions = vectors[:1200], vectors[1200:]
    DenseIndex.from_vectors(vectors, kind).save(tmp_path / "v")
    index = DenseIndex.load(tmp_path / "v")
    assert (len(index), index.dimension, index.codes(0, 1200).shape) == (1200, 256, (1200, size))
    cosines = questions @ vectors.T
    recalled = 0
    for question, every in zip(questions, cosines, strict=True):
        numbers, scores = index.search(question, 10)
        assert scores.tolist() == sorted(scores, reverse=True)
        assert np.abs(scores - every[numbers]).max() < 0.01
        assert np.abs(index.cosines(question, np.arange(1200)) - every).max() < 0.01
        assert index.cosines(question, numbers) == pytest.approx(scores, abs=1e-5)
        recalled += len({*numbers.tolist()} & {*np.argsort(-every)[:10].tolist()})
    assert recalled >= (200 if kind is Kind.FLOAT32 else 180)


@pytest.mark.parametrize("kind", Kind)
def test_a_code_does_not_depend_on_what_else_is_in_the_index(kind: Kind) -> None:
    vectors = unit(40, 64)
    every = encode(vectors, kind)
    alone = np.concatenate([encode(vectors[number : number + 1], kind) for number in range(40)])
    assert alone.tolist() == every.tolist()
    among_larger = np.concatenate([vectors * 100, np.zeros((1, 64), np.float32), vectors])
    assert DenseIndex.from_vectors(among_larger, kind).codes(41, 81).tolist() == every.tolist()


@pytest.mark.parametrize("kind", Kind)
def test_codes_come_back_and_make_the_same_index_piece_by_piece(tmp_path: Path, kind: Kind) -> None:
    vectors = unit(30, 24)
    codes = encode(vectors, kind)
    pieces = [codes[:7], codes[7:7], codes[7:]]
    DenseIndex.from_codes(pieces, kind, 24).save(tmp_path / "pieces")
    DenseIndex.from_vectors(vectors, kind).save(tmp_path / "whole")
    assert (tmp_path / "pieces").read_bytes() == (tmp_path / "whole").read_bytes()
    index = DenseIndex.load(tmp_path / "pieces")
    for start, end in ((0, 30), (7, 9), (29, 30), (30, 30), (5, 5)):
        assert index.codes(start, end).tolist() == codes[start:end].tolist()


@pytest.mark.parametrize("kind", Kind)
def test_an_empty_index_of_any_kind_is_saved_and_gives_no_codes(tmp_path: Path, kind: Kind) -> None:
    empty = np.empty((0, 8), np.float32)
    DenseIndex.from_vectors(empty, kind).save(tmp_path / "v")
    index = DenseIndex.load(tmp_path / "v")
    assert (len(index), index.search(np.ones(8, np.float32), 3)[0].tolist()) == (0, [])
    assert index.codes(0, 0).shape == encode(empty, kind).shape == (0, len(encode(unit(1, 8), kind)[0]))


@pytest.mark.parametrize("wanted", Kind)
def test_exact_vectors_are_stored_again_as_if_it_had_been_the_first_time(tmp_path: Path, wanted: Kind) -> None:
    vectors = np.concatenate([unit(20, 48), np.zeros((1, 48), np.float32)])
    DenseIndex.from_vectors(vectors).save(tmp_path / "v")
    for codes in (encode(vectors, Kind.FLOAT32), DenseIndex.load(tmp_path / "v").codes(0, 21)):
        assert encode_again(codes, Kind.FLOAT32, wanted).tolist() == encode(vectors, wanted).tolist()
    nothing = encode(vectors[:0], Kind.FLOAT32)
    assert encode_again(nothing, Kind.FLOAT32, wanted).shape == encode(vectors[:0], wanted).shape


@pytest.mark.parametrize("kind", Kind)
def test_codes_of_the_wanted_kind_stay(kind: Kind) -> None:
    codes = encode(unit(3), kind)
    assert encode_again(codes, kind, kind) is codes


def test_only_exact_vectors_hold_what_the_other_kinds_store() -> None:
    assert {(one, other) for one in Kind for other in Kind if one.holds(other)} == {
        (Kind.FLOAT32, Kind.FLOAT32),
        (Kind.FLOAT32, Kind.FLOAT16),
        (Kind.FLOAT32, Kind.INT8),
        (Kind.FLOAT16, Kind.FLOAT16),
        (Kind.INT8, Kind.INT8),
    }


@pytest.mark.parametrize(
    ("size", "static", "kind"),
    [
        (0, True, Kind.FLOAT32),
        (EXACT, True, Kind.FLOAT32),
        (EXACT, False, Kind.FLOAT32),
        (EXACT + 1, True, Kind.INT8),
        (EXACT + 1, False, Kind.FLOAT16),
    ],
)
def test_few_documents_are_stored_exactly_and_many_by_the_model(size: int, static: bool, kind: Kind) -> None:
    assert Kind.of(size, static=static) is kind


def test_values_beyond_the_range_of_a_byte_are_cut_off() -> None:
    axis = np.eye(1, 64, dtype=np.float32)  # 1.0, where 4 / 8 is the most that is stored
    cosine = DenseIndex.from_vectors(axis, Kind.INT8).cosines(axis[0], np.array([0]))
    assert cosine.tolist() == [pytest.approx(0.5, abs=0.01)]
