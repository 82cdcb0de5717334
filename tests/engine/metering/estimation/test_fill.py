"""Gaps of intervals: lines, reference days, days of 23 and 25 hours, and the register's sum."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.columns import OutOfRange, WrongColumns
from meterbook.engine.metering.estimation.configure import FillSettings
from meterbook.engine.metering.estimation.fill import FILLED, INSTANT, MEASURED, METHODS, SPANS, fill

ZONE = "America/Los_Angeles"
RULES = FillSettings(linear_minutes=120, window_days=28, least_days=3)
MONDAY = datetime(2026, 6, 1, 7, tzinfo=UTC)  # midnight of a Monday in Alder Bend


def measured(values: dict[datetime, int], *, channel: int = 1, minutes: int = 60) -> pl.DataFrame:
    rows = [(channel, at, minutes, value) for at, value in values.items()]
    return pl.DataFrame(rows, schema=dict(MEASURED), orient="row")


def span(
    since: datetime, until: datetime, *, delta: int | None = None, channel: int = 1, minutes: int = 60
) -> pl.DataFrame:
    schema = {**SPANS, "register_delta": pl.Int64}
    return pl.DataFrame([(channel, since, until, minutes, delta)], schema=schema, orient="row")


def hours(since: datetime, count: int, value: Any = 10) -> dict[datetime, int]:
    return {since + timedelta(hours=n): value(n) if callable(value) else value for n in range(count)}


def without(values: dict[datetime, int], since: datetime, count: int) -> dict[datetime, int]:
    gone = set(hours(since, count))
    return {at: value for at, value in values.items() if at not in gone}


def filled(values: dict[datetime, int], asked: pl.DataFrame, **more: Any) -> pl.DataFrame:
    return fill(measured(values), asked, RULES, zone=ZONE, **more)


def test_two_hours_take_a_straight_line_and_three_do_not() -> None:
    day = {**hours(MONDAY, 5, 10), **hours(MONDAY + timedelta(hours=7), 5, 17)}
    found = filled(day, span(MONDAY, MONDAY + timedelta(hours=12)))
    assert found["value"].to_list() == [12, 15]  # 12⅓ and 14⅔
    assert found["method"].to_list() == ["linear", "linear"]
    assert found["gap_minutes"].to_list() == [120, 120]
    gap = filled(without(day, MONDAY + timedelta(hours=7), 1), span(MONDAY, MONDAY + timedelta(hours=12)))
    assert gap["method"].to_list() == [None, None, None]
    assert gap["value"].to_list() == [None, None, None]
    edge = filled(without(hours(MONDAY, 12), MONDAY, 1), span(MONDAY, MONDAY + timedelta(hours=12)))
    assert edge["method"].to_list() == [None]  # nothing before it
    known_before = filled({MONDAY - timedelta(hours=1): 4, **without(hours(MONDAY, 12, 7), MONDAY, 1)},
                          span(MONDAY, MONDAY + timedelta(hours=12)))  # fmt: skip
    assert known_before["value"].to_list() == [6]  # 5½, half up


def test_a_longer_gap_takes_days_of_its_kind_at_the_same_hour() -> None:
    def usual(n: int) -> int:
        at = MONDAY + timedelta(hours=n)
        weekend = (at - timedelta(hours=7)).weekday() >= 5
        return (100 if weekend else 10) + n % 24

    weeks = hours(MONDAY, 24 * 21, usual)
    saturday, wednesday = MONDAY + timedelta(days=12), MONDAY + timedelta(days=9)
    holes = without(without(weeks, saturday, 24), wednesday + timedelta(hours=6), 5)
    found = filled(holes, span(MONDAY + timedelta(days=7), MONDAY + timedelta(days=14)))
    assert set(found["method"]) == {"reference_days"}
    at_wednesday = found.filter(pl.col("starts") < saturday)
    assert at_wednesday["value"].to_list() == [16, 17, 18, 19, 20]
    assert set(at_wednesday["references"]) == {14}
    assert found.filter(pl.col("starts") >= saturday)["value"].to_list() == [100 + n for n in range(24)]
    nearer = fill(measured(holes), span(wednesday, wednesday + timedelta(days=1)), FillSettings(120, 1, 3), zone=ZONE)
    assert set(nearer["value"]) == {None}  # two days are too few


def test_a_holiday_takes_holidays_and_without_enough_of_them_weekends() -> None:
    friday = MONDAY + timedelta(days=11)
    weeks = hours(MONDAY, 24 * 21, lambda n: 100 if (n // 24) % 7 >= 5 else 10)
    holes = without(weeks, friday, 24)
    asked = span(friday, friday + timedelta(days=1))
    assert set(filled(holes, asked)["value"]) == {10}
    assert set(filled(holes, asked, holidays=[date(2026, 6, 12)])["value"]) == {100}
    three = [date(2026, 6, 3), date(2026, 6, 4), date(2026, 6, 9)]
    marked = {at: 55 if (at - timedelta(hours=7)).date() in three else value for at, value in holes.items()}
    assert set(filled(marked, asked, holidays=[date(2026, 6, 12), *three])["value"]) == {55}


@pytest.mark.parametrize(("day", "count"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25)])
def test_a_day_of_23_or_25_hours_is_filled_with_as_many(day: date, count: int) -> None:
    midnight = datetime(2026, 3, 8, 8, tzinfo=UTC) if count == 23 else datetime(2026, 11, 1, 7, tzinfo=UTC)
    first = midnight - timedelta(days=21)
    weeks = hours(first, 24 * 21 + count + 24 * 14, lambda n: 0)
    local = [(at, at.astimezone(ZoneInfo(ZONE))) for at in weeks]
    weeks = {at: clock.hour for at, clock in local}
    holes = without(weeks, midnight, count)
    found = filled(holes, span(midnight, midnight + timedelta(hours=count), delta=None))
    assert found.height == count
    wanted = [clock.hour for at, clock in local if clock.date() == day]
    assert found["value"].to_list() == wanted
    assert len(wanted) == count


def test_the_register_s_sum_is_kept_by_largest_remainder() -> None:
    day = without(hours(MONDAY, 24, 10), MONDAY + timedelta(hours=5), 2)
    asked = span(MONDAY, MONDAY + timedelta(days=1), delta=220 + 7)
    found = filled(day, asked)
    assert found["value"].to_list() == [4, 3]
    assert found["scaled"].to_list() == [True, True]
    exact = filled(day, span(MONDAY, MONDAY + timedelta(days=1), delta=240))
    assert exact["value"].to_list() == [10, 10] and exact["scaled"].to_list() == [False, False]
    less = filled(day, span(MONDAY, MONDAY + timedelta(days=1), delta=219))
    assert less["conflict"].to_list() == [True, True]
    assert less["value"].to_list() == [10, 10]  # as estimated: the sum check is for a person
    nothing = filled({}, span(MONDAY, MONDAY + timedelta(hours=4), delta=10))
    assert nothing["value"].to_list() == [3, 3, 2, 2] and set(nothing["method"]) == {"register"}


def test_what_is_measured_is_left_alone_and_channels_do_not_mix() -> None:
    assert filled(hours(MONDAY, 24), span(MONDAY, MONDAY + timedelta(days=1))).schema == FILLED
    one = without(hours(MONDAY, 12, 5), MONDAY + timedelta(hours=3), 1)
    other = without(hours(MONDAY, 12, 50), MONDAY + timedelta(hours=3), 1)
    both = pl.concat([measured(one), measured(other, channel=2)])
    until = MONDAY + timedelta(hours=12)
    asked = pl.concat([span(MONDAY, until), span(MONDAY, until, channel=2)]).drop("register_delta")
    assert fill(both, asked, RULES, zone=ZONE)["value"].to_list() == [5, 50]


def test_what_no_channel_can_say_is_refused() -> None:
    good = measured(hours(MONDAY, 3))
    asked = span(MONDAY, MONDAY + timedelta(hours=12))
    with pytest.raises(WrongColumns, match="one channel and instant"):
        fill(pl.concat([good, good]), asked, RULES, zone=ZONE)
    with pytest.raises(WrongColumns, match="two spans"):
        fill(good, pl.concat([asked, asked]), RULES, zone=ZONE)
    with pytest.raises(OutOfRange, match="below 0"):
        fill(good.with_columns(value=pl.lit(-1, dtype=pl.Int64)), asked, RULES, zone=ZONE)
    with pytest.raises(OutOfRange, match="divide a day"):
        fill(good.with_columns(minutes=pl.lit(7, dtype=pl.Int32)), asked, RULES, zone=ZONE)
    with pytest.raises(WrongColumns, match="Float64"):
        fill(good, asked.with_columns(register_delta=pl.lit(0.5)), RULES, zone=ZONE)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_measured_and_filled_add_up_to_what_the_register_counted(data: st.DataObject) -> None:
    minutes = data.draw(st.sampled_from([15, 30, 60]))
    every = timedelta(minutes=minutes)
    days = data.draw(st.integers(1, 3))
    count = days * 1440 // minutes
    since = MONDAY + timedelta(days=data.draw(st.integers(0, 300)))
    truth = {since + every * n: data.draw(st.integers(0, 50)) for n in range(count)}
    lost = data.draw(st.sets(st.sampled_from(sorted(truth)), min_size=1))
    for start, length in data.draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(1, 40)), max_size=2)):
        lost |= {since + every * n for n in range(start, min(count, start + length))}
    found = fill(
        measured({at: value for at, value in truth.items() if at not in lost}, minutes=minutes),
        span(since, since + every * count, delta=sum(truth.values()), minutes=minutes),
        RULES,
        zone=ZONE,
    )
    assert set(found["starts"]) == lost
    assert found["value"].sum() == sum(truth[at] for at in lost)
    assert found["value"].min() >= 0  # type: ignore[operator]
    assert set(found["method"]) <= set(METHODS)
    assert found["conflict"].any() is False
    assert found.schema["starts"] == INSTANT
