"""Reading URDB records: versions 3 to 8, what is refused with its path, and what is said to be lacking."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from meterbook.formats import urdb
from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb.exact_json import json_text, read_json
from meterbook.formats.urdb.read import parse, parse_one

D = Decimal
SAMPLES = Path(urdb.__path__[0]) / "samples"
FLAT = [[0] * 24 for _ in range(12)]
RECORDS = Path(__file__).resolve().parents[4] / "shared" / "data" / "urdb"
with_records = pytest.mark.skipif(not RECORDS.is_dir(), reason="../shared/data/urdb is not here")


def record(**fields: Any) -> bytes:
    """A small record with the given fields; ``None`` takes a field out."""
    whole = {"energyratestructure": [[{"rate": 0.1}]], "energyweekdayschedule": FLAT, "energyweekendschedule": FLAT}
    return json.dumps({key: value for key, value in (whole | fields).items() if value is not None}).encode()


def test_a_record_is_read_exactly() -> None:
    rate = parse_one((SAMPLES / "good-tiered-time-of-use.json").read_bytes())
    assert [[tier.price for tier in period] for period in rate.energy.tiers] == [
        [D("0.115"), D("0.145")],
        [D("0.245"), D("0.295")],
    ]
    assert rate.energy.tiers[0][0].up_to == 500 and rate.energy.tiers[0][1].up_to is None
    assert rate.energy.tiers[1][0].sell == D("0.09")
    assert (rate.energy.weekday[3][15:21], rate.energy.weekend[3][16]) == ((0, 1, 1, 1, 1, 1), 0)
    assert (rate.effective, rate.metering) == (date(2024, 1, 1), "nem-kwh")
    assert [str(note) for note in rate.notes] == ["alderbend_note: is not a field of the database; kept, not priced"]
    assert rate.lacks == ()


def test_the_answer_of_the_api_and_old_spellings_are_read() -> None:
    rate = parse_one((SAMPLES / "good-demand-api-answer.json").read_bytes())
    assert rate.effective == date(2024, 1, 1)
    assert rate.flat_demand is not None and rate.flat_demand.months[4:9] == (0, 1, 1, 1, 1)
    assert rate.lookback is not None and (rate.lookback.percent, rate.lookback.range) == (D("0.5"), 11)
    assert rate.fixed[0].dollars == 120 and rate.minimums[0].unit == "$/year"
    assert (rate.demand_window, rate.reactive, rate.fuel[0]) == (15, D("0.3"), D("0.01"))


def test_a_huge_or_zero_bound_of_the_last_tier_is_no_bound() -> None:
    for bound in (1e38, 10**38, 0):
        assert parse_one(record(energyratestructure=[[{"rate": 1, "max": bound}]])).energy.tiers[0][0].up_to is None
    rate = parse_one(record(energyratestructure=[[{"rate": 1, "max": 700}]]))
    assert "energyratestructure[0][0].max: the last tier ends at 700" in str(rate.notes[0])


def test_months_looked_back_to_are_flags_or_numbers() -> None:
    flat = {"flatdemandstructure": [[{"rate": 5}]], "flatdemandmonths": [0] * 12, "lookbackpercent": 75}
    for months in ([1, 0, 0, 1] + [0] * 7 + [1], [1, 4, 12], [True, False, False, True] + [False] * 7 + [True]):
        lookback = parse_one(record(lookbackmonths=months, **flat)).lookback
        assert lookback is not None and (lookback.percent, lookback.months) == (D("0.75"), (1, 4, 12))


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"energyratestructure": "none"}, "energyratestructure", "not a list"),
        ({"energyratestructure": [[{"rate": "dear"}]]}, "energyratestructure[0][0].rate", "expected a number"),
        ({"energyratestructure": [["0.1"]]}, "energyratestructure[0][0]", "not a tier"),
        ({"energyratestructure": [[{"rate": True}]]}, "energyratestructure[0][0].rate", "expected a number"),
        ({"energyweekdayschedule": FLAT[:11]}, "energyweekdayschedule", "found 11 rows, expected 12 rows of 24"),
        ({"energyweekendschedule": [[0] * 23, *FLAT[1:]]}, "energyweekendschedule[0]", "expected 24 period numbers"),
        ({"energyweekendschedule": [[7] * 24, *FLAT[1:]]}, "energyweekendschedule[0][0]", "whole number from 0 to 0"),
        ({"fixedchargefirstmeter": 5, "fixedchargeunits": "$/week"}, "fixedchargeunits", "one of $/month, $/day"),
        ({"flatdemandstructure": [[{"rate": 1}]], "flatdemandmonths": [0] * 11}, "flatdemandmonths", "twelve"),
        ({"lookbackpercent": -1}, "lookbackpercent", "a share from 0 to 1"),
        ({"startdate": "soon"}, "startdate", "YYYY-MM-DD"),
        ({"demandwindow": 0}, "demandwindow", "from 1 to 1440"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_path(fields: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(WrongFormat) as refusal:
        parse(record(**fields))
    assert refusal.value.field == field and said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_broken_json_names_line_and_column() -> None:
    with pytest.raises(WrongFormat, match=r"line 2, column 18: broken JSON .invalid control character.; found"):
        parse((SAMPLES / "refused-broken.json").read_bytes())
    with pytest.raises(WrongFormat, match=r"items\[1\]\.energyratestructure: no energy prices"):
        parse(b'{"items": [' + record() + b', {"name": "x"}]}')
    with pytest.raises(WrongFormat, match="NaN"):
        parse(b'{"energyratestructure": [[{"rate": NaN}]]}')


def test_what_is_lacking_is_said_by_path() -> None:
    rate = parse_one(
        record(
            energyratestructure=[[{"rate": 1}], [{"rate": 2}]],
            energyweekendschedule=None,
            flatdemandstructure=[[{"rate": 5}]],
            coincidentratestructure=[[{"rate": 1}]],
        )
    )
    assert [lack.path for lack in rate.lacks] == ["energyweekendschedule", "flatdemandmonths"]
    assert "coincidentratestructure: when the system peaks is not in the record" in str(rate.notes[-1])


def test_ends_in_several_units_are_understood_as_blocks_of_hours_use_alone() -> None:
    steps = [{"rate": 1, "max": 100, "unit": "kWh/kW"}, {"rate": 2, "max": 500, "unit": "kWh"}, {"rate": 3}]
    assert parse_one(record(energyratestructure=[steps])).lacks == ()
    (lack,) = parse_one(record(energyratestructure=[[steps[1], steps[0], steps[2]]])).lacks
    assert (lack.path, "blocks of kWh/kW" in lack.words) == ("energyratestructure", True)


def test_json_keeps_every_digit() -> None:
    text = '{"a": 0.10, "b": [1E+38, 12345678901234567890, 1E-7], "c": {"d": null, "e": true}, "f": "\u00e9"}'
    assert json_text(read_json(text.encode())) == text.replace("\\u00e9", "é")


@with_records
def test_of_the_public_records_nearly_all_lack_nothing() -> None:
    files = sorted(RECORDS.glob("*.json"))
    lacking = {}
    for file in files:
        rate = parse_one(file.read_bytes())
        if rate.lacks:
            lacking[file.name] = [str(lack) for lack in rate.lacks]
    assert len(files) >= 149
    assert len(lacking) <= len(files) * 5 // 100, lacking
    assert all(": " in words for found in lacking.values() for words in found)
