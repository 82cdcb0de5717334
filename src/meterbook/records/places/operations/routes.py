"""Routes: their stops in sequence, what sort of route it is and who reads it, and points moved between routes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from meterbook.engine.trace import N_
from meterbook.records.places.models import Cycle, Route, ServicePoint
from meterbook.records.places.refusals import PlaceRefused
from meterbook.records.places.stops import append, locked_route, renumber, stops
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

WALK, DRIVE_BY, AMI, MANUAL = "walk", "drive_by", "ami", "manual"
KINDS = (WALK, DRIVE_BY, AMI, MANUAL)
#: What a route's code is made of: it stands in addresses, file names and readers' devices.
CODE = re.compile(r"[A-Za-z0-9-]{1,10}")


@operation("places.resequence_route", roles={BILLING, SUPERVISOR})
def resequence_route(deed: Deed, *, route: str, order: Sequence[int], token: str) -> int:
    """Read the stops of a route in this order from now on; sequences are numbered anew by tens.

    ``order`` is every service point of the route once; ``token`` is `stops.token_of` as it was shown. Returns how many
    stops changed their number. Raises `RouteMoved` when somebody was faster, `PlaceRefused` for another set of points.
    """
    found = locked_route(route, token)
    now = stops(found)
    if sorted(order) != sorted(now):
        raise PlaceRefused(
            N_("Route {code} has {expected} stops; the order given holds {found}, or other points."),
            code=route, expected=len(now), found=len(order),
        )  # fmt: skip
    changed = renumber(found, order)
    tell(deed, "places.route_resequenced", route=found.pk, changed=changed, before=now, after=list(order))
    return changed


@operation("places.move_points", roles={BILLING, SUPERVISOR})
def move_points(deed: Deed, *, route: str, points: Sequence[int], to: str, token: str) -> int:
    """Move stops to the end of another route of the same cycle; both routes are numbered anew by tens.

    Raises `RouteMoved` when the route changed since it was shown, `PlaceRefused` for points that are not on it or a
    route of another cycle, whose reads would come on another day than the bills expect.
    """
    if route == to:
        raise PlaceRefused(N_("These points are on route {code} already."), code=route)
    first, second = sorted((route, to))
    both = {code: locked_route(code, token if code == route else None) for code in (first, second)}
    here, there = both[route], both[to]
    if here.cycle_id != there.cycle_id:
        raise PlaceRefused(
            N_("Route {here} is of cycle {one}, route {there} of cycle {other}. A point moves within its cycle."),
            here=route, one=here.cycle.code, there=to, other=there.cycle.code,
        )  # fmt: skip
    now = stops(here)
    strangers = sorted(set(points) - set(now))
    if strangers or not points or len(set(points)) != len(points):
        raise PlaceRefused(N_("Choose stops of route {code}, each once."), code=route)
    append(there, [point for point in now if point in set(points)])
    renumber(here, [point for point in now if point not in set(points)])
    tell(deed, "places.points_moved", left=here.pk, joined=there.pk, points=list(points))
    return len(points)


@operation("places.set_route", roles={BILLING, SUPERVISOR})
def set_route(deed: Deed, *, route: str, title: str, kind: str, reader: str) -> Route:
    """Say what a route is called, how it is read and by whom. Raises `PlaceRefused`."""
    found = locked_route(route)
    _check(title, kind)
    found.title, found.kind, found.reader = title.strip(), kind, reader.strip()
    found.save()
    tell(deed, "places.route_set", route=found.pk, route_kind=kind, reader=found.reader)
    return found


@operation("places.add_route", roles={BILLING, SUPERVISOR})
def add_route(deed: Deed, *, code: str, cycle: Cycle, title: str, kind: str, reader: str = "") -> Route:
    """Begin a route without stops, like one for opt-outs. Raises `PlaceRefused`."""
    code = code.strip()
    _check(title, kind)
    if not CODE.fullmatch(code) or Route.objects.filter(code=code).exists():
        raise PlaceRefused(
            N_("Give the route a code that no route has: 1 to 10 letters, digits or hyphens; found {code}."), code=code
        )
    route = Route.objects.create(code=code, cycle=cycle, title=title.strip(), kind=kind, reader=reader.strip())
    tell(deed, "places.route_added", route=route.pk, route_kind=kind)
    return route


@operation("places.set_location", roles={BILLING, SUPERVISOR})
def set_location(deed: Deed, *, service_point: ServicePoint, location: str) -> ServicePoint:
    """Say where the meter of a service point is found and what guards it: gate, dog, pit."""
    service_point.location = location.strip()
    service_point.save()
    tell(deed, "places.location_set", service_point=service_point.pk)
    return service_point


def _check(title: str, kind: str) -> None:
    if not title.strip() or len(title) > 120:
        raise PlaceRefused(N_("Give the route a title of at most 120 characters."))
    if kind not in KINDS:
        raise PlaceRefused(N_("A route is walked, driven by, read by AMI, or manual; found {kind}."), kind=kind)
