"""NEM12: a day a row, its qualities, its clock; what is a problem and what refuses the file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.formats import nem12
from meterbook.formats.contract import IntervalBlock, ParsedReads, WrongFormat
from meterbook.formats.nem12 import parse, write

CREATED = dt.datetime(2026, 6, 3, 15, 15, tzinfo=dt.UTC)
HEAD = "100,NEM12,202606031515,MDA1,ALDERBEND"
DETAILS = "200,NMI0000001,E1,1,E1,N1,E-1,kWh,30,"
GOOD = (Path(nem12.__path__[0]) / "samples" / "good-solar-and-water.csv").read_bytes()


def day(date: str = "20260602", values: list[str] | None = None, tail: str = "A,,,20260603010000,") -> str:
    return ",".join(["300", date, *(["0.5"] * 48 if values is None else values), tail])


def file_of(*lines: str, details: str = DETAILS) -> bytes:
    return "\n".join([HEAD, details, *lines, "900", ""]).encode()


def only(parsed: ParsedReads) -> IntervalBlock:
    assert parsed.problems == []
    (block,) = parsed.intervals
    return block


def test_our_sample_in_full() -> None:
    parsed = parse(GOOD)
    assert (parsed.problems, parsed.rows) == ([], 5)
    first, second, null, reactive, water = parsed.intervals
    assert (first.meter_serial, first.channel, first.unit, first.minutes) == ("E-200103", "delivered", "kWh", 30)
    assert second.flags == ("edited",) * 20 + ("actual",) * 4 + ("estimated",) * 24
    assert (null.channel, null.values, null.flags) == ("received", (None,) * 48, ("missing",) * 48)
    assert (reactive.channel, reactive.unit, reactive.flags[0], len(reactive.values)) == (
        "reactive", "kVARh", "estimated", 96,
    )  # fmt: skip
    assert (water.channel, water.unit, water.values[-1]) == ("", "gal", Decimal(23))


SERIALS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
FLOWS = st.sampled_from(
    [("kWh", "delivered"), ("kWh", "received"), ("kWh", "delivered2"), ("kVARh", "reactive"), ("kVAh", "apparent"),
     ("kW", "delivered"), ("gal", ""), ("ccf", "2")]
)  # fmt: skip


@st.composite
def streams(draw: st.DrawFn) -> list[IntervalBlock]:
    """Days of one meter and flow in their order."""
    unit, channel = draw(FLOWS)
    serial, minutes = draw(SERIALS), draw(st.sampled_from([15, 30, 60]))
    dates = sorted(draw(st.sets(st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)), min_size=1, max_size=3)))
    count = 24 * 60 // minutes
    amounts = st.decimals(-99, 99_999, places=3)
    blocks = []
    for date in dates:
        flags = draw(st.lists(st.sampled_from(["actual", "edited", "estimated", "missing"]), min_size=3, max_size=3))
        cuts = sorted(draw(st.tuples(st.integers(0, count), st.integers(0, count))))
        words = [flags[0]] * cuts[0] + [flags[1]] * (cuts[1] - cuts[0]) + [flags[2]] * (count - cuts[1])
        value = draw(amounts)
        values = tuple(None if word == "missing" else value + at for at, word in enumerate(words))
        blocks.append(
            IntervalBlock(
                0, serial, channel, dt.datetime.combine(date, dt.time()), "standard", minutes, unit, values,
                tuple(words),  # type: ignore[arg-type]
            )
        )  # fmt: skip
    return blocks


def bare(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__ if name not in ("line", "raw")}


@settings(deadline=None)
@given(streams(), streams())
def test_what_is_written_is_read_back(first: list[IntervalBlock], second: list[IntervalBlock]) -> None:
    def key(row: IntervalBlock) -> Any:
        return row.meter_serial, row.channel, row.unit, row.minutes, row.starts_at

    rows = first if key(first[0])[:4] == key(second[0])[:4] else first + second
    parsed = parse(write(rows, created=CREATED))
    assert (parsed.problems, parsed.rows) == ([], len(rows))
    assert [bare(row) for row in parsed.intervals] == [bare(row) for row in sorted(rows, key=key)]


def test_longer_blocks_are_cut_into_days() -> None:
    values = tuple(Decimal(number) for number in range(96))
    block = IntervalBlock(0, "E-1", "delivered", dt.datetime.fromisoformat("2026-06-02"), "standard", 30, "kWh", values,
                          ("actual",) * 96)  # fmt: skip
    found = parse(write([block], created=CREATED)).intervals
    assert [each.starts_at.day for each in found] == [2, 3]
    assert found[0].values + found[1].values == values


@settings(deadline=None, max_examples=300)
@given(streams(), streams(), st.data())
def test_a_byte_more_or_less_never_loses_a_value_or_moves_one_to_another_meter(
    first: list[IntervalBlock], second: list[IntervalBlock], data: st.DataObject
) -> None:
    rows = [*first, *(second if second[0].meter_serial != first[0].meter_serial else [])]
    whole = write(rows, created=CREATED)
    at = data.draw(st.integers(0, len(whole) - 1))
    twice = data.draw(st.booleans())
    try:
        parsed = parse(whole[:at] + (whole[at : at + 1] * 2 if twice else b"") + whole[at + 1 :])
    except WrongFormat:
        return
    assert parsed.problems or len(parsed.intervals) == len(rows)
    per_meter = {
        serial: sum(row.meter_serial == serial for row in rows) for serial in {row.meter_serial for row in rows}
    }
    for serial, count in per_meter.items():
        assert sum(block.meter_serial == serial for block in parsed.intervals) <= count


def test_a_file_cut_anywhere_is_refused() -> None:
    for cut in range(len(GOOD) - 1):
        with pytest.raises(WrongFormat):
            parse(GOOD[:cut])


@pytest.mark.parametrize(
    ("unit", "suffix", "canonical", "channel", "value"),
    [
        ("WH", "E1", "kWh", "delivered", "0.0005"),
        ("MWh", "B1", "kWh", "received", "500.0"),
        ("kvarh", "K1", "kVARh", "received_reactive", "0.5"),
        ("KWH", "E2", "kWh", "delivered2", "0.5"),
        ("ccf", "E1", "ccf", "", "0.5"),
    ],
)
def test_units_and_suffixes_become_our_words(unit: str, suffix: str, canonical: str, channel: str, value: str) -> None:
    block = only(parse(file_of(day(), details=f"200,NMI1,E1,1,{suffix},N1,E-1,{unit},30,")))
    assert (block.unit, block.channel, block.values[0]) == (canonical, channel, Decimal(value))


def test_a_stream_without_serial_is_known_by_its_nmi() -> None:
    assert only(parse(file_of(day(), details="200,NMI0000001,E1,1,E1,N1,,kWh,30"))).meter_serial == "NMI0000001"


@pytest.mark.parametrize(
    ("lines", "line", "field", "found"),
    [
        ([day("20260631")], 3, "interval date", "20260631"),
        ([day("2026062")], 3, "interval date", "2026062"),
        ([day("20260602", ["1"] * 47)], 3, "quality method", ""),
        ([day("20260602", ["1"] * 47, "A")], 3, "row", "50 columns"),
        ([day(tail="")], 3, "quality method", ""),
        ([day(tail="E")], 3, "quality method", "E"),
        ([day(tail="A14")], 3, "quality method", "A14"),
        ([day(values=["1"] * 47 + ["1e3"])], 3, "value 48", "1e3"),
        ([day(values=[""] + ["1"] * 47)], 3, "value 1", ""),
        ([day(tail="V")], 3, "quality method", "V with no 400 rows"),
        ([day(tail="V"), "400,1,47,A,,"], 3, "quality method", "V with 47 intervals"),
        ([day(tail="V"), "400,2,48,A,,"], 4, "first interval", "2"),
        ([day(tail="V"), "400,1,49,A,,"], 4, "last interval", "49"),
        ([day(tail="V"), "400,1,24,A,,", "400,24,48,A,,"], 5, "first interval", "24"),
        ([day(tail="V"), "400,1,48,V,,"], 4, "quality method", "V"),
        ([day(tail="V"), "400"], 4, "first interval", ""),
        ([day(tail="A"), "400,1,48,A,,"], 4, "indicator", "400"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_taken_is_a_problem(lines: list[str], line: int, field: str, found: str) -> None:
    parsed = parse(file_of(*lines, day("20260701")))
    (problem,) = parsed.problems
    assert (problem.line, problem.field, problem.found) == (line, field, found)
    assert problem.expected and parsed.rows == 2
    assert [block.starts_at.month for block in parsed.intervals] == [7]


def test_dates_ascend_within_a_stream_only() -> None:
    parsed = parse(
        file_of(day("20260602"), day("20260602"), day("20260601"), DETAILS.replace("E-1", "E-2"), day("20260601"))
    )
    assert [(problem.line, problem.expected) for problem in parsed.problems] == [
        (4, "later than 20260602"), (5, "later than 20260602"),
    ]  # fmt: skip
    assert len(parsed.intervals) == 2


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ("200,NMI1,E1,1,C1,N1,E-1,kWh,30,", "suffix"),
        ("200,NMI1,E1,1,E,N1,E-1,kWh,30,", "suffix"),
        ("200,NMI1,E1,1,B1,N1,E-1,gal,30,", "suffix"),
        ("200,NMI1,E1,1,E1,N1,E-1,furlong,30,", "unit"),
        ("200,NMI1,E1,1,E1,N1,E-1,kWh,20,", "interval length"),
        ("200,,E1,1,E1,N1,,kWh,30,", "meter serial"),
        ("200", "meter serial"),
    ],
)
def test_days_of_a_stream_that_cannot_be_taken_are_problems_too(details: str, field: str) -> None:
    parsed = parse(file_of(day("20260601"), day("20260602"), DETAILS, day("20260601"), details=details))
    assert parsed.problems[0].field == field
    assert {problem.line for problem in parsed.problems} == {2, 3, 4}
    assert (len(parsed.intervals), parsed.rows) == (1, 4)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", "file"),
        (b"300,20260602\n", "indicator"),
        (f"{HEAD}\n900\n".encode(), "indicator"),
        (file_of(), "indicator"),
        (file_of("400,1,48,A,,"), "indicator"),
        (file_of(day(), "500,O,S1,20260604050505,1", "400,1,48,A,,"), "indicator"),
        (file_of(day(), "30,20260603"), "indicator"),
        (file_of(day()).rstrip(b"900\n"), "indicator"),
        (file_of(day(), "900", day()), "indicator"),
        (file_of(day() + DETAILS), "row"),
        (file_of(day(), details=DETAILS + "300,20260602"), "row"),
        (file_of(day()).replace(b"NEM12", b"NEM13"), "version"),
        (file_of(day(), '"'), "row"),
    ],
)
def test_a_file_out_of_order_is_refused(data: bytes, field: str) -> None:
    with pytest.raises(WrongFormat) as refusal:
        parse(data)
    assert refusal.value.field == field and refusal.value.expected


def test_the_days_summer_time_begins_and_ends_have_24_hours_of_standard_time() -> None:
    data = file_of(day("20260308"), day("20261101"))
    assert [(block.clock, block.starts_at.isoformat()) for block in parse(data).intervals] == [
        ("standard", "2026-03-08T00:00:00"), ("standard", "2026-11-01T00:00:00"),
    ]  # fmt: skip
    spring, autumn = parse(data, "America/Los_Angeles").intervals
    assert (spring.clock, spring.starts_at.isoformat()) == ("utc", "2026-03-08T08:00:00+00:00")
    assert autumn.ends_at.isoformat() == "2026-11-02T08:00:00+00:00"  # 24 hours, midnight standard time to midnight


@pytest.mark.parametrize(
    "changes",
    [
        {"clock": "local"},
        {"starts_at": dt.datetime.fromisoformat("2026-06-02 00:30")},
        {"values": (Decimal(1),) * 47, "flags": ("actual",) * 47},
        {"minutes": 10},
        {"unit": "therm"},
        {"channel": "net"},
        {"channel": ""},
        {"meter_serial": ""},
    ],
)
def test_the_writer_refuses_what_could_not_be_read_back(changes: dict[str, Any]) -> None:
    facts: dict[str, Any] = {
        "line": 0, "meter_serial": "E-1", "channel": "delivered", "starts_at": dt.datetime.fromisoformat("2026-06-02"),
        "clock": "standard", "minutes": 30, "unit": "kWh", "values": (Decimal(1),) * 48, "flags": ("actual",) * 48,
    }  # fmt: skip
    write([IntervalBlock(**facts)], created=CREATED)
    with pytest.raises(ValueError):
        write([IntervalBlock(**(facts | changes))], created=CREATED)


def test_no_day_is_written_twice() -> None:
    (block,) = parse(file_of(day())).intervals
    with pytest.raises(ValueError, match="a day stands twice"):
        write([block, block], created=CREATED)
