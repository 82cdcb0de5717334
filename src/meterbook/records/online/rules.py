"""The policy `card-payments`: limits, tenders, kiosks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from meterbook.engine.billing.adjusting import fields
from meterbook.records.platform.policies import policy_as


@dataclass(frozen=True, slots=True)
class CardRules:
    """Limits in cents; ``tenders`` of the hosted page, ``kiosk_tenders`` of machines."""

    least: int
    most: int
    tenders: tuple[str, ...]
    a_day: int
    kiosk_least: int
    kiosk_most: int
    kiosk_tenders: tuple[str, ...]
    calls_a_minute: int


def card_rules_on(day: date) -> CardRules:
    """The rules in force; raises `NoPolicy` and `fields.WrongSetting`."""
    return policy_as("card-payments", day, parse_card_rules)[1]


def parse_card_rules(document: dict[str, Any]) -> CardRules:
    """The policy's text as rules. Raises `fields.WrongSetting` naming the place.

    ``convenience_fee`` can only be ``absorbed``: a fee on top for the payer is not supported, and is refused here.
    """
    page = fields.entry(document.get("checkout"), "checkout", ("least", "most", "tenders", "a_day"))
    kiosk = fields.entry(document.get("kiosk"), "kiosk", ("least", "most", "tenders", "calls_a_minute"))
    fields.one_of(document.get("convenience_fee"), "convenience_fee", ["absorbed"])
    rules = CardRules(
        least=fields.money(page["least"], "checkout.least"),
        most=fields.money(page["most"], "checkout.most"),
        tenders=_tenders(page["tenders"], "checkout.tenders", ["card", "echeck"]),
        a_day=fields.whole(page["a_day"], "checkout.a_day", least=1),
        kiosk_least=fields.money(kiosk["least"], "kiosk.least"),
        kiosk_most=fields.money(kiosk["most"], "kiosk.most"),
        kiosk_tenders=_tenders(kiosk["tenders"], "kiosk.tenders", ["card", "cash"]),
        calls_a_minute=fields.whole(kiosk["calls_a_minute"], "kiosk.calls_a_minute", least=1),
    )
    for where, least, most in (("checkout", rules.least, rules.most), ("kiosk", rules.kiosk_least, rules.kiosk_most)):
        if not 0 < least <= most:
            raise fields.WrongSetting(where, f"{least} to {most}", "least above zero and not above most")
    return rules


def _tenders(found: object, where: str, known: list[str]) -> tuple[str, ...]:
    return tuple(fields.one_of(one, where, known) for one in fields.entries(found, where))
