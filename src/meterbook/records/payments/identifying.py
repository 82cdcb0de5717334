"""Records of a payment file as payments: whose each is, by what it was paid, and what the sender calls it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from meterbook.formats.contract import PaymentRecord
from meterbook.records.payments.marks import payer_marks
from meterbook.records.payments.models import TENDERS
from meterbook.records.platform.copying import copy_out

_COLUMNS = {
    "ordinal": pl.Int64, "line": pl.Int64, "written_account": pl.String, "amount_cents": pl.Int64,
    "received_on": pl.Date, "reference": pl.String, "payer": pl.String, "payer_mark": pl.String, "tender": pl.String,
    "key": pl.String, "raw": pl.String,
}  # fmt: skip


def payments_frame(records: Sequence[PaymentRecord], *, digest: str, tender: str) -> pl.DataFrame:
    """The payments among the records of a file (those above zero), in their order.

    ``key`` is the file's own digest and the record's turn, so that no record is ever taken twice.
    """
    taken = [(at, each) for at, each in enumerate(records) if each.amount_cents > 0 and each.kind == "payment"]
    marks = payer_marks((each.routing, each.bank_account) for _, each in taken)
    return pl.DataFrame(
        {
            "ordinal": [at for at, _ in taken],
            "line": [each.line for _, each in taken],
            "written_account": [each.account_number[:40] for _, each in taken],
            "amount_cents": [each.amount_cents for _, each in taken],
            "received_on": [each.received_on for _, each in taken],
            "reference": [each.reference[:60] for _, each in taken],
            "payer": [each.payer[:80] for _, each in taken],
            "payer_mark": marks,
            "tender": [each.tender if each.tender in TENDERS else tender for _, each in taken],
            "key": [f"{digest[:32]}:{at}" for at, _ in taken],
            "raw": [each.raw for _, each in taken],
        },
        schema=_COLUMNS,
    )


def identified(payments: pl.DataFrame) -> pl.DataFrame:
    """The payments with ``account_id``, the account each number means; null where it means none."""
    numbers = payments["written_account"].unique().to_list()
    accounts = copy_out(
        "SELECT number, id FROM customers_account WHERE number = ANY(%s)",
        [numbers],
        {"written_account": pl.String, "account_id": pl.Int64},
    )
    return payments.join(accounts, on="written_account", how="left", maintain_order="left")
