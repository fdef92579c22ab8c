"""One engine over texts and questions, in a process of its own: python peer_worker.py ENGINE JOB OUTCOME.

JOB is JSON, {"texts": [..], "questions": [..]}; OUTCOME gets seconds, megabytes and what was found. A peer's own Python
runs its engine, so only `yinju` imports this project. An engine is written as its users would use it, in three steps
that are timed apart: call it (import), enter what it returns (build), ask.
"""

from __future__ import annotations

import json
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

TOP = 5


class Found(NamedTuple):
    """The numbers of the texts found, best first, and the first sentence with its text's number, if it names one."""

    texts: list[int]
    sentence: tuple[int, str] | None = None


Ask = Callable[[str], Found]
Build = Callable[[Sequence[str]], AbstractContextManager[Ask]]


def yinju() -> Build:
    """Make this project's assistant over one file a text."""
    from assistant import Assistant
    from training.squad import indexed

    @contextmanager
    def build(texts: Sequence[str]) -> Iterator[Ask]:
        with indexed({f"{number:05d}.txt": text for number, text in enumerate(texts)}) as folder:
            assistant = Assistant.open(folder)

            def ask(question: str) -> Found:
                answer = assistant.ask(question, top=TOP)
                found = list(dict.fromkeys(int(Path(hit.passage.document).stem) for hit in answer.hits))
                best = answer.candidates[:1]
                return Found(found, (int(Path(best[0].document).stem), best[0].text) if best else None)

            yield ask
            assistant.close()

    return build


def rank_bm25() -> Build:
    """Make rank_bm25's Okapi over the words that jieba cuts for search."""
    import jieba
    from rank_bm25 import BM25Okapi

    @contextmanager
    def build(texts: Sequence[str]) -> Iterator[Ask]:
        index = BM25Okapi([jieba.lcut_for_search(text) for text in texts])
        numbers = list(range(len(texts)))
        yield lambda question: Found(index.get_top_n(jieba.lcut_for_search(question), numbers, n=TOP))

    return build


def haystack() -> Build:
    """Make Haystack's BM25 in memory as it comes: since its version 3, a Chinese character is a token."""
    return _haystack(lambda text: text, {})


def haystack_jieba() -> Build:
    """Make Haystack's BM25 in memory over jieba's words; its default pattern would part them into characters again."""
    return _haystack(_cutter(), {"bm25_tokenization_regex": r"(?u)\b\w+\b"})


def _haystack(cut: Callable[[str], str], options: dict[str, str]) -> Build:
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    @contextmanager
    def build(texts: Sequence[str]) -> Iterator[Ask]:
        store = InMemoryDocumentStore(**options)
        store.write_documents([Document(id=str(number), content=cut(text)) for number, text in enumerate(texts)])
        retriever = InMemoryBM25Retriever(document_store=store, top_k=TOP)
        yield lambda question: Found([int(found.id) for found in retriever.run(query=cut(question))["documents"]])

    return build


def txtai() -> Build:
    """Make txtai's keyword index as it comes: a Chinese character is a token."""
    return _txtai(lambda text: text, {"keyword": True})


def txtai_jieba() -> Build:
    """Make txtai's keyword index over jieba's words; its default tokenizer would part them into characters again."""
    scoring = {"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"regexp": r"\w+"}}
    return _txtai(_cutter(), {"keyword": True, "scoring": scoring})


def _txtai(cut: Callable[[str], str], config: dict[str, object]) -> Build:
    from txtai import Embeddings

    @contextmanager
    def build(texts: Sequence[str]) -> Iterator[Ask]:
        embeddings = Embeddings(config)
        embeddings.index((number, cut(text), None) for number, text in enumerate(texts))
        yield lambda question: Found([number for number, _ in embeddings.search(cut(question), TOP)])
        embeddings.close()

    return build


def llama_index() -> Build:
    """Make LlamaIndex's BM25 retriever as it comes, for English."""
    return _llama_index(lambda text: text, {})


def llama_index_jieba() -> Build:
    """Make LlamaIndex's BM25 retriever over jieba's words, put into the text: a tokenizer given to it is ignored."""
    return _llama_index(_cutter(), {"token_pattern": r"(?u)\b\w+\b", "skip_stemming": True, "language": "zh"})


def _llama_index(cut: Callable[[str], str], options: dict[str, object]) -> Build:
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    @contextmanager
    def build(texts: Sequence[str]) -> Iterator[Ask]:
        nodes = [TextNode(id_=str(number), text=cut(text)) for number, text in enumerate(texts)]
        retriever = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=TOP, **options)
        yield lambda question: Found([int(found.node.node_id) for found in retriever.retrieve(cut(question))])

    return build


def whoosh() -> Build:
    """Make a Whoosh index with jieba's analyzer for it; the question's words are joined by OR."""
    from jieba.analyse import ChineseAnalyzer
    from whoosh.fields import NUMERIC, TEXT, Schema
    from whoosh.index import create_in
    from whoosh.qparser import OrGroup, QueryParser, WhitespacePlugin

    @contextmanager
    def build(texts: Sequence[str]) -> Iterator[Ask]:
        schema = Schema(number=NUMERIC(stored=True), text=TEXT(analyzer=ChineseAnalyzer()))
        with TemporaryDirectory() as folder:
            index = create_in(folder, schema)
            writer = index.writer()
            for number, text in enumerate(texts):
                writer.add_document(number=number, text=text)
            writer.commit()
            # without the operators, since a question's ? and * are no wildcards
            parser = QueryParser("text", schema, plugins=[WhitespacePlugin()], group=OrGroup)
            with index.searcher() as searcher:
                yield lambda question: Found(
                    [hit["number"] for hit in searcher.search(parser.parse(question), limit=TOP)]
                )
            index.close()

    return build


def sqlite() -> Build:
    """Make an FTS5 table of trigrams; the question's trigrams are joined by OR."""
    import sqlite3

    @contextmanager
    def build(texts: Sequence[str]) -> Iterator[Ask]:
        with TemporaryDirectory() as folder:
            base = sqlite3.connect(Path(folder, "texts.db"))
            base.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'trigram')")
            base.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", enumerate(texts))
            base.commit()

            def ask(question: str) -> Found:
                trigrams = dict.fromkeys(question[place : place + 3] for place in range(len(question) - 2))
                match = " OR ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams)
                query = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT ?"
                return Found([number for (number,) in base.execute(query, (match, TOP))] if match else [])

            yield ask
            base.close()

    return build


def _cutter() -> Callable[[str], str]:
    """Return what puts spaces between jieba's words."""
    import jieba

    return lambda text: " ".join(jieba.cut_for_search(text))


def measure(engine: Callable[[], Build], texts: Sequence[str], questions: Sequence[str]) -> dict[str, object]:
    """Import, build and ask, and return how long each took, how much memory, and what was found."""
    started = time.perf_counter()
    build = engine()
    imported = time.perf_counter()
    with build(texts) as ask:
        built = time.perf_counter()
        found: list[Found] = []
        milliseconds: list[float] = []
        for question in questions:
            asked = time.perf_counter()
            found.append(ask(question))
            milliseconds.append(1000 * (time.perf_counter() - asked))
        megabytes = peak_megabytes()
    return {
        "import s": imported - started,
        "build s": built - imported,
        "median ms": statistics.median(milliseconds),
        "peak MB": megabytes,
        "found": found,
    }


def peak_megabytes() -> float:
    """Return the most memory that this process has held."""
    status = Path("/proc/self/status")
    if status.is_file():  # Linux, where ru_maxrss starts from what the process held that started this one
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)  # macOS, in bytes


ENGINES: dict[str, Callable[[], Build]] = {
    engine.__name__: engine
    for engine in (
        yinju,
        rank_bm25,
        haystack,
        haystack_jieba,
        txtai,
        txtai_jieba,
        llama_index,
        llama_index_jieba,
        whoosh,
        sqlite,
    )
}


def main() -> None:
    """Run the engine named first on the command line."""
    name, job, outcome = sys.argv[1:]
    given = json.loads(Path(job).read_text(encoding="utf-8"))
    result = measure(ENGINES[name], given["texts"], given["questions"])
    Path(outcome).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
