"""What the server has done, for Prometheus."""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.shelf import Shelf
from assistant.web.api.jobs import Jobs, State
from corpus.errors import AssistantError

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds


class Metrics:
    """Counts of one server, in a registry of its own."""

    def __init__(self, shelf: Shelf, jobs: Jobs) -> None:
        """Begin to count; what the indexes hold and the jobs are looked up when they are asked for."""
        self._registry = CollectorRegistry()
        self._registry.register(_Present(shelf, jobs))
        self._questions = Counter(
            "yinju_questions", "Questions by what came of them", ["outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "yinju_question_seconds", "Time from question to answer", buckets=BUCKETS, registry=self._registry
        )
        self._refused = Counter(
            "yinju_failed_requests", "Requests answered with an error", ["status"], registry=self._registry
        )
        for outcome in ("answered", "declined", "failed"):
            self._questions.labels(outcome)  # a series that is there from the start has no gap

    def asked(self, *, answered: bool, milliseconds: float) -> None:
        """Count a question that was answered or declined."""
        self._questions.labels("answered" if answered else "declined").inc()
        self._seconds.observe(milliseconds / 1000)

    def failed(self) -> None:
        """Count a question of which nothing came."""
        self._questions.labels("failed").inc()

    def refused(self, status: int) -> None:
        """Count a request that was answered with an error."""
        self._refused.labels(str(status)).inc()

    def exposition(self) -> bytes:
        """Return all numbers in Prometheus' text format."""
        return generate_latest(self._registry)


class _Present(Collector):
    """What there is at the moment."""

    def __init__(self, shelf: Shelf, jobs: Jobs) -> None:
        self._shelf, self._jobs = shelf, jobs

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # otherwise it would be collected once before anybody asks

    def collect(self) -> Iterator[GaugeMetricFamily]:
        documents = GaugeMetricFamily("yinju_documents", "Documents of a collection", labels=["collection"])
        passages = GaugeMetricFamily("yinju_passages", "Passages of a collection", labels=["collection"])
        for name in self._names():
            if held := self._shelf.size(name):
                documents.add_metric([name], held[0])
                passages.add_metric([name], held[1])
        jobs = GaugeMetricFamily("yinju_jobs", "Rebuilds that are not forgotten", labels=["state"])
        count = Counted(job.state for job in self._jobs.all())
        for state in State:
            jobs.add_metric([state], count[state])
        yield from (documents, passages, jobs)

    def _names(self) -> list[str]:
        try:
            return self._shelf.names()
        except AssistantError:
            return [""]


class Counting:
    """Counts the requests that end with an error."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        """Take the application behind."""
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def counted(event: Message) -> None:
            if event["type"] == "http.response.start" and event["status"] >= 400:
                self._metrics.refused(event["status"])
            await send(event)

        try:
            await self._app(scope, receive, counted)
        except Exception:
            self._metrics.refused(500)
            raise
