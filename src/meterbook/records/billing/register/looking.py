"""Looking a chunk's bills through: marks, the accounts they hold, and what is written of both."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
from django.db import connection

from meterbook.engine.billing.build import Built
from meterbook.engine.billing.register import BILLS, MARKS, POINTS, Cycle, Register, marked
from meterbook.engine.billing.register.figures import BEFORE, MISSING, PEERS
from meterbook.engine.billing.register.mark import CLEARED, sentence
from meterbook.engine.billing.register.settings import ONLY_SHOWN
from meterbook.engine.money import dollars
from meterbook.engine.quantity import unscaled
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.register import before
from meterbook.records.billing.register.settings import register_on
from meterbook.records.platform.copying import copy_in, copy_out
from meterbook.records.programs.level_pay.queries import settling


def look(run: BillRun, agreements: pl.DataFrame, built: Built) -> pl.DataFrame:
    """The marks of priced bills (`MARKS`); none where the city has no register, or nothing is due."""
    register = register_on(run.bill_date)
    if register is None or agreements.is_empty():
        return pl.DataFrame(schema=MARKS)
    points = _points(agreements, built)
    accounts = points["account"].unique().sort().to_list()
    last, year = before.earlier(accounts, run.bill_date)
    peers = register.of("peers")
    bills = points.group_by("account", maintain_order=True).agg(
        pl.col("premise_class").first(), pl.col("cents").sum().alias("current")
    )
    cycle = Cycle(
        points=points,
        last=last,
        year=year,
        bills=bills.with_columns(due=pl.lit(None, dtype=pl.Int64), settles=pl.lit(value=False)).select(list(BILLS)),
        missing=before.missing(points, last, run),
        peers=before.peers(run, peers.numbers["days"] if peers else 0),
    )
    cleared = before.cleared(accounts) if register.blocks else pl.DataFrame(schema=CLEARED)
    return marked(cycle, Register(tuple(one for one in register.settings if one.test not in ONLY_SHOWN)), cleared)


def _points(agreements: pl.DataFrame, built: Built) -> pl.DataFrame:
    """The bills point by point: `POINTS`."""
    lines = built.lines.sort("row", "seq", "starts", "part").with_columns(
        place=pl.int_range(pl.len()).over("row").cast(pl.Int64) + 1
    )
    largest = lines.sort(pl.col("amount").abs(), "place", descending=[True, False]).group_by("row").agg(
        pl.col("amount").sum().alias("cents"), pl.col("place").first().alias("line")
    )  # fmt: skip
    rows = agreements.join(largest, on="row", how="left").with_columns(pl.col("cents").fill_null(0))
    for name, kind in (("det.usage", pl.Int64), ("det.meter_size", pl.String), ("det.export", pl.Int64)):
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, dtype=kind).alias(name))
    counted = pl.when(pl.col("metered")).then(pl.col("det.usage"))
    found = rows.group_by("account", "service_point", maintain_order=True).agg(
        pl.col("commodity").first(),
        pl.col("det.meter_size").last().alias("meter_size"),
        pl.col("usage_unit").last().alias("unit"),
        (pl.col("ends") - pl.col("starts")).dt.total_days().sum().cast(pl.Int64).alias("days"),
        pl.when(counted.is_not_null().any()).then(counted.sum()).alias("usage"),
        pl.col("cents").sum(),
        pl.col("estimated").any(),
        pl.col("billed_to").is_null().all().alias("first"),
        pl.col("det.export").is_not_null().any().alias("exports"),
        pl.col("line").first(),
    )
    classed = found.join(before.classes(found["service_point"].to_list()), on="service_point", how="left")
    return classed.select(list(POINTS))


def held_out(
    agreements: pl.DataFrame, built: Built, holds: pl.DataFrame, marks: pl.DataFrame
) -> tuple[pl.DataFrame, Built, pl.DataFrame]:
    """Take the accounts with a mark that holds out of the bills, into the holds, with what the marks say."""
    holding = marks.filter(pl.col("effect") == "hold")
    if holding.is_empty():
        return agreements, built, holds
    accounts = holding["account"].unique().to_list()
    said = pl.DataFrame(
        [(row["account"], row["service_point"], in_english(row)) for row in holding.iter_rows(named=True)],
        schema={"account": pl.Int64, "service_point": pl.Int64, "said": pl.String}, orient="row",
    )  # fmt: skip
    of_point = said.filter(pl.col("service_point").is_not_null()).group_by("account", "service_point").agg(
        pl.col("said").str.join(" ")
    )  # fmt: skip
    of_bill = said.filter(pl.col("service_point").is_null()).group_by("account").agg(
        pl.col("said").str.join(" ").alias("whole")
    )  # fmt: skip
    out = agreements.filter(pl.col("account").is_in(accounts)).unique(["account", "service_point"], maintain_order=True)
    told = out.join(of_point, on=["account", "service_point"], how="left").join(of_bill, on="account", how="left")
    words = pl.coalesce("said", "whole")
    new = told.select(
        "account",
        "service_point",
        reason=pl.when(words.is_null()).then(pl.lit("other_service_held")).otherwise(pl.lit("implausible")),
        detail=words.fill_null("waits for another service of this account"),
    )
    kept = agreements.filter(~pl.col("account").is_in(accounts))
    rows = kept["row"].to_list()
    left = Built(
        built.lines.filter(pl.col("row").is_in(rows)), built.sealed.filter(pl.col("row").is_in(rows)), built.disagreeing
    )
    return kept, left, pl.concat([holds, new])


def in_english(mark: dict[str, Any]) -> str:
    """A mark's sentence for the hold list and the log."""
    return sentence(mark, json.loads(mark["details"]), str, _plain)


def _plain(kind: str, value: Any, unit: str) -> str:
    if value is None:
        return "nothing"
    match kind:
        case "cents":
            return f"${dollars(int(value)):,}"
        case "usage":
            return f"{unscaled(int(value)):,f} {unit}"
        case "service":
            return str(value).replace("_", " ").capitalize()
        case _:
            return str(value)


_DUE = """
SELECT b.account_id, b.current_cents, b.previous_cents + b.payments_cents + b.adjustments_cents + b.current_cents
  FROM billing_bill b WHERE b.run_id = %s AND b.account_id = ANY(%s)
"""


def keep_marks(run: BillRun, marks: pl.DataFrame, accounts: list[int]) -> None:
    """Write the marks of the accounts just stored, and those that need what is due in all."""
    register = register_on(run.bill_date)
    if register is not None and accounts:
        marks = pl.concat([marks, _after(run, register, accounts)])
    copy_in(
        "billing_registermark",
        marks.select(
            pl.lit(run.pk).alias("run_id"),
            pl.col("account").alias("account_id"),
            pl.col("service_point").alias("service_point_id"),
            *(name for name in MARKS if name not in ("account", "service_point")),
        ),
    )


def _after(run: BillRun, register: Register, accounts: list[int]) -> pl.DataFrame:
    """Marks of tests that need the whole amount due."""
    due = copy_out(_DUE, [run.pk, accounts], {"account": pl.Int64, "current": pl.Int64, "due": pl.Int64})
    settles = pl.col("account").is_in(settling(accounts, run.bill_date))
    bills = due.with_columns(premise_class=pl.lit(None, dtype=pl.String), settles=settles)
    nothing = Cycle(
        points=pl.DataFrame(schema=POINTS), last=pl.DataFrame(schema=BEFORE),
        year=pl.DataFrame(schema=BEFORE), bills=bills.select(list(BILLS)),
        missing=pl.DataFrame(schema=MISSING), peers=pl.DataFrame(schema=PEERS),
    )  # fmt: skip
    settings = tuple(one for one in register.settings if one.test in ONLY_SHOWN)
    return marked(nothing, Register(settings), pl.DataFrame(schema=CLEARED))


def forget_marks(run: BillRun, account: int | None = None) -> None:
    """Take back the marks of a run, or of one account in it."""
    with connection.cursor() as cursor:
        one = "" if account is None else " AND account_id = %s"
        params = [run.pk] if account is None else [run.pk, account]
        cursor.execute(f"DELETE FROM billing_registermark WHERE run_id = %s{one}", params)
