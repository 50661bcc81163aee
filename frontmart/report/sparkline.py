"""Small lines beside key figures, as SVG: the last point is the figure itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 120
HEIGHT: Final = 32
# Room for the circle at the last point.
_MARGIN: Final = 3
# Of fewer points a line shows nothing.
_LEAST_POINTS: Final = 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line of numbers.

    Attributes:
        points: the points for the attribute `points` of an SVG polyline, in a box of WIDTH by HEIGHT.
        last: x and y of the last point.
        label: the line in words, for those who cannot see it.
    """

    points: str
    last: tuple[float, float]
    label: str


def sparkline(values: Sequence[int], what: str, unit: str) -> Sparkline | None:
    """The line of numbers, oldest first, from zero up; None for fewer than three.

    Args:
        values: the numbers.
        what: their name, for the label: `Articles`.
        unit: what each number counts, for the label: `28 days`.
    """
    if len(values) < _LEAST_POINTS:
        return None
    top, step = max(*values, 1), (WIDTH - 2 * _MARGIN) / (len(values) - 1)
    places = [
        (round(_MARGIN + step * number, 1), round(HEIGHT - _MARGIN - value / top * (HEIGHT - 2 * _MARGIN), 1))
        for number, value in enumerate(values)
    ]
    label = (
        f"{what} by {unit}, {len(values)} in a row: first {values[0]:,}, last {values[-1]:,}, "
        f"lowest {min(values):,}, highest {max(values):,}"
    )
    return Sparkline(" ".join(f"{x},{y}" for x, y in places), places[-1], label)
