import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.spelling import Correction, Reason, correct
from corpus.words import Segmenter, is_han
from index.embedding import StaticModel
from index.search import Searcher
from index.store import Store
from index.vocabulary import is_latin
from tests.conftest import DOCUMENTS, Keywords, build_index, run_process, write_files

ABSENT = "TensorRT Julia OpenCV Rust JAX Flink Sklearn Caffe3 Keras2 Hadoop Redis TVM ncnn C++ C# GPT-4 Andy React"
WORDS = "身高 股价 估价 电话 天气 食谱 市值 马斯克的身高是多少 明天北京的天气怎么样 为甚么是这样"


@pytest.fixture(scope="module")
def searcher(shipped_index: Path, segmenter: Segmenter, static_model: StaticModel) -> Searcher:
    return Store(shipped_index).open(segmenter, static_model).searcher


def searcher_over(folder: Path, segmenter: Segmenter, text: str) -> Searcher:
    embedder = Keywords("鲸鱼")
    build_index(folder / "i", write_files(folder / "files", {"a.md": text}), segmenter, embedder)
    return Store(folder / "i").open(segmenter, embedder).searcher


@pytest.mark.parametrize(
    ("text", "written", "meant", "reason"),
    [
        ("tensorfow是什么", "tensorfow", "TensorFlow", Reason.TYPO),
        ("Pytroch 好吗", "Pytroch", "PyTorch", Reason.TYPO),
        ("kears 和 Theano", "kears", "Keras", Reason.TYPO),
        ("PaddelPaddle 是谁做的", "PaddelPaddle", "PaddlePaddle", Reason.TYPO),
        ("Theno", "Theno", "Theano", Reason.TYPO),
        ("Cafee", "Cafee", "Caffe", Reason.TYPO),
        ("py troch", "py troch", "PyTorch", Reason.TYPO),
        ("tensor folw", "tensor folw", "TensorFlow", Reason.TYPO),
        ("padle padle", "padle padle", "PaddlePaddle", Reason.TYPO),
        ("chianer", "chianer", "Chainer", Reason.TYPO),
        ("ensorflow", "ensorflow", "TensorFlow", Reason.TYPO),
        ("tnesorfolw", "tnesorfolw", "TensorFlow", Reason.TYPO),
        ("tensorfow2.0 何时发布", "tensorfow", "TensorFlow", Reason.TYPO),
        ("keras/theno", "theno", "Theano", Reason.TYPO),
        ("ＴＥＮＳＯＲＦＯＷ", "ＴＥＮＳＯＲＦＯＷ", "TensorFlow", Reason.TYPO),
        ("mx net 快吗", "mx net", "MXNet", Reason.SPACING),
        ("py torch", "py torch", "PyTorch", Reason.SPACING),
        ("py\u3000torch", "py\u3000torch", "PyTorch", Reason.SPACING),
        ("tensor-flow", "tensor-flow", "TensorFlow", Reason.SPACING),
        ("DL 4J", "DL 4J", "DL4J", Reason.SPACING),
        ("fast ai", "fast ai", "FastAI", Reason.SPACING),
        ("tiny dnn", "tiny dnn", "tiny-dnn", Reason.SPACING),
        ("tinydnn", "tinydnn", "tiny-dnn", Reason.SPACING),
        ("caffe 2 是什么", "caffe 2", "Caffe2", Reason.SPACING),
        ("googlebrain", "googlebrain", "Google Brain", Reason.SPACING),
        ("K e r a s", "K e r a s", "Keras", Reason.SPACING),
        ("贾杨清是谁", "贾杨清", "贾扬清", Reason.SOUND),
        ("章量是什么", "章量", "张量", Reason.SOUND),
        ("神精网络", "神精网络", "神经网络", Reason.SOUND),
        ("飞浆是谁开发的", "飞浆", "飞桨", Reason.SOUND),
        ("陈天其是谁", "陈天其", "陈天奇", Reason.SOUND),
        ("賈楊清是誰", "賈楊清", "賈扬清", Reason.SOUND),
    ],
)
def test_what_is_misspelled_is_repaired_and_told(
    text: str, written: str, meant: str, reason: Reason, segmenter: Segmenter, searcher: Searcher
) -> None:
    assert correct(text, segmenter, searcher) == (
        text.replace(written, meant, 1),
        (Correction(written, meant, reason),),
    )


@pytest.mark.parametrize("name", ABSENT.split())
def test_a_real_name_that_the_documents_lack_stays(name: str, segmenter: Segmenter, searcher: Searcher) -> None:
    assert correct(f"{name} 是什么", segmenter, searcher) == (f"{name} 是什么", ())


@pytest.mark.parametrize("word", WORDS.split())
def test_a_real_word_that_the_documents_lack_stays(word: str, segmenter: Segmenter, searcher: Searcher) -> None:
    assert correct(word, segmenter, searcher) == (word, ())


@pytest.mark.parametrize(
    "text",
    [
        "Caffe 2 个月前",
        "Caffe 2 月发布",
        "PyTorch 1.0",
        "Google Brain",
        "Google JAX",
        "PyPy Torch",
        "Caffe, 2",
        "",
        "☃",
    ],
)
def test_what_is_apart_for_a_reason_stays_apart(text: str, segmenter: Segmenter, searcher: Searcher) -> None:
    assert correct(text, segmenter, searcher) == (text, ())


def test_several_corrections_come_in_order(segmenter: Segmenter, searcher: Searcher) -> None:
    text, corrections = correct("贾杨清写的 kears 和 mx net？", segmenter, searcher)
    assert text == "贾扬清写的 Keras 和 MXNet？"
    assert [one.reason for one in corrections] == [Reason.SOUND, Reason.TYPO, Reason.SPACING]


def test_pieces_that_the_documents_write_apart_too_stay_apart(tmp_path: Path, segmenter: Segmenter) -> None:
    searcher = searcher_over(tmp_path, segmenter, "Deep Blue 与 DeepBlue 是两回事。\n")
    assert correct("deep blue", segmenter, searcher) == ("deep blue", ())


def test_digits_are_never_edited(tmp_path: Path, segmenter: Segmenter) -> None:
    searcher = searcher_over(tmp_path, segmenter, "Windows98 与 Libretto50 都旧了。\n")
    assert correct("Windows95 Libretto70", segmenter, searcher)[1] == ()
    assert correct("Windosw98", segmenter, searcher)[0] == "Windows98"


def test_of_two_names_as_near_a_title_comes_first(tmp_path: Path, segmenter: Segmenter) -> None:
    searcher = searcher_over(tmp_path, segmenter, "---\ntitle: Marlin\n---\n\nMerlin, Merlin。\n\nMerlin。\n")
    assert correct("Mrlin", segmenter, searcher)[0] == "Marlin"


def test_a_rough_sound_repairs_one_character_of_three(tmp_path: Path, segmenter: Segmenter) -> None:
    searcher = searcher_over(tmp_path, segmenter, "---\ntitle: 林清玄\n---\n\n林清玄写散文。\n")
    assert correct("林亲玄是谁", segmenter, searcher)[0] == "林清玄是谁"
    assert correct("宁亲玄是谁", segmenter, searcher)[1] == ()


def test_a_word_of_the_documents_within_a_stretch_stays(segmenter: Segmenter, searcher: Searcher) -> None:
    for text, meant in (("微软任知工具包", "微软认知工具包"), ("谷歌大恼", "谷歌大脑")):
        assert correct(text, segmenter, searcher)[0] == meant


def held_words(segmenter: Segmenter) -> list[str]:
    words = {
        text[word.start : word.end]
        for path in DOCUMENTS.glob("*.md")
        for text in [path.read_text(encoding="utf-8").split("---", 2)[2]]
        for word in segmenter.words(text)
        if is_latin(word.folded) or (is_han(word.folded) and len(word.folded) > 1)
    }
    return sorted(words)


@given(data=st.data())
def test_words_that_the_documents_hold_are_never_changed(
    data: st.DataObject, segmenter: Segmenter, searcher: Searcher
) -> None:
    text = "，".join(data.draw(st.lists(st.sampled_from(held_words(segmenter)), max_size=6)))
    assert correct(text, segmenter, searcher) == (text, ())


MIXED = st.lists(
    st.sampled_from([*"贾杨清章量神精网络是谁的 -.2４Ａ", "kears", "mx", "net", "Pytroch", "框架"])
    | st.text(max_size=3)
)


@given(left=MIXED, right=MIXED)
def test_each_clause_is_read_by_itself(
    left: list[str], right: list[str], segmenter: Segmenter, searcher: Searcher
) -> None:
    one, other = "".join(left), "".join(right)
    (first, some), (second, more) = (correct(text, segmenter, searcher) for text in (one, other))
    assert correct(f"{one}。{other}", segmenter, searcher) == (f"{first}。{second}", some + more)


@given(text=MIXED.map("".join))
def test_what_is_not_replaced_stays_character_for_character(
    text: str, segmenter: Segmenter, searcher: Searcher
) -> None:
    corrected, corrections = correct(text, segmenter, searcher)
    places = {(0, 0)}  # where the two texts may stand after each correction
    for one in corrections:
        places = {
            (at + len(one.written), to + len(one.meant))
            for before, after in places
            for at in range(before, len(text) + 1)
            for to in [after + at - before]
            if text.startswith(one.written, at) and corrected.startswith(one.meant, to)
            if text[before:at] == corrected[after:to]
        }
    assert any(text[at:] == corrected[to:] for at, to in places)


def test_a_question_without_unknown_words_imports_neither_rapidfuzz_nor_pypinyin(shipped_index: Path) -> None:
    script = (
        "import sys\nfrom training.squad import make_segmenter, searcher\nfrom pathlib import Path\n"
        "from assistant.understanding.spelling import correct\n"
        "s = make_segmenter(); i = searcher(Path(sys.argv[1]), s)\n"
        "correct('PyTorch 是谁开发的', s, i); assert not {'rapidfuzz', 'pypinyin'} & set(sys.modules)\n"
        "assert correct('kears 章量', s, i)[0] == 'Keras 张量'; assert 'pypinyin' not in sys.modules"
    )
    done = run_process([sys.executable, "-W", "ignore", "-c", script, shipped_index])
    assert (done.returncode, done.stderr) == (0, b"")
