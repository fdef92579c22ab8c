import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

import corpus
from assistant import Assistant
from assistant.assistant import build
from assistant.settings import Settings
from corpus.document import Document
from corpus.lexicon import SHIPPED, Lexicon, fold
from corpus.reading import parse
from corpus.words import Segmenter
from index import embedding, updating
from index.embedding import StaticModel
from index.report import Report
from index.search import Query
from index.store import Store

ROOT = Path(__file__).parent.parent
DOCUMENTS = Path(corpus.__file__).parent / "documents"

settings.register_profile("suite", max_examples=60, deadline=None)  # a busy machine is no failure
settings.load_profile("suite")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled dictionary, made once for all tests."""
    folder = tmp_path_factory.mktemp("cache")
    Segmenter(Lexicon.load(), cache=folder)
    return folder


@pytest.fixture(autouse=True)
def home(cache: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ASSISTANT_HOME of each test's own, so that no test sees the user's index or another test's."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "cache").symlink_to(cache)
    monkeypatch.setenv("ASSISTANT_HOME", str(folder))
    for name in [name for name in os.environ if name.startswith("ASSISTANT_") and name != "ASSISTANT_HOME"]:
        monkeypatch.delenv(name)
    return folder


@pytest.fixture(scope="session")
def segmenter(cache: Path) -> Segmenter:
    return Segmenter(Lexicon.load(SHIPPED), cache=cache)


@pytest.fixture(scope="session")
def static_model(segmenter: Segmenter) -> StaticModel:
    return StaticModel.load(embedding.SHIPPED, segmenter)


class Keywords:
    """One dimension a keyword: a text's vector holds a one for each that stands in it, scaled to length 1."""

    def __init__(self, *words: str, fingerprint: str = "keywords") -> None:
        self.words = words
        self.name = fingerprint
        self.dimension = len(words)
        self.fingerprint = fingerprint

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.array([[word in fold(text) for word in self.words] for text in texts], np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def encode_question(self, text: str) -> np.ndarray:
        return self.encode_passages([text])[0]


@pytest.fixture
def keywords() -> Keywords:
    return Keywords("鲸鱼", "苹果", "火车")


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def read_text(folder: Path, text: str, name: str = "a.md") -> Document:
    """Read `text` through a real file."""
    document = parse((write_files(folder, {name: text}) / name).read_bytes(), name)
    assert isinstance(document, Document)
    return document


def build_index(folder: Path, sources: Path, segmenter: Segmenter, embedder: object) -> Report:
    store = Store(folder)
    with store.writing():
        return updating.build(store, [sources], segmenter, embedder)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def shipped_index(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter, static_model: StaticModel) -> Path:
    """An index of the shipped documents; tests only read it."""
    folder = tmp_path_factory.mktemp("shipped") / "shipped.index"
    build_index(folder, DOCUMENTS, segmenter, static_model)
    return folder


@pytest.fixture
def own_index(shipped_index: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    return Path(shutil.copytree(shipped_index, tmp_path / "own.index"))


@contextmanager
def asking(folder: Path, files: Mapping[str, str], cache: Path) -> Iterator[Assistant]:
    """An assistant over documents that a test writes, in an index of their own."""
    build(Settings(cache.parent, folder / "index", True), [write_files(folder / "documents", files)])
    with closing(Assistant.open(folder / "index")) as opened:
        yield opened


def query(text: str, segmenter: Segmenter) -> Query:
    """What is searched for where every word weighs the same."""
    return Query(text, tuple((word, 1.0) for word in segmenter.words(text)))


Invoke = Callable[..., Result]


@pytest.fixture
def invoke() -> Invoke:
    """Run the command line in this process; an exception that is no exit fails the test."""
    from assistant.cli import main

    def run(*arguments: object, input: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.output
        return result

    return run


def run_process(
    command: Sequence[object], *, input: str | bytes = b"", timeout: float = 60, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    data = input.encode() if isinstance(input, str) else input
    return subprocess.run(
        [os.fspath(part) if isinstance(part, Path) else str(part) for part in command],
        input=data,
        capture_output=True,
        timeout=timeout,
        env={**os.environ, **environment},
        cwd=ROOT,
        check=False,
    )


def run_assistant(*arguments: object, **more: object) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a process of its own."""
    return run_process([sys.executable, "-m", "assistant.cli", *arguments], **more)  # type: ignore[arg-type]


def in_namespace(flags: str, script: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a shell script as root of namespaces of its own (mounts, network), which die with it.

    `$PYTHON` is this interpreter. Skips where the kernel forbids namespaces.
    """
    tool = shutil.which("unshare")
    if tool is None:
        pytest.skip("needs unshare (Linux, util-linux)")
    probe = "mount -t tmpfs none /mnt" if "m" in flags else "true"
    allowed = run_process([tool, flags, "sh", "-c", probe])
    if allowed.returncode:
        pytest.skip("the kernel forbids `unshare " + flags + "` with mounts: " + allowed.stderr.decode().strip())
    return run_process([tool, flags, "sh", "-euc", script, "sh", *arguments], PYTHON=sys.executable, **environment)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A headless Chromium that a module's tests share."""
    from tests.browsing import chromium

    with chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """A folder with documents and an index of them, which a server can be started with."""
    from tests.browsing import make_site

    return make_site(tmp_path_factory.mktemp("site"), cache)


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[str]:
    """The address of a real server of that folder, which a module's tests share."""
    from tests.browsing import serving

    with serving(site, site / "log") as address:
        yield address


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and session.exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED  # what a new machine must pass, it must run
