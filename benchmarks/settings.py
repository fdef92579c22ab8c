"""What the defaults were chosen by: python -m benchmarks.settings DATA.

Each default is varied alone, the others as shipped. Recall@1 of the paragraph on CMRC trial and DRCD dev (their first
1,000 questions in a fixed random order), and of a passage that holds an accepted answer on the tuned half of the
project's own questions.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import assistant.assistant
import assistant.ranking.ranking
import assistant.understanding.question
import index.search
from assistant.ranking.ranking import Ranker, rerank
from assistant.settings import DOCUMENTS
from assistant.understanding.question import Question
from benchmarks.questions import Case, load
from corpus.document import Document, Passage, Section
from corpus.reading import read
from corpus.splitting import PASSAGE_LENGTH, split
from corpus.words import Segmenter, Word, is_han, search_terms
from index import embedding, updating
from index.lexical import LexicalIndex, LexicalWriter
from index.search import Hit
from index.store import Store
from training.squad import QuestionSet, make_segmenter

RESULTS = Path(__file__).with_name("results") / "settings.json"
SAMPLE = 1000


@dataclass(frozen=True, slots=True)
class Task:
    """Questions over documents; `right` tells whether a passage is the one that was looked for."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[tuple[str, Callable[[Passage], bool]], ...]


def tasks(data: Path) -> list[Task]:
    """Return the two public sets and the project's own."""
    found = []
    for name in ("cmrc_trial", "drcd_dev"):
        source = QuestionSet.load(data, name)
        documents = tuple(
            Document(id, "", text, (Section((), 0, len(text)),)) for id, text in source.paragraphs.items()
        )
        asked = random.Random(0).sample(source.questions, min(SAMPLE, len(source.questions)))
        found.append(Task(name, documents, tuple((one.question, _from(one.document)) for one in asked)))
    own = [one for one in load() if one.split == "tune" and one.answers and len(one.turns) == 1]
    found.append(Task("own", read([DOCUMENTS]).documents, tuple((one.turns[0], _holding(one)) for one in own)))
    return found


def _from(document: str) -> Callable[[Passage], bool]:
    return lambda passage: passage.document == document


def _holding(asked: Case) -> Callable[[Passage], bool]:
    return lambda passage: asked.answered_by(passage.text)


def _kinds(words: Sequence[Word]) -> dict[str, list[str]]:
    """Return the terms of `search_terms` by kind."""
    whole = [word.folded for word in words]
    single = [term for word in words if is_han(word.folded) for term in word.folded]
    every = search_terms(words)
    return {
        "words": whole,
        "pairs": [term for term in every if len(term) == 2 and is_han(term)] + [w for w in whole if not is_han(w)],
        "characters": single,
        "all": every,
    }


TERMS = {
    "jieba's words": ("words",),
    "character pairs": ("pairs",),
    "words and pairs": ("words", "pairs"),
    "pairs and characters": ("pairs", "characters"),
    "all, as shipped": ("all",),
}


def terms(task: Task, segmenter: Segmenter, kinds: Sequence[str], length: int) -> float:
    """Return recall@1 of BM25 over the given kinds of terms, all terms of a question weighing the same."""

    def choose(text: str) -> list[str]:
        found = _kinds(segmenter.words(text))
        return [term for kind in kinds for term in found[kind]]

    passages = [passage for document in task.documents for passage in split(document, length=length)]
    with tempfile.TemporaryDirectory() as place:
        writer = LexicalWriter(Path(place), "00000000")
        for passage in passages:
            writer.add(choose(passage.text))
        writer.finish()
        lexical = LexicalIndex.load(Path(place), {"00000000": 0})
        right = 0
        for question, is_right in task.questions:
            numbers, _ = lexical.search(dict.fromkeys(choose(question), 1.0), 1)
            right += bool(len(numbers)) and is_right(passages[numbers[0]])
        lexical.close()
    return round(100 * right / len(task.questions), 2)


@contextmanager
def setting(module: ModuleType, name: str, value: float) -> Iterator[None]:
    """Run with another value of a module's constant."""
    shipped = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, shipped)


VARIED: tuple[tuple[ModuleType, str, tuple[float, ...]], ...] = (
    (assistant.understanding.question, "FUNCTION_WEIGHT", (0.0, 0.2, 0.35, 0.5, 1.0)),
    (assistant.understanding.question, "RARITY_POWER", (0.0, 1.0, 2.0)),
    (assistant.understanding.question, "SYNONYM_WEIGHT", (1.0, 0.5, 0.3, 0.15)),
    (index.search, "DENSE_WEIGHT", (0.0, 0.1, 0.2, 0.4, 0.6, 0.8)),
    (assistant.ranking.ranking, "SENTENCE_WEIGHT", (0.0, 0.5, 1.0, 2.0, 4.0)),
    (assistant.ranking.ranking, "ALIKE_WEIGHT", (0.0, 0.5, 1.0, 2.0)),
    (assistant.ranking.ranking, "OFF_TOPIC", (1.0, 0.3, 0.1)),
    (assistant.ranking.ranking, "LOOKED_AT", (12, 16, 24)),
    (assistant.assistant, "PASSAGES", (4, 8, 12, 16)),
)


def whole_way(task: Task, segmenter: Segmenter, store: Store) -> float:
    """Return recall@1 after search, sentence ranking and reranking."""
    searcher = store.open(segmenter, embedding.load(None, segmenter)).searcher
    ranker = Ranker.load()
    right = 0
    for text, is_right in task.questions:
        question = Question.read(text, segmenter)
        found: list[Hit] = searcher.search(question.query, k=assistant.assistant.PASSAGES)
        hits = rerank(found, ranker.rank(question, found, searcher))
        right += bool(hits) and is_right(hits[0].passage)
    searcher.close()
    return round(100 * right / len(task.questions), 2)


def main() -> None:
    """Measure every variation, print the numbers and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds cmrc_trial.json and drcd_dev.json")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="vary these constants alone, keep the other numbers")
    options = parser.parse_args()
    segmenter = make_segmenter()
    every = tasks(options.data)
    result: dict[str, dict[str, dict[str, float]]] = {"terms": {}, "passage length": {}}
    if options.only:
        result = json.loads(RESULTS.read_text(encoding="utf-8"))
        result |= {name: {} for name in options.only}
    for name, kinds in TERMS.items() if not options.only else ():
        result["terms"][name] = {task.name: terms(task, segmenter, kinds, PASSAGE_LENGTH) for task in every}
    for length in (200, 400, 600, 1000) if not options.only else ():
        result["passage length"][str(length)] = {task.name: terms(task, segmenter, ("all",), length) for task in every}
    for task in every:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "documents")
            for document in task.documents:
                path = folder / document.id
                path.parent.mkdir(parents=True, exist_ok=True)
                shipped = DOCUMENTS / document.id
                path.write_text(document.text if task.name != "own" else shipped.read_text("utf-8"), "utf-8")
            store = Store(Path(place, "index"))
            with store.writing():
                updating.build(store, [folder], segmenter, embedding.load(None, segmenter))
            for module, name, values in VARIED:
                for value in values if not options.only or name in options.only else ():
                    with setting(module, name, value):
                        score = whole_way(task, segmenter, store)
                    result.setdefault(name, {}).setdefault(str(value), {})[task.name] = score
    text = json.dumps(result, ensure_ascii=False, indent=1)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    for name, values in result.items():
        print(name)
        for value, scores in values.items():
            print(f"  {value:24}", "  ".join(f"{task} {score:6.2f}" for task, score in scores.items()))


if __name__ == "__main__":
    main()
