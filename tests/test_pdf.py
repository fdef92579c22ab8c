import io
from collections.abc import Iterable
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from corpus.document import Document
from corpus.errors import UnreadableError
from corpus.formats import markdown
from corpus.formats.pdf.reader import read

FILES = Path(__file__).parent / "files" / "pdf"
FONTS = {"F1": "Helvetica", "F2": "Helvetica-Bold", "F3": "Courier"}
LATIN = "Stochastic gradient descent needs many small steps until"  # 305 points wide in 12 points
CHINESE = "深度学习框架是开发人工智能的基础平台和通用工具，也叫机器学习框架的东西"


def pdf(*pages: bytes, rotate: int = 0, facts: str = "") -> bytes:
    """A file of such pages, in the fonts that every reader has; Chinese (F4, upright F5) is not embedded."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]

    def add(content: str | bytes) -> int:
        objects.append(content if isinstance(content, bytes) else content.encode("latin-1"))
        return len(objects)

    latin = "<</Type/Font/Subtype/Type1/BaseFont/{}/Encoding/WinAnsiEncoding>>"
    fonts = [f"/{key} {add(latin.format(name))} 0 R" for key, name in FONTS.items()]
    descriptor = "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/Ascent 880>>"
    descendant = add(
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
        f"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor{descriptor}>>"
    )
    chinese = f"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/DescendantFonts[{descendant} 0 R]/Encoding/UniGB-UCS2-"
    fonts += [f"/{key} {add(f'{chinese}{way}>>')} 0 R" for key, way in (("F4", "H"), ("F5", "V"))]
    kids = []
    for page in pages:
        stream = add(b"<</Length %d>>stream\n%s\nendstream" % (len(page), page))
        kids.append(
            add(
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {rotate}/Contents {stream} 0 R"
                f"/Resources<</Font<<{''.join(fonts)}>>>>>>"
            )
        )
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode()
    info = add(f"<<{facts}>>")
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    trailer = b"trailer<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF"
    return body + trailer % (size, info, body.index(b"xref\n0 "))


def at(x: float, y: float, words: str, font: str = "", size: float = 12, turn: str = "1 0 0 1") -> bytes:
    font = font or ("F1" if words.isascii() else "F4")
    code = words.encode("utf-16-be" if font in ("F4", "F5") else "latin-1").hex()
    return f"BT /{font} {size} Tf {turn} {x} {y} Tm <{code}> Tj ET\n".encode()


def lines(x: float, y: float, words: Iterable[str], font: str = "", size: float = 12, pitch: float = 18) -> bytes:
    return b"".join(at(x, y - pitch * place, line, font, size) for place, line in enumerate(words))


def rule(left: float, bottom: float, right: float, top: float) -> bytes:
    return f"{left} {bottom} {right - left} {top - bottom} re f\n".encode()


def document(*pages: bytes, raw: bool = False, **options: object) -> Document:
    return read(pdf(*pages, **options), raw=raw).document("a.pdf", named="a")  # type: ignore[arg-type]


def sections(document: Document) -> list[tuple[tuple[str, ...], int, str]]:
    return [(one.path, one.page, document.text[one.start : one.end]) for one in document.sections]


def text(*pages: bytes) -> str:
    return document(*pages).text


def why(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(data)
    return caught.value.key


# -- files of common programs


def test_a_page_that_chromium_printed_reads_as_the_markdown_behind_it() -> None:
    source = (FILES / "device.md").read_bytes()
    wanted = markdown.read(source).document("device.md", named="")
    found = read((FILES / "device.pdf").read_bytes()).document("device.pdf", named="")
    assert found.text == wanted.text.replace("放进水里\n看水温\n", "1. 放进水里\n2. 看水温\n")
    assert [section.path for section in found.sections] == [section.path for section in wanted.sections]
    assert (found.title, found.date) == ("设备说明", "")
    assert [one.text for one in found.dropped][1:] == ["设备说明", "http://127.0.0.1:8765/device.html", "1/1"]


def test_a_report_of_libreoffice_has_its_paragraphs_and_one_table_over_two_pages_without_headers() -> None:
    found = read((FILES / "report.pdf").read_bytes()).document("report.pdf", named="")
    again = "这台设备用来测水温，放进水里，等十分钟，再看水温。"
    paragraphs = [f"每台设备有一个编号。编号是 {number}，{again * (1 + number % 3)}" for number in range(22)]
    written = found.text.split("\n")
    assert written[:25] == ["设备说明", *paragraphs, "测水温", "水温不同，用法也不同："]
    assert written[25:28] == [f"水温低，设备测得慢，{again}", "水温高，不要等", "编号 | 水温 | 用法"]
    rows = [row.split(" | ") for row in written[28:-3]]
    assert [row[0] for row in rows if row[0]] == [str(number) for number in range(30)]
    assert [row[1] for row in rows[:2]] == ["", "低"]
    assert written[-3:] == ["背面", "编号在背面，看不清就用水洗。", ""]
    assert [(section.path, section.page) for section in found.sections] == [
        (("设备说明",), 1),
        (("设备说明",), 2),
        (("设备说明", "测水温"), 2),
        (("设备说明", "测水温"), 3),
        (("设备说明", "背面"), 4),
    ]
    assert [(one.text, one.reason) for one in found.dropped if one.text != "设备说明"] == [
        ("第 1 页", "margin"),
        ("第 2 页", "margin"),
        ("第 3 页", "margin"),
        ("编号 | 水温 | 用法", "margin"),
        ("第 4 页", "margin"),
    ]


# -- lines and paragraphs


def test_chinese_lines_are_joined_without_a_space_and_latin_ones_with_one() -> None:
    assert text(lines(72, 700, [CHINESE, CHINESE, "到此为止。"])) == f"{CHINESE}{CHINESE}到此为止。\n"
    assert text(lines(72, 700, [LATIN, LATIN, "the end."])) == f"{LATIN} {LATIN} the end.\n"


def test_a_word_cut_at_a_lines_end_is_whole_again_and_a_compound_keeps_its_hyphen() -> None:
    words = [f"{LATIN} the opti-", f"mum. A well-known fact is that {LATIN[:19]} a well-", "known one ends."]
    assert text(lines(72, 700, words)) == (
        f"{LATIN} the optimum. A well-known fact is that {LATIN[:19]} a well-known one ends.\n"
    )


def test_between_chinese_and_latin_a_line_ends_as_the_writer_spaces_them_elsewhere() -> None:
    start = "深度学习框架是开发人工智能的基础平台，比如"
    for inner in ("和 Keras 都", "和Keras都"):
        between = " " if " " in inner else ""
        words = [f"{start}{inner}是其中的一种用得很多的", "PyTorch。"]
        assert text(lines(72, 700, words)) == f"{words[0]}{between}PyTorch。\n"


@pytest.mark.parametrize("sign", ["space", "indent", "short line"])
def test_paragraphs_are_told_apart(sign: str) -> None:
    first, second = [CHINESE, CHINESE, CHINESE[:-4] + "的一部分"], [CHINESE, "再说。"]
    left, gap = 72, 0
    if sign == "space":
        gap = 12
    elif sign == "indent":
        left = 96
    else:
        first[-1] = "到此为止。"
    top = lines(72, 700, first)
    below = at(left, 646 - gap, second[0]) + at(72, 628 - gap, second[1])
    assert text(top + below) == "".join(first) + "\n" + "".join(second) + "\n"


def test_a_paragraph_of_several_pages_is_cut_where_a_sentence_begins_on_the_next() -> None:
    pages = [
        lines(72, 160, [CHINESE, f"前一句到此。{CHINESE[:-6]}"]),
        lines(72, 760, [f"后面半句。新的一句{CHINESE[:-9]}", "到此为止。"]),
    ]
    found = document(*pages)
    first = f"{CHINESE}前一句到此。{CHINESE[:-6]}后面半句。"
    assert sections(found) == [
        ((), 1, first + "\n"),
        ((), 2, f"新的一句{CHINESE[:-9]}到此为止。\n"),
    ]


def test_a_footnote_does_not_stand_in_the_middle_of_the_sentence_that_goes_on_overleaf() -> None:
    first = lines(72, 260, [CHINESE, CHINESE]) + at(72, 150, "注：这是一个脚注。", size=9)
    found = document(first, lines(72, 760, ["到此为止。再来一句。"]))
    assert found.text == f"注：这是一个脚注。\n{CHINESE}{CHINESE}到此为止。\n再来一句。\n"


def test_bullets_go_and_numbers_stay_and_an_item_keeps_its_second_line() -> None:
    words = (
        at(72, 700, "有三项：")
        + at(84, 682, "•", "F4")
        + at(102, 682, CHINESE[:-3])
        + at(102, 664, "第一项完")
        + at(84, 646, "•", "F4")
        + at(102, 646, "第二项")
        + at(84, 628, "1.")
        + at(102, 628, "第三项")
    )
    assert text(words) == f"有三项：\n{CHINESE[:-3]}第一项完\n第二项\n1. 第三项\n"


def test_a_program_keeps_its_lines_its_indents_and_its_blank_lines() -> None:
    program = [(0, "def f(x):"), (4, "return x  # twice"), (-1, ""), (0, "print(f(1))")]
    code = b"".join(
        at(72 + 6 * left, 600 - 14 * n, words, "F3", 10) for n, (left, words) in enumerate(program) if words
    )
    found = text(lines(72, 700, [CHINESE, CHINESE, "如下："]) + code)
    assert found == f"{CHINESE}{CHINESE}如下：\ndef f(x):\n    return x  # twice\n\nprint(f(1))\n"


def test_what_stands_large_or_bold_and_alone_is_a_heading_of_its_size() -> None:
    page = (
        at(72, 780, "全书的名字", size=24)
        + at(72, 740, "第一章", size=18)
        + lines(72, 710, [CHINESE, "甲。"])
        + at(72, 660, "A bold line", "F2")
        + lines(72, 630, [CHINESE, "乙。"])
        + at(72, 580, "第二章", size=18)
        + lines(72, 550, [CHINESE, "丙。"])
    )
    found = document(page)
    assert sections(found) == [
        (("全书的名字", "第一章"), 1, f"{CHINESE}甲。\n"),
        (("全书的名字", "第一章", "A bold line"), 1, f"{CHINESE}乙。\n"),
        (("全书的名字", "第二章"), 1, f"{CHINESE}丙。\n"),
    ]
    assert found.title == "全书的名字"


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Deep Learning", "Deep Learning"),
        ("Microsoft Word - x.doc", "大标题"),
        ("report.docx", "大标题"),
        ("untitled", "大标题"),
        ("", "大标题"),
    ],
)
def test_the_title_is_what_the_file_says_unless_a_program_made_it_up(told: str, title: str) -> None:
    page = at(72, 780, "大标题", size=24) + lines(72, 740, [CHINESE, "甲。"])
    assert document(page, facts=f"/Title({told})/CreationDate(D:20200101000000Z)").title == title
    assert document(page, facts=f"/Title({told})/CreationDate(D:20200101000000Z)").date == ""


# -- pages


def page_of_a_book(number: int, body: str) -> bytes:
    header = at(72, 800, "某某手册") if number % 2 else at(300, 800, f"第{number // 4}章 测试")
    return header + lines(72, 740, [f"{body}，{CHINESE[number:]}", "完。"]) + at(290, 40, str(number))


def test_headers_footers_and_page_numbers_are_dropped_and_kept_when_all_is_wanted() -> None:
    bodies = dict(zip(range(4, 12), "子丑寅卯辰巳午未", strict=True))
    pages = [page_of_a_book(number, body) for number, body in bodies.items()]
    found = document(*pages)
    assert found.text == "".join(f"{bodies[number]}，{CHINESE[number:]}完。\n" for number in range(4, 12))
    assert [one.text for one in found.dropped[:4]] == ["第1章 测试", "4", "某某手册", "5"]
    assert {one.reason for one in found.dropped} == {"margin"}
    everything = document(*pages, raw=True)
    assert everything.dropped == ()
    assert everything.text.count("某某手册") == 4


def test_a_first_line_at_the_same_height_on_every_page_is_no_header() -> None:
    first = ["春天来了花开。", "夏天来了雨多。", "秋天来了叶落。", "冬天来了雪白。"]
    found = document(*(lines(72, 790, [words, "后面。"]) for words in first))
    assert found.dropped == ()
    assert found.text == "".join(f"{words}后面。\n" for words in first)


@pytest.mark.parametrize("drawn", ["by column", "by line"])
def test_two_columns_are_read_one_after_the_other(drawn: str) -> None:
    left = [f"左栏第{number}行的文字一直写到这栏的右边" for number in "一二三四五六"]
    right = [f"右栏第{number}行的文字一直写到这栏的右边" for number in "一二三四五六"]
    parts = [at(72, 700 - 18 * n, words) for n, words in enumerate(left)]
    others = [at(320, 700 - 18 * n, words) for n, words in enumerate(right)]
    body = parts + others if drawn == "by column" else [x for pair in zip(parts, others, strict=True) for x in pair]
    page = at(150, 760, "横跨两栏的标题一直在上面", size=20) + b"".join(body)
    assert text(page) == "横跨两栏的标题一直在上面\n" + "".join(left) + "".join(right) + "\n"


def test_a_page_on_its_side_and_one_turned_round_read_as_upright_ones() -> None:
    words = [CHINESE, "到此为止。"]
    up = b"".join(at(300 + 18 * n, 72, line, turn="0 1 -1 0") for n, line in enumerate(words))
    over = b"".join(at(500, 300 + 18 * n, line, turn="-1 0 0 -1") for n, line in enumerate(words))
    assert text(up) == text(over) == f"{CHINESE}到此为止。\n"
    assert document(lines(72, 700, words), rotate=90).text == f"{CHINESE}到此为止。\n"


def test_upright_lines_are_read_from_the_right() -> None:
    columns = [at(500 - 20 * n, 760, words, "F5") for n, words in enumerate([CHINESE, CHINESE, "完。"])]
    assert text(b"".join(columns)) == f"{CHINESE}{CHINESE}完。\n"


def test_a_watermark_across_the_page_is_dropped() -> None:
    found = document(lines(72, 700, [CHINESE, "完。"]) + at(200, 300, "内部资料", turn="0.7 0.7 -0.7 0.7"))
    assert found.text == f"{CHINESE}完。\n"
    assert [(one.text, one.reason) for one in found.dropped] == [("内部资料", "margin")]


# -- tables


def test_cells_between_drawn_lines_are_cells_however_near_they_stand_and_however_many_lines_they_take() -> None:
    drawn = b"".join(rule(72, y, 380, y + 0.5) for y in (640, 660, 700, 720))
    drawn += b"".join(rule(x, 640, x + 0.5, 720) for x in (72, 140, 380))
    cells = (
        at(80, 706, "框架")
        + at(143, 706, "说明")
        + at(74, 680, "五个字的名")
        + lines(143, 684, ["这一格的文字很长很长很长很长所以", "分成两行"], pitch=16)
        + at(74, 646, "乙")
    )
    found = text(at(72, 740, "表一：") + drawn + cells + at(72, 610, "表后的话。"))
    assert found == ("表一：\n框架 | 说明\n五个字的名 | 这一格的文字很长很长很长很长所以分成两行\n乙 | \n表后的话。\n")


def test_cells_without_lines_are_found_by_their_columns() -> None:
    rows = [
        ("名称", "年份", "公司"),
        ("甲框架", "2015", "谷歌"),
        ("很长很长的名称", "2016", "脸书和别的"),
        ("丙", "17", ""),
    ]
    cells = b"".join(
        at(x, 700 - 20 * n, words)
        for n, row in enumerate(rows)
        for x, words in zip((72, 165, 300), row, strict=True)
        if words
    )
    found = text(lines(72, 760, [CHINESE, "如下。"]) + cells + lines(72, 600, [CHINESE, "完。"]))
    table = "".join(" | ".join(row) + "\n" for row in rows)
    assert found == f"{CHINESE}如下。\n{table}{CHINESE}完。\n"


def test_the_lines_of_a_table_of_contents_stay_lines() -> None:
    entries = [
        ("1", "Introduction . . . . . . . 1"),
        ("2", "Structure . . . . . . . . . 2"),
        ("3", "Tools . . . . . . . . . . . 5"),
    ]
    page = b"".join(at(72, 700 - 18 * n, a) + at(110, 700 - 18 * n, b) for n, (a, b) in enumerate(entries))
    assert text(page) == "".join(f"{number} {words}\n" for number, words in entries)


def test_the_words_of_justified_lines_are_no_cells() -> None:
    words = [
        ("considerably", "when additional"),
        ("transformations.", "Notwithstanding"),
        ("hyperparameter", "settings"),
    ]
    rows = b"".join(at(72, 700 - 14 * n, a) + at(290 - 5.9 * len(b), 700 - 14 * n, b) for n, (a, b) in enumerate(words))
    assert "|" not in text(rows)


# -- characters


def test_radicals_and_ligatures_that_printers_write_are_ordinary_characters_again() -> None:
    assert text(at(72, 700, "⼀⻅⽅⻓，Ａ１！")) == "一见方长，Ａ１！\n"


def test_fonts_without_a_table_of_characters_are_told_from_text() -> None:
    data = (FILES / "report.pdf").read_bytes()
    assert data.count(b"/ToUnicode") > 0
    assert why(data.replace(b"/ToUnicode", b"/NoUnicode")) == "skip-garbled"


# -- files that cannot be read


def scan() -> bytes:
    file = io.BytesIO()
    Image.new("L", (620, 877), 200).save(file, "PDF")
    return file.getvalue()


def test_a_scan_is_told_and_a_scanned_page_among_others_is_noted() -> None:
    assert why(scan()) == "skip-scan"
    book = pypdfium2.PdfDocument(pdf(lines(72, 700, [CHINESE, "完。"])))
    book.import_pages(pypdfium2.PdfDocument(scan()))
    file = io.BytesIO()
    book.save(file)
    found = read(file.getvalue()).document("a.pdf", named="a")
    assert found.text == f"{CHINESE}完。\n"
    assert [(one.at, one.text, one.reason) for one in found.dropped] == [(len(found.text), "2", "scan")]


def test_a_file_with_a_password_and_a_damaged_one_say_so() -> None:
    assert why((FILES / "locked.pdf").read_bytes()) == "skip-encrypted"
    assert why(b"") == why(b"%PDF-1.7\n") == why((FILES / "report.pdf").read_bytes()[:9000]) == "skip-damaged"


def test_a_blank_page_has_no_text() -> None:
    assert document(b"").text == ""


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 36_000))
def test_a_file_with_a_few_bytes_changed_is_read_or_refused(noise: bytes, place: int) -> None:
    data = (FILES / "report.pdf").read_bytes()
    try:
        read(data[:place] + noise + data[place + len(noise) :]).document("a.pdf", named="a").text.encode()
    except UnreadableError as error:
        assert error.key in ("skip-damaged", "skip-garbled", "skip-encrypted", "skip-scan")


PIECE = st.tuples(
    st.integers(-20, 600),
    st.integers(-20, 860),
    st.sampled_from(
        ["一二三", "深度学习框架的选型。", "PyTorch", "a b", "12", "•", "1.", "gradient descent is", "第 3 页"]
    ),
    st.sampled_from([6, 10.5, 12, 24]),
    st.sampled_from(["1 0 0 1", "0 1 -1 0"]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(PIECE, max_size=25, unique_by=lambda piece: piece[2]), min_size=1, max_size=3))
def test_no_letter_is_lost_wherever_it_stands(pages: list[list[tuple[int, int, str, float, str]]]) -> None:
    drawn = [b"".join(at(x, y, words, "F4", size, turn) for x, y, words, size, turn in page) for page in pages]
    wanted = sorted(letter for page in pages for piece in page for letter in piece[2] if letter.isalpha())
    everything = document(*drawn, raw=True)
    assert sorted(filter(str.isalpha, everything.text)) == wanted
    found = document(*drawn)
    kept = found.text + "".join(one.text for one in found.dropped)
    assert sorted(filter(str.isalpha, kept)) == wanted
    numbers = [section.page for section in found.sections]
    assert numbers == sorted(numbers)
