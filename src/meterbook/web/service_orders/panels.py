"""What other pages show of service orders: an account's open ones, and where its service is off."""

from __future__ import annotations

from datetime import date
from typing import Any

from meterbook.records.service_orders import screens


def orders_panel(account_id: int, day: date) -> dict[str, Any]:
    """The account's open orders, and each of its points whose service is off."""
    off = [row for row in screens.statuses_of(account_id, day) if row.state == "off"]
    return {"orders": screens.of_account(account_id)[:10], "off": off}


def order_of(request_id: int) -> int | None:
    """The order a field request is worked on as, or nothing."""
    return screens.order_of_request(request_id)
