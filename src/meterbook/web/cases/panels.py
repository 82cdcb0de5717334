"""What other pages show of cases: the account's own, and what of it is in dispute."""

from __future__ import annotations

from datetime import date
from typing import Any

from meterbook.records.cases import screens
from meterbook.records.ledger.disputes.standing import disputed
from meterbook.web.kit.language import bilingual


def cases_panel(account_id: int, day: date) -> dict[str, Any]:
    """The account's cases, open ones first, and the cents in dispute now."""
    rows = screens.of_account(account_id, day)
    for row in rows:
        row["words"] = row[f"words_{bilingual()}"]
    return {"cases": rows, "disputed_cents": sum(one.disputed_cents for one in disputed(account_id, day))}
