"""The policies of one-off charges in force on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import yaml

from meterbook.engine.billing.charges.catalogue import Catalogue, parse_service_fees
from meterbook.engine.billing.charges.development import DevelopmentRules, parse_development
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.transfers import NoLedgerAccount
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy, released

Read = TypeVar("Read")


def catalogue_on(day: date) -> tuple[Document, Catalogue]:
    """The fee catalogue and its document. Raises `NoPolicy`."""
    return _in_force("service-fees", day, parse_service_fees)


def development_on(day: date) -> tuple[Document, DevelopmentRules]:
    """The rules of development charges and their document. Raises `NoPolicy`."""
    return _in_force("development-charges", day, parse_development)


def chart_account(code: str) -> LedgerAccount:
    """An account of the chart by its code. Raises `NoLedgerAccount`."""
    found = LedgerAccount.objects.filter(code=code).first()
    if found is None:
        raise NoLedgerAccount(f"the chart of accounts has no account {code}")
    return found


def _in_force(code: str, day: date, reader: Callable[[dict[str, Any]], Read]) -> tuple[Document, Read]:
    document = released(code, day)
    if document is None:
        raise NoPolicy(f"no policy {code} is in force on {day}")
    return document, _read(document.sha256, document.body, reader)


@lru_cache(maxsize=16)
def _read(sha256: str, body: str, reader: Callable[[dict[str, Any]], Read]) -> Read:
    return reader(yaml.safe_load(body))
