import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Section
from corpus.reading import read
from corpus.splitting import LONG_SENTENCE, LONGEST_SENTENCE, PASSAGE_LENGTH, sentences, split
from tests.conftest import DOCUMENTS, read_text


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["PyTorch 1.0 已经发布。", "它很好！", "真的吗？", "……是的。"],
        ["PyTorch 1.0 and fast.ai are out.", "They are good.", "Really?", "Yes!"],
        ["版本 3.11.2 支持 C++、tiny-dnn 和 U.S.A 等，占 3.5%。", "完。"],
        ["他说：“今天很好！我们走吧。”", "然后走了。"],
        ["“好？”他问道。", "没人回答。"],
        ["《你好，李焕英！》是一部电影。", "票房很高。"],
        ["结果很好（见下文。还有附录！）并且稳定。", "完。"],
        ["真的？！", "太好了！！！", "他说：「好。」", "走。"],
        ["Dr. Wang met Mr. Li, see Fig. 3, in Rome.", "Then he left."],
        ["1. 第一条说明。", "2. 第二条说明。"],
        ["用 e.g. 举例，J. Smith 和作者K. Li 说。", "对。"],
        ["地址是 http://a.b/c?d=e!f 这个。", "对。"],
        ["它由 Google.", "后来开源。"],
    ],
)
def test_sentences_end_where_a_reader_says(parts: list[str]) -> None:
    assert cut("".join(part + (" " if part[-1].isascii() else "") for part in parts)) == parts


def test_a_line_end_ends_a_sentence_in_lists_tables_and_headings() -> None:
    assert cut("名 | 年\n甲 | 1.0\n\n- 一，二\n- 三\n没有句号") == [
        "名 | 年",
        "甲 | 1.0",
        "- 一，二",
        "- 三",
        "没有句号",
    ]


def test_a_quotation_mark_that_never_closes_hides_no_sentence_end() -> None:
    assert cut("他说：“一。二。\n三。") == ["他说：“一。", "二。", "三。"]


def test_a_sentence_of_120_characters_stays_whole() -> None:
    text = "长" * 59 + "；" + "长" * 59 + "。"
    assert len(text) == LONG_SENTENCE
    assert cut(text) == [text]


def test_a_longer_sentence_is_cut_at_semicolons_first() -> None:
    parts = ["甲，" * 20 + "一；", "乙，" * 20 + "二；", "丙，" * 30 + "三。"]
    assert cut("".join(parts)) == [parts[0] + parts[1], parts[2]]


def test_a_part_without_semicolons_is_cut_at_commas_into_as_few_as_fit() -> None:
    clause = "九个字的一个分句吧，"
    text = clause * 25 + "完。"
    assert [len(part) for part in cut(text)] == [120, 120, 12]
    assert "".join(cut(text)) == text


def test_a_sentence_without_any_mark_is_cut_at_200() -> None:
    assert [len(part) for part in cut("字" * 450)] == [200, 200, 50]
    assert [len(part) for part in cut("字" * 200)] == [200]


TEXT = st.lists(
    st.sampled_from(
        [
            *"。！？；，.!?;,“”「」（）()《》\n \t　\u2028…、|",
            "字" * 9,
            "长" * 130,
            "1.0",
            "PyTorch",
            "Mr.",
            "e.g.",
            "2.",
        ]
    )
    | st.characters(),
    max_size=60,
).map("".join)


@given(TEXT, st.data())
def test_sentences_are_trimmed_in_order_short_enough_and_lose_only_blanks(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(begin, len(text)))
    spans = sentences(text, begin, stop)
    place = begin
    for start, end in spans:
        assert begin <= place <= start < end <= stop
        assert end - start <= LONGEST_SENTENCE
        assert text[start:end].strip() == text[start:end]
        assert not text[place:start].strip()
        place = end
    assert not text[place:stop].strip()


@given(TEXT)
def test_no_sentence_holds_an_end_of_line(text: str) -> None:
    assert not [part for part in cut(text) if "\n" in part and not re.search(r"[“「（(《『]", part)]


@given(st.lists(st.tuples(st.booleans(), TEXT), max_size=5), st.sampled_from([1, 50, PASSAGE_LENGTH]))
def test_passages_are_slices_of_one_section_made_of_whole_sentences(parts: list[tuple[bool, str]], length: int) -> None:
    text, sections = "", []
    for number, (heading, part) in enumerate(parts):
        text += f"标题{number}\n" if heading else ""
        sections.append(Section((f"标题{number}",), len(text), len(text) + len(part)))
        text += part
    document = Document("d", "题", text, tuple(sections), source="源", date="2019")
    passages = split(document, length=length)
    assert [passage.start for passage in passages] == sorted(passage.start for passage in passages)
    for one, other in pairwise(passages):
        assert one.end <= other.start
    wanted = [span for section in sections for span in sentences(text, section.start, section.end)]
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        homes = [s for s in sections if s.start <= passage.start and passage.end <= s.end]
        assert [s.path for s in homes] == [passage.section]
        inside = [span for span in wanted if passage.start <= span[0] and span[1] <= passage.end]
        assert (inside[0][0], inside[-1][1]) == (passage.start, passage.end)
        assert len(passage.text) <= length or len(inside) == 1
        assert (passage.document, passage.title, passage.source, passage.date) == ("d", "题", "源", "2019")
    assert sum(passage.start <= span[0] and span[1] <= passage.end for span in wanted for passage in passages) == len(
        wanted
    )


def test_passages_never_cross_a_heading(tmp_path: Path) -> None:
    document = read_text(tmp_path, "# 甲\n\n一。\n\n## 乙\n\n二。三。\n\n# 丙\n\n四。\n")
    assert [(p.section, p.text) for p in split(document)] == [
        (("甲",), "一。"),
        (("甲", "乙"), "二。三。"),
        (("丙",), "四。"),
    ]


def test_a_passage_is_filled_up_to_its_length() -> None:
    text = "九个字的一个整句子。" * 100
    document = Document("d", "题", text, (Section((), 0, len(text)),))
    assert [len(passage.text) for passage in split(document, length=400)] == [400, 400, 200]
    assert [len(passage.text) for passage in split(document, length=399)] == [390, 390, 220]


def test_sentences_cut_from_a_passage_are_those_of_its_document() -> None:
    for document in read([DOCUMENTS]).documents:
        for section in document.sections:
            wanted = sentences(document.text, section.start, section.end)
            found = [
                (passage.start + start, passage.start + end)
                for passage in split(document)
                if section.start <= passage.start < section.end
                for start, end in sentences(passage.text)
            ]
            assert found == wanted
