"""Layouts: what a route download and an upload of each shipped layout carry, there and back, and damaged."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.formats.contract import NonRead, ReadRecord, WrongFormat
from meterbook.formats.layout import (
    HandheldRead,
    Layout,
    RouteStop,
    parse_reads,
    parse_route,
    read_layout,
    shipped_layouts,
    write_reads,
    write_route,
)
from meterbook.formats.layout.shape import STOP_FIELDS, Field, Section
from meterbook.formats.registry import UnknownFormat, read_format, route_format

COMMA = """
layout: comma
title: A city's own CSV
about: an example in a test
shape: delimited
delimiter: ";"
encoding: utf-8
line_end: lf
clock: utc
multiplier_applied: true
download:
  records:
    - record: STOP
      row: true
      about: a stop
      fields:
        - {field: route, column: 1, needed: true, about: route}
        - {field: meter_serial, column: 2, needed: true, about: serial}
        - {field: address, column: 3, about: address}
        - {field: previous_value, column: 4, type: decimal, about: last read}
upload:
  type: {column: 1}
  defaults: {unit: ccf, kind: actual}
  records:
    - record: R
      row: true
      about: a read
      fields:
        - {field: meter_serial, column: 2, needed: true, about: serial}
        - {field: read_on, column: 3, type: date, format: YYYY-MM-DD, about: day}
        - {field: reading, column: 4, type: decimal, about: reading}
        - {field: nonread, column: 5, about: reason}
    - record: T
      times: once
      about: trailer
      fields:
        - {type: count, of: [R], column: 2, about: rows}
"""
LAYOUTS = [*shipped_layouts().values(), read_layout(COMMA)]
NAMES = [layout.name for layout in LAYOUTS]


def values_for(field: Field, kind: str) -> st.SearchStrategy[Any]:
    """What a field can hold and give back."""
    if field.type == "code":
        found: st.SearchStrategy[Any] = st.sampled_from([word for _, word in field.codes])
    elif kind == "text":
        text = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=field.length or 12)
        found = text if field.needed else st.just("") | text
    elif kind == "date":
        found = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
    elif kind == "time":
        times = st.times().map(lambda time: time.replace(microsecond=0))
        found = times.map(lambda time: time.replace(second=0)) if "SS" not in field.format else times
    elif field.type == "decimal":
        found = st.decimals(0, 99_999, places=3)
    else:
        limit = Decimal("9" * min(field.length, 12)).scaleb(-field.decimals)
        found = st.decimals(Decimal(1).scaleb(-field.decimals), limit, places=field.decimals)
    return found if field.needed or kind == "text" else st.none() | found


def fields_of(section: Section) -> dict[str, Field]:
    return {field.name: field for record in section.records for field in record.fields if field.name}


@st.composite
def stops(draw: st.DrawFn, section: Section, *, file_wide: dict[str, Any]) -> RouteStop:
    """A stop with only what the layout carries; what a header says of the whole file is the same for all."""
    given_: dict[str, Any] = {"route": "1", "meter_serial": "M"} | dict(section.defaults)
    given_.pop("kind", None)
    for name, field in fields_of(section).items():
        if name in STOP_FIELDS:
            given_[name] = file_wide[name] if name in file_wide else draw(values_for(field, STOP_FIELDS[name]))
    for name in ("sequence", "dials", "decimals"):
        given_[name] = None if given_.get(name) is None else int(given_[name])
    return RouteStop(**given_)


@st.composite
def routes(draw: st.DrawFn, section: Section) -> list[RouteStop]:
    header = [record for record in section.records if record.times == "once" and not record.under]
    names = {field.name: field for record in header for field in record.fields if field.name in STOP_FIELDS}
    file_wide = {name: draw(values_for(field, STOP_FIELDS[name])) for name, field in names.items()}
    return draw(st.lists(stops(section, file_wide=file_wide), min_size=1, max_size=5))


@st.composite
def uploads(draw: st.DrawFn, section: Section) -> list[HandheldRead]:
    fields = fields_of(section)
    found = []
    for stop in draw(routes(section)):
        time = draw(values_for(fields["read_time"], "time")) if "read_time" in fields else None
        at = dt.datetime.combine(draw(st.dates(dt.date(2000, 1, 1), dt.date(2099, 1, 1))), time or dt.time())
        reading = draw(values_for(fields["reading"], "number"))
        reason = "" if reading is not None else draw(st.sampled_from(["3", "D"]))
        kind = draw(st.sampled_from(["actual", "estimated"])) if "kind" in fields else "actual"
        if "unit" in fields and not stop.unit:
            stop = dataclasses.replace(stop, unit="gal")
        found.append(HandheldRead(stop, at, reading, kind, reason))
    return found


@pytest.mark.parametrize("layout", LAYOUTS, ids=NAMES)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_route_comes_back_as_it_was_written(layout: Layout, data: st.DataObject) -> None:
    assert layout.download is not None
    route = data.draw(routes(layout.download))
    assert parse_route(layout, write_route(layout, route)) == route


@pytest.mark.parametrize("layout", LAYOUTS, ids=NAMES)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_reads_come_back_as_they_were_written(layout: Layout, data: st.DataObject) -> None:
    assert layout.upload is not None
    reads = data.draw(uploads(layout.upload))
    parsed = parse_reads(layout, write_reads(layout, reads))
    assert (parsed.problems, parsed.rows) == ([], len(reads))
    found: list[ReadRecord | NonRead] = [*parsed.records, *parsed.nonreads]
    found.sort(key=lambda row: row.line)
    carried = layout.upload.names
    for row, read in zip(found, reads, strict=True):
        stop = read.stop
        assert (row.meter_serial, row.register) == (stop.meter_serial, "" if stop.register == "1" else stop.register)
        if isinstance(row, NonRead):
            assert (row.reason, row.visited_at) == (read.nonread, read.at)
            continue
        assert (row.value, row.read_at, row.unit, row.kind) == (read.reading, read.at, stop.unit, read.kind)
        assert row.dials == (stop.dials if "dials" in carried else None)
        assert row.multiplier == (stop.multiplier if "multiplier" in carried else None)
        assert (row.reader, row.clock) == (stop.reader if "reader" in carried else "", layout.clock)


@pytest.mark.parametrize("layout", LAYOUTS, ids=NAMES)
@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_a_byte_more_or_less_never_loses_a_read_silently(layout: Layout, data: st.DataObject) -> None:
    assert layout.upload is not None
    reads = data.draw(uploads(layout.upload))
    whole = write_reads(layout, reads)
    at = data.draw(st.integers(0, len(whole) - 1))
    twice = data.draw(st.booleans())
    try:
        parsed = parse_reads(layout, whole[:at] + (whole[at : at + 1] * 2 if twice else b"") + whole[at + 1 :])
    except WrongFormat:
        return
    assert parsed.problems or len(parsed.records) + len(parsed.nonreads) >= len(reads)
    if layout.shape == "fixed" and not parsed.problems:  # then the damage was to a line end: nothing else passes
        clean = parse_reads(layout, whole)
        assert [read.value for read in parsed.records] == [read.value for read in clean.records]


STOPS = [
    RouteStop("W-1", "12", 1, unit="kgal", dials=6, decimals=1, multiplier=Decimal(1), account_number="100245",
              address="1 Mill St", previous_on=dt.date(2026, 5, 2), previous_value=Decimal("412.3"), endpoint="77",
              note="dog", utility="Alder Bend", reader="R. Vega"),
    RouteStop("W-2", "12", 2, unit="ccf", register="H", dials=6, account_number="100246", utility="Alder Bend",
              reader="R. Vega"),
    RouteStop("W-2", "12", 3, unit="ccf", register="L", dials=6, account_number="100246", utility="Alder Bend",
              reader="R. Vega"),
]  # fmt: skip
AT = dt.datetime.fromisoformat("2026-06-02 09:15")
READS = [
    HandheldRead(STOPS[0], AT, Decimal("418.2"), comment="leak?"),
    HandheldRead(STOPS[1], AT, Decimal("1022"), kind="estimated"),
    HandheldRead(STOPS[2], AT, None, nonread="3"),
]


def test_neptune_s_records_stand_in_their_order() -> None:
    text = write_route(shipped_layouts()["neptune"], STOPS).decode()
    assert [line[:5] for line in text.splitlines()] == [
        "COMHD", "RTEHD", "PRMDT", "PRMNT", "MTRDT", "ORDST", "RDGDT", "ERTDT", "PRMDT", "MTRDT", "ORDST", "RDGDT",
        "RDGDT",
    ]  # fmt: skip
    assert {len(line) for line in text.split("\r\n")} == {120, 0}
    assert text[49:61] == "000010000003"  # one route, three readings


def test_sensus_is_227_bytes_out_and_91_in() -> None:
    sensus = shipped_layouts()["sensus"]
    assert {len(line) for line in write_route(sensus, STOPS).decode().split("\r\n")} == {227, 0}
    assert {len(line) for line in write_reads(sensus, READS).decode().split("\r\n")} == {91, 0}


@pytest.mark.parametrize("name", ["neptune", "sensus", "itron-c"])
def test_reads_non_reads_and_kinds(name: str) -> None:
    parsed = parse_reads(shipped_layouts()[name], write_reads(shipped_layouts()[name], READS))
    assert [(read.meter_serial, read.register, read.value, read.kind) for read in parsed.records] == [
        ("W-1", "", Decimal("418.2"), "actual"), ("W-2", "H", Decimal(1022), "estimated"),
    ]  # fmt: skip
    assert [(each.register, each.reason, each.reader) for each in parsed.nonreads] == [("L", "3", "R. Vega")]
    assert (parsed.rows, parsed.problems) == (3, [])


@pytest.mark.parametrize(
    ("name", "old", "new", "field", "found"),
    [
        ("neptune", b"000000000418200", b"00000000041820O", "reading", "00000000041820O"),
        ("neptune", b"000000000418200", b" " * 15, "reading", ""),
        ("neptune", b"KGAL", b"ACRE", "unit", "ACRE"),
        ("neptune", b"20260602", b"20260631", "read_on", "20260631"),
        ("sensus", b"091500", b"096000", "read_time", "096000"),
        ("sensus", b"000000418200", b"            ", "reading", ""),
        ("sensus", b"K*\r\n", b"K.\r\n", "fixed", "."),
        ("itron-c", b"418.2 ", b"418,2 ", "reading", "418,2"),
    ],
)
def test_a_bad_field_is_a_problem_of_its_row(name: str, old: bytes, new: bytes, field: str, found: str) -> None:
    layout = shipped_layouts()[name]
    data = write_reads(layout, READS)
    assert data.count(old) >= 1
    parsed = parse_reads(layout, data.replace(old, new, 1))
    assert [(problem.field, problem.found) for problem in parsed.problems] == [(field, found)]
    assert parsed.rows == 3 and len(parsed.records) + len(parsed.nonreads) == 2


def test_a_bad_record_above_is_a_problem_of_each_row_below() -> None:
    neptune = shipped_layouts()["neptune"]
    data = write_reads(neptune, READS).replace(b"MTRDTW-2" + b" " * 17, b"MTRDT" + b" " * 20)
    parsed = parse_reads(neptune, data)
    assert [problem.field for problem in parsed.problems] == ["MTRDT.meter_serial"] * 2
    assert all("line" in problem.expected for problem in parsed.problems) and parsed.rows == 3


def test_a_meter_without_a_reading_is_a_problem() -> None:
    neptune = shipped_layouts()["neptune"]
    lines = write_reads(neptune, READS).split(b"\r\n")
    cut = [line for line in lines if not (line.startswith(b"RDGDT") and b"418200" in line) and b"ERTDT" not in line]
    data = b"\r\n".join(cut).replace(b"0000003", b"0000002")
    parsed = parse_reads(neptune, data)
    assert [(problem.field, problem.expected) for problem in parsed.problems] == [
        ("MTRDT.RDGDT", "at least one below MTRDT"),
    ]  # fmt: skip
    assert len(parsed.records) + len(parsed.nonreads) == 2 and parsed.rows == 3


@pytest.mark.parametrize(
    ("name", "change", "field"),
    [
        ("neptune", lambda data: b"", "file"),
        ("neptune", lambda data: data.replace(b"RDGDT", b"RDGDX", 1), "record type"),
        ("neptune", lambda data: b"\r\n".join(data.split(b"\r\n")[1:]), "RTEHD"),
        ("neptune", lambda data: b"\r\n".join(data.split(b"\r\n")[:-2]) + b"\r\n", "COMHD.count"),
        ("neptune", lambda data: data.replace(b"0000003", b"000000x"), "COMHD.count"),
        ("neptune", lambda data: data + data, "COMHD"),
        ("neptune", lambda data: data.replace(b"\r\nMTRDT", b"MTRDT", 1), "PRMDT"),
        ("neptune", lambda data: data.replace(b"R. Vega", b"R\xf3 Vega"), "encoding"),
        ("neptune", lambda data: data.replace(b"R. Vega", b"R\x00 Vega"), "encoding"),
        ("itron-c", lambda data: data.replace(b"418.2", b"418.3"), "FTR.sum"),
        ("itron-c", lambda data: data[: data.index(b"FTR")], "FTR"),
        ("itron-c", lambda data: data + data[data.index(b"FTR") :], "FTR"),
        ("itron-c", lambda data: data.replace(b"FHD", b"RDG", 1), "RDG"),
        ("comma", lambda data: data.rstrip(), "row"),
        ("comma", lambda data: data.replace(b"T;", b"T;x", 1), "T.count"),
        ("comma", lambda data: data.replace(b";", b';"', 1), "row"),
        ("comma", lambda data: data.replace(b"\n", b";;;\n", 1), "R"),
    ],
)
def test_a_structure_that_cannot_be_trusted_refuses_the_file(name: str, change: Any, field: str) -> None:
    layout = LAYOUTS[NAMES.index(name)]
    reads = [
        dataclasses.replace(each, kind="actual", stop=dataclasses.replace(each.stop, unit="ccf")) for each in READS
    ] if name == "comma" else READS  # fmt: skip
    with pytest.raises(WrongFormat) as refusal:
        parse_reads(layout, change(write_reads(layout, reads)))
    assert refusal.value.field == field and refusal.value.expected


def test_dos_files_end_with_their_mark_and_blank_lines_are_passed_over() -> None:
    sensus = shipped_layouts()["sensus"]
    data = write_reads(sensus, READS)
    assert parse_reads(sensus, data + b"\r\n\x1a").rows == parse_reads(sensus, data.replace(b"\r\n", b"\n")).rows == 3


def test_a_layout_without_line_ends_is_cut_by_its_length() -> None:
    text = COMMA.replace("delimited", "fixed").replace("utf-8", "ascii").replace("line_end: lf", "line_end: none")
    text = text[: text.index("download:")] + (
        "upload:\n  length: 20\n  defaults: {unit: gal}\n  records:\n    - record: R\n      about: a\n      row: true\n"
        "      fields:\n"
        "        - {field: meter_serial, start: 1, length: 6, about: a}\n"
        "        - {field: read_on, start: 7, length: 6, type: date, format: YYMMDD, about: a}\n"
        "        - {field: reading, start: 13, length: 8, type: number, about: a}\n"
    )
    layout = read_layout(text)
    data = b"W-1   26060200000418W-2   26060200001022"
    assert [read.value for read in parse_reads(layout, data).records] == [Decimal(418), Decimal(1022)]
    with pytest.raises(WrongFormat, match="cut off"):
        parse_reads(layout, data[:-1])


def test_a_download_with_anything_wrong_is_refused() -> None:
    neptune = shipped_layouts()["neptune"]
    data = write_route(neptune, STOPS)
    for old, new in ((b"20260502", b"20260532"), (b"MTRDTW-1", b"MTRDT   "), (b"KGAL", b"ACRE")):
        with pytest.raises(WrongFormat):
            parse_route(neptune, data.replace(old, new))


@pytest.mark.parametrize(
    "changes",
    [
        {"previous_value": Decimal("0.0001")},
        {"previous_value": Decimal(-1)},
        {"multiplier": Decimal("1e9")},
        {"meter_serial": "W" * 40},
        {"meter_serial": ""},
        {"address": "a\nb"},
        {"unit": "acre"},
        {"address": "Peña"},
        {"created_on": dt.date(2026, 6, 1)},
    ],
)
def test_the_writer_refuses_what_could_not_be_read_back(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        write_route(shipped_layouts()["neptune"], [STOPS[0], dataclasses.replace(STOPS[1], **changes)])


def test_a_row_cannot_contradict_what_the_layout_says_of_all() -> None:
    with pytest.raises(ValueError, match="every row of the layout is 'ccf'"):
        write_reads(read_layout(COMMA), READS[:1])


def test_layouts_are_formats_of_their_own() -> None:
    assert read_format("layout-neptune").kind == "reads"
    assert route_format("layout-sensus-route").parse(write_route(shipped_layouts()["sensus"], STOPS))
    with pytest.raises(UnknownFormat):
        route_format("layout-sensus")
