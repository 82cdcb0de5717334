"""Locate tickets: by file and by hook, each revision once; the clock, the crew, the answer."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web import crews, dug
from tests.web.conftest import SignedIn
from tests.web.office import Office

from meterbook.records.platform.models import Attachment
from meterbook.records.service_orders.locates.operations.answer import answer_locate
from meterbook.records.service_orders.models import Locate, LocateAnswer, LocateRevision, Order
from meterbook.records.service_orders.operations.planning import schedule_orders
from meterbook.records.tasks.models import Task
from meterbook.web.locates.clock import moment

TOKEN = "only-for-tests-of-the-hook"


def bearer(token: str = TOKEN) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def hook(body: Any, **headers: str) -> Any:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post("/hooks/locates/", text, content_type="application/json", headers=headers or bearer())


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METERBOOK_LOCATES_TOKEN", TOKEN)


def test_the_hook_takes_each_revision_once_within_its_three_seconds(office: Office, token: None) -> None:
    hook(dug.ticket(), authorization="Bearer no")  # the first request of a process loads every page
    began = time.monotonic()
    answers = [hook(dug.ticket()) for _ in range(3)]
    assert (time.monotonic() - began) / 3 < 3
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json()["taken"] for answer in answers] == [1, 0, 0]
    found = Locate.objects.get(number="A262510017")
    assert (found.premise, found.state) == (office.ana.agreements.all()[0].service_point.premise, "waiting")
    assert found.due_at is not None and found.due_at.isoformat() == "2026-09-10T14:31:00+00:00"
    order = found.order
    assert order is not None and (order.kind, order.details["spot"]) == ("locate", "33.9253,-116.8764")
    hook(dug.ticket(revision="01A", type="REMARK", called="2026-09-08 15:00"))
    found.refresh_from_db()
    assert (found.revision, found.order_id, LocateRevision.objects.count()) == ("01A", order.pk, 2)
    hook(dug.ticket(revision="02A", type="CANCEL"))
    found.refresh_from_db()
    assert (found.state, Order.objects.get(pk=order.pk).state) == ("cancelled", "cancelled")


def test_the_hook_knows_its_caller_and_loses_nothing_it_cannot_read(office: Office, token: None) -> None:
    basic = base64.b64encode(f"811:{TOKEN}".encode()).decode()
    assert hook(dug.ticket(), authorization=f"Basic {basic}").status_code == 200
    for wrong in ("Bearer no", "Basic no", "", "Bearer", "Basic " + base64.b64encode(b"x").decode()):
        assert hook(dug.ticket("A262510099"), authorization=wrong).status_code == 401
    for odd in (b"", b"{", b"[1]", b"\xff", b'{"message": "end of day"}', b"[" * 90_000):
        assert hook(odd).status_code == 202
    assert hook(dug.ticket("A262510018", called="yesterday")).status_code == 200
    assert not Locate.objects.filter(number__in=["A262510018", "A262510099"]).exists()
    kept = Attachment.objects.filter(subject__startswith="locates:")
    assert b"yesterday" in b"".join(bytes(each.content) for each in kept)
    assert Task.objects.filter(kind="service_orders.unread_locate", state=Task.OPEN).count() == kept.count() == 7
    assert hook(b"x" * 1_000_001).status_code == 413 and Client().get("/hooks/locates/").status_code == 405


def test_no_token_no_hook(office: Office) -> None:
    assert hook(dug.ticket(), authorization="Bearer ").status_code == 401


def test_a_file_comes_in_and_a_ticket_is_answered_in_time_or_late(office: Office, signed_in: SignedIn) -> None:
    desk = signed_in("csr")
    file = SimpleUploadedFile("tickets.json", json.dumps([dug.ticket(), dug.ticket("A26", type="SOON")]).encode())
    page = desk.post("/field/locates/take-in/", {"file": file}, follow=True).content.decode()
    assert "1 new, 0 revised, 0 known already, 2 problems." in page and "Due soon" not in page
    assert "There is time" in page and "ten letters and digits" in page
    refused = desk.post("/field/locates/take-in/", {"file": SimpleUploadedFile("x.txt", b"\xff\xff")})
    assert refused.status_code == 422
    address = "/field/locates/A262510017/"
    assert "Not answered yet." in desk.get(address).content.decode()
    assert desk.post(f"{address}answer/", {"code": "999", "note": ""}).status_code == 422
    desk.post(f"{address}answer/", {"code": "014", "note": "the rear is left"})
    assert Locate.objects.get(number="A262510017").state == "waiting"
    page = desk.post(f"{address}answer/", {"code": "010", "note": ""}, follow=True).content.decode()
    assert "Marked" in page and "the rear is left" in page
    assert Locate.objects.get(number="A262510017").state == "answered"
    assert desk.get("/field/locates/A262510099/").status_code == 404
    assert signed_in("auditor").post(f"{address}answer/", {"code": "010"}).status_code == 403
    late = dug.ticket("A262510020", called="2026-09-01 08:00")
    desk.post("/field/locates/take-in/", {"file": SimpleUploadedFile("late.json", json.dumps(late).encode())})
    assert "Late" in desk.get("/field/locates/").content.decode()


def test_the_crew_answers_the_excavator_from_the_phone(office: Office, signed_in: SignedIn) -> None:
    found, boss = dug.waiting(office), crews.act(crews.person("supervisor"), crews.business_date())
    assert found.order is not None
    schedule_orders(boss, orders=[found.order], crew=crews.north(), on=crews.business_date())
    phone = signed_in("crew")
    told = phone.get("/crew/route.json").json()
    stop = next(each for each in told["orders"] if each["id"] == found.order_id)
    assert "response" in stop["asks"] and told["responses"]["010"] == "Marked"
    body = {
        "key": "phone-locate-1", "order": stop["id"], "version": stop["version"], "user": "crew", "on": told["on"],
        "at": "2026-09-08T17:12:00Z", "response": "010", "answers": {item["code"]: "yes" for item in stop["checklist"]},
    }  # fmt: skip
    for _ in range(2):
        assert phone.post("/crew/outcomes/", {"outcome": json.dumps(body)}).status_code == 200
    answer = LocateAnswer.objects.get(locate=found)
    assert (answer.code, answer.order_id, answer.late) == ("010", found.order_id, False)
    found.refresh_from_db()
    assert found.state == "answered"
    with pytest.raises(Exception, match="knows no answer 777"):
        answer_locate(boss, locate=found, code="777", moment=moment())
