"""Returned payments on screen: the list, one with its letter, the second person, a tender refused by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.web import bounced

from meterbook.records.returns.models import FeeWaiver, ReturnedPayment, TenderBan

pytestmark = pytest.mark.django_db


def test_a_check_comes_back(signed_in: Any, office: Any) -> None:
    payment = bounced.check(office, "test-screen", cents=1_250)
    clerk = signed_in("billing")
    page = clerk.get(reverse("return_payment", args=[payment.pk])).content.decode()
    assert "owed again from its own due date" in page
    sent = clerk.post(reverse("return_payment", args=[payment.pk]), {"kind": "returned", "code": "r01"}, follow=True)
    assert sent.status_code == 200
    made = ReturnedPayment.objects.get(reversal__payment=payment)
    assert made.reversal.code == "R01"
    shown = sent.content.decode()
    assert "12.50" in shown and "25.00" in shown
    letter = clerk.get(reverse("returned_payment_letter", args=[made.pk]))
    assert letter["Content-Type"] == "application/pdf" and letter.content.startswith(b"%PDF")
    again = clerk.post(reverse("return_payment", args=[payment.pk]), {"kind": "returned", "code": "R01"})
    assert again.status_code == 422 and "taken back" in again.content.decode()


def test_a_second_person_takes_the_fee_off(signed_in: Any, office: Any) -> None:
    made = bounced.returned(office)
    here = reverse("returned_payment", args=[made.pk])
    assert 'value="approve"' not in signed_in("csr").get(here).content.decode(), "who asked cannot decide"
    boss = signed_in("supervisor")
    assert 'value="approve"' in boss.get(here).content.decode()
    boss.post(here, {"decision": "approve", "note": "so the bank says"})
    assert FeeWaiver.objects.get(returned=made).reason == "bank_error"


def test_checks_refused_by_hand_and_allowed_again(signed_in: Any, office: Any) -> None:
    clerk = signed_in("billing")
    clerk.post(reverse("ban_tender", args=[office.ben.number]), {"scope": "check", "note": "third party checks"})
    ban = TenderBan.objects.get(account=office.ben)
    assert ban.scope == "check" and ban.validity.upper is None
    assert office.ben.number in clerk.get(reverse("tender_bans")).content.decode()
    refused = clerk.post(reverse("lift_ban", args=[ban.pk]), {"reason": "paid"})
    assert refused.status_code == 403
    signed_in("supervisor").post(reverse("lift_ban", args=[ban.pk]), {"reason": "paid"})
    ban.refresh_from_db()
    assert ban.validity.upper is not None
