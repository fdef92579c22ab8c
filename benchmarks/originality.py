"""Reports every run of 20 or more characters that a document of the knowledge base shares with the source article.

Whitespace, letter case, punctuation width and Markdown marks are ignored; runs made only of names pass.
"""

import argparse
import re
import sys
import unicodedata
from pathlib import Path

MIN_RUN = 20
MAX_HANZI_IN_NAMES = 11
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
IGNORED = re.compile(r"[\s#*|`]+")
QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u3002": "."})


def normalise(text: str) -> str:
    """Fold case and full-width punctuation; drop whitespace and Markdown marks."""
    folded = unicodedata.normalize("NFKC", text).translate(QUOTES).lower()
    return IGNORED.sub("", folded)


def shared_runs(document: str, article: str) -> list[str]:
    """Return the longest runs, left to right, that both normalised texts contain."""
    runs: list[str] = []
    start = 0
    while start + MIN_RUN <= len(document):
        end = start + MIN_RUN
        if document[start:end] not in article:
            start += 1
            continue
        while end < len(document) and document[start : end + 1] in article:
            end += 1
        runs.append(document[start:end])
        start = end - MIN_RUN + 1  # the first window that reaches past this run
    return runs


def only_names(run: str) -> bool:
    """Tell whether hardly any Chinese text is left once names in Latin letters are removed."""
    hanzi = re.findall(r"[\u3400-\u9fff]", re.sub("[和与及]", "", run))
    return len(hanzi) <= MAX_HANZI_IN_NAMES


def main() -> int:
    """Check all documents and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("article", type=Path)
    parser.add_argument("documents", type=Path, nargs="?", default=Path("corpus/documents"))
    arguments = parser.parse_args()
    article = normalise(arguments.article.read_text(encoding="utf-8"))
    paths = sorted(arguments.documents.rglob("*.md"))
    copied = 0
    for path in paths:
        body = FRONT_MATTER.sub("", path.read_text(encoding="utf-8"))
        for run in shared_runs(normalise(body), article):
            allowed = only_names(run)
            copied += not allowed
            print(f"{path}: {'names' if allowed else 'COPIED'}: {run}")
    print(f"{len(paths)} documents, {copied} copied runs")
    return 1 if copied or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
