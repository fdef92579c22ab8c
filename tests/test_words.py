import random
import re
import sys
from itertools import pairwise
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.lexicon import SHIPPED, Lexicon, fold
from corpus.words import Origin, Segmenter, embedding_terms, is_han, search_terms, stretches
from tests.conftest import DOCUMENTS, run_process, write_files

PLAIN = Lexicon(frozenset(), frozenset(), ())


@pytest.fixture(scope="module")
def plain(cache: Path) -> Segmenter:
    return Segmenter(PLAIN, cache=cache)


@pytest.fixture(scope="module")
def oracle() -> jieba.Tokenizer:
    """jieba as it comes, with the dictionary that it loads itself."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def cut(segmenter: Segmenter, text: str) -> list[str]:
    return [word.folded for word in segmenter.words(text)]


def test_the_compiled_dictionary_cuts_like_jieba_with_its_own(plain: Segmenter, oracle: jieba.Tokenizer) -> None:
    text = fold("".join(path.read_text(encoding="utf-8") for path in sorted(DOCUMENTS.glob("*.md"))))
    runs = sorted(set(re.findall(r"[\u4e00-\u9fff]+", text)))
    assert sum(map(len, runs)) > 10_000
    letters = random.Random(7)
    words = sorted(oracle.FREQ)
    runs += ["".join(letters.choices(words, k=4)) for _ in range(500)]  # words of the dictionary, side by side
    runs = [run for run in runs if is_han(run) and fold(run) == run]
    different = [run for run in runs if cut(plain, run) != list(oracle.cut(run))]
    assert different == []


def test_the_compiled_dictionary_holds_jiebas_words_prefixes_and_total(
    plain: Segmenter, oracle: jieba.Tokenizer
) -> None:
    ours = plain._jieba.FREQ
    assert plain._jieba.total == oracle.total
    assert {word: ours[word] for word in oracle.FREQ} == oracle.FREQ
    assert len(ours) == len(oracle.FREQ)
    for absent in ("没这个词语", "tensorflow", "𠮷𠮷"):
        assert absent not in ours
        assert ours.get(absent) is None


@pytest.mark.parametrize("damage", [lambda data: data[:1000], lambda data: data[:-1] + b"\xff"])
def test_a_damaged_cache_is_made_again(tmp_path: Path, cache: Path, damage) -> None:
    (whole,) = cache.glob("jieba-*.trie")
    broken = tmp_path / whole.name
    broken.write_bytes(damage(whole.read_bytes()))
    segmenter = Segmenter(PLAIN, cache=tmp_path)
    assert cut(segmenter, "我来到北京清华大学") == ["我", "来到", "北京", "清华大学"]
    assert broken.read_bytes() == whole.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [whole.name]


def test_a_cache_that_cannot_be_written_or_read_costs_time_only(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert cut(Segmenter(PLAIN, cache=blocked / "cache"), "机器学习") == ["机器", "学习"]
    assert blocked.read_text() == "not a folder"


def test_segmenting_prints_nothing_and_leaves_nothing_in_the_shared_temporary_folder(
    tmp_path: Path, cache: Path
) -> None:
    script = (
        "from pathlib import Path; from corpus.lexicon import Lexicon, SHIPPED; from corpus.words import Segmenter;"
        f"Segmenter(Lexicon.load(SHIPPED), cache=Path({str(cache)!r})).words('深度学习框架 PyTorch')"
    )
    done = run_process([sys.executable, "-W", "error", "-c", script], TMPDIR=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++ 和 C# 与 tiny-dnn", ["c++", "和", "c#", "与", "tiny-dnn"]),
        ("fast.ai、PyTorch-1.0、1.0", ["fast.ai", "pytorch-1.0", "1.0"]),
        ("Caffe与Caffe2有16000台", ["caffe", "与", "caffe2", "有", "16000", "台"]),
        ("占3.5%，R&D，TCP/IP。", ["占", "3.5%", "r&d", "tcp/ip"]),
        ("ＴｅｎｓｏｒＦｌｏｗ２．０", ["tensorflow2.0"]),
        ("Jean·Luc 与 Straße", ["jean·luc", "与", "straße"]),
        ("…！？ \t\n——", []),
        ("", []),
    ],
)
def test_latin_names_versions_and_numbers_are_found_first(plain: Segmenter, text: str, words: list[str]) -> None:
    assert cut(plain, text) == words


def test_words_of_a_user_are_kept_whole_also_with_spaces(tmp_path: Path, cache: Path) -> None:
    pack = write_files(
        tmp_path, {"words.txt": "PyTorch 1.0\n大鱼海棠树\nA股 市场\n", "aliases.tsv": "吴恩达\tAndrew Ng\n"}
    )
    segmenter = Segmenter(Lexicon.load(pack), cache=cache)
    assert cut(segmenter, "用pytorch 1.0看大鱼海棠树") == ["用", "pytorch 1.0", "看", "大鱼海棠树"]
    assert cut(segmenter, "Andrew  Ng 和 ANDREW NG，a股 市场") == ["andrew", "ng", "和", "andrew ng", "a股 市场"]
    assert cut(segmenter, "pytorch 1.01 xpytorch 1.0") == ["pytorch", "1.01", "xpytorch", "1.0"]
    assert "大鱼海棠树" not in cut(Segmenter(PLAIN, cache=cache), "看大鱼海棠树")


def test_the_longest_of_overlapping_phrases_wins(cache: Path) -> None:
    segmenter = Segmenter(Lexicon(frozenset({"deep learning", "deep learning 4 java"}), frozenset(), ()), cache=cache)
    assert cut(segmenter, "deep learning 4 java, deep learning") == ["deep learning 4 java", "deep learning"]


def test_every_word_of_the_shipped_pack_stays_whole_when_it_stands_alone(segmenter: Segmenter) -> None:
    broken = {word: cut(segmenter, word) for word in segmenter.lexicon.words if cut(segmenter, word) != [word]}
    assert {word: pieces for word, pieces in broken.items() if len(pieces) != len(word.split("·"))} == {}


MIXED = st.text(
    st.sampled_from("深度学习框架的是北京大学在abcXYZ0129.+-#%&·/_ 　，。！？\n\t學習Ａ１．𠮷\ud800é") | st.characters()
)


@given(MIXED)
def test_a_word_stands_in_the_text_where_it_says(segmenter: Segmenter, text: str) -> None:
    words = segmenter.words(text)
    place = 0
    for word in words:
        assert place <= word.start < word.end <= len(text)
        assert fold(text[word.start : word.end]) == word.folded
        place = word.end
    left = set(range(len(text))) - {i for word in words for i in range(word.start, word.end)}
    lost = [fold(text[i]) for i in sorted(left)]
    assert not [one for one in lost if is_han(one) or (one.isascii() and one.isalnum())]


@given(MIXED)
def test_search_terms_hold_every_word_character_and_pair(segmenter: Segmenter, text: str) -> None:
    words = segmenter.words(text)
    terms = set(search_terms(words))
    assert {word.folded for word in words if len(word.folded) > 1 or not is_han(word.folded)} <= terms
    for run in re.findall(r"[\u4e00-\u9fff]+", "".join(w.folded if is_han(w.folded) else " " for w in words)):
        assert set(run) <= terms
    for one, other in pairwise(words):
        if is_han(one.folded) and is_han(other.folded) and one.end == other.start:
            assert one.folded[-1] + other.folded[0] in terms


def test_search_terms_of_an_example(plain: Segmenter) -> None:
    words = plain.words("2018年，tiny-dnn用机器学习，TensorFlow2.0")
    assert [word.folded for word in words] == ["2018", "年", "tiny-dnn", "用", "机器", "学习", "tensorflow2.0"]
    assert search_terms(words) == [
        "2018",
        *("2018年", "年"),
        *("tiny-dnn", "tiny", "dnn"),
        *("机器", "学习"),
        *("用", "机", "器", "学", "习", "用机", "机器", "器学", "学习"),
        *("tensorflow2.0", "tensorflow", "2.0"),
    ]
    assert search_terms([]) == []


def test_chinese_parted_by_punctuation_makes_no_pair(plain: Segmenter) -> None:
    assert "京上" not in search_terms(plain.words("北京，上海"))
    assert "京上" in search_terms(plain.words("北京上海"))


def test_embedding_terms_are_words_parts_and_single_characters(plain: Segmenter) -> None:
    words = plain.words("学习fast.ai的caffe2")
    assert embedding_terms(words) == ["学习", "学", "习", "fast.ai", "fast", "ai", "的", "caffe2"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("caffe2", []),
        ("windows10", ["windows", "10"]),
        ("1.0.3", []),
        ("tcp/ip", ["tcp", "ip"]),
        ("c++", []),
        ("x-deep", ["deep"]),
    ],
)
def test_latin_names_are_also_found_by_a_part_worth_searching(plain: Segmenter, name: str, parts: list[str]) -> None:
    assert search_terms(plain.words(name)) == [name, *parts]


def test_rare_words_count_more_and_unknown_ones_most(plain: Segmenter) -> None:
    counts = {"的": 318825, "神经网络": 3}
    assert plain._jieba.FREQ["的"] == counts["的"]
    assert plain.rarity("的") < plain.rarity("学习") < plain.rarity("tensorflow")
    assert plain.rarity("tensorflow") == pytest.approx(17.9116, abs=1e-3)  # log(60101967)
    assert plain.rarity("的") == pytest.approx(5.2392, abs=1e-3)  # log(60101967 / 318826)


def test_a_changed_pack_cuts_like_one_made_anew(segmenter: Segmenter, cache: Path) -> None:
    lexicon = Lexicon(frozenset({"大鱼海棠树", "new york"}), frozenset(), ())
    changed, anew = segmenter.changed(lexicon, lexicon.words), Segmenter(lexicon, cache=cache)
    text = "深度学习框架里的大鱼海棠树 New York，PyTorch 1.0 与 Google 大脑"
    assert cut(changed, text) == cut(anew, text)
    assert cut(changed, text) != cut(segmenter, text)
    assert changed.fingerprint == anew.fingerprint


def test_an_older_word_list_cuts_as_it_did_and_the_pack_keeps_its_meaning(cache: Path) -> None:
    lexicon = Lexicon(frozenset({"大鱼海棠树", "火炬派"}), frozenset({"的"}), (frozenset({"火炬派", "pytorch"}),))
    segmenter = Segmenter(lexicon, words=["大鱼海棠树"], cache=cache)
    assert cut(segmenter, "火炬派的大鱼海棠树") == ["火炬", "派", "的", "大鱼海棠树"]
    assert segmenter.lexicon.other_names("火炬派") == ("pytorch",)
    former = Lexicon(frozenset({"大鱼海棠树"}), frozenset(), ())
    assert segmenter.fingerprint == segmenter.fingerprint_with({"大鱼海棠树"}) == Segmenter(former).fingerprint


def test_names_are_kept_whole_for_one_question_only(plain: Segmenter) -> None:
    text = "火炬派对X 项目（Y）和new york有何帮助"
    before = cut(plain, text)
    knowing = plain.knowing([frozenset({"火炬派", "pytorch"})], ["火炬派", "x 项目(y", "new york"])
    assert cut(knowing, text) == ["火炬派", "对", "x 项目(y", "和", "new york", "有何", "帮助"]
    assert knowing.lexicon.other_names("火炬派") == ("pytorch",)
    assert cut(plain, text) == before
    assert "火炬派" not in before
    assert plain.lexicon.other_names("火炬派") == ()


@pytest.mark.parametrize(
    ("word", "origin"),
    [
        ("的", Origin.STOP),
        ("大鱼海棠树", Origin.PACK),
        ("题目", Origin.TITLE),
        ("3.5%", Origin.NUMBER),
        ("v2", Origin.NUMBER),
        ("caffe2", Origin.LATIN),
        ("北京", Origin.DICTIONARY),
        ("没这个词语", Origin.UNKNOWN),
    ],
)
def test_a_word_is_told_by_what_it_was_taken_for(cache: Path, word: str, origin: Origin) -> None:
    lexicon = Lexicon(frozenset({"大鱼海棠树"}), frozenset({"的"}), ())
    segmenter = Segmenter(lexicon, cache=cache).knowing([frozenset({"题目", "标题"})], [])
    assert segmenter.origin(word) is origin


def test_stretches_begin_and_end_with_chinese_characters_or_whole_latin_names() -> None:
    assert list(stretches("用c++ 和", longest=40)) == ["用", "用c++", "用c++ 和", "c++", "c++ 和", "和"]
    assert list(stretches("甲，乙丙", longest=2)) == ["甲", "乙", "乙丙", "丙"]
    assert list(stretches("。", longest=9)) == []


def test_the_fingerprint_tells_word_lists_apart_and_nothing_else(cache: Path, plain: Segmenter) -> None:
    assert Segmenter(PLAIN, cache=cache).fingerprint == plain.fingerprint
    assert Segmenter(Lexicon(frozenset({"新词"}), frozenset(), ()), cache=cache).fingerprint != plain.fingerprint
    assert Segmenter(Lexicon.load(SHIPPED), cache=cache).fingerprint != plain.fingerprint
