"""The lineage of the models as a picture: one column of boxes per layer, and a curve from each table to its readers."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from frontmart.dictionary.tables import CatalogTable

# The layers of each column, from left to right.
_COLUMNS: Final = (("tidy",), ("staging",), ("core", "history", "drift"), ("marts",))
_LAYERS: Final = tuple(layer for column in _COLUMNS for layer in column)
_CAPTIONS: Final = {
    "tidy": "typed, as the files say",
    "staging": "views: cleaned",
    "core": "star schema of articles",
    "history": "versions and their changes",
    "drift": "changes since the last build",
    "marts": "for analysts",
}
_BOXES: Final = {
    "tidy": "#e7eef7",
    "staging": "#eceaf4",
    "core": "#e3f1ea",
    "history": "#f1efdc",
    "drift": "#fae6ec",
    "marts": "#fbeedb",
}
_INKS: Final = (
    "#1f6fb2",
    "#b3541e",
    "#2e8555",
    "#8a4baf",
    "#b02a55",
    "#6b6b00",
    "#00788a",
    "#7a4a2b",
    "#4459c4",
    "#555555",
)
# Pixels.
_WIDTH: Final = 210
_HEIGHT: Final = 28
_GAP: Final = 12
_CHANNEL: Final = 130
_MARGIN: Final = 24
_TOP: Final = 96
# Nearly every model reads it, for the day of the build: its curves would hide all others.
_LEFT_OUT: Final = "staging.build"
# Passes that sort boxes by their neighbours: further ones change nothing.
_SWEEPS: Final = 12

_Places = Mapping[str, tuple[float, float]]


def lineage_svg(tables: Sequence[CatalogTable]) -> str:
    """An SVG of the lineage of tables, with a title and a description as text for screen readers.

    The same tables give the same picture. Curves from staging.build, which has the day of a build, are left out, and so
    are the views and macros of main, which only present other tables.
    """
    tables = [table for table in tables if table.group in _LAYERS]
    edges = [(read, table.full_name) for table in tables for read in table.reads if read != _LEFT_OUT]
    layers = _ordered(tables, edges)
    places = _places(layers)
    width = 2 * _MARGIN + len(_COLUMNS) * _WIDTH + (len(_COLUMNS) - 1) * _CHANNEL
    height = max(y for _, y in places.values()) + _HEIGHT + 3 * _MARGIN
    inks = {name: _INKS[number % len(_INKS)] for layer in layers for number, name in enumerate(layer)}
    description = "; ".join(f"{table.full_name} reads {', '.join(table.reads)}" for table in tables if table.reads)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" '
        'role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13">',
        '<title id="title">Lineage of the marts of Frontmart: tidy, staging, core, history, drift and marts</title>',
        f'<desc id="description">{escape(description)}.</desc>',
        f'<rect width="{width}" height="{height:g}" fill="#ffffff"/>',
        '<g fill="none" stroke-width="1.5" stroke-opacity="0.75">',
        *(_curve(places[start], places[end], inks[start]) for start, end in edges),
        "</g>",
        *(_heading(layer, places[names[0]]) for layer, names in zip(_LAYERS, layers, strict=True) if names),
        *(_box(name, places[name], inks[name]) for layer in layers for name in layer),
        f'<text x="{_MARGIN}" y="{height - _MARGIN:g}" fill="#555555">Most models read {_LEFT_OUT} '
        "for the day of the build; its curves are left out.</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _ordered(tables: Sequence[CatalogTable], edges: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The tables of each layer, each near its sources and readers, so that few curves cross."""
    layers = [[table.full_name for table in tables if table.group == layer] for layer in _LAYERS]
    neighbours: dict[str, list[str]] = {name: [] for layer in layers for name in layer}
    for start, end in edges:
        neighbours[start].append(end)
        neighbours[end].append(start)
    for _ in range(_SWEEPS):
        for layer in layers:
            heights = {name: y for name, (_, y) in _places(layers).items()}
            layer.sort(key=lambda name: (_mean([heights[each] for each in neighbours[name]]), name))
    return layers


def _mean(values: Sequence[float]) -> float:
    """The mean of values; infinite for none, so that tables without neighbours come last."""
    return sum(values) / len(values) if values else float("inf")


def _places(layers: Sequence[Sequence[str]]) -> _Places:
    """The upper left corner of each box; the layers of a column are stacked, with room for a heading above each."""
    names = dict(zip(_LAYERS, layers, strict=True))
    places = {}
    for number, column in enumerate(_COLUMNS):
        x, y = _MARGIN + number * (_WIDTH + _CHANNEL), 0
        for layer in column:
            y += _TOP
            for name in names[layer]:
                places[name] = (x, y)
                y += _HEIGHT + _GAP
    return places


def _curve(start: tuple[float, float], end: tuple[float, float], ink: str) -> str:
    """A curve from the right of a box to the left of another, or back to the right of one in the same layer."""
    x1, y1, x2, y2 = start[0] + _WIDTH, start[1] + _HEIGHT / 2, end[0], end[1] + _HEIGHT / 2
    if start[0] == end[0]:
        x2, bend = end[0] + _WIDTH, x1 + 26 + abs(y2 - y1) / 8
        return f'<path d="M{x1:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {x2:g} {y2:g}" stroke="{ink}"/>'
    bend = _CHANNEL * 0.55
    return f'<path d="M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}" stroke="{ink}"/>'


def _heading(layer: str, first_box: tuple[float, float]) -> str:
    x, y = first_box
    return (
        f'<text x="{x:g}" y="{y - 52:g}" font-size="18" font-weight="600" fill="#222222">{layer}</text>'
        f'<text x="{x:g}" y="{y - 30:g}" fill="#555555">{_CAPTIONS[layer]}</text>'
    )


def _box(name: str, place: tuple[float, float], ink: str) -> str:
    layer, _, table = name.partition(".")
    x, y = place
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="{_BOXES[layer]}" '
        f'stroke="{ink}"/><text x="{x + 10:g}" y="{y + 18.5:g}" fill="#1a1a1a">{escape(table)}</text>'
    )
