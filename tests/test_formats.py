"""Three documents as real files of every format: how much of them is found again.

The files were made by `python -m benchmarks.formats tests/files/converted --documents tests/files/converted/md --make`;
of the prints only the smaller ones are kept.
"""

from functools import cache
from pathlib import Path

import pytest

from benchmarks.conversion import FORMATS, Format
from benchmarks.formats import Comparison, compare, outline
from benchmarks.sources import Source
from corpus.reading import read
from corpus.splitting import split

CONVERTED = Path(__file__).parent / "files" / "converted"
KINDS = [kind for kind in FORMATS if (CONVERTED / kind.name).exists()]
HEADED = [kind for kind in KINDS if kind.headed]  # tables have no headings, and columns' names before what is in them
SOURCES = Source.load(CONVERTED / "md")


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Format:
    return request.param


@pytest.fixture(scope="module")
def pairs(kind: Format) -> dict[str, Comparison]:
    return converted(kind)


@cache
def converted(kind: Format) -> dict[str, Comparison]:
    reading = read([CONVERTED / kind.name])
    assert reading.skipped == ()
    names = {path.stem for path in (CONVERTED / kind.name).glob("[!资]*")} or {source.name for source in SOURCES}
    found = compare(kind, [source for source in SOURCES if source.name in names], reading)
    assert len(found) == len(reading.documents)
    return {pair.truth.id: pair for pair in found}


def test_nearly_all_sentences_are_found_again_verbatim(pairs: dict[str, Comparison]) -> None:
    wanted = [sentence for pair in pairs.values() for _, sentence in pair.wanted]
    lost = [sentence for pair in pairs.values() for sentence in pair.lost]
    assert len(lost) <= 0.02 * len(wanted), lost


def test_titles_are_those_of_the_source(pairs: dict[str, Comparison]) -> None:
    assert [pair.read.title for pair in pairs.values()] == [pair.truth.title for pair in pairs.values()]


@pytest.mark.parametrize("headed", HEADED, ids=lambda kind: kind.name)
def test_headings_stand_above_the_same_parts(headed: Format) -> None:
    for pair in converted(headed).values():
        assert outline(pair.read) == outline(pair.truth)
        assert pair.misplaced == pair.lost


@pytest.mark.parametrize("headed", HEADED, ids=lambda kind: kind.name)
def test_hardly_anything_foreign_gets_in(headed: Format) -> None:
    pairs = converted(headed)
    foreign = [line for pair in pairs.values() for line in pair.foreign]
    assert sum(map(len, foreign)) <= 0.01 * sum(len(pair.read.text) for pair in pairs.values()), foreign


def test_passages_of_a_converted_file_are_quotes_of_its_text(pairs: dict[str, Comparison]) -> None:
    for pair in pairs.values():
        passages = split(pair.read)
        assert passages
        assert all(pair.read.text[one.start : one.end] == one.text for one in passages)
