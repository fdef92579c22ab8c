"""Vectors of passages in FAISS: exact inner product, which is the cosine on normalised vectors."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray


class DenseIndex:
    """Exact nearest neighbours by inner product over passages numbered from 0."""

    def __init__(self, index: faiss.Index) -> None:
        """Take a FAISS index over inner products."""
        self._index = index

    @classmethod
    def from_vectors(cls, vectors: NDArray[np.float32]) -> DenseIndex:
        """Index the rows of `vectors` (n, dimension), normalised to length 1 or zero."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the index to `path`; Python writes the bytes, since FAISS fails on non-ASCII paths on some systems."""
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """Read the index from `path`; ValueError where it is damaged."""
        try:
            return cls(faiss.deserialize_index(np.frombuffer(path.read_bytes(), np.uint8)))
        except RuntimeError as error:
            raise ValueError(str(error)) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    def search(self, vector: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the numbers of the nearest passages, at most `k`, and their cosines, nearest first."""
        if not len(self) or not vector.any():
            return np.empty(0, np.int64), np.empty(0, np.float32)
        scores, numbers = self._index.search(vector[None, :], min(k, len(self)))
        return numbers[0], scores[0]

    def cosines(self, vector: NDArray[np.float32], numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of `vector` with each of the passages `numbers`."""
        if not len(numbers):
            return np.empty(0, np.float32)
        stored: NDArray[np.float32] = self._index.reconstruct_batch(numbers)
        return stored @ vector
