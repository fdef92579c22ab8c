import pytest

from assistant.understanding.question import Question
from corpus.lexicon import Lexicon
from corpus.words import Segmenter

STOPWORDS = frozenset(("是", "谁", "的", "和", "与", "跟", "有", "什么", "在", "哪里", "哪个", "都", "怎么", "还是"))


@pytest.fixture(scope="module")
def plain() -> Segmenter:
    names = frozenset({"acme", "艾克米"})
    return Segmenter(Lexicon(names, STOPWORDS, (names,)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Vim 是谁开发的", ["vim"]),
        ("Jeff Dean 在哪里工作", ["jeff dean"]),
        ("Python 3.11 和 Java 什么关系", ["python 3.11", "java"]),
        ("艾克米是谁创办的", ["艾克米"]),
        ("糖尿病怎么治疗", ["糖尿病"]),
        # set beside each other
        ("动物和植物有什么区别", ["动物", "植物"]),
        ("养老保险与医疗保险缴费比例有何不同", ["养老保险", "医疗保险"]),
        ("Go、Rust 和 C++ 哪个更快", ["go", "rust", "c++"]),
        ("选 Go 还是 Rust", ["go", "rust"]),
        ("Go比Rust好在哪", ["go", "rust"]),
        # a joint that compares nothing
        ("动物和植物怎么养", ["动物"]),
        ("", []),
        ("是什么", []),
    ],
)
def test_what_a_question_is_about(plain: Segmenter, text: str, names: list[str]) -> None:
    assert [subject.text for subject in Question.read(text, plain).subjects] == names


def test_a_subject_tells_where_it_stands(plain: Segmenter) -> None:
    (subject,) = Question.read("谁是 Jeff  Dean", plain).subjects
    assert (subject.start, subject.end) == (3, 12)
    assert subject.text == "jeff dean"
