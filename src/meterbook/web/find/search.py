"""Finding an account from whatever the caller knows: number, name, address, phone, meter serial or parcel.

What was typed decides which questions are worth asking; every question is answered from an index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers import screens as customers
from meterbook.records.metering import screens as metering
from meterbook.records.places import screens as places
from meterbook.web.kit.contact import masked_phone

LIMIT = 12


@dataclass(frozen=True, slots=True)
class Found:
    """One way the words matched: how, and whom."""

    how: str | Promise
    matches: list[customers.Match]


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _by_account(text: str) -> list[int]:
    return customers.accounts_by_number(text, LIMIT) if any(each.isdigit() for each in text) else []


def _by_name(text: str) -> list[int]:
    return customers.accounts_by_name(text, LIMIT) if any(each.isalpha() for each in text) else []


def _by_phone(text: str) -> list[int]:
    digits = _digits(text)
    phone_like = all(each.isdigit() or each in " ()-.+/" for each in text)
    return customers.accounts_by_phone(digits[-10:], LIMIT) if phone_like and len(digits) >= 4 else []


def find(text: str, *, day: date, sees_contact: bool) -> list[Found]:
    """Everything the words match, surest first; an account is listed once, under the surest match."""
    text = text.strip()[:80]
    if len(text) < 2:
        return []
    ways = [
        (_("Account number"), _by_account(text), []),
        (_("Meter serial"), [], _premises_of_meters(text)),
        (_("Phone"), _by_phone(text), []),
        (_("Name"), _by_name(text), []),
        (_("Service address"), [], places.premises_by_address(text, LIMIT)),
        (_("Parcel"), [], places.premises_by_parcel(text, LIMIT)),
    ]
    listed: set[tuple[int | None, int | None]] = set()
    found = []
    for how, accounts, premises in ways:
        matches = customers.matches(accounts) if accounts else _at_premises(premises, day) if premises else []
        new = [each for each in matches if (each.account_id, each.account_id or each.premise_id) not in listed]
        listed |= {(each.account_id, each.account_id or each.premise_id) for each in new}
        if new:
            found.append(Found(how, [_shown(each, sees_contact) for each in new]))
    return found


def _premises_of_meters(text: str) -> list[int]:
    if not any(character.isdigit() for character in text):
        return []
    points = metering.points_by_serial(text, LIMIT)
    premises = places.premises_of_points(points)
    return list(dict.fromkeys(premises[point] for point in points))


def _at_premises(premises: list[int], day: date) -> list[customers.Match]:
    """Who is served at these premises now; else who was last; else the premise alone."""
    served = customers.accounts_of_premises(premises, day)
    matches: list[customers.Match] = []
    for premise_id in premises:
        rows = served.get(premise_id, [])
        now = [account for account, serving in rows if serving] or [account for account, _serving in rows][-1:]
        matches += customers.matches(now) if now else customers.premise_alone(premise_id)
    return matches


def _shown(match: customers.Match, sees_contact: bool) -> customers.Match:
    return match if sees_contact else match.with_phone(masked_phone(match.phone))
