"""What a method finds, on either face: a daily usage and the days it rests on.

On columns an exact quotient, ``over`` ÷ ``under`` (`Int128`), in millionths a day; in words an exact `Fraction` of
the unit a day. Rounding is not the method's business: the average daily usage is rounded once, for all alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import polars as pl

    from meterbook.engine.trace import Step

#: One row as facts: the columns that have a value, quantities in their unit.
Facts: TypeAlias = "Mapping[str, Decimal | str]"


@dataclass(frozen=True, slots=True)
class OnColumns:
    """``enough`` is true where the method has what it needs; a null counts as no. ``days`` null: of no one's days."""

    enough: pl.Expr
    over: pl.Expr
    under: pl.Expr
    days: pl.Expr


@dataclass(frozen=True, slots=True)
class InWords:
    """The daily usage, the days of evidence (None: of no one's days), and where it comes from."""

    daily: Fraction
    days: int | None
    step: Step
