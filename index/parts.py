"""An index in parts: runs of documents in order of their ids, each written as a whole and kept until one changes.

Which documents make a part hangs on their ids and sizes alone, never on how an index came about: an updated index is
the one that a build from nothing gives. The borders are set as in content-defined chunking (Muthitacharoen et al., "A
low-bandwidth network file system", 2001), so that what is added or removed moves those beside it only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from corpus.bulk import BulkSegmenter, Cut
from corpus.document import Document, Passage, Reason
from corpus.finding import File, Skipped
from corpus.messages import message
from corpus.reading import Reader
from corpus.splitting import split
from index import files
from index.catalog import Facts
from index.dense import VECTORS, Codes, DenseIndex, Kind, encode, encode_again
from index.embedding import Embedder, StaticModel
from index.lexical import LexicalWriter, is_of_segment
from index.manifest import Manifest, Part
from index.passages import PassageReader, PassageWriter, Stored, passages_file, unpack
from index.vocabulary import Counts
from index.workers import Step

SIZE = (
    5_000_000  # bytes of the files of a usual part, some 6,000 passages; benchmarks/README.md, "Settings of an index"
)
MOST = 32  # parts of a usual index; a larger one has larger parts
_SLACK = 0.25  # of a usual part: by how much one may be smaller or larger
_STEP = 20  # documents from one sign of progress to the next
_STEP_BYTES = 1 << 20  # or bytes of their files, where these are large
_BATCH = 256  # passages embedded at once


def layout(found: Sequence[File]) -> Iterator[tuple[File, ...]]:
    """Cut the files, which come in order of their ids, into parts."""
    usual = SIZE
    while usual * MOST < sum(file.size for file in found):
        usual *= 2
    part: list[File] = []
    size = 0
    for file in found:
        full = size + file.size > usual + _SLACK * usual
        if part and (full or (size >= usual - _SLACK * usual and _chance(file.id) < file.size / (_SLACK * usual))):
            yield tuple(part)
            part, size = [], 0
        part.append(file)
        size += file.size
    if part:
        yield tuple(part)


def _chance(id: str) -> float:
    """Return a number from 0 to 1 that hangs on nothing but the id."""
    return int.from_bytes(hashlib.blake2b(id.encode(), digest_size=8).digest()) / 2**64


class Former(NamedTuple):
    """A document of the former generation, and where its passages stand there."""

    facts: Facts
    part: str
    document: int  # counted within the part
    passage: int  # the first, counted over the whole index


class Wanted(NamedTuple):
    """A file that belongs in a part; `content` is its digest, where that is known without reading it."""

    file: File
    content: bytes | None
    former: Former | None

    def is_as_before(self, content: bytes) -> bool:
        """Tell whether a file with this content holds the former document."""
        return self.former is not None and self.former.facts.content == content


@dataclass(frozen=True, slots=True)
class Job:
    """A part to make, or to find as it was, and former documents that no part holds any more."""

    number: int
    wanted: tuple[Wanted, ...] = ()
    gone: tuple[Former, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # former parts of the wanted -> their ids
    moved: Mapping[bytes, Former] = field(default_factory=dict)  # former documents that no file of theirs holds now


@dataclass(slots=True)
class Made:
    """What came of a job: with `part`, a new one; without, its documents are those of a former one, or none."""

    number: int
    stamps: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)  # id -> (stamp, content) of what was read
    contents: dict[str, bytes] = field(default_factory=dict)  # id -> content of each document, in order
    skipped: list[Skipped] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)  # of the documents of the new part
    part: Part | None = None
    counts: Counts = field(default_factory=Counts)  # what the job adds to the vocabulary, less what it takes away


Read = tuple[Wanted, Document | None]
"""A wanted file that holds a document, which is there where it was read: where it is new or has changed."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and with what parts are made."""

    reader: Reader
    segmenter: BulkSegmenter
    embedder: Embedder
    kind: Kind
    workshop: Path  # the folder of the generation that is being written
    former: FormerParts
    dry: bool = False  # only look what has changed
    anew: bool = False  # no former part is kept as it is

    def make(self, job: Job, step: Step) -> Made:
        """Do a job; `step` is told of every document."""
        made = Made(job.number)
        read = list(self._read(job, made))
        progress = _Progress(job, step)
        if not self.dry:
            kept = {wanted.file.id for wanted, document in read if document is None}
            changed = [wanted.former for wanted in job.wanted if wanted.former and wanted.file.id not in kept]
            for former in (*changed, *job.gone):
                made.counts.subtract(self._counted(former))
            if read and (self.anew or not _is_former(job, read)):
                self._write(read, made, progress)
        progress.finish()
        return made

    def close(self) -> None:
        """Close the files of the former generation, and what reads."""
        self.former.close()
        self.reader.close()

    def _read(self, job: Job, made: Made) -> Iterator[Read]:
        for wanted in job.wanted:
            content, found = wanted.content, None
            if content is None or not wanted.is_as_before(content):
                data = self.reader.content(wanted.file)
                if isinstance(data, Skipped):
                    made.skipped.append(data)
                    continue
                content = files.digest(data)
                made.stamps[wanted.file.id] = wanted.file.stamp, content
                if not wanted.is_as_before(content):
                    found = self.reader.document(wanted.file, data)
            if isinstance(found, Skipped):
                made.skipped.append(found)
                continue
            if found:
                made.skipped.extend(_scans(found))
            made.contents[wanted.file.id] = content
            if found and not self.dry and self._is_same(found, former := job.moved.get(content)):
                yield Wanted(wanted.file, content, former), None
            else:
                yield wanted, found

    def _is_same(self, document: Document, former: Former | None) -> bool:
        """Tell whether a former document of another name was cut and embedded as this one would be."""
        if former is None:
            return False
        before, _ = self.former.document(former)
        return replace(before, id=document.id) == document

    def _counted(self, former: Former) -> Counts:
        """Count the words of a former document."""
        counts = Counts()
        document, stored = self.former.document(former)
        heads = Heads(document, self.segmenter)
        for one in stored:
            head = heads[one.section]
            counts.add(head.text, head.cut)
            counts.add(one.text, self.segmenter.cut_again(one.text, unpack(len(one.text), one.edges)))
        return counts

    def _write(self, read: Sequence[Read], made: Made, progress: _Progress) -> None:
        writer = _Writer(self, _name(made.contents), made.counts)
        try:
            for wanted, document in read:
                progress.add(wanted.file.size)
                if document is None:
                    made.facts.append(writer.keep(wanted))
                else:
                    made.facts.append(writer.add(document, made.contents[document.id], wanted.file.size))
        except BaseException:
            writer.abandon()
            raise
        made.part = writer.finish()


class _Progress:
    """Tells now and then how much more of a job is done."""

    def __init__(self, job: Job, step: Step) -> None:
        self._step = step
        self._left = [len(job.wanted), sum(wanted.file.size for wanted in job.wanted)]
        self._untold = [0, 0]

    def add(self, size: int) -> None:
        """Count a document whose file has so many bytes."""
        self._untold = [self._untold[0] + 1, self._untold[1] + size]
        if self._untold[0] == _STEP or self._untold[1] > _STEP_BYTES:
            self._tell(*self._untold)

    def _tell(self, documents: int, size: int) -> None:
        self._step(documents, size)
        self._left = [self._left[0] - documents, self._left[1] - size]
        self._untold = [0, 0]

    def finish(self) -> None:
        """Tell what is left: the last documents, and the files that hold none or did not change."""
        if any(self._left):
            self._tell(*self._left)


def _scans(document: Document) -> list[Skipped]:
    """Return what to report of a document's pages that are pictures of text."""
    pages = [one.text for one in document.dropped if one.reason is Reason.SCAN]
    return [Skipped(document.id, message("skip-scans", pages="、".join(pages)))] if pages else []


def _is_former(job: Job, read: Sequence[Read]) -> bool:
    """Tell whether these documents are a part of the former generation, whole and unchanged."""
    former = read[0][0].former
    if former is None or any(document for _, document in read):
        return False
    return job.parts.get(former.part) == tuple(wanted.file.id for wanted, _ in read)


def _name(contents: Mapping[str, bytes]) -> str:
    """Return the name of a part: what its documents are decides."""
    every = b"".join(files.digest(id.encode("utf-8", "surrogatepass")) + content for id, content in contents.items())
    return hashlib.blake2b(every, digest_size=4).hexdigest()


class FormerParts:
    """The parts of the generation before, as far as their documents are kept."""

    def __init__(self, folder: Path | None, manifest: Manifest | None) -> None:
        """Take the folder of a generation and its manifest; None for none."""
        self._folder, self._manifest = folder, manifest
        self._readers: dict[str, PassageReader] = {}
        self._vectors: DenseIndex | None = None

    def _reader(self, part: str) -> PassageReader:
        assert self._folder and self._manifest
        if part not in self._readers:
            self._readers[part] = PassageReader.of_part(self._folder, self._manifest, part)
        return self._readers[part]

    def document(self, former: Former) -> tuple[Document, list[Stored]]:
        """Return a document and its passages."""
        facts = former.facts
        text, sections, dropped, passages = self._reader(former.part).document(former.document)
        named = facts.aliases, facts.source, facts.date
        return Document(facts.id, facts.title, text, sections, *named, dropped), passages

    def codes(self, first: int, count: int, kind: Kind) -> Codes | None:
        """Return the vectors of passages, counted over the whole generation; None where they must be made again."""
        if not self._folder or not self._manifest or not (stored := Kind(self._manifest.vectors)).holds(kind):
            return None
        if self._vectors is None:
            self._vectors = DenseIndex.load(self._folder / VECTORS)
        return encode_again(self._vectors.codes(first, first + count), stored, kind)

    def close(self) -> None:
        """Close the files."""
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()


class _Writer:
    """Writes the files of one part."""

    def __init__(self, bench: Bench, name: str, counts: Counts) -> None:
        self._bench, self._name, self._counts = bench, name, counts
        self._scratch = bench.workshop / f".{name}"  # where tantivy works
        self._file = passages_file(name)
        self._passages = PassageWriter(bench.workshop / self._file)
        self._lexical = LexicalWriter(self._scratch, name)
        self._vectors = _Vectors(bench.embedder, bench.kind)

    def add(self, document: Document, content: bytes, size: int) -> Facts:
        """Add a new document: split, cut and embed it, and count its words."""
        passages = split(document)
        cuts = ((cut := self._bench.segmenter.cut(one.text), cut.edges(len(one.text))) for one in passages)
        self._put(document, passages, cuts, counted=True, codes=None)
        return Facts.of(document, content=content, size=size, passages=len(passages))

    def keep(self, wanted: Wanted) -> Facts:
        """Add a document of the former generation with what was made of it then."""
        assert wanted.former
        before, stored = self._bench.former.document(wanted.former)
        moved = before.id != wanted.file.id  # its former name is gone, and was taken away from the counts
        document = replace(before, id=wanted.file.id) if moved else before
        again = self._bench.segmenter.cut_again
        cuts = ((again(one.text, unpack(len(one.text), one.edges)), one.edges) for one in stored)
        codes = self._bench.former.codes(wanted.former.passage, len(stored), self._bench.kind)
        passages = [one.of(document.id, document.title, document.source, document.date) for one in stored]
        self._put(document, passages, cuts, counted=moved, codes=codes)
        return wanted.former.facts._replace(id=document.id) if moved else wanted.former.facts

    def _put(
        self,
        document: Document,
        passages: Sequence[Passage],
        cuts: Iterable[tuple[Cut, bytes]],
        *,
        counted: bool,
        codes: Codes | None,
    ) -> None:
        """Add a document with the cuts of its passages and their edges, made one by one: a book's take much memory.

        It is `counted`, too, or not; without `codes` it is embedded.
        """
        heads = Heads(document, self._bench.segmenter)
        every: list[bytes] = []
        for passage, (cut, edges) in zip(passages, cuts, strict=True):
            every.append(edges)
            head = heads[passage.section]
            self._lexical.add(head.searched + cut.search_terms())
            if counted:
                self._counts.add(head.text, head.cut)
                self._counts.add(passage.text, cut)
            if codes is None:
                self._vectors.add(passage, head.cut.embedding_terms() + cut.embedding_terms())
        if codes is not None:
            self._vectors.keep(codes)
        self._passages.add(document, passages, every)

    def finish(self) -> Part:
        """Finish the files, and flush them to the disk."""
        self._passages.finish()
        segments = self._lexical.finish()
        (self._bench.workshop / vectors_file(self._name)).write_bytes(self._vectors.finish().data)
        written = [self._file]
        for path in sorted(self._scratch.iterdir()):
            if any(is_of_segment(path.name, segment) for segment in segments):
                written.append(f"lexical/{path.name}")
                path.rename(self._bench.workshop / written[-1])
        files.remove(self._scratch)
        for name in written:  # while others work; what seals the generation then finds them on the disk
            files.flush(self._bench.workshop / name)
        return Part(self._name, self._passages.documents, self._passages.passages, segments, tuple(written))

    def abandon(self) -> None:
        """Close the files without a promise about their content."""
        self._passages.abandon()


def vectors_file(part: str) -> str:
    """Return the name of the file in which the vectors of a new part wait to join the others."""
    return f".{part}.vectors"


class Head:
    """What stands above passages and is searched and embedded with them."""

    def __init__(self, text: str, cut: Cut) -> None:
        """Take the text and its words."""
        self.text, self.cut = text, cut
        self.searched = cut.search_terms()


class Heads(dict[tuple[str, ...], Head]):
    """The heads of a document's sections, by their paths."""

    def __init__(self, document: Document, segmenter: BulkSegmenter) -> None:
        """Take the document and what cuts them."""
        super().__init__()
        self._names = document.title, *document.aliases
        self._segmenter = segmenter

    def __missing__(self, section: tuple[str, ...]) -> Head:
        text = "\n".join((*self._names, *section))
        self[section] = head = Head(text, self._segmenter.cut(text))
        return head


class _Vectors:
    """Collects passages and embeds them batch by batch."""

    def __init__(self, embedder: Embedder, kind: Kind) -> None:
        self._embedder, self._kind = embedder, kind
        self._texts: list[str] = []
        self._terms: list[list[str]] = []
        self._done: list[Codes] = [encode(np.empty((0, embedder.dimension), np.float32), kind)]

    def add(self, passage: Passage, terms: list[str]) -> None:
        """Add a passage, to be embedded."""
        self._texts.append("\n".join((passage.title, *passage.section, passage.text)))
        self._terms.append(terms)
        if len(self._texts) == _BATCH:
            self._embed()

    def keep(self, codes: Codes) -> None:
        """Add passages whose vectors are there."""
        self._embed()
        self._done.append(codes)

    def _embed(self) -> None:
        if not self._texts:
            return
        if isinstance(self._embedder, StaticModel):  # the words are cut already
            vectors = self._embedder.encode_terms(self._terms)
        else:
            vectors = self._embedder.encode_passages(self._texts)
        self._done.append(encode(vectors, self._kind))
        self._texts, self._terms = [], []

    def finish(self) -> Codes:
        """Return the vectors of all passages as they are stored."""
        self._embed()
        return np.concatenate(self._done)
