"""The account page and the bill page show what the books hold; every line says why."""

from __future__ import annotations

from django.urls import reverse
from tests.web.addresses import arguments
from tests.web.conftest import SignedIn
from tests.web.office import Office

from meterbook.records.billing.models import Segment
from meterbook.web.kit import figures


def test_the_account_shows_who_where_and_what_is_owed(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("csr").get(reverse("account", args=[office.ana.number])).content.decode()
    for shown in ("Ana Belmonte", "214 Tannery Row", "Medical baseline", "E-RES", "W-RES", "Hard surface 3,072 sqft"):
        assert shown in page, shown
    assert figures.money(office.bill.current_cents) in page
    assert "Past due" in page and "since Aug" in page


def test_the_statement_ends_with_the_balance(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("csr").get(reverse("account", args=[office.ana.number])).content.decode()
    rows = page.partition("<h2>Statement</h2>")[2].partition("</tbody>")[0]
    assert rows.count(figures.amount(office.bill.current_cents)) == 2


def test_usage_is_a_chart_with_a_table_behind_it(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("csr").get(reverse("account", args=[office.ana.number])).content.decode()
    assert page.count('<g class="bar"') == 26
    assert "Sep 2026: 800 kWh" in page and "Aug 2026: 700 kWh" in page
    assert page.count("The same as a table") == 2


def test_the_account_stays_in_hand_until_put_away(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("csr")
    client.get(reverse("account", args=[office.ana.number]))
    assert "In hand" in client.get(reverse("rate_book")).content.decode()
    client.post(reverse("put_away"))
    assert "In hand" not in client.get(reverse("rate_book")).content.decode()


def test_the_bill_adds_up_and_every_line_has_its_why(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("csr").get(reverse("bill", args=[office.bill.pk])).content.decode()
    assert figures.money(office.bill.amount_due_cents) in page
    for segment in Segment.objects.filter(bill_id=office.bill.pk):
        assert figures.amount(segment.amount_cents) in page
    assert page.count('class="why"') >= 8
    assert "Meter E-4471: 0 on Jul 6, 2026, 700 on Aug 5, 2026: 700 kWh" in page


def test_a_line_explains_itself_in_place_and_in_spanish(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("csr"), reverse("why", args=arguments(office)["why"])
    whole = client.get(address).content.decode()
    assert "<html" in whole and "agrees to the cent" in whole and "reads-2026-08-05.csv:2" in whole
    client.cookies["django_language"] = "es"
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "coincide al centavo" in part
    assert "Redondeado al centavo" in part and "5 de agosto de 2026" in part


def test_the_bill_opens_as_a_pdf(office: Office, signed_in: SignedIn) -> None:
    answer = signed_in("csr").get(reverse("bill_pdf", args=[office.bill.pk]))
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'inline; filename="bill-{office.bill.number}.pdf"'


def test_a_schedule_prints_every_version_with_its_citation(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("auditor").get(reverse("schedule", args=["E-RES"])).content.decode()
    assert page.count('class="version block"') == 2 and page.count("in force") == 1
    assert "Resolution 2025-33" in page and "$0.1739" in page and "Of Customer charge, Energy charge" in page


def test_what_is_not_there_is_said_kindly(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("csr")
    for address in ("/accounts/9999999/", "/bills/999999/", "/premises/999999/", "/rates/NONE/", "/bills/runs/999999/"):
        answer = client.get(address)
        assert answer.status_code == 404 and "Nothing here" in answer.content.decode(), address


def test_a_service_is_suspended_and_resumed_from_the_account(office: Office, signed_in: SignedIn) -> None:
    desk, account = signed_in("csr"), reverse("account", args=[office.ana.number])
    water = office.ana.agreements.get(service_point__code="W-0")
    form = reverse("suspend_service", args=[office.ana.number, water.pk])
    assert form in desk.get(account).content.decode()
    assert "Seasonal turn-off" in desk.get(form).content.decode()
    typed = {"cause": "seasonal", "starts": "9/8/2026", "ends": "9/20/2026", "reason": "away until spring"}
    refused = desk.post(form, typed)
    assert refused.status_code == 422 and "at least 60 days, found 12" in refused.content.decode()
    assert desk.post(form, typed | {"ends": ""}).status_code == 302
    page, off = desk.get(account).content.decode(), water.suspensions.get()
    assert form not in page and "away until spring" in page and "Suspended" in page
    resume = reverse("resume_service", args=[office.ana.number, off.pk])
    assert resume in page and resume not in signed_in("cashier").get(account).content.decode()
    early = desk.post(resume, {"starts": "9/20/2026", "reason": "back"})
    assert early.status_code == 422 and "at least 60 days" in early.content.decode()
    assert desk.post(resume, {"starts": "12/1/2026", "reason": "back"}).status_code == 302
    off.refresh_from_db()
    assert str(off.validity.upper) == "2026-12-01"
    stranger = reverse("suspend_service", args=[office.ben.number, water.pk])
    assert desk.get(stranger).status_code == 404
