"""Opening a correction case: what it is about, why, and since when that is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from meterbook.records.billing.models import BillRun
from meterbook.records.corrections.models import CaseItem, CorrectionCase, MisappliedUsage
from meterbook.records.corrections.refusals import AlreadyInCase, NoReason, NothingPosted, UnknownCause
from meterbook.records.corrections.settings import back_billing
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("corrections.open_case", roles={BILLING, SUPERVISOR})
def open_case(
    deed: Deed,
    *,
    standing: pl.DataFrame,
    cause: str,
    scope: str,
    discovered_on: date,
    rebill: bool = True,
    crossed: Sequence[tuple[ServicePoint, ServicePoint]] = (),
) -> CorrectionCase:
    """Open a case about posted segments that stand (`calculating.standing`); the deed's reason says what is wrong.

    ``crossed`` names pairs of service points whose meters were read for each other: both are billed anew on the other
    one's usage. Raises `NoReason`, `UnknownCause`, `NothingPosted`, and `AlreadyInCase` if another open case is about
    any of them.
    """
    case = put_down(
        deed, standing=standing, cause=cause, scope=scope, discovered_on=discovered_on, rebill=rebill, crossed=crossed
    )
    tell(deed, "corrections.case_opened", case=case.pk, number=case.number, segments=standing.height)
    return case


def put_down(
    deed: Deed,
    *,
    standing: pl.DataFrame,
    cause: str,
    scope: str,
    discovered_on: date,
    rebill: bool = True,
    crossed: Sequence[tuple[ServicePoint, ServicePoint]] = (),
) -> CorrectionCase:
    """Open a case as part of another deed; see `open_case`."""
    if not deed.reason.strip():
        raise NoReason("say what is wrong and how it was found")
    if back_billing(deed.business_date).cause(cause) is None:
        raise UnknownCause(f"the policy back-billing knows no cause {cause}")
    if standing.is_empty():
        raise NothingPosted("no posted bill that stands was found there")
    _in_no_other_case(standing)
    case = CorrectionCase.objects.create(
        number=_number(deed.business_date), cause=cause, scope=scope, discovered_on=discovered_on, rebill=rebill,
        opened=deed,
    )  # fmt: skip
    CaseItem.objects.bulk_create(
        CaseItem(
            case=case, account_id=row["account"], service_point_id=row["service_point"], starts=row["starts"],
            ends=row["ends"], bill_id=row["bill"], segment_run_id=row["run"], segment_id=row["segment"],
            was_cents=row["amount"], becomes_cents=row["amount"],
        )
        for row in standing.iter_rows(named=True)
    )  # fmt: skip
    for here, there in crossed:
        for one, other in ((here, there), (there, here)):
            MisappliedUsage.objects.create(case=case, service_point=one, measured_at=other, deed=deed)
    return case


def _in_no_other_case(standing: pl.DataFrame) -> None:
    mine = set(standing.select("run", "segment").iter_rows())
    others = CaseItem.objects.filter(
        segment_run_id__in=standing["run"].unique().to_list(), segment_id__in=standing["segment"].to_list(),
        case__withdrawn__isnull=True,
    ).exclude(case__run__status=BillRun.POSTED)  # fmt: skip
    for number, run, segment in others.values_list("case__number", "segment_run_id", "segment_id"):
        if (run, segment) in mine:
            raise AlreadyInCase(f"case {number} is about a part of this already; withdraw or post it first")


def _number(on: date) -> str:
    """The next number of the year, like COR-2026-0001; the database refuses a number given twice."""
    prefix = f"COR-{on.year}-"
    newest = CorrectionCase.objects.filter(number__startswith=prefix).order_by("-pk").first()
    return f"{prefix}{int(newest.number.removeprefix(prefix)) + 1 if newest else 1:04}"
