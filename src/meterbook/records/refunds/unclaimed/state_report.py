"""What was paid to the state in a year, as the values of its report (NAUPA II)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.formats.naupa import Contact, Holder, Owner, Property, Report, business_name, person_name, write
from meterbook.records.customers.models import Person
from meterbook.records.platform.queries import utility
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.settings import dormancy_on
from meterbook.records.refunds.unclaimed.models import Unclaimed

_TOWN = re.compile(r"(?P<city>.+?),\s*(?P<state>[A-Z]{2})\s+(?P<zip>[0-9]{5})(-[0-9]{4})?")


def state_report(year: int, on: date) -> bytes:
    """The file of everything that ended with the state in a calendar year. Raises `NotNow` where nothing did."""
    rows = Unclaimed.objects.filter(
        state=Unclaimed.REPORTED, steps__kind="reported", steps__done_on__year=year
    ).select_related("account__holder", "refund")
    found = list(rows.order_by("pk"))
    if not found:
        raise NotNow(Step(N_("Nothing was paid to the state in {year}."), {"year": year}))
    return write(Report(_holder(year, on), tuple(_property(one) for one in found)))


def _holder(year: int, on: date) -> Holder:
    _, rules = dormancy_on(on)
    house, said = utility(), rules.holder
    city, state, zip_code = _town(house.address_lines)
    contact = Contact(
        business_name(said["contact"]), tuple(house.address_lines[:1]), city, state or said["state"], zip_code,
        re.sub(r"[^0-9]", "", house.phone)[-10:], house.email,
    )  # fmt: skip
    return Holder(
        said["tax_id"], business_name(said["name"]), city, said.get("county", ""), said["state"], contact, year
    )


def _property(one: Unclaimed) -> Property:
    city, state, zip_code = _town(one.lines)
    kind = "MS08" if one.refund_id is None else "MS09"
    return Property(
        _owner(one.owner, one.account.holder, one.lines, city, state, zip_code), kind, one.amount_cents, one.since,
        account=one.account.number,
    )  # fmt: skip


def _owner(name: str, holder: Person, lines: Sequence[str], city: str, state: str, zip_code: str) -> Owner:
    if holder.is_organisation:
        return Owner(
            business_name(name), is_business=True, lines=tuple(lines[:1]), city=city, state=state, zip=zip_code
        )
    first, _, last = name.rpartition(" ")
    return Owner(
        person_name(last), person_name(first) if first else "", lines=tuple(lines[:1]), city=city, state=state,
        zip=zip_code,
    )  # fmt: skip


def _town(lines: Sequence[str]) -> tuple[str, str, str]:
    """City, state and zip of the last line that says them; empty where none does."""
    for line in reversed(list(lines)):
        if found := _TOWN.search(line):
            return found["city"].upper(), found["state"], found["zip"]
    return "", "", ""
