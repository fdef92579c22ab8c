"""Question sets and indexes over their paragraphs: the common ground of training and benchmarks."""

from __future__ import annotations

import json
import lzma
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.asked import plain
from assistant.ranking.likeness import shared_run
from assistant.settings import Settings
from corpus.lexicon import SHIPPED, Lexicon
from corpus.splitting import sentences
from corpus.words import Segmenter
from index import embedding, updating
from index.search import Searcher
from index.store import Store

QUESTIONS = Path(__file__).with_name("questions.jsonl")
_DEFINES = re.compile(
    r"([^，。、（(：「《\s是为]{2,12})(?:[（(][^）)]*[）)])?(?:，[^，。]{1,12}，)?(?:是|指)(?![否由因在])"
)
_ASKED_OF = ("{}是什么？", "{}是什么", "什么是{}", "{}是啥", "介绍一下{}", "{}是干什么的", "说说{}", "{}")
HALF = 0.5  # a right sentence holds this share of an answer: some answers span two sentences


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set, the paragraph that answers it, and the strings that count as an answer."""

    question: str
    document: str
    article: str
    answers: tuple[str, ...]  # () where no document answers

    def answered_by(self, text: str) -> bool:
        """Tell whether `text` holds an accepted answer; white space, script, width and case do not count."""
        return self.share_of_answer(text) == 1.0

    def share_of_answer(self, text: str) -> float:
        """Return the longest run of an accepted answer that `text` holds, as a share of that answer."""
        held = plain(text)
        return max((shared_run(plain(answer), held) for answer in self.answers), default=0.0)

    def right(self, document: str, text: str) -> bool:
        """Tell whether a sentence is right: of the answering document, and half an answer or a part of one."""
        if document != self.document:
            return False
        held = plain(text)
        return self.share_of_answer(text) >= HALF or any(held in plain(answer) for answer in self.answers)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Paragraphs by document id, and the questions on them; questions without words are left out."""

    name: str
    paragraphs: dict[str, str]
    questions: tuple[Asked, ...]

    @classmethod
    def load(cls, folder: Path, name: str) -> QuestionSet:
        """Read `folder/name.json`; exits with a message where it is missing."""
        path = folder / f"{name}.json"
        if not path.is_file():
            sys.exit(f"{path} is missing: give the folder that holds {name}.json")
        paragraphs: dict[str, str] = {}
        questions: list[Asked] = []
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                document = f"{len(paragraphs):05d}.txt"
                paragraphs[document] = paragraph["context"]
                for asked in paragraph["qas"]:
                    answers = tuple(dict.fromkeys(answer["text"] for answer in asked["answers"]))
                    if asked["question"].strip():
                        questions.append(Asked(asked["question"], document, article["title"], answers))
        return cls(name, paragraphs, tuple(questions))

    @classmethod
    def news(cls, folder: Path, *, others: int = 1500) -> QuestionSet:
        """Read training/questions.jsonl, on articles of `folder/news.txt.xz`, and add articles without questions."""
        path = folder / "news.txt.xz"
        if not path.is_file():
            sys.exit(f"{path} is missing: give the folder that holds news.txt.xz")
        lines = lzma.decompress(path.read_bytes()).decode().split("\n")
        entries = list(map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines()))
        asked_on = {entry["article"] for entry in entries}
        rest = random.Random(0).sample([n for n, line in enumerate(lines) if line and n not in asked_on], others)
        paragraphs = {f"{number:05d}.txt": lines[number] for number in [*sorted(asked_on), *rest]}
        questions = [
            Asked(
                entry["question"],
                f"{entry['article']:05d}.txt",
                str(entry["article"]),
                (entry["sentence"],) if entry["sentence"] else (),
            )
            for entry in entries
        ]
        return cls("news", paragraphs, tuple(questions))

    def definitions(self, *, seed: int) -> QuestionSet:
        """Ask, in a user's few words, what the things are that a sentence at a paragraph's start defines: the public
        sets hardly ask so.
        """
        rng, found = random.Random(seed), []
        articles = {asked.document: asked.article for asked in self.questions}
        for document, text in self.paragraphs.items():
            start, end = sentences(text)[0] if text.strip() else (0, 0)
            if (defines := _DEFINES.match(text[start:end])) and document in articles:
                question = rng.choice(_ASKED_OF).format(defines[1])
                found.append(Asked(question, document, articles[document], (text[start:end].strip(),)))
        return QuestionSet(self.name, self.paragraphs, tuple(found))

    def odd_articles(self) -> frozenset[str]:
        """Return every second article, from the second on: the half that benchmarks/spans.py chose nothing by."""
        return frozenset(list(dict.fromkeys(asked.article for asked in self.questions))[1::2])

    def half(self, seed: int) -> frozenset[str]:
        """Return a random half of the paragraphs' ids."""
        return frozenset(random.Random(seed).sample(sorted(self.paragraphs), len(self.paragraphs) // 2))


@contextmanager
def indexed(paragraphs: dict[str, str]) -> Iterator[Path]:
    """Build an index over paragraphs, a file each, in a temporary folder, and yield the index's folder."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "documents")
        folder.mkdir()
        for name, text in paragraphs.items():
            (folder / name).write_text(text, encoding="utf-8")
        segmenter = make_segmenter()
        store = Store(Path(place, "index"))
        with store.writing():
            updating.build(store, [folder], segmenter, embedding.load(None, segmenter))
        yield store.folder


def make_segmenter() -> Segmenter:
    """Return the segmenter with the shipped language pack alone."""
    return Segmenter(Lexicon.load(SHIPPED), cache=Settings.from_environment().cache)


def searcher(folder: Path, segmenter: Segmenter) -> Searcher:
    """Open the index in `folder`."""
    return Store(folder).open(segmenter, embedding.load(None, segmenter)).searcher


def calibration_curve(confidence: np.ndarray, correct: np.ndarray, bins: int = 10) -> list[tuple[float, float, int]]:
    """Return the mean confidence, the share of right ones and how many there are, for each bin that holds any."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        (
            float(confidence[places == place].mean()),
            float(correct[places == place].mean()),
            int((places == place).sum()),
        )
        for place in range(bins)
        if (places == place).any()
    ]


def calibration_error(confidence: np.ndarray, correct: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width (Guo et al. 2017)."""
    curve = calibration_curve(confidence, correct, bins)
    return sum(abs(mean - share) * count for mean, share, count in curve) / len(confidence)
