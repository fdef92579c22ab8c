"""Files put into an index and documents taken out of it: the folder and the index change together, or neither."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TypedDict, Unpack

from assistant.assistant import make_segmenter, origin_of
from assistant.library.folder import Folder
from assistant.library.naming import Given, told_apart
from assistant.settings import DOCUMENTS, Settings
from corpus.errors import InputError, StorageError
from corpus.finding import Skipped, find
from corpus.messages import message
from index import embedding, updating
from index.manifest import Origin
from index.report import Progress, Report
from index.store import Store

_TOLD = 5  # files that a message names


def gather(paths: Sequence[Path], *, index: Path) -> tuple[list[Given], list[Skipped]]:
    """Return the files that `paths` name, those of a folder below its name, and what is passed over in folders.

    A link that is named is followed, one that lies in a folder is passed over: it may lead anywhere. So is what lies
    in the index's folder. InputError if a path is missing.
    """
    given: dict[str, Given] = {}
    skipped: list[Skipped] = []
    inside = os.path.realpath(index) + os.sep
    for path in paths:
        found, below = find([path])
        above = os.path.realpath(path) if path.is_dir() else ""
        prefix = PurePosixPath(above).name
        passed = [Skipped(str(PurePosixPath(prefix, one.path)), one.reason) for one in below]
        for file in dict.fromkeys(file.path for file in found):  # once, where it is an archive
            name = os.path.join(prefix, os.path.relpath(file, above)) if above else path.name  # noqa: PTH118
            real = os.path.realpath(file)
            if above and Path(file).is_symlink():
                passed.append(Skipped(name, message("skip-link")))
            elif not os.access(real, os.R_OK):
                passed.append(Skipped(name, message("skip-unreadable", reason=os.strerror(13))))
            elif not above or not real.startswith(inside):
                given.setdefault(real, Given(name, Path(real)))
        skipped += passed
    return list(given.values()), skipped


class Work(TypedDict, total=False):
    """How an index is brought up to date: what `add` and `take_out` pass on."""

    wait: float  # seconds, while another process updates the index
    waiting: Callable[[], None]  # called before waiting
    progress: Progress
    note: Callable[[str], None]  # told what the user should know and is no result


def add(settings: Settings, given: Sequence[Given], **work: Unpack[Work]) -> Report:
    """Put files into the index's library and bring the index up to date; both, or neither.

    A file that lies in one of the index's sources is not copied; if it had been taken out, it comes back. A file that
    turns out unreadable leaves no trace. InputError where none of them can be read.
    """
    store = Store(settings.index)
    folder = Folder(store.folder)
    with store.writing(wait=work.get("wait", 0), waiting=work.get("waiting")), folder.changing() as change:
        origin = _origin(settings, store)
        if not _is_source(folder, origin) and (former := folder.retire()) and "note" in work:
            work["note"](message("library-former", path=former))
        before = _places(origin)
        known = {_path(one) for one in given} & {path for path, _ in before.values()}
        fresh = told_apart([one for one in given if _path(one) not in known])
        change.add({name: one.content for name, one in fresh.items()})
        out = {before[id] for id in origin.excluded if id in before and before[id][0] not in known}
        grown = _with(folder, origin)
        now = _places(grown) if fresh else before
        report = _update(settings, store, _leaving_out(out, grown, before, now), work)
        if unread := _unread(folder, fresh, now, report, store.content() or frozenset()):
            change.undo(unread)
            grown = _with(folder, origin)
            again = _update(settings, store, _leaving_out(out, grown, before, _places(grown)), work)
            report = _merged(report, again)
            if len(unread) == len(fresh) and not known:
                raise InputError("add-nothing", reasons=reasons(report.skipped))
    return report


def take_out(settings: Settings, names: Sequence[str], **work: Unpack[Work]) -> Report:
    """Take documents out of the index: added files are deleted, others are left out as long as the sources stay.

    A name is a document's id, an id's last part with or without its suffix, or a folder with a slash behind it.
    InputError where a name stands for no document or for several, or where no document would be left.
    """
    store = Store(settings.index)
    folder = Folder(store.folder)
    if settings.named:
        store.current()  # a missing one is told, and no folder is made
    with store.writing(wait=work.get("wait", 0), waiting=work.get("waiting")), folder.changing() as change:
        origin = _origin(settings, store)
        before = _places(origin)
        held = store.content() or before.keys() - {*origin.excluded}
        chosen = {id for name in names for id in _chosen(name, held)}
        if held <= chosen:
            raise InputError("remove-last", path=store.folder)
        left = {before[id][0] for id in held - chosen if id in before}  # archives of which a part stays
        gone = {before[id][0] for id in chosen if id in before} - left
        mine = sorted(name for path in gone if (name := folder.name(path)))
        change.delete(mine)
        origin = origin._replace(excluded=(*origin.excluded, *chosen))
        out = {before[id] for id in origin.excluded if id in before}
        now = _places(origin) if mine else before
        return _update(settings, store, _leaving_out(out, origin, before, now), work)


def set_aside(settings: Settings) -> Path | None:
    """Rename the library's folder where the index is made from paths that leave it out, and return its new name."""
    store = Store(settings.index)
    folder = Folder(store.folder)
    try:
        with store.writing():
            known = store.remembered()
            return folder.retire() if known and not _is_source(folder, known) else None
    except StorageError:
        return None  # `add` does it, when another process no longer holds the index


def reasons(skipped: Sequence[Skipped]) -> str:
    """Tell why files were passed over, on one line."""
    told = [f"{one.path}：{one.reason}" for one in skipped[:_TOLD]]
    return "；".join([*told, "……"] if len(skipped) > _TOLD else told)


def with_skipped(report: Report, skipped: Sequence[Skipped]) -> Report:
    """Return a report that also tells what was passed over before the build."""
    told = {one.path for one in report.skipped}
    more = [one for one in skipped if one.path not in told]
    return replace(report, skipped=tuple(sorted((*report.skipped, *more), key=lambda one: one.path)))


Places = Mapping[str, tuple[str, str]]
"""Where documents lie, by their ids: the file's path, and the name inside it where that is an archive."""


def _path(one: Given) -> str:
    """Return where a given file lies; "" for what was fetched or sent."""
    return str(one.content) if isinstance(one.content, Path) else ""


def _places(origin: Origin) -> Places:
    return {file.id: (file.path, file.member) for file in find(origin.sources)[0]}


def _origin(settings: Settings, store: Store) -> Origin:
    """Return what the index is made from: a new one that was named from nothing, the default one from our documents."""
    return origin_of(store, otherwise=[] if settings.named else [DOCUMENTS])


def _is_source(folder: Folder, origin: Origin) -> bool:
    return folder.path.resolve() in origin.sources


def _with(folder: Folder, origin: Origin) -> Origin:
    """Return the origin with the library among the sources, unless that holds nothing."""
    if _is_source(folder, origin) or not folder.names():
        return origin
    return origin._replace(sources=(*origin.sources, folder.path.resolve()))


def _leaving_out(out: AbstractSet[tuple[str, str]], origin: Origin, before: Places, now: Places) -> Origin:
    """Return the origin with the ids that what lies in these places has now: another file may change a file's id.

    Ids whose files are not there at present stay excluded.
    """
    gone = {*origin.excluded} - before.keys() - now.keys()
    return origin._replace(excluded=tuple(sorted(gone | {id for id, place in now.items() if place in out})))


def _update(settings: Settings, store: Store, origin: Origin, work: Work) -> Report:
    segmenter = make_segmenter(settings)
    embedder = embedding.load(origin.model or None, segmenter)
    return updating.build(
        store,
        origin.sources,
        segmenter,
        embedder,
        model=origin.model,
        excluded=origin.excluded,
        raw=origin.raw,
        progress=work.get("progress"),
    )


def _unread(folder: Folder, fresh: Iterable[str], now: Places, report: Report, held: AbstractSet[str]) -> list[str]:
    """Return the added files of which the index holds nothing, for reasons that the report tells."""
    skipped = {one.path for one in report.skipped}
    ids: dict[str | None, set[str]] = {}
    for id, (path, _) in now.items():
        ids.setdefault(folder.name(path), set()).add(id)
    return [name for name in fresh if not ids.get(name, set()) & held and ids.get(name, set()) <= skipped]


def _merged(first: Report, second: Report) -> Report:
    """Return what two builds changed, the second of which undid a part of the first."""
    back = {*first.renamed} & {(was, now) for now, was in second.renamed}
    same = ({*first.removed} & {*second.added}) | {was for was, _ in back}
    return replace(
        second,
        added=tuple(id for id in first.added if id not in second.removed),
        changed=first.changed,
        renamed=tuple(pair for pair in first.renamed if pair not in back),
        removed=tuple(id for id in first.removed if id not in same),
        unchanged=tuple(sorted(same.union(first.unchanged))),
        skipped=first.skipped,
    )


def _chosen(name: str, held: AbstractSet[str]) -> list[str]:
    """Return the documents that a name stands for."""
    if name in held:
        return [name]
    if name.endswith("/"):
        found = sorted(id for id in held if id.startswith(name))
    else:
        found = sorted(
            id for id in held if id.endswith("/" + name) or name in {PurePosixPath(id).name, PurePosixPath(id).stem}
        )
        if len(found) > 1:
            raise InputError("remove-several", name=name, ids="、".join(found[:_TOLD]))
    if not found:
        near = difflib.get_close_matches(name, sorted(held), n=_TOLD, cutoff=0)
        raise InputError("remove-unknown", name=name, near="、".join(near))
    return found
