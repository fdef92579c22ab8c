"""BM25 over the terms that we cut ourselves; storage, scoring and top-k are tantivy's."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

_BLANK = "\u2581"  # stands for the space inside a word, since terms reach tantivy parted by spaces
_ANALYZER = "terms"
_WRITER_BYTES = 128 << 20  # of memory before tantivy writes a segment


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
    """Writes a new index into an empty or missing folder; passages are numbered from 0 as they are added."""

    def __init__(self, folder: Path) -> None:
        """Create the index in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(folder))
        _register(index)
        self._writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        self._count = 0

    def add(self, terms: Iterable[str]) -> None:
        """Add the next passage as the list of its terms."""
        document = tantivy.Document(terms=" ".join(map(_encode, terms)), passage=self._count)
        self._writer.add_document(document)
        self._count += 1

    def finish(self) -> None:
        """Commit; the index can be opened from here on."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class LexicalIndex:
    """BM25 (k1 1.2, b 0.75: tantivy's) over passages numbered from 0."""

    def __init__(self, index: tantivy.Index, folder: tempfile.TemporaryDirectory[str] | None = None) -> None:
        """Take an opened tantivy index, and the folder of links that must live as long as it does."""
        _register(index)
        self._searcher = index.searcher()
        self._schema = index.schema
        self._links = folder

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Open the index in `folder`; ValueError where it is damaged."""
        try:
            return cls(tantivy.Index.open(str(folder)))
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
                return cls(tantivy.Index.open(links.name), links)
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
        return int(self._searcher.doc_freq("terms", _encode(term)))

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
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits
        ranked = sorted((-score, self._searcher.doc(address)["passage"][0]) for score, address in found)
        return (
            np.array([number for _, number in ranked], np.int64),
            np.array([-score for score, _ in ranked], np.float32),
        )
