"""Deposits and instruments from the screen, by who may."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.web import secured
from tests.web.conftest import SignedIn
from tests.web.office import Office

from meterbook.records.ledger.deposits.queries import deposits
from meterbook.records.security.models import Assessment, Draw, Instrument

pytestmark = pytest.mark.django_db


def test_a_deposit_is_worked_out_and_then_asked_for(office: Office, signed_in: SignedIn) -> None:
    csr, at = signed_in("csr"), reverse("assess_deposit", args=[office.ben.number])
    typed = {"standing": "poor", "parts": "2", "waiver": "", "waived": "", "year": ""}
    tried = csr.post(at, typed | {"try": "1"}).content.decode()
    assert "times a month&#x27;s bill" in tried and not Assessment.objects.filter(account=office.ben).exists()
    assert csr.post(at, typed).status_code == 302
    made = Assessment.objects.get(account=office.ben)
    assert [one.number for one in made.instalments.order_by("number")] == [1, 2]
    page = csr.get(reverse("account_security", args=[office.ben.number])).content.decode()
    assert "To come" in page and "Asked for" in page


def test_a_year_put_by_hand_waits_for_a_second_person_who_then_does_it(office: Office, signed_in: SignedIn) -> None:
    csr, at = signed_in("csr"), reverse("assess_deposit", args=[office.ben.number])
    typed = {"standing": "poor", "parts": "1", "waiver": "low_income", "waived": "", "year": "9000"}
    asked = csr.post(at, typed)
    assert asked.status_code == 302 and "/security/requests/" in asked.headers["Location"]
    assert csr.post(asked.headers["Location"], {"decision": "approve", "reason": ""}).status_code == 403
    done = signed_in("supervisor").post(asked.headers["Location"], {"decision": "approve", "reason": "seen"})
    assert done.status_code == 302
    assert Assessment.objects.get(account=office.ben).waived_cents == 150_000


def test_deposits_cannot_go_back_early_without_a_reason(office: Office, signed_in: SignedIn) -> None:
    secured.assessment(office)
    at = reverse("give_back_deposit", args=[office.ana.number])
    refused = signed_in("csr").post(at, {"way": "account", "early": "on", "reason": ""})
    assert refused.status_code == 422 and "before its time" in refused.content.decode()
    asked = signed_in("csr").post(at, {"way": "account", "early": "on", "reason": "moves abroad"})
    signed_in("supervisor").post(asked.headers["Location"], {"decision": "approve", "reason": ""})
    assert sum(one.held_cents for one in deposits(office.ana.pk)) == 0


def test_an_instrument_is_renewed_and_drawn_on(office: Office, signed_in: SignedIn) -> None:
    one = secured.instrument(office)
    renew = reverse("change_instrument", args=[one.pk, "renew"])
    shorter = signed_in("csr").post(renew, {"ends": "8/10/2026", "reason": "new letter"})
    assert shorter.status_code == 422 and "ends later" in shorter.content.decode()
    signed_in("csr").post(renew, {"ends": "12/31/2027", "reason": "new letter"})
    assert Instrument.objects.get().validity.upper.year == 2028
    draw = reverse("change_instrument", args=[one.pk, "draw"])
    too_much = signed_in("billing").post(draw, {"amount": "999999.00", "reason": "unpaid"})
    assert too_much.status_code == 422 and not Draw.objects.exists()


def test_a_certificate_is_printed(office: Office, signed_in: SignedIn) -> None:
    secured.assessment(office)
    found = signed_in("csr").get(reverse("security_letter", args=[office.ana.number, "certificate"]))
    assert found.content.startswith(b"%PDF")


def test_the_auditor_looks_and_changes_nothing(office: Office, signed_in: SignedIn) -> None:
    secured.assessment(office)
    auditor = signed_in("auditor")
    page = auditor.get(reverse("account_security", args=[office.ana.number])).content.decode()
    assert "Assess a deposit" not in page
    assert auditor.post(reverse("move_deposit", args=[office.ana.number]), {"to": office.ben.number}).status_code == 403
