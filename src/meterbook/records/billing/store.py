"""Storing a calculated chunk: bills, segments and lines by COPY, in the chunk's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

import polars as pl

from meterbook.engine.billing.build import Built
from meterbook.engine.billing.sealed import canonical, fingerprint
from meterbook.records.billing.kinds import statements
from meterbook.records.billing.kinds.deciding import decided
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.billing.partitions import LINE, SEGMENT, table_of
from meterbook.records.platform.copying import copy_in, copy_out, take_ids

_BALANCES = """
SELECT a.id, a.number, coalesce(p.due, 0), coalesce(i.balance, 0), coalesce(i.received, 0) - coalesce(p.told, 0)
  FROM customers_account a
  LEFT JOIN LATERAL (
       SELECT sum(b.payments_cents) OVER () AS told,
              b.previous_cents + b.payments_cents + b.adjustments_cents + b.current_cents AS due
         FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
        WHERE b.account_id = a.id ORDER BY b.bill_date DESC, b.id DESC LIMIT 1) p ON true
  LEFT JOIN LATERAL (
       SELECT sum(CASE o.side WHEN 'charge' THEN o.amount_cents ELSE -o.amount_cents END) AS balance,
              coalesce(sum(CASE o.side WHEN 'charge' THEN o.amount_cents ELSE -o.amount_cents END)
                       FILTER (WHERE o.source_kind IN ('payment', 'placement', 'reversal')), 0) AS received
         FROM ledger_openitem o WHERE o.account_id = a.id) i ON true
 WHERE a.id = ANY(%s)
"""
_BALANCE_TYPES: dict[str, Any] = {
    "account": pl.Int64, "number": pl.String, "previous": pl.Int64, "balance": pl.Int64, "paid": pl.Int64,
}  # fmt: skip
_LETTERS: dict[str, Any] = {"account": pl.Int64, "letter": pl.String}


@dataclass(frozen=True, slots=True)
class Stored:
    """What one chunk wrote."""

    bills: int
    lines: int
    inputs_sha256: str


def store_chunk(run: BillRun, agreements: pl.DataFrame, built: Built) -> Stored:
    """Write the bills of priced agreements (none of whose accounts is held); returns the counts and inputs hash."""
    if agreements.is_empty():
        return Stored(0, 0, fingerprint([]))
    return write(run, amounted(agreements, built), built.lines)


def amounted(agreements: pl.DataFrame, built: Built) -> pl.DataFrame:
    """Priced agreements as segments: with the sum of their lines and their sealed inputs."""
    amounts = built.lines.group_by("row").agg(pl.col("amount").sum())
    segments = agreements.join(amounts, on="row", how="left").join(built.sealed, on="row")
    return segments.with_columns(pl.col("amount").fill_null(0))


def write(run: BillRun, segments: pl.DataFrame, lines: pl.DataFrame) -> Stored:
    """Write one bill an account of these segments (see `amounted`) and their lines, linked by ``row``.

    A segment is a charge unless its columns ``kind``, ``reverses_run`` and ``reverses`` say what it takes back.
    """
    segments = segments.sort("account", "row")
    bills = _bills(run, segments)
    segments = segments.join(bills.select("account", "bill_id"), on="account", maintain_order="left")
    first = take_ids("billing_segment_id_seq", segments.height)
    segments = segments.with_columns(segment_id=pl.int_range(pl.len(), dtype=pl.Int64) + first)
    copy_in("billing_bill", bills.rename({"bill_id": "id", "account": "account_id"}))
    _store_segments(run, segments)
    _store_lines(run, lines.join(segments.select("row", "segment_id"), on="row"))
    # What takes back was read out of the database, which spaces and orders JSON in its own way.
    texts = map(canonical, segments["inputs"]) if "kind" in segments.columns else segments["inputs"]
    return Stored(bills.height, lines.height, fingerprint(texts))


def _bills(run: BillRun, segments: pl.DataFrame) -> pl.DataFrame:
    """One bill an account, with what was owed before it."""
    bills = segments.group_by("account", maintain_order=True).agg(
        starts=pl.col("starts").min(), ends=pl.col("ends").max(), current_cents=pl.col("amount").sum()
    )
    before = copy_out(_BALANCES, [bills["account"].to_list()], _BALANCE_TYPES)
    bills = decided(run, bills.join(before, on="account"), segments)
    bills = bills.join(_letters(run, bills["account"].to_list()), on="account", maintain_order="left")
    return _headed(run, bills)


def write_statements(run: BillRun, first_account: int, last_account: int) -> int:
    """Write a bill without charges for each account that `statements.due` names; returns how many."""
    bills = statements.due(run, first_account, last_account)
    if bills.is_empty():
        return 0
    bills = bills.join(copy_out(_BALANCES, [bills["account"].to_list()], _BALANCE_TYPES), on="account")
    bills = statements.worth_sending(bills, run).sort("account")
    bills = bills.join(_letters(run, bills["account"].to_list()), on="account", maintain_order="left")
    copy_in("billing_bill", _headed(run, bills).rename({"bill_id": "id", "account": "account_id"}))
    return bills.height


def _headed(run: BillRun, bills: pl.DataFrame) -> pl.DataFrame:
    """The bills' rows: numbered, with the balance before them and what came since."""
    before = pl.col("balance") - pl.col("previous") - pl.col("paid")
    first = take_ids("billing_bill_id_seq", bills.height)
    return bills.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("bill_id") + first,
        pl.lit(run.pk).alias("run_id"),
        "account",
        pl.format("{}-{}{}", "number", pl.lit(f"{run.bill_date:%Y%m%d}"), "letter").alias("number"),
        "kind",
        pl.lit(run.bill_date).alias("bill_date"),
        "due_date",
        "starts",
        "ends",
        pl.col("previous").alias("previous_cents"),
        pl.col("paid").alias("payments_cents"),
        (before + pl.col("deposits_cents")).alias("adjustments_cents"),
        "current_cents",
        "deposits_cents",
    )


def _letters(run: BillRun, accounts: list[int]) -> pl.DataFrame:
    """What tells a bill's number from others of the account and day: nothing in a cycle, else the first free letter."""
    if run.kind == BillRun.CYCLE:
        return pl.DataFrame({"account": accounts, "letter": [""] * len(accounts)}, schema=_LETTERS)
    taken: dict[int, set[str]] = {}
    for account, number in Bill.objects.filter(account__in=accounts, bill_date=run.bill_date).values_list(
        "account", "number"
    ):
        taken.setdefault(account, set()).add(number.rpartition(f"{run.bill_date:%Y%m%d}")[2])
    names = [*ascii_uppercase, *(f"{first}{second}" for first in ascii_uppercase for second in ascii_uppercase)]
    free = [next(name for name in names if name not in taken.get(account, ())) for account in accounts]
    return pl.DataFrame({"account": accounts, "letter": free}, schema=_LETTERS)


def _store_segments(run: BillRun, segments: pl.DataFrame) -> None:
    copy_in(
        table_of(SEGMENT, run.pk),
        segments.select(
            pl.lit(run.pk).alias("run_id"),
            pl.col("segment_id").alias("id"),
            "bill_id",
            pl.col("agreement").alias("agreement_id"),
            pl.col("service_point").alias("service_point_id"),
            pl.col("schedule").alias("schedule_id"),
            pl.col("document").alias("document_id"),
            "commodity",
            "starts",
            "ends",
            "estimated",
            "inputs",
            pl.col("amount").alias("amount_cents"),
            pl.col("kind") if "kind" in segments.columns else pl.lit("charge").alias("kind"),
            *(pl.col(name).alias(f"{name}_id") for name in ("reverses_run", "reverses") if name in segments.columns),
        ),
    )


def _store_lines(run: BillRun, lines: pl.DataFrame) -> None:
    lines = lines.sort("segment_id", "seq", "starts", "part")
    first = take_ids("billing_line_id_seq", lines.height)
    copy_in(
        table_of(LINE, run.pk),
        lines.select(
            pl.lit(run.pk).alias("run_id"),
            (pl.int_range(pl.len(), dtype=pl.Int64) + first).alias("id"),
            "segment_id",
            (pl.int_range(pl.len()).over("segment_id") + 1).alias("seq"),
            "component",
            "part",
            "version",
            "starts",
            "ends",
            pl.col("quantity").alias("quantity_e6"),
            pl.col("price").alias("price_e8"),
            pl.col("amount").alias("amount_cents"),
        ),
    )
