"""Programs of many bills at once, from the records."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.notices.bill.programs.values import LevelMonth, SolarMonth, SolarStatement
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.billing.program_entries import expected_of
from meterbook.records.programs.level_pay.asking import month_of_year
from meterbook.records.programs.level_pay.queries import months_of
from meterbook.records.programs.net_metering.queries import Statement, statements


def level_months(bills: Sequence[Bill]) -> dict[int, LevelMonth]:
    """The months of level payment plans, by bill; of bills not posted yet, as they would be."""
    found = {
        bill_id: LevelMonth(
            month_of_year(one.number) if one.number else None, one.settles, one.actual_cents, one.asked_cents,
            one.difference_cents, one.pay_cents,
        )
        for bill_id, one in months_of([bill.pk for bill in bills]).items()
    }  # fmt: skip
    for bill_id, would in expected_of([bill for bill in bills if bill.run.status != BillRun.POSTED]).items():
        found[bill_id] = LevelMonth(
            would.month, would.settles, would.actual_cents, would.asked_cents, would.difference_cents, would.pay_cents
        )
    return found


def solar_statements(bills: Sequence[Bill]) -> dict[int, tuple[SolarStatement, ...]]:
    """The statements of net metering of posted bills, by bill."""
    found = statements([bill.pk for bill in bills])
    return {bill_id: tuple(_statement(one) for one in some) for bill_id, some in found.items()}


def _statement(one: Statement) -> SolarStatement:
    entry = one.entry
    return SolarStatement(
        in_kwh=one.nem.option == "nem-kwh", carries=one.nem.option not in ("net-billing", "buy-all"),
        months=tuple(
            SolarMonth(each.starts, each.ends, each.imports_e6, each.exports_e6, each.earned_cents, each.after_e6,
                       each.after_cents)
            for each in one.history
        ),
        billed_e6=entry.billed_e6, true_up_month=one.nem.true_up_month, settled=entry.settles,
        paid_cents=entry.paid_cents + entry.surplus_cents, expired_e6=entry.expired_e6,
        expired_cents=entry.expired_cents,
    )  # fmt: skip
