"""A sentence that stands in several documents is one candidate, with all its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.ranking.ranking import Elsewhere, Sentence


def merged(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Leave out what repeats, word for word, a sentence of another document before it, which then tells both places."""
    first: dict[str, Sentence] = {}
    places: dict[str, list[Elsewhere]] = {}
    kept: list[Sentence] = []
    for sentence in sentences:
        known = first.setdefault(sentence.text, sentence)
        here = sentence.hit.passage.document
        if known is sentence or here == known.hit.passage.document:
            kept.append(sentence)
        else:
            title = sentence.hit.passage.title
            places.setdefault(sentence.text, []).append(Elsewhere(here, title, sentence.start, sentence.end))
    if len(kept) == len(sentences) and not any(sentence.hit.also for sentence in sentences):
        return list(sentences)
    return [_with_places(one, places.get(one.text, [])) if first[one.text] is one else one for one in kept]


def _with_places(sentence: Sentence, places: Sequence[Elsewhere]) -> Sentence:
    """Note where a sentence stands: there, and in what its passage stands for."""
    found = {place.document: place for place in places}
    for passage in sentence.hit.also:
        at = passage.text.find(sentence.text)
        if at >= 0 and passage.document != sentence.hit.passage.document:
            start = passage.start + at
            place = Elsewhere(passage.document, passage.title, start, start + len(sentence.text))
            found.setdefault(passage.document, place)
    return replace(sentence, also=tuple(found[document] for document in sorted(found))) if found else sentence
