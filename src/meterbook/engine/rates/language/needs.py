"""What a charge needs from interval readings, as values that its settings state and `intervals.facts` computes.

The determinant's ``name`` is the one the charge reads; every amount is in millionths (kWh, kW, dollars).
"""

from __future__ import annotations

from dataclasses import dataclass

from meterbook.engine.rates.language.amounts import Measure
from meterbook.engine.rates.language.expressions import Formula


@dataclass(frozen=True, slots=True)
class EnergyNeed:
    """kWh of one period of a calendar (``None``: all hours); ``flow`` is ``import`` or ``export``."""

    name: str
    period: str | None = None
    flow: str = "import"


@dataclass(frozen=True, slots=True)
class Widths:
    """The upper ends of all tiers but the last, in kWh, or per unit of ``times`` (kW), or for a day.

    Ends that are not for a day scale with days if ``by_days``.
    """

    bounds: tuple[Formula, ...]
    times: Measure | None = None
    daily: bool = False
    by_days: bool = True


@dataclass(frozen=True, slots=True)
class TiersNeed:
    """kWh by period and tier, tiers filled hour by hour by the bill's running total.

    ``names`` has the determinant of each period and tier (from 1); a period of ``None`` is a tier's total of all
    hours, passed as OpenStudio passes them. ``widths`` are those of each period.
    """

    names: tuple[tuple[str | None, int, str], ...]
    widths: tuple[tuple[str, Widths], ...]
    flow: str = "import"


@dataclass(frozen=True, slots=True)
class DemandNeed:
    """The highest kW of one period (``None``: all hours) over windows of ``minutes``, rounded to ``decimals``."""

    name: str
    period: str | None = None
    minutes: int | None = None
    sliding: bool = False
    decimals: int | None = None
    mode: str = "half_up"
    flow: str = "import"


@dataclass(frozen=True, slots=True)
class ValueNeed:
    """Dollars of all energy at the price series called ``series``."""

    name: str
    series: str
    flow: str = "import"


Need = EnergyNeed | TiersNeed | DemandNeed | ValueNeed
