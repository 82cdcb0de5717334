"""The stops of a route in sequence, and the token that tells whether it changed since it was shown."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import connection
from django.db.models import Max

from meterbook.engine.trace import N_
from meterbook.records.places.models import Route, ServicePoint
from meterbook.records.places.refusals import PlaceRefused, RouteMoved

#: Sequences are numbered by tens, so that a point can be put between two without renumbering a route.
GAP = 10

_RENUMBER = """
UPDATE places_servicepoint p SET route_id = %(route)s, sequence = wanted.sequence
  FROM unnest(%(points)s::bigint[], %(places)s::integer[]) AS wanted(id, sequence)
 WHERE p.id = wanted.id AND (p.route_id IS DISTINCT FROM %(route)s OR p.sequence IS DISTINCT FROM wanted.sequence)
"""


def stops(route: Route) -> list[int]:
    """Its service points in the order they are read."""
    rows = ServicePoint.objects.filter(route=route).order_by("sequence", "pk")
    return list(rows.values_list("pk", flat=True))


def token_of(route: Route) -> str:
    """What a page sends back to say which state of the route it shows."""
    rows = ServicePoint.objects.filter(route=route).order_by("sequence", "pk").values_list("pk", "sequence")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:16]


def locked_route(code: str, token: str | None = None) -> Route:
    """The route with a code, locked until the deed is done.

    Raises `RouteMoved` where ``token`` is given and is not the route's any more, `PlaceRefused` for an unknown code.
    """
    found = Route.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise PlaceRefused(N_("No route {code} is on record."), code=code)
    if token is not None and token != token_of(found):
        raise RouteMoved(
            N_("Route {code} was changed since this page was shown. Nothing was saved; look at it as it stands now."),
            code=code,
        )
    return found


def renumber(route: Route, points: Sequence[int]) -> int:
    """Put ``points`` on the route in this order, numbered by tens; returns how many changed their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RENUMBER,
            {"route": route.pk, "points": list(points), "places": [GAP * at for at in range(1, len(points) + 1)]},
        )
        return int(cursor.rowcount)


def append(route: Route, points: Sequence[int]) -> None:
    """Put points at the end of a route, in this order, after the stops it has."""
    last = ServicePoint.objects.filter(route=route).aggregate(last=Max("sequence"))["last"] or 0
    first = last // GAP + 1
    with connection.cursor() as cursor:
        cursor.execute(
            _RENUMBER,
            {"route": route.pk, "points": list(points), "places": [GAP * (first + at) for at in range(len(points))]},
        )
