"""Is the month's money where it should be: drawers, deposits on their way, autopay, what nobody identified."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from meterbook.engine.ledger.closing.month_end import MonthEnd
from meterbook.engine.trace import N_, Step
from meterbook.records.autopay.models import Draft
from meterbook.records.cashiering.models import Drawer
from meterbook.records.closing.checks.contract import Found
from meterbook.records.closing.figures.waiting import Explained, explained, unidentified_before
from meterbook.records.closing.months import Span

#: Batches named on the checklist; the page of the account names every one.
_NAMED = 5


def drawers(span: Span, policy: MonthEnd) -> list[Found]:
    """Drawers not closed, or closed and not in a bag, and cash the books still have in drawers."""
    rows = Drawer.objects.filter(business_date__lt=span.ends).order_by("business_date", "pk")
    says = N_("The drawer at {station} of {day} is not closed.")
    open_ = [
        Found(Step(says, {"station": row.station, "day": row.business_date}))
        for row in rows.exclude(state=Drawer.CLOSED)
    ]
    return open_ + _left("drawer", explained("drawer", span), N_("{batch} of {day} is still in drawers."))


def clearing(span: Span, policy: MonthEnd) -> list[Found]:
    """Deposits the bank has not answered, and bank lines no deposit answers."""
    return _left("clearing", explained("clearing", span), N_("{batch} of {day} has no line of the bank yet."))


def autopay(span: Span, policy: MonthEnd) -> list[Found]:
    """Drafts in a file whose day to settle is over, and which neither settled nor came back."""
    rows = Draft.objects.filter(state="filed", settle_on__lt=span.ends).order_by("settle_on", "pk")
    says, by_day = N_("{count} drafts for {day} are in a file and not settled."), dict[str, list[int]]()
    for row in rows:
        by_day.setdefault(str(row.settle_on), []).append(row.amount_cents)
    return [Found(Step(says, {"count": len(cents), "day": day}), sum(cents)) for day, cents in by_day.items()]


def unidentified(span: Span, policy: MonthEnd) -> list[Found]:
    """Payments without an account that wait longer than they may."""
    rows = unidentified_before(span, span.ends - timedelta(days=policy.unidentified_days))
    return _left("suspense", rows, N_("A payment in {batch} of {day} has no account."))


def suspense(span: Span, policy: MonthEnd) -> list[Found]:
    """Whatever is in suspense at the month's end."""
    return _left("suspense", explained("suspense", span), N_("{batch} of {day} is not identified."))


def _left(role: str, rows: Sequence[Explained], says: str) -> list[Found]:
    """The first few batches by name, and what the rest comes to."""
    named = [
        Found(Step(says, {"batch": row.batch or f"{row.source_kind} {row.source_id}", "day": row.on}), row.cents,
              "closing_waiting", role)
        for row in rows[:_NAMED]
    ]  # fmt: skip
    rest = rows[_NAMED:]
    if rest:
        more = Step(N_("{count} more."), {"count": len(rest)})
        named.append(Found(more, sum(row.cents for row in rest), "closing_waiting", role))
    return named
