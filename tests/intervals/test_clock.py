"""Days of 23, 23½, 24½ and 25 hours have the intervals that really begin in them; checked against zoneinfo."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from meterbook.intervals import StoreProblem
from meterbook.intervals.clock import day_start, expected, grid, starts_between, stretches

LA, HOWE = "America/Los_Angeles", "Australia/Lord_Howe"


@pytest.mark.parametrize(
    ("zone", "day", "minutes", "count"),
    [
        (LA, "2026-03-07", 15, 96),
        (LA, "2026-03-08", 15, 92),
        (LA, "2026-03-08", 30, 46),
        (LA, "2026-03-08", 60, 23),
        (LA, "2026-03-08", 5, 276),
        (LA, "2026-11-01", 15, 100),
        (LA, "2026-11-01", 60, 25),
        (HOWE, "2026-04-05", 15, 98),
        (HOWE, "2026-04-05", 30, 49),
        (HOWE, "2026-10-04", 15, 94),
        (HOWE, "2026-10-04", 30, 47),
        ("Asia/Kathmandu", "2026-10-04", 15, 96),
    ],
)
def test_a_day_has_as_many_intervals_as_begin_in_it(zone: str, day: str, minutes: int, count: int) -> None:
    one = date.fromisoformat(day)
    assert expected(zone, one, one + timedelta(days=1), minutes).rows() == [(one, count)]


@pytest.mark.parametrize("zone", [LA, HOWE, "Asia/Kathmandu", "America/Havana"])
def test_days_begin_and_step_as_the_zone_says(zone: str) -> None:
    """Every moment of 400 days, one after the other, by zoneinfo."""
    here = ZoneInfo(zone)
    since, until = date(2026, 1, 1), date(2027, 2, 5)
    plain: dict[date, list[datetime]] = {}
    at = datetime(2025, 12, 30, tzinfo=UTC)
    while at < datetime(2027, 2, 8, tzinfo=UTC):
        plain.setdefault(at.astimezone(here).date(), []).append(at)
        at += timedelta(minutes=15)
    frame = grid(zone, since, until, 15)
    assert frame["starts"].to_list() == [at for day in sorted(plain) if since <= day < until for at in plain[day]]
    assert all(day_start(zone, day) == plain[day][0] for day in plain if since <= day < until)
    clocks = stretches(zone, since, until)
    for day in (date(2026, 1, 1), date(2026, 3, 8), date(2026, 4, 5), date(2026, 7, 1), date(2026, 11, 1)):
        for at in plain[day]:
            wall = next(one.wall for one in reversed(clocks) if one.since <= at)
            assert wall == at.astimezone(here).utcoffset() // timedelta(microseconds=1)  # type: ignore[operator]


def test_hours_of_lord_howe_step_on_its_standard_clock() -> None:
    """Ten and a half hours ahead, half an hour more in summer: hours begin on the half hour of UTC all year."""
    starts = grid(HOWE, date(2026, 9, 1), date(2026, 11, 1), 60)["starts"]
    assert set(starts.dt.minute().to_list()) == {30}
    assert starts.diff().drop_nulls().unique().to_list() == [timedelta(hours=1)]


def test_starts_between_instants() -> None:
    def count(since: str, until: str, minutes: int = 15, zone: str = LA) -> int:
        ends = [pl.Series([datetime.fromisoformat(one)], dtype=pl.Datetime("us", "UTC")) for one in (since, until)]
        return int(starts_between(zone, minutes, *ends).item())

    assert count("2026-03-01T00:00+00:00", "2026-03-01T01:00+00:00") == 4
    assert count("2026-03-01T00:01+00:00", "2026-03-01T01:00+00:00") == 3
    assert count("2026-03-01T00:01+00:00", "2026-03-01T01:01+00:00") == 4
    assert count("2026-03-01T00:00+00:00", "2026-03-01T01:31+00:00", 60, HOWE) == 2
    assert count("2026-03-01T01:00+00:00", "2026-03-01T00:00+00:00") == 0


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(StoreProblem, match="Pacific"):
        expected("Pacific/Nowhere", date(2026, 1, 1), date(2026, 1, 2), 15)
