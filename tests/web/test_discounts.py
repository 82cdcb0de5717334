"""Discounts and the medical baseline: documents first, tariffs told, barred from shutoff, along with a mover."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from tests.web import discounted
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office, act

from meterbook.records.customers.models import Account, Protection, ServiceAgreement
from meterbook.records.places.models import Determinant, DeterminantKind
from meterbook.records.platform.models import Deed
from meterbook.records.programs.discounts.carrying import carry_discounts
from meterbook.records.programs.discounts.operations.enrol import end_discount, expire_discounts
from meterbook.records.programs.discounts.screens import to_renew
from meterbook.records.programs.discounts.standing import in_hardship, programs_of
from meterbook.records.programs.models import DiscountEnrolment

pytestmark = pytest.mark.django_db


def told(account: Account, day: date) -> list[str]:
    points = account.agreements.filter(service_point__commodity="electricity").values("service_point")
    rows = Determinant.objects.filter(service_point__in=points, kind__name="discount", validity__contains=day)
    return list(rows.values_list("key", flat=True))


def test_the_checklist_comes_before_the_discount(office: Office, signed_in: SignedIn) -> None:
    csr, at = signed_in("csr"), reverse("enrol_discount", args=[office.ben.number])
    page = csr.get(at).content.decode()
    assert "Physician&#x27;s certificate (needed)" in page and "Low-income discount" in page
    poor = {"program": "low_income", "low_income-papers": ["application"], "low_income-starts": "9/8/2026"}
    nothing = csr.post(at, poor)
    assert nothing.status_code == 422 and "size and income" in nothing.content.decode()
    rich = csr.post(at, poor | {"low_income-household_size": "2", "low_income-income": "40880.01"})
    assert "above the limit of $40,880.00 for 2 people" in rich.content.decode()
    unseen = csr.post(at, poor | {"low_income-papers": [], "low_income-aid": "calfresh"})
    assert "not seen yet" in unseen.content.decode() and not in_hardship(office.ben.pk, BILL_2)
    assert csr.post(at, poor | {"low_income-aid": "calfresh"}).status_code == 302
    made = DiscountEnrolment.objects.get(account=office.ben)
    assert made.validity.upper == date(2028, 9, 8) and in_hardship(office.ben.pk, BILL_2)
    again = csr.post(at, poor | {"low_income-aid": "calfresh"})
    assert "already" in again.content.decode()


def test_tariffs_are_told_and_shutoff_is_barred_until_it_ends(office: Office) -> None:
    DeterminantKind.objects.get_or_create(name="discount", is_key=True)
    made = discounted.enrolment(office)
    assert made.facts == 1 and told(office.ana, BILL_2) == ["medical_baseline"]
    assert made.protection is not None and made.protection.kind == "medical_baseline"
    later = date(2026, 10, 1)
    end_discount(act(office.staff["csr"], later, "moved in with family"), enrolment=made)
    assert told(office.ana, date(2026, 9, 30)) == ["medical_baseline"] and told(office.ana, later) == ["none"]
    assert Protection.objects.get(pk=made.protection.pk).validity.upper == later


def test_it_runs_out_unless_it_is_renewed(office: Office, signed_in: SignedIn) -> None:
    made = discounted.enrolment(office)
    assert [row["id"] for row in to_renew(date(2028, 7, 15))] == [made.pk] and not to_renew(BILL_2)
    renew = reverse("renew_discount", args=[made.pk])
    assert signed_in("csr").post(renew, {}).status_code == 422
    assert signed_in("csr").post(renew, {"papers": ["physician"]}).status_code == 302
    made.refresh_from_db()
    assert made.validity.upper == date(2030, 9, 8)
    assert Protection.objects.get(pk=made.protection_id).validity.upper == date(2030, 9, 8)
    assert expire_discounts(act(office.staff["system"], date(2030, 9, 7))) == 0
    assert expire_discounts(act(office.staff["system"], date(2030, 9, 8))) == 1
    assert programs_of(office.ana.pk, date(2030, 9, 8)) == []


def test_it_goes_along_with_who_moves(office: Office) -> None:
    DeterminantKind.objects.get_or_create(name="discount", is_key=True)
    old, day = discounted.enrolment(office), date(2026, 10, 1)
    deed = Deed.objects.create(kind="test.moved", actor=office.staff["csr"], business_date=day)
    power = ServiceAgreement.objects.get(account=office.ana, service_point__commodity="electricity")
    power.validity = (power.validity.lower, day)
    power.save()
    [new] = carry_discounts(deed, source=office.ana, target=office.ben, on=day)
    assert (new.before_id, new.person_id, new.validity.upper) == (old.pk, office.ana.holder_id, date(2028, 9, 8))
    assert programs_of(office.ana.pk, day) == [] and programs_of(office.ben.pk, day) == ["medical_baseline"]
    assert told(office.ben, day) == ["medical_baseline"]
    assert carry_discounts(deed, source=office.ana, target=office.ben, on=day) == []
