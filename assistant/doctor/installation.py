"""Whether what is installed fits: versions, language pack, dictionary, embedding model."""

from __future__ import annotations

import platform
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from assistant.doctor.finding import Finding, State, is_writable, listed
from assistant.settings import Settings
from assistant.understanding.words import faults
from corpus.errors import AssistantError, InputError, StorageError
from corpus.lexicon import SHIPPED, Lexicon
from corpus.messages import message
from corpus.words import Segmenter
from index import embedding
from index.embedding import Embedder, StaticModel
from index.manifest import Origin
from index.store import Store

PACKAGE = "yinju"
MEASURED = 0.1  # seconds for which the model's speed is measured
_SAMPLE = "这份文档是什么时候写的，主要说了什么？"


def versions() -> Finding:
    """Compare Python and the required packages with what is asked of them."""
    name, python = "versions", f"Python {platform.python_version()}"
    try:
        facts = metadata.metadata(PACKAGE)
    except metadata.PackageNotFoundError:
        return Finding(name, State.WARNING, f"{python}, {PACKAGE} —", message("doctor-not-installed"))
    found_versions, missing = _packages(metadata.requires(PACKAGE) or [])
    found = ", ".join([python, f"{PACKAGE} {facts['Version']}", *found_versions])
    advice = []
    if missing:
        advice.append(message("doctor-install", packages=" ".join(f'"{package}"' for package in missing)))
    wanted = SpecifierSet(facts["Requires-Python"] or "")
    if not wanted.contains(platform.python_version(), prereleases=True):
        advice.append(message("doctor-python", wanted=wanted))
    return Finding(name, State.ERROR if advice else State.OK, found, "\n".join(advice))


def _packages(requirements: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return each required package with its version, and the requirements that are not met; extras are left out."""
    versions, missing = [], []
    for requirement in map(Requirement, requirements):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        wanted = f"{requirement.name}{requirement.specifier}"
        try:
            version = metadata.version(requirement.name)
            fits = requirement.specifier.contains(version, prereleases=True)
        except (metadata.PackageNotFoundError, ValueError):
            version, fits = "—", False
        versions.append(f"{requirement.name} {version}" + ("" if fits else f" ({requirement.specifier})"))
        missing += [] if fits else [wanted]
    return versions, missing


def language_pack(settings: Settings) -> tuple[Finding, Lexicon]:
    """Read the language pack."""
    name, folders = "language-pack", (SHIPPED, settings.lexicon)
    try:
        lexicon = Lexicon.load(*folders)
        wrong = faults(folders)
    except InputError as error:  # an index goes on with the words that it was cut with, so the other checks can too
        return Finding(name, State.ERROR, str(error.values["path"]), str(error)), Lexicon.load()
    counts = {"words": len(lexicon.words), "aliases": len(lexicon.aliases), "synonyms": len(lexicon.synonyms)}
    found = message("doctor-pack-found", path=settings.lexicon, **counts)
    if not wrong:
        return Finding(name, State.OK, found), lexicon
    advice = [message(key, path=line.path, line=line.number, text=line.text) for key, line in wrong]
    found += message("doctor-pack-faults", count=len(wrong))
    return Finding(name, State.WARNING, found, "\n".join(listed(advice))), lexicon


def dictionary(cache: Path, lexicon: Lexicon) -> tuple[Finding, Segmenter]:
    """Load the compiled dictionary, and tell whether it is kept."""
    name = "dictionary"
    try:
        segmenter, compiled, whole = _segmenter(cache, lexicon)
    except OSError as error:
        advice = message("error-system", reason=error)
        return Finding(name, State.WARNING, message("doctor-dictionary-unknown"), advice), Segmenter(lexicon)
    if not is_writable(cache):
        advice = message("doctor-cache-readonly", path=cache)
    else:
        advice = "" if whole else message("doctor-dictionary-compile")
    state = State.WARNING if advice else State.OK
    if not whole:
        key = "doctor-dictionary-damaged" if compiled else "doctor-dictionary-missing"
        return Finding(name, state, message(key, path=cache), advice), segmenter
    return Finding(name, state, message("doctor-dictionary-whole", path=cache), advice), segmenter


def _segmenter(cache: Path, lexicon: Lexicon) -> tuple[Segmenter, bool, bool]:
    """Return a segmenter, whether `cache` holds the compiled dictionary, and whether that is whole.

    The segmenter reads links to the files of the cache. A dictionary that it compiles stands in the place of a link,
    or beside them, and the cache stays as it is.
    """
    with tempfile.TemporaryDirectory(prefix="yinju-") as folder:
        links = Path(folder)
        with suppress(OSError):
            for path in filter(Path.is_file, cache.iterdir()):
                (links / path.name).symlink_to(path.resolve())
        before = {path.name for path in links.iterdir()}
        segmenter = Segmenter(lexicon, cache=links)
        made = {path.name for path in links.iterdir() if not path.is_symlink()}
    return segmenter, not made - before, not made


def model(store: Store, segmenter: Segmenter) -> tuple[Finding, Embedder | None]:
    """Load the model that the index names."""
    name = "model"
    chosen = remembered(store).model
    try:
        embedder = embedding.load(chosen or None, segmenter)
        fingerprint = embedder.fingerprint
    except Exception as error:  # whatever the files of a model raise
        told = error if isinstance(error, AssistantError) else message("error-system", reason=error)
        return Finding(name, State.ERROR, chosen or str(embedding.SHIPPED), str(told)), None
    facts = {"name": embedder.name, "dimension": embedder.dimension, "fingerprint": fingerprint}
    found = message("doctor-model-found", **facts)
    if isinstance(embedder, StaticModel):
        found += message("doctor-model-speed", rate=f"{_rate(embedder):,.0f}")
    made = None
    with suppress(Exception):  # an unreadable manifest is a finding of the index
        made = store.manifest().model_fingerprint
    if made not in {None, fingerprint}:
        advice = message("index-model", path=store.folder, made=made, given=fingerprint)
        return Finding(name, State.ERROR, found, advice), embedder
    return Finding(name, State.OK, found), embedder


def _rate(model: StaticModel) -> float:
    """Return how many questions a second the model embeds on this machine."""
    done, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < MEASURED:
        model.encode_question(_SAMPLE)
        done += 1
    return done / spent


def remembered(store: Store) -> Origin:
    """Return what the index remembers of its making; no sources and the shipped model where it tells nothing."""
    with suppress(StorageError):  # a file stands in the folder's place
        return store.remembered() or Origin(())
    return Origin(())
