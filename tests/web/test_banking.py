"""The bank's pages: a payment placed by one key, a line booked by two people, a batch taken back, a file taken."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.web import banked
from tests.web.office import Office

from meterbook.records.banking.models import Booking, Unposting
from meterbook.records.payments.models import Payment, PaymentReversal

pytestmark = pytest.mark.django_db


def signed_in(office: Office, name: str) -> Client:
    client = Client()
    client.force_login(office.staff[name])
    return client


def test_a_payment_is_placed_by_one_key(office: Office) -> None:
    found = banked.arguments(office)
    address = reverse("unplaced_payment", args=found["unplaced_payment"])
    client = signed_in(office, "cashier")
    shown = client.get(address).content.decode()
    assert f"Place on {office.ana.number}" in shown
    assert "one slip away" in shown
    client.post(address, {"number": office.ana.number})
    payment = Payment.objects.get(pk=found["unplaced_payment"][0])
    assert payment.moves.get().to_account == office.ana
    assert str(payment.written_account) not in client.get(reverse("unplaced_payments")).content.decode()


def test_a_line_is_booked_by_two_people(office: Office) -> None:
    line = banked.arguments(office)["bank_line"]
    asked = signed_in(office, "billing").post(reverse("bank_book", args=line), {"account": "6100", "reason": "fee"})
    assert asked.status_code == 422, "6100 is in nobody's chart"
    signed_in(office, "billing").post(reverse("bank_match"))
    booking = Booking.objects.get(line_id=line[0])
    page = reverse("bank_line", args=line)
    own = signed_in(office, "billing").get(page).content.decode()
    assert "You asked for this yourself" in own
    signed_in(office, "finance").post(page, {"decision": "approve", "reason": ""})
    booking.refresh_from_db()
    assert booking.state == "booked"


def test_a_batch_is_taken_back_by_two_people(office: Office) -> None:
    address = reverse("unpost_batch", args=banked.arguments(office)["unpost_batch"])
    signed_in(office, "cashier").post(address, {"reason": "the bank sent yesterday's file"})
    signed_in(office, "supervisor").post(address, {"decision": "approve", "reason": ""})
    assert Unposting.objects.get().state == "done"
    assert PaymentReversal.objects.filter(kind="unposted").count() == 2


def test_a_file_is_taken_or_refused_in_words(office: Office) -> None:
    banked.arguments(office)
    client, address = signed_in(office, "finance"), reverse("bank_take")
    wrong = client.post(address, {"format": "bai2", "file": SimpleUploadedFile("s.txt", b"02,no header")})
    assert (wrong.status_code, "not a BAI2 file" in wrong.content.decode()) == (422, True)
    statement = (
        "01,F,A,260805,0600,9,,,2/\n02,A,F,1,260805,,USD,/\n03,0012345555,USD,,,,/\n49,0,2/\n98,0,1,4/\n99,0,1,6/\n"
    )
    good = client.post(address, {"format": "bai2", "file": SimpleUploadedFile("s.txt", statement.encode())})
    assert good.status_code == 302
