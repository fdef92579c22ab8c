"""The command `assistant`: results on standard output, notes and progress on standard error."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Unpack

import click

from assistant import asked, evaluate, render
from assistant.answering.answer import Answer
from assistant.assistant import Assistant, build
from assistant.library import collections
from assistant.settings import Settings
from assistant.understanding import words as taken
from corpus.encoding import decode
from corpus.errors import AssistantError, InputError
from corpus.messages import message
from index.store import Store

if TYPE_CHECKING:
    from assistant.library.naming import Given
    from assistant.web.web import Kept
    from corpus.finding import Skipped
    from index.report import Report

ADDRESS = re.compile("[a-z][a-z0-9+.-]+://", re.IGNORECASE)
AS_WRITTEN = frozenset(("/原话", "/written"))  # asks the last question of a chat again, as it was written
DECLINED = 3  # the exit status of a question that the documents do not answer

top_option = click.option("--top", type=click.IntRange(1, 100), default=5, show_default=True, help=message("help-top"))
reranker_option = click.option("--reranker", metavar="NAME_OR_FOLDER", help=message("help-reranker"))
wait_option = click.option("--wait", type=click.FloatRange(0), default=0.0, help=message("help-wait"))
json_option = click.option("--json", "as_json", is_flag=True, help=message("help-json"))


def note(text: str) -> None:
    """Tell the user something that is no result."""
    click.echo(text, err=True)


def index_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add `--index` and `--collection`, one of which names the index that the command gets as `folder`."""

    @click.option("--index", "folder", type=click.Path(path_type=Path), help=message("help-index"))
    @click.option("--collection", metavar="NAME", help=message("help-collection"))
    @wraps(command)
    def chosen(*given: object, folder: Path | None, collection: str | None, **more: object) -> None:
        if folder and collection:
            raise click.UsageError(message("collection-or-index"))
        if collection:
            folder = collections.chosen(Settings.from_environment(), collection).index
        command(*given, folder=folder, **more)

    return chosen


class _Command(click.Command):
    """Tells in the list of commands the first clause of its help: click cuts between words, and Chinese has none."""

    def get_short_help_str(self, limit: int = 45) -> str:
        return re.split(r"[：。；]|[:;.] ", self.help or "", maxsplit=1)[0]


class _Commands(click.Group):
    """Shows what went wrong in one message, and leaves with status 1."""

    command_class = _Command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except AssistantError as error:
            note(message("error", reason=error))
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # click leaves quietly when nobody reads on
            note(message("error", reason=message("error-system", reason=error)))
        except KeyboardInterrupt:
            note("\n" + message("interrupted"))
        sys.exit(1)


@click.group(cls=_Commands, help=message("help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yinju")
def main() -> None:
    """Start the command line."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show or send a character shows another


@main.command(help=message("help-ask"))
@click.argument("question", nargs=-1)
@click.option("--batch", type=click.Path(path_type=Path, allow_dash=True), help=message("help-batch"))
@index_option
@top_option
@click.option("--explain", "explained", is_flag=True, help=message("help-explain"))
@click.option("--as-written", is_flag=True, help=message("help-as-written"))
@click.option("--suggest/--no-suggest", default=None, help=message("help-suggest"))
@reranker_option
@json_option
def ask(
    question: tuple[str, ...],
    batch: Path | None,
    folder: Path | None,
    top: int,
    explained: bool,
    as_written: bool,
    suggest: bool | None,
    reranker: str | None,
    as_json: bool,
) -> None:
    """Answer one question, or a file of them."""
    if (batch is None) == (not question):
        raise click.UsageError(message("ask-usage"))
    suggests = batch is None if suggest is None else suggest

    def answered(turns: Sequence[str]) -> Answer:
        *earlier, last = turns
        answer = assistant.ask(last, earlier, top=top, as_written=as_written, explained=explained)
        return assistant.suggest(answer, earlier) if suggests else answer

    if batch is not None:
        with _lines(batch) as lines, closing(Assistant.open(folder, reranker=reranker, note=note)) as assistant:
            _ask_batch(answered, lines)
        return
    with closing(Assistant.open(folder, reranker=reranker, note=note)) as assistant:
        answer = answered([" ".join(question)])
    click.echo(render.answer_json(answer) if as_json else _answer_text(answer))
    sys.exit(0 if answer.answered else DECLINED)


@contextmanager
def _lines(batch: Path) -> Iterator[BinaryIO]:
    if str(batch) == "-":
        yield sys.stdin.buffer
        return
    try:
        file = batch.open("rb")
    except OSError as error:
        raise click.UsageError(message("batch-missing", path=batch, reason=error.strerror)) from error
    with file:
        yield file


def _ask_batch(ask: Callable[[Sequence[str]], Answer], lines: BinaryIO) -> None:
    for number, line in enumerate(lines, start=1):
        id, turns, fault = _read_line(line, number)
        if fault:
            click.echo(render.dump({"id": id, "error": fault}))
        else:
            click.echo(render.answer_json(ask(turns), id))
        sys.stdout.flush()


def _read_line(line: bytes, number: int) -> tuple[object, list[str], str]:
    """Return id, turns and fault of one line: a question, or an object with `turns` (or `question`)."""
    text = (decode(line) or "").strip()
    if not text:
        return number, [], message("batch-bad" if line.strip() else "batch-blank")
    if not text.startswith("{"):
        return number, [text], ""
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        return number, [], message("batch-bad")
    id = facts.get("id", number)
    try:
        json.dumps(id, allow_nan=False)
    except ValueError:  # NaN and 1e400 cannot come back as JSON
        return number, [], message("batch-bad")
    turns = facts.get("turns", [facts["question"]] if "question" in facts else None)
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
        return id, [], message("batch-bad")
    return id, turns, ""


@main.command(help=message("help-chat"))
@index_option
@reranker_option
def chat(folder: Path | None, reranker: str | None) -> None:
    """Hold a conversation in the terminal."""
    from assistant.live import Live

    with closing(Live(Settings.from_environment(folder, reranker=reranker), note=note)) as live:
        note(message("chat-hello"))
        history: list[str] = []
        while (typed := _typed()) not in {None, "/退出", "/quit", "/exit"}:
            as_written = typed in AS_WRITTEN
            question = history.pop() if as_written and history else typed
            if not question or question in AS_WRITTEN:
                continue
            with live.use() as assistant:
                answer = assistant.ask(question, history, as_written=as_written)
                click.echo(_answer_text(assistant.suggest(answer, history)))
            if answer.completed or answer.corrections:
                note(message("chat-as-written"))
            click.echo()
            history.append(question)


def _typed() -> str | None:
    """Return the next line that is typed; None at the end."""
    try:
        return input("> " if sys.stdin.isatty() else "").strip()
    except (EOFError, KeyboardInterrupt):
        return None


@main.command("build", help=message("help-build"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@index_option
@click.option("--model", help=message("help-model"))
@click.option("--raw/--cleaned", default=None, help=message("help-raw"))
@click.option("--full", is_flag=True, help=message("help-full"))
@click.option("--dry-run", is_flag=True, help=message("help-dry-run"))
@click.option("--purge", is_flag=True, help=message("help-purge"))
@click.option("--watch", "watched", is_flag=True, help=message("help-watch"))
@wait_option
@json_option
def build_index(
    paths: tuple[Path, ...],
    folder: Path | None,
    model: str | None,
    raw: bool | None,
    full: bool,
    dry_run: bool,
    purge: bool,
    watched: bool,
    wait: float,
    as_json: bool,
) -> None:
    """Make what lies under the paths the index's whole content."""
    if watched and dry_run:
        raise click.UsageError(message("build-watch-dry"))
    settings = Settings.from_environment(folder)
    with _progress() as progress:
        report = build(
            settings,
            paths,
            model=model,
            raw=raw,
            full=full,
            dry_run=dry_run,
            purge=purge,
            wait=wait,
            waiting=_waiting,
            progress=progress,
        )
    if dry_run:
        note(message("build-dry"))
    elif paths:
        _set_aside(settings)
    click.echo(render.report_json(report) if as_json else render.report_text(report))
    if watched:
        _watch(settings, report, as_json=as_json)


def _set_aside(settings: Settings) -> None:
    """Tell where the added files lie that the new sources leave out."""
    from assistant.library import library

    if former := library.set_aside(settings):
        note(message("library-former", path=former))


def _watch(settings: Settings, report: Report, *, as_json: bool) -> None:
    """Follow the sources until the user interrupts."""
    from assistant.library import watching

    def built(report: Report, fresh: Sequence[Skipped]) -> None:
        click.echo(render.report_json(report) if as_json else render.report_line(report, fresh))
        sys.stdout.flush()

    def failed(error: AssistantError) -> None:
        note(message("watch-failed", time=render.time_of_day(), reason=error))

    sys.stdout.flush()
    note(message("watch-started", paths="、".join(map(str, watching.sources(Store(settings.index))))))
    with suppress(KeyboardInterrupt):
        watching.watch(settings, report, watching.Follower(built, failed, note))
    note(message("watch-ended"))


@main.command("add", help=message("help-add"))
@click.argument("given", nargs=-1, required=True, metavar="FILE|FOLDER|URL...")
@index_option
@wait_option
@json_option
def add_files(given: tuple[str, ...], folder: Path | None, wait: float, as_json: bool) -> None:
    """Put files, folders and what lies at addresses on the index's documents."""
    from assistant.library import library

    settings = Settings.from_environment(folder)
    files, skipped = library.gather([Path(one) for one in given if not ADDRESS.match(one)], index=settings.index)
    files += [_fetched(one) for one in given if ADDRESS.match(one)]
    if not files:
        raise InputError("add-nothing", reasons=library.reasons(skipped))
    with _progress() as progress:
        report = library.add(settings, files, wait=wait, waiting=_waiting, progress=progress, note=note)
    report = library.with_skipped(report, skipped)
    click.echo(render.report_json(report) if as_json else render.report_text(report))


def _fetched(url: str) -> Given:
    from assistant.library.fetching import fetch  # nothing else needs the network
    from assistant.library.naming import Given

    note(message("fetch-started", url=url))
    found = fetch(url)
    return Given(found.name, found.data)


@main.command("remove", help=message("help-remove"))
@click.argument("names", nargs=-1, required=True)
@index_option
@wait_option
@json_option
def remove_documents(names: tuple[str, ...], folder: Path | None, wait: float, as_json: bool) -> None:
    """Take documents out of the index."""
    from assistant.library import library

    with _progress() as progress:
        settings = Settings.from_environment(folder)
        report = library.take_out(settings, names, wait=wait, waiting=_waiting, progress=progress)
    click.echo(render.report_json(report) if as_json else render.report_text(report))


def _waiting() -> None:
    note(message("build-waiting"))


@main.command(help=message("help-rollback"))
@index_option
@wait_option
@json_option
def rollback(folder: Path | None, wait: float, as_json: bool) -> None:
    """Go back to the previous generation."""
    store = Store(Settings.from_environment(folder).index)
    store.current()  # a missing one is told, and no folder is made
    with store.writing(wait=wait, waiting=_waiting):
        manifest = store.rollback()
    facts = {"created": manifest.created, "documents": manifest.documents, "passages": manifest.passages}
    click.echo(render.dump(facts) if as_json else message("rollback-done", **facts))


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            if step == "bytes":
                done, total = done >> 10, total >> 10
            if step not in tasks:
                tasks[step] = bar.add_task(message("build-progress-" + step), total=total, rate="")
            speed = next(task.speed for task in bar.tasks if task.id == tasks[step])
            bar.update(tasks[step], completed=done, rate=f"{speed:,.0f}/s" if speed else "")

        yield show


@main.command("eval", help=message("help-eval"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--compare", "other", metavar="OTHER.json", type=click.Path(path_type=Path), help=message("help-compare"))
@index_option
@reranker_option
@json_option
def evaluate_index(file: Path, other: Path | None, folder: Path | None, reranker: str | None, as_json: bool) -> None:
    """Score the index on a file of questions."""
    questions = asked.load(file)
    before = evaluate.Evaluation.load(other) if other else None  # what is wrong with it is told before the work
    with closing(Assistant.open(folder, reranker=reranker, note=note)) as assistant, _progress() as progress:
        now = evaluate.score(assistant, questions, progress=progress)
    comparison = evaluate.Comparison.of(now, before) if before else None
    click.echo(evaluate.as_json(now, comparison) if as_json else evaluate.as_text(now, comparison))


@main.command(help=message("help-documents"))
@index_option
@json_option
def documents(folder: Path | None, as_json: bool) -> None:
    """List the documents of the index."""
    with closing(Assistant.open(folder, reranker="", note=note)) as assistant:
        entries = assistant.documents()
    for entry in entries:
        if as_json:
            click.echo(render.entry_json(entry))
        else:
            click.echo("\t".join((entry.id, entry.title, str(entry.characters), str(entry.passages), entry.date)))


@main.command(help=message("help-show"))
@click.argument("document")
@click.option("--at", "span", metavar="START:END", help=message("help-at"))
@click.option("--dropped", is_flag=True, help=message("help-dropped"))
@index_option
@json_option
def show(document: str, span: str | None, dropped: bool, folder: Path | None, as_json: bool) -> None:
    """Print one document's text, or what was left out of it."""
    if dropped and span is not None:
        raise click.UsageError(message("show-usage"))
    with closing(Assistant.open(folder, reranker="", note=note)) as assistant:
        found = assistant.document(document)
    if dropped:
        if not found.dropped:
            note(message("show-nothing-dropped"))
        for one in found.dropped:
            click.echo(render.dropped_json(one) if as_json else render.dropped_text(one))
        return
    if as_json:
        click.echo(render.document_json(found))
        return
    text = found.text
    if span is not None:
        start, end = _span(span, len(text))
        text = render.marked(text, start, end, _marks(render.REVERSED, otherwise=("【", "】")))
    click.echo(text, nl=not text.endswith("\n"))


@main.command(help=message("help-words"))
@click.argument("text", nargs=-1, required=True)
@index_option
@json_option
def words(text: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Show how a text is cut and understood."""
    written = " ".join(text)
    with closing(Assistant.open(folder, reranker="", note=note)) as assistant:
        for key, line in taken.faults(assistant.folders):
            note(message(key, path=line.path, line=line.number, text=line.text))
        found = assistant.words(written)
    click.echo(render.dump(taken.as_facts(written, found)) if as_json else taken.as_text(found))


def _answer_text(answer: Answer) -> str:
    return render.answer_text(answer, marks=_marks(render.BOLD, otherwise=("", "")))


def _marks(marks: render.Marks, *, otherwise: render.Marks) -> render.Marks:
    """Return `marks` where a terminal shows them and its user wants them."""
    return marks if sys.stdout.isatty() and "NO_COLOR" not in os.environ else otherwise


def _span(span: str, length: int) -> tuple[int, int]:
    found = re.fullmatch("([0-9]{1,12}):([0-9]{1,12})", span)
    if not found or not int(found[1]) <= int(found[2]) <= length:
        raise click.BadParameter(message("span-wrong", length=length, span=span))
    return int(found[1]), int(found[2])


@main.command(help=message("help-doctor"))
@index_option
@json_option
def doctor(folder: Path | None, as_json: bool) -> None:
    """Tell what is wrong with the installation or the index."""
    from assistant.doctor import finding  # a question needs none of it
    from assistant.doctor.diagnosis import diagnose

    findings = diagnose(Settings.from_environment(folder))
    click.echo(render.dump(finding.as_facts(findings)) if as_json else finding.as_text(findings))
    sys.exit(0 if finding.is_healthy(findings) else 1)


@main.command("collections", help=message("help-collections"))
@click.option("--delete", "gone", metavar="NAME", help=message("help-delete"))
@json_option
def list_collections(gone: str | None, as_json: bool) -> None:
    """List the collections, or delete one."""
    if gone is not None:
        collections.delete(Settings.from_environment(), gone)
        note(message("collection-deleted", name=gone))
        return
    for name in collections.names(Settings.from_environment()):
        click.echo(render.dump({"collection": name}) if as_json else name)


@main.command("feedback", help=message("help-feedback"))
@click.option("--collection", metavar="NAME", help=message("help-collection"))
@click.option("--wipe", is_flag=True, help=message("help-wipe"))
@json_option
def show_feedback(collection: str | None, wipe: bool, as_json: bool) -> None:
    """Print the thumbs that people gave to answers, or forget them."""
    from assistant import feedback

    kept = feedback.Feedback.of(Settings.from_environment())
    if wipe:
        note(message("feedback-wiped", count=kept.wipe(collection)))
        return
    votes = kept.votes(collection)
    for line in map(feedback.as_json, votes) if as_json else [feedback.as_text(votes)]:
        click.echo(line)


@main.command("mcp", help=message("help-mcp"))
@index_option
@reranker_option
def serve_mcp(folder: Path | None, reranker: str | None) -> None:
    """Answer a program over standard input and output."""
    from assistant.web.mcp import server as mcp

    mcp.serve_stdio(Settings.from_environment(folder, reranker=reranker), note=note)


@main.command(help=message("help-serve"))
@click.option("--host", default="127.0.0.1", show_default=True, help=message("help-host"))
@click.option("--port", type=click.IntRange(0, 65535), default=7860, show_default=True, help=message("help-port"))
@click.option("--i-know", "knows", is_flag=True, help=message("help-i-know"))
@click.option("--read-only", is_flag=True, help=message("help-read-only"))
@click.option("--history/--no-history", default=True, help=message("help-history"))
@click.option("--feedback/--no-feedback", default=True, help=message("help-keep-feedback"))
@click.option("--log-questions", is_flag=True, help=message("help-log-questions"))
@index_option
@reranker_option
def serve(
    host: str,
    port: int,
    knows: bool,
    read_only: bool,
    folder: Path | None,
    reranker: str | None,
    **kept: Unpack[Kept],
) -> None:
    """Open the web chat, the web API and MCP."""
    from assistant.web.gate.access import Access

    settings = Settings.from_environment(folder, reranker=reranker)
    access = Access.from_environment(host=host, knows=knows, read_only=read_only, note=note)
    from assistant.web import web  # gradio takes seconds to import: what is wrong is told before

    web.serve(settings, access, host=host, port=port, note=note, **kept)


if __name__ == "__main__":
    main()
