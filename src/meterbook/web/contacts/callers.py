"""Verifying a caller: what is asked, what is on record, and what this reader sees of an account before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from meterbook.engine.contacts.caller import CallerRules
from meterbook.records.contacts.verifying import Standing, rules_on, standing
from meterbook.records.customers import screens as customers
from meterbook.records.payments import screens as payments
from meterbook.web.kit.access import may, roles_held
from meterbook.web.kit.contact import sees_contact
from meterbook.web.kit.language import bilingual


@dataclass(frozen=True, slots=True)
class Caller:
    """What the account page says of the caller; ``sees`` is whether phone, e-mail and secret addresses are shown."""

    rules: CallerRules | None
    standing: Standing | None
    sees: bool
    may_ask: bool
    questions: list[tuple[str, str]]

    @property
    def may(self) -> tuple[str, ...]:
        """What the caller this reader verified may be told or do."""
        mine = self.standing.mine if self.standing else None
        return allowed(self.rules, mine.part) if mine else ()


def caller(request: HttpRequest, account_id: int, day: date, *, confidential: bool) -> Caller:
    """How the caller stands for this reader. Where no policy says how to verify, roles alone decide."""
    rules = rules_on(day)
    if rules is None or request.user.pk is None:
        return Caller(None, None, sees_contact(request), False, [])
    stands = standing(account_id, request.user.pk, day, rules)
    always = bool(rules.sees_without & roles_held(request)) and not confidential
    may_ask = may(request, "contacts.verify_caller")
    questions = [(one.code, one.words[bilingual()]) for one in rules.questions]
    return Caller(rules, stands, always or (stands.open and may_ask), may_ask, questions)


def sees_unasked(request: HttpRequest, day: date) -> bool:
    """Whether this reader sees contact data of every account, before any caller is verified."""
    rules = rules_on(day)
    return sees_contact(request) if rules is None else bool(rules.sees_without & roles_held(request))


def on_record(account: Any, person: Any, day: date) -> Mapping[str, list[str]]:
    """The facts answers are compared with: of the caller and the account; what is empty is not asked."""
    paid = payments.newest_of(account.pk)
    points = customers.agreements(account.pk)
    served = [row for row in points if day in row["validity"]] or points
    return {
        "name": [person.name],
        "address": sorted({f"{row['street_number']} {row['street']}" for row in served}),
        "phone_last_four": [person.phone],
        "identity_last_four": [person.identity_last_four],
        "last_payment": [f"{paid[0].cents // 100}.{paid[0].cents % 100:02}"] if paid else [],
        "account_number": [account.number],
        "seen": ["yes"],
    }


def allowed(rules: CallerRules | None, part: str) -> tuple[str, ...]:
    """What a part in the account lets a person be told or do."""
    return rules.may.get(part, ()) if rules is not None else ()
