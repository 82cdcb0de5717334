"""Days of intervals: what a rule holds waits once; the register is held against what its intervals add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from meterbook.formats import cmep, reads_csv
from meterbook.formats.intervals import IntervalBlock
from meterbook.records.metering.interval_data.judge import judge_intervals
from meterbook.records.metering.interval_data.load import load_intervals
from meterbook.records.metering.models import Finding, IntervalChannel, Read, ReadException, Register
from meterbook.records.metering.validation.intervals import judge_days
from meterbook.records.platform.models import Deed

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Los_Angeles")
DAY, DECEMBER = date(2024, 11, 12), date(2024, 12, 3)


@pytest.fixture
def house(office: Any, tmp_path: Path) -> Iterator[tuple[Any, Register]]:
    """A house with its October read on record, and an empty interval store."""
    register = next(
        each
        for each in Register.objects.filter(meter__commodity="electricity", multiplier=1).order_by("meter__serial")
        if each.meter.registers.count() == 1
        and 1_000 < each.reads.latest("read_on").value < 60_000
        and 300 * 10**6 < each.usages.latest("ends").quantity_e6 < 1_500 * 10**6
    )
    with override_settings(DATA_DIR=tmp_path):
        yield office, register


def hours(register: Register, first: datetime, count: int, value: str, leaving: range = range(0)) -> IntervalBlock:
    values = tuple(None if hour in leaving else Decimal(value) for hour in range(count))
    flags = tuple("missing" if each is None else "actual" for each in values)
    return IntervalBlock(1, register.meter.serial, "", first, "utc", 60, "kWh", values, flags, None, "")


def load(office: Any, block: IntervalBlock) -> Deed:
    deed = Deed.objects.create(kind="test.days", actor=office.staff["billing"], business_date=office.today)
    load_intervals(deed, None, judge_intervals([block], timezone=str(ZONE)))
    return deed


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE).astimezone(UTC)


def test_a_day_with_a_gap_waits_once_and_a_whole_day_does_not(house: Any) -> None:
    office, register = house
    deed = load(office, hours(register, midnight(DAY), 72, "1.5", leaving=range(30, 41)))
    channel = IntervalChannel.objects.get(meter=register.meter)
    judged = judge_days(deed, [channel.pk], first=DAY, last=DAY + timedelta(days=2))
    assert (judged.days, judged.queued) == (3, 1)
    item = ReadException.objects.get(channel=channel)
    assert (item.on, item.state, item.unit) == (DAY + timedelta(days=1), "open", "kWh")
    assert item.found_e6 == 13 * 1_500_000
    assert "missing_intervals" in set(item.findings.values_list("rule", flat=True))
    before = Finding.objects.count()
    again = judge_days(deed, [channel.pk], first=DAY, last=DAY + timedelta(days=2))
    assert (again.queued, again.findings, Finding.objects.count()) == (0, 0, before)


@pytest.mark.parametrize(("share", "held"), [("1", False), ("0.9", True)])
def test_a_register_is_held_against_the_sum_of_its_intervals(house: Any, share: str, held: bool) -> None:
    office, register = house
    last = register.reads.filter(status=Read.ACCEPTED).latest("read_on")
    read_at = datetime.combine(DECEMBER, time(9, 15), ZONE)
    first = last.read_at.replace(minute=0)
    count = int((read_at - first).total_seconds()) // 3600 + 1
    usage = register.usages.latest("ends")
    hourly = Decimal(usage.quantity_e6 // (usage.ends - usage.starts).days // 24).scaleb(-6).quantize(Decimal("0.001"))
    load(office, hours(register, first, count, f"{hourly * Decimal(share):.4f}"))
    value = int(last.value + hourly * (count - 1))
    row = reads_csv.ReadRow(
        meter=register.meter.serial, read_at=datetime.combine(DECEMBER, time(9, 15)), reading=Decimal(value),
        unit=register.unit, channel="", reader="",
    )  # fmt: skip
    office.take_in("meterbook-reads", reads_csv.write([row]))
    rules = set(Finding.objects.filter(read__register=register).values_list("rule", flat=True))
    assert ("sum_check" in rules) is held


def test_a_file_of_intervals_is_stored_and_judged(house: Any) -> None:
    office, register = house
    block = hours(register, midnight(DAY), 48, "1.25", leaving=range(5, 9))
    batch = office.take_in("cmep", cmep.write([block], stamp=midnight(DECEMBER)))
    assert batch.rejected == 0
    assert ReadException.objects.filter(channel__meter=register.meter).exists()


def test_what_flows_back_is_reverse_flow_only_where_no_register_counts_it(house: Any) -> None:
    office, register = house
    load(office, hours(register, midnight(DAY), 24, "1.5"))
    block = hours(register, midnight(DAY), 24, "0.4")
    deed = load(office, replace(block, channel="received"))
    delivered = IntervalChannel.objects.get(meter=register.meter, name="delivered")
    judge_days(deed, [delivered.pk], first=DAY, last=DAY)
    assert set(Finding.objects.filter(channel=delivered).values_list("rule", flat=True)) == {"reverse_flow"}
    solar = Register.objects.filter(channel="received").select_related("meter").first()
    assert solar is not None
    load(office, hours(solar, midnight(DAY), 24, "1.5"))
    deed = load(office, replace(hours(solar, midnight(DAY), 24, "0.4"), channel="received"))
    channels = list(IntervalChannel.objects.filter(meter=solar.meter).values_list("pk", flat=True))
    assert len(channels) == 2
    judge_days(deed, channels, first=DAY, last=DAY)
    assert not Finding.objects.filter(channel__in=channels, rule="reverse_flow").exists()


def test_a_day_is_judged_when_it_is_over_not_when_a_file_ends_in_it(house: Any) -> None:
    office, register = house
    utc = datetime.combine(DAY, time(0), UTC)
    for number in range(3):
        block = hours(register, utc + timedelta(days=number), 24, "1.25")
        office.take_in("cmep", cmep.write([block], stamp=midnight(DECEMBER)))
    first_local = DAY - timedelta(days=1)  # the first file begins in the afternoon of the day before
    waiting = ReadException.objects.filter(channel__meter=register.meter).exclude(on=first_local)
    assert not waiting.exists()


def test_what_was_missing_and_came_is_no_question_any_more(house: Any) -> None:
    office, register = house
    deed = load(office, hours(register, midnight(DAY), 24, "1.5", leaving=range(10, 20)))
    channel = IntervalChannel.objects.get(meter=register.meter)
    assert judge_days(deed, [channel.pk], first=DAY, last=DAY).queued == 1
    deed = load(office, hours(register, midnight(DAY), 24, "1.5"))
    judge_days(deed, [channel.pk], first=DAY, last=DAY)
    item = ReadException.objects.get(channel=channel)
    assert (item.state, item.resolution) == ("resolved", "passed")


def test_a_file_with_a_hole_across_midnight_and_a_day_left_out_asks_about_each_day(house: Any) -> None:
    office, register = house
    blocks = [
        hours(register, midnight(DAY), 20, "1.5"),  # the evening and all of the next day did not come
        hours(register, midnight(DAY + timedelta(days=2)), 24, "1.5"),
        hours(register, midnight(DAY + timedelta(days=3)), 10, "1.5"),  # not over yet
    ]
    office.take_in("cmep", cmep.write(blocks, stamp=midnight(DAY)), "hole.csv")
    asked = ReadException.objects.filter(channel__meter=register.meter)
    assert set(asked.values_list("on", flat=True)) == {DAY, DAY + timedelta(days=1)}
