"""The agreements in force on a day, and the accounts of the chart they speak of."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import yaml

from meterbook.engine.ledger.agencies.agreements import Agency, parse_agreements
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.transfers import NoLedgerAccount
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy, released

POLICY = "agency-agreements"


class UnknownAgency(LookupError):
    """No agreement of that code is in force."""


def agreements_on(day: date) -> tuple[Document, dict[str, Agency]]:
    """Every agreement by code with its document; raises `NoPolicy`."""
    document = released(POLICY, day)
    if document is None:
        raise NoPolicy(f"no policy {POLICY} is in force on {day}")
    return document, _read(document.sha256, document.body)


@lru_cache(maxsize=8)
def _read(sha256: str, body: str) -> dict[str, Agency]:
    """A released text read once; its fingerprint tells texts apart."""
    return parse_agreements(yaml.safe_load(body))


def agency_on(code: str, day: date) -> tuple[Document, Agency]:
    """One agreement; raises `UnknownAgency` or `NoPolicy`."""
    document, found = agreements_on(day)
    if code not in found:
        raise UnknownAgency(f"no agency {code}; known: {', '.join(sorted(found))}")
    return document, found[code]


def chart_account(code: str) -> LedgerAccount:
    """An account of the chart; raises `NoLedgerAccount`."""
    found = LedgerAccount.objects.filter(code=code).first()
    if found is None:
        raise NoLedgerAccount(f"the chart of accounts has no account {code}")
    return found
