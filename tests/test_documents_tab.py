"""The documents' tab: what its table says, and what its buttons do to a real index."""

import html
import json
import re
import shutil
import sys
import threading
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import quote as percent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import build
from assistant.library import fetching
from assistant.library.naming import Given
from assistant.settings import Settings
from assistant.shelf import Shelf
from assistant.web.api.jobs import Jobs
from assistant.web.documents import keeper, markup
from assistant.web.documents.keeper import Keeper, throttled
from assistant.web.documents.listing import PAGE, Order, Row, State, View, rows_of
from assistant.web.gate.access import Access
from assistant.web.site import Site
from corpus.document import Passage
from corpus.finding import Skipped
from index.catalog import Entry
from index.report import Report
from index.search import Hit, Reasons
from index.store import Store
from tests.conftest import ROOT, run_process, write_files

HOSTILE = "<script>window.hacked=1</script><img src=x onerror=x>[点](javascript:x) $x$ {{7*7}} ${1}"
TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td", "a", "span", "p", "button", "dialog", "form", "div"}
TAGS |= {"ul", "li", "nav", "mark", "code"}


class Shown(HTMLParser):
    """A piece of HTML: its text, its tags, the rows of its table, its links and the values of its buttons."""

    def __init__(self, text):
        super().__init__()
        self.text, self.tags, self.links, self.values, self.rows = "", set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name == "href"]
        self.values += [value for name, value in attrs if tag == "button" and name == "value"]
        self.rows += [[]] if tag == "tr" else []
        if tag in {"th", "td"}:
            self.rows[-1].append("")

    def handle_data(self, data):
        self.text += data
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def row(id="a.md", title="甲", state=State.HELD, **facts):
    return Row(id, title, state, **{"characters": 1234, "passages": 5, "date": "2024-05", **facts})


def table(*rows, view=View(), **more):  # noqa: B008 - a value
    return Shown(markup.table_html(rows, view, **more))


# -- the table


def test_a_row_tells_title_file_size_passages_date_and_state():
    assert table(row()).rows == [
        ["标题文件名↑", "字数", "段数", "日期", "状态"],
        ["甲a.md", "字数1,234", "段数5", "日期2024-05", "状态已收录"],
    ]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"state": State.HELD}, "已收录"),
        ({"state": State.SHORTENED}, "已收录，略去了页眉、导航等"),
        ({"state": State.BARE, "passages": 0}, "已收录，没有能引用的句子"),
        ({"state": State.COPY, "other": "b.md"}, "与 b.md 同文"),
        ({"state": State.SKIPPED, "other": "格式不支持"}, "未收录：格式不支持"),
        ({"state": State.OUT}, "已移出"),
    ],
)
def test_a_row_tells_what_has_become_of_the_file(facts, told):
    assert table(row(**facts)).rows[1][4] == "状态" + told


def test_a_title_opens_its_document_in_its_collection():
    assert table(row("夹/甲 #1?.md")).links == [f"read/{percent('夹/甲 #1?.md')}"]
    assert table(row(), collection="我 & 你").links == [f"read/a.md?collection={percent('我 & 你')}"]


def test_a_file_that_was_passed_over_opens_nothing_and_cannot_be_removed():
    shown = table(row("x.png", "", State.SKIPPED, other="无"), may_change=True)
    assert shown.links == []
    assert "x.png" not in shown.values


def test_only_who_may_change_documents_gets_buttons_and_the_question_whether_they_are_sure():
    assert {"dialog", "form"} & table(row()).tags == set()
    shown = table(row(), row("b.md"), may_change=True)
    assert [value for value in shown.values if value.endswith(".md")] == ["a.md", "b.md"]
    assert "要移出这份文档吗？" in shown.text


@given(st.text(st.sampled_from("甲a<>&\"'`$\\{}[]()*_# \n\0\ud800"), max_size=30))
def test_whatever_stands_in_a_name_the_button_removes_it_and_nothing_is_markup(name):
    shown = markup.table_html([row(name, name, other=name)], View(), may_change=True)
    assert Shown(shown).tags <= TAGS
    value = re.search('class="remove" value="(.*?)"', shown)[1]
    readable = name.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    assert html.unescape(value) == readable


def test_everything_that_was_not_written_by_us_is_inert():
    report = Report((HOSTILE,), (), ((HOSTILE, HOSTILE),), (), (), (Skipped(HOSTILE, HOSTILE),), 1, 1)
    texts = [
        markup.table_html([row(HOSTILE, HOSTILE, date=HOSTILE)], View(), may_change=True, collection=HOSTILE),
        markup.table_html([row(HOSTILE, "", State.SKIPPED, other=HOSTILE)], View()),
        markup.table_html([row(state=State.COPY, other=HOSTILE)], View()),
        markup.found_html([_hit(HOSTILE, matched=("script", "<"))], HOSTILE, HOSTILE),
        markup.found_html([], HOSTILE),
        markup.report_html(report, [HOSTILE]),
        markup.sources_html([HOSTILE]),
        markup.told_html(HOSTILE, failed=True),
    ]
    for text in texts:
        assert Shown(text).tags <= TAGS
        assert not any(link.startswith("javascript") for link in Shown(text).links)
        assert not set(re.sub(r"&#[0-9]+;|<[^<>]*>", "", text)) & set("<>*_`$\\[]{}~")
    assert HOSTILE in Shown(texts[5]).text


# -- sorting and turning


def sorted_by(order, *rows, falling=False):
    return [one.id for one in View(order=order, falling=falling).of(rows)[0]]


def test_titles_are_sorted_by_their_sound():
    rows = [row("1", "中国"), row("2", "阿里"), row("3", "北京"), row("4", "Zebra"), row("5", "apple")]
    assert sorted_by(Order.TITLE, *rows) == ["5", "4", "2", "3", "1"]


def test_numbers_are_sorted_as_numbers_and_equal_ones_by_the_file():
    rows = [row("b", characters=9), row("a", characters=9), row("c", characters=10)]
    assert sorted_by(Order.CHARACTERS, *rows) == ["a", "b", "c"]
    assert sorted_by(Order.CHARACTERS, *rows, falling=True) == ["c", "b", "a"]


def test_states_are_sorted_so_that_what_is_missing_stands_together():
    rows = [row("a", state=State.SKIPPED), row("b"), row("c", state=State.COPY)]
    assert sorted_by(Order.STATE, *rows) == ["b", "c", "a"]


def test_a_column_sorts_and_sorts_the_other_way_round_when_it_is_used_again():
    view = View(wanted="甲", page=3)
    assert view.by(Order.TITLE) == View("甲", Order.TITLE, False, 0)
    assert view.by(Order.TITLE).by(Order.TITLE) == View("甲", Order.TITLE, True, 0)
    assert view.by(Order.DATE).falling  # the newest first


@given(st.sampled_from(Order), st.booleans(), st.integers(0, 999))
def test_a_view_is_read_from_a_button_as_it_was_written(order, falling, page):
    view = View("甲", order, falling, page)
    assert View("甲").turned(str(view)) == view


@pytest.mark.parametrize("order", ["", "title", "nothing 0", "title- -1", "title 9999999", "title 0\n", HOSTILE])
def test_a_button_that_is_none_of_ours_turns_nothing(order):
    assert View("甲", page=2).turned(order) == View("甲", page=2)


def test_the_filter_looks_at_title_and_file_whatever_the_case():
    rows = [row("x/One.md", "甲"), row("2.md", "乙 ONE"), row("3.md", "丙")]
    assert [one.id for one in View(" one ").of(rows)[0]] == ["2.md", "x/One.md"]
    assert "3 份中有 2 份符合" in table(*rows, view=View("one")).text
    assert markup.table_html(rows, View("丁")) == '<p class="note" role="status">没有符合的文档。</p>'


def test_many_documents_come_in_pages():
    rows = [row(f"{number:04}") for number in range(PAGE + 1)]
    first, second = (table(*rows, view=View(page=page)) for page in (0, 7))
    assert (len(first.rows), len(second.rows)) == (PAGE + 1, 2)  # and the head
    assert f"共 {PAGE + 1} 份 （第 1 到 {PAGE} 份）" in first.text
    assert "第 2 / 2 页" in second.text and "0200" in second.text
    assert first.values[-2:] == ["id 0", "id 1"] and second.values[-2:] == ["id 0", "id 2"]
    disabled = re.findall('data-key="([^"]*)" value="[^"]*" disabled', markup.table_html(rows, View()))
    assert disabled == ["docs-former"]
    assert "nav" not in table(*rows[:PAGE]).tags


def test_the_head_tells_by_what_it_is_sorted():
    shown = markup.table_html([row()], View(order=Order.DATE, falling=True))
    assert re.findall('aria-sort="([a-z]+)"', shown) == ["descending"]
    assert table(row(), view=View(order=Order.DATE, falling=True)).rows[0][3] == "日期↓"


def test_a_file_of_the_last_report_is_a_row_unless_it_is_a_document():
    entries = [Entry("a.md", "甲", "", "", "", 3, 1), Entry("b.md", "乙", "", "", "", 3, 0, "a.md")]
    skipped = [Skipped("a.md", "部分"), Skipped("c.png", "图"), Skipped("d.md", "已移出")]
    rows = rows_of(entries, frozenset({"a.md", "b.md"}), ["d.md"], skipped)
    assert [(one.id, one.state, one.other) for one in rows] == [
        ("a.md", State.SHORTENED, ""),
        ("b.md", State.COPY, "a.md"),
        ("d.md", State.OUT, ""),
        ("c.png", State.SKIPPED, "图"),
    ]
    assert "共 2 份，另有 2 份未收录" in table(*rows).text


# -- what a search shows


def _hit(text, *, matched=(), title="甲"):
    return Hit(
        Passage("夹/a.md", title, "", "", ("甲", "节"), text, 7, 7 + len(text)), 0.5, Reasons(1, 1, 1, 1, matched), []
    )


def test_a_passage_that_was_found_links_to_its_place_and_marks_the_words_as_they_are_written():
    shown = markup.found_html([_hit("粉青釉出现于南宋，ＡＢ也是。", matched=("南宋", "ab"))], "南宋 AB", "文集")
    assert re.findall("<mark>(.*?)</mark>", shown) == ["南宋", "ＡＢ"]
    (link,) = Shown(shown).links
    assert re.fullmatch(
        rf"read/{percent('夹/a.md')}\?at=7-21&sha=[0-9a-f]{{16}}&collection={percent('文集')}#mark", link
    )
    assert "甲 › 节" in Shown(shown).text


def test_a_long_passage_is_shown_around_the_first_word():
    text = "一" * 300 + "南宋" + "二" * 300
    shown = Shown(markup.found_html([_hit(text, matched=("南宋",))], "南宋")).text
    assert shown.endswith("…" + "一" * 40 + "南宋" + "二" * 118 + "…")


def test_words_inside_each_other_are_marked_once():
    shown = markup.found_html([_hit("深度学习框架", matched=("深度学习", "学习", "框架"))], "深度学习框架")
    assert re.findall("<mark>(.*?)</mark>", shown) == ["深度学习", "框架"]


# -- what the buttons do


TEXTS = {
    "longquan.md": "# 龙泉窑\n\n龙泉窑位于浙江省龙泉市。粉青釉出现于南宋。\n",
    "bridge.md": "# 赵州桥\n\n赵州桥由匠师李春设计，建于隋代。\n",
    "桥.md": "# 赵州桥\n\n赵州桥由匠师李春设计，建于隋代。\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory, cache):
    """A folder of three documents and an index of them, which no test changes."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "cache").symlink_to(cache)
    build(Settings(folder, folder / "web.index", named=True), [write_files(folder / "docs", TEXTS)])
    return folder


@pytest.fixture
def site(built, tmp_path, home):
    """A server's collections, of which the default one is a copy of that index."""
    index = shutil.copytree(built / "web.index", tmp_path / "web.index")
    shelf = Shelf(Settings(home, index, named=True), note=print)
    yield Site(shelf, Access.of({}), None, Jobs())
    shelf.close()


def asking(username=None, language="zh"):
    return SimpleNamespace(username=username, headers={"accept-language": language}, cookies={})


def quiet(step, done, total):
    pass


def ids(site, name=""):
    with site.shelf.live(name).use() as assistant:
        return [entry.id for entry in assistant.documents()]


def uploaded(folder, **files):
    return [
        Given(name, write_files(folder, {f"up-{place}": text}) / f"up-{place}")
        for place, (name, text) in enumerate(files.items())
    ]


def test_several_files_are_uploaded_and_the_unreadable_ones_are_told(site, tmp_path):
    files = uploaded(
        tmp_path / "up", **{"长城（一）.md": "长城修筑于春秋。\n", "图.png": "\x89PNG", "b.txt": "黄鹤楼在武汉。\n"}
    )
    told = Keeper(site).upload(asking(), "", files, quiet)
    assert told.done
    assert ids(site) == ["b.txt", "bridge.md", "longquan.md", "桥.md", "长城（一）.md"]
    assert "新增 2" in Shown(told.text).text and "图.png：" in Shown(told.text).text
    assert not any(file.content.exists() for file in files)  # nothing stays where gradio put it
    with site.shelf.live().use() as assistant:
        assert assistant.ask("长城修筑于什么时候？").answered


def test_a_file_that_was_passed_over_stands_in_the_table_until_the_next_change(site, tmp_path):
    keep = Keeper(site)
    keep.upload(asking(), "", uploaded(tmp_path / "up", **{"图.png": "\x89PNG", "b.txt": "黄鹤楼在武汉。\n"}), quiet)
    assert "图.png" in Shown(keep.show(asking(), "", View()).table).text
    keep.rebuild(asking(), "", quiet)
    assert "图.png" not in Shown(keep.show(asking(), "", View()).table).text


@pytest.mark.parametrize(
    ("name", "lies"),
    [
        ("../../../etc/passwd.md", "etc/passwd.md"),
        ("/tmp/x.md", "tmp/x.md"),
        ("..\\..\\x.md", "x.md"),
        (".ssh.md", "_ssh.md"),
        ("<img src=x onerror=x>.md", "_img src=x onerror=x_.md"),
        ("a\0b.md", "a_b.md"),
    ],
)
def test_a_hostile_file_name_stays_in_the_folder(site, tmp_path, name, lies):
    told = Keeper(site).upload(asking(), "", uploaded(tmp_path / "up", **{name: "黄鹤楼在武汉。\n"}), quiet)
    folder = site.shelf.settings.index / "added"
    assert told.done
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()] == [lies]
    assert lies in ids(site)


def test_files_too_many_or_too_large_are_refused_and_do_not_stay(site, tmp_path, monkeypatch):
    monkeypatch.setattr(keeper, "LARGEST", 20)
    monkeypatch.setattr(keeper, "TOGETHER", 30)
    monkeypatch.setattr(keeper, "FILES", 3)
    for files, told in (
        ({"a.md": "长" * 7}, "文件 a.md 超过"),
        ({"a.md": "长" * 6, "b.md": "长" * 6}, "合起来超过"),
        (dict.fromkeys(("a.md", "b.md", "c.md", "d.md"), "长"), "一次放了 4 个文件，最多 3 个"),
    ):
        given = uploaded(tmp_path / "up", **files)
        answer = Keeper(site).upload(asking(), "", given, quiet)
        assert not answer.done and told in Shown(answer.text).text
        assert not any(file.content.exists() for file in given)
    assert ids(site) == ["bridge.md", "longquan.md", "桥.md"]


@pytest.mark.parametrize(
    ("title", "text", "id"),
    [
        ("岳阳楼", "岳阳楼在湖南。", "岳阳楼.txt"),
        ("岳阳楼.md", "岳阳楼在湖南。", "岳阳楼.md"),
        ("", "# 岳阳楼\n\n岳阳楼在湖南。", "岳阳楼.md"),
        ("", "\n岳阳楼在湖南/岳阳。\n它很高。", "岳阳楼在湖南_岳阳。.txt"),
        ("v1.2", "岳阳楼在湖南。", "v1.2.txt"),
        ("../楼", "岳阳楼在湖南。", "楼.txt"),
    ],
)
def test_a_pasted_text_becomes_a_file_with_its_name_or_its_first_line(site, title, text, id):
    assert Keeper(site).paste(asking(), "", title, text, quiet).done
    assert [one for one in ids(site) if "楼" in one or "v1" in one] == [id]


def test_a_blank_text_is_refused(site):
    told = Keeper(site).paste(asking(), "", "名", " \n", quiet)
    assert not told.done and "没有文字" in Shown(told.text).text


def test_an_address_is_fetched_without_reaching_into_this_network(site, monkeypatch):
    seen = []

    def fetch(url, *, private):
        seen.append((url, private))
        return fetching.Fetched(url, "example.org/a.md", "黄鹤楼在武汉。".encode())

    monkeypatch.setattr(fetching, "fetch", fetch)
    assert Keeper(site).fetch(asking(), "", "https://example.org/a.md", quiet).done
    assert seen == [("https://example.org/a.md", False)]
    assert "example.org/a.md" in ids(site)


def test_an_address_of_this_machine_is_refused(site):
    told = Keeper(site).fetch(asking(), "", "http://127.0.0.1:1/x", quiet)
    assert not told.done and "127.0.0.1" in Shown(told.text).text


def test_a_document_is_taken_out_by_its_whole_id_alone(site):
    keep = Keeper(site)
    told = keep.take_out(asking(), "", "桥.md", quiet)
    assert told.done and "删除 1" in Shown(told.text).text
    assert ids(site) == ["bridge.md", "longquan.md"]
    for part in ("桥.md", "longquan", "", "x/"):
        assert not keep.take_out(asking(), "", part, quiet).done
    assert ids(site) == ["bridge.md", "longquan.md"]


def test_a_document_that_was_taken_out_is_told_and_can_be_put_back(site, built):
    keep = Keeper(site)
    keep.take_out(asking(), "", "longquan.md", quiet)
    shown = Shown(keep.show(asking(), "", View()).table)
    assert shown.rows[2][4] == "状态已移出" and "longquan.md" in shown.values
    told = keep.restore(asking(), "", "longquan.md", quiet)
    assert told.done and "新增 1" in Shown(told.text).text and "assistant add" not in Shown(told.text).text
    assert ids(site) == ["bridge.md", "longquan.md", "桥.md"]
    assert not (site.shelf.settings.index / "added").exists()  # it is not copied
    for id in ("longquan.md", "x.md", "../longquan.md", ""):
        assert not keep.restore(asking(), "", id, quiet).done


def test_a_file_that_was_brought_and_taken_out_is_deleted_and_does_not_come_back(site):
    keep = Keeper(site)
    keep.paste(asking(), "", "楼", "岳阳楼在湖南。", quiet)
    assert keep.take_out(asking(), "", "楼.txt", quiet).done
    assert not list((site.shelf.settings.index / "added").rglob("*.txt"))
    assert not keep.restore(asking(), "", "楼.txt", quiet).done


def test_a_rebuild_tells_its_progress_and_what_changed(tmp_path, home):
    docs, settings = write_files(tmp_path / "docs", TEXTS), Settings(home, tmp_path / "web.index", named=True)
    build(settings, [docs])
    shelf = Shelf(settings, note=print)
    write_files(docs, {"new.md": "黄鹤楼在武汉。\n", "longquan.md": "# 龙泉窑\n\n龙泉窑很有名。\n"})
    (docs / "bridge.md").unlink()
    steps = []
    told = Keeper(Site(shelf, Access.of({}), None, Jobs())).rebuild(asking(), "", lambda *step: steps.append(step))
    shelf.close()
    assert "3 份文档：新增 1，修改 1，改名 0，删除 1，未变 1，跳过 0。" in Shown(told.text).text
    assert ("index", 3, 3) in steps and steps[-1][0] == "finish"
    assert {step for step, *_ in steps} == {"index", "finish"}


def test_the_progress_is_told_at_most_ten_times_a_second_and_at_the_end_of_a_step():
    steps = []
    show = throttled(lambda *step: steps.append(step))
    for done in range(1, 1001):
        show("index", done, 1000)
        show("bytes", done, 1000)
    assert steps[0] == ("index", 1, 1000) and steps[-1] == ("index", 1000, 1000)
    assert len(steps) < 20


def test_while_one_update_runs_another_is_refused_and_questions_are_answered(site):
    keep = Keeper(site)
    with Store(site.shelf.settings.index).writing():
        told = keep.paste(asking(), "", "楼", "岳阳楼在湖南。", quiet)
        assert not told.done and "正在进行另一次更新" in Shown(told.text).text
        with site.shelf.live().use() as assistant:
            assert assistant.ask("龙泉窑位于哪里？").answered
    assert keep.paste(asking(), "", "楼", "岳阳楼在湖南。", quiet).done


def test_two_people_who_update_at_once_lose_nothing(site):
    told = {}

    def paste(name):
        told[name] = Keeper(site).paste(asking(), "", name, f"{name}在湖南。", quiet)

    threads = [threading.Thread(target=paste, args=(name,)) for name in ("岳阳楼", "黄鹤楼")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = {f"{name}.txt" for name, one in told.items() if one.done}
    assert done and done == {id for id in ids(site) if "楼" in id}


def changes(keep, request, folder):
    """Return every change, and what came of it."""
    given = uploaded(folder, **{"a.md": "黄鹤楼在武汉。\n"})
    yield keep.upload(request, "", given, quiet)
    yield keep.paste(request, "", "楼", "岳阳楼在湖南。", quiet)
    yield keep.fetch(request, "", "https://example.org", quiet)
    yield keep.take_out(request, "", "桥.md", quiet)
    yield keep.restore(request, "", "桥.md", quiet)
    yield keep.rebuild(request, "", quiet)
    yield keep.create(request, "新的")
    yield keep.delete(request, "新的", "新的")


def test_who_may_not_change_documents_sees_the_table_and_every_change_is_refused(site, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "fetch", lambda *_, **__: pytest.fail("fetched"))
    readers = Site(site.shelf, Access.of({"读者": "密"}, {"编者": "码"}), None, site.jobs)
    keep = Keeper(readers)
    for account in ("读者", None, "别人"):
        for told in changes(keep, asking(account), tmp_path / "up"):
            assert not told.done and "没有更改文档的权限" in Shown(told.text).text
        shown = keep.show(asking(account), "", View())
        assert not shown.may_change and 'class="remove"' not in shown.table
        assert (shown.sources, shown.limits) == ("", "") and "桥.md" not in Shown(shown.table).values
        assert "龙泉窑" in Shown(shown.table).text and "南宋" in keep.find(asking(account), "", "南宋")
    assert ids(site) == ["bridge.md", "longquan.md", "桥.md"] and site.shelf.names() == [""]
    assert keep.show(asking("编者"), "", View()).may_change


def test_a_fault_that_nobody_expected_is_told_and_logged(site, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(keeper.library, "add", broken)
    told = Keeper(site).paste(asking(), "", "楼", "岳阳楼在湖南。", quiet)
    assert not told.done and "出了意外" in Shown(told.text).text and "broken" not in told.text
    assert "broken" in caplog.text


def test_texts_come_in_the_language_of_who_asks(site):
    keep = Keeper(site)
    assert "3 in all" in Shown(keep.show(asking(language="en-GB"), "", View()).table).text
    assert "Another" not in Shown(keep.take_out(asking(language="en"), "", "x", quiet).text).text
    assert "no longer has x" in Shown(keep.take_out(asking(language="en"), "", "x", quiet).text).text
    assert "共 3 份" in Shown(keep.show(asking(language="zh-CN"), "", View()).table).text


def test_the_table_tells_copies_and_what_a_rebuild_reads(site, built):
    shown = Keeper(site).show(asking(), "", View())
    assert [one[4] for one in Shown(shown.table).rows[1:]] == ["状态已收录", "状态已收录", "状态与 bridge.md 同文"]
    assert str(built / "docs") in Shown(shown.sources).text
    assert "100 个文件，每个不超过 50 MB" in Shown(shown.limits).text


def test_a_search_finds_the_passages_that_hold_the_words(site):
    keep = Keeper(site)
    shown = Shown(keep.find(asking(), "", "南宋"))
    (link,) = shown.links
    assert link.startswith("read/longquan.md?at=") and "粉青釉出现于南宋" in shown.text
    assert keep.find(asking(), "", " ") == ""
    assert "没有找到“量子纠缠”" in Shown(keep.find(asking(), "", "量子纠缠")).text


# -- collections


def test_a_collection_is_made_filled_and_deleted_by_typing_its_name(site):
    keep = Keeper(site)
    assert keep.create(asking(), "笔记").done
    assert site.shelf.names() == ["", "笔记"]
    assert "还没有文档" in Shown(keep.show(asking(), "笔记", View()).table).text
    assert keep.paste(asking(), "笔记", "楼", "岳阳楼在湖南。", quiet).done
    assert ids(site, "笔记") == ["楼.txt"] and "楼.txt" not in ids(site)
    assert Shown(keep.show(asking(), "笔记", View()).table).links == [
        f"read/{percent('楼.txt')}?collection={percent('笔记')}"
    ]
    for typed in ("", "笔", "笔记2"):
        assert not keep.delete(asking(), "笔记", typed).done
    assert keep.delete(asking(), "笔记", " 笔记 ").done
    assert site.shelf.names() == [""]
    assert "没有叫“笔记”的文集" in Shown(keep.show(asking(), "笔记", View()).table).text


@pytest.mark.parametrize("name", ["", "..", "a/b", ".x", "长" * 61, "../x"])
def test_a_name_that_no_collection_can_have_is_refused(site, name):
    assert not Keeper(site).create(asking(), name).done
    assert site.shelf.names() == [""]


def test_the_default_collection_cannot_be_deleted(site):
    told = Keeper(site).delete(asking(), "", "")
    assert not told.done and "默认的文集不能删除" in Shown(told.text).text


# -- the picture


def test_the_picture_lights_what_the_last_question_found_whatever_a_page_sends(site):
    keep = Keeper(site)
    picture, told = keep.draw(asking(), "", ["longquan.md", 7, None])
    assert [len(trace["x"]) for trace in json.loads(picture)["data"]] == [2, 1]  # a copy is no point of its own
    assert "2 份文档各是一个点" in told
    for lit in (None, "longquan.md", {"a": 1}, [["longquan.md"]]):
        assert len(json.loads(keep.draw(asking(), "", lit)[0])["data"]) == 1


def test_there_is_no_picture_of_an_empty_collection(site):
    keep = Keeper(site)
    keep.create(asking(), "空")
    picture, told = keep.draw(asking(), "空", [])
    assert picture == "" and "还没有文档" in Shown(told).text


# -- in gradio, which leaves open what it opened: in a process of its own

TAB = """
import json
from pathlib import Path
from types import SimpleNamespace
from assistant.web.tamed import gr
from assistant.web.gate.access import Access
from assistant.web.documents.tab import documents_tab
from assistant.web.api.jobs import Jobs
from assistant.web.site import Site
from corpus.errors import InputError

with gr.Blocks() as blocks:
    tab = documents_tab(Site(None, Access.of({}), None, Jobs()), str, gr.Dropdown(choices=[""], value=""))
    blocks.load(**tab.show)
folder = gr.utils.get_upload_folder()
uploads = [gr.FileData(path=folder + "/x/ab", orig_name="报告（1）?.md"), gr.FileData(path=folder + "/x/c.md")]
(files,) = (block for block in blocks.blocks.values() if getattr(block, "elem_id", None) == "docs-files")
given = files.preprocess(SimpleNamespace(root=uploads))
try:
    taken = files.preprocess(SimpleNamespace(root=[*uploads, gr.FileData(path=folder + "/../c.md")]))
except InputError as error:
    taken = error.key
events = blocks.get_config_file()["dependencies"]
print(json.dumps({
    "files": [(one.name, str(one.content.relative_to(folder))) for one in given],
    "not uploaded": taken,
    "none": files.preprocess(None),
    "block": files.get_block_name(),
    "visibility": [event["api_visibility"] for event in events],
    "after": [event["trigger_after"] for event in events if event["trigger_after"] is not None],
    "changes": len(tab.changes) + len(tab.shelved),
}))
"""


@pytest.fixture(scope="module")
def in_gradio():
    """What gradio makes of the tab."""
    done = run_process([sys.executable, "-W", "ignore", "-c", TAB], timeout=120, GRADIO_ANALYTICS_ENABLED="False")
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_uploads_keep_the_names_that_their_owners_gave_them(in_gradio):
    assert in_gradio["files"] == [["报告（1）?.md", "x/ab"], ["c.md", "x/c.md"]]
    assert in_gradio["not uploaded"] == "docs-not-uploaded"
    assert (in_gradio["none"], in_gradio["block"]) == ([], "file")
    assert list((ROOT / "assistant").rglob("*.pyi")) == []  # gradio writes one for each component of a user's own


def test_programs_can_call_none_of_the_tabs_events_and_each_change_shows_the_table_anew(in_gradio):
    assert set(in_gradio["visibility"]) == {"private"}
    assert len(in_gradio["after"]) == len(set(in_gradio["after"])) == in_gradio["changes"]
