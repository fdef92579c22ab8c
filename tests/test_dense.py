from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex


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


@pytest.mark.parametrize("damage", [b"", b"IxFI", b"not an index at all"])
def test_a_damaged_file_is_a_value_error(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "v").write_bytes(damage)
    with pytest.raises(ValueError, match="faiss"):
        DenseIndex.load(tmp_path / "v")


def test_a_truncated_file_is_a_value_error(tmp_path: Path) -> None:
    path = tmp_path / "v"
    DenseIndex.from_vectors(unit(50)).save(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValueError, match="faiss"):
        DenseIndex.load(path)
