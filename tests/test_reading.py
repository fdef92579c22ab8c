import hashlib
import os
import sys
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from corpus.errors import InputError
from corpus.reading import Skipped, decode, read, read_file
from tests.conftest import DOCUMENTS, read_text, run_process, write_files

REAL = (DOCUMENTS / "pytorch.md").read_text(encoding="utf-8")


def ids(*paths: Path) -> list[str]:
    return [document.id for document in read(paths).documents]


def reasons(*paths: Path) -> dict[str, str]:
    return {skipped.path: skipped.reason for skipped in read(paths).skipped}


# -- encodings


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


# -- skipped files


def test_unusable_files_are_skipped_with_their_reasons_and_the_rest_is_read(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"good.md": "好的。", "photo.jpeg": "x", "README": "x", "only-marks.md": "---\ntitle: x\n---\n"}
    )
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_bytes(b" \n\t\n")
    (tmp_path / "bytes.txt").write_bytes(b"\x81\xff\xff\xff\xfe\xfd" * 9)
    (tmp_path / "binary.txt").write_bytes(b"PK\x03\x04\x00\x00text")
    (tmp_path / "link.md").symlink_to("nowhere.md")
    (tmp_path / "itself.md").symlink_to("itself.md")
    os.mkfifo(tmp_path / "pipe.txt")
    assert ids(tmp_path) == ["good.md"]
    assert reasons(tmp_path) == {
        "photo.jpeg": "不支持的格式 .jpeg（可用：.markdown .md .txt）",
        "README": "不支持的格式 README（可用：.markdown .md .txt）",
        "only-marks.md": "文件是空的",
        "empty.txt": "文件是空的",
        "blank.txt": "文件是空的",
        "bytes.txt": "编码无法识别（支持 UTF-8、UTF-16、GB18030、Big5），请另存为 UTF-8",
        "binary.txt": "是二进制文件，不是文字",
        "link.md": "无法读取：No such file or directory",
        "itself.md": "无法读取：Too many levels of symbolic links",
        "pipe.txt": "不是普通文件",
    }


@pytest.fixture
def as_nobody(tmp_path: Path) -> list[str]:
    """What starts a command as a user whom permissions bind, with a way to `tmp_path`."""
    if os.getuid():
        return []
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def test_a_file_and_a_folder_without_permission_are_skipped(tmp_path: Path, as_nobody: list[str]) -> None:
    write_files(tmp_path, {"good.md": "好的。", "secret.md": "秘密。", "closed/a.md": "内。"})
    (tmp_path / "secret.md").chmod(0)
    (tmp_path / "closed").chmod(0)
    script = (
        "import sys; from pathlib import Path; from corpus.reading import read; found = read([Path(sys.argv[1])]);"
        "print([d.id for d in found.documents], sorted((Path(s.path).name, s.reason) for s in found.skipped))"
    )
    done = run_process([*as_nobody, sys.executable, "-c", script, tmp_path], PYTHONIOENCODING="utf-8")
    (tmp_path / "closed").chmod(0o700)
    denied = "'无法读取：Permission denied'"
    expected = f"['good.md'] [('closed', {denied}), ('secret.md', {denied})]\n"
    assert (done.stdout.decode(), done.stderr.decode()) == (expected, "")


def test_a_path_that_does_not_exist_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"没有这个路径：.*文档"):
        read([tmp_path / "文档"])


# -- folders and names


def test_folders_are_read_to_the_bottom_without_hidden_files_or_linked_folders(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {"b.md": "乙。", "子 文件夹/深/一 二.txt": "甲。", ".hidden.md": "隐。", ".git/x.md": "隐。", "A.MD": "丙。"},
    )
    (tmp_path / "loop").symlink_to(tmp_path)
    assert ids(tmp_path) == ["A.MD", "b.md", "子 文件夹/深/一 二.txt"]
    assert reasons(tmp_path) == {}


def test_a_single_file_goes_by_its_name_and_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    write_files(tmp_path, {"d/a.md": "甲。"})
    assert ids(tmp_path / "d" / "a.md") == ["a.md"]
    assert ids(tmp_path, tmp_path / "d" / "a.md", tmp_path) == ["d/a.md"]


def test_files_of_one_name_are_told_apart_by_their_folders_names(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"甲/a.md": "1。", "乙/a.md": "2。", "乙/b.md": "3。", "丙/x/n.md": "4。", "丁/x/n.md": "5。"}
    )
    assert ids(tmp_path / "甲", tmp_path / "乙") == sorted(["甲/a.md", "乙/a.md", "b.md"])
    assert ids(tmp_path / "丙" / "x", tmp_path / "丁" / "x") == sorted(["x/n.md", "丁/x/n.md"])


def test_documents_come_in_order_of_their_ids_whatever_order_the_paths_had(tmp_path: Path) -> None:
    write_files(tmp_path, {"甲/1.md": "1。", "乙/2.md": "2。", "乙/10.md": "3。"})
    assert ids(tmp_path / "甲", tmp_path / "乙") == ids(tmp_path / "乙", tmp_path / "甲") == ["1.md", "10.md", "2.md"]


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses such names")
def test_a_name_that_is_not_utf8_is_made_printable(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xc4\xe3.txt")).write_text("你。", encoding="utf-8")
    assert ids(tmp_path) == ["\ufffd\ufffd.txt"]


def test_progress_counts_every_file_that_is_opened(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": "甲。", "b.jpg": "x"})  # a picture is not opened
    steps: list[tuple[int, int]] = []
    read([tmp_path], progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 1)]


# -- Markdown


def test_marks_are_gone_and_the_words_stay(tmp_path: Path) -> None:
    source = (
        "# 标题 `代码`\n\n**粗** *斜* [链接](http://a.b/c) ![图名](p.png) `a*b` &amp; 1\\*2\n\n"
        "> 引文\n\n```python\nx = 1\n\ny = 2\n```\n\n<b>框</b>\n<!-- 注释\n注释 -->\n\n---\n\n终。  \n硬换行\n"
    )
    document = read_text(tmp_path, source)
    assert document.title == "标题 代码"
    assert document.text == "标题 代码\n粗 斜 链接 图名 a*b & 1*2\n引文\nx = 1\n\ny = 2\n框\n终。\n硬换行\n"


def test_tables_become_one_line_a_row_and_lists_one_line_an_item(tmp_path: Path) -> None:
    source = "| 名 | 年 |\n|---|:-:|\n| 甲 | **1999** |\n| 乙 | |\n\n- 一\n  - 二\n    1. 三\n\n1. 四\n2. 五\n"
    assert read_text(tmp_path, source).text == "名 | 年\n甲 | 1999\n乙 | \n一\n二\n三\n四\n五\n"


def test_lines_of_a_paragraph_are_joined_as_chinese_and_latin_want(tmp_path: Path) -> None:
    assert (
        read_text(tmp_path, "深度\n学习，\n框架\nPyTorch\n1.0 is\nout\n").text == "深度学习，框架 PyTorch 1.0 is out\n"
    )


def test_deeply_nested_lists_lose_nothing(tmp_path: Path) -> None:
    source = "".join(f"{'  ' * level}- 第{level}层\n" for level in range(40))
    assert read_text(tmp_path, source).text == "".join(f"第{level}层\n" for level in range(40))


FRONT = "---\ntitle: 名\naliases: [甲, 乙 丙]\nsource: 来源，http://a.b\ndate: 2019-03\n---\n正文。\n"


def test_front_matter_is_taken_out_once_and_kept_as_facts(tmp_path: Path) -> None:
    document = read_text(tmp_path, FRONT)
    assert (document.title, document.aliases) == ("名", ("甲", "乙 丙"))
    assert (document.source, document.date, document.text) == ("来源，http://a.b", "2019-03", "正文。\n")


@pytest.mark.parametrize(
    ("front", "title", "date"),
    [
        ("title: 1.10\ndate: 2019-02-30", "1.10", "2019-02-30"),  # no number and no calendar: text as written
        ('title: "多\\n行"\ndate: yes', "多 行", "yes"),
        ('title: "\\ud800甲"', "?甲", ""),
        ("title: [列表]\ndate: {a: b}", "a", ""),
        ("date: !!timestamp x", "a", "x"),
        ("x: &a [*a]", "a", ""),
        ("", "a", ""),
        ("title: ", "a", ""),
    ],
)
def test_odd_front_matter_is_taken_as_text_or_left_out(tmp_path: Path, front: str, title: str, date: str) -> None:
    document = read_text(tmp_path, f"---\n{front}\n---\n正文。\n")
    if front == "":  # nothing between the marks is no mapping: they stay Markdown's rules
        assert document.text == "正文。\n"
    assert (document.title, document.date) == (title, date)
    assert document.text.endswith("正文。\n")


@pytest.mark.parametrize("front", ["title: [不闭", "a: b: c", "- 只是\n- 列表", "\t", "title: " + "[" * 700, "@x"])
def test_broken_front_matter_stays_in_the_text(tmp_path: Path, front: str) -> None:
    document = read_text(tmp_path, f"---\n{front}\n---\n正文。\n")
    assert document.text.endswith("正文。\n")
    assert document.aliases == ()
    assert len(document.text) > len("正文。\n") or not front.strip()


def test_a_single_alias_needs_no_list(tmp_path: Path) -> None:
    assert read_text(tmp_path, "---\naliases: 甲\n---\n文。\n").aliases == ("甲",)


def test_front_matter_with_windows_line_ends_and_a_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf" + FRONT.replace("\n", "\r\n").encode())
    assert read([tmp_path]).documents[0].title == "名"


def test_headings_give_the_path_of_each_section(tmp_path: Path) -> None:
    source = "前言。\n\n# 甲\n\n一。\n\n### 深\n\n二。\n\n## 乙\n\n三。\n\n#\n\n丙\n===\n\n四。\n\n## 空\n\n# 末\n"
    document = read_text(tmp_path, source)
    assert [(s.path, document.text[s.start : s.end]) for s in document.sections] == [
        ((), "前言。\n"),
        (("甲",), "一。\n"),
        (("甲", "深"), "二。\n"),
        (("甲", "乙"), "三。\n"),
        (("丙",), "四。\n"),
    ]
    assert document.title == "甲"


def test_without_title_or_heading_the_file_name_is_the_title(tmp_path: Path) -> None:
    assert read_text(tmp_path, "## 小标题\n\n文。\n", "我的 文件.md").title == "我的 文件"
    assert read_text(tmp_path, "# 不是标题\n文。\n", "纯文本.txt").title == "纯文本"


def test_plain_text_keeps_every_character(tmp_path: Path) -> None:
    text = "# 不是标题\n\n  **星号**  \n---\ntitle: x\n---\n"
    document = read_text(tmp_path, text, "a.txt")
    assert document.text == text
    assert [(s.path, s.start, s.end) for s in document.sections] == [((), 0, len(text))]


def test_sha256_is_that_of_the_text(tmp_path: Path) -> None:
    document = read_text(tmp_path, "北京。", "a.txt")
    assert document.sha256 == hashlib.sha256("北京。".encode()).hexdigest()


LINE = st.sampled_from(
    [
        *(
            "# 甲",
            "## 乙 *b*",
            "### ",
            "正文。再来一句！",
            "- 项",
            "  - 深",
            "| a | b |",
            "|---|---|",
            "> 引",
            "```",
            "---",
        ),
        *("<p>", "", "", "1. 一", "\\# x", "a\tb", "***", "[x]: http://y", "&#x3c;", "=====", "Ａ"),
    ]
)


@given(st.lists(LINE | st.text("甲a#*`|-> \n", max_size=12), max_size=20))
def test_sections_lie_in_the_text_in_order_and_hold_all_but_the_headings(tmp_path_factory, lines: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "property.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = read_file(path, "property.md")
    if isinstance(found, Skipped):
        assert found.reason == "文件是空的"
        return
    assert isinstance(found, Document)
    place, headings = 0, []
    for section in found.sections:
        assert place <= section.start < section.end <= len(found.text)
        headings += found.text[place : section.start].split("\n")
        place = section.end
        assert all(name in headings for name in section.path)
    assert len(found.sections) <= len(lines) * 14 + 1


def test_a_chinese_footnote_is_not_taken_for_the_address_of_a_link(tmp_path: Path) -> None:
    path = tmp_path / "注.md"
    path.write_text("正文有脚注[^1]。\n\n[^1]: 脚注里的话不能丢。\n", encoding="utf-8")
    document = read_file(path, "注.md")
    assert isinstance(document, Document)
    assert document.text == "正文有脚注[^1]。\n[^1]: 脚注里的话不能丢。\n"
