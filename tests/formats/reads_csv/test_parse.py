"""Meterbook's own reads CSV: the counted trailer refuses every truncated file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats.contract import WrongFormat
from meterbook.formats.reads_csv import HEADINGS, ReadRow, parse, write


def at(text: str) -> dt.datetime:
    """Naive local time, as files state it."""
    return dt.datetime.fromisoformat(text)


HEADING = ",".join(HEADINGS)
GOOD = "E-1,,2025-03-04,09:15,10482,kWh,actual,R. Vega,"


def file_of(*rows: str, trailer: str | None = None) -> bytes:
    return "\n".join([HEADING, *rows, f"#END,{len(rows)}" if trailer is None else trailer, ""]).encode()


ROWS = st.builds(
    ReadRow,
    meter=st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20).filter("#END".__ne__),
    read_at=st.datetimes(min_value=at("1990-01-01 00:00"), max_value=at("2090-01-01 00:00")).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    reading=st.decimals(0, 999_999_999_999, places=3),
    unit=st.sampled_from(["kWh", "ccf", "kgal", "gal", "cf", "m3"]),
    channel=st.sampled_from(["", "D", "R", "2"]),
    kind=st.sampled_from(["actual", "estimated"]),
    reader=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12),
    comment=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12),
)


@given(st.lists(ROWS, max_size=6))
def test_what_is_written_is_read_back(rows: list[ReadRow]) -> None:
    parsed = parse(write(rows))
    assert parsed.problems == []
    assert parsed.rows == len(rows)
    assert [(r.meter_serial, r.register, r.read_at, r.value, r.unit, r.kind) for r in parsed.records] == [
        (r.meter, r.channel, r.read_at, r.reading, r.unit, r.kind) for r in rows
    ]


@given(st.lists(ROWS, max_size=12), st.data())
def test_a_file_cut_anywhere_is_refused(rows: list[ReadRow], data: st.DataObject) -> None:
    whole = write(rows)
    cut = data.draw(st.integers(0, len(whole) - 2))  # the last byte is only the last line end
    with pytest.raises(WrongFormat):
        parse(whole[:cut])


def test_a_file_cut_at_every_line_boundary_is_refused() -> None:
    lines = file_of(*[GOOD] * 12).splitlines(keepends=True)
    for kept in range(len(lines)):
        with pytest.raises(WrongFormat):
            parse(b"".join(lines[:kept]))
    assert parse(b"".join(lines)).rows == 12


def test_one_row_in_full() -> None:
    record = parse(file_of(GOOD)).records[0]
    assert (record.line, record.meter_serial, record.register) == (2, "E-1", "")
    assert (record.read_on, record.read_at) == (dt.date(2025, 3, 4), at("2025-03-04 09:15"))
    assert (record.value, record.unit, record.kind, record.raw) == (Decimal(10482), "kWh", "actual", GOOD)


def test_blank_time_is_the_start_of_the_day_and_words_may_be_in_any_case() -> None:
    record = parse(file_of("E-1,1,2025-03-04,,7,KWH,Estimated,,")).records[0]
    assert record.read_at == at("2025-03-04 00:00")
    assert (record.register, record.unit, record.kind) == ("", "kWh", "estimated")


@pytest.mark.parametrize(
    ("bad", "field", "found"),
    [
        (GOOD.replace("E-1", ""), "meter", ""),
        (GOOD.replace("2025-03-04", "2025-02-30"), "read_date", "2025-02-30"),
        (GOOD.replace("2025-03-04", "20250304"), "read_date", "20250304"),
        (GOOD.replace("09:15", "9.15"), "read_time", "9.15"),
        (GOOD.replace("09:15", "24:00"), "read_time", "24:00"),
        (GOOD.replace("10482", "10 482"), "reading", "10 482"),
        (GOOD.replace("10482", "1" * 13), "reading", "1" * 13),
        (GOOD.replace("kWh", "kVA"), "unit", "kVA"),
        (GOOD.replace("actual", "guess"), "kind", "guess"),
        (GOOD + ",extra", "row", "10 columns"),
        ("E-1,7", "row", "2 columns"),
    ],
)
def test_a_bad_row_is_a_problem_and_the_others_load(bad: str, field: str, found: str) -> None:
    parsed = parse(file_of(GOOD, bad, GOOD))
    assert [r.line for r in parsed.records] == [2, 4]
    assert [(p.line, p.field, p.found) for p in parsed.problems] == [(3, field, found)]
    assert parsed.problems[0].expected
    assert parsed.rows == 3


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (file_of(GOOD, trailer="#END,2"), "trailer"),
        (file_of(GOOD, trailer="#END,one"), "trailer"),
        (file_of(GOOD, trailer="#END"), "trailer"),
        (file_of(GOOD, trailer=""), "trailer"),
        (file_of(GOOD) + GOOD.encode(), "row"),
        (file_of(GOOD).replace(b"meter,channel", b"channel,meter"), "heading"),
        (file_of(GOOD.replace("R. Vega", '"R. Vega')), "row"),
        (file_of(GOOD.replace("Vega", "Peña")).decode().encode("latin-1"), "encoding"),
    ],
)
def test_a_file_that_cannot_be_trusted_loads_nothing(data: bytes, field: str) -> None:
    with pytest.raises(WrongFormat) as refusal:
        parse(data)
    assert refusal.value.field == field


def test_an_empty_route_is_a_whole_file() -> None:
    assert parse(write([])).rows == 0


@pytest.mark.parametrize(
    "row",
    [
        ReadRow("#END", at("2025-03-04 00:00"), Decimal(1), "kWh"),
        ReadRow("", at("2025-03-04 00:00"), Decimal(1), "kWh"),
        ReadRow("E-1", at("2025-03-04 00:00"), Decimal(-1), "kWh"),
        ReadRow("E-1", at("2025-03-04 00:00"), Decimal(1), "AF"),
        ReadRow("E-1", at("2025-03-04 00:00"), Decimal(1), "kWh", comment="\x00"),
    ],
)
def test_the_writer_refuses_what_could_not_be_read_back(row: ReadRow) -> None:
    with pytest.raises(ValueError):
        write([row])


def test_the_reader_is_taken() -> None:
    found = parse(file_of("E-1,,2025-03-04,,7,kWh,actual, R. Vega ,", "E-1,,2025-03-05,,7,kWh,actual,a\x07b,")).records
    assert [record.reader for record in found] == ["R. Vega", "ab"]
