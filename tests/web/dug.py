"""Locate tickets in the tests' office: one that waits, as the centre's hook would bring it."""

from __future__ import annotations

import json

from tests.web.office import BILL_2, Office, act

from meterbook.records.service_orders.locates.operations.take_in import take_locates
from meterbook.records.service_orders.locates.screens import read_tickets
from meterbook.records.service_orders.models import Locate

PLAIN = ("locates", "take_locates", "crew")
POSTED_ONLY = {"send_to_locate", "crew_outcomes", "crew_valve"}
#: Without a sign-in, known by a token: test_locates.py.
OPEN = {"locate_hook"}
FILES = {"crew_worker", "crew_route", "crew_manifest", *OPEN}


def ticket(number: str = "A262510017", **changes: str) -> dict[str, str]:
    """A ticket for Ana's front yard, told on the day of the second bill."""
    return {
        "ticket": number, "revision": "00A", "type": "NEW", "called": "2026-09-08 07:31", "place": "ALDER BEND",
        "st_from_address": "214", "street": "TANNERY ROW", "work_type": "REPAIR SEWER LATERAL",
        "company": "ACME PLUMBING", "latitude": "33.9253", "longitude": "-116.8764",
    } | changes  # fmt: skip


def waiting(office: Office) -> Locate:
    """A ticket nobody has answered."""
    found = Locate.objects.filter(number="A262510017").first()
    if found is None:
        parsed = read_tickets(json.dumps(ticket()).encode())
        take_locates(act(office.staff["csr"], BILL_2), tickets=parsed.records)
        found = Locate.objects.get(number="A262510017")
    return found


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of locate tickets."""
    number = waiting(office).number
    return {"locate": [number], "answer_locate": [number]}
