"""Ours beside the peers, on the same questions: python -m benchmarks.peers DATA [--set drcd_dev --set cmrc_trial].

Every system runs in a process of its own (peer_worker.py), every peer with a Python of its own, into which the versions
in peers.txt are installed on the first run; from then on no network is needed, and telemetry is switched off. Peers get
the text as it is, traditional script too, as their users would give it. Finding the sentence: a peer searches all
sentences of the set, as ours cuts them; ours searches the paragraphs and names its first candidate. Since our ranker
was fitted on both sets, what our row has right is what `python -m training.ranking DATA` measured on articles left out
of the fitting (results/ranking.json). --questions takes a random sample, over all paragraphs; its table is printed,
but kept nowhere, and shows ours as it ships.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import platformdirs

from corpus.splitting import sentences
from training.squad import Asked, QuestionSet

RESULTS = Path(__file__).with_name("results")
CROSS_VALIDATED = RESULTS / "ranking.json"
PINS = Path(__file__).with_name("peers.txt")
WORKER = Path(__file__).with_name("peer_worker.py")
ENVIRONMENT = Path(platformdirs.user_cache_dir("yinju", appauthor=False), "peers")
QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
}
WARM = 50  # texts that every system handles once before it is timed, so that its files are in the disk cache

Measures = dict[str, float | str]
Place = tuple[int, str]  # a sentence, and the number of its paragraph


class PeerError(Exception):
    """A peer could not be installed or did not run."""


@dataclass(frozen=True, slots=True)
class System:
    """A row of the table: the engine of peer_worker that runs it, and what pip installs for it."""

    name: str
    engine: str
    requires: tuple[str, ...] = ()  # the first one tells the version

    @property
    def ours(self) -> bool:
        """Whether this is this project's assistant, which names the sentence itself."""
        return self.engine == "yinju"

    @property
    def version(self) -> str:
        """The version that is measured."""
        if self.requires:
            pins = (line.split("==", 1) for line in PINS.read_text(encoding="utf-8").splitlines() if "==" in line)
            return dict(pins)[self.requires[0]]
        return metadata.version("yinju") if self.ours else sqlite3.sqlite_version


HAYSTACK = ("haystack-ai", "jieba")
TXTAI = ("txtai-minimal", "numpy", "regex", "jieba")  # its authors' package without torch, which BM25 does not use
LLAMA = ("llama-index-retrievers-bm25", "jieba")
SYSTEMS = (
    System("Yinju", "yinju"),
    System("rank_bm25, jieba as in Langchain-Chatchat", "rank_bm25", ("rank-bm25", "jieba")),
    System("Haystack, BM25 as it comes", "haystack", HAYSTACK),
    System("Haystack, BM25 over jieba's words", "haystack_jieba", HAYSTACK),
    System("txtai, keyword index as it comes", "txtai", TXTAI),
    System("txtai, keyword index over jieba's words", "txtai_jieba", TXTAI),
    System("LlamaIndex, BM25Retriever as it comes", "llama_index", LLAMA),
    System("LlamaIndex, BM25Retriever over jieba's words", "llama_index_jieba", LLAMA),
    System("Whoosh, jieba's ChineseAnalyzer", "whoosh", ("Whoosh-Reloaded", "jieba")),
    System("SQLite FTS5, trigram", "sqlite"),
)


def command(system: System, environment: Path) -> list[str]:
    """Return what starts the worker for a system; a peer's Python is made first where that is needed."""
    if system.ours:
        return [sys.executable, "-m", "benchmarks.peer_worker", system.engine]
    python = install(system.requires, environment) if system.requires else Path(sys.executable)
    return [str(python), "-I", str(WORKER), system.engine]  # -I: without this project and the user's own packages


def install(requires: tuple[str, ...], environment: Path) -> Path:
    """Install packages into an environment below `environment`, and return its Python."""
    folder = environment / requires[0]
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    wanted = "\n".join([*requires, PINS.read_text(encoding="utf-8")])
    if not (python.exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        print(f"installing {' '.join(requires)}", file=sys.stderr)
        venv.create(folder, clear=(folder / "pyvenv.cfg").exists(), symlinks=True, with_pip=True)
        run([str(python), "-m", "pip", "install", "--quiet", "--constraint", str(PINS), *requires])
        stamp.write_text(wanted, encoding="utf-8")
    return python


def run(arguments: Sequence[str]) -> None:
    """Run a process quietly; PeerError with a line of what it said where it fails."""
    root = Path(__file__).parent.parent
    ended = subprocess.run(arguments, cwd=root, env=os.environ | QUIET, capture_output=True, text=True, check=False)
    if ended.returncode:
        print(ended.stderr, file=sys.stderr)
        lines = [line.strip() for line in ended.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("ERROR")]  # pip's: the first says what, the others advise
        raise PeerError([*errors, *lines[::-1], f"exit status {ended.returncode}"][0])


def work(start: Sequence[str], texts: Sequence[str], questions: Sequence[str]) -> dict[str, Any]:
    """Let the worker index the texts and ask the questions, and return what it reports."""
    with tempfile.TemporaryDirectory() as folder:
        job, outcome = Path(folder, "job.json"), Path(folder, "outcome.json")
        job.write_text(json.dumps({"texts": texts, "questions": questions}), encoding="utf-8")
        run([*start, str(job), str(outcome)])
        return dict(json.loads(outcome.read_text(encoding="utf-8")))


def measure(system: System, start: Sequence[str], questions: QuestionSet) -> Measures:
    """Return the measures of a system on a set."""
    texts = list(questions.paragraphs.values())
    asked = [one.question for one in questions.questions]
    work(start, texts[:WARM], asked[:1])
    outcome = work(start, texts, asked)
    numbers = {document: number for number, document in enumerate(questions.paragraphs)}
    wanted = [numbers[one.document] for one in questions.questions]
    ranks = [
        found.index(number) + 1 if number in found else 0
        for (found, _), number in zip(outcome["found"], wanted, strict=True)
    ]
    first = [sentence for _, sentence in outcome["found"]] if system.ours else search_sentences(start, texts, asked)
    right = [answers(place, number, one) for place, number, one in zip(first, wanted, questions.questions, strict=True)]
    return {
        "paragraph recall@1 %": percent([rank == 1 for rank in ranks]),
        "paragraph recall@5 %": percent([rank > 0 for rank in ranks]),
        "paragraph MRR@5 %": percent([1 / rank if rank else 0 for rank in ranks]),
        "first sentence answers %": percent(right),
        **{name: round(outcome[name], 2) for name in ("import s", "build s", "median ms")},
        "peak MB": round(outcome["peak MB"]),
    }


def cross_validated(measures: Measures, name: str) -> Measures:
    """Return the measures with what was right on articles that the ranker was not fitted on, where that is known."""
    facts = json.loads(CROSS_VALIDATED.read_text(encoding="utf-8")).get(name, {})
    return {column: facts.get(column, value) for column, value in measures.items()}


def search_sentences(start: Sequence[str], texts: Sequence[str], asked: Sequence[str]) -> list[Place | None]:
    """Return the first sentence that a peer finds for each question."""
    places = cut(texts)
    outcome = work(start, [sentence for _, sentence in places], asked)
    return [places[found[0]] if found else None for found, _ in outcome["found"]]


def cut(texts: Sequence[str]) -> list[Place]:
    """Cut paragraphs into sentences."""
    return [(number, text[start:end]) for number, text in enumerate(texts) for start, end in sentences(text)]


def answers(place: Place | None, paragraph: int, asked: Asked) -> bool:
    """Tell whether a sentence stands in the question's paragraph and holds an accepted answer."""
    return place is not None and place[0] == paragraph and asked.answered_by(place[1])


def percent(values: Sequence[float]) -> float:
    """Return the mean in percent."""
    return round(100 * sum(values) / len(values), 2)


def try_measuring(system: System, sets: Sequence[QuestionSet], environment: Path) -> dict[str, Measures]:
    """Return a system's measures by set, or the reason why there are none."""
    measures: dict[str, Measures] = {}
    try:
        start = command(system, environment)
        for questions in sets:
            print(f"{system.name}: {questions.name}", file=sys.stderr)
            measures[questions.name] = measure(system, start, questions)
    except (PeerError, OSError, subprocess.SubprocessError) as error:
        print(f"{system.name}: {error}", file=sys.stderr)
        reason = str(error) if isinstance(error, PeerError) else type(error).__name__  # the others name folders
        measures |= {questions.name: {"failed": reason} for questions in sets if questions.name not in measures}
    return measures


def table(result: dict[str, Any]) -> str:
    """Write the results as a Markdown table, the sets side by side in each cell."""
    measures = [row["sets"] for row in result["systems"]]
    columns = next((list(one) for by_set in measures for one in by_set.values() if "failed" not in one), [])
    lines = [[" / ".join(result["sets"]), *columns], ["---", *["--:"] * len(columns)]]
    for row in result["systems"]:
        failed = [one["failed"] for one in row["sets"].values() if "failed" in one]
        if failed:
            cells = [f"failed: {failed[0]}".replace("|", "/")]
        else:
            cells = [" / ".join(f"{one[column]:.3g}" for one in row["sets"].values()) for column in columns]
        lines.append([f"{row['name']} ({row['version']})", *cells, *[""] * (len(columns) - len(cells))])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def sample(questions: QuestionSet, count: int | None) -> QuestionSet:
    """Keep `count` random questions, or all, and all paragraphs."""
    if count is None or count >= len(questions.questions):
        return questions
    return replace(questions, questions=tuple(random.Random(0).sample(questions.questions, count)))


def main() -> None:
    """Measure all systems on all sets, print the table, keep the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds the sets")
    parser.add_argument("--set", action="append", dest="sets", help="default: drcd_dev and cmrc_trial")
    parser.add_argument("--questions", type=int, help="how many questions of each set; default: all")
    parser.add_argument("--environment", type=Path, default=ENVIRONMENT, help="folder for the peers' Pythons")
    options = parser.parse_args()
    names = options.sets or ["drcd_dev", "cmrc_trial"]
    sets = [sample(QuestionSet.load(options.data, name), options.questions) for name in names]
    environment = options.environment.expanduser().resolve()
    os.environ["ASSISTANT_HOME"] = str(environment / "yinju")  # without the user's own words
    result: dict[str, Any] = {
        "sets": {
            questions.name: {
                "paragraphs": len(questions.paragraphs),
                "sentences": len(cut(list(questions.paragraphs.values()))),
                "questions": len(questions.questions),
            }
            for questions in sets
        },
        "systems": [
            {"name": system.name, "version": system.version, "sets": try_measuring(system, sets, environment)}
            for system in SYSTEMS
        ],
    }
    if options.questions is None:
        for name, measures in result["systems"][0]["sets"].items():
            measures |= cross_validated(measures, name)
        text = json.dumps(result, ensure_ascii=False, indent=1)
        (RESULTS / "peers.json").write_text(text + "\n", encoding="utf-8")
    print(table(result))


if __name__ == "__main__":
    main()
