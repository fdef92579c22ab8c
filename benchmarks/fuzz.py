"""Damaged files for one reader, as many as fit into the time: python -m benchmarks.fuzz FORMAT SECONDS [--keep FOLDER].

atheris (pip install atheris) changes the files of tests/files/converted so that ever more of the reader's code is run;
inside a zip file or a PDF it changes the parts before they are packed. A crash is the end of the process, a hang a file
that takes more than 10 s also when nothing watches the reader, memory a process that takes more than 1 GB. Exceptions
that the reader did not foresee are listed too: its caller reports such a file as damaged. --keep takes the files that
failed.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "tests" / "files" / "converted"
RESULTS = Path(__file__).with_name("results") / "fuzz.json"
SUFFIXES = {"plain": "txt", "markdown": "md"}  # of the others, the name is the suffix
FORMATS = ("plain", "markdown", "html", "mhtml", "pdf", "docx", "epub", "csv", "xlsx", "jsonl", "zip")
WATCHED = ["corpus", "markdown_it", "yaml", "trafilatura", "justext", "docx", "openpyxl", "email"]
LIMITS = ("-timeout=10", "-rss_limit_mb=1024", "-max_len=262144", "-print_final_stats=1")
HANG = 10  # seconds
LEAST = 5  # seconds for which a process is worth starting
_STREAM = re.compile(rb"(?<=stream\n)(.*?)(?=\r?\nendstream)|(?<=stream\r\n)(.*?)(?=\r?\nendstream)", re.DOTALL)
_CRASHED, _HUNG, _LARGE = "crash", "timeout", "oom"  # how libFuzzer's files are named

Changed = Callable[[bytes], bytes]


def run(kind: str, seconds: float, keep: Path) -> dict[str, object]:
    """Fuzz the reader of a format in other processes, a new one after each that ends before its time."""
    started = time.monotonic()
    totals: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        seeds = Path(place)
        for path in sorted(SEEDS.glob(f"*/*.{SUFFIXES.get(kind, kind)}")):
            (seeds / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
        while (left := seconds - (time.monotonic() - started)) >= LEAST:
            job = [kind, str(int(left)), "--keep", str(keep), "--seeds", place]
            command = [sys.executable, "-m", "benchmarks.fuzz", *job]
            done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
            said = done.stderr.decode(errors="replace")
            if "stat::number_of_executed_units" not in said:
                raise RuntimeError(f"the fuzzer did not run: {said[-2000:]}")
            totals["runs"] += _told(said, "number_of_executed_units")
            for fact in ("peak_rss_mb", "slowest_unit_time_sec"):
                totals[fact] = max(totals[fact], _told(said, fact))
    # watching makes Python ten times as slow: what took long is read once more without
    again = [_seconds(kind, path) for path in keep.glob(f"{_HUNG}-*")]
    return {
        "seconds": round(time.monotonic() - started),
        "runs": totals["runs"],
        "peak MB": totals["peak_rss_mb"],
        "slowest s": totals["slowest_unit_time_sec"],
        "crashes": len(list(keep.glob(f"{_CRASHED}-*"))),
        "hangs": sum(seconds > HANG for seconds in again),
        "hangs only while watched": sum(seconds <= HANG for seconds in again),
        "slowest of these, not watched": round(max(again, default=0.0), 1),
        "memory": len(list(keep.glob(f"{_LARGE}-*"))),
        "unforeseen": sorted(path.stem for path in keep.glob("*.unforeseen")),
    }


def _seconds(kind: str, path: Path) -> float:
    """Return how many seconds of the processor the reader takes for a file."""
    read, data = _reader(kind), path.read_bytes()
    started = time.process_time()
    with suppress(Exception):
        read(data)
    return time.process_time() - started


def _told(said: str, fact: str) -> int:
    found = re.search(rf"stat::{fact}:\s+(\d+)", said)
    return int(found[1]) if found else 0


# -- in the other process


def fuzz(kind: str, seconds: int, keep: Path, seeds: Path) -> None:
    """Fuzz in this process, which does not come back from it."""
    import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=WATCHED):
        read = _reader(kind)
        import_module("corpus.draft")

    def test(data: bytes) -> None:
        from corpus.errors import UnreadableError

        try:
            read(data)
        except UnreadableError:
            pass
        except Exception as error:
            _note(error, data, keep)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)

        def change(part: bytes) -> bytes:
            if chance.random() < 0.1:
                return _repeated(part, most, chance)
            return bytes(atheris.Mutate(part, max(len(part) + 64, 64)))

        inside = _in_zip if data.startswith(b"PK") else _in_pdf if b"%PDF-" in data[:1024] else None
        return (inside(data, change, chance) if inside and chance.random() < 0.8 else change(data))[:most]

    options = [f"-max_total_time={seconds}", f"-artifact_prefix={keep}/", *LIMITS, str(seeds)]
    atheris.Setup([sys.argv[0], *options], test, custom_mutator=mutate)
    atheris.Fuzz()


def _reader(kind: str) -> Callable[[bytes], object]:
    if kind == "zip":
        return _unpack
    from corpus.formats.kind import Format
    from corpus.reading import MODULES

    module = import_module(f"corpus.formats.{MODULES[Format[kind.upper()]]}")

    def read(data: bytes) -> object:
        document = module.read(data).document("a", named="a")
        places = [place for section in document.sections for place in (section.start, section.end)]
        assert places == sorted(places)
        assert not places or places[-1] <= len(document.text)
        return document

    return read


def _unpack(data: bytes) -> None:
    from corpus.archive import Archive

    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        with Archive(file.name) as archive:
            for member in archive.members():
                if not member.fault:
                    archive.read(member.name)


def _note(error: Exception, data: bytes, keep: Path) -> None:
    """Keep the first file for each place from which an exception comes."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/corpus/" in frame.filename] or frames
    name = f"{type(error).__name__} in {Path(ours[-1].filename).stem}.{ours[-1].name}"
    path = keep / f"{re.sub(r'[^A-Za-z_. ]', '', name)}.unforeseen"
    if not path.exists():
        path.write_bytes(data)


def _repeated(data: bytes, most: int, chance: random.Random) -> bytes:
    """Repeat a stretch of the data: many rows, deep nesting, long words."""
    start = chance.randrange(len(data) + 1)
    stretch = data[start : start + chance.choice((1, 3, 10, 40, 200))]
    room = (most - len(data)) // max(len(stretch), 1)
    return data[:start] + stretch * chance.randint(0, max(0, min(room, 5000))) + data[start:]


def _in_zip(data: bytes, change: Changed, chance: random.Random) -> bytes:
    """Change one file of an archive."""
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            names = old.namelist()
            chosen = chance.choice(names)
            for name in names:
                part = old.read(name)
                new.writestr(name, change(part) if name == chosen else part)
    except Exception:
        return change(data)  # no archive any more
    return made.getvalue()


def _in_pdf(data: bytes, change: Changed, chance: random.Random) -> bytes:
    """Change one packed stream of a PDF; what its length is told to be is left wrong, as readers bear."""
    streams: Sequence[re.Match[bytes]] = list(_STREAM.finditer(data))
    if not streams:
        return change(data)
    chosen = chance.choice(streams)
    try:
        part = zlib.decompress(chosen[0])
    except zlib.error:
        return change(data)
    return data[: chosen.start()] + zlib.compress(change(part)) + data[chosen.end() :]


def main() -> None:
    """Fuzz one reader, print what was found and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("seconds", type=int)
    parser.add_argument("--keep", type=Path, help="folder for the files that fail")
    parser.add_argument("--seeds", type=Path, help=argparse.SUPPRESS)  # given to the other process
    options = parser.parse_args()
    if not find_spec("atheris"):
        parser.exit(2, "atheris is not installed: pip install atheris\n")
    if options.seeds:
        fuzz(options.format, options.seconds, options.keep, options.seeds)
        return
    with tempfile.TemporaryDirectory() as place:
        keep = options.keep or Path(place)
        keep.mkdir(parents=True, exist_ok=True)
        found = run(options.format, options.seconds, keep)
    print(options.format, json.dumps(found, ensure_ascii=False))
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(results | {options.format: found}, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
