"""One payment from end to end, the card processor played by another process: page, card, signed event, account."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from tests.web.office import BILL_2, Office, act

from meterbook.formats.settlement import parse
from meterbook.records.online.models import ProcessorEvent
from meterbook.records.online.operations.begin_checkout import begin_checkout
from meterbook.records.online.refusals import AmountOutside, CheckoutKeyUsed
from meterbook.records.online.settling import SettledDay, settled_days
from meterbook.records.payments.models import Payment

pytestmark = pytest.mark.django_db
SECRET = "whsec_journey"


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[WSGIServer]:
    """Our own door; whoever holds it answers one request at a time, within the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        server.timeout = 20
        yield server
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def processor(door: WSGIServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    webhook = f"http://127.0.0.1:{door.server_port}/hooks/cards/"
    words = ["simulate", "cards", "--port", "0", "--webhook", webhook, "--secret", SECRET]
    command = [sys.executable, "-u", "-c", "from meterbook.cli.main import cli; cli()", *words]
    src = Path(__file__).resolve().parents[2] / "src"
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=src) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        for name, value in (("KEY", "sk_test_1"), ("WEBHOOK_SECRET", SECRET), ("API_BASE", found[0])):
            monkeypatch.setenv(f"METERBOOK_STRIPE_{name}", value)
        yield found[0]
        process.terminate()


def test_from_the_page_to_the_account(office: Office, door: WSGIServer, processor: str) -> None:
    doing = act(office.staff["csr"], BILL_2)
    page = begin_checkout(doing, account=office.ana, cents=4_321, key="visit-1")
    assert begin_checkout(doing, account=office.ana, cents=4_321, key="visit-1") == page
    with pytest.raises(CheckoutKeyUsed):
        begin_checkout(doing, account=office.ben, cents=4_321, key="visit-1")
    with pytest.raises(AmountOutside):
        begin_checkout(doing, account=office.ana, cents=1_000_000, key="visit-2")
    assert "$43.21" in httpx.get(page.url).text
    assert httpx.post(page.url, data={"how": "decline"}).status_code == 402
    assert httpx.post(page.url, data={"how": "card"}).status_code == 200
    door.handle_request()
    page.refresh_from_db()
    payment = Payment.objects.get(key=page.intent)
    assert (page.state, payment.account, payment.amount_cents) == ("paid", office.ana, 4_321)

    event = ProcessorEvent.objects.get()
    again: list[int] = []
    redeliver = f"{processor}/sim/redeliver/{event.event}"
    sending = threading.Thread(target=lambda: again.append(httpx.post(redeliver, timeout=30).json()["answered"]))
    sending.start()
    door.handle_request()
    sending.join(30)
    assert again == [200], "answered well, and nothing doubled"
    assert Payment.objects.filter(reference=page.intent).count() == ProcessorEvent.objects.count() == 1

    httpx.post(f"{processor}/v1/refunds", data={"payment_intent": page.intent, "amount": "1000"})
    door.handle_request()
    left = Payment.objects.filter(reference=page.intent, reversal__isnull=True)
    assert [each.amount_cents for each in left] == [3_321]
    settled = settlement(office, page.intent, "43.21", "42.00")
    assert [(day.agrees, day.ours, day.missing) for day in settled] == [(False, 4_321, ("pi_elsewhere",))]


def settlement(office: Office, intent: str, *amounts: str) -> list[SettledDay]:
    """The processor's file of the day: our payment, and one we never heard of."""
    head = "account,gross,fee,net,tender,transaction,original,settled_on,kind,payer\n"
    rows = [f"{office.ana.number},{amount},0.00,{amount},card,{name},,{BILL_2},payment,\n"
            for amount, name in zip(amounts, (intent, "pi_elsewhere"), strict=True)]  # fmt: skip
    return settled_days(parse((head + "".join(rows) + "#END,2,85.21,0.00,85.21\n").encode()))
