"""A discount in the tests' office: Ana is enrolled in the medical baseline."""

from __future__ import annotations

from tests.web.office import BILL_2, Office, act

from meterbook.records.programs.discounts.operations.enrol import Shown, enrol_discount
from meterbook.records.programs.models import DiscountEnrolment

PLAIN = ("discounts", "discount_renewals")


def enrolment(office: Office) -> DiscountEnrolment:
    """Ana's breathing machine."""
    found = DiscountEnrolment.objects.first()
    return found or enrol_discount(
        act(office.staff["csr"], BILL_2), account=office.ana, program="medical_baseline", shown=Shown(("physician",)),
        starts=BILL_2,
    )  # fmt: skip


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of discounts."""
    one = enrolment(office).pk
    return {
        "discount": [one], "renew_discount": [one], "end_discount": [one], "enrol_discount": [office.ben.number],
    }  # fmt: skip
