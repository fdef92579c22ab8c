"""A picture of a collection: documents as points, the nearer the more alike in meaning."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from assistant.assistant import Assistant
from assistant.live import Live
from assistant.render import excerpt
from assistant.web.html import literal
from corpus.messages import message
from index.overview import Meanings, meanings
from index.store import Store

POINTS = 3000  # drawn at once; a browser draws more of them slowly
NAMED = 40  # points whose names stand beside them, where there is room
LIT = 5  # documents that are lit
NEIGHBOURS = 5  # that are named beside each of them
_TITLE = 60  # characters of a title that a point shows, and
_LABEL = 12  # that stand beside a point
HEIGHT, _WIDTH = 420, 480  # pixels of the picture; the width is between a phone's and a desk's
_STRETCHED = 4.0  # times as far as on the other axis things may stand apart
_ROOM = 1.15  # times the points' spread, for the names at the edges
_LETTER, _LINE = 6, 14  # pixels of a Latin letter, of which a Chinese character has two, and of a line
_ROWS = 8192  # of vectors that are multiplied at once
# Told apart on light and dark ground, and by who sees few colours: the shapes differ too.
_LOOKS = (
    ("#3f7fb5", "circle"),
    ("#b8762f", "square"),
    ("#4c8f5f", "diamond"),
    ("#9068ae", "triangle-up"),
    ("#2f8f95", "cross"),
    ("#a06a74", "triangle-down"),
    ("#8a8340", "star"),
)
_OTHERS = ("#8a8178", "x")  # of the folders for which no look is left
_SEAL = "#cf5443"


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """The documents of a collection, where they lie, and what tells how near two of them are."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    places: NDArray[np.float32]  # (documents, 2)
    vectors: NDArray[np.float16]  # (documents, dimension): for the neighbours, in half the memory

    @classmethod
    def of(cls, found: Meanings) -> Atlas:
        """Lay the documents out."""
        return cls(found.ids, found.titles, project(found.vectors), found.vectors.astype(np.float16))

    def lit(self, ids: Sequence[str]) -> list[int]:
        """Return the places of documents among all, in the order that is given; ids of others are passed over."""
        wanted = {id: rank for rank, id in enumerate(dict.fromkeys(ids))}
        found = [place for place, id in enumerate(self.ids) if id in wanted]
        return sorted(found, key=lambda place: wanted[self.ids[place]])[:LIT]

    def neighbours(self, place: int) -> list[int]:
        """Return the documents that are most alike to one, best first; those with whom it has nothing in common not."""
        cosines = self.vectors.astype(np.float32) @ self.vectors[place].astype(np.float32)
        cosines[place] = 0
        best = np.lexsort((np.arange(len(cosines)), -cosines))[:NEIGHBOURS]
        return [int(one) for one in best if cosines[one] > 0]


_atlases: WeakKeyDictionary[Assistant, Atlas] = WeakKeyDictionary()  # of the generations that were looked at


def atlas_of(live: Live) -> Atlas:
    """Return the picture of what a collection holds now; it is made once for each generation."""
    with live.use() as assistant:
        if (found := _atlases.get(assistant)) is None:
            found = _atlases[assistant] = Atlas.of(meanings(Store(live.settings.index)))
        return found


def project(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows' coordinates on their two principal axes, (n, 2).

    The axes are eigenvectors of the scatter matrix sum (x - m)(x - m)^T, which is as small for many rows as for few. An
    axis has two directions: the one is taken in which its largest component, the first of those, is positive.
    """
    count, dimension = vectors.shape
    if count < 2:
        return np.zeros((count, 2), np.float32)
    mean = vectors.mean(axis=0, dtype=np.float64)
    scatter = np.zeros((dimension, dimension))
    for part in _parts(vectors):
        centred = part - mean
        scatter += centred.T @ centred
    spread, axes = np.linalg.eigh(scatter)  # in rising order
    axes, spread = axes[:, ::-1][:, :2], spread[::-1][:2]
    axes = axes[:, spread > 1e-9 * max(float(np.trace(scatter)), 1e-9)]  # in no direction but these do they differ
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    axes = axes * np.where(largest < 0, -1.0, 1.0)
    found = np.concatenate([(part - mean) @ axes for part in _parts(vectors)])
    return np.pad(found, ((0, 0), (0, 2 - axes.shape[1]))).astype(np.float32)


def _parts(vectors: NDArray[np.float32]) -> Iterator[NDArray[np.float64]]:
    for start in range(0, len(vectors), _ROWS):
        yield vectors[start : start + _ROWS].astype(np.float64)


# -- as a figure


def figure(atlas: Atlas, lit: Sequence[str] = ()) -> str:
    """Return the picture as plotly's JSON; nothing of a title is markup in it."""
    import plotly.graph_objects as go  # only who opens the picture waits for it

    bright = atlas.lit(lit)
    drawn = sorted({*_sampled(len(atlas.ids)), *bright})
    named = _named(atlas, [*bright, *drawn])
    traces = [_trace(go, atlas, name, places, look, named) for name, places, look in _groups(atlas, drawn)]
    if len(traces) == 1:
        traces[0].showlegend = False
    if bright:
        traces.append(_lit_trace(go, atlas, bright))
    low, high = _bounds(atlas)
    xaxis, yaxis = (
        {"visible": False, "fixedrange": True, "range": [round(float(least), 4), round(float(most), 4)]}
        for least, most in zip(low, high, strict=True)
    )
    made = go.Figure(
        traces,
        layout={
            "template": "none",
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "height": HEIGHT,
            "xaxis": xaxis,
            "yaxis": yaxis,
            "dragmode": False,
            "hovermode": "closest",
            "hoverlabel": {"bgcolor": "#26231f", "bordercolor": "#26231f", "font": {"color": "#fffdf9", "size": 13}},
            "legend": {"orientation": "h", "y": -0.02, "font": {"size": 12}},
            "showlegend": True,
        },
    )
    return json.dumps({**made.to_plotly_json(), "config": {"displayModeBar": False}}, ensure_ascii=True)


def _sampled(count: int) -> list[int]:
    """Return the places of the points that are drawn: all, or some at even distances."""
    return list(range(count)) if count <= POINTS else np.linspace(0, count - 1, POINTS).astype(int).tolist()


Look = tuple[str, str]
"""A colour and a shape."""


def _groups(atlas: Atlas, drawn: Sequence[int]) -> Iterator[tuple[str, list[int], Look]]:
    """Yield the points folder by folder, those with most documents first, each with its look."""
    folders = _folders(atlas.ids)
    by_size = [name for name, _ in sorted(Counter(folders).items(), key=lambda one: (-one[1], one[0]))]
    told = by_size if len(by_size) <= len(_LOOKS) + 1 else by_size[: len(_LOOKS)]
    for number, name in enumerate(told):
        look = _LOOKS[number] if number < len(_LOOKS) else _OTHERS
        yield name or message("atlas-top"), [place for place in drawn if folders[place] == name], look
    if len(told) < len(by_size):
        rest = {*by_size[len(told) :]}
        yield message("atlas-others"), [place for place in drawn if folders[place] in rest], _OTHERS


def _folders(ids: Sequence[str]) -> list[str]:
    """Return the folder of each document, below the one that all of them lie in; "" for that one itself."""
    paths = [id.split("/")[:-1] for id in ids]
    common = 0
    while paths and all(len(path) > common and path[common] == paths[0][common] for path in paths):
        common += 1
    return [path[common] if len(path) > common else "" for path in paths]


def _bounds(atlas: Atlas) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the largest coordinates that are seen; an axis on which little differs is not stretched."""
    if not len(atlas.places):
        return np.full(2, -1.0), np.full(2, 1.0)
    low, high = (edge(atlas.places, axis=0).astype(np.float64) for edge in (np.min, np.max))
    spread = np.maximum(high - low, (high - low).max() / _STRETCHED)
    half = _ROOM / 2 * np.where(spread > 0, spread, 1.0)
    middle = (low + high) / 2
    return middle - half, middle + half


def _named(atlas: Atlas, drawn: Sequence[int]) -> set[int]:
    """Return the points whose names can stand below them without touching another's; the first ones go before."""
    low, high = _bounds(atlas)
    scale = (_WIDTH, HEIGHT) / (high - low)  # pixels of one unit
    taken: list[tuple[float, float, float]] = []  # the middle of each name, and half its width
    found: set[int] = set()
    for place in drawn:
        if len(found) == NAMED:
            break
        x, y = map(float, atlas.places[place] * scale)
        half = sum(_LETTER if one.isascii() else 2 * _LETTER for one in excerpt(atlas.titles[place], _LABEL)) / 2
        if place not in found and all(
            abs(x - other_x) > half + other or abs(y - other_y) > _LINE for other_x, other_y, other in taken
        ):
            taken.append((x, y, half))
            found.add(place)
    return found


def _trace(go: Any, atlas: Atlas, name: str, places: Sequence[int], look: Look, named: AbstractSet[int]) -> Any:  # noqa: ANN401 - plotly's
    return go.Scatter(
        **_points(atlas, places),
        name=literal(excerpt(name, _TITLE)),
        mode="markers+text",
        text=[literal(excerpt(atlas.titles[place], _LABEL)) if place in named else "" for place in places],
        textposition="bottom center",
        textfont={"size": 11},
        cliponaxis=False,
        marker={"color": look[0], "symbol": look[1], "size": 9 if len(atlas.ids) <= 10 * NAMED else 6, "opacity": 0.85},
    )


def _lit_trace(go: Any, atlas: Atlas, places: Sequence[int]) -> Any:  # noqa: ANN401 - plotly's
    return go.Scatter(
        **_points(atlas, places),
        name=literal(message("atlas-lit")),
        mode="markers",
        marker={"color": _SEAL, "symbol": "circle-open", "size": 18, "line": {"width": 3}},
    )


def _points(atlas: Atlas, places: Sequence[int]) -> dict[str, Any]:
    return {
        "x": [round(float(atlas.places[place, 0]), 4) for place in places],
        "y": [round(float(atlas.places[place, 1]), 4) for place in places],
        "hovertext": [literal(excerpt(atlas.titles[place], _TITLE)) for place in places],
        "hoverinfo": "text",
    }
