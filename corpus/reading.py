"""Paths -> documents: which files are read, in which encoding and format, and why a file was skipped."""

from __future__ import annotations

import codecs
import hashlib
import itertools
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import Document, Section
from corpus.errors import InputError
from corpus.lexicon import fold
from corpus.messages import message

MARKDOWN = frozenset({".md", ".markdown"})
SUFFIXES = MARKDOWN | {".txt"}

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)??---[ \t]*(?:\n|\Z)", re.DOTALL)
_DEEPEST = 200  # nested quotes and lists; what lies deeper is lost, and Markdown's own limit of 20 is ten lists deep
_FOOTNOTE = re.compile(r"^( {0,3})\[\^", re.MULTILINE)  # CommonMark takes it for a link's address and drops it
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and the reason in the user's language."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What lay under the paths: documents in order of their ids, and the files that were skipped."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]


class File(NamedTuple):
    """A file of a kind that can be read."""

    id: str  # of its document: the path below the folder that was named
    path: str
    size: int  # bytes
    changed: int  # when its content or its name was last changed, nanoseconds
    stamp: bytes  # digest of size, times and inode: another one tells that the file may have changed


class _Found(NamedTuple):
    """A file under one of the paths, before its id is sure."""

    path: str
    id: str  # the path below the folder that was named
    folder: PurePosixPath  # that folder, by which two files of one id are told apart


def find(paths: Sequence[Path]) -> tuple[list[File], list[Skipped]]:
    """Return the files under `paths` (files and folders) in order of their ids, and those of a kind that is not read.

    No file is opened. InputError if a path is missing.
    """
    skipped: list[Skipped] = []
    files: list[File] = []
    for id, path in _distinct(list(_find(paths, skipped))):
        found = _looked_at(id, path)
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            files.append(found)
    return sorted(files, key=lambda file: file.id), skipped


def _looked_at(id: str, path: str) -> File | Skipped:
    suffix = os.path.splitext(id)[1]  # noqa: PTH122 - a Path for each of a hundred thousand files takes seconds
    if suffix.lower() not in SUFFIXES:
        name = suffix or PurePosixPath(id).name
        return Skipped(id, message("skip-format", suffix=name, known=" ".join(sorted(SUFFIXES))))
    try:
        facts = os.stat(path)  # noqa: PTH116
    except OSError as error:
        return Skipped(id, message("skip-unreadable", reason=error.strerror or error))
    if not stat.S_ISREG(facts.st_mode):
        return Skipped(id, message("skip-special"))  # reading a pipe would wait for ever
    marks = f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ctime_ns} {facts.st_ino} {facts.st_dev}"
    stamp = hashlib.blake2b(marks.encode(), digest_size=8).digest()
    return File(id, path, facts.st_size, max(facts.st_mtime_ns, facts.st_ctime_ns), stamp)


def read(paths: Sequence[Path], *, progress: Callable[[int, int], None] | None = None) -> Reading:
    """Read all files under `paths` (files and folders); InputError if a path is missing.

    `progress` is called with the number of files read and their total.
    """
    files, skipped = find(paths)
    documents: list[Document] = []
    for count, file in enumerate(files, start=1):
        found = read_file(Path(file.path), file.id)
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            documents.append(found)
        if progress:
            progress(count, len(files))
    return Reading(tuple(documents), tuple(skipped))


def read_file(path: Path, id: str) -> Document | Skipped:
    """Read one file under the name `id`."""
    data = read_bytes(path, id)
    return data if isinstance(data, Skipped) else parse(data, id, path.suffix)


def read_bytes(path: Path, id: str) -> bytes | Skipped:
    """Return what stands in the file of the document `id`."""
    try:
        return path.read_bytes()
    except OSError as error:
        return Skipped(id, message("skip-unreadable", reason=error.strerror or error))


def parse(data: bytes, id: str, suffix: str) -> Document | Skipped:
    """Return the document `id` that a file with this suffix (`.md`) and content is."""
    if not data.strip():
        return Skipped(id, message("skip-empty"))
    text = decode(data)
    if text is None:
        return Skipped(id, message("skip-encoding"))
    if _BINARY.search(text):
        return Skipped(id, message("skip-binary"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    stem = PurePosixPath(id).stem
    document = _from_markdown(id, stem, text) if suffix.lower() in MARKDOWN else _from_plain(id, stem, text)
    return document if document.text.strip() else Skipped(id, message("skip-empty"))


def decode(data: bytes) -> str | None:
    """Return the text of `data` in UTF-8, UTF-16 with BOM, GB18030 or Big5; None if it is none of these.

    Nearly all Big5 bytes are valid GB18030 too, as rare characters: of the two the reading with more everyday
    characters wins.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(data, "utf-16")
    if (text := _decode(data, "utf-8-sig")) is not None:
        return text
    readings = [text for encoding in ("gb18030", "big5hkscs") if (text := _decode(data, encoding)) is not None]
    return max(readings, key=_plausibility, default=None)


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _plausibility(text: str) -> float:
    """Return the share of everyday characters (level 1 of GB 2312) among all that are not ASCII."""
    foreign = [character for character in fold(text[:20_000]) if character > "\x7f"]
    return sum(map(_everyday, foreign)) / max(len(foreign), 1)


def _everyday(character: str) -> bool:
    try:
        return 0xA1 <= character.encode("gb2312")[0] <= 0xD7  # rows 1-9: marks; 16-55: level 1
    except UnicodeEncodeError:
        return False


def _find(paths: Sequence[Path], skipped: list[Skipped]) -> Iterator[_Found]:
    seen: set[str] = set()
    for path in paths:
        if not path.exists():
            raise InputError("path-missing", path=path)
        folder = path if path.is_dir() else path.parent
        real = os.path.realpath(folder)
        named = PurePosixPath(_printable(real))
        prefix = real if real.endswith(os.sep) else real + os.sep
        for below, is_link in _walk(str(folder), skipped) if path.is_dir() else [(path.name, path.is_symlink())]:
            file = prefix + below
            if (target := os.path.realpath(file) if is_link else file) in seen:  # Path.resolve raises on a loop
                continue
            seen.add(target)
            yield _Found(file, _printable(below), named)


def _walk(folder: str, skipped: list[Skipped]) -> Iterator[tuple[str, bool]]:
    """Yield the files below `folder` in a fixed order, as paths below it, and whether each is a link; hidden ones and
    links to folders are passed over.
    """
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(os.path.join(folder, below)) as entries:  # noqa: PTH118
                found = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda one: one.name)
        except OSError as error:
            skipped.append(Skipped(str(error.filename), message("skip-unreadable", reason=error.strerror or error)))
            continue
        prefix = below + os.sep if below else ""
        folders = []
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                folders.append(prefix + entry.name)
            elif not entry.is_symlink() or not _is_folder(entry):
                yield prefix + entry.name, entry.is_symlink()
        waiting.extend(reversed(folders))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _printable(path: str) -> str:
    """Return the path with forward slashes and with names that are not UTF-8 made printable."""
    printable = path if path.isascii() else os.fsencode(path).decode("utf-8", "replace")
    return printable.replace(os.sep, "/")


def _distinct(files: Sequence[_Found]) -> Iterator[tuple[str, str]]:
    """Give each file an id of its own: the path below the named folder; where two agree, with the folder's name."""
    count = Counter(file.id for file in files)
    used = set(count)
    for file in files:
        id = file.id
        if count[id] > 1:
            id = next(name for name in _longer_names(file) if name not in used)
            used.add(id)
        yield id, file.path


def _longer_names(file: _Found) -> Iterator[str]:
    parts = file.folder.parts[1:]
    yield from ("/".join((*parts[-depth:], file.id)) for depth in range(1, len(parts) + 1))
    yield from (f"{file.id}#{number}" for number in itertools.count(2))


def _from_plain(id: str, title: str, text: str) -> Document:
    return Document(id, title, text, (Section((), 0, len(text)),))


def _from_markdown(id: str, stem: str, source: str) -> Document:
    front: dict[str, object] = {}
    if found := _FRONT_MATTER.match(source):
        try:
            loaded = yaml.load(found[1] or "", yaml.BaseLoader)  # text alone: 1.10 and a date stay as written
        except (yaml.YAMLError, RecursionError):
            loaded = None  # no front matter then: it stays in the text, nothing is lost
        if isinstance(loaded, dict):
            front, source = loaded, source[found.end() :]
    source = _FOOTNOTE.sub(r"\1\\[^", source)
    page = _Page()
    page.add(MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").parse(source))
    aliases = front.get("aliases")
    return Document(
        id=id,
        title=_line(front.get("title")) or page.title or stem,
        text=page.text,
        sections=page.sections(),
        aliases=tuple(filter(None, map(_line, aliases if isinstance(aliases, list) else [aliases]))),
        source=_line(front.get("source")),
        date=_line(front.get("date")),
    )


def _line(value: object) -> str:
    """Return a front-matter value on one line; empty for what is no text, with ? for what is no character."""
    return " ".join(value.encode("utf-8", "replace").decode().split()) if isinstance(value, str) else ""


@dataclass
class _Page:
    """The text of a Markdown page without its marks, one line a block, and where its headings stand."""

    text: str = ""
    title: str = ""
    headings: list[tuple[int, int, int, str]] = field(default_factory=list)  # start, end, level, words

    def add(self, tokens: list[Token]) -> None:
        """Append the blocks of a parsed page."""
        row: list[str] = []
        cell = False
        level = 0
        for token in tokens:
            match token.type:
                case "heading_open":
                    level = int(token.tag[1:])
                case "heading_close":
                    level = 0
                case "tr_open":
                    row = []
                case "tr_close":
                    self._line(" | ".join(row))
                case "th_open" | "td_open":
                    cell = True
                case "inline" if cell:
                    row.append(_inline(token))
                    cell = False
                case "inline":
                    start = len(self.text)
                    words = _inline(token)
                    self._line(words)
                    if level and words:
                        self.title = self.title or (words if level == 1 else "")
                        self.headings.append((start, len(self.text), level, words))
                case "fence" | "code_block":
                    self._line(token.content.rstrip("\n"))
                case "html_block":
                    self._line(re.sub(r"<!--.*?-->|<[^>]*>", "", token.content, flags=re.DOTALL).strip())

    def _line(self, words: str) -> None:
        if words:
            self.text += words + "\n"

    def sections(self) -> tuple[Section, ...]:
        """Return the spans below the headings, heading lines left out, each with the path of headings to it."""
        found: list[Section] = []
        path: list[tuple[int, str]] = []
        stops = [(0, 0, 0, ""), *self.headings, (len(self.text), 0, 0, "")]
        for (_, start, level, words), (end, *_) in itertools.pairwise(stops):
            if words:
                path = [*(step for step in path if step[0] < level), (level, words)]
            if end > start:
                found.append(Section(tuple(step for _, step in path), start, end))
        return tuple(found)


def _inline(token: Token) -> str:
    """Return the words of a line without its marks; lines of one paragraph are joined as Chinese or Latin wants."""
    pieces: list[str] = []
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline":
                pieces.append(child.content)
            case "image":
                pieces.append(child.content)
            case "hardbreak":
                pieces.append("\n")
            case "softbreak":
                pieces.append("\v")  # a line end inside a paragraph, joined below
    joined = re.sub(r"(?<=[\u2e80-\uffef])\v(?=[\u2e80-\uffef])", "", "".join(pieces))
    return joined.replace("\v", " ").strip()
