"""An index brought up to date with its sources: what has changed is read, cut and embedded, what has not is kept."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from corpus.errors import IndexMissingError, IndexUnusableError, InputError
from corpus.finding import File, Skipped, find
from corpus.messages import message
from corpus.words import Segmenter
from index.building import Content, Generation, Plan, Tools, contents, rules_fingerprint, write_generation
from index.catalog import Facts
from index.dense import Kind
from index.embedding import Embedder, StaticModel
from index.files import flush, remove, write
from index.manifest import FORMAT, Manifest, Origin
from index.report import Progress, Report
from index.stamps import STAMPS, Stamps
from index.store import MANIFEST, Store
from index.workers import seldom_collecting


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    before = seldom_collecting()
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_collecting_seldom()
def build(
    store: Store,
    sources: Sequence[Path],
    segmenter: Segmenter,
    embedder: Embedder,
    *,
    model: str = "",
    excluded: Sequence[str] = (),
    raw: bool = False,
    full: bool = False,
    dry_run: bool = False,
    purge: bool = False,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Report:
    """Make what lies under `sources` the index's whole content; call it inside `store.writing()`.

    Documents whose ids are `excluded` are left out; with `raw`, nothing is left out of the texts as clutter. Files that
    are as they were are not read, unless `full`; documents that are as they were keep what was made of them. The new
    generation is written beside the old ones and becomes the current one by one rename; where nothing has changed
    there is none. `purge` takes removed documents out of the older generations too. InputError for a missing path or
    where nothing readable lies under the paths, StorageError if the disk refuses; the old generation then stays the
    current one.
    """
    tools = Tools(segmenter, embedder, model, raw)
    origin = Origin(tuple(map(store.as_stored, sources)), model, tuple(sorted({*excluded})), raw)
    started = time.time_ns()
    found, skipped = _found(sources, origin)
    former, before = _former(store, tools)
    stamps = Stamps(store.folder / STAMPS)
    if full:
        stamps.forget()
    plan = Plan.of(found, former, stamps, static=isinstance(tools.embedder, StaticModel))
    told = progress or (lambda *_: None)
    with store.workshop(dry=dry_run) as workshop:
        made = plan.done(tools, workshop, told, dry=dry_run, processes=processes)
        content = contents(plan, made)
        skipped += [one for part in made for one in part.skipped]
        if not content and not dry_run:
            raise InputError("build-nothing", paths=" ".join(map(str, sources)), skipped=len(skipped))
        if dry_run:
            return Report.of(content, before, skipped, passages=0)
        parts = Content.of(plan, made)
        if former is None or not parts.is_same(former.manifest) or origin != former.origin:
            files = write_generation(plan, parts, made, tools, workshop, told)
            manifest = _manifest(parts, tools, plan.kind, origin, files)
            store.publish(workshop, manifest, sorted(content))
        else:
            store.tell_content(sorted(content))
        stamps.save(found, {id: facts for one in made for id, facts in one.stamps.items()}, started)
    if purge:
        _purge(store, tools)
    searched: dict[bytes, int] = {}  # of several of one text, the first is searched
    for facts in parts.documents:
        searched.setdefault(facts.sha256, facts.passages)
    return Report.of(content, before, skipped, passages=sum(searched.values()))


def _found(sources: Sequence[Path], origin: Origin) -> tuple[list[File], list[Skipped]]:
    """Return the files that the documents are made of, and those that are passed over."""
    found, skipped = find(sources)
    if not origin.excluded:
        return found, skipped
    excluded = frozenset(origin.excluded)
    skipped += [Skipped(file.id, message("skip-excluded")) for file in found if file.id in excluded]
    return [file for file in found if file.id not in excluded], skipped


def _former(store: Store, tools: Tools) -> tuple[Generation | None, dict[str, bytes]]:
    """Return the current generation, if a new one may keep parts of it, and the contents of its documents by id."""
    try:
        current = store.current()
        generation = Generation(current, store.manifest(current))
    except (IndexMissingError, IndexUnusableError, ValueError, KeyError, StopIteration):
        return None, {}
    before = {id: former.facts.content for id, former in generation.documents.items()}
    return (generation if _may_be_kept(store, generation, tools) else None), before


def _may_be_kept(store: Store, generation: Generation, tools: Tools) -> bool:
    manifest = generation.manifest
    made = manifest.format, manifest.model_fingerprint, manifest.words_fingerprint, manifest.rules_fingerprint
    if manifest.raw != tools.raw or made != (
        FORMAT,
        tools.embedder.fingerprint,
        tools.segmenter.fingerprint,
        rules_fingerprint(),
    ):
        return False
    try:
        store.check_whole(generation.folder, manifest, most=None)
    except IndexUnusableError:
        return False
    return True


def _purge(store: Store, tools: Tools) -> None:
    """Write the older generations again without the documents that the current one does not hold."""
    current = store.current()
    shown = store.content() or frozenset()
    for folder in store.generations():
        if folder == current:
            continue
        try:
            generation = Generation(folder, store.manifest(folder))
            gone = generation.documents.keys() - shown
            usable = _may_be_kept(store, generation, tools)
        except (IndexUnusableError, ValueError, KeyError, StopIteration):
            gone, usable = {""}, False
        if not gone:
            continue
        left = [former.facts for id, former in sorted(generation.documents.items()) if id in shown] if usable else []
        if not left:
            remove(folder)  # nothing is left of it, or it cannot be told what it holds
            continue
        _write_again(store, generation, left, tools)


def _write_again(store: Store, generation: Generation, left: Sequence[Facts], tools: Tools) -> None:
    plan = Plan.of_documents(left, generation, static=isinstance(tools.embedder, StaticModel))
    manifest = generation.manifest
    with store.workshop() as workshop:
        made = plan.done(tools, workshop, lambda *_: None, dry=False)
        parts = Content.of(plan, made)
        files = write_generation(plan, parts, made, tools, workshop, lambda *_: None)
        again = _manifest(parts, tools, plan.kind, manifest.origin, files)
        write(workshop / MANIFEST, replace(again, created=manifest.created, model=manifest.model).to_json())
        remove(generation.folder)
        workshop.rename(generation.folder)
        flush(store.folder)


def _manifest(
    content: Content, tools: Tools, kind: Kind, origin: Origin, files: Mapping[str, tuple[int, int]]
) -> Manifest:
    return Manifest(
        format=FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        model=tools.model,
        model_fingerprint=tools.embedder.fingerprint,
        words_fingerprint=tools.segmenter.fingerprint,
        rules_fingerprint=rules_fingerprint(),
        vectors=kind.value,
        sources=tuple(map(str, origin.sources)),
        excluded=origin.excluded,
        raw=origin.raw,
        documents=sum(part.documents for part, _, _ in content.parts),
        passages=sum(part.passages for part, _, _ in content.parts),
        parts=tuple(part for part, _, _ in content.parts),
        files=files,
    )
