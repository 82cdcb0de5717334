"""What must be asked again before a crew goes, when it stands there, and before it turns the valve.

A guard is a function ``(order, moment, on) -> Step | None``: a sentence says no. Collections registers its own re-check
of payments, arrangements and protections with `guard`; those of this module hold whatever else is registered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Protection
from meterbook.records.ledger.arrangements.standing import extended_until, plan_on
from meterbook.records.ledger.screens import owed
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
    rows = owed(order.account_id, on)
    if sum(row.past_due_cents - row.credit_cents for row in rows) > 0:
        return None
    if sum(row.balance_cents for row in rows) <= 0:
        return Step(N_("Nothing is owed any more; service stays on."))
    return Step(N_("Nothing is past due any more; service stays on."))


@guard("service_orders.promised")
def _promised(order: Order, moment: str, on: date) -> Step | None:
    """More time, or a plan of instalments that is kept, may have been agreed a minute ago."""
    if not cuts_for_nonpayment(order) or order.account_id is None:
        return None
    until = extended_until(order.account_id, on)
    if until is not None:
        return Step(N_("The customer was given more time, until {day}; service stays on."), {"day": until})
    plan = plan_on(order.account_id, on)
    if plan is None or plan.stands.open_cents <= 0 or plan.stands.behind_cents:
        return None
    return Step(N_("A payment arrangement stands and is kept; service stays on."))


@guard("service_orders.still_cut")
def _still_cut(order: Order, moment: str, on: date) -> Step | None:
    """What was cut for nonpayment is turned on by a restoration alone, unless somebody else moves in."""
    if order.kind not in ("on", "unlock") or order.cause == "nonpayment" or order.service_point_id is None:
        return None
    rows = ServiceStatus.objects.filter(service_point=order.service_point_id, validity__contains=on)
    found = rows.filter(state=ServiceStatus.OFF, cause="nonpayment").select_related("order").first()
    if found is None or (found.order is not None and order.account_id not in (None, found.order.account_id)):
        return None
    return Step(
        N_("Service is off for nonpayment since {since}; an order to restore it turns it on."),
        {"since": found.validity.lower},
    )
