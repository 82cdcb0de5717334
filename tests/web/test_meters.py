"""The meter shop and routes on screen: a meter from its shipment to its place, and a route put in another order."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, READ_2, Office

from meterbook.records.metering.models import AmiOptOut, Installation, Meter, Read, Seal
from meterbook.records.metering.shop.route_screens import stops, token_of
from meterbook.records.places.models import ConnectionRight, Route, ServicePoint

HEAD = (
    "serial,commodity,size,manufacturer,model,channel,dials,decimals,multiplier,unit,lot,tested_on,certificate,"
    "accuracy_full_load,accuracy_light_load\n"
)
ROW = "{serial},electricity,2S,Itron,C1S,delivered,6,0,{multiplier},kWh,PO-31,2026-07-01,F-1,100.2,99.1\n"


def text(answer: object) -> str:
    content: bytes = getattr(answer, "content")  # noqa: B009
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.decode()))


def send(client: Client, content: str, name: str = "shipment.csv") -> object:
    file = SimpleUploadedFile(name, content.encode(), content_type="text/csv")
    return client.post(reverse("receive_meters"), {"file": file}, follow=True)


def meter(serial: str) -> Meter:
    return Meter.objects.get(serial=serial)


def stock(client: Client, serial: str = "E-9001", multiplier: str = "1") -> Meter:
    """A meter received and put on the shelf, by the pages."""
    send(client, HEAD + ROW.format(serial=serial, multiplier=multiplier))
    address = reverse("meter_act", args=[meter(serial).pk, "stock"])
    assert client.post(address, {"on": "9/8/2026", "reason": "shelf 4"}).status_code == 302
    return meter(serial)


class TestReceiving:
    def test_problems_are_listed_and_nothing_is_stored(self, office: Office, signed_in: SignedIn) -> None:
        client = signed_in("billing")
        good, bad = ROW.format(serial="E-9001", multiplier="1"), ROW.format(serial="E-4471", multiplier="zero")
        answer = send(client, HEAD + good + bad)
        shown = text(answer)
        assert "shipment.csv: 1 problems; nothing was loaded" in shown or "2 problems" in shown
        assert "multiplier zero a number above 0" in shown
        assert not Meter.objects.filter(serial="E-9001").exists()

    def test_a_whole_list_is_taken_once(self, office: Office, signed_in: SignedIn) -> None:
        client, content = signed_in("billing"), HEAD + ROW.format(serial="E-9001", multiplier="1")
        assert "1 meter is on record." in text(send(client, content))
        assert "1 meter is on record." in text(send(client, content, "again.csv"))
        assert (meter("E-9001").state, meter("E-9001").steps.count()) == ("tested", 2)
        found = client.get(reverse("meters") + "?q=E-9001")
        assert "Tested" in text(found) and "PO-31" in text(found)


class TestExchange:
    def test_the_two_steps(self, office: Office, signed_in: SignedIn) -> None:
        client = signed_in("billing")
        new, old = stock(signed_in("supervisor"), multiplier="10"), meter(office.meter)
        page = reverse("exchange_meter", args=[old.pk])
        shelf = text(client.get(page))
        assert "Step 1 of 2" in shelf and "E-9001" in shelf
        missing = client.get(page + "?new=NONE&on=9/8/2026")
        assert missing.status_code == 422 and "Receive it first" in text(missing)
        compared = client.get(page + "?new=E-9001&on=9/8/2026")
        shown = text(compared)
        assert "2 differences" in shown
        assert "differs Register delivered, multiplier: 1 becomes 10." in shown
        assert "differs Register delivered, digits before the point: 5 becomes 6." in shown
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', compared.content.decode())
        assert seen is not None
        given = {"new": "E-9001", "seen": seen[1], "on": "9/8/2026", "out_delivered": "1600", "in_delivered": "0",
                 "seal": "S-2002", "reason": "display dark"}  # fmt: skip
        unticked = client.post(page, given)
        assert unticked.status_code == 422 and "Compare both meters, then tick this box." in text(unticked)
        stale = client.post(page, {**given, "confirmed": "on", "seen": "0" * 64})
        assert stale.status_code == 422 and "was changed since this page was shown" in text(stale)
        early = client.post(page, {**given, "confirmed": "on", "on": "8/20/2026"})
        assert early.status_code == 422 and f"has a read of 1500 on {READ_2}" in text(early)
        assert meter(office.meter).state == "installed"
        done = client.post(page, {**given, "confirmed": "on"}, follow=True)
        assert f"E-9001 hangs in the place of {office.meter}" in text(done)
        assert (meter(office.meter).state, meter("E-9001").state) == ("removed", "installed")
        assert Read.objects.get(register__meter=old, read_on=BILL_2).value == Decimal(1600)
        assert Seal.objects.get(number="S-2002").meter_id == new.pk

    def test_what_was_taken_down_asks_for_a_test(self, office: Office, signed_in: SignedIn) -> None:
        client, old = signed_in("supervisor"), meter(office.meter)
        address = reverse("meter_act", args=[old.pk, "remove"])
        gone = client.post(address, {"on": "9/8/2026", "out_delivered": "1510", "reason": "vacant"}, follow=True)
        assert "must pass a test before it hangs" in text(gone)
        assert reverse("meter_act", args=[old.pk, "install"]) not in gone.content.decode()
        back = client.get(reverse("meter_act", args=[old.pk, "install"]), follow=True)
        assert "This cannot be done to the meter as it stands now." in text(back)
        bench = {"tested_on": "9/8/2026", "kind": "as_left", "tester": "R. Bench", "certificate": "T-1",
                 "point_full_load": "97.9", "point_light_load": "99"}  # fmt: skip
        failed = client.post(reverse("meter_act", args=[old.pk, "test"]), bench, follow=True)
        assert "something lies outside its limits" in text(failed) and "Weighted average" in text(failed)
        passed = client.post(
            reverse("meter_act", args=[old.pk, "test"]), {**bench, "point_full_load": "99"}, follow=True
        )
        assert "The test is passed." in text(passed) and meter(office.meter).cleared

    def test_reads_after_the_change_are_set_aside(self, office: Office, signed_in: SignedIn) -> None:
        old = meter(office.meter)
        address = reverse("meter_act", args=[old.pk, "aside"])
        done = signed_in("billing").post(address, {"after": "8/20/2026", "reason": "changed on August 20"}, follow=True)
        assert "1 read is set aside." in text(done) and "Rejected" in text(done)


class TestRoute:
    def order(self) -> list[int]:
        return stops(Route.objects.get(code="R1"))

    def given(self, **more: object) -> dict[str, object]:
        return {"token": token_of(Route.objects.get(code="R1")), "start": 0, "stop": self.order(), **more}

    def test_what_is_dragged_is_kept_in_one_deed(self, office: Office, signed_in: SignedIn) -> None:
        client, before = signed_in("billing"), self.order()
        client.post(reverse("route", args=["R1"]), self.given(stop=before[::-1], keep=""))
        assert self.order() == before[::-1]

    def test_every_button_works_without_script(self, office: Office, signed_in: SignedIn) -> None:
        client, page, [a, b, c] = signed_in("billing"), reverse("route", args=["R1"]), self.order()
        client.post(page, self.given(down=a))
        assert self.order() == [b, a, c]
        client.post(page, self.given(up=c))
        assert self.order() == [b, c, a]
        client.post(page, self.given(chosen=[c, a], position="1", to_place=""))
        assert self.order() == [c, a, b]
        nothing = client.post(page, self.given(position="1", to_place=""), follow=True)
        assert "Choose the stops to move first." in text(nothing)

    def test_the_slower_of_two_is_told(self, office: Office, signed_in: SignedIn) -> None:
        client, page, stale = signed_in("billing"), reverse("route", args=["R1"]), self.given(keep="")
        [a, b, c] = self.order()
        client.post(page, self.given(stop=[b, a, c], keep=""))
        answer = client.post(page, {**stale, "stop": [c, b, a]}, follow=True)
        assert "was changed since this page was shown" in text(answer) and self.order() == [b, a, c]

    def test_points_move_to_another_route_and_opt_out(self, office: Office, signed_in: SignedIn) -> None:
        client, [a, b, c] = signed_in("supervisor"), self.order()
        made = client.post(reverse("new_route"), {"code": "M1", "cycle": "C1", "title": "By hand", "kind": "manual"})
        assert made.status_code == 302
        client.post(reverse("route", args=["R1"]), self.given(chosen=[b], other="M1", to_route=""))
        assert self.order() == [a, c] and stops(Route.objects.get(code="M1")) == [b]
        out = client.post(reverse("opt_out", args=[c]), {"route": "M1", "on": "9/8/2026", "reason": "asked by letter"})
        assert out.status_code == 302 and AmiOptOut.objects.get().validity.lower == date(2026, 9, 8)
        assert "M1" in text(client.get(reverse("opt_outs")))

    def test_notes_and_attributes(self, office: Office, signed_in: SignedIn) -> None:
        client, [a, *_] = signed_in("billing"), self.order()
        client.post(reverse("location", args=[a]), {"location": "Left of the garage; dog"})
        client.post(reverse("edit_route", args=["R1"]), {"title": "Riverside", "kind": "ami", "reader": "Head-end"})
        shown = text(client.get(reverse("route", args=["R1"])))
        assert "Left of the garage; dog" in shown and "Read by AMI" in shown and "Head-end" in shown


def test_rights_of_a_parcel_on_its_premise(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    premise = ServicePoint.objects.get(code="W-0").premise_id
    given = {"commodity": "water", "size": "1", "quantity": "2", "starts": "9/8/2026", "origin": "Permit 88",
             "reason": "bought at the counter"}  # fmt: skip
    done = client.post(reverse("buy_connections", args=[premise]), given, follow=True)
    assert ConnectionRight.objects.get().quantity == 2
    assert re.search(r"Water 1 2 0 2 2\.5", text(done))


def test_seals_by_number(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    given = {"kind": "lock", "number": "L-7", "point": "E-0", "on": "9/8/2026"}
    assert "L-7 is on." in text(client.post(reverse("place_seal"), given, follow=True))
    again = client.post(reverse("place_seal"), given)
    assert again.status_code == 422 and "every number is used once" in text(again)
    off = client.post(reverse("remove_seal", args=[Seal.objects.get(number="L-7").pk]),
                      {"on": "9/8/2026", "note": "cut"}, follow=True)  # fmt: skip
    assert "L-7 is off." in text(off)


def test_a_meter_shop_technician_sees_meters_and_premises(
    office: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meterbook.records.platform.deeds import Act
    from meterbook.records.platform.operations.users import add_user

    act = Act(actor=office.staff["system"], business_date=BILL_2, reason="hired")
    made = add_user(act, username="rosa_bench", name="Rosa Bench", email="rosa@example.org",
                                    roles=["meter_shop"], password="correct-horse-battery")  # fmt: skip
    monkeypatch.setitem(office.staff, "rosa_bench", made)
    client, hangs = signed_in("rosa_bench"), Installation.objects.get(meter__serial=office.meter)
    for address in (reverse("meters"), reverse("meter", args=[hangs.meter_id]),
                    reverse("premise", args=[hangs.service_point.premise_id])):  # fmt: skip
        assert client.get(address).status_code == 200
    assert client.get(reverse("runs")).status_code == 403


@pytest.mark.parametrize("name", ["meters", "routes", "seals", "opt_outs"])
def test_tables_go_out_as_csv(office: Office, signed_in: SignedIn, name: str) -> None:
    answer = signed_in("billing").get(reverse(name) + "?as=csv")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/csv")
