import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex, LexicalWriter
from tests.conftest import in_namespace


def make(folder: Path, passages: Sequence[Sequence[str]]) -> LexicalIndex:
    writer = LexicalWriter(folder)
    for terms in passages:
        writer.add(terms)
    writer.finish()
    return LexicalIndex.load(folder)


def find(index: LexicalIndex, terms: Sequence[str], k: int) -> tuple[list[int], list[float]]:
    numbers, scores = index.search(dict.fromkeys(terms, 1.0), k)
    return numbers.tolist(), scores.tolist()


def bm25(passages: Sequence[Sequence[str]], weights: Mapping[str, float]) -> list[float]:
    """The formula, written down anew; tantivy keeps lengths of up to 40 terms exactly."""
    total, mean = len(passages), sum(map(len, passages)) / len(passages)
    scores = []
    for passage in passages:
        counts, score = Counter(passage), 0.0
        for term, weight in weights.items():
            n = sum(term in other for other in passages)
            idf = math.log(1 + (total - n + 0.5) / (n + 0.5))
            length = 1.2 * (1 - 0.75 + 0.75 * len(passage) / mean)
            score += weight * idf * counts[term] * 2.2 / (counts[term] + length)
        scores.append(score)
    return scores


def test_scores_are_those_of_the_bm25_formula(tmp_path: Path) -> None:
    chance = random.Random(3)
    words = ["深度", "学习", "tensorflow", "c++", "pytorch 1.0", "1.0", "的", "框架"]
    passages = [chance.choices(words, weights=range(1, 9), k=chance.randint(1, 40)) for _ in range(200)]
    index = make(tmp_path / "lexical", passages)
    assert len(index) == 200
    for weights in (
        {"深度": 1.0},
        {"pytorch 1.0": 0.5, "的": 2.0},
        {"c++": 0.1, "学习": 1.0},
        dict.fromkeys(words, 1.0),
    ):
        numbers, scores = index.search(weights, 200)
        oracle = bm25(passages, weights)
        assert scores.tolist() == pytest.approx([oracle[number] for number in numbers], rel=1e-5)
        assert sorted(numbers.tolist()) == [number for number, score in enumerate(oracle) if score > 0]
        assert list(scores) == sorted(scores, reverse=True)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.sampled_from(["a", "b b", "中", "文+"]), max_size=8), min_size=1, max_size=12),
    st.dictionaries(st.sampled_from(["a", "b b", "中", "文+", "nowhere"]), st.floats(0.125, 3), max_size=4),
)
def test_any_small_index_agrees_with_the_formula(
    tmp_path_factory: pytest.TempPathFactory, passages: list[list[str]], weights: dict[str, float]
) -> None:
    index = make(tmp_path_factory.mktemp("bm25"), passages)
    numbers, scores = index.search(weights, 100)
    if not any(passages):
        assert len(numbers) == 0
        return
    oracle = bm25(passages, weights)
    assert sorted(numbers.tolist()) == [number for number, score in enumerate(oracle) if score > 0]
    assert scores.tolist() == pytest.approx([oracle[number] for number in numbers], rel=1e-5)


def test_equal_scores_come_in_the_order_of_the_build_also_where_k_cuts(tmp_path: Path) -> None:
    index = make(tmp_path, [["b"], ["a"], ["a"], ["a", "a"], ["a"]])
    assert find(index, ["a"], 5)[0] == [3, 1, 2, 4]
    assert find(index, ["a"], 3)[0] == [3, 1, 2]


def test_a_term_with_a_space_is_one_term(tmp_path: Path) -> None:
    index = make(tmp_path, [["pytorch 1.0"], ["pytorch", "1.0"], ["pytorch"]])
    assert find(index, ["pytorch 1.0"], 3)[0] == [0]
    assert sorted(find(index, ["pytorch"], 3)[0]) == [1, 2]
    assert [index.document_frequency(term) for term in ("pytorch 1.0", "pytorch", "1.0", "x")] == [1, 2, 1, 0]


@pytest.mark.parametrize(
    "term", ['"', ":", "(", "AND", "a*", "~", "\\", "terms:a", "passage:0", "学" * 30_000, "\u2028"]
)
def test_query_syntax_and_endless_words_are_only_terms(tmp_path: Path, term: str) -> None:
    index = make(tmp_path, [["a"], ["b", "and"]])
    assert find(index, [term], 5)[0] == []
    assert find(index, [term, "b"], 5)[0] == [1]


def test_nothing_is_found_without_terms_or_passages(tmp_path: Path) -> None:
    assert find(make(tmp_path / "a", [["a"]]), [], 5) == ([], [])
    empty = make(tmp_path / "b", [])
    assert (len(empty), find(empty, ["a"], 5)[0]) == (0, [])


def test_an_index_on_a_read_only_disk_opens_and_is_left_as_it_was(tmp_path: Path) -> None:
    make(tmp_path / "lexical", [["a"], ["b"]])
    script = """
    mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"
    ! touch "$1/x" 2>/dev/null
    exec "$PYTHON" -W error -c '
import sys; from pathlib import Path; from index.lexical import LexicalIndex
index = LexicalIndex.load(Path(sys.argv[1])); print(index.search({"b": 1.0}, 5)[0].tolist()); index.close()' "$1"
    """
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = in_namespace("-rm", script, tmp_path / "lexical", TMPDIR=str(temporary))
    assert (done.stdout, done.stderr) == (b"[1]\n", b"")
    assert list(temporary.iterdir()) == []


def test_a_damaged_index_is_a_value_error(tmp_path: Path) -> None:
    make(tmp_path, [["a"], ["b"]]).close()
    (tmp_path / "meta.json").write_bytes((tmp_path / "meta.json").read_bytes()[:20])
    with pytest.raises(ValueError, match=r"(?i)json|corrupt|EOF"):
        LexicalIndex.load(tmp_path)
