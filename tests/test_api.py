"""The web API over ASGI: a real small index, the answers of `--json`, and nothing that a caller sends breaks it."""

import base64
import hashlib
import html
import json
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request

from assistant import render
from assistant.assistant import build
from assistant.feedback import Feedback
from assistant.library.fetching import Fetched
from assistant.settings import Settings
from assistant.shelf import Shelf
from assistant.web.api import api, manual, schema, uploads
from assistant.web.api.jobs import Jobs, State
from assistant.web.site import Site
from assistant.web.spoken import Speaking
from corpus.errors import InputError
from corpus.messages import CATALOGUE, speaking
from index.report import Report
from index.store import Store
from tests.conftest import write_files

FILES = {
    "窑/longquan.md": "---\ntitle: 龙泉窑\nsource: 窑址志\ndate: '2021-05'\n---\n\n# 龙泉窑\n\n"
    "龙泉窑位于浙江省龙泉市。龙泉窑始于三国两晋。\n\n## 釉色\n\n龙泉窑最有名的釉色是粉青和梅子青。\n",
    "bridge.md": "# 赵州桥\n\n赵州桥是一座单孔石拱桥。赵州桥由匠师李春设计，建于隋代。\n",
    "tower.md": "# 应县木塔\n\n应县木塔建于辽代。应县木塔高六十七米。\n",
}
ASK = "/api/v1/ask"
WHERE = "龙泉窑位于哪里？"


class _Account:
    """Stands in the gate's place: the account is the one that a header names."""

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            account = Request(scope).headers.get("x-account", "editor")
            scope = {**scope, "state": {"account": account}}
        await self._app(scope, receive, send)


def make_site(folder, cache, **facts):
    """A site over an index of FILES below the folder."""
    if not (folder / "cache").exists():
        (folder / "cache").symlink_to(cache)
    settings = Settings(folder, folder / "web.index", named=True)
    build(settings, [write_files(folder / "documents", FILES)])
    access = SimpleNamespace(may_change=lambda account: account == "editor")
    usual = {"shelf": Shelf(settings, note=print), "access": access, "feedback": Feedback.of(settings), "jobs": Jobs()}
    return Site(**{**usual, **facts})


def make_client(site, **more):
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    api.install(app, site)
    app.add_middleware(_Account)
    app.add_middleware(Speaking)
    return TestClient(app, **more)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, cache):
    """A site that tests only read."""
    return make_site(tmp_path_factory.mktemp("shared"), cache)


@pytest.fixture
def reading(shared):
    return make_client(shared)


@pytest.fixture
def site(tmp_path, cache):
    """A site of the test's own."""
    return make_site(tmp_path, cache)


@pytest.fixture
def client(site):
    return make_client(site)


def _without_time(facts):
    return {name: value for name, value in facts.items() if name != "milliseconds"}


def _fault(response):
    """Return status and code of a refusal, which has one shape."""
    facts = response.json()
    assert set(facts) == {"error"} and set(facts["error"]) == {"code", "message"}
    assert response.headers["content-type"] == "application/json"
    return response.status_code, facts["error"]["code"]


def _ids(client, collection=""):
    listed = client.get("/api/v1/documents", params={"collection": collection}).json()["documents"]
    return [entry["document"] for entry in listed]


# -- asking


@pytest.mark.parametrize(
    "asked",
    [
        {"question": WHERE},
        {"question": "它的釉色呢？", "history": [WHERE], "top": 2},
        {"question": "它的釉色呢？", "history": [WHERE], "as_written": True},
        {"question": "赵州桥和应县木塔有什么区别？", "explain": True},
        {"question": "月球上有什么窑？"},
        {"question": ""},
    ],
)
def test_an_answer_is_that_of_the_command_line(shared, reading, asked):
    response = reading.post(ASK, json=asked)
    how = {"top": asked.get("top", 5), "as_written": asked.get("as_written", False), "explained": "explain" in asked}
    with shared.shelf.live().use() as assistant:
        answer = assistant.ask(asked["question"], asked.get("history", ()), **how)
    assert response.status_code == 200
    assert _without_time(response.json()) == _without_time(json.loads(render.answer_json(answer)))
    assert ("explanation" in response.json()) == ("explain" in asked)


def test_suggestions_come_where_they_are_asked_for(reading):
    suggested = reading.post(ASK, json={"question": WHERE, "suggest": True}).json()["suggestions"]
    assert suggested == ["龙泉窑的釉色是什么？"]
    assert reading.post(ASK, json={"question": WHERE}).json()["suggestions"] == []


def test_the_documented_answer_has_the_fields_of_json_and_no_others(reading):
    asked = {"question": "赵州桥和应县木塔有什么区别？", "explain": True, "suggest": True}
    for text in (reading.post(ASK, json=asked).text, reading.post(ASK, json={"question": "窑变"}).text):
        schema.Answer.model_validate_json(text)  # it allows no other fields, also inside
        assert set(schema.Answer.model_fields) - set(json.loads(text)) <= {"explanation"}
    assert schema.Answer.model_fields["explanation"].is_required() is False


def _events(text):
    """Return names and data of a stream of events, as its standard has it."""
    events = []
    for block in text.split("\n\n")[:-1]:
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        events.append((lines["event"], json.loads(lines["data"])))
    return events


def test_a_stream_tells_how_it_was_read_then_each_quote_then_all(reading):
    asked = {"question": "它的釉色呢？", "history": [WHERE], "suggest": True}
    response = reading.post(ASK, json=asked, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    events = _events(response.text)
    whole = events[-1][1]
    assert whole["quotes"] and [name for name, _ in events] == [
        "understood",
        *["quote"] * len(whole["quotes"]),
        "answer",
    ]
    assert events[0][1] == {name: whole[name] for name in ("question", "understood", "completed", "corrections")}
    assert events[0][1]["completed"] is True
    assert [facts for name, facts in events if name == "quote"] == whole["quotes"]
    assert _without_time(whole) == _without_time(reading.post(ASK, json=asked).json())


def test_what_is_wrong_with_a_streamed_question_is_told_by_the_status(reading):
    asked = {"question": "甲？", "collection": "没有"}
    answer = reading.post(ASK, json=asked, headers={"Accept": "text/event-stream"})
    assert _fault(answer) == (404, "collection-unknown")


def test_a_stream_outlives_a_fault_in_its_suggestions(monkeypatch, reading, caplog):
    def broken(*_):
        raise RuntimeError("broken")

    monkeypatch.setattr(api, "_suggested", broken)
    asked = {"question": WHERE, "suggest": True}
    events = _events(reading.post(ASK, json=asked, headers={"Accept": "text/event-stream"}).text)
    assert events[-1][0] == "answer" and events[-1][1]["answered"] and "broken" in caplog.text


@pytest.mark.parametrize(
    ("accept", "streams"),
    [
        ("text/event-stream", True),
        ("", False),
        ("*/*", False),
        ("application/json, text/event-stream", False),
        ("text/event-stream, application/json;q=0.5", True),
        ("text/event-stream;q=0.3, application/json;q=0.5", False),
        ("text/event-stream;q=", False),
        ("TEXT/Event-Stream; q=0.5", True),
        ("text/event-stream;q=nan", False),
    ],
)
def test_a_stream_comes_where_it_is_preferred(accept, streams):
    assert api.wants_events(accept) is streams


def test_a_search_gives_the_passages_of_the_answer(reading):
    found = reading.get("/api/v1/search", params={"q": "釉色", "top": 2}).json()
    answer = reading.post(ASK, json={"question": "釉色", "top": 2}).json()
    assert set(found) == {"query", "understood", "passages", "milliseconds"}
    assert found["query"] == "釉色" and len(found["passages"]) == 2
    assert found["passages"] == answer["passages"]


HUGE = "甲" * 10_001


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"question": "\xff"}',
        b'{"question": 7}',
        b'{"question": null}',
        b'{"question": ["a"]}',
        b'{"question": "\\ud800"}',
        b'{"question": "a", "top": NaN}',
        b'{"question": "a", "top": 1e400}',
        b'{"question": "a", "top": -Infinity}',
        b'{"question": "a", "top": 0}',
        b'{"question": "a", "top": 101}',
        b'{"question": "a", "top": "5"}',
        b'{"question": "a", "top": true}',
        b'{"question": "a", "top": ' + b"9" * 5000 + b"}",
        b'{"question": "a", "history": "b"}',
        b'{"question": "a", "history": [1]}',
        b'{"question": "a", "explain": 1}',
        b'{"question": "a", "unknown": 1}',
        b'{"history": []}',
        b"[" * 100_000,
        b'{"question": ' * 3000,
        json.dumps({"question": HUGE}).encode(),
        json.dumps({"question": "a", "history": ["b"] * 201}).encode(),
        json.dumps({"question": "a", "history": [HUGE]}).encode(),
        json.dumps({"question": "a", "\ud800" * 100_000: 1}).encode(),
    ],
)
def test_a_malformed_question_is_refused_in_few_words(reading, body):
    response = reading.post(ASK, content=body, headers={"Content-Type": "application/json"})
    assert _fault(response) in {(422, "api-invalid"), (400, "api-body")}
    assert len(response.content) < 2000


@pytest.mark.parametrize("question", ["a\0b", "\u202e" * 50, "甲" * 10_000, "\n" * 9, "🀄" * 600, "%s{x}{0}"])
def test_a_strange_question_is_answered_and_comes_back_as_it_was(reading, question):
    body = json.dumps({"question": question, "history": [question]})
    response = reading.post(ASK, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 200
    assert response.json()["question"] == question


def test_a_fault_is_told_with_its_place_and_limit_in_the_callers_language(reading):
    def told(language):
        body = {"question": "a", "top": 101, "x": 1}
        return reading.post(ASK, json=body, headers={"Accept-Language": language}).json()["error"]["message"]

    assert told("zh-CN") == "请求有误：body.top 太大，最大 100; body.x 不是这里的字段。请对照 /docs 改正。"
    assert told("en-GB;q=0.9, fr") == (
        "The request is not right: body.top is too large, at most 100; body.x is no field here. Compare it with /docs."
    )
    assert told("fr") == told("zh")


# -- documents


def test_the_list_of_documents_is_that_of_the_command_line(shared, reading):
    with shared.shelf.live().use() as assistant:
        entries = [json.loads(render.entry_json(entry)) for entry in assistant.documents()]
    assert reading.get("/api/v1/documents").json() == {"documents": entries, "total": 3, "offset": 0, "limit": 100}


def test_the_list_is_filtered_by_title_and_path_and_given_in_pages(reading):
    def listed(**parameters):
        facts = reading.get("/api/v1/documents", params=parameters).json()
        return [entry["document"] for entry in facts["documents"]], facts["total"]

    assert listed(q=" 龙泉 ") == (["窑/longquan.md"], 1)
    assert listed(q="TOWER") == (["tower.md"], 1)
    assert listed(q=".md", offset=1, limit=1) == (["tower.md"], 3)
    assert listed(offset=10**30) == ([], 3)
    assert listed(q="没有") == ([], 0)


@pytest.mark.parametrize(
    "parameters", ["limit=0", "limit=1001", "limit=x", "offset=-1", "offset=1.5", "q=" + "a" * 501]
)
def test_wrong_parameters_are_refused(reading, parameters):
    assert _fault(reading.get("/api/v1/documents?" + parameters)) == (422, "api-invalid")


@pytest.mark.parametrize("path", ["窑/longquan.md", "%E7%AA%91%2Flongquan.md"])
def test_a_document_is_that_of_the_command_line(shared, reading, path):
    with shared.shelf.live().use() as assistant:
        expected = json.loads(render.document_json(assistant.document("窑/longquan.md")))
    answer = reading.get("/api/v1/documents/" + path)
    assert answer.json() == expected
    assert schema.Document.model_validate_json(answer.text).title == "龙泉窑"


@pytest.mark.parametrize("id", ["没有.md", "", "longquan.md", "%00", "..%2f..%2fetc%2fpasswd", "%ff", "a" * 5000])
def test_an_unknown_document_is_told(reading, id):
    assert _fault(reading.get("/api/v1/documents/" + id)) == (404, "document-missing")


def test_a_document_is_deleted_by_its_whole_id_only(client):
    for id in ("longquan.md", "longquan", "窑/"):
        assert _fault(client.delete(f"/api/v1/documents/{id}")) == (404, "document-missing")
    assert len(_ids(client)) == 3
    report = client.delete("/api/v1/documents/窑/longquan.md")
    assert report.json()["removed"] == ["窑/longquan.md"]
    schema.Report.model_validate_json(report.text)
    assert _ids(client) == ["bridge.md", "tower.md"]
    assert not any("浙江省" in quote["text"] for quote in client.post(ASK, json={"question": WHERE}).json()["quotes"])


def test_the_last_document_stays(client):
    client.delete("/api/v1/documents/bridge.md"), client.delete("/api/v1/documents/tower.md")
    assert _fault(client.delete("/api/v1/documents/窑/longquan.md")) == (409, "remove-last")


def _tree(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


HOSTILE = {
    "../../etc/one.md": "etc/one.md",
    "/tmp/two.md": "tmp/two.md",
    "..\\..\\windows\\three.md": "windows/three.md",
    "C:\\docs\\four.md": "four.md",
    "fi\x01ve\u202e.md": "fi_ve_.md",
    ".hidden.md": "_hidden.md",
    "con.md": "_con.md",
    "<img src=x>.md": "_img src=x_.md",
    "a" * 300 + ".md": None,
    "": "_",
}


FIELD = b'--xx\r\nContent-Disposition: form-data; name="files"\r\n\r\na\r\n--xx--\r\n'  # no file's


def _boundary(files):
    """Return a form with files whose names stand in it as they are."""
    parts = b"".join(
        b'--xx\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n%s\r\n'
        % (name.replace("\\", "\\\\").encode(), text.encode())
        for name, text in files
    )
    return {"content": parts + b"--xx--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=xx"}}


def test_uploads_with_hostile_names_land_in_the_library_only(client, tmp_path):
    before = {name for name in _tree(tmp_path) if not name.startswith("web.index/")}
    given = [(name, f"# 题{number}\n\n这是第{number}份文档。\n") for number, name in enumerate(HOSTILE)]
    report = client.post("/api/v1/documents", **_boundary(given)).json()
    assert {name for name in _tree(tmp_path) if not name.startswith("web.index/")} == before
    added = _tree(tmp_path / "web.index" / "added")
    expected = {name for name in HOSTILE.values() if name}
    assert {name for name in added if not name.startswith("aaa")} == expected - {"_"}
    assert all(len(name.encode()) <= 200 for name in added) and any(name.startswith("aaa") for name in added)
    assert set(report["added"]) == added
    assert [file["path"] for file in report["skipped"]] == ["_"]  # no suffix tells what it is


def test_files_of_the_same_name_are_numbered_and_name_no_folder_of_the_server(client):
    report = client.post("/api/v1/documents", **_boundary([("甲.md", "# 甲\n\n甲一。"), ("甲.md", "# 甲\n\n甲二。")]))
    assert report.json()["added"] == ["甲-1.md", "甲-2.md"]


def test_a_large_upload_is_indexed_and_can_be_asked(client):
    lines = "".join(f"第{number}号展品藏于第{number % 7}展厅。\n" for number in range(30_000))
    assert len(lines.encode()) > 1 << 20  # more than is kept in memory
    report = client.post("/api/v1/documents", files=[("files", ("展品.txt", lines))])
    assert (report.status_code, report.json()["added"]) == (200, ["展品.txt"])
    assert "第27182号展品藏于第1展厅。" in client.post(ASK, json={"question": "第27182号展品藏于哪里？"}).json()["text"]


def test_an_unreadable_file_is_told_beside_a_readable_one_and_refused_alone(client, tmp_path):
    picture = ("b.png", "\x89PNG\x00\x01")
    report = client.post("/api/v1/documents", **_boundary([("a.md", "# 甲\n\n甲是乙。"), picture])).json()
    assert report["added"] == ["a.md"] and [one["path"] for one in report["skipped"]] == ["b.png"]
    assert _fault(client.post("/api/v1/documents", **_boundary([picture]))) == (400, "add-nothing")
    assert _tree(tmp_path / "web.index" / "added") == {"a.md"}


def test_too_many_and_too_large_files_are_refused_and_nothing_changes(client, monkeypatch, tmp_path):
    monkeypatch.setattr(uploads, "FILES", 2)
    monkeypatch.setattr(uploads, "LARGEST", 1 << 20)
    small = [(f"{number}.md", f"# 题\n\n{number}。") for number in range(3)]
    assert _fault(client.post("/api/v1/documents", **_boundary(small))) == (413, "api-files-many")
    large = ("大.md", "# 题\n\n" + "甲乙。" * (1 << 18))
    assert _fault(client.post("/api/v1/documents", **_boundary([small[0], large]))) == (413, "api-file-large")
    assert not (tmp_path / "web.index" / "added").exists()


def test_a_text_that_is_too_large_is_refused(reading):
    kind = {"Content-Type": "application/json"}
    long = json.dumps({"name": "a.md", "text": "甲" * 1_000_001}).encode()
    assert _fault(reading.post("/api/v1/documents", content=long, headers=kind)) == (422, "api-invalid")
    assert _fault(reading.post("/api/v1/documents", content=long * 2, headers=kind)) == (413, "api-body-large")


@pytest.mark.parametrize(("name", "id"), [("笔记", "笔记.txt"), ("笔记.md", "笔记.md"), ("../v1.2", "v1.2.txt")])
def test_a_text_becomes_a_document(client, name, id):
    report = client.post("/api/v1/documents", json={"name": name, "text": "沧州铁狮子铸造于后周。\n"})
    assert report.json()["added"] == [id]
    assert client.get(f"/api/v1/documents/{id}").json()["text"] == "沧州铁狮子铸造于后周。\n"


def test_an_address_is_fetched_from_the_public_network_only(client, monkeypatch):
    refused = client.post("/api/v1/documents", json={"url": "http://127.0.0.1:9/a.md"})
    assert _fault(refused) == (400, "fetch-private-first")
    asked = []

    def fetch(url, **how):
        asked.append((url, how))
        return Fetched(url, "example.org/lion.md", "# 铁狮子\n\n铁狮子铸造于后周。\n".encode())

    monkeypatch.setattr(uploads, "fetch", fetch)
    report = client.post("/api/v1/documents", json={"url": "https://example.org/lion.md"})
    assert report.json()["added"] == ["example.org/lion.md"]
    assert asked == [("https://example.org/lion.md", {"private": False})]


@pytest.mark.parametrize(
    ("content", "kind", "fault"),
    [
        (b"x", "text/plain", (415, "api-body-type")),
        (b"x", "", (415, "api-body-type")),
        (b"{", "application/json", (422, "api-invalid")),
        (b"[]", "application/json", (422, "api-invalid")),
        (b"[" * 100_000, "application/json", (422, "api-invalid")),
        (b"\xff", "application/json", (422, "api-invalid")),
        (b'{"name": "a.md", "text": "\\ud800"}', "application/json", (422, "api-invalid")),
        (b'{"name": "a.md", "text": ""}', "application/json", (422, "api-invalid")),
        (b'{"name": "a.md", "text": NaN}', "application/json", (422, "api-invalid")),
        (b'{"name": "a.md"}', "application/json", (422, "api-invalid")),
        (b'{"url": "x", "name": "a.md"}', "application/json", (422, "api-invalid")),
        (b'{"url": "file:///etc/passwd"}', "application/json", (400, "fetch-address")),
        (b'{"url": "http://[::1/"}', "application/json", (400, "fetch-address")),
        (b"x", "multipart/form-data", (400, "api-body")),
        (b"x", "multipart/form-data; boundary=xx", (400, "api-body")),
        (b"--xx\r\n\r\n", "multipart/form-data; boundary=xx", (400, "api-body")),
        (FIELD, "multipart/form-data; boundary=xx", (400, "api-files-none")),
    ],
)
def test_a_body_that_is_no_document_is_refused(reading, content, kind, fault):
    assert _fault(reading.post("/api/v1/documents", content=content, headers={"Content-Type": kind})) == fault


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/documents", {"name": "a.md", "text": "甲。"}),
        ("DELETE", "/documents/bridge.md", None),
        ("POST", "/rebuild", None),
        ("POST", "/collections", {"name": "甲"}),
        ("DELETE", "/collections/甲", None),
        ("GET", "/feedback", None),
    ],
)
def test_who_may_not_change_documents_is_refused(reading, method, path, body):
    told = {"X-Account": "reader", "Accept-Language": "en"}
    response = reading.request(method, "/api/v1" + path, json=body, headers=told)
    assert _fault(response) == (403, "api-forbidden")
    assert "may not change documents" in response.json()["error"]["message"]


def test_an_index_that_another_process_updates_is_told_with_the_time_to_wait(client, tmp_path):
    with Store(tmp_path / "web.index").writing():
        response = client.delete("/api/v1/documents/bridge.md")
    assert _fault(response) == (409, "index-locked")
    assert response.headers["retry-after"] == "5"
    assert client.delete("/api/v1/documents/bridge.md").status_code == 200


# -- jobs


def _ended(client, id):
    end = time.monotonic() + 30
    while (job := client.get(f"/api/v1/jobs/{id}").json())["state"] in {"queued", "running"}:
        assert time.monotonic() < end
        time.sleep(0.02)
    return job


def test_a_rebuild_is_a_job_that_ends_with_its_report(client, tmp_path):
    write_files(tmp_path / "documents", {"lion.md": "# 铁狮子\n\n铁狮子铸造于后周。\n"})
    started = client.post("/api/v1/rebuild")
    assert started.status_code == 202
    assert started.headers["location"] == f"/api/v1/jobs/{started.json()['id']}"
    job = _ended(client, started.json()["id"])
    assert (job["state"], job["error"], job["step"]) == ("done", None, "finish")
    assert (job["report"]["added"], job["report"]["documents"]) == (["lion.md"], 4)
    assert client.get("/api/v1/jobs").json() == {"jobs": [job]}
    schema.Job.model_validate_json(json.dumps(job))
    assert "lion.md" in _ids(client)


def test_a_rebuild_that_fails_tells_why_in_the_language_of_who_asks(client, tmp_path):
    (tmp_path / "documents").rename(tmp_path / "elsewhere")
    job = _ended(client, client.post("/api/v1/rebuild").json()["id"])
    assert (job["state"], job["report"], job["error"]["code"]) == ("failed", None, "path-missing")
    english = client.get(f"/api/v1/jobs/{job['id']}", headers={"Accept-Language": "en"}).json()["error"]["message"]
    assert "没有这个路径" in job["error"]["message"] and "no such path" in english


def test_an_unknown_job_is_told(reading):
    assert _fault(reading.get("/api/v1/jobs/x%2fy")) == (404, "api-address")
    assert _fault(reading.get("/api/v1/jobs/xy")) == (404, "api-job-missing")
    assert _fault(reading.get("/api/v1/jobs/" + "x" * 101)) == (422, "api-invalid")


REPORT = Report(("a",), (), (), (), (), (), 1, 1)


def _until(found):
    end = time.monotonic() + 10
    while not (value := found()):
        assert time.monotonic() < end
        time.sleep(0.005)
    return value


def test_one_job_runs_at_a_time_and_a_collection_has_one():
    jobs, gate, second = Jobs(), threading.Event(), threading.Event()

    def waiting(progress):
        progress("index", 1, 3)
        gate.wait(10)
        return REPORT

    def other(progress):
        second.set()
        return REPORT

    first = jobs.start("甲", waiting)
    assert jobs.start("甲", other).id == first.id
    _until(lambda: jobs.get(first.id).step)
    assert (jobs.get(first.id).state, jobs.get(first.id).done, jobs.get(first.id).total) == (State.RUNNING, 1, 3)
    later = jobs.start("乙", other)
    assert (later.state, second.is_set()) == (State.QUEUED, False)
    gate.set()
    _until(lambda: jobs.get(later.id).state is State.DONE)
    assert jobs.get(first.id).report is REPORT
    assert [job.collection for job in jobs.all()] == ["乙", "甲"]
    assert jobs.start("甲", other).id != first.id


def test_jobs_that_ended_long_ago_are_forgotten_and_no_others():
    jobs = Jobs(kept=3)
    ids = []
    for number in range(6):
        ids.append(jobs.start(str(number), lambda _: REPORT).id)
        _until(lambda: jobs.get(ids[-1]).state is State.DONE)
    assert [job.id for job in jobs.all()] == ids[:1:-1]  # three that had ended before the last one began
    assert jobs.get(ids[0]) is None


def test_a_job_speaks_the_language_of_who_started_it_and_survives_a_fault(caplog):
    jobs, spoken = Jobs(), []

    def broken(progress):
        spoken.append(str(InputError("document-missing", document="x")))
        raise RuntimeError("inside")

    with speaking("en"):
        job = jobs.start("", broken)
    _until(lambda: jobs.get(job.id).state is State.FAILED)
    assert spoken[0].startswith("The index has no document x")
    assert jobs.get(job.id).error.key == "api-failed" and "inside" in caplog.text
    assert jobs.start("", lambda _: REPORT).id != job.id


# -- collections


def test_collections_are_made_filled_asked_and_deleted(client):
    assert client.get("/api/v1/collections").json() == {"collections": [{"name": "", "documents": 3, "passages": 4}]}
    made = client.post("/api/v1/collections", json={"name": "手册"})
    assert (made.status_code, made.json()) == (201, {"name": "手册", "documents": 0, "passages": 0})
    assert _fault(client.post(ASK, json={"question": "甲？", "collection": "手册"})) == (409, "collection-empty")
    assert _fault(client.post("/api/v1/rebuild", params={"collection": "手册"})) == (409, "collection-empty")
    assert _ids(client, "手册") == []
    new = {"name": "lion.md", "text": "# 铁狮子\n\n铁狮子铸造于后周。\n"}
    client.post("/api/v1/documents", params={"collection": "手册"}, json=new)
    assert (_ids(client, "手册"), len(_ids(client))) == (["lion.md"], 3)
    asked = {"question": "铁狮子铸造于什么时候？", "collection": "手册"}
    assert client.post(ASK, json=asked).json()["text"] == "铁狮子铸造于后周。"
    listed = client.get("/api/v1/collections").json()["collections"]
    assert listed[1] == {"name": "手册", "documents": 1, "passages": 1}
    gone = client.delete("/api/v1/collections/手册")
    assert (gone.status_code, gone.content) == (204, b"")
    assert _fault(client.post(ASK, json=asked)) == (404, "collection-unknown")


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a/b", "a\\b", "\0", "\ud800", ".x", "con", 61 * "a", 100_000 * "a"]
)
def test_a_name_that_no_collection_can_have_is_refused(shared, reading, name):
    body = json.dumps({"name": name})
    answer = reading.post("/api/v1/collections", content=body, headers={"Content-Type": "application/json"})
    assert _fault(answer) == (400, "collection-name")
    assert not (shared.shelf.settings.home / "collections").exists()


def test_what_is_wrong_with_a_collection_is_told(client):
    client.post("/api/v1/collections", json={"name": "甲"})
    assert _fault(client.post("/api/v1/collections", json={"name": "甲"})) == (409, "collection-exists")
    assert _fault(client.delete("/api/v1/collections/乙")) == (404, "collection-unknown")
    assert _fault(client.delete("/api/v1/collections/")) == (404, "api-address")
    assert _fault(client.get("/api/v1/documents?collection=..")) == (400, "collection-name")


# -- votes


def test_votes_are_stored_exported_and_taken_back(client):
    answer = client.post(ASK, json={"question": "赵州桥由谁设计？"}).json()
    quotes = [{name: quote[name] for name in ("document", "start", "end", "text")} for quote in answer["quotes"]]
    facts = {"question": "赵州桥由谁设计？", "right": True, "quotes": quotes, "confidence": answer["confidence"]}
    key = client.post("/api/v1/feedback", json=facts)
    assert key.status_code == 201
    down = {"question": "月球上有什么？", "right": False, "reason": "should_decline", "answered": False}
    client.post("/api/v1/feedback", json=down)
    listed = client.get("/api/v1/feedback")
    schema.Votes.model_validate_json(listed.text)
    first, second = listed.json()["votes"]
    assert (first["turns"], first["right"], first["quotes"]) == (["赵州桥由谁设计？"], True, quotes)
    assert (second["reason"], second["answers"]) == ("should_decline", [])
    assert client.delete(f"/api/v1/feedback/{key.json()['key']}").status_code == 204
    assert _fault(client.delete(f"/api/v1/feedback/{key.json()['key']}")) == (404, "api-vote-missing")
    assert [vote["right"] for vote in client.get("/api/v1/feedback").json()["votes"]] == [False]
    assert client.get("/api/v1/feedback?collection=手册").json() == {"votes": []}


def test_a_malformed_vote_is_refused(client):
    wrong = [
        ({"question": "甲？"}, (422, "api-invalid")),
        ({"question": "甲？", "right": False, "reason": "x"}, (422, "api-invalid")),
        ({"question": "甲？", "right": False, "answered": False, "confidence": 2}, (422, "api-invalid")),
        ({"question": "甲？", "right": True, "reason": "wrong", "answered": False}, (400, "feedback-malformed")),
        ({"question": "甲？", "right": True, "answered": False, "comment": "a" * 1001}, (400, "feedback-long")),
    ]
    for body, fault in wrong:
        assert _fault(client.post("/api/v1/feedback", json=body)) == fault
    assert client.get("/api/v1/feedback").json() == {"votes": []}


def test_a_server_that_takes_no_feedback_says_so(tmp_path, cache):
    client = make_client(make_site(tmp_path, cache, feedback=None))
    body = {"question": "甲？", "right": False, "answered": False}
    assert _fault(client.post("/api/v1/feedback", json=body)) == (404, "api-feedback-off")
    assert _fault(client.get("/api/v1/feedback")) == (404, "api-feedback-off")


# -- the server itself


def test_health_tells_the_version_and_nothing_of_the_documents(reading):
    answer = reading.get("/api/v1/health")
    assert answer.json() == {"status": "ok", "version": api.version()}


def test_health_is_a_503_without_a_reason_where_the_index_cannot_be_asked(monkeypatch, client, site, caplog):
    @contextmanager
    def broken():
        raise InputError("path-missing", path="/secret")
        yield

    monkeypatch.setattr(site.shelf, "live", lambda name="": SimpleNamespace(use=broken))
    answer = client.get("/api/v1/health")
    assert _fault(answer) == (503, "api-unavailable")
    assert "secret" not in answer.text and "/secret" in caplog.text


def _samples(text):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_the_metrics_count_what_happened(client):
    client.post(ASK, json={"question": WHERE})
    client.post(ASK, json={"question": "月球上有什么窑？"})
    client.post(ASK, json={"question": "甲？", "collection": "没有"})
    client.get("/api/v1/nowhere"), client.get("/api/v1/jobs/x")
    client.post("/api/v1/collections", json={"name": "手册"})
    _ended(client, client.post("/api/v1/rebuild").json()["id"])
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    found = _samples(response.text)
    assert found["yinju_questions_total", "answered"] == 1
    assert found["yinju_questions_total", "declined"] == 1
    assert found["yinju_questions_total", "failed"] == 1
    assert found[("yinju_question_seconds_count",)] == 2
    assert found["yinju_question_seconds_bucket", "+Inf"] == 2
    assert found["yinju_failed_requests_total", "404"] == 3
    assert (found["yinju_documents", ""], found["yinju_passages", ""]) == (3, 4)
    assert (found["yinju_documents", "手册"], found["yinju_passages", "手册"]) == (0, 0)
    assert (found["yinju_jobs", "done"], found["yinju_jobs", "failed"]) == (1, 0)
    assert _samples(client.get("/api/v1/metrics").text) == found


def test_two_servers_in_one_process_count_apart(shared):
    one, other = make_client(replace(shared)), make_client(replace(shared))
    one.post(ASK, json={"question": WHERE})
    assert _samples(one.get("/metrics").text)["yinju_questions_total", "answered"] == 1
    assert _samples(other.get("/metrics").text)["yinju_questions_total", "answered"] == 0


@pytest.mark.parametrize(
    ("method", "path", "fault", "allowed"),
    [
        ("GET", "/api/v1/ask", (405, "api-method"), "POST"),
        ("PUT", "/api/v1/documents", (405, "api-method"), "GET, POST"),
        ("POST", "/api/v1/documents/a/b", (405, "api-method"), "DELETE, GET"),
        ("OPTIONS", "/api/v1/collections/a", (405, "api-method"), "DELETE"),
        ("X" * 500, "/api/v1/health", (405, "api-method"), "GET"),
        ("GET", "/api/v1/nowhere", (404, "api-address"), None),
        ("GET", "/api/v1/", (404, "api-address"), None),
        ("GET", "/api/v1/" + "a" * 5000, (404, "api-address"), None),
    ],
)
def test_another_method_or_address_is_refused_in_the_same_shape(reading, method, path, fault, allowed):
    response = reading.request(method, path)
    assert _fault(response) == fault
    assert response.headers.get("allow") == allowed
    assert len(response.content) < 1000


def test_a_fault_of_ours_is_logged_and_told_without_its_inside(monkeypatch, client, site, caplog):
    def broken(name=""):
        raise RuntimeError("secret")

    monkeypatch.setattr(site.shelf, "live", broken)
    answer = client.post(ASK, json={"question": "甲乙丙？"}, headers={"Accept-Language": "en"})
    assert _fault(answer) == (500, "api-failed")
    assert "secret" not in answer.text and "secret" in caplog.text and "甲乙丙" not in caplog.text


# -- the documentation


class _Page(HTMLParser):
    """Collects what a page loads and where its links lead."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.ids, self.text = set(), [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.add(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found[name] for name in ("href", "src", "action") if name in found]

    def handle_data(self, data):
        self.text += data


def test_the_documentation_page_loads_nothing_and_runs_nothing(reading):
    answer = reading.get("/docs")
    shown = _Page(answer.text)
    assert not shown.tags & {"script", "img", "iframe", "form", "object", "embed"}
    assert all(link.startswith(("#", "data:image/svg+xml", "http://testserver/api/v1/")) for link in shown.links)
    assert {link[1:] for link in shown.links if link.startswith("#")} <= set(shown.ids)
    assert len(shown.ids) == len(set(shown.ids))
    style = re.search("<style>(.*?)</style>", answer.text, re.DOTALL)[1]
    checksum = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{checksum}'" in policy and "default-src 'none'" in policy and "http" not in policy


def test_the_documentation_page_shows_every_operation_with_its_fields_and_an_example(reading):
    shown = _Page(reading.get("/docs").text).text
    described = reading.get("/api/v1/openapi.json").json()
    assert len(described["paths"]) == 13
    for path, operations in described["paths"].items():
        assert path in shown
        for facts in operations.values():
            assert facts["summary"] in shown
    example = "curl http://testserver/api/v1/ask -H 'Content-Type: application/json' -d '{\"question\": \""
    assert example in shown and "as_written" in shown
    assert "curl -X DELETE http://testserver/api/v1/documents/guide.md" in shown


def test_the_documentation_page_speaks_the_readers_language(reading):
    chinese, english = (reading.get("/docs", headers={"Accept-Language": one}).text for one in ("zh", "en"))
    assert '<html lang="zh-CN">' in chinese and "列出文档" in chinese
    assert '<html lang="en">' in english and "List the documents" in english
    words = re.sub("<pre>.*?</pre>", "", english)  # examples ask in Chinese
    assert not re.search("[\u4e00-\u9fff]", words)


def test_a_hostile_address_is_inert_in_the_examples(reading):
    described = reading.get("/api/v1/openapi.json").json()
    made = manual.respond(described, base="http://x'\"><script>alert(1)</script>/").body.decode()
    assert "<script" not in made
    assert "$(" not in html.unescape(made)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_that_openapi_says_is_told_in_the_readers_language(reading, language):
    described = reading.get("/api/v1/openapi.json", headers={"Accept-Language": language}).json()
    told = []

    def walk(part, name=""):
        if isinstance(part, dict):
            for key, value in part.items():
                walk(value, key)
        elif isinstance(part, list):
            for value in part:
                walk(value, name)
        elif isinstance(part, str):
            assert part not in CATALOGUE or not part.startswith("api-")
            told.extend([part] if name in {"description", "summary"} else [])

    walk(described)
    assert len(told) > 150
    assert all(bool(re.search("[\u4e00-\u9fff]", text)) == (language == "zh") for text in told)
    for operations in described["paths"].values():
        for facts in operations.values():
            assert all(response["description"] for response in facts["responses"].values())
    for model in described["components"]["schemas"].values():
        assert all("description" in field for field in model.get("properties", {}).values())
