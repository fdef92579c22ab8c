"""Where settings come from: python -m benchmarks.storage DATA WORK [segmentation vectors blocks parts].

Over the whole news (DATA/news.txt.xz), unpacked under WORK. Segmentation: how many runs of Chinese characters jieba in
Rust cuts otherwise than jieba, and how much faster. Vectors: recall@10 against the exact vectors and milliseconds a
question, by how they are stored. Blocks: bytes of the texts and time to unpack one. Parts: size of the lexical index,
time of a search, and seconds of an update, by the size of a part.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.scale import questions, unpack
from corpus.bulk import BulkSegmenter
from corpus.document import Document
from corpus.finding import find
from corpus.lexicon import SHIPPED, Lexicon
from corpus.reading import Reader
from corpus.splitting import split
from corpus.words import Segmenter
from index import embedding, parts, updating
from index.dense import DenseIndex, Kind
from index.embedding import StaticModel
from index.store import Store

RESULTS = Path(__file__).with_name("results")


def documents(folder: Path, most: int | None = None) -> Iterator[Document]:
    """Yield the articles."""
    reader = Reader()
    for file in find([folder])[0][:most]:
        found = reader.read(file)
        if isinstance(found, Document):
            yield found


def segmentation(folder: Path, segmenter: Segmenter) -> dict[str, float]:
    """Compare every run of Chinese characters."""
    bulk = BulkSegmenter(segmenter)
    runs = differing = 0
    slow = fast = 0.0
    for document in documents(folder):
        started = time.process_time()
        cut = bulk.cut(document.text)
        fast += time.process_time() - started
        started = time.process_time()
        words = [word for run in cut.han for word in segmenter.cut_run(run)]
        slow += time.process_time() - started
        runs += len(cut.han)
        if words != cut.words:
            differing += sum(bulk.cut(run).words != segmenter.cut_run(run) for run in cut.han)
    return {"runs": runs, "differing": differing, "jieba s": round(slow, 1), "bulk, with folding, s": round(fast, 1)}


def vectors(folder: Path, data: Path, model: StaticModel, bulk: BulkSegmenter) -> dict[str, dict[str, float]]:
    """Compare the ways to store vectors; passages of the same cosine count as found, since articles repeat."""
    terms = [bulk.cut(passage.text).embedding_terms() for one in documents(folder) for passage in split(one)]
    every = np.concatenate([model.encode_terms(terms[at : at + 4096]) for at in range(0, len(terms), 4096)])
    asked = [model.encode_question(question) for question in questions(data, folder)]
    results: dict[str, dict[str, float]] = {}
    for kind in Kind:
        index = DenseIndex.from_vectors(every, kind)
        times, recalls = [], []
        for vector in asked:
            started = time.perf_counter()
            numbers, _ = index.search(vector, 10)
            times.append(1000 * (time.perf_counter() - started))
            exact = np.sort(every @ vector)[-10:]
            recalls.append(np.mean(every[numbers] @ vector >= exact[0] - 1e-6))
        results[kind.value] = {
            "recall@10": round(float(np.mean(recalls)), 4),
            "median ms": round(statistics.median(times), 2),
            "bytes": index.codes(0, 1).shape[1],
        }
    return {"passages": {"n": len(every)}, **results}


def blocks(folder: Path) -> dict[str, dict[str, float]]:
    """Compare encodings and sizes of blocks, on 6,000 articles."""
    text = "".join(document.text for document in documents(folder, 6000))
    results = {}
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        for size in (1 << 10, 8 << 10, 16 << 10, 64 << 10):
            stream = text.encode(encoding)
            packed = [zlib.compress(stream[at : at + size], 6) for at in range(0, len(stream), size)]
            started = time.perf_counter()
            for block in packed[:200]:
                zlib.decompress(block)
            spent = (time.perf_counter() - started) / len(packed[:200])
            ratio = sum(map(len, packed)) / len(text.encode())
            results[f"{encoding} {size}"] = {"share": round(ratio, 3), "unpack microseconds": round(1e6 * spent, 1)}
    return results


def part_sizes(folder: Path, data: Path, work: Path, segmenter: Segmenter) -> dict[str, dict[str, float]]:
    """Build the news in parts of several sizes."""
    model = embedding.load(None, segmenter)
    results = {}
    usual = parts.SIZE
    for megabytes in (2, 5, 10, 20):
        parts.SIZE = megabytes << 20  # the plan is made in this process
        index = work / "parts.index"
        shutil.rmtree(index, ignore_errors=True)
        store = Store(index)

        def build(store: Store = store) -> float:
            started = time.perf_counter()
            with store.writing():
                updating.build(store, [folder], segmenter, model)
            return round(time.perf_counter() - started, 2)

        whole = build()
        changed = [_changed(folder, build) for _ in range(3)]
        generation = store.current()
        manifest = store.manifest()
        with closing(store.open(segmenter, model).searcher) as searcher:
            times = []
            for question in questions(data, folder):
                words = segmenter.words(question)
                terms = {term: 1.0 for word in words for term in (word.folded, *word.folded)}
                started = time.perf_counter()
                searcher._lexical.search(terms, 50)
                times.append(1000 * (time.perf_counter() - started))
        results[f"{megabytes} MB"] = {
            "parts": len(manifest.parts),
            "lexical MB": round(sum(path.stat().st_size for path in (generation / "lexical").iterdir()) / 1e6, 1),
            "lexical search, median ms": round(statistics.median(times), 2),
            "build s": whole,
            "one article changed, median s": statistics.median(changed),
        }
    parts.SIZE = usual
    return results


def _changed(folder: Path, build: Callable[[], float]) -> float:
    files = find([folder])[0]
    path = Path(random.Random().choice(files).path)
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "补充一句。\n", encoding="utf-8")
    spent = build()
    path.write_text(before, encoding="utf-8")
    build()
    return spent


def main() -> None:
    """Measure, print and keep the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds news.txt.xz and drcd_dev.json")
    parser.add_argument("work", type=Path, help="folder for files and indexes")
    parser.add_argument("what", nargs="*", default=["segmentation", "vectors", "blocks", "parts"])
    options = parser.parse_args()
    folder = options.work / "news"
    if not folder.exists():
        unpack(options.data, folder, 63_668)
        time.sleep(3)
    with tempfile.TemporaryDirectory() as cache:
        segmenter = Segmenter(Lexicon.load(SHIPPED), cache=Path(cache))
        measures: dict[str, Callable[[], object]] = {
            "segmentation": lambda: segmentation(folder, segmenter),
            "vectors": lambda: vectors(
                folder, options.data, StaticModel.load(embedding.SHIPPED, segmenter), BulkSegmenter(segmenter)
            ),
            "blocks": lambda: blocks(folder),
            "parts": lambda: part_sizes(folder, options.data, options.work, segmenter),
        }
        kept = RESULTS / "storage.json"
        results = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        results |= {name: measures[name]() for name in options.what}
    text = json.dumps(results, ensure_ascii=False, indent=1)
    kept.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
