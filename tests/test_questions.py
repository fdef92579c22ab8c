import json
from collections import Counter

from tests.conftest import ROOT

FILE = ROOT / "tests" / "questions.jsonl"


def test_the_question_set_is_well_formed_and_large_enough() -> None:
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    assert max(Counter(row["id"] for row in rows).values()) == 1
    kinds = Counter(bool(row["answers"]) for row in rows)
    assert kinds[True] >= 120
    assert kinds[False] >= 25
    assert {row["split"] for row in rows} == {"tune", "held"}
    assert min(Counter((row["split"], bool(row["answers"])) for row in rows).values()) >= 10
    for row in rows:
        assert set(row) == {"id", "question", "answers", "topic", "kind", "split"}
        assert isinstance(row["question"], str)
        assert row["question"].strip() == row["question"] != ""
        assert {type(row[name]) for name in ("id", "topic", "kind")} == {str}
        for strings in row["answers"]:  # each asks for one of its strings
            assert isinstance(strings, list)
            assert strings
            assert all(isinstance(string, str) and string.strip() for string in strings)
    questions = Counter(row["question"] for row in rows)
    assert [question for question, count in questions.items() if count > 1] == []


def test_the_second_set_asks_in_every_kind_sloppily_in_dialogues_and_in_vain() -> None:
    path = ROOT / "tests" / "understanding.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert max(Counter(row["id"] for row in rows).values()) == 1
    groups = Counter(row["group"] for row in rows)
    assert groups == {"direct": 96, "dialogue": 25, "sloppy": 40, "near": 30, "unanswerable": 30}
    kinds = Counter(row["kind"] for row in rows if row["group"] == "direct")
    assert set(kinds.values()) == {8}
    assert len(kinds) == 12
    for row in rows:
        assert set(row) == {"id", "group", "kind", "turns", "answers", "split"}
        assert row["split"] in {"tune", "held"}
        assert 1 <= len(row["turns"]) <= 4
        assert (len(row["turns"]) > 1) == (row["group"] == "dialogue")
        assert bool(row["answers"]) == (row["group"] not in {"near", "unanswerable"})
        assert all(isinstance(string, str) and string.strip() for strings in row["answers"] for string in strings)
    halves = Counter((row["group"], row["split"]) for row in rows)
    assert all(abs(halves[group, "tune"] - halves[group, "held"]) <= 1 for group in groups)
