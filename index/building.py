"""Files -> a generation of an index: what has changed is read, cut and embedded, what has not is kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import metadata
from pathlib import Path

import numpy as np

import corpus
from corpus.bulk import BulkSegmenter
from corpus.finding import File
from corpus.lexicon import fold
from corpus.reading import Reader
from corpus.words import Segmenter
from index import files
from index.catalog import CATALOG, Catalog, Facts, write_catalog
from index.dense import VECTORS, Codes, DenseIndex, Kind, encode, encode_again
from index.embedding import Embedder, StaticModel
from index.lexical import LexicalIndex, assemble
from index.manifest import Manifest, Origin, Part
from index.parts import Bench, Former, FormerParts, Job, Made, Wanted, layout, vectors_file
from index.report import Progress
from index.stamps import Stamps
from index.store import WORDS
from index.vocabulary import VOCABULARY, Counts, VocabularyWriter
from index.workers import cores, work

COPIED = 64 << 20  # bytes up to which generations share no file: what spoils one leaves the others whole
_LIBRARIES = ("lxml", "markdown-it-py", "openpyxl", "pypdfium2", "PyYAML", "trafilatura")  # that texts hang on, too
_PARALLEL = 4 << 20  # bytes of files from which several processes are started: each takes half a second to start


@dataclass(frozen=True, slots=True)
class Tools:
    """What documents are cut and embedded with."""

    segmenter: Segmenter
    embedder: Embedder
    model: str = ""  # as it was given; "" for the shipped one
    raw: bool = False  # nothing is left out of the texts as clutter


@cache
def rules_fingerprint() -> str:
    """Return the digest of what reads, splits and cuts documents: with another one, nothing former is kept."""
    folder = Path(corpus.__file__).parent
    told = {folder / "messages", folder / "errors.py"}  # what only words things
    rules = sorted(path for path in folder.rglob("*.py") if told.isdisjoint((path, path.parent)))
    versions = " ".join(metadata.version(library) for library in _LIBRARIES)
    return files.digest(b"".join((versions.encode(), *(path.read_bytes() for path in rules)))).hex()


@dataclass
class Generation:
    """A generation of the index, whole and made alike, from which a new one may keep what has not changed."""

    folder: Path
    manifest: Manifest
    documents: dict[str, Former] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)  # name -> ids of its documents

    def __post_init__(self) -> None:
        catalog = Catalog(self.folder, self.manifest)
        try:
            every = iter(catalog.facts())
        finally:
            catalog.close()
        passage = 0
        for part in self.manifest.parts:
            ids = []
            for number in range(part.documents):
                facts = next(every)
                self.documents[facts.id] = Former(facts, part.name, number, passage)
                passage += facts.passages
                ids.append(facts.id)
            self.parts[part.name] = tuple(ids)

    @property
    def origin(self) -> Origin:
        """What it was made from."""
        return self.manifest.origin

    def facts(self, part: str) -> list[Facts]:
        """Return what is known of the documents of a part."""
        return [self.documents[id].facts for id in self.parts[part]]

    def part(self, name: str) -> Part:
        """Return what the manifest says of a part."""
        return next(part for part in self.manifest.parts if part.name == name)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for the files that were found."""

    stretches: tuple[str | None, ...]  # for each part, the name of the former one that stays, or None: a job tells
    jobs: tuple[Job, ...]  # those that make parts have the part's number
    kind: Kind
    former: Generation | None
    anew: bool

    @classmethod
    def of(cls, found: Sequence[File], former: Generation | None, stamps: Stamps, *, static: bool) -> Plan:
        """Compare the files with the former generation; of those with a known stamp the content is known."""
        return cls._of(found, former, stamps.content, static=static)

    @classmethod
    def of_documents(cls, left: Sequence[Facts], former: Generation, *, static: bool) -> Plan:
        """Make a generation of documents that a former one holds, without reading any file."""
        found = [File(facts.id, "", facts.size, 0, b"") for facts in left]
        return cls._of(found, former, lambda file: former.documents[file.id].facts.content, static=static)

    @classmethod
    def _of(
        cls,
        found: Sequence[File],
        former: Generation | None,
        content: Callable[[File], bytes | None],
        *,
        static: bool,
    ) -> Plan:
        kind = Kind.of(sum(file.size for file in found), static=static)
        anew = former is not None and not Kind(former.manifest.vectors).holds(kind)
        documents = former.documents if former else {}
        gone = [documents[id] for id in documents.keys() - {file.id for file in found}]
        moved = {one.facts.content: one for one in sorted(gone, key=lambda one: one.facts.id)}
        stretches: list[str | None] = []
        jobs = []
        for number, stretch in enumerate(layout(found)):
            wanted = tuple(Wanted(file, content(file), documents.get(file.id)) for file in stretch)
            names = {one.former.part for one in wanted if one.former}
            parts = {name: former.parts[name] for name in names} if former else {}
            kept = None if anew else _kept(wanted, parts)
            stretches.append(kept)
            if kept is None:
                jobs.append(Job(number, wanted, parts=parts, moved=moved))
        by_part: dict[str, list[Former]] = {}
        for one in gone:
            by_part.setdefault(one.part, []).append(one)
        jobs += [Job(-1, gone=tuple(by_part[part])) for part in sorted(by_part)]
        return cls(tuple(stretches), tuple(jobs), kind, former, anew)

    def done(
        self, tools: Tools, workshop: Path, progress: Progress, *, dry: bool, processes: int | None = None
    ) -> list[Made]:
        """Do the jobs, and return what came of each part that no former one was kept for, in order."""
        total = sum(len(job.wanted) for job in self.jobs)
        size = sum(wanted.file.size for job in self.jobs for wanted in job.wanted)
        done = done_bytes = 0
        if processes is None:
            processes = cores() if isinstance(tools.embedder, StaticModel) and size > _PARALLEL else 1

        def step(more: int, more_bytes: int) -> None:
            nonlocal done, done_bytes
            done, done_bytes = done + more, done_bytes + more_bytes
            progress("index", done, total)
            progress("bytes", done_bytes, size)

        former = (self.former.folder, self.former.manifest) if self.former else None
        bench = partial(_bench, tools, self.kind, workshop, former, dry=dry, anew=self.anew)
        processes = min(processes, len(self.jobs))
        return sorted(work(bench, self.jobs, processes=processes, step=step), key=lambda made: made.number)


def _kept(wanted: Sequence[Wanted], parts: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the former part that these files are, whole and unchanged, if their stamps tell so."""
    first = wanted[0].former
    if first is None or any(one.content is None or not one.is_as_before(one.content) for one in wanted):
        return None
    return first.part if parts[first.part] == tuple(one.file.id for one in wanted) else None


def _bench(
    tools: Tools, kind: Kind, workshop: Path, former: tuple[Path, Manifest] | None, *, dry: bool, anew: bool
) -> Bench:
    parts = FormerParts(*former) if former else FormerParts(None, None)
    reader, segmenter = Reader(raw=tools.raw), BulkSegmenter(tools.segmenter)
    return Bench(reader, segmenter, tools.embedder, kind, workshop, parts, dry=dry, anew=anew)


@dataclass(frozen=True, slots=True)
class Content:
    """The documents of the new generation, part by part, each with where its part comes from."""

    parts: tuple[tuple[Part, tuple[Facts, ...], bool], ...]  # and whether it is a former one

    @classmethod
    def of(cls, plan: Plan, made: Sequence[Made]) -> Content:
        """Put the parts in order."""
        by_number = {one.number: one for one in made if one.number >= 0}
        parts = []
        for number, name in enumerate(plan.stretches):
            if name is None:
                one = by_number[number]
                if one.part:
                    parts.append((one.part, tuple(one.facts), False))
                    continue
                if not one.contents:
                    continue
                assert plan.former
                name = plan.former.documents[next(iter(one.contents))].part
            assert plan.former
            parts.append((plan.former.part(name), tuple(plan.former.facts(name)), True))
        return cls(tuple(parts))

    @property
    def documents(self) -> list[Facts]:
        """The documents in order."""
        return [facts for _, documents, _ in self.parts for facts in documents]

    def is_same(self, former: Manifest) -> bool:
        """Tell whether these are the parts of a former generation, and all of them."""
        return all(kept for _, _, kept in self.parts) and tuple(part for part, _, _ in self.parts) == former.parts


def write_generation(
    plan: Plan, content: Content, made: Sequence[Made], tools: Tools, workshop: Path, progress: Progress
) -> Mapping[str, tuple[int, int]]:
    """Write what the parts have in common, give the former parts' files a name here, and return all checksums."""
    steps = iter(range(1, 6))
    parts = [part for part, _, _ in content.parts]
    shared: dict[str, tuple[int, int]] = {}
    if plan.former:
        every = plan.former.manifest.files
        shared = {name: every[name] for part, _, kept in content.parts if kept for name in part.files}
        give = files.copy if sum(size for size, _ in shared.values()) <= COPIED else files.share
        for name in shared:
            give(plan.former.folder / name, workshop / name)
    progress("finish", next(steps), 5)
    assemble(workshop / "lexical", [segment for part in parts for segment in part.segments])
    write_catalog(workshop / CATALOG, content.documents)
    progress("finish", next(steps), 5)
    _write_vectors(plan, content, tools.embedder.dimension, workshop)
    progress("finish", next(steps), 5)
    _write_vocabulary(plan, content, made, tools, workshop)
    words = "".join(word + "\n" for word in sorted(tools.segmenter.kept))
    (workshop / WORDS).write_text(words, encoding="utf-8")
    progress("finish", next(steps), 5)
    sealed = files.seal(workshop, shared)
    progress("finish", next(steps), 5)
    return {**shared, **sealed}


def _write_vectors(plan: Plan, content: Content, dimension: int, workshop: Path) -> None:
    former = plan.former
    stored = DenseIndex.load(former.folder / VECTORS) if former else None
    bases = former.manifest.bases if former else {}

    size = encode(np.empty((0, dimension), np.float32), plan.kind).shape[1]

    def codes() -> Iterator[Codes]:
        for part, _, kept in content.parts:
            if kept and former and stored is not None:
                base = bases[part.name]
                yield encode_again(stored.codes(base, base + part.passages), Kind(former.manifest.vectors), plan.kind)
            else:
                path = workshop / vectors_file(part.name)
                yield np.fromfile(path, np.uint8).reshape(part.passages, size)
                path.unlink()

    DenseIndex.from_codes(codes(), plan.kind, dimension).save(workshop / VECTORS)


def _write_vocabulary(plan: Plan, content: Content, made: Sequence[Made], tools: Tools, workshop: Path) -> None:
    if plan.former:
        shutil.copyfile(plan.former.folder / VOCABULARY, workshop / VOCABULARY)
    counts = Counts()
    for one in made:
        counts.update(one.counts)
    names: dict[str, str] = {}
    for facts in content.documents:
        for name in (facts.title, *facts.aliases):
            if not name.isdecimal():  # a number is no name
                names.setdefault(fold(name), name)
    bases = {part.name: 0 for part, _, _ in content.parts}
    lexical = LexicalIndex.load(workshop / "lexical", bases)
    writer = VocabularyWriter(
        workshop / VOCABULARY, tools.segmenter.lexicon, lambda word: lexical.document_frequency(word) > 0
    )
    try:
        writer.update(counts, names)
    finally:
        writer.close()
        lexical.close()


def contents(plan: Plan, made: Sequence[Made]) -> dict[str, bytes]:
    """Return the content of every document, by its id, in order."""
    found: dict[str, bytes] = {}
    by_number = {one.number: one for one in made if one.number >= 0}
    for number, name in enumerate(plan.stretches):
        if name is not None and plan.former:
            found.update((facts.id, facts.content) for facts in plan.former.facts(name))
        else:
            found.update(by_number[number].contents)
    return found
