"""What other pages show of moves: an account's moves and landlord, a premise's."""

from __future__ import annotations

from typing import Any

from meterbook.records.moves import screens
from meterbook.records.platform.queries import business_date

_SHOWN = 3


def moves_panel(account_id: int) -> dict[str, Any]:
    """An account's newest moves, the agreements it holds as a landlord, and those of its landlords."""
    day = business_date()
    return {
        "moves": screens.of_account(account_id)[:_SHOWN], "premises": len(screens.landlord_premises(account_id, day)),
        "landlords": screens.landlord_of_tenant(account_id, day),
    }  # fmt: skip


def premise_panel(premise_id: int) -> dict[str, Any]:
    """Who takes service over at a premise between tenants, whether a cutoff bars it, what is planned there."""
    landlord, cut = screens.landlord_of(premise_id, business_date())
    return {"landlord": landlord, "cut_off": cut, "planned": screens.planned_at(premise_id)}
