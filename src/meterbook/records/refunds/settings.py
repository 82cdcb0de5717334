"""The policies of refunds in force on a day, as values, each with the document it stands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import yaml

from meterbook.engine.billing.refunding.dormancy import Dormancy, parse_dormancy
from meterbook.engine.billing.refunding.programmes import Programmes, parse_programmes
from meterbook.engine.billing.refunding.rules import RefundRules, parse_refunds
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy, released

Read = TypeVar("Read")


def refund_rules_on(day: date) -> tuple[Document, RefundRules]:
    """When and how credits go back; raises `NoPolicy`."""
    return _in_force("refunds", day, parse_refunds)


def dormancy_on(day: date) -> tuple[Document, Dormancy]:
    """When money counts as unclaimed; raises `NoPolicy`."""
    return _in_force("unclaimed-money", day, parse_dormancy)


def programmes_on(day: date) -> tuple[Document, Programmes]:
    """The rebate programmes; raises `NoPolicy`."""
    return _in_force("rebates", day, parse_programmes)


def _in_force(code: str, day: date, reader: Callable[[dict[str, Any]], Read]) -> tuple[Document, Read]:
    document = released(code, day)
    if document is None:
        raise NoPolicy(f"no policy {code} is in force on {day}")
    return document, _read(document.sha256, document.body, reader)


@lru_cache(maxsize=32)
def _read(sha256: str, body: str, reader: Callable[[dict[str, Any]], Read]) -> Read:
    """A released text read once; its fingerprint tells texts apart."""
    return reader(yaml.safe_load(body))
