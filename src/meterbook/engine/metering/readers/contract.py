"""What a measure gets to see and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

import polars as pl

from meterbook.engine.columns import Shape

INSTANT = pl.Datetime("us", "UTC")

#: Reads and attempts to read, one a row: what must be there.
READS_NEEDED: Shape = {
    "register": pl.Int64, "reader": pl.String, "decimals": pl.Int32, "estimated": pl.Boolean,
    "no_access": pl.Boolean, "corrected": pl.Boolean,
}  # fmt: skip
#: What may be null, or left out where nobody knows any of it. ``sequence`` is the stop on the route, ``quantity`` what
#: the read makes since the one before, ``prior_quantity`` the same of the period before (millionths).
READS_OPTIONAL: Shape = {
    "route": pl.Int64, "sequence": pl.Int64, "read_at": INSTANT, "value": pl.Int64, "quantity": pl.Int64,
    "prior_quantity": pl.Int64,
}  # fmt: skip
READS: Shape = {**READS_NEEDED, **READS_OPTIONAL}

#: ``route`` null: all of the reader's routes together. ``found`` and ``expected`` are millionths (a share of 1, or
#: reads a minute), ``strength`` percent of what would already be worth a look, ``n`` the reads looked at.
ANOMALIES: Shape = {
    "reader": pl.String, "route": pl.Int64, "measure": pl.String, "found": pl.Int64, "expected": pl.Int64,
    "strength": pl.Int32, "n": pl.Int64,
}  # fmt: skip
GROUP = ("reader", "route")


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of the policy. ``significance`` is how rarely chance alone may reach the threshold."""

    significance: Decimal
    least_reads: int
    least_expected: int
    #: Reads a minute over ``window_minutes`` that a person on foot does not reach.
    pace: Decimal
    window_minutes: int
    #: The share of reads that may bear the instant of another stop's read.
    instant_share: Decimal


#: ``find`` takes reads (`READS`, each once for its route and once for its reader) and gives `ANOMALIES` without
#: ``measure``, for every group it can judge, also those that are as expected.
Find: TypeAlias = "Callable[[pl.DataFrame, Settings], pl.DataFrame]"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: what it is called, what it says (``str.format`` over found, expected, n), and how it is found."""

    title: str
    says: str
    figures: Literal["share", "rate"]
    find: Find
