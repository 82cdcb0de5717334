"""Intervals become facts of bills: each sum against the same computed plainly, one interval at a time."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.document import read_document
from meterbook.engine.rates.intervals import demand as demands
from meterbook.engine.rates.intervals import energy as energies
from meterbook.engine.rates.intervals.demand import Window
from meterbook.engine.rates.intervals.readings import IntervalProblem, Readings, by_month, by_period, readings
from meterbook.engine.rates.language.calendars import Calendar
from meterbook.engine.rates.language.calendars.rules import read_calendars

HOURS = """\
source: s
holidays: {july_4: 07-04}
periods:
  peak: {when: [{months: [6, 7, 8], days: weekdays, from: "14:00", until: "19:00"}]}
  night: {when: [{from: "22:00", until: "06:00"}]}
  rest: {otherwise: true}
"""
moment = datetime.fromisoformat
START = moment("2024-06-30T00:00")


@pytest.fixture(scope="module")
def hours() -> Calendar:
    return read_calendars(read_document(HOURS, file="h.yaml"), None, ())["time_of_use"]


def frame(
    amounts: list[int], minutes: int, *, exports: list[int] | None = None, start: datetime = START
) -> pl.DataFrame:
    starts = [start + timedelta(minutes=minutes * at) for at in range(len(amounts))]
    column = pl.Series("start", starts)
    return pl.DataFrame({"start": column, "group": by_month(column), "import": amounts,
                         "export": exports or [0] * len(amounts)})  # fmt: skip


def plain(calendar: Calendar, one: Readings) -> list[tuple[int, datetime, str, int]]:
    """Group, local start, period and import of every interval, by the calendar's own question."""
    rows = one.frame.select("group", "local", "import").rows()
    return [(group, at, calendar.period_at(at.date(), at.hour * 60 + at.minute), used) for group, at, used in rows]


amounts = st.lists(st.integers(0, 3_000_000), min_size=2, max_size=24 * 4 * 6)


@settings(max_examples=40, deadline=None)
@given(used=amounts, minutes=st.sampled_from([15, 30, 60]))
def test_energy_by_period(hours: Calendar, used: list[int], minutes: int) -> None:
    one = readings(frame(used, minutes), minutes=minutes).placed(hours)
    expected: dict[tuple[int, str], int] = defaultdict(int)
    for group, _, period, amount in plain(hours, one):
        expected[group, period] += amount
    found = energies.energy(one)
    assert {(group, period): amount for group, period, amount, _ in found.rows()} == expected
    assert found["import"].sum() == sum(used)


@settings(max_examples=40, deadline=None)
@given(used=amounts, ends=st.lists(st.integers(1, 90_000_000), min_size=0, max_size=3, unique=True))
def test_tiers_fill_in_order_of_time(hours: Calendar, used: list[int], ends: list[int]) -> None:
    one = readings(frame(used, 60), minutes=60).placed(hours)
    listed = sorted(ends)
    bounds = {(group, period): listed[: group - 202405] if period != "rest" else listed[1:]
              for group in (202406, 202407) for period in hours.periods}  # fmt: skip
    expected: dict[tuple[int, str, int], int] = defaultdict(int)
    reached: dict[int, int] = defaultdict(int)
    for group, _, period, amount in plain(hours, one):
        for unit_tier, (low, high) in enumerate(
            zip([0, *bounds[group, period]], [*bounds[group, period], 10**18], strict=True), 1
        ):
            part = min(reached[group] + amount, high) - max(reached[group], low)
            expected[group, period, unit_tier] += max(part, 0)
        reached[group] += amount
    table = pl.DataFrame([(*key, each) for key, each in bounds.items()], orient="row",
                         schema={"group": pl.Int64, "period": pl.String, "bounds": pl.List(pl.Int64)})  # fmt: skip
    found = energies.energy_in_order(one, table)
    assert {row[:3]: row[3] for row in found.rows()} == {key: value for key, value in expected.items() if value}


@settings(max_examples=40, deadline=None)
@given(used=amounts, sliding=st.booleans(), minutes=st.sampled_from([15, 30, 45, 60]),
       rounding=st.sampled_from([(None, "half_up"), (1, "half_up"), (0, "up"), (1, "half_even"), (2, "down")])
)  # fmt: skip
def test_demand_by_period(
    hours: Calendar, used: list[int], sliding: bool, minutes: int, rounding: tuple[int | None, str]
) -> None:
    minutes = 60 if minutes == 45 and not sliding else minutes
    one = readings(frame(used, 15), minutes=15).placed(hours)
    rows, size = plain(hours, one), minutes // 15
    highest: dict[tuple[int, str], int] = {}
    for at in range(0, len(rows) - size + 1):
        window = rows[at : at + size]
        if not sliding and (window[0][1].hour * 60 + window[0][1].minute) % minutes:
            continue
        if len({(row[0], row[2]) for row in window}) == 1:
            key = (window[0][0], window[0][2])
            highest[key] = max(highest.get(key, 0), sum(row[3] for row in window))
    decimals, mode = rounding
    modes = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": "ROUND_DOWN"}
    step = Decimal(1).scaleb(-(6 if decimals is None else decimals))
    expected = {
        key: (Decimal(total) * 60 / minutes / 10**6).quantize(step, rounding=modes[mode])
        for key, total in highest.items()
    }
    found = demands.demand(one, Window(minutes, sliding, decimals, mode))
    assert {(group, period): Decimal(kw).scaleb(-6) for group, period, kw, _ in found.rows()} == expected


def test_fifteen_minutes_to_a_tenth_of_a_kilowatt() -> None:
    """Azusa G-2: 15-minute demand to the nearest 0.1 kW; 5.0125 kWh in a quarter hour are 20.05 kW."""
    one = readings(frame([1_000_000, 5_012_500, 4_000_000, 0], 15), minutes=15)
    found = demands.demand(one, Window(15, decimals=1), by_period=False)
    assert found.select("period", "kw", "at").rows() == [("all", 20_100_000, moment("2024-06-30T00:15"))]


def test_the_day_of_23_and_the_day_of_25_hours(hours: Calendar) -> None:
    zone = "America/Los_Angeles"
    for day, count in ((date(2024, 3, 10), 23), (date(2024, 11, 3), 25)):
        first = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        instants = pl.datetime_range(first, first + timedelta(days=1), "1h", closed="left", eager=True, time_zone=zone)
        assert instants.len() == count
        table = pl.DataFrame({"start": instants, "group": by_month(instants), "import": [1_000_000] * count})
        one = readings(table, minutes=60).placed(hours)
        sums = {period: amount // 10**6 for _, period, amount, _ in energies.energy(one).rows()}
        assert sums == {"night": 8 + count - 24, "rest": 16}
        two_hours = demands.demand(one, Window(120), by_period=False)
        assert two_hours["kw"].to_list() == [1_000_000]


def test_an_instant_is_placed_by_the_wall_clock(hours: Calendar) -> None:
    instants = pl.Series(
        "start", [moment("2024-07-01T20:00"), moment("2024-07-01T21:00")], dtype=pl.Datetime("us", "UTC")
    )
    local = instants.dt.convert_time_zone("America/Los_Angeles")
    table = pl.DataFrame({"start": local, "group": by_month(local), "import": [1, 1]})
    assert readings(table, minutes=60).placed(hours).frame["period"].to_list() == ["rest", "peak"]


def test_periods_that_are_no_months(hours: Calendar) -> None:
    table = frame([1_000_000] * 24 * 6, 60)
    groups = by_period(
        table["start"], [(7, date(2024, 7, 1), date(2024, 7, 3)), (9, date(2024, 7, 4), date(2024, 7, 5))]
    )
    one = readings(table.with_columns(groups), minutes=60).placed(hours)
    sums = {(group, period): amount // 10**6 for group, period, amount, _ in energies.energy(one).rows()}
    assert sums == {(7, "peak"): 10, (7, "night"): 16, (7, "rest"): 22, (9, "night"): 8, (9, "rest"): 16}
    with pytest.raises(IntervalProblem, match="overlap"):
        by_period(table["start"], [(7, date(2024, 7, 1), date(2024, 7, 3)), (9, date(2024, 7, 2), date(2024, 7, 5))])


def test_energy_at_a_price_series() -> None:
    one = readings(frame([1_500_000, 2_000_001, 333_333, 1], 60, exports=[0, 0, 1_000_000, 0]), minutes=60)
    prices = pl.DataFrame({"start": [START, START + timedelta(hours=1), START + timedelta(hours=3)],
                           "price": [5_000_000, -1_234_567, 10]})  # fmt: skip
    exact = (Decimal("1.5") * Decimal("0.05") - Decimal("2.000001") * Decimal("0.01234567")
             - Decimal("0.333333") * Decimal("0.01234567") + Decimal("0.000001") * Decimal("0.0000001"))  # fmt: skip
    value = energies.at_prices(one, prices)["value"][0]
    assert Decimal(value).scaleb(-6) == exact.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    assert energies.at_prices(one, prices, flow="export")["value"].to_list() == [-12346]
    with pytest.raises(IntervalProblem, match="nothing for the interval at 2024-06-30 00:00"):
        energies.at_prices(one, prices.slice(1))


def test_what_follows_from_energy_and_demand(hours: Calendar) -> None:
    one = readings(frame([2_000_000] * 14 + [3_000_000] * 5 + [4_000_000] * 5, 60, start=moment("2024-07-01T00:00")),
                   minutes=60).placed(hours)  # fmt: skip
    by = demands.demand(one)
    flat = demands.demand(one, by_period=False)
    assert flat["kw"].to_list() == [4_000_000]
    assert demands.excess_off_peak(by, peak=["peak"], off_peak=["rest", "night"])["kw"].to_list() == [1_000_000]
    assert demands.excess_off_peak(by, peak=["night"], off_peak=["peak"])["kw"].to_list() == [0]
    kwh = Decimal(14 * 2 + 15 + 20)
    assert demands.kwh_per_kw(energies.energy(one), flat, scale=10**6)["hours"].to_list() == [int(kwh / 4 * 10**6)]
    assert demands.load_factor(one, flat)["factor"].to_list() == [int(kwh / 4 / 24 * 10**6)]
    moments = [moment("2024-07-01T13:00"), moment("2024-07-01T14:00"), moment("2024-08-01T14:00")]
    assert demands.coincident(one, moments)["kw"].to_list() == [3_000_000]
    assert demands.coincident(one, moments, how="average")["kw"].to_list() == [2_500_000]
    assert demands.coincident(one, moments[2:]).is_empty()
    nothing = readings(frame([0, 0], 60), minutes=60).placed(hours)
    assert demands.load_factor(nothing, demands.demand(nothing))["factor"].to_list() == [0]


def test_net_demand_is_never_below_zero() -> None:
    one = readings(frame([1, 5, 2, 0], 60, exports=[4, 1, 0, 9]), minutes=60, scale=1)
    assert demands.demand(one, by_period=False, flow="net")["kw"].to_list() == [4_000_000]
    assert demands.demand(one, by_period=False, flow="export")["kw"].to_list() == [9_000_000]


WRONG = {
    "a gap": (lambda rows: rows.filter(pl.int_range(pl.len()) != 2), "02?.*comes 120 minutes after the one before"),
    "twice": (lambda rows: pl.concat([rows, rows.slice(1, 1)]), "stands twice"),
    "negative": (lambda rows: rows.with_columns(pl.lit(-1, dtype=pl.Int64).alias("import")), "missing, negative"),
    "missing": (lambda rows: rows.with_columns(pl.lit(None, dtype=pl.Int64).alias("import")), "missing, negative"),
    "a float": (lambda rows: rows.with_columns(pl.col("import").cast(pl.Float64)), "is Float64, expected Int64"),
    "off the step": (lambda rows: rows.with_columns(pl.col("start") + timedelta(minutes=7)), "a start every 60"),
    "text": (lambda rows: rows.with_columns(pl.col("start").cast(pl.String)), "expected Datetime"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_wrong_readings_are_refused(case: tuple[object, str]) -> None:
    spoil, words = case
    rows = frame([1, 2, 3, 4], 60)
    with pytest.raises(IntervalProblem, match=words):
        readings(spoil(rows), minutes=60)  # type: ignore[operator]


def test_hours_that_change_inside_an_interval_are_refused() -> None:
    text = 'source: s\nperiods:\n  a: {when: [{from: "06:30", until: "12:00"}]}\n  b: {otherwise: true}\n'
    half = read_calendars(read_document(text, file="h.yaml"), None, ())["time_of_use"]
    assert readings(frame([1, 2], 30), minutes=30).placed(half).frame["period"].to_list() == ["b", "b"]
    with pytest.raises(IntervalProblem, match=r"begins at 06:30, inside an interval of 60 minutes"):
        readings(frame([1, 2], 60), minutes=60).placed(half)
    with pytest.raises(IntervalProblem, match="averaged over 20 minutes"):
        demands.demand(readings(frame([1, 2], 30), minutes=30), Window(20), by_period=False)


@settings(max_examples=30, deadline=None)
@given(used=amounts)
def test_tier_totals_over_time(hours: Calendar, used: list[int]) -> None:
    """OpenStudio's totals: of equal ends and steps below the narrowest tier, they are the tiers of the month's sum."""
    one = readings(frame(used, 60, start=moment("2024-07-01")), minutes=60).placed(hours)
    ends = {period: [3_000_001, 90_000_000] for period in hours.periods}
    found = {tier: total for _, tier, total in energies.running_tiers(one, {202407: ends}).rows()}
    total = sum(used[: 24 * 31])
    tiers = [min(total, 3_000_001), max(min(total, 90_000_000) - 3_000_001, 0), max(total - 90_000_000, 0)]
    assert [found.get(tier, 0) for tier in (1, 2, 3)] == tiers


def test_a_period_of_one_tier_counts_for_the_first(hours: Calendar) -> None:
    """14 hours at 1 kWh pass the end of 10 kWh; peak has one tier, so its 5 kWh go to the first; then the second."""
    one = readings(frame([10**6] * 24, 60, start=moment("2024-07-01")), minutes=60).placed(hours)
    ends = {"peak": [], "night": [10 * 10**6], "rest": [10 * 10**6]}
    assert [row[1:] for row in energies.running_tiers(one, {202407: ends}).rows()] == [(1, 15 * 10**6), (2, 9 * 10**6)]
