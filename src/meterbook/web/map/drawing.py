"""A piece of the map as figures an SVG is drawn from: dots where there are few, squares with a count where many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from meterbook.records.customers.finding.matches import accounts_of_premises
from meterbook.records.places.mapping import Box, Placed, bounds, cells, count_in, placed, position_of

#: Height and width of the drawing, and as many dots as can still be told apart.
SIZE, MOST, ACROSS = 640, 400, 12
_LEAST = 1_500
#: A metre northward in millionths of degrees, and the lengths a scale may have.
_METRE, _LENGTHS = 9, (5_000, 2_000, 1_000, 500, 200, 100, 50, 20)
_LEFT = 16


@dataclass(frozen=True, slots=True)
class Dot:
    """A premise: where on the drawing, and whether somebody is served there."""

    premise_id: int
    x: float
    y: float
    address: str
    served: bool
    north: int
    east: int


@dataclass(frozen=True, slots=True)
class Square:
    """A part with many premises: where, how many, and the address of the map that shows it larger."""

    x: float
    y: float
    side: float
    count: int
    href: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Street:
    """A street's name, where it stands."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A bar of a round length: where it ends on the drawing, and the length in words."""

    end: float
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn, and the ways on: larger, smaller, and to the four sides."""

    dots: list[Dot]
    squares: list[Square]
    streets: list[Street]
    count: int
    scale: Scale
    ways: dict[str, str]


def drawing(box: Box, day: date) -> Drawing:
    """The map of a box."""
    count = count_in(box)
    if count > MOST:
        return Drawing([], [_square(part, box, many) for part, many in cells(box, ACROSS)], [], count,
                       _scale(box), _ways(box))  # fmt: skip
    found = placed(box, MOST)
    served = accounts_of_premises([one.premise_id for one in found], day)
    dots = [
        Dot(one.premise_id, *_at(box, one.north, one.east), one.address,
            any(now for _, now in served.get(one.premise_id, [])), one.north, one.east)
        for one in found
    ]  # fmt: skip
    return Drawing(dots, [], _streets(box, found), count, _scale(box), _ways(box))


def box_of(asked: str) -> Box | None:
    """The box an address asks for (south,west,side in millionths), else all there is; nothing where nothing is."""
    parts = asked.split(",")
    if len(parts) == 3 and all(one.lstrip("-").isascii() and one.lstrip("-").isdigit() for one in parts):
        south, west, side = (int(one) for one in parts)
        if abs(south) <= 90_000_000 and abs(west) <= 180_000_000 and _LEAST <= side <= 20_000_000:
            return Box(south, west, south + side, west + side)
    whole = bounds()
    if whole is None:
        return None
    side = max(whole.north - whole.south, whole.east - whole.west, _LEAST)
    margin = side // 20
    return Box(whole.south - margin, whole.west - margin, whole.south + side + margin, whole.west + side + margin)


def around_premise(premise_id: int) -> str:
    """The address of the map around a premise; nothing where nobody knows where it is."""
    found = position_of(premise_id)
    if found is None:
        return ""
    north, east = found
    return _asked(Box(north - _LEAST, east - _LEAST, north + _LEAST, east + _LEAST))


def on_tiles(box: Box, shown: Drawing) -> dict[str, object]:
    """The same piece for a map with tiles: where from, its corners in degrees, and its dots with their pages."""
    return {
        "url": settings.TILES, "credit": settings.TILES_CREDIT,
        "corners": [[box.south / 1e6, box.west / 1e6], [box.north / 1e6, box.east / 1e6]],
        "dots": [[one.north / 1e6, one.east / 1e6, one.address, reverse("premise", args=[one.premise_id]), one.served]
                 for one in shown.dots],
    }  # fmt: skip


def _at(box: Box, north: int, east: int) -> tuple[float, float]:
    side = box.north - box.south
    return round((east - box.west) * SIZE / side, 1), round((box.north - north) * SIZE / side, 1)


def _square(part: Box, box: Box, count: int) -> Square:
    x, y = _at(box, part.north, part.west)
    side = round(SIZE / ACROSS * (0.35 + 0.6 * min(1.0, count / 400)), 1)
    middle = (SIZE / ACROSS - side) / 2
    return Square(
        round(x + middle, 1), round(y + middle, 1), side, count, _asked(part),
        row=int(y * ACROSS / SIZE) + 1, column=int(x * ACROSS / SIZE) + 1,
    )  # fmt: skip


def _streets(box: Box, found: list[Placed]) -> list[Street]:
    """Each street once, at the westernmost of its premises, where it still has room."""
    first: dict[str, Placed] = {}
    for one in found:
        if one.street not in first or one.east < first[one.street].east:
            first[one.street] = one
    named = [Street(x, y, one.street) for one in first.values() for x, y in [_at(box, one.north, one.east)]]
    return [one for at, one in enumerate(named) if all(_apart(one, other) for other in named[:at])]


def _apart(one: Street, other: Street) -> bool:
    return abs(one.y - other.y) > 11 or abs(one.x - other.x) > 110


def _scale(box: Box) -> Scale:
    a_metre = _METRE * SIZE / (box.north - box.south)
    length = next((one for one in _LENGTHS if one * a_metre <= SIZE / 3), _LENGTHS[-1])
    return Scale(_LEFT + length * a_metre, f"{length // 1_000} km" if length >= 1_000 else f"{length} m")


def _ways(box: Box) -> dict[str, str]:
    side = box.north - box.south
    step = side // 2
    moved = {"north": (step, 0), "south": (-step, 0), "east": (0, step), "west": (0, -step)}
    ways = {name: _asked(Box(box.south + up, box.west + right, box.north + up, box.east + right))
            for name, (up, right) in moved.items()}  # fmt: skip
    quarter = side // 4
    ways["in"] = _asked(Box(box.south + quarter, box.west + quarter, box.north - quarter, box.east - quarter))
    ways["out"] = _asked(Box(box.south - step, box.west - step, box.north + step, box.east + step))
    return ways


def _asked(box: Box) -> str:
    side = max(box.north - box.south, box.east - box.west, _LEAST)
    return f"?{urlencode({'at': f'{box.south},{box.west},{side}'})}"
