"""Adjustments and agencies on screen: from the bill to the books in few actions, and decided by somebody else."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import Office

from meterbook.records.adjustments.models import Adjustment
from meterbook.records.ledger.settle import balance_of
from meterbook.web.kit import figures


def receipt() -> SimpleUploadedFile:
    return SimpleUploadedFile("<b>receipt.pdf", b"%PDF plumber", content_type="text/html")


def adjusting(office: Office, **more: Any) -> dict[str, Any]:
    return {
        "reason": "courtesy",
        "service": "water",
        "direction": "credit",
        "amount": "20",
        "note": "long wait",
        **more,
    }


def test_a_courtesy_credit_is_two_pages_and_stands_on_the_account(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("csr"), reverse("adjust_account", args=[office.ana.number])
    assert address in client.get(reverse("account", args=[office.ana.number])).content.decode()
    before = sum(balance_of(office.ana.pk).values())
    answer = client.post(address, adjusting(office), follow=True)
    page = answer.content.decode()
    assert "Booked." in page and "Courtesy credit" in page and "long wait" in page
    assert sum(balance_of(office.ana.pk).values()) == before - 2000
    account = client.get(reverse("account", args=[office.ana.number])).content.decode()
    assert reverse("adjustment", args=[Adjustment.objects.latest("pk").pk]) in account


def test_a_refusal_keeps_what_was_typed(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("csr"), reverse("adjust_account", args=[office.ana.number])
    answer = client.post(address, adjusting(office, direction="charge"))
    assert answer.status_code == 422 and "This reason only gives credits." in answer.content.decode()
    answer = client.post(address, adjusting(office, amount="-20"))
    assert answer.status_code == 422 and "without a sign" in answer.content.decode()
    assert "long wait" in answer.content.decode()
    answer = client.post(address, adjusting(office, reason="fee:tampering"))
    assert answer.status_code == 403


def test_a_fee_waits_and_is_decided_on_its_own_page(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    sent = adjusting(office, reason="fee:tampering", amount="", proof=receipt())
    client.post(reverse("adjust_account", args=[office.ana.number]), sent, follow=True)
    made = Adjustment.objects.latest("pk")
    assert (made.amount_cents, made.state) == (15000, "proposed") and made.approval_id
    page = reverse("adjustment", args=[made.pk])
    assert "someone else must decide" in client.get(page).content.decode()
    assert client.post(page, {"reason": "", "decision": "approve"}).status_code == 403
    boss = signed_in("supervisor")
    request = boss.get(reverse("approval", args=[made.approval_id])).content.decode()
    assert page in request and 'value="approve"' not in request
    shown = boss.get(page).content.decode()
    proof = reverse("adjustment_proof", args=[shown.partition("/adjustments/proofs/")[2].partition("/")[0]])
    kept = boss.get(proof)
    assert kept["Content-Type"] == "application/octet-stream" and kept["X-Content-Type-Options"] == "nosniff"
    assert boss.post(page, {"reason": "seen the photo", "decision": "approve"}, follow=True).status_code == 200
    made.refresh_from_db()
    assert made.state == "booked"
    assert f"{reverse('adjustments')}?f-state=proposed" in boss.get(reverse("today")).content.decode()


def test_the_leak_page_shows_every_rule_and_both_bills_in_spanish_too(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("csr"), reverse("leak_credit", args=[office.bill.pk])
    assert address in client.get(reverse("bill", args=[office.bill.pk])).content.decode()
    page = client.get(address).content.decode()
    assert "Earlier periods on record: 0; the base needs 1." in page and "Not met" in page
    sent = {"repaired_on": "9/1/2026", "note": "hose bib", "proof": receipt()}
    refused = client.post(address, sent)
    assert refused.status_code == 422 and "Earlier periods on record: 0;" in refused.content.decode()
    client.cookies["django_language"] = "es"
    assert "Crédito por fuga" in client.get(address).content.decode()


def test_agencies_show_what_is_owed_with_the_bookings_behind_it(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("finance")
    page = client.get(reverse("agencies")).content.decode()
    assert "State of California: energy resources surcharge" in page
    statement = client.get(reverse("agency_statement", args=["state_energy", "2026-08-01"])).content.decode()
    assert "Beside the books" in statement and 'class="state good">0.00' in statement
    lines = client.get(reverse("agency_lines", args=["state_energy", "2026-08-01"])).content.decode()
    assert office.ana.number in lines
    exported = client.get(f"{reverse('agency_lines', args=['state_energy', '2026-08-01'])}?as=csv").content.decode()
    assert exported.startswith("account,on,source") and office.bill.number in exported
    pdf = client.get(reverse("agency_statement_pdf", args=["state_energy", "2026-08-01"]))
    assert pdf.content.startswith(b"%PDF")
    assert client.get(reverse("agency_statement", args=["nobody", "2026-08-01"])).status_code == 404
    assert figures.money(0) in client.get(reverse("agency_statement", args=["hauler", "2026-08-01"])).content.decode()
