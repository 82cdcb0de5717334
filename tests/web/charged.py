"""One-off charges in the tests' office: a fee, one that waits, a service request, a development charge."""

from __future__ import annotations

from tests.web.office import BILL_2, Office, act

from meterbook.records.fees.models import DevelopmentCharge, ServiceCharge, ServiceRequest
from meterbook.records.fees.operations.charge import charge_fee
from meterbook.records.fees.operations.development import ask_development
from meterbook.records.fees.operations.service_requests import request_service

PLAIN = ("service_charges", "service_requests", "development_charges")


def waiting(office: Office) -> ServiceCharge:
    """A repair at cost that waits for a second person."""
    found = ServiceCharge.objects.filter(code="damage_at_cost").first()
    return found or charge_fee(
        act(office.staff["csr"], BILL_2, "a broken box"), account=office.ana, fee="damage_at_cost", service="water",
        amount_cents=60_000, note="invoice 77",
    )  # fmt: skip


def booked(office: Office) -> ServiceCharge:
    """An account set-up fee."""
    found = ServiceCharge.objects.filter(code="set_up").first()
    return found or charge_fee(act(office.staff["csr"], BILL_2), account=office.ana, fee="set_up", service="water")


def request(office: Office) -> ServiceRequest:
    """Ana doubts her meter; the fee is not paid yet."""
    found = ServiceRequest.objects.first()
    if found is None:
        point = office.ana.agreements.filter(service_point__commodity="water")[0].service_point
        found = request_service(
            act(office.staff["csr"], BILL_2),
            account=office.ana,
            service_point=point,
            fee="meter_test",
            note="doubts it",
        )
    return found


def development(office: Office) -> DevelopmentCharge:
    """A larger meter at Ana's, in twelve parts; waits."""
    found = DevelopmentCharge.objects.first()
    return found or ask_development(
        act(office.staff["billing"], BILL_2, "second unit"), account=office.ana, service="water", new={"1": 1},
        premise=office.ana.agreements.all()[0].service_point.premise, before={"5/8": 1}, count=12,
    )  # fmt: skip


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of one-off charges."""
    return {
        "service_charge": [waiting(office).pk], "cancel_service_charge": [booked(office).pk],
        "send_service": [request(office).pk], "cancel_service": [request(office).pk],
        "development_charge": [development(office).pk], "charge_fee": [office.ana.number],
        "request_service": [office.ana.number], "ask_development": [office.ana.number],
    }  # fmt: skip
