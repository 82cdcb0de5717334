"""Lines of the bank's that nothing was found for yet."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from meterbook.records.banking.models import BankAccount, Booking, MatchedLine, StatementLine


def unmatched_lines(account: BankAccount | None = None, *, held: bool = False) -> QuerySet[StatementLine, Any]:
    """Lines without a match that stands, of statements that are not held (``held``: also of those)."""
    stands = MatchedLine.objects.filter(line=OuterRef("pk"), stands=True)
    rows = StatementLine.objects.filter(~Exists(stands)).select_related("statement__bank_account__ledger")
    if account is not None:
        rows = rows.filter(statement__bank_account=account)
    if not held:
        rows = rows.filter(Q(statement__questions=[]) | Q(statement__accepted__isnull=False))
    return rows.order_by("booked_on", "pk")


def proposed_lines() -> QuerySet[StatementLine, Any]:
    """Unmatched lines whose booking waits for a second person."""
    asked = Booking.objects.filter(line=OuterRef("pk"), state=Booking.PROPOSED)
    return unmatched_lines().filter(Exists(asked))
