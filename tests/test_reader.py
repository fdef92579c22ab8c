"""The reader: the whole text with one sentence marked, and links that find it again in a document that has changed."""

import base64
import hashlib
import html
import re
import threading
import time
from contextlib import closing, contextmanager
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.parse import quote as percent

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.assistant import build
from assistant.library import collections
from assistant.shelf import Shelf
from assistant.web.reader import permalink, reader, sheet
from assistant.web.reader.permalink import Permalink, Place, digest, find
from corpus.document import Document, Section
from corpus.messages import speaking
from corpus.splitting import sentences
from tests.browsing import HOSTILE_TITLE, MARKS, Shown, chromium, hosts, make_site, settings

NOWHERE = Permalink()


def page_of(text, link=NOWHERE, sections=(), part=None, title="题", **facts):
    return reader.document_page(Document("d", title, text, tuple(sections), **facts), link, part=part)


def article(page):
    return Shown(re.search(r"<article[^>]*>(.*)</article>", page, re.DOTALL)[1])


def warning(page):
    found = re.search(r'<p class="warning" role="alert">(.*?)</p>', page)
    return html.unescape(found[1]) if found else ""


def marked_in(text, at, sha=""):
    """Return what the reader marks in a text, and what it warns of."""
    page = page_of(text, Permalink(at, sha))
    return article(page).marked, warning(page)


# -- the page


@st.composite
def documents(draw, alphabet="甲乙。\n<&>\"' "):
    """A text with sections, some of whose headings stand between them; and a span of it."""
    text = draw(st.text(alphabet=alphabet, min_size=1, max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    gaps = [text[before:start] for (_, before), (start, _) in pairwise([(0, 0), *spans])]
    headings = [gap.split("\n")[0].strip() for gap in gaps]
    paths = [(heading,) if heading and draw(st.booleans()) else () for heading in headings]
    sections = [Section(path, *span) for path, span in zip(paths, spans, strict=True)]
    start = draw(st.integers(0, len(text) - 1))
    return text, sections, (start, draw(st.integers(start + 1, len(text))))


@given(documents())
def test_the_reader_shows_the_whole_text_and_marks_exactly_the_span(drawn):
    text, sections, span = drawn
    page = page_of(text, Permalink.to(text[slice(*span)], span), sections)
    shown = article(page)
    assert shown.text == text
    assert shown.marked == text[slice(*span)]
    assert page.count(' id="mark"') == 1 and warning(page) == ""


@given(documents())
def test_a_sentence_that_is_gone_leaves_an_anchor_where_it_stood(drawn):
    text, sections, span = drawn
    page = page_of(text, Permalink(f"{span[0]}-{span[1]}", "0" * 16), sections)
    before = re.search(r'<article[^>]*>(.*)<span id="mark"></span>', page, re.DOTALL)[1]
    assert Shown(before).text == text[: span[0]]
    assert article(page).text == text and article(page).marked == ""


@given(documents(), st.integers(2, 12), st.data())
def test_the_parts_of_a_long_text_are_the_whole_text_and_hold_the_mark(drawn, most, data):
    text, sections, span = drawn
    link = Permalink.to(text[slice(*span)], span)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet, "PART", most)
        texts = [text[slice(*part)] for part in sheet.parts_of(Document("d", "题", text, tuple(sections)))]
        assert "".join(texts) == text and max(map(len, texts)) <= most
        part, shown, marked = 1, "", ""
        while part:
            page = page_of(text, link, sections, part)
            shown, marked = shown + article(page).text, marked + article(page).marked
            part = _part(page, "后面的部分")
        assert (shown, marked) == (text, text[slice(*span)])
        page = page_of(text, link, sections)  # without a part: around the sentence
        assert article(page).marked and page.count(' id="mark"') == 1
        earlier = [article(page).text]
        while part := _part(page, "前面的部分"):
            page = page_of(text, link, sections, part)
            earlier.insert(0, article(page).text)
        assert text.startswith(earlier[0]) and all(one in text for one in earlier)


def _part(page, label):
    """Return which part the link with this label leads to; 0 where there is no such link."""
    found = re.search(rf'<nav class="turning" aria-label="{label}"><a href="([^"]*)">', page)
    return int(parse_qs(urlsplit(html.unescape(found[1])).query)["part"][0]) if found else 0


def test_a_long_document_is_cut_before_headings_and_tells_which_parts_are_shown(monkeypatch):
    monkeypatch.setattr(sheet, "PART", 12)
    text = "".join(f"节{n}\n第{n}句话说。\n" for n in range(8))  # 10 characters each
    sections = [Section((f"节{n}",), 10 * n + 3, 10 * n + 10) for n in range(8)]
    document = Document("d", "题", text, tuple(sections))
    assert sheet.parts_of(document) == tuple((10 * n, 10 * n + 10) for n in range(8))
    page = page_of(text, Permalink("43-48"), sections)
    assert article(page).text == text[30:60] and "第 4–6 部分，共 8 部分" in Shown(page).text
    assert "回到这句话" not in Shown(page).text
    away = Shown(page_of(text, Permalink("43-48"), sections, 1))
    assert away.marked == "" and "回到这句话" in away.text
    assert f"?at=43-48&sha={digest(text[43:48])}#mark" in away.links
    last = page_of(text, NOWHERE, sections, 99)
    assert article(last).text == text[70:] and _part(last, "前面的部分") == 5


def test_headings_are_headings_one_level_below_the_other_and_the_title_stands_once():
    text = "题\n开头。\n深\n一。\n节\n二。\n"
    sections = [Section(("题",), 2, 6), Section(("题", "节", "子", "深"), 8, 11), Section(("题", "节"), 13, 16)]
    page = page_of(text, sections=sections)
    assert re.findall(r"<(h\d)[^>]*>(.*?)\n?</h\d>", page) == [("h1", "题"), ("h2", "深"), ("h2", "节")]
    assert re.findall(r'<div class="title">(.*?)\n</div>', page) == ["题"]
    assert [tag for tag in Shown(page).tags if tag in {"header", "main", "article"}] == ["header", "main", "article"]


def test_the_reader_tells_the_pages_and_that_of_the_sentence():
    sections = (Section(("题", "节"), 2, 5, 1), Section(("题", "节"), 5, 8, 2), Section((), 8, 11, 2))
    shown = page_of("节\n一。\n二。\n三。\n", Permalink("5-7"), sections)
    assert re.findall(r'<div class="page">(.*?)</div>', shown) == ["第 1 页", "第 2 页"]
    assert re.findall(r'<p class="path">(.*?)</p>', shown) == ["节 › 第 2 页"]
    assert article(shown).text == "第 1 页节\n一。\n第 2 页二。\n三。\n"


def test_what_no_page_can_hold_shows_as_a_replacement_and_a_carriage_return_stays():
    page = page_of("甲\0乙\ud800丙\r丁。", Permalink("0-3"), title="题\0")
    assert article(page).text == "甲\ufffd乙\ufffd丙\r丁。" and article(page).marked == "甲\ufffd乙"
    assert not set(page) & {"\0", "\ud800", "\r"}


def test_a_source_becomes_a_link_only_where_it_is_a_web_address():
    def links(source):
        return [link for link in Shown(page_of("文。", source=source)).links if link.startswith(("http", "java"))]

    assert links("窑址志，https://example.org/a?b=1&c=2") == ["https://example.org/a?b=1&c=2"]
    assert links("javascript:alert(1)") == links("一本书 javascript:https") == []


def test_the_page_speaks_english_and_says_which_text_is_chinese():
    with speaking("en"):
        page = page_of("文。", Permalink("0-9"), date="2021")
    assert '<html lang="en">' in page and '<article lang="zh-CN">' in page and '<h1 lang="zh-CN">' in page
    assert "does not lie in this document" in warning(page)
    assert '<html lang="zh-CN">' in page_of("文。") and "<article>" in page_of("文。")


# -- the link


TEXT = "题\n第一句话。第二句话说得更长。\n第三句话。"


def test_a_link_marks_its_sentence_by_either_name_of_the_checksum():
    start = TEXT.index("第二句")
    link = Permalink.to("第二句话说得更长。", (start, start + 9), collection="文 集&")
    assert (
        link.query()
        == f"?at={start}-{start + 9}&sha={digest('第二句话说得更长。')}&collection=%E6%96%87%20%E9%9B%86%26"
    )
    asked = {name: values[0] for name, values in parse_qs(link.query()[1:]).items()}
    assert Permalink.from_query(asked) == link
    assert Permalink.from_query({"at": link.at, "is": link.sha}) == Permalink(link.at, link.sha)
    assert marked_in(TEXT, link.at, link.sha.upper()) == ("第二句话说得更长。", "")
    assert digest("第二句话说得更长。") == hashlib.sha256("第二句话说得更长。".encode()).hexdigest()[:16]


def test_a_sentence_that_moved_is_found_and_said_to_have_moved():
    moved, told = marked_in("新的开头。" + TEXT, "7-16", digest("第二句话说得更长。"))
    assert moved == "第二句话说得更长。" and told == "文档已改动，这句话移到了这里。"


def test_a_sentence_that_stands_nowhere_is_said_to_be_gone():
    for at in ("7-16", "900-909"):
        marked, told = marked_in(TEXT.replace("更长", "很长"), at, digest("第二句话说得更长。"))
        assert marked == "" and "已找不到这句话" in told
    assert 'id="mark"' in page_of("短。", Permalink("1-9", "0" * 16))
    assert 'id="mark"' not in page_of("短。", Permalink("2-9", "0" * 16))  # there is no such place any more


@given(st.data())
def test_an_edited_document_gives_the_nearest_place_of_the_sentence_iff_it_still_stands_in_it(data):
    pieces = st.text(alphabet="甲乙。，\n ", max_size=25)
    before, words, after = data.draw(pieces), data.draw(pieces), data.draw(pieces)
    assume(words)
    span = (len(before), len(before) + len(words))
    edited = (
        data.draw(pieces) + data.draw(st.sampled_from([words, words[1:], words[:-1] + "丙", ""])) + data.draw(pieces)
    )
    edited = data.draw(st.sampled_from([edited, before + words + edited, edited + after]))
    stands = [start for start in range(len(edited)) if edited.startswith(words, start)]
    place = Permalink.to(words, span).place_in(edited)
    if not stands:
        near = span[0] if span[0] < len(edited) else None
        assert place == Place(near=near, told="reader-gone")
        return
    nearest = min(stands, key=lambda start: (abs(start - min(span[0], len(edited) - len(words))), start))
    assert place == Place((nearest, nearest + len(words)), told="" if nearest == span[0] else "reader-moved")


@given(st.text(alphabet="甲乙。！；，（）“” \n", min_size=1, max_size=80))
def test_wherever_the_splitting_begins_a_sentence_it_is_looked_for_first(text):
    begun = {found.start() for found in permalink._BEGINNING.finditer(text)}
    assert {start for start, _ in sentences(text)} <= begun


def test_the_search_is_bounded_and_tries_beginnings_of_sentences_first(monkeypatch):
    tried = []
    monkeypatch.setattr(permalink, "digest", lambda text: tried.append(text) or digest(text))
    text = "".join(f"第{n:04}句话。" for n in range(1000))
    far = text.index("第0950句话。")
    assert find(text, (0, 8), digest("第0950句话。"), tries=1000) == (far, far + 8)
    assert find(text, (0, 8), digest("0950句话。第"), tries=1000) is None  # no beginning, and far
    tried.clear()
    assert find(text, (0, 8), "0" * 16, tries=1500) is None and len(tried) == 1500
    tried.clear()
    assert find(text, (0, permalink.LONGEST + 1), "0" * 16) is None and tried == []


def test_all_of_a_chinese_text_of_one_megabyte_is_searched():
    text = "".join(f"这一句话说的是{chr(0x4E00 + n)}这个字在书里的写法和读法，" for n in range(16_000))
    assert len(text.encode()) > 1_000_000
    words = text[-20:-3]  # not where a sentence may begin
    assert find(text, (0, 17), digest(words)) == (len(text) - 20, len(text) - 3)


@pytest.mark.parametrize("at", ["", "x", "3-3", "5-2", "-1-2", "1-2-3", "１-２", "1:2", "9" * 40 + "-1"])
def test_a_malformed_place_is_no_span(at):
    assert permalink.span_of(at) is None
    for sha in ("", "0" * 16, "x"):
        marked, told = marked_in(TEXT, at, sha)
        assert marked == "" and ("（at）" in told) == bool(at or sha)


@pytest.mark.parametrize("sha", ["x", "0" * 15, "0" * 17, "g" * 16, "０" * 16, "\ud800", "<b>"])
def test_a_malformed_checksum_is_told_and_the_place_is_marked(sha):
    assert marked_in(TEXT, "2-7", sha) == ("第一句话。", warning(page_of(TEXT, Permalink("2-7", sha))))
    assert "（sha）" in warning(page_of(TEXT, Permalink("2-7", sha)))
    assert "（at）" in warning(page_of(TEXT, Permalink("2-99", sha)))


@given(st.text(), st.text(), st.text(), st.text())
def test_no_address_breaks_the_page(at, sha, collection, part):
    page = page_of(TEXT, Permalink(at, sha, collection), part=reader._number(part))
    assert article(page).text == TEXT
    assert {"script", "img", "b"}.isdisjoint(Shown(page).tags)


# -- what is answered


@pytest.fixture(scope="module")
def folder(tmp_path_factory, cache):
    return make_site(tmp_path_factory.mktemp("site"), cache)


@pytest.fixture
def shelf(folder):
    with closing(Shelf(settings(folder), note=print)) as opened:
        yield opened


def ask(shelf, id, **query):
    answer = reader.respond(shelf, id, query, home="/root/")
    return answer, Shown(answer.body.decode())


def test_the_reader_marks_the_sentence_on_a_page_without_scripts(shelf):
    sentence = "龙泉窑位于浙江省龙泉市。"
    text = article(ask(shelf, "longquan.md")[0].body.decode()).text
    start = text.index(sentence)
    answer, shown = ask(shelf, "longquan.md", at=f"{start}-{start + len(sentence)}", sha=digest(sentence))
    assert answer.status_code == 200 and shown.marked == sentence
    assert "script" not in shown.tags
    assert "资料截至 2021-05" in shown.text and "文件：longquan.md" in shown.text
    permanent = f"?at={start}-{start + len(sentence)}&sha={digest(sentence)}#mark"
    assert set(shown.links) >= {"https://example.org/kiln", "/root/", permanent}
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "http" not in policy
    style = re.search(r"<style>(.*?)</style>", answer.body.decode(), re.DOTALL)[1]
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in policy


def test_the_reader_shows_the_headings_above_the_sentence(shelf):
    start = article(ask(shelf, "longquan.md")[0].body.decode()).text.index("粉青釉")
    page = ask(shelf, "longquan.md", at=f"{start}-{start + 3}")[0].body.decode()
    assert re.search(r'<p class="path">(.*?)</p>', page)[1] == "釉色"


@pytest.mark.parametrize("id", ["nichts.md", "../../etc/passwd", "", "<b>x", "a\0b", "\ud800", "x" * 5000])
def test_an_unknown_document_is_a_404_page_that_names_it_as_text(shelf, id):
    answer, shown = ask(shelf, id)
    assert answer.status_code == 404
    assert "索引里没有文档" in shown.text and "b" not in shown.tags and "/root/" in shown.links


def test_the_sentence_of_a_document_that_was_renamed_is_found_in_the_new_one(shelf):
    words = "赵州桥由匠师李春设计，建于隋代。"
    answer, shown = ask(shelf, "旧/桥.md", at="0-16", sha=digest(words))
    start = article(ask(shelf, "桥 #1?.md")[0].body.decode()).text.index(words)
    assert answer.status_code == 404 and "这句话现在见于：赵州桥（桥 #1?.md）" in shown.text
    assert f"/root/read/{percent('桥 #1?.md')}?at={start}-{start + 16}&sha={digest(words)}#mark" in shown.links
    for query in ({"at": "0-16"}, {"at": "0-16", "sha": "x"}, {"at": "0-16", "sha": "0" * 16}):
        assert "现在见于" not in ask(shelf, "旧/桥.md", **query)[1].text


def test_a_document_is_opened_in_its_collection_and_the_links_stay_there(shelf, folder, tmp_path):
    (tmp_path / "甲.md").write_text("# 甲\n\n甲是乙。\n", encoding="utf-8")
    build(collections.create(settings(folder), "别的&"), [tmp_path])
    collections.create(settings(folder), "空的")
    try:
        answer, shown = ask(shelf, "甲.md", collection="别的&", at="2-6")
        assert (answer.status_code, shown.marked) == (200, "甲是乙。") and "文集：别的&" in shown.text
        assert f"?at=2-6&sha={digest('甲是乙。')}&collection=%E5%88%AB%E7%9A%84%26#mark" in shown.links
        assert ask(shelf, "甲.md")[0].status_code == 404
        for name, told in (
            ("空的", "还没有文档"),
            ("没有", "没有叫“没有”的文集"),
            ("../x", "不能用"),
            ("\0", "不能用"),
        ):
            answer, shown = ask(shelf, "甲.md", collection=name)
            assert answer.status_code == 404 and told in shown.text and "/root/" in shown.links
    finally:
        shelf.delete("别的&")
        shelf.delete("空的")


def test_names_with_signs_of_an_address_and_hostile_names_open(shelf):
    assert "赵州桥" in ask(shelf, "桥 #1?.md")[1].text
    answer, shown = ask(shelf, HOSTILE_TITLE + ".txt")
    assert answer.status_code == 200 and MARKS in shown.text
    assert not {"script", "img", "b"} & set(shown.tags)


# -- in a browser


@contextmanager
def serving(shelf):
    """Serve the reader alone."""
    import uvicorn
    from fastapi import FastAPI, Request

    app = FastAPI()

    @app.get("/read/{document:path}")
    def read(request: Request, document: str):
        return reader.respond(shelf, document, request.query_params, home="/")

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/read/"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.mark.browser
def test_a_permalink_opens_at_its_sentence_with_the_warning_in_view_and_nothing_that_axe_minds(shelf, tmp_path_factory):
    package = find_spec("axe_playwright_python")
    if package is None:
        pytest.skip("needs axe-playwright-python")
    axe = (Path(package.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")
    words = "粉青釉出现于南宋。"
    addresses = {
        f"longquan.md?at=0-9&sha={digest(words)}#mark": words,  # moved
        f"longquan.md?at=5-9&sha={'0' * 16}#mark": None,  # gone
        f"{percent(HOSTILE_TITLE)}.txt": None,
        "nichts.md": None,
    }
    with serving(shelf) as server, chromium(tmp_path_factory.mktemp("chromium")) as driver:
        driver.set_script_timeout(30)
        for scheme, width in (("light", 1100), ("dark", 360)):
            size = {"width": width, "height": 300, "deviceScaleFactor": 1, "mobile": width < 500}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            wanted = [{"name": "prefers-color-scheme", "value": scheme}]
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wanted})
            for address, marked in addresses.items():
                driver.get(server + address)
                driver.refresh()
                assert driver.execute_script("return document.querySelector('mark')?.textContent ?? null") == marked
                for part in driver.find_elements("css selector", "mark, .warning"):
                    box = driver.execute_script("return arguments[0].getBoundingClientRect()", part)
                    assert box["top"] >= 0 and box["bottom"] <= 300
                assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
                assert driver.execute_script("return window.hacked") is None
                driver.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
                found = driver.execute_async_script("axe.run().then(arguments[0])")
                assert [one["id"] for one in found["violations"]] == [] and len(found["passes"]) > 5
        complaints = [one["message"] for one in driver.get_log("browser") if one["level"] == "SEVERE"]
        assert all("404 (Not Found)" in one and "nichts.md" in one for one in complaints)
        assert hosts(driver) == {"127.0.0.1"}
