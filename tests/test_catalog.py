from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.document import Document, Section
from corpus.splitting import split
from corpus.words import Segmenter
from index.catalog import Catalog, CatalogWriter, Entry, Named

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


@pytest.fixture
def path(tmp_path: Path, segmenter: Segmenter) -> Path:
    path = tmp_path / "目 录?#%.sqlite"
    writer = CatalogWriter(path)
    for document in (ONE, TWO):
        passages = split(document)
        writer.add(document, passages, [segmenter.words(passage.text) for passage in passages])
    assert (writer.documents, writer.passages) == (2, 2)
    writer.finish()
    return path


def test_documents_come_back_as_they_went_in(path: Path) -> None:
    catalog = Catalog.load(path)
    assert catalog.document(ONE.id) == ONE
    assert catalog.document(TWO.id) == TWO
    assert catalog.document("甲.md") is None
    assert catalog.documents() == [
        Entry(ONE.id, ONE.title, "来源", "2019-03", ONE.sha256, len(ONE.text), 2),
        Entry(TWO.id, "空", "", "", TWO.sha256, 7, 0),
    ]
    catalog.close()


def write(path: Path, *documents: Document) -> Path:
    writer = CatalogWriter(path)
    for document in documents:
        writer.add(document, [], [])
    writer.finish()
    return path


def test_title_and_aliases_lead_to_a_document_that_has_aliases_and_to_no_other(path: Path) -> None:
    catalog = Catalog.load(path)
    named = Named(ONE.id, frozenset({"甲\u2028题", "别名", "another name"}))
    assert catalog.named(["another name", "甲\u2028题", "空", "别", "\ud800别名"]) == {
        "another name": [named],
        "甲\u2028题": [named],
    }
    assert catalog.named([]) == {}
    catalog.close()
    with closing(Catalog.load(path, only=frozenset({TWO.id}))) as shown:
        assert shown.named(["another name"]) == {}


def test_a_name_of_more_documents_than_three_is_a_phrase_and_leads_to_none(tmp_path: Path) -> None:
    documents = [
        Document(f"{n}.md", f"题{n}", "文", (), ("概览", "三份" if n < 3 else f"别名{n}", f"题{n}")) for n in range(4)
    ]
    with closing(Catalog.load(write(tmp_path / "c.sqlite", *documents))) as catalog:
        assert catalog.named(["概览"]) == {}
        assert [named.document for named in catalog.named(["三份"])["三份"]] == ["0.md", "1.md", "2.md"]
        assert catalog.named(["题3"]) == {"题3": [Named("3.md", frozenset({"题3", "概览", "别名3"}))]}


def test_more_candidates_than_a_statement_binds_are_all_looked_up(tmp_path: Path) -> None:
    documents = [Document(f"{n}.md", f"题{n}", "文", (), (f"别{n}",)) for n in range(2000)]
    with closing(Catalog.load(write(tmp_path / "c.sqlite", *documents))) as catalog:
        assert len(catalog.named(f"题{n}" for n in range(3000))) == 2000


def test_passages_come_back_by_number_in_the_order_asked(path: Path) -> None:
    catalog = Catalog.load(path)
    first, second = split(ONE)
    assert [passage for passage, _ in catalog.passages([1, 0])] == [second, first]
    assert catalog.passages([]) == []
    assert catalog.passages_of(ONE.id) == [first, second]
    assert catalog.passages_of(TWO.id) == catalog.passages_of("没有") == []
    catalog.close()


def test_word_edges_come_back_as_the_segmenter_cut(path: Path, segmenter: Segmenter) -> None:
    catalog = Catalog.load(path)
    for passage, edges in catalog.passages([0, 1]):
        words = segmenter.words(passage.text)
        marks = {0, len(passage.text), *(w.start for w in words), *(w.end for w in words)}
        assert edges == sorted(marks)
    catalog.close()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("深度学习 abc1.。，\n") | st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter, text: str) -> None:
    document = Document("id", text, text, (Section((text,), 0, len(text)),), (text,), text, text)
    path = tmp_path_factory.mktemp("catalog") / "c.sqlite"
    writer = CatalogWriter(path)
    passages = split(document)
    writer.add(document, passages, [segmenter.words(passage.text) for passage in passages])
    writer.finish()
    catalog = Catalog.load(path)
    assert catalog.document("id") == document
    assert catalog.passages_of("id") == passages
    catalog.close()


def test_many_threads_may_read_at_once(path: Path) -> None:
    catalog = Catalog.load(path)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: (catalog.document(ONE.id), len(catalog.passages([0, 1]))), range(400)))
    assert set(found) == {(ONE, 2)}
    catalog.close()


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:100], lambda data: b"x" * len(data)])
def test_a_damaged_file_is_a_value_error_at_the_opening(path: Path, damage) -> None:
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=r"database|table"):
        Catalog.load(path)


def test_a_page_damaged_inside_is_a_value_error_when_it_is_read(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(ValueError, match=r"malformed|database"), closing(Catalog.load(path)) as catalog:
        catalog.document(ONE.id)


def test_a_missing_file_is_a_value_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unable to open"):
        Catalog.load(tmp_path / "none.sqlite")


def test_titles_come_in_the_order_of_the_build_as_many_as_wanted_and_only_those_that_may_be_shown(path: Path) -> None:
    with closing(Catalog.load(path)) as catalog:
        assert (catalog.titles(5), catalog.titles(1)) == ([ONE.title, "空"], [ONE.title])
    with closing(Catalog.load(path, only=frozenset({TWO.id}))) as shown:
        assert shown.titles(1) == ["空"]
