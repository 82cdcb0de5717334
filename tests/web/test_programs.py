"""Net metering and level payment on screen: lists, one ledger, one plan, forms that refuse in words, the bill."""

from __future__ import annotations

import pytest
from tests.web.conftest import SignedIn
from tests.web.enrolled import level_plan, solar_home
from tests.web.office import Office

from meterbook.records.programs.models import LevelPayPlan, NetMeteringAccount

pytestmark = pytest.mark.django_db


def test_a_solar_home_is_listed_and_its_ledger_opens(office: Office, signed_in: SignedIn) -> None:
    nem = solar_home(office)
    office_desk = signed_in("billing")
    page = office_desk.get("/programs/solar/").content.decode()
    assert office.ben.number in page and "Net billing" in page
    page = office_desk.get(f"/programs/solar/{nem.pk}/").content.decode()
    assert "No bill yet under this enrolment." in page and "5,400 W" in page
    assert "Net metering" in office_desk.get(f"/accounts/{office.ben.number}/").content.decode()
    assert office_desk.get("/programs/solar/999999/").status_code == 404


def test_enrolling_refuses_in_words_and_then_does_it(office: Office, signed_in: SignedIn) -> None:
    desk = signed_in("billing")
    typed = {"point": "E-1", "option": "nem-kwh", "starts": "7/6/2026", "true_up_month": "4", "reason": "asked"}
    page = desk.post("/programs/solar/enrol/", typed)
    assert page.status_code == 422
    assert "Schedule E-RES has no net metering of the kind nem-kwh." in page.content.decode()
    assert "No agreement is known" in desk.post("/programs/solar/enrol/", typed | {"point": "X"}).content.decode()
    done = desk.post("/programs/solar/enrol/", typed | {"option": "net-billing"})
    nem = NetMeteringAccount.objects.get()
    assert done.status_code == 302 and done["Location"] == f"/programs/solar/{nem.pk}/"
    ended = desk.post(f"/programs/solar/{nem.pk}/end/", {"ends": "9/1/2026", "reason": "sold the roof"})
    assert ended.status_code == 302
    nem.refresh_from_db()
    assert str(nem.validity.upper) == "2026-09-01"


def test_who_may_not_enrol_is_told_who_may(office: Office, signed_in: SignedIn) -> None:
    typed = {"point": "E-1", "option": "net-billing", "starts": "7/6/2026", "true_up_month": "4", "reason": "asked"}
    page = signed_in("cashier").post("/programs/solar/enrol/", typed)
    assert page.status_code == 403 and "Billing technician" in page.content.decode()


def test_a_plan_shows_what_was_charged_and_asked_and_the_bill_shows_both(office: Office, signed_in: SignedIn) -> None:
    plan = level_plan(office)
    desk = signed_in("csr")
    assert office.ana.number in desk.get("/programs/level-pay/").content.decode()
    page = desk.get(f"/programs/level-pay/{plan.pk}/").content.decode()
    assert "100.00" in page and "since" in page
    bill = desk.get(f"/bills/{office.bill.pk}/").content.decode()
    assert "True balance" in bill and "Pay this amount" in bill and "$100.00" in bill
    ended = desk.post(f"/programs/level-pay/{plan.pk}/settle/", {"reason": "moves to her sister"})
    assert ended.status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.ended_why) == ("settled", "moves to her sister")


def test_enrolling_in_level_payment_shows_every_formula_and_why_not(office: Office, signed_in: SignedIn) -> None:
    desk = signed_in("csr")
    page = desk.get(f"/programs/level-pay/enrol/{office.ben.number}/").content.decode()
    assert "Eleven equal payments and a settlement" in page
    assert "Months billed in the last twelve: 1; the rules ask for 12." in page
    sent = desk.post(f"/programs/level-pay/enrol/{office.ben.number}/", {"formula": "eleven", "reason": "asked"})
    assert sent.status_code == 422 and not LevelPayPlan.objects.exists()


def test_reviews_say_when_there_are_none_and_the_pages_speak_spanish(office: Office, signed_in: SignedIn) -> None:
    level_plan(office)
    desk = signed_in("billing")
    assert "No plan stands at a review month." in desk.get("/programs/level-pay/reviews/").content.decode()
    desk.cookies["django_language"] = "es"
    assert "Pago nivelado" in desk.get("/programs/level-pay/").content.decode()
    assert "Medición neta" in desk.get("/programs/solar/").content.decode()
