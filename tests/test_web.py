"""The web chat: what its pages hold, how its index is replaced, and the whole of it in a real browser."""

import base64
import hashlib
import html
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote as percent
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answer import Answer, Quote, Row, Table
from assistant.answering.explanation import Explanation
from assistant.assistant import build
from assistant.live import Live
from assistant.ranking.ranking import Elsewhere
from assistant.settings import Settings
from assistant.understanding.kind import Kind
from assistant.understanding.spelling import Correction, Reason
from assistant.web import page, reader
from assistant.web.talk import Talk
from corpus.document import Document, Passage, Section
from index.search import Hit, Reasons

ROOT = Path(__file__).parent.parent
CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
WAIT = 15  # seconds until the page must have done what it was asked to

KILN = """---
title: 龙泉窑
source: "窑址志，https://example.org/kiln"
date: "2021-05"
---

# 龙泉窑

龙泉窑是中国制瓷史上延续时间最长的窑系。龙泉窑位于浙江省龙泉市。

## 釉色

龙泉窑最有名的釉色是粉青和梅子青。粉青釉出现于南宋。
"""
BRIDGE = """---
title: 赵州桥
source: "javascript:window.hacked=1"
---

# 赵州桥

赵州桥是一座单孔石拱桥。赵州桥由匠师李春设计，建于隋代。
"""
MARKS = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>[点](javascript:window.hacked=1)"
HOSTILE_TITLE = "怪符号社 <img src=x onerror=window.hacked=1>"
SIGNS = "**粗**_斜_`码`$x^2$ ${1+1} {{7*7}} &lt;b&gt; ~~删~~"
HOSTILE = f"怪符号社成立于1987年，标语是{MARKS}{SIGNS}。\n怪符号社有三个人。\n"
NEW = "# 沧州铁狮子\n\n沧州铁狮子铸造于后周广顺三年。\n"

# Started before anything of ours: writes down every attempt to reach another machine.
WATCHED = """
import sys
def watch(event, values):
    if event == "socket.connect" and isinstance(values[1], tuple) and values[1][0] not in ("127.0.0.1", "::1"):
        print("REACHED", values[1], file=sys.stderr, flush=True)
    if event == "socket.getaddrinfo" and values[0] not in (None, "127.0.0.1", "::1", "localhost", "0.0.0.0"):
        print("REACHED", values[0], file=sys.stderr, flush=True)
sys.addaudithook(watch)
from assistant.cli import main
main()
"""


# -- what the pages hold


class _Shown(HTMLParser):
    """Collects a page's text, what is marked in it, and its tags."""

    def __init__(self, text):
        super().__init__()
        self.text, self.marked, self.tags, self.links = "", "", [], []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._inside = self._inside or tag == "mark"
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "mark"

    def handle_data(self, data):
        self.text += data
        self.marked += data if self._inside else ""


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_literal_text_holds_no_mark_of_any_markup_and_reads_back_the_same(text):
    made = page.literal(text)
    assert html.unescape(re.sub(r"&#13;", "\r", made)).replace("\r", "") == _as_html_reads(text)
    assert not set(re.sub(r"&#[0-9]+;", "", made)) & set("<>&\"'*_`$\\[](){}#!~|\n")


def _as_html_reads(text):
    """Return the text with the control characters that HTML has no reference for as html.unescape gives them."""
    return "".join(html.unescape(f"&#{ord(c)};") if c.isascii() else c for c in text).replace("\r", "")


def test_lone_surrogates_do_not_break_the_page():
    assert page.literal("a\ud800b") == "a&#63;b"


@given(st.data())
def test_the_reader_shows_the_whole_text_and_marks_exactly_the_span(data):
    text = data.draw(st.text(alphabet="甲乙。\n<&>\"' ", min_size=1, max_size=60))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    sections = tuple(Section((), a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    body = reader.document_page(Document("d", "题", text, sections), (start, end)).partition("<article>")[2]
    shown = _Shown(body)
    assert shown.text == text
    assert shown.marked == text[start:end]


def test_the_reader_tells_the_pages_and_that_of_the_sentence():
    sections = (Section(("题", "节"), 2, 5, 1), Section(("题", "节"), 5, 8, 2), Section((), 8, 11, 2))
    shown = reader.document_page(Document("d", "题", "节\n一。\n二。\n三。\n", sections), (5, 7))
    assert re.findall(r'<div class="page">(.*?)</div>', shown) == ["第 1 页", "第 2 页"]
    assert re.findall(r'<p class="path">(.*?)</p>', shown) == ["节 › 第 2 页"]
    assert _Shown(shown.partition("<article>")[2]).text.index("第 2 页") < shown.index("二。")


@pytest.mark.parametrize("at", ["", "x", "3-3", "5-2", "0-99", "-1-2", "1-2-3", "１-２", "1:2", "9" * 40 + "-1"])
def test_a_wrong_place_is_no_span(at):
    assert reader.span_of(at, 10) is None


def test_a_source_becomes_a_link_only_where_it_is_a_web_address():
    def links(source):
        return _Shown(reader.document_page(Document("d", "题", "文。", (), source=source), None)).links

    assert links("窑址志，https://example.org/a?b=1&c=2") == ["https://example.org/a?b=1&c=2"]
    assert links("javascript:alert(1)") == links("data:text/html,x") == links("一本书") == []


def _quote(text="甲是乙。", date="2021-05", answers=None):
    return Quote(text, "夹/甲 #1?.md", "甲", "", date, ("甲", "乙"), 3, 3 + len(text), 0.9, answers)


def _answer(**facts):
    usual = {"question": "甲？", "understood": "甲？", "kind": Kind.OTHER, "answered": True, "confidence": 0.9}
    return Answer(**{**usual, "quotes": (_quote(),), "message": "", "candidates": (), "hits": (object(),), **facts})


def test_an_answer_shows_quote_citation_date_and_confidence_in_words():
    shown = page.answer_html(_answer())
    assert "甲是乙。" in _Shown(shown).text
    assert "资料截至 2021-05" in _Shown(shown).text
    assert "确定" in _Shown(shown).text and "90" not in _Shown(shown).text
    assert "90" in html.unescape(shown)
    checksum = hashlib.sha256("甲是乙。".encode()).hexdigest()[:16]
    assert _Shown(shown).links[0] == f"read/{percent('夹/甲 #1?.md')}?at=3-7&is={checksum}#mark"
    assert "可能" in _Shown(page.answer_html(_answer(confidence=0.6))).text


def test_a_citation_tells_the_page_and_where_else_the_words_stand():
    quote = replace(_quote(), page=3, also=(Elsewhere("另/乙 #2.pdf", "乙<i>", 13, 17),))
    shown = _Shown(page.answer_html(_answer(quotes=(quote,))))
    assert "甲 › 乙 › 第 3 页" in shown.text
    assert "同文亦见：乙<i>（另/乙 #2.pdf）" in shown.text
    checksum = hashlib.sha256("甲是乙。".encode()).hexdigest()[:16]
    assert shown.links[-1] == f"read/{percent('另/乙 #2.pdf')}?at=13-17&is={checksum}#mark"


def _strong(text):
    """Return what is strong in a piece of HTML, its text, and its tags."""
    shown = _Shown(text.replace("strong>", "mark>"))
    return shown.marked, shown.text, set(shown.tags)


def test_what_answers_is_strong_inside_its_quote_and_nothing_is_where_nothing_does():
    shown = page.answer_html(_answer(quotes=(_quote(answers=(5, 6)),)))
    assert '<span class="words">甲是<strong>乙</strong>。</span>' in shown
    assert "strong" not in _Shown(page.answer_html(_answer())).tags


@given(st.data())
def test_a_hostile_quote_is_text_before_inside_and_behind_the_span(data):
    pieces = st.sampled_from(["甲", "。", "<script>x()</script>", "<b>", "&lt;", '"', "'", "`", "**", "\n"])
    text = "".join(data.draw(st.lists(pieces, min_size=1)))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = page.answer_html(_answer(quotes=(_quote(text, answers=(3 + start, 3 + end)),)), shown=1)
    strong, seen, tags = _strong(shown)
    assert strong == text[start:end]
    assert seen.startswith(text)
    assert tags <= {"div", "p", "span", "a", "mark"}


def _values(text):
    """Return the question of each button in a piece of HTML."""
    return [html.unescape(value) for value in re.findall(r'<button [^>]*value="([^"]*)"', text)]


def test_an_answer_says_how_the_question_was_understood_only_where_it_was_mended_or_completed():
    assert "理解为" not in _Shown(page.answer_html(_answer(question="请问  甲？"))).text
    completed = page.answer_html(_answer(understood="乙的甲？", completed=True))
    assert "理解为：乙的甲？" in _Shown(completed).text and "按原话问" in _Shown(completed).text
    assert _values(completed) == ["甲？"]
    mended = page.answer_html(_answer(corrections=(Correction("钾", "甲", Reason.SOUND),)))
    assert "“钾” → “甲”" in _Shown(mended).text


def test_what_is_said_about_the_quotes_stands_before_them():
    assert re.search("^是。.*甲是乙。", _Shown(page.answer_html(_answer(message="是。"))).text)
    assert _Shown(page.answer_html(_answer(message="是。"), shown=1)).text.startswith("是。")


def _compared(aspect="釉色", names=("甲", "乙")):
    quotes = tuple(_quote(text) for text in ("合说。", "甲一。", "甲二。", "乙一。"))
    return _answer(quotes=quotes, table=Table(names, (Row(aspect, ((1, 2), (3,))), Row("产地", ((), (3,))))))


def test_a_comparison_is_a_table_of_quotes_and_the_others_stand_above_it():
    shown = page.answer_html(_compared())
    above, table = re.search("(.*)<table>(.*)</table>", shown).groups()
    assert "合说。" in above and "甲一。" not in above and "合说。" not in table
    assert re.findall('<th scope="col">(.*?)</th>', table) == ["方面", "甲", "乙"]
    assert re.findall('<th scope="row">(.*?)</th>', table) == ["釉色", "产地"]
    cells = [_Shown(cell).text.replace("\u2060", "") for cell in re.findall("<td>(.*?)</td>", table)]
    assert cells == ["甲甲一。2甲二。3", "乙乙一。4", "甲（没有找到）", "乙乙一。4"]
    assert "<caption>甲、乙 的比较</caption>" in table


def test_suggestions_are_buttons_that_hold_their_questions_and_nothing_stands_for_none():
    assert page.suggestions_html(()) == ""
    shown = page.suggestions_html(("甲是什么？", "乙呢？"))
    assert _values(shown) == ["甲是什么？", "乙呢？"]
    assert _Shown(shown).text == "还可以问：甲是什么？乙呢？"


def _explained(subject="甲"):
    passage = Passage("d", "题", "", "", (subject,), "甲是乙。", 0, 4)
    hit = Hit(passage, 0.5, Reasons(1, None, 1.0, 0.1, ()), [0, 4])
    return _answer(hits=(hit,), explanation=Explanation.of("who", [subject], (), [("first_look", 0.5, 0.25)]))


def test_why_a_sentence_was_chosen_stands_below_the_answer_and_is_closed():
    shown = page.answer_html(_explained())
    (details,) = re.findall("<details[^>]*>.*</details>", shown)
    assert details.startswith('<details class="foot"><summary>') and "为什么是这句" in details
    assert "<li>初选的得分：0&#46;50（对数几率 &#43;0&#46;25）</li>" in details
    assert not {"details", "summary"} & set(_Shown(page.answer_html(_answer())).tags)


def test_everything_that_was_not_written_by_us_is_inert():
    tags = {"div", "p", "span", "a", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "button"}
    texts = [
        page.answer_html(_compared(MARKS + SIGNS, (MARKS + SIGNS, "乙"))),
        page.answer_html(_answer(question=MARKS + SIGNS, understood=MARKS + SIGNS, completed=True)),
        page.answer_html(_answer(corrections=(Correction(MARKS + SIGNS, '"><b>', Reason.TYPO),))),
        page.answer_html(_explained(MARKS + SIGNS)),
        page.suggestions_html([MARKS + SIGNS]),
        page.question_html(MARKS + SIGNS, as_written=True),
    ]
    for text in texts:
        assert set(_Shown(text).tags) <= tags | {"details", "summary"}
        assert not any(link.startswith("javascript") for link in _Shown(text).links)
        assert not set(re.sub(r"&#[0-9]+;|<[^<>]*>", "", text)) & set("<>*_`$\\[]{}~")
    assert MARKS + SIGNS in _Shown(texts[0]).text
    assert _values(texts[4]) == [MARKS + SIGNS]


# -- a conversation


class _Staged:
    """A live index whose one quote says what was asked: the question, how many before it, and whether as written."""

    def __init__(self, **facts):
        self.facts = facts
        self.manifest = SimpleNamespace(documents=1, passages=1, sources=())

    @contextmanager
    def use(self):
        yield self

    def documents(self):
        return []

    def ask(self, question, history=(), *, as_written, explained):
        assert explained
        usual = {"question": question, "quotes": (_quote(f"{question}|{'、'.join(history)}|{as_written}"),)}
        return _answer(**usual, **({} if as_written else self.facts))

    def suggest(self, answer, earlier=()):
        return replace(answer, suggestions=("乙是什么？", MARKS + SIGNS))


def _texts(chat):
    return [_Shown(one["content"]).text for one in chat]


def _last(steps):
    return _texts(list(steps)[-1])


def test_a_question_shows_first_then_its_answer_then_questions_to_go_on_with():
    steps = [_texts(chat) for chat in Talk().ask(_Staged(), "甲？")]
    assert [len(texts) for texts in steps] == [1, 2, 3]
    assert "甲？||False" in steps[1][1] and "乙是什么？" in steps[2][2]


def test_questions_to_go_on_with_stand_below_the_newest_answer_only():
    talk = Talk()
    _last(talk.ask(_Staged(), "甲？"))
    texts = _last(talk.ask(_Staged(), "乙？"))
    assert [("还可以问" in text) for text in texts] == [False, False, False, False, True]


def test_the_history_holds_the_questions_as_written_also_those_asked_as_written_and_no_blank_ones():
    talk, staged = Talk(), _Staged()
    for question, as_written in (("甲？", False), (" ", False), ("钾？", True), ("还有吗", False)):
        texts = _last(talk.ask(staged, question, as_written=as_written))
    assert texts[:2] == ["甲？", texts[1]] and "钾？按原话" in texts
    assert "钾？|甲？|True" in "".join(texts)
    assert "还有吗|甲？、钾？|False" in texts[-2]


def test_an_answer_that_comes_late_is_not_shown_below_a_later_one_or_after_clearing():
    talk = Talk()
    late = talk.ask(_Staged(), "甲？")
    next(late)
    _last(talk.ask(_Staged(), "乙？"))
    assert [text[:2] for text in _last(late)] == ["甲？", "甲？", "乙？", "乙？", "还可"]
    later = talk.ask(_Staged(), "丙？")
    next(later)
    talk.exchanges.clear()
    assert _last(later) == []


def test_an_answer_outlives_a_fault_in_what_follows_it(caplog):
    class Broken(_Staged):
        def suggest(self, answer, earlier=()):
            raise RuntimeError("broken")

    texts = _last(Talk().ask(Broken(), "甲？"))
    assert len(texts) == 2 and "甲？||False" in texts[1] and "broken" in caplog.text


# -- an index that is replaced while it is asked


@pytest.fixture(scope="module")
def site(tmp_path_factory, cache):
    """A folder with documents and an index of them."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "cache").symlink_to(cache)
    documents = folder / "documents"
    documents.mkdir()
    (documents / "longquan.md").write_text(KILN, encoding="utf-8")
    (documents / "桥 #1?.md").write_text(BRIDGE, encoding="utf-8")
    (documents / f"{HOSTILE_TITLE}.txt").write_text(HOSTILE, encoding="utf-8")
    build(_settings(folder), [documents])
    return folder


def _settings(folder):
    return Settings(folder, folder / "web.index", named=True)


@pytest.fixture
def copy(site, tmp_path, cache):
    (tmp_path / "cache").symlink_to(cache)
    shutil.copytree(site / "documents", tmp_path / "documents")
    build(_settings(tmp_path), [tmp_path / "documents"])
    return tmp_path


def test_a_question_keeps_its_generation_while_the_next_one_gets_the_new(copy):
    live = Live(_settings(copy), note=print)
    with live.use() as former:
        (copy / "documents" / "lion.md").write_text(NEW, encoding="utf-8")
        assert live.rebuild(lambda *_: None).added == ("lion.md",)
        with live.use() as newest:
            assert newest is not former
            assert "lion.md" in {entry.id for entry in newest.documents()}
        assert "lion.md" not in {entry.id for entry in former.documents()}
    with pytest.raises(Exception, match="closed"):
        former.documents()


def test_a_rebuild_by_another_process_shows_at_the_next_question(copy):
    live = Live(_settings(copy), note=print)
    (copy / "documents" / "longquan.md").unlink()
    build(_settings(copy))
    with live.use() as assistant:
        assert "longquan.md" not in {entry.id for entry in assistant.documents()}


def test_a_new_generation_that_cannot_be_opened_is_told_once_and_the_former_answers(copy):
    notes = []
    live = Live(_settings(copy), note=notes.append)
    broken = copy / "web.index" / "generation-000009"
    broken.mkdir()
    (broken / "manifest.json").write_text("{}", encoding="utf-8")
    (copy / "web.index" / "CURRENT").write_text("generation-000009\n", encoding="utf-8")
    for _ in range(3):
        with live.use() as assistant:
            assert len(assistant.documents()) == 3
    assert len(notes) == 1


def test_no_question_fails_while_the_index_is_rebuilt(copy):
    live = Live(_settings(copy), note=print)
    done, faults = threading.Event(), []

    def ask():
        while not done.is_set():
            try:
                with live.use() as assistant:
                    assistant.ask("龙泉窑位于哪里？")
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        live.rebuild(lambda *_: None)
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []


# -- the server


@contextmanager
def _serving(folder, log, code=WATCHED, **environment):
    """Run the real command, or other code, on a free port and give its address."""
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--index", str(folder / "web.index")]
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=folder, env=_environment(folder, **environment), stderr=file)
    try:
        yield _until(lambda: re.search(r"http://127\.0\.0\.1:\d+", log.read_text(encoding="utf-8")), 60)[0]
    finally:
        process.terminate()
        process.wait(10)
    assert "Traceback" not in log.read_text(encoding="utf-8")
    assert "REACHED" not in log.read_text(encoding="utf-8")


def _environment(folder, **others):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ASSISTANT_", "GRADIO_"))}
    return {**kept, "ASSISTANT_HOME": str(folder), "PYTHONPATH": str(ROOT), **others}


def _until(found, seconds=WAIT):
    """Return what `found` returns once that is true."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return value


@pytest.fixture(scope="module")
def server(site, tmp_path_factory):
    with _serving(site, tmp_path_factory.mktemp("log") / "server") as address:
        yield address


def test_the_reader_marks_the_sentence_on_a_page_without_scripts(server):
    sentence = "龙泉窑位于浙江省龙泉市。"
    text = httpx.get(f"{server}/read/longquan.md").text
    start = _Shown(text.partition("<article>")[2]).text.index(sentence)
    answer = httpx.get(f"{server}/read/longquan.md?at={start}-{start + len(sentence)}")
    shown = _Shown(answer.text)
    assert shown.marked == sentence
    assert "script" not in shown.tags
    assert "资料截至 2021-05" in shown.text and "https://example.org/kiln" in shown.links
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "http" not in policy
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)[1]
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in policy


def test_the_reader_shows_the_headings_above_the_sentence(server):
    text = _Shown(httpx.get(f"{server}/read/longquan.md").text.partition("<article>")[2]).text
    start = text.index("粉青釉")
    path = re.search(r'<p class="path">(.*?)</p>', httpx.get(f"{server}/read/longquan.md?at={start}-{start + 3}").text)
    assert path[1] == "釉色"


def test_the_reader_tells_a_quote_that_no_longer_stands_there(server):
    right = page.digest("龙泉窑")
    assert _Shown(httpx.get(f"{server}/read/longquan.md?at=0-3&is={right}").text).marked == "龙泉窑"
    for changed in (f"at=1-4&is={right}", f"at=90000-90003&is={right}"):
        shown = _Shown(httpx.get(f"{server}/read/longquan.md?{changed}").text)
        assert shown.marked == "" and "请重新提问" in shown.text


def test_a_wrong_place_in_the_address_gives_the_page_without_a_mark(server):
    answer = httpx.get(f"{server}/read/longquan.md?at=nonsense")
    assert answer.status_code == 200
    assert _Shown(answer.text).marked == ""


@pytest.mark.parametrize("id", ["nichts.md", "../../etc/passwd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "", "<b>x"])
def test_an_unknown_document_is_a_404_page_in_chinese(server, id):
    # http.client sends the address as it is
    connection = http.client.HTTPConnection(urlsplit(server).netloc)
    connection.request("GET", f"/read/{id}")
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 404
    assert "索引里没有文档" in text and "<b>" not in text


def test_names_with_signs_of_an_address_and_hostile_names_open(server):
    assert "赵州桥" in httpx.get(f"{server}/read/{percent('桥 #1?.md')}").text
    shown = _Shown(httpx.get(f"{server}/read/{percent(HOSTILE_TITLE + '.txt', safe='')}").text)
    assert MARKS in shown.text
    assert not {"script", "img", "b"} & set(shown.tags)


def test_no_address_serves_documentation_pages_that_load_from_elsewhere(server):
    for path in ("docs", "redoc", "openapi.json"):
        assert "swagger" not in httpx.get(f"{server}/{path}").text.lower()
        assert "redoc" not in httpx.get(f"{server}/{path}").text.lower()
    assert "'self'" in httpx.get(server).headers["content-security-policy"]


def test_with_a_password_nothing_is_served_without_it(site, tmp_path):
    with _serving(site, tmp_path / "log", ASSISTANT_AUTH="张三:密:码") as address:
        refused = httpx.get(f"{address}/read/longquan.md")
        assert refused.status_code == 401 and "请先登录" in refused.text and "龙泉窑" not in refused.text
        assert httpx.get(f"{address}/gradio_api/info").status_code == 401
        assert "龙泉窑" not in httpx.get(address).text
        with httpx.Client(base_url=address) as client:
            assert client.post("/login", data={"username": "张三", "password": "密"}).status_code == 400
            assert client.get("/read/longquan.md").status_code == 401
            assert client.post("/login", data={"username": "张三", "password": "密:码"}).status_code == 200
            assert "龙泉窑" in client.get("/read/longquan.md").text


def _start(folder, *options, **environment):
    command = [sys.executable, "-m", "assistant.cli", "serve", "--index", str(folder / "web.index"), *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=_environment(folder, **environment), stdout=pipe, stderr=pipe, text=True)


def test_a_taken_port_and_a_malformed_password_are_told_in_one_message(site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        started = [_start(site, "--port", port), _start(site, "--port", "0", ASSISTANT_AUTH="nocolon")]
        for process, told in zip(started, (f"端口 {port} 无法使用", "用户名:密码"), strict=True):
            output, errors = process.communicate(timeout=60)
            assert (process.returncode, output) == (1, "")
            assert told in errors and "Traceback" not in errors


# -- a person with a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    missing = [str(path) for path in (CHROMIUM, DRIVER) if not path.exists()]
    if missing:
        reason = f"{' and '.join(missing)} missing: apt-get install chromium chromium-driver"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    switches = (
        "headless=new no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
        " disable-component-update disable-sync lang=zh-CN window-size=1360,850"
    )
    for switch in [*switches.split(), f"user-data-dir={tmp_path_factory.mktemp('chromium')}"]:
        options.add_argument("--" + switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


class _Visit:
    """A page of the chat, with what a person does on it."""

    def __init__(self, driver):
        self.driver = driver

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def one(self, selector):
        """Wait for the element and return it."""
        return _until(lambda: self.all(selector))[0]

    def ask(self, question):
        """Type the question, send it, and return the answer once it is whole."""
        return self.answer_to(lambda: self.one("#ask textarea").send_keys(question + "\n"))

    def answer_to(self, act):
        """Do what asks a question, and return the answer once it is whole."""
        before = len(self.answers())
        act()
        answer = _until(lambda: self.answers()[before:])[0]
        _until(lambda: _has(answer, ".confidence, .note:only-child"))
        return answer

    def answers(self):
        """Return the rows of the chat that hold answers."""
        return self.driver.execute_script(
            "return [...document.querySelectorAll('#chat .bot-row')].filter((row) => row.querySelector('.answer'))"
        )

    def tab(self, name):
        next(tab for tab in self.all("#talk [role=tab]") if tab.text == name).click()

    def read(self):
        """Return what the reader panel shows: its text, what is marked, and whether the mark is in view."""
        self.driver.switch_to.frame(self.one("#reader aside.shown iframe"))
        try:
            _until(lambda: self.driver.execute_script("return document.readyState") == "complete")
            self.one("article, .warning")
            return self.driver.execute_script(
                "const mark = document.querySelector('mark'), box = mark && mark.getBoundingClientRect();"
                "return [document.body.textContent, mark && mark.textContent,"
                " !!box && box.top >= 0 && box.bottom <= innerHeight]"
            )
        finally:
            self.driver.switch_to.default_content()


def _has(element, selector):
    return bool(element.find_elements("css selector", selector))


@pytest.fixture
def visit(server, browser):
    """A fresh page; afterwards, no error in its console and no request to another host."""
    with _visiting(server, browser) as page:
        yield page


STAGED = """
import uvicorn
from assistant.web import web
from tests.test_web import stage
with web._listen("127.0.0.1", 0) as listening:
    config = uvicorn.Config(web.make_app(stage()), log_level="warning", timeout_graceful_shutdown=1)
    port = listening.getsockname()[1]
    web._Server(config, lambda: print(f"http://127.0.0.1:{port}", file=__import__("sys").stderr)).run([listening])
"""


def stage():
    """Return a live index that mends every question, compares hostile names, and explains."""
    table = Table((MARKS + SIGNS, "乙"), (Row(MARKS + SIGNS, ((0,), ())),))
    corrections = (Correction(MARKS + SIGNS, "甲", Reason.TYPO),)
    explained = _explained(MARKS + SIGNS)
    return _Staged(
        understood="所懂的",
        corrections=corrections,
        table=table,
        hits=explained.hits,
        explanation=explained.explanation,
    )


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staged")
    with _serving(folder, folder / "log", STAGED) as address:
        yield address


@pytest.fixture
def staged_visit(staged, browser):
    """A fresh page whose answers were made by hand."""
    with _visiting(staged, browser) as page:
        yield page


@contextmanager
def _visiting(server, browser):
    browser.get("about:blank")  # what the page before leaves behind is not this one's
    browser.get_log("browser"), browser.get_log("performance")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.get(server)
    page = _Visit(browser)
    page.one("#head h1")
    yield page
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    assert _hosts(browser) == {"127.0.0.1"}
    browser.get("about:blank")  # a server with no page open stops at once


def _hosts(browser):
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    return {urlsplit(url).hostname for url in sent if urlsplit(url).scheme in {"http", "https", "ws", "wss"}}


@pytest.mark.browser
def test_a_first_visitor_asks_and_opens_the_sentence_in_its_document(visit):
    answer = visit.ask("龙泉窑位于哪里？")
    (quote,) = (one for one in answer.find_elements("css selector", ".quote") if "浙江省龙泉市" in one.text)
    words = quote.find_element("css selector", ".words").text
    assert answer.find_element("css selector", ".confidence").text in {"确定", "可能"}
    quote.find_element("css selector", "a.cite").click()
    text, marked, in_view = visit.read()
    assert marked == words
    assert in_view
    assert "龙泉窑最有名的釉色" in text and "窑址志" in text and "资料截至 2021-05" in text


@pytest.fixture(scope="module")
def printed(tmp_path_factory, cache):
    """A server of the same notes as a PDF and as Markdown."""
    folder = tmp_path_factory.mktemp("printed")
    (folder / "cache").symlink_to(cache)
    files = ROOT / "tests" / "files" / "converted"
    (folder / "documents").mkdir()
    shutil.copy(files / "pdf" / "notes.pdf", folder / "documents" / "a.pdf")
    shutil.copy(files / "md" / "notes.md", folder / "documents" / "b.md")
    build(_settings(folder), [folder / "documents"])
    with _serving(folder, folder / "log") as address:
        yield address


@pytest.mark.browser
def test_a_sentence_of_a_pdf_opens_on_its_page_and_its_double_in_the_other_document(printed, browser):
    with _visiting(printed, browser) as visit:
        answer = visit.ask("电池能撑多久？")
        source = next(one for one in answer.find_elements("css selector", ".sources li") if "第 1 页" in one.text)
        here, there = source.find_elements("css selector", "a.open")
        assert "搭建练习环境的笔记 › 准备 › 硬件 › 第 1 页" in here.text and "b.md" in there.text
        here.click()
        text, marked, in_view = visit.read()
        assert "40 分钟" in marked and in_view and "第 1 页" in text
        there.click()
        _until(lambda: "第 1 页" not in visit.read()[0])
        assert visit.read()[1:] == [marked, True]


@pytest.mark.browser
def test_example_questions_come_from_the_index_and_are_answered_when_clicked(visit):
    example = visit.one("#chat .example")
    assert example.text.endswith("是什么？")
    example.click()
    assert _has(_until(lambda: [row for row in visit.all("#chat .bot-row") if _has(row, ".confidence")])[0], ".quote")


@pytest.mark.browser
def test_a_declined_question_shows_passages_that_are_near_and_open(visit):
    answer = visit.ask("火星上的船票怎样预订")
    assert "文档没有说明" in answer.text and "相关但不是答案" in answer.text
    assert answer.find_element("css selector", ".confidence").text == "文档未说明"
    near = answer.find_elements("css selector", ".near a.open")
    assert 1 <= len(near) <= 2
    near[0].click()
    assert visit.read()[1]


@pytest.mark.browser
def test_citations_are_reached_and_opened_by_keyboard_and_escape_goes_back(visit):
    visit.ask("龙泉窑位于哪里？")
    visit.driver.execute_script("document.querySelector('#chat a.cite').focus()")
    focused = visit.driver.switch_to.active_element
    assert focused.tag_name == "a" and focused.value_of_css_property("outline-style") != "none"
    focused.send_keys("\ue007")
    assert visit.read()[1]
    visit.driver.switch_to.active_element.send_keys("\ue00c")
    _until(lambda: not visit.all("#reader aside.shown"))
    assert visit.driver.switch_to.active_element == focused


@pytest.mark.browser
def test_the_list_of_documents_filters_and_opens_a_document(visit):
    visit.tab("文档")
    assert len(_until(lambda: visit.all("#documents a.open"))) == 3
    visit.one("#filter textarea, #filter input").send_keys("龙泉")
    _until(lambda: len(visit.all("#documents a.open")) == 1)
    line = visit.one("#documents a.open")
    assert "longquan.md" in line.text and "2021-05" in line.text
    line.click()
    text, marked, _ = visit.read()
    assert marked is None and "粉青釉出现于南宋。" in text


@pytest.mark.browser
def test_hostile_text_is_shown_literally_and_does_nothing(visit):
    answer = visit.ask(f"怪符号社成立于哪一年？{MARKS}$y^2$")
    assert f"怪符号社成立于哪一年？{MARKS}$y^2$" in visit.one("#chat .user-row").text
    words = answer.find_element("css selector", ".words").text
    assert words.startswith("怪符号社成立于1987年") and words in HOSTILE
    assert [one.text for one in visit.all("#chat strong")] == ["1987年"]  # what answers, not what is written **so**
    answer.find_element("css selector", "a.cite").click()
    text, marked, _ = visit.read()
    assert marked == words and HOSTILE in text
    visit.tab("文档")
    assert any(HOSTILE_TITLE in line.text for line in _until(lambda: visit.all("#documents a.open")))
    assert visit.driver.execute_script("return window.hacked") is None
    assert not visit.all("#chat img, #chat script, #documents img, #chat code, #chat .katex")
    assert not visit.all("a[href^='javascript']")


@pytest.mark.browser
@pytest.mark.parametrize("question", ["   ", "😀", "龙泉窑位于哪里？" * 1250])
def test_odd_questions_get_an_answer_or_a_decline(visit, question):
    visit.driver.execute_script(
        "const box = document.querySelector('#ask textarea'); box.value = arguments[0];"
        "box.dispatchEvent(new Event('input', {bubbles: true}))",
        question,
    )
    assert visit.ask("").text
    assert len(visit.all("#chat .user-row")) == (1 if question.strip() else 0)


@pytest.mark.browser
def test_rebuilding_takes_in_a_new_file_and_the_same_page_answers_from_it(visit, site):
    assert "文档没有说明" in visit.ask("沧州铁狮子铸造于哪一年？").text
    (site / "documents" / "lion.md").write_text(NEW, encoding="utf-8")
    (site / "documents" / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    visit.tab("文档")
    visit.one("#update button").click()
    _until(lambda: visit.one("#rebuild").is_displayed())
    visit.one("#rebuild").click()
    report = _until(lambda: visit.all("#report .report"))[0].text
    assert "4 份文档：新增 1，修改 0，改名 0，删除 0，未变 3，跳过 1。" in report
    assert "lion.md" in report and "picture.png" in report
    _until(lambda: "4 份文档" in visit.one("#head .facts").text)
    visit.tab("对话")
    assert "后周广顺三年" in visit.ask("沧州铁狮子铸造于哪一年？").text


@pytest.mark.browser
def test_clearing_empties_the_conversation(visit):
    visit.ask("龙泉窑位于哪里？")
    visit.one("#clear").click()
    _until(lambda: not visit.all("#chat .bot-row"))
    _until(lambda: visit.all("#chat .example"))


@pytest.mark.browser
def test_a_phone_needs_no_sideways_scrolling_and_shows_the_reader_over_the_chat(visit):
    phone = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    visit.ask("龙泉窑位于哪里？").find_element("css selector", "a.cite").click()
    assert visit.read()[2]
    assert visit.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    _until(lambda: visit.one("#reader aside").rect["y"] < 0.13 * 740)  # it has slid in
    assert visit.one("#reader aside").rect["x"] == 0
    assert visit.one("#reader aside").rect["width"] == 360
    visit.one("#reader .close").click()
    _until(lambda: not visit.one("#reader aside").is_displayed())


@pytest.mark.browser
def test_what_was_mended_is_told_and_one_click_asks_the_words_as_they_are_written(staged_visit):
    answer = staged_visit.ask("原话")
    assert "理解为：所懂的" in answer.text and f"“{MARKS}{SIGNS}” → “甲”" in answer.text
    again = staged_visit.answer_to(answer.find_element("css selector", ".as-written").click)
    assert "原话|原话|True" in again.text and "理解为" not in again.text
    assert staged_visit.all("#chat .user-row")[-1].text == "原话\n按原话"


@pytest.mark.browser
def test_a_suggested_question_is_the_next_turn_by_mouse_and_by_keyboard(staged_visit):
    staged_visit.ask("甲？")
    assert "乙是什么？|甲？|False" in staged_visit.answer_to(staged_visit.one("#chat .suggestion").click).text
    buttons = _until(lambda: staged_visit.all("#chat .suggestion"))
    assert len(buttons) == 2  # of the newest answer only
    staged_visit.driver.execute_script("arguments[0].focus()", buttons[0])
    buttons[0].send_keys("\ue004")
    assert staged_visit.driver.switch_to.active_element == buttons[1]
    assert buttons[1].value_of_css_property("outline-style") != "none"
    answer = staged_visit.answer_to(lambda: buttons[1].send_keys("\ue007"))
    assert f"{MARKS}{SIGNS}|甲？、乙是什么？|False" in answer.text
    assert staged_visit.driver.switch_to.active_element.tag_name == "textarea"


@pytest.mark.browser
def test_why_a_sentence_was_chosen_opens_by_keyboard_and_stays_open(staged_visit):
    answer = staged_visit.ask("甲？")
    told = answer.find_element("css selector", ".told")
    assert not told.is_displayed()
    answer.find_element("css selector", "summary").send_keys("\ue007")
    _until(told.is_displayed)
    assert f"说的是：{MARKS}{SIGNS}" in told.text
    staged_visit.ask("乙？")
    assert told.is_displayed()


@pytest.mark.browser
def test_hostile_names_in_a_table_a_correction_and_suggestions_do_nothing(staged_visit):
    answer = staged_visit.ask("甲？")
    heads = [head.text for head in answer.find_elements("css selector", "thead th")]
    assert heads == ["方面", MARKS + SIGNS, "乙"]
    staged_visit.one("#chat .suggestion")
    assert [one.text for one in staged_visit.all("#chat .suggestion")] == ["乙是什么？", MARKS + SIGNS]
    assert staged_visit.driver.execute_script("return window.hacked") is None
    assert not staged_visit.all("#chat img, #chat script, #chat code, #chat .katex, #chat strong, #chat del")
    assert not staged_visit.all("a[href^='javascript']")


@pytest.mark.browser
def test_a_comparison_fits_a_phone_with_the_name_in_each_cell(staged_visit):
    phone = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    staged_visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    answer = staged_visit.ask("甲？")
    name = answer.find_element("css selector", "td .column")
    assert name.is_displayed() and name.text == MARKS + SIGNS
    widths = "return [document.documentElement, ...document.querySelectorAll('#chat .answer, #chat .compared')]"
    for element in staged_visit.driver.execute_script(widths):
        assert staged_visit.driver.execute_script(
            "return arguments[0].scrollWidth <= arguments[0].clientWidth", element
        )


@pytest.mark.browser
def test_a_long_conversation_shows_the_newest_question_above_its_answer(staged_visit):
    for number in range(4):
        staged_visit.ask(f"第{number}问？")
    top, bottom = staged_visit.driver.execute_script(
        "const box = document.querySelector('#chat .bubble-wrap').getBoundingClientRect(),"
        " row = [...document.querySelectorAll('#chat .user-row')].at(-1).getBoundingClientRect();"
        "return [row.top - box.top, box.bottom - row.bottom]"
    )
    assert top >= -1 and bottom > 0
