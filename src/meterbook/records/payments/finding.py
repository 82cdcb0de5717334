"""Payments by the check number or other reference they came with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection


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
