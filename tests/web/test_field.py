"""The field's pages: the list, one request step by step, several at once, meters asked, alerts, readers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BEGAN, BILL_2, Office, act

from meterbook.records.metering.alerts.operations.tell_alerts import tell_alerts
from meterbook.records.metering.field.operations.send import approve_request, dispatch_request
from meterbook.records.metering.head_end.contract import Answer, HeadEndSilent, Status
from meterbook.records.metering.models import FieldRequest, Finding, Ping, Read, Register
from meterbook.records.platform.operations.users import add_user
from meterbook.records.platform.roles import READER


@pytest.fixture
def reader(office: Office) -> Iterator[None]:
    """Rosa reads meters."""
    if "rosa" not in office.staff:
        office.staff["rosa"] = add_user(
            act(office.staff["system"], BEGAN), username="rosa", name="Rosa Soto", email="rosa@example.org",
            roles=[READER], password="correct-horse-battery",
        )  # fmt: skip
    yield
    del office.staff["rosa"]


def request_here() -> FieldRequest:
    return FieldRequest.objects.get(kind="location")


def step(name: str) -> str:
    return reverse("field_step", args=[request_here().pk, name])


def sent_out(office: Office) -> FieldRequest:
    approve_request(act(office.staff["billing"], BILL_2), request=request_here())
    return dispatch_request(act(office.staff["billing"], BILL_2), request=request_here())


def test_the_list_says_what_where_and_since_when(office: Office, signed_in: SignedIn) -> None:
    said = signed_in("csr").get(reverse("field_requests")).content.decode()
    assert "214 Tannery Row" in said and "Location of the meter" in said and "Asked for" in said
    assert 'name="id"' not in said  # she sends nobody
    boss = signed_in("billing").get(reverse("field_requests")).content.decode()
    assert f'name="id" value="{request_here().pk}"' in boss and "Approve the chosen" in boss
    assert "Nothing is asked" in signed_in("csr").get(f"{reverse('field_requests')}?show=closed").content.decode()
    answer = signed_in("billing").get(f"{reverse('field_requests')}?as=csv")
    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "the lid is under the hedge" in table and "checkbox" not in table


def test_the_person_in_the_street_writes_a_visit(office: Office, signed_in: SignedIn, reader: None) -> None:
    sent_out(office)
    client = signed_in("rosa")
    page = client.get(reverse("field_request", args=[request_here().pk])).content.decode()
    assert "planned, sent out and written down there" in page and "W-9001" in page and "Confirm</a>" not in page
    form = client.get(step("read")).content.decode()
    assert 'inputmode="decimal"' in form and 'capture="environment"' in form and "last 25 on Sep 4, 2026" in form
    empty = client.post(step("read"), {"note": ""})
    assert empty.status_code == 422 and "Type the read, or say what was seen." in empty.content.decode()
    register = Register.objects.get(meter__serial="W-9001").pk
    photo = io.BytesIO(b"\x89PNG\r\n\x1a\n picture")
    photo.name = "lid.png"
    given = {f"register-{register}": "26", "note": "cut the hedge", "photo": photo}
    assert client.post(step("read"), given).status_code == 302
    assert Read.objects.get(register=register, read_on=BILL_2).reader == "Rosa Soto"
    page = client.get(reverse("field_request", args=[request_here().pk])).content.decode()
    assert "26 · cut the hedge" in page and "Photo 1" in page
    photo_id = page.partition("/field/photos/")[2].partition("/")[0]
    answer = client.get(reverse("field_photo", args=[photo_id]))
    assert (answer.headers["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert client.get(reverse("field_photo", args=[0])).status_code == 404


def test_a_visit_has_its_own_day(office: Office, signed_in: SignedIn) -> None:
    sent_out(office)
    client, register = signed_in("billing"), Register.objects.get(meter__serial="W-9001").pk
    before = request_here().raised_on - timedelta(days=1)
    shown = client.get(step("read")).content.decode()
    assert f'value="{BILL_2.month}/{BILL_2.day}/{BILL_2.year}"' in shown and "Day of the visit" in shown
    typed = {f"register-{register}": "26", "note": "written down later"}
    early = client.post(step("read"), typed | {"on": f"{before.month}/{before.day}/{before.year}"})
    assert early.status_code == 422 and "is not a day of this request" in early.content.decode()
    day = request_here().raised_on
    assert client.post(step("read"), typed | {"on": f"{day.month}/{day.day}/{day.year}"}).status_code == 302
    assert Read.objects.get(register=register, value=26).read_on == day


def test_nobody_got_in_and_nobody_says_why_it_is_right(office: Office, signed_in: SignedIn) -> None:
    sent_out(office)
    client = signed_in("billing")
    client.post(step("no_access"), {"reason": "dog"})
    for name in ("confirm", "correct"):
        refused = client.post(step(name), {"note": ""})
        assert refused.status_code == 422 and "say in one sentence what this rests on" in refused.content.decode()
    assert client.post(step("confirm"), {"note": "the customer sent a photo"}).status_code == 302


def test_a_file_that_is_no_photo_writes_nothing(office: Office, signed_in: SignedIn) -> None:
    sent_out(office)
    paper = io.BytesIO(b"%PDF-1.7")
    paper.name = "lid.jpg"
    refused = signed_in("billing").post(step("read"), {"note": "seen", "photo": paper})
    assert refused.status_code == 422 and "JPEG" in refused.content.decode()
    assert request_here().state == "dispatched"


def test_a_request_ends_with_an_outcome(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    jump = client.post(step("close"), {"note": "too early"})
    assert jump.status_code == 422 and "from there it cannot become closed" in jump.content.decode()
    for name, given in (
        ("approve", {}), ("dispatch", {"owner": "", "note": ""}), ("no_access", {"reason": "dog"}),
        ("dispatch", {"owner": "", "note": "again"}), ("read", {"note": "lid found"}), ("confirm", {"note": ""}),
    ):  # fmt: skip
        assert client.post(step(name), given).status_code == 302, name
    refused = client.post(step("close"), {"note": " "})
    assert refused.status_code == 422 and "a request does not end without an outcome" in refused.content.decode()
    assert client.post(step("close"), {"note": "the lid is marked now"}).status_code == 302
    ended = client.get(f"{reverse('field_requests')}?show=closed").content.decode()
    assert "the lid is marked now" in ended
    assert client.get(step("nothing")).status_code == 404


def test_only_who_may_sees_a_step_and_may_take_it(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("auditor").get(reverse("field_request", args=[request_here().pk])).content.decode()
    assert "Approve</a>" not in page
    assert signed_in("auditor").post(step("approve"), {}).status_code == 403
    assert signed_in("cashier").get(reverse("field_requests")).status_code == 403
    assert signed_in("billing").post(step("withdraw"), {"note": "no"}).status_code == 403
    assert signed_in("supervisor").post(step("withdraw"), {"note": "moved"}).status_code == 302


def test_several_are_done_as_they_were_shown(office: Office, signed_in: SignedIn) -> None:
    client, number = signed_in("billing"), request_here().pk
    shown = client.get(f"{reverse('field_bulk')}?do=approve&id={number}&id=99&id=x").content.decode()
    assert "1 request takes this step" in shown and request_here().state == "flagged"
    assert client.post(reverse("field_bulk"), {"do": "approve", "id": [number]}).status_code == 302
    assert request_here().state == "approved"
    again = client.post(reverse("field_bulk"), {"do": "approve", "id": [number]})
    assert again.status_code == 422 and "This request is approved" in again.content.decode()
    stays = client.get(f"{reverse('field_bulk')}?do=approve&id={number}").content.decode()
    assert "These stay as they are" in stays
    boss = office.staff["supervisor"]
    assert client.post(reverse("field_bulk"), {"do": "dispatch", "id": [number], "owner": boss.pk}).status_code == 302
    assert (request_here().state, request_here().owner) == ("dispatched", boss)
    assert signed_in("csr").post(reverse("field_bulk"), {"do": "approve", "id": [number]}).status_code == 403


def test_anybody_of_the_office_asks_the_field(office: Office, signed_in: SignedIn) -> None:
    point = request_here().service_point_id
    client = signed_in("csr")
    assert client.post(reverse("field_flag", args=[point]), {"kind": "leak", "note": ""}).status_code == 422
    answer = client.post(reverse("field_flag", args=[point]), {"kind": "leak", "note": "wet lawn"})
    assert answer.status_code == 302
    assert FieldRequest.objects.get(kind="leak").reason == "wet lawn"
    assert client.get(reverse("field_flag", args=[0])).status_code == 404


class Played:
    """A head-end of this test: one meter talks."""

    name = "played"

    def ping(self, serial: str) -> Answer:
        return Answer(True, datetime(2026, 9, 8, 18, tzinfo=UTC), message="-83 dBm")

    def read_now(self, serial: str, channel: str) -> Answer:
        if serial == "E-4472":
            raise HeadEndSilent(tries=3)
        return Answer(True, datetime(2026, 9, 8, 18, tzinfo=UTC), Decimal(26), "ccf")

    def status(self) -> Status:
        return Status("played", "1", 1)


def test_without_a_head_end_the_page_says_so(office: Office, signed_in: SignedIn) -> None:
    meter = Register.objects.get(meter__serial="W-9001").meter_id
    client = signed_in("billing")
    page = client.get(reverse("meter_answers", args=[meter])).content.decode()
    assert "No head-end is set up here" in page and "Does it talk?" not in page
    said = client.post(reverse("meter_answers", args=[meter]), {"ask": "ping"}, follow=True).content.decode()
    assert "METERBOOK_HEAD_END_URL" in said and Ping.objects.count() == 0
    assert client.get(reverse("meter_answers", args=[0])).status_code == 404


def test_a_meter_is_asked_and_its_answer_taken(
    office: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meterbook.jobs.head_end.head_end", lambda environment=None, *, patient=True: Played())
    register = Register.objects.get(meter__serial="W-9001")
    client, address = signed_in("billing"), reverse("meter_answers", args=[register.meter_id])
    assert "The meter answered." in client.post(address, {"ask": "ping"}, follow=True).content.decode()
    said = client.post(address, {"ask": f"read:{register.pk}"}, follow=True).content.decode()
    assert "The register shows 26." in said and "Take as a read" in said
    ping = Ping.objects.get(kind="read")
    said = client.post(address, {"ask": f"take:{ping.pk}"}, follow=True).content.decode()
    assert "Take as a read" not in said and Read.objects.filter(origin="head_end").count() == 1
    other = Register.objects.get(meter__serial="E-4472")
    silent = reverse("meter_answers", args=[other.meter_id])
    said = client.post(silent, {"ask": f"read:{other.pk}"}, follow=True).content.decode()
    assert "did not answer in time" in said
    client.post(silent, {"ask": f"take:{ping.pk}"})  # another meter's answer is not taken here
    assert Read.objects.filter(origin="head_end").count() == 1
    assert signed_in("auditor").post(address, {"ask": "ping"}).status_code == 403


def test_alerts_are_listed_with_their_figures(office: Office, signed_in: SignedIn) -> None:
    read = Read.objects.filter(register__meter__serial="E-4471", status="accepted").order_by("-read_on")[0]
    Finding.objects.create(
        read=read, on=read.read_on, rule="high_low", holds=False, deed=read.deed,
        figures={"what": "high", "usage": "800", "expected": "300", "unit": "kWh"},
    )  # fmt: skip
    tell_alerts(act(office.staff["billing"], BILL_2))
    said = signed_in("csr").get(reverse("alerts")).content.decode()
    assert "High usage" in said and "about 300 was expected" in said and office.ana.number in said
    assert "Customers are not written to yet" in said


def test_readers_are_measured_not_accused(office: Office, signed_in: SignedIn) -> None:
    route = Register.objects.get(meter__serial="W-9001").meter.installations.get().service_point.route_id
    assert route is not None
    registers = list(Register.objects.filter(channel="delivered").order_by("pk")[:3])
    deed = Read.objects.all()[0].deed
    for at in range(180):
        register = registers[at % 3]
        Read.objects.create(
            register=register, read_on=BILL_2, read_at=f"2026-09-08T{10 + at % 8:02}:{at % 60:02}:00Z",
            value=1000 + at * 10, reader="=R. Soto", status="queued", version=100 + at, deed=deed,
        )  # fmt: skip
    client = signed_in("supervisor")
    page = client.get(reverse("reader_statistics")).content.decode()
    assert "=R. Soto" in page and "not about a person" in page and "Strength" in page
    assert "Nothing stands out" in client.get(f"{reverse('reader_statistics')}?until=2026-01-01").content.decode()
    table = client.get(f"{reverse('reader_statistics')}?as=csv&sort=reader").content.decode()
    assert "'=R. Soto" in table
    sorted_by = client.get(f"{reverse('reader_statistics')}?sort=-n").content.decode()
    assert 'aria-sort="descending"' in sorted_by
