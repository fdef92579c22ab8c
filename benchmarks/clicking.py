"""Questions asked in a browser, timed from the click until the first words of the answer are painted."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

PATIENCE = 30  # seconds
BETWEEN = 1  # second for the rest of an answer, and its suggestions

# Clicks on send and tells the milliseconds until a new quote or note stands in the page, and until it is painted:
# a message posted in a frame's callback comes after that frame.
FIRST_WORDS = """
const [question, done] = arguments;
const words = () => document.querySelectorAll("#chat .bot-row :is(.quote, .note)").length;
const box = document.querySelector("#ask textarea");
box.focus();
document.execCommand("insertText", false, question);
setTimeout(() => {
  const before = words();
  const start = performance.now();
  const watch = new MutationObserver(() => {
    if (words() <= before) return;
    watch.disconnect();
    const stands = performance.now() - start;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done([stands, performance.now() - start]);
      channel.port2.postMessage(0);
    });
  });
  watch.observe(document.querySelector("#chat"), { childList: true, subtree: true, attributes: true });
  document.querySelector("#ask button.submit-button").click();
}, 300);
"""


def first_words(address: str, questions: Sequence[str], folder: Path) -> tuple[list[tuple[float, float]], int]:
    """Ask in a browser; return the milliseconds until each one's first words stand and are painted, and the answers."""
    times = []
    with _browser(folder) as driver:
        driver.get(address)
        _wait_for(driver, "#ask textarea")
        for question in questions:
            stands, painted = driver.execute_async_script(FIRST_WORDS, question)
            times.append((stands, painted))
            time.sleep(BETWEEN)
        answers = len(driver.find_elements("css selector", "#chat .bot-row .confidence"))  # a failure has none
    return times, answers


@contextmanager
def _browser(folder: Path) -> Iterator[Chrome]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    switches = (
        "headless=new no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
        f" disable-component-update disable-sync lang=zh-CN window-size=1400,900 user-data-dir={folder}"
    )
    for switch in switches.split():
        options.add_argument("--" + switch)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        driver.set_script_timeout(PATIENCE)
        yield driver
    finally:
        driver.quit()


def _wait_for(driver: Chrome, selector: str) -> None:
    until = time.monotonic() + PATIENCE
    while not driver.find_elements("css selector", selector):
        if time.monotonic() > until:
            raise SystemExit(f"{selector} does not come up")
        time.sleep(0.05)
    time.sleep(3)  # gradio goes on building its page
