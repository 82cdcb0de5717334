"""The policy ``back-billing`` as the engine's value."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.corrections.policy import BackBilling, parse_back_billing
from meterbook.records.platform.policies import policy

POLICY = "back-billing"


def back_billing(on: date) -> BackBilling:
    """The settings in force on a business date; raises `NoPolicy` and `WrongBackBilling`."""
    return parse_back_billing(policy(POLICY, on))
