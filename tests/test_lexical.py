import json
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.files import share
from index.lexical import LexicalIndex, LexicalWriter, assemble, is_of_segment
from tests.conftest import in_namespace

PART = "00c0ffee"
Segments = Sequence[Mapping[str, Any]]


def make(folder: Path, passages: Sequence[Sequence[str]]) -> LexicalIndex:
    writer = LexicalWriter(folder, PART)
    for terms in passages:
        writer.add(terms)
    writer.finish()
    return LexicalIndex.load(folder, {PART: 0})


def write_part(folder: Path, name: str, passages: Sequence[Sequence[str]]) -> Segments:
    writer = LexicalWriter(folder / name, name)
    for terms in passages:
        writer.add(terms)
    return writer.finish()


def put_together(folder: Path, target: str, parts: Mapping[str, Segments], sizes: Sequence[int]) -> LexicalIndex:
    """Make an index of parts whose files lie in folders of their own below `folder`."""
    (folder / target).mkdir()
    bases, base = {}, 0
    for (name, segments), size in zip(parts.items(), sizes, strict=True):
        for path in sorted((folder / name).iterdir()):
            if any(is_of_segment(path.name, segment) for segment in segments):
                share(path, folder / target / path.name)
        bases[name], base = base, base + size
    assemble(folder / target, [segment for segments in parts.values() for segment in segments])
    return LexicalIndex.load(folder / target, bases)


def make_of_parts(folder: Path, parts: Sequence[Sequence[Sequence[str]]]) -> LexicalIndex:
    written = {f"{number * 0x33333333:08x}": passages for number, passages in enumerate(parts)}
    segments = {name: write_part(folder, name, passages) for name, passages in written.items()}
    return put_together(folder, "whole", segments, [len(passages) for passages in parts])


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


def assert_agrees(index: LexicalIndex, passages: Sequence[Sequence[str]], weights: Mapping[str, float]) -> None:
    numbers, scores = index.search(weights, 100)
    if not any(passages):
        assert len(numbers) == 0
        return
    oracle = bm25(passages, weights)
    assert sorted(numbers.tolist()) == [number for number, score in enumerate(oracle) if score > 0]
    assert scores.tolist() == pytest.approx([oracle[number] for number in numbers], rel=1e-5)


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
    assert_agrees(index, passages, weights)


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
index = LexicalIndex.load(Path(sys.argv[1]), {"00c0ffee": 7})
print(index.search({"b": 1.0}, 5)[0].tolist()); index.close()' "$1"
    """
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = in_namespace("-rm", script, tmp_path / "lexical", TMPDIR=str(temporary))
    assert (done.stdout, done.stderr) == (b"[8]\n", b"")
    assert list(temporary.iterdir()) == []


def test_a_damaged_index_is_a_value_error(tmp_path: Path) -> None:
    make(tmp_path, [["a"], ["b"]]).close()
    (tmp_path / "meta.json").write_bytes((tmp_path / "meta.json").read_bytes()[:20])
    with pytest.raises(ValueError, match=r"(?i)json|corrupt|EOF"):
        LexicalIndex.load(tmp_path, {PART: 0})


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.lists(st.sampled_from(["a", "b b", "中", "文+"]), max_size=8), max_size=5), min_size=1, max_size=4
    ),
    st.dictionaries(st.sampled_from(["a", "b b", "中", "文+", "nowhere"]), st.floats(0.125, 3), max_size=4),
)
def test_an_index_of_any_parts_agrees_with_the_formula_over_all_passages(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[list[str]]], weights: dict[str, float]
) -> None:
    passages = [terms for part in parts for terms in part]
    index = make_of_parts(tmp_path_factory.mktemp("parts"), parts)
    assert len(index) == len(passages)
    for term in weights:
        assert index.document_frequency(term) == sum(term in terms for terms in passages)
    assert_agrees(index, passages, weights)


WORDS = ["深度", "学习", "tensorflow", "c++", "pytorch 1.0", "1.0", "的", "框架"]
QUESTIONS: list[dict[str, float]] = [
    {"pytorch 1.0": 0.5, "的": 2.0},
    {"c++": 0.1, "学习": 1.0},
    dict.fromkeys(WORDS, 1.0),
]


def chosen(seed: int, count: int, longest: int) -> list[list[str]]:
    chance = random.Random(seed)
    return [chance.choices(WORDS, weights=range(1, 9), k=chance.randint(1, longest)) for _ in range(count)]


def test_an_index_of_parts_is_that_of_all_passages_also_after_one_part_is_written_again(tmp_path: Path) -> None:
    # more than a block of tantivy's (128 postings) in each, and parts of unlike lengths
    every = {
        "aaaaaaaa": chosen(1, 200, 4),
        "00000000": chosen(2, 300, 40),
        "ffffffff": chosen(3, 150, 20),
        "01234567": chosen(4, 250, 39),
    }
    parts = {name: write_part(tmp_path, name, passages) for name, passages in every.items()}
    for target, order in {
        "former": ["aaaaaaaa", "00000000", "ffffffff"],
        "later": ["aaaaaaaa", "01234567", "ffffffff"],
    }.items():
        passages = [terms for name in order for terms in every[name]]
        sizes = [len(every[name]) for name in order]
        index = put_together(tmp_path, target, {name: parts[name] for name in order}, sizes)
        one = make(tmp_path / f"{target} in one", passages)
        assert len(index) == len(one) == len(passages)
        for weights in QUESTIONS:
            oracle = bm25(passages, weights)
            numbers, scores = index.search(weights, len(passages))
            assert sorted(numbers.tolist()) == [number for number, score in enumerate(oracle) if score > 0]
            assert scores.tolist() == pytest.approx([oracle[number] for number in numbers], rel=1e-5)
            for k in (1, 10, len(passages)):
                found = [column.tolist() for column in index.search(weights, k)]
                assert found == [column.tolist() for column in one.search(weights, k)]


def test_the_best_passage_is_found_in_a_part_of_longer_passages(tmp_path: Path) -> None:
    # tantivy keeps the best of each block by the mean length of its segment; here the mean of all parts is another
    def passage(count: int, length: int) -> list[str]:
        return ["t"] * count + ["x"] * (length - count)

    long = [passage(1, 4)] * 128 + [passage(6, 39), passage(1, 1)] + [passage(1, 39)] * 300
    index = make_of_parts(tmp_path, [[["y", "y"]] * 4000, long])
    for weights in ({"t": 1.0}, {"t": 1.0, "x": 0.01}):
        assert index.search(weights, 3)[0].tolist() == [4129, 4000, 4001]


def test_equal_scores_come_in_the_order_of_the_parts_also_where_k_cuts(tmp_path: Path) -> None:
    parts = [[["b"], ["a"]], [["a"]], [["a", "a"], ["a"]]]
    index = make_of_parts(tmp_path, parts)
    assert find(index, ["a"], 5)[0] == [3, 1, 2, 4]
    assert [find(index, ["a"], k)[0] for k in (1, 2, 3)] == [[3], [3, 1], [3, 1, 2]]


def test_a_term_with_a_space_is_one_term_in_every_part(tmp_path: Path) -> None:
    index = make_of_parts(tmp_path, [[["pytorch 1.0"]], [["pytorch", "1.0"], ["1.0", "pytorch 1.0"]]])
    assert find(index, ["pytorch 1.0"], 3)[0] == [0, 2]
    assert sorted(find(index, ["1.0"], 3)[0]) == [1, 2]
    assert [index.document_frequency(term) for term in ("pytorch 1.0", "pytorch", "1.0")] == [2, 1, 2]


def test_an_index_without_parts_finds_nothing(tmp_path: Path) -> None:
    assemble(tmp_path, [])
    index = LexicalIndex.load(tmp_path, {})
    assert (len(index), find(index, ["a"], 5)[0], index.document_frequency("a")) == (0, [], 0)


def test_the_segments_are_those_that_tantivy_lists_and_every_file_of_theirs_is_told(tmp_path: Path) -> None:
    segments = write_part(tmp_path, PART, [["a"], ["b"]])
    assert json.loads((tmp_path / PART / "meta.json").read_text(encoding="utf-8"))["segments"] == list(segments)
    others = {path.name for path in (tmp_path / PART).iterdir() if not is_of_segment(path.name, segments[0])}
    assert (len(segments), {name for name in others if not name.startswith(".")}) == (1, {"meta.json"})


def test_a_segment_whose_files_are_missing_is_a_value_error(tmp_path: Path) -> None:
    segments = write_part(tmp_path, PART, [["a"], ["b"]])
    (tmp_path / "whole").mkdir()
    assemble(tmp_path / "whole", segments)
    with pytest.raises(ValueError, match=r"(?i)lexical|not exist|file"):
        LexicalIndex.load(tmp_path / "whole", {PART: 0})
