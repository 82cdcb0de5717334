"""What pages show of payments: batches with their totals, the payments in one, and money nobody could place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, QuerySet, Sum

from meterbook.records.payments.models import CarriedItem, Payment, PaymentBatch, PaymentMove, ReversedPart


def batches() -> QuerySet[PaymentBatch, Any]:
    """Every batch with its control totals."""
    return PaymentBatch.objects.values(
        "id", "number", "channel", "received_on", "count", "total_cents",
        file_name=F("source__file_name"), posted_on=F("deed__business_date"), posted_by=F("deed__actor__username"),
    )  # fmt: skip


def batch(batch_id: int) -> dict[str, Any] | None:
    """One batch, or nothing."""
    return batches().filter(pk=batch_id).first()


def payments(*, batch_id: int | None = None, unplaced: bool = False) -> QuerySet[Payment, Any]:
    """Payments of one batch, or of all; or only those without an account."""
    rows = Payment.objects.all()
    if batch_id is not None:
        rows = rows.filter(batch_id=batch_id)
    if unplaced:
        rows = rows.filter(account__isnull=True)
    return rows.values(
        "id", "written_account", "amount_cents", "received_on", "reference", "line",
        number=F("account__number"), name=F("account__holder__name"), batch_number=F("batch__number"),
    )  # fmt: skip


def unplaced() -> dict[str, Any]:
    """How many payments wait without an account, since when, and for how much."""
    return Payment.objects.filter(account__isnull=True).aggregate(
        count=Count("id"), oldest=Min("received_on"), cents=Sum("amount_cents")
    )


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment found by its reference; ``account_id`` is missing while nobody knows whose it is."""

    payment_id: int
    reference: str
    account_id: int | None
    tender: str
    amount_cents: int
    received_on: date
    written_account: str
    payer: str


def payments_by_reference(text: str, limit: int) -> list[Paid]:
    """Payments that came with exactly this check number, trace or receipt reference, in either case, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, reference, account_id, tender, amount_cents, received_on, written_account, payer"
            "  FROM payments_payment WHERE reference <> '' AND upper(reference) = %s"
            " ORDER BY received_on DESC, id DESC LIMIT %s",
            [text.upper(), limit],
        )
        return [Paid(*row) for row in cursor.fetchall()]


def references(payment_ids: list[int]) -> dict[int, Any]:
    """Batch and reference of payments, for statements."""
    rows = Payment.objects.filter(pk__in=payment_ids)
    return {row["id"]: row for row in rows.values("id", "reference", "batch_id", batch_number=F("batch__number"))}


def behind(sources: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """The payment behind each move or reversal, the change by hand behind each transfer, by source kind and id."""
    found: dict[tuple[str, int], int] = {}
    ids = {kind: [source for one, source in sources if one == kind] for kind in ("placement", "reversal", "transfer")}
    moves = PaymentMove.objects.filter(pk__in=ids["placement"]).values_list("pk", "payment_id")
    parts = ReversedPart.objects.filter(pk__in=ids["reversal"]).values_list("pk", "reversal__payment_id")
    carried = CarriedItem.objects.filter(pk__in=ids["transfer"]).values_list("pk", "change_id")
    for kind, rows in (("placement", moves), ("reversal", parts), ("transfer", carried)):
        found |= {(kind, source): target for source, target in rows}
    return found


_NEWEST = """
SELECT p.id, p.amount_cents, p.received_on, p.tender, p.reference, b.channel, b.number, r.reversed_on
  FROM payments_payment p LEFT JOIN payments_paymentbatch b ON b.id = p.batch_id
  LEFT JOIN payments_paymentreversal r ON r.payment_id = p.id
 WHERE p.account_id = %s ORDER BY p.received_on DESC, p.id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Came:
    """A payment as a caller asks for it: when, how much, which way; ``taken_back`` if it turned out not to be one."""

    id: int
    cents: int
    on: date
    tender: str
    reference: str
    channel: str | None
    batch: str | None
    taken_back: date | None


def newest_of(account_id: int, limit: int = 1) -> list[Came]:
    """The last payments that came in for an account, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [account_id, limit])
        return [Came(*row) for row in cursor.fetchall()]
