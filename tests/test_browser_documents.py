"""The documents' tab as a person uses it: a real browser on the real server."""

import shutil

import pytest

from tests.browsing import HOSTILE_TITLE, NEW, PHONE, serving, until, visiting
from tests.conftest import run_assistant

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(server, browser):
    with visiting(server, browser) as page:
        page.tab("文档")
        until(lambda: page.all("#docs-table table"))
        yield page


def _manage(visit, tab):
    if tab not in visit.texts("#docs-manage [role=tab]"):
        visit.one("#docs-manage > button").click()
    until(lambda: [one for one in visit.all("#docs-manage [role=tab]") if one.text == tab])[0].click()


def _rows(visit):
    return visit.texts("#docs-table tbody tr")


def test_the_table_lists_filters_and_opens_documents_and_hostile_names_are_text(visit):
    assert len(_rows(visit)) == 3
    assert any(HOSTILE_TITLE in row for row in _rows(visit))
    visit.one("#docs-wanted textarea, #docs-wanted input").send_keys("龙泉")
    (row,) = until(lambda: len(_rows(visit)) == 1 and _rows(visit))
    assert "longquan.md" in row and "2021-05" in row
    visit.one("#docs-table a.open").click()
    text, marked, _ = visit.read()
    assert marked is None and "粉青釉出现于南宋。" in text
    assert visit.driver.execute_script("return window.hacked") is None


def test_the_texts_are_searched_and_a_hit_opens_where_it_stands(visit):
    visit.one("#docs-wanted textarea, #docs-wanted input").send_keys("李春\n")
    until(lambda: visit.all("#docs-found a.open"))[0].click()
    assert "赵州桥由匠师李春设计" in visit.read()[0]


def test_a_file_is_uploaded_answers_and_is_taken_out_again(visit, site, tmp_path):
    file = tmp_path / "狮子 #1.md"
    file.write_text(NEW, encoding="utf-8")
    _manage(visit, "上传文件")
    visit.driver.find_element("css selector", "#docs-files input[type=file]").send_keys(str(file))
    until(lambda: "新增 1" in visit.text("#docs-report"))
    until(lambda: any("狮子" in row for row in _rows(visit)))
    until(lambda: "4 份文档" in visit.text("#head .facts"))
    visit.tab("对话")
    assert "后周广顺三年" in visit.ask("沧州铁狮子铸造于哪一年？").text
    assert (site / "web.index" / "added" / "狮子 #1.md").read_text("utf-8") == NEW
    visit.tab("文档")
    row = next(row for row in visit.all("#docs-table tbody tr") if "狮子" in row.text)
    row.find_element("css selector", "button.remove").click()
    until(lambda: visit.one("dialog.confirm button[value=yes]").is_displayed())
    visit.one("dialog.confirm button[value=yes]").click()
    until(lambda: "删除 1" in visit.text("#docs-report"))
    until(lambda: len(_rows(visit)) == 3)
    visit.tab("对话")
    assert "文档没有说明" in visit.ask("沧州铁狮子铸造于哪一年？").text


def test_rebuilding_takes_in_a_new_file_and_reports_what_was_passed_over(visit, site):
    (site / "documents" / "lion.md").write_text(NEW, encoding="utf-8")
    (site / "documents" / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    _manage(visit, "更新索引")
    visit.one("#docs-rebuild").click()
    report = until(lambda: "4 份文档" in visit.text("#docs-report") and visit.text("#docs-report"))
    assert "新增 1，修改 0，改名 0，删除 0，未变 3，跳过 1。" in report
    assert "lion.md" in report and "picture.png" in report
    (site / "documents" / "lion.md").unlink()
    (site / "documents" / "picture.png").unlink()
    visit.one("#docs-rebuild").click()
    until(lambda: "删除 1" in visit.text("#docs-report") and len(_rows(visit)) == 3)


def test_a_collection_is_made_filled_asked_and_deleted_on_the_page(visit, site):
    _manage(visit, "文集")
    visit.one("#docs-new textarea, #docs-new input").send_keys("手册\n")
    until(lambda: visit.one("#collection input").get_attribute("value") == "手册")
    until(lambda: _rows(visit) == [])
    _manage(visit, "粘贴文字")
    boxes = "#docs-manage :is(textarea, input[type=text])"
    title, text = until(lambda: [one for one in visit.all(boxes) if one.is_displayed()])
    title.send_keys("年假")
    text.send_keys("员工每年有十五天年假。")
    visit.one("#docs-paste").click()
    until(lambda: len(_rows(visit)) == 1)
    visit.tab("对话")
    answer = visit.ask("员工每年有几天年假？")
    assert "十五天" in answer.text
    answer.find_element("css selector", "a.cite").click()
    assert visit.read()[1] == "员工每年有十五天年假。"
    visit.driver.refresh()
    until(lambda: visit.answers() and visit.one("#collection input").get_attribute("value") == "手册")
    until(lambda: "1 份文档" in visit.text("#head .facts"))
    told = run_assistant("ask", "员工每年有几天年假？", "--collection", "手册", ASSISTANT_HOME=str(site))
    assert "十五天" in told.stdout.decode()
    visit.tab("文档")
    _manage(visit, "文集")
    visit.one("#docs-typed textarea, #docs-typed input").send_keys("手册")
    visit.one("#docs-delete-collection").click()
    until(lambda: len(_rows(visit)) == 3)
    assert run_assistant("collections", ASSISTANT_HOME=str(site)).stdout == b""


def test_the_picture_of_the_documents_shows_each_as_a_point(visit):
    visit.one("#docs-atlas > button").click()
    until(lambda: visit.all("#atlas .scatterlayer .point"))
    assert len(visit.all("#atlas .scatterlayer .point")) == 3
    assert not visit.all("#atlas img[src*=x]")
    assert visit.driver.execute_script("return window.hacked") is None


def test_the_table_fits_a_phone(visit):
    visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    assert visit.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert visit.one("#docs-table a.open").is_displayed()


def test_who_may_not_change_documents_sees_them_and_no_tools(site, tmp_path, browser):
    with serving(site, tmp_path / "log", options=("--read-only",)) as address, visiting(address, browser) as visit:
        visit.tab("文档")
        until(lambda: len(_rows(visit)) == 3)
        assert not visit.all("#docs-manage")
        assert not visit.all("#docs-table button.remove")


def test_several_files_that_cannot_be_read_are_told_with_their_reasons(visit, tmp_path):
    (tmp_path / "leer.md").write_text("", encoding="utf-8")
    shutil.copy("/bin/true", tmp_path / "programm.md")
    _manage(visit, "上传文件")
    both = "\n".join(str(tmp_path / name) for name in ("leer.md", "programm.md"))
    visit.driver.find_element("css selector", "#docs-files input[type=file]").send_keys(both)
    report = until(lambda: "leer.md" in visit.text("#docs-report") and visit.text("#docs-report"))
    assert "programm.md" in report
    assert len(_rows(visit)) == 3
