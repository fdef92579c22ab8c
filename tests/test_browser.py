"""The page as a person uses it: a real browser on the real server."""

import json
import shutil
import socket
from pathlib import Path

import axe_playwright_python
import pytest

from assistant.assistant import build
from tests.browsing import (
    HOSTILE,
    MARKS,
    PHONE,
    ROOT,
    SIGNS,
    Visit,
    chromium,
    has,
    serving,
    settings,
    until,
    visiting,
)
from tests.conftest import run_assistant

pytestmark = pytest.mark.browser

STAGED = """
import sys
import uvicorn
from assistant.web import web
from tests.staging import stage
with web._listen("127.0.0.1", 0) as listening:
    config = uvicorn.Config(web.make_app(stage()), log_level="warning", timeout_graceful_shutdown=1)
    port = listening.getsockname()[1]
    web._Server(config, lambda: print(f"http://127.0.0.1:{port}", file=sys.stderr)).run([listening])
"""


@pytest.fixture
def visit(server, browser):
    with visiting(server, browser) as page:
        yield page


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staged")
    with serving(folder, folder / "log", STAGED) as address:
        yield address


@pytest.fixture
def staged_visit(staged, browser):
    """A fresh page whose answers were made by hand."""
    with visiting(staged, browser) as page:
        yield page


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
    build(settings(folder), [folder / "documents"])
    with serving(folder, folder / "log") as address:
        yield address


def test_a_sentence_of_a_pdf_opens_on_its_page_and_its_double_in_the_other_document(printed, browser):
    with visiting(printed, browser) as visit:
        answer = visit.ask("电池能撑多久？")
        source = next(one for one in answer.find_elements("css selector", ".sources li") if "第 1 页" in one.text)
        here, there = source.find_elements("css selector", "a.open")
        assert "搭建练习环境的笔记 › 准备 › 硬件 › 第 1 页" in here.text and "b.md" in there.text
        here.click()
        text, marked, in_view = visit.read()
        assert "40 分钟" in marked and in_view and "第 1 页" in text
        there.click()
        until(lambda: "第 1 页" not in visit.read()[0])
        assert visit.read()[1:] == [marked, True]


def test_example_questions_come_from_the_index_and_are_answered_when_clicked(visit):
    example = visit.one("#hello .suggestion")
    assert example.text.endswith("是什么？")
    example.click()
    assert has(until(lambda: [row for row in visit.all("#chat .bot-row") if has(row, ".confidence")])[0], ".quote")


def test_a_declined_question_shows_passages_that_are_near_and_open(visit):
    answer = visit.ask("火星上的船票怎样预订")
    assert "文档没有说明" in answer.text and "相关但不是答案" in answer.text
    assert answer.find_element("css selector", ".confidence").text == "文档未说明"
    near = answer.find_elements("css selector", ".near a.open")
    assert 1 <= len(near) <= 2
    near[0].click()
    assert visit.read()[1]


def test_citations_are_reached_and_opened_by_keyboard_and_escape_goes_back(visit):
    visit.ask("龙泉窑位于哪里？")
    visit.driver.execute_script("document.querySelector('#chat a.cite').focus()")
    focused = visit.driver.switch_to.active_element
    assert focused.tag_name == "a" and focused.value_of_css_property("outline-style") != "none"
    focused.send_keys("\ue007")
    assert visit.read()[1]
    visit.driver.switch_to.active_element.send_keys("\ue00c")
    until(lambda: not visit.all("#reader aside.shown"))
    assert visit.driver.switch_to.active_element == focused


def test_hostile_text_is_shown_literally_and_does_nothing(visit):
    answer = visit.ask(f"怪符号社成立于哪一年？{MARKS}$y^2$")
    assert f"怪符号社成立于哪一年？{MARKS}$y^2$" in visit.one("#chat .user-row").text
    words = answer.find_element("css selector", ".words").text
    assert words.startswith("怪符号社成立于1987年") and words in HOSTILE
    assert [one.text for one in visit.all("#chat strong")] == ["1987年"]  # what answers, not what is written **so**
    answer.find_element("css selector", "a.cite").click()
    text, marked, _ = visit.read()
    assert marked == words and HOSTILE in text
    assert visit.driver.execute_script("return window.hacked") is None
    assert not visit.all("#chat img, #chat script, #chat code, #chat .katex")
    assert not visit.all("a[href^='javascript']")


@pytest.mark.parametrize("question", ["😀", "龙泉窑位于哪里？" * 1250])
def test_odd_questions_get_an_answer_or_a_decline(visit, question):
    visit.driver.execute_script(
        "const box = document.querySelector('#ask textarea'); box.value = arguments[0];"
        "box.dispatchEvent(new Event('input', {bubbles: true}))",
        question,
    )
    assert visit.ask("").text
    assert len(visit.all("#chat .user-row")) == 1


def test_a_blank_question_is_not_sent(visit):
    visit.one("#ask textarea").send_keys("   \n")
    visit.ask("龙泉窑位于哪里？")
    assert len(visit.all("#chat .user-row")) == 1


def test_clearing_empties_the_conversation(visit):
    visit.ask("龙泉窑位于哪里？")
    visit.one("#clear").click()
    until(lambda: not visit.all("#chat .bot-row"))
    until(lambda: visit.one("#hello .suggestion").is_displayed())


def test_a_phone_needs_no_sideways_scrolling_and_shows_the_reader_over_the_chat(visit):
    visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    visit.ask("龙泉窑位于哪里？").find_element("css selector", "a.cite").click()
    assert visit.read()[2]
    assert visit.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    until(lambda: visit.one("#reader aside").rect["y"] < 0.13 * 740)  # it has slid in
    assert visit.one("#reader aside").rect["x"] == 0
    assert visit.one("#reader aside").rect["width"] == 360
    visit.one("#reader .close").click()
    until(lambda: not visit.one("#reader aside").is_displayed())


def test_what_was_mended_is_told_and_one_click_asks_the_words_as_they_are_written(staged_visit):
    answer = staged_visit.ask("原话")
    assert "理解为：所懂的" in answer.text and f"“{MARKS}{SIGNS}” → “甲”" in answer.text
    again = staged_visit.answer_to(answer.find_element("css selector", ".as-written").click)
    assert "原话|原话|True" in again.text and "理解为" not in again.text
    assert staged_visit.all("#chat .user-row")[-1].text == "原话\n按原话"


def test_a_suggested_question_is_the_next_turn_by_mouse_and_by_keyboard(staged_visit):
    staged_visit.ask("甲？")
    assert "乙是什么？|甲？|False" in staged_visit.answer_to(staged_visit.one("#chat .suggestion").click).text
    buttons = until(lambda: staged_visit.all("#chat .suggestion"))
    assert len(buttons) == 2  # of the newest answer only
    staged_visit.driver.execute_script("arguments[0].focus()", buttons[0])
    buttons[0].send_keys("\ue004")
    assert staged_visit.driver.switch_to.active_element == buttons[1]
    assert buttons[1].value_of_css_property("outline-style") != "none"
    answer = staged_visit.answer_to(lambda: buttons[1].send_keys("\ue007"))
    assert f"{MARKS}{SIGNS}|甲？、乙是什么？|False" in answer.text
    assert staged_visit.driver.switch_to.active_element.tag_name == "textarea"


def test_why_a_sentence_was_chosen_opens_by_keyboard_and_stays_open(staged_visit):
    answer = staged_visit.ask("甲？")
    told = answer.find_element("css selector", ".told")
    assert not told.is_displayed()
    answer.find_element("css selector", "summary").send_keys("\ue007")
    until(told.is_displayed)
    assert f"说的是：{MARKS}{SIGNS}" in told.text
    staged_visit.ask("乙？")
    assert told.is_displayed()


def test_hostile_names_in_a_table_a_correction_and_suggestions_do_nothing(staged_visit):
    answer = staged_visit.ask("甲？")
    heads = [head.text for head in answer.find_elements("css selector", "thead th")]
    assert heads == ["方面", MARKS + SIGNS, "乙"]
    staged_visit.one("#chat .suggestion")
    assert [one.text for one in staged_visit.all("#chat .suggestion")] == ["乙是什么？", MARKS + SIGNS]
    assert staged_visit.driver.execute_script("return window.hacked") is None
    assert not staged_visit.all("#chat img, #chat script, #chat code, #chat .katex, #chat strong, #chat del")
    assert not staged_visit.all("a[href^='javascript']")


def test_a_comparison_fits_a_phone_with_the_name_in_each_cell(staged_visit):
    staged_visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    answer = staged_visit.ask("甲？")
    name = answer.find_element("css selector", "td .column")
    assert name.is_displayed() and name.text == MARKS + SIGNS
    widths = "return [document.documentElement, ...document.querySelectorAll('#chat .answer, #chat .compared')]"
    for element in staged_visit.driver.execute_script(widths):
        assert staged_visit.driver.execute_script(
            "return arguments[0].scrollWidth <= arguments[0].clientWidth", element
        )


def test_a_long_conversation_shows_the_newest_question_above_its_answer(staged_visit):
    for number in range(4):
        staged_visit.ask(f"第{number}问？")
    top, bottom = staged_visit.driver.execute_script(
        "const box = document.querySelector('#chat .bubble-wrap').getBoundingClientRect(),"
        " row = [...document.querySelectorAll('#chat .user-row')].at(-1).getBoundingClientRect();"
        "return [row.top - box.top, box.bottom - row.bottom]"
    )
    assert top >= -1 and bottom > 0


def test_a_follow_up_is_completed_told_and_asked_as_written_by_one_click(visit):
    visit.ask("龙泉窑位于哪里？")
    answer = visit.ask("它最有名的釉色呢？")
    assert "理解为：" in answer.text and "龙泉窑" in answer.find_element("css selector", ".understood").text
    again = visit.answer_to(answer.find_element("css selector", ".as-written").click)
    assert "理解为" not in again.text
    assert len(visit.all("#chat .user-row")) == 3


def test_a_conversation_outlives_a_reload_and_is_found_opened_and_deleted_in_the_history(visit):
    visit.ask("龙泉窑位于哪里？")
    visit.driver.refresh()
    assert "浙江省龙泉市" in until(visit.answers)[0].text
    visit.one("#clear").click()
    until(lambda: not visit.answers())
    visit.ask("赵州桥由谁设计？")
    visit.one("#head .past-talks").click()
    assert [one.text.split("\n")[0] for one in visit.all(".history .past")] == ["赵州桥由谁设计？", "龙泉窑位于哪里？"]
    visit.one(".history input").send_keys("浙江省")  # stands in an answer
    assert [one.text.split("\n")[0] for one in visit.all(".history .past")] == ["龙泉窑位于哪里？"]
    visit.one(".history .past").click()
    until(lambda: "龙泉窑位于哪里？" in visit.one("#chat .user-row").text)
    assert len(visit.answers()) == 1
    visit.one("#head .past-talks").click()
    visit.one(".history input").clear()
    visit.one(".history .forget").click()
    visit.driver.switch_to.alert.accept()
    until(lambda: len(visit.all(".history .past")) == 1)
    assert len(json.loads(visit.driver.execute_script("return localStorage['yinju.talks']"))) == 1


def test_the_last_question_is_edited_and_answered_again_in_its_place(visit):
    visit.ask("龙泉窑位于哪里？")
    visit.ask("赵州桥由谁设计")
    visit.one("#chat .act.edit").click()
    assert visit.one("#ask textarea").get_attribute("value") == "赵州桥由谁设计"
    visit.one("#ask textarea").send_keys("？它建于何时？\n")
    until(lambda: visit.all("#chat .user-row")[-1].text == "赵州桥由谁设计？它建于何时？")
    assert len(visit.all("#chat .user-row")) == 2

    def exchange():
        return visit.driver.execute_script("return document.querySelector('#chat .act.retry')?.value")

    former = until(exchange)
    visit.one("#chat .act.retry").click()
    until(lambda: exchange() not in {None, former})
    assert [row.text for row in visit.all("#chat .user-row")] == ["龙泉窑位于哪里？", "赵州桥由谁设计？它建于何时？"]


def test_thumbs_are_kept_with_their_reason_and_can_be_exported(visit, site):
    visit.ask("龙泉窑位于哪里？")
    visit.one("#chat .act.right").click()
    until(lambda: visit.one("#chat .act.right").get_attribute("aria-pressed") == "true")
    visit.one("#chat .act.wrong").click()
    until(lambda: visit.one("dialog.reasons").is_displayed())
    visit.one("dialog.reasons input[value=outdated]").click()
    visit.one("dialog.reasons textarea").send_keys("后来改了")
    visit.one("dialog.reasons button[value=send]").click()
    until(lambda: visit.one("#chat .act.wrong").get_attribute("aria-pressed") == "true")
    assert visit.one("#chat .act.right").get_attribute("aria-pressed") == "false"
    told = run_assistant("feedback", "--json", ASSISTANT_HOME=str(site)).stdout.decode().splitlines()
    (vote,) = map(json.loads, told)  # the second thumb takes the place of the first
    assert (vote["question"], vote["right"], vote["reason"], vote["comment"]) == (
        "龙泉窑位于哪里？",
        False,
        "outdated",
        "后来改了",
    )


def test_a_thumb_is_taken_back_by_a_second_click(visit, site):
    run_assistant("feedback", "--wipe", ASSISTANT_HOME=str(site))
    visit.ask("龙泉窑位于哪里？")
    for pressed in ("true", "false"):
        visit.one("#chat .act.right").click()
        until(lambda pressed=pressed: visit.one("#chat .act.right").get_attribute("aria-pressed") == pressed)
    assert run_assistant("feedback", "--json", ASSISTANT_HOME=str(site)).stdout == b""


def test_an_edit_ends_with_another_conversation_and_takes_nothing_from_it(visit):
    visit.ask("龙泉窑位于哪里？")
    visit.ask("粉青釉出现于何时？")
    visit.one("#clear").click()
    until(lambda: not visit.answers())
    visit.ask("赵州桥由谁设计？")
    visit.one("#chat .act.edit").click()
    visit.one("#head .past-talks").click()
    visit.all(".history .past")[1].click()
    until(lambda: len(visit.answers()) == 2)
    visit.ask("赵州桥建于何时？")
    assert visit.texts("#chat .user-row")[:2] == ["龙泉窑位于哪里？", "粉青釉出现于何时？"]
    assert len(visit.answers()) == 3


def test_two_tabs_of_one_conversation_lose_nothing(visit):
    visit.ask("龙泉窑位于哪里？")
    first = visit.driver.current_window_handle
    visit.driver.execute_script("window.open(location.href)")
    second = next(one for one in visit.driver.window_handles if one != first)
    visit.driver.switch_to.window(second)
    until(visit.answers)
    visit.ask("赵州桥由谁设计？")
    visit.driver.switch_to.window(first)
    visit.ask("粉青釉出现于何时？")
    visit.driver.switch_to.window(second)
    visit.driver.close()
    visit.driver.switch_to.window(first)
    visit.driver.refresh()
    until(lambda: visit.texts("#chat .user-row") == ["龙泉窑位于哪里？", "赵州桥由谁设计？", "粉青釉出现于何时？"])


def test_a_browser_that_stores_nothing_is_served(server, browser):
    forbidden = "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, "
    forbidden += "{get: () => { throw new DOMException('denied', 'SecurityError') }})"
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": forbidden})
    try:
        with visiting(server, browser) as visit:
            assert "浙江省龙泉市" in visit.ask("龙泉窑位于哪里？").text
            visit.one("#chat .act.right").click()
            until(lambda: visit.one("#chat .act.right").get_attribute("aria-pressed") == "true")
            visit.one("#clear").click()
            until(lambda: not visit.answers())
            visit.one("#head .past-talks").click()
            assert "没有对话" in visit.one(".history .none").text
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def test_without_history_nothing_is_kept_and_what_was_kept_is_deleted(site, browser, tmp_path):
    options = ("--no-history", "--no-feedback")
    with serving(site, tmp_path / "log", options=options) as address, visiting(address, browser) as visit:
        browser.execute_script("localStorage['yinju.talks'] = '[]'")
        browser.refresh()
        visit.ask("龙泉窑位于哪里？")
        assert not visit.all("#head .past-talks") and not visit.all("#chat .act.right")
        assert visit.all("#chat .act.export")
        assert browser.execute_script("return localStorage.length") == 0


def test_a_page_outlives_its_server(site, browser, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
    with serving(site, tmp_path / "log", options=("--port", port)) as address:
        browser.get(address)
        visit = Visit(browser)
        visit.one("#hello .note")
        visit.ask("龙泉窑位于哪里？")
    assert "连不上服务器" in visit.ask("赵州桥由谁设计？").text
    with serving(site, tmp_path / "log2", options=("--port", port)):
        answer = visit.ask("它最有名的釉色呢？")
        assert "浙江省" in visit.answers()[0].text and "理解为" in answer.text
        browser.get("about:blank")


def test_a_server_with_a_name_and_without_tls_is_asked_voted_on_and_copied_from(site, tmp_path):
    rule = "host-resolver-rules=MAP yinju.test 127.0.0.1"
    started = serving(site, tmp_path / "log", ASSISTANT_HOSTS="yinju.test")
    with started as address, chromium(tmp_path / "chromium", "zh-CN", rule) as browser:
        named = address.replace("127.0.0.1", "yinju.test")
        with visiting(named, browser) as visit:
            assert browser.execute_script("return window.isSecureContext") is False
            assert "浙江省龙泉市" in visit.ask("龙泉窑位于哪里？").text
            visit.one("#chat .act.right").click()
            until(lambda: visit.one("#chat .act.right").get_attribute("aria-pressed") == "true")
            visit.one("#chat .act.copy").click()
            until(lambda: visit.one("#told").get_attribute("textContent") == "已复制。")


def test_a_long_search_can_be_stopped(staged_visit):
    staged_visit.one("#ask textarea").send_keys("慢？\n")
    until(lambda: staged_visit.all("#chat .act.stop"))[0].click()
    until(lambda: "已停止" in staged_visit.text("#chat .answer"))
    assert "慢？||False" not in staged_visit.text("#chat")


def test_a_conversation_is_exported_with_its_citations(visit, tmp_path):
    visit.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    visit.ask("龙泉窑位于哪里？")
    visit.one("#chat .act.export").click()
    (file,) = until(lambda: list(tmp_path.glob("*.md")))
    text = until(lambda: file.read_text(encoding="utf-8"))
    assert "龙泉窑位于浙江省龙泉市。" in text and "/read/longquan.md?at=" in text


def test_the_language_is_switched_and_kept(visit):
    assert visit.one("#ask textarea").get_attribute("placeholder") == "输入问题，回车发送"
    visit.one("#head .language").click()
    until(lambda: visit.all("#head .language")[:1] and visit.one("#head .language").text == "中文")
    assert visit.one("#ask textarea").get_attribute("placeholder") == "Ask in Chinese"
    assert [tab.text for tab in visit.all("#talk [role=tab]")] == ["Chat", "Documents"]
    answer = visit.ask("龙泉窑位于哪里？")
    assert answer.find_element("css selector", ".confidence").text in {"Certain", "Likely"}
    visit.driver.refresh()
    until(lambda: visit.all("#head .language")[:1] and visit.one("#head .language").text == "中文")
    assert visit.driver.execute_script("return document.documentElement.lang") == "en"
    visit.driver.delete_all_cookies()


def test_the_page_is_dark_where_the_system_is(visit):
    def ground():
        return visit.driver.execute_script("return getComputedStyle(document.body).backgroundColor")

    assert ground() == "rgb(246, 242, 234)"
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    visit.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    visit.driver.refresh()
    until(lambda: visit.all("#hello .note"))
    assert ground() == "rgb(23, 21, 18)"
    visit.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_permalink_opens_alone_survives_a_refresh_and_leads_to_the_chat(visit, server):
    link = visit.ask("龙泉窑位于哪里？").find_element("css selector", "a.cite").get_attribute("href")
    visit.driver.get(link)
    assert visit.one("mark").text == "龙泉窑位于浙江省龙泉市。"
    visit.driver.refresh()
    assert visit.one("mark").text == "龙泉窑位于浙江省龙泉市。"


AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def _faults(driver):
    """Return what axe-core finds on the page that is serious or worse."""
    driver.execute_script(AXE)
    found = driver.execute_async_script("const done = arguments[0]; axe.run().then(done)")
    return [
        (one["id"], [node["html"][:200] for node in one["nodes"]])
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


def test_axe_finds_no_serious_fault_on_the_page_in_any_of_its_states(visit):
    assert _faults(visit.driver) == []
    visit.ask("龙泉窑位于哪里？").find_element("css selector", "a.cite").click()
    visit.read()
    assert _faults(visit.driver) == []
    visit.one("#head .past-talks").click()
    assert _faults(visit.driver) == []
    visit.one("#head .past-talks").click()
    visit.tab("文档")
    until(lambda: visit.all("#docs-table table"))
    assert _faults(visit.driver) == []


def test_everything_is_reached_by_keyboard(visit):
    """From the box: ask, go back to the citation, open it, leave it, find the history and the documents."""
    keys = visit.driver.switch_to.active_element
    assert keys.tag_name == "textarea"  # the page begins there
    visit.ask("龙泉窑位于哪里？")
    seen = set()
    for _ in range(40):
        visit.driver.switch_to.active_element.send_keys("\ue004")
        focused = visit.driver.switch_to.active_element
        seen.add(focused.get_attribute("class").split(" ")[-1] or focused.get_attribute("id"))
    assert {"cite", "open", "past-talks", "language", "copy", "right", "wrong", "retry", "edit", "suggestion"} <= seen


def test_who_logs_in_after_another_sees_nothing_of_what_was_asked(site, browser, tmp_path):
    accounts = tmp_path / "accounts"
    accounts.write_text("安:一二三\n波:四五六\n", encoding="utf-8")
    accounts.chmod(0o600)

    def log_in(name, password):
        visit.one("input[name=username]").send_keys(name)
        visit.one("input[name=password]").send_keys(password + "\n")

    with serving(site, tmp_path / "log", ASSISTANT_AUTH_FILE=str(accounts)) as address:
        browser.get(address)
        visit = Visit(browser)
        log_in("安", "不对")
        assert until(lambda: visit.text("[role=alert]"))
        visit.one("input[name=username]").clear()
        log_in("安", "一二三")
        visit.one("#hello .note")
        assert "浙江省" in visit.ask("龙泉窑位于哪里？").text
        visit.one("#head .leave").click()
        until(lambda: visit.all("form[method=post] button"))[0].click()
        until(lambda: "/login" in browser.current_url or visit.all("a[href*=login], input[name=username]"))
        browser.get(address)
        log_in("波", "四五六")
        visit.one("#hello .note")
        assert visit.answers() == []
        visit.one("#head .past-talks").click()
        assert visit.texts(".history .past") == []
        browser.get("about:blank")
