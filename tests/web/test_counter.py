"""The cashier's window as a browser without a script uses it: scanning, taking, sending again, voiding, sending out."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from tests.web import counter
from tests.web.conftest import SignedIn
from tests.web.office import PASSWORD, Office

from meterbook.formats.scanline import scanline
from meterbook.records.cashiering.models import Receipt, ReceiptVoid
from meterbook.records.payments.models import Payment
from meterbook.web.cashiering.typed import typed

TENDERS = {"tender": ["cash", "check"], "given": ["", ""], "reference": ["", ""]}


def field(page: str, name: str) -> list[str]:
    """The values of the fields of a name, in order."""
    tags = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return [found[1] if (found := re.search(r'value="([^"]*)"', tag)) else "" for tag in tags]


def taken(client: Client, **slip: Any) -> Any:
    return client.post(reverse("counter_take"), {**TENDERS, **slip})


def bill_of(office: Office, amount: str) -> dict[str, Any]:
    return {"kind": ["payment"], "account": [office.ben.number], "code": [""], "amount": [amount]}


def test_a_stub_is_scanned_and_a_name_is_found(office: Office, signed_in: SignedIn) -> None:
    counter.drawer(office, "cashier", "Window 2")
    client = signed_in("cashier")
    stub = scanline(office.ben.number, 4_321, None)
    page = client.post(reverse("counter_slip"), {"key": "k", "entry": stub}).content.decode()
    assert (field(page, "account"), field(page, "amount"), field(page, "key")) == (
        [office.ben.number],
        ["43.21"],
        ["k"],
    )
    again = client.post(reverse("counter_slip"), {"key": "k", "entry": stub[:-1] + str((int(stub[-1]) + 1) % 10)})
    assert again.status_code == 422 and "misread" in again.content.decode()
    both = client.post(reverse("counter_slip"), {"key": "k", "entry": "100002"}).content.decode()
    assert f'value="{office.ben.number}"' in both
    sold = client.post(reverse("counter_slip"), {"key": "k", "entry": "bill_copy"}).content.decode()
    assert field(sold, "amount") == ["5.00"]


def test_money_is_taken_once_however_often_it_is_sent(office: Office, signed_in: SignedIn) -> None:
    counter.drawer(office, "cashier", "Window 2")
    client = signed_in("cashier")
    short = taken(client, key="w1", **bill_of(office, "4000"), given=["3999", ""])
    assert short.status_code == 422 and "$0.01 is missing" in short.content.decode()
    assert field(short.content.decode(), "amount") == ["4000"]
    for _ in range(2):
        answer = taken(client, key="w1", **bill_of(office, "4000"), given=["5000", ""])
        assert answer.status_code == 302
    receipt = Receipt.objects.get(key="w1")
    assert (receipt.total_cents, receipt.change_cents) == (4_000, 1_000)
    assert Payment.objects.filter(receipt_part__line__receipt=receipt).count() == 1
    assert "10.00" in client.get(answer.headers["Location"]).content.decode()


def test_a_supervisor_voids_on_the_cashiers_page(office: Office, signed_in: SignedIn) -> None:
    counter.drawer(office, "cashier", "Window 2")
    client = signed_in("cashier")
    taken(client, key="w2", **bill_of(office, "2500"), given=["", "2500"], reference=["", "T122000661T 12345678U 7"])
    receipt = Receipt.objects.get(key="w2")
    assert receipt.tenders.get().masked == "••5678"
    address = reverse("void_receipt", args=[receipt.pk])
    signs = {"reason": "wrong_acct", "note": "", "code": ""}
    wrong = client.post(address, {**signs, "username": "supervisor", "password": "guessed"})
    assert wrong.status_code == 422 and not ReceiptVoid.objects.exists()
    own = client.post(address, {**signs, "username": "cashier", "password": PASSWORD})
    assert own.status_code == 422 and "may not void" in own.content.decode()
    given = client.post(address, {**signs, "username": "supervisor", "password": PASSWORD})
    assert given.status_code == 302
    void = ReceiptVoid.objects.get()
    assert (void.asked_by.username, void.voided_by.username) == ("cashier", "supervisor")
    assert client.get(reverse("counter")).status_code == 200
    assert "Voided" in client.get(reverse("receipt", args=[receipt.pk])).content.decode()


def test_what_a_drawer_should_hold_is_not_shown_before_it_is_counted_twice(office: Office, signed_in: SignedIn) -> None:
    drawer = counter.drawer(office, "cashier", "Window 2")
    client, boss = signed_in("cashier"), signed_in("supervisor")
    taken(client, key="w3", **bill_of(office, "7777"), given=["7777", ""])
    address, page = reverse("count_drawer", args=[drawer.pk]), reverse("drawer", args=[drawer.pk])
    held = {"d10000": 1, "d5000": 1, "d2000": 1, "d500": 1, "d200": 1, "d50": 1, "d25": 1}
    assert client.post(address, held).status_code == 302
    assert "177.77" not in client.get(page).content.decode() + boss.get(page).content.decode()
    assert "had to hold" not in boss.get(page).content.decode()
    assert boss.post(address, held).status_code == 302
    assert "0.02" in boss.get(reverse("close_drawer", args=[drawer.pk])).content.decode()
    assert boss.post(reverse("close_drawer", args=[drawer.pk]), {"reason": ""}).status_code == 422
    boss.post(reverse("close_drawer", args=[drawer.pk]), {"reason": "change_error"})
    assert "177.77" in boss.get(page).content.decode()
    assert client.get(reverse("counter")).headers["Location"] == reverse("open_drawer")


def test_a_receipt_goes_out_by_mail_and_to_the_printer(office: Office, signed_in: SignedIn) -> None:
    receipt, client = counter.receipt(office), signed_in("supervisor")
    client.post(reverse("receipt_email", args=[receipt.pk]), {"email": "ben@example.org"})
    (sent,) = mail.outbox
    _, content, kind = sent.attachments[0]
    assert (sent.to, kind, content[:5]) == (["ben@example.org"], "application/pdf", b"%PDF-")
    for paper in ("roll", "letter"):
        answer = client.get(reverse("receipt_pdf", args=[receipt.pk]), {"paper": paper})
        assert answer.content[:5] == b"%PDF-"


@pytest.mark.django_db
def test_a_row_to_drop_that_is_no_number_drops_nothing() -> None:
    """Python calls ² a digit, and cannot read it."""
    page = typed(QueryDict("drop=%C2%B2&kind=payment&account=&code=&amount=1"), date(2024, 10, 25))
    assert [line.amount for line in page.lines] == ["1"]
