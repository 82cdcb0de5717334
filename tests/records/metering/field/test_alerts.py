"""Leaks and high usage are told once for a place and period, with their figures; nothing is told of a guess."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tests.records.metering.field.test_silence import with_intervals
from tests.records.metering.queue.town import TODAY, Town

from meterbook.records.metering.alerts.operations.tell_alerts import tell_alerts
from meterbook.records.metering.alerts.screens import alerts
from meterbook.records.metering.models import Finding, IntervalChannel, ReadException
from meterbook.records.metering.queue.operations.accept import accept_read
from meterbook.records.metering.queue.operations.change import correct_read
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Event


def told(town: Town, on: date = TODAY) -> tuple[int, int]:
    found = tell_alerts(Act(town.staff["billing"], on, "morning"))
    return found.leaks, found.high


def runs(town: Town, channel: IntervalChannel, on: date, days: int, daily: str = "0.25", unit: str = "ccf") -> None:
    Finding.objects.create(
        channel=channel, on=on, rule="never_zero", holds=False, deed=town.deed,
        figures={"what": "leak", "days": str(days), "daily": daily, "unit": unit},
    )  # fmt: skip


def test_a_leak_is_told_once_however_long_it_runs(town: Town) -> None:
    channel = with_intervals(town, 0)
    start = TODAY - timedelta(days=9)
    runs(town, channel, start + timedelta(days=2), 3)
    assert told(town) == (1, 0) and told(town) == (0, 0)
    for more in range(3, 9):
        runs(town, channel, start + timedelta(days=more), more + 1)
        assert told(town) == (0, 0)
    event = Event.objects.get(kind="metering.leak_suspected")
    assert event.payload == {
        "service_point": event.payload["service_point"], "account": "100000", "meter": "E-0000",
        "channel": channel.pk, "since": start.isoformat(), "seen_on": (start + timedelta(days=2)).isoformat(),
        "days": 3, "daily": "0.25", "unit": "ccf", "gallons_a_day": "187.0",
    }  # fmt: skip


def test_a_leak_that_stopped_and_came_again_is_another(town: Town) -> None:
    channel = with_intervals(town, 0)
    runs(town, channel, TODAY - timedelta(days=20), 3)
    runs(town, channel, TODAY - timedelta(days=5), 3)
    assert told(town) == (2, 0)


def test_a_leak_looked_at_from_its_middle_is_the_same(town: Town) -> None:
    channel = with_intervals(town, 0)
    for more in range(70):
        runs(town, channel, TODAY + timedelta(days=more), more + 3)
    assert told(town, TODAY + timedelta(days=5)) == (1, 0)
    assert told(town, TODAY + timedelta(days=69)) == (0, 0)  # its first days are out of sight by now


def test_energy_has_no_gallons(town: Town) -> None:
    runs(town, with_intervals(town, 0), TODAY, 3, "4", "kWh")
    told(town)
    assert Event.objects.get(kind="metering.leak_suspected").payload["gallons_a_day"] is None


def test_high_usage_is_told_when_somebody_accepts_it_and_not_before(town: Town) -> None:
    item = town.question(0, 9000)
    assert told(town) == (0, 0)
    accept_read(town.act(), item=item)
    assert told(town) == (0, 1) and told(town) == (0, 0)
    payload = Event.objects.get(kind="metering.high_usage_seen").payload
    assert payload["account"] == "100000" and payload["accepted_by"] == "person"
    assert (payload["usage"], payload["expected"], payload["unit"]) == ("2500", "600", "kWh")
    assert (payload["starts"], payload["ends"]) == (town.days[-1].isoformat(), TODAY.isoformat())


def test_high_usage_that_was_a_misread_is_no_news(town: Town) -> None:
    correct_read(town.act(), item=town.question(0, 9000), value=Decimal(7000))
    assert told(town) == (0, 0)


def test_high_usage_the_policy_only_notes_is_told_as_such(town: Town) -> None:
    read = town.arrive(1, 9000)
    town.derive(1)
    Finding.objects.create(
        read=read, on=TODAY, rule="high_low", holds=False, deed=town.deed,
        figures={"what": "high", "usage": "2370", "expected": "600", "unit": "kWh"},
    )  # fmt: skip
    assert told(town) == (0, 1)
    assert Event.objects.get(kind="metering.high_usage_seen").payload["accepted_by"] == "policy"
    assert ReadException.objects.count() == 0


def test_the_list_shows_what_was_told(town: Town) -> None:
    accept_read(town.act(), item=town.question(0, 9000))
    runs(town, with_intervals(town, 1), TODAY, 3)
    told(town)
    rows = list(alerts().order_by("meter"))
    assert [(row["meter"], row["account"]) for row in rows] == [("E-0000", "100000"), ("E-0001", "100001")]
