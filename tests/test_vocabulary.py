import re
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus.bulk import BulkSegmenter
from corpus.lexicon import Lexicon, fold
from corpus.words import Segmenter
from index import vocabulary as module
from index.database import DamagedError
from index.store import Store
from index.vocabulary import (
    LONGEST_KEY,
    SHELF,
    VOCABULARY,
    Counts,
    Term,
    Vocabulary,
    VocabularyWriter,
    is_latin,
    rough,
    sounds_of,
    squeeze,
)
from tests.conftest import DOCUMENTS, Invoke, Keywords, build_index, write_files

FILES = {
    "a.md": "---\ntitle: 飞桨\naliases: [PaddlePaddle]\n---\n\n飞桨支持 tiny-dnn。\n\n"
    "## 张量\n\nPyTorch 很快。pytorch 也在。\n",
    "b.md": "# MXNet\n\nPyTorch 和 PyTorch 由 Jeff Dean 与 Google Brain 说起，Caffe, Keras。重庆的银行在2015年。\n",
}


@pytest.fixture
def vocabulary(tmp_path: Path, segmenter: Segmenter, keywords: Keywords) -> Vocabulary:
    folder = tmp_path / "an index"
    build_index(folder, write_files(tmp_path / "files", FILES), segmenter, keywords)
    return Store(folder).open(segmenter, keywords).searcher.vocabulary


def counted(bulk: BulkSegmenter, texts: Iterable[str]) -> Counts:
    counts = Counts()
    for text in texts:
        counts.add(text, bulk.cut(text))
    return counts


def made(tmp_path: Path, segmenter: Segmenter, *texts: str, names: tuple[str, ...] = ()) -> Vocabulary:
    bulk = BulkSegmenter(segmenter)
    held = {term for text in texts for term in bulk.cut(text).search_terms()}
    writer = VocabularyWriter(tmp_path / "v", segmenter.lexicon, held.__contains__)
    writer.update(counted(bulk, texts), {fold(name): name for name in names})
    writer.close()
    return Vocabulary.load(tmp_path / "v")


def test_a_latin_term_is_shown_as_it_is_written_most_often(vocabulary: Vocabulary) -> None:
    assert vocabulary.term("pytorch") == Term("pytorch", "PyTorch", 2, False)
    assert vocabulary.term("tensorflow") is None


def test_titles_and_aliases_are_names_in_either_script(vocabulary: Vocabulary) -> None:
    assert vocabulary.word("飞桨").name  # type: ignore[union-attr]
    assert vocabulary.term("paddlepaddle").form == "PaddlePaddle"  # type: ignore[union-attr]
    assert vocabulary.term("mxnet").name  # type: ignore[union-attr]
    assert not vocabulary.word("银行").name  # type: ignore[union-attr]


def test_headings_are_part_of_the_vocabulary(vocabulary: Vocabulary) -> None:
    assert vocabulary.word("张量") == Term("张量", "张量", 1, False)


def test_squeezed_keys_find_names_with_marks_and_spaces(vocabulary: Vocabulary) -> None:
    found = vocabulary.terms_with(["tinydnn", "googlebrain", "jeffdean", "nothing"])
    forms = {key: [term.form for term in terms] for key, terms in found.items()}
    assert forms == {"tinydnn": ["tiny-dnn"], "googlebrain": ["Google Brain"], "jeffdean": ["Jeff Dean"]}


def test_words_that_a_comma_parts_are_no_pair(vocabulary: Vocabulary) -> None:
    assert vocabulary.terms_with(["caffekeras"]) == {}


def test_words_on_two_lines_are_no_pair(tmp_path: Path, segmenter: Segmenter) -> None:
    assert made(tmp_path, segmenter, "alpha\nbeta").term("alpha beta") is None


def test_words_are_found_by_their_sound_as_phrase_and_by_character(vocabulary: Vocabulary) -> None:
    found = vocabulary.words_that_sound(["yin hang", "yin xing", "chong qing", "fei jiang"])
    assert {sound: [term.folded for term in terms] for sound, terms in found.items()} == {
        "yin hang": ["银行"],
        "yin xing": ["银行"],
        "chong qing": ["重庆"],
        "fei jiang": ["飞桨"],
    }


def test_readings_are_told_of_characters_that_no_document_holds(vocabulary: Vocabulary) -> None:
    assert vocabulary.readings("浆杨☃") == {"浆": "jiang", "杨": "yang"}


def test_a_shelf_holds_keys_of_one_first_letter_and_of_some_lengths(vocabulary: Vocabulary) -> None:
    assert vocabulary.shelf("p", range(6, 8)) == ["pytorch"]
    assert vocabulary.shelf("p", range(7, 13)) == ["pytorch", "paddlepaddle"]
    assert vocabulary.shelf("z", range(1, 20)) == []


def test_a_shelf_keeps_the_most_frequent_terms(tmp_path: Path, segmenter: Segmenter) -> None:
    words = [f"q{chr(97 + n // 676)}{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}" for n in range(SHELF + 5)]
    shelf = made(tmp_path, segmenter, " ".join(words), words[-1], words[-1]).shelf("q", range(4, 5))
    assert len(shelf) == SHELF
    assert shelf[0] == words[-1]


def test_numbers_and_endless_terms_are_left_out(tmp_path: Path, segmenter: Segmenter) -> None:
    long = "x" * (LONGEST_KEY + 1)
    vocabulary = made(tmp_path, segmenter, f"2015 3.5% {long}")
    assert [vocabulary.term(term) for term in ("2015", "3.5%", long)] == [None, None, None]


def test_names_of_the_pack_count_where_the_documents_hold_one_of_their_group(tmp_path: Path) -> None:
    lexicon = Lexicon(frozenset({"alpha", "阿尔法", "beta", "贝塔"}), frozenset(), (frozenset({"alpha", "阿尔法"}),))
    pack = Segmenter(lexicon)
    vocabulary = made(tmp_path, pack, "Alpha 很好")
    assert vocabulary.word("阿尔法") == Term("阿尔法", "阿尔法", 0, True)
    assert vocabulary.term("alpha") == Term("alpha", "Alpha", 1, True)
    assert vocabulary.term("beta") is None


@pytest.mark.parametrize(
    ("sound", "expected"),
    [("zhang liang", "zan lian"), ("ni sheng", "li sen"), ("ying chi", "yin ci"), ("nong song", "long song")],
)
def test_rough_sounds_fold_what_many_do_not_tell_apart(sound: str, expected: str) -> None:
    assert rough(sound) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("贾扬清", {"jia yang qing"}), ("绿色", {"lv se"}), ("女儿", {"nv er"}), ("银行", {"yin hang", "yin xing"})],
)
def test_sounds_have_no_tones(word: str, expected: set[str]) -> None:
    assert sounds_of(word) == expected


def test_latin_is_told_by_the_first_character() -> None:
    assert [is_latin(word) for word in ("pytorch", "4j", "édith", "张", "かな")] == [True, True, True, False, False]
    assert squeeze("x-deep learning_4.j") == "xdeeplearning4j"


def test_an_empty_vocabulary_answers() -> None:
    empty = Vocabulary.empty()
    assert (empty.term("a"), empty.word("张量"), empty.readings("张"), empty.shelf("a", range(1, 9))) == (
        None,
        None,
        {},
        [],
    )
    empty.close()


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"no vocabulary" * 1000)
    with pytest.raises(DamagedError):
        Vocabulary.load(tmp_path / "v")
    with pytest.raises(DamagedError):
        Vocabulary.load(tmp_path / "missing")


# -- brought up to date

PACK = Lexicon(
    frozenset({"alpha", "阿尔法", "beta", "贝塔", "new york", "深度神经网络工具箱", "大箱"}),
    frozenset(),
    (frozenset({"alpha", "阿尔法"}), frozenset({"深度神经网络工具箱", "toolbox"}), frozenset({"大箱", "x" * 60})),
)


@pytest.fixture(scope="module")
def packed() -> BulkSegmenter:
    return BulkSegmenter(Segmenter(PACK))


@dataclass(frozen=True)
class Text:
    """A document: what its passages say, and its title and aliases."""

    passages: tuple[str, ...]
    names: tuple[str, ...] = ()


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = ["terms", "words", "sounds", "shelves", "characters", "state"]
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables[:5]
        } | {"state": connection.execute("SELECT * FROM state").fetchall()}


def update(path: Path, bulk: BulkSegmenter, added: Sequence[Text], gone: Sequence[Text], left: Sequence[Text]) -> None:
    """Bring the file up to date with documents that came and went, of which `left` are there now."""
    counts = Counts()
    for document in gone:
        counts.subtract(counted(bulk, (*document.names, *document.passages)))
    for document in added:
        counts.update(counted(bulk, (*document.names, *document.passages)))
    names: dict[str, str] = {}
    for document in left:
        for name in document.names:
            names.setdefault(fold(name), name)
    texts = [text for document in left for text in (*document.names, *document.passages)]
    held = {term for text in texts for term in bulk.cut(text).search_terms()}
    writer = VocabularyWriter(path, PACK, held.__contains__)
    writer.update(counts, names)
    writer.close()


def assert_as_written_anew(folder: Path, bulk: BulkSegmenter, steps: Sequence[Collection[Text]]) -> None:
    """Go from one state of the documents to the next, and compare the last with one written from nothing."""
    left: list[Text] = []
    for state in steps:
        wanted = sorted(state, key=lambda text: (text.names, text.passages))
        added, gone = [one for one in wanted if one not in left], [one for one in left if one not in state]
        update(folder / "changed", bulk, added, gone, wanted)
        left = wanted
    update(folder / "anew", bulk, left, [], left)
    assert everything(folder / "changed") == everything(folder / "anew")


PIECES = [
    *("PyTorch", "pytorch", "PYTORCH", "Jeff Dean", "jeff dean", "Jeff-Dean", "jeff", "tiny-dnn", "Tiny DNN", "C++"),
    *("New York", "new\u3000york", "Alpha", "beta", "ab", "ac", "ad", "ae", "af", "Édith", "Москва", "한글", "2015年"),
    *(
        "银行",
        "重庆",
        "神经网络",
        "绿色的女儿",
        "贾扬清",
        "阿尔法",
        "贝塔",
        "深度神经网络工具箱",
        "大箱",
        "。",
        "\n",
        "，",
    ),
    *("x" * 41, "7", "𠮷野家", "〇"),
]
NAMES = [
    "飞桨",
    "PyTorch",
    "PYTORCH",
    "Jeff Dean",
    "银行",
    "阿尔法",
    "alpha",
    "toolbox",
    "ad",
    "很长的一个标题",
    "x" * 60,
    "大箱",
]
TEXTS = st.builds(
    Text,
    st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join), max_size=3).map(tuple),
    st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
)


@st.composite
def histories(draw: st.DrawFn) -> list[set[Text]]:
    every = draw(st.lists(TEXTS, min_size=1, max_size=6, unique=True))
    return draw(st.lists(st.sets(st.sampled_from(every)), min_size=2, max_size=4))


@pytest.fixture
def few_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings of the characters above alone: a new file holds 20,000 rows of them."""
    characters, phrases = module._readings()
    few = {character: characters[character] for character in sorted({*"".join(PIECES + NAMES)} & characters.keys())}
    monkeypatch.setattr(module, "_readings", lambda: (few, phrases))


@pytest.mark.usefixtures("few_characters")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.sampled_from([1, 3, SHELF]))
def test_documents_that_come_and_go_leave_the_vocabulary_of_those_that_are_left(
    tmp_path_factory: pytest.TempPathFactory, packed: BulkSegmenter, history: list[set[Text]], shelf: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SHELF", shelf)
        assert_as_written_anew(tmp_path_factory.mktemp("v"), packed, history)


# of pairs of words that come in with many others, one that goes with the last word of its shelf
MANY = {Text(("ab ac。 ac ad。 ad ae",)), Text(("PyTorch",))}
FEW = {Text(("ab ac",))}


@pytest.mark.usefixtures("few_characters")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories())
@example([MANY, FEW])
@example([FEW, MANY])
def test_pairs_of_words_count_by_how_many_there_are_now(
    tmp_path_factory: pytest.TempPathFactory, packed: BulkSegmenter, history: list[set[Text]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PHRASES", 2)
        assert_as_written_anew(tmp_path_factory.mktemp("v"), packed, history)


def test_names_come_and_go_with_their_documents(tmp_path: Path, packed: BulkSegmenter) -> None:
    plain, named = Text(("PaddlePaddle 是 pytorch",)), Text(("银行",), ("飞桨", "PyTorch"))
    found = []
    for added, gone, left in (([plain], [], [plain]), ([named], [], [plain, named]), ([], [named], [plain])):
        update(tmp_path / "v", packed, added, gone, left)
        with closing(Vocabulary.load(tmp_path / "v")) as vocabulary:
            sounds = vocabulary.words_that_sound(["fei jiang", "yin hang"])
            words = {sound: [term.folded for term in terms] for sound, terms in sounds.items()}
            found.append((vocabulary.word("飞桨"), vocabulary.term("pytorch"), words))
    before = (None, Term("pytorch", "pytorch", 1, False), {})
    assert found == [
        before,
        (
            Term("飞桨", "飞桨", 1, True),
            Term("pytorch", "pytorch", 2, True),
            {"fei jiang": ["飞桨"], "yin hang": ["银行"]},
        ),
        before,
    ]


def test_a_name_that_no_passage_holds_has_a_row_until_its_document_goes(tmp_path: Path, packed: BulkSegmenter) -> None:
    for names, expected in (
        (
            {"飞桨": "飞桨", "tiny-dnn": "Tiny-DNN"},
            [Term("tiny-dnn", "Tiny-DNN", 0, True), Term("飞桨", "飞桨", 0, True)],
        ),
        ({"飞桨": "飛槳"}, [Term("飞桨", "飛槳", 0, True)]),
        ({}, []),
    ):
        writer = VocabularyWriter(tmp_path / "v", PACK, lambda word: False)
        writer.update(Counts(), names)
        writer.close()
        with closing(Vocabulary.load(tmp_path / "v")) as vocabulary:
            assert list(vocabulary.all_terms()) == expected


def test_names_of_the_pack_go_with_the_last_document_that_holds_one_of_their_group(
    tmp_path: Path, packed: BulkSegmenter
) -> None:
    one, other = Text(("Alpha",)), Text(("深度神经网络工具箱",))  # the second has no row: the passages are asked
    found = []
    for added, gone, left in (([one, other], [], [one, other]), ([], [one], [other]), ([], [other], [])):
        update(tmp_path / "v", packed, added, gone, left)
        with closing(Vocabulary.load(tmp_path / "v")) as vocabulary:
            found.append((vocabulary.word("阿尔法"), vocabulary.term("toolbox")))
    assert found == [
        (Term("阿尔法", "阿尔法", 0, True), Term("toolbox", "toolbox", 0, True)),
        (None, Term("toolbox", "toolbox", 0, True)),
        (None, None),
    ]


def test_counts_taken_away_leave_nothing(packed: BulkSegmenter) -> None:
    texts = ["PyTorch 由 Jeff Dean 说起。", "重庆的银行，Jeff Dean"]
    counts = counted(packed, texts)
    counts.subtract(counted(packed, reversed(texts)))
    assert not any((*counts.words.values(), *counts.forms.values(), *counts.pairs.values()))


def test_an_index_without_a_latin_word_opens_at_once(invoke: Invoke, tmp_path: Path) -> None:
    """An empty table among large ones: whoever asks all of them in one join asks for ever."""
    text = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS.glob("*.md"))
    write_files(tmp_path / "files", {"a.txt": re.sub(r"[\x00-\x7f]+", "", text)})
    invoke("build", tmp_path / "files", "--index", tmp_path / "i")
    with closing(Vocabulary.load(next((tmp_path / "i").glob("generation-*")) / VOCABULARY)) as vocabulary:
        assert vocabulary.word("框架")
