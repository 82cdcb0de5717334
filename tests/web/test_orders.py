"""Service orders on screen: asked for an account, planned in bulk, completed from the sheet, decided, printed."""

from __future__ import annotations

import re

from django.urls import reverse
from tests.web import ordered
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office, act

from meterbook.records.metering.field.operations.send import approve_request
from meterbook.records.metering.models import FieldRequest, Read, Seal
from meterbook.records.service_orders.models import Order, OrderLink, OrderVisit, ServiceStatus
from meterbook.records.service_orders.operations.opening import open_an_order


def key_of(html: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', html)
    assert found is not None
    return found.group(1)


def test_an_order_asked_on_the_phone_is_planned_done_and_closed(office: Office, signed_in: SignedIn) -> None:
    crew, csr = ordered.crew(office), signed_in("csr")
    address = f"{reverse('new_order')}?account={office.ana.number}"
    page = csr.get(address).content.decode()
    assert "Water, 214 Tannery Row" in page
    point = re.search(r'<option value="(\d+)"[^>]*>Water', page)
    assert point is not None
    refused = csr.post(address, {"kind": "off", "point": point.group(1), "reason": ""})
    assert refused.status_code == 422
    csr.post(address, {"kind": "off", "point": point.group(1), "reason": "Long holiday", "cause": "requested"})
    made = Order.objects.get(reason="Long holiday")
    assert made.account == office.ana and made.state == "approved"

    boss, plan = signed_in("supervisor"), reverse("plan_orders")
    preview = boss.get(plan, {"do": "schedule", "id": [made.pk], "crew": crew.pk}).content.decode()
    assert "1 order takes this step, 20 minutes of work" in preview
    boss.post(plan, {"do": "schedule", "id": [made.pk], "crew": crew.pk, "on": BILL_2.isoformat()})
    boss.post(plan, {"do": "dispatch", "id": [made.pk], "crew": ""})
    made.refresh_from_db()
    assert made.state == "dispatched" and made.crew == crew
    week = boss.get(f"{reverse('order_calendar')}?week={BILL_2}").content.decode()
    assert "20 of 420 min" in week
    day = boss.get(reverse("crew_day", args=[crew.pk, BILL_2.isoformat()])).content.decode()
    assert "Turn service off" in day and "214 Tannery Row" in day

    done = reverse("complete_order", args=[made.pk])
    key = key_of(boss.get(done).content.decode())
    typed = {"able": "yes", "key": key, "read-W-9001-delivered": "27", "item-valve_shut": "yes"}
    asked = boss.post(done, {**typed, "serial": "W-9999"})
    assert asked.status_code == 422 and "W-9999 was found" in asked.content.decode()
    boss.post(done, {**typed, "serial": "W-9999", "confirm": "serial", "seals_on": "S-6001"}, follow=True)
    made.refresh_from_db()
    shown = boss.get(reverse("service_order", args=[made.pk])).content.decode()
    assert made.state == "completed" and "What it changed" in shown and "S-6001" in shown
    assert ServiceStatus.objects.get(service_point=made.service_point).state == "off"
    assert Read.objects.filter(register__meter__serial="W-9001", value=27).exists()
    boss.post(done, {**typed, "serial": "W-9999", "confirm": "serial", "seals_on": "S-6001"})
    assert OrderVisit.objects.filter(order=made).count() == 1

    boss.post(reverse("order_step", args=[made.pk, "review"]), {"note": "fine", "follow_up": "", "wanted_on": ""})
    made.refresh_from_db()
    assert made.state == "closed"
    boss.post(reverse("order_step", args=[made.pk, "again"]), {"note": "it still runs", "wanted_on": ""})
    assert OrderLink.objects.get(order=made).kind == "reopens"


def test_the_office_decides_what_the_crew_brought_back(office: Office, signed_in: SignedIn) -> None:
    visit, boss = ordered.conflict(office), signed_in("billing")
    page = boss.get(reverse("service_order", args=[visit.order_id])).content.decode()
    assert "it is not on record yet" in page and "The office changed the order" in page
    listed = boss.get(f"{reverse('service_orders')}?show=review").content.decode()
    assert "To be decided" in listed
    assert signed_in("crew").post(reverse("decide_visit", args=[visit.pk, "accept"]), {"note": "x"}).status_code == 403
    boss.post(reverse("decide_visit", args=[visit.pk, "accept"]), {"note": "the seal is on"})
    visit.refresh_from_db()
    assert visit.state == "applied" and Seal.objects.filter(number="S-5001").exists()
    photo = boss.get(reverse("order_photo", args=[ordered.arguments(office)["order_photo"][0]]))
    assert photo.content == ordered.PICTURE


def test_the_crew_sees_its_own_and_prints_the_day(office: Office, signed_in: SignedIn) -> None:
    one, crew = ordered.order(office), ordered.crew(office)
    second = ordered.order(office, "main break", kind="leak_check", emergency=True)
    crewman = signed_in("crew")
    mine = crewman.get(f"{reverse('service_orders')}?show=mine").content.decode()
    assert "Look for a leak" in mine and "Emergency" in mine and 'name="id"' not in mine
    day = reverse("crew_day", args=[crew.pk, BILL_2.isoformat()])
    crewman.post(day, {"move": "walk"})
    first = Order.objects.filter(crew=crew, scheduled_on=BILL_2).order_by("sequence").first()
    assert first == second
    crewman.post(day, {"move": f"down:{second.pk}"})
    assert Order.objects.filter(crew=crew, scheduled_on=BILL_2).order_by("sequence").first() == one
    for name, args in (("crew_day_sheets", [crew.pk, BILL_2.isoformat()]), ("order_sheet", [one.pk])):
        assert crewman.get(reverse(name, args=args)).content.startswith(b"%PDF")
    crewman.post(reverse("order_step", args=[one.pk, "arrive"]), {"note": ""})
    one.refresh_from_db()
    assert one.state == "on_site"


def test_a_request_that_is_an_order_is_worked_on_as_one(office: Office, signed_in: SignedIn) -> None:
    request = FieldRequest.objects.get(kind="location")
    approve_request(act(office.staff["billing"], BILL_2), request=request)
    order = Order.objects.get(field_request=request)
    page = signed_in("billing").get(reverse("field_request", args=[request.pk])).content.decode()
    assert reverse("service_order", args=[order.pk]) in page
    assert reverse("field_step", args=[request.pk, "dispatch"]) not in page


def test_two_in_the_office_change_one_order(office: Office, signed_in: SignedIn) -> None:
    one, first, second = ordered.order(office), signed_in("billing"), signed_in("supervisor")
    address = reverse("order_step", args=[one.pk, "change"])
    shown = re.search(r'name="version" value="(\d+)"', second.get(address).content.decode())
    assert shown is not None
    typed = {"wanted_on": "", "wish": "", "note": "", "version": shown.group(1)}
    first.post(address, {**typed, "reason": "the lid is gone"})
    told = second.post(address, {**typed, "reason": "the lid is under the hedge"})
    page = told.content.decode()
    assert told.status_code == 422 and "Walter Quill changed this" in page and "the lid is under the hedge" in page
    again = re.search(r'name="version" value="(\d+)"', page)
    assert again is not None
    second.post(address, {**typed, "reason": "the lid is under the hedge", "version": again.group(1)})
    one.refresh_from_db()
    assert one.reason == "the lid is under the hedge" and one.version == 5


def test_what_stands_on_the_account_and_how_old_it_is(office: Office, signed_in: SignedIn) -> None:
    open_an_order(act(office.staff["csr"], BILL_2, "wants a test"), kind="test",
                  service_point=ordered.order(office).service_point)  # fmt: skip
    page = signed_in("csr").get(reverse("account", args=[office.ana.number])).content.decode()
    assert "Test a meter" in page
    aging = signed_in("supervisor").get(reverse("report", args=["order_aging"])).content.decode()
    assert "Test a meter" in aging and "0–2 days" in aging
