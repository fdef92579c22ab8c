import pytest
import yaml

from corpus.reading import read
from corpus.splitting import LONGEST_SENTENCE, sentences, split
from tests.conftest import DOCUMENTS

READING = read([DOCUMENTS])
PATHS = sorted(DOCUMENTS.rglob("*.md"))


def test_every_shipped_file_is_read() -> None:
    assert READING.skipped == ()
    assert [document.id for document in READING.documents] == [path.relative_to(DOCUMENTS).as_posix() for path in PATHS]
    assert len(PATHS) == 24


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_front_matter_is_complete(path) -> None:
    _, front, _ = path.read_text(encoding="utf-8").split("---\n", 2)
    facts = yaml.safe_load(front)
    assert set(facts) == {"title", "aliases", "source", "date"}
    assert all(isinstance(facts[name], str) and facts[name].strip() for name in ("title", "source", "date"))
    assert isinstance(facts["aliases"], list)
    assert "http" in facts["source"]


@pytest.mark.parametrize("document", READING.documents, ids=lambda document: document.id)
def test_every_sentence_can_be_quoted(document) -> None:
    assert document.title == document.text.split("\n")[0]
    assert split(document)
    for start, end in sentences(document.text):
        assert end - start <= LONGEST_SENTENCE


def test_titles_and_aliases_name_one_document_each() -> None:
    names = [name for d in READING.documents for name in {d.title.lower(), *map(str.lower, d.aliases)}]
    assert len(names) == len(set(names))
