"""The documents' tab of the page: its components, and what happens when they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradio.components.plot import PlotData

from assistant.library.naming import Given
from assistant.web.documents.keeper import Keeper
from assistant.web.documents.listing import View
from assistant.web.page.chat import private
from assistant.web.site import Site
from assistant.web.tamed import gr
from corpus.errors import InputError
from corpus.messages import message
from index.report import Progress

Say = Callable[[str], Any]
"""Gives a message of the catalogue as a label, which the browser shows in its language."""

LONGEST = 1_000_000  # characters of a pasted text


@dataclass(frozen=True, slots=True)
class DocumentsTab:
    """What the rest of the page needs of the tab."""

    show: dict[str, Any]  # an event that shows all of it anew: when the page loads, when another collection is chosen
    draw: dict[str, Any]  # one that draws the picture where it is open: when the tab is opened
    changes: tuple[Any, ...]  # events after which a collection holds other documents
    shelved: tuple[Any, ...]  # events after which there are other collections
    chosen: gr.State  # the name of the collection to go to after these


def given(payload: Any) -> list[Given]:  # noqa: ANN401 - gradio's own model
    """Return uploaded files by the names that their owners gave them, which gradio's own components leave out.

    InputError for what was not uploaded: gradio sees to that too, but here any file of the machine is at stake.
    """
    files = payload if isinstance(payload, list) else getattr(payload, "root", None) or []
    if not all(gr.utils.is_in_or_equal(file.path, gr.utils.get_upload_folder()) for file in files):
        raise InputError("docs-not-uploaded")
    return [Given(file.orig_name or Path(file.path).name, Path(file.path)) for file in files]


def written(value: object) -> str:
    """Return what somebody wrote into a box; a program may send anything in its place."""
    return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """Components that several events use."""

    collection: Any
    report: gr.HTML
    hits: gr.HTML
    wanted: gr.Textbox
    view: gr.State
    table: gr.HTML
    chosen: gr.Textbox  # where documents.js puts what a button inside the table stands for


def documents_tab(site: Site, say: Say, collection: Any) -> DocumentsTab:  # noqa: ANN401 - gradio's component
    """Add the table of the documents of the chosen collection, what changes them, and their picture."""
    keeper = Keeper(site)
    wanted = gr.Textbox(
        label=say("docs-filter"),
        placeholder=say("docs-filter"),
        show_label=False,
        container=False,
        elem_id="docs-wanted",
        submit_btn=say("docs-search"),
        max_length=500,
    )
    with gr.Column(visible=False, elem_id="docs-tools") as tools:
        manage = _manage(say)
    draw = _atlas(keeper, say, collection)
    report = gr.HTML(elem_id="docs-report")
    hits = gr.HTML(elem_id="docs-found")
    table = gr.HTML(elem_id="docs-table")
    chosen = gr.Textbox(visible="hidden", elem_id="docs-chosen")
    parts = _Parts(collection, report, hits, wanted, gr.State(View()), table, chosen)
    _looking(keeper, parts)
    show = _showing(keeper, parts, manage, tools)
    changes = _changing(keeper, parts, manage)
    to_choose = gr.State("")
    shelved = _shelving(keeper, parts, manage, to_choose)
    for change in (*changes, *shelved):
        change.then(**show)
    return DocumentsTab(show, draw, changes, shelved, to_choose)


@dataclass(frozen=True, slots=True)
class _Manage:
    """Components of those who may change documents."""

    files: gr.File
    limits: gr.HTML
    title: gr.Textbox
    text: gr.Textbox
    paste: gr.Button
    url: gr.Textbox
    fetch: gr.Button
    sources: gr.HTML
    rebuild: gr.Button
    new: gr.Textbox
    create: gr.Button
    typed: gr.Textbox
    delete: gr.Button


def _manage(say: Say) -> _Manage:
    with gr.Accordion(say("docs-manage"), open=False, elem_id="docs-manage"), gr.Tabs():
        with gr.Tab(say("docs-upload")):
            files = gr.File(file_count="multiple", label=say("docs-files"), height=150, elem_id="docs-files")
            # no subclass: gradio would write a .pyi beside this file
            files.preprocess = given  # type: ignore[method-assign,assignment]
            limits = gr.HTML()
        with gr.Tab(say("docs-paste")):
            title = gr.Textbox(label=say("docs-name"), max_length=200)
            text = gr.Textbox(label=say("docs-text"), lines=6, max_lines=12, max_length=LONGEST)
            paste = gr.Button(say("docs-paste-add"), variant="primary", elem_id="docs-paste")
        with gr.Tab(say("docs-address")):
            url = gr.Textbox(label=say("docs-address"), placeholder="https://", max_length=2000, elem_id="docs-url")
            fetch = gr.Button(say("docs-address-add"), variant="primary", elem_id="docs-fetch")
        with gr.Tab(say("docs-rebuild")):
            sources = gr.HTML(elem_id="docs-sources")
            rebuild = gr.Button(say("docs-rebuild"), variant="primary", elem_id="docs-rebuild")
        with gr.Tab(say("docs-collections")):
            new = gr.Textbox(label=say("docs-new-name"), max_length=60, elem_id="docs-new")
            create = gr.Button(say("docs-create"), variant="primary", elem_id="docs-create")
            typed = gr.Textbox(label=say("docs-delete-name"), max_length=60, elem_id="docs-typed")
            delete = gr.Button(say("docs-delete"), variant="stop", elem_id="docs-delete-collection")
    return _Manage(files, limits, title, text, paste, url, fetch, sources, rebuild, new, create, typed, delete)


def _showing(keeper: Keeper, parts: _Parts, manage: _Manage, tools: gr.Column) -> dict[str, Any]:
    """Return the event that shows the documents anew, and to those who may change them what does it."""

    def show(name: str | None, view: View, request: gr.Request) -> tuple[Any, ...]:
        shown = keeper.show(request, written(name), view)
        return shown.table, "", shown.sources, shown.limits, gr.update(visible=shown.may_change)

    outputs = [parts.table, parts.hits, manage.sources, manage.limits, tools]
    return private(fn=show, inputs=[parts.collection, parts.view], outputs=outputs, show_progress="hidden")


def _looking(keeper: Keeper, parts: _Parts) -> None:
    """Let the box filter the table and search the texts, and the table be sorted and turned."""

    def narrow(name: str | None, view: View, wanted: str, request: gr.Request) -> tuple[Any, ...]:
        view = View(written(wanted), view.order, view.falling)
        return view, keeper.show(request, written(name), view).table, gr.skip() if written(wanted).strip() else ""

    def find(name: str | None, wanted: str, request: gr.Request) -> str:
        return keeper.find(request, written(name), written(wanted))

    def turn(name: str | None, view: View, order: str, request: gr.Request) -> tuple[View, str]:
        view = view.turned(written(order))
        return view, keeper.show(request, written(name), view).table

    quiet = {"show_progress": "hidden", "trigger_mode": "always_last"}
    inputs, outputs = [parts.collection, parts.view, parts.wanted], [parts.view, parts.table, parts.hits]
    # `input` does not tell of deletions
    parts.wanted.change(**private(fn=narrow, inputs=inputs, outputs=outputs, **quiet))
    parts.wanted.submit(
        **private(fn=find, inputs=[parts.collection, parts.wanted], outputs=[parts.hits], show_progress="hidden")
    )
    gr.Button(visible="hidden", elem_id="docs-turn").click(
        **private(fn=turn, inputs=[parts.collection, parts.view, parts.chosen], outputs=outputs[:2], **quiet),
        js="(name, view, _) => [name, view, window.chosenInTable]",
    )


def _bar(progress: gr.Progress) -> Progress:
    """Return what moves gradio's progress bar."""

    def show(step: str, done: int, total: int) -> None:
        progress((done, total), desc=message("build-progress-" + step), unit=message("docs-unit"))

    return show


def _changing(keeper: Keeper, parts: _Parts, manage: _Manage) -> tuple[Any, ...]:
    """Let documents be brought, taken out and read again; what was given stays where that failed."""

    # gradio finds its progress bar by the default of an argument
    def upload(name: str | None, files: list[Given], request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: ANN401, B008
        return keeper.upload(request, written(name), files, _bar(progress)).text, None

    def paste(name: str | None, title: str, text: str, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: ANN401, B008
        told = keeper.paste(request, written(name), written(title), written(text), _bar(progress))
        return told.text, *(["", ""] if told.done else [gr.skip(), gr.skip()])

    def fetch(name: str | None, url: str, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: ANN401, B008
        told = keeper.fetch(request, written(name), written(url), _bar(progress))
        return told.text, "" if told.done else gr.skip()

    def rebuild(name: str | None, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: ANN401, B008
        return keeper.rebuild(request, written(name), _bar(progress)).text

    def take_out(name: str | None, id: str, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: ANN401, B008
        return keeper.take_out(request, written(name), written(id), _bar(progress)).text

    def restore(name: str | None, id: str, request: gr.Request, progress: Any = gr.Progress()) -> Any:  # noqa: ANN401, B008
        return keeper.restore(request, written(name), written(id), _bar(progress)).text

    def event(fn: Callable[..., Any], *inputs: Any, also: tuple[Any, ...] = ()) -> dict[str, Any]:  # noqa: ANN401 - gradio's
        outputs = [parts.report, *also]
        return private(fn=fn, inputs=[parts.collection, *inputs], outputs=outputs, show_progress_on=[parts.report])

    gone, back = (gr.Button(visible="hidden", elem_id=id) for id in ("docs-remove", "docs-restore"))
    js = "(name, _) => [name, window.chosenInTable]"
    return (
        manage.files.upload(**event(upload, manage.files, also=(manage.files,))),
        manage.paste.click(**event(paste, manage.title, manage.text, also=(manage.title, manage.text))),
        manage.fetch.click(**event(fetch, manage.url, also=(manage.url,))),
        manage.url.submit(**event(fetch, manage.url, also=(manage.url,))),
        manage.rebuild.click(**event(rebuild)),
        gone.click(**event(take_out, parts.chosen), js=js, trigger_mode="multiple"),
        back.click(**event(restore, parts.chosen), js=js, trigger_mode="multiple"),
    )


def _shelving(keeper: Keeper, parts: _Parts, manage: _Manage, to_choose: gr.State) -> tuple[Any, ...]:
    """Let collections be made and deleted."""

    def create(name: str | None, new: str, request: gr.Request) -> tuple[Any, ...]:
        told = keeper.create(request, written(new).strip())
        return (told.text, "", written(new).strip()) if told.done else (told.text, gr.skip(), written(name))

    def delete(name: str | None, typed: str, request: gr.Request) -> tuple[Any, ...]:
        told = keeper.delete(request, written(name), written(typed))
        return (told.text, "", "") if told.done else (told.text, gr.skip(), written(name))

    makings = (
        (manage.create.click, create, manage.new),
        (manage.new.submit, create, manage.new),
        (manage.delete.click, delete, manage.typed),
    )
    return tuple(
        moment(
            **private(
                fn=fn,
                inputs=[parts.collection, box],
                outputs=[parts.report, box, to_choose],
                show_progress_on=[parts.report],
            )
        )
        for moment, fn, box in makings
    )


def _atlas(keeper: Keeper, say: Say, collection: Any) -> dict[str, Any]:  # noqa: ANN401 - gradio's component
    """Add the picture, which is drawn when it is opened, and return the event that draws it anew where it is open."""
    with gr.Accordion(say("atlas-label"), open=False, elem_id="docs-atlas") as accordion:
        plot = gr.Plot(show_label=False, container=False, elem_id="atlas")
        told = gr.HTML(elem_id="atlas-told")
    lit = gr.JSON(visible="hidden")
    is_open = gr.State(False)

    def draw(name: str | None, lit: object, is_open: bool, request: gr.Request) -> tuple[Any, ...]:
        if not is_open:
            return gr.skip(), gr.skip()
        picture, words = keeper.draw(request, written(name), lit)
        return PlotData(type="plotly", plot=picture) if picture else None, words

    def draw_first(name: str | None, lit: object, request: gr.Request) -> tuple[Any, ...]:
        return True, *draw(name, lit, True, request)

    # the conversation is kept by the browser, which knows what the last question found
    found = "window.yinju?.lit?.() ?? []"
    accordion.expand(
        **private(fn=draw_first, inputs=[collection, lit], outputs=[is_open, plot, told], show_progress_on=[plot]),
        js=f"(name, _) => [name, {found}]",
    )
    accordion.collapse(**private(fn=lambda: False, outputs=[is_open], show_progress="hidden"))
    return private(
        fn=draw,
        inputs=[collection, lit, is_open],
        outputs=[plot, told],
        show_progress="hidden",
        js=f"(name, _, open) => [name, {found}, open]",
    )
