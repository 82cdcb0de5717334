"""The terms of wholesale agreements: the policy ``wholesale``, one entry an agreement, cited and effective-dated."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.wholesale import Terms, parse_wholesale
from meterbook.records.platform.policies import NoPolicy, policy

CODE = "wholesale"


def terms_of(code: str, on: date) -> Terms:
    """An agreement's terms on a day; raises `NoPolicy` where none are in force."""
    agreements = parse_wholesale(policy(CODE, on))
    if code not in agreements:
        raise NoPolicy(f"policy {CODE} has no agreement {code} on {on}")
    return agreements[code]
