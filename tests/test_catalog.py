import shutil
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.bulk import BulkSegmenter
from corpus.document import Document, Passage, Section
from corpus.splitting import split
from corpus.words import Segmenter
from index.catalog import CATALOG, Catalog, Entry, Facts, Named, write_catalog
from index.database import DamagedError
from index.manifest import FORMAT, Manifest, Part
from index.passages import PassageWriter

ONE = Document(
    "子 目录/甲.md",
    "甲\u2028题",
    "甲题\n甲是第一份。它说明 PyTorch 1.0。\n乙节\n𠮷字😀也算一个字符。\n",
    (Section(("甲题",), 3, 24), Section(("甲题", "乙节"), 27, 38)),
    aliases=("别名", "another name"),
    source="来源",
    date="2019-03",
)
TWO = Document("空.txt", "空", "没有段落的文档", ())
THREE = Document("龙.txt", "丙", "丙是第三份。", (Section((), 0, 6),))


def facts_of(document: Document, passages: Sequence[Passage] = ()) -> Facts:
    return Facts.of(document, content=b"digest of " + document.id.encode(), size=7, passages=len(passages))


def write_parts(folder: Path, parts: Sequence[Sequence[Document]], segmenter: Segmenter) -> Manifest:
    """Write the catalogue and the texts of a generation whose parts hold these documents."""
    bulk = BulkSegmenter(segmenter)
    (folder / "parts").mkdir(parents=True)
    written: list[Part] = []
    facts: list[Facts] = []
    files: dict[str, tuple[int, int]] = {}
    for number, documents in enumerate(parts):
        name = f"{number:08x}"
        file = f"parts/{name}.sqlite"
        writer = PassageWriter(folder / file)
        for document in documents:
            passages = split(document)
            edges = [bulk.cut(passage.text).edges(len(passage.text)) for passage in passages]
            writer.add(document, passages, edges)
            facts.append(facts_of(document, passages))
        writer.finish()
        data = (folder / file).read_bytes()
        files[file] = len(data), zlib.crc32(data)
        written.append(Part(name, writer.documents, writer.passages, (), (file,)))
    write_catalog(folder / CATALOG, facts)
    return made_of(written, files)


def made_of(parts: Sequence[Part], files: dict[str, tuple[int, int]]) -> Manifest:
    documents, passages = sum(part.documents for part in parts), sum(part.passages for part in parts)
    return Manifest(FORMAT, "", "", "", "", "", "float32", (), (), False, documents, passages, tuple(parts), files)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter) -> tuple[Path, Manifest]:
    """Three documents in two parts; tests only read them."""
    folder = tmp_path_factory.mktemp("catalog") / "目 录?#%"
    return folder, write_parts(folder, [[ONE, TWO], [THREE]], segmenter)


@pytest.fixture
def own(written: tuple[Path, Manifest], tmp_path: Path) -> tuple[Path, Manifest]:
    """A copy of them that a test may spoil."""
    return Path(shutil.copytree(written[0], tmp_path / "own")), written[1]


def test_documents_come_back_as_they_went_in(written: tuple[Path, Manifest]) -> None:
    with closing(Catalog(*written)) as catalog:
        assert [catalog.document(document.id) for document in (ONE, TWO, THREE)] == [ONE, TWO, THREE]
        assert [catalog.document(id) for id in ("甲.md", "\ud800", "")] == [None, None, None]
        assert catalog.documents() == [
            Entry(ONE.id, ONE.title, "来源", "2019-03", ONE.sha256, len(ONE.text), 2),
            Entry(TWO.id, "空", "", "", TWO.sha256, 7, 0),
            Entry(THREE.id, "丙", "", "", THREE.sha256, 6, 1),
        ]


def test_facts_come_back_as_they_went_in(written: tuple[Path, Manifest]) -> None:
    with closing(Catalog(*written)) as catalog:
        assert catalog.facts() == [facts_of(document, split(document)) for document in (ONE, TWO, THREE)]


def write(folder: Path, *documents: Document) -> tuple[Path, Manifest]:
    """Write a catalogue without texts."""
    write_catalog(folder / CATALOG, [facts_of(document) for document in documents])
    return folder, made_of([], {})


def test_title_and_aliases_lead_to_a_document_that_has_aliases_and_to_no_other(written: tuple[Path, Manifest]) -> None:
    named = Named(ONE.id, frozenset({"甲\u2028题", "别名", "another name"}))
    with closing(Catalog(*written)) as catalog:
        assert catalog.named(["another name", "甲\u2028题", "空", "别", "\ud800别名"]) == {
            "another name": [named],
            "甲\u2028题": [named],
        }
        assert catalog.named([]) == {}
    with closing(Catalog(*written, only=frozenset({TWO.id}))) as shown:
        assert shown.named(["another name"]) == {}


def test_a_name_of_more_documents_than_three_is_a_phrase_and_leads_to_none(tmp_path: Path) -> None:
    documents = [
        Document(f"{n}.md", f"题{n}", "文", (), ("概览", "三份" if n < 3 else f"别名{n}", f"题{n}")) for n in range(4)
    ]
    with closing(Catalog(*write(tmp_path, *documents))) as catalog:
        assert catalog.named(["概览"]) == {}
        assert [named.document for named in catalog.named(["三份"])["三份"]] == ["0.md", "1.md", "2.md"]
        assert catalog.named(["题3"]) == {"题3": [Named("3.md", frozenset({"题3", "概览", "别名3"}))]}


def test_more_candidates_than_a_statement_binds_are_all_looked_up(tmp_path: Path) -> None:
    documents = [Document(f"{n}.md", f"题{n}", "文", (), (f"别{n}",)) for n in range(2000)]
    with closing(Catalog(*write(tmp_path, *documents))) as catalog:
        assert len(catalog.named(f"题{n}" for n in range(3000))) == 2000


def test_passages_come_back_by_number_in_the_order_asked(written: tuple[Path, Manifest]) -> None:
    every = [*split(ONE), *split(THREE)]
    assert len(every) == 3
    with closing(Catalog(*written)) as catalog:
        for order in ([2, 0, 1], [1, 2], [0], [2, 2]):
            assert [passage for passage, _ in catalog.passages(order)] == [every[number] for number in order]
        assert catalog.passages([]) == []


def test_passages_of_a_document_come_in_reading_order(written: tuple[Path, Manifest]) -> None:
    with closing(Catalog(*written)) as catalog:
        assert [catalog.passages_of(one.id) for one in (ONE, TWO, THREE)] == [split(ONE), [], split(THREE)]
        assert catalog.passages_of("没有") == []


def test_documents_that_may_not_be_shown_are_not_there(written: tuple[Path, Manifest]) -> None:
    with closing(Catalog(*written, only=frozenset({THREE.id}))) as shown:
        assert [shown.shows(one.id) for one in (ONE, THREE)] == [False, True]
        assert (shown.document(ONE.id), shown.passages_of(ONE.id)) == (None, [])
        assert (shown.document(THREE.id), shown.passages_of(THREE.id)) == (THREE, split(THREE))
        assert [entry.id for entry in shown.documents()] == [THREE.id]


def test_word_edges_come_back_as_the_segmenter_cut(written: tuple[Path, Manifest], segmenter: Segmenter) -> None:
    with closing(Catalog(*written)) as catalog:
        for passage, edges in catalog.passages([0, 1, 2]):
            words = segmenter.words(passage.text)
            marks = {0, len(passage.text), *(w.start for w in words), *(w.end for w in words)}
            assert edges == sorted(marks)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("深度学习 abc1.。，\n") | st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter, text: str) -> None:
    document = Document("id", text, text, (Section((text,), 0, len(text)),), (text,), text, text)
    folder = tmp_path_factory.mktemp("catalog")
    with closing(Catalog(folder, write_parts(folder, [[document], [THREE]], segmenter))) as catalog:
        assert catalog.document("id") == document
        assert catalog.passages_of("id") == split(document)
        assert catalog.facts()[0] == facts_of(document, split(document))


def test_many_threads_may_read_at_once(written: tuple[Path, Manifest]) -> None:
    with closing(Catalog(*written)) as catalog, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: (catalog.document(ONE.id), len(catalog.passages([0, 2, 1]))), range(400)))
    assert set(found) == {(ONE, 3)}


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:100], lambda data: b"x" * len(data)])
def test_a_damaged_file_is_a_value_error_at_the_opening(own: tuple[Path, Manifest], damage) -> None:
    path = own[0] / CATALOG
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DamagedError, match=r"database|table"):
        Catalog(*own)


@pytest.mark.parametrize("file", [CATALOG, "parts/00000000.sqlite"])
def test_a_page_damaged_inside_is_a_value_error_when_it_is_read(own: tuple[Path, Manifest], file: str) -> None:
    path = own[0] / file
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(DamagedError, match=r"malformed|database|00000000"), closing(Catalog(*own)) as catalog:
        catalog.document(ONE.id)


def test_damage_to_one_part_leaves_the_others_readable(own: tuple[Path, Manifest]) -> None:
    path = own[0] / "parts/00000000.sqlite"
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    with closing(Catalog(*own)) as catalog:
        assert [passage for passage, _ in catalog.passages([2])] == split(THREE)
        for read in (lambda: catalog.passages([2, 0]), lambda: catalog.document(ONE.id)):
            with pytest.raises(DamagedError, match="00000000"):
                read()


@pytest.mark.parametrize("file", [CATALOG, "parts/00000001.sqlite"])
def test_a_missing_file_is_a_value_error(own: tuple[Path, Manifest], file: str) -> None:
    (own[0] / file).unlink()
    with pytest.raises(DamagedError, match="unable to open"):
        Catalog(*own)


def test_titles_come_in_the_order_of_the_build_as_many_as_wanted_and_only_those_that_may_be_shown(
    written: tuple[Path, Manifest],
) -> None:
    with closing(Catalog(*written)) as catalog:
        assert (catalog.titles(5), catalog.titles(1)) == ([ONE.title, "空", "丙"], [ONE.title])
    with closing(Catalog(*written, only=frozenset({TWO.id}))) as shown:
        assert shown.titles(1) == ["空"]
