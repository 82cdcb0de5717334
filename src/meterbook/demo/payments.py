"""How Alder Bend pays: most in full before the due date, some on it, a few too much, late, in part or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import polars as pl

from meterbook.demo import sources
from meterbook.demo.calendar import label
from meterbook.demo.drawn.draws import between
from meterbook.demo.drawn.people import misread
from meterbook.formats.lockbox import Check, LockboxDeposit, write

#: What the caller knows of each bill: its account, the amount asked for, and until when.
OWED = {"number": pl.String, "amount_due_cents": pl.Int64, "due_on": pl.Date}
_BANK, _LOCKBOX, _CLOSES = "0099999991", "4400", time(17)
_FRIDAY = 5
_ROUND_UP_CENTS = 1_000
_LATE_SHARE = 55  # percent of the bill that the late payer pays
#: Habits by a draw of 0 to 999: below 720 pays early, below 880 on the due date, below 915 rounds up, below 975 late.
_EARLY, _ON_TIME, _ROUND_UP, _LATE, _PART = 720, 880, 915, 975, 990
_MISREAD_PERMILLE = 2


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """A lockbox file that was written: one Friday's deposit."""

    path: Path
    format: str
    deposit_on: date
    checks: int
    total_cents: int


def payments(month: int, owed: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """What is paid on bills of ``month``: number, written (as on the check), amount_cents, received_on, reference.

    ``owed`` holds the columns of `OWED`, one row a bill. Every date is a Friday, when the lockbox is emptied; nobody
    pays after the next bill is out, and nobody pays a credit.
    """
    number = pl.col("number").cast(pl.Int64)
    rows = owed.select(list(OWED)).filter(pl.col("amount_due_cents") > 0).sort("number")
    late_payer = pl.col("number") == sources.resident("late_payer").account
    habit = pl.when(late_payer).then(_ROUND_UP).otherwise(between(number, 0, 999, topic="habit", seed=seed))
    due, full = pl.col("due_on"), pl.col("amount_due_cents")
    early = due - pl.duration(days=between(number + month, 1, 9, topic="days early", seed=seed))
    late = habit.is_between(_ROUND_UP, _LATE - 1)
    part = habit.is_between(_LATE, _PART - 1) | (late_payer & pl.lit(month % 4 != 0))
    amount = (
        pl.when(part).then(pl.max_horizontal(full * _LATE_SHARE // 100, pl.lit(1)))
        .when(habit.is_between(_ON_TIME, _ROUND_UP - 1)).then((full // _ROUND_UP_CENTS + 1) * _ROUND_UP_CENTS)
        .otherwise(full)
    )  # fmt: skip
    day = pl.when(late).then(_friday_from(due + pl.duration(days=1))).when(habit < _EARLY).then(_friday_to(early))
    slip = between(number * 32 + month, 0, 999, topic="misread", seed=seed) < _MISREAD_PERMILLE
    return (
        rows.with_columns(amount_cents=amount, received_on=day.otherwise(_friday_to(due)))
        .filter(habit < _PART)
        .select(
            "number",
            pl.when(slip & ~late_payer).then(misread(pl.col("number"))).otherwise("number").alias("written"),
            "amount_cents",
            "received_on",
            between(number * 32 + month, 1_000, 9_999, topic="check", seed=seed).cast(pl.String).alias("reference"),
        )
    )


def _friday_to(day: pl.Expr) -> pl.Expr:
    """The Friday on or before a day."""
    return day - pl.duration(days=(day.dt.weekday().cast(pl.Int64) - _FRIDAY) % 7)


def _friday_from(day: pl.Expr) -> pl.Expr:
    """The Friday on or after a day."""
    return day + pl.duration(days=(_FRIDAY - day.dt.weekday().cast(pl.Int64)) % 7)


def write_payments(paid: pl.DataFrame, month: int, folder: Path, *, name: str = "") -> list[PaymentFile]:
    """Write one lockbox file a Friday, in order of the deposit; ``name`` tells apart files of one month."""
    files = []
    for (on,), checks in sorted(paid.group_by("received_on"), key=lambda group: str(group[0][0])):
        if not isinstance(on, date):
            raise TypeError(f"received_on {on!r} is no date")
        rows = checks.sort("number").select("written", "amount_cents", "reference").iter_rows()
        deposit = LockboxDeposit(
            destination="ALDERBEND", origin=_BANK, lockbox=_LOCKBOX, processed_at=datetime.combine(on, _CLOSES),
            deposit_on=on,
            checks=[Check(number, cents, reference=check) for number, cents, check in rows],
        )  # fmt: skip
        path = folder / "payments" / label(month) / f"lockbox-{on}{name and '-' + name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write(deposit))
        files.append(PaymentFile(path, "lockbox", on, checks.height, int(checks["amount_cents"].sum())))
    return files
