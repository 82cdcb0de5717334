"""Positive pay: what the bank is told is what was written, and a layout that cannot work is refused by name."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.formats.contract import WrongFormat
from meterbook.formats.positive_pay import (
    IssuedCheck,
    LayoutError,
    PayLayout,
    parse,
    read_layout,
    shipped_layouts,
    totals,
    write,
)

DAY = dt.date(2026, 6, 15)
ANA = IssuedCheck("1042", "700300", 2_200, DAY, "ANA BROOK")
BEN = IssuedCheck("1041", "700300", 950, DAY, "BEN CASTILLO", "void", voided_on=DAY)
LAYOUTS = shipped_layouts()
layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
OWN = """
name: own
title: our bank
shape: fixed
width: 60
dates: YYMMDD
amount: decimal
kinds: {issued: I, void: V, cancelled: X}
fields:
  - {field: kind, columns: 1-1}
  - {field: account, columns: 2-13, digits: true}
  - {field: number, columns: 14-23, digits: true}
  - {field: amount, columns: 24-35}
  - {field: issued_on, columns: 36-41}
  - {field: voided_on, columns: 42-47}
  - {field: payee, columns: 48-60}
"""
CHECKS = st.lists(
    st.builds(
        IssuedCheck,
        number=st.integers(1, 999_999_999).map(str),
        account=st.integers(1, 99_999_999_999).map(str),
        amount_cents=st.integers(1, 9_999_999_999),
        issued_on=st.dates(dt.date(2000, 1, 1), dt.date(2026, 12, 31)),
        payee=st.text("ABCDEFGHIJKL .&-", max_size=30).map(lambda each: " ".join(each.split())),
        kind=st.sampled_from(["issued", "void"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda each: each.number,
).map(
    lambda checks: [
        dataclasses.replace(each, voided_on=None if each.kind == "issued" else each.issued_on + dt.timedelta(3))
        for each in checks
    ]
)


@layouts
@given(checks=CHECKS)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(layout: PayLayout, checks: list[IssuedCheck]) -> None:
    dated = any(each.name == "voided_on" for each in layout.fields)
    read = parse(layout, write(layout, checks))
    assert [dataclasses.replace(each, line=0) for each in read] == [
        each if dated else dataclasses.replace(each, voided_on=None) for each in checks
    ]
    assert totals(read) == totals(checks)


def test_a_layout_of_ones_own_tells_void_from_cancelled() -> None:
    layout = read_layout(OWN)
    checks = [ANA, BEN, dataclasses.replace(BEN, kind="cancelled", number="1040")]
    read = parse(layout, write(layout, checks))
    assert [each.kind for each in read] == ["issued", "void", "cancelled"]
    assert totals(read) == {"issued": (1, 2_200), "void": (1, 950), "cancelled": (1, 950)}


def test_records_stand_as_the_banks_publish_them() -> None:
    """The published examples: 00056789 is 567.89; $1.00 is 0000000100; V in 71 with its date in 72 to 79."""
    dear = dataclasses.replace(ANA, amount_cents=56_789)
    ascender = write(LAYOUTS["ascender"], [dear, BEN]).decode().split("\r\n")
    assert (len(ascender[0]), ascender[0][25:37], ascender[0][37:45]) == (100, "000000056789", "20260615")
    assert (ascender[0][12], ascender[1][12]) == (" ", "2")
    first = write(LAYOUTS["first-american"], [dataclasses.replace(ANA, amount_cents=100), BEN]).decode().split("\r\n")
    assert (len(first[0]), first[0][29:39], first[1][70:79]) == (79, "0000000100", "V06152026")
    assert write(LAYOUTS["chase"], [BEN]) == b"C,700300,1041,061526,9.50,BEN CASTILLO\r\n"


@layouts
def test_a_check_named_twice_is_refused_both_ways(layout: PayLayout) -> None:
    once = write(layout, [ANA])
    with pytest.raises(WrongFormat, match="named twice"):
        parse(layout, once + once)
    with pytest.raises(ValueError, match="named twice"):
        write(layout, [ANA, ANA])


@layouts
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"amount_cents": 0}, "more than 0"),
        ({"number": "10 42"}, "number"),
        ({"number": "0042"}, "leading zeros"),
        ({"number": "1" * 11}, "does not fit"),
        ({"account": "12X"}, "account"),
        ({"kind": "void"}, "voided on None"),
        ({"kind": "void", "voided_on": dt.date(2026, 6, 1)}, "voided on 2026-06-01"),
        ({"amount_cents": 10**15}, "does not fit"),
    ],
)
def test_what_the_bank_would_refuse_is_not_written(layout: PayLayout, change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        write(layout, [dataclasses.replace(ANA, **change)])  # type: ignore[arg-type]


@layouts
def test_names_are_made_to_fit(layout: PayLayout) -> None:
    read = parse(layout, write(layout, [dataclasses.replace(ANA, payee="José Ñandú, " + "x" * 90)]))
    assert read[0].payee.startswith("Jose Nandu")
    assert len(read[0].payee) <= 54


@pytest.mark.parametrize(
    ("data", "field", "line"),
    [
        (b"", "file", 0),
        (b"I,700300,1042,061526,22.00\r\n", "record", 1),
        (b"I,700300,1042,061526,22.00,ANA\r\nS,700300,1043,061526,22.00,BEN\r\n", "kind", 2),
        (b"I,700300,1042,131526,22.00,ANA\r\n", "issued_on", 1),
        (b"I,700300,1042,061526,22,ANA\r\n", "amount", 1),
        (b"I,700300,1042,061526,0.00,ANA\r\n", "amount", 1),
        (b"I,700300,,061526,22.00,ANA\r\n", "number", 1),
        (b"I,700300,1042,061526,22.00," + b"A" * 41 + b"\r\n", "payee", 1),
        ("I,700300,1042,061526,22.00,José\r\n".encode(), "characters", 1),
    ],
)
def test_what_cannot_be_read_is_refused_by_line_and_field(data: bytes, field: str, line: int) -> None:
    with pytest.raises(WrongFormat) as refusal:
        parse(LAYOUTS["chase"], data)
    assert (refusal.value.field, refusal.value.line) == (field, line)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("columns: 2-13", "columns: 1-13", "overlap"),
        ("columns: 48-60", "columns: 48-61", "exceed 60"),
        ("columns: 36-41", "columns: 36-40", "for a date 6"),
        ("columns: 36-41", "columns: 41-36", "such as 1-12"),
        ("field: payee", "field: payer", "payer"),
        ("  - {field: number, columns: 14-23, digits: true}\n", "", "number"),
        ("issued: I, void: V", "issued: V, void: V", "issued unlike"),
        ("shape: fixed", "shape: xml", "fixed or delimited"),
        ("dates: YYMMDD", "dates: DDMMYY", "MMDDYY"),
        ("name: own", "nom: own", "keys"),
        ("name: own", "name:", "a name and a title"),
        ("kinds: {", "kinds: {{", "not YAML"),
    ],
)
def test_a_layout_that_cannot_work_is_refused_by_name(old: str, new: str, says: str) -> None:
    assert old in OWN
    with pytest.raises(LayoutError, match=says):
        read_layout(OWN.replace(old, new, 1))
