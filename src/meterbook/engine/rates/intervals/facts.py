"""The facts that the charges of a tariff version need from intervals, gathered as determinants of its bills.

A component's settings say what they need by a method ``needs()`` that returns values of `Need`; `facts` computes them
all. A component of any kind may have one; nothing here knows components by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from meterbook.engine.rates.intervals.readings import Readings
from meterbook.engine.rates.tariff import Version


def facts(version: Version, readings: Readings, periods: Mapping[int, tuple[date, date]], *,
          prices: Mapping[str, pl.DataFrame] | None = None) -> pl.DataFrame:  # fmt: skip
    """``group`` and ``det.<name>`` (Int64 millionths) for every need of the version's components.

    ``periods`` has each group's bill (first day, day after): tiers that scale by days need it. ``prices`` are the
    price series by name. A period of use without any interval in a group is 0.
    """
    raise NotImplementedError


def by_bill(frame: pl.DataFrame) -> dict[int, dict[str, int]]:
    """The same as a mapping from group to determinants by name, in millionths."""
    raise NotImplementedError
