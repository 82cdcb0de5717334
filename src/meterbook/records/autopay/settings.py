"""The policy ``autopay`` in force on a day, as a value, with the document it stands in."""

from __future__ import annotations

from datetime import date

from meterbook.engine.autopay.rules import AutopayRules, parse_autopay
from meterbook.formats.nacha import CompanySettings, Offset
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import policy_as

POLICY = "autopay"


def rules_on(day: date) -> tuple[Document, AutopayRules]:
    """The rules in force; raises `NoPolicy`."""
    return policy_as(POLICY, day, parse_autopay)


def company_of(rules: AutopayRules) -> CompanySettings:
    """Who we are to the bank, as the file's writer takes it."""
    city = rules.company
    return CompanySettings(
        destination=city.bank, destination_name=city.bank_name, origin=city.origin, origin_name=city.origin_name,
        company_name=city.name, company_id=city.id, odfi=city.bank,
        offset=Offset(city.offset_routing, city.offset_account) if city.balanced else None,
    )  # fmt: skip
