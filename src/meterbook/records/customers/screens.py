"""What pages show of customers: the account list, finding an account, and who stands behind one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from meterbook.engine.billing.suspension import SuspensionCause, parse_suspension
from meterbook.records.customers.models import (
    Account,
    AccountPerson,
    Person,
    Protection,
    ServiceAgreement,
    ServiceSuspension,
)
from meterbook.records.customers.operations.suspend_service import POLICY
from meterbook.records.places.models import Premise
from meterbook.records.places.screens import like_prefix, search_terms
from meterbook.records.platform.policies import NoPolicy, policy


def accounts() -> QuerySet[Account, Any]:
    """Every account with its holder and cycle."""
    return Account.objects.values(
        "id", "number", "opened_on", "closed_on", name=F("holder__name"), cycle_code=F("cycle__code")
    )


def account(number: str) -> Account | None:
    """One account with its holder and cycle, or nothing."""
    return Account.objects.select_related("holder", "cycle").filter(number=number).first()


def holders(numbers: list[str]) -> dict[str, str]:
    """The holder's name by account number."""
    return dict(Account.objects.filter(number__in=numbers).values_list("number", "holder__name"))


def accounts_by_number(text: str, limit: int) -> list[int]:
    """Accounts whose number begins as typed; dashes and blanks do not count."""
    kept = "".join(character for character in text if character.isalnum())
    rows = Account.objects.filter(Q(number__startswith=text) | Q(number__startswith=kept))
    return list(rows.order_by("number").values_list("pk", flat=True)[:limit]) if kept else []


def accounts_by_name(text: str, limit: int) -> list[int]:
    """Accounts held by, or tied to, a person whose name holds every word typed, each from its beginning."""
    terms = search_terms(text)
    if not terms:
        return []
    where = ["meterbook_search_words(name) @@ to_tsquery('pg_catalog.simple', %s)"]
    people = Person.objects.extra(where=where, params=[terms]).order_by("name", "pk")
    return _accounts_of(list(people.values_list("pk", flat=True)[:limit]), limit)


def accounts_by_phone(digits: str, limit: int) -> list[int]:
    """Accounts of people whose phone number ends with these digits."""
    where = ["phone <> '' AND meterbook_last_digits(phone) LIKE %s"]
    people = Person.objects.extra(where=where, params=[like_prefix(digits[::-1])])
    return _accounts_of(list(people.values_list("pk", flat=True)[:limit]), limit)


def _accounts_of(people: list[int], limit: int) -> list[int]:
    """The accounts people hold or have a part in, in the people's order."""
    held = list(Account.objects.filter(holder__in=people).values_list("holder_id", "pk"))
    held += list(AccountPerson.objects.filter(person__in=people).values_list("person_id", "account_id"))
    place = {person: at for at, person in enumerate(people)}
    return list(dict.fromkeys(pk for _, pk in sorted(held, key=lambda row: (place[row[0]], row[1]))))[:limit]


def accounts_at_points(service_points: list[int], day: date) -> dict[int, int]:
    """The account served at each service point on a day."""
    rows = ServiceAgreement.objects.filter(service_point_id__in=service_points, validity__contains=day)
    return dict(rows.values_list("service_point_id", "account_id"))


@dataclass(frozen=True, slots=True)
class Match:
    """An account, or a premise nobody is served at, as Find lists it."""

    number: str
    name: str
    address: str
    phone: str
    closed_on: date | None
    account_id: int | None
    premise_id: int | None

    def with_phone(self, phone: str) -> Match:
        """The same match showing another phone number."""
        return replace(self, phone=phone)


_MATCHES = """
SELECT a.number, p.name, concat_ws(' ', pr.street_number, pr.street, nullif(pr.unit, '')), p.phone, a.closed_on,
       a.id, pr.id
  FROM customers_account a
  JOIN customers_person p ON p.id = a.holder_id
  LEFT JOIN LATERAL (
       SELECT sp.premise_id FROM customers_serviceagreement g
         JOIN places_servicepoint sp ON sp.id = g.service_point_id
        WHERE g.account_id = a.id
        ORDER BY upper(g.validity) DESC NULLS FIRST, sp.premise_id LIMIT 1) s ON true
  LEFT JOIN places_premise pr ON pr.id = s.premise_id
 WHERE a.id = ANY(%s)
"""


def matches(account_ids: list[int]) -> list[Match]:
    """Accounts as Find lists them, in the order given, with the premise served last."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCHES, [account_ids])
        found = {row[5]: Match(*row) for row in cursor.fetchall()}
    return [found[pk] for pk in account_ids if pk in found]


def premise_alone(premise_id: int) -> list[Match]:
    """A premise nobody was ever served at, as Find lists it."""
    found = Premise.objects.filter(pk=premise_id).first()
    return [Match("", "", found.address, "", None, None, found.pk)] if found else []


_OF_PREMISES = """
SELECT sp.premise_id, g.account_id, bool_or(g.validity @> %s::date)
  FROM customers_serviceagreement g JOIN places_servicepoint sp ON sp.id = g.service_point_id
 WHERE sp.premise_id = ANY(%s) GROUP BY 1, 2
"""


def accounts_of_premises(premise_ids: list[int], day: date) -> dict[int, list[tuple[int, bool]]]:
    """The accounts ever served at each premise, and whether they are on that day; those served first."""
    found: dict[int, list[tuple[int, bool]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_PREMISES, [day, premise_ids])
        for premise_id, account_id, served in cursor.fetchall():
            found.setdefault(premise_id, []).append((account_id, served))
    return {key: sorted(rows, key=lambda pair: (not pair[1], pair[0])) for key, rows in found.items()}


def agreements(account_id: int) -> list[Any]:
    """Every service agreement of an account, the current ones first."""
    rows: Any = ServiceAgreement.objects.filter(account_id=account_id).values(
        "id", "validity", "service_point_id", point=F("service_point__code"), commodity=F("service_point__commodity"),
        connection=F("service_point__connection"), schedule_code=F("schedule__code"),
        location=F("service_point__location"),
        schedule_en=F("schedule__title_en"), schedule_es=F("schedule__title_es"),
        premise_id=F("service_point__premise_id"), street_number=F("service_point__premise__street_number"),
        street=F("service_point__premise__street"), unit=F("service_point__premise__unit"),
    )  # fmt: skip
    return sorted(rows, key=lambda row: (row["validity"].upper is not None, row["commodity"], row["point"]))


def agreements_at(service_points: list[int]) -> list[Any]:
    """Who was served at these points, newest first."""
    rows: Any = ServiceAgreement.objects.filter(service_point_id__in=service_points).values(
        "validity", "service_point_id", number=F("account__number"), name=F("account__holder__name"),
        commodity=F("service_point__commodity"), schedule_code=F("schedule__code"),
    )  # fmt: skip
    return sorted(rows, key=lambda row: row["validity"].lower, reverse=True)


def people(account_id: int) -> list[Any]:
    """The other people with a part in an account."""
    rows = AccountPerson.objects.filter(account_id=account_id).order_by("part", "person__name")
    return list(
        rows.values("part", "validity", name=F("person__name"), phone=F("person__phone"), email=F("person__email"))
    )


def protections(account_id: int, day: date) -> list[Any]:
    """The protections of an account that hold on a day."""
    rows = Protection.objects.filter(account_id=account_id, validity__contains=day).order_by("kind")
    return list(rows.values("kind", "evidence", "validity", recorded_by=F("deed__actor__username")))


def suspensions(account_id: int) -> list[ServiceSuspension]:
    """Every suspension of an account's services, the newest first."""
    rows = ServiceSuspension.objects.filter(agreement__account_id=account_id)
    return list(rows.select_related("agreement__service_point", "deed__actor").order_by("-validity", "-pk"))


def suspension(number: str, pk: int) -> ServiceSuspension | None:
    """One suspension of an account, or nothing."""
    rows = ServiceSuspension.objects.filter(agreement__account__number=number, pk=pk)
    return rows.select_related("agreement__service_point", "agreement__account__holder").first()


def agreement(number: str, pk: int) -> ServiceAgreement | None:
    """One agreement of an account, or nothing."""
    rows = ServiceAgreement.objects.filter(account__number=number, pk=pk)
    return rows.select_related("service_point", "account__holder").first()


def suspension_causes(day: date) -> dict[str, SuspensionCause]:
    """The causes of the policy in force on a day, by code; none without a policy."""
    try:
        return parse_suspension(policy(POLICY, day))
    except NoPolicy:
        return {}
