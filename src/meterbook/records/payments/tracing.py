"""A payment from end to end: how it came, what it wrote, what it settled, where it went and whether it came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField

from meterbook.records.ledger.models import Entry
from meterbook.records.payments.models import HandChange, Payment, PaymentMove, PaymentReversal, ReversedPart
from meterbook.records.payments.standing import Part, parts_of

_SETTLED = """
SELECT c.id, n.number, c.service, c.category, c.due_on, c.source_kind, c.source_id, b.number, g.amount_cents,
       sum(l.amount_cents)::bigint, bool_or(l.pinned), min(l.effective_on), max(l.effective_on)
  FROM ledger_openitem g JOIN ledger_allocation l ON l.credit_id = g.id JOIN ledger_openitem c ON c.id = l.charge_id
  JOIN customers_account n ON n.id = c.account_id
  LEFT JOIN billing_bill b ON c.source_kind = 'bill' AND b.id = c.source_id
 WHERE g.side = 'credit' AND ((g.source_kind = 'payment' AND g.source_id = %(payment)s)
    OR (g.source_kind = 'placement' AND g.source_id IN (SELECT id FROM payments_paymentmove
                                                         WHERE payment_id = %(payment)s)))
 GROUP BY c.id, n.number, b.number, g.id ORDER BY min(l.effective_on), c.due_on, c.id
"""


_TEXT: dict[str, Any] = {"output_field": TextField()}


@dataclass(frozen=True, slots=True)
class Settled:
    """A charge the payment settles now, or did before (``cents`` 0): on which account, of which bill, from when."""

    item: int
    number: str
    service: str
    category: str
    due_on: date
    source_kind: str
    source_id: int
    bill_number: str | None
    cents: int
    pinned: bool
    since: date
    last: date


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything on record about one payment."""

    payment: Payment
    entries: list[dict[str, Any]]
    settled: list[Settled]
    moves: list[PaymentMove]
    reversal: PaymentReversal | None
    now: list[Part]
    asked: list[HandChange]


def trace(payment_id: int) -> Trace | None:
    """A payment's trace, or nothing where there is no such payment."""
    found = (
        Payment.objects.filter(pk=payment_id)
        .select_related("batch__deed__actor", "batch__source", "account__holder", "into", "for_bill")
        .first()
    )
    if found is None:
        return None
    moves = list(found.moves.select_related("from_account", "to_account", "deed__actor").order_by("pk"))
    reversal = (
        PaymentReversal.objects.filter(payment=found)
        .select_related("deed__actor", "out_of")
        .prefetch_related("parts__account")
        .first()
    )
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, {"payment": payment_id})
        settled = [Settled(*row[:8], *row[9:]) for row in cursor.fetchall()]
    asked = found.hand_changes.select_related("asked_by__actor", "from_account", "to_account").order_by("pk")
    return Trace(found, _entries(found, moves, reversal), settled, moves, reversal, parts_of([payment_id]), list(asked))


def _entries(payment: Payment, moves: list[PaymentMove], reversal: PaymentReversal | None) -> list[dict[str, Any]]:
    """The transfers it wrote itself: coming, moving, going. What it settled is among the allocations."""
    parts = ReversedPart.objects.filter(reversal=reversal).values_list("pk", flat=True) if reversal else []
    of = Q(source_kind="payment", source_id=payment.pk)
    of |= Q(source_kind="placement", source_id__in=[move.pk for move in moves])
    of |= Q(source_kind="reversal", source_id__in=list(parts))
    rows = Entry.objects.filter(of, run_id=0).order_by("pk")
    found = rows.values(
        "id", "effective_on", "amount_cents", "source_kind", "service", "recorded_at", number=F("account__number"),
        debit_code=F("debit__code"), debit_en=F("debit__title_en"), debit_es=F("debit__title_es"),
        credit_code=F("credit__code"), credit_en=F("credit__title_en"), credit_es=F("credit__title_es"),
        period_code=F("period__code"), by=F("deed__actor__username"), reason=F("deed__reason"),
    )  # fmt: skip
    return [dict(row) for row in found]


def found_payments() -> QuerySet[Payment, Any]:
    """Every payment, to be searched by amount, day, check number, name and account."""
    told = Payment.objects.annotate(
        dollars=Func(F("amount_cents"), template="to_char(%(expressions)s / 100.0, 'FM9999999990.00')", **_TEXT),
        day=Func(F("received_on"), template="to_char(%(expressions)s, 'YYYY-MM-DD MM/DD/YYYY')", **_TEXT),
    )
    return told.values(
        "id", "written_account", "amount_cents", "received_on", "tender", "reference", "payer", "batch_id",
        number=F("account__number"), name=F("account__holder__name"), batch_number=F("batch__number"),
        channel=F("batch__channel"), reversed_as=F("reversal__kind"),
    )  # fmt: skip


def hand_changes() -> QuerySet[HandChange, Any]:
    """Everything asked for by hand, with who asked and who decided."""
    return HandChange.objects.values(
        "id", "kind", "payment_id", "amount_cents", "effective_on", "reason", "words_en", "words_es", "note", "state",
        "approval_id", source=F("from_account__number"), target=F("to_account__number"),
        asker=F("asked_by__actor__username"), decider=F("decided_by__actor__username"),
    )  # fmt: skip


def hand_change(change_id: int) -> HandChange | None:
    """One of them with all it points at, or nothing."""
    return (
        HandChange.objects.filter(pk=change_id)
        .select_related(
            "payment", "from_account__holder", "to_account__holder", "asked_by__actor", "decided_by__actor", "approval",
            "document", "charge", "credit",
        )
        .first()
    )  # fmt: skip
