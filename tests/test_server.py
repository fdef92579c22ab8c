"""The server of `assistant serve`: what each address gives, and to whom."""

import json
import re
import socket
import subprocess
import sys
from urllib.parse import quote as percent

import httpx
import pytest

from tests.browsing import ROOT, serving, variables
from tests.conftest import run_process


def test_page_reader_interface_and_documentation_answer_and_name_no_other_host(server):
    with httpx.Client(base_url=server) as client:
        for path in ("/", "/read/longquan.md", "/docs", "/config"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert not set(re.findall(r"""(?:src|href)=["']?(https?://[^"'\s>]+)""", answer.text)) - {
                "https://example.org/kiln",  # the source that the document names
                "https://gradio.app/",
                f"{server}/api/v1/openapi.json",
            }
        assert client.post("/api/v1/ask", json={"question": "龙泉窑位于哪里？"}).json()["answered"] is True
        assert client.get("/api/v1/health").json()["status"] == "ok"
        assert "yinju_" in client.get("/metrics").text


def test_the_language_is_that_of_the_browser_and_what_was_chosen_on_the_page_comes_first(server):
    english, chosen = {"accept-language": "en-GB,zh;q=0.5"}, {"cookie": "yinju_lang=zh"}
    assert 'lang="en"' in httpx.get(f"{server}/read/nichts.md", headers=english).text
    assert 'lang="zh-CN"' in httpx.get(f"{server}/read/nichts.md", headers={**english, **chosen}).text
    assert "Ask a question" in httpx.get(f"{server}/chat/hello", headers=english).text
    assert "问一个问题" in httpx.get(f"{server}/chat/hello", headers={"accept-language": "fr"}).text


def test_a_turn_of_the_chat_streams_the_answer_then_questions(server):
    with httpx.stream("POST", f"{server}/chat/turn", json={"question": "龙泉窑位于哪里？"}) as answer:
        answer.read()
        first, second = map(json.loads, answer.text.splitlines())
    assert first["answer"]["quotes"][0]["text"] == "龙泉窑位于浙江省龙泉市。" and "suggestions" in second


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("export", {"exchanges": [{"question": "甲", "answer": {"quotes": 5}}]}),
        ("export", {"exchanges": [{"question": "甲", "answer": {"quotes": [], "table": 7}}]}),
        ("export", {"exchanges": "甲"}),
        ("turn", {"question": "长" * 20_000}),
        ("turn", {"question": "甲", "history": ["乙"] * 500}),
        ("turn", {"question": 7}),
        ("turn", []),
    ],
)
def test_what_the_page_calls_refuses_what_is_malformed_in_words(server, path, body):
    answer = httpx.post(f"{server}/chat/{path}", json=body)
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]["message"]


def test_a_conversation_is_exported_as_markdown_that_links_to_the_server(server):
    asked = httpx.post(f"{server}/api/v1/ask", json={"question": "龙泉窑位于哪里？"}).json()
    text = httpx.post(f"{server}/chat/export", json={"exchanges": [{"question": "在哪", "answer": asked}]}).text
    (link,) = set(re.findall(r"\((http[^)]+)\)", text)) - {"https://example.org/kiln"}
    assert httpx.get(link.replace("&amp;", "&")).status_code == 200 and link.startswith(f"{server}/read/longquan.md")


def test_questions_are_counted_however_they_are_asked(server):
    def counted():
        found = re.findall(
            r'yinju_questions_total\{outcome="answered"\} ([0-9.]+)', httpx.get(f"{server}/metrics").text
        )
        return float(found[0])

    question, before = "赵州桥由谁设计？", counted()
    httpx.post(f"{server}/api/v1/ask", json={"question": question})
    httpx.post(f"{server}/chat/turn", json={"question": question})
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    params = {"name": "ask", "arguments": {"question": question}}
    accepted = {"accept": "application/json, text/event-stream"}
    told = httpx.post(f"{server}/mcp", json={**call, "params": params}, headers=accepted)
    assert "李春" in told.text
    assert counted() == before + 3


def test_another_site_cannot_ask_through_a_visitor_or_by_a_name_of_its_own(server):
    question = {"question": "龙泉窑位于哪里？"}
    foreign = httpx.post(f"{server}/api/v1/ask", json=question, headers={"origin": "https://evil.example"})
    named = httpx.get(f"{server}/api/v1/documents", headers={"host": "evil.example"})
    assert (foreign.status_code, named.status_code) == (403, 421)


def _claims(site):
    """Files that a visitor may say to have uploaded."""
    secret = site / "secret.md"
    secret.write_text("# 机密\n\n机密是四十二。\n", encoding="utf-8")
    for path in ("http://elsewhere.example/x", str(secret), "/dev/zero", str(site / "web.index" / "CURRENT")):
        for is_stream in (False, True):
            yield {"path": path, "is_stream": is_stream, "meta": {"_type": "gradio.FileData"}}


def test_the_page_cannot_be_made_to_fetch_addresses_or_to_take_files_of_the_machine(server, site):
    """Every event of the page gets such files for each of its inputs; `serving` sees whom the server reaches."""
    with httpx.Client(base_url=server) as client:
        events = [one["id"] for one in client.get("/config").json()["dependencies"] if one["backend_fn"]]
        inputs = {one["id"]: len(one["inputs"]) for one in client.get("/config").json()["dependencies"]}
        for claim in _claims(site):
            for number in filter(inputs.get, events):
                for value in (claim, [claim]):
                    job = {"data": [value] * inputs[number], "fn_index": number, "session_hash": "s"}
                    assert client.post("/gradio_api/queue/join", json=job).status_code == 200
        with client.stream("GET", "/gradio_api/queue/data?session_hash=s") as answers:
            assert any("close_stream" in line for line in answers.iter_lines())  # all of them are done
        assert client.get("/api/v1/health").json()["status"] == "ok"
        ids = [one["document"] for one in client.get("/api/v1/documents").json()["documents"]]
        texts = [client.get(f"/api/v1/documents/{percent(id)}").json()["text"] for id in ids]
        assert not any("四十二" in text or "generation" in text for text in texts), ids
        for path in ("file=/etc/passwd", f"file={site}/log", "proxy=http://elsewhere.example/", "component_server"):
            assert client.get(f"/gradio_api/{path}").status_code == 404
    assert "四十二" in (site / "secret.md").read_text("utf-8")


def test_a_job_for_an_event_that_is_none_is_refused_without_a_traceback(server):
    for number in (999, -1, "x", None):
        job = {"data": [], "fn_index": number, "session_hash": "s", "event_data": None, "trigger_id": None}
        assert 400 <= httpx.post(f"{server}/gradio_api/queue/join", json=job).status_code < 500


def test_programs_call_the_page_by_its_own_client(server):
    code = f"""
import json
from gradio_client import Client
client = Client({server!r}, verbose=False)
print(json.dumps(client.predict("龙泉窑位于哪里？", [], "", api_name="/ask")))
"""
    done = run_process([sys.executable, "-c", code])
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["quotes"][0]["text"] == "龙泉窑位于浙江省龙泉市。"


def test_with_a_password_nothing_is_served_without_it_and_editors_alone_change_documents(site, tmp_path):
    given = {"ASSISTANT_AUTH": "张三:密:码", "ASSISTANT_EDITORS": "李四:五六"}
    with serving(site, tmp_path / "log", **given) as address, httpx.Client(base_url=address) as client:
        for path in ("/", "/read/longquan.md", "/docs"):
            refused = client.get(path)
            assert refused.status_code == 303 and "龙泉窑" not in refused.text
        for path in ("/gradio_api/info", "/api/v1/documents", "/metrics", "/config"):
            assert client.get(path).status_code == 401
        assert client.post("/mcp", json={}).status_code == 401
        assert client.post("/login", data={"username": "张三", "password": "密"}).status_code == 400
        assert client.get("/read/longquan.md").status_code == 303
        assert client.post("/login", data={"username": "张三", "password": "密:码"}).status_code == 303
        assert "龙泉窑" in client.get("/read/longquan.md").text
        assert client.delete("/api/v1/documents/longquan.md").status_code == 403
        editor = httpx.BasicAuth("李四", "五六")
        added = httpx.post(
            f"{address}/api/v1/documents", json={"name": "new.md", "text": "# 新\n\n新的一句。"}, auth=editor
        )
        assert added.status_code == 200 and added.json()["added"] == ["new.md"]


def test_questions_are_written_down_only_where_that_is_asked_for(server, site, tmp_path):
    with serving(site, tmp_path / "log", options=("--log-questions",)) as told:
        for address in (server, told):
            httpx.post(f"{address}/api/v1/ask", json={"question": "龙泉窑位于哪里？"})
            httpx.post(f"{address}/chat/turn", json={"question": "龙泉窑位于哪里？"})
    assert '"龙泉窑位于哪里？"' not in (site / "log").read_text("utf-8")
    assert (tmp_path / "log").read_text("utf-8").count('"龙泉窑位于哪里？"') == 2


def _start(folder, *options, **environment):
    command = [sys.executable, "-m", "assistant.cli", "serve", "--index", str(folder / "web.index"), *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=variables(folder, **environment), stdout=pipe, stderr=pipe, text=True, cwd=ROOT
    )


def test_what_keeps_a_server_from_starting_is_told_in_one_message(site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        started = {
            f"端口 {port} 无法使用": _start(site, "--port", port),
            "用户名:密码": _start(site, "--port", "0", ASSISTANT_AUTH="nocolon"),
            "--i-know": _start(site, "--port", "0", "--host", "0.0.0.0"),
        }
        for told, process in started.items():
            output, errors = process.communicate(timeout=60)
            assert (process.returncode, output) == (1, "")
            assert told in errors and "Traceback" not in errors
