"""The whole way of a question: open the index, ask, get an answer whose every sentence is a quote."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answering.answer import THRESHOLD, Answer
from assistant.answering.explanation import Explanation
from assistant.answering.layout import compose
from assistant.answering.suggestion import suggest
from assistant.conversation.turn import Completed
from assistant.ranking.ranking import Ranker, Sentence, rerank
from assistant.ranking.repeats import merged
from assistant.ranking.reranker import Reranker, led_by
from assistant.settings import DOCUMENTS, Settings
from assistant.understanding.pack import Pack, stamps
from assistant.understanding.question import LONGEST, Question
from assistant.understanding.spelling import Correction, correct
from assistant.understanding.words import Taken, explain
from corpus.document import Document, Passage
from corpus.errors import IndexMissingError, IndexUnusableError, InputError
from corpus.lexicon import SHIPPED, Lexicon
from corpus.messages import message
from corpus.words import Segmenter, embedding_terms
from index import embedding
from index.catalog import Entry
from index.database import DamagedError
from index.manifest import Manifest, Origin
from index.report import Progress, Report
from index.search import Hit
from index.store import Opened, Store

if TYPE_CHECKING:
    from assistant.conversation.conversation import Conversation

CONVERSED = 200  # answers to earlier questions that are kept
TITLES = 2000  # documents whose names are looked for in an answer, to suggest questions on them
PASSAGES = 12  # whose sentences are looked at; benchmarks/README.md, "Defaults"

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
        pack: Pack | None = None,
    ) -> None:
        """Take an opened generation of an index and a segmenter, whose pack stays as it is without `pack`."""
        self._opened = opened
        self._pack = pack or Pack(opened, segmenter)
        self._ranker = ranker or Ranker.load()
        self._threshold = threshold
        self._reranker = reranker
        self._answered: dict[tuple[Completed, int], Answer] = {}  # what conversations referred to

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
        folders = (SHIPPED, settings.lexicon)
        seen = stamps(folders)
        segmenter = make_segmenter(settings)
        store = Store(settings.index)
        try:
            opened = _open(store, segmenter, settings)
        except (IndexMissingError, IndexUnusableError) as error:
            if settings.named or not builds_itself(store):
                raise
            if note:
                note(message("build-first") if isinstance(error, IndexMissingError) else str(error))
            opened = _build_default(store, segmenter, settings, note)
        if opened.fault and note:
            note(opened.fault)
        pack = Pack(opened, segmenter, folders=folders, seen=seen, note=note)
        threshold = THRESHOLD if settings.threshold is None else settings.threshold
        return cls(opened, segmenter, threshold=threshold, reranker=reranker, pack=pack)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        top: int = 5,
        as_written: bool = False,
        explained: bool = False,
    ) -> Answer:
        """Answer `question`; `top` is how many candidates and passages the answer carries.

        `history` holds the earlier questions of the conversation as they were written, oldest first. `as_written` takes
        the question for what it says: no spelling is mended and nothing comes from the history. `explained` adds why
        the answer is what it is.
        """
        started = time.perf_counter()
        with self._intact():
            text, corrections = (question, ()) if as_written else self._mended(question)
            if as_written:
                completed = Completed(text, follows=False)
            else:
                completed = self._conversation.complete(text, history) if history else Completed.alone(text)
            answer = self._answer(completed, top=top, explained=explained)
        return replace(
            answer,
            question=question,
            corrections=corrections,
            completed=completed.follows,
            milliseconds=1000 * (time.perf_counter() - started),
        )

    def _answer(self, completed: Completed, *, top: int, explained: bool = False) -> Answer:
        searcher = self._opened.searcher
        asked = self._read(completed.text)
        hits = self._search(asked, k=max(PASSAGES, top))
        sentences = self._ranker.rank(asked, hits[:PASSAGES], searcher)
        if len(sentences) < top:  # short passages: the further ones make up the number
            sentences = self._ranker.rank(asked, hits, searcher)
        sentences = merged(sentences)
        sentences = [one for one in sentences if not any(quote.overlaps(one) for quote in completed.besides)]
        ordered = self._reranker.order(asked.understood, sentences) if self._reranker else sentences
        sure = self._ranker.confidence(asked, led_by(ordered, sentences))
        ranked = rerank(hits, sentences)
        answer = compose(asked, ranked, ordered, sure, top=top, threshold=self._threshold, find=self._find)
        if completed.besides and not answer.answered:
            answer = replace(answer, message=message("decline-more"))
        return replace(answer, explanation=self._explain(asked, sentences)) if explained else answer

    def _read(self, text: str) -> Question:
        return Question.read(text, self._pack.segmenter(text), self._opened.searcher.holds)

    def _mended(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        return correct(text[:LONGEST], self._pack.segmenter(text), self._opened.searcher)

    @cached_property
    def _conversation(self) -> Conversation:
        from assistant.conversation.conversation import Conversation  # its patterns take longer than a question

        return Conversation(
            self._read, self._earlier, self._alike, self._is_name, mend=lambda text: self._mended(text)[0]
        )

    def _earlier(self, completed: Completed) -> Answer:
        """Answer an earlier question of a conversation again, for what a later one refers to."""
        key = (completed, self._pack.changes)
        if (found := self._answered.get(key)) is None:
            found = self._answer(completed, top=1)
            if len(self._answered) > CONVERSED:
                self._answered.clear()  # other threads keep what they have got
            self._answered[key] = found
        return found

    def _alike(self, one: str, other: str) -> float:
        """Return the cosine of the static vectors of two texts."""
        words = (embedding_terms(self._pack.segmenter(text).words(text)) for text in (one, other))
        first, second = self._opened.searcher.word_model.encode_terms(list(words))
        return float(first @ second)

    def _is_name(self, folded: str) -> bool:
        """Tell whether the documents or the language pack know a folded name."""
        vocabulary = self._opened.searcher.vocabulary
        term = vocabulary.term(folded) or vocabulary.word(folded)
        return (term is not None and term.name) or self._pack.is_name(folded)

    def _find(self, text: str) -> list[Sentence]:
        """Rank the sentences of the documents for a text, best first."""
        asked = self._read(text)
        return merged(self._ranker.rank(asked, self._search(asked, k=PASSAGES), self._opened.searcher))

    def _search(self, asked: Question, *, k: int) -> list[Hit]:
        return self._opened.searcher.search(asked.query, k=k) if asked.query.words else []

    def _explain(self, asked: Question, sentences: Sequence[Sentence]) -> Explanation:
        names = [subject.text for subject in asked.subjects]
        return Explanation.of(asked.kind, names, self.words(asked.understood), self._ranker.strongest(sentences))

    def suggest(self, answer: Answer, earlier: Sequence[str] = ()) -> Answer:
        """Return the answer with a few questions to go on with, none of which is among the `earlier` ones.

        Each was asked, and is answered: that takes as long as some eight questions.
        """
        with self._intact():
            titles = self._opened.searcher.catalog.titles(TITLES)
        found = suggest(answer, earlier, ask=self.ask, passages=self.passages, titles=titles)
        return replace(answer, suggestions=found)

    def words(self, text: str) -> list[Taken]:
        """Tell how a question would be cut, and what each of its words was taken for."""
        with self._intact():
            return explain(text, self._pack, self._opened.searcher)

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
    def folders(self) -> tuple[Path, ...]:
        """Where the files of the language pack lie, the shipped ones first."""
        return self._pack.folders

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
    model = known.model if (known := store.remembered()) else ""
    return store.open(segmenter, embedding.load(model or None, segmenter))


def _open(store: Store, segmenter: Segmenter, settings: Settings) -> Opened:
    """Open an index; IndexUnusableError where the shipped documents are to be cut anew for a new shipped word list.

    What the user adds is told instead (assistant/pack.py): nothing of the user's makes an index build itself again.
    """
    opened = open_store(store, segmenter)
    if opened.words != segmenter.lexicon.words and not settings.named and builds_itself(store):
        own = Lexicon.load(settings.lexicon).words
        if (opened.words ^ segmenter.lexicon.words) - own:
            opened.searcher.close()
            raise IndexUnusableError("index-words", path=store.folder)
    return opened


def build(
    settings: Settings,
    sources: Sequence[Path] = (),
    *,
    model: str | None = None,
    raw: bool | None = None,
    full: bool = False,
    dry_run: bool = False,
    purge: bool = False,
    wait: float = 0,
    waiting: Callable[[], None] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Build the index from `sources`; without any, from those it remembers, the shipped documents at first.

    Without `model` and `raw` the index keeps what it has.
    """
    from assistant.library.folder import Folder  # a question needs none of it
    from index import updating

    store = Store(settings.index)
    segmenter = make_segmenter(settings)
    with nullcontext() if dry_run else store.writing(wait=wait, waiting=waiting):
        if not dry_run:
            Folder(store.folder).recover()  # what a killed process was putting in
        if sources:
            origin = (store.remembered() or Origin(()))._replace(sources=tuple(sources), excluded=())
        else:
            origin = origin_of(store, otherwise=[DOCUMENTS])
        chosen = origin.model if model is None else model
        return updating.build(
            store,
            origin.sources,
            segmenter,
            embedding.load(chosen or None, segmenter),
            model=chosen,
            excluded=origin.excluded,
            raw=origin.raw if raw is None else raw,
            full=full,
            dry_run=dry_run,
            purge=purge,
            progress=progress,
        )


def origin_of(store: Store, *, otherwise: Sequence[Path]) -> Origin:
    """Return what an index is made from, and a new one from the sources `otherwise`.

    InputError where there is one that does not tell: its own documents are not replaced by others.
    """
    known = store.remembered()
    if known is None:
        if (store.folder / "CURRENT").exists():
            raise InputError("build-forgotten", path=store.folder)
        return Origin(tuple(otherwise))
    sources = (DOCUMENTS if is_shipped(path) and not path.exists() else path for path in known.sources)
    return known._replace(sources=tuple(sources))


def builds_itself(store: Store) -> bool:
    """Tell whether the default index holds nothing but the shipped documents, so that it may be built unasked."""
    known = store.remembered()
    if known is None:
        return not (store.folder / "CURRENT").exists()
    return known == Origin(known.sources) and len(known.sources) == 1 and is_shipped(known.sources[0])


def is_shipped(path: Path) -> bool:
    """Tell whether these are the shipped documents, here or where an earlier installation had them."""
    return path.parts[-2:] == DOCUMENTS.parts[-2:]


def _build_default(store: Store, segmenter: Segmenter, settings: Settings, note: Note | None) -> Opened:
    from index import updating

    with store.writing(wait=120, waiting=lambda: note(message("build-waiting")) if note else None):
        try:
            return _open(store, segmenter, settings)  # another first question built it meanwhile
        except (IndexMissingError, IndexUnusableError):
            updating.build(store, [DOCUMENTS], segmenter, embedding.load(None, segmenter))
    return open_store(store, segmenter)
