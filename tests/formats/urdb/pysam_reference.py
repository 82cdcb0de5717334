"""NREL-PySAM's Utilityrate5 as the reference: a year of hours in, what each month is charged out.

PySAM works in floats on calendar months of a year of 8760 hours whose first day is a Monday, such as 2018. The model is
kept alive while its outputs are read.
"""

from __future__ import annotations

import contextlib
import copy
import io
from collections.abc import Mapping, Sequence
from typing import Any

OPTIONS = {"nem-kwh": 0, "nem-dollar": 1, "net-billing": 2, "net-billing-carryover": 3, "buy-all": 4}
#: The first of January is a Monday.
YEAR = 2018


def reference(
    record: Mapping[str, Any],
    load: Sequence[float],
    generation: Sequence[float],
    *,
    metering: str,
    true_up_month: int = 12,
    sell_rate: float | None = None,
) -> list[dict[str, float]]:
    """Twelve months of charges for ``load`` and ``generation`` in kW, one value per step of the year."""
    from PySAM import Utilityrate5
    from PySAM.UtilityRateTools import URDBv8_to_ElectricityRates

    with contextlib.redirect_stdout(io.StringIO()):
        rates = URDBv8_to_ElectricityRates(copy.deepcopy(dict(record)))
    if sell_rate is not None:
        rates["ur_ec_tou_mat"] = [[*row[:5], sell_rate] for row in rates["ur_ec_tou_mat"]]
    model = Utilityrate5.new()
    model.ElectricityRates.assign(rates)
    model.ElectricityRates.assign(
        {
            "ur_metering_option": OPTIONS[metering],
            "ur_nm_credit_month": true_up_month - 1,
            "ur_nm_yearend_sell_rate": sell_rate or 0.0,
            "rate_escalation": [0],
        }
    )
    model.Lifetime.assign({"analysis_period": 1, "inflation_rate": 0, "system_use_lifetime_output": 0})
    model.SystemOutput.assign({"degradation": [0], "gen": list(generation)})
    model.Load.assign({"load": list(load), "load_escalation": [0]})
    model.execute(0)
    out = model.Outputs
    columns = {
        "energy": out.year1_monthly_ec_charge_gross_with_system,
        "demand_flat": out.year1_monthly_dc_fixed_with_system,
        "demand_tou": out.year1_monthly_dc_tou_with_system,
        "fixed": out.year1_monthly_fixed_with_system,
        "minimum": out.year1_monthly_minimum_with_system,
        "total": out.year1_monthly_utility_bill_w_sys,
    }
    months = [{name: float(values[at]) for name, values in columns.items()} for at in range(12)]
    for month in months:
        month["credit"] = month["total"] - sum(value for name, value in month.items() if name != "total")
    return months
