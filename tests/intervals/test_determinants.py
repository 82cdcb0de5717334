"""What bills take from the store is what ``engine.rates.intervals`` computes of the same readings, to the millionth."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.document import read_document
from meterbook.engine.rates.intervals import demand as demands
from meterbook.engine.rates.intervals import energy as energies
from meterbook.engine.rates.intervals.demand import OWN, Window
from meterbook.engine.rates.intervals.readings import Readings, readings
from meterbook.engine.rates.language.calendars import Calendar
from meterbook.engine.rates.language.calendars.rules import read_calendars
from meterbook.intervals import IntervalStore, StoreProblem

HOURS = """\
source: s
holidays: {spring: 03-10}
periods:
  peak: {when: [{days: weekdays, from: "14:00", until: "19:00"}]}
  night: {when: [{from: "22:00", until: "06:00"}]}
  rest: {otherwise: true}
"""
CALENDARS = {"hours": read_calendars(read_document(HOURS, file="h.yaml"), None, ())["time_of_use"]}
LA, HOWE = "America/Los_Angeles", "Australia/Lord_Howe"
DELIVERED, RECEIVED, REACTIVE = 11, 12, 13
ASKED = {
    "row": pl.Int64, "delivered": pl.Int64, "received": pl.Int64, "reactive": pl.Int64, "minutes": pl.Int32,
    "per_unit": pl.Int64, "starts": pl.Date, "ends": pl.Date, "calendar": pl.String,
    "peak_at": pl.Datetime("us", "UTC"),
}  # fmt: skip
Fact = tuple[int | None, datetime | None, int]


@cache
def steps(zone: str, since: date, until: date, minutes: int) -> list[datetime]:
    """The instants at which intervals of some local days begin, by zoneinfo, on the standard clock."""
    here = ZoneInfo(zone)
    at = datetime(since.year, since.month, since.day, tzinfo=UTC) - timedelta(days=1)
    found = []
    while at < datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=1):
        local = at.astimezone(here)
        standard = local.replace(tzinfo=None) - (local.dst() or timedelta())
        if since <= local.date() < until and (standard.hour * 60 + standard.minute) % minutes == 0:
            found.append(at)
        at += timedelta(minutes=5)
    return found


def delivery(channel: int, starts: list[datetime], values: list[int], minutes: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"channel": [channel] * len(starts), "starts": starts, "value": values},
        schema={"channel": pl.Int64, "starts": pl.Datetime("us", "UTC"), "value": pl.Int64},
    ).with_columns(minutes=pl.lit(minutes, dtype=pl.Int32), quality=pl.lit(0, dtype=pl.UInt8))


def facts(store: IntervalStore, rows: list[tuple[object, ...]], zone: str, window: Window = OWN,
          flow: str = "import") -> dict[tuple[int, str, str], Fact]:  # fmt: skip
    """Value, instant and gaps by row, name and period."""
    asked = pl.DataFrame(rows, schema=ASKED, orient="row")
    found = store.determinants(asked, zone=zone, calendars=CALENDARS, generations=[1], window=window, flow=flow)
    return {(row["row"], row["name"], row["period"]): (row["value"], row["at"], row["gaps"])
            for row in found.iter_rows(named=True)}  # fmt: skip


windows = st.sampled_from(
    [OWN, Window(30), Window(60), Window(30, sliding=True), Window(60, sliding=True, decimals=1, mode="up"),
     Window(60, decimals=0), Window(120, sliding=True, decimals=2, mode="down"), Window(1440)]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    amounts=st.lists(st.integers(0, 9), min_size=30, max_size=120),
    minutes=st.sampled_from([15, 30, 60]),
    zone=st.sampled_from([LA, HOWE]),
    window=windows,
    flow=st.sampled_from(["import", "net"]),
    calendar=st.sampled_from([None, "hours"]),
    peak=st.integers(0, 90),
    change=st.sampled_from([date(2026, 3, 7), date(2026, 4, 4), date(2026, 10, 3), date(2026, 10, 31)]),
)
def test_as_the_engine_computes(
    amounts: list[int], minutes: int, zone: str, window: Window, flow: str, calendar: str | None, peak: int,
    change: date, tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    if (window.minutes or minutes) % minutes:
        window = OWN
    spans = [(change, change + timedelta(days=2)), (change + timedelta(days=2), change + timedelta(days=3))]
    starts = steps(zone, spans[0][0], spans[-1][1], minutes)
    used = [amounts[at % len(amounts)] for at in range(len(starts))]
    sent = [amounts[(at * 7 + 3) % len(amounts)] // 2 for at in range(len(starts))]
    store = IntervalStore(tmp_path_factory.mktemp("store"), memory_mib=256, threads=1)
    for channel, values in ((DELIVERED, used), (RECEIVED, sent), (REACTIVE, sent[::-1])):
        store.write(delivery(channel, starts, values, minutes), generation=1)
    rows = [(row, DELIVERED, RECEIVED, REACTIVE, minutes, 1000, since, until, calendar,
             starts[peak % (len(starts) // 2)] if row == 0 else None)
            for row, (since, until) in enumerate(spans)]  # fmt: skip
    found = facts(store, rows, zone, window, flow)

    here = pl.Series("start", starts, dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    group = [0 if at.astimezone(ZoneInfo(zone)).date() < spans[0][1] else 1 for at in starts]
    laid = CALENDARS.get(calendar or "")

    def engine(power: list[int], back: list[int]) -> Readings:
        frame = pl.DataFrame({"start": here, "group": group, "import": power, "export": back})
        return readings(frame, minutes=minutes, scale=1000).placed(laid)

    both, reactive = engine(used, sent), engine(sent[::-1], sent)
    periods = ["all"] if laid is None else ["all", *laid.periods]
    expected: dict[tuple[int, str, str], int] = {}
    for row in (0, 1):
        for name, one, side in (("kwh", both, "import"), ("export_kwh", both, "export"), ("kvarh", reactive, "import")):
            sums = energies.energy(one).filter(pl.col("group") == row)
            for period in periods:
                some = sums if period == "all" else sums.filter(pl.col("period") == period)
                expected[row, name, period] = int(some[side].sum()) * 1000
        for name, one, side in (("kw", both, flow), ("kvar", reactive, "import")):
            for period in periods:
                of = demands.demand(one, window, by_period=period != "all", flow=side)
                mine = of.filter((pl.col("group") == row) & (pl.col("period") == period))
                expected[row, name, period] = mine["kw"].sum()
                if mine.height:
                    at = found[row, name, period][1]
                    assert at is not None
                    assert at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == mine["at"][0].replace(tzinfo=None)
        overall = demands.demand(both, window, by_period=False, flow=flow)
        factor = demands.load_factor(both, overall, flow=flow).filter(pl.col("group") == row)
        expected[row, "load_factor", "all"] = factor["factor"].sum()
    told = {key: value for key, (value, _, _) in found.items() if key[1] != "coincident_kw"}
    assert told == expected
    assert {gaps for _, _, gaps in found.values()} == {0}
    moment = rows[0][-1]
    assert isinstance(moment, datetime)
    if window.sliding or (window.minutes or minutes) == minutes:
        local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        at_peak = demands.coincident(both, [local], window, flow=flow).filter(pl.col("group") == 0)
        if sum(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local for at in starts) == 1:
            assert found[0, "coincident_kw", "all"][0] == (at_peak["kw"][0] if at_peak.height else 0)
    assert (1, "coincident_kw", "all") not in found


def plain_windows(
    held: dict[datetime, int], starts: list[datetime], size: int, *, sliding: bool
) -> dict[datetime, int]:
    """Whole windows by the instant they begin; one that lacks an interval is no window."""
    found = {}
    for at in range(0, len(starts) - size + 1, 1 if sliding else size):
        if all(one in held for one in starts[at : at + size]):
            found[starts[at]] = sum(held[one] for one in starts[at : at + size])
    return found


@settings(max_examples=50, deadline=None)
@given(
    held=st.dictionaries(st.integers(0, 95), st.integers(-2, 9), min_size=1, max_size=96),
    size=st.sampled_from([1, 2, 4]),
    sliding=st.booleans(),
    peak=st.integers(0, 95),
)
def test_holes_are_counted_and_no_window_spans_one(
    held: dict[int, int], size: int, sliding: bool, peak: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    day = date(2026, 6, 1)
    starts = steps(LA, day, day + timedelta(days=1), 15)
    store = IntervalStore(tmp_path_factory.mktemp("store"), memory_mib=256, threads=1)
    store.write(delivery(DELIVERED, [starts[at] for at in held], list(held.values()), 15), generation=1)
    row = (7, DELIVERED, None, None, 15, 1000, day, day + timedelta(days=1), None, starts[peak])
    found = facts(store, [row], LA, Window(15 * size, sliding=sliding))
    mine = plain_windows({starts[at]: value for at, value in held.items()}, starts, size, sliding=sliding)
    gaps = 96 - len(held)
    assert found[7, "kwh", "all"] == (sum(held.values()) * 1000, None, gaps)
    if mine:
        highest = max(mine.values())
        at = min(at for at, used in mine.items() if used == highest)
        assert found[7, "kw", "all"] == (_kw(highest, size), at, gaps)
    else:
        assert found[7, "kw", "all"][0] is None
        assert found[7, "load_factor", "all"][0] is None
    moment = starts[peak if sliding else peak // size * size]
    told = found[7, "coincident_kw", "all"][0]
    assert told == (_kw(mine[moment], size) if moment in mine else None)


def _kw(used: int, size: int) -> int:
    """Watt-hours over a window as millionths of a kW, half-up."""
    over, under = abs(used) * 60 * 10**6, 1000 * 15 * size
    return (over * 2 + under) // (under * 2) * (1 if used >= 0 else -1)


def test_a_channel_of_which_nothing_came_has_no_facts(store: IntervalStore) -> None:
    day = date(2026, 3, 9)
    row = (1, DELIVERED, None, REACTIVE, 15, 1000, day, day + timedelta(days=1), "hours", None)
    found = facts(store, [row], LA)
    assert found[1, "kwh", "all"] == (None, None, 96)
    assert found[1, "kw", "peak"] == (None, None, 20)
    assert found[1, "kvarh", "night"] == (None, None, 32)
    assert found[1, "load_factor", "all"][0] is None
    assert (1, "export_kwh", "all") not in found


def test_a_period_that_does_not_come_is_zero(store: IntervalStore) -> None:
    """A Sunday has no peak: nothing is missing, so nothing flowed."""
    day = date(2026, 3, 8)
    store.write(delivery(DELIVERED, steps(LA, day, day + timedelta(days=1), 15), [1] * 92, 15), generation=1)
    found = facts(store, [(1, DELIVERED, None, None, 15, 1000, day, day + timedelta(days=1), "hours", None)], LA)
    assert found[1, "kwh", "peak"] == (0, None, 0)
    assert found[1, "kw", "peak"] == (0, None, 0)
    assert found[1, "kwh", "all"] == (92_000, None, 0)


def test_net_flow_needs_both_channels(store: IntervalStore) -> None:
    day = date(2026, 6, 1)
    starts = steps(LA, day, day + timedelta(days=1), 15)
    store.write(delivery(DELIVERED, starts, [5] * 96, 15), generation=1)
    store.write(delivery(RECEIVED, starts[:90], [2] * 89 + [9], 15), generation=1)
    found = facts(store, [(1, DELIVERED, RECEIVED, None, 15, 1000, day, day + timedelta(days=1), None, starts[89])],
                  LA, flow="net")  # fmt: skip
    assert found[1, "kw", "all"] == (12_000, starts[0], 6)
    assert found[1, "kwh", "all"] == (480_000, None, 0)
    assert found[1, "coincident_kw", "all"] == (0, starts[89], 6)


def test_many_rows_in_slices_are_as_one_by_one(store: IntervalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2026, 6, 1)
    starts = steps(LA, day, day + timedelta(days=2), 30)
    for channel in range(1, 9):
        store.write(delivery(channel, starts, [channel * at % 17 for at in range(96)], 30), generation=1)
    rows = [(row, channel, None, None, 30, 1000, day, day + timedelta(days=1 + row % 2), None, None)
            for row, channel in enumerate([3, 1, 8, 8, 2, 5])]  # fmt: skip
    whole = facts(store, rows, LA, Window(60, sliding=True))
    monkeypatch.setattr("meterbook.intervals.questions.slices.ROWS", 200)
    assert facts(store, rows, LA, Window(60, sliding=True)) == whole
    alone: dict[tuple[int, str, str], Fact] = {}
    for row in rows:
        alone |= facts(store, [row], LA, Window(60, sliding=True))
    assert alone == whole


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"calendar": "other"}, "calendar other is unknown"),
        ({"ends": date(2026, 6, 1)}, "no day"),
        ({"per_unit": 7}, "does not divide a million"),
        ({"minutes": 60, "calendar": "half"}, "inside an interval"),
    ],
)
def test_what_cannot_be_asked_is_refused(store: IntervalStore, change: dict[str, object], words: str) -> None:
    row = dict(zip(ASKED, (1, DELIVERED, None, None, 15, 1000, date(2026, 6, 1), date(2026, 6, 2), None, None),
                   strict=True)) | change  # fmt: skip
    half = read_calendars(read_document(HOURS.replace("14:00", "14:30"), file="h.yaml"), None, ())["time_of_use"]
    calendars: dict[str, Calendar] = {**CALENDARS, "half": half}
    asked = pl.DataFrame([row], schema=ASKED)
    with pytest.raises(StoreProblem, match=words):
        store.determinants(asked, zone=LA, calendars=calendars, generations=[1])


def test_windows_that_intervals_do_not_make_up_are_refused(store: IntervalStore) -> None:
    row = (1, DELIVERED, None, None, 30, 1000, date(2026, 6, 1), date(2026, 6, 2), None, None)
    with pytest.raises(StoreProblem, match="make up"):
        facts(store, [row], LA, Window(45))


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(st.lists(st.integers(0, 9), min_size=96, max_size=96), min_size=1, max_size=3),
    window=st.sampled_from([OWN, Window(30), Window(60, sliding=True)]),
    missing=st.sets(st.tuples(st.integers(0, 2), st.integers(0, 95)), max_size=5),
)
def test_when_a_group_drew_the_most(
    values: list[list[int]], window: Window, missing: set[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    day = date(2026, 6, 1)
    starts = steps(LA, day, day + timedelta(days=1), 15)
    store = IntervalStore(tmp_path_factory.mktemp("store"), memory_mib=256, threads=1)
    for channel, mine in enumerate(values):
        kept = [at for at in range(96) if (channel, at) not in missing]
        store.write(delivery(channel, [starts[at] for at in kept], [mine[at] for at in kept], 15), generation=1)
    asked = pl.DataFrame({"group": 1, "channel": list(range(len(values))), "minutes": 15, "per_unit": 1000,
                          "starts": day, "ends": day + timedelta(days=1)})  # fmt: skip
    (found,) = store.peaks(asked, zone=LA, generations=[1], window=window).rows()
    size = (window.minutes or 15) // 15
    together = [sum(mine[at] for channel, mine in enumerate(values) if (channel, at) not in missing)
                for at in range(96)]  # fmt: skip
    sums = {at: sum(together[at : at + size]) for at in range(0, 96 - size + 1, 1 if window.sliding else size)}
    highest = max(sums.values())
    first = min(at for at, used in sums.items() if used == highest)
    holes = sum(channel < len(values) and first <= at < first + size for channel, at in missing)
    if highest:
        assert found == (1, starts[first], _kw(highest, size), holes)
