"""The policies of one-off charges in force on a day."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.charges.catalogue import Catalogue, parse_service_fees
from meterbook.engine.billing.charges.development import DevelopmentRules, parse_development
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.transfers import NoLedgerAccount
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import policy_as


def catalogue_on(day: date) -> tuple[Document, Catalogue]:
    """The fee catalogue and its document. Raises `NoPolicy`."""
    return policy_as("service-fees", day, parse_service_fees)


def development_on(day: date) -> tuple[Document, DevelopmentRules]:
    """The rules of development charges and their document. Raises `NoPolicy`."""
    return policy_as("development-charges", day, parse_development)


def chart_account(code: str) -> LedgerAccount:
    """An account of the chart by its code. Raises `NoLedgerAccount`."""
    found = LedgerAccount.objects.filter(code=code).first()
    if found is None:
        raise NoLedgerAccount(f"the chart of accounts has no account {code}")
    return found
