"""Posting a deposit: a file of payments becomes a batch, its transfers, and allocations in the order of payment.

A long file is posted piece by piece, each piece in one transaction: cashiers never wait long for an account, and what
was interrupted goes on at the next piece. What is posted is counted from the books, so nothing is kept between pieces.
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache

import polars as pl

from meterbook.formats.contract import ParsedPayments
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.identifying import identified, payments_frame
from meterbook.records.payments.layouts import CHANNELS, TENDER_OF, reader
from meterbook.records.payments.models import Payment, PaymentBatch
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Correction, Deed, ImportBatch
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, CASHIER, SUPERVISOR
from meterbook.records.platform.turns import one_at_a_time

WHOLE = 10**9


#: A bank may date tonight's deposit tomorrow, or after a long weekend; a year keyed wrong is further ahead.
_AHEAD_DAYS = 7


class DepositAhead(ValueError):
    """The file says it was deposited on a day that has not come."""


class ControlTotalDiffers(ValueError):
    """The payments in a file do not add up to the file's own control total."""


@operation("payments.post_payments", roles={CASHIER, BILLING, SUPERVISOR})
def post_payments(
    deed: Deed, *, format: str, file_name: str, content: bytes, channel: str = "", piece: int = WHOLE
) -> PaymentBatch:
    """Post a payment file, at most ``piece`` payments of it; called again with the same bytes it goes on.

    A file posted whole changes nothing any more: its batch is returned. A payment whose account number is unknown goes
    to suspense and to the correction list; what is no payment (a reversal, a refund, no amount) is a correction only.
    Raises `formats.contract.WrongFormat` when the file cannot be trusted as a whole, `ControlTotalDiffers`,
    and `DepositAhead`.
    """
    digest = hashlib.sha256(content).hexdigest()
    one_at_a_time(f"payments {digest}")
    batch = _known(digest)
    if batch is not None and posted_of(batch) == batch.count:
        return batch
    parsed, payments = _parsed(format, content, deed.business_date if batch is None else batch.deed.business_date)
    if batch is None:
        if (parsed.deposit_on - deed.business_date).days > _AHEAD_DAYS:
            raise DepositAhead(f"{file_name}: found {parsed.deposit_on}, expected about {deed.business_date}")
        batch = _begun(deed, format, file_name, content, channel, parsed, payments)
    done = posted_of(batch)
    rows = identified(payments.slice(done, piece)).drop("raw", "ordinal")
    if rows.height:
        receive(deed, rows, into=account_for("clearing"), effective_on=batch.received_on, batch=batch)
    if done + rows.height == batch.count:
        tell(deed, "payments.batch_posted", batch=batch.pk, count=batch.count, cents=batch.total_cents)
    return batch


def posted_of(batch: PaymentBatch) -> int:
    """How many of a batch's payments are on the books."""
    return Payment.objects.filter(batch=batch).count()


def _known(digest: str) -> PaymentBatch | None:
    """The batch of a file taken before, locked, so that only one goes on with it."""
    found = PaymentBatch.objects.filter(source__kind="payments", source__sha256=digest)
    return found.select_for_update(of=("self",), no_key=True).select_related("deed", "source").first()


@lru_cache(maxsize=1)
def _parsed(format: str, content: bytes, on: date) -> tuple[ParsedPayments, pl.DataFrame]:
    """The file's records and its payments; read once for all its pieces."""
    parsed = reader(format, on)(content)
    tender = TENDER_OF.get(format.partition("/")[0], "other")
    digest = hashlib.sha256(content).hexdigest()
    return parsed, payments_frame(parsed.records, digest=digest, tender=tender)


def _begun(
    deed: Deed,
    format: str,
    file_name: str,
    content: bytes,
    channel: str,
    parsed: ParsedPayments,
    payments: pl.DataFrame,
) -> PaymentBatch:
    """The file on record with its control totals and everything about it that a person must look at."""
    total = sum(record.amount_cents for record in parsed.records)
    if total != parsed.control_total_cents:
        raise ControlTotalDiffers(f"{file_name}: payments make {total} cents, file says {parsed.control_total_cents}")
    digest = hashlib.sha256(content).hexdigest()
    named = identified(payments)
    lost = named.filter(pl.col("account_id").is_null())
    source = ImportBatch.objects.create(
        kind="payments", format=format, file_name=file_name, sha256=digest, rows=len(parsed.records),
        loaded=payments.height - lost.height, rejected=len(parsed.records) - payments.height + lost.height, deed=deed,
    )  # fmt: skip
    batch = PaymentBatch.objects.create(
        number=f"{parsed.deposit_on:%Y%m%d}-{digest[:8]}",
        channel=channel or CHANNELS.get(format.partition("/")[0], "lockbox"), received_on=parsed.deposit_on,
        count=payments.height, total_cents=int(payments["amount_cents"].sum() or 0), source=source, deed=deed,
    )  # fmt: skip
    keep_file(deed, subject=f"importbatch:{source.pk}", file_name=file_name, content_type="text/plain", content=content)
    _to_corrections(source, lost, parsed)
    return batch


def _to_corrections(source: ImportBatch, lost: pl.DataFrame, parsed: ParsedPayments) -> None:
    """One correction for each payment nobody can place, and for whatever else the file says that cannot be."""
    raw = {record.line: record.raw for record in parsed.records} if parsed.problems else {}
    said = {problem.line for problem in parsed.problems if "account" in problem.field}
    found = [
        Correction(
            batch=source, line=problem.line, field=problem.field, found=problem.found, expected=problem.expected,
            raw=raw.get(problem.line, ""),
        )
        for problem in parsed.problems
    ]  # fmt: skip
    found += [
        Correction(
            batch=source, line=row["line"], field="account", found=row["written_account"],
            expected="the number of an account on record", raw=row["raw"],
        )
        for row in lost.iter_rows(named=True)
        if row["line"] not in said
    ]  # fmt: skip
    Correction.objects.bulk_create(found)
