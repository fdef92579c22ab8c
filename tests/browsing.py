"""A server of the real command and a person with a real browser, for the tests of the page."""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.assistant import build
from assistant.settings import Settings

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


class Shown(HTMLParser):
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


def make_site(folder, cache):
    """Make a folder with documents and an index of them."""
    (folder / "cache").symlink_to(cache)
    documents = folder / "documents"
    documents.mkdir()
    (documents / "longquan.md").write_text(KILN, encoding="utf-8")
    (documents / "桥 #1?.md").write_text(BRIDGE, encoding="utf-8")
    (documents / f"{HOSTILE_TITLE}.txt").write_text(HOSTILE, encoding="utf-8")
    build(settings(folder), [documents])
    return folder


def settings(folder):
    return Settings(folder, folder / "web.index", named=True)


@contextmanager
def serving(folder, log, code=WATCHED, options=(), **environment):
    """Run the real command, or other code, on a free port and give its address."""
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--index", str(folder / "web.index"), *options]
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=folder, env=variables(folder, **environment), stderr=file)
    try:
        yield until(lambda: re.search(r"http://127\.0\.0\.1:\d+", log.read_text(encoding="utf-8")), 60)[0]
    finally:
        process.terminate()
        process.wait(10)
    written = log.read_text(encoding="utf-8")
    assert "Traceback" not in written, written
    assert "REACHED" not in written, written


def variables(folder, **others):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ASSISTANT_", "GRADIO_"))}
    return {**kept, "ASSISTANT_HOME": str(folder), "PYTHONPATH": str(ROOT), **others}


def until(found, seconds=WAIT):
    """Return what `found` returns once that is true."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return value


@contextmanager
def chromium(folder, language="zh-CN", *more):
    """Lend a browser whose data lie in a new folder."""
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
        f" disable-component-update disable-sync lang={language} window-size=1360,850"
    )
    for switch in [*switches.split(), f"user-data-dir={folder}", *more]:
        options.add_argument("--" + switch)
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


class Visit:
    """A page of the chat, with what a person does on it."""

    def __init__(self, driver):
        self.driver = driver

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def one(self, selector):
        """Wait for the element and return it."""
        return until(lambda: self.all(selector))[0]

    def text(self, selector):
        """Return the text of the first such element, "" where there is none: in one step, for it may be replaced."""
        return self.driver.execute_script("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def texts(self, selector):
        """Return the texts of all such elements."""
        script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)"
        return self.driver.execute_script(script, selector)

    def ask(self, question):
        """Type the question, send it, and return the answer once it is whole."""
        return self.answer_to(lambda: self.one("#ask textarea").send_keys(question + "\n"))

    def answer_to(self, act):
        """Do what asks a question, and return the answer once it is whole."""
        before = len(self.answers())
        act()
        answer = until(lambda: self.answers()[before:])[0]
        until(lambda: has(answer, ".confidence, .note:only-child"))
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
            until(lambda: self.driver.execute_script("return document.readyState") == "complete")
            self.one("article, .warning")
            return self.driver.execute_script(
                "const mark = document.querySelector('mark'), box = mark && mark.getBoundingClientRect();"
                "return [document.body.textContent, mark && mark.textContent,"
                " !!box && box.top >= 0 && box.bottom <= innerHeight]"
            )
        finally:
            self.driver.switch_to.default_content()


def has(element, selector):
    return bool(element.find_elements("css selector", selector))


PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}


@contextmanager
def visiting(server, browser, faults=()):
    """Open a fresh page; afterwards, no error in its console and no request to another host."""
    browser.get("about:blank")  # what the page before leaves behind is not this one's
    browser.get_log("browser"), browser.get_log("performance")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": server, "storageTypes": "all"})
    browser.get(server)
    page = Visit(browser)
    page.one("#head h1")
    page.one("#hello .note")
    yield page
    severe = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert [one for one in severe if not any(fault in one for fault in faults)] == []
    assert hosts(browser) == {urlsplit(server).hostname}
    browser.get("about:blank")  # a server with no page open stops at once


def hosts(browser):
    """Return the hosts that the page asked for anything."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    return {urlsplit(url).hostname for url in sent if urlsplit(url).scheme in {"http", "https", "ws", "wss"}}
