"""Posting a deposit: a file of payments becomes a batch, its transfers, and allocations oldest item first."""

from __future__ import annotations

import hashlib

import polars as pl

from meterbook.formats.contract import ParsedPayments
from meterbook.formats.registry import payment_format
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import PaymentBatch
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Correction, Deed, ImportBatch
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, CASHIER, SUPERVISOR


class ControlTotalDiffers(ValueError):
    """The payments in a file do not add up to the file's own control total."""


@operation("payments.post_payments", roles={CASHIER, BILLING, SUPERVISOR})
def post_payments(deed: Deed, *, format: str, file_name: str, content: bytes, channel: str = "lockbox") -> PaymentBatch:
    """Post a payment file; the same bytes again return the batch of the first time and change nothing.

    A payment whose account number is unknown goes to suspense and to the correction list; one of no amount is a
    correction only. Raises
    `formats.contract.WrongFormat` when the file cannot be trusted as a whole.
    """
    digest = hashlib.sha256(content).hexdigest()
    known = ImportBatch.objects.filter(kind="payments", sha256=digest).first()
    if known is not None:
        return PaymentBatch.objects.get(source=known)
    parsed = payment_format(format).parse(content)
    total = sum(record.amount_cents for record in parsed.records)
    if total != parsed.control_total_cents:
        raise ControlTotalDiffers(f"{file_name}: payments make {total} cents, file says {parsed.control_total_cents}")
    payments = _identified(parsed)
    empty = payments.filter(pl.col("amount_cents") <= 0)
    payments = payments.filter(pl.col("amount_cents") > 0)
    lost = payments.filter(pl.col("account_id").is_null())
    source = ImportBatch.objects.create(
        kind="payments",
        format=format,
        file_name=file_name,
        sha256=digest,
        rows=payments.height + empty.height,
        loaded=payments.height - lost.height,
        rejected=lost.height + empty.height,
        deed=deed,
    )
    batch = PaymentBatch.objects.create(
        number=f"{parsed.deposit_on:%Y%m%d}-{digest[:8]}",
        channel=channel,
        received_on=parsed.deposit_on,
        count=payments.height,
        total_cents=total,
        source=source,
        deed=deed,
    )
    keep_file(deed, subject=f"importbatch:{source.pk}", file_name=file_name, content_type="text/plain", content=content)
    _to_corrections(source, lost, parsed)
    receive(deed, payments.drop("raw"), into=account_for("clearing"), effective_on=parsed.deposit_on, batch=batch)
    tell(deed, "payments.batch_posted", batch=batch.pk, count=batch.count, cents=total)
    return batch


def _identified(parsed: ParsedPayments) -> pl.DataFrame:
    """The payments with the account each number means, null where it means none."""
    records = parsed.records
    frame = pl.DataFrame(
        {
            "line": [r.line for r in records],
            "written_account": [r.account_number for r in records],
            "amount_cents": [r.amount_cents for r in records],
            "received_on": [r.received_on for r in records],
            "reference": [r.reference for r in records],
            "raw": [r.raw for r in records],
        },
        schema={
            "line": pl.Int64, "written_account": pl.String, "amount_cents": pl.Int64, "received_on": pl.Date,
            "reference": pl.String, "raw": pl.String,
        },
    )  # fmt: skip
    numbers = frame["written_account"].unique().to_list()
    accounts = copy_out(
        "SELECT number, id FROM customers_account WHERE number = ANY(%s)",
        [numbers],
        {"written_account": pl.String, "account_id": pl.Int64},
    )
    return frame.join(accounts, on="written_account", how="left", maintain_order="left")


def _to_corrections(source: ImportBatch, lost: pl.DataFrame, parsed: ParsedPayments) -> None:
    """One correction for each payment nobody can place, and for whatever else the file says that cannot be."""
    raw = {record.line: record.raw for record in parsed.records}
    said = {(problem.line, problem.field) for problem in parsed.problems}
    Correction.objects.bulk_create(
        Correction(
            batch=source,
            line=problem.line,
            field=problem.field,
            found=problem.found,
            expected=problem.expected,
            raw=raw.get(problem.line, ""),
        )
        for problem in parsed.problems
    )
    Correction.objects.bulk_create(
        Correction(
            batch=source,
            line=row["line"],
            field="account",
            found=row["written_account"],
            expected="the number of an account on record",
            raw=row["raw"],
        )
        for row in lost.iter_rows(named=True)
        if not any(line == row["line"] and "account" in field for line, field in said)
    )
