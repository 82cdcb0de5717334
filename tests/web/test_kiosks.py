"""Kiosks over HTTP: who owes what, a payment with its receipt, the same again, and what is refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.web.office import BILL_2, Office, act

from meterbook.records.ledger.screens import balances
from meterbook.records.online.models import Kiosk, KioskCall, KioskReceipt
from meterbook.records.online.operations.kiosks import create_kiosk, revoke_kiosk
from meterbook.records.payments.models import Payment

pytestmark = pytest.mark.django_db
GOOD = {"amount_cents": 2_500, "tender": "cash", "reference": "slot 4"}


@pytest.fixture
def known(office: Office) -> tuple[Kiosk, str]:
    return create_kiosk(act(office.staff["supervisor"], BILL_2), name="Library")


def pay(token: str, key: str, **given: Any) -> tuple[int, dict[str, Any]]:
    answer = Client(enforce_csrf_checks=True).post(
        "/api/v1/payments", given, content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
    )  # fmt: skip
    return answer.status_code, answer.json()


def due(token: str, number: str, check: str) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = Client().get(f"/api/v1/accounts/{number}/due?check={check}", headers=headers)
    return answer.status_code, answer.json()


def test_a_kiosk_asks_and_takes_a_payment_once(office: Office, known: tuple[Kiosk, str]) -> None:
    (kiosk, token), number = known, office.ana.number
    owed = balances([office.ana.pk])[office.ana.pk]
    assert due(token, number, "214") == (200, {"account": number, "name": "A** B**", "due_cents": owed})
    first = pay(token, "slot-0001", account=number, **GOOD)
    assert first[0] == 201
    assert (first[1]["receipt"], first[1]["amount_cents"]) == (f"K{kiosk.pk}-1", 2_500)
    assert pay(token, "slot-0001", account=number, **GOOD) == first
    assert due(token, number, "214")[1]["due_cents"] == owed - 2_500
    status, other = pay(token, "slot-0001", account=number, **{**GOOD, "amount_cents": 2_600})
    assert (status, other["errors"][0]["field"]) == (409, "Idempotency-Key")
    payment = Payment.objects.get(key=f"kiosk:{kiosk.pk}:slot-0001")
    assert (payment.account, payment.tender, KioskReceipt.objects.count()) == (office.ana, "cash", 1)
    calls = list(KioskCall.objects.order_by("pk").values_list("outcome", "deed__kind"))
    ask, take = "online.kiosk_due", "online.kiosk_payment"
    assert calls == [("told", ask), ("paid", take), ("again", take), ("told", ask), ("refused", take)]


def test_refusals_name_field_found_and_expected(office: Office, known: tuple[Kiosk, str]) -> None:
    token, number = known[1], office.ana.number
    assert due(token, number, "215")[0] == due(token, "9999999", "214")[0] == 404
    wrong = [
        ({"account": "9999999"}, "account", "9999999"), ({"tender": "check"}, "tender", "check"),
        ({"amount_cents": 12.5}, "amount_cents", 12.5), ({"amount_cents": -1}, "amount_cents", -1),
        ({"reference": "4242 4242 4242 4242"}, "reference", "[card number]"),
    ]  # fmt: skip
    for at, (change, field, found) in enumerate(wrong):
        status, said = pay(token, f"wrong-{at:04d}", **{"account": number, **GOOD, **change})
        assert (status, said["errors"][0]["field"], said["errors"][0]["found"]) == (422, field, found)
        assert said["errors"][0]["expected"]
    assert pay(token, "short", account=number, **GOOD)[1]["errors"][0]["field"] == "Idempotency-Key"
    assert not KioskReceipt.objects.exists()


def test_a_wrong_or_revoked_token_gets_nothing(office: Office, known: tuple[Kiosk, str]) -> None:
    kiosk, token = known
    assert token not in str(list(Kiosk.objects.values()))
    assert pay("guessed", "slot-0001", account=office.ana.number, **GOOD)[0] == 401
    assert due("", office.ana.number, "214")[0] == 401
    revoke_kiosk(act(office.staff["supervisor"], BILL_2), kiosk=kiosk)
    assert due(token, office.ana.number, "214")[0] == 401
    assert not KioskCall.objects.exists()


def test_a_kiosk_asks_thirty_times_a_minute(office: Office, known: tuple[Kiosk, str]) -> None:
    answers = [due(known[1], office.ana.number, str(at))[0] for at in range(31)]
    assert answers == [404] * 30 + [429]
