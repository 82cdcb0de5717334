"""What a map asks of places: how far they reach, which lie in a box, and how many where there are too many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from meterbook.records.places.models import PremisePosition


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the earth in millionths of degrees: south and west edges in, north and east edges out."""

    south: int
    west: int
    north: int
    east: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A premise on the map."""

    premise_id: int
    north: int
    east: int
    address: str
    street: str


def bounds() -> Box | None:
    """The box around everything on the map; nothing where nothing is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(north_e6), min(east_e6), max(north_e6), max(east_e6) FROM places_premiseposition")
        row = cursor.fetchone()
    return Box(row[0], row[1], row[2] + 1, row[3] + 1) if row and row[0] is not None else None


def position_of(premise_id: int) -> tuple[int, int] | None:
    """Where a premise is, north and east in millionths; nothing where nobody knows."""
    rows = PremisePosition.objects.filter(premise_id=premise_id)
    return rows.values_list("north_e6", "east_e6").first()


def placed(box: Box, limit: int) -> list[Placed]:
    """The premises in a box, by street and number; at most ``limit``."""
    rows: Any = _within(box).select_related("premise").order_by("premise__street", "premise_id")[:limit]
    return [Placed(one.premise_id, one.north_e6, one.east_e6, one.premise.address, one.premise.street) for one in rows]


def count_in(box: Box) -> int:
    """How many premises lie in a box."""
    return int(_within(box).count())


_CELLS = """
SELECT (north_e6 - %(south)s) / %(high)s, (east_e6 - %(west)s) / %(wide)s, count(*)
  FROM places_premiseposition
 WHERE north_e6 >= %(south)s AND north_e6 < %(north)s AND east_e6 >= %(west)s AND east_e6 < %(east)s
 GROUP BY 1, 2 ORDER BY 1, 2
"""


def cells(box: Box, across: int) -> list[tuple[Box, int]]:
    """A box cut into ``across`` by ``across`` parts: those with premises in them, and how many."""
    high, wide = -(-(box.north - box.south) // across), -(-(box.east - box.west) // across)
    asked = {"south": box.south, "west": box.west, "north": box.north, "east": box.east, "high": high, "wide": wide}
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, asked)
        rows = cursor.fetchall()
    return [
        (Box(south, west, south + high, west + wide), count)
        for south, west, count in ((box.south + up * high, box.west + right * wide, count) for up, right, count in rows)
    ]


def _within(box: Box) -> Any:
    return PremisePosition.objects.filter(
        north_e6__gte=box.south, north_e6__lt=box.north, east_e6__gte=box.west, east_e6__lt=box.east
    )
