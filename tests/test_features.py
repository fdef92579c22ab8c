from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ranking.features import ALL, CLOSER, FEATURES, Candidates, collect
from assistant.ranking.likeness import SLACK, alike, character_bits, common_length, longest_run
from assistant.understanding.question import Question
from corpus.words import Segmenter
from index import updating
from index.embedding import StaticModel
from index.search import Searcher
from index.store import Store
from tests.conftest import write_files

RIVER = "西湖位于杭州市，面积约六平方公里。它在唐代由白居易疏浚。今天每年有三千万人游览西湖。"
FILES = {"西湖.txt": RIVER, "别处.txt": "太湖在江苏省，比西湖大得多。\n\n洞庭湖在湖南省。"}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter, static_model: StaticModel):
    folder = tmp_path_factory.mktemp("lakes")
    write_files(folder / "documents", FILES)
    store = Store(folder / "index")
    with store.writing():
        updating.build(store, [folder / "documents"], segmenter, static_model)
    searcher = store.open(segmenter, static_model).searcher
    yield searcher
    searcher.close()


def measured(question: str, searcher: Searcher, segmenter: Segmenter) -> dict[str, dict[str, float]]:
    """Return all features by sentence and name."""
    asked = Question.read(question, segmenter)
    candidates = collect(asked, searcher.search(asked.query, k=8), searcher)
    everything = np.arange(len(candidates))
    rows = candidates.closer(everything, np.zeros(len(everything)))
    assert rows.shape == (len(candidates), len(ALL))
    return {text_of(candidates, number): dict(zip(ALL, rows[number], strict=True)) for number in everything}


def text_of(candidates: Candidates, number: int) -> str:
    hit, start, end = candidates.span(number)
    return hit.passage.text[start:end]


def test_every_feature_has_one_name() -> None:
    assert len(set(ALL)) == len(ALL) == len(FEATURES) + len(CLOSER)


def test_a_sentence_is_measured_with_its_neighbours_and_its_place(searcher: Searcher, segmenter: Segmenter) -> None:
    rows = measured("西湖在唐代由谁疏浚？", searcher, segmenter)
    first, second, third = (rows[text] for text in (RIVER[:17], RIVER[17:28], RIVER[28:]))
    assert [row["place"] for row in (first, second, third)] == [0, 1, 2]
    assert [row["share"] for row in (first, second, third)] == [0, 1 / 3, 2 / 3]
    assert [row["length"] for row in (first, second, third)] == [17, 11, 14]
    assert second["words"] + second["before"] == pytest.approx(1)  # 唐代, 疏浚 here, 西湖 before
    assert second["before"] == second["earlier"] == second["opening"] == first["words"] > 0
    assert second["after"] == 0  # 西湖 stood before already
    assert second["elsewhere"] == second["before"]
    assert first["numbers"] == 1  # 六
    assert first["asked_length"] == second["asked_length"] == 10


def test_words_beside_those_that_ask_weigh_most(searcher: Searcher, segmenter: Segmenter) -> None:
    rows = measured("西湖在唐代由谁疏浚？", searcher, segmenter)
    second = rows[RIVER[17:28]]
    assert second["near"] > second["words"]
    assert second["near"] + second["near_before"] == pytest.approx(1)


def test_the_likely_answer_and_the_runs_around_the_asking_words_are_seen(
    searcher: Searcher, segmenter: Segmenter
) -> None:
    rows = measured("西湖在唐代由谁疏浚？", searcher, segmenter)
    second = rows[RIVER[17:28]]
    assert second["right_run"] == 2  # 疏浚
    assert second["left_run"] == 4  # 在唐代由
    assert second["likely"] == max(row["likely"] for row in rows.values()) > 0.3


def test_ranks_and_gaps_compare_with_the_best_sentence(searcher: Searcher, segmenter: Segmenter) -> None:
    rows = list(measured("西湖在唐代由谁疏浚？", searcher, segmenter).values())
    best = max(row["words"] for row in rows)
    assert sorted(row["words_rank"] for row in rows) == list(range(len(rows)))
    assert [row["words_gap"] for row in rows] == pytest.approx([row["words"] - best for row in rows])


def test_a_word_that_the_index_lacks_counts_as_unseen(searcher: Searcher, segmenter: Segmenter) -> None:
    for question, share in (("西湖", 0.0), ("恐龙", 1.0), ("西湖恐龙", 0.5)):
        assert {row["unseen"] for row in measured(question, searcher, segmenter).values()} <= {share}


def test_no_hit_gives_no_candidate(searcher: Searcher, segmenter: Segmenter) -> None:
    candidates = collect(Question.read("西湖", segmenter), [], searcher)
    assert len(candidates) == 0
    assert candidates.features.shape == (0, len(FEATURES))


@given(st.text("abcd", max_size=12), st.text("abcd", max_size=12))
def test_the_common_subsequence_is_as_long_as_dynamic_programming_finds(one: str, other: str) -> None:
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    assert common_length(character_bits(one), other) == table[-1][-1]


def test_likeness_is_1_for_the_same_text_and_falls_with_what_either_has_alone() -> None:
    assert alike(1.0, 8, 8) == 1.0
    assert alike(0.5, 8, 8) == 0.5
    assert alike(1.0, 4, 12) == 0.5
    assert alike(0.0, 4, 12) == 0.0


@given(st.text("甲乙丙", max_size=10), st.text("甲乙丙", max_size=14))
def test_a_run_begins_among_the_first_characters_and_stands_in_the_text(run: str, text: str) -> None:
    slack = range(min(SLACK, len(run)))
    expected = max(
        (end - start for start in slack for end in range(start, len(run) + 1) if run[start:end] in text), default=0
    )
    assert longest_run(run, text) == expected


def test_shipped_questions_give_finite_numbers(
    shipped_index: Path, segmenter: Segmenter, static_model: StaticModel
) -> None:
    searcher = Store(shipped_index).open(segmenter, static_model).searcher
    for question in ("PyTorch 1.0 和 Caffe2 什么关系", "C++", "TF 支持哪些语言？", "😀 Keras"):
        for row in measured(question, searcher, segmenter).values():
            assert np.isfinite(list(row.values())).all()
    searcher.close()
