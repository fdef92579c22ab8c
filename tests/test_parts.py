import random
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus.finding import File
from corpus.words import Segmenter
from index import parts as module
from index import stamps
from index.catalog import Catalog
from index.dense import VECTORS, DenseIndex
from index.lexical import LexicalIndex
from index.parts import MOST, layout
from index.store import Store
from index.vocabulary import VOCABULARY
from tests.conftest import Keywords, build_index, write_files

USUAL = 1000


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIZE", USUAL)


def files_of(sizes: Mapping[str, int]) -> list[File]:
    return [File(id, f"/{id}", size, 0, b"") for id, size in sorted(sizes.items())]


def usual_of(files: Sequence[File]) -> int:
    usual = USUAL
    while usual * MOST < sum(file.size for file in files):
        usual *= 2
    return usual


SIZES = st.one_of(st.integers(0, 400), st.integers(400, 2500), st.sampled_from([0, 500, 749, 750, 1250, 1251, 100_000]))


@pytest.mark.usefixtures("small")
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1, max_size=4), SIZES, max_size=60))
@example({})
@example({"a": 1250, "b": 0, "c": 1, "d": 1251, "e": 0})
def test_parts_hold_all_files_in_order_and_none_is_too_large(sizes: dict[str, int]) -> None:
    files = files_of(sizes)
    parts = list(layout(files))
    assert [file for part in parts for file in part] == files
    assert all(parts)
    usual = usual_of(files)
    for number, part in enumerate(parts):
        size = sum(file.size for file in part)
        assert size <= 1.25 * usual or len(part) == 1
        if number + 1 < len(parts):  # none is small without need
            assert size >= 0.75 * usual or size + parts[number + 1][0].size > 1.25 * usual
    assert list(layout(files)) == parts


FILES = {f"{number // 20:02}/{number}.md": 20 + number * 37 % 160 for number in range(400)}


def kept(before: Mapping[str, int], after: Mapping[str, int]) -> float:
    """Return the share of the former parts that are parts still."""
    former, later = ({tuple(part) for part in layout(files_of(sizes))} for sizes in (before, after))
    return len(former & later) / len(former)


@pytest.mark.usefixtures("small")
def test_a_change_of_one_file_leaves_most_parts_as_they_are() -> None:
    assert 20 < len(list(layout(files_of(FILES)))) < 80
    shares = []
    for id in list(FILES)[::3]:
        changed = {**FILES, id: FILES[id] + 150}
        shortened = {**FILES, id: 0}
        removed = {other: size for other, size in FILES.items() if other != id}
        added = {**FILES, f"{id} and another": 90}
        shares += [kept(FILES, after) for after in (changed, shortened, removed, added)]
    assert min(shares) > 0.5
    assert np.mean(shares) > 0.9


@pytest.mark.usefixtures("small")
def test_files_added_at_the_end_leave_every_part_but_the_last_as_it_is() -> None:
    before = [tuple(part) for part in layout(files_of(FILES))]
    after = [tuple(part) for part in layout(files_of({**FILES, **{f"z{number}": 50 for number in range(100)}}))]
    assert after[: len(before) - 1] == before[:-1]


@pytest.mark.usefixtures("small")
def test_a_large_index_has_larger_parts_and_no_more_of_them_than_twice_the_most() -> None:
    for count in (1_000, 4_000, 16_000):
        parts = list(layout(files_of({f"{number:05}": 100 for number in range(count)})))
        assert MOST // 2 <= len(parts) <= 2 * MOST


def test_the_borders_hang_on_the_ids() -> None:
    other = {f"another name {id}": size for id, size in FILES.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SIZE", USUAL)
        sizes = [[len(part) for part in layout(files_of(files))] for files in (FILES, other)]
    assert sizes[0] != sizes[1]


# -- an index whose files change

WORDS = ["鲸鱼", "苹果", "火车", "PyTorch", "Jeff Dean", "pytorch 1.0", "银行", "tiny-dnn", "深度学习", "重庆"]


def some_text(chance: random.Random) -> str:
    """A document with front matter or without, headings, and paragraphs of some words."""
    pieces = []
    if chance.random() < 0.5:
        alias = chance.choice(WORDS)
        pieces.append(f"---\ntitle: {chance.choice(WORDS)}\naliases: [{alias}, 别名{chance.randrange(3)}]\n---\n")
    for heading in range(chance.randint(1, 3)):
        if chance.random() < 0.7:
            pieces.append(f"{'#' * (heading + 1)} {chance.choice(WORDS)}\n")
        pieces.append(" 和 ".join(chance.choices(WORDS, k=chance.randint(1, 8))) + "。\n")
    return "\n".join(pieces)


def change(folder: Path, chance: random.Random) -> None:
    """Add, change, remove and rename some files."""
    paths = sorted(folder.rglob("*.md"))
    for path in chance.sample(paths, min(2, len(paths))):
        match chance.randrange(4):
            case 0 if len(paths) > 4:
                path.unlink()
            case 1:
                path.rename(path.with_name(f"moved {chance.randrange(10**6)}.md"))
            case 2:
                path.touch()
            case _:
                write_files(folder, {path.name: some_text(chance)})
    write_files(folder, {f"{chance.randrange(10**6)}.md": some_text(chance) for _ in range(chance.randint(0, 2))})


def content_of(index: Path) -> dict[str, object]:
    """What a generation holds, but for when it was made and how tantivy names its segments."""
    store = Store(index)
    generation, manifest = store.current(), store.manifest()
    with closing(Catalog(generation, manifest)) as catalog:
        facts = catalog.facts()
        found: dict[str, object] = {
            "parts": [(part.name, part.documents, part.passages) for part in manifest.parts],
            "facts": facts,
            "documents": [catalog.document(one.id) for one in facts],
            "passages": catalog.passages(range(manifest.passages)),
            "words": (generation / "words.txt").read_text(encoding="utf-8"),
        }
    found["vectors"] = (generation / VECTORS).read_bytes()
    assert len(DenseIndex.load(generation / VECTORS)) == manifest.passages
    with closing(sqlite3.connect(generation / VOCABULARY)) as connection:
        for table in ("terms", "words", "sounds", "shelves", "state"):
            found[table] = sorted(map(repr, connection.execute(f"SELECT * FROM {table}")))
    with closing(LexicalIndex.load(generation / "lexical", manifest.bases)) as lexical:
        assert len(lexical) == manifest.passages
        for word in ("鲸鱼", "pytorch", "jeff", "银", "题"):
            numbers, scores = lexical.search({word: 1.0}, manifest.passages + 1)
            found[f"lexical {word}"] = numbers.tolist(), scores.tolist(), lexical.document_frequency(word)
    return found


def test_an_updated_index_is_the_one_that_a_build_from_nothing_gives(
    tmp_path: Path, segmenter: Segmenter, keywords: Keywords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SIZE", 400)
    monkeypatch.setattr(stamps, "_TICK", 0)  # files that this test has just written are known by their stamps
    chance = random.Random(1)
    folder = write_files(tmp_path / "files", {f"{number}.md": some_text(chance) for number in range(12)})
    build_index(tmp_path / "changed", folder, segmenter, keywords)
    for _ in range(3):
        change(folder, chance)
        build_index(tmp_path / "changed", folder, segmenter, keywords)
    build_index(tmp_path / "anew", folder, segmenter, keywords)
    changed, anew = content_of(tmp_path / "changed"), content_of(tmp_path / "anew")
    assert len(anew["parts"]) > 3  # type: ignore[arg-type]
    for name, expected in anew.items():
        assert changed[name] == expected, name


def test_documents_without_a_passage_make_a_part_too(tmp_path: Path, segmenter: Segmenter, keywords: Keywords) -> None:
    folder = write_files(tmp_path / "files", {"a.md": "# 只有标题\n"})
    build_index(tmp_path / "index", folder, segmenter, keywords)
    content = content_of(tmp_path / "index")
    assert ([facts.title for facts in content["facts"]], content["passages"]) == (["只有标题"], [])  # type: ignore[attr-defined]
