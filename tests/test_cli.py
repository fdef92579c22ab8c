import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.lexicon import SHIPPED
from corpus.lexicon import SHIPPED as LEXICON
from index import embedding
from index.store import Store
from tests.conftest import DOCUMENTS, ROOT, Invoke, in_namespace, run_assistant, run_process, write_files

QUESTION = "PyTorch 1.0 和 Caffe2 什么关系"
UNKNOWN = "恐龙为什么会灭绝？"
QUOTE = {
    "text",
    "document",
    "title",
    "section",
    "start",
    "end",
    "answer_span",
    "score",
    "source",
    "date",
    "page",
    "also",
}
FIELDS = {
    *("id", "question", "understood", "kind", "answered", "confidence", "text", "message"),
    *("quotes", "table", "candidates", "passages", "corrections", "completed", "suggestions", "milliseconds"),
}


# -- ask


def test_an_answer_ends_with_0_and_shows_quotes_with_their_places(invoke: Invoke, shipped_index: Path) -> None:
    result = invoke("ask", QUESTION, "--index", shipped_index)
    assert (result.exit_code, result.stderr) == (0, "")
    answer = json.loads(invoke("ask", QUESTION, "--json", "--index", shipped_index).stdout)
    lines = result.stdout.splitlines()
    for number, quote in enumerate(answer["quotes"], start=1):
        assert f"{quote['text']} [{number}]" in lines
        (place,) = [line for line in lines if line.startswith(f"[{number}] ")]
        assert place.endswith(f"（资料截至 {quote['date']}） {quote['document']} {quote['start']}:{quote['end']}")
        assert quote["title"] in place


def test_a_decline_ends_with_3_and_says_so(invoke: Invoke, shipped_index: Path) -> None:
    result = invoke("ask", UNKNOWN, "--index", shipped_index)
    assert (result.exit_code, result.stderr) == (3, "")
    assert result.stdout.startswith("文档没有说明")
    answer = json.loads(invoke("ask", UNKNOWN, "--json", "--index", shipped_index).stdout)
    assert (answer["answered"], answer["text"], answer["quotes"]) == (False, "", [])
    assert answer["message"].startswith("文档没有说明")
    assert (len(answer["candidates"]), len(answer["passages"])) == (5, 5)


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "问", "--top", "0"],
        ["ask", "问", "--top", "x"],
        ["ask", "问", "--batch", "-"],
        ["ask", "--batch", "/没有/questions.txt"],
        ["ask", "问", "--no-such-option"],
        ["no-such-command"],
        ["show"],
        ["eval"],
        ["eval", "a.jsonl", "b.jsonl"],
        ["eval", "a.jsonl", "--compare"],
        ["build", "--wait", "-1"],
        ["serve", "--port", "70000"],
    ],
)
def test_wrong_usage_ends_with_2_and_prints_no_result(invoke: Invoke, arguments: list[str]) -> None:
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


@pytest.mark.parametrize("command", [["ask", "问"], ["chat"], ["documents"], ["show", "a.md"], ["ask", "--batch", "-"]])
def test_a_named_index_that_is_missing_is_an_error_and_builds_nothing(
    invoke: Invoke, tmp_path: Path, home: Path, command: list[str]
) -> None:
    missing = tmp_path / "没有.index"
    result = invoke(*command, "--index", missing, input="问\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"错误：{missing} 里没有索引。请先运行：assistant build 文件夹 --index {missing}\n"
    assert not missing.exists()
    assert [path.name for path in home.iterdir()] == ["cache"]


def test_the_environment_names_an_index_and_the_option_goes_before_it(
    invoke: Invoke, shipped_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEX", str(tmp_path / "missing"))
    assert invoke("documents").exit_code == 1
    assert invoke("documents", "--index", shipped_index).exit_code == 0
    monkeypatch.setenv("ASSISTANT_INDEX", str(shipped_index))
    assert invoke("documents").exit_code == 0


@pytest.fixture(scope="module")
def texts(shipped_index: Path) -> dict[str, str]:
    """Every document's text, as `assistant show --json` prints it in a process of its own."""
    script = (
        "import sys; from assistant.cli import main\n"
        "for name in sys.argv[2:]: main(['show', name, '--json', '--index', sys.argv[1]], standalone_mode=False)"
    )
    names = sorted(path.name for path in DOCUMENTS.glob("*.md"))
    done = run_process([sys.executable, "-c", script, shipped_index, *names])
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["document"] for row in rows] == names
    assert all(set(row) == {"document", "title", "source", "sha256", "text"} for row in rows)
    return {row["document"]: row["text"] for row in rows}


@pytest.mark.parametrize(
    "question", [QUESTION, UNKNOWN, "Keras 的作者是谁", "誰應該選 MXNet", "深度学习框架", "ＴＦ２．０", "C++"]
)
@pytest.mark.parametrize("top", [1, 5, 20])
def test_json_has_exactly_the_agreed_fields_and_every_offset_holds(
    invoke: Invoke, shipped_index: Path, texts: dict[str, str], question: str, top: int
) -> None:
    result = invoke("ask", question, "--json", "--top", top, "--index", shipped_index)
    assert result.stdout.isascii()
    assert result.stdout.count("\n") == 1
    answer = json.loads(result.stdout)
    assert set(answer) == FIELDS
    assert (answer["id"], answer["question"]) == (None, question)
    assert result.exit_code == (0 if answer["answered"] else 3)
    assert 0 <= answer["confidence"] <= 1
    assert answer["milliseconds"] > 0
    assert answer["text"] == "\n".join(quote["text"] for quote in answer["quotes"])
    assert bool(answer["quotes"]) == answer["answered"]
    assert len(answer["candidates"]) == len(answer["passages"]) == top
    for quote in [*answer["quotes"], *answer["candidates"]]:
        assert set(quote) == QUOTE
    for passage in answer["passages"]:
        assert set(passage) == QUOTE | {"why"}
        assert set(passage["why"]) == {"lexical_rank", "dense_rank", "matched"}
    for quote in [*answer["quotes"], *answer["candidates"], *answer["passages"]]:
        assert texts[quote["document"]][quote["start"] : quote["end"]] == quote["text"]
        assert 0 <= quote["score"] <= 1
        assert isinstance(quote["section"], list)
    for kind in ("candidates", "passages"):
        scores = [quote["score"] for quote in answer[kind]]
        assert scores == sorted(scores, reverse=True)


def test_fewer_candidates_are_the_first_of_more_and_change_no_answer(invoke: Invoke, shipped_index: Path) -> None:
    few, many = (
        json.loads(invoke("ask", QUESTION, "--json", "--top", top, "--index", shipped_index).stdout) for top in (2, 9)
    )
    for kind in ("candidates", "passages"):
        assert few[kind] == many[kind][:2]
    assert {name: few[name] for name in ("quotes", "confidence", "text")} == {
        name: many[name] for name in ("quotes", "confidence", "text")
    }


def test_words_of_a_question_need_no_quotation_marks(invoke: Invoke, shipped_index: Path) -> None:
    answer = json.loads(invoke("ask", *QUESTION.split(), "--json", "--index", shipped_index).stdout)
    assert answer["question"] == QUESTION


BAD = [
    *(
        "",
        " ",
        "？？！，。",
        "\x00",
        "\x1b[31m红\x07",
        "👨‍👩‍👧",
        "🦖" * 50,
        "学" * 10_000,
        "PyTorch" * 1500,
        "a" * 10_000,
    ),
    *(
        "'; DROP TABLE documents; --",
        "<script>alert(1)</script>",
        '"',
        ":",
        "(",
        "AND",
        "NOT OR",
        "a:b*",
        "\\",
        "~^",
        "%s{}",
    ),
    *(
        "\ud800",
        "深\udfff度",
        "\u202eabc",
        "\u2028\u2029",
        "\ufeff",
        "𠮷𠮷",
        "\n\n",
        "的",
        "什么",
        "1" * 5000,
        "'",
        "--",
        "☃",
    ),
]


@pytest.mark.parametrize("question", BAD, ids=lambda text: ascii(text[:20]))
def test_any_question_is_answered_or_declined(invoke: Invoke, shipped_index: Path, question: str) -> None:
    for options in ([], ["--json"]):
        result = invoke("ask", "--index", shipped_index, *options, "--", question)
        assert result.exit_code in (0, 3)
        assert result.stdout
    answer = json.loads(result.stdout)
    assert answer["question"] == question
    assert len(answer["understood"]) <= 500
    if not any(character.isalnum() for character in question):
        assert not answer["answered"]
        assert answer["message"] == "请输入一个问题。" or answer["passages"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(st.characters() | st.sampled_from('什么是PyTorch和Caffe的关系？:"()[]{}*~^\\/+-'), max_size=40))
def test_any_text_at_all_is_answered_or_declined(invoke: Invoke, shipped_index: Path, question: str) -> None:
    result = invoke("ask", "--json", "--index", shipped_index, "--", question)
    assert result.exit_code in (0, 3)
    assert json.loads(result.stdout)["question"] == question


def test_bytes_that_are_no_text_are_answered_or_declined(shipped_index: Path) -> None:
    done = run_process(
        [sys.executable, "-m", "assistant.cli", "ask", os.fsdecode(b"\xff\xfe"), "--index", shipped_index]
    )
    assert (done.returncode, done.stderr) == (3, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("command", [["ask", "--json", "MACE 是什么"], ["documents"], ["show", "keras.md"]])
def test_results_that_cannot_be_written_are_an_error_without_a_traceback(
    shipped_index: Path, command: list[str]
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "assistant.cli", *command, "--index", str(shipped_index)],
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr.decode()
    assert "错误" in done.stderr.decode()


def test_a_question_of_function_words_alone_is_asked_back(invoke: Invoke, shipped_index: Path) -> None:
    result = invoke("ask", "--json", "--index", shipped_index, "的")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["message"] == "请把问题说得更具体：这里只有虚词，看不出问的是什么。"


def test_top_gives_as_many_passages_and_candidates_as_asked_for(invoke: Invoke, shipped_index: Path) -> None:
    answer = json.loads(invoke("ask", "--json", "--top", 100, "--index", shipped_index, "Keras 是谁开发的").stdout)
    assert len(answer["passages"]) == len(answer["candidates"]) == 100


# -- batches


@pytest.mark.parametrize("number", ["NaN", "1e400", "-Infinity", "[NaN]", '{"a": 1e999}'])
def test_an_id_that_json_cannot_hold_is_an_error_of_its_line(invoke: Invoke, shipped_index: Path, number: str) -> None:
    (line,) = batch(invoke, shipped_index, f'{{"id": {number}, "turns": ["MACE 是什么"]}}\n')
    assert line["id"] == 1
    assert "error" in line


def batch(invoke: Invoke, index: Path, text: str | bytes, *options: object) -> list[dict]:
    result = invoke("ask", "--batch", "-", "--json", "--index", index, *options, input=text)
    assert result.exit_code == 0
    assert result.stdout.isascii()
    return [json.loads(line) for line in result.stdout.split("\n")[:-1]]


def test_a_batch_gives_one_line_a_line_in_order_with_its_id(invoke: Invoke, shipped_index: Path) -> None:
    lines = [
        QUESTION,
        '{"id": "7", "turns": ["Keras 是什么？", "它的作者是谁？"]}',
        "",
        "   \t",
        '{"id": 9, "turns": []}',
        '{"id": [1], "turns": ["a", 2]}',
        "{broken",
        '{"turns": ["PyTorch 是什么？"]}',
        '{"id": null, "question": "MXNet 是什么？"}',
        '{"id": {"a": "b"}}',
        "[1, 2]",
        '{"id": "末", "turns": "not a list"}',
    ]
    rows = batch(invoke, shipped_index, "\n".join(lines) + "\n")
    assert [row["id"] for row in rows] == [1, "7", 3, 4, 9, [1], 7, 8, None, {"a": "b"}, 11, "末"]
    asked = [row.get("question") for row in rows]
    assert asked[:2] == [QUESTION, "它的作者是谁？"]
    assert asked[7:9] == ["PyTorch 是什么？", "MXNet 是什么？"]
    assert [set(row) == {"id", "error"} for row in rows] == [name is None for name in asked]
    assert all(set(row) == FIELDS for row in rows if "error" not in row)
    assert rows[2]["error"] == rows[3]["error"] == "空行"
    assert rows[4]["error"] == '无法理解这一行：要么是一个问题，要么是 {"id": …, "turns": ["问题", …]}'


def test_a_batch_answers_as_single_questions_do(invoke: Invoke, shipped_index: Path) -> None:
    rows = batch(invoke, shipped_index, f"{QUESTION}\n{UNKNOWN}", "--top", 3)
    for row in rows:
        single = ("ask", row["question"], "--json", "--top", 3, "--no-suggest", "--index", shipped_index)
        alone = json.loads(invoke(*single).stdout)
        assert {**alone, "id": row["id"], "milliseconds": 0} == {**row, "milliseconds": 0}


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85", "\r"])
def test_a_strange_line_end_inside_a_question_breaks_no_line(invoke: Invoke, shipped_index: Path, odd: str) -> None:
    rows = batch(invoke, shipped_index, f"Keras{odd}是什么\n{QUESTION}\n".encode())
    assert [row["question"] for row in rows] == [f"Keras{odd}是什么", QUESTION]


def test_a_batch_file_is_read_in_other_encodings_and_with_windows_line_ends(
    invoke: Invoke, shipped_index: Path, tmp_path: Path
) -> None:
    path = tmp_path / "问 题.txt"
    path.write_bytes(b"\xef\xbb\xbf" + "Keras 是什么？\r\n".encode() + "什么是深度学习框架？\n".encode("gb18030"))
    result = invoke("ask", "--batch", path, "--index", shipped_index)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["question"] for row in rows] == ["Keras 是什么？", "什么是深度学习框架？"]


@pytest.mark.parametrize(
    "line", ["\\ud800", "<b>", "{" * 5000, '{"a":' * 5000, '{"id": 1' + "0" * 5000 + "}", "\x00", "NaN"]
)
def test_no_line_stops_a_batch(invoke: Invoke, shipped_index: Path, line: str) -> None:
    rows = batch(invoke, shipped_index, f'{{"turns": ["{line}"]}}\n{line}\n{QUESTION}\n'.encode())
    assert len(rows) == 3
    assert rows[2]["question"] == QUESTION


@pytest.mark.parametrize(("no_color", "bold"), [("", True), ("1", False)])
def test_what_answers_is_bold_on_a_terminal_unless_its_user_wants_no_marks(
    no_color: str, bold: bool, shipped_index: Path
) -> None:
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    command = [sys.executable, "-m", "assistant.cli", "ask", "TensorFlow 是哪一年开源的？", "--index", shipped_index]
    with os.fdopen(ours, "rb", buffering=0) as screen:
        environment |= {"NO_COLOR": no_color} if no_color else {}
        ended = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, env=environment, cwd=ROOT, check=False)
        os.close(theirs)
        shown = screen.read(65536).decode()
    assert ended.returncode == 0
    assert ("\x1b[1m2015 年\x1b[22m 11 月" in shown) == bold
    assert ("2015 年 11 月" in shown) != bold


def test_an_empty_batch_gives_nothing(invoke: Invoke, shipped_index: Path) -> None:
    assert batch(invoke, shipped_index, b"") == []


def test_each_answer_of_a_batch_is_there_before_the_next_question_is(shipped_index: Path) -> None:
    command = [sys.executable, "-m", "assistant.cli", "ask", "--batch", "-", "--index", str(shipped_index)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in (1, 2):
            process.stdin.write(b"Keras\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
    assert process.returncode == 0


# -- the first question


def test_the_first_question_builds_the_shipped_index_and_says_so(invoke: Invoke, home: Path) -> None:
    first = invoke("ask", QUESTION)
    assert (first.exit_code, first.stderr) == (0, "第一次使用：正在为自带的文档建索引（几秒钟）……\n")
    again = invoke("ask", QUESTION)
    assert (again.stdout, again.stderr) == (first.stdout, "")
    assert sorted(path.name for path in home.iterdir()) == ["cache", "default.index"]


def test_two_first_questions_at_once_both_answer_and_build_once(home: Path) -> None:
    command = [sys.executable, "-m", "assistant.cli", "ask", QUESTION, "--json"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) for _ in range(2)]
    found = [(*process.communicate(timeout=60), process.returncode) for process in both]
    assert [code for _, _, code in found] == [0, 0]
    first, second = (json.loads(out)["quotes"] for out, _, _ in found)
    assert first == second
    assert [path.name for path in (home / "default.index").glob("generation-*")] == ["generation-000001"]


def test_the_shipped_index_is_built_again_by_itself_after_the_shipped_language_pack_changed(
    invoke: Invoke, home: Path
) -> None:
    write_files(home / "lexicon", {"words.txt": "绝无仅有词\n"})
    invoke("ask", QUESTION)
    (home / "lexicon" / "words.txt").unlink()  # now it is as if an earlier version had shipped this word
    again = invoke("ask", QUESTION)
    assert again.exit_code == 0
    assert "词典或自带的语言包变了" in again.stderr
    assert Store(home / "default.index").current().name == "generation-000002"
    assert invoke("ask", QUESTION).stderr == ""


def test_a_users_new_name_is_known_at_once_and_builds_nothing(invoke: Invoke, home: Path) -> None:
    assert json.loads(invoke("ask", "火炬派是谁开发的", "--json").stdout)["answered"] is False
    write_files(home / "lexicon", {"aliases.tsv": "PyTorch\t火炬派\n"})
    result = invoke("ask", "火炬派是谁开发的", "--json")
    answer = json.loads(result.stdout)
    assert answer["quotes"][0]["document"] == "pytorch.md"
    assert "Facebook" in answer["text"]
    assert result.stderr == ""  # the documents hold no 火炬派: a build would change nothing
    assert Store(home / "default.index").current().name == "generation-000001"


def test_the_shipped_documents_are_found_again_where_another_installation_had_built_the_index(
    invoke: Invoke, tmp_path: Path
) -> None:
    former = shutil.copytree(DOCUMENTS, tmp_path / "site-packages" / "corpus" / "documents")
    assert invoke("build", former, "--index", tmp_path / "i").exit_code == 0
    shutil.rmtree(former)
    report = json.loads(invoke("build", "--json", "--index", tmp_path / "i").stdout)
    assert (len(report["unchanged"]), report["removed"]) == (24, [])
    assert Store(tmp_path / "i").manifest().sources == (str(DOCUMENTS),)


def test_an_index_of_ones_own_documents_is_never_replaced_unasked(invoke: Invoke, home: Path, tmp_path: Path) -> None:
    own = write_files(tmp_path / "documents", {"a.md": "鲸鱼住在大海。"})
    assert invoke("build", own).exit_code == 0
    write_files(home / "lexicon", {"words.txt": "住在大海\n绝无仅有词\n"})
    result = invoke("ask", "鲸鱼住在哪里", "--json")
    assert result.exit_code in {0, 3}
    assert json.loads(result.stdout)["passages"][0]["document"] == "a.md"
    assert "1 个词变了：住在大海。" in result.stderr
    assert f"assistant build --index {home / 'default.index'}" in result.stderr
    assert [path.name for path in (home / "default.index").glob("generation-*")] == ["generation-000001"]
    assert invoke("build").exit_code == 0
    assert invoke("ask", "鲸鱼住在哪里").stderr == ""
    assert invoke("documents").stdout.startswith("a.md\t")


def test_a_home_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    script = """
    mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"
    ASSISTANT_HOME="$1/home" exec "$PYTHON" -m assistant.cli ask Keras
    """
    done = in_namespace("-rm", script, tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    note, fault = done.stderr.decode().splitlines()
    assert note.startswith("第一次使用")
    assert fault.startswith(f"错误：没有写入 {tmp_path}/home/default.index 的权限。请修改权限，或用 --index")


def test_a_fresh_machine_without_a_network_builds_and_answers(tmp_path: Path) -> None:
    script = 'ip link 2>/dev/null | grep -q eth && exit 99; exec "$PYTHON" -m assistant.cli ask "$1" --json'
    done = in_namespace("-rn", script, QUESTION, ASSISTANT_HOME=str(tmp_path / "home"))
    assert done.returncode == 0
    assert json.loads(done.stdout)["answered"]


def test_a_damaged_index_is_told_while_its_former_generation_answers(invoke: Invoke, own_index: Path) -> None:
    more = write_files(own_index.parent / "more", {"新.md": "新的。"})
    assert invoke("build", DOCUMENTS, more, "--index", own_index).exit_code == 0
    catalog = Store(own_index).current() / "catalog.sqlite"
    catalog.write_bytes(catalog.read_bytes()[:-4096])
    result = invoke("ask", QUESTION, "--index", own_index)
    assert result.exit_code == 0
    assert result.stderr.endswith("正在用上一版索引回答。\n")
    assert f"assistant build --index {own_index}" in result.stderr
    assert invoke("build", "--index", own_index).exit_code == 0
    assert invoke("ask", QUESTION, "--index", own_index).stderr == ""


def test_an_index_whose_sources_cannot_be_read_is_not_replaced_by_the_shipped_documents(
    invoke: Invoke, tmp_path: Path
) -> None:
    index = tmp_path / "i"
    invoke("build", write_files(tmp_path / "files", {"a.md": "鲸鱼。"}), "--index", index)
    (index / "generation-000001" / "manifest.json").write_text("{")
    result = invoke("build", "--index", index)
    assert result.exit_code == 1
    assert f"assistant build 文件夹 --index {index}" in result.stderr


# -- build


def test_a_build_reports_every_change_in_words_and_in_json(invoke: Invoke, tmp_path: Path) -> None:
    files = write_files(tmp_path / "我的 文件", {"a.md": "甲。", "子/b.txt": "乙。", "图.png": "", "空.md": ""})
    index = tmp_path / "i"
    result = invoke("build", files, "--index", index)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "跳过 图.png：不支持的格式 .png",
        "跳过 空.md：文件是空的",
        "新增 a.md",
        "新增 子/b.txt",
        "2 份文档：新增 2，修改 0，改名 0，删除 0，未变 0，跳过 2。",
    ]
    write_files(files, {"a.md": "变了。", "c.md": "丙。"})
    (files / "子" / "b.txt").rename(files / "子" / "d.txt")
    report = json.loads(invoke("build", "--index", index, "--json").stdout)  # the index remembers its sources
    skipped = report.pop("skipped")
    assert report == {
        "added": ["c.md"], "changed": ["a.md"], "renamed": [{"from": "子/b.txt", "to": "子/d.txt"}], "removed": [],
        "unchanged": [], "documents": 3, "passages": 3,
    }  # fmt: skip
    (files / "子" / "d.txt").unlink()
    result = invoke("build", "--index", index)
    assert result.stdout.splitlines()[-2:] == [
        "删除 子/d.txt",
        "2 份文档：新增 0，修改 0，改名 0，删除 1，未变 2，跳过 2。",
    ]
    assert [one["path"] for one in skipped] == ["图.png", "空.md"]


def test_a_dry_run_reports_and_leaves_no_trace(invoke: Invoke, tmp_path: Path, own_index: Path) -> None:
    files = write_files(tmp_path / "files", {"a.md": "甲。"})
    result = invoke("build", files, "--index", tmp_path / "new", "--dry-run")
    assert (result.exit_code, result.stderr) == (0, "（试运行，什么都没有改）\n")
    assert "新增 a.md" in result.stdout
    assert not (tmp_path / "new").exists()
    before = sorted((path, path.stat().st_mtime_ns) for path in own_index.rglob("*"))
    assert invoke("build", files, "--index", own_index, "--dry-run").exit_code == 0
    assert sorted((path, path.stat().st_mtime_ns) for path in own_index.rglob("*")) == before


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: write_files(folder, {"__init__.py": ""}), "源码文件夹"),
        (lambda folder: write_files(folder.parent, {folder.name: "文件"}), "不是文件夹"),
    ],
)
def test_a_place_that_cannot_hold_an_index_is_refused(invoke: Invoke, tmp_path: Path, make, words: str) -> None:
    make(tmp_path / "place")
    result = invoke("build", write_files(tmp_path / "files", {"a.md": "甲。"}), "--index", tmp_path / "place")
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr


def test_the_shipped_model_in_another_folder_is_another_name_for_the_same_model(
    invoke: Invoke, tmp_path: Path, shipped_index: Path
) -> None:
    copy = tmp_path / "model copy"
    copy.mkdir()
    for name in (embedding.WEIGHTS, embedding.VOCABULARY):
        shutil.copy(embedding.SHIPPED / name, copy)
    index = tmp_path / "i"
    assert invoke("build", DOCUMENTS, "--index", index, "--model", copy).exit_code == 0
    manifest, shipped = Store(index).manifest(), Store(shipped_index).manifest()
    assert (manifest.model, shipped.model) == (str(copy), "")
    assert manifest.model_fingerprint == shipped.model_fingerprint
    found, wanted = (json.loads(invoke("ask", QUESTION, "--json", "--index", i).stdout) for i in (index, shipped_index))
    assert found["passages"] == wanted["passages"]
    shutil.rmtree(copy)
    gone = invoke("ask", QUESTION, "--index", index)
    assert gone.exit_code == 1
    assert "没有模型文件夹" in gone.stderr
    assert invoke("build", "--index", index, "--model", "").exit_code == 0
    assert Store(index).manifest().model == ""


def test_a_users_own_words_take_part(invoke: Invoke, home: Path, tmp_path: Path) -> None:
    write_files(home / "lexicon", {"aliases.tsv": "鲸鱼\t海中巨兽\n"})
    invoke("build", write_files(tmp_path / "f", {"a.md": "鲸鱼住在大海。", "b.md": "苹果很甜。"}))
    answer = json.loads(invoke("ask", "海中巨兽住在哪里", "--json").stdout)
    assert answer["passages"][0]["document"] == "a.md"
    assert not (LEXICON / "user").exists()


# -- words


SYNONYMS = SHIPPED / "synonyms.tsv"


def _line_of(beginning: str) -> int:
    lines = SYNONYMS.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(beginning + "\t"))


def test_words_tells_what_each_word_is_whose_names_it_has_and_whether_the_documents_hold_it(
    invoke: Invoke, home: Path, tmp_path: Path
) -> None:
    pack = write_files(home / "lexicon", {"aliases.tsv": "# 说明\n鲸鱼\t海中巨兽\n", "synonyms.tsv": "米\t公尺\n"})
    text = "---\ntitle: 大白鲨\naliases: [食人鲨]\n---\n大白鲨和鲸鱼住在大海。"
    invoke("build", write_files(tmp_path / "f", {"a.md": text, "b.md": "鲸鱼很大。"}), "--index", tmp_path / "i")
    result = invoke("words", "鲸鱼和", "食人鲨住 3.5 米 Zyx", "--index", tmp_path / "i")
    assert result.stdout.splitlines() == [
        f"0:2\t鲸鱼\t语言包的词\t2 段\t别名：海中巨兽（见 {pack / 'aliases.tsv'} 第 2 行）",
        "2:3\t和\t停用词\t1 段",
        "4:7\t食人鲨\t文档的名称\t0 到 1 段\t别名：大白鲨（见 文档 a.md）",
        f"7:8\t住\t词典里的词\t1 段\t近义词：居住, 定居（见 {SYNONYMS} 第 {_line_of('住')} 行）",
        "9:12\t3.5\t数字或版本号\t文档里没有",
        f"13:14\t米\t词典里的词\t文档里没有\t近义词：公尺（见 {pack / 'synonyms.tsv'} 第 1 行）",
        "15:18\tZyx\t外文名称\t文档里没有",
    ]
    assert result.stderr == ""
    answer = json.loads(invoke("words", "食人鲨", "--json", "--index", tmp_path / "i").stdout)
    assert answer == {
        "text": "食人鲨",
        "words": [
            {
                **{"text": "食人鲨", "start": 0, "end": 3, "folded": "食人鲨", "taken": "title"},
                **{"aliases": [{"name": "大白鲨", "source": "a.md", "line": None}], "synonyms": []},
                "passages": {"least": 0, "most": 1},
            }
        ],
    }


def test_words_prints_one_line_of_ascii_json_whatever_it_is_given(invoke: Invoke, shipped_index: Path) -> None:
    for text in ("", "。", "\ud800深\u2028度", "第一行\n第二行"):
        (line,) = invoke("words", text, "--json", "--index", shipped_index).stdout.splitlines()
        assert line.isascii()
        facts = json.loads(line)
        assert facts["text"] == text
        assert [text[word["start"] : word["end"]] for word in facts["words"]] == [w["text"] for w in facts["words"]]
    assert invoke("words", "。", "--index", shipped_index).stdout == "这段文字里没有词。\n"
    assert invoke("words").exit_code == 2


def test_words_warns_of_lines_that_have_no_effect(invoke: Invoke, home: Path, shipped_index: Path) -> None:
    files = {"aliases.tsv": "好\t坏\nPyTorch 火炬派\n独一个\n", "words.txt": "甲\t乙\n"}
    pack = write_files(home / "lexicon", files)
    result = invoke("words", "好", "--index", shipped_index)
    assert result.exit_code == 0
    assert [line.split("，")[0] for line in result.stderr.splitlines()] == [
        f"语言包文件 {pack / 'words.txt'} 第 1 行里有制表符",
        f"语言包文件 {pack / 'aliases.tsv'} 第 2 行没有制表符",
        f"语言包文件 {pack / 'aliases.tsv'} 第 3 行只有一个名称",
    ]


# -- eval

EVALUATED = (
    '{"id": "p", "question": "PyTorch 1.0 和 Caffe2 什么关系", "answers": ["Caffe2"]}\n'
    '{"question": "恐龙为什么会灭绝？", "answers": []}\n'
)
MEASURES = {
    *("asked", "answerable", "unanswerable", "sentence_at_1", "sentence_at_3", "answered_right", "decline_auroc"),
    *("passage_recall_at_1", "passage_recall_at_5", "passage_recall_at_10", "passage_mrr_at_10"),
    *("answerable_declined", "unanswerable_answered", "milliseconds_median", "milliseconds_p99"),
}
OUTCOME = {
    *("id", "question", "answerable", "right_passage_rank", "right_sentence_rank", "answered", "confidence", "right"),
    *("milliseconds", "text"),
}


def test_an_evaluation_prints_its_measures_a_line_each(invoke: Invoke, shipped_index: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {"q.jsonl": EVALUATED})
    result = invoke("eval", tmp_path / "q.jsonl", "--index", shipped_index)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "2 个问题：有答案 1 个，应当不作答 1 个"
    assert lines[3:5] == ["正确段落在前 10：100.0 %", "段落 MRR@10：1.000"]
    assert lines[7:11] == [
        "答对：100.0 %",
        "置信度区分有无答案（AUROC）：1.000",
        "有答案却没有作答：0.0 %",
        "应当不作答却作了答：0.0 %",
    ]
    assert len(lines) == 13


def test_an_evaluation_as_json_has_the_measures_and_every_question_and_can_be_compared(
    invoke: Invoke, shipped_index: Path, tmp_path: Path
) -> None:
    write_files(tmp_path, {"q.jsonl": EVALUATED})
    result = invoke("eval", tmp_path / "q.jsonl", "--json", "--index", shipped_index)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.isascii()
    assert result.stdout.count("\n") == 1
    found = json.loads(result.stdout)
    assert set(found) == MEASURES | {"questions"}
    assert all(set(row) == OUTCOME for row in found["questions"])
    assert [(row["id"], row["right"]) for row in found["questions"]] == [("p", True), (2, True)]
    answer = json.loads(invoke("ask", QUESTION, "--json", "--top", 10, "--index", shipped_index).stdout)
    assert found["questions"][0]["text"] == answer["text"]
    assert round(found["questions"][0]["confidence"], 4) == answer["confidence"]

    found["questions"][0] |= {"right": False, "right_passage_rank": 4}
    found["answered_right"] = 0.0
    write_files(tmp_path, {"before.json": json.dumps(found)})
    options = ("eval", tmp_path / "q.jsonl", "--compare", tmp_path / "before.json", "--index", shipped_index)
    compared = json.loads(invoke(*options, "--json").stdout)["compare"]
    assert set(compared) == {
        *("before", "difference", "better", "worse", "same", "only_now", "only_before"),
    }
    assert set(compared["before"]) == set(compared["difference"]) == MEASURES
    assert compared["difference"]["answered_right"] == 1.0
    ((before, now),) = [(change["before"], change["now"]) for change in compared["better"]]
    assert before == found["questions"][0]
    assert (now["id"], now["right"], compared["worse"], compared["same"]) == ("p", True, [], 1)
    lines = invoke(*options).stdout.splitlines()
    assert lines[7] == "答对：100.0 %（原来 0.0 %，差 +100.0）"
    assert f"  [p] {QUESTION}  答案 ✗ → ✓，句子 1 → 1，段落 4 → 1" in lines
    assert lines[-1] == "不变 1 个；只在这次有 0 个，只在原来有 0 个"


def test_a_question_file_or_an_evaluation_that_is_none_is_an_error_before_any_index_is_opened(
    invoke: Invoke, tmp_path: Path
) -> None:
    write_files(tmp_path, {"good.jsonl": EVALUATED, "bad.jsonl": EVALUATED + "坏\n", "empty.jsonl": "\n"})
    wrong = {
        ("none.jsonl",): "无法读取文件",
        ("bad.jsonl",): "第 3 行无法使用：不是 JSON 对象",
        ("empty.jsonl",): "里没有问题",
        ("good.jsonl", "--compare", tmp_path / "none.json"): "无法读取文件",
        ("good.jsonl", "--compare", tmp_path / "good.jsonl"): "不是评测结果",
    }
    for (name, *options), words in wrong.items():
        result = invoke("eval", tmp_path / name, *options, "--index", tmp_path / "no.index")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("错误：")
        assert words in result.stderr
    missing = invoke("eval", tmp_path / "good.jsonl", "--index", tmp_path / "no.index")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "里没有索引" in missing.stderr


# -- documents, show, chat, help


def test_documents_lists_every_shipped_document(invoke: Invoke, shipped_index: Path, texts: dict[str, str]) -> None:
    rows = [line.split("\t") for line in invoke("documents", "--index", shipped_index).stdout.splitlines()]
    assert [row[0] for row in rows] == sorted(path.name for path in DOCUMENTS.glob("*.md"))
    assert len(rows) == 24
    assert {row[0]: int(row[2]) for row in rows} == {name: len(text) for name, text in texts.items()}
    listed = [json.loads(line) for line in invoke("documents", "--json", "--index", shipped_index).stdout.splitlines()]
    fields = {"document", "title", "source", "date", "sha256", "characters", "passages", "same_as"}
    assert all(set(entry) == fields for entry in listed)
    keys = ("document", "title", "characters", "passages", "date")
    assert rows == [[str(entry[key]) for key in keys] for entry in listed]


def test_show_prints_a_text_and_marks_a_span(invoke: Invoke, shipped_index: Path, texts: dict[str, str]) -> None:
    text = texts["keras.md"]
    assert invoke("show", "keras.md", "--index", shipped_index).stdout == text
    marked = invoke("show", "keras.md", "--at", "10:25", "--index", shipped_index).stdout
    assert marked == text[:10] + "【" + text[10:25] + "】" + text[25:]
    everything = invoke("show", "keras.md", "--at", f"0:{len(text)}", "--index", shipped_index).stdout
    assert everything == f"【{text}】\n"


@pytest.mark.parametrize("span", ["", "5", "5:", ":5", "-1:5", "9:5", "0:9999999", "a:b", "１:２", "0:1" + "0" * 5000])
def test_a_span_outside_the_text_is_wrong_usage(invoke: Invoke, shipped_index: Path, span: str) -> None:
    result = invoke("show", "keras.md", "--at", span, "--index", shipped_index)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "起点:终点" in result.stderr


@pytest.mark.parametrize("name", ["没有.md", "", "../../etc/passwd", "KERAS.md", "'"])
def test_a_document_that_is_not_there_is_told(invoke: Invoke, shipped_index: Path, name: str) -> None:
    result = invoke("show", "--index", shipped_index, "--", name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"错误：索引里没有文档 {name}。运行 assistant documents 查看全部文档。\n"


def test_chat_answers_line_by_line_until_it_is_left(invoke: Invoke, shipped_index: Path) -> None:
    result = invoke("chat", "--index", shipped_index, input=f"{QUESTION}\n\n{UNKNOWN}\n/退出\n不再问\n")
    assert result.exit_code == 0
    assert result.stderr == "输入问题后回车，可以接着追问；/原话 按原话再问上一个问题，/退出 结束。\n"
    alone = [invoke("ask", question, "--index", shipped_index).stdout for question in (QUESTION, UNKNOWN)]
    assert result.stdout == alone[0] + "\n" + alone[1] + "\n"


def test_a_chat_makes_a_follow_up_whole_and_asks_the_words_as_written_on_request(
    invoke: Invoke, shipped_index: Path
) -> None:
    result = invoke("chat", "--index", shipped_index, input="Keras 是什么？\n它的作者是谁？\n/原话\n/退出\n")
    shown = result.stdout.split("\n\n")
    assert "理解为：Keras 的作者是谁？" in result.stdout
    assert "肖莱" in next(part for part in shown if part.startswith("理解为"))
    assert result.stdout.count("理解为") == 1  # what was asked as written was not completed
    assert result.stderr.count("/原话") == 2  # the greeting, and the hint below the completed question


def test_a_batch_completes_the_last_turn_and_says_so(invoke: Invoke, shipped_index: Path) -> None:
    lines = '{"turns": ["Keras 是什么？", "它的作者是谁？"]}\n{"turns": ["Keras 是什么？", "Caffe 的作者是谁？"]}'
    first, second = batch(invoke, shipped_index, lines)
    assert (first["question"], first["understood"], first["completed"]) == (
        "它的作者是谁？",
        "Keras 的作者是谁？",
        True,
    )
    assert (second["understood"], second["completed"]) == ("Caffe 的作者是谁？", False)
    assert "Keras" not in second["text"]


def test_a_correction_is_told_and_left_out_as_written(invoke: Invoke, shipped_index: Path) -> None:
    answer = json.loads(invoke("ask", "Kears 是谁开发的", "--json", "--index", shipped_index).stdout)
    assert answer["corrections"] == [{"written": "Kears", "meant": "Keras", "reason": "typo"}]
    assert answer["understood"] == "Keras 是谁开发的"
    shown = invoke("ask", "Kears 是谁开发的", "--index", shipped_index).stdout
    assert shown.startswith("理解为：Keras 是谁开发的\n")
    written = invoke("ask", "Kears 是谁开发的", "--json", "--as-written", "--index", shipped_index)
    assert (written.exit_code, json.loads(written.stdout)["corrections"]) == (3, [])


def test_the_threshold_is_the_users_to_choose(
    invoke: Invoke, shipped_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_THRESHOLD", "1")
    assert invoke("ask", QUESTION, "--index", shipped_index).exit_code == 3
    monkeypatch.setenv("ASSISTANT_THRESHOLD", "0")
    assert invoke("ask", UNKNOWN, "--index", shipped_index).exit_code == 0
    for wrong in ("2", "nan", "viel"):
        monkeypatch.setenv("ASSISTANT_THRESHOLD", wrong)
        result = invoke("ask", QUESTION, "--index", shipped_index)
        assert result.exit_code == 1
        assert f"给的是 {wrong}" in result.stderr


def test_explain_tells_how_the_answer_was_found(invoke: Invoke, shipped_index: Path) -> None:
    shown = invoke("ask", "Keras 是谁开发的", "--explain", "--no-suggest", "--index", shipped_index).stdout
    assert "问的是：谁、哪家" in shown
    assert "为什么是这句" in shown
    facts = json.loads(invoke("ask", "Keras 是谁开发的", "--explain", "--json", "--index", shipped_index).stdout)
    assert set(facts["explanation"]) == {"kind", "subjects", "words", "reasons"}
    assert facts["explanation"]["subjects"] == ["keras"]


def test_suggestions_come_with_a_single_question_and_in_a_batch_on_request(invoke: Invoke, shipped_index: Path) -> None:
    alone = json.loads(invoke("ask", "Caffe 有什么缺点", "--json", "--index", shipped_index).stdout)
    assert 1 <= len(alone["suggestions"]) <= 3
    (silent,) = batch(invoke, shipped_index, "Caffe 有什么缺点")
    assert silent["suggestions"] == []
    (told,) = batch(invoke, shipped_index, "Caffe 有什么缺点", "--suggest")
    assert told["suggestions"] == alone["suggestions"]


def test_chat_lives_through_bytes_that_are_no_text(shipped_index: Path) -> None:
    done = run_assistant(
        "chat", "--index", shipped_index, input=b"\xff\xc4\xe3\nKeras\n", PYTHONIOENCODING="utf-8:strict"
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert "Keras" in done.stdout.decode()


def test_every_command_has_help_in_both_languages() -> None:
    script = (
        "import click, json; from assistant.cli import main\n"
        "found = {}\n"
        "for name, command in main.commands.items():\n"
        "    assert all(p.help for p in command.params if isinstance(p, click.Option)), name\n"
        "    found[name] = command.help\n"
        "print(json.dumps(found))"
    )
    chinese, english = (
        json.loads(run_process([sys.executable, "-c", script], ASSISTANT_LANG=language).stdout)
        for language in ("zh", "en")
    )
    assert {"ask", "chat", "build", "serve", "documents", "show", "eval"} <= set(chinese)
    assert all(any("\u4e00" <= character <= "\u9fff" for character in text) for text in chinese.values())
    assert not any("\u4e00" <= character <= "\u9fff" for text in english.values() for character in text)


def test_the_installed_command_runs() -> None:
    command = Path(sys.executable).with_name("assistant")
    done = run_process([command, "--version"])
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"0." in done.stdout


def test_a_terminal_that_knows_no_chinese_is_no_reason_to_fail(shipped_index: Path) -> None:
    done = run_assistant("ask", QUESTION, "--index", shipped_index, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Caffe2" in done.stdout


def test_a_reader_that_goes_away_is_no_traceback(shipped_index: Path) -> None:
    command = f"{sys.executable} -m assistant.cli show pytorch.md --index {shipped_index} | true"
    done = run_process(["sh", "-c", command])
    assert b"Traceback" not in done.stderr


PAGE = """首页
登录 | 注册
阅读 1024
发布于 06/10 16:00

章鱼为什么有三颗心脏

章鱼生活在海里，它有三颗心脏，其中两颗为鳃供血，另一颗为全身供血，这与它的血液含铜有关。

image.png

章鱼游动的时候，为全身供血的那颗心脏会停下来，所以它更喜欢爬行，而不是长时间地游泳。
它的血是蓝色的，因为血里含有铜的蛋白质，在冷而缺氧的水里，这种蛋白质运送氧气的本领更强。

相关阅读
鲸鱼为什么会唱歌，科学家们给出了答案，原来它们是在用不同的调子给远处的同伴报信，听得...
2018/07/07
0
乌贼喷墨的秘密，一篇文章让你看懂，墨汁不光能挡住敌人的眼睛，还能让它们闻不到气味，快...
2018/04/03
3
返回顶部
"""


def test_what_was_left_out_of_a_saved_page_is_listed_and_raw_keeps_it(invoke: Invoke, tmp_path: Path) -> None:
    files = write_files(tmp_path / "files", {"page.txt": PAGE})
    index = tmp_path / "i"
    invoke("build", files, "--index", index)
    text = invoke("show", "page.txt", "--index", index).stdout
    assert "相关阅读" not in text
    assert "image.png" not in text
    assert "章鱼游动的时候" in text
    rows = [
        json.loads(line)
        for line in invoke("show", "page.txt", "--dropped", "--json", "--index", index).stdout.splitlines()
    ]
    left = {row["text"]: row["reason"] for row in rows}
    assert left["image.png"] == "picture"
    assert left["发布于 06/10 16:00"] == left["返回顶部"] == "clutter"
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    told = invoke("show", "page.txt", "--dropped", "--index", index).stdout.splitlines()
    assert told == [
        f"{row['at']}\t{'图片' if row['reason'] == 'picture' else '网页杂项'}\t{row['text']}" for row in rows
    ]
    assert invoke("show", "page.txt", "--dropped", "--at", "0:1", "--index", index).exit_code == 2
    invoke("build", "--raw", "--index", index)
    assert invoke("show", "page.txt", "--index", index).stdout == PAGE
    assert invoke("show", "page.txt", "--dropped", "--index", index).stdout == ""
    invoke("build", "--index", index)  # the index remembers it
    assert invoke("show", "page.txt", "--index", index).stdout == PAGE
    invoke("build", "--cleaned", "--index", index)
    assert invoke("show", "page.txt", "--index", index).stdout == text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_of_commands_says_something_of_each_and_cuts_nothing_off(language: str) -> None:
    shown = run_assistant("--help", ASSISTANT_LANG=language).stdout.decode()
    listed = shown.partition("Commands:")[2].strip().splitlines()
    assert len(listed) >= 12
    assert all(len(line.split(maxsplit=1)[1]) > 5 and "..." not in line for line in listed), shown


def test_a_collection_is_filled_asked_listed_and_deleted_by_its_name(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "假.md").write_text("# 年假\n\n员工每年有十五天年假。\n", encoding="utf-8")
    assert invoke("add", tmp_path / "假.md", "--collection", "手册").exit_code == 0
    answer = json.loads(invoke("ask", "员工每年有几天年假？", "--collection", "手册", "--json").output)
    assert answer["text"] == "员工每年有十五天年假。"
    assert invoke("collections").output == "手册\n"
    assert json.loads(invoke("collections", "--json").output) == {"collection": "手册"}
    assert invoke("collections", "--delete", "手册").exit_code == 0
    assert invoke("collections").output == ""
    gone = invoke("collections", "--delete", "手册")
    assert gone.exit_code == 1 and "没有叫“手册”的文集" in gone.output


def test_an_index_and_a_collection_at_once_are_wrong_usage(invoke: Invoke, tmp_path: Path) -> None:
    both = invoke("ask", "甲？", "--index", tmp_path, "--collection", "手册")
    assert both.exit_code == 2 and "只能用一个" in both.output
    assert invoke("ask", "甲？", "--collection", "../x").exit_code == 1
