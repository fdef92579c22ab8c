"""The MCP server, as its official client finds it: over stdio in a process of its own, and over HTTP."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from assistant import render
from assistant.assistant import Assistant, build
from assistant.library import collections
from assistant.settings import Settings
from assistant.shelf import Shelf
from assistant.web.mcp import server as mcp
from assistant.web.mcp import tools
from corpus.errors import IndexMissingError, InputError
from corpus.messages import CATALOGUE, speaking
from tests.conftest import ROOT, write_files

KILN = "# 龙泉窑\n\n龙泉窑是中国制瓷史上延续时间最长的窑系。龙泉窑位于浙江省龙泉市。\n"
OVEN = "# 钧窑\n\n钧窑是以窑变釉闻名的窑系。钧窑位于河南省禹州市。\n"
LONG = "# 长卷\n\n" + "".join(f"第{number}行写着一个数字，是{number * number}。\n\n" for number in range(600))
HORSE = "# 汗血马\n\n汗血马原产于土库曼斯坦。汗血马以耐力闻名。\n"
LION = "# 沧州铁狮子\n\n沧州铁狮子铸造于后周广顺三年。\n"

# Writes down every attempt to reach another machine.
SCRIPT = """
import sys
def watch(event, values):
    if event in ("socket.connect", "socket.getaddrinfo"):
        print("REACHED", values, file=sys.stderr, flush=True)
sys.addaudithook(watch)
from pathlib import Path
from assistant.web.mcp.server import serve_stdio
from assistant.settings import Settings
serve_stdio(Settings.from_environment(Path(sys.argv[1])), note=lambda text: print(text, file=sys.stderr))
"""
MODES = ("legacy", "auto")  # with and without a handshake


@pytest.fixture(scope="module")
def settings(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index, and a collection beside it; tests only read them."""
    home = tmp_path_factory.mktemp("mcp")
    (home / "cache").symlink_to(cache)
    made = Settings(home, home / "own.index", True)
    build(made, [write_files(home / "documents", {"窑/龙泉 窑.md": KILN, "jun.md": OVEN, "long.md": LONG})])
    build(collections.create(made, "马"), [write_files(home / "horses", {"horse.md": HORSE})])
    collections.create(made, "空")
    return made


@pytest.fixture(scope="module")
def shelf(settings: Settings) -> Iterator[Shelf]:
    with closing(Shelf(settings, note=pytest.fail)) as opened:
        yield opened


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Iterator[Assistant]:
    with closing(Assistant.from_settings(settings)) as opened:
        yield opened


def _site(endpoint: mcp.Endpoint) -> ASGIApp:
    """An application as the server's: the page lies at the root, behind all else."""
    return Starlette(routes=[Route("/mcp", endpoint), Mount("/", PlainTextResponse("the page", 404))])


def over_http(
    shelf: Shelf,
    work: Callable[[Client], Awaitable[Any]],
    *,
    mode: str = "auto",
    around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
) -> Any:
    """What `work` gives with a client of the endpoint."""

    async def run() -> Any:
        endpoint = mcp.Endpoint(shelf)
        transport = httpx2.ASGITransport(app=around(_site(endpoint)))
        async with endpoint.running(), httpx2.AsyncClient(transport=transport) as http:
            reached = streamable_http_client("http://elsewhere.example:7860/mcp", http_client=http)
            async with Client(reached, mode=mode) as client:
                return await work(client)

    return anyio.run(run)


def called(shelf: Shelf, name: str, *, mode: str = "auto", **arguments: object) -> Any:
    return over_http(shelf, lambda client: client.call_tool(name, arguments), mode=mode)


def posted(shelf: Shelf, body: bytes, method: str = "POST", **headers: str) -> httpx2.Response:
    """The answer to a request that no client of good manners sends."""

    async def run() -> httpx2.Response:
        endpoint = mcp.Endpoint(shelf)
        transport = httpx2.ASGITransport(app=_site(endpoint))
        sent = {"content-type": "application/json", "accept": "application/json", **headers}
        async with endpoint.running(), httpx2.AsyncClient(transport=transport) as http:
            return await http.request(method, "http://localhost/mcp", content=body, headers=sent)

    return anyio.run(run)


def tool_call(name: str, id: int = 1, **arguments: object) -> bytes:
    params = {"name": name, "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}).encode()


# -- what there is


@pytest.mark.parametrize("mode", MODES)
def test_a_client_is_told_of_three_tools_that_only_read_and_of_the_collections(shelf: Shelf, mode: str) -> None:
    async def look(client: Client) -> Any:
        return client.server_info, client.instructions, await client.list_tools()

    info, instructions, found = over_http(shelf, look, mode=mode)
    assert (info.name, info.title, info.version) == ("yinju", "引据 Yinju", version("yinju"))
    assert "一字不差" in instructions and "verbatim" in instructions
    assert [(tool.name, tool.title) for tool in found.tools] == [
        ("ask", "提问 Ask"),
        ("search", "搜索 Search"),
        ("read", "阅读 Read"),
    ]
    for tool in found.tools:
        hints = tool.annotations.model_dump(exclude_none=True)
        assert hints == {
            "read_only_hint": True,
            "destructive_hint": False,
            "idempotent_hint": True,
            "open_world_hint": False,
        }
        assert tool.input_schema["additionalProperties"] is False
        assert "空、马" in tool.input_schema["properties"]["collection"]["description"]
        for text in (tool.description, *(one["description"] for one in tool.input_schema["properties"].values())):
            chinese, english = text.split("\n")[:2]
            assert not chinese.isascii() and english.isascii()
        assert not set(CATALOGUE) & set(re.findall(r'"([^"]+)"', json.dumps(tool.output_schema)))
    required = [tool.input_schema["required"] for tool in found.tools]
    assert required == [["question"], ["query"], ["document"]]
    assert "do not say" in found.tools[0].description and "文档没有说" in found.tools[0].description


# -- asking


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("question", ["龙泉窑位于哪里？", "龙泉窑和钧窑有什么区别？", "火星上的船票怎样预订？"])
def test_an_answer_has_the_fields_of_the_python_api_and_quotes_with_their_places(
    shelf: Shelf, assistant: Assistant, mode: str, question: str
) -> None:
    result = called(shelf, "ask", mode=mode, question=question)
    answer = assistant.ask(question)
    expected = json.loads(render.answer_json(answer))
    given = result.structured_content
    assert given.pop("milliseconds") > 0 and expected.pop("milliseconds") > 0
    assert given == expected
    assert result.is_error is False
    (content,) = result.content
    assert content.text == render.answer_text(answer)
    for quote in given["quotes"]:
        assert assistant.document(quote["document"]).text[quote["start"] : quote["end"]] == quote["text"]
        assert quote["text"] in content.text
        assert f"{quote['document']} {quote['start']}:{quote['end']}" in content.text


def test_the_answer_is_the_sentence_that_says_it(shelf: Shelf) -> None:
    (quote,) = called(shelf, "ask", question="龙泉窑位于哪里？").structured_content["quotes"]
    assert quote["text"] == "龙泉窑位于浙江省龙泉市。"
    assert (quote["document"], quote["start"], quote["end"]) == ("窑/龙泉 窑.md", 24, 36)


def test_where_the_documents_do_not_say_the_answer_says_so_and_is_no_error(shelf: Shelf) -> None:
    result = called(shelf, "ask", question="火星上的船票怎样预订？")
    assert (result.is_error, result.structured_content["answered"]) == (False, False)
    assert result.structured_content["quotes"] == [] and "文档没有说明" in result.content[0].text


@pytest.mark.parametrize("history", [["龙泉窑是什么？"], '["龙泉窑是什么？"]', "龙泉窑是什么？"])
def test_a_follow_up_is_made_whole_from_the_history_in_whatever_form_a_client_sends_it(
    shelf: Shelf, history: object
) -> None:
    found = called(shelf, "ask", question="它位于哪里？", history=history).structured_content
    assert (found["completed"], found["text"]) == (True, "龙泉窑位于浙江省龙泉市。")


def test_a_collection_is_asked_by_its_name(shelf: Shelf) -> None:
    found = called(shelf, "ask", question="汗血马原产于哪里？", collection="马").structured_content
    assert [quote["document"] for quote in found["quotes"]] == ["horse.md"]
    assert called(shelf, "ask", question="汗血马原产于哪里？").structured_content["answered"] is False


# -- searching and reading


def test_search_gives_as_many_verbatim_passages_as_are_wanted_best_first(shelf: Shelf, assistant: Assistant) -> None:
    result = called(shelf, "search", query="钧窑 窑变釉", top=2)
    passages = result.structured_content["passages"]
    assert [one["document"] for one in passages] == ["jun.md", "窑/龙泉 窑.md"]
    assert passages == json.loads(render.answer_json(assistant.ask("钧窑 窑变釉", top=2)))["passages"]
    for number, one in enumerate(passages, start=1):
        assert assistant.document(one["document"]).text[one["start"] : one["end"]] == one["text"]
        assert f"[{number}] {one['title']} {one['document']} {one['start']}:{one['end']}\n" in result.content[0].text
        assert one["text"] in result.content[0].text


def test_reading_page_by_page_gives_the_whole_text(shelf: Shelf, assistant: Assistant) -> None:
    async def turn(client: Client) -> list[dict[str, Any]]:
        pages, start = [], 0
        while start is not None:
            result = await client.call_tool("read", {"document": "long.md", "start": start})
            pages.append(result.structured_content)
            start = pages[-1]["next"]
            assert (f"start={start}" in result.content[0].text) == (start is not None)
        return pages

    pages = over_http(shelf, turn)
    text = assistant.document("long.md").text
    assert "".join(page["text"] for page in pages) == text
    assert len(pages) > 3
    for page in pages:
        assert text[page["start"] : page["end"]] == page["text"] and len(page["text"]) <= tools.PAGE
        assert page["text"].endswith("\n")
        assert (page["length"], page["quote"]) == (len(text), None)
    assert [page["previous"] for page in pages[:2]] == [None, 0]


def test_reading_a_quote_gives_what_stands_around_it_and_tells_the_quote(shelf: Shelf, assistant: Assistant) -> None:
    text = assistant.document("long.md").text
    start = text.index("第300行")
    result = called(shelf, "read", document="long.md", start=start, end=start + 6)
    part = result.structured_content
    assert part["quote"] == text[start : start + 6] == "第300行写"
    assert part["text"] == text[part["start"] : part["end"]] and part["text"].startswith("第")
    assert start - part["start"] > 1000 and part["end"] - start > 1000
    assert (part["next"], part["previous"]) == (part["end"], part["start"] - tools.PAGE)
    assert f"long.md，第 {part['start']} 至 {part['end']} 字，全文 {len(text)} 字" in result.content[0].text


@given(st.data())
def test_a_window_holds_the_quote_is_bounded_and_pages_leave_nothing_out(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="甲\n", max_size=400)) * data.draw(st.integers(1, 40))
    start, read = 0, ""
    while start < len(text):
        first, last = tools.window(text, start, None)
        assert first == start and 0 < last - first <= tools.PAGE
        read, start = read + text[first:last], last
    assert read == text
    if text:
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        first, last = tools.window(text, start, end)
        assert (first <= start and min(end, start + tools.PAGE) <= last) or end - start > tools.PAGE
        assert 0 <= first < last <= len(text) and last - first <= tools.PAGE


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (0, 11), (10, None), (99, None), (0, -1), (0, 0)])
def test_a_place_outside_of_the_text_is_refused(start: int, end: int | None) -> None:
    with pytest.raises(InputError, match="0 到 10"):
        tools.window("一二三四五六七八九十", start, end)


def test_an_empty_text_has_one_empty_page() -> None:
    assert tools.window("", 0, None) == (0, 0)


@pytest.mark.parametrize("question", ["龙泉窑和钧窑有什么区别？", "龙泉窖位于哪里？", "火星？"])
def test_the_schemas_name_every_field_and_no_other(shelf: Shelf, question: str) -> None:
    for tool, arguments in (("ask", {"question": question}), ("search", {"query": question})):
        given = called(shelf, tool, **arguments).structured_content
        model = next(one for one in tools.tools() if one.name == tool).gives
        assert model.model_validate_json(json.dumps(given)).model_dump(mode="json", exclude_unset=True) == given
    given = called(shelf, "read", document="jun.md", start=1, end=3).structured_content
    assert tools.Part.model_validate(given).model_dump() == given


# -- what goes wrong


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("ask", {"question": "甲？", "collection": "没有"}, "没有叫“没有”的文集"),
        ("ask", {"question": "甲？", "collection": "../马"}, "../马"),
        ("ask", {"question": "甲？", "collection": "空"}, "这个文集里还没有文档"),
        ("ask", {}, "question: Field required"),
        ("ask", {"question": "甲" * 10_001}, "question: String should have at most 10000 characters"),
        ("ask", {"question": 5}, "question: Input should be a valid string"),
        ("ask", {"question": "甲？", "history": [{"role": "user"}]}, "history.0: Input should be a valid string"),
        ("ask", {"question": "甲？", "limit": 3}, "limit: Extra inputs are not permitted"),
        ("search", {"query": "甲", "top": 0}, "greater than or equal to 1"),
        ("search", {"query": "甲", "top": 21}, "less than or equal to 20"),
        ("read", {"document": "nothing.md"}, "没有文档 nothing.md"),
        ("read", {"document": "../../etc/passwd"}, "没有文档 ../../etc/passwd"),
        ("read", {"document": "jun.md", "start": 5, "end": 2}, "start 小于 end；给的是 5、2"),
        ("read", {"document": "jun.md", "start": 10**30}, "start"),
    ],
)
def test_what_is_wrong_comes_back_as_a_result_that_says_how_to_mend_it(
    shelf: Shelf, name: str, arguments: dict[str, Any], told: str
) -> None:
    result = called(shelf, name, **arguments)
    assert result.is_error is True and result.structured_content is None
    assert told in result.content[0].text and "Traceback" not in result.content[0].text


@pytest.mark.parametrize("text", ["", "   ", "？！", "😀", "\0\x07", "龙泉窑位于哪里？" * 1250, "<script>", "{x} %s"])
def test_odd_questions_and_searches_are_answered_or_declined(shelf: Shelf, text: str) -> None:
    asked = called(shelf, "ask", question=text)
    searched = called(shelf, "search", query=text)
    assert asked.structured_content["question"] == searched.structured_content["query"] == text
    assert asked.content[0].text and searched.content[0].text
    assert not asked.is_error and not searched.is_error


def test_no_tool_of_another_name_no_wrong_cursor_and_no_wrong_address(shelf: Shelf) -> None:
    async def fail(client: Client) -> None:
        for call, told in (
            (client.call_tool("delete", {}), "delete"),
            (client.list_resources(cursor="x"), "cursor"),
            (client.list_resources(cursor="0/没有"), "没有叫“没有”的文集"),
            (client.read_resource("file:///etc/passwd"), "file:///etc/passwd"),
            (client.read_resource("yinju:///../../etc/passwd"), "索引里没有文档 ../../etc/passwd"),
            (client.read_resource("yinju://%2e%2e/a.md"), ".."),
            (client.read_resource("yinju://%E7%A9%BA/a.md"), "这个文集里还没有文档"),
        ):
            with pytest.raises(MCPError, match=told):
                await call

    over_http(shelf, fail)


class _Broken(Shelf):
    """Fails in a way that nobody foresaw."""

    def live(self, name: str = "") -> Any:
        raise RuntimeError("the secret of " + name)


def test_what_nobody_foresaw_is_logged_and_not_told(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    async def fail(client: Client) -> Any:
        with pytest.raises(MCPError, match="出了意外"):
            await client.list_resources()
        return await client.call_tool("ask", {"question": "甲的秘密？"})

    with closing(_Broken(settings, note=pytest.fail)) as shelf:
        result = over_http(shelf, fail)
    assert result.is_error and "出了意外" in result.content[0].text and "secret" not in result.content[0].text
    assert "the secret of" in caplog.text and "甲的秘密" not in caplog.text


@pytest.mark.parametrize("mode", MODES)
def test_errors_speak_the_language_of_the_request(shelf: Shelf, mode: str) -> None:
    def english(app: ASGIApp) -> ASGIApp:
        async def speak(scope: Any, receive: Any, send: Any) -> None:
            with speaking("en"):
                await app(scope, receive, send)

        return speak

    def read(client: Client) -> Any:
        return client.call_tool("read", {"document": "x"})

    assert "There is no document x" in over_http(shelf, read, mode=mode, around=english).content[0].text


# -- documents as resources


def test_every_document_of_every_collection_is_a_resource_and_reads_whole(
    shelf: Shelf, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mcp, "LISTED", 2)

    async def walk(client: Client) -> tuple[list[Any], list[str], Any]:
        found, cursor = [], None
        while found == [] or cursor:
            page = await client.list_resources(cursor=cursor)
            assert len(page.resources) <= 2
            found, cursor = found + page.resources, page.next_cursor
        texts = [(await client.read_resource(one.uri)).contents[0].text for one in found]
        return found, texts, await client.list_resource_templates()

    found, texts, templates = over_http(shelf, walk)
    assert [(one.uri, one.title) for one in found] == [
        ("yinju:///jun.md", "钧窑"),
        ("yinju:///long.md", "长卷"),
        ("yinju:///%E7%AA%91/%E9%BE%99%E6%B3%89%20%E7%AA%91.md", "龙泉窑"),
        ("yinju://%E9%A9%AC/horse.md", "汗血马"),
    ]
    assert texts[:3] == [assistant.document(one.name).text for one in found[:3]]
    assert "土库曼斯坦" in texts[3]
    assert [one.uri_template for one in templates.resource_templates] == ["yinju://{collection}/{+document}"]


def test_a_document_too_long_for_one_message_is_to_be_paged_through(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mcp, "LONGEST", 100)

    async def read(client: Client) -> None:
        with pytest.raises(MCPError, match="read 分页读"):
            await client.read_resource("yinju:///long.md")

    over_http(shelf, read)


# -- over HTTP


def test_fifty_calls_at_once_are_all_answered(shelf: Shelf) -> None:
    async def many(client: Client) -> list[str]:
        texts = [""] * 50

        async def ask(number: int) -> None:
            question = ("龙泉窑位于哪里？", "钧窑位于哪里？")[number % 2]
            texts[number] = (await client.call_tool("ask", {"question": question})).structured_content["text"]

        async with anyio.create_task_group() as group:
            for number in range(50):
                group.start_soon(ask, number)
        return texts

    assert over_http(shelf, many) == ["龙泉窑位于浙江省龙泉市。", "钧窑位于河南省禹州市。"] * 25


class _Slow(Shelf):
    """Lends a collection once two callers want one."""

    barrier = threading.Barrier(2, timeout=10)

    def live(self, name: str = "") -> Any:
        self.barrier.wait()
        return super().live(name)


def test_a_call_does_not_wait_until_another_one_is_done(settings: Settings) -> None:
    async def two(client: Client) -> None:
        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(client.call_tool, "ask", {"question": "钧窑位于哪里？"})

    with closing(_Slow(settings, note=pytest.fail)) as shelf:
        over_http(shelf, two)
        assert not shelf.barrier.broken


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD"])
def test_only_posts_are_taken(shelf: Shelf, method: str) -> None:
    answer = posted(shelf, b"", method, accept="text/event-stream")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28", "1999-01-01"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'"\\ud800"',
        b"[" * 100_000,
        b"1" * 10_000,
        b'{"jsonrpc": "2.0", "id": 1}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": ["ask"]}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": [1]}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": 5}}',
        b'{"jsonrpc": "2.0", "id": null, "method": "\\ud83d", "params": {"\\ude00": "\\ud83d"}}',
    ],
)
def test_odd_messages_are_refused_and_break_nothing(shelf: Shelf, version: str, body: bytes) -> None:
    answer = posted(shelf, body, **{"mcp-protocol-version": version})
    assert answer.status_code < 500
    assert "Traceback" not in answer.text


def test_a_message_too_large_is_refused(shelf: Shelf) -> None:
    assert posted(shelf, tool_call("ask", question="甲" * mcp.LARGEST)).status_code == 413


def test_half_a_character_as_javascript_sends_it_does_not_spoil_the_question(shelf: Shelf) -> None:
    body = tool_call("ask", question="龙泉窑位于哪里？\ud83d")
    assert b"\\ud83d" in body
    facts = posted(shelf, body).json()["result"]["structuredContent"]
    assert (facts["question"], facts["text"]) == ("龙泉窑位于哪里？?", "龙泉窑位于浙江省龙泉市。")
    whole = posted(shelf, tool_call("search", query="鱼😀\\ud83d")).json()["result"]["structuredContent"]
    assert whole["query"] == "鱼😀\\ud83d"


def test_nothing_traces_requests(shelf: Shelf) -> None:
    assert mcp.make_server(shelf).middleware == []


# -- over stdio


def _command(settings: Settings) -> list[str]:
    return [sys.executable, "-W", "error", "-c", SCRIPT, str(settings.index)]


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "ASSISTANT_HOME": str(settings.home)}


@pytest.mark.parametrize("mode", MODES)
def test_a_process_of_its_own_answers_on_stdio_and_sees_what_another_one_builds(
    settings: Settings, cache: Path, tmp_path: Path, mode: str
) -> None:
    (tmp_path / "cache").symlink_to(cache)
    own = Settings(tmp_path, tmp_path / "own.index", True)
    folder = write_files(tmp_path / "documents", {"kiln.md": KILN})
    build(own, [folder])

    async def converse() -> None:
        command, *arguments = _command(own)
        server = StdioServerParameters(command=command, args=arguments, env=_environment(own), cwd=ROOT)
        async with Client(server, mode=mode) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == ["ask", "search", "read"]
            asked = {"question": "沧州铁狮子铸造于哪一年？"}
            assert (await client.call_tool("ask", asked)).structured_content["answered"] is False
            write_files(folder, {"lion.md": LION})
            await anyio.to_thread.run_sync(build, own)
            found = (await client.call_tool("ask", asked)).structured_content
            assert found["text"] == "沧州铁狮子铸造于后周广顺三年。"
            (quote,) = found["quotes"]
            part = await client.call_tool("read", {"document": "lion.md", "start": quote["start"], "end": quote["end"]})
            assert part.structured_content["quote"] == quote["text"]
            wrong = await client.call_tool("ask", {"question": "甲？", "collection": "没有"})
            assert wrong.is_error

    anyio.run(converse)


def test_standard_output_carries_messages_only_each_one_answered_and_the_end_of_input_ends_it(
    settings: Settings,
) -> None:
    start = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    lines = [
        json.dumps({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": start}).encode(),
        b'{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        b"no message",
        b"\xff\xfe",
        tool_call("ask", 1, question="龙泉窑位于哪里？\udc00"),
        tool_call("ask", 2, question="龙泉窑位于哪里？" * 1250),
        *(tool_call("search", number, query="钧窑") for number in range(3, 20)),
    ]
    process = subprocess.Popen(
        _command(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(settings),
        cwd=ROOT,
    )
    with process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b"\n".join(lines) + b"\n")
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in range(20)]
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(10) == 0
        assert process.stderr.read() == b""  # nor is anything reached
    assert sorted(answer["id"] for answer in answers) == list(range(20))
    results = {answer["id"]: answer["result"] for answer in answers}
    assert results[1]["structuredContent"]["text"] == "龙泉窑位于浙江省龙泉市。"
    assert results[2]["structuredContent"]["text"] == "龙泉窑位于浙江省龙泉市。"


def test_an_interrupt_ends_it_though_it_waits_for_input(settings: Settings) -> None:
    with subprocess.Popen(
        _command(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(settings),
        cwd=ROOT,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == -signal.SIGINT
        assert process.stderr.read() == b""


def test_a_missing_index_is_told_before_anything_is_served(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        mcp.serve_stdio(replace(settings, index=tmp_path / "none.index"), note=pytest.fail)
