"""Work that outlasts a request: one job a collection at a time, all of them one after another."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus.errors import AssistantError
from index.report import Progress, Report

KEPT = 200  # jobs that have ended and can still be asked about

Work = Callable[[Progress], Report]
"""Told whom to call with its progress."""

_logger = logging.getLogger(__name__)


class State(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stood at one moment."""

    id: str
    collection: str
    state: State = State.QUEUED
    step: str = ""  # of the work (index.report.Progress), of which `done` is done of `total`
    done: int = 0
    total: int = 0
    report: Report | None = None
    error: AssistantError | None = None

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing more will come of it."""
        return self.state in {State.DONE, State.FAILED}


class Jobs:
    """Starts jobs and tells what has become of them; those that ended long ago are forgotten."""

    def __init__(self, *, kept: int = KEPT) -> None:
        """Remember so many jobs that have ended."""
        self._kept = kept
        self._lock = threading.Lock()
        self._turn = threading.Lock()  # builds use every core: they wait for each other
        self._jobs: dict[str, Job] = {}

    def start(self, collection: str, work: Work) -> Job:
        """Start the work in another thread, which speaks the caller's language.

        Where a job of this collection has not ended yet, that one comes back and nothing is started.
        """
        with self._lock:
            running = next((job for job in self._jobs.values() if self._is_busy(job, collection)), None)
            if running:
                return running
            job = Job(uuid.uuid4().hex, collection)
            self._jobs[job.id] = job
            self._forget()
        run = copy_context().run
        threading.Thread(target=run, args=(self._run, job.id, work), name="job", daemon=True).start()
        return job

    def get(self, id: str) -> Job | None:
        """Return a job as it stands now; None where there is none, or it is forgotten."""
        return self._jobs.get(id)

    def all(self) -> list[Job]:
        """Return the jobs as they stand now, the newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    @staticmethod
    def _is_busy(job: Job, collection: str) -> bool:
        return job.collection == collection and not job.has_ended

    def _forget(self) -> None:
        ended = [job.id for job in self._jobs.values() if job.has_ended]
        for id in ended[: max(0, len(ended) - self._kept)]:
            del self._jobs[id]

    def _run(self, id: str, work: Work) -> None:
        def show(step: str, done: int, total: int) -> None:
            self._change(id, step=step, done=done, total=total)

        with self._turn:
            self._change(id, state=State.RUNNING)
            try:
                self._change(id, report=work(show), state=State.DONE)
            except AssistantError as error:
                self._change(id, error=error, state=State.FAILED)
            except Exception:  # the thread's last chance to tell
                _logger.exception("a job failed")
                self._change(id, error=AssistantError("api-failed"), state=State.FAILED)

    def _change(self, id: str, **facts: object) -> None:
        with self._lock:
            self._jobs[id] = replace(self._jobs[id], **facts)  # type: ignore[arg-type]
