import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant
from tests.conftest import ROOT, run_process

PACKAGES = ("corpus", "index", "assistant")
FILES = {path: ast.parse(path.read_text(encoding="utf-8")) for name in PACKAGES for path in (ROOT / name).rglob("*.py")}


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize(
    ("package", "allowed"), [("corpus", set()), ("index", {"corpus"}), ("assistant", {"corpus", "index"})]
)
def test_imports_point_one_way(package: str, allowed: set[str]) -> None:
    names = {
        name for path, tree in FILES.items() if path.relative_to(ROOT).parts[0] == package for name in imports(tree)
    }
    assert names & {*PACKAGES, "tests", "training", "benchmarks"} <= allowed | {package}


@pytest.mark.parametrize(
    "library",
    [
        "jieba",
        "faiss",
        "tantivy",
        "sqlite3",
        "opencc",
        "gradio",
        "sentence_transformers",
        "onnxruntime",
        "click",
        "pypinyin",
        "rapidfuzz",
        "trafilatura",
        "pypdfium2",
        "openpyxl",
        "httpx",
        "httpcore",
        "mcp",
        "plotly",
        "prometheus_client",
        "watchfiles",
    ],
)
def test_each_library_is_named_by_one_file(library: str) -> None:
    files = sorted(path.relative_to(ROOT).as_posix() for path, tree in FILES.items() if library in imports(tree))
    catching = {
        "sqlite3": [
            "assistant/feedback.py",
            "index/database.py",
            "index/passages.py",
            "index/store.py",
            "index/vocabulary.py",
        ]
    }  # the store tells
    homes = {
        "jieba": ["corpus/words.py"],
        "faiss": ["index/dense.py"],
        "tantivy": ["index/lexical.py"],
        "opencc": ["corpus/lexicon.py"],
        "gradio": ["assistant/web/documents/tab.py", "assistant/web/tamed.py"],
        "mcp": ["assistant/web/mcp/server.py"],
        "plotly": ["assistant/web/documents/atlas.py"],
        "prometheus_client": ["assistant/web/api/api.py", "assistant/web/api/metrics.py"],
        "sentence_transformers": ["assistant/ranking/reranker.py", "index/embedding.py"],
        "onnxruntime": ["assistant/ranking/ranking.py"],
        "click": ["assistant/cli.py"],
        "pypinyin": ["index/vocabulary.py"],
        "rapidfuzz": ["assistant/understanding/spelling.py"],
        "trafilatura": ["corpus/formats/web/article.py"],
        "pypdfium2": ["corpus/formats/pdf/reader.py", "corpus/formats/pdf/tags.py"],
        "openpyxl": ["corpus/formats/office/numbers.py", "corpus/formats/office/xlsx.py"],
        "httpx": ["assistant/library/fetching.py"],
        "httpcore": ["assistant/library/fetching.py"],
        "watchfiles": ["assistant/library/watching.py"],
    }
    assert files == (catching | homes)[library]


def test_nothing_but_the_command_line_prints_or_configures_logging() -> None:
    for path, tree in FILES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                assert name not in {"logging.basicConfig", "logging.disable"}, path
                assert name != "print", path


def modules_after(script: str, *arguments: object) -> set[str]:
    """Run a script in a fresh interpreter with warnings as errors and return what it had imported at the end."""
    tail = "\nimport sys, json; print(json.dumps(sorted(sys.modules)))"
    done = run_process([sys.executable, "-W", "error", "-c", script + tail, *arguments])
    assert (done.returncode, done.stderr) == (0, b"")
    return set(json.loads(done.stdout.splitlines()[-1]))


HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "sklearn",
    "scipy",
    "gradio",
    "fastapi",
    "pandas",
    "lightgbm",
}


def test_importing_all_but_the_web_page_warns_of_nothing_and_loads_nothing_heavy() -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in FILES
        if path.stem != "__init__" and not path.is_relative_to(ROOT / "assistant" / "web")
    ]
    script = "".join(f"import {name}\n" for name in sorted(names))
    loaded = modules_after(script)
    assert set(PACKAGES) <= loaded
    assert not HEAVY & loaded


def test_asking_loads_nothing_heavy_and_no_rules_for_follow_ups(shipped_index: Path) -> None:
    script = (
        "import sys; from assistant.cli import main\n"
        "try: main(['ask', 'PyTorch 是什么？', '--json', '--index', sys.argv[1]], standalone_mode=False)\n"
        "except SystemExit as end: assert end.code in (0, 3), end.code"
    )
    loaded = modules_after(script, shipped_index)
    assert "assistant.ranking.ranking" in loaded
    assert "assistant.conversation.conversation" not in loaded  # only a follow-up waits for its patterns
    assert {"faiss", "tantivy", "jieba", "numpy"} <= loaded
    assert not HEAVY & loaded


def test_corpus_stands_alone() -> None:
    loaded = modules_after("import corpus.reading, corpus.splitting, corpus.words")
    assert not {"index", "assistant", "faiss", "tantivy"} & loaded


def test_what_the_package_offers_can_be_imported_by_name() -> None:
    assert assistant.__all__ == sorted(assistant.__all__)
    for name in assistant.__all__:
        assert getattr(assistant, name).__module__.startswith("assistant.")
