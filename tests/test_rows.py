import csv as standard
import datetime
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from corpus.document import Document, Reason
from corpus.errors import UnreadableError
from corpus.formats import csv, jsonl
from corpus.formats.office import xlsx
from corpus.formats.office.numbers import format_of, shown
from corpus.formats.rows import sentences_of
from corpus.splitting import LONG_SENTENCE, sentences, split

Sections = list[tuple[tuple[str, ...], str]]


def sections(document: Document) -> Sections:
    return [(section.path, document.text[section.start : section.end].rstrip("\n")) for section in document.sections]


def table(text: str | bytes) -> Sections:
    data = text.encode() if isinstance(text, str) else text
    return sections(csv.read(data).document("a.csv", named="a"))


def lines(text: str) -> list[str]:
    return csv.read(text.encode()).document("a.csv", named="a").text.splitlines()


# -- a record as a sentence


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([("名", "甲"), ("年", "1999")], "名：甲；年：1999。"),
        ([("名", "甲"), ("年", "")], "名：甲。"),
        ([("名：", "甲；"), ("", "乙")], "名：甲；乙。"),
        ([("评", "好用。"), ("价", "3")], "评：好用。价：3。"),
        ([("评", "好用吗？")], "评：好用吗？"),
        ([("note", "It works."), ("price", "3")], "note：It works. price：3。"),
        ([("评", "（见下文。）")], "评：（见下文。）"),
        ([("址", "北京\r\n上海"), ("name", "two\nwords")], "址：北京上海；name：two words。"),
        ([("名", "甲\x00\x1b乙\u2028丙")], "名：甲乙丙。"),
    ],
)
def test_a_record_is_one_sentence_with_its_names(pairs: list[tuple[str, str]], sentence: str) -> None:
    assert sentences_of(pairs) == [sentence]


def test_a_long_record_becomes_sentences_that_each_tell_what_they_are_about() -> None:
    pairs = [("序号", "1"), ("产品", "甲型水泵"), *((f"参数{n}", "值" * 25) for n in range(6))]
    found = sentences_of(pairs)
    first, second = ("；".join(f"参数{n}：{'值' * 25}" for n in three) for three in ((0, 1, 2), (3, 4, 5)))
    assert found == [f"序号：1；产品：甲型水泵；{first}。", f"产品：甲型水泵；{second}。"]
    assert all(sentences(line) == [(0, len(line))] and len(line) <= LONG_SENTENCE for line in found)


@given(st.lists(st.tuples(st.text("名称ab", min_size=1, max_size=9), st.text("值1x ", max_size=60)), max_size=12))
def test_no_value_is_lost_and_no_sentence_is_too_long(pairs: list[tuple[str, str]]) -> None:
    found = sentences_of(pairs)
    assert all(" ".join(value.split()) in " ".join(" ".join(found).split()) for _, value in pairs)
    assert all(len(line) <= LONG_SENTENCE for line in found)


# -- which rows are header, title and data


def test_each_row_is_a_passage_of_its_own() -> None:
    document = csv.read("姓名,部门\n张三,人事部\n李四,人事部\n".encode()).document("a", named="a")
    assert [passage.text for passage in split(document)] == ["姓名：张三；部门：人事部。", "姓名：李四；部门：人事部。"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("姓名,部门,城市\n张三,人事部,北京\n", ["姓名：张三；部门：人事部；城市：北京。"]),
        ("城市,人口\n北京,2189万\n", ["城市：北京；人口：2189万。"]),
        ("术语,解释\n甲,乙\n", ["术语：甲；解释：乙。"]),
        ("指标,2019,2020\n收入,1,2\n", ["指标：收入；2019：1；2020：2。"]),
        ("项目,1月,二月,第3季\n甲,1,2,3\n", ["项目：甲；1月：1；二月：2；第3季：3。"]),
        (",收入,利润\n华东,1,2\n", ["华东；收入：1；利润：2。"]),
        ("张三,25,北京\n李四,30,上海\n", ["张三 | 25 | 北京", "李四 | 30 | 上海"]),
        ("张三,人事部,北京\n李四,人事部,上海\n", ["张三 | 人事部 | 北京", "李四 | 人事部 | 上海"]),
        ("这是一句话。,甲,乙\n丙,丁,戊\n", ["这是一句话。 | 甲 | 乙", "丙 | 丁 | 戊"]),
        ("名称,引据\n作者,张三\n版本,1.0\n", ["名称：引据。", "作者：张三。", "版本：1.0。"]),
        ("只有,一行\n", ["只有 | 一行"]),
        ("问题,答案\n", []),
        ("甲\n乙\n", ["甲", "乙"]),
        ("地区,数\n华东,1\n地区,数\n华北,2\n", ["地区：华东；数：1。", "地区：华北；数：2。"]),  # repeated on each page
        ("地区,数\n华东,1,多\n\n华北,2\n", ["地区：华东；数：1；多。", "地区：华北；数：2。"]),
        ("地区,数\n华东,1\n\n姓名,年龄\n张三,20\n", ["地区：华东；数：1。", "姓名：张三；年龄：20。"]),
        (
            ",2019年,,2020年,\n地区,收,支,收,支\n东,1,2,3,4\n",
            ["地区：东；2019年收：1；2019年支：2；2020年收：3；2020年支：4。"],
        ),
    ],
)
def test_a_header_is_told_from_data(text: str, found: list[str]) -> None:
    assert lines(text) == found


def test_rows_above_the_header_are_the_title_and_what_is_said_of_it() -> None:
    text = "员工名单,,\n单位：人,,\n部门,人数,经理\n研发,12,张三\n"
    assert table(text) == [(("员工名单",), "单位：人"), (("员工名单",), "部门：研发；人数：12；经理：张三。")]
    assert csv.read(text.encode()).title == "员工名单"


@pytest.mark.parametrize(
    "names",
    [
        *("问题,答案", "问,答", "标准问,标准答案", "Question,Answer", "Ｑ,Ａ", "prompt,response", "標題,內容"),
        *("Title,Content", "instruction,output", "问题（必填）,答 案", "题目,参考答案"),
    ],
)
def test_an_answer_stands_under_its_question(names: str) -> None:
    assert table(f"{names}\n怎么退款？,登录后点退款。\n") == [(("怎么退款？",), "登录后点退款。")]


def test_similar_questions_join_the_question_and_other_columns_follow_the_answer() -> None:
    text = '序号,分类,相似问1,标准问,相似问2,答案\n1,售后,如何退货,怎么退款？,,"先登录。\n再点退款。"\n'
    assert table(text) == [(("怎么退款？ / 如何退货",), "先登录。\n再点退款。\n分类：售后。")]
    assert table("instruction,input,output\n翻译,你好,hello\n") == [(("翻译 / 你好",), "hello")]


def test_a_question_without_answer_can_be_quoted_and_an_answer_without_question_stays() -> None:
    assert table("问题,答案\n何时？,\n,三天。\n") == [((), "何时？"), ((), "三天。")]


# -- CSV


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_delimiter_and_encoding_are_found(delimiter: str, encoding: str) -> None:
    text = "名称,价格,备注\r\n甲,12.5,好用\r\n乙,3,不贵\r\n".replace(",", delimiter)
    assert table(text.encode(encoding)) == [
        ((), "名称：甲；价格：12.5；备注：好用。"),
        ((), "名称：乙；价格：3；备注：不贵。"),
    ]


def test_commas_in_sentences_part_no_values() -> None:
    assert lines("今天，天气好。\n明天，会下雨。\n") == ["今天，天气好。", "明天，会下雨。"]
    assert lines("名;话;数\n甲;一，二，三;1\n乙;四，五;2\n") == [
        "名：甲；话：一，二，三；数：1。",
        "名：乙；话：四，五；数：2。",
    ]


def test_excels_own_line_names_the_delimiter() -> None:
    assert lines("sep=;\n名;数\n甲;1,5\n") == ["名：甲；数：1,5。"]


def test_quoted_line_ends_quotation_marks_and_ragged_rows_are_read() -> None:
    text = '名,话,数\n甲,"他说""好""。\n走了",1\n乙,短\n丙,"a,b",2,多余\n'
    assert lines(text) == ['名：甲；话：他说"好"。走了；数：1。', "名：乙；话：短。", "名：丙；话：a,b；数：2；多余。"]


def test_a_quotation_mark_that_nobody_closes_loses_no_row() -> None:
    text = "名,数\n" + "甲,1\n" * 10 + '"乙,2\n' + "丙,3\n" * 2000
    found = lines(text)
    assert len(found) == 2011
    assert found[-1] == "名：丙；数：3。"


def test_a_huge_value_is_no_fault_and_the_librarys_limit_stays() -> None:
    before = standard.field_size_limit()
    assert len(lines(f"名,文\n甲,{'长' * 200_000}尾\n")[0]) == 200_000 + len("名：甲；文：尾。")
    assert standard.field_size_limit() == before


@given(st.lists(st.lists(st.text("甲乙1.,;\"'\n\t|。", max_size=6), min_size=1, max_size=4), max_size=8))
def test_any_rows_that_the_library_writes_are_read_with_every_value(rows: list[list[str]]) -> None:
    file = io.StringIO()
    standard.writer(file).writerows(rows)
    found = csv.read(file.getvalue().encode()).document("a", named="a")
    everything = "".join([found.text, *(one.text for one in found.dropped)])  # a header's name alone is noted there
    assert set("甲乙") & set("".join(map("".join, rows[1:]))) <= set(everything)


@given(st.text('甲,"\n\r\t;|，0x=', max_size=60))
def test_any_text_is_some_table(text: str) -> None:
    csv.read(text.encode())


# -- Excel


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet_of(*rows: list[object], name: str = "Sheet") -> Workbook:
    book = Workbook()
    assert book.active
    book.active.title = name
    for row in rows:
        book.active.append(row)
    return book


def book_sections(data: bytes, *, raw: bool = False) -> Sections:
    return sections(xlsx.read(data, raw=raw).document("a.xlsx", named="a"))


def edited(data: bytes, part: str, old: str, new: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name).decode()
            if part in name:
                assert old in text
                text = text.replace(old, new)
            after.writestr(name, text)
    return file.getvalue()


def test_values_are_those_that_the_sheet_shows() -> None:
    moment = datetime.datetime(2019, 3, 1, 12, 30)
    book = sheet_of(["名", "数", "率", "日", "时", "对", "式"], ["甲", 1.0, 0.256, moment.date(), moment, True, None])
    sheet = book.active
    assert sheet
    sheet["C2"].number_format = "0.0%"
    sheet["E2"].number_format = "yyyy/m/d h:mm"
    assert book_sections(saved(book)) == [
        ((), "名：甲；数：1；率：25.6%；日：2019-03-01；时：2019-03-01 12:30；对：是。")
    ]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        ("1.0", "General", "1"),
        ("0.30000000000000004", "General", "0.3"),
        ("110101199001011234", "General", "110101199001011234"),
        ("1E-3", "General", "0.001"),
        ("1234567.5", "#,##0.00", "1,234,567.50"),
        ("-1234.5", "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        ("-1234", "#,##0;[Red]-#,##0", "-1,234"),
        ("7", "00000", "00007"),
        ("12", "[$¥-804]#,##0.00", "¥12.00"),
        ("3", '0"元"', "3元"),
        ("0.125", "0.00", "0.13"),
        ("-0.001", "0.00", "0.00"),
        ("12.5", "0.0#", "12.5"),
        ("0", '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        ("12345", "0.00E+00", "1.23E+04"),
        ("1500000", "0.0,,", "1.5"),
        ("0.5", "# ?/?", "0.5"),
        ("5", "[>10]0;0.0", "5"),
        ("13912345678", "000-0000-0000", "13912345678"),
        ("43525", "mm-dd-yy", "2019-03-01"),
        ("43525", 'yyyy"年"m"月"', "2019-03"),
        ("0.75", "h:mm", "18:00"),
        ("1.5", "[h]:mm", "36:00:00"),
        ("43525", format_of(57, {}), "2019-03-01"),  # a Chinese date that no file spells out
        ("99999999", "yyyy-mm-dd", "99999999"),
        ("abc", "0.00", "abc"),
    ],
)
def test_a_number_in_a_format(number: str, form: str, text: str) -> None:
    assert shown(number, form) == text


@given(st.floats(allow_nan=False) | st.integers(), st.text('0#?.,%E-;@[]"\\ymdhs/ 元$*_', max_size=12))
def test_any_format_shows_some_text(number: float, form: str) -> None:
    assert isinstance(shown(repr(number), form), str)


def test_dates_that_count_from_1904_are_four_years_later() -> None:
    assert (shown("0", "yyyy-mm-dd", mac=True), shown("1", "yyyy-mm-dd", mac=True)) == ("0", "1904-01-02")


def test_formulas_give_the_value_that_was_stored_and_errors_nothing() -> None:
    data = saved(sheet_of(["名", "数", "误"], ["甲", "=1+1", "x"], ["乙", 3, "y"]))
    data = edited(data, "sheet1", "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")
    data = (
        edited(data, "sheet1", '<c r="C2" t="inlineStr"><is><t>x</t></is></c>', '<c r="C2" t="e"><v>#N/A</v></c>')
        if (b"inlineStr" in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml"))
        else edited(data, "sheet1", '<c r="C2" t="s"><v>4</v></c>', '<c r="C2" t="e"><v>#N/A</v></c>')
    )
    assert book_sections(data) == [((), "名：甲；数：2。"), ((), "名：乙；数：3；误：y。")]


def test_a_merged_cell_counts_for_each_of_its_rows_and_once_in_a_row() -> None:
    book = sheet_of(["部门", "姓名", "年龄"], ["研发", "张三", 20], [None, "李四", 30], ["合计", None, 50])
    assert book.active
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("A4:B4")
    assert [text for _, text in book_sections(saved(book))] == [
        "部门：研发；姓名：张三；年龄：20。",
        "部门：研发；姓名：李四；年龄：30。",
        "部门：合计；年龄：50。",
    ]


def test_several_sheets_stand_under_their_names_and_hidden_and_empty_ones_are_left_out() -> None:
    book = sheet_of(["问题", "答案"], ["何时？", "三天。"], name="售后")
    book.create_sheet("空")
    for name, state in (("人员", "visible"), ("字典", "hidden")):
        sheet = book.create_sheet(name)
        sheet.append(["姓名", "年龄"])
        sheet.append(["张三", 20])
        sheet.sheet_state = state
    found = xlsx.read(saved(book)).document("a", named="a")
    shown_ones: Sections = [(("售后", "何时？"), "三天。"), (("人员",), "姓名：张三；年龄：20。")]
    assert sections(found) == shown_ones
    assert [(left.text, left.reason) for left in found.dropped] == [("字典\n姓名 | 年龄\n张三 | 20", Reason.HIDDEN)]
    assert book_sections(saved(book), raw=True) == [*shown_ones, (("字典",), "姓名：张三；年龄：20。")]


def test_a_million_empty_rows_and_a_wrong_dimension_hide_nothing() -> None:
    data = saved(sheet_of(["名", "数"], ["甲", 1]))
    empty = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(3, 50_000))
    last = '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'
    data = edited(data, "sheet1", "</sheetData>", f"{empty}{last}</sheetData>")
    data = edited(data, "sheet1", 'ref="A1:B2"', 'ref="A1"')
    assert [text for _, text in book_sections(data)] == ["名：甲；数：1。", "7"]


def test_a_strict_file_and_one_whose_styles_are_broken_are_read() -> None:
    data = saved(sheet_of(["名", "数"], ["甲", 1]))
    strict = data
    for part in (".rels", "workbook.xml", "sheet1.xml", "sharedStrings.xml", "styles.xml"):
        for old, new in (
            ("http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument"),
            (
                "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                "http://purl.oclc.org/ooxml/spreadsheetml/main",
            ),
        ):
            if any(
                part in name and old in zipfile.ZipFile(io.BytesIO(strict)).read(name).decode()
                for name in names(strict)
            ):
                strict = replaced(strict, part, old, new)
    assert book_sections(strict) == [((), "名：甲；数：1。")]
    broken = replaced(data, "styles.xml", 'patternType="gray125"', 'patternType="grey"')
    with pytest.raises(ValueError):
        load_workbook(io.BytesIO(broken))
    assert book_sections(broken) == [((), "名：甲；数：1。")]


def names(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def replaced(data: bytes, part: str, old: str, new: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name).decode()
            after.writestr(name, text.replace(old, new) if part in name else text)
    return file.getvalue()


def test_texts_in_runs_and_escapes_are_whole() -> None:
    data = saved(sheet_of(["名", "数"], ["甲_x000D_\n乙", 1]))
    assert book_sections(data) == [((), "名：甲乙；数：1。")]


CELLS = st.none() | st.integers(-999, 999) | st.text("甲乙丙", min_size=1, max_size=3)


@settings(max_examples=30)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6))
def test_every_value_that_openpyxl_reads_is_in_the_text_or_a_name(rows: list[list[object]]) -> None:
    data = saved(sheet_of(["名", "一", "二", "三"], ["始", 1, 2, 3], *rows))
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet
    values = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}
    found = xlsx.read(data).document("a.xlsx", named="a")
    everything = "\n".join([found.text, *(one.text for one in found.dropped)])  # a header's name alone is noted there
    assert all(value in everything for value in values)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "skip-old-office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "skip-encrypted"),
        (b"PK\x03\x04 no zip file", "skip-damaged"),
        (replaced(saved(sheet_of(["甲"])), "sheet1", "</sheetData>", ""), "skip-damaged"),
        (
            replaced(saved(sheet_of(["甲"])), "sheet1", "<sheetData>", "<sheetData>" + " " * (17 << 20)),
            "skip-bomb-file",
        ),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, key: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        xlsx.read(data)
    assert caught.value.key == key


def test_a_filled_cell_without_a_value_is_empty() -> None:
    book = sheet_of(["名", "数"], ["甲", 1])
    assert book.active
    book.active["A3"].fill = PatternFill("solid", fgColor="FFFF00")
    assert book_sections(saved(book)) == [((), "名：甲；数：1。")]


# -- JSON


def records(text: str) -> Sections:
    return sections(jsonl.read(text.encode()).document("a.jsonl", named="a"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"title": "甲", "text": "一。\\n二。"}', [(("甲",), "一。\n二。")]),
        ('{"标题": "甲", "正文": "一。", "栏目": "新闻"}', [(("甲",), "一。\n栏目：新闻。")]),
        ('{"question": "问？", "answer": "答。"}', [(("问？",), "答。")]),
        ('{"text": "一段。", "id": 7}', [((), "一段。")]),
        ('{"名": "甲", "数": 1.0, "有": true, "无": null}', [((), "名：甲；数：1.0；有：是。")]),
        ('{"a": {"b": {"c": 1}}, "d": ["x", "y"]}', [((), "a·b·c：1；d：x、y。")]),
        ('{"名": "甲", "注": ["好。", "坏。"]}', [((), "名：甲；注：好。坏。")]),
        ('{"名": "甲", "员": [{"姓": "张"}, {"姓": "李"}]}', [((), "名：甲。"), ((), "姓：张。"), ((), "姓：李。")]),
        ('"一段话。"\n"又一段。"', [((), "一段话。\n又一段。")]),
        ('["甲", "乙"]\n["丙", "丁"]', [((), "甲、乙\n丙、丁")]),
        ('[{"名": "甲"},\n {"名": "乙"}]\n', [((), "名：甲。"), ((), "名：乙。")]),
        ('[{"名": "甲"}, {"名": "乙"}]', [((), "名：甲。"), ((), "名：乙。")]),
        ('{\n  "名": "甲"\n}\n{\n  "名": "乙"\n}\n', [((), "名：甲。"), ((), "名：乙。")]),
        ('{"data": [{"名": "甲"}, {"名": "乙"}]}', [((), "名：甲。"), ((), "名：乙。")]),
        ('{"名": "甲"}\n{"名": \n坏行\n{"名": "乙"}', [((), "名：甲。"), ((), '{"名":\n坏行'), ((), "名：乙。")]),
        (
            '{"n": NaN, "m": -Infinity, "k": 12345678901234567890}',
            [((), "n：NaN；m：-Infinity；k：12345678901234567890。")],
        ),
        ("{}\n[]\n", []),
    ],
)
def test_values_of_json(text: str, found: Sections) -> None:
    assert records(text) == found


def test_what_all_records_tell_of_their_source_is_the_documents() -> None:
    one = jsonl.read('{"title": "甲", "text": "一。", "url": "http://a.b", "date": "2019-03"}\n'.encode() * 2)
    assert (one.source, one.date) == ("http://a.b", "2019-03")
    two = jsonl.read('{"名": "甲", "url": "http://a.b"}\n{"名": "乙"}\n'.encode())
    assert two.source == ""


@pytest.mark.parametrize("text", ["没有一行是 JSON\n两行\n", "{]", "x" * 3])
def test_a_file_without_any_json_is_damaged(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        jsonl.read(text.encode())
    assert caught.value.key == "skip-damaged"


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 100_000, "[" * 5000 + "]" * 5000])
def test_nesting_without_end_is_no_crash(deep: str) -> None:
    text = f'"好。"\n{deep}\n'
    assert "好。" in jsonl.read(text.encode()).document("a", named="a").text


def test_many_unclosed_lists_take_no_longer_than_their_number_tells() -> None:
    text = '"好。"\n' + "[1,\n" * 20_000
    assert jsonl.read(text.encode()).document("a", named="a").text.count("\n") == 20_001


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(JSON, min_size=1, max_size=4))
def test_any_json_is_read(values: list[object]) -> None:
    for text in ("\n".join(map(json.dumps, values)), json.dumps(values, indent=1)):
        jsonl.read(text.encode())


def test_a_cell_whose_line_ends_in_the_midst_of_a_sentence_goes_on() -> None:
    text = '问题,答案\n怎么退货,"签收后七天内可退货，\n需保留包装。\n运费自理。"\n'
    assert sections(csv.read(text.encode()).document("a", named="a")) == [
        (("怎么退货",), "签收后七天内可退货，需保留包装。\n运费自理。")
    ]


def test_hidden_rows_and_columns_are_noted_and_those_that_a_filter_hides_are_read() -> None:
    def book(*, filtered: bool) -> bytes:
        made = sheet_of(["姓名", "工资", "电话"], ["赵一", 5000, "甲"], ["钱二", 6000, "乙"])
        sheet = made.active
        assert sheet
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        if filtered:
            sheet.auto_filter.ref = "A1:C3"
        return saved(made)

    assert book_sections(book(filtered=False)) == [((), "姓名：赵一；工资：5000。")]
    found = xlsx.read(book(filtered=False)).document("a", named="a")
    assert [(one.text, one.reason) for one in found.dropped] == [("电话\n甲\n钱二 | 6000 | 乙", Reason.HIDDEN)]
    assert book_sections(book(filtered=True)) == [
        ((), "姓名：赵一；工资：5000。"), ((), "姓名：钱二；工资：6000。")
    ]  # fmt: skip
    assert "乙" in "".join(text for _, text in book_sections(book(filtered=False), raw=True))
