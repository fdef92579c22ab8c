"""Text -> unit vectors: the shipped static model, read without torch, and any sentence-transformers model."""

from __future__ import annotations

import hashlib
import json
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from corpus.words import Segmenter, Word, embedding_terms
from index.files import expanded

SHIPPED = Path(__file__).parent / "model"
WEIGHTS = "model.safetensors"
VOCABULARY = "vocabulary.marisa"
SPACE = "\u2581"  # stands for a space inside a term, since the tokenizer of the stored model splits at spaces

_REMEMBERED = 32_000  # words whose vectors are kept at most, 32 MB: most of a text's words were met before

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Text -> vectors of length 1, so that an inner product is a cosine; a text of unknown words gets zeros."""

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def fingerprint(self) -> str:
        """Digest of the weights, so that an index made with another model is refused."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text."""
        ...

    def encode_question(self, text: str) -> Vectors:
        """Return one vector."""
        ...


def load(name_or_folder: str | Path | None, segmenter: Segmenter) -> Embedder:
    """Load the shipped model (None), a static model's folder, or a sentence-transformers model by folder or name."""
    if name_or_folder is None:
        return StaticModel.load(SHIPPED, segmenter)
    folder = expanded(name_or_folder)
    if (folder / VOCABULARY).is_file():
        return StaticModel.load(folder, segmenter)
    return TransformerModel.load(folder if folder.is_dir() else str(name_or_folder))


class StaticModel:
    """A vector for each known term; a text is the mean of its terms' vectors, with length 1.

    The lengths of the stored vectors are learned: they are the weights of the terms in the mean. Terms without a
    vector are left out. `SentenceTransformer(folder).encode(" ".join(terms))` gives the same; tested.
    """

    def __init__(
        self,
        embeddings: NDArray[np.int8],
        scales: Vectors,
        vocabulary: marisa_trie.Trie,
        segmenter: Segmenter,
        *,
        name: str,
    ) -> None:
        """Take whole numbers and a scale for each row (row = embeddings[i] * scales[i]); a term's row is its key id."""
        self.name = name
        self._embeddings, self._scales = embeddings, scales
        self._row = _Rows(vocabulary)
        self._lock = threading.Lock()
        self._slots: dict[str, int] = {}  # word -> its row of what is kept
        self._kept = np.empty((_REMEMBERED, embeddings.shape[1]), np.float32)
        self._vocabulary = vocabulary
        self._segmenter = segmenter
        self._fingerprint: str | None = None
        self._folder: Path | None = None

    @classmethod
    def load(cls, folder: Path, segmenter: Segmenter) -> StaticModel:
        """Map the weights and the vocabulary of a model folder into memory."""
        weights, words = folder / WEIGHTS, folder / VOCABULARY
        try:
            tensors, facts = _map_safetensors(weights)
            vocabulary = marisa_trie.Trie().mmap(str(words))
            embeddings, scales = tensors["embeddings"], tensors["weights"]
            if embeddings.ndim != 2 or not len(embeddings) == len(scales) == len(vocabulary) + 1:
                raise ValueError(f"{embeddings.shape} / {scales.shape} / {len(vocabulary)}")
        except FileNotFoundError as error:
            raise ModelError("model.missing_file", file=error.filename, folder=folder) from error
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise ModelError("model.damaged", folder=folder, reason=error) from error
        model = cls(embeddings, scales, vocabulary, segmenter, name=facts.get("name", folder.name))
        model._folder = folder
        return model

    def __reduce__(self) -> tuple[object, ...]:
        if self._folder is None:
            raise TypeError("only a model that was loaded from a folder goes to another process")
        return StaticModel.load, (self._folder, self._segmenter)

    @property
    def dimension(self) -> int:
        return int(self._embeddings.shape[1])

    @property
    def fingerprint(self) -> str:
        """Checksum of weights and vocabulary: CRC-32, since it tells models apart and reads 28 MB in milliseconds."""
        if self._fingerprint is None:
            checksum = zlib.crc32(
                np.ascontiguousarray(self._scales).data, zlib.crc32(np.ascontiguousarray(self._embeddings).data)
            )
            self._fingerprint = f"{checksum:08x}{zlib.crc32(self._vocabulary.tobytes()):08x}"
        return self._fingerprint

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for place, text in enumerate(texts):
            vectors[place] = self.encode_question(text)
        return vectors

    def encode_question(self, text: str) -> Vectors:
        """Return the vector of one text."""
        return self._encode(embedding_terms(self._segmenter.words(text)))

    def encode_terms(self, texts: Sequence[Sequence[str]]) -> Vectors:
        """Return one row for each text, given as its `embedding_terms`, so that nothing is cut twice."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for place, terms in enumerate(texts):
            vectors[place] = self._encode(terms)
        return vectors

    def contributions(self, words: Sequence[str]) -> Vectors:
        """Return what each folded word adds to a text's sum, before that gets length 1: (words, dimension)."""
        with self._lock:  # the rows of one thread's words may not make room for another's before they are copied
            missing = list(dict.fromkeys(word for word in words if word not in self._slots))
            if len(self._slots) + len(missing) > _REMEMBERED:
                self._slots.clear()
                missing = list(dict.fromkeys(words))
            if len(missing) > _REMEMBERED:
                return self._sums(words)
            first = len(self._slots)
            self._slots.update(zip(missing, range(first, first + len(missing)), strict=True))
            self._kept[first : len(self._slots)] = self._sums(missing)
            return self._kept[[self._slots[word] for word in words]]

    def _sums(self, words: Sequence[str]) -> Vectors:
        found = [self._rows_of(word) for word in words]
        sums = np.zeros((len(words), self.dimension), dtype=np.float32)
        place, position = [number for number, rows in enumerate(found) if rows], 0
        while place:  # the few rows of each word in turn: three times as fast as np.add.reduceat over all
            rows = [found[number][position] for number in place]
            sums[place] += self._embeddings[rows] * self._scales[rows, None]
            position += 1
            place = [number for number in place if len(found[number]) > position]
        return sums

    def _rows_of(self, word: str) -> list[int]:
        terms = embedding_terms([Word(word, 0, len(word))])
        return [row for term in terms if (row := self._row[term]) >= 0]

    def _encode(self, terms: Sequence[str]) -> Vectors:
        every = np.array(list(map(self._row.__getitem__, terms)), np.intp)
        rows = every[every >= 0]
        total = self._scales[rows] @ self._embeddings[rows].astype(np.float32)
        return _normalize(total)  # the sum has the mean's direction


class TransformerModel:
    """Any sentence-transformers model."""

    def __init__(self, model: Any, *, name: str) -> None:  # noqa: ANN401 - its type comes with torch, 5 s to import
        """Take a loaded SentenceTransformer."""
        self.name = name
        self._model = model
        self._fingerprint: str | None = None

    @classmethod
    def load(cls, name_or_folder: str | Path) -> TransformerModel:
        """Load a model from a folder, or by its name from the local cache or the network."""
        is_path = isinstance(name_or_folder, Path) or name_or_folder.startswith((".", "/", "~"))
        if is_path and not expanded(name_or_folder).is_dir():
            raise ModelError("model.no_folder", folder=name_or_folder)
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(str(name_or_folder))
        except Exception as error:  # hub, tokenizer, weights and configuration each raise their own kinds
            key = "model.unusable_folder" if is_path else "model.unknown_name"
            raise ModelError(key, name=name_or_folder, reason=str(error).strip().split("\n")[0]) from error
        return cls(model, name=Path(name_or_folder).name if is_path else str(name_or_folder))

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    @property
    def fingerprint(self) -> str:
        """Digest of every weight with its name and shape."""
        if self._fingerprint is None:
            digest = hashlib.sha256()
            for name, tensor in sorted(self._model.state_dict().items()):
                digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}".encode())
                digest.update(tensor.detach().cpu().float().numpy().tobytes())
            self._fingerprint = digest.hexdigest()[:16]
        return self._fingerprint

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._float32(
            self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False)
        )

    def encode_question(self, text: str) -> Vectors:
        """Return the vector of one text."""
        return self._float32(self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False))

    @staticmethod
    def _float32(vectors: object) -> Vectors:
        return np.asarray(vectors, dtype=np.float32)


class _Rows(dict[str, int]):
    """Term -> row of the weights, -1 when unknown; known terms are kept, at most the vocabulary."""

    def __init__(self, vocabulary: marisa_trie.Trie) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, term: str) -> int:
        row = self._vocabulary.get(term.replace(" ", SPACE))
        if row is None:
            return -1
        self[term] = row
        return int(row)


def _normalize(vectors: Vectors) -> Vectors:
    """Return the vectors (the last axis) with length 1; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


_DTYPES = {"I8": np.int8, "F32": np.float32}


def _map_safetensors(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Return the tensors of a safetensors file, memory-mapped, and its metadata.

    The file is a length of 8 bytes, a header in JSON of that length, and the tensors' bytes.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > path.stat().st_size:
            raise ValueError(f"{path.name}: header of {length} bytes")
        header = json.loads(file.read(length))
    facts = header.pop("__metadata__", {})
    tensors: dict[str, NDArray[Any]] = {}
    for name, entry in header.items():
        place, shape = 8 + length + entry["data_offsets"][0], tuple(entry["shape"])
        mapped = np.memmap(path, mode="r", dtype=_DTYPES[entry["dtype"]], offset=place, shape=shape)
        tensors[name] = np.asarray(mapped)
    return tensors, facts
