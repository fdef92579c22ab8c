from pathlib import Path

import pytest

from corpus.lexicon import Lexicon
from corpus.words import Segmenter
from index.catalog import DamagedError
from index.store import Store
from index.vocabulary import (
    LONGEST_KEY,
    SHELF,
    Term,
    Vocabulary,
    VocabularyWriter,
    is_latin,
    rough,
    sounds_of,
    squeeze,
)
from tests.conftest import Keywords, build_index, write_files

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


def made(tmp_path: Path, segmenter: Segmenter, *texts: str, names: tuple[str, ...] = ()) -> Vocabulary:
    writer = VocabularyWriter(segmenter.lexicon)
    for text in texts:
        writer.add(text, segmenter.words(text))
    for name in names:
        writer.name(name)
    writer.save(tmp_path / "v")
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
