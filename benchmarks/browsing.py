"""Chromium on a site of the documents: pages saved, archived and printed as people do."""

from __future__ import annotations

import base64
import contextlib
import io
import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from benchmarks.sources import Source

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

PAGES = [Path(__file__).with_name("pages") / name for name in ("blog.html", "news.html", "manual.html")]
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")  # where Debian's fonts-noto-cjk has it
SITE = "www.example.com"  # a name instead of a port, for it stands in saved pages and in what is printed
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
STYLE = "body { margin: 0 } .columns, .container { display: flex } .cookie-banner { position: fixed; bottom: 0 }"
AD = "<!DOCTYPE html><meta charset='utf-8'><title>广告</title><p>英语口语一对一，首节课免费试听，名额有限。</p>"


class _Site(BaseHTTPRequestHandler):
    """Serves what is in `files`."""

    files: dict[str, tuple[str, bytes]]

    def do_GET(self) -> None:
        kind, data = self.files.get(self.path, ("text/html", b""))
        self.send_response(200 if data else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def page(source: Source) -> str:
    """Return the document as the article of a site's page, one of three sites."""
    template = Template(PAGES[source.number % len(PAGES)].read_text(encoding="utf-8"))
    body = re.sub(r"<h1>.*?</h1>\n", "", source.html)
    return template.substitute(title=source.document.title, name=source.name, body=body)


@contextlib.contextmanager
def browser(sources: Sequence[Source]) -> Iterator[Chrome]:
    """Yield Chromium, for which SITE is a server that holds each page: in a site, plain, and with its own font."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    utf8 = "text/html; charset=utf-8"
    files = {"/style.css": ("text/css", STYLE.encode()), "/photo.png": ("image/png", PIXEL)}
    files |= {f"/{source.name}.html": (utf8, page(source).encode()) for source in sources}
    files |= {f"/plain/{source.name}.html": (utf8, source.page.encode()) for source in sources}
    files |= {f"/truetype/{source.name}.html": (utf8, _truetype(source).encode()) for source in sources}
    site = type("Site", (_Site,), {"files": files | {"/ad.html": (utf8, AD.encode())}})
    with ThreadingHTTPServer(("127.0.0.1", 0), site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        mapped = f"host-resolver-rules=MAP {SITE} 127.0.0.1:{server.server_port}"
        for switch in ("headless=new", "no-sandbox", "disable-gpu", "disable-background-networking", mapped):
            options.add_argument("--" + switch)
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            yield driver
        finally:
            driver.quit()
            server.shutdown()


def save(sources: Sequence[Source], folder: Path) -> None:
    """Save the pages as the browser holds them after their scripts have run."""
    with browser(sources) as driver:
        for source in sources:
            driver.get(f"http://{SITE}/{source.name}.html")
            (folder / f"{source.name}.html").write_text(driver.page_source, encoding="utf-8")


def archive(sources: Sequence[Source], folder: Path) -> None:
    """Save the pages as archives, pictures and frames inside."""
    with browser(sources) as driver:
        for source in sources:
            driver.get(f"http://{SITE}/{source.name}.html")
            archive = driver.execute_cdp_cmd("Page.captureSnapshot", {"format": "mhtml"})["data"]
            (folder / f"{source.name}.mhtml").write_bytes(archive.encode())


def print_pages(sources: Sequence[Source], folder: Path) -> None:
    """Print with the browser's own headers and footers: day, title, address and number of the page."""
    _print(sources, folder, "plain")


def print_truetype(sources: Sequence[Source], folder: Path) -> None:
    """Print with TrueType fonts, as Windows has them; Debian's Chinese fonts go into a PDF as drawings (Type 3)."""
    _print(sources, folder, "truetype")


def _print(sources: Sequence[Source], folder: Path, kind: str) -> None:
    with browser(sources) as driver:
        for source in sources:
            driver.get(f"http://{SITE}/{kind}/{source.name}.html")
            driver.execute_async_script("document.fonts.ready.then(arguments[0])")
            printed = driver.execute_cdp_cmd("Page.printToPDF", {"displayHeaderFooter": True, "paperHeight": 11.7})
            (folder / f"{source.name}.pdf").write_bytes(base64.b64decode(printed["data"]))


def _truetype(source: Source) -> str:
    """Return the plain page with a TrueType font inside that holds what it needs."""
    font = base64.b64encode(truetype(source.markdown)).decode()
    every = "font-weight: 100 900; font-style: oblique 0deg 20deg"  # what Chromium itself makes bold is Type 3 again
    face = f"@font-face {{ font-family: own; {every}; src: url(data:font/ttf;base64,{font}) }}"
    style = f"{face} body {{ font-family: own }} code {{ font-family: DejaVu Sans Mono, own }}"
    return source.page.replace("</head>", f"<style>{style}</style></head>")


def truetype(text: str) -> bytes:
    """Return Noto Sans CJK's glyphs of a text as a TrueType font."""
    from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
    from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-untyped]
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    font = TTFont(NOTO, fontNumber=2)  # simplified Chinese
    subsetter = Subsetter(Options(layout_features=[]))
    subsetter.populate(text=text)
    subsetter.subset(font)
    outlines, glyphs = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        outlines[name].draw(Cu2QuPen(pen, max_err=1, reverse_direction=True))
        glyphs[name] = pen.glyph()
    builder = FontBuilder(font["head"].unitsPerEm)
    builder.setupGlyphOrder(font.getGlyphOrder())
    builder.setupCharacterMap(font.getBestCmap())
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(font["hmtx"].metrics)
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    builder.setupNameTable({"familyName": "Own", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    made = io.BytesIO()
    builder.save(made)
    return made.getvalue()
