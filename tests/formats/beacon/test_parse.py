"""BEACON range reports: what is taken, what becomes a problem, what refuses the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats.beacon import BeaconRow, parse, write
from meterbook.formats.beacon.columns import HEADINGS
from meterbook.formats.contract import Problem, WrongFormat


def at(text: str) -> dt.datetime:
    """Naive local time, as files state it."""
    return dt.datetime.fromisoformat(text)


MOMENT = at("2025-03-04 06:59")


def row(**changes: object) -> BeaconRow:
    facts: dict[str, object] = {"meter_serial": "W-1", "read_at": MOMENT, "reading": Decimal("12.5"), "unit": "ccf"}
    return BeaconRow(**(facts | changes))  # type: ignore[arg-type]


def changed(**cells: str) -> bytes:
    """A one-row report with some cells replaced."""
    plain = dict.fromkeys(HEADINGS, "") | {
        "Meter_ID": "W-1",
        "Read": "12.5",
        "Read_Time": "2025-03-04 06:59",
        "Read_Unit": "CCF",
        "Estimated_Flag": "0",
    }
    return report(HEADINGS, [list((plain | cells).values())])


def report(headings: list[str] | tuple[str, ...], rows: list[list[str]]) -> bytes:
    return "".join(",".join(f'"{cell}"' for cell in cells) + "\n" for cells in [list(headings), *rows]).encode()


SERIALS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
MOMENTS = st.datetimes(min_value=at("1990-01-01 00:00"), max_value=at("2090-01-01 00:00")).map(
    lambda moment: moment.replace(microsecond=0)
)
ROWS = st.builds(
    BeaconRow,
    meter_serial=SERIALS,
    read_at=MOMENTS,
    reading=st.decimals(0, 999_999_999_999, places=3),
    unit=st.sampled_from(["ccf", "gal", "cf", "kgal", "m3", "kWh"]),
    estimated=st.booleans(),
    register=st.sampled_from(["", "L", "H", "0", "2"]),
    flow=st.none() | st.decimals(0, 1000, places=2),
    address=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20),
)


@given(st.lists(ROWS, min_size=1, max_size=6))
def test_what_is_written_is_read_back(rows: list[BeaconRow]) -> None:
    parsed = parse(write(rows))
    assert parsed.problems == []
    assert parsed.rows == len(rows)
    assert [
        (r.meter_serial, r.register, r.read_at, r.read_on, r.value, r.unit, r.kind == "estimated")
        for r in parsed.records
    ] == [(r.meter_serial, r.register, r.read_at, r.read_at.date(), r.reading, r.unit, r.estimated) for r in rows]


CELL = st.text(st.characters(codec="utf-8", exclude_characters='\x00"'), max_size=8) | st.sampled_from(
    ["1", "0", "CCF", "2025-03-04 06:59", "12.5", "W-1"]
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(HEADINGS, CELL)))
def test_a_row_is_either_a_record_or_at_least_one_problem(cells: dict[str, str]) -> None:
    parsed = parse(changed(**cells))
    assert parsed.rows == 1
    assert len(parsed.records) + bool(parsed.problems) == 1


def test_the_reference_report(reference: Callable[[str], bytes]) -> None:
    parsed = parse(reference("beacon/beacon-360-report.csv"))
    assert parsed.problems == []
    assert [(r.line, r.meter_serial, r.register, r.value, r.unit, r.kind) for r in parsed.records] == [
        (2, "1470158170", "", Decimal("227.6"), "ccf", "actual"),
        (3, "1470158170", "", Decimal("227.6"), "ccf", "actual"),
    ]
    assert parsed.records[1].read_at == at("2024-08-01 01:59")


def test_the_reference_report_cut_anywhere_inside_a_line_is_refused(reference: Callable[[str], bytes]) -> None:
    data = reference("beacon/beacon-360-report.csv")
    ends = {data.index(b"\n", data.index(b"\n") + 1)}  # the end of the first read: a shorter but whole report
    for cut in range(len(data) - 1, 0, -1):
        if cut not in ends and cut - 1 not in ends:
            with pytest.raises(WrongFormat):
                parse(data[:cut])


def test_the_raw_dials_can_be_taken_instead(reference: Callable[[str], bytes]) -> None:
    parsed = parse(reference("beacon/beacon-360-report.csv"), reading="Raw_Read")
    assert [r.value for r in parsed.records] == [Decimal(22760), Decimal(22760)]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"Read": "12,5"}, Problem(2, "Read", "12,5", "a reading such as 227.6")),
        ({"Read": ""}, Problem(2, "Read", "", "a reading such as 227.6")),
        ({"Read": "-3"}, Problem(2, "Read", "-3", "a reading such as 227.6")),
        ({"Read": "1e3"}, Problem(2, "Read", "1e3", "a reading such as 227.6")),
        ({"Read": "NaN"}, Problem(2, "Read", "NaN", "a reading such as 227.6")),
        ({"Read": "١٢"}, Problem(2, "Read", "١٢", "a reading such as 227.6")),
        ({"Read_Time": "3/4/2025 6:59"}, Problem(2, "Read_Time", "3/4/2025 6:59", "a date such as 2024-08-01 00:59")),
        (
            {"Read_Time": "2025-02-30 06:59"},
            Problem(2, "Read_Time", "2025-02-30 06:59", "a date such as 2024-08-01 00:59"),
        ),
        ({"Read_Unit": "AF"}, Problem(2, "Read_Unit", "AF", "one of CCF, Gallons, CF, kGal, M3, KWH")),
        ({"Estimated_Flag": ""}, Problem(2, "Estimated_Flag", "", "0 (actual) or 1 (estimated)")),
        ({"Meter_ID": " "}, Problem(2, "Meter_ID", "", "a meter number in Meter_SN or Meter_ID")),
    ],
)
def test_a_bad_cell_is_a_problem_with_line_field_found_expected(cells: dict[str, str], problem: Problem) -> None:
    parsed = parse(changed(**cells))
    assert (parsed.records, parsed.problems) == ([], [problem])


def test_good_rows_load_beside_bad_ones() -> None:
    lines = write([row(), row(meter_serial="W-2"), row(meter_serial="W-3")]).splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"12.5"', b'"l2.5"').replace(b'"CCF"', b'"buckets"')
    parsed = parse(b"".join(lines))
    assert [r.meter_serial for r in parsed.records] == ["W-1", "W-3"]
    assert [(p.line, p.field) for p in parsed.problems] == [(3, "Read"), (3, "Read_Unit")]
    assert parsed.rows == 3


def test_a_row_with_too_few_or_many_columns_is_a_problem() -> None:
    lines = write([row(), row(), row()]).splitlines(keepends=True)
    lines[1], lines[2] = b'"W-1","12.5"\n', lines[2].rstrip(b"\n") + b',"more"\n'
    parsed = parse(b"".join(lines))
    assert [(p.line, p.found, p.expected) for p in parsed.problems] == [
        (2, "2 columns", "48 columns"),
        (3, "49 columns", "48 columns"),
    ]


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("CCF", "ccf"),
        ("Gallons", "gal"),
        ("CF", "cf"),
        ("kGal", "kgal"),
        ("M3", "m3"),
        ("KWH", "kWh"),
        ("GAL", "gal"),
    ],
)
def test_read_units_become_our_words_whatever_the_flow_unit(word: str, unit: str) -> None:
    assert parse(changed(Read_Unit=word, Flow="7.5", Flow_Unit="Gallons")).records[0].unit == unit


def test_the_serial_comes_from_meter_sn_before_meter_id() -> None:
    assert parse(changed(Meter_SN="SN-9")).records[0].meter_serial == "SN-9"
    assert parse(changed(Register_Number="1")).records[0].register == ""
    assert parse(changed(Register_Number="H")).records[0].register == "H"


@pytest.mark.parametrize(
    ("cell", "dials"), [("6", 6), (" 12 ", 12), ("", None), ("0", None), ("6.0", None), ("99", None)]
)
def test_dials_are_taken_where_they_are_stated(cell: str, dials: int | None) -> None:
    assert parse(changed(Dials=cell)).records[0].dials == dials


@pytest.mark.parametrize(
    ("headings", "message"),
    [
        ([h for h in HEADINGS if h != "Read_Unit"], "missing heading 'Read_Unit'"),
        ([*HEADINGS, "Read"], "repeated heading 'Read'"),
        ([*HEADINGS, "Colour", "Weight"], "unknown headings 'Colour', 'Weight'"),
        ([h.lower() for h in HEADINGS], "missing headings 'Account_ID'"),
    ],
)
def test_wrong_headings_are_named(headings: list[str], message: str) -> None:
    with pytest.raises(WrongFormat, match=message) as refusal:
        parse(report(headings, [[""] * len(headings)]))
    assert (refusal.value.line, refusal.value.field) == (1, "heading")


def test_the_order_of_headings_is_free() -> None:
    cells = {
        "Meter_ID": "W-1",
        "Read": "7",
        "Read_Time": "2025-03-04 06:59",
        "Read_Unit": "CF",
        "Estimated_Flag": "1",
    }
    backwards = HEADINGS[::-1]
    parsed = parse(report(backwards, [[cells.get(heading, "") for heading in backwards]]))
    assert (parsed.records[0].value, parsed.records[0].unit, parsed.records[0].kind) == (
        Decimal(7),
        "cf",
        "estimated",
    )


def test_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    data = b"\xef\xbb\xbf" + write([row(), row()]).replace(b"\n", b"\r\n")
    parsed = parse(data)
    assert (parsed.rows, parsed.problems) == (2, [])
    assert parsed.records[0].raw.endswith('"good"')


def test_an_unquoted_last_line_without_line_end_is_refused() -> None:
    data = write([row()]).replace(b'"', b"")
    assert parse(data).rows == 1
    with pytest.raises(WrongFormat, match="cut off"):
        parse(data.rstrip(b"\n"))


def test_headings_alone_are_refused() -> None:
    with pytest.raises(WrongFormat, match="no rows"):
        parse(write([]))


def test_latin1_is_refused_with_line_and_remedy() -> None:
    with pytest.raises(WrongFormat, match=r"line 2, encoding: the file must be UTF-8 text; found byte 0xF1"):
        parse(write([row(city="Peña")]).decode().encode("latin-1"))


@pytest.mark.parametrize(
    "changes",
    [
        {"meter_serial": ""},
        {"meter_serial": " W-1"},
        {"meter_serial": "W\n1"},
        {"unit": "AF"},
        {"reading": Decimal(-1)},
        {"reading": Decimal("NaN")},
        {"reading": Decimal("0.1234567")},
        {"read_at": MOMENT.replace(tzinfo=dt.UTC)},
        {"city": "a\x00b"},
    ],
)
def test_the_writer_refuses_what_could_not_be_read_back(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        write([row(**changes)])
