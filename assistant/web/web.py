"""The web chat: questions on the left, the document that a citation opens on the right."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it when it is imported
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing of the page comes from the hub

import gradio as gr
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.assistant import Assistant, Note
from assistant.live import Live
from assistant.settings import Settings
from assistant.web import page, reader
from assistant.web.talk import Chat, Talk
from corpus.errors import AssistantError, InputError, StorageError
from corpus.messages import message
from index.catalog import Entry

EXAMPLES = 6  # questions offered on an empty page
TRIED = 40  # candidates for them that are asked
AT_ONCE = 8  # questions answered side by side
PROGRESS_EVERY = 0.1  # seconds between two steps of the progress bar

# Gradio's page builds its parts with inline scripts and `new Function`; what matters here is that the browser
# refuses whatever would come from, or go to, another host.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'"
    "; img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'"
)

_HERE = Path(__file__).parent
_logger = logging.getLogger(__name__)

_offers: WeakKeyDictionary[Assistant, list[str]] = WeakKeyDictionary()  # the example questions of each generation


def serve(settings: Settings, *, host: str, port: int, note: Note) -> None:
    """Serve the web chat until it is interrupted.

    InputError where ASSISTANT_AUTH is no `user:password`, StorageError where the port cannot be had.
    """
    auth = _auth()
    with _listen(host, port) as listening:
        app = make_app(Live(settings, note=note), auth=auth)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, server_header=False)
        number = listening.getsockname()[1]
        if auth is None and host not in {"127.0.0.1", "localhost", "::1"}:
            note(message("serve-open", host=host))
        server = _Server(
            config, lambda: note(message("serve-ready", host=f"[{host}]" if ":" in host else host, port=number))
        )
        try:
            server.run(sockets=[listening])
        except KeyboardInterrupt:
            return  # the usual end


def make_app(live: Live, *, auth: tuple[str, str] | None = None) -> FastAPI:
    """Return the application: the reader's pages and, mounted at the root, the chat."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(_logged_in)])
    app.exception_handler(401)(_refused)

    @app.get("/read/{document:path}", response_class=HTMLResponse)
    def read(request: Request, document: str, at: str = "") -> HTMLResponse:
        return _read(live, request, document, at)

    gr.mount_gradio_app(
        app,
        _blocks(live),
        path="/",
        auth=auth,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        auth_message=page.literal(message("web-title")),
        theme=_theme(),
        head=_head(),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=1,  # nothing is uploaded
    )
    app.state.chat = next(route.app for route in app.routes if isinstance(route, Mount))
    app.add_middleware(_Policy)
    return app


def _theme() -> gr.themes.Base:
    """Return what the login shows too, to which the page's own style does not reach; fonts that lie on the machine."""
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


def _head() -> str:
    """Return style and script of the page; as gradio's `css` the style would get every selector prefixed."""
    style, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    language = f'document.documentElement.lang = "{message("web-language")}";'
    return f"{page.ICON}<style>{style}</style><script>{language}\n{script}</script>"


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


class _Policy:
    """Adds the headers that keep a page from leaving this host, where it does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(event: Message) -> None:
            if event["type"] == "http.response.start":
                headers = [
                    *event["headers"],
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                ]
                if not any(name == b"content-security-policy" for name, _ in headers):
                    headers.append((b"content-security-policy", PAGE_POLICY.encode()))
                event = {**event, "headers": headers}
            await send(event)

        await self._app(scope, receive, send_with_policy)


def _auth() -> tuple[str, str] | None:
    given = os.environ.get("ASSISTANT_AUTH")
    if not given:
        return None
    user, _, password = given.partition(":")
    if not user.strip() or not password:
        raise InputError("auth-wrong")
    return user.strip(), password


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise StorageError("port-taken", port=port, reason=error.strerror or error) from error


# -- the reader


def _logged_in(request: Request) -> None:
    """Let through who has logged in to the chat; gradio keeps the tokens of those."""
    chat = request.app.state.chat
    if chat.auth is None:
        return
    cookies = (f"access-token-{chat.cookie_id}", f"access-token-unsecure-{chat.cookie_id}")
    if not any(request.cookies.get(name, "") in chat.tokens for name in cookies):
        raise HTTPException(401)


async def _refused(request: Request, _: Exception) -> HTMLResponse:
    return _html(reader.message_page(message("web-login"), home=_home(request)), 401)


def _read(live: Live, request: Request, id: str, at: str) -> HTMLResponse:
    try:
        with live.use() as assistant:
            document = assistant.document(id)
    except InputError:
        return _html(reader.message_page(message("web-document-gone", document=id), home=_home(request)), 404)
    span = reader.span_of(at, len(document.text))
    expected = request.query_params.get("is")
    if span and expected and page.digest(document.text[slice(*span)]) != expected:
        return _html(reader.document_page(document, None, message("web-quote-changed")))
    warning = message("web-span-wrong") if at and span is None else ""
    if warning and expected:
        warning = message("web-quote-changed")
    return _html(reader.document_page(document, span, warning))


def _html(text: str, status: int = 200) -> HTMLResponse:
    headers = {"content-security-policy": reader.POLICY, "cache-control": "no-store"}
    return HTMLResponse(text.encode("utf-8", "replace"), status, headers)


def _home(request: Request) -> str:
    return str(request.scope.get("root_path", "")) + "/"


# -- the chat


def _blocks(live: Live) -> gr.Blocks:
    blocks = gr.Blocks(title=message("web-title"), analytics_enabled=False, fill_width=True)
    with blocks:
        head = gr.HTML(elem_id="head")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", scale=3, min_width=0), gr.Tabs():
                with gr.Tab(message("web-chat")):
                    chat = _chat_tab(live)
                with gr.Tab(message("web-documents")):
                    listed, sources, rebuilt = _documents_tab(live)
            gr.HTML(page.reader_panel_html(), elem_id="reader")
        facts = _private(fn=partial(_show_index, live), outputs=[head, listed, sources], show_progress="hidden")
        offers = _private(fn=partial(_offer, live), outputs=[chat], show_progress="hidden")
        for moment in (blocks.load, rebuilt.then):
            moment(**facts)
            moment(**offers)
    blocks.queue(default_concurrency_limit=AT_ONCE)
    return blocks


def _private(**event: Any) -> dict[str, Any]:  # noqa: ANN401 - gradio's own options
    return {"api_visibility": "private", **event}


def _chat_tab(live: Live) -> gr.Chatbot:
    chat = gr.Chatbot(
        elem_id="chat",
        show_label=False,
        container=False,
        height="auto",
        layout="bubble",
        latex_delimiters=[],
        buttons=[],
        group_consecutive_messages=False,
        autoscroll=False,  # page.js shows an answer from its beginning
        placeholder=page.note_html(message("web-hello")),
    )
    with gr.Row(elem_id="ask"):
        box = gr.Textbox(
            placeholder=message("web-ask"),
            label=message("web-ask"),
            show_label=False,
            container=False,
            lines=1,
            max_lines=6,
            autofocus=True,
            scale=1,
            submit_btn=message("web-send"),
        )
        clear = gr.Button(message("web-clear"), elem_id="clear", size="sm", scale=0, min_width=0)
    talk = gr.State(Talk())
    shown = _private(outputs=[chat], show_progress="hidden", trigger_mode="multiple")
    box.submit(partial(_ask, live), **{**shown, "inputs": [box, talk], "outputs": [box, chat]})

    def ask_example(talk: Talk, chosen: gr.SelectData) -> Iterator[Chat]:
        yield from talk.ask(live, chosen.value["text"])

    chat.example_select(ask_example, inputs=[talk], **shown)
    _asking_buttons(live, talk, shown)
    clear.click(_clear, **{**shown, "inputs": [talk], "outputs": [box, chat]})
    return chat


def _asking_buttons(live: Live, talk: gr.State, shown: dict[str, Any]) -> None:
    """Add what page.js clicks when a button inside an answer is clicked, and says which question it stands for."""
    chosen = gr.Textbox(visible="hidden", elem_id="chosen")
    for name, as_written in (("suggestion", False), ("as-written", True)):

        def ask(question: str, talk: Talk, *, as_written: bool = as_written) -> Iterator[Chat]:
            yield from talk.ask(live, question, as_written=as_written)

        button = gr.Button(visible="hidden", elem_id="ask-" + name)
        button.click(ask, inputs=[chosen, talk], js="(_, talk) => [window.chosen, talk]", **shown)


def _ask(live: Live, question: str, talk: Talk) -> Iterator[tuple[Any, Chat]]:
    """Empty the box, then leave it alone: the next question may stand in it before this one is answered."""
    for step, chat in enumerate(talk.ask(live, question)):
        yield gr.skip() if step else "", chat


def _clear(talk: Talk) -> tuple[str, Chat]:
    talk.exchanges.clear()
    return "", []


def _show_index(live: Live) -> tuple[str, str, str]:
    """Return what the page says about the index."""
    with live.use() as assistant:
        entries, manifest = assistant.documents(), assistant.manifest
    return (
        page.heading_html(manifest.documents, manifest.passages),
        page.documents_html(entries),
        page.rebuild_html(manifest.sources),
    )


def _offer(live: Live) -> Any:  # noqa: ANN401 - gradio's update
    """Offer questions that the index answers, made from the titles of its longest documents."""
    with live.use() as assistant:
        if assistant not in _offers:
            _offers[assistant] = list(islice(_answered(assistant), EXAMPLES))
        return gr.update(examples=[{"text": question} for question in _offers[assistant]])


def _answered(assistant: Assistant) -> Iterator[str]:
    entries = sorted(assistant.documents(), key=lambda entry: -entry.characters)
    for question in map(_what_is, entries[:TRIED]):
        if assistant.ask(question).answered:
            yield question


def _what_is(entry: Entry) -> str:
    gap = " " if entry.title[-1:].isascii() else ""
    return f"{entry.title}{gap}是什么？"  # Chinese in either language: so are the documents


def _documents_tab(live: Live) -> tuple[gr.HTML, gr.HTML, Any]:
    with gr.Accordion(message("web-rebuild"), open=False, elem_id="update"):
        sources = gr.HTML(elem_id="sources")
        button = gr.Button(message("web-rebuild"), variant="primary", elem_id="rebuild")
        report = gr.HTML(elem_id="report", min_height=80)
    label = message("web-filter")
    wanted = gr.Textbox(label=label, placeholder=label, show_label=False, container=False, elem_id="filter")
    listed = gr.HTML(elem_id="documents")
    wanted.input(
        partial(_filtered, live),
        **_private(inputs=[wanted], outputs=[listed], show_progress="hidden", trigger_mode="always_last"),
    )

    def rebuild(progress: gr.Progress = gr.Progress()) -> str:  # noqa: B008 - gradio finds its progress bar so
        return _rebuild(live, progress)

    return listed, sources, button.click(rebuild, **_private(outputs=[report], concurrency_limit=1))


def _filtered(live: Live, wanted: str) -> str:
    with live.use() as assistant:
        return page.documents_html(assistant.documents(), wanted)


def _rebuild(live: Live, progress: gr.Progress) -> str:
    last = 0.0

    def show(step: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if step != "bytes" and (now - last >= PROGRESS_EVERY or done == total):
            last = now
            progress((done, total), desc=message("build-progress-" + step), unit=message("web-files"))

    try:
        return page.report_html(live.rebuild(show))
    except AssistantError as error:
        return page.note_html(str(error))
    except Exception:  # the former index goes on answering
        _logger.exception("rebuilding failed")
        return page.note_html(message("web-failed"))
