"""One box finds an account by whatever the caller knows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BEGAN, BILL_1, BILL_2, Office

from meterbook.records.billing.models import Bill
from meterbook.records.customers.models import Account, AccountPerson, NameWord, Person
from meterbook.records.payments.models import Payment
from meterbook.records.places.finding.spelling import keys
from meterbook.records.places.models import Premise, StreetWord
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
        ("belmonte ana", "Name", "Ana Belmonte"),
        ("ana@exam", "E-mail", "Ana Belmonte"),
        ("1000017-2026", "Bill number", "Ana Belmonte"),
        ("bemlonte", "Name, one letter apart", "Ana Belmonte"),
        ("bel monte", "Name, one letter apart", "Ana Belmonte"),
        ("belomnet", "Name, two letters apart", "Ana Belmonte"),
        ("aan belmnte", "Name, two letters apart", "Ana Belmonte"),
        ("belomn", "Name, one letter apart", "Ana Belmonte"),
        ("ortis", "Name, one letter apart", "Ben Ortiz"),
        ("214 tanery", "Service address, one letter apart", "Ana Belmonte"),
        ("12 mil st", "Service address", "Ben Ortiz"),
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


def test_a_whole_number_goes_straight_there(office: Office, signed_in: SignedIn) -> None:
    csr = signed_in("csr")
    bill = Bill.objects.get(number="1000017-20260808")
    for typed, href in (
        ("1000025", reverse("account", args=["1000025"])),
        ("100-0025", reverse("account", args=["1000025"])),
        ("e-4471", reverse("account", args=["1000017"])),
        (bill.number, reverse("bill", args=[bill.pk])),
    ):
        assert csr.get(reverse("find"), {"q": typed}).headers["Location"] == href, typed
        assert csr.get(reverse("find"), {"q": typed, "stay": "1"}).status_code == 200


def test_a_check_number_leads_to_its_payment(office: Office, signed_in: SignedIn) -> None:
    account = Account.objects.get(number="1000025")
    known = {"written_account": "1000025", "amount_cents": 8597, "received_on": BILL_2, "reference": "CK-88217"}
    paid = Payment.objects.create(account=account, **known)
    lost = Payment.objects.create(**known)
    group = find("ck-88217", day=BILL_2, sees_contact=True)[0]
    assert str(group.how) == "Check or reference number"
    assert {(hit.match.name, hit.why_href) for hit in group.hits} == {
        ("Ben Ortiz", reverse("payment", args=[paid.pk])), ("", reverse("payment", args=[lost.pk])),
    }  # fmt: skip
    page = signed_in("csr").get(reverse("find"), {"q": "CK-88217"}).content.decode()
    assert "Check CK-88217, $85.97" in page and "No account" in page
    assert find("ck-88217", day=BILL_2, sees_contact=True, sees_money=False) == []


def test_mail_former_customers_and_others_with_a_part(office: Office) -> None:
    gone = Person.objects.create(name="Wendell Ashcombe", phone="(555) 555-0177")
    left = Account.objects.create(
        number="1000041", holder=gone, cycle=office.cycle, mail_lines=["PO Box 815", "Fresno, CA"],
        opened_on=BEGAN, closed_on=BILL_1,
    )  # fmt: skip
    AccountPerson.objects.create(
        account=Account.objects.get(number="1000017"), person=gone, part="owner", validity=DateRange(BEGAN, None)
    )
    name = find("ashcomb", day=BILL_2, sees_contact=True)[0]
    assert [(hit.match.number, hit.match.closed_on, str(hit.why)) for hit in name.hits] == [
        ("1000017", None, "Wendell Ashcombe, Owner"), ("1000041", BILL_1, ""),
    ]  # fmt: skip
    mail = find("po box 815", day=BILL_2, sees_contact=True)
    assert [(str(group.how), [match.number for match in group.matches]) for group in mail] == [
        ("Mailing address", [left.number])
    ]


def test_who_may_not_see_contact_data_cannot_spell_it_out(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("cashier").get(reverse("find"), {"q": "ortiz"}).content.decode()
    assert "555-0188" not in page and "••88" in page
    cashier = {
        typed: find(typed, day=BILL_2, sees_contact=False)
        for typed in ("0188", "55550188", "ben@", "ben@example.or", "(555) 555-0188", "BEN@example.org")
    }
    assert [typed for typed, found in cashier.items() if found] == ["(555) 555-0188", "BEN@example.org"]
    assert {match.phone for group in cashier["BEN@example.org"] for match in group.matches} == {"(•••) •••-••88"}


def test_answers_come_while_somebody_types(office: Office, signed_in: SignedIn) -> None:
    csr = signed_in("csr")
    under = csr.get(reverse("find_as_typed"), {"q": "bemlon"}, headers={"HX-Target": "as-typed"}).content.decode()
    assert 'role="option"' in under and "one letter apart" in under and "<html" not in under
    there = csr.get(reverse("find_as_typed"), {"q": "bemlon"}, headers={"HX-Target": "found"}).content.decode()
    assert "<table" in there and "Ana Belmonte" in there
    assert "role" not in csr.get(reverse("find_as_typed"), {"q": ""}).content.decode()


def test_the_dictionary_learns_and_spells_as_the_question_does(office: Office) -> None:
    Person.objects.create(name="Zoë Ñúñez-O'Brien 3rd", phone="")
    Person.objects.filter(name="Ben Ortiz").update(name="Ben Quackenbush")
    Premise.objects.filter(pk=office.vacant.pk).update(street="Xylophone Way")
    said: list[NameWord | StreetWord] = [
        NameWord.objects.get(word=word) for word in ("zoe", "nunez", "brien", "quackenbush")
    ]
    said.append(StreetWord.objects.get(word="xylophone"))
    assert {one.word: sorted(one.keys) for one in said} == {one.word: keys(one.word) for one in said}
    assert not NameWord.objects.filter(word__in=["3rd", "o"]).exists()
    found = find("quakenbusch", day=BILL_2, sees_contact=True)
    assert [match.name for group in found for match in group.matches] == ["Ben Quackenbush"]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT id FROM customers_person WHERE meterbook_search_words(name)"
         " @@ to_tsquery('pg_catalog.simple', '''ana'':*')",
         "customers_person_words"),
        ("SELECT id FROM customers_person WHERE phone <> '' AND meterbook_last_digits(phone) LIKE '8810%'",
         "customers_person_phone"),
        ("SELECT word FROM customers_nameword WHERE keys && ARRAY['bemlo','belo']::varchar[]",
         "customers_nameword_keys"),
        ("SELECT id FROM customers_person WHERE email <> '' AND lower(email) LIKE 'ana@%'", "customers_person_email"),
        ("SELECT id FROM customers_account WHERE meterbook_mail_words(mail_lines)"
         " @@ to_tsquery('pg_catalog.simple', '''box'':*')", "customers_account_mail"),
        ("SELECT id FROM payments_payment WHERE reference <> '' AND upper(reference) = 'CK-1'",
         "payments_payment_reference"),
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
