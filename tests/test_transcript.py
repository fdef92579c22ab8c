"""A conversation as Markdown: what a renderer makes of it, with markdown-it as the oracle."""

import html
import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.answering.answer import Quote
from assistant.render import answer_json
from assistant.web.page.transcript import link, literal, markdown
from assistant.web.reader import permalink
from corpus.errors import InputError
from corpus.messages import speaking
from tests.conftest import asking

PARSER = MarkdownIt("js-default", {"html": True, "typographer": True})  # tables, strikethrough, raw HTML, smart quotes
BLOCKS = {"heading", "paragraph", "blockquote", "bullet_list", "list_item"}


def quote(text: str, **facts: object) -> dict[str, object]:
    plain = {"text": text, "document": "a.md", "title": "题", "section": ["题", "节"], "start": 3, "end": 3 + len(text)}
    return {**plain, "source": "", "date": "", "page": None, "also": [], **facts}


def answer(*quotes: dict[str, object], **facts: object) -> dict[str, object]:
    return {"answered": bool(quotes), "understood": "问", "message": "", "quotes": quotes, **facts}


def parsed(text: str) -> list[Token]:
    return PARSER.parse(text)


def said(inline: Token) -> str:
    """The text of a paragraph as it is shown, a line break as \\n; nothing but text and our links may be in it."""
    shown = ""
    for token in inline.children or ():
        assert token.type in {"text", "hardbreak", "link_open", "link_close"}, token
        shown += "\n" if token.type == "hardbreak" else token.content
    return shown


def blocks(text: str) -> list[tuple[str, str]]:
    """What every paragraph and heading says, with the block that it stands in."""
    found, within = [], ["document"]
    for token in parsed(text):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "inline":
            found.append((next(one for one in reversed(within) if one != "paragraph"), said(token)))
            continue
        assert kind in BLOCKS, token
        if token.nesting == 1:
            within.append(f"{kind}{token.tag[1]}" if kind == "heading" else kind)
        else:
            assert within.pop().startswith(kind)
    return found


def links(text: str) -> list[str]:
    children = [child for token in parsed(text) for child in token.children or ()]
    return [str(child.attrs["href"]) for child in children if child.type == "link_open"]


def shown(text: str) -> str:
    """The text with what cannot be shown as U+FFFD."""
    return "".join("\ufffd" if unicodedata.category(one) in {"Cc", "Cs"} and one != "\t" else one for one in text)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: blank lines part them."""
    found: list[list[str]] = [[]]
    for line in re.split(r"\r\n|\r|\n", text):
        found[-1].append(shown(line)) if line.strip() else found.append([])
    return ["\n".join(lines) for lines in found if lines]


def one_line(text: str) -> str:
    return shown(" ".join(text.split()))


# -- what it looks like


def test_a_conversation_is_headings_quotes_with_numbers_and_their_sources() -> None:
    first = answer(
        quote("龙泉窑在浙江。", start=7, end=14, date="2019-03", page=2, source="某人，https://a.org/x?y=1&copy;=2"),
        quote("一\n二", document="子/b 1.md", also=[{"document": "c.md", "title": "丙", "start": 1, "end": 4}]),
        message="是，见 [1]。",
        completed=True,
        understood="龙泉窑在浙江吗？",
    )
    second = answer(message="文档没有说明这个问题。")
    assert markdown([("它在浙江吗？", first), (" 恐龙\n呢？ ", second)], title="龙泉窑") == (
        "# 龙泉窑\n\n"
        "每一段引文都是文档里的原话，编号指向引文下面的出处。\n\n"
        "## 它在浙江吗？\n\n"
        "理解为：龙泉窑在浙江吗？\n\n"
        "是，见 &#91;1&#93;。\n\n"
        "> 龙泉窑在浙江。 [1]\n\n"
        "> 一  \n> 二 [2]\n\n"
        "- [1] 题 › 节（资料截至 2019-03），第 2 页 a&#46;md 7&#58;14　来源：某人，<https://a.org/x?y=1&copy;=2>\n"
        "- [2] 题 › 节 子/b 1&#46;md 3&#58;6 （同文亦见 c&#46;md）\n\n"
        "## 恐龙 呢？\n\n"
        "文档未说明  \n文档没有说明这个问题。\n"
    )


def test_with_an_address_every_number_leads_to_its_sentence() -> None:
    text = markdown(
        [("问", answer(quote("一二", document="子/b (1).md")))],
        title="",
        base="http://127.0.0.1:7860/",
        collection="我的 书",
    )
    assert not text.startswith("# ")
    wanted = (
        "http://127.0.0.1:7860/read/%E5%AD%90/b%20%281%29.md?at=3-5"
        "&sha=f6ea676b13bda19c&collection=%E6%88%91%E7%9A%84%20%E4%B9%A6#mark"
    )
    assert links(text) == [wanted, wanted]
    assert blocks(text)[2:] == [("blockquote", "一二 1"), ("list_item", "1 题 › 节 子/b (1).md 3:5")]


def test_the_reader_understands_the_link() -> None:
    one = Quote("一二", "子/b.md", "", "", "", (), 3, 5, 0.0)
    address = urlsplit(link(one, base="http://h"))
    query = {name: value for name, (value,) in parse_qs(address.query).items()}
    assert unquote(address.path) == "/read/子/b.md"
    assert permalink.Permalink.from_query(query).place_in("零零零一二三") == permalink.Place((3, 5))


def test_a_comparison_stands_below_its_aspects_and_columns() -> None:
    table = {"columns": ["甲|", "乙"], "rows": [{"aspect": "# 快", "cells": [[1], []]}]}
    text = markdown([("比", answer(quote("先"), quote("甲快"), table=table))], title="题")
    assert blocks(text)[3:] == [
        ("blockquote", "先 [1]"),
        ("heading3", "# 快"),
        ("heading4", "甲|"),
        ("blockquote", "甲快 [2]"),
        ("heading4", "乙"),
        ("document", "（没有找到）"),
        ("list_item", "[1] 题 › 节 a.md 3:4"),
        ("list_item", "[2] 题 › 节 a.md 3:5"),
    ]


def test_it_speaks_the_language_of_whom_it_is_for() -> None:
    with speaking("en"):
        text = markdown([(" ", answer())], title="T")
    assert blocks(text) == [
        ("heading1", "T"),
        ("document", "Every quote is verbatim; its number names the source below it."),
        ("heading2", "(a blank question)"),
        ("document", "Not in the documents"),
    ]


def test_an_answer_of_the_assistant_is_exported_word_for_word(tmp_path: Path, cache: Path) -> None:
    files = {"鲸鱼.md": "# 鲸鱼\n\n鲸鱼住在**大海**里，重 1.5 吨；<b>见</b> $x$。", "b.md": "苹果长在树上。"}
    with asking(tmp_path, files, cache) as assistant:
        facts = json.loads(answer_json(assistant.ask("鲸鱼住在哪里？")))
    assert facts["answered"]
    found = blocks(markdown([("鲸鱼住在哪里？", facts)], title="鲸鱼"))
    assert [text for kind, text in found if kind == "blockquote"] == [
        f"{one['text']} [{number}]" for number, one in enumerate(facts["quotes"], start=1)
    ]


# -- what others wrote is text and nothing else

EVIL = [
    "<script>alert(1)</script>",
    "[点](javascript:alert(1))",
    "![图](http://a.org/x.png)",
    "<http://a.org>",
    "https://a.org/ www.a.org a@b.org //a.org",
    "[1]: http://a.org",
    "[^1] [[链接]]",
    "*强* _强_ **强** ~~删~~ ==亮== `码` ``码",
    "$x$ $$x$$ \\(x\\) \\[x\\]",
    "=cmd|'/c calc'!A0",
    "|a|b|\n|-|-|\n|1|2|",
    "# 题\n## 题",
    "题\n===\n题\n---",
    "- 一\n* 二\n+ 三\n1. 四\n2) 五",
    "> 引\n>> 引",
    "    码\n\t码",
    "```\n码\n```\n~~~\n码",
    "&lt;b&gt; &#60; &amp;",
    "末尾\\\n末尾  \n末尾",
    "---\n***\n___",
    "<!-- x\n\n--> <![CDATA[ <?php",
    "{.class} {{ x }} {% x %} :smile: (c) \"引\" 'x' ... --",
    "\u3000缩进\u2028\u2029\x85\x0b\x0c\x1b[31m\0\ud800",
    "一\n\n\n二\r\n三\r四\n \n",
    "@someone #12",
]


@pytest.mark.parametrize("evil", EVIL)
def test_marks_are_shown_as_they_are_wherever_they_stand(evil: str) -> None:
    facts = answer(
        quote(evil, title=evil, section=[evil], document=evil, source=evil + "。", date=evil),
        message=evil,
        understood=evil,
        completed=True,
        table={"columns": [evil], "rows": [{"aspect": evil, "cells": [[0]]}]},
    )
    text = markdown([(evil, facts)], title=evil)
    line = one_line(evil)
    quoted = paragraphs(evil)
    found = blocks(text)
    assert links(text) == []
    assert found[0] == ("heading1", line)
    assert found[2] == ("heading2", line)
    assert ("heading3", line) in found
    assert [one for kind, one in found if kind == "blockquote"] == [*quoted[:-1], quoted[-1] + " [1]"]
    (source,) = (one for kind, one in found if kind == "list_item")
    assert source.count(line) >= 4


MARKS = "ab1 \t\n\r\\`*_{}[]()#+-.!<>&$|~=:/@\"'^,;?%甲\u3000\u2028\xa0\0\ud800"
ANYTHING = st.text(st.sampled_from(MARKS)) | st.text()


@given(ANYTHING, ANYTHING, ANYTHING, st.sampled_from(["", "http://h:1"]))
@example("1.", "-", "a" * 30 + "\n\n    b", "http://h:1")
def test_whatever_is_written_comes_out_as_it_was(question: str, words: str, name: str, base: str) -> None:
    facts = answer(quote(words, document=name, title=name), message=name)
    text = markdown([(question, facts)], title=question, base=base)
    found = blocks(text)
    sign = "1" if base else "[1]"
    quoted = paragraphs(words)
    wanted = [*quoted[:-1], quoted[-1] + " " + sign] if quoted else [sign]
    assert [one for kind, one in found if kind == "blockquote"] == wanted
    assert [one for kind, one in found if kind == "heading2"] == [one_line(question) or "（空白的问题）"]
    assert [one for kind, one in found if kind == "document"][1:] == paragraphs(name)
    assert len(links(text)) == (2 if base else 0)
    assert all(address.startswith("http://h:1/read/") for address in links(text))
    text.encode()  # no half character


@given(ANYTHING)
def test_a_literal_holds_no_mark_that_may_mean_something(text: str) -> None:
    line = literal(text.replace("\n", " ").replace("\r", " "))
    assert html.unescape(line) == shown(text.replace("\n", " ").replace("\r", " "))
    bare = re.sub(r"&#[0-9]+;", "", line)
    assert not set(bare) & set("!\"#$&'()*+:<=>@[\\]^_`{|}~\t")
    assert not re.search(r"//|--|\.\.|[A-Za-z]\.[A-Za-z]|^\s|^[0-9]+\.(?![0-9])", line)


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("某人，https://a.org/x_(y)?a=1&b=*2*#c", "https://a.org/x_(y)?a=1&b=*2*#c"),
        ("javascript:alert(1)", None),
        ("https://a.org/<b>", None),
        ("https://a.org/ 见", None),
        ("HTTPS://a.org", None),
        ("data:text/html,x", None),
    ],
)
def test_only_an_address_of_the_web_at_the_end_of_a_source_is_a_link(source: str, address: str | None) -> None:
    text = markdown([("问", answer(quote("引", source=source)))], title="")
    assert links(text) == ([address] if address else [])
    assert blocks(text)[-1] == ("list_item", f"[1] 题 › 节 a.md 3:4　来源：{source}")


# -- what a browser sends back


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ([], "answer"),
        ({"quotes": "x"}, "quotes"),
        ({"quotes": [5]}, "quotes"),
        ({"quotes": [{}]}, "text"),
        (answer(quote("x", document=5)), "document"),
        (answer(quote("x", section=[5])), "section"),
        (answer(quote("x", start="3")), "start"),
        (answer(quote("x", end=10**5000)), "end"),
        (answer(quote("x", start=-1)), "start"),
        (answer(quote("x", page=1.5)), "page"),
        (answer(quote("x", also=[[]])), "also"),
        (answer(quote("x", also=[{"document": "a"}])), "title"),
        (answer(message=["x"]), "message"),
        (answer(completed=True, understood=None), "understood"),
        (answer(quote("x"), table=5), "table"),
        (answer(quote("x"), table={"columns": [1], "rows": []}), "columns"),
        (answer(quote("x"), table={"columns": ["a"], "rows": [{"aspect": "b", "cells": []}]}), "cells"),
        (answer(quote("x"), table={"columns": ["a"], "rows": [{"aspect": "b", "cells": [[1]]}]}), "cells"),
        (answer(quote("x"), table={"columns": ["a"], "rows": [{"aspect": "b", "cells": [[-1]]}]}), "cells"),
        (answer(quote("x"), table={"columns": ["a"], "rows": [{"aspect": "b", "cells": [[[]]]}]}), "cells"),
        (answer(quote("x"), table={"columns": ["a"], "rows": [{"cells": [[0]]}]}), "aspect"),
    ],
)
def test_what_is_no_answer_is_told_with_its_place(facts: object, field: str) -> None:
    with pytest.raises(InputError) as caught:
        markdown([("问", answer()), ("问", facts)], title="")  # type: ignore[list-item]
    assert str(caught.value) == f"第 2 个回答不是 assistant ask --json 那样的内容（{field}），无法导出。"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(answer(quote("x")))), inner),
    max_leaves=10,
)


@given(st.lists(st.tuples(st.text(max_size=5), JSON), max_size=3))
def test_whatever_is_sent_is_exported_or_told(exchanges: Sequence[tuple[str, object]]) -> None:
    try:
        markdown(exchanges, title="题")  # type: ignore[arg-type]
    except InputError as error:
        assert error.key == "transcript-facts"


@pytest.mark.parametrize("base", ["javascript:alert(1)", "http://h/`", "http://h)x", "http://h/ x", "h:1", "//h"])
def test_links_begin_with_an_address_of_the_web(base: str) -> None:
    with pytest.raises(InputError) as caught:
        markdown([("问", answer(quote("引")))], title="", base=base)
    assert caught.value.key == "transcript-base"
