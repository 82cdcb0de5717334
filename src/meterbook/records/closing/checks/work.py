"""Is the month's work done: months before it, bill runs, corrections, requests, money of others."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from meterbook.engine.ledger.agencies.agreements import Agency
from meterbook.engine.ledger.closing.month_end import MonthEnd
from meterbook.engine.trace import N_, Step
from meterbook.records.agencies.agreements import agreements_on
from meterbook.records.agencies.models import Remittance
from meterbook.records.billing.models import BillRun
from meterbook.records.closing.checks.contract import Found
from meterbook.records.closing.months import Span
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.ledger.models import Entry
from meterbook.records.platform.models import AccountingPeriod, Approval
from meterbook.records.platform.policies import NoPolicy

#: Open months that are named one by one.
_NAMED = 3
#: Requests that are not about the month's money: rates and policies yet to come, and the lock itself.
_NOT_MONEY = ("rates.", "platform.", "ledger.adopt_chart", "closing.decide_lock", "programs.apply_winter_reset")


def earlier_months(span: Span, policy: MonthEnd) -> list[Found]:
    """Months before this one that are still open."""
    rows = AccountingPeriod.objects.filter(validity__endswith__lte=span.starts, closed_at=None).order_by("validity")
    codes = list(rows.values_list("code", flat=True))
    if len(codes) > _NAMED:
        says = N_("{count} months from {month} on are still open.")
        return [Found(Step(says, {"count": len(codes), "month": codes[0]}), 0, "closing_month", codes[0])]
    return [Found(Step(N_("{month} is still open."), {"month": code}), 0, "closing_month", code) for code in codes]


def runs(span: Span, policy: MonthEnd) -> list[Found]:
    """Bill runs of the month that are not posted, or posted and not closed."""
    rows = BillRun.objects.filter(bill_date__lt=span.ends).exclude(status=BillRun.CANCELLED)
    unposted = rows.exclude(status=BillRun.POSTED).order_by("bill_date", "pk")
    open_ = rows.filter(status=BillRun.POSTED, closing=None, bill_date__gte=span.starts).order_by("bill_date", "pk")
    said = ((unposted, N_("Run {number} is not posted.")), (open_, N_("Run {number} is posted and not closed.")))
    return [
        Found(Step(says, {"number": run.number}), run.totals.get("cents", 0), "run", str(run.pk))
        for found, says in said
        for run in found
    ]


def corrections(span: Span, policy: MonthEnd) -> list[Found]:
    """Correction cases opened up to the month's end that are neither posted nor withdrawn."""
    done = Q(run__status__in=(BillRun.POSTED, BillRun.CANCELLED))
    rows = CorrectionCase.objects.filter(opened__business_date__lt=span.ends, withdrawn=None).exclude(done)
    says = N_("Correction {number} is open.")
    return [Found(Step(says, {"number": row.number}), 0, "correction", str(row.pk)) for row in rows.order_by("pk")]


def approvals(span: Span, policy: MonthEnd) -> list[Found]:
    """Requests about money that nobody decided."""
    rows = Approval.objects.filter(status=Approval.PENDING).order_by("pk")
    says = N_("Request {id} waits for a second person: {subject}.")
    return [
        Found(Step(says, {"id": row.pk, "subject": row.subject}), row.amount_cents, "approval", str(row.pk))
        for row in rows
        if not row.kind.startswith(_NOT_MONEY)
    ]


def remittances(span: Span, policy: MonthEnd) -> list[Found]:
    """What was due to agencies up to the month's end and was not handed over by then.

    What exactly is owed is on the agency's own page; here it counts that something was billed for it at all.
    """
    try:
        _, agencies = agreements_on(span.last_day)
    except NoPolicy:
        return []
    made = []
    says = N_("{name} was not paid for the period from {day}.")
    for code, agency in sorted(agencies.items()):
        starts, ends = agency.period_before(span.last_day)
        if agency.pay_on(ends) > span.last_day:
            starts, ends = agency.period_before(starts)
        paid = Remittance.objects.filter(agency=code, starts=starts, state=Remittance.BOOKED)
        if paid.filter(effective_on__lt=span.ends).exists():
            continue
        if _anything(agency, ends):
            made.append(Found(Step(says, {"name": agency.name["en"], "day": starts}), 0, "agency", code))
    return made


def _anything(agency: Agency, ends: date) -> bool:
    """Whether anything was booked before a day that is the agency's, in whole or in part."""
    codes = [one.account for one in agency.owns if one.account]
    services = [one.service for one in agency.owns if one.service]
    own = Q(credit__code__in=codes) | Q(service__in=services, source_kind="bill")
    return Entry.objects.filter(own, effective_on__lt=ends).exists()
