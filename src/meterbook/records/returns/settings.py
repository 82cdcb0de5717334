"""The policy on returned payments in force on a day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import yaml

from meterbook.engine.billing.adjusting.returned import ReturnRules, parse_returns
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy, released


def return_rules_on(day: date) -> tuple[Document, ReturnRules]:
    """The rules and the document they stand in. Raises `NoPolicy`."""
    document = released("returned-payments", day)
    if document is None:
        raise NoPolicy(f"no policy returned-payments is in force on {day}")
    return document, _read(document.sha256, document.body)


@lru_cache(maxsize=8)
def _read(sha256: str, body: str) -> ReturnRules:
    return parse_returns(yaml.safe_load(body))
