"""Thumbs: stored by several writers at once, exported as an eval set, and really gone when they are wiped."""

import json
import sqlite3
import stat
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import asked, evaluate, feedback
from assistant.answering.answer import Answer
from assistant.feedback import FORMAT, Fault, Feedback, Quoted, Vote, as_json, as_text
from assistant.settings import Settings
from corpus.errors import InputError, StorageError
from tests.conftest import asking, run_process

WHALE = Quoted("鲸鱼.md", 5, 12, "鲸鱼住在大海。")
UP = Vote("鲸鱼住在哪里？", True, quotes=(WHALE,), kind="where", confidence=0.5, created="2026-01-02T03:04:05+00:00")
DOWN = replace(UP, right=False, reason="wrong")
DECLINED = replace(UP, question="恐龙呢？", answered=False, quotes=())


@pytest.fixture
def kept(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path / "家" / "feedback.sqlite")


# -- storing


def test_votes_come_back_as_they_were_given_the_oldest_first(kept: Feedback) -> None:
    votes = [
        replace(DOWN, history=("鲸鱼是什么？", "它大吗？"), comment="=cmd|'/c calc'!A0\n\ud800\0", as_written=True),
        replace(UP, collection="我的书", index="2026-01-01T00:00:00Z"),
        DECLINED,
    ]
    for vote in votes:
        kept.add(vote)
    assert Feedback(kept.path).votes() == votes
    assert kept.count() == 3
    assert (kept.votes("我的书"), kept.count("我的书"), kept.votes("没有")) == ([votes[1]], 1, [])


def test_nothing_is_written_before_the_first_vote(kept: Feedback) -> None:
    assert (kept.count(), kept.votes(), kept.wipe(), kept.take_back("x")) == (0, [], 0, False)
    assert not kept.path.parent.exists()


def test_it_belongs_to_the_home_of_the_settings(home: Path) -> None:
    assert Feedback.of(Settings.from_environment()).path == home / "feedback.sqlite"


def test_a_vote_of_the_same_browser_on_the_same_answer_replaces_the_former_one(kept: Feedback) -> None:
    first = kept.add(replace(UP, client="甲"))
    others = [
        replace(UP, client="乙"),
        replace(UP, client="甲", history=("鲸鱼？",)),
        replace(UP, client="甲", collection="书"),
        replace(UP, client="甲", quotes=(replace_text(WHALE, "鲸鱼住在海里。"),)),
        replace(UP, client="甲", as_written=True),
    ]
    for vote in others:
        kept.add(vote)
    again = replace(DOWN, client="甲", index="later", created="2026-01-03T00:00:00+00:00")
    assert kept.add(again) == first
    assert kept.votes() == [*others, again]


def replace_text(quote: Quoted, text: str) -> Quoted:
    return quote._replace(text=text, end=quote.start + len(text))


def test_votes_without_a_browsers_id_are_all_kept(kept: Feedback) -> None:
    assert kept.add(UP) != kept.add(UP)
    assert kept.votes() == [UP, UP]


def test_a_vote_can_be_taken_back_once(kept: Feedback) -> None:
    keys = [kept.add(UP), kept.add(replace(DOWN, client="甲"))]
    assert kept.take_back(keys[0])
    assert not kept.take_back(keys[0])
    assert not kept.take_back("\ud800'")
    assert kept.votes() == [DOWN]


def test_the_file_tells_nobody_who_voted_and_only_its_owner_may_read_it(kept: Feedback) -> None:
    kept.add(replace(UP, client="a-browser-of-somebody"))
    assert b"a-browser-of-somebody" not in kept.path.read_bytes()
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600


def test_what_is_wiped_or_taken_back_or_replaced_is_in_no_file_any_more(kept: Feedback) -> None:
    secrets = [f"secret-{number}-" + "x" * 3000 for number in range(30)]
    keys = [kept.add(replace(UP, comment=secret[:900], question=secret, client=secret[:20])) for secret in secrets]
    assert kept.take_back(keys[0])
    kept.add(replace(DOWN, question=secrets[1], client=secrets[1][:20]))  # its comment goes
    assert (held(kept, secrets[0]), held(kept, secrets[1])) == (0, 1)
    large = kept.path.stat().st_size
    assert kept.wipe() == 29
    assert kept.count() == 0
    assert held(kept, "secret-") == 0
    assert kept.path.stat().st_size < large / 5
    assert [path.name for path in kept.path.parent.iterdir()] == ["feedback.sqlite"]
    kept.add(UP)
    assert kept.votes() == [UP]


def held(kept: Feedback, text: str) -> int:
    return sum(path.read_bytes().count(text.encode()) for path in kept.path.parent.iterdir())


def test_a_collections_votes_go_without_the_others(kept: Feedback) -> None:
    for vote in (UP, replace(UP, collection="书", comment="in-the-book"), DECLINED):
        kept.add(vote)
    assert kept.wipe("书") == 1
    assert kept.votes() == [UP, DECLINED]
    assert held(kept, "in-the-book") == 0
    assert kept.wipe("") == 2


def test_threads_and_processes_write_at_the_same_time_and_no_vote_is_lost(kept: Feedback) -> None:
    script = (
        "import sys; from pathlib import Path; from assistant.feedback import Feedback, Vote\n"
        "kept = Feedback(Path(sys.argv[1]))\n"
        "for number in range(10): kept.add(Vote(f'{sys.argv[2]}-{number}', True, answered=False))\n"
    )

    def other(name: str) -> int:
        return run_process([sys.executable, "-c", script, kept.path, name]).returncode

    def here(number: int) -> int:
        kept.add(replace(UP, question=f"here-{number}"))
        return 0

    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(other, name) for name in ("a", "b")] + [pool.submit(here, number) for number in range(40)]
        assert [one.result() for one in done] == [0] * 42
    wanted = {f"here-{n}" for n in range(40)} | {f"{name}-{n}" for name in "ab" for n in range(10)}
    assert {vote.question for vote in kept.votes()} == wanted
    assert kept.count() == 60


def test_several_that_give_the_first_vote_together_make_one_file(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def first(path: Path, number: int) -> None:
        together.wait()
        Feedback(path).add(replace(UP, question=f"{number}"))

    with ThreadPoolExecutor(8) as pool:
        for attempt in range(10):
            path = tmp_path / f"{attempt}.sqlite"
            list(pool.map(first, [path] * 8, range(8)))
            assert {vote.question for vote in Feedback(path).votes()} == {*"01234567"}


def test_a_vote_waits_for_one_that_is_being_written_and_then_says_so(
    kept: Feedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.add(UP)
    monkeypatch.setattr(feedback, "_WAIT", 0.05)
    with closing(sqlite3.connect(kept.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for use in (lambda: kept.add(DOWN), kept.votes, kept.wipe):
            assert fault(use).startswith(f"评价文件 {kept.path} 正被别的进程使用")
    assert kept.votes() == [UP]


def test_a_process_that_was_killed_while_writing_leaves_what_was_there(kept: Feedback) -> None:
    kept.add(UP)
    script = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size=1'); c.execute('BEGIN IMMEDIATE')\n"
        "c.executemany('INSERT INTO votes VALUES (?, ?, ?)', [(str(n), '', 'x' * 5000) for n in range(50)])\n"
        "os._exit(9)"
    )
    assert run_process([sys.executable, "-c", script, kept.path]).returncode == 9
    assert kept.path.with_name(kept.path.name + "-journal").exists()
    assert kept.votes() == [UP]
    kept.add(DECLINED)
    assert kept.votes() == [UP, DECLINED]


def test_a_file_that_was_made_but_not_filled_is_a_new_one(kept: Feedback) -> None:
    kept.path.parent.mkdir()
    kept.path.touch()
    assert kept.votes() == []
    kept.add(UP)
    assert kept.votes() == [UP]


# -- what is wrong with the file


def fault(use) -> str:
    with pytest.raises(StorageError) as caught:
        use()
    return str(caught.value)


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE votes (key, collection, facts)")
        connection.commit()


def damaged_page(path: Path) -> None:
    """Spoil some of the votes in the middle, which adding another one does not read."""
    for number in range(60):
        Feedback(path).add(replace(UP, comment=f"{number}" * 300))
    data = bytearray(path.read_bytes())
    data[10 * 4096 : 11 * 4096] = bytes(4096)
    path.write_bytes(data)


def damaged_row(path: Path) -> None:
    Feedback(path).add(UP)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE votes SET facts = '{\"question\": 5}'")
        connection.commit()


def lost_table(path: Path) -> None:
    Feedback(path).add(UP)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("ALTER TABLE votes RENAME TO others")


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b"no database " * 1000),
        lambda path: path.write_bytes(b"x"),
        other_database,
        damaged_page,
        damaged_row,
        lost_table,
    ],
)
def test_a_damaged_or_foreign_file_is_told_and_stays_as_it_is(tmp_path: Path, make) -> None:
    path = tmp_path / "feedback.sqlite"
    make(path)
    before = path.read_bytes()
    told = fault(Feedback(path).votes)
    assert told.startswith(f"评价文件 {path} 已损坏，或者不是本程序写的（")
    assert "请把它移到别处或删除，再试一次。" in told
    if make is not damaged_row:
        assert "已损坏" in fault(lambda: Feedback(path).add(UP))
        assert "已损坏" in fault(Feedback(path).wipe)
        assert path.read_bytes() == before


def test_a_file_of_a_newer_version_is_told_and_stays_as_it_is(kept: Feedback) -> None:
    kept.add(UP)
    with closing(sqlite3.connect(kept.path)) as connection:
        connection.execute(f"PRAGMA user_version={FORMAT + 1}")
    before = kept.path.read_bytes()
    for use in (lambda: kept.add(DOWN), kept.votes, kept.wipe):
        assert f"的格式是 {FORMAT + 1}，本版本用的是 {FORMAT}" in fault(use)
    assert kept.path.read_bytes() == before


def test_a_full_file_says_how_to_empty_it(kept: Feedback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "MEGABYTES", 1)
    large = replace(UP, question="长" * 10_000)
    with pytest.raises(StorageError) as caught:
        for _ in range(100):
            kept.add(large)
    assert caught.value.key == "feedback-full"
    assert 10 < kept.count() < 20  # a megabyte, of 60 KB each
    assert set(kept.votes()) == {large}
    kept.wipe()
    kept.add(large)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "feedback.sqlite", tmp_path / "folder"):
        assert fault(lambda path=path: Feedback(path).add(UP)).startswith(f"无法读写评价文件 {path}：")


# -- what a vote may be


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"question": " "}, "question"),
        ({"history": ("",)}, "question"),
        ({"reason": "bad", "right": False}, "reason"),
        ({"reason": "wrong"}, "reason"),
        ({"confidence": 1.1}, "confidence"),
        ({"confidence": float("nan")}, "confidence"),
        ({"answered": False}, "answered"),
        ({"quotes": ()}, "answered"),
        ({"quotes": (Quoted("a.md", 0, 2, "一"),)}, "quotes"),
        ({"quotes": (Quoted("a.md", -1, 0, "一"),)}, "quotes"),
        ({"quotes": (Quoted("a.md", 0, 1, " "),)}, "quotes"),
        ({"quotes": (Quoted("", 0, 1, "一"),)}, "quotes"),
    ],
)
def test_a_malformed_vote_is_told_with_its_field(facts: dict, field: str) -> None:
    with pytest.raises(InputError) as caught:
        replace(UP, **facts)
    assert str(caught.value).startswith(f"评价里的 {field} 写得不对：")


@pytest.mark.parametrize(
    ("facts", "field", "most"),
    [
        ({"question": "问" * 10_001}, "question", 10_000),
        ({"comment": "x" * 1001}, "comment", 1000),
        ({"client": "x" * 101}, "client", 100),
        ({"collection": "x" * 101}, "collection", 100),
        ({"kind": "x" * 101}, "kind", 100),
        ({"history": ("问",) * 201}, "history", 200),
        ({"history": ("问" * 10_001,)}, "history", 10_000),
        ({"quotes": (WHALE,) * 201}, "quotes", 200),
    ],
)
def test_an_absurd_size_is_refused(facts: dict, field: str, most: int) -> None:
    with pytest.raises(InputError) as caught:
        replace(UP, **facts)
    assert str(caught.value) == f"评价里的 {field} 太长：最多 {most}，给了 {most + 1}。"


def test_a_vote_that_is_too_large_as_a_whole_is_refused_and_leaves_no_file(kept: Feedback) -> None:
    with pytest.raises(InputError, match="评价里的 vote 太长：最多 524288"):
        kept.add(replace(UP, history=("问" * 10_000,) * 9))
    assert not kept.path.exists()


# -- exporting

TEXT = st.text(min_size=1, max_size=8).filter(str.strip)
VOTES = st.builds(
    lambda history, text, start, document, comment, right, reason: Vote(
        history[0],
        right,
        history=tuple(history[1:]),
        reason="" if right else reason,
        comment=comment,
        quotes=(Quoted(document, start, start + len(text), text),),
    ),
    st.lists(TEXT, min_size=1, max_size=3),
    TEXT,
    st.integers(0, 10**6),
    TEXT,
    st.text(max_size=10),
    st.booleans(),
    st.sampled_from(["", *Fault]),
)


@given(st.lists(VOTES, min_size=1, max_size=5))
def test_every_export_is_a_question_file_of_the_same_questions(
    tmp_path_factory: pytest.TempPathFactory, votes: Sequence[Vote]
) -> None:
    path = tmp_path_factory.mktemp("votes") / "votes.jsonl"
    lines = [as_json(vote) for vote in votes]
    assert all(line.isascii() and "\n" not in line for line in lines)
    path.write_text("\n".join(lines))
    found = asked.load(path)
    assert [one.turns for one in found] == [(*vote.history, vote.question) for vote in votes]
    for one, vote in zip(found, votes, strict=True):
        up = vote.right
        assert one.judged == (up or vote.reason == Fault.SHOULD_DECLINE)
        assert one.answerable == (vote.reason != Fault.SHOULD_DECLINE)
        assert one.answers == (((vote.quotes[0].text,),) if up else ())
        assert one.document == (vote.quotes[0].document if up else "")


def test_a_line_tells_all_that_is_known_of_a_vote_but_who_gave_it() -> None:
    vote = replace(DOWN, history=("鲸鱼？",), comment="=1+1", client="甲", collection="书", index="then")
    assert json.loads(as_json(vote)) == {
        "id": vote.id,
        "turns": ["鲸鱼？", "鲸鱼住在哪里？"],
        "right": False,
        "question": "鲸鱼住在哪里？",
        "reason": "wrong",
        "comment": "=1+1",
        "answered": True,
        "kind": "where",
        "confidence": 0.5,
        "quotes": [{"document": "鲸鱼.md", "start": 5, "end": 12, "text": "鲸鱼住在大海。"}],
        "as_written": False,
        "collection": "书",
        "index": "then",
        "created": "2026-01-02T03:04:05+00:00",
    }


def test_quotes_of_several_documents_name_none() -> None:
    vote = replace(UP, quotes=(WHALE, WHALE, Quoted("b.md", 0, 1, "海")))
    facts = json.loads(as_json(vote))
    assert "document" not in facts
    assert facts["answers"] == ["鲸鱼住在大海。", "海"]


def test_thumbs_on_real_answers_make_an_eval_set_that_the_index_passes(tmp_path: Path, cache: Path) -> None:
    files = {"鲸鱼.md": "# 鲸鱼\n\n鲸鱼住在大海。\n", "苹果.md": "# 苹果\n\n苹果长在树上。\n"}
    kept = Feedback(tmp_path / "feedback.sqlite")
    with asking(tmp_path, files, cache) as assistant:
        whale, apple = assistant.ask("鲸鱼住在哪里？"), assistant.ask("它长在哪里？", ["苹果是什么？"])
        nothing = assistant.ask("恐龙为什么灭绝？")
        kept.add(vote_on(whale, right=True))
        kept.add(vote_on(apple, right=True, history=("苹果是什么？",)))
        kept.add(vote_on(nothing, right=True))
        kept.add(vote_on(apple, right=False, reason="should_decline", history=("苹果是什么？",)))
        kept.add(vote_on(whale, right=False, reason="outdated"))
        kept.add(vote_on(nothing, right=False))
        path = tmp_path / "votes.jsonl"
        path.write_text("\n".join(map(as_json, kept.votes())))
        found = evaluate.score(assistant, asked.load(path))
    assert [one.right for one in found.outcomes] == [True, True, True, False]
    assert [one.right_sentence_rank for one in found.outcomes] == [1, 1, None, None]
    assert (found.passed_over, found.measures.asked) == (2, 4)
    lines = evaluate.as_text(found).splitlines()
    assert lines[:2] == [
        "4 个问题：有答案 2 个，应当不作答 2 个",
        "略过 2 个：踩过的答案，不知道正确的是什么",
    ]
    path.write_text(evaluate.as_json(found))
    assert evaluate.Evaluation.load(path) == found


def vote_on(answer: Answer, *, right: bool, reason: str = "", history: tuple[str, ...] = ()) -> Vote:
    quotes = tuple(Quoted(one.document, one.start, one.end, one.text) for one in answer.quotes)
    facts = {"answered": answer.answered, "kind": answer.kind, "confidence": answer.confidence, "quotes": quotes}
    return Vote(answer.question, right, history, reason, **facts)  # type: ignore[arg-type]


def test_questions_whose_right_answer_is_known_to_nobody_are_not_asked(tmp_path: Path) -> None:
    lines = [
        '{"question": "甲？", "right": false, "document": "a.md"}',
        '{"question": "乙？", "right": false, "answers": null, "id": "b"}',
        '{"question": "丙？", "right": false, "answers": ["丙"]}',
        '{"question": "丁？", "right": true, "document": "d.md"}',
    ]
    (tmp_path / "votes.jsonl").write_text("\n".join(lines))
    found = asked.load(tmp_path / "votes.jsonl")
    assert [(one.id, one.judged, one.document) for one in found] == [
        (1, False, ""),
        ("b", False, ""),
        (3, True, ""),
        (4, True, "d.md"),
    ]
    nobody = evaluate.score(None, found[:2])  # type: ignore[arg-type] - nothing may be asked
    assert (nobody.outcomes, nobody.passed_over) == ((), 2)


def test_a_summary_counts_and_shows_the_newest_complaints() -> None:
    votes = [
        UP,
        replace(DOWN, reason="incomplete", comment="少了\n一半"),
        DOWN,
        replace(DOWN, question="\x1b[31m红\u202e？", created="2026-02-03T00:00:00+00:00"),
        replace(DOWN, reason=""),
    ]
    assert as_text(votes).splitlines() == [
        "5 个评价：赞 1 个，踩 4 个",
        "踩的理由：",
        "  答非所问或有错：2 个",
        "  不完整：1 个",
        "  没有说理由：1 个",
        "最近的踩：",
        "  2026-01-02  鲸鱼住在哪里？  没有说理由",
        "  2026-02-03  \ufffd[31m红\ufffd？  答非所问或有错",
        "  2026-01-02  鲸鱼住在哪里？  答非所问或有错",
        "  2026-01-02  鲸鱼住在哪里？  不完整：少了 一半",
    ]
    assert as_text([UP]) == "1 个评价：赞 1 个，踩 0 个"
    assert as_text([]) == "还没有评价。"
    assert len(as_text([DOWN] * 50).splitlines()) == 4 + feedback.LISTED
