"""Alder Bend's crews: who goes out, and the orders of the last day of its life, planned and sent to the phone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from meterbook.records.metering.shop.devices import point_coded
from meterbook.records.metering.shop.route_screens import route_coded, stops_between
from meterbook.records.platform.deeds import Act
from meterbook.records.service_orders.operations.opening import open_an_order
from meterbook.records.service_orders.operations.planning import (
    dispatch_orders,
    join_crew,
    schedule_orders,
    sequence_day,
    set_crew,
)

if TYPE_CHECKING:
    from meterbook.demo.stories import Staff
    from meterbook.records.service_orders.models import Order

_ROUTE = "R02"
#: Kind, why, whether at once, and after how many days it is planned; none: it waits to be planned.
_ASKED = (
    ("check", "Face hard to read, says the reader", False, 0),
    ("leak_check", "Water runs in the street at night", True, 0),
    ("verify_location", "Lid not found on the last walk", False, 0),
    ("seal", "Seal missing since the exchange", False, 0),
    ("final_read", "Moves out, asked on the phone", False, 1),
    ("re_read", "Customer doubts the last read", False, 1),
    ("verify_number", "Number on the bill is another", False, None),
    ("door_hanger", "Hydrants are flushed next week", False, None),
)


def send_crews(staff: Staff, on: date) -> int:
    """Put two crews on record and give them work; how many orders there are."""
    boss = Act(actor=staff["supervisor"], business_date=on, reason="the day's work")
    water = set_crew(boss, code="A", title="Water and meters")
    set_crew(boss, code="B", title="Electric service", minutes=360)
    join_crew(boss, crew=water, user=staff["crew"])
    route = route_coded(_ROUTE)
    if route is None:
        return 0
    points = [point_coded(stop["code"]) for stop in stops_between(route, 0, len(_ASKED))]
    days: dict[int, list[Order]] = {}
    for point, (kind, why, urgent, after) in zip(points, _ASKED, strict=False):
        act = Act(actor=staff["csr"], business_date=on, reason=why)
        order = open_an_order(act, kind=kind, service_point=point, emergency=urgent)
        if after is not None:
            days.setdefault(after, []).append(order)
    for after, orders in days.items():
        schedule_orders(boss, orders=orders, crew=water, on=on + timedelta(days=after))
    dispatch_orders(boss, orders=days.get(0, []))
    sequence_day(boss, crew=water, on=on)
    return len(points)
