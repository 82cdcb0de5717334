"""What a URDB record leaves open when it becomes a tariff, as one value: the record itself says none of this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Metering = Literal["", "nem-kwh", "nem-dollar", "net-billing", "net-billing-carryover", "buy-all"]


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a record is read into a tariff.

    ``metering`` says what exports earn (empty: nothing), ``true_up_month`` when the year is settled. ``sell_rate`` is
    dollars per kWh in place of the record's own sell prices and, for ``nem-kwh``, what a kWh left at true-up is paid.
    ``tiered_tou`` is the convention by which tiers and periods meet. ``effective`` takes the place of the record's
    first day.

    ``even_days``: a charge per day is asked as twelve equal months of 365/12 days, as rate calculators that know only
    months do; otherwise by the days of the bill. ``unrounded``: charges that look at other lines read them unrounded.
    ``revenue`` is the general-ledger account of every charge, until someone who knows the utility's chart names others.
    """

    metering: Metering = ""
    true_up_month: int = 12
    sell_rate: Decimal | None = None
    tiered_tou: str = "shared-pro-rata"
    effective: date | None = None
    even_days: bool = False
    unrounded: bool = False
    revenue: str = "unassigned"

    @property
    def in_order(self) -> bool:
        """Whether tiers fill in order of time: always so where each interval is settled for itself."""
        settles_intervals = self.metering in ("net-billing", "net-billing-carryover", "buy-all")
        return self.tiered_tou == "chronological" or (settles_intervals and self.tiered_tou == "shared-pro-rata")
