"""The shipped documents as the files that people have, made by common tools, each with what a reader should find in it.

LibreOffice makes docx, pdf and xlsx; pandoc docx and epub; Chromium saves pages, archives and prints; iconv encodes.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import opencc

from benchmarks import browsing
from benchmarks.sources import Source
from corpus.document import Document


def _same(source: Source) -> Document:
    return source.document


def _typed(source: Source) -> Document:
    return source.typed


def _tabled(source: Source) -> Document:
    return source.tabled


def _titled(source: Source) -> Document:
    return source.titled


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of files: how they are made with which programs, and what a reader should find in the one of a source."""

    name: str  # of the folder as well
    make: Callable[[Sequence[Source], Path], None]
    needs: tuple[str, ...] = ()
    truth: Callable[[Source], Document] = _same
    headed: bool = True  # whether its files have headings

    @property
    def missing(self) -> list[str]:
        """The programs and fonts that it needs and that are not installed."""
        return [program for program in self.needs if not shutil.which(program) and not Path(program).exists()]

    def build(self, sources: Sequence[Source], work: Path) -> Path:
        """Make the files anew; return their folder."""
        folder = work / self.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.make(sources, folder)
        return folder


def _run(*command: str | Path, data: bytes = b"") -> bytes:
    return subprocess.run(command, input=data, check=True, capture_output=True, timeout=600).stdout


# -- office programs


def _office(files: Sequence[Path], kind: str, folder: Path, *options: str) -> None:
    """Convert files with LibreOffice, under a profile of its own."""
    with tempfile.TemporaryDirectory() as place:
        profile = f"-env:UserInstallation={Path(place).as_uri()}"
        _run("soffice", profile, "--headless", *options, "--convert-to", kind, "--outdir", folder, *files)
    if lost := [file.stem for file in files if not any(folder.glob(f"{file.stem}.*"))]:
        raise RuntimeError(f"LibreOffice made no {kind} of {', '.join(lost)}")


def _pages(sources: Sequence[Source], folder: Path) -> list[Path]:
    """Write the plain renderings."""
    paths = []
    for source in sources:
        paths.append(folder / f"{source.name}.html")
        paths[-1].write_text(source.page, encoding="utf-8")
    return paths


def _docx(sources: Sequence[Source], folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        pages = _pages(sources, Path(place))
        _office(pages, "docx:MS Word 2007 XML", folder, "--infilter=HTML (StarWriter)")


def _pdf(sources: Sequence[Source], folder: Path) -> None:
    """Print the docx files of LibreOffice, with a header and a footer as reports have them."""
    from docx import Document as Word

    with tempfile.TemporaryDirectory() as place:
        _docx(sources, Path(place))
        for source in sources:
            path = Path(place, f"{source.name}.docx")
            word = Word(str(path))
            word.sections[0].header.paragraphs[0].text = f"深度学习框架资料汇编　{source.document.title}"
            _number(word.sections[0].footer.paragraphs[0])
            word.save(str(path))
        _office(sorted(Path(place).glob("*.docx")), "pdf:writer_pdf_Export", folder)


def _number(paragraph: Any) -> None:  # noqa: ANN401
    """Write a page's number into its footer, as Word's field."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.add_run("第 ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" 页")


def _pandoc(suffix: str, *options: str) -> Callable[[Sequence[Source], Path], None]:
    def make(sources: Sequence[Source], folder: Path) -> None:
        for source in sources:
            facts = ["--metadata", "lang=zh-CN", *options]
            if options:
                facts += ["--metadata", f"title={source.document.title}"]
            file = folder / f"{source.name}.{suffix}"
            _run("pandoc", "--from", "commonmark_x", *facts, "--output", file, data=source.markdown.encode())

    return make


def _html_gb18030(sources: Sequence[Source], folder: Path) -> None:
    """Save the pages in GB18030; that they declare UTF-8 stays."""
    with tempfile.TemporaryDirectory() as place:
        browsing.save(sources, Path(place))
        for path in Path(place).iterdir():
            (folder / path.name).write_bytes(_run("iconv", "-f", "UTF-8", "-t", "GB18030", path))


# -- text, tables, lists


def _text(encoding: str, *, mark: bytes = b"") -> Callable[[Sequence[Source], Path], None]:
    def make(sources: Sequence[Source], folder: Path) -> None:
        for source in sources:
            data = source.typed.text.replace("\n", "\r\n").encode()
            (folder / f"{source.name}.txt").write_bytes(mark + _run("iconv", "-f", "UTF-8", "-t", encoding, data=data))

    return make


def _traditional(source: Source) -> Source:
    return Source(source.name, source.number, opencc.OpenCC("s2tw").convert(source.markdown))


def _big5(sources: Sequence[Source], folder: Path) -> None:
    _text("BIG5")([_traditional(source) for source in sources], folder)


def _csv(sources: Sequence[Source], folder: Path) -> None:
    """Write the tables as Excel does, in UTF-8 with its mark or, every third, in GB18030."""
    for source in sources:
        _write_table(source, folder, "gb18030" if source.number % 3 == 2 else "utf-8-sig")


def _write_table(source: Source, folder: Path, encoding: str) -> Path:
    path = folder / f"{source.name}.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(source.table)
    return path


def _xlsx(sources: Sequence[Source], folder: Path) -> None:
    unicode = "--infilter=Text - txt - csv (StarCalc):44,34,76,1"  # comma, quotation mark, UTF-8, from line 1
    with tempfile.TemporaryDirectory() as place:
        tables = [_write_table(source, Path(place), "utf-8") for source in sources]
        _office(tables, "xlsx:Calc MS Excel 2007 XML", folder, unicode)


def _jsonl(sources: Sequence[Source], folder: Path) -> None:
    for source in sources:
        lines = (
            json.dumps({"title": " ".join(path), "text": text}, ensure_ascii=False) for path, text in source.parts()
        )
        (folder / f"{source.name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _markdown(sources: Sequence[Source], folder: Path) -> None:
    for source in sources:
        (folder / f"{source.name}.md").write_text(source.markdown, encoding="utf-8")


def _zip(sources: Sequence[Source], folder: Path) -> None:
    with zipfile.ZipFile(folder / "资料.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for source in sources:
            archive.writestr(f"框架资料/{source.name}.md", source.markdown)


_OFFICE, _BROWSER, _ENCODER = ("soffice",), ("chromium", "chromedriver"), ("iconv",)
FORMATS = [
    Format("md", _markdown),
    Format("docx", _docx, _OFFICE),
    Format("docx-pandoc", _pandoc("docx"), ("pandoc",)),
    Format("pdf", _pdf, _OFFICE),
    Format("pdf-chromium", browsing.print_pages, _BROWSER),
    Format("pdf-truetype", browsing.print_truetype, (*_BROWSER, str(browsing.NOTO))),
    Format("html", browsing.save, _BROWSER),
    Format("html-gb18030", _html_gb18030, (*_BROWSER, *_ENCODER)),
    Format("mhtml", browsing.archive, _BROWSER),
    Format("epub", _pandoc("epub", "--toc", "--epub-chapter-level=2"), ("pandoc",)),
    Format("txt", _text("UTF-8"), _ENCODER, _typed),
    Format("txt-bom", _text("UTF-8", mark=b"\xef\xbb\xbf"), _ENCODER, _typed),
    Format("txt-utf16", _text("UTF-16"), _ENCODER, _typed),
    Format("txt-gb18030", _text("GB18030"), _ENCODER, _typed),
    Format("txt-big5", _big5, _ENCODER, lambda source: _traditional(source).typed),
    Format("csv", _csv, truth=_tabled, headed=False),
    Format("xlsx", _xlsx, _OFFICE, _tabled, headed=False),
    Format("jsonl", _jsonl, truth=_titled),
    Format("zip", _zip),
]
