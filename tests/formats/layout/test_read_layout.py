"""A layout that cannot be used says everything that is wrong with it, by path, found and expected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats.layout import LayoutError, formats_of, read_layout, shipped_layouts

GOOD = """
layout: mine
title: Mine
about: an example
upload:
  length: 30
  type: {start: 1, length: 1}
  defaults: {unit: gal}
  records:
    - record: H
      about: head
      times: once
      fields:
        - {type: count, of: [R], start: 2, length: 3, about: rows}
    - record: R
      about: read
      under: H
      row: true
      fields:
        - {field: meter_serial, start: 2, length: 8, about: serial}
        - {field: read_on, start: 10, length: 8, type: date, format: YYYYMMDD, about: day}
        - {field: reading, start: 18, length: 8, type: number, decimals: 1, about: reading}
        - {field: kind, start: 26, length: 1, type: code, codes: {N: actual, Y: estimated}, about: is it an estimate}
"""


def problems(text: str) -> dict[str, str]:
    with pytest.raises(LayoutError) as error:
        read_layout(text)
    assert all(problem.expected and str(problem) in str(error.value) for problem in error.value.problems)
    return {problem.path: problem.found for problem in error.value.problems}


def test_codes_are_words_and_never_truth_values() -> None:
    layout = read_layout(GOOD)
    assert layout.upload is not None
    assert layout.upload.row.fields[-1].codes == (("N", "actual"), ("Y", "estimated"))
    assert [each.name for each in formats_of(layout)] == ["layout-mine"]


def test_every_field_of_the_shipped_layouts_is_documented() -> None:
    for layout in shipped_layouts().values():
        for section in (layout.download, layout.upload):
            assert section is not None
            assert all(field.about for record in section.records for field in record.fields)
        assert "of our own" in layout.about


@pytest.mark.parametrize(
    ("old", "new", "path", "found"),
    [
        ("layout: mine", "layout: My Layout", "layout", "My Layout"),
        ("title: Mine", "titel: Mine", "title", ""),
        ("title: Mine", "title: Mine\ncolour: red", "colour", "a key that is not known"),
        ("about: an example", "about: [a]", "about", "a list"),
        ("about: an example", "about: a\nencoding: ebcdic", "encoding", "ebcdic"),
        ("about: an example", "about: a\nencoding: utf-8", "encoding", "utf-8"),
        ("about: an example", "about: a\nmultiplier_applied: yes", "multiplier_applied", "yes"),
        ("upload:", "uploads:", "upload", ""),
        ("  length: 30\n", "", "upload.records[0].length", ""),
        ("length: 30", "length: 20", "upload.records[1].fields[2].length", "ends at 25"),
        ("  type: {start: 1, length: 1}\n", "", "upload.type", ""),
        ("{unit: gal}", "{unit: acre}", "upload.defaults.unit", "acre"),
        ("{unit: gal}", "{reading: '1'}", "upload.defaults.reading", "1"),
        ("{unit: gal}", "{}", "upload.records", "no unit"),
        ("times: once", "times: twice", "upload.records[0].times", "twice"),
        ("under: H", "under: X", "upload.records[1].under", "X"),
        ("row: true", "row: false", "upload.records", "0 with row: true"),
        ("record: R", "record: H", "upload.records", "H, H"),
        ("of: [R]", "of: [Q]", "upload.records[0].fields", "Q"),
        ("of: [R], ", "", "upload.records[0].fields[0].of", ""),
        ("start: 10", "start: 9", "upload.records[1].fields[1].start", "9"),
        ("start: 10", "start: 0", "upload.records[1].fields[1].start", "0"),
        ("start: 10", "start: x", "upload.records[1].fields[1].start", "x"),
        ("field: read_on", "field: day", "upload.records[1].fields[1].field", "day"),
        (
            "field: read_on",
            "field: meter_serial",
            "upload.records[1].fields",
            "meter_serial, meter_serial, reading, kind",
        ),
        ("format: YYYYMMDD", "format: DDMMYYYY", "upload.records[1].fields[1].format", "DDMMYYYY"),
        ("format: YYYYMMDD", "format: YYMMDD", "upload.records[1].fields[1].length", "8"),
        ("type: number", "type: date, format: YYYYMMDD", "upload.records[1].fields[2].type", "date"),
        ("decimals: 1", "decimals: 9", "upload.records[1].fields[2].decimals", "9"),
        ("Y: estimated", "Y: guessed", "upload.records[1].fields[3].codes.Y", "guessed"),
        ("Y: estimated", "Y: actual", "upload.records[1].fields[3].codes", "actual, actual"),
        ("Y: estimated", "YES: estimated", "upload.records[1].fields[3].codes.YES", "YES"),
        ("codes: {N: actual, Y: estimated}, ", "", "upload.records[1].fields[3].codes", ""),
        (", about: serial", "", "upload.records[1].fields[0].about", ""),
        ("layout: mine", "layout: mine\nlayout: mine", "line 2", "a key twice, or no word"),
        ("layout: mine", "layout: [mine", "line 3", "did not find expected ',' or ']'"),
        ("layout: mine", "layout: &a mine\ntitle2: *a", "line 2", "an alias"),
    ],
)
def test_each_mistake_is_named(old: str, new: str, path: str, found: str) -> None:
    assert old in GOOD
    told = problems(GOOD.replace(old, new, 1))
    assert told.get(path) == found, told


def test_every_problem_is_told_at_once() -> None:
    told = problems(GOOD.replace("title: Mine\n", "").replace("start: 10", "start: 9").replace("unit: gal", "unit: x"))
    assert set(told) == {"title", "upload.records[1].fields[1].start", "upload.defaults.unit"}


def test_a_record_behind_the_rows_stands_below_them_or_at_the_top() -> None:
    field = "{field: note, start: 2, length: 3, about: x}"
    more = f"    - record: X\n      about: x\n      under: H\n      fields: [{field}]\n"
    assert problems(GOOD + more) == {"upload.records[2].under": "H"}


@pytest.mark.parametrize("text", ["", "- a", "a", "\x00", "[" * 9000, "x" * 300_000])
def test_what_is_no_layout_is_refused(text: str) -> None:
    assert problems(text)


@given(st.integers(0, len(GOOD) - 1), st.text(max_size=3))
def test_no_damage_brings_the_reader_down(at: int, patch: str) -> None:
    try:
        read_layout(GOOD[:at] + patch + GOOD[at + 1 :])
    except LayoutError as error:
        assert error.problems
