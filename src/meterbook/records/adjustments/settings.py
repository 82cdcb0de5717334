"""The policies in force on a day, as values, each with the document it stands in."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.adjusting.fees import Fee, parse_fees
from meterbook.engine.billing.adjusting.reasons import Reasons, parse_reasons
from meterbook.engine.billing.leak.settings import LeakRules, parse_leak
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import policy_as


def reasons_on(day: date) -> tuple[Document, Reasons]:
    """The reasons in force; raises `NoPolicy`."""
    return policy_as("adjustment-reasons", day, parse_reasons)


def fees_on(day: date) -> tuple[Document, dict[str, Fee]]:
    """The fee catalogue in force; raises `NoPolicy`."""
    return policy_as("billing-fees", day, parse_fees)


def leak_rules_on(day: date) -> tuple[Document, LeakRules]:
    """The leak rules in force; raises `NoPolicy`."""
    return policy_as("leak-adjustment", day, parse_leak)
