"""How fast: python -m benchmarks.speed [DATA] [--runs 15].

Cold: whole processes, run in turn so that noise hits all alike; the ratio to importing numpy and faiss is what carries
over to another machine. Warm: the project's own questions in one process; with DATA also 500 of DRCD dev's over its
1,000 paragraphs, a document each. Both also in processor time, which other work on the machine does not lengthen.
"""

from __future__ import annotations

import argparse
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
from collections.abc import Sequence
from pathlib import Path

from assistant.assistant import Assistant
from benchmarks.questions import load
from training.squad import QuestionSet, indexed

RESULTS = Path(__file__).with_name("results")
ASK = "from assistant.cli import main; main()"
COMMANDS = {
    "ask": [sys.executable, "-c", ASK, "ask", "PyTorch 1.0 和 Caffe2 什么关系"],
    "import numpy, faiss": [sys.executable, "-c", "import numpy, faiss"],
    "import sentence_transformers": [sys.executable, "-c", "import sentence_transformers"],
}


def run(command: list[str]) -> tuple[float, float]:
    """Run a command and return its seconds, by the clock and of the processor."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cold(runs: int) -> dict[str, dict[str, float]]:
    """Time every command, one after another, `runs` times."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for command in COMMANDS.values():
        run(command)  # fill the disk cache, build the index
    for _ in range(runs):
        for name, command in COMMANDS.items():
            if name != "import sentence_transformers" or len(times[name]) < 3:  # it takes seconds
                times[name].append(run(command))
    return {
        name: {
            "median s": round(statistics.median(clock for clock, _ in values), 3),
            "least s": round(min(clock for clock, _ in values), 3),
            "median processor s": round(statistics.median(processor for _, processor in values), 3),
        }
        for name, values in times.items()
    }


def warm(questions: Sequence[str], index: Path | None = None) -> dict[str, float]:
    """Ask all questions three times; the first round warms up."""
    assistant = Assistant.open(index)
    clock: list[float] = []
    processor: list[float] = []
    for round_number in range(3):
        for question in questions:
            started, used = time.perf_counter(), time.thread_time()
            assistant.ask(question)
            if round_number:
                clock.append(1000 * (time.perf_counter() - started))
                processor.append(1000 * (time.thread_time() - used))
    assistant.close()
    return {
        "questions": len(clock),
        "median ms": round(statistics.median(clock), 2),
        "99th percentile ms": round(statistics.quantiles(clock, n=100)[98], 2),
        "median processor ms": round(statistics.median(processor), 2),
    }


def understanding(questions: Sequence[str]) -> dict[str, float]:
    """Ask as written and as understood in turn: what mending the spelling and looking for a follow-up costs; after one
    earlier question, too.
    """
    assistant = Assistant.open()
    times: dict[str, list[float]] = {"as written": [], "understood": [], "after another question": []}
    for round_number in range(3):
        for before, question in itertools.pairwise(questions):
            for name, history in (("as written", ()), ("understood", ()), ("after another question", (before,))):
                started = time.perf_counter()
                assistant.ask(question, history, as_written=name == "as written")
                if round_number:
                    times[name].append(1000 * (time.perf_counter() - started))
    assistant.close()
    written = statistics.median(times["as written"])
    adds = {name: [one - two for one, two in zip(times[name], times["as written"], strict=True)] for name in times}
    return {
        "as written, median ms": round(written, 2),
        "understanding adds, median ms": round(statistics.median(adds["understood"]), 2),
        "after another question it adds, median ms": round(statistics.median(adds["after another question"]), 2),
        "understood / as written": round(statistics.median(times["understood"]) / written, 3),
    }


def thousand(data: Path) -> dict[str, float]:
    """Measure warm questions over a thousand documents."""
    questions = QuestionSet.load(data, "drcd_dev")
    with indexed(questions.paragraphs) as folder:
        return warm([asked.question for asked in random.Random(0).sample(questions.questions, 500)], folder)


def main() -> None:
    """Measure, print and keep the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", help="folder that holds drcd_dev.json")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["ASSISTANT_HOME"] = home
        times = cold(options.runs)
        alone = [asked.turns[0] for asked in load() if len(asked.turns) == 1]
        result = {"cold": times, "warm": warm(alone), "understanding": understanding(alone)}
        if options.data:
            result["warm, 1,000 documents"] = thousand(options.data)
    ask = times["ask"]["median s"]
    result["ask / import numpy, faiss"] = {"ratio": round(ask / times["import numpy, faiss"]["median s"], 2)}
    ratio = ask / times["import sentence_transformers"]["median s"]
    result["ask / import sentence_transformers"] = {"ratio": round(ratio, 3)}
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (RESULTS / "speed.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
