"""The stored rows of some accounts of a run, as frames: bills, segments with their sealed inputs, lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.partitions import LINE, SEGMENT, table_of
from meterbook.records.platform.copying import copy_out

_BILLS = """
SELECT b.id, a.number, b.number, b.bill_date, b.starts, b.ends, b.current_cents
  FROM billing_bill b JOIN customers_account a ON a.id = b.account_id
 WHERE b.run_id = %(run)s AND b.account_id BETWEEN %(first)s AND %(last)s ORDER BY b.id
"""
_BILL_TYPES: dict[str, Any] = {
    "bill": pl.Int64, "account_number": pl.String, "bill_number": pl.String, "bill_date": pl.Date,
    "starts": pl.Date, "ends": pl.Date, "current": pl.Int64,
}  # fmt: skip
_SEGMENTS = """
SELECT s.id, b.account_id, s.bill_id, s.document_id, s.commodity, s.starts, s.ends, s.inputs::text, s.amount_cents,
       s.kind, s.reverses_run_id, s.reverses_id
  FROM {segment} s JOIN billing_bill b ON b.id = s.bill_id
 WHERE s.run_id = %(run)s AND b.run_id = %(run)s AND b.account_id BETWEEN %(first)s AND %(last)s ORDER BY s.id
"""
SEGMENT_TYPES: dict[str, Any] = {
    "row": pl.Int64, "account": pl.Int64, "bill": pl.Int64, "document": pl.Int64, "commodity": pl.String,
    "starts": pl.Date, "ends": pl.Date, "inputs": pl.String, "amount": pl.Int64, "kind": pl.String,
    "reverses_run": pl.Int64, "reverses": pl.Int64,
}  # fmt: skip
_LINES = """
SELECT l.segment_id, l.seq, l.component, l.part, l.version, l.starts, l.ends, l.quantity_e6, l.price_e8, l.amount_cents
  FROM {line} l JOIN {segment} s ON s.run_id = l.run_id AND s.id = l.segment_id JOIN billing_bill b ON b.id = s.bill_id
 WHERE l.run_id = %(run)s AND b.run_id = %(run)s AND b.account_id BETWEEN %(first)s AND %(last)s
 ORDER BY l.segment_id, l.seq
"""
LINE_TYPES: dict[str, Any] = {
    "row": pl.Int64, "seq": pl.Int32, "component": pl.String, "part": pl.Int32, "version": pl.String,
    "starts": pl.Date, "ends": pl.Date, "quantity": pl.Int64, "price": pl.Int64, "amount": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """What a run stored of some accounts; ``row`` is the id of a segment."""

    bills: pl.DataFrame
    segments: pl.DataFrame
    lines: pl.DataFrame


def stored_of(run: BillRun, first_account: int, last_account: int) -> Stored:
    """The bills of accounts from one id to another, with their segments and lines: posted or not, as they stand."""
    asked = {"run": run.pk, "first": first_account, "last": last_account}
    tables = {"segment": table_of(SEGMENT, run.pk), "line": table_of(LINE, run.pk)}
    return Stored(
        copy_out(_BILLS, asked, _BILL_TYPES),
        copy_out(_SEGMENTS.format(**tables), asked, SEGMENT_TYPES),
        copy_out(_LINES.format(**tables), asked, LINE_TYPES),
    )


_TAKEN_BACK = """
SELECT n.id, o.id, o.document_id, o.commodity, o.starts, o.ends, o.inputs::text, o.amount_cents, o.kind
  FROM {segment} n JOIN billing_segment o ON o.run_id = n.reverses_run_id AND o.id = n.reverses_id
 WHERE n.run_id = %(run)s AND n.id = ANY(%(rows)s)
"""
_TAKEN_BACK_TYPES: dict[str, Any] = {
    "row": pl.Int64, "original": pl.Int64, "document": pl.Int64, "commodity": pl.String, "starts": pl.Date,
    "ends": pl.Date, "inputs": pl.String, "amount": pl.Int64, "kind": pl.String,
}  # fmt: skip
_THEIR_LINES = """
SELECT n.id, l.seq, l.component, l.part, l.version, l.starts, l.ends, l.quantity_e6, l.price_e8, l.amount_cents
  FROM {segment} n JOIN billing_line l ON l.run_id = n.reverses_run_id AND l.segment_id = n.reverses_id
 WHERE n.run_id = %(run)s AND n.id = ANY(%(rows)s)
"""


def originals_of(run: BillRun, reversals: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The segments that these take back, and their lines; ``row`` is the id of the reversal."""
    asked = {"run": run.pk, "rows": reversals["row"].to_list()}
    table = table_of(SEGMENT, run.pk)
    return (
        copy_out(_TAKEN_BACK.format(segment=table), asked, _TAKEN_BACK_TYPES),
        copy_out(_THEIR_LINES.format(segment=table), asked, LINE_TYPES),
    )
