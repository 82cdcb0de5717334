"""What the account's own page shows of service that is off for nonpayment."""

from __future__ import annotations

from datetime import date
from typing import Any

from meterbook.records.service_orders.restoring.quote import off_points


def restore_panel(account: Any, day: date) -> list[Any]:
    """Where service is off for nonpayment."""
    return off_points(account, day)
