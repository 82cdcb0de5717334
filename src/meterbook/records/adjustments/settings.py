"""The policies in force on a day, as values, each with the document it stands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import yaml

from meterbook.engine.billing.adjusting.fees import Fee, parse_fees
from meterbook.engine.billing.adjusting.reasons import Reasons, parse_reasons
from meterbook.engine.billing.leak.settings import LeakRules, parse_leak
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy, released

Read = TypeVar("Read")


def reasons_on(day: date) -> tuple[Document, Reasons]:
    """The reasons in force; raises `NoPolicy`."""
    return _in_force("adjustment-reasons", day, parse_reasons)


def fees_on(day: date) -> tuple[Document, dict[str, Fee]]:
    """The fee catalogue in force; raises `NoPolicy`."""
    return _in_force("billing-fees", day, parse_fees)


def leak_rules_on(day: date) -> tuple[Document, LeakRules]:
    """The leak rules in force; raises `NoPolicy`."""
    return _in_force("leak-adjustment", day, parse_leak)


def _in_force(code: str, day: date, reader: Callable[[dict[str, Any]], Read]) -> tuple[Document, Read]:
    document = released(code, day)
    if document is None:
        raise NoPolicy(f"no policy {code} is in force on {day}")
    return document, _read(document.sha256, document.body, reader)


@lru_cache(maxsize=32)
def _read(sha256: str, body: str, reader: Callable[[dict[str, Any]], Read]) -> Read:
    """A released text read once; its fingerprint tells texts apart."""
    return reader(yaml.safe_load(body))
