"""The policies of refunds in force on a day, as values, each with the document it stands in."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.refunding.dormancy import Dormancy, parse_dormancy
from meterbook.engine.billing.refunding.programmes import Programmes, parse_programmes
from meterbook.engine.billing.refunding.rules import RefundRules, parse_refunds
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import policy_as


def refund_rules_on(day: date) -> tuple[Document, RefundRules]:
    """When and how credits go back; raises `NoPolicy`."""
    return policy_as("refunds", day, parse_refunds)


def dormancy_on(day: date) -> tuple[Document, Dormancy]:
    """When money counts as unclaimed; raises `NoPolicy`."""
    return policy_as("unclaimed-money", day, parse_dormancy)


def programmes_on(day: date) -> tuple[Document, Programmes]:
    """The rebate programmes; raises `NoPolicy`."""
    return policy_as("rebates", day, parse_programmes)
