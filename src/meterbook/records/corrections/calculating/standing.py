"""Posted segments that stand: charges whose days are claimed and not released; with their lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.billing.corrections.changes import LineFigures
from meterbook.records.platform.copying import copy_out

_STANDING = """
SELECT s.run_id, s.id, s.bill_id, b.account_id, s.agreement_id, s.service_point_id, s.schedule_id, s.document_id,
       s.commodity, s.starts, s.ends, s.estimated, s.inputs::text, s.amount_cents, pr.premise_class
  FROM billing_segment s
  JOIN billing_bill b ON b.id = s.bill_id AND b.run_id = s.run_id
  JOIN billing_billedperiod p ON p.bill_id = s.bill_id AND p.agreement_id = s.agreement_id
       AND p.period = daterange(s.starts, s.ends) AND p.released_id IS NULL
  JOIN places_servicepoint sp ON sp.id = s.service_point_id
  JOIN places_premise pr ON pr.id = sp.premise_id
 WHERE s.kind = 'charge' AND {which}
 ORDER BY b.account_id, s.starts, s.id
"""
#: One posted segment a row; ``key`` numbers them within a case.
STANDING: dict[str, Any] = {
    "run": pl.Int64, "segment": pl.Int64, "bill": pl.Int64, "account": pl.Int64, "agreement": pl.Int64,
    "service_point": pl.Int64, "schedule": pl.Int64, "document": pl.Int64, "commodity": pl.String, "starts": pl.Date,
    "ends": pl.Date, "estimated": pl.Boolean, "inputs": pl.String, "amount": pl.Int64, "premise_class": pl.String,
}  # fmt: skip
_LINES = """
SELECT l.segment_id, l.seq, l.component, l.part, l.version, l.starts, l.ends, l.quantity_e6, l.price_e8, l.amount_cents
  FROM billing_line l JOIN unnest(%s::bigint[], %s::bigint[]) AS asked (run, id)
    ON asked.run = l.run_id AND asked.id = l.segment_id
 WHERE l.run_id = ANY(%s)
"""
_LINE_TYPES: dict[str, Any] = {
    "segment": pl.Int64, "seq": pl.Int32, "component": pl.String, "part": pl.Int32, "version": pl.String,
    "starts": pl.Date, "ends": pl.Date, "quantity": pl.Int64, "price": pl.Int64, "amount": pl.Int64,
}  # fmt: skip
FIGURES = ("component", "part", "version", "starts", "ends", "quantity", "price", "amount")


def of_bills(bills: Sequence[int]) -> pl.DataFrame:
    """What stands of these bills."""
    return _standing("s.bill_id = ANY(%s)", [list(bills)])


def of_run(run_id: int) -> pl.DataFrame:
    """What stands of a posted run."""
    return _standing("s.run_id = %s", [run_id])


def of_account(account_id: int, since: date, until: date) -> pl.DataFrame:
    """What stands of an account's bills for periods that share a day with ``since`` to ``until`` (out)."""
    return _standing("b.account_id = %s AND s.ends > %s AND s.starts < %s", [account_id, since, until])


def of_agreement(agreement_id: int, since: date, until: date) -> pl.DataFrame:
    """What stands of one agreement for periods that share a day with ``since`` to ``until`` (out)."""
    return _standing("s.agreement_id = %s AND s.ends > %s AND s.starts < %s", [agreement_id, since, until])


def of_point(point_id: int, since: date, until: date) -> pl.DataFrame:
    """What stands of a service point and of those that go by its meter, whoever paid, as `of_account` counts days."""
    return _standing(
        "(sp.id = %s OR sp.water_source_id = %s) AND s.ends > %s AND s.starts < %s",
        [point_id, point_id, since, until],
    )


def of_segments(segments: Sequence[tuple[int, int]]) -> pl.DataFrame:
    """What stands of these segments: pairs of run and segment id."""
    runs, ids = [run for run, _ in segments], [segment for _, segment in segments]
    return _standing(
        "s.run_id = ANY(%s) AND (s.run_id, s.id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))",
        [sorted(set(runs)), runs, ids],
    )


def _standing(which: str, params: list[Any]) -> pl.DataFrame:
    found = copy_out(_STANDING.format(which=which), params, STANDING)
    return found.with_row_index("key").with_columns(pl.col("key").cast(pl.Int64))


def lines_of(standing: pl.DataFrame) -> pl.DataFrame:
    """The lines of standing segments: key, seq and `FIGURES`, in print order."""
    runs, ids = standing["run"].to_list(), standing["segment"].to_list()
    lines = copy_out(_LINES, [runs, ids, sorted(set(runs))], _LINE_TYPES)
    return lines.join(standing.select("key", "segment"), on="segment").sort("key", "seq")


def figures_by(lines: pl.DataFrame, by: str) -> dict[int, list[LineFigures]]:
    """Lines as the engine's values, by the number in column ``by``."""
    found: dict[int, list[LineFigures]] = {}
    for key, *rest in lines.select(by, *FIGURES).iter_rows():
        found.setdefault(key, []).append(LineFigures(*rest))
    return found
