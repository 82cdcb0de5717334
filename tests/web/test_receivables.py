"""Receivables on screen: found by amount, traced, changed by two people, aged, and printed as a statement."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.web import bounced, by_hand
from tests.web.office import Office

from meterbook.records.customers.models import Interest
from meterbook.records.ledger.trial_balance import trial_balance
from meterbook.records.platform.queries import business_date

pytestmark = pytest.mark.django_db


def page(signed_in: Any, who: str, address: str) -> str:
    answer = signed_in(who).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_payment_is_found_by_its_amount_and_told_from_end_to_end(office: Office, signed_in: Any) -> None:
    asked = by_hand.asked(office)
    listed = page(signed_in, "supervisor", reverse("payments") + "?q=600.00")
    assert reverse("payment", args=[asked.payment_id]) in listed
    told = page(signed_in, "supervisor", reverse("payment", args=[asked.payment_id]))
    assert "600.00" in told and "1042" in told and reverse("hand_change", args=[asked.pk]) in told


def test_a_second_person_sees_what_posts_and_decides(office: Office, signed_in: Any) -> None:
    asked = by_hand.asked(office)
    here = reverse("hand_change", args=[asked.pk])
    shown = page(signed_in, "supervisor", here)
    for entry in asked.approval.preview["entries"]:
        assert entry["debit"] in shown and entry["credit"] in shown
    assert 'value="approve"' in shown and 'value="approve"' not in page(signed_in, "billing", here)
    answer = signed_in("supervisor").post(here, {"decision": "approve", "reason": "two scans indeed"})
    assert answer.status_code == 302
    asked.refresh_from_db()
    assert asked.state == "done" and asked.payment.reversal.kind == "unposted"


def test_aging_shows_what_the_trial_balance_says(office: Office, signed_in: Any) -> None:
    bounced.check(office, "test-aged")
    lines = trial_balance(business_date())
    total = sum(line.closing for line in lines if line.role in ("receivable", "unapplied"))
    shown = page(signed_in, "auditor", reverse("aging"))
    assert f"{abs(total) / 100:,.2f}" in shown
    assert "Every fund balances" in page(signed_in, "auditor", reverse("trial_balance"))


def test_a_statement_prints(office: Office, signed_in: Any) -> None:
    shown = page(signed_in, "csr", reverse("account_statement", args=[office.ana.number]))
    assert "Owed at the end" in shown
    printed = signed_in("csr").get(reverse("account_statement_pdf", args=[office.ana.number]))
    assert printed.content.startswith(b"%PDF-") and b"/MarkInfo" in printed.content


def test_a_relation_is_declared_and_bars(office: Office, signed_in: Any) -> None:
    gone = signed_in("supervisor").post(
        reverse("declare_relation"),
        {"user": "billing", "account": office.ana.number, "kind": "own", "reason": "it is mine"},
    )
    assert gone.status_code == 302 and Interest.objects.filter(user__username="billing").exists()
    payment = bounced.check(office, "test-own")
    refused = signed_in("billing").post(
        reverse("reverse_payment", args=[payment.pk]), {"reason": "posted_twice", "note": "my own"}
    )
    assert refused.status_code == 422 and "own or your family" in refused.content.decode()
