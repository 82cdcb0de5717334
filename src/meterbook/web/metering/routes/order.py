"""What was sent from a route's page, as the new order of all its stops.

The page shows a window of the route. What is dragged or moved by key within it arrives as the window's own order; a
move to a place elsewhere arrives as the stops chosen and a position.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext, ngettext

from meterbook.records.metering.shop import route_screens as screens
from meterbook.records.places.operations.routes import move_points, resequence_route
from meterbook.records.places.refusals import PlaceRefused
from meterbook.web.kit.access import act

PER_PAGE = 40


def start_of(request: HttpRequest, total: int) -> int:
    """The first stop of the window asked for, counted from 0."""
    asked = request.GET.get("from", "")
    at = int(asked) - 1 if asked.isascii() and asked.isdigit() and len(asked) < 8 else 0
    return max(0, min(at, total - 1)) // PER_PAGE * PER_PAGE


def whole(text: str) -> int | None:
    """A whole number typed, or nothing."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def numbers(posted: QueryDict, name: str) -> list[int]:
    """Every whole number sent under a name."""
    return [number for text in posted.getlist(name) if (number := whole(text)) is not None]


def window(now: list[int], given: list[int], start: int) -> list[int]:
    """The route's order with the window beginning at ``start`` replaced by ``given``.

    >>> window([1, 2, 3, 4, 5], [3, 2], 1)
    [1, 3, 2, 4, 5]
    """
    return [*now[:start], *given, *now[start + len(given) :]]


def placed(now: list[int], chosen: list[int], position: int) -> list[int]:
    """The route's order with the chosen stops, in the order they have, so that the first becomes stop ``position``.

    >>> placed([1, 2, 3, 4, 5], [4, 5], 2)
    [1, 4, 5, 2, 3]
    >>> placed([1, 2, 3], [1], 99)
    [2, 3, 1]
    """
    moving = [one for one in now if one in set(chosen)]
    rest = [one for one in now if one not in set(chosen)]
    at = max(0, min(position - 1, len(rest)))
    return [*rest[:at], *moving, *rest[at:]]


def shifted(now: list[int], point: int, by: int) -> list[int]:
    """The route's order with one stop earlier or later by one.

    >>> shifted([1, 2, 3], 3, -1), shifted([1, 2, 3], 3, 1)
    ([1, 3, 2], [1, 2, 3])
    """
    return placed(now, [point], now.index(point) + 1 + by) if point in now else now


def save(request: HttpRequest, route: Any) -> None:
    """Do what the page's button asks: keep the order, move the chosen stops, or one stop by one."""
    posted = request.POST
    token, now = posted.get("token", ""), screens.stops(route)
    given, chosen = numbers(posted, "stop"), numbers(posted, "chosen")
    order = window(now, given, whole(posted.get("start", "")) or 0)
    deed = act(request)
    if "to_route" in posted:
        count = move_points(deed, route=route.code, points=chosen, to=posted.get("other", ""), token=token)
        said = ngettext("%(n)d stop is moved to route %(to)s.", "%(n)d stops are moved to route %(to)s.", count)
        messages.success(request, said % {"n": count, "to": posted.get("other", "")})
        return
    if "to_place" in posted:
        order = _to_place(order, chosen, whole(posted.get("position", "")))
    elif "up" in posted or "down" in posted:
        point = whole(posted.get("up", posted.get("down", ""))) or 0
        order = shifted(order, point, -1 if "up" in posted else 1)
    changed = resequence_route(deed, route=route.code, order=order, token=token)
    said = ngettext("%(n)d stop has a new number.", "%(n)d stops have a new number.", changed) % {"n": changed}
    messages.success(request, said)


def _to_place(order: list[int], chosen: list[int], position: int | None) -> list[int]:
    if not chosen:
        raise PlaceRefused(gettext("Choose the stops to move first."))
    if not position:
        raise PlaceRefused(gettext("Type the position the first of them shall have, like 12."))
    return placed(order, chosen, position)
