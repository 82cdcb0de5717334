"""The versions of the `billing-calendar` policy on record, as rules, each with the document it stands in."""

from __future__ import annotations

from datetime import date

import yaml

from meterbook.engine.billing.calendar import Rules, parse_rules
from meterbook.engine.trace import N_, Step
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy

CODE = "billing-calendar"


class NoCalendarPolicy(NoPolicy):
    """No version of the policy is in force in a year; ``step`` says so."""

    def __init__(self, year: int) -> None:
        self.step = Step(
            N_("No billing-calendar policy is in force in {year}. Release one first."), {"year": f"{year}"}
        )
        super().__init__(f"no policy {CODE} is in force in {year}: release one before its calendar is worked out")


def rules_of(document: Document) -> Rules:
    """A released policy as rules. Raises `WrongCalendar`."""
    return parse_rules(yaml.safe_load(document.body))


def versions() -> list[tuple[Rules, Document]]:
    """Every released version, oldest first; of two that begin together the later release stands last."""
    found = Document.objects.filter(kind="policy", code=CODE).order_by("effective", "sequence")
    return [(rules_of(document), document) for document in found]


def versions_for(year: int) -> list[tuple[Rules, Document]]:
    """The versions, if any is in force in ``year``; raises `NoCalendarPolicy` otherwise."""
    found = [pair for pair in versions() if pair[0].effective <= date(year, 12, 31)]
    if not found:
        raise NoCalendarPolicy(year)
    return found


def spanish_names() -> dict[str, str]:
    """The utility's own holidays in Spanish, by their English name, over every version."""
    return {own.name: own.spanish for rules, _ in versions() for own in rules.own}
