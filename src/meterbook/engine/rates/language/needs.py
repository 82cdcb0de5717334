"""What a charge needs from interval readings, as values that its settings state and `intervals.facts` computes.

The determinant's ``name`` is the one the charge reads; every amount is in millionths (kWh, kW, dollars).
"""

from __future__ import annotations

from dataclasses import dataclass

from meterbook.engine.rates.language.expressions import Formula


@dataclass(frozen=True, slots=True)
class EnergyNeed:
    """kWh of one period of the calendar (``None``: all hours); ``flow`` is ``import`` or ``export``."""

    name: str
    period: str | None = None
    flow: str = "import"


@dataclass(frozen=True, slots=True)
class TieredNeed:
    """kWh of one period and tier, tiers filled by the bill's running total over time.

    ``bounds`` are the upper ends of all tiers but the last; they scale with days if ``by_days``.
    """

    name: str
    period: str
    tier: int
    bounds: tuple[Formula, ...]
    by_days: bool
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


Need = EnergyNeed | TieredNeed | DemandNeed | ValueNeed
