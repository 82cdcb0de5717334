"""The phone and the office: only one's own orders, each outcome once, hostile input answered in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.web import crews
from tests.web.office import BILL_2, Office

from meterbook.records.customers.models import Protection
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.models import Order, OrderVisit, PhoneCopy

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]


def outcome(order: int, version: int, **changes: Any) -> dict[str, Any]:
    """An order that could not be done, as a phone sends it."""
    return {
        "key": f"phone-0001-{order}", "order": order, "version": version, "user": "crew", "on": "2026-09-08",
        "at": "2026-09-08T17:12:00Z", "code": "dog", "danger": "dog", "note": "brown, large",
    } | changes  # fmt: skip


def send(client: Client, body: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post("/crew/outcomes/", {"outcome": text})


@pytest.fixture
def route(office: Office, signed_in: SignedIn) -> tuple[Client, dict[str, Any]]:
    """The crew's phone with its route."""
    crews.days_work("re_read", "off")
    client = signed_in("crew")
    return client, client.get("/crew/route.json").json()


def test_the_route_holds_what_is_needed_and_nobody_elses_data(
    route: tuple[Client, dict[str, Any]], signed_in: SignedIn
) -> None:
    _, told = route
    read = next(each for each in told["orders"] if each["kind"] == "re_read")
    register = read["meter"]["registers"][0]
    assert (read["address"], read["meter"]["serial"], read["meter"]["seals"]) == (
        "214 Tannery Row",
        "W-9001",
        ["S-1001"],
    )
    assert (register["dials"], register["last"], register["low"], register["high"]) == (5, "25", "0", "22")
    assert "(•••)" in read["contact"] and "0149" not in json.dumps(told)
    copies = PhoneCopy.objects.filter(user__username="crew").values_list("order", "version")
    assert {(each["id"], each["version"]) for each in told["orders"]} <= set(copies)
    assert signed_in("supervisor").get("/crew/route.json").json()["orders"] == []


def test_an_outcome_counts_once_however_often_it_comes(route: tuple[Client, dict[str, Any]]) -> None:
    client, told = route
    order = told["orders"][0]
    body = outcome(order["id"], order["version"])
    answers = [send(client, body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert OrderVisit.objects.filter(order=order["id"]).count() == 1
    assert Order.objects.get(pk=order["id"]).state == Order.UNABLE
    later = send(client, outcome(order["id"], order["version"], key="phone-0002-again", note="still there"))
    assert later.status_code == 409 and later.json()["words"]
    assert client.get("/crew/route.json").json()["orders"] != told["orders"]


def test_what_stands_out_is_asked_again_before_it_is_kept(route: tuple[Client, dict[str, Any]]) -> None:
    client, told = route
    order = next(each for each in told["orders"] if each["kind"] == "re_read")
    reads = [{"serial": "W-9001", "channel": "delivered", "value": "27"}]
    body = outcome(order["id"], order["version"], code="", serial="W-0000", reads=reads)
    answer = send(client, body)
    assert answer.status_code == 422 and [each["code"] for each in answer.json()["doubts"]] == ["serial"]
    assert not OrderVisit.objects.filter(order=order["id"]).exists()
    assert send(client, body | {"confirmed": ["serial"]}).status_code == 200


def read_of(**changes: Any) -> list[dict[str, Any]]:
    return [{"serial": "W-9001", "channel": "delivered", "value": "1"} | changes]


HOSTILE: tuple[tuple[dict[str, Any], int], ...] = (
    ({"user": "ana"}, 403), ({"order": 999_999}, 404), ({"order": -1}, 422), ({"order": None}, 422),
    ({"key": "x"}, 422), ({"key": "<script>alert(1)</script>"}, 422), ({"version": "one"}, 422),
    ({"version": True}, 422), ({"at": "soon"}, 422), ({"at": "2026-09-08T10:00:00"}, 422),
    ({"on": "2026-02-30"}, 422), ({"on": "9999-12-31"}, 422),
    ({"note": "a\0b"}, 422), ({"note": ["x"]}, 422), ({"code": "x" * 21}, 422), ({"reads": {"a": 1}, "code": ""}, 422),
    ({"reads": read_of(channel="sideways")}, 422), ({"reads": read_of(value="1e9")}, 422), ({"reads": [{}] * 50}, 422),
    ({"parts": [{"code": "lid", "quantity": 0}]}, 422), ({"answers": [1]}, 422), ({"put_up": {"serial": ""}}, 422),
    ({"confirmed": "all"}, 422), ({"seals_on": [1]}, 422),
)  # fmt: skip


def test_hostile_outcomes_are_answered_in_words(route: tuple[Client, dict[str, Any]]) -> None:
    client, told = route
    order = told["orders"][0]
    for change, status in HOSTILE:
        answer = send(client, outcome(order["id"], order["version"]) | change)
        assert (answer.status_code, bool(answer.json()["words"])) == (status, True), change
    for text in ("", "[]", "null", "{", '{"key": ' + "[" * 50_000, "\x00"):
        answer = send(client, text)
        assert answer.status_code == 422 and answer.json()["words"], text[:20]
    assert not OrderVisit.objects.filter(order=order["id"]).exists()


def test_the_valve_is_asked_on_the_spot(office: Office, signed_in: SignedIn) -> None:
    made = crews.days_work("lock")
    client = signed_in("crew")
    told = next(each for each in client.get("/crew/route.json").json()["orders"] if each["id"] == made["lock"])
    assert told["valve"]["needed"] and told["valve"]["unasked"] == "stop"
    asked = json.dumps({"order": made["lock"]})
    assert client.post("/crew/valve/", asked, content_type="application/json").json()["go"] is True
    deed = Deed.objects.create(kind="test.letter", actor=office.staff["csr"], business_date=BILL_2)
    Protection.objects.create(
        account=office.ben, kind="medical_baseline", evidence="letter", validity=(BILL_2, None), deed=deed
    )
    answer = client.post("/crew/valve/", asked, content_type="application/json").json()
    assert answer["go"] is False and "protected since" in answer["words"]
    for body in ("{", "[]", '{"order": "x"}', '{"order": true}', "null"):
        assert client.post("/crew/valve/", body, content_type="application/json").status_code == 400
    other = json.dumps({"order": 999_999})
    assert client.post("/crew/valve/", other, content_type="application/json").status_code == 404


def test_the_worker_is_served_for_its_own_folder(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("crew")
    worker = client.get("/crew/worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.headers["Service-Worker-Allowed"] == "/crew/" and b"%FILES%" not in worker.content
    page = client.get("/crew/")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"] and b"Ortiz" not in page.content
