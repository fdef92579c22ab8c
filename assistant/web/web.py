"""The server: the page, the reader, the web API and MCP, behind one gate."""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypedDict, Unpack

import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from assistant.assistant import Note
from assistant.feedback import Feedback
from assistant.settings import Settings
from assistant.shelf import Shelf
from assistant.web.api import api, failures
from assistant.web.api.jobs import Jobs
from assistant.web.api.uploads import LARGEST
from assistant.web.documents.tab import documents_tab
from assistant.web.gate.access import Access
from assistant.web.gate.gate import Gate
from assistant.web.gate.login import home_of
from assistant.web.mcp import server as mcp
from assistant.web.page import chat, markup, talk
from assistant.web.page.opening import Opening, head_html
from assistant.web.reader import reader
from assistant.web.site import Site
from assistant.web.spoken import Speaking, language_of
from assistant.web.tamed import gr, guarded
from corpus.errors import InputError, StorageError
from corpus.messages import CATALOGUE, message, speaking

STAY = (600, 3600)  # seconds between two looks at uploaded files, and after which one is deleted
AT_ONCE = 8  # events of the page answered side by side


def serve(settings: Settings, access: Access, *, host: str, port: int, note: Note, **kept: Unpack[Kept]) -> None:
    """Serve page, API and MCP until it is interrupted; StorageError where the port cannot be had."""
    with _listen(host, port) as listening:
        site = Site(
            shelf=Shelf(settings, note=note),
            access=access,
            feedback=Feedback.of(settings) if kept["feedback"] else None,
            jobs=Jobs(),
            keeps_history=kept["history"],
            logs_questions=kept["log_questions"],
        )
        config = uvicorn.Config(make_app(site), log_level="warning", timeout_graceful_shutdown=1, server_header=False)
        number = listening.getsockname()[1]
        server = _Server(
            config, lambda: note(message("serve-ready", host=f"[{host}]" if ":" in host else host, port=number))
        )
        try:
            server.run(sockets=[listening])
        except KeyboardInterrupt:
            return  # the usual end
        finally:
            site.shelf.close()


class Kept(TypedDict):
    """What is kept of questions."""

    history: bool  # in the visitor's browser
    feedback: bool
    log_questions: bool


def make_app(site: Site) -> FastAPI:
    """Return the application: the reader, the web API, MCP and, mounted at the root, the page."""
    tools = mcp.Endpoint(site.shelf, heard=site.heard)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with tools.running():
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(Opening, head=head_html(site))
    app.add_middleware(Gate, access=site.access)
    api.install(app, site)  # which also counts what the gate refuses
    app.include_router(talk.router(site))
    app.router.routes.append(Route("/mcp", tools))

    @app.get("/read/{document:path}", include_in_schema=False)
    def read(request: Request, document: str) -> Response:
        return reader.respond(site.shelf, document, request.query_params, home=home_of(request))

    gr.mount_gradio_app(
        app,
        _blocks(site),
        path="/",
        auth_dependency=site.access.account_of if site.access.asks_password else None,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        theme=_theme(),
        i18n=chat.LABELS,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=LARGEST,
    )
    gradio = next(route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, FastAPI))
    gradio.exception_handler(KeyError)(_unknown)
    app.add_middleware(Speaking)
    return app


async def _unknown(request: Request, error: Exception) -> Response:
    """Answer a call of an event of the page that is none: gradio looks it up by its number."""
    if not request.url.path.endswith("/queue/join"):
        raise error
    return failures.refusal(InputError("web-no-event", name=str(error)[:20]))


def _blocks(site: Site) -> gr.Blocks:
    blocks = gr.Blocks(
        title=" ".join(CATALOGUE["web-title"]), analytics_enabled=False, fill_width=True, delete_cache=STAY
    )
    with blocks:
        title, collection = chat.head()
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", scale=3, min_width=0), gr.Tabs():
                with gr.Tab(chat.say("web-chat")):
                    chat.chat_tab(collection)
                with gr.Tab(chat.say("web-documents")) as library:
                    tab = documents_tab(site, chat.say, collection)
            panel = gr.HTML(elem_id="reader")
        panels = gr.HTML(elem_id="panels")
        chat.programs(site)

        # functions of their own: gradio gives a `partial` no request
        def show_head(name: str | None, request: gr.Request) -> Any:  # noqa: ANN401
            return chat.show_head(site, name, request)

        def show_panels(request: gr.Request) -> tuple[str, str]:
            return _panels(site, request)

        quiet = chat.private(show_progress="hidden")
        shown = {**quiet, "fn": show_head, "inputs": [collection], "outputs": [title, collection]}
        blocks.load(show_panels, None, [panel, panels], **quiet)
        for moment in (collection.change, *(change.then for change in tab.changes)):
            moment(**shown).then(None, js="() => window.yinju.hello()")
        # the browser knows the conversation that goes on, and its collection
        opened = blocks.load(**shown, js="() => [window.yinju.collection()]")
        opened.then(None, js="() => (window.yinju.hello(), window.yinju.show())").then(**tab.show)
        collection.change(**tab.show)
        for change in tab.shelved:
            gone_to = change.then(**{**shown, "inputs": [tab.chosen]})
            gone_to.then(None, [collection], None, js="(name) => window.yinju.begin(name)")
        for moment in (library.select, collection.change, *(change.then for change in tab.changes)):
            moment(**tab.draw)
    blocks.queue(default_concurrency_limit=AT_ONCE)
    return guarded(blocks)


def _panels(site: Site, request: gr.Request) -> tuple[str, str]:
    """Return the panels beside the chat and over it, in the language of the browser."""
    with speaking(language_of(request)):
        over = [markup.history_panel_html()] * site.keeps_history + [markup.reasons_dialog_html()] * bool(site.feedback)
        return markup.reader_panel_html(), "".join(over)


def _theme() -> gr.themes.Base:
    """Return what gradio shows before the page's own style is there; fonts that lie on the machine."""
    colours = {
        "body_background_fill": ("#f6f2ea", "#171512"),
        "background_fill_primary": ("#f6f2ea", "#171512"),
        "background_fill_secondary": ("#f6f2ea", "#171512"),
        "button_primary_background_fill": ("#a3372b", "#8f3326"),
        "button_primary_background_fill_hover": ("#8f3326", "#a3372b"),
        "button_primary_text_color": ("#fffaf2", "#fffaf2"),
        "loader_color": ("#a3372b", "#e58a78"),
    }
    theme = gr.themes.Base(
        primary_hue="red",
        neutral_hue="stone",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    return theme.set(
        **{name: light for name, (light, _) in colours.items()},
        **{f"{name}_dark": dark for name, (_, dark) in colours.items()},
    )


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop without a traceback for each open page, whose stream of events is cut off."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise StorageError("port-taken", port=port, reason=error.strerror or error) from error
    # asyncio sets it only on sockets of its own making; without it an answer waits 40 ms for the next packet
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
