import json
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from assistant import Assistant
from assistant.answering.answer import Answer, Quote
from assistant.asked import Asked, load, plain
from assistant.evaluate import (
    Change,
    Comparison,
    Evaluation,
    Measures,
    Outcome,
    _Places,
    as_json,
    as_text,
    auroc,
    score,
)
from corpus.errors import InputError
from corpus.words import Segmenter
from index.embedding import StaticModel
from tests.conftest import build_index, write_files

# -- the question file

LINES = [
    '{"id": "a", "question": "鲸鱼住在哪里？", "answers": ["大海", "海里"], "document": "a.md", "topic": "x"}',
    "",
    '{"question": "恐龙为什么灭绝？", "answers": []}',
    "  ",
    '{"turns": ["鲸鱼是什么？", "它住在哪里？"], "answers": [["大海", "鲸鱼"], "海里"]}',
    '{"id": 7, "question": "苹果是什么？", "document": "b.md", "answers": null}',
]
ASKED = (
    Asked("a", ("鲸鱼住在哪里？",), True, (("大海",), ("海里",)), "a.md"),
    Asked(3, ("恐龙为什么灭绝？",), False),
    Asked(5, ("鲸鱼是什么？", "它住在哪里？"), True, (("大海", "鲸鱼"), ("海里",))),
    Asked(7, ("苹果是什么？",), True, (), "b.md"),
)


def question_file(folder: Path, text: str | bytes, name: str = "questions.jsonl") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def squad(*paragraphs: tuple[str, list[dict[str, object]]]) -> str:
    data = [{"title": "题", "paragraphs": [{"context": context, "qas": qas}]} for context, qas in paragraphs]
    return json.dumps({"version": "v2.0", "data": data}, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_read_in_every_encoding_and_with_either_line_end(tmp_path: Path, encoding: str, end: str) -> None:
    assert load(question_file(tmp_path, end.join(LINES).encode(encoding))) == ASKED


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x85"])
def test_a_strange_line_end_inside_a_question_breaks_no_line(tmp_path: Path, odd: str) -> None:
    text = json.dumps({"question": f"鲸鱼{odd}住在哪里？", "answers": ["大海"]}, ensure_ascii=False)
    assert [asked.turns for asked in load(question_file(tmp_path, text))] == [(f"鲸鱼{odd}住在哪里？",)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_squad_layout_is_read_with_its_paragraphs(tmp_path: Path, encoding: str) -> None:
    text = squad(
        (
            "鯨魚 住在\n大海。",
            [
                {"id": "1", "question": "鲸鱼住在哪里？", "answers": [{"text": "大海", "answer_start": 5}] * 2},
                {"id": "2", "question": " ", "answers": [{"text": "空"}]},
                {"question": "恐龙呢？", "is_impossible": True, "answers": [{"text": "大海"}]},
                {"question": "火车呢？", "answers": []},
            ],
        ),
        (
            "苹果。",
            [
                {"id": 9, "question": "苹果？", "is_impossible": False, "answers": [{"text": "苹果"}]},
                {"question": "没有答案的字？"},
                {"question": "也没有？", "is_impossible": False, "answers": []},
            ],
        ),
    )
    assert load(question_file(tmp_path, text.encode(encoding))) == (
        Asked("1", ("鲸鱼住在哪里？",), True, (("大海",), ("大海",)), paragraph="鲸鱼住在大海。"),
        Asked(3, ("恐龙呢？",), False, paragraph="鲸鱼住在大海。"),
        Asked(4, ("火车呢？",), False, paragraph="鲸鱼住在大海。"),
        Asked(9, ("苹果？",), True, (("苹果",),), paragraph="苹果。"),
        Asked(6, ("没有答案的字？",), True, paragraph="苹果。"),
        Asked(7, ("也没有？",), True, paragraph="苹果。"),
    )


GOOD = '{"question": "问", "answers": ["答"]}\n'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "不是 JSON 对象"),
        ("[1, 2]", "不是 JSON 对象"),
        ("鲸鱼住在哪里？", "不是 JSON 对象"),
        ('{"answers": ["答"]}', "缺少问题（question 或 turns）"),
        ('{"question": " ", "answers": ["答"]}', "缺少问题（question 或 turns）"),
        ('{"question": 5, "answers": ["答"]}', "缺少问题（question 或 turns）"),
        ('{"turns": [], "answers": ["答"]}', "缺少问题（question 或 turns）"),
        ('{"turns": "问", "answers": ["答"]}', "缺少问题（question 或 turns）"),
        ('{"question": "问"}', "answers 要写成字符串的列表"),
        ('{"question": "问", "answers": "答"}', "answers 要写成字符串的列表"),
        ('{"question": "问", "answers": [2015]}', "answers 要写成字符串的列表"),
        ('{"question": "问", "answers": [""]}', "answers 要写成字符串的列表"),
        ('{"question": "问", "answers": [[]]}', "answers 要写成字符串的列表"),
        ('{"question": "问", "answers": [["答", " "]]}', "answers 要写成字符串的列表"),
        ('{"question": "问", "answers": ["答"], "document": ["a.md"]}', "document 要写成文档的名称"),
        ('{"question": "问", "answers": ["答"], "id": [1]}', "id 要写成字符串或整数"),
        ('{"question": "问", "answers": ["答"], "id": NaN}', "id 要写成字符串或整数"),
        ("{" * 5000, "不是 JSON 对象"),
        ('{"a":' * 100_000, "不是 JSON 对象"),
    ],
)
def test_a_bad_line_is_told_with_file_line_reason_and_what_to_do(tmp_path: Path, line: str, reason: str) -> None:
    path = question_file(tmp_path, GOOD + "\n" + line + "\n" + GOOD)
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value).startswith(f"文件 {path} 第 3 行无法使用：{reason}")
    assert '请改为 {"question": "…", "answers": ["…"], "document": "…"} 这样的一行' in str(caught.value)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("5", "data"),
        ("[5]", "data"),
        ("[{}]", "data[0].paragraphs"),
        ('[{"paragraphs": []}, {"paragraphs": {"context": "文"}}]', "data[1].paragraphs"),
        ('[{"paragraphs": [{"qas": []}]}]', "data[0].paragraphs[0].context"),
        ('[{"paragraphs": [{"context": " ", "qas": []}]}]', "data[0].paragraphs[0].context"),
        ('[{"paragraphs": [{"context": "文"}]}]', "data[0].paragraphs[0].qas"),
        *(
            (f'[{{"paragraphs": [{{"context": "文", "qas": [{entry}]}}]}}]', "data[0].paragraphs[0].qas[0]")
            for entry in (
                '{"answers": []}',
                '{"question": 5, "answers": []}',
                '{"question": "问", "answers": {"text": "答"}}',
                '{"question": "问", "answers": ["答"]}',
                '{"question": "问", "answers": [{"text": ""}]}',
                '{"question": "问", "answers": [{}]}',
                '{"question": "问", "answers": [], "is_impossible": "no"}',
                '{"question": "问", "answers": [], "id": 1.5}',
            )
        ),
    ],
)
def test_a_fault_in_squad_layout_is_told_with_its_place(tmp_path: Path, data: str, place: str) -> None:
    path = question_file(tmp_path, f'{{"data": {data}}}', "dev.json")
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value).startswith(f"文件 {path} 的 {place} 无法使用：")
    assert "SQuAD 格式是 data、paragraphs、context、qas" in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff", '{"data": []}', squad(("文。", []))])
def test_a_file_without_questions_says_how_to_write_some(tmp_path: Path, text: str) -> None:
    path = question_file(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value).startswith(f"文件 {path} 里没有问题。请用 SQuAD 格式，或每行写一个")


@pytest.mark.parametrize("make", [lambda path: path, lambda path: path.parent, lambda path: write_broken(path)])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, make) -> None:
    path = make(tmp_path / "none.jsonl")
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value).startswith(f"无法读取文件 {path}：")


def write_broken(path: Path) -> Path:
    path.write_bytes(b"\xff\xff\xff")
    return path


def test_an_answer_is_held_whatever_its_white_space_script_width_and_case() -> None:
    asked = Asked(1, ("问",), True, (("深度學習", "ＣＡＦＦＥ 2"), ("1.0",)))
    assert asked.answered_by("Caffe\n2 是深度 学习框架")
    assert asked.answered_by("版本 １．０")
    assert not asked.answered_by("深度学习")
    assert not Asked(1, ("问",), True).answered_by("")


# -- the paragraph


def places(texts: dict[str, str]) -> _Places:
    return _Places(SimpleNamespace(document=lambda id: SimpleNamespace(text=texts[id])))  # type: ignore[arg-type]


def quote(document: str, text: str, start: int, end: int) -> Quote:
    return Quote(text[start:end], document, "", "", "", (), start, end, 1.0)


@given(
    text=st.text("甲乙 \n", min_size=1, max_size=30),
    context=st.text("甲乙丙 ", min_size=1, max_size=12).filter(str.strip),
    cut=st.tuples(st.integers(0, 29), st.integers(0, 29)),
)
def test_what_is_of_a_paragraph_is_what_overlaps_it_in_its_document_or_is_a_part_of_it(
    text: str, context: str, cut: tuple[int, int]
) -> None:
    start, end = sorted(min(place, len(text)) for place in cut)
    found = quote("a", text, start, end)
    if not found.text.strip():
        return
    paragraph = plain(context)
    kept = [place for place, character in enumerate(text) if not character.isspace()]
    whole = "".join(text[place] for place in kept)
    occurrences = [n for n in range(len(whole)) if whole.startswith(paragraph, n)]
    covered = {kept[n + m] for n in occurrences for m in range(len(paragraph))}
    wanted = bool(covered & set(range(start, end)) & set(kept)) or plain(found.text) in paragraph
    asked = Asked(1, ("问",), True, (), paragraph=paragraph)
    assert places({"a": text}).right(asked, found) == wanted


@pytest.mark.parametrize(
    ("start", "end", "wanted"), [(1, 3, False), (1, 4, True), (5, 7, True), (6, 7, False), (0, 7, True)]
)
def test_one_common_character_is_an_overlap(start: int, end: int, wanted: bool) -> None:
    text = "甲 乙丙丁戊己"
    asked = Asked(1, ("问",), True, (), paragraph="丙丁戊")
    assert places({"a": text}).right(asked, quote("a", text, start, end)) == wanted


def test_the_same_answer_in_another_paragraph_of_the_document_is_not_right() -> None:
    text = "鲸鱼在 2015 年上岸。\n火车在 2015 年开通。\n"
    there = places({"a.md": text})
    asked = Asked(1, ("火车？",), True, (("2015",),), paragraph=plain("火车在2015年開通。"))
    first, second = quote("a.md", text, 0, text.index("火")), quote("a.md", text, text.index("火"), len(text))
    assert [there.right(asked, one) for one in (first, second)] == [False, True]
    assert there.right(asked, quote("a.md", text, 0, len(text)))  # a passage that reaches into the paragraph
    assert not there.right(replace(asked, answers=(("2016",),)), second)


# -- the measures, by hand

FILES = {"a.md": "鲸鱼住在大海里。", "b.md": "苹果长在果树上。", "c.md": "火车跑在铁轨上。"}
QUESTIONS = (
    Asked("whale", ("鲸鱼住在哪里？",), True, (("大海",),), "a.md"),
    Asked("apple", ("苹果长在哪里？",), True, (), "c.md"),  # only the document is known
    Asked("train", ("火车跑在哪里？",), True, (("鲸鱼", "大海"), ("果树",))),  # what is accepted stands elsewhere
    Asked("dinosaur", ("恐龙为什么灭绝？",), False),
    Asked("apple again", ("苹果长在哪里？",), False),  # the documents say it all the same
    Asked("moon", ("月亮绕着什么转？",), True, (("地球",),)),
    Asked("whale, wrong place", ("鲸鱼住在哪里？",), True, (("大海",),), "b.md"),
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter, static_model: StaticModel) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    build_index(folder / "index", write_files(folder / "files", FILES), segmenter, static_model)
    return folder / "index"


@pytest.fixture
def assistant(tiny: Path):
    opened = Assistant.open(tiny)
    yield opened
    opened.close()


def order(assistant: Assistant, question: str) -> list[str]:
    answer = assistant.ask(question, top=10)
    names = [hit.passage.document for hit in answer.hits]
    assert [candidate.document for candidate in answer.candidates] == names
    return names


def test_every_measure_of_a_tiny_index_is_what_one_counts_by_hand(assistant: Assistant) -> None:
    assert order(assistant, "鲸鱼住在哪里？")[0] == "a.md"
    assert order(assistant, "苹果长在哪里？") == ["b.md", "a.md", "c.md"]
    assert order(assistant, "火车跑在哪里？") == ["c.md", "a.md", "b.md"]
    calls: list[tuple[str, int, int]] = []
    found = score(assistant, QUESTIONS, progress=lambda *call: calls.append(call))
    assert calls == [("ask", done, 7) for done in range(1, 8)]
    assert [one.id for one in found.outcomes] == [one.id for one in QUESTIONS]
    assert [one.right_passage_rank for one in found.outcomes] == [1, 3, 2, None, None, None, None]
    assert [one.right_sentence_rank for one in found.outcomes] == [1, None, 2, None, None, None, None]
    assert [one.answered for one in found.outcomes] == [True, True, True, False, True, False, True]
    assert [one.right for one in found.outcomes] == [True, None, False, True, False, False, True]
    assert [one.text for one in found.outcomes[:4]] == [*FILES.values(), ""]
    confidence = {one.id: one.confidence for one in found.outcomes}
    assert confidence["apple"] == confidence["apple again"]
    assert min(confidence[id] for id in ("whale", "apple", "train")) > 0.5
    assert confidence["moon"] < confidence["dinosaur"] < 0.1
    yes, no = ("whale", "apple", "train", "moon", "whale, wrong place"), ("dinosaur", "apple again")
    pairs = [(confidence[one], confidence[other]) for one in yes for other in no]
    times = sorted(one.milliseconds for one in found.outcomes)
    assert asdict(found.measures) == pytest.approx(
        {
            "asked": 7,
            "answerable": 5,
            "unanswerable": 2,
            "passage_recall_at_1": 1 / 5,
            "passage_recall_at_5": 3 / 5,
            "passage_recall_at_10": 3 / 5,
            "passage_mrr_at_10": (1 + 1 / 3 + 1 / 2) / 5,
            "sentence_at_1": 1 / 4,  # of those with words: whale, train, moon, whale in the wrong place
            "sentence_at_3": 2 / 4,
            "answered_right": 2 / 4,
            "decline_auroc": sum((one > other) + (one == other) / 2 for one, other in pairs) / 10,
            "answerable_declined": 1 / 5,
            "unanswerable_answered": 1 / 2,
            "milliseconds_median": times[3],
            "milliseconds_p99": times[5] + 0.94 * (times[6] - times[5]),
        }
    )


def outcome(id: str | int, **facts: object) -> Outcome:
    plain_one = Outcome(id, f"问题{id}", True, 1, 1, True, 0.5, True, 5.0, "答")
    return replace(plain_one, **facts)  # type: ignore[arg-type]


def test_ranks_up_to_the_tenth_count_for_recall_and_for_the_mean_reciprocal_rank() -> None:
    ranks = [1, 2, 5, 6, 10, None, 3, 4]
    rows = [outcome(n, right_passage_rank=rank, right_sentence_rank=rank) for n, rank in enumerate(ranks)]
    found = Measures.of(rows)
    assert (found.passage_recall_at_1, found.passage_recall_at_5, found.passage_recall_at_10) == (1 / 8, 5 / 8, 7 / 8)
    assert found.passage_mrr_at_10 == pytest.approx((1 + 1 / 2 + 1 / 5 + 1 / 6 + 1 / 10 + 1 / 3 + 1 / 4) / 8)
    assert (found.sentence_at_1, found.sentence_at_3) == (1 / 8, 3 / 8)


def test_what_is_missing_of_either_kind_gives_no_number() -> None:
    answerable, unanswerable = Measures.of([outcome(1)]), Measures.of([outcome(1, answerable=False, right=False)])
    assert (answerable.decline_auroc, answerable.unanswerable_answered, answerable.answerable_declined) == (
        None,
        None,
        0,
    )
    assert (unanswerable.decline_auroc, unanswerable.unanswerable_answered) == (None, 1)
    assert unanswerable.passage_recall_at_1 is unanswerable.answered_right is unanswerable.answerable_declined is None
    nothing = Measures.of([])
    assert set(asdict(nothing).values()) == {0, None}
    assert "—" in as_text(Evaluation(nothing, ()))


CONFIDENCES = st.lists(st.sampled_from([0.0, 0.1, 0.14, 0.5, 1.0]) | st.floats(0, 1), min_size=1, max_size=30)


@given(CONFIDENCES, CONFIDENCES)
def test_the_area_under_the_curve_is_that_of_scikit_learn(higher: list[float], lower: list[float]) -> None:
    labels = [1] * len(higher) + [0] * len(lower)
    assert auroc(higher, lower) == pytest.approx(roc_auc_score(labels, higher + lower), abs=1e-12)


def test_squad_layout_and_lines_of_the_same_questions_give_the_same_measures(
    assistant: Assistant, tmp_path: Path
) -> None:
    entries = [
        ("a.md", "鲸鱼住在哪里？", ["大海", "海里"]),
        ("a.md", "什么住在大海里？", ["鲸鱼"]),
        ("b.md", "苹果长在哪里？", ["铁轨"]),
        ("c.md", "火车跑在哪里？", None),
        ("c.md", "恐龙为什么灭绝？", []),
    ]
    lines = "\n".join(json.dumps({"document": d, "question": q, "answers": a}) for d, q, a in entries)
    layout = squad(
        *(
            (
                FILES[name].replace("鲸鱼", "鯨 魚"),
                [
                    {
                        "id": number,
                        "question": question,
                        **({} if answers is None else {"answers": [{"text": answer} for answer in answers]}),
                    }
                ],
            )
            for number, (name, question, answers) in enumerate(entries, start=1)
        )
    )
    one, other = (
        score(assistant, load(question_file(tmp_path, text, name)))
        for text, name in ((lines, "q.jsonl"), (layout, "q.json"))
    )
    assert [replace(row, milliseconds=0) for row in one.outcomes] == [
        replace(row, milliseconds=0) for row in other.outcomes
    ]
    timeless = {"milliseconds_median": 0, "milliseconds_p99": 0}
    assert asdict(one.measures) | timeless == asdict(other.measures) | timeless
    assert one.measures.passage_recall_at_1 == 3 / 4


class Recorder:
    """Passes questions on and keeps how they were asked."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.asked: list[tuple[object, ...]] = []

    def ask(self, question: str, history: Sequence[str] = (), *, top: int) -> Answer:
        self.asked.append((question, tuple(history), top))
        return self.assistant.ask(question, history, top=top)


def test_every_question_is_asked_once_with_its_earlier_turns_as_history(assistant: Assistant) -> None:
    recorder = Recorder(assistant)
    questions = [Asked(1, ("苹果长在哪里？", "它甜吗？", "鲸鱼住在哪里？"), True, (("大海",),)), QUESTIONS[2]]
    found = score(recorder, questions)  # type: ignore[arg-type]
    assert recorder.asked == [("鲸鱼住在哪里？", ("苹果长在哪里？", "它甜吗？"), 10), ("火车跑在哪里？", (), 10)]
    assert [one.question for one in found.outcomes] == ["鲸鱼住在哪里？", "火车跑在哪里？"]


# -- comparing


def evaluation(*outcomes: Outcome) -> Evaluation:
    return Evaluation(Measures.of(outcomes), outcomes)


BEFORE = evaluation(
    outcome("answer better", right=False, right_sentence_rank=2),
    outcome("answer worse", right_sentence_rank=3),
    outcome("sentence better", right_sentence_rank=None),
    outcome("sentence worse", right_sentence_rank=2, right_passage_rank=2),
    outcome("passage better", right_passage_rank=7),
    outcome("passage worse"),
    outcome("same", confidence=0.9, milliseconds=1.0),
    outcome("gone"),
    outcome("other words", question="从前"),
    outcome("twice", right=False),
    outcome("twice"),
)
NOW = evaluation(
    outcome("twice"),
    outcome("twice"),
    outcome("passage worse", right_passage_rank=None),
    outcome("passage better", right_passage_rank=6),
    outcome("sentence worse", right_sentence_rank=3, right_passage_rank=1),
    outcome("sentence better", right_sentence_rank=10, right_passage_rank=2),
    outcome("answer better", right_sentence_rank=5),
    outcome("answer worse", right=False, right_sentence_rank=1),
    outcome("same"),
    outcome("new", right=False),
    outcome("other words", question="现在"),
)


def test_a_comparison_sorts_questions_into_better_worse_and_the_same() -> None:
    found = Comparison.of(NOW, BEFORE)
    assert [change.now.id for change in found.better] == ["twice", "answer better", "passage better", "sentence better"]
    assert [change.now.id for change in found.worse] == ["answer worse", "passage worse", "sentence worse"]
    assert found.better[0] == Change(BEFORE.outcomes[9], NOW.outcomes[0])
    assert (found.same, found.only_now, found.only_before) == (2, 2, 2)
    assert found.before == BEFORE.measures
    assert set(found.difference) == {field.name for field in fields(Measures)}
    assert found.difference["answered_right"] == NOW.measures.answered_right - BEFORE.measures.answered_right == 0
    assert found.difference["sentence_at_1"] == pytest.approx(8 / 11 - 7 / 11)
    assert found.difference["passage_recall_at_10"] == pytest.approx(10 / 11 - 1)
    assert found.difference["decline_auroc"] is None


def test_an_evaluation_compared_with_itself_differs_in_nothing() -> None:
    found = Comparison.of(NOW, NOW)
    assert (found.better, found.worse, found.same, found.only_now, found.only_before) == ((), (), 11, 0, 0)
    assert set(found.difference.values()) == {0, None}


def test_what_was_saved_as_json_comes_back_the_same(tmp_path: Path) -> None:
    text = as_json(NOW, Comparison.of(NOW, BEFORE))
    assert text.isascii() and "\n" not in text
    path = question_file(tmp_path, text, "now.json")
    assert Evaluation.load(path) == NOW
    older = {name: value for name, value in json.loads(text).items() if name != "decline_auroc"}
    read = Evaluation.load(question_file(tmp_path, json.dumps(older, indent=1), "older.json"))
    assert read.measures == replace(NOW.measures, decline_auroc=None)


def spoiled(**facts: object) -> str:
    whole = json.loads(as_json(BEFORE))
    whole["questions"][0] |= facts
    return json.dumps(whole)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "[]",
            "5",
            "{}",
            '{"questions": 5}',
            '{"questions": [5]}',
            '{"questions": [{"id": 1}]}',
            "\n".join(LINES),
        ),
        json.dumps(json.loads(as_json(BEFORE)) | {"answered_right": "well"}),
        *(spoiled(id=[1]), spoiled(question=None), spoiled(right="yes"), spoiled(right_passage_rank="first")),
    ],
)
def test_a_file_that_is_no_evaluation_is_told(tmp_path: Path, text: str) -> None:
    path = question_file(tmp_path, text, "other.json")
    with pytest.raises(InputError) as caught:
        Evaluation.load(path)
    assert str(caught.value) == f"{path} 不是评测结果。请给出用 assistant eval --json 存下的文件。"


def test_a_text_shows_each_measure_its_difference_and_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = as_text(NOW, Comparison.of(NOW, BEFORE)).splitlines()
    assert lines[0] == "11 个问题：有答案 11 个，应当不作答 0 个"
    assert lines[3] == "正确段落在前 10：90.9 %（原来 100.0 %，差 -9.1）"
    assert lines[8] == "置信度区分有无答案（AUROC）：—（原来 —，差 —）"
    assert lines[11] == "每个问题用时，中位数：5.0 ms（原来 5.0 ms，差 +0.0）"
    assert lines[13:19] == [
        "",
        "变好 4 个：",
        "  [twice] 问题twice  答案 ✗ → ✓，句子 1 → 1，段落 1 → 1",
        "  [answer better] 问题answer better  答案 ✗ → ✓，句子 2 → 5，段落 1 → 1",
        "  [passage better] 问题passage better  答案 ✓ → ✓，句子 1 → 1，段落 7 → 6",
        "  [sentence better] 问题sentence better  答案 ✓ → ✓，句子 — → 10，段落 1 → 2",
    ]
    assert lines[-1] == "不变 2 个；只在这次有 2 个，只在原来有 2 个"
    monkeypatch.setenv("ASSISTANT_LANG", "en")
    assert as_text(NOW).splitlines()[:3] == [
        "11 questions: 11 answerable, 0 to be declined",
        "Right passage first: 72.7 %",
        "Right passage among 5: 81.8 %",
    ]


def test_a_text_lists_twenty_changes_and_counts_the_others() -> None:
    before, now = (evaluation(*(outcome(n, right=right) for n in range(23))) for right in (False, True))
    lines = as_text(now, Comparison.of(now, before)).splitlines()
    assert sum(line.startswith("  [") for line in lines) == 20
    assert "……以及另外 3 个" in lines


def test_percentiles_are_those_of_numpy() -> None:
    times: Sequence[float] = [3.0, 1.0, 2.0, 10.0]
    found = Measures.of([outcome(n, milliseconds=time) for n, time in enumerate(times)])
    assert (found.milliseconds_median, found.milliseconds_p99) == (2.5, pytest.approx(np.percentile(times, 99)))
