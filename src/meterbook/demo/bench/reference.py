"""NREL-PySAM's Utilityrate5 on the same machine: monthly bills of a fixed charge, tiers and riders, hour by hour.

It knows no taxes, proration or rounding to the cent, so it bills what is comparable: the charges named here. It takes
8,760 hourly loads of one customer and gives twelve bills.
"""

from __future__ import annotations

import calendar
import importlib.util
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.price import price
from meterbook.engine.rates.study.always import as_always
from meterbook.engine.rates.tariff import Tariff

#: The year that is billed. Its days fall as in PySAM, where 1 January is a Monday, so no month differs in length.
YEAR = 2025
#: The charges both can bill, and how far apart they may be: half a cent for each of our printed lines.
FIXED, TIERED, RIDERS = "customer", "energy", ("transmission", "public_benefits")
_HALF_A_CENT = 0.005
_DOUBLE = 1e-6


class NoReference(ImportError):
    """PySAM is not installed (it is among the test requirements)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What PySAM did: bills, seconds in its calculator, and how many bills differ by more than rounding."""

    bills: int
    seconds: float
    mismatches: int


def _number(amount: Formula) -> float:
    """A number of the tariff as PySAM takes it; this tariff has no formulas."""
    if amount.constant is None:
        raise ValueError("PySAM can bill numbers only")
    return float(amount.constant)


def _model(tariff: Tariff) -> Any:
    """PySAM's calculator with the comparable charges of the tariff."""
    if importlib.util.find_spec("PySAM") is None:
        raise NoReference("NREL-PySAM is not installed: pip install -r requirements/test.txt")
    from PySAM import Utilityrate5

    version = tariff.versions[-1]
    fixed, energy = (version.component(name).settings for name in (FIXED, TIERED))
    riders = [version.component(name).settings for name in RIDERS]
    rider = sum((_number(one.prices[0].price) for one in riders), start=0.0)  # type: ignore[attr-defined]
    model = Utilityrate5.new()
    model.Lifetime.analysis_period, model.Lifetime.inflation_rate = 1, 0
    model.Lifetime.system_use_lifetime_output = 0
    model.SystemOutput.gen, model.SystemOutput.degradation = [0.0] * 8760, [0.0]
    rates = model.ElectricityRates
    rates.en_electricity_rates, rates.rate_escalation, rates.ur_metering_option = 1, [0.0], 4
    rates.ur_monthly_fixed_charge = _number(fixed.price)  # type: ignore[attr-defined]
    rates.ur_monthly_min_charge = rates.ur_annual_min_charge = rates.ur_nm_yearend_sell_rate = 0
    rates.ur_ec_sched_weekday = rates.ur_ec_sched_weekend = [[1] * 24] * 12
    rates.ur_ec_tou_mat = [
        [1, at, 1e38 if tier.up_to is None else _number(tier.up_to), 0, _number(tier.price) + rider, 0]
        for at, tier in enumerate(energy.tiers, start=1)  # type: ignore[attr-defined]
    ]
    rates.ur_dc_enable = rates.ur_en_ts_sell_rate = rates.ur_en_ts_buy_rate = 0
    return model


def _hourly(monthly: Sequence[int]) -> list[float]:
    """A year's hourly loads that come to these kWh a month."""
    hours = [calendar.monthrange(YEAR, month)[1] * 24 for month in range(1, 13)]
    return [used / count for used, count in zip(monthly, hours, strict=True) for _ in range(count)]


def _ours(tariff: Tariff, years: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Cents and lines of the comparable charges of every bill, customer by customer, month by month."""
    firsts = [date(YEAR, month, 1) for month in range(1, 13)] + [date(YEAR + 1, 1, 1)]
    used = [kwh * 10**6 for year in years for kwh in year]
    frame = pl.DataFrame(
        {
            "row": pl.Series(range(len(used)), dtype=pl.Int64),
            "starts": pl.Series(firsts[:-1] * len(years), dtype=pl.Date),
            "ends": pl.Series(firsts[1:] * len(years), dtype=pl.Date),
            "det.usage": pl.Series(used, dtype=pl.Int64),
            "det.export": pl.Series([None] * len(used), dtype=pl.Int64),
            "det.low_income": pl.Series(["no"] * len(used), dtype=pl.String),
        }
    )
    lines = price(as_always(tariff), frame).filter(pl.col("component").is_in([FIXED, TIERED, *RIDERS]))
    sums = lines.group_by("row").agg(pl.col("amount").sum(), pl.len()).sort("row")
    return list(sums.select("amount", "len").iter_rows())


def measure_reference(
    tariff: Tariff, years: Sequence[Sequence[int]], *, ours: Tariff | None = None, passes: int = 1
) -> Reference:
    """Bill ``years`` (kWh of twelve months a customer) by PySAM and compare with our bills. Raises `NoReference`.

    ``ours`` is the tariff our bills are priced by, if not the same. Every customer is billed ``passes`` times, of which
    the fastest counts.
    """
    model = _model(tariff)
    billed = iter(_ours(ours or tariff, years))
    spent, mismatches = 0.0, 0
    for year in years:
        load, fastest = _hourly(year), float("inf")
        for _ in range(passes):
            began = time.perf_counter()
            model.Load.load = load
            model.execute(0)
            theirs = model.Outputs.year1_monthly_utility_bill_wo_sys
            fastest = min(fastest, time.perf_counter() - began)
        spent += fastest
        for dollars, (cents, lines) in zip(theirs, billed, strict=False):
            mismatches += int(abs(dollars - cents / 100) > _HALF_A_CENT * lines + _DOUBLE)
    return Reference(bills=12 * len(years), seconds=spent, mismatches=mismatches)
