"""The policy ``autopay`` in force on a day, as a value, with the document it stands in."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import yaml

from meterbook.engine.autopay.rules import AutopayRules, parse_autopay
from meterbook.formats.nacha import CompanySettings, Offset
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy, released

POLICY = "autopay"


def rules_on(day: date) -> tuple[Document, AutopayRules]:
    """The rules in force; raises `NoPolicy`."""
    document = released(POLICY, day)
    if document is None:
        raise NoPolicy(f"no policy {POLICY} is in force on {day}")
    return document, _read(document.sha256, document.body)


@lru_cache(maxsize=8)
def _read(sha256: str, body: str) -> AutopayRules:
    """A released text read once; its fingerprint tells texts apart."""
    return parse_autopay(yaml.safe_load(body))


def company_of(rules: AutopayRules) -> CompanySettings:
    """Who we are to the bank, as the file's writer takes it."""
    city = rules.company
    return CompanySettings(
        destination=city.bank, destination_name=city.bank_name, origin=city.origin, origin_name=city.origin_name,
        company_name=city.name, company_id=city.id, odfi=city.bank,
        offset=Offset(city.offset_routing, city.offset_account) if city.balanced else None,
    )  # fmt: skip
