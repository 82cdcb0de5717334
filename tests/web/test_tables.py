"""The data table: sort, search, filter, pages, totals, and a CSV of exactly what is shown."""

from __future__ import annotations

import csv
import io
import re

from django.test import Client
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BEGAN, Office

from meterbook.records.customers.models import Account, Person


def column(client: Client, address: str, place: int, **query: str) -> list[str]:
    page = client.get(address, query).content.decode()
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, flags=re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.DOTALL) for row in rows]
    return [re.sub(r"<[^>]+>", "", each[place]).strip() for each in cells if len(each) > place]


def as_csv(client: Client, address: str, **query: str) -> list[list[str]]:
    answer = client.get(address, {**query, "as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def test_rows_sort_by_the_column_asked_for(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("csr"), reverse("accounts")
    assert column(client, address, 1, sort="name") == ["Ana Belmonte", "Ben Ortiz"]
    assert column(client, address, 1, sort="-name") == ["Ben Ortiz", "Ana Belmonte"]
    assert column(client, address, 1, sort="'; drop table") == ["Ana Belmonte", "Ben Ortiz"]


def test_search_and_filters_narrow_and_say_how_to_go_back(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("csr"), reverse("accounts")
    assert column(client, address, 1, q="ortiz") == ["Ben Ortiz"]
    assert column(client, address, 1, **{"f-name": "belm"}) == ["Ana Belmonte"]
    nothing = client.get(address, {"q": "nobody at all"}).content.decode()
    assert "No row passes this search." in nothing and "Show all" in nothing


def test_csv_is_exactly_what_is_shown(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("csr"), reverse("accounts")
    rows = as_csv(client, address, q="ortiz", sort="-name")
    assert rows[0][:3] == ["Account", "Holder", "Service address"]
    assert [row[:3] for row in rows[1:]] == [["1000025", "Ben Ortiz", "12 Mill Street"]]
    bills = as_csv(client, reverse("run_bills", args=[office.run.pk]), q="belmonte")
    at = bills[0].index("Current, $")
    assert [row[at] for row in bills[1:]] == [f"{office.bill.current_cents / 100:.2f}"]


def test_a_name_never_becomes_a_formula(office: Office, signed_in: SignedIn) -> None:
    person = Person.objects.create(name="=HYPERLINK(1)")
    Account.objects.create(number="1000041", holder=person, cycle=office.cycle, mail_lines=["x"], opened_on=BEGAN)
    assert as_csv(signed_in("csr"), reverse("accounts"), q="HYPER")[1][1] == "'=HYPERLINK(1)"


def test_long_tables_have_pages(office: Office, signed_in: SignedIn) -> None:
    for at in range(60):
        person = Person.objects.create(name=f"Resident {at:02}")
        Account.objects.create(number=f"20{at:05}", holder=person, cycle=office.cycle, mail_lines=[], opened_on=BEGAN)
    client, address = signed_in("csr"), reverse("accounts")
    assert len(column(client, address, 0)) == 50
    assert len(column(client, address, 0, page="2")) == 12
    assert len(as_csv(client, address)) == 63
    assert "Page 1 of 2" in client.get(address).content.decode()


def test_totals_stand_at_the_foot(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("csr").get(reverse("run_bills", args=[office.run.pk]), {"q": "belmonte"}).content.decode()
    foot = page.partition("<tfoot>")[2]
    assert f"{office.bill.current_cents / 100:,.2f}" in foot
