"""Published figures of other calculators: REopt's ratchets and tiers, OpenStudio-HPXML's annual bills within $1."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from meterbook.engine.programs.net_metering import Rule
from meterbook.engine.programs.net_metering.year import months
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.formats.urdb import Conventions, parse_one, tariff_text
from meterbook.formats.urdb.native import column_of

D = Decimal
DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
REOPT = DATA / "reopt" / "vectors.json"
OPENSTUDIO = DATA / "oshpxml"
with_reopt = pytest.mark.skipif(not REOPT.is_file(), reason="../shared/data/reopt is not here")
with_openstudio = pytest.mark.skipif(not OPENSTUDIO.is_dir(), reason="../shared/data/oshpxml is not here")
START = datetime.fromisoformat("2018-01-01T00:00")
FLAT = [[0] * 24] * 12


def annual(
    record: dict[str, Any],
    used: list[D],
    fed_in: list[D] | None = None,
    *,
    metering: str = "",
    sell_rate: D | None = None,
) -> dict[str, D]:
    """Dollars of a year of hours by column; ``used`` and ``fed_in`` in kWh."""
    conventions = Conventions(
        metering=metering,  # type: ignore[arg-type]
        sell_rate=sell_rate,
        effective=date(2018, 1, 1),
        even_days=True,
        unrounded=True,
    )
    tariff = parse_tariff(tariff_text(parse_one(json.dumps(record).encode()), conventions), file="record")
    frame = pl.DataFrame(
        {
            "start": [START + timedelta(hours=hour) for hour in range(len(used))],
            "import": [int(kwh.scaleb(9)) for kwh in used],
            "export": [int(kwh.scaleb(9)) for kwh in fed_in or [D(0)] * len(used)],
        }
    )
    rule = Rule(metering, surplus_rate=sell_rate or D(0)) if metering else None  # type: ignore[arg-type]
    found: dict[str, D] = {}
    for bill in months(tariff, frame, minutes=60, rule=rule):
        for component, dollars in bill.dollars.items():
            found[column_of(component)] = found.get(column_of(component), D(0)) + dollars
    return found


def vector(name: str) -> dict[str, Any]:
    """One of REopt's vectors."""
    return next(each for each in json.loads(REOPT.read_text(), parse_float=str) if each["name"] == name)


def record(**fields: Any) -> dict[str, Any]:
    """A record of one free energy period with other fields."""
    free = {"energyratestructure": [[{"rate": 0}]], "energyweekdayschedule": FLAT, "energyweekendschedule": FLAT}
    return free | fields


def first_hours(kwh: list[int], otherwise: int = 0) -> list[D]:
    """A year whose months begin with an hour of the given kWh."""
    year = [D(otherwise)] * 8760
    for month, amount in enumerate(kwh, 1):
        year[(date(2018, month, 1) - date(2018, 1, 1)).days * 24] = D(amount)
    return year


@with_reopt
def test_reopt_tiered_energy() -> None:
    case = vector("tiered_energy")
    found = annual(record(energyratestructure=case["energyratestructure"]), first_hours([2000] * 12))
    assert found["energy"] == D(case["expected_energy_year"])


@with_reopt
def test_reopt_ratchet_over_the_whole_year() -> None:
    case = vector("lookback_35pct")
    rates = [[{"rate": case["flat_rates"]["cold6"]}], [{"rate": case["flat_rates"]["warm6"]}]]
    months_of = [0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    load = [D(1)] * 8760
    load[7] = D(100)
    found = annual(
        record(flatdemandstructure=rates, flatdemandmonths=months_of, lookbackpercent=case["ratchet_percent"]), load
    )
    assert found["demand_flat"] == D(case["expected_demand_year"])


@with_reopt
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("lookback_months", {"lookbackmonths": [1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]}),
        ("lookback_range_6", {"lookbackrange": 6}),
    ],
)
def test_reopt_lookback(name: str, fields: dict[str, Any]) -> None:
    case = vector(name)
    load = first_hours([200, 100, 100, 400, 100, 500, 100, 100, 100, 100, 100, 300], otherwise=100)
    flat = {"flatdemandstructure": [[{"rate": rate}] for rate in case["rates"]], "flatdemandmonths": list(range(12))}
    found = annual(record(lookbackpercent=case["lookback_percent"], **flat, **fields), load)
    assert found["demand_flat"] == D(case["expected_demand_year"])


def hours(column: str) -> list[D]:
    """A column of OpenStudio's year."""
    with (OPENSTUDIO / "data.csv").open(encoding="utf-8-sig") as stream:
        return [D(row[f"{column} [kWh]"]) for row in csv.DictReader(stream)]


#: Tests of flat, tiered and time-of-use rates; tiered time of use is a convention of that tool alone. Compared are the
#: ones that price the year as one of the five options does: no generation, generation that never exceeds a month's use,
#: everything sold, and surplus at the retail price (OpenStudio settles the year's total, not its months).
RATES = (("flat", "Sample Flat Rate"), ("tiered", "Sample Tiered Rate"), ("tou", "Sample Time-of-Use Rate"))
CASES = [
    (name, tariff, size, option, sell)
    for name, tariff in (
        ("flat", "Sample Flat Rate"),
        ("tiered", "Sample Tiered Rate"),
        ("tou", "Sample Time-of-Use Rate"),
    )
    for size, option, sell in (
        ("none", "", None),
        ("1kW_net_metering_user_excess_rate", "nem-kwh", "0.03"),
        ("1kW_feed_in_tariff", "buy-all", "0.12"),
        ("10kW_feed_in_tariff", "buy-all", "0.12"),
        ("10kW_net_metering_retail_excess_rate", "nem-dollar", "retail"),
    )
    if (name, sell) != ("tiered", "retail")
]


@with_openstudio
@pytest.mark.parametrize(("name", "tariff", "case", "metering", "sell"), CASES)
def test_openstudio_annual_bills(name: str, tariff: str, case: str, metering: str, sell: str | None) -> None:
    tests = json.loads((OPENSTUDIO / "oshpxml_expected.json").read_text())
    expected = next(each for each in tests if each["test"] == f"test_detailed_{name}_pv_{case}")["expected"]
    rate = json.loads((OPENSTUDIO / f"{tariff}.json").read_text())
    (one,) = rate.get("items", [rate])
    if sell == "retail":
        for period in one["energyratestructure"]:
            for tier in period:
                tier["sell"] = tier["rate"] + tier.get("adj", 0)
        sell = None
    used, size = hours("Electricity"), case.split("_")[0]
    made = None if size == "none" else [max(kwh, D(0)) for kwh in hours(f"PV_{size}")]
    found = annual(one, used, made, metering=metering, sell_rate=None if sell is None else D(sell))
    whole = annual(one, used)
    assert abs(found["fixed"] - D(str(expected["Test: Electricity: Fixed (USD)"]))) <= 1
    assert abs(whole["energy"] - D(str(expected["Test: Electricity: Energy (USD)"]))) <= 1
    credit = sum(found.values()) - sum(whole.values())
    assert abs(credit - D(str(expected["Test: Electricity: PV Credit (USD)"]))) <= 1


@with_openstudio
def test_openstudio_fixed_charge_by_the_day() -> None:
    rate = json.loads((OPENSTUDIO / "Sample Flat Rate Fixed Daily Charge.json").read_text())
    (one,) = rate.get("items", [rate])
    assert abs(annual(one, hours("Electricity"))["fixed"] - D("91.25")) < D("0.01")
