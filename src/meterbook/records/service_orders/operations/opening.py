"""Orders opened, approved, changed and called off by the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from meterbook.records.customers.models import Account
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CREW, CSR, METER_SHOP, SUPERVISOR
from meterbook.records.platform.versions import refuse_stale
from meterbook.records.service_orders.applying import after, requests
from meterbook.records.service_orders.models import Order, OrderLink
from meterbook.records.service_orders.opening import open_order
from meterbook.records.service_orders.refusals import NoReason, NoSuchStep
from meterbook.records.service_orders.states import WAITING, locked, noted, step_to

OFFICE = {CSR, BILLING, SUPERVISOR, METER_SHOP}
#: What two people may change at once.
CHANGED = ("reason", "wanted_on", "emergency")
PLANNERS = {BILLING, SUPERVISOR, METER_SHOP}


@operation("service_orders.open", roles={*OFFICE, CREW})
def open_an_order(
    deed: Deed, *, kind: str, service_point: ServicePoint | None = None, premise: Premise | None = None,
    wanted_on: date | None = None, account: Account | None = None, emergency: bool = False, cause: str = "",
    details: Mapping[str, Any] | None = None, place: str = "", after_order: Order | None = None, link: str = "",
) -> Order:  # fmt: skip
    """Open an order; the deed's reason is its reason. ``after_order`` and ``link`` hang it to another one.

    Raises what `opening.open_order` raises.
    """
    order = open_order(
        deed, kind=kind, service_point=service_point, premise=premise, wanted_on=wanted_on, reason=deed.reason,
        account=account, emergency=emergency, cause=cause, details=details, place=place,
    )  # fmt: skip
    if after_order is not None:
        link_to(deed, after_order, order, link or OrderLink.FOLLOW_UP)
    tell(deed, "service_orders.asked", order=order.pk, kind=kind)
    return order


@operation("service_orders.approve", roles={BILLING, SUPERVISOR})
def approve_orders(deed: Deed, *, orders: Sequence[Order]) -> int:
    """Agree that somebody goes: all of them, or none. Raises `NoSuchStep`."""
    for order in in_order(orders):
        step_to(deed, locked(order), Order.APPROVED, "approved", deed.reason)
    tell(deed, "service_orders.approved", orders=[order.pk for order in orders])
    return len(orders)


@operation("service_orders.change", roles=PLANNERS)
def change_order(
    deed: Deed, *, order: Order, reason: str, wanted_on: date | None, emergency: bool, details: Mapping[str, Any],
    cause: str = "", seen: int | None = None,
) -> Order:  # fmt: skip
    """Change what is asked; a crew that has the order already is told, and what it brings back is decided here.

    ``seen`` is the version of the record somebody at a page saw (`platform.versions`). Raises `NoReason`, `NoSuchStep`
    for an order that is over, `ChangedMeanwhile`.
    """
    if seen is not None:
        refuse_stale(order, seen, CHANGED)
    found = _waiting(order)
    if not reason.strip():
        raise NoReason
    wanted: dict[str, Any] = {
        "reason": reason.strip()[:300], "wanted_on": wanted_on, "emergency": emergency, "details": dict(details),
        "cause": cause or found.cause,
    }  # fmt: skip
    changed = {name: [_plain(getattr(found, name)), _plain(value)] for name, value in wanted.items()
               if getattr(found, name) != value}  # fmt: skip
    if not changed:
        return found
    for name, value in wanted.items():
        setattr(found, name, value)
    found.due_on = wanted_on or found.due_on
    found.version += 1
    found.save()
    noted(deed, found, "changed", deed.reason, changed)
    tell(deed, "service_orders.changed", order=found.pk, fields=sorted(changed), version=found.version)
    return found


@operation("service_orders.cancel", roles={*OFFICE})
def cancel_order(deed: Deed, *, order: Order) -> Order:
    """Call an order off; the deed's reason says why. Its field request ends with it.

    Raises `NoReason`, `NoSuchStep` for an order that is over.
    """
    found = locked(order)
    if not deed.reason.strip():
        raise NoReason
    cancel(deed, found, deed.reason)
    requests.called_off(deed, found)
    return found


def cancel(deed: Deed, found: Order, note: str) -> None:
    """End an order that nobody needs any more, as part of another deed. Raises `NoSuchStep`."""
    step_to(deed, found, Order.CANCELLED, "cancelled", note)
    found.version += 1
    found.save(update_fields=["version"])
    after.over(deed, found, done=False)
    tell(deed, "service_orders.cancelled", order=found.pk, kind=found.kind)


@operation("service_orders.link", roles=PLANNERS)
def link_orders(deed: Deed, *, order: Order, other: Order, kind: str) -> OrderLink:
    """Hang two orders together: ``other`` is part of ``order``, follows it up, or waits for it (blocks)."""
    made = link_to(deed, order, other, kind)
    tell(deed, "service_orders.linked", order=order.pk, other=other.pk, link=kind)
    return made


def link_to(deed: Deed, order: Order, other: Order, kind: str) -> OrderLink:
    """The link of two orders, written once."""
    made, _ = OrderLink.objects.get_or_create(order=order, other=other, kind=kind, defaults={"deed": deed})
    return made


def in_order(orders: Sequence[Order]) -> list[Order]:
    """Always the same order of locks, so that two people's lists wait for each other."""
    return sorted(orders, key=lambda each: each.pk)


def _waiting(order: Order) -> Order:
    found = locked(order)
    if found.state not in WAITING:
        raise NoSuchStep(found=found.state, wanted=found.state)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
