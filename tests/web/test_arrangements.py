"""More time and plans of instalments, as the clerk at the phone does it and the books judge it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import polars as pl
import pytest
from django.urls import reverse
from tests.web import agreed
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office, act

from meterbook.records.ledger.arrangements.operations.arrange import arrange_payment, cancel_arrangement
from meterbook.records.ledger.arrangements.operations.extend import extend_payment
from meterbook.records.ledger.arrangements.proposing import Terms, open_charges
from meterbook.records.ledger.arrangements.refusals import ArrangementRefused
from meterbook.records.ledger.arrangements.standing import extended_until, extensions_on, plan_on
from meterbook.records.ledger.models import AccountOrder, PaymentArrangement
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.models import Approval, Deed

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 8)


def pays(office: Office, cents: int, on: date) -> None:
    """Ben pays at the counter."""
    deed = Deed.objects.create(kind="test.paid", actor=office.staff["cashier"], business_date=on)
    row = {"account_id": office.ben.pk, "written_account": office.ben.number, "amount_cents": cents, "received_on": on}
    receive(deed, pl.DataFrame([row]), into=account_for("cash"), effective_on=on)


def test_more_time_takes_two_clicks_and_runs_out(office: Office, signed_in: SignedIn) -> None:
    csr, at = signed_in("csr"), reverse("extend_payment", args=[office.ana.number])
    page = csr.get(at).content.decode()
    until = re.search(r'name="until" value="([^"]+)"', page)
    assert until is not None and until[1] == "9/22/2026"
    assert csr.post(at, {"until": until[1]}).headers["Location"] == reverse("account", args=[office.ana.number])
    page = csr.get(reverse("account", args=[office.ana.number])).content.decode()
    assert "More time until" in page and "Runs" in page
    assert extended_until(office.ana.pk, BILL_2) == date(2026, 9, 22)
    assert extended_until(office.ana.pk, date(2026, 9, 23)) == date(2026, 9, 22)
    assert extended_until(office.ana.pk, date(2026, 9, 24)) is None
    assert extensions_on(office.ana.pk, date(2026, 9, 24))[0].broken
    twice = csr.post(at, {"until": "9/15/2026"})
    assert twice.status_code == 422 and "already" in twice.content.decode()
    late = csr.post(reverse("extend_payment", args=[office.ben.number]), {"until": "10/8/2026"})
    assert late.status_code == 422 and "you may give 14 days" in late.content.decode()


def test_more_time_for_one_charge_ends_when_it_is_taken_back(office: Office, signed_in: SignedIn) -> None:
    water = next(one for one in open_charges(office.ana.pk) if one.service == "water")
    made = extend_payment(
        act(office.staff["supervisor"], BILL_2), account=office.ana, until=date(2026, 10, 8), items=[water.item]
    )
    assert made.amount_cents == 4_522
    with pytest.raises(ArrangementRefused, match="settled"):
        extend_payment(
            act(office.staff["csr"], BILL_2), account=office.ben, until=date(2026, 9, 9), items=[water.item]
        )  # fmt: skip
    at = reverse("cancel_extension", args=[made.pk])
    assert signed_in("auditor").post(at, {"reason": "no"}).status_code == 403
    assert signed_in("csr").post(at, {"reason": "entered twice"}).status_code == 302
    assert extended_until(office.ana.pk, BILL_2) is None


def test_a_plan_is_shown_before_it_is_agreed(office: Office, signed_in: SignedIn) -> None:
    csr, at = signed_in("csr"), reverse("arrange_payment", args=[office.ben.number])
    page = csr.get(at).content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', page)[-1]
    assert "October 8, 2026" in page or "10/8/2026" in page
    typed = {"count": "3", "every": "month", "first_due": "10/8/2026", "down": ""}
    unseen = csr.post(at, typed | {"agree": "1", "shown": shown})
    assert "not the one that was shown" in unseen.content.decode()
    assert not PaymentArrangement.objects.filter(account=office.ben).exists()
    seen = re.findall(r'name="shown" value="([^"]+)"', unseen.content.decode())[-1]
    agreed_to = csr.post(at, typed | {"agree": "1", "shown": seen})
    made = PaymentArrangement.objects.get(account=office.ben)
    assert agreed_to.headers["Location"] == reverse("payment_arrangement", args=[made.pk])
    assert [(part.number, part.amount_cents) for part in made.parts.order_by("number")] == [
        (0, 1_720), (1, 2_293), (2, 2_292), (3, 2_292),
    ]  # fmt: skip
    order = AccountOrder.objects.get(account=office.ben)
    assert order.current_from == date(2026, 9, 1) and made.order_id == order.pk
    letter = csr.get(reverse("arrangement_letter", args=[made.pk]))
    assert letter.content.startswith(b"%PDF")


def test_a_longer_plan_waits_for_the_supervisor(office: Office, signed_in: SignedIn) -> None:
    csr, at = signed_in("csr"), reverse("arrange_payment", args=[office.ben.number])
    typed = {"count": "12", "every": "month", "first_due": "10/8/2026", "down": ""}
    page = csr.post(at, typed | {"try": "1"}).content.decode()
    assert "longer than you agree to alone" in page
    shown = re.findall(r'name="shown" value="([^"]+)"', page)[-1]
    asked = csr.post(at, typed | {"agree": "1", "shown": shown}).headers["Location"]
    assert plan_on(office.ben.pk, BILL_2) is None and csr.post(asked, {"decision": "approve"}).status_code == 403
    assert signed_in("supervisor").post(asked, {"decision": "approve", "note": ""}).status_code == 302
    assert plan_on(office.ben.pk, BILL_2) is not None
    assert Approval.objects.get(kind="ledger.decide_arrangement").status == "approved"


def test_the_books_say_whether_a_plan_is_kept(office: Office) -> None:
    agreed.plan(office)
    pays(office, 1_720, date(2026, 9, 12))
    kept = plan_on(office.ben.pk, date(2026, 9, 20))
    assert kept is not None and [each.state for each in kept.stands.parts][:2] == ["kept", "to_come"]
    assert kept.stands.open_cents == 8_597 - 1_720 and plan_on(office.ben.pk, date(2026, 9, 10)) is not None


def test_a_broken_plan_ends_and_the_next_needs_a_second_person(office: Office) -> None:
    made = agreed.plan(office)
    first = plan_on(office.ben.pk, date(2026, 9, 20))
    assert first is not None and first.stands.state == "behind" and first.stands.behind_cents == 1_720
    with pytest.raises(ArrangementRefused, match="stands already"):
        arrange_payment(act(office.staff["csr"], BILL_2), account=office.ben, terms=Terms(3, OCTOBER))
    with pytest.raises(ArrangementRefused, match="not broken"):
        cancel_arrangement(act(office.staff["csr"], BILL_2, "no"), arrangement=made, broken=True)
    day = date(2026, 9, 20)
    cancel_arrangement(act(office.staff["csr"], day, "no down payment"), arrangement=made, broken=True)
    order = AccountOrder.objects.get(account=office.ben)
    assert order.validity.upper == day + timedelta(days=1)
    again = arrange_payment(act(office.staff["csr"], day), account=office.ben, terms=Terms(3, OCTOBER))
    assert again.state == "asked" and again.approval is not None
