"""The crew's phone: ten minutes without a signal, three orders done, one changed meanwhile; nothing is lost."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page
from tests.browser.conftest import Opened
from tests.browser.matrix import violations
from tests.browser.serving import ROOT, environment, started

pytestmark = pytest.mark.browser
PHOTOS = """
SELECT count(*) FROM platform_attachment a JOIN service_orders_ordervisit v ON a.subject = 'ordervisit:' || v.id
 WHERE v.order_id = %s
"""
HUNG = """
SELECT m.serial FROM metering_installation i JOIN metering_meter m ON m.id = i.meter_id
  JOIN places_servicepoint s ON s.id = i.service_point_id WHERE s.code = 'E-0' AND upper_inf(i.validity)
"""
STATE = "SELECT state FROM service_orders_ordervisit WHERE order_id = %s"


class Office:
    """Somebody at the office, in a process of their own, on the very books the phone talks to."""

    _RUN = """
import django, json, sys
django.setup()
from tests.web import crews
for line in sys.stdin:
    name, *given = json.loads(line)
    print(json.dumps(getattr(crews, name)(*given)), flush=True)
"""

    def __init__(self, database: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", self._RUN], env=environment(database), cwd=ROOT, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, name: str, *given: Any) -> Any:
        """Do one of the things of `tests.web.crews`."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps([name, *given]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def database(offices: dict[str, str]) -> str:
    """A copy of the office of their own: crews change meters and reads that other tests look at."""
    return offices["crew"]


@pytest.fixture(scope="module")
def served(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the staff app serving that copy."""
    with started(database, tmp_path_factory.mktemp("crew")) as address:
        yield address


@pytest.fixture(scope="module")
def sessions(served: str) -> dict[str, str]:
    """Who is signed in there."""
    return {}


@pytest.fixture(scope="module")
def in_office(database: str, served: str) -> Iterator[Office]:
    """The office while the crew is out."""
    made = Office(database)
    with made.process:
        yield made
        assert made.process.stdin is not None
        made.process.stdin.close()


def asked(database: str, question: str, *values: object) -> list[Any]:
    """What stands in the books."""
    with psycopg.connect(database) as connection:
        return connection.execute(question, values).fetchall()


def picture() -> bytes:
    """A small PNG, as a camera would hand over."""
    rows = b"".join(b"\0" + b"\x80\x90\xa0" * 40 for _ in range(30))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def on_the_phone(page: Page) -> None:
    """The route is there, and the page is kept for times without a signal."""
    page.goto("/crew/")
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def begin(page: Page, number: int) -> None:
    page.goto(f"/crew/#/order/{number}")
    page.wait_for_selector("form.order >> text=Keep and send")


def answer_everything(page: Page) -> None:
    """What the office's policy asks for at this kind of order, whatever it is."""
    for item in page.locator("fieldset.item").all():
        item.get_by_label("Yes").check()
    part = page.locator("section.part", has=page.get_by_role("heading", name="Checklist"))
    for box in part.locator("input[type=text], input:not([type])").all():
        box.fill("1")
    reason = page.get_by_label("Nobody signed, because")
    if reason.count():
        reason.fill("nobody home")


def end(page: Page) -> None:
    page.get_by_role("button", name="Keep and send").click()
    page.wait_for_selector("ol.cards")


def states(page: Page) -> list[str]:
    return [each.strip() for each in page.locator(".cards .card .state").all_inner_texts()]


def test_ten_minutes_without_a_signal_lose_nothing(opened: Opened, in_office: Office, database: str) -> None:
    made = in_office("days_work", "re_read", "check", "off")
    page = opened("crew", width=390)
    page.clock.install()
    on_the_phone(page)
    page.context.set_offline(True)
    page.wait_for_selector("text=No signal")

    begin(page, made["re_read"])
    assert violations(page) == []
    page.get_by_label("Serial number on the meter").fill("w9001")
    page.get_by_text("This is the meter.").wait_for()
    page.locator("input.dial").fill("3")
    page.get_by_text("below the last read").wait_for()
    page.get_by_label("Look again and type it a second time").fill("3")
    page.locator("input.dial").fill("27")
    page.locator("input[type=file]").set_input_files({"name": "dial.png", "mimeType": "image/png", "buffer": picture()})
    page.get_by_alt_text("Photo 1").wait_for()
    answer_everything(page)
    if page.get_by_label("Look again and type it a second time").count():
        page.get_by_label("Look again and type it a second time").fill("27")
    end(page)

    begin(page, made["check"])
    page.get_by_role("button", name="Keep and send").click()
    page.get_by_text("Type or scan the meter's serial number.").wait_for()
    page.get_by_label("Serial number on the meter").fill("E-4471")
    page.get_by_label("Note").fill("a loose cover, no hum")
    answer_everything(page)
    if page.locator("input.dial").count():
        page.locator("input.dial").fill("1600")
    end(page)

    page.clock.fast_forward("10:00")
    in_office("taken_back", made["check"])
    begin(page, made["off"])
    page.get_by_label("Could not be done").check()
    page.get_by_label("Why").select_option(index=1)
    end(page)
    assert "3 orders wait to be sent" in page.inner_text("#crew-line")
    assert asked(database, "SELECT count(*) FROM service_orders_ordervisit WHERE order_id = ANY(%s)",
                 list(made.values())) == [(0,)]  # fmt: skip

    page.context.set_offline(False)
    page.wait_for_selector("#crew-line >> text=Everything is sent")
    page.wait_for_selector("text=Changed at the office")
    rows = asked(
        database,
        "SELECT order_id, state, note FROM service_orders_ordervisit WHERE order_id = ANY(%s) ORDER BY order_id",
        list(made.values()),
    )
    assert rows == [
        (made["re_read"], "applied", ""),
        (made["check"], "conflict", "a loose cover, no hum"),
        (made["off"], "applied", ""),
    ]
    assert asked(database, PHOTOS, made["re_read"]) == [(1,)]
    page.locator(".cards a", has_text="Changed at the office").click()
    page.get_by_text("Ana called: it stopped").wait_for()
    assert "a loose cover, no hum" in page.inner_text("#crew") and violations(page) == []

    in_office("settled", made["check"])
    page.clock.fast_forward("02:00")
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("The office settled it: your work is on record.").first.wait_for()


def test_a_reload_without_a_signal_keeps_what_is_begun_and_what_is_done(
    opened: Opened, in_office: Office, database: str
) -> None:
    made = in_office("days_work", "check", "off")
    page = opened("crew", width=390)
    on_the_phone(page)
    page.context.set_offline(True)
    begin(page, made["off"])
    page.get_by_label("Could not be done").check()
    page.get_by_label("Why").select_option(index=1)
    end(page)
    begin(page, made["check"])
    page.get_by_label("Note").fill("begun before the phone was restarted")
    page.close()

    page = page.context.new_page()
    page.goto(f"/crew/#/order/{made['check']}")
    page.wait_for_selector("form.order")
    assert page.get_by_label("Note").input_value() == "begun before the phone was restarted"
    assert "1 order waits to be sent" in page.inner_text("#crew-line")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector("dialog[open]")
    assert "1 order is not with the office yet. 1 order is begun and not ended." in page.inner_text("#crew-left")
    page.get_by_role("button", name="Stay").click()
    page.context.set_offline(False)
    page.wait_for_selector("#crew-line >> text=Everything is sent")
    assert asked(database, STATE, made["off"]) == [("applied",)]


def test_the_valve_stays_as_it_is_where_the_office_cannot_be_asked(opened: Opened, in_office: Office) -> None:
    made = in_office("days_work", "lock")
    page = opened("crew", language="es", scheme="dark", width=390)
    on_the_phone(page)
    page.context.set_offline(True)
    page.goto(f"/crew/#/order/{made['lock']}")
    page.get_by_role("button", name="Preguntar a la oficina ahora").click()
    page.get_by_text("no hay señal").wait_for()
    page.get_by_role("button", name="Guardar y enviar").click()
    page.get_by_text("Deje la válvula como está y termine la orden como no hecha.").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Preguntar a la oficina ahora").click()
    page.wait_for_function("() => !document.body.innerText.includes('no hay señal')")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_work_waits_for_whoever_did_it(
    opened: Opened, in_office: Office, database: str, sessions: dict[str, str]
) -> None:
    made = in_office("days_work", "off")
    opened("supervisor")
    page = opened("crew", width=390)
    on_the_phone(page)
    page.context.set_offline(True)
    begin(page, made["off"])
    page.get_by_label("Could not be done").check()
    page.get_by_label("Why").select_option(index=1)
    end(page)
    cookie = {"name": "sessionid", "url": page.url.partition("/crew/")[0]}
    page.context.add_cookies([cookie | {"value": sessions["supervisor"]}])  # type: ignore[list-item]
    page.context.set_offline(False)
    page.get_by_text("Work of crew waits on this phone (1).").wait_for()
    assert asked(database, STATE, made["off"]) == [] and "Ben moves out" not in page.inner_text("#crew")
    page.context.add_cookies([cookie | {"value": sessions["crew"]}])  # type: ignore[list-item]
    page.reload()
    page.wait_for_selector(".cards >> text=With the office")
    assert asked(database, STATE, made["off"]) == [("applied",)]


def test_an_exchange_compares_both_plates_before_it_counts(opened: Opened, in_office: Office, database: str) -> None:
    made = in_office("days_work", "swap")
    page = opened("crew", width=390)
    on_the_phone(page)
    begin(page, made["swap"])
    page.get_by_label("Serial number on the meter").fill("E-4471")
    old = page.locator("section.part", has=page.get_by_role("heading", name="Last read of the old meter"))
    old.locator("input.dial").fill("99999")
    old.get_by_text("more than expected").wait_for()
    old.locator("input.dial").fill("1600")
    new = page.locator("section.part", has=page.get_by_role("heading", name="The new meter"))
    new.get_by_text("The office gave you E-5001.").wait_for()
    for label, value in (("Its serial number", "E-5001"), ("Digits", "5"), ("Times", "10"), ("Shows", "0")):
        new.get_by_label(label).fill(value)
    new.get_by_text("The meter shop says 6 digits, the plate says 5.").wait_for()
    assert "The old meter counts times 1, the new one times 10." in new.inner_text() and violations(page) == []
    new.get_by_label("Digits").fill("6")
    new.get_by_label("Times").fill("1")
    page.locator("input[type=file]").last.set_input_files(
        {"name": "plate.png", "mimeType": "image/png", "buffer": picture()}
    )
    page.get_by_alt_text("Photo 1").wait_for()
    answer_everything(page)
    page.get_by_role("button", name="Keep and send").click()
    page.get_by_text("Compare both plates, and say that it is so.").wait_for()
    new.get_by_text("The old meter has 5 digits, the new one 6.").wait_for()
    new.get_by_label("I looked at both plates: it is so").check()
    end(page)
    page.wait_for_selector(".cards >> text=With the office")
    assert asked(database, STATE, made["swap"]) == [("applied",)] and asked(database, HUNG) == [("E-5001",)]
