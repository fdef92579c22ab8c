"""Vectors of passages in FAISS: inner product, which is the cosine on normalised vectors, and compared with all."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.database import DamagedError

# A question is one vector: several threads gain nothing on it, and wait for each other where the processor is busy.
faiss.omp_set_num_threads(1)

Codes = NDArray[np.uint8]
"""Vectors as they are stored, a row each: (n, bytes of one)."""

VECTORS = "vectors.faiss"  # the file's name in the folder of a generation
EXACT = 16 << 20  # bytes of files, some 20,000 passages, up to which vectors are stored as they are;
# benchmarks/README.md, "Settings of an index"
_RANGE = 4.0  # times 1 / sqrt(dimension), the spread of a unit vector's values: what lies beyond is cut off


class Kind(StrEnum):
    """How vectors are stored."""

    FLOAT32 = "float32"  # as they are
    FLOAT16 = "float16"
    INT8 = "int8"  # 256 steps over a fixed range, which fits the shipped model

    @classmethod
    def of(cls, size: int, *, static: bool) -> Kind:
        """Return how the vectors of so many bytes of files are stored; `static` tells that a static model made them."""
        if size <= EXACT:
            return cls.FLOAT32
        return cls.INT8 if static else cls.FLOAT16

    def holds(self, other: Kind) -> bool:
        """Tell whether vectors stored so can be stored in the other way, as if it had been the first."""
        return self in {other, Kind.FLOAT32}


def _empty(kind: Kind, dimension: int) -> faiss.IndexFlatCodes:
    if kind is Kind.FLOAT32:
        return faiss.IndexFlatIP(dimension)
    quantizer = faiss.ScalarQuantizer.QT_fp16 if kind is Kind.FLOAT16 else faiss.ScalarQuantizer.QT_8bit_uniform
    index = faiss.IndexScalarQuantizer(dimension, quantizer, faiss.METRIC_INNER_PRODUCT)
    if kind is Kind.INT8:  # not trained: the same vector has the same code whatever else the index holds
        limit = _RANGE / np.sqrt(dimension)
        trained = faiss.Float32Vector()
        faiss.copy_array_to_vector(np.array([-limit, 2 * limit], np.float32), trained)
        index.sq.trained = trained
    index.is_trained = True
    return index


def encode(vectors: NDArray[np.float32], kind: Kind) -> Codes:
    """Return vectors (n, dimension) as they are stored."""
    index = _empty(kind, vectors.shape[1])
    if not len(vectors):
        return np.empty((0, index.code_size), np.uint8)
    codes: Codes = index.sa_encode(np.ascontiguousarray(vectors, np.float32))
    return codes


def encode_again(codes: Codes, kind: Kind, wanted: Kind) -> Codes:
    """Return vectors that are stored as `kind` in the `wanted` way; see `Kind.holds`."""
    return codes if kind is wanted else encode(codes.view(np.float32), wanted)


class DenseIndex:
    """Nearest neighbours by inner product over passages numbered from 0."""

    def __init__(self, index: faiss.IndexFlatCodes, held: NDArray[np.uint8] | None = None) -> None:
        """Take a FAISS index over inner products, and the memory that it lies in, where that is not its own."""
        self._index = index
        self._held = held

    @classmethod
    def from_codes(cls, codes: Iterable[Codes], kind: Kind, dimension: int) -> DenseIndex:
        """Index what `encode` returned, piece after piece."""
        index = _empty(kind, dimension)
        every = np.concatenate([np.empty((0, index.code_size), np.uint8), *codes])
        if len(every):
            index.add_sa_codes(every)
        return cls(index)

    @classmethod
    def from_vectors(cls, vectors: NDArray[np.float32], kind: Kind = Kind.FLOAT32) -> DenseIndex:
        """Index the rows of `vectors` (n, dimension), normalised to length 1 or zero."""
        return cls.from_codes([encode(vectors, kind)], kind, vectors.shape[1])

    def save(self, path: Path) -> None:
        """Write the index to `path`; Python writes the bytes, since FAISS fails on non-ASCII paths on some systems."""
        path.write_bytes(faiss.serialize_index(self._index).data)

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """Map the index at `path` into memory; ValueError where it is damaged."""
        try:
            held = np.asarray(np.memmap(path, np.uint8, "r"))
            reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(held), held.size)  # type: ignore[attr-defined]
            index = faiss.read_index(reader, faiss.IO_FLAG_MMAP_IFC)
            if not isinstance(index, faiss.IndexFlatCodes):
                raise ValueError(type(index).__name__)
            return cls(index, held)
        except (RuntimeError, MemoryError) as error:
            raise DamagedError(f"faiss: {error}") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    def codes(self, start: int, end: int) -> Codes:
        """Return the vectors of the passages from `start` to before `end`, as they are stored."""
        size = self._index.code_size
        every = faiss.rev_swig_ptr(self._index.codes.data(), len(self) * size).reshape(len(self), size)
        return np.array(every[start:end])  # the index may be gone before them

    def vectors(self, start: int, end: int) -> NDArray[np.float32]:
        """Return the vectors of the passages from `start` to before `end`, (n, dimension)."""
        found: NDArray[np.float32] = self._index.reconstruct_n(start, end - start)
        return found

    def search(self, vector: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the numbers of the nearest passages, at most `k`, and their cosines, nearest first."""
        if not len(self) or not vector.any():
            return np.empty(0, np.int64), np.empty(0, np.float32)
        try:
            scores, numbers = self._index.search(vector[None, :], min(k, len(self)))
        except RuntimeError as error:  # a damaged header that the opening did not see
            raise DamagedError(f"faiss: {error}") from error
        return numbers[0], scores[0]

    def cosines(self, vector: NDArray[np.float32], numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of `vector` with each of the passages `numbers`."""
        if not len(numbers):
            return np.empty(0, np.float32)
        stored: NDArray[np.float32] = self._index.reconstruct_batch(numbers)
        return stored @ vector
