"""What the web API takes and gives, for its documentation and its checks; the fields are those of `--json`.

A description is a key of the catalogue: the documentation comes in the reader's language (assistant/web/api/manual.py).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.feedback import Fault
from assistant.understanding.kind import Kind
from assistant.understanding.spelling import Reason
from assistant.web.api.jobs import State

LONGEST = 10_000  # characters of a question
TURNS = 200  # earlier questions
MOST = 100  # candidates and passages
LISTED = 1000  # documents listed at once
TEXT = 1_000_000  # characters of a text given as JSON

Asked = Annotated[str, Field(max_length=LONGEST)]
Place = Annotated[int, Field(ge=0, le=1 << 40)]


class Model(BaseModel):
    """An object with these fields and no others; nothing is taken for another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


# -- what is asked


class Question(Model):
    """A question with its conversation."""

    question: Asked = Field(description="api-question", examples=["PyTorch 1.0 和 Caffe2 什么关系？"])
    history: list[Asked] = Field([], max_length=TURNS, description="api-history")
    top: int = Field(5, ge=1, le=MOST, description="api-top")
    as_written: bool = Field(False, description="api-as-written")
    explain: bool = Field(False, description="api-explain")
    suggest: bool = Field(False, description="api-suggest")
    collection: str = Field("", description="api-collection")


class NewText(Model):
    """A document as text."""

    name: str = Field(min_length=1, max_length=1000, description="api-new-name", examples=["笔记.md"])
    text: str = Field(min_length=1, max_length=TEXT, description="api-new-text", examples=["# 铁狮子\n\n铸造于后周。"])


class NewAddress(Model):
    """A document in the web."""

    url: str = Field(min_length=1, max_length=4000, description="api-url", examples=["https://example.org/page.html"])


class NewCollection(Model):
    """A collection to be."""

    name: str = Field(description="api-collection-name", examples=["手册"])


class Voted(Model):
    """A quote of the answer that a vote is about."""

    document: str = Field(description="api-document")
    start: Place = Field(description="api-start")
    end: Place = Field(description="api-end")
    text: str = Field(description="api-quote-text")


class NewVote(Model):
    """A thumb up or down."""

    question: Asked = Field(description="api-question", examples=["PyTorch 1.0 和 Caffe2 什么关系？"])
    right: bool = Field(description="api-right", examples=[False])
    history: list[Asked] = Field([], max_length=TURNS, description="api-history")
    reason: Annotated[Fault, Field(strict=False)] | Literal[""] = Field("", description="api-vote-reason")
    comment: str = Field("", description="api-comment")
    answered: bool | None = Field(None, description="api-vote-answered", examples=[False])
    kind: str = Field("", description="api-kind")
    confidence: float = Field(0.0, ge=0, le=1, allow_inf_nan=False, description="api-confidence")
    quotes: list[Voted] = Field([], description="api-vote-quotes")
    as_written: bool = Field(False, description="api-as-written")
    collection: str = Field("", description="api-collection")
    index: str = Field("", description="api-index")
    client: str = Field("", description="api-client")


# -- an answer


class Elsewhere(Model):
    """Where else the words of a quote stand."""

    document: str = Field(description="api-document")
    title: str = Field(description="api-document-title")
    start: Place = Field(description="api-start")
    end: Place = Field(description="api-end")


class Quote(Model):
    """A verbatim slice of a document."""

    text: str = Field(description="api-quote-text")
    document: str = Field(description="api-document")
    title: str = Field(description="api-document-title")
    section: list[str] = Field(description="api-section")
    start: Place = Field(description="api-start")
    end: Place = Field(description="api-end")
    answer_span: tuple[int, int] | None = Field(description="api-span")
    score: float = Field(description="api-score")
    source: str = Field(description="api-source")
    date: str = Field(description="api-date")
    page: int | None = Field(description="api-page")
    also: list[Elsewhere] = Field(description="api-also")


class Why(Model):
    """Why a passage was found."""

    lexical_rank: int | None = Field(description="api-lexical")
    dense_rank: int | None = Field(description="api-dense")
    matched: list[str] = Field(description="api-matched")


class Passage(Quote):
    """A passage that was found."""

    why: Why = Field(description="api-why")


class Row(Model):
    """One aspect of a comparison."""

    aspect: str = Field(description="api-aspect")
    cells: list[list[int]] = Field(description="api-cells")


class Table(Model):
    """How the quotes of a comparison are laid out."""

    columns: list[str] = Field(description="api-columns")
    rows: list[Row] = Field(description="api-rows")


class Correction(Model):
    """A word that was taken for another."""

    written: str = Field(description="api-written")
    meant: str = Field(description="api-meant")
    reason: Reason = Field(description="api-reason")


class Word(Model):
    """A word of a question."""

    text: str = Field(description="api-word")
    taken: str = Field(description="api-taken")
    aliases: list[str] = Field(description="api-aliases")
    synonyms: list[str] = Field(description="api-synonyms")
    passages: int = Field(description="api-held")


class Strength(Model):
    """What spoke for a sentence."""

    feature: str = Field(description="api-feature")
    value: float = Field(description="api-value")
    odds: float = Field(description="api-odds")


class Explanation(Model):
    """Why an answer is what it is."""

    kind: Kind = Field(description="api-kind")
    subjects: list[str] = Field(description="api-subjects")
    words: list[Word] = Field(description="api-words")
    reasons: list[Strength] = Field(description="api-strengths")


class Answer(Model):
    """An answer, or that the documents do not say."""

    id: None = Field(description="api-id")
    question: str = Field(description="api-question")
    understood: str = Field(description="api-understood")
    kind: Kind = Field(description="api-kind")
    answered: bool = Field(description="api-answered")
    confidence: float = Field(ge=0, le=1, description="api-confidence")
    text: str = Field(description="api-text")
    message: str = Field(description="api-message")
    quotes: list[Quote] = Field(description="api-quotes")
    table: Table | None = Field(description="api-table")
    candidates: list[Quote] = Field(description="api-candidates")
    passages: list[Passage] = Field(description="api-passages")
    corrections: list[Correction] = Field(description="api-corrections")
    completed: bool = Field(description="api-completed")
    suggestions: list[str] = Field(description="api-suggestions")
    explanation: Explanation | None = Field(None, description="api-explanation")
    milliseconds: float = Field(description="api-milliseconds")


class Found(Model):
    """The passages that were found."""

    query: str = Field(description="api-query")
    understood: str = Field(description="api-understood")
    passages: list[Passage] = Field(description="api-passages")
    milliseconds: float = Field(description="api-milliseconds")


# -- documents


class Entry(Model):
    """A line of the list of documents."""

    document: str = Field(description="api-document")
    title: str = Field(description="api-document-title")
    source: str = Field(description="api-source")
    date: str = Field(description="api-date")
    sha256: str = Field(description="api-sha256")
    characters: int = Field(description="api-characters")
    passages: int = Field(description="api-count-passages")
    same_as: str | None = Field(description="api-same-as")


class Documents(Model):
    """A page of the list of documents."""

    documents: list[Entry] = Field(description="api-entries")
    total: int = Field(description="api-total")
    offset: int = Field(description="api-offset")
    limit: int = Field(description="api-limit")


class Document(Model):
    """A document whole."""

    document: str = Field(description="api-document")
    title: str = Field(description="api-document-title")
    source: str = Field(description="api-source")
    sha256: str = Field(description="api-sha256")
    text: str = Field(description="api-whole")


class Renamed(Model):
    """A file that has got another name."""

    former: str = Field(alias="from", description="api-from")
    to: str = Field(description="api-to")


class Skipped(Model):
    """A file that was passed over."""

    path: str = Field(description="api-path")
    reason: str = Field(description="api-reason")


class Report(Model):
    """What a change of the index changed."""

    added: list[str] = Field(description="api-added")
    changed: list[str] = Field(description="api-changed")
    renamed: list[Renamed] = Field(description="api-renamed")
    removed: list[str] = Field(description="api-removed")
    unchanged: list[str] = Field(description="api-unchanged")
    skipped: list[Skipped] = Field(description="api-skipped")
    documents: int = Field(description="api-count-documents")
    passages: int = Field(description="api-count-passages")


# -- the rest


class Fail(Model):
    """What went wrong."""

    code: str = Field(description="api-code")
    message: str = Field(description="api-error-message")


class Error(Model):
    """What is answered where something went wrong."""

    error: Fail = Field(description="api-error")


class Job(Model):
    """A rebuild."""

    id: str = Field(description="api-job")
    collection: str = Field(description="api-collection")
    state: State = Field(description="api-state")
    step: str = Field(description="api-step")
    done: int = Field(description="api-done")
    total: int = Field(description="api-of")
    report: Report | None = Field(description="api-report")
    error: Fail | None = Field(description="api-fault")


class Jobs(Model):
    """The rebuilds."""

    jobs: list[Job] = Field(description="api-jobs")


class Collection(Model):
    """A collection."""

    name: str = Field(description="api-collection-name")
    documents: int | None = Field(description="api-count-documents")
    passages: int | None = Field(description="api-count-passages")


class Collections(Model):
    """The collections."""

    collections: list[Collection] = Field(description="api-collections")


class Key(Model):
    """What takes a vote back."""

    key: str = Field(description="api-key")


class Vote(Model):
    """A vote, which is a question for `assistant eval` too."""

    id: str = Field(description="api-vote-id")
    turns: list[str] = Field(description="api-turns")
    right: bool = Field(description="api-right")
    answers: list[str] | None = Field(None, description="api-answers")
    document: str | None = Field(None, description="api-vote-document")
    question: str = Field(description="api-question")
    reason: str = Field(description="api-vote-reason")
    comment: str = Field(description="api-comment")
    answered: bool = Field(description="api-answered")
    kind: str = Field(description="api-kind")
    confidence: float = Field(description="api-confidence")
    quotes: list[Voted] = Field(description="api-vote-quotes")
    as_written: bool = Field(description="api-as-written")
    collection: str = Field(description="api-collection")
    index: str = Field(description="api-index")
    created: str = Field(description="api-time")


class Votes(Model):
    """The votes."""

    votes: list[Vote] = Field(description="api-votes")


class Health(Model):
    """That questions can be asked."""

    status: Literal["ok"] = Field(description="api-status")
    version: str = Field(description="api-version")
