import contextlib
import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Reason
from corpus.errors import UnreadableError
from corpus.formats.web import epub

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
FACTS = "<dc:title>书名</dc:title><dc:creator>甲</dc:creator><dc:creator>乙</dc:creator><dc:date>2019-03-21</dc:date>"
NAV = (
    '<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc"><h1>目录</h1><ol>'
    '<li><a href="text/1.xhtml">第一章</a></li><li><a href="text/%E4%BA%8C.xhtml#p">第二章</a></li></ol></nav>'
)


def chapter(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
        f"<body>{body}</body></html>"
    )


def package(
    chapters: Mapping[str, str], *, order: str = "", facts: str = FACTS, nav: str = NAV, rest: str = ""
) -> dict[str, str]:
    """The files of a book; `order` names the chapters as they are read, one letter each."""
    items = "".join(
        f'<item id="c{name}" href="text/{name}.xhtml" media-type="application/xhtml+xml"/>' for name in chapters
    )
    items += '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>' if nav else ""
    spine = "".join(f'<itemref idref="c{name}"/>' for name in order or chapters)
    spine = f'<itemref idref="nav"/>{spine}' if nav else spine
    opf = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{facts}</metadata>'
        f'<manifest>{items}<item id="i" href="i.png" media-type="image/png"/></manifest>'
        f"<spine>{spine}</spine>{rest}</package>"
    )
    files = {"META-INF/container.xml": CONTAINER, "OEBPS/content.opf": opf, "OEBPS/i.png": "x"}
    files |= {f"OEBPS/text/{name}.xhtml": chapter(body) for name, body in chapters.items()}
    return files | ({"OEBPS/nav.xhtml": chapter(nav)} if nav else {})


def packed(files: Mapping[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def read(files: Mapping[str, str | bytes], *, raw: bool = False) -> Document:
    return epub.read(packed(files), raw=raw).document("a.epub", named="a")


def paths(document: Document) -> list[tuple[tuple[str, ...], str]]:
    return [(section.path, document.text[section.start : section.end]) for section in document.sections]


BOOK = {
    "1": "<h1>第一章</h1><p>甲&nbsp;乙。</p><h2>一节</h2><ul><li>项一</li><li>项二</li></ul>",
    "二": "<h1>第二章</h1><table><tr><td>键</td><td>值</td></tr></table><pre>x = 1\n\ny</pre>",
}


def test_chapters_come_in_reading_order_with_their_headings() -> None:
    assert paths(read(package(BOOK, order="二1"))) == [
        (("第二章",), "键 | 值\nx = 1\n\ny\n"),
        (("第一章",), "甲 乙。\n"),
        (("第一章", "一节"), "项一\n项二\n"),
    ]


def test_the_package_tells_title_authors_and_date() -> None:
    book = read(package(BOOK))
    assert (book.title, book.source, book.date) == ("书名", "甲、乙", "2019-03-21")
    facts = "<dc:date>2001-05-06T00:00:00Z</dc:date><dc:source>http://a.b/c</dc:source>"
    book = read(package(BOOK, facts=facts))
    assert (book.title, book.source, book.date) == ("a", "http://a.b/c", "2001-05-06")


def test_the_table_of_contents_is_dropped_but_kept_raw() -> None:
    book = read(package(BOOK))
    assert [one.text for one in book.dropped] == ["目录", "第一章", "第二章"]
    assert {one.reason for one in book.dropped} == {Reason.CLUTTER}
    raw = read(package(BOOK), raw=True)
    assert raw.text == "目录\n第一章\n第二章\n" + book.text
    assert not raw.dropped


def test_a_chapter_that_is_called_the_contents_but_is_a_text_stays() -> None:
    rest = '<guide><reference type="toc" href="text/1.xhtml#toc"/></guide>'  # as converters write it
    assert read(package(BOOK, nav="", rest=rest)).text.startswith("第一章\n甲 乙。\n")
    contents = '<p><a href="二.xhtml">第二章</a></p>'
    assert not read(package({**BOOK, "1": contents}, nav="", rest=rest)).text.startswith("第二章\n第二章")


def test_a_chapter_without_a_heading_is_called_as_the_contents_call_it() -> None:
    book = read(package({"1": "<p class='t'>第一章</p><p>文一。</p>", "二": "<p>文二。</p>", "3": "<p>文三。</p>"}))
    assert paths(book) == [(("第一章",), "文一。\n"), (("第二章",), "文二。\n"), (("第二章",), "文三。\n")]


def test_the_contents_of_epub_2_name_its_chapters() -> None:
    files = package({"1": "<p>文一。</p>"}, nav="")
    item = '<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    files["OEBPS/content.opf"] = files["OEBPS/content.opf"].replace("<manifest>", "<manifest>" + item)
    files["OEBPS/toc.ncx"] = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>引子</text></navLabel>'
        '<content src="text/1.xhtml"/></navPoint></navMap></ncx>'
    )
    assert paths(read(files)) == [(("引子",), "文一。\n")]


def test_no_passage_crosses_two_chapters() -> None:
    book = read(package({"1": "<h1>题</h1><p>一。</p>", "2": "<p>二。</p>"}, nav=""))
    assert paths(book) == [(("题",), "一。\n"), (("题",), "二。\n")]


def test_a_chapter_in_another_encoding_is_read() -> None:
    files: dict[str, str | bytes] = {**package({"1": "<p>x</p>"}, nav="")}
    source = '<?xml version="1.0" encoding="gb2312"?><html><body><p>国标编码。</p></body></html>'
    files["OEBPS/text/1.xhtml"] = source.encode("gbk")
    assert read(files).text == "国标编码。\n"


def test_without_a_spine_or_a_container_the_pages_are_read_all_the_same() -> None:
    files = package(BOOK, nav="")
    del files["META-INF/container.xml"]
    files["OEBPS/content.opf"] = files["OEBPS/content.opf"].replace("<itemref", "<x")
    assert [path for path, _ in paths(read(files))] == [("第一章",), ("第一章", "一节"), ("第二章",)]


def test_missing_and_empty_chapters_are_passed_over() -> None:
    files = package({**BOOK, "3": "", "4": "<img src='a.png' alt='封面.jpg'/>"})
    del files["OEBPS/text/1.xhtml"]
    book = read(files)
    assert paths(book) == [(("第二章",), "键 | 值\nx = 1\n\ny\n")]
    assert book.dropped[-1].text == "封面.jpg"


# -- books that are not read


def key_of(files: Mapping[str, str | bytes]) -> str:
    with pytest.raises(UnreadableError) as error:
        read(files)
    return error.value.key


def encryption(algorithm: str) -> str:
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
        f'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{algorithm}"/></EncryptedData>'
        "</encryption>"
    )


def test_an_encrypted_book_is_refused_but_not_one_with_hidden_fonts() -> None:
    files = package(BOOK)
    aes = encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    assert key_of({**files, "META-INF/encryption.xml": aes}) == "skip-encrypted"
    fonts = encryption("http://www.idpf.org/2008/embedding")
    assert read({**files, "META-INF/encryption.xml": fonts}).title == "书名"


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert key_of(package({"1": "<p>" + "甲" * 1_000_000 + "</p>"})) == "skip-bomb-file"
    assert key_of({**package(BOOK), **{f"{n}": "" for n in range(epub.MOST)}}) == "skip-bomb"
    monkeypatch.setattr(epub, "LARGEST", 2000)
    assert key_of(package({**BOOK, "3": "<p>" + "乙" * 700 + "</p>"})) == "skip-bomb"


def test_pictures_do_not_count_for_the_limits() -> None:
    assert read({**package(BOOK), "OEBPS/i.png": "\0" * 30_000_000}).title == "书名"


def test_entities_that_grow_stay_small() -> None:
    entities = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE package [<!ENTITY x0 "哈哈哈哈">{entities}]>'
    files = package(BOOK, facts="<dc:title>书&x9;名</dc:title>")
    files["OEBPS/content.opf"] = files["OEBPS/content.opf"].replace('"1.0"?>', '"1.0"?>' + bomb, 1)
    files["OEBPS/text/1.xhtml"] = files["OEBPS/text/1.xhtml"].replace("<html", bomb + "<html").replace("甲", "&x9;")
    book = read(files)
    assert len(book.text) + len(book.title) < 1000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        packed({"a.txt": "x"}),
        packed({"META-INF/container.xml": "<"}),
        packed({"META-INF/container.xml": CONTAINER}),
        packed({"META-INF/container.xml": CONTAINER, "OEBPS/content.opf": ""}),
    ],
)
def test_what_is_no_book_is_called_damaged(data: bytes) -> None:
    with pytest.raises(UnreadableError) as error:
        epub.read(data)
    assert error.value.key == "skip-damaged"


WHOLE = packed(package(BOOK))


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=30), st.integers(0, 30))
def test_any_damage_is_borne(at: int, noise: bytes, gone: int) -> None:
    with contextlib.suppress(UnreadableError):
        epub.read(WHOLE[:at] + noise + WHOLE[at + gone :])


@given(st.text(max_size=60), st.sampled_from(["OEBPS/content.opf", "OEBPS/nav.xhtml", "OEBPS/text/1.xhtml"]))
def test_any_file_of_a_book_may_hold_anything(content: str, name: str) -> None:
    files: dict[str, str | bytes] = {**package(BOOK), name: content.encode("utf-8", "replace")}
    with contextlib.suppress(UnreadableError):
        read(files)
