"""The office's words for corrections: open, calculate, ask, decide, post; and what stands afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from django.db import connection

from meterbook.records.billing.models import Bill, BillRun, Line, Segment
from meterbook.records.corrections.calculating.standing import of_account, of_bills
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.corrections.operations.calculate_case import calculate_case
from meterbook.records.corrections.operations.open_case import open_case
from meterbook.records.corrections.operations.post_case import decide_case, post_case, request_case
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.ledger.check import check_laws
from meterbook.records.metering.models import Register
from meterbook.records.places.models import ServicePoint

Rows = Callable[..., list[tuple[Any, ...]]]


def agreement(number: str, commodity: str) -> ServiceAgreement:
    return ServiceAgreement.objects.select_related("service_point", "account").get(
        account__number=number, service_point__commodity=commodity
    )


def point(number: str, commodity: str) -> ServicePoint:
    return agreement(number, commodity).service_point


def register(number: str, commodity: str) -> Register:
    hung = point(number, commodity).installations.get()
    return Register.objects.get(meter=hung.meter_id, channel="delivered")


def bills(number: str) -> list[Bill]:
    """An account's posted bills, in the order they were sent."""
    posted_ones = Bill.objects.filter(account__number=number, run__status=BillRun.POSTED)
    return list(posted_ones.order_by("bill_date", "pk"))


def opened(office: Any, standing: pl.DataFrame, cause: str, reason: str = "as found", **more: Any) -> CorrectionCase:
    more = {"scope": "bills", "discovered_on": office.today} | more
    return open_case(office.act("billing", reason), standing=standing, cause=cause, **more)


def calculated(office: Any, case: CorrectionCase) -> CorrectionCase:
    return calculate_case(office.act("billing", "correction"), case=case)


def posted(office: Any, case: CorrectionCase, decider: str = "finance") -> CorrectionCase:
    request_case(office.act("billing", "correction"), case=case)
    decide_case(office.act(decider, "the diff is right"), case=case, approve=True)
    return post_case(office.act("billing", "correction"), case=case)


def corrected(office: Any, standing: pl.DataFrame, cause: str, **more: Any) -> CorrectionCase:
    """Open, calculate, have approved and post."""
    return posted(office, calculated(office, opened(office, standing, cause, **more)))


def of(number: str) -> pl.DataFrame:
    """Everything of an account that stands."""
    return of_bills([bill.pk for bill in bills(number)])


def charged(number: str) -> int:
    """What an account was billed in all, corrections included, in cents."""
    return sum(bill.current_cents for bill in bills(number))


def balance(number: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(CASE o.side WHEN 'charge' THEN o.amount_cents ELSE -o.amount_cents END), 0)"
            "  FROM ledger_openitem o JOIN customers_account a ON a.id = o.account_id WHERE a.number = %s",
            [number],
        )
        return int(cursor.fetchone()[0])


def segments(bill: Bill, kind: str) -> list[Segment]:
    return list(Segment.objects.filter(run_id=bill.run_id, bill=bill, kind=kind).order_by("id"))


def lines(segment: Segment) -> list[tuple[Any, ...]]:
    return list(
        Line.objects.filter(run_id=segment.run_id, segment_id=segment.id).order_by("seq").values_list(
            "component", "part", "quantity_e6", "price_e8", "amount_cents"
        )
    )  # fmt: skip


def books_hold() -> None:
    """Every law of the ledger holds."""
    assert [law for law in check_laws() if not law.holds] == []


__all__ = [
    "Rows", "agreement", "balance", "bills", "books_hold", "calculated", "charged", "corrected", "lines", "of",
    "of_account", "of_bills", "opened", "point", "posted", "register", "segments",
]  # fmt: skip
