"""How an index grows: python -m benchmarks.scale DATA WORK [--passages 1000 10000 100000 1000000] [--figures].

DATA holds news.txt.xz and drcd_dev.json, WORK takes some gigabytes of files. The news is unpacked into one file an
article; more than it holds is the news repeated with other numbers and other family names. `--figures` measures the
index of the whole news, ratios within one run. Whole processes are timed, by the clock; memory is the sum over a
process and those that it started, looked at ten times a second.
"""

from __future__ import annotations

import argparse
import json
import lzma
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from assistant.assistant import Assistant
from corpus.finding import find
from index.store import Store

RESULTS = Path(__file__).with_name("results")
CLI = [sys.executable, "-m", "assistant.cli"]
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
ARTICLE = 2.34  # passages of an article of the news, on average


def articles(data: Path) -> Iterator[str]:
    """Yield the articles; after the last one the news again, with other numbers and names."""
    with lzma.open(data / "news.txt.xz", "rt", encoding="utf-8") as file:
        every = [line.rstrip("\n") + "\n" for line in file]
    yield from every
    copy = 1
    while True:
        digits = "".join(str((number + 3 * copy) % 10) for number in range(10))
        names = SURNAMES[copy:] + SURNAMES[:copy]
        table = str.maketrans("0123456789" + SURNAMES, digits + names)
        yield from (text.translate(table) for text in every)
        copy += 1


def unpack(data: Path, folder: Path, count: int) -> None:
    """Write so many articles, a file each, a thousand in a folder."""
    for number, text in zip(range(count), articles(data), strict=False):
        path = folder / f"{number // 1000:04}" / f"{number:07}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def timed(command: Sequence[str | Path]) -> dict[str, float]:
    """Run a command and return its seconds, and its highest memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(0.1)
    if process.returncode not in {0, 3}:
        raise SystemExit(f"{command}: exit status {process.returncode}")
    return {"s": round(time.perf_counter() - started, 2), "MB": round(most / 2**20)}


def _memory(root: int) -> int:
    """Return the resident bytes of a process and of those below it; what they share counts once for each."""
    parents: dict[int, int] = {}
    resident: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            facts = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(facts[1])
        resident[int(folder.name)] = int(facts[21]) * os.sysconf("SC_PAGE_SIZE")

    def below(process: int) -> bool:
        return process == root or (process in parents and parents[process] != 0 and below(parents[process]))

    return sum(size for process, size in resident.items() if below(process))


def _cut(paths: Sequence[str]) -> int:
    import jieba

    return sum(len(list(jieba.cut(Path(path).read_text(encoding="utf-8")))) for path in paths)


def jieba_alone(folder: Path) -> float:
    """Return the seconds that jieba takes to cut all files in two processes."""
    paths = [file.path for file in find([folder])[0]]
    started = time.perf_counter()
    with multiprocessing.Pool(2) as pool:
        pool.map(_cut, [paths[0::2], paths[1::2]])
    return round(time.perf_counter() - started, 2)


def questions(data: Path, folder: Path) -> list[str]:
    """Return 300 real questions on other matters, and 300 short sentences of the news."""
    chance = random.Random(0)
    drcd = json.loads((data / "drcd_dev.json").read_text(encoding="utf-8"))["data"]
    asked = [qa["question"] for article in drcd for paragraph in article["paragraphs"] for qa in paragraph["qas"]]
    files = [file.path for file in find([folder])[0]]
    short = []
    for path in chance.sample(files, min(len(files), 600)):
        text = Path(path).read_text(encoding="utf-8").split("正文：", 1)[-1]
        if fitting := [one for one in text.split("。") if 10 <= len(one) <= 30]:
            short.append(chance.choice(fitting))
    found = chance.sample(asked, 300) + short[:300]
    chance.shuffle(found)
    return found


def warm(index: Path, asked: Sequence[str]) -> dict[str, float]:
    """Ask a quarter of the questions to warm up and the others, each new, by the clock."""
    with closing(Assistant.open(index)) as assistant:
        times = []
        for number, question in enumerate(asked):
            started = time.perf_counter()
            assistant.ask(question)
            times += [1000 * (time.perf_counter() - started)] if number >= len(asked) // 4 else []
    return spread(times)


def spread(times: Sequence[float]) -> dict[str, float]:
    """Return median and 99th percentile of milliseconds."""
    return {
        "median ms": round(statistics.median(times), 2),
        "99th percentile ms": round(statistics.quantiles(times, n=100)[98], 2),
    }


def cold(index: Path, runs: int = 7) -> dict[str, float]:
    """Ask in processes of their own, over this index and over the shipped documents in turn; return the medians."""
    question = "PyTorch 1.0 和 Caffe2 什么关系"
    times: dict[str, list[float]] = {"this": [], "shipped": []}
    for round_number in range(runs + 1):
        for name, more in (("this", ["--index", str(index)]), ("shipped", [])):
            took = timed([*CLI, "ask", question, *more])["s"]
            times[name] += [took] if round_number else []
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {
        "s": round(medians["this"], 3),
        "shipped s": round(medians["shipped"], 3),
        "ratio": round(medians["this"] / medians["shipped"], 3),
    }


def size(index: Path, folder: Path) -> dict[str, float]:
    """Return the bytes of one generation, by its parts, and as a share of the texts in UTF-8."""
    generation = Store(index).current()
    text = sum(file.size for file in find([folder])[0])
    kinds: dict[str, int] = {}
    for path in generation.rglob("*"):
        if path.is_file():
            name = path.relative_to(generation).parts[0]
            kinds[name] = kinds.get(name, 0) + path.stat().st_size
    whole = sum(kinds.values())
    mb = {name: round(count / 1e6, 1) for name, count in sorted(kinds.items()) if count > 1e5}
    return {"MB": round(whole / 1e6, 1), "text MB": round(text / 1e6, 1), "ratio": round(whole / text, 3), **mb}


def one_changed(folder: Path, index: Path) -> dict[str, float]:
    """Change one article and build again."""
    files = find([folder])[0]
    path = Path(files[len(files) // 2].path)
    path.write_text(path.read_text(encoding="utf-8") + "补充一句：雪豹队赢了。\n", encoding="utf-8")
    return timed([*CLI, "build", "--index", index])


def while_building(folder: Path, index: Path, asked: Sequence[str]) -> dict[str, float]:
    """Ask while the index is built anew beside, again and again; every question must be answered."""
    quiet = warm(index, asked)
    stop = threading.Event()
    builds = []

    def build() -> None:
        while not stop.is_set():
            builds.append(timed([*CLI, "build", folder, "--index", index.with_name("beside.index")]))
            shutil.rmtree(index.with_name("beside.index"))

    thread = threading.Thread(target=build)
    thread.start()
    time.sleep(5)
    try:
        busy = warm(index, asked)
    finally:
        stop.set()
        thread.join()
    ratio = busy["median ms"] / quiet["median ms"]
    return {**busy, "quiet median ms": quiet["median ms"], "ratio": round(ratio, 2), "failed": 0, "builds": len(builds)}


def grown(data: Path, work: Path, passages: int) -> dict[str, object]:
    """Build an index of about so many passages, and measure it."""
    folder, index = work / f"files-{passages}", work / f"{passages}.index"
    count = round(passages / ARTICLE)
    if not folder.exists():
        unpack(data, folder, count)
        time.sleep(3)  # what was just written is read again at the next build
    shutil.rmtree(index, ignore_errors=True)
    built = timed([*CLI, "build", folder, "--index", index])
    asked = questions(data, folder)
    return {
        "articles": count,
        "passages": Store(index).manifest().passages,
        "build": built,
        "nothing changed": timed([*CLI, "build", "--index", index]),
        "one article changed": one_changed(folder, index),
        "warm": warm(index, asked),
        "cold": cold(index, runs=5),
        "size": size(index, folder),
    }


def figures(data: Path, work: Path) -> dict[str, object]:
    """Measure the index of the whole news, beside jieba alone."""
    folder, index = work / "news", work / "news.index"
    if not folder.exists():
        unpack(data, folder, 63_668)
        time.sleep(3)
    jieba, built = [], []
    for _ in range(2):  # in turn, so that noise hits both alike
        jieba.append(jieba_alone(folder))
        shutil.rmtree(index, ignore_errors=True)
        built.append(timed([*CLI, "build", folder, "--index", index]))
    asked = questions(data, folder)
    fastest = min(one["s"] for one in built)
    return {
        "passages": Store(index).manifest().passages,
        "jieba alone, two processes, s": jieba,
        "build": built,
        "build / jieba alone": round(fastest / min(jieba), 3),
        "one article changed": [one_changed(folder, index) for _ in range(3)],
        "warm": warm(index, asked),
        "cold": cold(index),
        "size": size(index, folder),
        "while building": while_building(folder, index, asked),
    }


def plot(growth: Sequence[dict[str, object]], path: Path) -> None:
    """Draw how each measure grows with the passages."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    lines = {
        "build, s": ("build", "s"),
        "build, MB of memory": ("build", "MB"),
        "one article changed, s": ("one article changed", "s"),
        "cold question, s": ("cold", "s"),
        "warm question, median ms": ("warm", "median ms"),
        "warm question, 99th percentile ms": ("warm", "99th percentile ms"),
        "index, MB": ("size", "MB"),
    }
    figure, axes = pyplot.subplots(figsize=(8, 5.5))
    passages = [one["passages"] for one in growth]
    for label, (measure, unit) in lines.items():
        axes.loglog(passages, [one[measure][unit] for one in growth], marker="o", label=label)  # type: ignore[index]
    axes.set_xlabel("passages")
    axes.grid(visible=True, which="both", alpha=0.25)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Measure, print and keep the numbers, and draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds news.txt.xz and drcd_dev.json")
    parser.add_argument("work", type=Path, help="folder for files and indexes")
    parser.add_argument("--passages", type=int, nargs="*", default=[])
    parser.add_argument("--figures", action="store_true")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    os.environ["ASSISTANT_HOME"] = str(options.work / "home")
    kept = RESULTS / "scale.json"
    results = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {"figures": {}, "growth": {}}
    if options.figures:
        results["figures"] = figures(options.data, options.work)
    for passages in options.passages:
        results["growth"][str(passages)] = grown(options.data, options.work, passages)
        kept.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    text = json.dumps(results, ensure_ascii=False, indent=1)
    kept.write_text(text + "\n", encoding="utf-8")
    if growth := sorted(results["growth"].values(), key=lambda one: one["passages"]):
        plot(growth, RESULTS / "scale.svg")
    print(text)


if __name__ == "__main__":
    main()
