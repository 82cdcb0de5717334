"""Meters asked over HTTP, of a head-end that is a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection
from tests.records.metering.field.played import played
from tests.records.metering.queue.town import TODAY, Town

from meterbook.jobs.head_end import HttpHeadEnd, configured, head_end, ping_meter, read_meter_now
from meterbook.records.metering.head_end.contract import (
    Answer,
    HeadEndFailed,
    HeadEndSilent,
    MeterUnknown,
    NotConfigured,
)
from meterbook.records.metering.head_end.operations.record_answer import (
    AheadOfDay,
    NoRead,
    OtherUnit,
    record_read_now,
    take_answer,
)
from meterbook.records.metering.head_end.screens import answers
from meterbook.records.metering.models import Meter, Ping, Read
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Event

TOKEN = "only-for-this-test"
METERS = [
    {"serial": "E-0000", "registers": [{"channel": "delivered", "unit": "kWh", "decimals": 0, "value": "6900"}]},
    {"serial": "E-0001", "registers": [{"channel": "delivered", "unit": "MWh", "decimals": 0, "value": "7"}]},
    {"serial": "E-0002", "registers": [], "silent": True},
    {"serial": "E-0003", "registers": [], "fault": {"kind": "error", "times": 2}},
    {"serial": "E-0004", "registers": [], "fault": {"kind": "error"}},
    {"serial": "E-0005", "registers": [], "fault": {"kind": "slow", "seconds": 3}},
    {"serial": "E-0006", "registers": [], "fault": {"kind": "garbage"}},
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The head-end, whose clock stands at eleven in the morning of the street's business day."""
    file = tmp_path_factory.mktemp("head-end") / "meters.json"
    file.write_text(json.dumps(METERS))
    with played("head-end", "--meters", str(file), "--at", f"{TODAY}T18:00", "--token", TOKEN) as there:
        yield there


@pytest.fixture
def there(address: str) -> HttpHeadEnd:
    return HttpHeadEnd(address, token=TOKEN, name="simulator", seconds=1, wait=lambda seconds: None)


def meter(serial: str) -> Meter:
    return Meter.objects.get(serial=serial)


def test_a_ping_is_kept_with_the_head_ends_own_time(town: Town, there: HttpHeadEnd) -> None:
    row = ping_meter(town.act("csr"), meter("E-0000"), there)
    assert row.answered and row.answered_at is not None and "dBm" in row.message and row.head_end == "simulator"
    assert row.answered_at.replace(second=0) == datetime(2026, 8, 5, 18, 0, tzinfo=UTC)
    silent = ping_meter(town.act(), meter("E-0002"), there)
    assert (silent.answered, silent.answered_at, silent.kind) == (False, None, "ping")
    assert Event.objects.filter(kind="metering.meter_pinged").count() == 2


def test_what_a_meter_shows_is_offered_and_taken_once(town: Town, there: HttpHeadEnd) -> None:
    row = read_meter_now(town.act(), town.registers[0], there)
    assert (row.value, row.answered) == (Decimal(6900), True)
    assert not Read.objects.filter(origin="head_end").exists()
    assert [each.takeable for each in answers(row.meter_id)] == [True]
    taken = take_answer(town.act(), ping=row)
    read = Read.objects.get(origin="head_end")
    assert (taken.accepted, taken.queued) == (1, 0)
    assert (read.read_on, read.value, read.read_at, read.status) == (TODAY, 6900, row.answered_at, "accepted")
    assert take_answer(town.act(), ping=row).accepted == 0 and Read.objects.filter(origin="head_end").count() == 1
    assert [each.taken for each in answers(row.meter_id)] == [True]


def test_what_differs_from_the_read_of_the_day_waits_for_somebody(town: Town, there: HttpHeadEnd) -> None:
    town.arrive(0, 6800)
    taken = take_answer(town.act(), ping=read_meter_now(town.act(), town.registers[0], there))
    assert (taken.accepted, taken.queued) == (0, 1)
    assert Read.objects.get(register=town.registers[0], read_on=TODAY, status="accepted").value == 6800


def test_another_unit_is_never_taken(town: Town, there: HttpHeadEnd) -> None:
    row = read_meter_now(town.act(), town.registers[1], there)
    with pytest.raises(OtherUnit):
        take_answer(town.act(), ping=row)
    with pytest.raises(NoRead):
        take_answer(town.act(), ping=ping_meter(town.act(), meter("E-0000"), there))


def test_an_answer_of_tomorrow_waits_for_tomorrow(town: Town) -> None:
    answer = Answer(True, datetime(2026, 8, 7, 18, tzinfo=UTC), Decimal(6900), "kWh")
    row = record_read_now(town.act(), register=town.registers[0], head_end="x", answer=answer)
    with pytest.raises(AheadOfDay):
        take_answer(town.act(), ping=row)


def test_errors_are_tried_again_and_then_said(town: Town, there: HttpHeadEnd) -> None:
    assert ping_meter(town.act(), meter("E-0003"), there).answered  # the third try
    with pytest.raises(HeadEndFailed, match="503"):
        ping_meter(town.act(), meter("E-0004"), there)
    with pytest.raises(HeadEndSilent, match="3 tries"):
        ping_meter(town.act(), meter("E-0005"), there)
    with pytest.raises(HeadEndFailed, match="maintenance"):
        ping_meter(town.act(), meter("E-0006"), there)
    with pytest.raises(MeterUnknown, match="E-0007"):
        ping_meter(town.act(), meter("E-0007"), there)
    with pytest.raises(HeadEndFailed, match="no channel"):
        read_meter_now(town.act(), town.registers[3], there)
    assert Ping.objects.count() == 1  # only answers are on record


def test_somebody_before_a_page_waits_for_one_try(town: Town, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a head-end given there is one try of five seconds at most, whatever the environment allows."""
    monkeypatch.setenv("METERBOOK_HEAD_END_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("METERBOOK_HEAD_END_SECONDS", "60")
    with pytest.raises(HeadEndSilent) as silent:
        ping_meter(town.act(), meter("E-0005"))
    assert silent.value.step.values["tries"] == 1
    brief, patient = head_end(patient=False), head_end()
    assert isinstance(brief, HttpHeadEnd) and isinstance(patient, HttpHeadEnd)
    assert (brief._client.timeout.read, patient._client.timeout.read) == (5.0, 60.0)


def test_a_head_end_that_is_away_or_keeps_its_door_shut(town: Town, address: str) -> None:
    away = HttpHeadEnd("http://127.0.0.1:9", seconds=1, wait=lambda seconds: None)
    with pytest.raises(HeadEndSilent):
        away.status()
    with pytest.raises(HeadEndFailed, match="401"):
        HttpHeadEnd(address, token="another", wait=lambda seconds: None).status()


def test_the_environment_names_it_and_nothing_else() -> None:
    assert not configured({})
    with pytest.raises(NotConfigured, match="METERBOOK_HEAD_END_URL"):
        head_end({"METERBOOK_HEAD_END_URL": "file:///etc/passwd"})
    assert head_end({"METERBOOK_HEAD_END_URL": "https://ami.example.org"}).name == "ami.example.org"


def test_a_meter_is_made_known_while_it_runs_and_nothing_is_switched(address: str, there: HttpHeadEnd) -> None:
    known = there.status().meters
    headers = {"Authorization": f"Bearer {TOKEN}"}
    told = {"registers": [{"channel": "delivered", "unit": "ccf", "decimals": 1, "value": "10",
                           "at": "2026-08-04T18:00:00+00:00", "per_day": "2"}]}  # fmt: skip
    assert httpx.put(f"{address}/v1/meters/W 1", json=told, headers=headers).status_code == 200
    assert there.status().meters == known + 1
    answer = there.read_now("W 1", "delivered")
    assert answer.value == Decimal("12.0") and answer.unit == "ccf"
    assert httpx.post(f"{address}/v1/meters/W 1/disconnect", headers=headers).status_code == 501


def test_nobody_asks_who_may_not_and_never_within_a_transaction(town: Town) -> None:
    depth: list[int] = []

    class Watching:
        name = "watching"

        def ping(self, serial: str) -> Answer:
            depth.append(len(connection.savepoint_ids))
            return Answer(False, None)

        def read_now(self, serial: str, channel: str) -> Answer:
            raise AssertionError

        def status(self) -> Any:
            raise AssertionError

    before = len(connection.savepoint_ids)
    ping_meter(town.act(), meter("E-0000"), Watching())
    with pytest.raises(NotPermitted):
        ping_meter(town.act("cashier"), meter("E-0000"), Watching())
    assert depth == [before]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"answered": "yes"}, {"answered": True}, {"answered": True, "at": "yesterday"},
        {"answered": True, "at": "2026-08-05T18:00:00"}, [1], "x",
        {"answered": True, "at": "2026-08-05T18:00:00+00:00", "channel": "delivered", "value": "NaN"},
        {"answered": True, "at": "2026-08-05T18:00:00+00:00", "channel": "delivered", "value": "-4"},
        {"answered": True, "at": "2026-08-05T18:00:00+00:00", "channel": "delivered", "value": 4},
        {"answered": True, "at": "2026-08-05T18:00:00+00:00", "channel": "received", "value": "4"},
    ],
)  # fmt: skip
def test_half_an_answer_is_none(body: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=body)),
                          base_url="http://x")  # fmt: skip
    there = HttpHeadEnd("http://x", wait=lambda seconds: None)
    monkeypatch.setattr(there, "_client", client)
    with pytest.raises(HeadEndFailed):
        there.read_now("E-1", "delivered")


def test_the_meters_on_record_are_what_the_simulator_takes(town: Town, tmp_path: Path) -> None:
    from meterbook.records.metering.head_end.screens import meters_known

    file = tmp_path / "meters.json"
    file.write_text(json.dumps(meters_known(), default=str))
    with played("head-end", "--meters", str(file)) as address:
        there = HttpHeadEnd(address, wait=lambda seconds: None)
        assert there.status().meters == 8
        assert there.read_now("E-0003", "delivered").value == town.last(3).value
