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
