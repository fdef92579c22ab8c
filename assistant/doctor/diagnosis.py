"""The doctor: every check of the installation and of an index."""

from __future__ import annotations

from assistant.doctor.finding import Finding
from assistant.doctor.health import of_index, space
from assistant.doctor.installation import dictionary, language_pack, model, versions
from assistant.doctor.network import connections, offline
from assistant.settings import Settings
from index.store import Store


def diagnose(settings: Settings) -> tuple[Finding, ...]:
    """Check the installation, and the index that the settings name; nothing is built or changed.

    It takes about a second, and the reading of every file of the index. A check is left out where there is nothing to
    check: without an index there are no checksums. What is wrong is a finding, never an exception.
    """
    store = Store(settings.index)
    with connections() as addresses:
        pack, lexicon = language_pack(settings)
        words, segmenter = dictionary(settings.cache, lexicon)
        embedding, embedder = model(store, segmenter)
        findings = [versions(), embedding, words, pack, *of_index(settings, store, segmenter, embedder)]
        findings.append(space(store))
    return (*findings, offline(addresses))
