"""The policy ``winter-average`` as the reset reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from meterbook.engine.quantity import scaled
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy, policy, released


class WrongPolicy(ValueError):
    """The policy says something the reset cannot do; names the field, what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class WinterRules:
    """Quantities in millionths of the billing unit a month.

    ``cap`` is a limit in the unit, ``cap_times_mean`` one in multiples of the mean of all averages (whichever is
    lower counts); ``newcomer`` what a customer without a winter of their own is billed by (``default``, the point's
    average that is in force, or their own of where they lived: ``own``); ``moves_within_days`` how far apart a
    move-out and a move-in may lie for the average to go along.
    """

    document: Document
    months: tuple[int, ...]
    minimum_periods: int
    default: int
    decimals: int
    days_per_month: Fraction
    cap: int | None
    cap_times_mean: Fraction | None
    newcomer: str
    moves_within_days: int


def winter_rules(on: date) -> WinterRules:
    """The rules in force on a day; raises `NoPolicy` and `WrongPolicy`."""
    found, document = policy("winter-average", on), released("winter-average", on)
    if document is None:
        raise NoPolicy(f"no policy winter-average is in force on {on}")
    newcomer = str(found.get("newcomer", "default"))
    if newcomer not in ("default", "point", "own"):
        raise WrongPolicy(f"winter-average: newcomer: found {newcomer!r}, expected default, point or own")
    return WinterRules(
        document=document,
        months=tuple(int(month) for month in found["months"]),
        minimum_periods=int(found["minimum_periods"]),
        default=scaled(Decimal(str(found["default_ccf"]))),
        decimals=int(found["decimals"]),
        days_per_month=Fraction(str(found["days_per_month"])),
        cap=scaled(Decimal(str(found["cap_ccf"]))) if "cap_ccf" in found else None,
        cap_times_mean=Fraction(str(found["cap_times_mean"])) if "cap_times_mean" in found else None,
        newcomer=newcomer,
        moves_within_days=int(found.get("moves_within_days", 60)),
    )
