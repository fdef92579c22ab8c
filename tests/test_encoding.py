from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.encoding import check_whole, decode
from corpus.errors import UnreadableError
from corpus.reading import read
from tests.conftest import DOCUMENTS

REAL = (DOCUMENTS / "pytorch.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_real_text_comes_back_from_every_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(REAL.encode(encoding))
    (document,) = read([tmp_path]).documents
    assert document.text == REAL


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf16_is_known_by_its_mark_in_both_orders(order: str) -> None:
    assert decode(("\ufeff" + REAL).encode(order)) == REAL


@pytest.mark.parametrize("name", ["tensorflow.md", "choosing.md", "google-brain.md"])
def test_big5_is_told_from_gb18030(name: str) -> None:
    simplified = (DOCUMENTS / name).read_text(encoding="utf-8")
    traditional = opencc.OpenCC("s2t").convert(simplified)
    traditional = traditional.encode("big5hkscs", "ignore").decode("big5hkscs")
    assert decode(traditional.encode("big5hkscs")) == traditional
    assert decode(simplified.encode("gb18030")) == simplified
    assert decode(traditional.encode("gb18030")) == traditional


@pytest.mark.parametrize("text", ["深度学习", "他说：“好。”", "一九四九年", "中文", "PyTorch 是什么？"])
def test_short_gb18030_texts_are_read_right(text: str) -> None:
    assert decode(text.encode("gb18030")) == text


def test_line_ends_become_newlines(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("一\r\n二\r三\n".encode())
    assert read([tmp_path]).documents[0].text == "一\n二\n三\n"


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [REAL, "中文。\n", "PyTorch 是一个框架。", "深度学习框架的比较"])
def test_utf16_is_known_without_its_mark(text: str, order: str) -> None:
    assert decode(text.encode(order)) == text


@given(st.text(st.sampled_from("深度学习框架是什么，。一二三abcXYZ 0123.\n"), min_size=1))
def test_gb18030_is_never_taken_for_utf16(text: str) -> None:
    text = "深度" + text  # a single 一 is valid UTF-8, too
    assert decode(text.encode("gb18030")) == text


# -- texts that were garbled before they were saved


@pytest.mark.parametrize("text", ["深度学习框架", REAL, "他说：“好。”\n" * 3])
@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("utf-8", "gb18030", "UTF-8"),
        ("utf-8", "latin-1", "UTF-8"),
        ("utf-8", "cp1252", "UTF-8"),
        ("gb18030", "latin-1", "gb18030"),
    ],
)
def test_a_text_that_was_opened_in_a_wrong_encoding_is_refused(text: str, right: str, wrong: str, named: str) -> None:
    garbled = text.encode(right).decode(wrong, "replace")
    with pytest.raises(UnreadableError, match=f"是乱码：(原文是 {named}|有 \\d+ 个字符在保存时丢失了)"):
        check_whole(garbled)
    check_whole(text)


def test_a_garbled_file_is_reported_with_what_it_should_say_and_not_indexed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("深度学习框架".encode().decode("gb18030"), encoding="utf-8")
    (tmp_path / "b.txt").write_text("锟斤拷锟斤拷的文字", encoding="utf-8")
    found = read([tmp_path])
    assert found.documents == ()
    assert [one.reason for one in found.skipped] == [
        "是乱码：原文是 UTF-8，被当作 gb18030 打开后又存了下来（“娣卞害瀛︿範妗嗘灦”应为“深度学习框架”）。"
        "请从原来的文件重新保存",
        "是乱码：有 2 个字符在保存时丢失了（“锟斤拷锟斤拷”），无法还原。请从原来的文件重新保存",
    ]


@pytest.mark.parametrize(
    "text", ["Café Müller – naïve résumé\n", "Å Ã © ± 为单位", "一个 \ufffd 字符不算", "日本語のテキスト。", "한국어"]
)
def test_foreign_texts_and_a_single_lost_character_are_no_garble(text: str) -> None:
    check_whole(text)


def test_a_text_on_one_line_that_was_opened_as_western_is_refused() -> None:
    text = "本周停电通知：因线路检修，周三上午停电，请各位居民提前做好准备。"
    with pytest.raises(UnreadableError, match="原文是 UTF-8"):
        check_whole(text.encode().decode("latin-1"))
