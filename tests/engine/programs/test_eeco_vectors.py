"""Cost vectors of electric-emission-cost on a published PG&E sheet whose hours begin at half past eight.

The sheet becomes a tariff here, the readings go through calendar, demand and engine. Left out: that tool's own scaling
of part months, its estimates of consumption, and costs already incurred.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.intervals.demand import demand
from meterbook.engine.rates.intervals.facts import by_bill, facts
from meterbook.engine.rates.intervals.readings import readings
from meterbook.engine.rates.tariff import parse_tariff

D = Decimal
DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "eeco"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/eeco is not here")


def _hour(text: str) -> str:
    minutes = int(D(text) * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _when(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Rules of one period."""
    found = []
    for row in rows:
        days = {("0", "4"): ["weekdays"], ("5", "6"): ["weekends", "holidays"]}[
            row["weekday_start"], row["weekday_end"]
        ]
        rule: dict[str, Any] = {"months": list(range(int(row["month_start"]), int(row["month_end"]) + 1)), "days": days}
        if (row["hour_start"], row["hour_end"]) != ("0", "24"):
            rule |= {"from": _hour(row["hour_start"]), "until": _hour(row["hour_end"])}
        found.append(rule)
    return found


def tariff_text() -> str:
    """The sheet's electric energy and demand, and its gas in two tiers, as a document (JSON is YAML)."""
    with (DATA / "data" / "input" / "billing_pge.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    of = {kind: [row for row in rows if (row["utility"], row["type"]) == kind] for kind in
          {(row["utility"], row["type"]) for row in rows}}  # fmt: skip
    prices = sorted({row["charge"] for row in of["electric", "energy"]})
    energy = {f"energy_{at}": [row for row in of["electric", "energy"] if row["charge"] == charge]
              for at, charge in enumerate(prices)}  # fmt: skip
    demands = {name: [row for row in of["electric", "demand"] if row["name"] == name] for name in
               dict.fromkeys(row["name"] for row in of["electric", "demand"])}  # fmt: skip
    base = {"revenue": "4000", "label": {"en": "A", "es": "A"}}
    periods = {name.replace("-", "_"): rules for name, rules in demands.items() if name != "off-peak"}
    off = demands["off-peak"][0]["charge"]
    low, high = (row for row in of["gas", "energy"])
    components = [
        {"id": "energy", "component": "time_of_use", **base,
         "periods": {name: {"price": found[0]["charge"]} for name, found in energy.items()}},
        {"id": "exports", "component": "time_of_use", "flow": "export", **base,
         "periods": {name: {"price": f"-{of['electric', 'export'][0]['charge']}"} for name in energy}},
        {"id": "demand_off_peak", "component": "demand", **base, "quantity": "kw", "price": off, "prorate": False},
        *({"id": f"demand_{name}", "component": "demand", **base, "quantity": f"kw_{name}",
           "price": found[0]["charge"], "prorate": False} for name, found in periods.items()),
        {"id": "gas", "component": "tiered", **base, "quantity": "therms",
         "tiers": [{"up_to": high["basic_charge_limit"], "price": low["charge"]}, {"price": high["charge"]}]},
    ]  # fmt: skip
    version = {
        "version": "1", "effective": "2020-01-01",
        "source": {"utility": "U", "resolution": "R", "section": "S", "url": "none", "adopted": "2020-01-01"},
        "proration": {"normal_days": 30, "tolerance": [1, 31], "usage_decimals": 6, "source": "none"},
        "time_of_use": {"source": "sheet", "periods": {name: {"when": _when(found)} for name, found in energy.items()}},
        "calendars": {"demand": {"source": "sheet", "periods": {
            **{name: {"when": _when(found)} for name, found in periods.items()}, "other": {"otherwise": True}}}},
        "components": components,
    }  # fmt: skip
    both = {"en": "A", "es": "A"}
    return json.dumps({"schedule": "SHEET", "title": both, "commodity": "electricity", "unit": "kWh",
                       "eligibility": both, "versions": [version]})  # fmt: skip


def dollars(first: date, after: date, electric: Sequence[float], gas: Sequence[float],
            export: Sequence[float] = ()) -> dict[str, D]:  # fmt: skip
    """Exact dollars by component of quarter-hours of average kW (or therms an hour)."""
    tariff = parse_tariff(tariff_text(), file="sheet")
    (version,) = tariff.versions
    start = datetime.combine(first, datetime.min.time())
    frame = pl.DataFrame({
        "group": [1] * len(electric),
        "start": [start + timedelta(minutes=15 * at) for at in range(len(electric))],
        "import": [int(D(str(kw)) * 10**6 / 4) for kw in electric],
        "export": [int(D(str(kw)) * 10**6 / 4) for kw in export] or [0] * len(electric),
    })  # fmt: skip
    read = readings(frame, minutes=15)
    known: dict[str, Any] = dict(by_bill(facts(version, read, {1: (first, after)}))[1])
    known["kw"] = D(demand(read, by_period=False)["kw"][0]).scaleb(-6)
    known |= dict.fromkeys((f"kw_{period}" for period in version.calendars["demand"].periods), D(0))
    for _, period, kw, _ in demand(read.placed(version.calendars["demand"])).rows():
        known[f"kw_{period}"] = D(kw).scaleb(-6)
    known["therms"] = D(str(sum(gas))) / 4
    found: dict[str, D] = {component.id: D(0) for component in version.components}
    for line in amounts(tariff, first, after, known):
        found[line[0]] += line[-1] / 100
    return found


def cases(name: str) -> list[Any]:
    """The vectors of one of its tests that need nothing of that tool's own."""
    listed = json.loads((DATA / "eeco_vectors.json").read_text())[name] if DATA.is_dir() else []
    found = []
    for at, case in enumerate(listed):
        incurred = any(float(each["cost"]) for each in (case.get("prev_demand_dict") or {}).values())
        if case["consumption_estimate"] or case.get("scale_factor", 1) != 1 or incurred:
            continue
        found.append(pytest.param(case, id=f"{name}-{at}"))
    return found


def run(case: Mapping[str, Any]) -> dict[str, D]:
    """The dollars of a case."""
    used = case["consumption_data_dict"]
    return dollars(
        date.fromisoformat(case["start_dt"]), date.fromisoformat(case["end_dt"]), used["electric"], used["gas"]
    )


@pytest.mark.parametrize("case", cases("test_calculate_demand_costs"))
def test_demand(case: Mapping[str, Any]) -> None:
    found = run(case)
    total = sum((amount for name, amount in found.items() if name.startswith("demand")), D(0))
    assert (total if case["utility"] == "electric" else D(0)) == D(str(case["expected"]))


@pytest.mark.parametrize("case", cases("test_calculate_energy_costs"))
def test_energy(case: Mapping[str, Any]) -> None:
    found = run(case)
    wanted = [case["utility"]] if isinstance(case["utility"], str) else case["utility"]
    total = sum((found["energy" if utility == "electric" else "gas"] for utility in wanted), D(0))
    expected, _, within = str(case["expected"]).partition(" ± ")
    assert abs(total - D(expected)) <= D(within or "1e-9")


def test_exports() -> None:
    (case,) = json.loads((DATA / "eeco_vectors.json").read_text())["test_calculate_export_revenues"]
    assert set(case["charge_array"]) == {1.0} and case["divisor"] == 4
    found = dollars(date(2024, 7, 10), date(2024, 7, 11), [0] * 96, [0], case["export_data"])
    assert -found["exports"] == D(str(case["expected"]))


def test_enough_vectors_are_compared() -> None:
    assert len(cases("test_calculate_demand_costs")) >= 4
    assert len(cases("test_calculate_energy_costs")) >= 7
