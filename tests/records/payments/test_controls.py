"""What the auditor is shown: the traces a known fraud leaves, each planted here once and found once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
import pgtrigger
import polars as pl
import pytest
from django.db import connection

from meterbook import reports
from meterbook.records.adjustments.operations.propose import propose_adjustment
from meterbook.records.cashiering.models import Drawer, Receipt, Tender
from meterbook.records.customers.models import Account
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.models import Deed, Utility
from meterbook.reports import asking

pytestmark = pytest.mark.django_db
FIONA = "2000016"


def found(name: str, today: date, **given: str) -> list[dict[str, Any]]:
    """A report's rows over the year, with every column's key in them."""
    report = reports.report(name)
    asked = asking.asked(report, {"since": "2024-01-01", **given}, today)
    rows = report.rows(asked)
    assert all({column.key for column in report.columns(asked)} <= set(row) for row in rows)
    return rows


def deed(office: Any, who: str) -> Deed:
    return Deed.objects.create(
        kind="test.deed", actor=office.staff[who], business_date=office.today, reason="as he says"
    )


def cash(office: Any, account: Account, cents: int, who: str) -> None:
    row = {"account_id": account.pk, "written_account": account.number, "amount_cents": cents,
           "received_on": office.today, "tender": "cash"}  # fmt: skip
    receive(deed(office, who), pl.DataFrame([row]), into=account_for("drawer"), effective_on=office.today)


def test_a_clerk_pockets_cash_and_credits_it_away(office: Any) -> None:
    """Takes 60.00 in cash, credits 60.00 as an error, closes and opens the account in between."""
    fiona = office.account(FIONA)
    assert found("status_flips", office.today, times="2") == []
    cash(office, fiona, 60_00, "billing")
    propose_adjustment(
        office.act("billing"), account=fiona, service="water", amount_cents=-60_00, reason="billing_error", note="error"
    )
    for closed in (office.today, None):
        with pghistory.context(deed=deed(office, "billing").pk):
            fiona.closed_on = closed
            fiona.save()
    [beside] = found("credits_beside_receipts", office.today)
    assert (beside["account"], beside["paid"], beside["credited"], beside["same"]) == (FIONA, 60_00, 60_00, True)
    assert (beside["taker"], beside["employee"], beside["apart"]) == ("billing", "billing", 0)
    off, on = found("status_flips", office.today, times="2")
    assert (off["turned"], on["turned"], off["times"], off["credited"]) == ("off", "on", 2, 60_00)
    round_ = {row["kind"]: row for row in found("round_amounts", office.today, dollars="20")}
    assert (round_["adjustment"]["employee"], round_["adjustment"]["round"]) == ("billing", 1)
    assert round_["payment"]["round_cents"] == 60_00
    assert "adjustment" not in {row["kind"] for row in found("round_amounts", office.today, dollars="50")}
    booked = {row["what"]: row["credited"] for row in found("adjustments", office.today, by="employee")}
    assert booked["billing"] == 60_00


def test_a_window_without_cash_and_a_number_nobody_can_show(office: Any) -> None:
    drawers = {
        who: Drawer.objects.create(
            station=f"Window {at}", cashier=office.staff[who], business_date=office.today, float_cents=100_00,
            receipts=3, opened=deed(office, who),
        )
        for at, who in enumerate(("cashier", "csr"))
    }  # fmt: skip
    taken = [("cashier", 1, "cash", 80_00, 5_00), ("cashier", 3, "check", 25_00, 0), ("csr", 1, "check", 50_00, 0),
             ("csr", 2, "check", 30_00, 0), ("csr", 3, "check", 20_00, 0)]  # fmt: skip
    for who, number, kind, cents, change in taken:
        with pgtrigger.ignore("cashiering.Receipt:receipt_is_next"):  # as somebody with the keys to the server would
            slip = Receipt.objects.create(
                drawer=drawers[who], number=number, key=f"{who}-{number}", digest="0" * 64, received_on=office.today,
                total_cents=cents - change, change_cents=change, deed=deed(office, who),
            )  # fmt: skip
        Tender.objects.create(receipt=slip, position=1, kind=kind, amount_cents=cents)
    [gap] = found("skipped_receipts", office.today)
    assert (gap["cashier"], gap["number"], gap["before"], gap["after"]) == ("cashier", 2, 1, 3)
    mix = {row["cashier"]: row for row in found("tender_mix", office.today)}
    assert (mix["cashier"]["cash"], mix["cashier"]["cash_share"]) == (75_00, 75)
    assert (mix["csr"]["cash"], mix["csr"]["checks"], mix["csr"]["apart"]) == (0, 100_00, -round(7500 / 200, 1))


def test_after_hours_is_told_by_the_offices_own_clock(office: Any) -> None:
    """The moment a deed is recorded is the database's; every hour of the day is after hours for somebody."""
    cash(office, office.account(FIONA), 12_34, "cashier")
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(hour FROM now() AT TIME ZONE %s)", [Utility.objects.get().timezone])
        hour = int(cursor.fetchone()[0])
    late = found("after_hours", office.today, opens="0", closes=str(hour))
    assert [row["cents"] for row in late if row["employee"] == "cashier" and row["deed"] == "test.deed"] == [12_34]
    open_ = found("after_hours", office.today, opens="0", closes="24")
    assert all(row["weekend"] for row in open_)
    assert "system" not in {row["employee"] for row in late}
