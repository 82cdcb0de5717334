"""The order of a crew's day: emergencies first, then the walk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from meterbook.records.service_orders.models import Order

_LAST = "￿"


def in_route(orders: Iterable[Order]) -> list[Order]:
    """Emergencies first; then by route and stop; places on no route by street and number."""
    return sorted(orders, key=_place)


def _place(order: Order) -> tuple[Any, ...]:
    point, premise = order.service_point, order.premise
    route = point.route.code if point is not None and point.route is not None else _LAST
    sequence = point.sequence if point is not None and point.sequence is not None else 0
    street = premise.street if premise is not None else order.place
    number = premise.street_number if premise is not None else ""
    return (not order.emergency, route, sequence, street, number.zfill(8), order.pk)
