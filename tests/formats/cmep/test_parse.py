"""CMEP: what is taken, on which clock, and what becomes a problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats.cmep import parse, write
from meterbook.formats.cmep.words import UNITS
from meterbook.formats.contract import IntervalBlock, ParsedReads, ReadRecord, WrongFormat

STAMP = dt.datetime(2026, 6, 3, 15, 15, tzinfo=dt.UTC)
HOUR = "00000100"


def line(*triplets: Sequence[str], **changes: str) -> bytes:
    """One record of hourly water, with some fields replaced."""
    fields = {
        "type": "MEPMD01", "version": "20080501", "sender": "AMI", "customer": "", "receiver": "", "to": "",
        "stamp": "", "meter": "W-1", "purpose": "OK", "commodity": "W", "units": "CF", "constant": "1.0",
        "interval": HOUR, "count": str(len(triplets)),
    }  # fmt: skip
    cells = [*(fields | changes).values(), *(cell for triplet in triplets for cell in triplet)]
    return ",".join(cells).encode() + b"\n"


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def only(parsed: ParsedReads) -> IntervalBlock:
    assert parsed.problems == []
    (block,) = parsed.intervals
    return block


def test_the_24_intervals_of_a_meter_add_up_to_its_register(reference: Callable[[str], bytes]) -> None:
    parsed = parse(reference("cmep/sample.cmep"))
    assert (parsed.problems, parsed.rows) == ([], 7)
    first, second = parsed.intervals
    reads = [read for read in parsed.records if read.meter_serial == first.meter_serial]
    assert (first.meter_serial, len(first.values), first.minutes) == ("B10000001", 24, 60)
    assert sum(value for value in first.values if value is not None) == reads[1].value - reads[0].value == 479
    # An interval's time is its end: the day runs from register read to register read.
    assert (first.starts_at, first.ends_at) == tuple(read.read_at.replace(tzinfo=dt.UTC) for read in reads)
    assert (second.unit, second.values) == ("cf", (Decimal(3), Decimal(4)))
    gas = parsed.records[2:]
    assert [(read.unit, read.value, read.multiplier) for read in gas] == [
        ("ccf", Decimal(number), Decimal("1.0")) for number in (12345, 12346, 12347)
    ]


def test_the_reference_file_cut_anywhere_never_passes_as_whole(reference: Callable[[str], bytes]) -> None:
    data = reference("cmep/sample.cmep")
    ends = {at + 1 for at, byte in enumerate(data) if byte == 10}
    for cut in range(len(data) - 1):
        if cut not in ends:
            try:
                assert parse(data[:cut]).problems, cut
            except WrongFormat:
                continue


SERIALS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, fold=0)
)
FLOWS = st.sampled_from([(each.unit, each.channel) for each in UNITS.values() if each.factor == 1])
VALUES = st.lists(
    st.one_of(
        st.tuples(st.decimals(-1000, 99_999, places=3), st.sampled_from(["actual", "edited", "estimated"])),
        st.just((None, "missing")),
    ),
    min_size=1,
    max_size=30,
)
MULTIPLIERS = st.none() | st.decimals(Decimal("0.001"), 9999, places=3)


@st.composite
def blocks(draw: st.DrawFn) -> IntervalBlock:
    unit, channel = draw(FLOWS)
    values = draw(VALUES)
    return IntervalBlock(
        0, draw(SERIALS), channel, draw(MOMENTS).replace(tzinfo=dt.UTC), "utc",
        draw(st.sampled_from([5, 15, 60, 1440])), unit, *(tuple(each) for each in zip(*values, strict=True)),
        multiplier=draw(MULTIPLIERS),  # type: ignore[misc]
    )  # fmt: skip


@st.composite
def reads(draw: st.DrawFn) -> ReadRecord:
    unit, channel = draw(FLOWS)
    at = draw(MOMENTS)
    return ReadRecord(
        0, draw(SERIALS), channel, at.date(), at, draw(st.decimals(0, 999_999_999, places=2)), unit,
        draw(st.sampled_from(["actual", "estimated"])), "", multiplier=draw(MULTIPLIERS), clock="utc",
    )  # fmt: skip


def bare(row: Any) -> Any:
    """Without where it stood in the file."""
    return {name: getattr(row, name) for name in row.__slots__ if name not in ("line", "raw")}


@given(st.lists(blocks() | reads(), min_size=1, max_size=6))
def test_what_is_written_is_read_back(rows: list[IntervalBlock | ReadRecord]) -> None:
    parsed = parse(write(rows, stamp=STAMP))
    assert (parsed.problems, parsed.rows) == ([], len(rows))
    found: list[IntervalBlock | ReadRecord] = [*parsed.records, *parsed.intervals]
    found.sort(key=lambda row: row.line)
    assert [bare(row) for row in found] == [bare(row) for row in rows]


@given(st.lists(blocks() | reads(), min_size=1, max_size=3), st.data())
def test_a_byte_more_or_less_never_loses_a_value_silently(
    rows: list[IntervalBlock | ReadRecord], data: st.DataObject
) -> None:
    whole = write(rows, stamp=STAMP)
    at = data.draw(st.integers(0, len(whole) - 1))
    twice = data.draw(st.booleans())
    damaged = whole[:at] + (whole[at : at + 1] * 2 if twice else b"") + whole[at + 1 :]
    try:
        parsed = parse(damaged)
    except WrongFormat:
        return
    values = len(parsed.records) + sum(len(block.values) for block in parsed.intervals)
    assert parsed.problems or values >= sum(len(row.values) if isinstance(row, IntervalBlock) else 1 for row in rows)


def test_a_blank_time_is_one_interval_later_and_a_hole_is_missing() -> None:
    block = only(parse(line(("202606020100", "R0", "1"), ("", "E4", "2"), ("202606020500", "", "3"), ("", "N1", "9"))))
    assert block.starts_at == utc("2026-06-02 00:00")
    assert block.values == (Decimal(1), Decimal(2), None, None, Decimal(3), None)
    assert block.flags == ("actual", "estimated", "missing", "missing", "actual", "missing")


@pytest.mark.parametrize(
    ("units", "commodity", "unit", "channel", "value"),
    [
        ("KWH", "E", "kWh", "", "2.5"),
        ("gkwh", "e", "kWh", "received", "2.5"),
        ("KVARH", "E", "kVARh", "reactive", "2.5"),
        ("HCF", "W", "ccf", "", "2.5"),
        ("MCF", "G", "ccf", "", "25.0"),
        ("THERM", "G", "therm", "", "2.5"),
    ],
)
def test_units_become_our_words(units: str, commodity: str, unit: str, channel: str, value: str) -> None:
    block = only(parse(line(("202606020100", "R0", "2.5"), units=units, commodity=commodity)))
    assert (block.unit, block.channel, block.values) == (unit, channel, (Decimal(value),))


def test_a_register_without_data_is_a_non_read_and_an_adjusted_one_no_actual_read() -> None:
    parsed = parse(line(("202606020100", "A2", "7"), ("202606030100", "N0", ""), units="CFREG", interval=""))
    assert [(read.value, read.kind) for read in parsed.records] == [(Decimal(7), "estimated")]
    assert [(each.meter_serial, each.reason) for each in parsed.nonreads] == [("W-1", "N0")]
    assert (parsed.rows, parsed.problems) == (2, [])


GOOD = ("202606020100", "R0", "1")


@pytest.mark.parametrize(
    ("data", "field", "found", "expected"),
    [
        (line(GOOD, count="2"), "count", "2", "1, the triplets"),
        (line(GOOD)[:-5] + b"\n", "count", "1", "0.666667, the triplets"),
        (line(), "count", "0", "the number of triplets"),
        (line(GOOD, count="x"), "count", "x", "the number of triplets"),
        (b"MEPMD01,20080501,AMI\n", "row", "3 fields", "14 fields and triplets"),
        (line(("202602300100", "R0", "1")), "time 1", "202602300100", "YYYYMMDDhhmm"),
        (line(("20260602010", "R0", "1")), "time 1", "20260602010", "YYYYMMDDhhmm"),
        (line(("", "R0", "1")), "time 1", "", "YYYYMMDDhhmm"),
        (line(GOOD, GOOD), "time 2", "202606020100", "60 minutes after 202606020100 UTC"),
        (line(GOOD, ("202606020000", "R0", "1")), "time 2", "202606020000", "60 minutes after"),
        (line(GOOD, ("202606020130", "R0", "1")), "time 2", "202606020130", "60 minutes after"),
        (line(GOOD, ("203606020100", "R0", "1")), "time 2", "203606020100", "60 minutes after"),
        (line(GOOD, GOOD, units="CFREG"), "time 2", "202606020100", "later than 202606020100 UTC"),
        (line(("202606020100", "X0", "1")), "quality 1", "X0", "R, V, A, E or N"),
        (line(("202606020100", "R0", "")), "value 1", "", "a number such as 12.5, or quality N"),
        (line(("202606020100", "R0", "1e3")), "value 1", "1e3", "a number"),
        (line(("202606020100", "R0", "-1"), units="CFREG"), "value 1", "-1", "a reading"),
        (line(GOOD, units="FURLONG"), "units", "FURLONG", "one of KWH"),
        (line(GOOD, units="MCFREG"), "units", "MCFREG", "one of KWH"),
        (line(GOOD, commodity="E"), "commodity", "E", "W (water) or G (gas) for CF"),
        (line(GOOD, constant="0"), "constant", "0", "a multiplier above 0"),
        (line(GOOD, interval="00000000"), "interval", "00000000", "a length MMDDhhmm"),
        (line(GOOD, interval="01000000"), "interval", "01000000", "a length MMDDhhmm"),
        (line(GOOD, purpose="SUMMARY"), "purpose", "SUMMARY", "OK, RESEND, HISTORY"),
        (line(GOOD, meter=" "), "meter", "", "a meter number"),
        (line(GOOD, stamp="202613010000"), "time stamp", "202613010000", "YYYYMMDDhhmm"),
        (line(GOOD, type="MEPMD02"), "record type", "MEPMD02", "MEPMD01"),
        (line(GOOD).rstrip(), "row", "R0,1", "a line end"),
    ],
)
def test_a_bad_field_is_a_problem_and_stops_no_other_line(data: bytes, field: str, found: str, expected: str) -> None:
    parsed = parse(line(GOOD, meter="W-0") + data)
    assert [block.meter_serial for block in parsed.intervals] == ["W-0"]
    assert (parsed.rows, parsed.records) == (2, [])
    (problem,) = parsed.problems
    assert (problem.line, problem.field) == (2, field)
    assert found in problem.found and expected in problem.expected


def test_every_bad_field_of_a_head_is_named() -> None:
    fields = [problem.field for problem in parse(line(GOOD) + line(GOOD, meter="", units="?", constant="x")).problems]
    assert fields == ["meter", "units", "constant"]


def test_another_clock_is_configuration() -> None:
    block = only(parse(line(("202606020100", "R0", "1")), "America/Los_Angeles"))
    assert block.starts_at == utc("2026-06-02 07:00")
    read = parse(line(GOOD, units="CFREG"), "America/Los_Angeles").records[0]
    assert (read.read_at, read.clock) == (utc("2026-06-02 08:00").replace(tzinfo=None), "utc")


def test_the_days_of_23_and_25_hours_on_a_local_clock() -> None:
    autumn = [f"2026110{1 + hour // 24}{hour % 24:02}00" for hour in (1, 1, 2, 3, *range(4, 25))]
    block = only(parse(line(*((time, "R0", "1") for time in autumn)), "America/Los_Angeles"))
    assert (len(block.values), "missing" in block.flags) == (25, False)
    spring = [f"2026030{8 + hour // 24}{hour % 24:02}00" for hour in (1, 3, *range(4, 25))]
    block = only(parse(line(*((time, "R0", "1") for time in spring)), "America/Los_Angeles"))
    assert (len(block.values), "missing" in block.flags) == (23, False)
    never = parse(line(("202603080230", "R0", "1")), "America/Los_Angeles")
    assert [problem.field for problem in never.problems] == ["time 1"]


def test_midnight_may_be_the_end_of_the_day() -> None:
    assert only(parse(line(("202606022400", "R0", "1")))).starts_at == utc("2026-06-02 23:00")


def test_a_file_without_a_metering_record_is_refused() -> None:
    with pytest.raises(WrongFormat, match="not a CMEP file; found meter,reading, expected MEPMD01"):
        parse(b"meter,reading\nW-1,2\n")


@pytest.mark.parametrize(
    "changes",
    [
        {"clock": "local", "starts_at": utc("2026-06-02 00:00").replace(tzinfo=None)},
        {"meter_serial": " W-1"},
        {"unit": "V"},
        {"minutes": 20 * 1440},
        {"starts_at": utc("2026-06-02 00:00:30")},
    ],
)
def test_the_writer_refuses_what_could_not_be_read_back(changes: dict[str, Any]) -> None:
    facts: dict[str, Any] = {
        "line": 0, "meter_serial": "W-1", "channel": "", "starts_at": utc("2026-06-02 00:00"), "clock": "utc",
        "minutes": 60, "unit": "cf", "values": (Decimal(1),), "flags": ("actual",),
    }  # fmt: skip
    write([IntervalBlock(**facts)], stamp=STAMP)
    with pytest.raises(ValueError):
        write([IntervalBlock(**(facts | changes))], stamp=STAMP)
