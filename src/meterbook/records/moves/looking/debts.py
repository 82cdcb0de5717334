"""Who is on record already under another number, and whose old debt stands between a customer and new service."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q

from meterbook.engine.moves.rules import MoveRules
from meterbook.records.customers.models import Account, Person, ServiceAgreement
from meterbook.records.ledger.screens import balances, owed
from meterbook.records.moves.models import FormerName
from meterbook.records.moves.plans import Entering, NewPerson
from meterbook.records.places.finding.spelling import like_prefix, search_terms
from meterbook.records.places.models import Premise

_MOST = 12
_PHONE_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Debt:
    """What an account owes past its due date: whose it is for this move, and whether it bars the start."""

    whose: str
    account: Account
    past_due_cents: int
    balance_cents: int
    bars: bool
    citation: str


def duplicates(newcomer: NewPerson) -> list[Person]:
    """People on record with the same name (also a former one), phone or e-mail, in any order of words."""
    wanted = Q(email__iexact=newcomer.email) if newcomer.email else Q(pk__in=[])
    if terms := search_terms(newcomer.name):
        where = ["meterbook_search_words(name) @@ to_tsquery('pg_catalog.simple', %s)"]
        alike = Person.objects.extra(where=where, params=[terms]).order_by("pk").values_list("pk", flat=True)[:_MOST]
        former = FormerName.objects.extra(where=where, params=[terms]).values_list("person_id", flat=True)[:_MOST]
        wanted |= Q(pk__in=[*alike, *former])
    people = list(Person.objects.filter(wanted).order_by("name", "pk")[:_MOST])
    known = {person.pk for person in people}
    return people + [person for person in _same_phone(newcomer.phone) if person.pk not in known]


def _same_phone(phone: str) -> list[Person]:
    digits = "".join(each for each in phone if each.isdigit())
    if len(digits) < _PHONE_DIGITS:
        return []
    where = ["phone <> '' AND meterbook_last_digits(phone) LIKE %s"]
    return list(Person.objects.extra(where=where, params=[like_prefix(digits[::-1][:10])]).order_by("pk")[:_MOST])


def debts(entering: Entering, rules: MoveRules | None, premise: Premise, person: Person | None) -> list[Debt]:
    """Old debt of the customer, of people like them, and of who was served at the premise before."""
    found: list[Debt] = []
    seen: set[int] = set()
    alike = [one.pk for one in duplicates(_contact(entering, person))]
    alike = [one for one in alike if person is None or one != person.pk]
    before = ServiceAgreement.objects.filter(service_point__premise=premise, validity__startswith__lt=entering.on)
    asked: list[tuple[str, Collection[Account]]] = [
        ("person", Account.objects.filter(holder=person) if person else ()),
        ("same_contact", Account.objects.filter(holder__in=alike)),
        (
            "household" if entering.household else "premise",
            Account.objects.filter(pk__in=before.values("account_id")).order_by("-opened_on")[:_MOST],
        ),
    ]
    for whose, accounts in asked:
        listed = [one for one in accounts if one.pk not in seen]
        seen |= {one.pk for one in listed}
        found += _owing(whose, listed, rules, entering)
    return found


def _contact(entering: Entering, person: Person | None) -> NewPerson:
    if person is not None:
        return NewPerson(person.name, phone=person.phone, email=person.email)
    return entering.newcomer or NewPerson("")


def _owing(whose: str, accounts: Sequence[Account], rules: MoveRules | None, entering: Entering) -> list[Debt]:
    stand = balances([one.pk for one in accounts])
    found = []
    for account in accounts:
        balance = stand.get(account.pk, 0)
        if balance <= 0:
            continue
        past_due = sum(row.past_due_cents for row in owed(account.pk, entering.on))
        if past_due <= 0:
            continue
        rule = rules.debts.get(whose) if rules else None
        bars = rules is not None and rules.bars(whose, past_due)
        found.append(Debt(whose, account, past_due, balance, bars, rule.citation if rule else ""))
    return found
