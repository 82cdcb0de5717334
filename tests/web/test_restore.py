"""Service that is off comes back for the exact amount, paid or promised, with an order and an hour."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office, act
from tests.web.test_arrangements import pays

from meterbook.records.fees.models import ServiceCharge
from meterbook.records.ledger.arrangements.operations.extend import extend_payment
from meterbook.records.platform.models import Deed
from meterbook.records.programs.discounts.operations.enrol import Shown, enrol_discount
from meterbook.records.service_orders.models import Order, ServiceStatus
from meterbook.records.service_orders.restoring.quote import quote

pytestmark = pytest.mark.django_db


def cut(office: Office) -> None:
    """Ben's electricity went off two days ago."""
    deed = Deed.objects.create(kind="test.cut", actor=office.staff["system"], business_date=BILL_2)
    ServiceStatus.objects.create(
        service_point=office.ben.agreements.get().service_point, state="off", cause="nonpayment",
        validity=DateRange(BILL_2 - timedelta(days=2), None), deed=deed,
    )  # fmt: skip


def test_paid_to_the_cent_the_order_opens(office: Office, signed_in: SignedIn) -> None:
    cut(office)
    csr, at = signed_in("csr"), reverse("restore_service", args=[office.ben.number])
    page = csr.get(at).content.decode()
    assert "$150.97" in page and "neither paid nor promised" in page
    assert "$260.97" in csr.get(f"{at}?visit=after_hours").content.decode()
    assert csr.post(at, {"visit": "in_hours"}).status_code == 422 and not Order.objects.filter(kind="on").exists()
    charge = reverse("charge_restoring", args=[office.ben.number])
    slip = {"visit": "in_hours", "kind": "payment", "account": office.ben.number, "code": "", "amount": "150.97"}
    to_counter = csr.post(charge, slip)
    assert (to_counter.status_code, to_counter.headers["Location"]) == (307, reverse("counter_slip"))
    assert signed_in("billing").post(charge, slip).status_code == 302
    assert ServiceCharge.objects.get(account=office.ben, code="reconnect").state == "booked"
    pays(office, 15_096, BILL_2)
    short = quote(office.ben, BILL_2)
    assert short is not None and short.total_cents == 1
    pays(office, 1, BILL_2)
    assert csr.post(at, {"visit": "in_hours"}).headers["Location"] == reverse("account", args=[office.ben.number])
    order = Order.objects.get(kind="on", account=office.ben)
    assert (order.cause, order.wanted_on) == ("nonpayment", BILL_2)
    assert "already" in csr.post(at, {"visit": "in_hours"}).content.decode()
    assert signed_in("auditor").post(at, {"visit": "in_hours"}).status_code == 403


def test_promised_it_opens_at_once_and_hardship_pays_less(office: Office, signed_in: SignedIn) -> None:
    cut(office)
    csr = act(office.staff["csr"], BILL_2)
    poor = Shown(("application",), aid="calfresh")
    enrol_discount(csr, account=office.ben, program="low_income", shown=poor, starts=BILL_2)
    extend_payment(csr, account=office.ben, until=date(2026, 9, 20))
    at = reverse("restore_service", args=[office.ben.number])
    assert signed_in("csr").post(at, {"visit": "next_day"}).status_code == 302
    assert ServiceCharge.objects.get(account=office.ben, code="reconnect_hardship").amount_cents == 5_000
    assert Order.objects.get(kind="on", account=office.ben).wanted_on == date(2026, 9, 9)
    nothing = signed_in("csr").post(reverse("restore_service", args=[office.ana.number]), {"visit": "next_day"})
    assert nothing.status_code == 422 and "No service of this account is off" in nothing.content.decode()
