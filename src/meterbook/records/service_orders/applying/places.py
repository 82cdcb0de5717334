"""What an order changes about the place: its route, where the meter is, its cart."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.places.operations.routes import move_points, set_location
from meterbook.records.places.operations.set_determinant import set_determinant
from meterbook.records.places.stops import locked_route, token_of
from meterbook.records.service_orders.applying.effects import Work
from meterbook.records.service_orders.refusals import OrderRefused

#: The answer that states where the meter is, and the fact a cart order changes.
LOCATION_ITEM, CARTS_FACT = "location", "carts"


def put_in_place(work: Work) -> None:
    """Do what the kind says about the place. Raises what the places refuse."""
    kind = work.order.kind
    if kind == "route_change":
        _another_route(work)
    elif kind == "cart":
        _cart(work)
    if (found := work.outcome.answers.get(LOCATION_ITEM, "").strip()) and work.order.service_point is not None:
        set_location.within(work.deed, service_point=work.order.service_point, location=found)
        work.changed(Step(N_("The meter is here: {words}."), {"words": found}))


def _another_route(work: Work) -> None:
    point, to = work.order.service_point, str(work.order.details.get("route", ""))
    if point is None or point.route is None or not to:
        raise OrderRefused(N_("Say on the order which route it moves to."))
    if point.route.code == to:
        return
    route = locked_route(point.route.code, None)
    move_points.within(work.deed, route=route.code, points=[point.pk], to=to, token=token_of(route))
    work.changed(Step(N_("It is on route {code} now."), {"code": to}))


def _cart(work: Work) -> None:
    point, carts = work.order.service_point, work.order.details.get("carts")
    if point is None or not isinstance(carts, int):
        return
    set_determinant.within(
        work.deed, service_point=point, kind=CARTS_FACT, starts=work.on, number_e6=carts * 1_000_000,
        origin=f"order {work.order.pk}",
    )  # fmt: skip
    work.changed(Step(N_("Carts there since {day}: {count}."), {"count": str(carts), "day": work.on}))
