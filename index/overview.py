"""What a generation of an index tells of all its documents at once: what each is about, and which were cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexUnusableError
from index.catalog import Catalog, Facts
from index.dense import VECTORS, DenseIndex
from index.store import Store

_AT_ONCE = 16_384  # passages whose vectors are decoded together


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """Documents, each with the mean of its passages' vectors, of length 1 (0 where it has no passage)."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    vectors: NDArray[np.float32]  # (documents, dimension)


def meanings(store: Store) -> Meanings:
    """Return what the documents of the current generation are about; those whose text others have, once."""
    generation = store.current()
    with _catalog(store, generation) as catalog:
        documents, copies = catalog.facts(), catalog.copies.originals
        try:
            means = _means(DenseIndex.load(generation / VECTORS), [one.passages for one in documents])
        except (OSError, ValueError) as error:
            raise IndexUnusableError("index-damaged", path=store.folder, reason=error) from error
    kept = [place for place, one in enumerate(documents) if one.id not in copies]
    shown: list[Facts] = [documents[place] for place in kept]
    return Meanings(tuple(one.id for one in shown), tuple(one.title for one in shown), means[kept])


def shortened(store: Store) -> frozenset[str]:
    """Return the ids of the documents of which something was left out when they were read."""
    with _catalog(store, store.current()) as catalog:
        return catalog.shortened()


@contextmanager
def _catalog(store: Store, generation: Path) -> Iterator[Catalog]:
    try:
        with closing(Catalog(generation, store.manifest(generation))) as catalog:
            yield catalog
    except (OSError, ValueError, KeyError) as error:
        raise IndexUnusableError("index-damaged", path=store.folder, reason=error) from error


def _means(dense: DenseIndex, passages: Sequence[int]) -> NDArray[np.float32]:
    """Return the mean of each run of so many vectors, scaled to length 1."""
    ends = np.cumsum([0, *passages])
    if ends[-1] != len(dense):
        raise ValueError(f"{ends[-1]} != {len(dense)}")
    sums = np.zeros((len(passages), dense.dimension), np.float32)
    for start in range(0, len(dense), _AT_ONCE):
        vectors = dense.vectors(start, min(start + _AT_ONCE, len(dense)))
        owners = np.searchsorted(ends, np.arange(start, start + len(vectors)), side="right") - 1
        first = np.flatnonzero(np.diff(owners, prepend=-1))  # where another document begins
        sums[owners[first]] += np.add.reduceat(vectors, first)
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return sums
