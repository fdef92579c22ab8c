import io
import zipfile
from pathlib import Path

import docx as word
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Pt
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Reason
from corpus.errors import UnreadableError
from corpus.formats.office import docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def relations(targets: dict[str, str], office: str = OFFICE) -> str:
    every = (
        f'<Relationship Id="r{n}" Type="{office}/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="http://x/relationships">{"".join(every)}</Relationships>'


def packed(body: str, *, w: str = W, office: str = OFFICE, **parts: str) -> bytes:
    """A file with this body and parts (`styles`, `footnotes`, `header`), written by hand."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relations({"word/document.xml": "officeDocument"}, office))
        archive.writestr(
            "word/_rels/document.xml.rels", relations({f"/word/{name}.xml": name for name in parts}, office)
        )
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{w}" {SPACES}><w:body>{body}</w:body></w:document>'
        )
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{w}" {SPACES}>{xml}</w:{name}>')
    return file.getvalue()


def saved(document: object) -> bytes:
    file = io.BytesIO()
    document.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def p(inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def read(data: bytes, *, raw: bool = False) -> Document:
    return docx.read(data, raw=raw).document("a.docx", named="a")


def text(body: str, **parts: str) -> str:
    return read(packed(body, **parts)).text


def sections(document: Document) -> list[tuple[tuple[str, ...], str]]:
    return [(section.path, document.text[section.start : section.end]) for section in document.sections]


def fault(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        docx.read(data)
    return caught.value.key


# -- headings and the title


def test_headings_lists_and_tables_of_words_own_styles_read_as_markdown_does() -> None:
    document = word.Document()
    document.add_paragraph("前言。")
    document.add_heading("甲", 1)
    document.add_paragraph("一。")
    document.add_paragraph("项一", style="List Bullet")
    document.add_paragraph("项二", style="List Number")
    document.add_heading("乙", 3)
    table = document.add_table(2, 2)
    for cell, words in zip((*table.rows[0].cells, *table.rows[1].cells), ("名", "年", "丙", "1999"), strict=True):
        cell.text = words
    document.add_paragraph("末。")
    found = read(saved(document))
    assert sections(found) == [
        ((), "前言。\n"),
        (("甲",), "一。\n项一\n项二\n"),
        (("甲", "乙"), "名 | 年\n丙 | 1999\n末。\n"),
    ]
    assert (found.title, found.source, found.date, found.dropped) == ("甲", "", "", ())


def test_a_line_in_the_titles_style_stands_above_all_headings() -> None:
    document = word.Document()
    document.add_heading("大 题", 0)
    document.add_heading("章", 1)
    document.add_paragraph("文。")
    document.core_properties.title = "旧模板"
    document.core_properties.author = "张三"
    found = read(saved(document))
    assert (found.title, found.source) == ("大 题", "张三")
    assert sections(found) == [(("大 题", "章"), "文。\n")]


@pytest.mark.parametrize("author", ["", "微软用户", "Administrator", "python-docx", "Windows 用户", "User", "WPS_1623"])
def test_what_programs_write_for_an_author_is_no_source(author: str) -> None:
    document = word.Document()
    document.add_paragraph("文。")
    document.core_properties.author = author
    assert read(saved(document)).source == ""


@pytest.mark.parametrize(("told", "title"), [("年度 报告", "年度报告"), ("去年的模板", "第一章")])
def test_the_title_of_the_properties_counts_only_where_the_text_has_it(told: str, title: str) -> None:
    document = word.Document()
    document.add_paragraph("年度报告")
    document.add_heading("第一章", 1)
    document.add_paragraph("文。")
    document.core_properties.title = told
    assert read(saved(document)).title == title


STYLES = (
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="标题 2"><w:name w:val="x"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="own"><w:name w:val="附录"/><w:basedOn w:val="2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="outlined"><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="body"><w:basedOn w:val="2"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>'
    '</w:style><w:style w:type="character" w:styleId="3"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="round"><w:basedOn w:val="about"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="about"><w:basedOn w:val="round"/></w:style>'
)


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ('<w:pStyle w:val="2"/>', ("甲",)),
        ('<w:pStyle w:val="标题 2"/>', ("上", "甲")),
        ('<w:pStyle w:val="own"/>', ("甲",)),
        ('<w:pStyle w:val="outlined"/>', ("上", "甲")),
        ('<w:outlineLvl w:val="1"/>', ("上", "甲")),
        ('<w:pStyle w:val="body"/>', ("上",)),
        ('<w:pStyle w:val="2"/><w:outlineLvl w:val="9"/>', ("上",)),
        ('<w:pStyle w:val="3"/>', ("上",)),
        ('<w:pStyle w:val="round"/>', ("上",)),
        ('<w:pStyle w:val="missing"/>', ("上",)),
    ],
)
def test_a_heading_is_told_by_name_id_outline_level_and_the_style_that_it_is_based_on(
    properties: str, path: tuple[str, ...]
) -> None:
    body = p(r("上"), '<w:pStyle w:val="2"/>') + p(r("甲"), properties) + p(r("文。"))
    assert sections(read(packed(body, styles=STYLES)))[-1][0] == path


def test_without_heading_styles_short_bold_or_larger_lines_before_text_are_headings() -> None:
    document = word.Document()
    for words, size, bold in [
        ("员工手册", 22, True),
        ("考勤", 14, False),
        ("早九点上班。", 11, False),
        ("请假", 14, False),
        ("年假", 11, True),
        ("每年十天，当年休完。", 11, False),
        ("只有这句是黑体，可是它有句号。", 11, True),
        ("落款", 14, False),
    ]:
        run = document.add_paragraph().add_run(words)
        run.bold, run.font.size = bold, Pt(size)
    document.add_paragraph().add_run("半句").bold = True
    document.paragraphs[-1].add_run("黑体，半句不是")
    document.add_paragraph().add_run("末尾的黑体").bold = True
    found = read(saved(document))
    assert found.title == "员工手册"
    assert sections(found) == [
        (("员工手册", "考勤"), "早九点上班。\n"),
        (("员工手册", "请假", "年假"), "每年十天，当年休完。\n只有这句是黑体，可是它有句号。\n"),
        (("员工手册", "落款"), "半句黑体，半句不是\n末尾的黑体\n"),
    ]


def test_a_document_that_is_all_bold_has_no_headings() -> None:
    body = "".join(p(r(words, "<w:b/>")) for words in ("甲", "乙", "丙", "丁")) + p(r("文。"))
    assert sections(read(packed(body))) == [((), "甲\n乙\n丙\n丁\n文。\n")]


def test_of_several_bold_lines_in_a_row_the_one_before_the_text_is_the_heading() -> None:
    body = "".join(p(r(words, "<w:b/>")) for words in ("甲公司", "联系我们")) + p(r("一。")) + p(r("二。"))
    assert sections(read(packed(body))) == [((), "甲公司\n"), (("联系我们",), "一。\n二。\n")]


def test_bold_that_a_style_gives_and_the_run_takes_back_is_no_bold() -> None:
    document = word.Document()
    style = document.styles.add_style("强", WD_STYLE_TYPE.PARAGRAPH)
    style.font.bold = True
    document.add_paragraph("题", style="强")
    document.add_paragraph("文。")
    document.add_paragraph(style="强").add_run("非题").bold = False
    document.add_paragraph("文。")
    assert sections(read(saved(document))) == [(("题",), "文。\n非题\n文。\n")]


# -- what is in a paragraph


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (r("甲") + "<w:r><w:tab/></w:r>" + r("乙"), "甲 乙"),
        (r("甲") + "<w:r><w:br/></w:r>" + r("乙"), "甲\n乙"),
        (r("a") + "<w:r><w:noBreakHyphen/></w:r>" + r("b") + "<w:r><w:softHyphen/></w:r>" + r("c"), "a-bc"),
        (r("　　首行缩进。  "), "首行缩进。"),
        (r("甲方：      乙方：\xa0 丙\u200b方"), "甲方： 乙方： 丙方"),
        (f"<w:hyperlink>{r('链接')}</w:hyperlink>{r('后')}", "链接后"),
        (f"<w:ins>{r('新')}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>{r('文')}", "新文"),
        (f"<w:moveFrom>{r('去')}</w:moveFrom><w:moveTo>{r('来')}</w:moveTo>", "来"),
        (r("见") + r("不见", "<w:vanish/>") + r("也见", '<w:vanish w:val="0"/>'), "见也见"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{r('控件')}</w:sdtContent></w:sdt>", "控件"),
        (
            f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('点击输入')}</w:sdtContent></w:sdt>{r('后')}",
            "后",
        ),
        (f'<w:fldSimple w:instr="PAGE">{r("3")}</w:fldSimple>', "3"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF</w:instrText></w:r>'
            f'{r("码")}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("果")}'
            f'<w:r><w:fldChar w:fldCharType="end"/></w:r>{r("后")}',
            "果后",
        ),
        (f"<w:r><w:ruby><w:rt>{r('hàn')}</w:rt><w:rubyBase>{r('汉')}</w:rubyBase></w:ruby></w:r>{r('字')}", "汉字"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + r("同意"), "☑同意"),
        ('<w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="x" w:char="2713"/></w:r>', "α✓"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F000"/><w:sym w:char="zz"/><w:sym/></w:r>' + r("甲"), "甲"),
        (r("一") + "<w:r><w:commentReference w:id='1'/></w:r>" + r("二"), "一二"),
        (
            "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f>"
            "<m:nary><m:sup/><m:e><m:r><m:t>x</m:t></m:r></m:e></m:nary></m:oMath>",
            "a/bx",
        ),
        (f"<w:smartTag>{r('智能')}</w:smartTag><w:proofErr/>{r('标记')}", "智能标记"),
        (r("一<!-- 注 -->二"), "一二"),
        ('<w:r><w:fldChar w:fldCharType="end"/><w:fldChar w:fldCharType="separate"/></w:r>' + r("甲"), "甲"),
    ],
)
def test_the_words_of_a_paragraph(inside: str, words: str) -> None:
    assert text(p(inside)) == words + "\n"


def test_a_field_that_is_never_closed_hides_no_more_than_its_paragraph() -> None:
    assert text(p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("码")) + p(r("文。"))) == "文。\n"


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{p(r('框一。'))}{p(r('框二。'))}</w:txbxContent>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert text(p(r("前") + f"<w:r>{both}</w:r>" + r("后。")) + p(r("末。"))) == "前后。\n框一。\n框二。\n末。\n"
    fallback = both.replace(f"<wps:txbx>{box}</wps:txbx>", "")
    assert text(p(f"<w:r>{fallback}</w:r>")) == "框一。\n框二。\n"


NOTES = (
    f'<w:footnote w:type="separator" w:id="-1">{p(r("线"))}</w:footnote>'
    f'<w:footnote w:id="1">{p("<w:r><w:footnoteRef/></w:r>" + r(" 脚注。"))}{p(r("再一句。"))}</w:footnote>'
)


def test_notes_stand_after_the_paragraph_or_the_row_that_refers_to_them() -> None:
    mark = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    end = '<w:r><w:endnoteReference w:id="1"/></w:r>'
    endnotes = f'<w:endnote w:id="1">{p(r("尾注。"))}</w:endnote>'
    body = p(r("有注") + mark + r("的句子。")) + p(r("末") + end + r("。"))
    assert text(body, footnotes=NOTES, endnotes=endnotes) == "有注的句子。\n脚注。\n再一句。\n末。\n尾注。\n"
    row = f"<w:tbl><w:tr><w:tc>{p(r('甲') + mark)}</w:tc><w:tc>{p(r('乙'))}</w:tc></w:tr></w:tbl>"
    assert text(row, footnotes=NOTES) == "甲 | 乙\n脚注。\n再一句。\n"
    assert text(body) == "有注的句子。\n末。\n"


def test_code_keeps_its_indentation() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="c"><w:name w:val="Source Code"/></w:style>'
    assert text(p(r("    return  1 "), '<w:pStyle w:val="c"/>'), styles=styles) == "    return  1\n"


# -- tables


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def tc(*paragraphs: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(p(r(words)) for words in paragraphs)}</w:tc>"


def test_cells_merged_in_a_row_are_read_once_and_those_of_several_rows_in_each() -> None:
    document = word.Document()
    grid = document.add_table(3, 3)
    for row, words in zip(grid.rows, ("甲乙丙", "丁戊己", "庚辛壬"), strict=True):
        for cell, character in zip(row.cells, words, strict=True):
            cell.text = character
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "宽"
    grid.cell(1, 2).merge(grid.cell(2, 2)).text = "高"
    for cell in document.add_table(1, 2).rows[0].cells:
        cell.text = ""
    assert read(saved(document)).text == "宽 | 丙\n丁 | 戊 | 高\n庚 | 辛 | 高\n"


def test_lines_of_a_cell_are_joined_and_the_cells_of_a_layout_stay_paragraphs() -> None:
    assert text(table(tc("上行", "下行") + tc("two", "words"))) == "上行下行 | two words\n"
    assert text(table(tc("框里的第一段。", "第二段。"))) == "框里的第一段。\n第二段。\n"
    assert text(table(tc("左栏") + tc("一。", "二。", "三。", "四。"))) == "左栏\n一。\n二。\n三。\n四。\n"


def test_a_table_in_a_table_comes_after_the_row_that_holds_it() -> None:
    inner = table(tc("子一") + tc("子二"))
    outer = table(f"<w:tc>{p(r('甲'))}{inner}</w:tc>" + tc("乙"), tc("丙") + tc("丁"))
    assert text(outer) == "甲 | 乙\n子一 | 子二\n丙 | 丁\n"


def test_rows_and_cells_in_content_controls_are_read_and_deleted_rows_are_not() -> None:
    wrapped = f"<w:sdt><w:sdtContent>{tc('控')}</w:sdtContent></w:sdt>"
    deleted = "<w:trPr><w:del/></w:trPr>" + tc("删") + tc("除")
    rows = table(wrapped + tc("件"), deleted)
    control = f"<w:sdt><w:sdtContent><w:tr>{tc('行') + tc('控')}</w:tr></w:sdtContent></w:sdt>"
    assert text(rows.replace("</w:tbl>", control + "</w:tbl>")) == "控 | 件\n行 | 控\n"


# -- what is left out


def test_headers_footers_and_the_table_of_contents_are_left_out_unless_raw() -> None:
    contents = '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="toc 1"/></w:style>' + STYLES
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p(r('目录'))}</w:sdtContent></w:sdt>"
    )
    body = control + p(r("章…1"), '<w:pStyle w:val="t"/>') + p(r("章"), '<w:pStyle w:val="2"/>') + p(r("文。"))
    data = packed(body, styles=contents, header=p(r("页眉")), footer=p(r("第1页")))
    found = read(data)
    assert found.text == "章\n文。\n"
    assert [(left.at, left.text, left.reason) for left in found.dropped] == [
        (0, "页眉", Reason.MARGIN),
        (0, "目录", Reason.CLUTTER),
        (0, "章…1", Reason.CLUTTER),
        (5, "第1页", Reason.MARGIN),
    ]
    assert read(data, raw=True).text == "页眉\n目录\n章…1\n章\n文。\n第1页\n"
    assert read(data, raw=True).dropped == ()


# -- other files


def test_a_strict_file_is_read_alike() -> None:
    body = p(r("甲"), '<w:pStyle w:val="2"/>') + p(r("文") + r("隐", "<w:vanish/>")) + table(tc("子") + tc("丑"))
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    found = read(packed(body, w=STRICT, office=strict, styles=STYLES))
    assert sections(found) == [(("甲",), "文\n子 | 丑\n")]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def test_old_and_encrypted_files_are_told_apart() -> None:
    assert fault(OLE + "WordDocument".encode("utf-16-le")) == "skip-old-office"
    assert fault(OLE + "EncryptedPackage".encode("utf-16-le")) == "skip-encrypted"


GOOD = packed(p(r("文。")))


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", GOOD[:-30], GOOD[:60] + b"\xff" * 40 + GOOD[100:], packed("<w:p>"), packed(p(r("&x;")) + "<")],
)
def test_a_damaged_file_is_told_as_such(data: bytes) -> None:
    assert fault(data) == "skip-damaged"


def test_a_zip_file_without_a_document_is_damaged() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert fault(file.getvalue()) == "skip-damaged"


def test_a_part_that_unpacks_to_far_too_much_is_not_unpacked() -> None:
    assert fault(packed(" " * (17 << 20))) == "skip-bomb-file"


def test_entities_are_not_expanded() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            xml = before.read(name).decode()
            if name == "word/document.xml":
                xml = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + xml.replace("文。", "文&a;。")
            after.writestr(name, xml)
    assert "root:" not in read(file.getvalue()).text


@given(st.data())
def test_damaged_bytes_give_a_text_or_a_reason_and_nothing_else(data: st.DataObject) -> None:
    broken = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(broken))
    except UnreadableError as error:
        assert error.key in {"skip-damaged", "skip-encrypted", "skip-bomb-file"}


PIECES = st.sampled_from(
    [
        *(
            "<w:p>",
            "</w:p>",
            "<w:r>",
            "</w:r>",
            "<w:t>文。</w:t>",
            "<w:tbl>",
            "</w:tbl>",
            "<w:tr>",
            "</w:tr>",
            "<w:tc>",
        ),
        *("</w:tc>", "<w:ins>", "</w:ins>", "<w:sdt>", "</w:sdt>", "<w:sdtContent>", "</w:sdtContent>", "<w:sym/>"),
        *('<w:fldChar w:fldCharType="begin"/>', "<w:pPr/>", '<w:footnoteReference w:id="1"/>', "<w:br/>", "<w:den/>"),
    ]
)


@given(st.lists(PIECES, max_size=30))
def test_elements_in_any_order_give_a_text_or_a_reason(pieces: list[str]) -> None:
    opened: list[str] = []
    body = ""
    for piece in pieces:  # well-formed, though no schema allows it
        if piece.startswith("</"):
            if not opened or opened[-1] != piece[2:-1]:
                continue
            opened.pop()
        elif not piece.endswith("/>") and not piece.startswith("<w:t>"):
            opened.append(piece[1:-1])
        body += piece
    body += "".join(f"</{name}>" for name in reversed(opened))
    found = read(packed(body, footnotes=NOTES))
    assert set(found.text) <= set("文。脚注再一句 |\n")


def test_every_word_of_a_real_document_comes_back(tmp_path: Path) -> None:
    from corpus.formats import markdown
    from tests.conftest import DOCUMENTS

    source = markdown.read((DOCUMENTS / "pytorch.md").read_bytes()).document("p", named="p")
    document = word.Document()
    for section in source.sections:
        for level, name in enumerate(section.path, start=1):
            document.add_heading(name, level)
        for line in source.text[section.start : section.end].splitlines():
            document.add_paragraph(line)
    found = read(saved(document))
    assert [(path, words) for path, words in sections(found)] == [(path, words) for path, words in sections(source)]


def test_a_cell_that_goes_on_over_rows_holds_for_each_of_them() -> None:
    document = word.Document()
    table = document.add_table(3, 3)
    for row, cells in enumerate((("三楼", "松涛厅", "20人"), ("", "竹影厅", "8人"), ("五楼", "云海厅", "50人"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    file = io.BytesIO()
    document.save(file)
    text = docx.read(file.getvalue()).document("a", named="a").text
    assert text == "三楼 | 松涛厅 | 20人\n三楼 | 竹影厅 | 8人\n五楼 | 云海厅 | 50人\n"
