"""What follows an outcome: who hears of it, what the office has to look at, which bills rest on older facts."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Max

from meterbook.engine.trace import N_, Step, Value
from meterbook.records.billing.models import BilledPeriod
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR, SYSTEM, roles_of
from meterbook.records.service_orders.applying.effects import Work
from meterbook.records.service_orders.models import Order
from meterbook.records.service_orders.settings import kind_settings
from meterbook.records.service_orders.states import step_to
from meterbook.records.service_orders.words import order_words
from meterbook.records.tasks.opening import end_tasks, notify, open_task

REVIEW, CONFLICT, CORRECT = "service_orders.review", "service_orders.conflict", "service_orders.correct"


def subject_of(order: Order) -> str:
    """What tasks about an order name."""
    return f"order:{order.pk}"


def tell_the_office(work: Work) -> None:
    """Tell who asked, and ask for a review, or close what nobody has to look at."""
    order, deed = work.order, work.deed
    tell_asker(deed, order)
    if not work.outcome.able or work.stands_out or not _plain(work):
        _ask_review(deed, order)
        return
    step_to(deed, order, Order.REVIEWED, "reviewed")
    step_to(deed, order, Order.CLOSED, "closed")


def _plain(work: Work) -> bool:
    """Whether the policy lets the order close by itself: nothing found, nothing queued, nobody waits for a word."""
    order, outcome = work.order, work.outcome
    quiet = not outcome.findings and not outcome.danger and not outcome.confirmed and order.field_request is None
    return quiet and kind_settings(order.kind, work.deed.business_date).review == "exceptions"


def _ask_review(deed: Deed, order: Order) -> None:
    open_task(
        deed, kind=REVIEW, subject=subject_of(order), title=Step(N_("Review {order}"), {"order": order_words(order)}),
        role=BILLING, due_on=deed.business_date + timedelta(days=1), link=("service_order", [order.pk]),
    )  # fmt: skip


def ask_decision(deed: Deed, order: Order) -> None:
    """Somebody in the office decides about an outcome that could not be applied."""
    open_task(
        deed, kind=CONFLICT, subject=subject_of(order), role=SUPERVISOR if order.emergency else BILLING,
        title=Step(N_("Decide what the crew brought back: {order}"), {"order": order_words(order)}),
        due_on=deed.business_date, link=("service_order", [order.pk]),
    )  # fmt: skip


def tell_asker(deed: Deed, order: Order) -> None:
    """Who asked for the order hears how it ended."""
    asker = order.deed.actor
    if asker.pk == deed.actor_id or SYSTEM in roles_of(asker, deed.business_date):
        return
    said = N_("Done: {order}") if order.state == Order.COMPLETED else N_("Could not be done: {order}")
    notify(deed, asker, Step(said, {"order": order_words(order)}), link=("service_order", [order.pk]))


def propose_correction(work: Work) -> None:
    """Work of a day that is billed already: those bills are looked at again."""
    order, deed = work.order, work.deed
    if work.on >= deed.business_date or order.service_point_id is None:
        return
    billed = BilledPeriod.objects.filter(
        service_point=order.service_point_id, period__endswith__gt=work.on, released__isnull=True
    )
    until = billed.aggregate(last=Max("period__endswith"))["last"]
    if until is None:
        return
    values: dict[str, Value] = {"order": order_words(order), "since": work.on, "until": until - timedelta(days=1)}
    open_task(
        deed, kind=CORRECT, subject=subject_of(order), role=BILLING, due_on=deed.business_date + timedelta(days=3),
        title=Step(N_("Bills from {since} to {until} rest on older facts: {order}"), values),
        link=("billed_otherwise", []),
    )  # fmt: skip
    work.stands_out = True
    work.changed(
        Step(
            N_("Bills from {since} to {until} are to be looked at again."), {k: values[k] for k in ("since", "until")}
        ),
        "billed_otherwise",
    )


def over(deed: Deed, order: Order, kind: str = "", *, done: bool = True) -> None:
    """What was asked of the office about the order has come about."""
    end_tasks(deed, subject_of(order), kind, done=done)
