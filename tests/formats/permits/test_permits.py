"""Permits: the CSV and the API's answer say the same; what is wrong is named by line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

import meterbook.formats.permits as permits
from meterbook.formats.contract import WrongFormat
from meterbook.formats.permits.write import write_csv

SAMPLES = Path(permits.__file__).parent / "samples"


def test_both_ways_bring_the_same_permit() -> None:
    csv = permits.parse_csv((SAMPLES / "permits-csv" / "good-three.csv").read_bytes()).records[0]
    answer = (SAMPLES / "permits-accela" / "good-two.json").read_bytes()
    api = permits.parse_accela(answer).records[0]
    names = ("number", "kind", "issued_on", "parcel", "street_number", "street", "city", "applicant", "phone", "owner")
    assert [getattr(csv, name) for name in names] == [getattr(api, name) for name in names]
    assert api.meters == (("water", "3/4", 1), ("sewer", "", 1), ("electricity", "200A", 1))
    assert not permits.has_more(answer)


def test_what_is_written_is_read_back() -> None:
    read = permits.parse_csv((SAMPLES / "permits-csv" / "good-three.csv").read_bytes()).records
    again = permits.parse_csv(write_csv(read)).records
    assert [one.said for one in again] == [one.said for one in read]


def test_the_other_permits_of_a_file_load_beside_a_bad_one() -> None:
    parsed = permits.parse_csv((SAMPLES / "permits-csv" / "problems-meters.csv").read_bytes())
    assert [one.number for one in parsed.records] == ["BLD26-00416"]
    assert [(one.line, one.field) for one in parsed.problems] == [(2, "meters"), (4, "permit")]


def test_a_permit_twice_in_a_file_is_one_and_a_problem() -> None:
    text = b"permit,issued,street_number,street\nB1,2026-09-01,9,Mill\nB1,2026-09-01,9,Mill\n"
    parsed = permits.parse_csv(text)
    assert len(parsed) == 1 and "line 2" in parsed.problems[0].expected


def test_an_answer_that_failed_is_refused_in_its_own_words() -> None:
    with pytest.raises(WrongFormat, match="Token is required"):
        permits.parse_accela((SAMPLES / "permits-accela" / "refused-status.json").read_bytes())
