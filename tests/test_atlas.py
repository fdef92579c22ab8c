"""The picture of a collection: where its documents lie, which are near each other, and what its figure holds."""

import html
import json
import re
from pathlib import Path
from urllib.parse import quote as percent

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import build
from assistant.live import Live
from assistant.settings import Settings
from assistant.web.documents import atlas
from assistant.web.documents.atlas import POINTS, Atlas, atlas_of, figure, project
from assistant.web.documents.markup import atlas_html
from corpus.errors import IndexUnusableError
from corpus.messages import speaking
from index import overview
from index.overview import Meanings, meanings, shortened
from index.store import Store
from tests.conftest import build_index, write_files

HOSTILE = "<script>window.hacked=1</script><a href='javascript:x'>$x^2$ &lt;b&gt; %{x}"


def made(vectors, ids=None, titles=None) -> Atlas:
    rows = np.array(vectors, np.float32)
    ids = tuple(ids or (f"{number}.md" for number in range(len(rows))))
    return Atlas.of(Meanings(ids, tuple(titles or ids), rows))


def shown(found: Atlas, lit=()) -> dict:
    return json.loads(figure(found, lit))


# -- where they lie


@given(st.integers(3, 40), st.integers(2, 12), st.integers(0, 1000))
def test_the_axes_are_those_of_a_singular_value_decomposition_up_to_their_direction(count, dimension, seed):
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    centred = vectors - vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    found = project(vectors)
    expected = centred @ axes[:2].T
    assert np.allclose(np.abs(found), np.abs(expected), atol=1e-3)


def test_the_axes_do_not_depend_on_how_many_rows_are_multiplied_at_once(monkeypatch):
    vectors = np.random.default_rng(7).normal(size=(50, 8)).astype(np.float32)
    whole = project(vectors)
    monkeypatch.setattr(atlas, "_ROWS", 7)
    assert np.allclose(project(vectors), whole, atol=1e-5)


def test_each_axis_points_where_its_largest_component_is_positive():
    vectors = np.array([[3, 0, 0], [-3, 0, 0], [0, 1, 0], [0, -1, 0]], np.float32)
    expected = np.array([[3, 0], [-3, 0], [0, 1], [0, -1]], np.float32)
    assert np.allclose(project(vectors), expected, atol=1e-6)
    assert np.array_equal(project(-vectors), -project(vectors))


@pytest.mark.parametrize(
    ("vectors", "places"),
    [
        ([[0.6, 0.8]], [[0, 0]]),
        ([[1, 0, 0], [0, 0, 0]], [[0.5, 0], [-0.5, 0]]),
        ([[0.6, 0.8]] * 5, [[0, 0]] * 5),
        ([[1.0], [3.0]], [[-1, 0], [1, 0]]),
    ],
    ids=["one document", "two", "all alike", "one dimension"],
)
def test_where_there_is_less_than_two_directions_the_others_are_zero(vectors, places):
    assert np.allclose(project(np.array(vectors, np.float32)), places, atol=1e-6)


def test_no_document_has_no_place():
    assert project(np.empty((0, 4), np.float32)).shape == (0, 2)


def test_the_same_vectors_give_the_same_picture():
    vectors = np.random.default_rng(3).normal(size=(30, 8)).astype(np.float32)
    assert figure(made(vectors), ["3.md"]) == figure(made(vectors.copy()), ["3.md"])


# -- what is near


def test_neighbours_are_those_with_the_largest_cosine_and_none_with_nothing_in_common():
    found = made([[1, 0, 0], [0.8, 0.6, 0], [0.6, 0.8, 0], [0, 0, 1], [0, -1, 0]])
    assert found.neighbours(0) == [1, 2]
    assert found.neighbours(3) == []


def test_lit_documents_come_in_their_order_once_and_unknown_ones_not_at_all():
    found = made(np.eye(8), ids=[f"{one}.md" for one in "abcdefgh"])
    assert found.lit(["c.md", "x.md", "a.md", "c.md"]) == [2, 0]
    assert len(found.lit([f"{one}.md" for one in "abcdefgh"])) == atlas.LIT


# -- the figure


def test_a_figure_has_a_trace_for_each_folder_and_one_for_what_is_lit():
    ids = ["all/a/1.md", "all/a/2.md", "all/b/3.md", "all/4.md"]
    made_of = shown(made(np.eye(4), ids=ids), ["all/b/3.md", "nowhere.md"])
    names = [trace["name"] for trace in made_of["data"]]
    assert names == ["a", "（最上层）", "b", "上一个问题找到的"]
    assert [len(trace["x"]) for trace in made_of["data"]] == [2, 1, 1, 1]
    looks = {(trace["marker"]["color"], trace["marker"]["symbol"]) for trace in made_of["data"]}
    assert len(looks) == 4
    assert made_of["data"][3]["x"] == made_of["data"][2]["x"]


def test_folders_without_a_look_of_their_own_share_one():
    ids = [f"{folder}/{number}.md" for folder in range(12) for number in range(folder + 1)]
    data = shown(made(np.eye(len(ids)), ids=ids))["data"]
    assert [trace["name"] for trace in data] == ["11", "10", "9", "8", "7", "6", "5", "其他文件夹"]
    assert len(data[-1]["x"]) == sum(range(1, 6))


def test_nothing_of_a_title_or_a_folder_is_markup_in_a_figure():
    ids = [f"{HOSTILE.replace('/', '')}/1.md", "b/2.md"]
    made_of = shown(made(np.eye(2), ids=ids, titles=[HOSTILE, "乙"]), ids)
    for trace in made_of["data"]:
        for text in (trace["name"], *trace["hovertext"], *trace.get("text", ())):
            assert not set(text) & set("<>$%{}'\"")
    assert made_of["data"][0]["hoverinfo"] == "text"


def test_a_figure_takes_nothing_from_elsewhere_and_shows_no_link_to_its_maker():
    made_of = shown(made(np.eye(3)))
    assert made_of["config"] == {"displayModeBar": False}
    assert "http" not in json.dumps(made_of)


def test_names_stand_where_they_touch_no_other_and_those_of_lit_documents_go_before():
    ids = ["a.md", "b.md", "c.md"]
    near = made([[1, 0], [1, 0.01], [0, 1]], ids=ids)
    assert shown(near)["data"][0]["text"] == ["a&#46;md", "", "c&#46;md"]
    assert shown(near, ["b.md"])["data"][0]["text"] == ["", "b&#46;md", "c&#46;md"]


def test_of_many_documents_some_are_drawn_and_always_those_that_are_lit():
    vectors = np.random.default_rng(1).normal(size=(2 * POINTS + 1, 3)).astype(np.float32)
    many = made(vectors)
    drawn, lit = shown(many, ["1.md"])["data"]
    assert len(drawn["x"]) == POINTS + 1
    assert len(lit["x"]) == 1
    assert f"只画出其中 {POINTS} 个点" in atlas_html(many, [])


def test_an_axis_on_which_little_differs_is_not_stretched():
    layout = shown(made([[1, 0], [0.5, 0.01], [0, 0]]))["layout"]
    width, height = (layout[axis]["range"][1] - layout[axis]["range"][0] for axis in ("xaxis", "yaxis"))
    assert width == pytest.approx(4 * height, rel=1e-3)
    assert layout["xaxis"]["range"][0] < -0.5 and layout["xaxis"]["range"][1] > 0.5


@pytest.mark.parametrize("vectors", [np.empty((0, 3)), np.eye(1), np.ones((4, 3))], ids=["none", "one", "alike"])
def test_a_figure_is_made_of_few_documents_too(vectors):
    assert sum(len(trace["x"]) for trace in shown(made(vectors))["data"]) == len(vectors)


def test_the_picture_is_told_in_words_with_links_to_the_nearest():
    found = made([[1, 0], [0.8, 0.6], [0, 1]], ids=["a.md", "夹/b #1.md", "c.md"], titles=["甲", HOSTILE, "丙"])
    with speaking("en"):
        told = atlas_html(found, ["a.md"], "我的")
    assert "Nearest in meaning to “甲”" in told
    (link,) = re.findall('href="(.*?)"', told)
    assert html.unescape(link) == f"read/{percent('夹')}/b%20%231.md?collection={percent('我的')}"
    assert "script" not in set(re.findall("<([a-z]+)", told)) and "c.md" not in html.unescape(told)
    assert "在对话里提一个问题" in atlas_html(found, [])


# -- of an index


def test_a_document_lies_where_the_mean_of_its_passages_does_and_copies_lie_nowhere(tmp_path, segmenter, keywords):
    texts = {
        "a.md": "# 一\n\n鲸鱼很大。\n\n# 二\n\n苹果很红。\n",
        "b.md": "火车很快。\n",
        "c.md": "火车很快。\n",
        "d.md": "别的东西。\n",
    }
    build_index(tmp_path / "i", write_files(tmp_path / "d", texts), segmenter, keywords)
    found = meanings(Store(tmp_path / "i"))
    assert found.ids == ("a.md", "b.md", "d.md")
    half = np.sqrt(0.5)
    assert np.allclose(found.vectors, [[half, half, 0], [0, 0, 1], [0, 0, 0]])


def test_the_means_do_not_depend_on_how_many_vectors_are_decoded_at_once(shipped_index, monkeypatch):
    whole = meanings(Store(shipped_index)).vectors
    monkeypatch.setattr(overview, "_AT_ONCE", 5)
    assert np.allclose(meanings(Store(shipped_index)).vectors, whole, atol=1e-6)


def test_the_nearest_documents_are_those_of_the_same_subject(shipped_index):
    found = Atlas.of(meanings(Store(shipped_index)))
    near = [found.ids[place] for place in found.neighbours(found.ids.index("pytorch.md"))]
    assert near[0] == "caffe2.md"


def test_documents_are_shortened_where_something_was_left_out(tmp_path, segmenter, keywords):
    menu, text = "<nav><a href='/'>首页</a><a href='/a'>关于我们</a></nav>", "鲸鱼住在大海里，以磷虾为食。" * 12
    page = f"<html><body>{menu}<article><h1>鲸</h1><p>{text}</p></article></body></html>"
    texts = {"whole.md": "鲸鱼很大。\n", "cut.html": page}
    build_index(tmp_path / "i", write_files(tmp_path / "d", texts), segmenter, keywords)
    assert shortened(Store(tmp_path / "i")) == {"cut.html"}


def test_damaged_vectors_are_told_as_a_damaged_index(tmp_path, segmenter, keywords):
    build_index(tmp_path / "i", write_files(tmp_path / "d", {"a.md": "鲸鱼很大。\n"}), segmenter, keywords)
    store = Store(tmp_path / "i")
    (store.current() / "vectors.faiss").write_bytes(b"no vectors")
    with pytest.raises(IndexUnusableError):
        meanings(store)


def test_a_generation_is_laid_out_once(tmp_path: Path, home: Path, monkeypatch):
    settings = Settings(home, tmp_path / "i", named=True)
    folder = write_files(tmp_path / "d", {"a.md": "鲸鱼很大。\n"})
    build(settings, [folder])
    live = Live(settings, note=print)
    once = atlas_of(live)
    assert atlas_of(live) is once
    write_files(folder, {"b.md": "苹果很红。\n"})
    live.rebuild(lambda *_: None)
    assert atlas_of(live).ids == ("a.md", "b.md")
    live.close()
