"""What a payment file says beside its payments: payments taken back, and what the processor kept."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from meterbook.formats.contract import PaymentRecord
from meterbook.records.banking.books import book_fee
from meterbook.records.banking.models import Match, MatchedDeposit
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.layouts import reader
from meterbook.records.payments.models import Payment, PaymentBatch, PaymentReversal
from meterbook.records.payments.operations.post_payments import posted_of
from meterbook.records.payments.reversing import ToReverse, reverse_payments
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Correction, Deed
from meterbook.records.platform.roles import BILLING, CASHIER, SUPERVISOR
from meterbook.records.returns.consequences import apply_return

#: How the books call what a file takes back, with the reason where the file gives none.
KINDS = {"reversal": ("returned", "REV"), "refund": ("void", "REFUND"), "chargeback": ("chargeback", "CHARGEBACK")}
#: How far back a payment that is taken back may lie.
DAYS = 400


class StillPosting(ValueError):
    """Not every payment of the file is posted yet."""


@operation("banking.finish_file", roles={CASHIER, BILLING, SUPERVISOR})
def finish_file(deed: Deed, *, batch: PaymentBatch, content: bytes) -> list[PaymentReversal]:
    """Take back what the file takes back, and book what the processor kept; done once, however often it is called.

    A payment is found by the sender's own number for it, else by account and amount, the latest first. What cannot be
    found, a part of a payment, or an adjustment is left to a person in the correction list. Returned payments and
    chargebacks have the consequences of the policy. Raises `StillPosting`.
    """
    source = batch.source
    if source is None or hashlib.sha256(content).hexdigest() != source.sha256:
        raise StillPosting("this is not the file of the batch")
    if posted_of(batch) != batch.count:
        raise StillPosting(f"{posted_of(batch)} of {batch.count} payments are posted")
    PaymentBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if Deed.objects.filter(kind=deed.kind, subject=deed.subject, pk__lt=deed.pk).exists():
        return []
    records = reader(source.format, batch.deed.business_date)(content).records
    made = []
    for record in records:
        if record.kind == "payment":
            continue
        found = _found(batch, record)
        if found is None:
            _to_correction(batch, record)
            continue
        kind, code = KINDS[record.kind]
        [reversal] = reverse_payments(
            deed, [ToReverse(found, code)], kind=kind, reversed_on=batch.received_on, out_of=account_for("clearing")
        )
        made.append(reversal)
    apply_return(deed, [each for each in made if each.kind != PaymentReversal.VOID])
    _fee(deed, batch, sum(each.fee_cents for each in records))
    tell(deed, "banking.file_finished", batch=batch.pk, taken_back=len(made))
    return made


def finished(batch: PaymentBatch) -> bool:
    """Whether there is nothing left to finish: a lockbox file says nothing beside its checks."""
    if batch.source is None or batch.source.format.partition("/")[0] == "lockbox":
        return True
    return Deed.objects.filter(kind="banking.finish_file", subject=f"paymentbatch:{batch.pk}").exists()


def _found(batch: PaymentBatch, record: PaymentRecord) -> Payment | None:
    """The payment a record takes back, whole and still standing."""
    if record.kind not in KINDS:
        return None
    since = batch.received_on - timedelta(days=DAYS)
    rows = Payment.objects.filter(
        amount_cents=-record.amount_cents, reversal__isnull=True, received_on__range=(since, batch.received_on),
        batch__channel=batch.channel,
    ).order_by("-received_on", "-pk")  # fmt: skip
    if record.original:
        return rows.filter(reference=record.original[:60]).first()
    return rows.filter(written_account=record.account_number).first() if record.account_number else None


def _to_correction(batch: PaymentBatch, record: PaymentRecord) -> None:
    assert batch.source is not None
    found = f"{record.amount_cents} {record.original}".strip()
    Correction.objects.create(
        batch=batch.source, line=record.line, field=record.kind, found=found,
        expected="a payment of this amount that stands; taken back by a person", raw=record.raw,
    )  # fmt: skip


def _fee(deed: Deed, batch: PaymentBatch, cents: int) -> None:
    """What was kept never reaches the bank: an expense, and so much less of the deposit to wait for."""
    if not cents:
        return
    match = Match.objects.create(
        kind=Match.FEE, on=batch.received_on, cents=cents, against=account_for("bank_fees"), deed=deed
    )
    MatchedDeposit.objects.create(match=match, key=f"batch:{batch.pk}", cents=cents)
    book_fee(deed, match)
