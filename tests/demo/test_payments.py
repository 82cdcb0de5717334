"""How the city pays: before, on and after the due date, mostly in full; files a lockbox import takes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from meterbook.demo.city import STORIES, City
from meterbook.demo.payments import payments
from meterbook.formats.registry import payment_format
from meterbook.records.customers.operations.load_customers import numbered
from meterbook.records.customers.operations.open_account import account_number

DUE = date(2025, 3, 26)


def owed(count: int = 4_000) -> pl.DataFrame:
    numbers = [account_number(200_001 + at) for at in range(count)] + [STORIES["late_payer"].account]
    amounts = [3_000 + (at * 7_919) % 40_000 for at in range(count)] + [20_000]
    return pl.DataFrame({"number": numbers, "amount_due_cents": amounts, "due_on": [DUE] * (count + 1)})


def test_most_pay_in_full_and_on_time_and_nobody_after_the_next_bill() -> None:
    bills = owed()
    paid = payments(6, bills, seed=1).join(bills, on="number")
    full = paid.filter(pl.col("amount_cents") == pl.col("amount_due_cents"))
    assert 0.85 < full.height / bills.height < 0.97
    assert paid.filter(pl.col("received_on") <= DUE).height / bills.height > 0.85
    assert paid.filter(pl.col("received_on") > DUE).height > 0
    assert paid["received_on"].max() <= DUE + timedelta(days=7)  # type: ignore[operator]
    assert (paid["received_on"].dt.weekday() == 5).all()
    assert paid.filter(pl.col("amount_cents") > pl.col("amount_due_cents")).height > 0
    assert paid.filter(pl.col("amount_cents") < pl.col("amount_due_cents")).height > 0
    assert paid.height < bills.height


def test_a_few_write_a_number_nobody_has() -> None:
    paid = payments(6, owed(), seed=1)
    wrong = paid.filter(pl.col("written") != pl.col("number"))
    assert 0 < wrong.height < 30
    assert not wrong.select(numbered(pl.col("written")).any()).item()


def test_frank_delaney_pays_late_and_a_part_and_catches_up_every_fourth_month() -> None:
    number = STORIES["late_payer"].account
    for month, cents in ((6, 11_000), (7, 11_000), (8, 20_000)):
        mine = payments(month, owed(10), seed=1).filter(pl.col("number") == number)
        assert mine["amount_cents"].to_list() == [cents]
        assert mine["received_on"][0] > DUE


def test_credits_are_not_paid() -> None:
    bills = owed(5).with_columns(amount_due_cents=pl.lit(-100, dtype=pl.Int64))
    assert payments(6, bills, seed=1).is_empty()


def test_the_files_hold_every_cent(tmp_path: Path) -> None:
    city = City(accounts=120, seed=7)
    files = city.payments_for(6, owed(300), tmp_path, name="C1")
    total = 0
    for file in files:
        parsed = payment_format("lockbox").parse(file.path.read_bytes())
        assert (parsed.control_total_cents, parsed.control_count) == (file.total_cents, file.checks)
        assert parsed.deposit_on == file.deposit_on
        total += parsed.control_total_cents
    assert total == payments(6, owed(300), seed=7)["amount_cents"].sum()
    assert [file.deposit_on for file in files] == sorted(file.deposit_on for file in files)
