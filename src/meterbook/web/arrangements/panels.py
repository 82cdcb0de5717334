"""What other pages show of more time and plans: the account's own."""

from __future__ import annotations

from datetime import date
from typing import Any

from meterbook.records.ledger.arrangements.screens import state_of
from meterbook.records.ledger.arrangements.standing import extensions_on, plan_on
from meterbook.records.platform.policies import NoPolicy


def arrangements_panel(account_id: int, day: date) -> dict[str, Any]:
    """The plan that stands, and the newest promise with how it stands; nothing without a policy."""
    try:
        promises, plan = extensions_on(account_id, day), plan_on(account_id, day)
    except NoPolicy:
        return {}
    newest = promises[0] if promises else None
    return {"plan": plan, "promise": newest, "promise_state": state_of(newest) if newest else ""}
