"""What other pages show of cases: the account's own, and what of it is in dispute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from meterbook.records.cases import screens
from meterbook.records.ledger.disputes.standing import disputed
from meterbook.records.ledger.screens import OpenDay
from meterbook.web.kit.language import bilingual


def collectable(account_id: int, day: date, due: Sequence[OpenDay]) -> list[OpenDay]:
    """What is open by due date, less what of it is in dispute: what a penalty, a notice or a cutoff may be about."""
    held: dict[date, int] = {}
    for one in disputed(account_id, day):
        held[one.due_on] = held.get(one.due_on, 0) + one.disputed_cents
    left = [replace(one, cents=one.cents - held.get(one.due_on, 0)) for one in due]
    return [one for one in left if one.cents > 0]


def cases_panel(account_id: int, day: date) -> dict[str, Any]:
    """The account's cases, open ones first, and the cents in dispute now."""
    rows = screens.of_account(account_id, day)
    for row in rows:
        row["words"] = row[f"words_{bilingual()}"]
    return {"cases": rows, "disputed_cents": sum(one.disputed_cents for one in disputed(account_id, day))}
