"""Intervals taken in: whole steps of a channel, newest value counts, and nothing counts before it is on record."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.records.metering.yard import Yard

from meterbook.formats.intervals import IntervalBlock
from meterbook.records.metering.interval_data.judge import JudgedIntervals, judge_intervals
from meterbook.records.metering.interval_data.load import LoadedIntervals, load_intervals
from meterbook.records.metering.interval_data.operations.keep_intervals import (
    Retention,
    compact_intervals,
    retire_intervals,
)
from meterbook.records.metering.interval_data.queries import channels_of, history, readings
from meterbook.records.metering.interval_data.store import generations, interval_store
from meterbook.records.metering.models import IntervalChannel, IntervalLoad, Meter

pytestmark = pytest.mark.django_db
ZONE = "America/Los_Angeles"
NOON = dt.datetime(2026, 7, 15, 19, tzinfo=dt.UTC)


@pytest.fixture
def meter(yard: Yard) -> Meter:
    return yard.meters["E-1"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data" / "intervals"


def block(serial: str, *values: str | None, starts: dt.datetime = NOON, **other: Any) -> IntervalBlock:
    return IntervalBlock(
        other.pop("line", 1), serial, other.pop("channel", ""), starts, "utc", other.pop("minutes", 60),
        other.pop("unit", "kWh"), tuple(None if value is None else Decimal(value) for value in values),
        tuple("missing" if value is None else other.get("flag", "actual") for value in values),
        other.get("multiplier"), "as it came",
    )  # fmt: skip


def load(yard: Yard, *blocks: IntervalBlock, **how: Any) -> tuple[JudgedIntervals, LoadedIntervals]:
    deed = yard.deed()
    judged = judge_intervals(blocks, timezone=ZONE, **how)
    return judged, load_intervals(deed, None, judged)


def values_of(meter: Meter, since: dt.datetime = NOON, hours: int = 24) -> list[int]:
    channel = IntervalChannel.objects.get(meter=meter, name="delivered")
    return readings(channel, since=since, until=since + dt.timedelta(hours=hours))["value_e6"].to_list()


def wrong(judged: JudgedIntervals) -> list[tuple[str, str, str]]:
    return judged.corrections.select("field", "found", "expected").rows()


def test_a_first_file_makes_the_channel_and_keeps_gaps(yard: Yard, meter: Meter) -> None:
    judged, loaded = load(yard, block(meter.serial, "0.5", None, "1.2345"))
    assert (judged.loaded, judged.rejected, loaded.intervals, loaded.new_channels) == (1, 0, 2, 1)
    (channel,) = channels_of(meter.pk)
    assert (channel.name, channel.minutes, channel.unit, channel.decimals) == ("delivered", 60, "kWh", 4)
    assert channel.register is not None and channel.register.channel == "delivered"
    found = readings(channel, since=NOON, until=NOON + dt.timedelta(days=1))
    assert found["starts"].to_list() == [NOON, NOON + dt.timedelta(hours=2)]
    assert found["value_e6"].to_list() == [500_000, 1_234_500]


def test_later_values_count_and_the_earlier_ones_stay(yard: Yard, meter: Meter) -> None:
    load(yard, block(meter.serial, "1", "2"))
    load(yard, block(meter.serial, "3", starts=NOON + dt.timedelta(hours=1), flag="edited"))
    assert values_of(meter) == [1_000_000, 3_000_000]
    (channel,) = channels_of(meter.pk)
    told = history(channel, since=NOON, until=NOON + dt.timedelta(hours=3))
    assert told.select("value_e6", "quality").rows() == [
        (1_000_000, "actual"), (3_000_000, "edited"), (2_000_000, "actual"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "field", "found", "expected"),
    [
        ({"serial": "NOBODYS"}, "meter", "NOBODYS", "the serial of a meter on record"),
        ({"channel": "X"}, "channel", "X", "a channel of meter {serial}"),
        ({"unit": "ccf"}, "unit", "ccf", "kWh"),
        ({"unit": "kW"}, "unit", "kW", "kWh"),
        ({"minutes": 20}, "minutes", "20", "5, 15, 30, 60"),
        ({"multiplier": Decimal(40)}, "multiplier", "40", "1"),
        ({"values": ["0.1234567"]}, "value", "0.1234567", "at most 6 digits after the point"),
        ({"values": ["99999999"]}, "value", "99999999", "at most 1000000"),
        ({"starts": dt.datetime(2001, 1, 1, 12, tzinfo=dt.UTC)}, "date", "2001-01-01",
         "a day on which meter {serial} hangs somewhere"),
    ],
    ids=["meter", "channel", "volume", "power", "minutes", "multiplier", "too fine", "too large", "not there"],
)  # fmt: skip
def test_what_cannot_be_taken_is_a_correction(
    yard: Yard, meter: Meter, how: dict[str, Any], field: str, found: str, expected: str
) -> None:
    bad = block(how.pop("serial", meter.serial), *how.pop("values", ["1"]), line=3, **how)
    judged, loaded = load(yard, bad, block(meter.serial, "1", line=2))
    assert wrong(judged) == [(field, found, expected.format(serial=meter.serial))]
    assert judged.corrections["raw"].to_list() == ["as it came"] and judged.corrections["line"].to_list() == [3]
    assert loaded.intervals == 1


def test_a_known_channel_holds_its_length_and_steps(yard: Yard, meter: Meter) -> None:
    load(yard, block(meter.serial, "1"))
    judged, _ = load(yard, block(meter.serial, "1", minutes=15), block(meter.serial, "1.00001"))
    assert wrong(judged) == [("minutes", "15", "60"), ("value", "1.00001", "at most 3 digits after the point")]
    judged, loaded = load(yard, block(meter.serial, "4", channel="R"), may_create=False)
    assert wrong(judged)[0][0] == "channel" and loaded.generation is None


def test_a_multiplier_is_in_the_values_once(yard: Yard, meter: Meter) -> None:
    meter.registers.update(multiplier=40)
    load(
        yard,
        block(meter.serial, "0.25", multiplier=Decimal(40)),
        block(meter.serial, "2", starts=NOON.replace(hour=20)),
    )
    assert values_of(meter) == [10_000_000, 80_000_000]
    load(yard, block(meter.serial, "0.25"), multiplier_applied=True)
    assert values_of(meter)[0] == 250_000


def test_a_crash_between_file_and_row_counts_nothing_and_blocks_nothing(yard: Yard, meter: Meter, data: Path) -> None:
    from django.db import transaction

    class Crash(Exception):
        pass

    with pytest.raises(Crash), transaction.atomic():
        load(yard, block(meter.serial, "7"))
        raise Crash
    assert list(data.glob("month=*/g=*/part-*.parquet")) and generations() == []
    load(yard, block(meter.serial, "8"))
    assert values_of(meter) == [8_000_000] and generations() == [2]


def test_the_same_batch_again_changes_nothing(yard: Yard, meter: Meter) -> None:
    from meterbook.records.platform.models import ImportBatch

    deed = yard.deed()
    batch = ImportBatch.objects.create(
        kind="reads", format="cmep", file_name="a", sha256="0" * 64, rows=1, loaded=1, rejected=0, deed=deed
    )
    first = load_intervals(deed, batch, judge_intervals([block(meter.serial, "7")], timezone=ZONE))
    again = load_intervals(deed, batch, judge_intervals([block(meter.serial, "7")], timezone=ZONE))
    assert first.generation == again.generation and len(generations()) == 1


def test_merging_changes_no_answer_and_the_next_merge_clears_up(yard: Yard, meter: Meter, data: Path) -> None:
    for value in ("1", "2", "3"):
        load(yard, block(meter.serial, value, "9"))
    done = compact_intervals(yard.act("supervisor"))
    assert done is not None and done.merged == (1, 2, 3) and generations() == [4]
    assert values_of(meter) == [3_000_000, 9_000_000]
    (channel,) = channels_of(meter.pk)
    told = history(channel, since=NOON, until=NOON + dt.timedelta(hours=1))
    assert told["value_e6"].to_list() == [3_000_000, 2_000_000, 1_000_000]
    assert compact_intervals(yard.act("supervisor")) is None
    assert sorted(path.name for path in data.glob("month=*/g=*")) == ["g=000004"]


def test_retention_gives_up_old_months_once(yard: Yard, meter: Meter) -> None:
    yard.advance(dt.date(2029, 9, 5))
    late = dt.datetime(2029, 9, 3, 20, tzinfo=dt.UTC)
    load(yard, block(meter.serial, "1", "2"), block(meter.serial, "5", starts=late))
    assert retire_intervals(yard.act("supervisor")) == 2
    assert retire_intervals(yard.act("supervisor")) == 0
    assert values_of(meter) == [] and values_of(meter, since=late) == [5_000_000]
    judged, _ = load(yard, block(meter.serial, "1"))
    assert wrong(judged) == [("date", "2026-07-15", "a month whose intervals are still kept")]
    assert IntervalLoad.objects.get(kind="retire").rows == 2


def test_retention_counts_whole_months() -> None:
    assert Retention(36, True).before(dt.date(2027, 12, 5)) == dt.date(2024, 12, 1)
    assert Retention(1, True).before(dt.date(2027, 1, 31)) == dt.date(2026, 12, 1)


@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deliveries=st.lists(
        st.tuples(st.integers(0, 5), st.lists(st.none() | st.integers(0, 9999), min_size=1, max_size=6)),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_what_counts_is_the_last_value_that_came(
    yard: Yard, meter: Meter, tmp_path_factory: pytest.TempPathFactory, deliveries: list[tuple[int, list[int | None]]]
) -> None:
    from django.db import transaction

    with override_settings(DATA_DIR=tmp_path_factory.mktemp("data")), transaction.atomic():
        wanted: dict[int, int] = {}
        for place, values in deliveries:
            texts = [None if value is None else f"{Decimal(value).scaleb(-3):f}" for value in values]
            load(yard, block(meter.serial, *texts, starts=NOON + dt.timedelta(hours=place)))
            wanted |= {place + at: value * 1000 for at, value in enumerate(values) if value is not None}
        channel = IntervalChannel.objects.filter(meter=meter).first()
        assert channel is not None
        found = readings(channel, since=NOON, until=NOON + dt.timedelta(hours=24))
        hours = [int((start - NOON).total_seconds()) // 3600 for start in found["starts"]]
        assert dict(zip(hours, found["value_e6"], strict=True)) == wanted
        assert interval_store().folder.root.exists() or not wanted
        transaction.set_rollback(True)
