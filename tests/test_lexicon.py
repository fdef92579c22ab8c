import opencc
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.errors import InputError
from corpus.lexicon import FILES, SHIPPED, Lexicon, Line, fold, lines
from tests.conftest import DOCUMENTS, write_files


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("深度學習框架", "深度学习框架"),
        ("ＰｙＴｏｒｃｈ　１．０", "pytorch 1.0"),
        ("TensorFlow", "tensorflow"),
        ("臺灣大學", "台湾大学"),
        ("ｶ", "カ"),
        ("，。？！", ",。?!"),
        ("ÉCOLE ΣΑΣ Ж", "école σασ ж"),
        ("①½", "1½"),  # ½ would become three characters, so it stays
        ("ﬁ", "ﬁ"),
        ("İ", "İ"),  # two characters in lower case
    ],
)
def test_folding_makes_simplified_half_width_lower_case(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(st.characters()))
@example("\ud800深\udfff度")
@example("𠮷野家 👨‍👩‍👧 乾隆")
def test_folding_keeps_the_length_and_repeating_it_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(st.text(st.characters()), st.text(st.characters()))
def test_folding_does_not_look_at_neighbours(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


def test_lone_surrogates_survive_folding() -> None:
    assert fold("a\ud83dB\udc00") == "a\ud83db\udc00"


def test_a_shipped_document_put_into_traditional_script_folds_like_the_original() -> None:
    text = (DOCUMENTS / "tensorflow.md").read_text(encoding="utf-8")
    traditional = opencc.OpenCC("s2t").convert(text)
    assert traditional != text
    folded, expected = fold(traditional), fold(text)
    # one character at a time, 憑藉 does not become 凭借
    assert {pair for pair in zip(folded, expected, strict=True) if pair[0] != pair[1]} <= {("藉", "借")}


def test_a_language_pack_is_read_with_comments_blanks_and_a_byte_order_mark(tmp_path) -> None:
    write_files(
        tmp_path,
        {
            "words.txt": "\ufeff# 说明\n\n  量子糾纏  \nPyTorch 1.0\n",
            "stopwords.txt": "什麼\n#的\n",
            "aliases.tsv": "# 名称\nApple\t 蘋果公司 \t\nonly-one\n北大\t北京大学\n",
        },
    )
    lexicon = Lexicon.load(tmp_path)
    assert lexicon.stopwords == {"什么"}
    assert lexicon.aliases == (frozenset({"apple", "苹果公司"}), frozenset({"北大", "北京大学"}))
    assert lexicon.words == {"量子纠缠", "pytorch 1.0", "apple", "苹果公司", "北大", "北京大学"}


@pytest.mark.parametrize("name", ["words.txt", "stopwords.txt", "aliases.tsv"])
def test_a_language_pack_that_is_not_utf8_is_an_error_that_names_its_file(tmp_path, name: str) -> None:
    (tmp_path / name).write_bytes("你好\t您好\n".encode("gb18030"))
    with pytest.raises(InputError, match=name.replace(".", r"\.") + ".*另存为 UTF-8"):
        Lexicon.load(tmp_path)


def test_each_name_of_a_thing_leads_to_its_others(tmp_path) -> None:
    lexicon = Lexicon.load(write_files(tmp_path, {"aliases.tsv": "A\tB\tC\nC\tD\n"}))
    assert lexicon.other_names("a") == ("b", "c")
    assert lexicon.other_names("c") == ("a", "b", "d")
    assert lexicon.other_names("d") == ("c",)
    assert lexicon.other_names("x") == ()


def test_names_that_documents_give_themselves_join_the_others_and_leave_the_pack_as_it_was(tmp_path) -> None:
    lexicon = Lexicon.load(write_files(tmp_path, {"aliases.tsv": "A\tB\n", "synonyms.tsv": "A\tS\n"}))
    more = lexicon.naming([frozenset({"a", "题目"})])
    assert more.other_names("a") == ("b", "s", "题目")
    assert more.other_names("题目") == ("a",)
    assert lexicon.other_names("a") == ("b", "s")
    assert [more.is_name(word) for word in ("a", "题目", "s", "x")] == [True, True, False, False]
    assert not lexicon.is_name("题目")


def test_every_entry_knows_its_line(tmp_path) -> None:
    path = write_files(tmp_path, {"aliases.tsv": "# 说明\n\nApple\t蘋果公司\tapple\n"}) / "aliases.tsv"
    assert lines(path) == [Line(path, 3, "Apple\t蘋果公司\tapple", ("apple", "苹果公司"))]
    assert lines(tmp_path / "none.txt") == []


@pytest.mark.parametrize(
    ("name", "line", "fault"),
    [
        ("aliases.tsv", "PyTorch\t火炬派", ""),
        ("aliases.tsv", "PyTorch", "lexicon-single"),
        ("aliases.tsv", "PyTorch\tPYTORCH\t", "lexicon-single"),
        ("aliases.tsv", "PyTorch  火炬派", "lexicon-gap"),
        ("synonyms.tsv", "快，迅速", "lexicon-gap"),
        ("words.txt", "PyTorch 1.0", ""),
        ("words.txt", "深度\t学习", "lexicon-tab"),
        ("stopwords.txt", "什么\t啥", "lexicon-tab"),
    ],
)
def test_a_line_that_has_no_effect_tells_why(tmp_path, name: str, line: str, fault: str) -> None:
    (entry,) = lines(write_files(tmp_path, {name: line + "\n"}) / name)
    assert entry.fault == fault
    empty = Lexicon(frozenset(), frozenset(), ())
    assert (Lexicon.load(tmp_path) == empty) is bool(fault)


def test_no_line_of_the_shipped_pack_is_without_effect_or_names_two_things() -> None:
    entries = [line for name in FILES for line in lines(SHIPPED / name)]
    assert [line for line in entries if line.fault] == []
    names = [name for group in Lexicon.load(SHIPPED).aliases for name in group]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("张量流", ("tensorflow", "tf")),
        ("yangqing jia", ("jia yangqing", "贾扬清")),
        ("li mu", ("mu li", "李沐")),
        ("肖莱", ("chollet", "francois chollet", "françois chollet", "弗朗索瓦·肖莱")),
        ("树莓派", ("raspberry pi",)),
        ("清华", ("tsinghua", "tsinghua university", "清华大学")),
    ],
)
def test_what_the_shipped_documents_name_is_known_in_both_scripts(name: str, others: tuple[str, ...]) -> None:
    assert Lexicon.load(SHIPPED).other_names(name) == others


def test_a_user_folder_adds_to_the_shipped_pack_and_a_missing_one_is_empty(tmp_path) -> None:
    user = write_files(tmp_path / "user", {"words.txt": "绝无仅有词\n"})
    shipped, both = Lexicon.load(SHIPPED), Lexicon.load(SHIPPED, user)
    assert both.words - shipped.words == {"绝无仅有词"}
    assert shipped.words <= both.words
    assert Lexicon.load(tmp_path / "none") == Lexicon(frozenset(), frozenset(), ())


def test_the_shipped_pack_holds_words_stop_words_and_aliases() -> None:
    lexicon = Lexicon.load(SHIPPED)
    assert "深度学习" in lexicon.words
    assert "什么" in lexicon.stopwords
    assert lexicon.other_names("飞桨") == ("paddlepaddle", "百度飞桨")
    assert not lexicon.stopwords & {name for names in lexicon.aliases for name in names}
