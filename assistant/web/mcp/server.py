"""The MCP server: models of other programs ask, search and read the documents, over stdio or HTTP."""

from __future__ import annotations

import json
import logging
import re
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, closing
from importlib import metadata
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import anyio
import mcp_types as types
from anyio import to_thread
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import RequestBodyLimitMiddleware
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from assistant.assistant import Note
from assistant.settings import Settings
from assistant.shelf import Shelf
from assistant.web.mcp.tools import Tool, both, tools
from corpus.errors import AssistantError, IndexMissingError
from corpus.messages import message

AT_ONCE = 8  # calls that are worked on side by side
LISTED = 200  # documents on a page of the list of resources
LONGEST = 1_000_000  # characters of a document that is read as a resource
LARGEST = 1 << 20  # bytes of a request

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_URI = re.compile(r"yinju://([^/?#]*)/(.+)", re.DOTALL)

_logger = logging.getLogger(__name__)
_T = TypeVar("_T")
Heard = Callable[[str, Mapping[str, Any]], None]
"""Called with a question or a query and with what was answered."""
_Context = ServerRequestContext[Any, Any]


def serve_stdio(settings: Settings, *, note: Note) -> None:
    """Serve one client on standard input and output until the input ends; to be called in the main thread.

    AssistantError where the index cannot be opened.
    """
    with closing(Shelf(settings, note=note)) as shelf:
        # What waits for a line of input cannot be cancelled: the interrupt must end the process itself.
        former = signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            anyio.run(_converse, make_server(shelf))
        finally:
            signal.signal(signal.SIGINT, former)


class Endpoint:
    """The server over streamable HTTP, as an ASGI application; every request stands alone.

    It answers while `running`. Who may ask, and from which host, is for the application around it to say.
    """

    def __init__(self, shelf: Shelf, *, heard: Heard | None = None) -> None:
        """Take the collections, and who is told of each question."""
        self._manager = StreamableHTTPSessionManager(
            make_server(shelf, heard=heard), json_response=True, stateless=True
        )
        self._whole = RequestBodyLimitMiddleware(self._answer, LARGEST)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Return what is to be entered while the application runs; once only."""
        return self._manager.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await self._whole(scope, receive, send)
        else:  # there are no sessions to listen to or to end
            await PlainTextResponse("POST", 405, {"allow": "POST"})(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def mended() -> Message:
            event = await receive()
            if event["type"] == "http.request":
                event = {**event, "body": _mended(event["body"].decode("utf-8", "replace")).encode()}
            return event

        await self._manager.handle_request(scope, mended, send)


def make_server(shelf: Shelf, *, heard: Heard | None = None) -> Server[Any]:
    """Return the server over these collections."""
    service = _Service(shelf, heard)
    server = Server(
        "yinju",
        version=next((one.version for one in metadata.distributions(name="yinju")), ""),  # "": not installed
        title="引据 Yinju",
        instructions=both("mcp-instructions"),
        on_list_tools=service.list_tools,
        on_call_tool=service.call_tool,
        on_list_resources=service.list_resources,
        on_list_resource_templates=service.list_templates,
        on_read_resource=service.read_resource,
    )
    server.middleware.clear()  # traces would carry addresses of documents to whatever this machine exports traces to
    return server


class _Service:
    """Answers requests, in threads: asking takes longer than the event loop may wait."""

    def __init__(self, shelf: Shelf, heard: Heard | None) -> None:
        self._shelf = shelf
        self._heard = heard
        self._tools = {tool.name: tool for tool in tools()}
        self._limiter = anyio.CapacityLimiter(AT_ONCE)

    async def list_tools(self, _: _Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        names = await self._in_thread(self._shelf.names)
        return types.ListToolsResult(tools=[_described(tool, names) for tool in self._tools.values()])

    async def call_tool(self, _: _Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        if (tool := self._tools.get(params.name)) is None:
            raise MCPError(types.INVALID_PARAMS, message("mcp-tool", name=params.name))
        return await self._in_thread(lambda: self._called(tool, params.arguments or {}))

    async def list_resources(
        self, _: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        cursor = params.cursor if params else None
        return await self._in_thread(lambda: self._listed(cursor or "0/"))

    async def list_templates(
        self, _: _Context, __: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="document",
            uri_template="yinju://{collection}/{+document}",
            description=both("mcp-resource"),
            mime_type="text/plain",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(self, _: _Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        text = await self._in_thread(lambda: self._text(params.uri))
        return types.ReadResourceResult(
            contents=[types.TextResourceContents(uri=params.uri, text=text, mime_type="text/plain")]
        )

    async def _in_thread(self, work: Callable[[], _T]) -> _T:
        """Do the work; what goes wrong and no tool tells is an error of the protocol."""
        try:
            return await to_thread.run_sync(work, limiter=self._limiter)
        except AssistantError as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from error
        except MCPError:
            raise
        except Exception as error:
            _logger.exception("a request failed")
            raise MCPError(types.INTERNAL_ERROR, message("mcp-failed")) from error

    def _called(self, tool: Tool, arguments: Mapping[str, Any]) -> types.CallToolResult:
        """Use a tool; the model reads what went wrong in the result."""
        try:
            taken = tool.takes.model_validate(arguments)
            with self._shelf.live(taken.collection).use() as assistant:
                text, facts = tool.run(assistant, taken)
            if self._heard and (question := getattr(taken, "question", "") or getattr(taken, "query", "")):
                self._heard(question, facts)
        except ValidationError as error:
            return _failed(message("mcp-arguments", reason=_reason(error)))
        except AssistantError as error:
            return _failed(str(error))
        except Exception:
            _logger.exception("a tool failed")
            return _failed(message("mcp-failed"))
        return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=facts)

    def _listed(self, cursor: str) -> types.ListResourcesResult:
        """Return a page of the documents, collection after collection; the cursor is START/COLLECTION."""
        found = re.fullmatch(r"([0-9]{1,9})/(.*)", cursor, re.DOTALL)
        if found is None:
            raise MCPError(types.INVALID_PARAMS, message("mcp-cursor", cursor=cursor))
        start, name = int(found[1]), found[2]
        live = self._shelf.live(name)
        try:
            with live.use() as assistant:
                entries = assistant.documents()
        except IndexMissingError:  # nothing has been put in yet
            entries = []
        end = start + LISTED
        later = [one for one in self._shelf.names() if one > name]
        following = f"{end}/{name}" if end < len(entries) else f"0/{later[0]}" if later else None
        resources = [
            types.Resource(name=one.id, title=one.title, uri=_uri(name, one.id), mime_type="text/plain")
            for one in entries[start:end]
        ]
        return types.ListResourcesResult(resources=resources, next_cursor=following)

    def _text(self, uri: str) -> str:
        """Return the text of the document that a resource is."""
        found = _URI.fullmatch(uri)
        if found is None:
            raise MCPError(types.INVALID_PARAMS, message("mcp-uri", uri=uri))
        with self._shelf.live(unquote(found[1])).use() as assistant:
            document = assistant.document(unquote(found[2]))
        if len(document.text) > LONGEST:
            length = len(document.text)
            raise MCPError(types.INVALID_PARAMS, message("mcp-long", document=document.id, length=length))
        return document.text


def _described(tool: Tool, names: list[str]) -> types.Tool:
    """Describe a tool to a client, with the collections that there are."""
    takes = tool.input_schema
    if names[1:]:
        takes["properties"]["collection"]["description"] += "\n" + both("mcp-collections", names="、".join(names[1:]))
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=takes,
        output_schema=tool.output_schema,
        annotations=types.ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )


def _failed(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)


def _reason(error: ValidationError) -> str:
    """Say which arguments are wrong, and how."""
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())


def _uri(collection: str, document: str) -> str:
    return f"yinju://{quote(collection, safe='')}/{quote(document)}"


# -- standard input and output


async def _converse(server: Server[Any]) -> None:
    # the library drops a message with half a character, and its client would wait for ever
    with open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False) as stream:
        async with stdio_server(stdin=_Lines(stream)) as (received, sent):
            await server.run(received, sent, server.create_initialization_options())


class _Lines(anyio.AsyncFile[str]):
    """Reads messages, one a line, and mends them."""

    async def readline(self) -> str:
        return _mended(await super().readline())


def _mended(text: str) -> str:
    """Return a message of JSON without halves of characters (surrogates).

    A program in JavaScript writes them where it has cut a text in the midst of a character.
    """
    if not _HALF.search(text):
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text  # no message: the library says so
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
