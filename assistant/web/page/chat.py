"""The chat of the page: gradio's chatbot shows the conversation that talk.js holds in the browser."""

from __future__ import annotations

from typing import Any

from assistant import render
from assistant.web.page import markup
from assistant.web.site import Site
from assistant.web.spoken import language_of
from assistant.web.tamed import gr
from corpus.errors import AssistantError
from corpus.messages import CATALOGUE, message, speaking

LOCALES = CATALOGUE["web-language"]  # in the order of LANGUAGES
LABELS = gr.I18n(
    **{
        locale: {key: texts[place] for key, texts in CATALOGUE.items() if key.startswith(("web-", "docs-", "atlas-"))}
        for place, locale in enumerate(LOCALES)
    }
)
"""What gradio's components say, in the language of the browser."""


def say(key: str) -> Any:  # noqa: ANN401 - gradio's label
    """Return a message of the catalogue as a label, which the browser shows in its language."""
    return LABELS(key)


def private(**event: Any) -> dict[str, Any]:  # noqa: ANN401 - gradio's own options
    """Return the options of an event that programs cannot call."""
    return {"api_visibility": "private", **event}


def head() -> tuple[gr.HTML, gr.Dropdown]:
    """Add the head of the page, and the choice of the collection."""
    with gr.Row(elem_id="top"):
        title = gr.HTML(elem_id="head")
        collection = gr.Dropdown(
            choices=[("", "")],
            value="",
            label=say("web-collection"),
            show_label=False,
            container=False,
            elem_id="collection",
            allow_custom_value=True,  # the server may have started anew; `Shelf.live` knows the names
            visible="hidden",
            scale=0,
            min_width=160,
        )
    return title, collection


def show_head(site: Site, collection: str | None, request: gr.Request) -> tuple[str, Any]:
    """Return what the head says of a collection, and the collections there are."""
    with speaking(language_of(request)):
        names = site.shelf.names()
        chosen = collection if collection in names else ""
        size = site.shelf.size(chosen or "") or (0, 0)
        title = markup.heading_html(*size, account=request.username or "", keeps_history=site.keeps_history)
        choices = [(name or message("web-collection-default"), name) for name in names]
    shown: Any = True if len(names) > 1 else "hidden"
    return title, gr.update(choices=choices, value=chosen, visible=shown)


def chat_tab(collection: gr.Dropdown) -> None:
    """Add the conversation and the box for the next question."""
    gr.HTML(markup.hello_panel_html(), elem_id="hello")
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
        placeholder="",
    )
    with gr.Row(elem_id="ask"):
        box = gr.Textbox(
            placeholder=say("web-ask"),
            label=say("web-ask"),
            show_label=False,
            container=False,
            lines=1,
            max_lines=6,
            autofocus=True,
            scale=1,
            submit_btn=say("web-send"),
        )
        clear = gr.Button(say("web-clear"), elem_id="clear", size="sm", scale=0, min_width=0)
    show = gr.Button(visible="hidden", elem_id="show")
    here: dict[str, Any] = {"show_progress": "hidden", "trigger_mode": "multiple"}
    box.submit(None, [box], [box], js="(question) => (window.yinju.send(question), '')", **here)
    clear.click(None, [collection], None, js="(name) => window.yinju.begin(name)", **here)
    show.click(None, None, [chat, collection], js="() => [window.yinju.messages(), window.yinju.collection()]", **here)
    collection.input(None, [collection], None, js="(name) => window.yinju.begin(name)", **here)


def programs(site: Site) -> None:
    """Add what gradio's own clients may call: `/ask`."""

    def ask(question: str, history: list[str], collection: str, request: gr.Request) -> dict[str, Any]:
        """Answer a question of a conversation; the fields are those of `assistant ask --json`."""
        with speaking(language_of(request)):
            try:
                return render.answer_facts(site.ask(question, history, collection=collection))
            except AssistantError as error:
                raise gr.Error(str(error), print_exception=False) from error

    gr.events.api(ask, api_name="ask")
