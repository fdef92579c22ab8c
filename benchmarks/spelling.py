"""What spelling repairs, and what it changes though it was right: python -m benchmarks.spelling DATA.

Constants were chosen on the shipped documents, drcd_dev and cmrc_trial; news decided nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import corpus
from assistant.understanding.spelling import SHORTEST, correct
from corpus.bulk import Cut
from corpus.lexicon import fold
from corpus.words import Segmenter, Word
from index import embedding, updating
from index.search import Searcher
from index.store import Store
from index.vocabulary import Counts, Term, Vocabulary, VocabularyWriter, is_latin, squeeze
from training.squad import QuestionSet, indexed, make_segmenter, searcher

RESULTS = Path(__file__).with_name("results") / "spelling.json"
OWN = Path(__file__).parent.parent / "tests" / "questions.jsonl"
PARAGRAPHS = 300  # of a set that are indexed, at most half of it; the questions on the others are asked
QUESTIONS = 500
SAMPLE = 400  # Latin names that are misspelled
COMMON = 12.0  # rarity below which a character is likely to be taken for another of its sound
# Real names of software, companies and people that the shipped documents do not hold.
ABSENT = """
TensorRT Julia OpenCV Rust JAX Flink Sklearn XGBoost LightGBM CatBoost Hadoop Kafka Docker Kubernetes Pandas SciPy
Matplotlib Jupyter Anaconda Django Flask React Angular Swift Kotlin Haskell Erlang Elixir Perl Ruby Redis MongoDB
MySQL PostgreSQL SQLite Elasticsearch Lucene Milvus Faiss Oracle Netflix Tesla Samsung Toshiba Siemens Philips Nokia
Ericsson Cisco Adobe Spotify Tencent ByteDance Lenovo Turing Einstein Newton Darwin Knuth Torvalds Dijkstra LangChain
Llama Whisper OpenVINO Horovod Megatron DeepSpeed Gensim NLTK spaCy FastText Paxos Spock Thanos Scalar Amazonas
Caffeine Touch Minerals Facetime PyCharm PyPy TypeScript Sparc Chains Intelsat Keybase
""".split()  # noqa: SIM905
_KEYS = {
    key: row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for place, key in enumerate(row)
}


@dataclass(frozen=True, slots=True)
class Place:
    """An opened index and its segmenter."""

    name: str
    segmenter: Segmenter
    searcher: Searcher

    def correct(self, text: str) -> str:
        """Return the text as it is understood."""
        return correct(text, self.segmenter, self.searcher)[0]

    def holds(self, term: str) -> bool:
        """Tell whether the documents or the language pack hold a folded word."""
        return self.searcher.frequency(term) > 0 or term in self.segmenter.lexicon.words

    def terms(self, table: str) -> list[Term]:
        """Return all words of the vocabulary, Latin `terms` or Chinese `words`."""
        latin = table == "terms"
        return [term for term in self.searcher.vocabulary.all_terms() if is_latin(term.folded) == latin]


def slips(name: str, chance: random.Random) -> dict[str, str]:
    """Return `name` with two letters swapped, a letter dropped, struck twice, and with its neighbour's key."""
    places = [place for place, letter in enumerate(name) if letter in _KEYS]
    at = chance.choice(places)
    swap = chance.choice([place for place in places if place + 1 in places] or [0])
    return {
        "swap": name[:swap] + name[swap + 1 : swap + 2] + name[swap] + name[swap + 2 :],
        "drop": name[:at] + name[at + 1 :],
        "double": name[:at] + name[at] + name[at:],
        "neighbour": name[:at] + chance.choice(_KEYS[name[at]]) + name[at + 1 :],
    }


def latin(place: Place, chance: random.Random) -> dict[str, float | int]:
    """Return the share of misspelled Latin names that are repaired, by kind of slip."""
    names = [
        term
        for term in place.terms("terms")
        if " " not in term.folded
        and len(squeeze(term.folded)) >= SHORTEST
        and term.folded.isalpha()
        and (term.name or term.form != term.folded)
    ]
    done: dict[str, list[bool]] = {}
    for term in chance.sample(names, min(SAMPLE, len(names))):
        for kind, written in slips(term.folded, chance).items():
            if written != term.folded and not place.holds(written):
                understood = place.correct(f"{written} 是什么")
                done.setdefault(kind, []).append(understood == f"{term.form} 是什么")
    return {"names": min(SAMPLE, len(names))} | {f"{kind} %": share(values) for kind, values in done.items()}


def cut_and_glued(place: Place, chance: random.Random) -> dict[str, float | int]:
    """Return the share of names cut by a space, and of those glued that hold one, that are repaired."""
    done: dict[str, list[bool]] = {"cut": [], "glued": []}
    for term in place.terms("terms"):
        if not term.folded.isascii() or not term.folded.replace(" ", "").isalpha() or len(term.folded) < SHORTEST:
            continue
        if " " in term.folded:
            written = term.folded.replace(" ", "")
            if not place.holds(written):
                done["glued"].append(place.correct(f"{written} 是什么") == f"{term.form} 是什么")
        elif term.name or term.form != term.folded:
            at = chance.randrange(1, len(term.folded))
            written = f"{term.folded[:at]} {term.folded[at:]}"
            done["cut"].append(place.correct(f"{written} 是什么") == f"{term.form} 是什么")
    counts = {f"{kind}: names": len(values) for kind, values in done.items()}
    return counts | {f"{kind} %": share(values) for kind, values in done.items()}


def homophones(place: Place, questions: Iterable[str], chance: random.Random) -> dict[str, float | int]:
    """Return the share repaired, by length, of words of the documents that a question holds, a character of each
    replaced by another one of the same sound; and the share that is changed to something else.
    """
    characters = (chr(code) for code in range(0x4E00, 0x9FFF))
    common = (character for character in characters if place.segmenter.rarity(character) < COMMON)
    readings = place.searcher.vocabulary.readings("".join(common))
    same: dict[str, list[str]] = {}
    for character, sound in sorted(readings.items()):
        same.setdefault(sound, []).append(character)
    done: dict[str, list[tuple[bool, bool]]] = {"two": [], "three": [], "four and more": []}
    for question in questions:
        text = fold(question)
        for word in place.segmenter.words(text):
            slip = _slip(word.folded, same, readings, place, chance)
            if slip:
                written = text[: word.start] + slip + text[word.end :]
                understood = place.correct(written)
                kind = {2: "two", 3: "three"}.get(len(slip), "four and more")
                done[kind].append((understood == text, understood not in (text, written)))
    result: dict[str, float | int] = {}
    for kind, values in done.items():
        result |= {f"{kind}: words": len(values), f"{kind} %": share([right for right, _ in values])}
        result[f"{kind}: something else %"] = share([wrong for _, wrong in values])
    return result


def _slip(
    word: str, same: dict[str, list[str]], readings: dict[str, str], place: Place, chance: random.Random
) -> str | None:
    """Return a word with a character of the same sound in the place of one; None where that is a word itself."""
    if len(word) < 2 or not place.searcher.vocabulary.word(word) or word in place.segmenter.lexicon.stopwords:
        return None
    at = chance.randrange(len(word))
    others = [one for one in same.get(readings.get(word[at], ""), []) if one != word[at]]
    if not others:
        return None
    written = word[:at] + chance.choice(others) + word[at + 1 :]
    unknown = place.segmenter.rarity(written) >= place.segmenter.rarity("") and not place.holds(written)
    return written if unknown else None


def changed(place: Place, texts: Iterable[str]) -> dict[str, float | int | list[str]]:
    """Return the share of right texts that are changed all the same, and which."""
    asked = list(texts)
    wrong = [(text, place.correct(text)) for text in asked]
    found = [f"{text} -> {understood}" for text, understood in wrong if text != understood]
    return {"texts": len(asked), "%": share([text != understood for text, understood in wrong]), "which": found}


def names_in(texts: Iterable[str], place: Place) -> list[str]:
    """Return the Latin names in texts that the documents do not hold."""
    found = {
        text[word.start : word.end]: word.folded
        for text in texts
        for word in place.segmenter.words(text)
        if is_latin(word.folded) and len(word.folded) >= SHORTEST and word.folded.isalpha()
    }
    return sorted(written for written, folded in found.items() if not place.holds(folded))


def share(values: Sequence[bool]) -> float:
    """Return the share of true values in percent."""
    return round(100 * statistics.mean(values), 1) if values else 0.0


def measure(place: Place, asked: Iterable[str], right: dict[str, Iterable[str]]) -> dict[str, object]:
    """Return all measures of one index; `asked`: questions on it; `right`: what nothing is to change in, by name."""
    words = {table: len(place.terms(table)) for table in ("terms", "words")}
    result: dict[str, object] = {"vocabulary": words, "typos": latin(place, random.Random(7))}
    result["spacing"] = cut_and_glued(place, random.Random(7))
    result["homophones"] = homophones(place, asked, random.Random(7))
    return result | {f"changed: {name}": changed(place, texts) for name, texts in right.items()}


def milliseconds(place: Place, texts: Sequence[str]) -> float:
    """Return the median time of one correction without the cutting into words, which the question needs anyway."""
    return round(
        statistics.median(
            timed(lambda t=text: place.correct(t), lambda t=text: place.segmenter.words(t)) for text in texts
        ),
        3,
    )


def timed(whole: Callable[[], object], without: Callable[[], object]) -> float:
    """Return how many milliseconds the one takes longer than the other, at the best of 5."""
    best = []
    for work in (whole, without):
        spans = []
        for _ in range(5):
            start = time.perf_counter()
            work()
            spans.append(time.perf_counter() - start)
        best.append(min(spans))
    return 1000 * (best[0] - best[1])


def speed(place: Place, known: Sequence[str]) -> dict[str, float]:
    """Return milliseconds of a correction: of questions that hold nothing unknown, and with an unknown Latin word."""
    return {
        "nothing corrected, ms": milliseconds(place, known[:100]),
        "unknown Latin word, ms": milliseconds(place, [f"{name} 是什么" for name in ABSENT]),
    }


def large(segmenter: Segmenter) -> dict[str, float]:
    """Return build seconds and the time of a correction over 50,000 made-up Latin terms and 200,000 Chinese words."""
    chance = random.Random(3)
    letters, syllables = (
        "etaoinshrdlcumwfgypbvk",
        "的一国在人了有中是年和大业不为发会工经上地市要个产这出行作生家以成到日民贾扬清张量神网络飞桨",
    )
    made = {"".join(chance.choices(letters, k=chance.randint(4, 12))) for _ in range(50_000)}
    han = sorted({"".join(chance.choices(syllables, k=chance.randint(2, 6))) for _ in range(200_000)})
    with tempfile.TemporaryDirectory() as folder:
        writer = VocabularyWriter(Path(folder, "v"), segmenter.lexicon, lambda _: False)
        counts = Counts()
        for word in sorted(made):
            counts.add(word, Cut([], [], [], [], [Word(word, 0, len(word))], []))
        counts.words.update(han)
        start = time.perf_counter()
        writer.update(counts, {})
        writer.close()
        saved = time.perf_counter() - start
        vocabulary = Vocabulary.load(Path(folder, "v"))
        with indexed({"a.txt": "空。"}) as index:
            opened = searcher(index, segmenter)
            opened.vocabulary = vocabulary
            place = Place("large", segmenter, opened)
            result = speed(place, ["空"])
            opened.close()
        size = Path(folder, "v").stat().st_size
    return {"terms": len(made), "words": len(han), "seconds to save": round(saved, 2), "bytes": size} | result


def over(data: Path, name: str, segmenter: Segmenter) -> dict[str, object]:
    """Measure an index over a part of a set of paragraphs."""
    questions = QuestionSet.news(data) if name == "news" else QuestionSet.load(data, name)
    kept = random.Random(1).sample(sorted(questions.paragraphs), min(PARAGRAPHS, len(questions.paragraphs) // 2))
    others = [asked.question for asked in questions.questions if asked.document not in kept]
    held = [asked.question for asked in questions.questions if asked.document in kept]
    absent = [text for id, text in questions.paragraphs.items() if id not in kept]
    asked = random.Random(2).sample(others, min(QUESTIONS, len(others)))
    with indexed({id: questions.paragraphs[id] for id in kept}) as folder:
        place = Place(name, segmenter, searcher(folder, segmenter))
        right = {
            "questions": asked,
            "questions on what it holds": held,
            "absent names": ABSENT,
            "others' names": names_in(absent, place),
        }
        result = measure(place, held, right)
        result["speed"] = speed(place, [text for text in asked if place.correct(text) == text])
        place.searcher.close()
    return result


def shipped(data: Path, segmenter: Segmenter) -> dict[str, object]:
    """Measure an index over the shipped documents."""
    own = [json.loads(line)["question"] for line in OWN.read_text(encoding="utf-8").splitlines()]
    drcd = QuestionSet.load(data, "drcd_dev")
    foreign = random.Random(2).sample([asked.question for asked in drcd.questions], QUESTIONS)
    with tempfile.TemporaryDirectory() as folder:
        store, documents = Store(Path(folder, "index")), Path(corpus.__file__).parent / "documents"
        with store.writing():
            updating.build(store, [documents], segmenter, embedding.load(None, segmenter))
        place = Place("shipped", segmenter, searcher(store.folder, segmenter))
        names = names_in(drcd.paragraphs.values(), place)
        right = {"own questions": own, "drcd questions": foreign, "absent names": ABSENT, "drcd's names": names}
        result = measure(place, own, right)
        result["speed"] = speed(place, [text for text in own if place.correct(text) == text])
        place.searcher.close()
    return result


def main() -> None:
    """Measure, print a table and keep the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds drcd_dev.json, cmrc_trial.json and news.txt.xz")
    options = parser.parse_args()
    segmenter = make_segmenter()
    result: dict[str, dict[str, object]] = {"shipped": shipped(options.data, segmenter)}
    result |= {name: over(options.data, name, segmenter) for name in ("drcd_dev", "cmrc_trial", "news")}
    result["large vocabulary"] = {"measured": large(segmenter)}
    RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, measures in result.items():
        for measured, values in measures.items():
            assert isinstance(values, dict)
            shown = {key: value for key, value in values.items() if key != "which"}
            print(f"{name:16} {measured:24} " + "  ".join(f"{key} {value}" for key, value in shown.items()))


if __name__ == "__main__":
    main()
