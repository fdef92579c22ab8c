"""The whole way of a question: open the index, ask, get an answer whose every sentence is a quote."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from assistant.answer import THRESHOLD, Answer, compose
from assistant.question import Question
from assistant.ranking import Ranker, rerank
from assistant.reranker import Reranker, led_by
from assistant.settings import DOCUMENTS, Settings
from corpus.document import Document, Passage
from corpus.errors import IndexMissingError, IndexUnusableError, InputError
from corpus.lexicon import SHIPPED, Lexicon
from corpus.messages import message
from corpus.words import Segmenter
from index import embedding
from index.catalog import DamagedError, Entry
from index.manifest import Manifest
from index.store import Opened, Progress, Report, Store

PASSAGES = 8  # whose sentences are looked at; benchmarks/README.md, "Defaults"

Note = Callable[[str], None]
"""Called with a message that the user should see but that is no result."""


class Assistant:
    """Answers questions from one index."""

    def __init__(
        self,
        opened: Opened,
        segmenter: Segmenter,
        *,
        threshold: float = THRESHOLD,
        ranker: Ranker | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """Take an opened generation of an index and the segmenter it was made with; the shipped ranker by default."""
        self._opened = opened
        self._segmenter = segmenter
        self._ranker = ranker or Ranker.load()
        self._threshold = threshold
        self._reranker = reranker

    @classmethod
    def open(
        cls, index: Path | str | None = None, *, reranker: Path | str | None = None, note: Note | None = None
    ) -> Assistant:
        """Open an index folder; without one, the default index, which is built where it is missing or outdated.

        `reranker` is a CrossEncoder's name or folder, "" for none; without it, ASSISTANT_RERANKER's.
        """
        settings = Settings.from_environment(Path(index) if index else None, reranker=reranker)
        return cls.from_settings(settings, note=note)

    @classmethod
    def from_settings(cls, settings: Settings, *, note: Note | None = None) -> Assistant:
        """Open the index that the settings name, with their reranker."""
        reranker = Reranker.load(settings.reranker) if settings.reranker else None
        segmenter = make_segmenter(settings)
        store = Store(settings.index)
        try:
            opened = open_store(store, segmenter)
        except (IndexMissingError, IndexUnusableError) as error:
            if settings.named or not _builds_itself(store):
                raise
            if note:
                note(message("build-first") if isinstance(error, IndexMissingError) else str(error))
            opened = _build_default(store, segmenter, note)
        if opened.fault and note:
            note(opened.fault)
        return cls(opened, segmenter, reranker=reranker)

    def ask(self, question: str, history: Sequence[str] = (), *, top: int = 5) -> Answer:
        """Answer `question`; `top` is how many candidates and passages the answer carries.

        `history` holds the earlier questions of the conversation, oldest first; so far each question stands alone.
        """
        started = time.perf_counter()
        asked = Question.read(question, self._segmenter)
        searcher = self._opened.searcher
        with self._intact():
            hits = searcher.search(asked.query, k=max(PASSAGES, top)) if asked.query.words else []
        sentences = self._ranker.rank(asked, hits[:PASSAGES], searcher)
        if len(sentences) < top:  # short passages: the further ones make up the number
            sentences = self._ranker.rank(asked, hits, searcher)
        ordered = self._reranker.order(asked.understood, sentences) if self._reranker else sentences
        sure = self._ranker.confidence(asked, led_by(ordered, sentences))
        answer = compose(asked, rerank(hits, sentences), ordered, sure, top=top, threshold=self._threshold)
        return replace(answer, milliseconds=1000 * (time.perf_counter() - started))

    def documents(self) -> list[Entry]:
        """Return one entry for each document of the index."""
        with self._intact():
            return self._opened.searcher.catalog.documents()

    def document(self, id: str) -> Document:
        """Return a document whole; InputError if the index has none of this name."""
        with self._intact():
            document = self._opened.searcher.catalog.document(id)
        if document is None:
            raise InputError("document-missing", document=id)
        return document

    def passages(self, id: str) -> list[Passage]:
        """Return the passages of one document in reading order."""
        with self._intact():
            return self._opened.searcher.catalog.passages_of(id)

    @contextmanager
    def _intact(self) -> Iterator[None]:
        """Tell the user what to do where a part of the index turns out to be damaged only when it is read."""
        try:
            yield
        except DamagedError as error:
            folder = self._opened.generation.parent
            raise IndexUnusableError("index-damaged", path=folder, reason=error) from error

    @property
    def manifest(self) -> Manifest:
        """How the opened generation was made."""
        return self._opened.manifest

    def close(self) -> None:
        """Close the index's files."""
        self._opened.searcher.close()


def make_segmenter(settings: Settings) -> Segmenter:
    """Return the segmenter with the shipped language pack and the user's own."""
    return Segmenter(Lexicon.load(SHIPPED, settings.lexicon), cache=settings.cache)


def open_store(store: Store, segmenter: Segmenter) -> Opened:
    """Open an index with the model that its manifest names."""
    _, model = store.remembered() or ((), "")
    return store.open(segmenter, embedding.load(model or None, segmenter))


def build(
    settings: Settings,
    sources: Sequence[Path] = (),
    *,
    model: str | None = None,
    dry_run: bool = False,
    wait: float = 0,
    waiting: Callable[[], None] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Build the index from `sources`; without any, from those it remembers, the shipped documents at first.

    Without `model` the index keeps the model that it has.
    """
    store = Store(settings.index)
    segmenter = make_segmenter(settings)
    with nullcontext() if dry_run else store.writing(wait=wait, waiting=waiting):
        known = store.remembered()
        if not sources and known is None and (store.folder / "CURRENT").exists():
            raise InputError("build-forgotten", path=store.folder)  # not the shipped documents in the user's place
        remembered, made = known or ((DOCUMENTS,), "")
        if not sources:
            sources = [DOCUMENTS if _is_shipped(path) and not path.exists() else path for path in remembered]
        chosen = made if model is None else model
        embedder = embedding.load(chosen or None, segmenter)
        return store.build(sources, segmenter, embedder, model=chosen, dry_run=dry_run, progress=progress)


def _builds_itself(store: Store) -> bool:
    """Tell whether the default index holds nothing but the shipped documents, so that it may be built unasked."""
    known = store.remembered()
    if known is None:
        return not (store.folder / "CURRENT").exists()
    sources, model = known
    return model == "" and len(sources) == 1 and _is_shipped(sources[0])


def _is_shipped(path: Path) -> bool:
    """Tell whether these are the shipped documents, here or where an earlier installation had them."""
    return path.parts[-2:] == DOCUMENTS.parts[-2:]


def _build_default(store: Store, segmenter: Segmenter, note: Note | None) -> Opened:
    with store.writing(wait=120, waiting=lambda: note(message("build-waiting")) if note else None):
        try:
            return open_store(store, segmenter)  # another first question built it meanwhile
        except (IndexMissingError, IndexUnusableError):
            store.build([DOCUMENTS], segmenter, embedding.load(None, segmenter))
    return open_store(store, segmenter)
