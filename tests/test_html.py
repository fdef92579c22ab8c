import base64
import contextlib
import quopri
import re
import subprocess
import sys
import time
from email.header import Header
from pathlib import Path
from string import Template

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus.document import Document, Reason
from corpus.errors import UnreadableError
from corpus.formats import markdown
from corpus.formats.web import html, mhtml
from corpus.formats.web.markup import parsed, text_of_page
from corpus.formats.web.tree import shown
from corpus.splitting import sentences
from tests.conftest import DOCUMENTS, ROOT

PAGES = Path(__file__).parent / "files" / "html"
RENDERER = MarkdownIt("commonmark").enable("table")
SENTENCE = "这是正文里完整的一句话，后面没有别的。"


def read(source: str | bytes, *, raw: bool = False) -> Document:
    data = source.encode() if isinstance(source, str) else source
    return html.read(data, raw=raw).document("a.html", named="a")


def text(source: str) -> str:
    """What the page shows, nothing chosen."""
    return "".join(block.words + "\n" for block in shown(parsed(source)).blocks if not block.omitted)


def lines(source: str) -> list[str]:
    return text(source).splitlines()


def dropped(document: Document) -> list[str]:
    return [one.text for one in document.dropped if one.reason is Reason.CLUTTER]


# -- the article


def wiki(body: str) -> str:
    """Headings with [edit], a table of contents before the first one."""
    edit = '<span class="mw-editsection">[<a href="/e">编辑</a>]</span>'
    names = re.findall(r"<h2>(.*?)</h2>", body)
    contents = "".join(f'<li><a href="#{name}"><span>{name}</span></a></li>' for name in names)
    toc = f'<div id="toc" class="toc" role="navigation"><h2>目录</h2><ul>{contents}</ul></div>'
    body = re.sub(r"<h2>(.*?)</h2>", rf'<h2><span class="mw-headline">\1</span>{edit}</h2>', body)
    return body.replace("<h2>", toc + "<h2>", 1)


def old(body: str) -> str:
    """Line ends for paragraphs, bold type for headings, as in the 2000s."""
    body = re.sub(r"<p>(.*?)</p>", r"　　\1<BR><BR>", body, flags=re.DOTALL)
    return re.sub(r"<h(\d)>(.*?)</h\1>", r"<B>\2</B><BR><BR>", body)


def thread(body: str) -> str:
    """A post for each section, each with its author and what can be done with it."""
    post = (
        '<div id="post_$n"><table><tr><td class="pls" rowspan="2"><div class="authi"><a href="u$n">网友$n</a></div>'
        '<dl class="pil"><dt>主题</dt><dd>$n</dd><dt>积分</dt><dd>9$n</dd></dl></td><td class="plc"><div class="pi">'
        '<a href="#$n">$n楼</a> <em>发表于 2019-3-21 10:12:05</em> | <a href="o">只看该作者</a></div>'
        '<div class="t_fsz"><table><tr><td class="t_f">$body</td></tr></table></div></td></tr>'
        '<tr><td class="plc"><div class="po"><a href="r">回复</a> <a href="s">支持</a>'
        ' <a href="j">举报</a></div></td></tr></table></div>'
    )
    parts = re.split(r"(?=<h2>)", body)
    return "".join(Template(post).substitute(n=n, body=part) for n, part in enumerate(parts, start=1))


SHAPES = {"article": str, "soup": str, "hashed": str, "layout": old, "wiki": wiki, "forum": thread}


def page(shape: str, title: str, body: str) -> str:
    source = Template((PAGES / f"{shape}.html").read_text(encoding="utf-8"))
    return source.substitute(title=title, body=SHAPES[shape](body))


def rendered(path: Path) -> tuple[Document, str]:
    source = path.read_bytes()
    document = markdown.read(source).document(path.name, named=path.stem)
    body = RENDERER.render(re.sub(r"\A---\n.*?\n---\n", "", source.decode(), flags=re.DOTALL))
    return document, re.sub(r"<h1>.*?</h1>\n", "", body)


SOURCES = [rendered(path) for path in sorted(DOCUMENTS.glob("*.md"))]
CONTENT = (
    "<p>开头的一段话，有两句。这是第二句。</p><h2>小标题</h2><p>中间的一段话，说明事情的经过。</p><p>最后的一段话。</p>"
)


@pytest.mark.parametrize("shape", SHAPES)
def test_98_percent_of_an_articles_sentences_are_found_verbatim(shape: str) -> None:
    count, lost = 0, []
    for document, body in SOURCES:
        found = read(page(shape, document.title, body)).text
        for section in document.sections:
            for start, end in sentences(document.text, section.start, section.end):
                count += 1
                if document.text[start:end] not in found:
                    lost.append(document.text[start:end])
    assert count > 700
    assert len(lost) <= 0.02 * count, lost[:3]


@pytest.mark.parametrize("shape", SHAPES)
def test_nine_tenths_of_the_lines_around_an_article_are_dropped(shape: str) -> None:
    around, left = 0, []
    for document, body in SOURCES:
        clutter = set(lines(page(shape, document.title, CONTENT))) - set(lines(CONTENT)) - {document.title}
        around += len(clutter)
        left += list(clutter & set(read(page(shape, document.title, body)).text.splitlines()))
    assert around > 24 * 8
    assert len(left) <= 0.1 * around, sorted(set(left))


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_not_in_the_text_is_listed_as_dropped(shape: str) -> None:
    for document, body in SOURCES:
        source = page(shape, document.title, body)
        found = read(source)
        listed = "\n".join([found.text, *(one.text for one in found.dropped)]).splitlines()
        assert not set(lines(source)) - set(listed)


@pytest.mark.parametrize("shape", SHAPES)
def test_raw_keeps_all_that_the_page_shows(shape: str) -> None:
    source = page(shape, *[(document.title, body) for document, body in SOURCES][10])
    found = read(source, raw=True)
    assert not set(lines(source)) - set(found.text.splitlines())
    assert not dropped(found)


@pytest.mark.parametrize("shape", ["article", "soup", "hashed", "wiki"])
def test_headings_give_the_same_paths_as_in_markdown(shape: str) -> None:
    for document, body in SOURCES:
        found = read(page(shape, document.title, body))
        assert [section.path for section in found.sections] == [section.path for section in document.sections]


def test_a_page_with_nothing_around_its_article_reads_as_markdown_does() -> None:
    for document, body in SOURCES:
        source = (
            f"<!DOCTYPE html><html><head><title>{document.title}</title></head><h1>{document.title}</h1>{body}</html>"
        )
        found = read(source)
        assert (found.text, found.title, found.sections) == (document.text, document.title, document.sections)
        assert not found.dropped


def test_an_article_in_two_parts_is_kept_whole_with_its_table_and_code() -> None:
    cell = "".join(f"<tr><td>键{n}</td><td>值{n}</td></tr>" for n in range(5))
    source = (
        f'<body><div class="nav"><a href="/">首页</a></div><div class="x"><div class="lead"><p>{SENTENCE * 3}</p></div>'
        f'<div class="rest"><p>{SENTENCE * 9}</p><table>{cell}</table><pre>x = 1\n\ny = 2</pre><p>完。</p></div></div>'
    )
    found = read(source)
    assert found.text.splitlines() == [
        *(SENTENCE * 3, SENTENCE * 9),
        *(f"键{n} | 值{n}" for n in range(5)),
        *("x = 1", "", "y = 2", "完。"),
    ]
    assert dropped(found) == ["首页"]


def test_references_at_an_articles_end_stay_though_they_are_links() -> None:
    links = "".join(f'<li><a href="/{n}">参考书目第{n}种</a></li>' for n in range(6))
    source = f"<body><nav><a href='/'>首页</a></nav><main><p>{SENTENCE * 5}</p><h2>参考</h2><ul>{links}</ul></main>"
    assert read(source).text.splitlines()[-7:] == ["参考", *(f"参考书目第{n}种" for n in range(6))]


def test_a_page_in_which_nothing_is_found_is_kept_whole() -> None:
    assert read("<body><p>短</p><div>句</div></body>").text == "短\n句\n"


def test_a_page_that_is_all_clutter_by_its_tags_is_kept_whole() -> None:
    parts = [f"{SENTENCE[:-1]}，第{n}处。" for n in range(6)]
    source = "<body>" + "".join(f"<nav><p>{part}</p></nav>" for part in parts) + "</body>"
    assert read(source).text.splitlines() == parts


def test_an_article_that_waits_hidden_for_a_script_is_read() -> None:
    body = f'<div id="js_content" style="visibility: hidden"><p>{SENTENCE * 20}</p></div>'
    assert read(f"<body><p>请在客户端打开</p>{body}</body>").text == SENTENCE * 20 + "\n"


# -- title, author, date, address


HEAD = "<head><title>题目_某站</title>$head</head><body><h1>题目</h1><div>$byline</div><div>" + CONTENT * 3 + "</div>"


def facts(head: str = "", byline: str = "", before: str = "") -> tuple[str, str, str]:
    found = read(before + Template(HEAD).substitute(head=head, byline=byline))
    return found.title, found.source, found.date


@pytest.mark.parametrize(
    ("head", "byline", "source", "date"),
    [
        ('<meta name="author" content="翟奇"><meta property="article:published_time" content="2019-03-21T08:00">',) * 1
        + ("", "翟奇", "2019-03-21"),
        (
            '<link rel="canonical" href="https://a.b/c">',
            "作者：翟奇　2019年3月5日",
            "翟奇，https://a.b/c",
            "2019-03-05",
        ),
        (
            '<meta property="og:url" content="http://a.b/d">',
            "<time datetime='2018-01-02'>昨天</time>",
            "http://a.b/d",
            "2018-01-02",
        ),
        (
            '<script type="application/ld+json">{"headline": "题目", "author": [{"name": "李沐"}],'
            ' "datePublished": "2017-11-30"}</script>',
            "",
            "李沐",
            "2017-11-30",
        ),
        ('<link rel="canonical" href="/c"><script type="application/ld+json">{[</script>', "", "", ""),
    ],
)
def test_author_address_and_date_are_found(head: str, byline: str, source: str, date: str) -> None:
    assert facts(head, byline) == ("题目", source, date)


@pytest.mark.parametrize(
    "comment",
    [
        "<!DOCTYPE html>\n<!-- saved from url=(0022)https://a.b/c?x=1&y=2 -->\n",
        "<!DOCTYPE html> <!--\n Page saved with SingleFile \n url: https://a.b/c?x=1&y=2 \n saved date: Thu -->",
    ],
)
def test_the_address_that_a_browser_notes_is_the_source(comment: str) -> None:
    assert facts(before=comment)[1] == "https://a.b/c?x=1&y=2"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>甲 - 乙 - 某站</title>", "<h1>某站</h1><h2>甲 - 乙</h2>", "甲 - 乙"),
        ("<title>某站首页</title>", "<h1>真题目</h1>", "真题目"),
        ("<title>甲--某站</title>", "<b>甲</b>", "甲"),
        ("<title>甲 | 某站</title>", "", "甲"),
        ("<title>PyTorch-1.0 简介</title>", "", "PyTorch-1.0 简介"),
        ("", "", "a"),
    ],
)
def test_the_title_is_told_without_the_sites_name(head: str, body: str, title: str) -> None:
    assert read(f"<head>{head}</head><body>{body}<div>{CONTENT}</div></body>").title == title


# -- what a browser shows


@pytest.mark.parametrize(
    ("source", "shows"),
    [
        ("<p>深度\n学习，<b>框架</b>\n<i>PyTorch</i>\n1.0  is\t\nout </p>", ["深度学习，框架 PyTorch 1.0 is out"]),
        ("<p>中<b>文</b><a href=x>无</a><span>空格</span></p>", ["中文无空格"]),
        ("<p>一<br>二<br/><br>三</p>", ["一", "二", "三"]),
        ("裸<p>甲</p>乙<div>丙<p>丁</p>戊</div>", ["裸", "甲", "乙", "丙", "丁", "戊"]),
        ("<p>&lt;a&gt; &amp;amp; &#x4e2d;&#25991; a&nbsp;b &copy;</p>", ["<a> &amp; 中文 a b ©"]),
        ("<p>软\u00ad连\u200b字<wbr>符</p>", ["软连字符"]),
        ("<p>　　缩进</p>", ["缩进"]),
        ("<ul><li>一<ul><li>二<ol><li>三</ol></ul><li>四</ul>", ["一", "二", "三", "四"]),
        ("<dl><dt>词<dd>义<dd>另一义</dl>", ["词", "义", "另一义"]),
        ("<ruby>漢<rp>(</rp><rt>hàn</rt><rp>)</rp>字<rt>zì</rt></ruby>", ["漢字"]),
        ("<p>见<img src=a.png alt='结构图'>和<img src=b.png alt='b.png'><img src=c.png>。</p>", ["见结构图和。"]),
        (
            "<p>看<script>var 甲;</script><style>p{}</style><template>丙</template><noscript>丁</noscript>见</p>",
            ["看见"],
        ),
        ("<p hidden>一</p><p style='color:red; DISPLAY : none'>二</p><p>三</p>", ["三"]),
        ("<p>x<sup>2</sup> 和 H<sub>2</sub>O</p>", ["x2 和 H2O"]),
        ("<!-- 注释 --><p>前<!-- 中 -->后</p><?php echo 1 ?>", ["前后"]),
        ("<p>未闭<div>合<b>的<p>标签", ["未闭", "合的", "标签"]),
        ("<span style='display:block'>块一</span><span style='display: block'>块二</span>", ["块一", "块二"]),
        ("<select><option>甲<option>乙</select><button>丙</button>", ["甲", "乙", "丙"]),
    ],
)
def test_words_are_taken_as_a_browser_shows_them(source: str, shows: list[str]) -> None:
    assert lines(f"<body>{source}</body>") == shows


@pytest.mark.parametrize(
    ("source", "shows"),
    [
        ("<tr><th>名<th>年<tr><td>甲<td><b>1999</b><tr><td>乙<td>", ["名 | 年", "甲 | 1999", "乙 | "]),
        ("<tr><td>京<br>沪<td><p>甲</p><p>乙</p>", ["京 沪 | 甲 乙"]),
        ("<caption>表一</caption><tr><td>1<td>2", ["表一", "1 | 2"]),
        ("<tr><td>独", ["独"]),
        ("<tr><td> <td>", []),
        ("<tr><td>左<td><h2>题</h2><p>文。</p>", ["左", "题", "文。"]),
        ("<tr><td>左<td>一<br>二<br>三<br>四", ["左", "一", "二", "三", "四"]),
        ("<tr><td>左<td><table><tr><td>1<td>2</table>", ["左", "1 | 2"]),
    ],
)
def test_a_table_is_a_line_a_row_unless_it_only_arranges_blocks(source: str, shows: list[str]) -> None:
    assert text(f"<table>{source}</table>") == "".join(line + "\n" for line in shows)


@pytest.mark.parametrize(
    ("source", "shows"),
    [
        ("<pre>\n<code>def f():\n    return  1\n\n\n# 完\n</code></pre>", "def f():\n    return  1\n\n\n# 完\n"),
        ("<pre><span>a</span> = <b>1</b>\nb</pre>", "a = 1\nb\n"),
        ("<pre><div>a</div><div>  b</div></pre>", "a\n  b\n"),
        ("<pre>a<br>b</pre>", "a\nb\n"),
        ("<table><tr><td><pre>1\n2\n3</pre><td><pre>a\n b\nc</pre></table>", "a\n b\nc\n"),
    ],
)
def test_code_keeps_its_lines_and_loses_their_numbers(source: str, shows: str) -> None:
    assert text(source) == shows


@pytest.mark.parametrize(
    ("source", "level", "words"),
    [
        ("<h2>安装<a class=headerlink href='#a'>¶</a></h2>", 2, "安装"),
        ("<a href=x><h3>链接里的<br>标题</h3></a>", 3, "链接里的标题"),
        ("<h4><div>一</div><div>二</div></h4>", 4, "一二"),
        ("<h2>历史<span class='mw-editsection'>[<a href=e>编辑</a>]</span></h2>", 2, "历史"),
    ],
)
def test_a_heading_is_one_line_with_its_level(source: str, level: int, words: str) -> None:
    (block,) = (block for block in shown(parsed(f"<body>{source}</body>")).blocks if not block.omitted)
    assert (block.level, block.words) == (level, words)


def test_a_heading_that_is_never_closed_is_no_heading() -> None:
    blocks = shown(parsed("<body><h3>" + "".join(f"<div>{SENTENCE}{n}</div>" for n in range(20)))).blocks
    assert len(blocks) == 20
    assert not any(block.level for block in blocks)


def test_the_names_of_picture_files_are_dropped_as_pictures() -> None:
    found = read(f"<p>{SENTENCE}<img alt='image.png'></p><svg><text>图中字</text></svg>")
    assert [(one.text, one.reason) for one in found.dropped] == [
        ("image.png", Reason.PICTURE),
        ("图中字", Reason.PICTURE),
    ]


# -- encodings

BODY = "<p>PyTorch 由 Facebook 发布，是动态图框架；联通世界。</p>"


@pytest.mark.parametrize(
    "declared", ["", "utf-8", "gb2312", "GBK", "big5", "iso-8859-1", "windows-1252", "x-none", "utf-16"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_page_is_read_in_its_encoding_whatever_it_declares(declared: str, encoding: str) -> None:
    source = f'<html><head><meta charset="{declared}"></head>{BODY}</html>'
    assert "联通世界" in text_of_page(source.encode(encoding))


@pytest.mark.parametrize(
    ("declaration", "encoding", "words"),
    [
        ('<meta http-equiv="Content-Type" content="text/html; charset=big5">', "big5", "深度學習的框架"),
        ("<meta charset=gb2312>", "gbk", "朱镕基與張學友"),  # characters that GB 2312 itself lacks
        ("<meta charset=gb2312>", "gbk", "联通"),  # bytes that are UTF-8, too
        ("<meta charset='shift_jis'>", "shift_jis", "日本語のページ"),
        ("<meta charset=euc-kr>", "euc_kr", "한국어 페이지"),
        ('<?xml version="1.0" encoding="GBK"?>', "gbk", "可扩展标记语言"),
        ("<meta charset=iso-8859-1>", "latin-1", "déjà vu à côté"),
    ],
)
def test_what_a_page_declares_counts_where_its_bytes_bear_it_out(declaration: str, encoding: str, words: str) -> None:
    assert words in text_of_page(f"{declaration}<p>{words}</p>".encode(encoding))


def test_a_few_broken_bytes_do_not_spoil_a_page() -> None:
    data = (SENTENCE * 20).encode()
    assert text_of_page(data[:100] + b"\xe4\xb8" + data[102:]).count("是正文里") >= 18
    gb = (SENTENCE * 20).encode("gb18030")
    assert "完整的一句话" in text_of_page(b"<meta charset=gbk>" + gb + b"\xff")


def test_bytes_in_no_encoding_are_refused() -> None:
    with pytest.raises(UnreadableError) as error:
        text_of_page(b"\x81\xff\xff\xff\xfe\xfd" * 9)
    assert error.value.key == "skip-encoding"


def test_a_zero_byte_is_no_end() -> None:
    assert read(f"<p>前\0后。</p><p>{SENTENCE}</p>".encode()).text == f"前后。\n{SENTENCE}\n"


# -- fragments, XHTML, nothing


def test_well_formed_xhtml_closes_its_empty_elements() -> None:
    source = (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x.dtd">'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a.js"/></head>'
        '<body><h1><a id="x"/>题&nbsp;目</h1><p>甲<br/>乙&mdash;&unknown;</p></body></html>'
    )
    assert text(source) == "题 目\n甲\n乙—&unknown;\n"


def test_broken_xhtml_is_read_as_html() -> None:
    assert text('<html xmlns="http://www.w3.org/1999/xhtml"><body><p>甲<p>乙 & 丙</body></html>') == "甲\n乙 & 丙\n"


@pytest.mark.parametrize(
    "source",
    [
        "",
        " \n",
        "<html><head><title>题</title></head></html>",
        "<frameset cols='20%,*'><frame src=a.htm><frame src=b.htm><noframes>不支持框架</noframes></frameset>",
        "<body><script>var x = '字';</script></body>",
        "<body><iframe src=x>字</iframe></body>",
        "<!-- 只有注释",
    ],
)
def test_a_page_without_words_is_called_empty(source: str) -> None:
    with pytest.raises(UnreadableError) as error:
        read(source)
    assert error.value.key == "skip-empty"


# -- dangerous pages

TAIL = f"<p>{SENTENCE}</p>"
DANGERS = {
    "deep": "<body>" + "<div>" * 100_000 + TAIL,
    "deep and closed": "<body>" + "<div>" * 30_000 + "<p>深处。</p>" + "</div>" * 30_000 + TAIL,
    "deep inline": "<body><p>" + "<font><b>" * 20_000 + SENTENCE,
    "deep tables": "<table><tr><td>" * 3000 + TAIL,
    "deep lists": "<ul><li>" * 3000 + TAIL,
    "deep unknown": "<foo>" * 5000 + TAIL,
    "long attribute": "<p title='" + "x" * 12_000_000 + "'>甲</p>" + TAIL,
    "long picture": "<img src='data:image/png;base64," + "A" * 12_000_000 + "'>" + TAIL,
    "many attributes": "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">甲</p>" + TAIL,
    "open tags": "<" * 300_000 + TAIL,
    "open attributes": "<a " * 200_000 + TAIL,
    "ampersands": "&a" * 200_000 + TAIL,
    "declarations": "<?xml " * 100_000 + "<!DOCTYPE " * 100_000 + TAIL,
    "title": "<title>" + "a - " * 200_000 + "</title>" + TAIL,
    "spaces": "<p>" + " \n" * 1_000_000 + "</p>" + TAIL,
    "cells": "<table><tr>" + "<td>甲" * 60_000 + "</table>" + TAIL,
    "json": "<script type='application/ld+json'>" + "[" * 100_000 + "</script>" + TAIL,
    "entities": '<!DOCTYPE x [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;">]>'
    f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&b;</p>{TAIL}</body></html>',
}


@pytest.mark.parametrize("danger", DANGERS)
def test_a_dangerous_page_is_read_in_seconds_and_keeps_its_words(danger: str) -> None:
    start = time.process_time()
    document = read(DANGERS[danger])
    assert SENTENCE in document.text
    assert "哈哈" not in document.text
    assert time.process_time() - start < 5


TAGS = (
    "p div table tr td ul li h1 pre br a b script svg ruby rt select option html body head title form nav article main"
    " style frameset noscript caption dl dt"
)
MARKUP = st.sampled_from(
    [f"<{name}>" for name in TAGS.split()]
    + [f"</{name}>" for name in TAGS.split()]
    + ["<!--", "-->", "<img alt='图'>", "&amp;", "&#0;", "<", "<p hidden>", "<div class='share'>", "<a href='x"]
)


@given(st.lists(MARKUP | st.text("甲乙。a \n\0\x1f|<>&\"'\v", max_size=8), max_size=60))
def test_any_markup_is_read_or_called_empty_and_none_of_its_words_is_lost(parts: list[str]) -> None:
    source = "".join(parts)
    try:
        document = read(source)
    except UnreadableError as error:
        assert error.key == "skip-empty"
        return
    known = [*document.text.split("\n"), *(line for one in document.dropped for line in one.text.split("\n"))]
    assert not set(text_of_all(source)) - set(known)
    for section in document.sections:
        assert 0 <= section.start < section.end <= len(document.text)


def text_of_all(source: str) -> list[str]:
    blocks = shown(parsed(text_of_page(source.encode()))).blocks
    return [line for block in blocks for line in block.words.split("\n")]


def test_reading_is_silent_and_fetches_nothing() -> None:
    program = (
        "import socket\n"
        "from corpus.formats.web.html import read\n"
        "def refuse(*_): raise SystemExit('net')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        'read(b\'<!DOCTYPE html SYSTEM "http://a.b/x.dtd"><base href=http://a.b/><link rel=stylesheet href=http://a.b/c>'
        "<img src=http://a.b/i.png><p>x</p>')\n"
        "read(b'<div>' * 3000 + b'<!ENTITY x><p>y')\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# -- MHTML


def archive(*parts: bytes, head: str = "", kind: str = 'multipart/related; type="text/html"') -> bytes:
    start = f'{head}MIME-Version: 1.0\nContent-Type: {kind}; boundary="----=_B"\n\n预告\n'.encode()
    return start + b"".join(b"------=_B\n" + part + b"\n" for part in parts) + b"------=_B--\n"


PICTURE = (
    b"Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Location: http://a.b/i.png\n\niVBORw0KGgo="
)
SHEET = b"Content-Type: text/css\nContent-Transfer-Encoding: quoted-printable\n\np { color: red }"


def test_what_chromium_saves_is_read() -> None:
    source = f"<head><meta charset=utf-8><title>题目 - 站</title></head><body><h1>题目</h1><p>{SENTENCE * 3}</p></body>"
    body = quopri.encodestring(source.encode())
    root = b"Content-Type: text/html\nContent-ID: <f@m>\nContent-Transfer-Encoding: quoted-printable\n\n" + body
    frame = b"Content-Type: text/html\nContent-ID: <g@m>\n\n<p>ad</p>"
    head = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://a.b/c.html\n"
        f"Subject: {Header('题目 - 站', 'utf-8').encode()}\nDate: Thu, 21 Mar 2019 08:00:00 +0800\n"
    )
    document = mhtml.read(archive(root, SHEET, PICTURE, frame, head=head)).document("a.mhtml", named="a")
    assert (document.title, document.source, document.date) == ("题目", "https://a.b/c.html", "")
    assert document.text == f"题目\n{SENTENCE * 3}\n"


def test_what_internet_explorer_saved_is_read_in_the_encoding_of_its_page() -> None:
    source = f'<META http-equiv=Content-Type content="text/html; charset=gb2312"><BODY><P>{SENTENCE}</P></BODY>'
    body = base64.encodebytes(source.encode("gbk"))
    root = (
        b"Content-Type: text/html\nContent-Transfer-Encoding: base64\nContent-Location: http://a.b/old.htm\n\n" + body
    )
    head = f"From: <Microsoft Internet Explorer 6>\nSubject: {Header('旧题', 'gb2312').encode()}\n"
    document = mhtml.read(archive(PICTURE, root, head=head)).document("a.mht", named="a")
    assert (document.title, document.source, document.text) == ("旧题", "http://a.b/old.htm", SENTENCE + "\n")


def test_the_part_named_as_the_start_is_the_page() -> None:
    parts = [f"Content-Type: text/html; charset=utf-8\nContent-ID: <{n}>\n\n<p>第{n}页。</p>".encode() for n in "12"]
    document = mhtml.read(archive(*parts, kind='multipart/related; start="<2>"')).document("a", named="a")
    assert document.text == "第2页。\n"


@pytest.mark.parametrize("data", [b"", archive(PICTURE), b"MIME-Version: 1.0\nContent-Type: multipart/related\n\nx"])
def test_an_archive_without_a_page_is_called_empty(data: bytes) -> None:
    with pytest.raises(UnreadableError) as error:
        mhtml.read(data)
    assert error.value.key == "skip-empty"


def test_parts_inside_parts_inside_parts_do_no_harm() -> None:
    data = b"".join(b'Content-Type: multipart/related; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000))
    with pytest.raises(UnreadableError):
        mhtml.read(data + b"Content-Type: text/html\n\n<p>x</p>")


@given(st.binary(max_size=200), st.integers(0, 400))
def test_any_damage_to_an_archive_is_borne(noise: bytes, at: int) -> None:
    root = f"Content-Type: text/html; charset=utf-8\nContent-ID: <1>\n\n<p>{SENTENCE}</p>".encode()
    whole = archive(root, PICTURE)
    with contextlib.suppress(UnreadableError):
        mhtml.read(whole[:at] + noise + whole[at + len(noise) :])
