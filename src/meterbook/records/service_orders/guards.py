"""What must be asked again before a crew goes, when it stands there, and before it turns the valve.

A guard is a function ``(order, moment, on) -> Step | None``: a sentence says no. Collections registers its own re-check
of payments, arrangements and protections with `guard`; those of this module hold whatever else is registered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Protection
from meterbook.records.ledger.screens import balances
from meterbook.records.service_orders.models import Order, ServiceStatus
from meterbook.records.service_orders.refusals import GuardRefused

#: When guards are asked: as the order goes to the crew, as the crew arrives, and with the hand on the valve.
DISPATCH, ON_SITE, VALVE = "dispatch", "on_site", "valve"
MOMENTS = (DISPATCH, ON_SITE, VALVE)
Guard = Callable[[Order, str, date], Step | None]
#: Every guard by its name.
GUARDS: dict[str, Guard] = {}


def guard(name: str) -> Callable[[Guard], Guard]:
    """Register a guard under a name of its own."""

    def declare(found: Guard) -> Guard:
        if name in GUARDS:
            raise ValueError(f"guard {name} is registered twice")
        GUARDS[name] = found
        return found

    return declare


def objections(order: Order, moment: str, on: date) -> list[Step]:
    """Everything that speaks against an order at a moment; nothing where it may go on."""
    said = (found(order, moment, on) for found in list(GUARDS.values()))
    return [step for step in said if step is not None]


def refuse_guarded(order: Order, moment: str, on: date) -> None:
    """Refuse what a guard says no to; raises `GuardRefused`."""
    said = objections(order, moment, on)
    if said:
        raise GuardRefused(moment, said[0])


def cuts_for_nonpayment(order: Order) -> bool:
    """Whether the order would cut somebody off for what is owed."""
    return order.kind in ("off", "lock") and order.cause == "nonpayment"


@guard("service_orders.protected")
def _protected(order: Order, moment: str, on: date) -> Step | None:
    if not cuts_for_nonpayment(order) or order.account_id is None:
        return None
    found = Protection.objects.filter(account=order.account_id, validity__contains=on).first()
    if found is None:
        return None
    return Step(N_("The account is protected since {since}; service stays on."), {"since": found.validity.lower})


@guard("service_orders.paid")
def _paid(order: Order, moment: str, on: date) -> Step | None:
    if not cuts_for_nonpayment(order) or order.account_id is None:
        return None
    if balances([order.account_id]).get(order.account_id, 0) > 0:
        return None
    return Step(N_("Nothing is owed any more; service stays on."))


@guard("service_orders.still_cut")
def _still_cut(order: Order, moment: str, on: date) -> Step | None:
    """What was cut for nonpayment is turned on by a restoration alone, unless somebody else moves in."""
    if order.kind not in ("on", "unlock") or order.cause == "nonpayment" or order.service_point_id is None:
        return None
    rows = ServiceStatus.objects.filter(service_point=order.service_point_id, validity__contains=on)
    found = rows.filter(state=ServiceStatus.OFF, cause="nonpayment").select_related("order").first()
    if found is None or (found.order is not None and found.order.account_id != order.account_id):
        return None
    return Step(
        N_("Service is off for nonpayment since {since}; an order to restore it turns it on."),
        {"since": found.validity.lower},
    )
