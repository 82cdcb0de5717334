"""Unclaimed property: what is reported adds up in every record and in the summary, or the file is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.formats.contract import WrongFormat
from meterbook.formats.judge import judge
from meterbook.formats.naupa import (
    FORMAT,
    Contact,
    Holder,
    Owner,
    Property,
    Report,
    business_name,
    parse,
    person_name,
    write,
)
from meterbook.formats.naupa.columns import HOLDER, PROPADD, PROPERTY, SUMINFO

DAY = dt.date(2022, 3, 1)
CITY = Holder(
    "946000123", "CITY OF ALDER BEND", "ALDER BEND", "ALDER", "CA",
    Contact("MARTA REYES", ("100 MAIN STREET",), "ALDER BEND", "CA", "95000", "5305550100", "money@alder.example"),
    2026,
)  # fmt: skip
ANA = Property(
    Owner("BROOK", "ANA", lines=("12 ELM STREET",), city="ALDER BEND", state="CA", zip="95000"), "UT01", 12_500, DAY,
    account="100245", description="WATER DEPOSIT",
)  # fmt: skip
OBI = Property(Owner("OBI", "CHIDI"), "UT03", 2_200, DAY, check="1042", others=(Owner("OBI", "NGOZI"),))
NAMES = st.text(string.ascii_uppercase + "0123456789 &", min_size=1, max_size=30).map(person_name).filter(bool)
OWNERS = st.builds(
    Owner, last=NAMES, first=NAMES, is_business=st.booleans(),
    born_on=st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2020, 1, 1)), zip=st.sampled_from(["", "95000"]),
    lines=st.lists(NAMES, max_size=3).map(tuple),
)  # fmt: skip
PROPERTIES = st.builds(
    Property, owner=OWNERS, property_type=st.sampled_from(["UT01", "UT03", "MS09"]),
    reported_cents=st.integers(0, 9_999_999_999), last_on=st.dates(dt.date(1990, 1, 1), dt.date(2026, 1, 1)),
    account=st.integers(0, 10**12).map(str), others=st.lists(OWNERS, max_size=2).map(tuple),
)  # fmt: skip


def report(*properties: Property) -> Report:
    return Report(CITY, properties, creator="ALDER BEND")


def unnumbered(found: Report) -> Report:
    return dataclasses.replace(found, properties=tuple(dataclasses.replace(each, line=0) for each in found.properties))


@given(st.lists(PROPERTIES, max_size=6))
@settings(max_examples=80, deadline=None)
def test_what_is_written_is_read_back(properties: list[Property]) -> None:
    whole = report(*properties)
    data = write(whole)
    assert {len(line) for line in data.decode().split("\r\n")[:-1]} == {625}
    assert unnumbered(parse(data)) == whole
    assert judge(FORMAT, data).valid


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_a_digit_changed_in_any_amount_or_total_is_found(data: st.DataObject) -> None:
    """Of every property and of the summary: reported, deduction, advertised, remitted, and the counts."""
    lines = write(report(ANA, OBI)).decode().split("\r\n")
    at = data.draw(st.sampled_from([1, 2, 4]))
    shape = SUMINFO if at == 4 else PROPERTY
    names = ["reported", "deduction", "advertised", "remitted"] + (["records", "properties"] if at == 4 else [])
    column = shape.columns[data.draw(st.sampled_from(names))]
    place = data.draw(st.integers(column.first - 1, column.last - 1))
    other = data.draw(st.sampled_from([each for each in "0123456789" if each != lines[at][place]]))
    lines[at] = lines[at][:place] + other + lines[at][place + 1 :]
    with pytest.raises(WrongFormat):
        parse("\r\n".join(lines).encode())


def test_the_columns_are_those_declared_by_the_public_layout() -> None:
    """First and last column of fields all along each record: a shifted width would move them."""
    assert [(HOLDER.columns[name].first, HOLDER.columns[name].last) for name in (
        "tax_id", "year", "report_format", "name", "state", "contact_name", "contact_email", "second_name", "naics",
    )] == [
        (2, 10), (15, 18), (22, 22), (37, 76), (127, 128), (129, 168), (317, 366), (367, 406), (615, 620),
    ]  # fmt: skip
    assert [(PROPERTY.columns[name].first, PROPERTY.columns[name].last) for name in (
        "sequence", "last", "line1", "zip", "tax_id", "last_on", "property_type", "reported", "remitted", "stock_cusip",
        "account", "check", "description", "relationship", "ownership",
    )] == [
        (2, 7), (10, 49), (116, 145), (258, 266), (270, 278), (297, 304), (305, 308), (309, 318), (365, 374),
        (408, 416), (511, 530), (531, 550), (551, 600), (601, 602), (603, 604),
    ]  # fmt: skip
    assert [(SUMINFO.columns[name].first, SUMINFO.columns[name].last) for name in (
        "records", "properties", "reported", "remitted", "shares", "negative", "creator_contact",
    )] == [(2, 7), (8, 13), (14, 25), (74, 85), (86, 99), (142, 142), (183, 252)]  # fmt: skip
    assert PROPADD.columns["born_on"].last == 288


def test_numbers_are_zero_filled_with_implied_decimals_and_records_end_with_cr_lf() -> None:
    data = write(report(dataclasses.replace(ANA, reported_cents=25_373)))
    lines = data.split(b"\r\n")
    assert lines[1][308:318] == b"0000025373"
    assert lines[2][:25] == b"9000003000001000000025373"
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_a_year_with_nothing_to_report_is_a_negative_report() -> None:
    data = write(report())
    assert data.split(b"\r\n")[1][141:142] == b"Y"
    assert (len(parse(data)), parse(data).remitted_cents) == (0, 0)


def test_a_deduction_is_withheld_from_what_is_remitted() -> None:
    found = parse(write(report(dataclasses.replace(ANA, deduction_cents=500, deduction_type="SC"))))
    assert (found.reported_cents, found.deduction_cents, found.remitted_cents) == (12_500, 500, 12_000)
    with pytest.raises(ValueError, match="deduction"):
        write(report(dataclasses.replace(ANA, deduction_cents=500)))


def test_names_are_made_as_the_standard_wants_them_and_others_refused() -> None:
    assert business_name("The St. Mary's Home & School") == "ST MARYS HOME & SCHOOL THE"
    assert person_name("  Ñuñez-O’Neil, Jr. ") == "NUNEZ ONEIL JR"
    for wrong in ("O'BRIEN", "Brook", "SMITH-JONES", "ACME, INC"):
        with pytest.raises(ValueError, match="punctuation"):
            write(report(dataclasses.replace(ANA, owner=Owner(wrong))))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"property_type": "DEPOSIT"}, "property type"),
        ({"property_type": "D1"}, "property_type"),
        ({"reported_cents": 10**10}, "reported"),
        ({"reported_cents": -1}, "reported"),
        ({"deduction_cents": 20_000, "deduction_type": "SC"}, "is not for"),
        ({"description": "X" * 51}, "description"),
        ({"account": "9" * 21}, "account"),
        ({"owner": Owner("BROOK", lines=("A", "B", "C", "D"))}, "three fit"),
        ({"owner": Owner("")}, "mandatory"),
    ],
)
def test_what_a_state_would_refuse_is_not_written(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        write(report(dataclasses.replace(ANA, **change)))  # type: ignore[arg-type]


def test_a_file_without_one_of_its_records_is_refused() -> None:
    lines = write(report(ANA, OBI)).splitlines(keepends=True)
    for gone in range(len(lines)):
        with pytest.raises(WrongFormat):
            parse(b"".join(lines[:gone] + lines[gone + 1 :]))


@pytest.mark.parametrize(
    ("old", "new", "field", "line"),
    [
        (b"UT01", b"UT1 ", "property_type", 2),
        (b"20220301", b"20220231", "last_on", 2),
        (b"20220301", b"00000000", "last_on", 2),
        (b"BROOK", b"BR.OK", "last", 2),
        (b"\r\n2000001", b"\r\n2000002", "sequence", 2),
        (b"\r\n3000002", b"\r\n3000001", "sequence", 4),
        (b"\r\n2000001", b"\r\n4000001", "TR-CODE", 2),
        (b"ANA ", b"ANA", "record", 2),
        (b"946000123", b"94600012X", "tax_id", 1),
        (b"ANA ", "AN\u00c1 ".encode("latin-1"), "characters", 2),
    ],
)  # fmt: skip
def test_what_is_touched_is_named_by_line_and_field(old: bytes, new: bytes, field: str, line: int) -> None:
    data = write(report(ANA, OBI))
    assert old in data
    with pytest.raises(WrongFormat) as refusal:
        parse(data.replace(old, new, 1))
    assert (refusal.value.field, refusal.value.line) == (field, line)
