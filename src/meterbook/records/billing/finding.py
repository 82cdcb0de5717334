"""Bills by their number."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from meterbook.records.places.finding.spelling import like_prefix


@dataclass(frozen=True, slots=True)
class Numbered:
    """A bill by its number, and the account it was sent to."""

    bill_id: int
    number: str
    account_id: int


def bills_numbered(text: str, limit: int) -> list[Numbered]:
    """Posted bills whose number begins as typed, that very number first, then the newest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, account_id FROM ("
            " SELECT b.id, b.number, b.account_id, b.bill_date"
            "   FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id"
            "  WHERE b.number LIKE %s AND r.status = 'posted' ORDER BY b.number USING ~<~ LIMIT 100) f "
            "ORDER BY number = %s DESC, bill_date DESC LIMIT %s",
            [like_prefix(text), text, limit],
        )
        return [Numbered(*row) for row in cursor.fetchall()]
