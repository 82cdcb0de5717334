"""Leaving: the service ends, the landlord takes it over or somebody sees to it, mail goes on, the account closes."""

from __future__ import annotations

from datetime import timedelta

from meterbook.engine.moves.rules import OFF
from meterbook.engine.trace import N_, Step, Value
from meterbook.records.autopay.moving import alive, stopped
from meterbook.records.autopay.settings import rules_on as autopay_rules
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.customers.operations.close_account import close
from meterbook.records.customers.operations.forward_mail import forward
from meterbook.records.customers.operations.move_out import NotServed, end_service
from meterbook.records.moves.doing.telling import Told
from meterbook.records.moves.looking.landlords import takes_over
from meterbook.records.moves.models import Move, MovePart
from meterbook.records.moves.plans import Leaving
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.moves.settings import known_rules
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.roles import CSR
from meterbook.records.service_orders.opening import open_order
from meterbook.records.tasks.opening import open_task


def leave(deed: Deed, move: Move, leaving: Leaving, *, followed: bool, told: Told) -> list[ServiceAgreement]:
    """End an account's service at a premise; returns the agreements that somebody follows on the same day.

    ``followed``: somebody comes that same day, so that nobody else takes the service over. Raises `MoveRefused`.
    """
    account = Account.objects.select_related("holder", "cycle").get(pk=leaving.account)
    premise = Premise.objects.get(pk=leaving.premise)
    landlord, barred = (None, False) if followed else takes_over(premise, leaving.on, leaving=account)
    try:
        moved = end_service(
            deed, account=account, premise=premise, ends=leaving.on, taker=landlord.account if landlord else None
        )
    except NotServed as wrong:
        about: dict[str, Value] = {"number": account.number, "address": premise.address, "day": leaving.on}
        raise MoveRefused(
            Step(N_("Account {number} has no service at {address} that could end on {day}."), about)
        ) from wrong
    begun = {one.service_point_id: one for one in moved.taken_over}
    for one in moved.ended if not followed else ():
        MovePart.objects.create(
            move=move, service_point=one.service_point, ended=one, begun=begun.get(one.service_point_id), on=leaving.on
        )
    told.say(
        "agreements", N_("{name} leaves {address} on {day}; services that end: {count}"),
        name=account.holder.name, count=len(moved.ended), address=premise.address, day=leaving.on,
        href=("account", [account.number]),
    )  # fmt: skip
    if landlord is not None:
        told.say(
            "agreements", N_("{name} takes them over from {day}, by the landlord's agreement"), day=leaving.on,
            name=landlord.account.holder.name, href=("account", [landlord.account.number]),
        )  # fmt: skip
    elif not followed:
        _unserved(deed, move, leaving, premise, barred=barred, told=told)
    if leaving.forwarding:
        forward(deed, account, leaving.forwarding, leaving.on)
        told.say("people", N_("Mail of {number} goes to {address}"), number=account.number,
                 address=", ".join(leaving.forwarding))  # fmt: skip
    _bills(account, leaving, told)
    return list(moved.ended) if followed else []


def _unserved(deed: Deed, move: Move, leaving: Leaving, premise: Premise, *, barred: bool, told: Told) -> None:
    """Nobody takes the service over: it is turned off, or the owner is written to and it stays on meanwhile."""
    if barred:
        told.say("agreements", N_("The landlord's agreement does not count: service was cut off for nonpayment"))
    else:
        told.say("agreements", N_("Nobody takes the service over: {address} stands vacant"), address=premise.address)
    if leaving.unserved == OFF and not barred:
        for point in ServicePoint.objects.filter(premise=premise, connection="metered", validity__contains=leaving.on):
            order = open_order(
                deed, kind="off", service_point=point, wanted_on=max(leaving.on, deed.business_date), cause="vacant",
                account=move.account, reason=f"Moved out on {leaving.on}, nobody takes it over",
                source=("move", move.pk),
            )  # fmt: skip
            told.say("orders", N_("Order {number}: {point} is turned off"), number=order.pk, point=point.code,
                     href=("service_order", [order.pk]))  # fmt: skip
        return
    rules = known_rules(deed.business_date)
    due = deed.business_date + timedelta(days=rules.owner_days if rules else 14)
    open_task(
        deed, kind="moves.ask_owner", subject=f"premise:{premise.pk}", role=CSR, due_on=due,
        title=Step(N_("Ask the owner of {address} who pays from {day}"), {"address": premise.address,
                                                                         "day": leaving.on}),
        link=("premise", [premise.pk]),
    )  # fmt: skip
    told.say("tasks", N_("Until {day} somebody asks the owner who pays; service stays on, its usage is watched as "
                         "vacant"), day=due, href=("premise", [premise.pk]))  # fmt: skip


def _bills(account: Account, leaving: Leaving, told: Told) -> None:
    told.say(
        "bills", N_("The bill of {number} that ends on {day} comes with the next run of cycle {cycle}, or at once as "
                    "an off-cycle bill"),
        number=account.number, day=leaving.on, cycle=account.cycle.code, href=("plan_off_cycle", []),
    )  # fmt: skip


def close_left(deed: Deed, leaving: Leaving, told: Told) -> bool:
    """Close the account if nothing of it goes on, and say when its autopay ends; whether it closed."""
    account = Account.objects.select_related("holder").get(pk=leaving.account)
    goes_on = ServiceAgreement.objects.filter(account=account, validity__endswith__isnull=True)
    later = ServiceAgreement.objects.filter(account=account, validity__endswith__gt=leaving.on)
    if not leaving.closes or account.closed_on is not None or goes_on.exists() or later.exists():
        return False
    close(account, max(leaving.on, account.opened_on))
    told.say("people", N_("Account {number} closes on {day}; it is settled by its closing bill, deposits included"),
             number=account.number, day=leaving.on)  # fmt: skip
    _autopay(deed, account, leaving, told)
    return True


def _autopay(deed: Deed, account: Account, leaving: Leaving, told: Told) -> None:
    found = alive(account)
    if found is None:
        return
    try:
        at_once = leaving.autopay_stops or autopay_rules(deed.business_date)[1].final == "none"
    except NoPolicy:
        at_once = True
    if at_once:
        stopped(deed, account)
        told.say("autopay", N_("Autopay from {bank} stops now; the last bill is paid otherwise"),
                 bank=f"…{found.last_four}")  # fmt: skip
    else:
        told.say("autopay", N_("Autopay from {bank} draws the closing bill and then stops"),
                 bank=f"…{found.last_four}")  # fmt: skip
