"""What other pages show of autopay."""

from __future__ import annotations

from typing import Any

from meterbook.records.autopay import screens


def autopay_panel(account_id: int) -> Any:
    """An account's authorisation that stands, or its newest; nothing if it never had one."""
    return screens.of_account(account_id)
