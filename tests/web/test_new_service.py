"""New service: the permit queue proposes places, a person takes them over; a quote is accepted while it holds."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.conftest import SignedIn
from tests.web.connected import SAMPLE, permit, quote
from tests.web.office import BILL_2, Office, act

from meterbook.notices.installation_quote.gather import quote_letter
from meterbook.records.fees.models import DevelopmentCharge
from meterbook.records.new_service.models import Permit, Quote
from meterbook.records.new_service.operations.import_permits import import_permits
from meterbook.records.new_service.operations.quotes import ToWhom, Work, accept_quote, issue_quote
from meterbook.records.new_service.refusals import NewServiceRefused
from meterbook.records.places.models import ConnectionRight, Parcel, Premise, ServicePoint
from meterbook.records.service_orders.models import Order
from meterbook.records.tasks.models import Task


def test_a_file_is_taken_once_and_a_changed_permit_is_shown_again(signed_in: SignedIn, office: Office) -> None:
    walter = signed_in("billing")
    for _ in range(2):
        file = SimpleUploadedFile("permits.csv", SAMPLE.read_bytes())
        walter.post("/field/permits/import/", {"format": "permits-csv", "file": file})
    assert Permit.objects.count() == 3
    first = permit(office)
    assert walter.post(f"/field/permits/{first.pk}/dismiss/", {"reason": "served by the district"}).status_code == 302
    later = SAMPLE.read_bytes().replace(b"Detached house", b"Detached house with a pool")
    batch = import_permits(act(office.staff["billing"], BILL_2), format="permits-csv", file_name="2", content=later)
    first.refresh_from_db()
    assert (batch.loaded, batch.unchanged) == (1, 2) and first.changed and first.state == "dismissed"
    walter.post(f"/field/permits/{first.pk}/again/", {"reason": "a pool needs water", "do": "reopen"})
    first.refresh_from_db()
    assert (first.state, first.changed) == ("waits", False)


def test_a_new_house_brings_parcel_premise_points_and_orders(signed_in: SignedIn, office: Office) -> None:
    walter, found = signed_in("billing"), permit(office)
    page = walter.get(f"/field/permits/{found.pk}/")
    form = page.context["form"]
    given = {name: form.initial.get(name, "") for name in form.fields} | {"starts": "9/8/2026", "set_meters": "on"}
    assert given["parcel"] == "0119-118-04" and given["owner"] == "Quarry Homes"
    assert given["points"] == "water, 3/4, R1\nsewer\nelectricity, 200A, R1\nstormwater"
    sent = walter.post(f"/field/permits/{found.pk}/", given)
    assert sent.status_code == 302, sent.context["form"].errors
    house = Premise.objects.get(street="Mill Street", street_number="9")
    points = {one.commodity: one for one in house.service_points.all()}
    assert set(points) == {"water", "sewer", "electricity", "stormwater"}
    assert points["sewer"].water_source == points["water"] and points["water"].route is not None
    orders = Order.objects.filter(source_kind="permit", source_id=found.pk, kind="set")
    assert {one.service_point.commodity for one in orders if one.service_point} == {"water", "electricity"}
    assert walter.post(f"/field/permits/{found.pk}/", given).status_code == 422  # nothing twice
    assert house.service_points.count() == 4


def test_a_panel_upgrade_finds_ana_and_adds_nothing_that_is_there(signed_in: SignedIn, office: Office) -> None:
    page = signed_in("billing").get(f"/field/permits/{permit(office, 'BLD26-00413').pk}/")
    proposal = page.context["proposal"]
    assert proposal.premise is not None and proposal.premise.street == "Tannery Row"
    assert [one.there is not None for one in proposal.points] == [True]
    assert page.context["form"].initial["points"] == ""


def test_a_line_nobody_understands_is_named_and_nothing_is_added(signed_in: SignedIn, office: Office) -> None:
    found, before = permit(office), (Parcel.objects.count(), ServicePoint.objects.count())
    form = signed_in("billing").get(f"/field/permits/{found.pk}/").context["form"]
    given = {name: form.initial.get(name, "") for name in form.fields} | {"points": "water, 3/4, R1\ngas", "starts": ""}
    answer = signed_in("billing").post(f"/field/permits/{found.pk}/", given)
    assert answer.status_code == 422 and "Line 2: found gas" in answer.content.decode()
    assert (Parcel.objects.count(), ServicePoint.objects.count()) == before


def test_a_quote_adds_up_prints_and_is_accepted_once(signed_in: SignedIn, office: Office) -> None:
    made = quote(office)
    assert made.total_cents == sum(line[-1] for line in made.lines)
    assert {line[0]: line[-1] for line in made.lines}["credit_before"] == -412_000
    rows = quote_letter(made).rows
    assert rows[-1][-1] == "$9,178.24" and signed_in("csr").get(f"/field/quotes/{made.pk}/pdf/").content[:5] == b"%PDF-"
    for _ in range(2):
        accept_quote(act(office.staff["billing"], BILL_2, "signed"), quote=made)
    right = ConnectionRight.objects.get(parcel=office.vacant.parcel, commodity="water", size="1")
    assert right.quantity == 1 and Order.objects.filter(source_kind="quote", source_id=made.pk).count() == 1
    task = Task.objects.get(subject=f"quote:{made.pk}")
    assert task.role == "billing_technician" and task.link_name == "quote"


def test_with_an_account_the_development_charge_goes_to_a_second_person(office: Office) -> None:
    home = office.ana.agreements.all()[0].service_point.premise
    work = Work("larger_water_meter", "1", 1, {}, {"5/8": 1})
    made = issue_quote(
        act(office.staff["billing"], BILL_2), premise=home, work=work, to=ToWhom("Ana", ["214"], "es", office.ana)
    )
    accept_quote(act(office.staff["billing"], BILL_2, "signed"), quote=made)
    asked = DevelopmentCharge.objects.get(account=office.ana, premise=home)
    assert asked.state == "asked" and asked.amount_cents == 618_000
    assert Task.objects.filter(subject=f"quote:{made.pk}").count() == 1


def test_a_quote_does_not_hold_for_ever(office: Office) -> None:
    made = quote(office)
    late = made.valid_until + timedelta(days=1)
    with pytest.raises(NewServiceRefused, match="held until"):
        accept_quote(act(office.staff["billing"], late, "signed"), quote=made)
    assert Quote.objects.get(pk=made.pk).state == "issued"


def test_credits_never_pay_out(office: Office) -> None:
    work = Work("sewer_connection", "", 1, {"pipe": Decimal(0), "paving": Decimal(0)}, {}, [("paid ahead", 999_999)])
    with pytest.raises(NewServiceRefused, match="more than the work costs"):
        issue_quote(act(office.staff["csr"], BILL_2), premise=office.vacant, work=work, to=ToWhom("Ana", ["214"], "en"))


def test_credits_beyond_the_work_are_not_lost_in_the_development_charge(office: Office) -> None:
    """The customer was quoted a total: what the credits exceed the work by is given back, by somebody's task."""
    home = office.ana.agreements.all()[0].service_point.premise
    work = Work("larger_water_meter", "1", 1, {}, {"5/8": 1}, [("paid ahead", 500_000)])
    made = issue_quote(
        act(office.staff["billing"], BILL_2), premise=home, work=work, to=ToWhom("Ana", ["214"], "en", office.ana)
    )
    accept_quote(act(office.staff["billing"], BILL_2, "signed"), quote=made)
    asked = DevelopmentCharge.objects.get(account=office.ana, premise=home).amount_cents
    more = asked - made.total_cents
    assert more > 0
    task = Task.objects.get(subject=f"quote:{made.pk}")
    assert task.kind == "new_service.credit" and task.title["values"]["amount"] == f"${more / 100:,.2f}"
