"""Trains the shipped embedding model from nothing on Chinese news: `python -m training.embedding DATA`."""

from __future__ import annotations

import argparse
import json
import lzma
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
import tantivy
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from corpus.document import Document, Section
from corpus.lexicon import SHIPPED, Lexicon
from corpus.splitting import sentences, split
from corpus.words import Segmenter, Word, embedding_terms, search_terms
from index.embedding import SPACE, VOCABULARY, WEIGHTS, StaticModel
from training.squad import QuestionSet

Ids = NDArray[np.int32]

ROOT = Path(__file__).parent.parent
MODEL = ROOT / "index" / "model"
RESULTS = ROOT / "benchmarks" / "results"
CACHE = Path(tempfile.gettempdir()) / "yinju-training"
NEEDED = [
    "news.txt.xz",
    "drcd_dev.json",
    "cmrc_trial.json",
    "bustm_dev.jsonl",
    "bustm_test.jsonl",
    "simclue_pairs.jsonl",
]
LIBRARIES = ["jieba", "marisa-trie", "numpy", "sentence-transformers", "tantivy", "tokenizers", "torch"]
NAME = "yinju-news"
UNKNOWN = "[UNK]"
CUTTERS = 2  # processes
_HEADER = re.compile(r"^.{0,80}?，正文：")


# --- the news as numbers ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class News:
    """The articles cut once: word types by number, and where sentences and articles begin."""

    types: list[str]
    words: Ids  # every word of every sentence, as a number of `types`
    sentence: NDArray[np.int64]  # sentence i is words[sentence[i]:sentence[i + 1]]
    article: NDArray[np.int64]  # article i is sentence article[i] .. article[i + 1] - 1


_cutter: Segmenter


def _start_cutter() -> None:
    global _cutter
    _cutter = Segmenter(Lexicon.load(SHIPPED))


def _cut(articles: tuple[str, ...]) -> tuple[list[str], Ids, list[int], list[int]]:
    """Return word types, word numbers, words per sentence, sentences per article."""
    numbers: dict[str, int] = {}
    words: list[int] = []
    lengths: list[int] = []
    counts: list[int] = []
    for article in articles:
        text = _HEADER.sub("", article)
        before = len(lengths)
        for start, end in sentences(text):
            cut = _cutter.words(text[start:end])
            if cut:
                words.extend(numbers.setdefault(word.folded, len(numbers)) for word in cut)
                lengths.append(len(cut))
        counts.append(len(lengths) - before)
    return list(numbers), np.array(words, dtype=np.int32), lengths, counts


def _batches(items: Iterator[str], size: int) -> Iterator[tuple[str, ...]]:
    while batch := tuple(islice(items, size)):  # itertools.batched comes with Python 3.12
        yield batch


def _articles(path: Path, limit: int | None) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from islice((line.strip() for line in lines), limit)


def cut_news(path: Path, *, cache: Path, limit: int | None = None) -> News:
    """Cut the news into sentences and words, or take them from `cache` if they were cut with the same segmenter."""
    fingerprint = Segmenter(Lexicon.load(SHIPPED)).fingerprint
    kept = cache / f"news-{fingerprint}-{limit or 'all'}.npz"
    if kept.is_file():
        with np.load(kept) as arrays:
            return News(str(arrays["types"]).split("\n"), arrays["words"], arrays["sentence"], arrays["article"])
    numbers: dict[str, int] = {}
    words: list[Ids] = []
    lengths: list[int] = []
    counts: list[int] = []
    with ProcessPoolExecutor(CUTTERS, initializer=_start_cutter) as pool:
        for types, part, sizes, sentences_each in pool.map(_cut, _batches(_articles(path, limit), 500)):
            renumber = np.array([numbers.setdefault(word, len(numbers)) for word in types], dtype=np.int32)
            words.append(renumber[part])
            lengths.extend(sizes)
            counts.extend(sentences_each)
    news = News(list(numbers), np.concatenate(words), _starts(lengths), _starts(counts))
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(
        kept, types=np.array("\n".join(news.types)), words=news.words, sentence=news.sentence, article=news.article
    )
    return news


def _starts(lengths: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


# --- terms -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """The vocabulary, most frequent first, and which of its terms each word type is made of."""

    names: list[str]
    counts: NDArray[np.int64]
    start: NDArray[np.int64]  # word type i is made of ids[start[i]:start[i + 1]]
    ids: Ids

    @classmethod
    def choose(cls, news: News, size: int) -> Terms:
        """Take the `size` most frequent terms of the news."""
        frequency = np.bincount(news.words, minlength=len(news.types))
        numbers: dict[str, int] = {}
        made_of = [
            [numbers.setdefault(term, len(numbers)) for term in embedding_terms([Word(word, 0, len(word))])]
            for word in news.types
        ]
        start, ids = _starts([len(terms) for terms in made_of]), np.concatenate(made_of)
        counts = np.bincount(ids, weights=np.repeat(frequency, np.diff(start))).astype(np.int64)
        best = np.argsort(-counts, kind="stable")[:size]
        rank = np.full(len(numbers), -1, dtype=np.int64)
        rank[best] = np.arange(len(best))
        ids = rank[ids]
        kept = np.bincount(np.repeat(np.arange(len(made_of)), np.diff(start)), weights=ids >= 0, minlength=len(made_of))
        names = list(numbers)
        return cls(
            [names[i] for i in best], counts[best], _starts(kept.astype(int).tolist()), ids[ids >= 0].astype(np.int32)
        )


def _spans(start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return start[0] .. start[0] + length[0] - 1, start[1] .., one after another."""
    ends = np.cumsum(length)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(start - ends + length, length)


# --- training --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    """What a training run is decided by."""

    vocabulary: int = 100_000
    dimension: int = 256
    steps: int = 1600
    batch: int = 2048
    per_article: int = 4  # pairs from one article: they are each other's hardest negatives
    temperature: float = 0.05
    rate: float = 0.005
    minutes: float = 60.0  # whichever of steps and minutes ends first; only a run that ends by steps is repeatable
    seed: int = 0
    threads: int = 2
    smoothing: float = 1e-3  # SIF: a term's first length is smoothing / (smoothing + its share of all terms)
    around: float = 0.45  # share of pairs: a sentence, and its surroundings without it
    within: float = 0.30  # share of pairs: some words of a sentence, and the passage it stands in
    lead: float = 0.10  # share of pairs: an article's first sentence, and a passage further on; the rest: neighbours
    window: int = 60  # words of a passage, at most
    left_out: tuple[int, ...] = ()  # articles that the sentence ranker learns on: it must see vectors of unseen texts


@dataclass(frozen=True)
class Bags:
    """Texts as bags of terms."""

    ids: NDArray[np.int64]
    start: NDArray[np.int64]


class Pairs:
    """Draws training pairs: questions and passages that belong together."""

    def __init__(self, news: News, terms: Terms, settings: Settings) -> None:
        self.news, self.terms, self.settings = news, terms, settings
        self.random = np.random.default_rng(settings.seed)
        self.owner = np.repeat(np.arange(len(news.article) - 1), np.diff(news.article))
        usable = np.diff(news.article) >= 3
        usable[list(settings.left_out)] = False
        self.long_enough = np.flatnonzero(usable)

    def draw(self) -> tuple[Bags, Bags, NDArray[np.bool_]]:
        """Return questions, passages, and where a passage holds another pair's question."""
        random, settings, news = self.random, self.settings, self.news
        articles = np.repeat(
            random.choice(self.long_enough, settings.batch // settings.per_article), settings.per_article
        )
        first, last = news.article[articles], news.article[articles + 1]
        kind = random.random(len(articles))
        is_around = kind < settings.around
        is_within = ~is_around & (kind < settings.around + settings.within)
        is_lead = ~is_around & ~is_within & (kind < settings.around + settings.within + settings.lead)
        is_next = ~(is_around | is_within | is_lead)
        question = first + (random.random(len(articles)) * (last - first)).astype(np.int64)
        question[is_lead] = first[is_lead]
        reach = random.integers(0, 3, len(articles))
        left = np.maximum(first, question - random.integers(0, reach + 1))
        right = np.minimum(last, question + 1 + reach)
        left[is_lead] = (
            first[is_lead] + 1 + (random.random(is_lead.sum()) * (last - first - 1)[is_lead]).astype(np.int64)
        )
        right[is_lead] = np.minimum(last, left + 3)[is_lead]
        after = is_next & (question + 1 < last)
        left[after], right[after] = question[after] + 1, question[after] + 2
        before = is_next & ~after
        left[before], right[before] = question[before] - 1, question[before]
        alone = is_around & (right - left == 1)  # nothing would be left without the question
        left, right = np.where(alone & (question > first), question - 1, left), np.where(alone, question + 1, right)
        right = np.where(alone & (question == first), question + 2, right)
        keep = np.where(is_within, random.uniform(0.3, 0.7, len(articles)), random.uniform(0.5, 1.0, len(articles)))
        questions = self._bags(question, question + 1, keep=keep)
        passages = self._bags(
            left, right, keep=random.uniform(0.6, 1.0, len(articles)), without=np.where(is_around, question, -1)
        )
        clash = (left[None, :] <= question[:, None]) & (question[:, None] < right[None, :])
        clash |= question[:, None] == question[None, :]
        np.fill_diagonal(clash, False)
        return questions, passages, clash

    def _bags(
        self,
        first: NDArray[np.int64],
        last: NDArray[np.int64],
        *,
        keep: NDArray[np.float64],
        without: NDArray[np.int64] | None = None,
    ) -> Bags:
        """Return the terms of the sentences first .. last - 1, each word kept with a chance."""
        news, terms, window = self.news, self.terms, self.settings.window
        begin, end = news.sentence[first], news.sentence[last]
        surplus = np.maximum(end - begin - window * 2, 0)
        begin = begin + (self.random.random(len(begin)) * surplus).astype(np.int64)
        length = np.minimum(end - begin, window * 2)
        place, bag = _spans(begin, length), np.repeat(np.arange(len(first)), length)
        chance = np.minimum(keep, window / np.maximum(length, 1))
        chosen = self.random.random(len(place)) < chance[bag]
        if without is not None:
            out = np.maximum(without, 0)
            inside = (place >= news.sentence[out][bag]) & (place < news.sentence[out + 1][bag])
            chosen &= ~(inside & (without >= 0)[bag])
        place, bag = place[chosen], bag[chosen]
        words = news.words[place]
        size = np.diff(terms.start)[words]
        ids = terms.ids[_spans(terms.start[words], size)].astype(np.int64)
        per_bag = np.bincount(np.repeat(bag, size), minlength=len(first))
        return Bags(ids, np.concatenate([[0], np.cumsum(per_bag)[:-1]]))


def train(news: News, terms: Terms, settings: Settings) -> tuple[NDArray[np.float32], list[dict[str, float]]]:
    """Learn a vector for each term, so that a question lies nearest to its passage among the passages of a batch."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    pairs = Pairs(news, terms, settings)
    share = torch.from_numpy(terms.counts / terms.counts.sum())
    table = torch.randn(len(terms.names), settings.dimension) / settings.dimension**0.5
    table *= (settings.smoothing / (settings.smoothing + share)).float()[:, None]
    adam = LazyAdam(table)
    log: list[dict[str, float]] = []
    recent: list[float] = []
    begin = time.monotonic()
    while (progress := max(len(recent) / settings.steps, (time.monotonic() - begin) / (60 * settings.minutes))) < 1:
        questions, passages, clash = pairs.draw()
        used, places = np.unique(np.concatenate([questions.ids, passages.ids]), return_inverse=True)
        rows = torch.from_numpy(used)
        part = table[rows].requires_grad_()
        loss = _loss(part, torch.from_numpy(places), questions, passages, clash, temperature=settings.temperature)
        loss.backward()  # type: ignore[no-untyped-call]
        assert part.grad is not None
        warm_up = min(1.0, len(recent) / 50 + 0.02)
        adam.step(rows, part.grad, rate=settings.rate * warm_up * (1 - progress))
        recent.append(loss.item())
        if len(recent) % 100 == 0:
            log.append(_progress(recent, begin))
            print("step {step}  loss {loss:.4f}  {seconds:.0f} s".format(**log[-1]), flush=True)
    log.append(_progress(recent, begin))
    return table.numpy(), log


def _progress(losses: list[float], begin: float) -> dict[str, float]:
    return {"step": len(losses), "loss": float(np.mean(losses[-100:])), "seconds": round(time.monotonic() - begin, 1)}


def _loss(
    part: torch.Tensor,
    places: torch.Tensor,
    questions: Bags,
    passages: Bags,
    clash: NDArray[np.bool_],
    *,
    temperature: float,
) -> torch.Tensor:
    """Return the cross-entropy of picking each question's passage, and each passage's question, out of the batch."""
    asked, given = places[: len(questions.ids)], places[len(questions.ids) :]
    bag = torch.nn.functional.embedding_bag
    q = torch.nn.functional.normalize(bag(asked, part, torch.from_numpy(questions.start), mode="sum"))
    p = torch.nn.functional.normalize(bag(given, part, torch.from_numpy(passages.start), mode="sum"))
    scores = (q @ p.T / temperature).masked_fill(torch.from_numpy(clash), -1e4)
    own = torch.arange(len(scores))
    return (torch.nn.functional.cross_entropy(scores, own) + torch.nn.functional.cross_entropy(scores.T, own)) / 2


class LazyAdam:
    """Adam that touches only the rows that a batch used."""

    def __init__(self, table: torch.Tensor, *, first: float = 0.9, second: float = 0.99) -> None:
        self.table, self.first, self.second = table, first, second
        self.mean, self.square = torch.zeros_like(table), torch.zeros_like(table)
        self.steps = torch.zeros(len(table), 1)

    def step(self, rows: torch.Tensor, gradient: torch.Tensor, *, rate: float) -> None:
        """Move `rows` of the table against their gradient."""
        count = self.steps[rows] + 1
        mean = self.mean[rows].lerp_(gradient, 1 - self.first)
        square = self.square[rows].lerp_(gradient.square(), 1 - self.second)
        self.steps[rows], self.mean[rows], self.square[rows] = count, mean, square
        move = (mean / (1 - self.first**count)) / ((square / (1 - self.second**count)).sqrt() + 1e-9)
        self.table[rows] -= rate * move


# --- the model folder ------------------------------------------------------------------------------------------------


def write_model(table: NDArray[np.float32], names: list[str], out: Path) -> None:
    """Write the model as a sentence-transformers folder, with the vocabulary that `StaticModel` maps beside it.

    Rows are whole numbers of -127 to 127 with a scale each, half the size of fp16. sentence-transformers multiplies
    the two when it loads ("embeddings" times "weights"), so both ways compute with the same float32 rows.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit

    stored = [name.replace(" ", SPACE) for name in names]
    vocabulary = marisa_trie.Trie(stored)
    order = np.empty(len(stored), dtype=np.int64)
    order[[vocabulary[name] for name in stored]] = np.arange(len(stored))
    rows = np.vstack([table[order], np.zeros((1, table.shape[1]), dtype=np.float32)])  # the last is the unknown word's
    scales = (np.abs(rows).max(axis=1) / 127).astype(np.float32)
    whole = np.rint(rows / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
    ids = {stored[number]: place for place, number in enumerate(order)} | {UNKNOWN: len(stored)}
    tokenizer = Tokenizer(WordLevel(ids, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    out.mkdir(parents=True, exist_ok=True)
    modules: list[torch.nn.Module] = [StaticEmbedding(tokenizer, embedding_weights=rows), Normalize()]
    SentenceTransformer(modules=modules, device="cpu", similarity_fn_name="cosine").save(
        str(out), create_model_card=False
    )
    facts = {"format": "pt", "name": f"{NAME}-{table.shape[1]}"}
    save_file({"embeddings": whole, "weights": scales}, out / WEIGHTS, metadata=facts)
    (out / WEIGHTS).chmod(0o644)
    vocabulary.save(str(out / VOCABULARY))


# --- measuring -------------------------------------------------------------------------------------------------------

DEPTH = 50  # hits of each kind that are fused
SHOWN = (0.2, 0.5, 1.0)
SHARES = tuple(round(0.1 * step, 1) for step in range(16))  # of the cosine, beside BM25 divided by the question's best


@dataclass(frozen=True)
class Trial:
    """A retrieval task with the lexical hits, so that only the embedding is left to try."""

    name: str
    targets: list[list[list[str]]]  # embedding terms of each sentence of what is searched
    owner: NDArray[np.int64]  # which answer a target belongs to
    questions: list[list[str]]
    answer: NDArray[np.int64]
    lexical: list[tuple[NDArray[np.int64], NDArray[np.float64]]]  # targets and BM25 scores, best first

    def measure(self, model: StaticModel) -> dict[str, float]:
        """Return recall at 1 in percent: lexical alone, dense alone, and both together for each share of the cosine.

        "passage" is the cosine with the whole target, "sentence" that with its nearest sentence.
        """
        whole = model.encode_terms([[term for part in target for term in part] for target in self.targets])
        parts = model.encode_terms([part for target in self.targets for part in target])
        first = np.cumsum([0, *(len(target) for target in self.targets[:-1])])
        questions = model.encode_terms(self.questions)
        kinds = ("passage", "sentence")
        hits = {"lexical": 0} | dict.fromkeys(kinds, 0) | {f"{kind} {w}": 0 for kind in kinds for w in SHARES}
        for question, right, (found, score) in zip(questions, self.answer, self.lexical, strict=True):
            bm25 = np.zeros(len(whole))
            bm25[found] = score / score[0] if len(score) else score
            hits["lexical"] += bool(len(found)) and self.owner[found[0]] == right
            for kind, cosine in (
                ("passage", whole @ question),
                ("sentence", np.maximum.reduceat(parts @ question, first)),
            ):
                nearest = np.argpartition(-cosine, min(DEPTH, len(cosine) - 1))[:DEPTH]
                both = np.union1d(found, nearest)
                hits[kind] += self.owner[cosine.argmax()] == right
                for share in SHARES:
                    hits[f"{kind} {share}"] += self.owner[both[(bm25[both] + share * cosine[both]).argmax()]] == right
        return {key: round(100 * int(count) / len(self.questions), 2) for key, count in hits.items()}


def _trial(name: str, targets: list[str], owner: list[int], questions: list[str], answer: list[int]) -> Trial:
    segmenter = Segmenter(Lexicon.load(SHIPPED))
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="spaces", index_option="freq")
    builder.add_unsigned_field("target", stored=True)
    schema = builder.build()
    index = tantivy.Index(schema)
    index.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    writer = index.writer(heap_size=100_000_000, num_threads=1)
    cut_targets = [segmenter.words(text) for text in targets]
    for place, words in enumerate(cut_targets):
        terms = " ".join(term.replace(" ", SPACE) for term in search_terms(words))
        writer.add_document(tantivy.Document(terms=terms, target=place))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    cut_questions = [segmenter.words(text) for text in questions]
    lexical = []
    for words in cut_questions:
        any_of = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", term.replace(" ", SPACE), "freq"))
            for term in sorted(set(search_terms(words)))
        ]
        hits = searcher.search(tantivy.Query.boolean_query(any_of), DEPTH).hits
        places = np.array([searcher.doc(address)["target"][0] for _, address in hits], dtype=np.int64)
        lexical.append((places, np.array([score for score, _ in hits])))
    return Trial(
        name,
        [
            [embedding_terms(segmenter.words(text[start:end])) for start, end in sentences(text)] or [[]]
            for text in targets
        ],
        np.array(owner),
        [embedding_terms(words) for words in cut_questions],
        np.array(answer),
        lexical,
    )


def question_trial(path: Path) -> Trial:
    """Find the paragraph of each question among all paragraphs of a SQuAD file, cut into passages."""
    passages: list[str] = []
    owner: list[int] = []
    questions: list[str] = []
    answer: list[int] = []
    paragraphs = [p for article in json.loads(path.read_text(encoding="utf-8"))["data"] for p in article["paragraphs"]]
    for number, paragraph in enumerate(paragraphs):
        text = paragraph["context"]
        for passage in split(Document(str(number), "", text, (Section((), 0, len(text)),))):
            passages.append(passage.text)
            owner.append(number)
        questions += [entry["question"] for entry in paragraph["qas"]]
        answer += [number] * len(paragraph["qas"])
    return _trial(path.stem, passages, owner, questions, answer)


def paraphrase_trial(path: Path, *, part: slice = slice(None), name: str) -> Trial:
    """Find the second sentence of each pair of label 1 among the second sentences of all pairs."""
    pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][part]
    number = {text: place for place, text in enumerate(dict.fromkeys(pair["sentence2"] for pair in pairs))}
    same = [pair for pair in pairs if str(pair["label"]) == "1"]
    answer = [number[pair["sentence2"]] for pair in same]
    return _trial(name, list(number), list(number.values()), [pair["sentence1"] for pair in same], answer)


def trials(data: Path) -> list[Trial]:
    """Return the tasks; none of their texts is trained on, the last two decided nothing."""
    half = 14_015
    pairs = data / "simclue_pairs.jsonl"
    return [
        question_trial(data / "drcd_dev.json"),
        question_trial(data / "cmrc_trial.json"),
        paraphrase_trial(data / "bustm_dev.jsonl", name="bustm_dev"),
        paraphrase_trial(pairs, part=slice(half), name="simclue first half"),
        paraphrase_trial(data / "bustm_test.jsonl", name="bustm_test"),
        paraphrase_trial(pairs, part=slice(half, None), name="simclue second half"),
    ]


# --- the command -----------------------------------------------------------------------------------------------------


def main() -> int:
    """Train, write the model folder, measure, keep the numbers."""
    defaults = Settings()
    parser = argparse.ArgumentParser(prog="python -m training.embedding", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with news.txt.xz and the question and pair sets")
    parser.add_argument("--out", type=Path, default=MODEL, help="model folder to write (default: %(default)s)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the numbers (default: %(default)s)")
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder for the cut news (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=defaults.steps, help="batches (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=defaults.minutes, help="at most (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=defaults.seed, help="(default: %(default)s)")
    parser.add_argument("--measure-only", action="store_true", help="measure the model in --out, train nothing")
    options = parser.parse_args()
    lacking = [name for name in NEEDED if not (options.data / name).is_file()]
    if lacking:
        print(
            f"{options.data} lacks {', '.join(lacking)}: give the folder that holds {', '.join(NEEDED)}",
            file=sys.stderr,
        )
        return 1
    asked_on = tuple(sorted(int(Path(name).stem) for name in QuestionSet.news(options.data).paragraphs))
    settings = replace(defaults, steps=options.steps, minutes=options.minutes, seed=options.seed, left_out=asked_on)
    facts: dict[str, Any] = {"command": "python -m training.embedding DATA"}  # its settings follow
    facts |= {
        "settings": {**asdict(settings), "left_out": len(settings.left_out)},
        "versions": {name: version(name) for name in LIBRARIES},
    }
    facts["cores"] = os.cpu_count()
    facts["segmenter"] = Segmenter(Lexicon.load(SHIPPED)).fingerprint
    if not options.measure_only:
        begin = time.monotonic()
        news = cut_news(options.data / "news.txt.xz", cache=options.cache)
        terms = Terms.choose(news, settings.vocabulary)
        cut = time.monotonic()
        print(
            f"{len(news.article) - 1} articles, {len(news.sentence) - 1} sentences, {len(news.words)} words", flush=True
        )
        table, log = train(news, terms, settings)
        facts["news"] = {
            "articles": len(news.article) - 1,
            "sentences": len(news.sentence) - 1,
            "words": len(news.words),
        }
        facts["seconds"] = {"cutting": round(cut - begin), "training": round(time.monotonic() - cut)}
        facts["loss"] = log
        write_model(table, terms.names, options.out)
    model = StaticModel.load(options.out, Segmenter(Lexicon.load(SHIPPED)))
    target = options.results / f"embedding-{model.fingerprint}.json"
    if options.measure_only and target.is_file():
        facts = json.loads(target.read_text(encoding="utf-8"))
    facts["model"] = {"name": model.name, "fingerprint": model.fingerprint}
    facts["recall@1"] = {trial.name: trial.measure(model) for trial in trials(options.data)}
    facts["bytes"] = {name: (options.out / name).stat().st_size for name in (WEIGHTS, VOCABULARY, "tokenizer.json")}
    print(_table(facts["recall@1"]))
    options.results.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    (options.out / "README.md").write_text(_card(facts), encoding="utf-8")
    print(f"{options.out}, {target}")
    return 0


def _table(measured: dict[str, dict[str, float]]) -> str:
    lines = [
        "| set | BM25 | dense, passage | dense, sentence | BM25 + passage | BM25 + sentence |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, values in measured.items():
        cells: list[object] = [values["lexical"], values["passage"], values["sentence"]]
        for kind in ("passage", "sentence"):
            tried = {share: values[f"{kind} {share}"] for share in SHARES}
            best = max(tried, key=lambda share: tried[share])
            cells.append(f"{tried[best]} ({best}); " + " ".join(f"{tried[share]}" for share in SHOWN))
        lines.append(f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def _card(facts: dict[str, Any]) -> str:
    """Return the model card, in Markdown."""
    run, sizes, news = facts["settings"], facts["bytes"], facts["news"]
    batches = facts["loss"][-1]["step"]
    return f"""---
language: zh
license: apache-2.0
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [static-embedding, chinese]
---
# {facts["model"]["name"]}
A static embedding for Chinese: {run["vocabulary"]:,} words and characters with {run["dimension"]} numbers each; a
text is the mean of its terms' vectors, with length 1. Trained from nothing, no other model was used. Fingerprint
{facts["model"]["fingerprint"]}. Made to help lexical search, not to replace it; see the numbers.

## Use
`index.embedding.load(None, segmenter)` reads it without torch in milliseconds. With sentence-transformers
(tested with {facts["versions"]["sentence-transformers"]}; older releases may not know the row scales):

```python
from corpus.lexicon import SHIPPED, Lexicon
from corpus.words import Segmenter, embedding_terms
from sentence_transformers import SentenceTransformer

terms = embedding_terms(Segmenter(Lexicon.load(SHIPPED)).words("北京有哪些大学？"))
SentenceTransformer("index/model").encode(" ".join(term.replace(" ", "\u2581") for term in terms))
```

Text must come as terms cut by `corpus.words` and joined by spaces; a space inside a term is written as U+2581. Unknown
terms have a row of zeros. Both ways give the same vector to 1e-5; tested.

## Files
| file | bytes | what |
| --- | --- | --- |
| {WEIGHTS} | {sizes[WEIGHTS]:,} | whole numbers of one byte (`embeddings`) and a scale for each row (`weights`) |
| tokenizer.json | {sizes["tokenizer.json"]:,} | the words and their rows, for sentence-transformers |
| {VOCABULARY} | {sizes[VOCABULARY]:,} | the same as a memory-mapped trie whose key numbers are the rows |

## Training
Data: {news["articles"]:,} Chinese news articles ({news["words"]:,} words) out of CRUD-RAG, Apache-2.0,
without labels, and nothing else: no question set, no translation, no other model's vectors. The words are the most
frequent of the news, cut by jieba and this project's language pack.

    python -m training.embedding DATA --seed {run["seed"]} --steps {run["steps"]} --minutes {run["minutes"]:g}

{batches:,} batches of {run["batch"]:,} pairs in {facts["seconds"]["training"]} s on {facts["cores"]} CPU cores that
other work shared. A run that ends by `--steps`, as this one did, is repeatable. {run["left_out"]:,} articles took no
part: those that the sentence ranker learns on, and those beside them in its index.

- Loss: contrastive within the batch, both ways, temperature {run["temperature"]}; {run["per_article"]} pairs of each
  article, so that some of the wrong passages are near ones.
- Pairs: a sentence and its surroundings without it ({run["around"]:.0%}); some words of a sentence and the passage it
  stands in ({run["within"]:.0%}); an article's first sentence and a later passage ({run["lead"]:.0%}); neighbouring
  sentences (the rest). Words are dropped at random on both sides.
- First lengths of the vectors: {run["smoothing"]} / ({run["smoothing"]} + share of the term); then learned.
- Libraries: {", ".join(f"{name} {number}" for name, number in facts["versions"].items())}.

## Measured
Recall at 1 in percent. DRCD and CMRC: the question's paragraph among all of the set, passages of 400 characters.
BUSTM and SimCLUE: the other sentence of a pair of the same meaning. Together: BM25 divided by the question's best, plus
a share of the cosine; the best with its share in brackets, then shares {", ".join(map(str, SHOWN))}. "Sentence" is the
cosine with the nearest sentence of the passage. None of these texts was trained on; bustm_test and the second half of
SimCLUE decided nothing.

{_table(facts["recall@1"])}

## Limits
Order and negation are lost in a mean: 你撩我 and 我撩你 are one. Trained on news: rare subjects have rough vectors.
DRCD is CC BY-SA 3.0, CMRC 2018 CC BY-SA 4.0; they and the pair sets (SimCLUE, FewCLUE) were used for measuring only.
"""


if __name__ == "__main__":
    sys.exit(main())
