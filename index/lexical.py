"""BM25 over the terms that we cut ourselves; storage, scoring and top-k are tantivy's."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.database import DamagedError

_BLANK = "\u2581"  # stands for the space inside a word, since terms reach tantivy parted by spaces
_ANALYZER = "terms"
_WRITER_BYTES = 512 << 20  # of memory before tantivy writes a segment
_REMEMBERED = 50_000  # terms whose frequency is kept, some 5 MB
_META = "meta.json"  # tantivy's list of the segments
_LOCAL_BITS = 30  # of a passage's key: its number within its part; above them stands the part's name, 32 bits (tantivy
# takes a number beyond 63 bits for a float)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_unsigned_field("passage", stored=True)
    return builder.build()


def _register(index: tantivy.Index) -> None:
    index.register_tokenizer(_ANALYZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def _encode(term: str) -> str:
    return term.replace(" ", _BLANK)


class LexicalWriter:
    """Writes the segments of one part into an empty or missing folder; passages are numbered from 0 as they come."""

    def __init__(self, folder: Path, part: str) -> None:
        """Create the index of the part with this name in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(folder))
        _register(index)
        self._folder = folder
        self._writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        self._next = int(part, 16) << _LOCAL_BITS

    def add(self, terms: Sequence[str]) -> None:
        """Add the next passage as the list of its terms."""
        joined = " ".join(terms)
        if joined.count(" ") >= len(terms):  # a term holds a space
            joined = " ".join(map(_encode, terms))
        self._writer.add_document(tantivy.Document(terms=joined, passage=self._next))
        self._next += 1

    def finish(self) -> tuple[Mapping[str, Any], ...]:
        """Commit, and return the segments as tantivy lists them."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        listed = json.loads((self._folder / _META).read_text(encoding="utf-8"))
        return tuple(listed["segments"])


def is_of_segment(name: str, segment: Mapping[str, Any]) -> bool:
    """Tell whether a file belongs to a segment."""
    return name.startswith(str(segment["segment_id"]).replace("-", "") + ".")


def assemble(folder: Path, segments: Sequence[Mapping[str, Any]]) -> None:
    """Make one index of the segments whose files lie in `folder`: what they know of all passages is added up."""
    tantivy.Index(_schema(), path=str(folder))  # writes the list of no segments
    path = folder / _META
    listed = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**listed, "segments": list(segments)}), encoding="utf-8")


class LexicalIndex:
    """BM25 (k1 1.2, b 0.75: tantivy's) over passages numbered from 0; DamagedError where a file turns out damaged."""

    def __init__(
        self, index: tantivy.Index, bases: Mapping[str, int], folder: tempfile.TemporaryDirectory[str] | None = None
    ) -> None:
        """Take an opened tantivy index, the number of each part's first passage, and a folder of links to live on."""
        _register(index)
        self._searcher = index.searcher()
        self._schema = index.schema
        self._bases = {int(part, 16): base for part, base in bases.items()}
        self._links = folder
        self._frequencies: dict[str, int] = {}  # of the terms asked for, each in every segment: 50 microseconds

    @classmethod
    def load(cls, folder: Path, bases: Mapping[str, int]) -> LexicalIndex:
        """Open the index in `folder`, given the number of the first passage of each part by the part's name."""
        with _told():
            try:
                return cls(tantivy.Index.open(str(folder)), bases)
            except ValueError:
                # A reader of tantivy makes a lock file beside the index: on a read-only disk it opens links to it.
                links = tempfile.TemporaryDirectory(prefix="yinju-")
                try:
                    for file in folder.iterdir():
                        if not file.name.startswith(".tantivy"):
                            try:
                                (Path(links.name) / file.name).symlink_to(file.resolve())
                            except OSError:
                                shutil.copy(file, links.name)
                    return cls(tantivy.Index.open(links.name), bases, links)
                except BaseException:
                    links.cleanup()
                    raise

    def close(self) -> None:
        """Remove the links, where there are any; the index is of no use afterwards."""
        if self._links:
            self._links.cleanup()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def _query(self, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "terms", _encode(term), "freq")

    def document_frequency(self, term: str) -> int:
        """Return in how many passages `term` stands."""
        if (known := self._frequencies.get(term)) is not None:
            return known
        with _told():
            found = int(self._searcher.doc_freq("terms", _encode(term)))
        if len(self._frequencies) >= _REMEMBERED:
            self._frequencies.clear()
        self._frequencies[term] = found
        return found

    def search(self, terms: Mapping[str, float], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the numbers of the best passages, at most `k`, and their scores, best first; ties by number.

        A passage's score is the sum of its terms' BM25, each times the term's weight in `terms`.
        """
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._query(term), weight))
            for term, weight in terms.items()
        ]
        if not clauses:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        with _told():
            found = self._searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits
            ranked = sorted((-score, self._number(address)) for score, address in found)
        return (
            np.array([number for _, number in ranked], np.int64),
            np.array([-score for score, _ in ranked], np.float32),
        )

    def _number(self, address: tantivy.DocAddress) -> int:
        key = int(self._searcher.doc(address)["passage"][0])
        return self._bases[key >> _LOCAL_BITS] + (key & (1 << _LOCAL_BITS) - 1)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what tantivy's Rust does on a damaged file (it panics, which is no Exception) into a DamagedError."""
    try:
        yield
    except KeyError as error:
        raise DamagedError(f"lexical: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedError(f"lexical: {error}") from error
