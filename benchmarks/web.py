"""How fast the web is: python -m benchmarks.web [ready people memory click] [--index DIR].

A real `assistant serve` on a free port, with an ASSISTANT_HOME of its own and the shipped corpus unless --index names
another index; one line of JSON a result. The load comes from this process, the browser is headless Chromium, and both
share the machine with the server: `load average` tells what else ran when the part began.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent

import httpx

from assistant.web.reader.permalink import Permalink
from benchmarks.clicking import first_words
from benchmarks.questions import load
from benchmarks.serving import Server, environment, serving

RESULTS = Path(__file__).with_name("results")
PATIENCE = 30  # seconds that a request may take
THINKING = (1.0, 3.0)  # seconds between an answer and the next question
WORKERS = 4  # that ask without thinking, for the memory
EVERY = 1_000  # questions between two looks at it

Result = dict[str, Any]
Dialogue = tuple[str, ...]
Spent = tuple[float, float]
"""Seconds by the clock, and of the processor, which other work on the machine does not lengthen."""


@dataclass(slots=True)
class Times:
    """How long requests took, in milliseconds, and what went wrong."""

    ask: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


def dialogues() -> list[Dialogue]:
    """Return the project's own questions, most of them alone, some with follow-ups."""
    return [case.turns for case in load()]


# -- from start to ready


def ready(home: Path, index: Path | None, *, pairs: int) -> Result:
    """Start the server and import gradio in turn; the first start, which may build the index, does not count."""
    with serving(home, index):
        pass
    measures: dict[str, Callable[[], Spent]] = {
        "serve": lambda: _start(home, index),
        "import gradio": lambda: _import_gradio(home),
    }
    times: dict[str, list[Spent]] = {name: [] for name in measures}
    for measure in measures.values():
        measure()  # fill the disk cache
    for number in range(pairs):
        for name in measures if number % 2 else reversed(measures):
            times[name].append(measures[name]())
    clock, processor = (
        {name: statistics.median(spent[kind] for spent in times[name]) for name in measures} for kind in (0, 1)
    )
    return {
        "pairs": pairs,
        "serve, median s": round(clock["serve"], 2),
        "import gradio, median s": round(clock["import gradio"], 2),
        "ratio": round(clock["serve"] / clock["import gradio"], 2),
        "ratios of the pairs": [round(one[0] / two[0], 2) for one, two in zip(*times.values(), strict=True)],
        "ratio of processor seconds": round(processor["serve"] / processor["import gradio"], 2),
    }


def _start(home: Path, index: Path | None) -> Spent:
    with serving(home, index) as server:
        return server.seconds, server.processor


def _import_gradio(home: Path) -> Spent:
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import gradio"], check=True, env=environment(home))
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# -- people who ask and read


def people(server: Server, *, count: int, seconds: float) -> Result:
    """Let people ask, read and think side by side."""
    times, used, own, started = Times(), server.processor, time.process_time(), time.perf_counter()
    asyncio.run(_crowd(server.address, times, count, seconds))
    lasted = time.perf_counter() - started
    return {
        "people": count,
        "seconds": round(lasted, 1),
        "errors": dict(times.errors),
        "ask": spread(times.ask),
        "read": spread(times.read),
        "server's processor, share of one core": round((server.processor - used) / lasted, 2),
        "this process's": round((time.process_time() - own) / lasted, 2),
    }


def spread(milliseconds: Sequence[float]) -> Result:
    """Return how many there were and where most of them lie."""
    if len(milliseconds) < 2:
        return {"count": len(milliseconds)}
    parts = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return {
        "count": len(milliseconds),
        "median ms": round(statistics.median(milliseconds), 1),
        "95th percentile ms": round(parts[94], 1),
        "99th percentile ms": round(parts[98], 1),
        "longest ms": round(max(milliseconds), 1),
    }


@asynccontextmanager
async def _client(address: str, connections: int) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits, trust_env=False) as client:
        yield client


async def _crowd(address: str, times: Times, count: int, seconds: float) -> None:
    asked = dialogues()
    async with _client(address, count) as client:
        until = time.perf_counter() + seconds
        people = (_person(client, times, random.Random(number), asked, until) for number in range(count))
        await asyncio.gather(*people)


async def _person(
    client: httpx.AsyncClient, times: Times, chance: random.Random, asked: Sequence[Dialogue], until: float
) -> None:
    while True:
        turns = chance.choice(asked)
        for number, question in enumerate(turns):
            await asyncio.sleep(chance.uniform(*THINKING))
            if time.perf_counter() > until:
                return
            answer = await _ask(client, times, question, turns[:number])
            if answer and answer["quotes"]:
                await _read(client, times, answer["quotes"][0])


async def _ask(client: httpx.AsyncClient, times: Times, question: str, history: Sequence[str] = ()) -> Result | None:
    asked = {"question": question, "history": list(history)}
    answer = await _timed(times, times.ask, client.post("/api/v1/ask", json=asked))
    return answer.json() if answer else None


async def _read(client: httpx.AsyncClient, times: Times, quote: Result) -> None:
    link = Permalink.to(quote["text"], (quote["start"], quote["end"]))
    page = await _timed(times, times.read, client.get(f"/read/{percent(quote['document'])}{link.query()}"))
    if page and ("<mark" not in page.text or 'class="warning"' in page.text):
        times.errors["the sentence is not marked"] += 1


async def _timed(times: Times, kept: list[float], request: Any) -> httpx.Response | None:  # noqa: ANN401 - awaitable
    started = time.perf_counter()
    try:
        answer: httpx.Response = await request
    except httpx.HTTPError as error:
        times.errors[type(error).__name__] += 1
        return None
    kept.append(1000 * (time.perf_counter() - started))
    if answer.status_code != 200:
        times.errors[f"status {answer.status_code}"] += 1
        return None
    return answer


# -- memory


def memory(server: Server, *, questions: int) -> Result:
    """Ask by four workers and look at the server's memory every thousand questions."""
    times, resident = Times(), list[int]()
    started = time.perf_counter()
    asyncio.run(_flood(server, times, questions, resident))
    result: Result = {
        "questions": len(times.ask),
        "errors": dict(times.errors),
        "questions a second": round(len(times.ask) / (time.perf_counter() - started), 1),
        "resident MB": [round(one / 1024, 1) for one in resident],
    }
    halves = {"all": resident, "second half": resident[len(resident) // 2 :]}
    return result | {f"growth per 1,000, MB, {name}": growth(part) for name, part in halves.items() if len(part) > 1}


def growth(resident: Sequence[int]) -> float:
    """Return the slope by least squares of a number of KB, one each thousand questions, in MB."""
    return round(statistics.linear_regression(range(len(resident)), resident).slope / 1024, 3)


async def _flood(server: Server, times: Times, questions: int, resident: list[int]) -> None:
    asked = iter(list(itertools.islice(mixed(dialogues()), questions)))
    done = 0

    async def work(client: httpx.AsyncClient) -> None:
        nonlocal done
        for question in asked:
            await _ask(client, times, question)
            done += 1
            if done % EVERY == 0:
                resident.append(server.resident)

    async with _client(server.address, WORKERS) as client:
        await asyncio.gather(*(work(client) for _ in range(WORKERS)))


def mixed(asked: Sequence[Dialogue]) -> Iterator[str]:
    """Give questions by chance without end; every other one is two joined, so that few were asked before."""
    chance = random.Random(0)
    alone = [turns[0] for turns in asked]
    while True:
        yield chance.choice(alone)
        yield chance.choice(alone) + chance.choice(alone)


# -- from a click to the first words


def click(server: Server, *, questions: int) -> Result:
    """Take the time from the click on send until the first words are painted; the first question warms up."""
    chosen = random.Random(0).sample([turns[0] for turns in dialogues()], questions + 1)
    with tempfile.TemporaryDirectory() as folder:
        times, answers = first_words(server.address, chosen, Path(folder))
    stands, painted = zip(*times[1:], strict=True)
    return {
        "questions": questions,
        "errors": len(chosen) - answers,
        "in the page, median ms": round(statistics.median(stands), 1),
        "painted, median ms": round(statistics.median(painted), 1),
        "painted, longest ms": round(max(painted), 1),
        "painted, ms": [round(one) for one in painted],
    }


# -- all of it


def measured(part: str, options: argparse.Namespace, home: Path) -> Result:
    """Measure one part with a server of its own."""
    if part == "ready":
        return ready(home, options.index, pairs=options.pairs)
    with serving(home, options.index) as server:
        asyncio.run(_warmed(server))
        if part == "people":
            return people(server, count=options.people, seconds=options.seconds)
        if part == "memory":
            return memory(server, questions=options.questions)
        return click(server, questions=options.clicks)


async def _warmed(server: Server) -> None:
    times = Times()
    async with _client(server.address, 1) as client:
        for turns in dialogues()[:20]:
            await _ask(client, times, turns[0])


def main() -> None:
    """Measure, print and keep the numbers."""
    parts = ("ready", "people", "memory", "click")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(parts)}; all of them unless named")
    parser.add_argument("--index", type=Path, help="ask this index instead of the shipped corpus")
    parser.add_argument("--pairs", type=int, default=5, help="starts of the server and imports of gradio")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--questions", type=int, default=10_000, help="asked while the memory is watched")
    parser.add_argument("--clicks", type=int, default=20)
    options = parser.parse_args()
    if unknown := set(options.parts) - set(parts):
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    kept = RESULTS / "web.json"
    results = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        for part in options.parts or parts:
            average = round(os.getloadavg()[0], 2)
            results[part] = {**measured(part, options, Path(folder)), "load average before": average}
            print(json.dumps({part: results[part]}, ensure_ascii=False), flush=True)
            kept.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
