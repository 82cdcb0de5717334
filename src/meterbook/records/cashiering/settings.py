"""The counter's policies in force on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import yaml

from meterbook.engine.cashiering.rules import CounterRules, Sale, parse_rules, parse_sales
from meterbook.records.platform.policies import NoPolicy, released

Read = TypeVar("Read")


def sales_on(day: date) -> dict[str, Sale]:
    """What is sold, by code; nothing where no catalogue is in force."""
    document = released("counter-sales", day)
    return {} if document is None else _read(document.sha256, document.body, parse_sales)


def rules_on(day: date) -> CounterRules:
    """How the counter is run; raises `NoPolicy`."""
    document = released("counter-rules", day)
    if document is None:
        raise NoPolicy(f"no policy counter-rules is in force on {day}")
    found: CounterRules = _read(document.sha256, document.body, parse_rules)
    return found


@lru_cache(maxsize=32)
def _read(sha256: str, body: str, reader: Callable[[dict[str, Any]], Read]) -> Read:
    """A released text read once; its fingerprint tells texts apart."""
    return reader(yaml.safe_load(body))
