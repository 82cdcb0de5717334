"""The exception queue on screen: the list, a case, each decision, many at once, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office

from meterbook.records.metering.models import Finding, Installation, IntervalChannel, Read, ReadException, Register
from meterbook.records.platform.models import Attachment, Deed

DAY = BILL_2 - timedelta(days=1)


def page(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def question(serial: str, value: str | None, *, cents: int = 4_000, usage: int | None = 600) -> ReadException:
    """A read of a meter of the office, held by a rule; or one that did not come."""
    register = Register.objects.get(meter__serial=serial)
    deed = Deed.objects.filter(kind="metering.import_reads").latest("pk")
    read = None
    if value is not None:
        read = Read.objects.create(
            register=register, read_on=DAY, read_at=f"{DAY}T08:00:00Z", value=Decimal(value), status=Read.QUEUED,
            raw=f"{serial},,{DAY},08:00,{value}", line=7, deed=deed, version=9,
        )  # fmt: skip
    item = ReadException.objects.create(
        service_point=Installation.objects.get(meter=register.meter).service_point, register=register, read=read,
        on=DAY, raised_on=BILL_2 - timedelta(days=5), unit=register.unit, at_risk_cents=cents, deed=deed,
        found_e6=None if usage is None else usage * 10**6, expected_e6=500_000_000,
    )  # fmt: skip
    if read is not None:
        Finding.objects.create(
            exception=item, read=read, on=DAY, rule="transposed_digits", holds=True, deed=deed,
            figures={"what": "transposed", "value": value, "proposed": "1610", "expected": "500", "unit": "kWh",
                     "basis": "prior"},
        )  # fmt: skip
    return item


@pytest.fixture
def items(office: Office) -> list[ReadException]:
    return [question("E-4471", "6110"), question("E-4472", "1100", cents=9_000), question("W-9001", None, cents=100)]


def test_the_list_ranks_by_money_and_says_how_the_queue_stands(items: object, signed_in: SignedIn) -> None:
    shown = page(signed_in("billing").get(reverse("exceptions")))
    assert shown.index("283.72") < shown.index("E-4472") < shown.index("E-4471") < shown.rindex("W-9001")
    assert "$414.72" in shown and "Transposed digits" in shown and "5 days" in shown
    assert "not cleared" in shown and "0 decided and 0.4 new a day, over 10 business days" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [("rule=transposed_digits", {"E-4471", "E-4472"}), ("q=W-90", {"W-9001"}), ("owner=nobody&age=week", {
        "E-4471", "E-4472", "W-9001"}), ("age=new", set()), ("owner=me", set()), ("route=R1&group=route", {
            "E-4471", "E-4472", "W-9001"}), ("state=resolved", set()), ("cycle=C9", set()), ("sort=serial", {
                "E-4471", "E-4472", "W-9001"})],
)  # fmt: skip
def test_filters_and_search(items: object, signed_in: SignedIn, query: str, found: set[str]) -> None:
    shown = page(signed_in("billing").get(f"{reverse('exceptions')}?{query}"))
    body = shown.partition("<tbody>")[2].partition("</tbody>")[0]
    assert set(re.findall(r"[EW]-\d{4}(?=</a>)", body)) == found
    if "group" in query:
        assert "Route R1" in body and "4 cases, $414.72 at risk" in body


def test_the_csv_is_what_is_shown(items: object, signed_in: SignedIn) -> None:
    answer = signed_in("billing").get(f"{reverse('exceptions')}?q=Tannery&as=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("Meter,Address,Route,Read on,Read,Usage,Expected")
    assert lines[2].startswith("E-4471,214 Tannery Row,R1,2026-09-07,6110,600,500,kWh,Transposed digits,40.00,5")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_case_shows_what_a_decision_rests_on(items: list[ReadException], signed_in: SignedIn, language: str) -> None:
    client = signed_in("billing")
    client.cookies["django_language"] = language
    shown = page(client.get(reverse("exception", args=[items[0].pk])))
    for each in ("6,110", "E-4471", "Ana Belmonte", "1000017", "reads-2026-09-04.csv", "data-questioned", "1610"):
        assert each in shown, each
    assert ("Transposed digits" if language == "en" else "Dígitos transpuestos") in shown
    for name in ("accept", "correct", "estimate", "re_read", "check", "reject", "note", "assign"):
        panel = client.get(reverse("exception_panel", args=[items[0].pk, name]))
        assert panel.status_code == 200, name
        assert client.get(reverse("exception", args=[items[0].pk]), {"do": name}).status_code == 200


def test_neighbours_are_the_same_service_on_the_route(items: list[ReadException], signed_in: SignedIn) -> None:
    shown = page(signed_in("billing").get(reverse("exception", args=[items[0].pk])))
    nearby = shown.partition("Next on the route</h2>")[2].partition("</section>")[0]
    assert "12 Mill Street" in nearby and "540 kWh" in nearby and "in question" in nearby


def post(client: Client, item: ReadException, action: str, **given: str) -> object:
    return client.post(reverse("exception_act", args=[item.pk, action]), given)


def test_accepting_goes_on_to_the_next_case(items: list[ReadException], signed_in: SignedIn) -> None:
    client = signed_in("billing")
    answer = client.post(f"{reverse('exception_act', args=[items[1].pk, 'accept'])}?route=R1")
    assert answer.headers["Location"] == f"{reverse('exception', args=[items[0].pk])}?route=R1"
    items[1].refresh_from_db()
    assert items[1].resolution == "accepted"
    assert "E-4472 · 12 Mill Street is accepted as it came." in page(client.get(answer.headers["Location"]))


def test_correcting_says_what_to_type_and_keeps_what_was_typed(items: list[ReadException], signed_in: SignedIn) -> None:
    client = signed_in("billing")
    answer = post(client, items[0], "correct", value="12,x", reason="")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    shown = page(answer)
    assert "Type digits only" in shown and "Say why in one sentence" in shown and 'value="12,x"' in shown
    assert "a point before decimals" in page(post(client, items[0], "correct", value="26,5", reason="photo"))
    refused = page(post(client, items[0], "correct", value="1234567", reason="typing"))
    assert "The register shows 5 digits and 0 decimals" in refused
    post(client, items[0], "correct", value="1,610", reason="digits transposed")
    items[0].refresh_from_db()
    assert items[0].resolution == "corrected"
    shown = page(client.get(reverse("exception", args=[items[0].pk])))
    assert "“digits transposed”" in shown and "Corrected by hand" in shown and "The line as it came" in shown


def test_a_value_is_tried_while_it_is_typed(items: list[ReadException], signed_in: SignedIn) -> None:
    client, address = signed_in("billing"), reverse("exception_try", args=[items[0].pk])
    assert "110 kWh" in page(client.get(address, {"value": "1610"}))
    assert "makes no believable usage" in page(client.get(address, {"value": "12"}))
    assert "5 digits" in page(client.get(address, {"value": "999999"}))
    assert "Type digits only" in page(client.get(address, {"value": "1e5"}))
    assert page(client.get(address)).strip() == ""


def test_estimates_are_offered_with_method_value_and_confidence(
    items: list[ReadException], signed_in: SignedIn
) -> None:
    client = signed_in("billing")
    shown = page(client.get(reverse("exception_panel", args=[items[2].pk, "estimate"])))
    assert "% sure" in shown and "Average daily usage" in shown and "Not enough usage on record." in shown
    method = re.findall(r'name="method"[^>]*value="(\w+)"', shown)[0]
    post(client, items[2], "estimate", method=method, reason="")
    items[2].refresh_from_db()
    assert items[2].resolution == "estimated"


def test_sending_out_notes_and_owners(items: list[ReadException], signed_in: SignedIn) -> None:
    client = signed_in("billing")
    assert "This day is past" in page(post(client, items[0], "re_read", due_on="9/1/2026", reason=""))
    post(client, items[0], "re_read", due_on="9/11/2026", reason="dog")
    post(client, items[0], "note", reason="called Ana")
    post(client, items[0], "take")
    post(client, items[1], "assign", owner="supervisor", reason="")
    shown = page(client.get(reverse("exception", args=[items[0].pk])))
    for each in ("Waits for the field", "by Sep 11, 2026", "“called Ana”", "Give back", "Walter Quill"):
        assert each in shown, each
    assert "E-4471" in page(client.get(f"{reverse('exceptions')}?owner=me"))
    items[1].refresh_from_db()
    assert items[1].owner is not None and items[1].owner.username == "supervisor"


def test_much_money_needs_a_second_person(office: Office, signed_in: SignedIn) -> None:
    item, client = question("E-4471", "6110", cents=90_000), signed_in("billing")
    shown = page(client.get(reverse("exception", args=[item.pk])))
    assert "Ask to accept" in shown and "act/accept/" not in shown
    post(client, item, "approval", reason="the bakery opened again")
    assert "has asked a second person" in page(client.get(reverse("exception", args=[item.pk])))
    asked = re.search(r"/approvals/(\d+)/", page(client.get(reverse("exception", args=[item.pk]))))
    assert asked is not None
    decide = signed_in("supervisor").post(asked[0], {"decision": "approve", "reason": "agrees"})
    assert decide.status_code == 302
    post(client, item, "accept")
    item.refresh_from_db()
    assert item.resolution == "accepted"


def test_a_dear_value_typed_by_hand_needs_a_second_person_too(office: Office, signed_in: SignedIn) -> None:
    item, client = question("E-4471", "6110", cents=90_000), signed_in("billing")
    refused = post(client, item, "correct", value="6,110", reason="it is right")
    assert refused.status_code == 422 and 'name="ask"' in page(refused)  # type: ignore[attr-defined]
    asked = post(client, item, "correct", value="6,110", reason="it is right", ask="1")
    address = re.search(r"/approvals/(\d+)/", page(client.get(asked.headers["Location"])))  # type: ignore[attr-defined]
    assert address is not None
    shown = page(signed_in("supervisor").get(address[0]))
    for each in ("6,110", "600 kWh", "500 kWh", "$900.00", "214 Tannery Row", "Transposed digits", "Sep 7, 2026"):
        assert each in shown, each
    assert "found_e6" not in shown and "transposed_digits" not in shown
    signed_in("supervisor").post(address[0], {"decision": "approve", "reason": "agrees"})
    post(client, item, "correct", value="6110", reason="it is right")
    item.refresh_from_db()
    assert item.resolution == "corrected"


def test_what_is_missing_is_not_corrected_but_may_not_be_due(items: list[ReadException], signed_in: SignedIn) -> None:
    client, missing = signed_in("billing"), items[2]
    for answer in (
        client.get(reverse("exception", args=[missing.pk]), {"do": "correct"}),
        client.get(reverse("exception_panel", args=[missing.pk, "correct"])),
        post(client, missing, "correct", value="30", reason="x"), post(client, missing, "correct", value="", reason=""),
    ):  # fmt: skip
        assert "There is no read here to decide on" in page(answer)
    unknown = post(client, missing, "estimate", method="zzz", reason="x")
    assert unknown.status_code == 422 and "there is no such method" in page(unknown)  # type: ignore[attr-defined]
    assert "No read is due" in page(client.get(reverse("exception", args=[missing.pk])))
    assert "Say why" in page(post(client, missing, "pass", reason=""))
    post(client, missing, "pass", reason="the meter came down in July")
    missing.refresh_from_db()
    assert (missing.state, missing.resolution) == ("resolved", "passed")
    assert "No longer missing" in page(client.get(reverse("exception", args=[missing.pk])))


def test_many_at_once_are_previewed_and_done_exactly_so(items: list[ReadException], signed_in: SignedIn) -> None:
    client = signed_in("billing")
    form = {"item": [str(each.pk) for each in items], "decision": "accept"}
    shown = page(client.post(reverse("exceptions_preview"), form))
    assert "2 cases" in shown and "1 stays as it is" in shown and "There is no read here" in shown
    assert "4,610 kWh" in shown and ReadException.objects.filter(state="resolved").count() == 0
    token = re.search(r'name="token" value="(\w{64})"', shown)
    assert token is not None
    stale = client.post(reverse("exceptions_do"), form | {"token": "0" * 64})
    assert stale.status_code == 409 and "Something changed since the preview" in page(stale)
    answer = client.post(reverse("exceptions_do"), form | {"token": token[1], "reason": "checked the route"})
    assert answer.headers["Location"] == reverse("exceptions")
    assert "2 cases are decided. 1 stays as it was." in page(client.get(answer.headers["Location"]))
    assert client.post(reverse("exceptions_preview"), {"decision": "accept"}).status_code == 302
    assert client.post(reverse("exceptions_preview"), form | {"decision": "burn"}).status_code == 302
    assert client.post(reverse("exceptions_preview"), form | {"decision": "assign", "owner": "x"}).status_code == 302


def test_an_accepted_read_is_put_in_question(office: Office, signed_in: SignedIn) -> None:
    read = Read.objects.get(register__meter__serial="E-4471", value=1500)
    client, address = signed_in("billing"), reverse("question_read", args=[read.pk])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"reason": "the tenant sent a photo"})
    shown = page(client.get(answer.headers["Location"]))
    assert "Questioned by a person" in shown and "the tenant sent a photo" in shown


def test_photos_of_the_read_stand_beside_it(items: list[ReadException], signed_in: SignedIn) -> None:
    deed, read = items[0].deed, items[0].read
    assert read is not None
    kinds = ("image/png", "text/html")
    picture, other = (
        Attachment.objects.create(
            subject=f"read:{read.pk}", file_name="dial.png", content_type=kind, sha256="0" * 64, content=b"x", deed=deed
        ).pk
        for kind in kinds
    )
    shown = page(signed_in("csr").get(reverse("exception", args=[items[0].pk])))
    assert reverse("read_photo", args=[picture]) in shown and reverse("read_photo", args=[other]) not in shown


def test_who_does_not_decide_sees_no_buttons(items: list[ReadException], signed_in: SignedIn) -> None:
    client = signed_in("csr")
    shown = page(client.get(reverse("exception", args=[items[0].pk])))
    assert "Billing technicians and supervisors decide here." in shown and "act/accept/" not in shown
    assert post(client, items[0], "accept").status_code == 403  # type: ignore[attr-defined]
    assert 'name="item"' not in page(client.get(reverse("exceptions")))


def test_what_is_not_there(items: list[ReadException], signed_in: SignedIn) -> None:
    client = signed_in("billing")
    assert client.get(reverse("exception", args=[999_999])).status_code == 404
    assert client.get(reverse("exception_panel", args=[items[0].pk, "burn"])).status_code == 404
    assert client.get(reverse("exception_try", args=[items[2].pk])).status_code == 404
    assert client.get(reverse("exception_act", args=[items[0].pk, "note"])).status_code == 302
    assert client.get(reverse("question_read", args=[999_999])).status_code == 404


def test_a_day_of_intervals_is_looked_at_and_closed(office: Office, signed_in: SignedIn) -> None:
    register = Register.objects.get(meter__serial="E-4471")
    deed = Deed.objects.filter(kind="metering.import_reads").latest("pk")
    channel = IntervalChannel.objects.create(meter=register.meter, name="delivered", minutes=15, unit="kWh", decimals=3)
    item = ReadException.objects.create(
        service_point=Installation.objects.get(meter=register.meter).service_point, channel=channel, on=DAY,
        raised_on=BILL_2, unit="kWh", at_risk_cents=300, deed=deed,
    )  # fmt: skip
    client = signed_in("billing")
    assert "E-4471" in page(client.get(reverse("exceptions")))
    shown = page(client.get(reverse("exception", args=[item.pk])))
    assert (
        "Intervals of" in shown and "act/accept/" in shown and "do=correct" not in shown and "do=estimate" not in shown
    )
    post(client, item, "accept")
    item.refresh_from_db()
    assert (item.resolution, item.read_id) == ("accepted", None)


def test_an_item_of_another_system_is_closed_without_a_read(office: Office, signed_in: SignedIn) -> None:
    register = Register.objects.get(meter__serial="E-4471")
    deed = Deed.objects.filter(kind="metering.import_reads").latest("pk")
    item = ReadException.objects.create(
        service_point=Installation.objects.get(meter=register.meter).service_point, register=register, on=DAY,
        raised_on=BILL_2, unit="kWh", at_risk_cents=300, deed=deed, source="mdm", reference="X-77",
    )  # fmt: skip
    client = signed_in("billing")
    shown = page(client.get(reverse("exception", args=[item.pk])))
    assert "X-77" in shown and "Another system" in shown
    post(client, item, "accept")
    item.refresh_from_db()
    assert item.resolution == "accepted"
