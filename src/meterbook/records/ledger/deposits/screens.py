"""What pages show of deposits."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from meterbook.records.ledger.deposits import queries


def deposits() -> Any:
    """Every deposit with its account, what was received and what is still held."""
    rows: Any = queries.deposits()
    return rows.values(
        "id", "service", "received_on", "amount_cents", "held_cents", number=F("account__number"),
        name=F("account__holder__name"),
    )  # fmt: skip
