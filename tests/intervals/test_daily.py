"""Days of channels against the same counted plainly, one interval at a time; retired months; spans of instants."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.intervals import IntervalStore, StoreProblem

LA, HOWE = "America/Los_Angeles", "Australia/Lord_Howe"
Row = tuple[int, datetime, int]


def frame(rows: list[Row], *, minutes: int = 15) -> pl.DataFrame:
    whole = pl.DataFrame(rows, schema={"channel": pl.Int64, "starts": pl.Datetime("us", "UTC"), "value": pl.Int64},
                         orient="row")  # fmt: skip
    return whole.with_columns(minutes=pl.lit(minutes, dtype=pl.Int32), quality=pl.lit(0, dtype=pl.UInt8))


def asked(*channels: tuple[int, int | None], minutes: int = 15) -> pl.DataFrame:
    """Channels with their channel of reverse flow."""
    found = pl.DataFrame(list(channels), schema={"channel": pl.Int64, "received": pl.Int64}, orient="row")
    return found.with_columns(minutes=pl.lit(minutes, dtype=pl.Int32), per_unit=pl.lit(1000, dtype=pl.Int64))


def local_day(zone: str, day: date, minutes: int = 15) -> list[datetime]:
    """The instants of a local day's intervals, by zoneinfo."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    found = []
    for _ in range(4 * 24 * 60 // minutes):
        if at.astimezone(ZoneInfo(zone)).date() == day:
            found.append(at)
        at += timedelta(minutes=minutes)
    return found


@pytest.mark.parametrize(
    ("zone", "day", "count"),
    [(LA, date(2026, 3, 8), 92), (LA, date(2026, 11, 1), 100), (HOWE, date(2026, 4, 5), 98),
     (HOWE, date(2026, 10, 4), 94)],
)  # fmt: skip
def test_days_on_which_clocks_change_are_whole(store: IntervalStore, zone: str, day: date, count: int) -> None:
    days = [day + timedelta(days=step) for step in (-1, 0, 1)]
    rows = [(1, at, 10) for one in days for at in local_day(zone, one)]
    store.write(frame(rows), generation=1)
    found = store.daily(asked((1, None)), since=days[0], until=days[2] + timedelta(days=1), zone=zone, generations=[1])
    assert found["day"].to_list() == days
    assert found["expected"].to_list() == found["found"].to_list() == [96, count, 96]
    assert found["sum"].to_list() == [960_000, count * 10_000, 960_000]
    assert found["out_of_step"].to_list() == [0, 0, 0]


def plain(rows: list[Row], zone: str, channel: int, day: date) -> dict[str, int | None]:
    """A channel's day counted one interval at a time; the newest value of a start stands last."""
    mine = {at: value for number, at, value in rows if number == channel}
    of_day = {at: value for at, value in mine.items() if at.astimezone(ZoneInfo(zone)).date() == day}
    steps = set(local_day(zone, day))
    values = sorted((value for at, value in of_day.items() if at in steps), reverse=True)
    return {
        "expected": len(steps), "found": len(values), "out_of_step": len(of_day) - len(values),
        "negative": sum(value < 0 for value in values), "zero": values.count(0),
        "sum": sum(values) * 1000 if values else None, "highest": values[0] * 1000 if values else None,
        "third_highest": values[2] * 1000 if len(values) > 2 else None,
        "lowest": values[-1] * 1000 if values else None,
    }  # fmt: skip


intervals = st.lists(
    st.tuples(st.integers(1, 2), st.integers(0, 3 * 96 * 3), st.integers(-3, 20)), min_size=1, max_size=40
)


@settings(max_examples=40, deadline=None)
@given(first=intervals, later=intervals, zone=st.sampled_from([LA, HOWE, "UTC"]))
def test_days_are_what_one_would_count(
    first: list[tuple[int, int, int]], later: list[tuple[int, int, int]], zone: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    """Five-minute starts, so that some are out of step; a second generation over the first."""
    store = IntervalStore(tmp_path_factory.mktemp("store"), memory_mib=256, threads=1)
    begins = datetime(2026, 3, 7, 6, tzinfo=UTC)
    rows: list[Row] = []
    for number, delivery in enumerate((first, later), start=1):
        once = {(channel, begins + timedelta(minutes=5 * slot)): value for channel, slot, value in delivery}
        mine = [(channel, at, value) for (channel, at), value in once.items()]
        store.write(frame(mine), generation=number)
        rows += mine
    since, until = date(2026, 3, 6), date(2026, 3, 11)
    found = store.daily(asked((1, 2), (2, None)), since=since, until=until, zone=zone, generations=[2, 1])
    assert found.height == 10
    for row in found.iter_rows(named=True):
        expected = plain(rows, zone, row["channel"], row["day"])
        assert {name: row[name] for name in expected} == expected
        if row["channel"] == 1:
            assert row["received_sum"] == plain(rows, zone, 2, row["day"])["sum"]


def test_days_before_tell_what_is_usual_and_how_long_it_flows(store: IntervalStore) -> None:
    rows: list[Row] = []
    days = [date(2026, 6, 1) + timedelta(days=step) for step in range(30)]
    for at, day in enumerate(days):
        rows += [(1, start, 0 if day.day == 10 and slot == 40 else at + 1)
                 for slot, start in enumerate(local_day(LA, day)) if not (day.day == 8 and slot == 5)]  # fmt: skip
    store.write(frame(rows), generation=1)
    found = store.daily(asked((1, None)), since=date(2026, 6, 29), until=date(2026, 7, 1), zone=LA, generations=[1])
    # Mondays the 1st, 15th and 22nd are complete, the 8th lacks an interval: 96 Wh × (1 + 15 + 22) ÷ 3
    assert found["usual_daily"].to_list() == [1_216_000, 96 * (2 + 9 + 16 + 23) // 4 * 1000]
    assert found["days_never_zero"].to_list() == [19, 20]
    first = store.daily(asked((1, None)), since=days[0], until=days[2], zone=LA, generations=[1])
    assert first["usual_daily"].to_list() == [None, None]
    assert first["days_never_zero"].to_list() == [1, 2]


def test_a_day_without_intervals_is_told_and_not_zero(store: IntervalStore) -> None:
    found = store.daily(asked((5, None)), since=date(2026, 6, 1), until=date(2026, 6, 2), zone=LA, generations=[1])
    row = found.row(0, named=True)
    assert (row["found"], row["expected"], row["sum"], row["lowest"], row["days_never_zero"]) == (0, 96, None, None, 0)


def test_intervals_of_another_length_are_out_of_step(store: IntervalStore) -> None:
    day = local_day(LA, date(2026, 6, 1))
    store.write(frame([(1, day[0], 5)]), generation=1)
    store.write(frame([(1, day[4], 5)], minutes=60), generation=2)
    found = store.daily(asked((1, None)), since=date(2026, 6, 1), until=date(2026, 6, 2), zone=LA, generations=[1, 2])
    assert found.select("found", "out_of_step", "sum").rows() == [(1, 1, 5000)]


def test_sums_larger_than_64_bits_are_refused(store: IntervalStore) -> None:
    rows = [(1, at, 10**12) for at in local_day(LA, date(2026, 6, 1))]
    store.write(frame(rows), generation=1)
    coarse = asked((1, None)).with_columns(per_unit=pl.lit(1, dtype=pl.Int64))
    with pytest.raises(StoreProblem, match="64 bits"):
        store.daily(coarse, since=date(2026, 6, 1), until=date(2026, 6, 2), zone=LA, generations=[1])
    with pytest.raises(StoreProblem, match="divide a million"):
        store.daily(coarse.with_columns(per_unit=pl.lit(3)), since=date(2026, 6, 1), until=date(2026, 6, 2), zone=LA,
                    generations=[1])  # fmt: skip


@pytest.mark.parametrize("zone", [LA, HOWE])
def test_retired_months_keep_their_days(store: IntervalStore, zone: str) -> None:
    days = [date(2026, 2, 20) + timedelta(days=step) for step in range(50)]
    rows = [(channel, at, channel * 7 + day.day) for channel in (1, 2) for day in days for at in local_day(zone, day)]
    store.write(frame(rows), generation=1)
    store.write(frame([(1, at, 99) for at in local_day(zone, date(2026, 3, 31))]), generation=2)
    question = {"since": days[0], "until": days[-1] + timedelta(days=1), "zone": zone, "generations": [1, 2]}
    before = store.daily(asked((1, 2), (2, None)), **question)  # type: ignore[arg-type]
    gone = store.retire(date(2026, 4, 1), zone=zone, generations=[1, 2])
    assert gone.months == ("2026-02", "2026-03")
    assert gone.rows > 2 * 96 * 35 and gone.days == 2 * 40 + 2 * (zone == HOWE)
    assert not list(store.folder.root.glob("month=2026-0[23]/g=*"))
    after = store.daily(asked((1, 2), (2, None)), **question)  # type: ignore[arg-type]
    assert after.rows() == before.rows()
    with pytest.raises(StoreProblem, match="retired"):
        store.write(frame([(1, local_day(zone, date(2026, 3, 10))[0], 1)]), generation=3)
    with pytest.raises(StoreProblem, match="are of the days of"):
        store.daily(asked((1, None)), **(question | {"zone": "UTC"}))  # type: ignore[arg-type]
    assert store.retire(date(2026, 4, 1), zone=zone, generations=[1, 2]).months == ()


def test_retiring_interrupted_while_removing_is_finished_later(
    store: IntervalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(1, at, 4) for at in local_day(LA, date(2026, 2, 20))]
    store.write(frame(rows), generation=1)
    store.write(frame([(1, rows[0][1], 5)]), generation=2)

    def power_cut(_: object) -> None:
        raise OSError("the machine stopped")

    monkeypatch.setattr("meterbook.intervals.retention.shutil.rmtree", power_cut)
    with pytest.raises(OSError, match="stopped"):
        store.retire(date(2026, 3, 1), zone=LA, generations=[1, 2])
    monkeypatch.undo()
    question = {"since": date(2026, 2, 20), "until": date(2026, 2, 21), "zone": LA, "generations": [1, 2]}
    assert store.daily(asked((1, None)), **question)["sum"].to_list() == [96 * 4000 + 1000]  # type: ignore[arg-type]
    store.retire(date(2026, 3, 1), zone=LA, generations=[1, 2])
    assert not list(store.folder.root.glob("month=*/g=*"))
    assert store.daily(asked((1, None)), **question)["sum"].to_list() == [96 * 4000 + 1000]  # type: ignore[arg-type]


def test_retiring_without_daily_sums_leaves_gaps(store: IntervalStore) -> None:
    store.write(frame([(1, at, 4) for at in local_day(LA, date(2026, 2, 20))]), generation=1)
    assert store.retire(date(2026, 3, 1), zone=LA, generations=[1], keep_daily=False).days == 0
    found = store.daily(asked((1, None)), since=date(2026, 2, 20), until=date(2026, 2, 21), zone=LA, generations=[1])
    assert found.select("found", "expected", "sum").rows() == [(0, 96, None)]
    with pytest.raises(StoreProblem, match="first day of a month"):
        store.retire(date(2026, 3, 2), zone=LA, generations=[1])


spans = st.lists(st.integers(0, 400), min_size=2, max_size=6, unique=True).map(sorted)


@settings(max_examples=30, deadline=None)
@given(
    values=st.dictionaries(st.integers(0, 99), st.integers(0, 50), max_size=60),
    edges=spans,
    minutes=st.sampled_from([15, 30]),
)
def test_spans_share_no_interval_and_lose_none(
    values: dict[int, int], edges: list[int], minutes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """From read to read, at any five minutes: sums of spans that follow each other add up to the whole."""
    store = IntervalStore(tmp_path_factory.mktemp("store"), memory_mib=256, threads=1)
    begins = datetime(2026, 3, 8, 6, tzinfo=UTC)
    rows = [(1, begins + timedelta(minutes=minutes * slot), value) for slot, value in values.items()]
    store.write(frame(rows, minutes=minutes), generation=1)
    moments = [begins + timedelta(minutes=5 * edge) for edge in edges]
    pairs = [*itertools.pairwise(moments), (moments[0], moments[-1])]
    question = pl.DataFrame(
        [(row, 1, minutes, 1000, since, until) for row, (since, until) in enumerate(pairs)],
        schema={"row": pl.Int64, "channel": pl.Int64, "minutes": pl.Int32, "per_unit": pl.Int64,
                "since": pl.Datetime("us", "UTC"), "until": pl.Datetime("us", "UTC")}, orient="row",
    )  # fmt: skip
    found = store.sums(question, zone=LA, generations=[1])
    for (since, until), row in zip(pairs, found.iter_rows(named=True), strict=True):
        inside = [value for _, at, value in rows if since <= at < until]
        steps = sum(since <= begins + timedelta(minutes=minutes * slot) < until for slot in range(-500, 3000))
        assert (row["found"], row["expected"]) == (len(inside), steps)
        assert row["sum"] == (sum(inside) * 1000 if inside else None)
        assert row["gaps"] == steps - len(inside)
    assert found["sum"][:-1].sum() == (found["sum"][-1] or 0)
