"""One box finds an account by whatever the caller knows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office

from meterbook.records.customers.models import Account, Person
from meterbook.web.find.search import find


@pytest.mark.parametrize(
    ("typed", "how", "name"),
    [
        ("1000025", "Account number", "Ben Ortiz"),
        ("10000", "Account number", "Ana Belmonte"),
        ("belmon", "Name", "Ana Belmonte"),
        ("ANA BEL", "Name", "Ana Belmonte"),
        ("214 tannery", "Service address", "Ana Belmonte"),
        ("mill 12", "Service address", "Ben Ortiz"),
        ("0188", "Phone", "Ben Ortiz"),
        ("555 555 0188", "Phone", "Ben Ortiz"),
        ("e-4471", "Meter serial", "Ana Belmonte"),
        ("0214-118", "Parcel", "Ana Belmonte"),
    ],
)
def test_whatever_the_caller_knows(office: Office, typed: str, how: str, name: str) -> None:
    found = find(typed, day=BILL_2, sees_contact=True)
    matched = {str(group.how): [match.name for match in group.matches] for group in found}
    assert name in matched.get(how, []), matched


def test_accents_do_not_matter_either_way(office: Office) -> None:
    person = Person.objects.create(name="José Núñez O'Brien", phone="")
    Account.objects.create(number="1000033", holder=person, cycle=office.cycle, mail_lines=["x"], opened_on=BILL_2)
    for typed in ("jose nunez", "JOSÉ", "núñ", "brien"):
        assert [m.name for g in find(typed, day=BILL_2, sees_contact=True) for m in g.matches] == [person.name], typed


def test_a_premise_without_a_customer_is_found_as_a_premise(office: Office) -> None:
    found = find("7 mill", day=BILL_2, sees_contact=True)
    assert [(m.number, m.premise_id) for g in found for m in g.matches] == [("", office.vacant.pk)]


@pytest.mark.parametrize("typed", ["", "a", "%", "'; drop table", "& | !", "zzzz", "\\", "_____"])
def test_odd_questions_find_nothing_and_break_nothing(office: Office, typed: str) -> None:
    assert find(typed, day=BILL_2, sees_contact=True) == []


def test_a_whole_account_number_opens_the_account(office: Office, signed_in: SignedIn) -> None:
    answer = signed_in("csr").get(reverse("find"), {"q": "1000025"})
    assert answer.headers["Location"] == reverse("account", args=["1000025"])


def test_phones_are_masked_in_results_too(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("cashier").get(reverse("find"), {"q": "ortiz"}).content.decode()
    assert "555-0188" not in page and "••88" in page


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT id FROM customers_person WHERE meterbook_search_words(name)"
         " @@ to_tsquery('pg_catalog.simple', '''ana'':*')",
         "customers_person_words"),
        ("SELECT id FROM customers_person WHERE phone <> '' AND meterbook_last_digits(phone) LIKE '8810%'",
         "customers_person_phone"),
        ("SELECT id FROM metering_meter WHERE upper(serial) LIKE 'E-44%'", "metering_meter_serial"),
        ("SELECT id FROM places_parcel WHERE upper(number) LIKE '021%'", "places_parcel_number"),
        ("SELECT id FROM places_premise WHERE meterbook_search_words(street_number || ' ' || street || ' ' || unit)"
         " @@ to_tsquery('pg_catalog.simple', '''mill'':*')", "places_premise_words"),
    ],
)  # fmt: skip
def test_every_question_has_its_index(office: Office, query: str, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query}")
        assert index in "\n".join(row[0] for row in cursor.fetchall())
