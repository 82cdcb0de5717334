"""The base and the credited usage of one period, explained step by step.

>>> from decimal import Decimal
>>> rule = CreditRule("percent", Decimal(50), None, 2)
>>> found = credited(rule, Decimal(40), Decimal(12), unit="ccf")
>>> found.credited, found.billed
(Decimal('14.00'), Decimal('26.00'))
>>> print(*[step.words(str) for step in found.steps], sep="\\n")
Used beyond the base: 40 − 12 = 28 ccf.
50 percent of 28 ccf is credited: 14 ccf; 26 ccf stay billed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.billing.adjusting.fees import months_before
from meterbook.engine.billing.leak.settings import BaseRule, CreditRule
from meterbook.engine.trace import N_, Step


@dataclass(frozen=True, slots=True)
class Past:
    """What was used in one earlier period: half-open days, quantity in the meter's unit."""

    starts: date
    ends: date
    quantity: Decimal

    @property
    def days(self) -> int:
        """Days of the period."""
        return (self.ends - self.starts).days


@dataclass(frozen=True, slots=True)
class Base:
    """What would have been used: ``quantity`` for the leak's days, from ``periods``; None where there are too few."""

    quantity: Decimal | None
    periods: tuple[Past, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Credited:
    """``excess`` beyond the base, how much of it is ``credited``, and what stays ``billed``."""

    excess: Decimal
    credited: Decimal
    billed: Decimal
    steps: tuple[Step, ...]


def plain(value: Decimal) -> str:
    """A number without trailing zeros.

    >>> plain(Decimal("12.50")), plain(Decimal("100"))
    ('12.5', '100')
    """
    short = f"{value:f}"
    return short.rstrip("0").rstrip(".") if "." in short else short


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half-up, away from zero on a tie."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def base_of(rule: BaseRule, history: Sequence[Past], leak: Past, *, decimals: int, unit: str) -> Base:
    """The base of a leak from earlier periods (any order); rounded half-up to ``decimals``."""
    since = months_before(leak.starts, rule.months)
    earlier = sorted((one for one in history if since <= one.starts and one.ends <= leak.starts), key=_newest)
    season = next((months for months in rule.seasons if _month(leak) in months), ())
    same = [one for one in earlier if not season or _month(one) in season][: rule.periods]
    chosen, any_month = (same, False) if len(same) >= rule.least else (earlier[: rule.periods], True)
    if len(chosen) < rule.least or (any_month and not rule.fallback):
        said = Step(
            N_("Earlier periods on record: {found}; the base needs {least}."),
            {"found": len(same), "least": rule.least},
        )
        return Base(None, tuple(same), (said,))
    total, days = sum((one.quantity for one in chosen), Decimal(0)), sum(one.days for one in chosen)
    steps = [_chosen(chosen, any_month=any_month, season=bool(season))]
    numbers = " + ".join(plain(one.quantity) for one in chosen)
    if rule.by == "day":
        base = rounded(total * leak.days / days, decimals)
        steps.append(Step(
            N_("Base: ({numbers}) ÷ {days} days × {leak_days} days = {base} {unit}."),
            {"numbers": numbers, "days": days, "leak_days": leak.days, "base": plain(base), "unit": unit},
        ))  # fmt: skip
    else:
        base = rounded(total / len(chosen), decimals)
        steps.append(Step(
            N_("Base: ({numbers}) ÷ {count} = {base} {unit}."),
            {"numbers": numbers, "count": len(chosen), "base": plain(base), "unit": unit},
        ))  # fmt: skip
    return Base(base, tuple(chosen), tuple(steps))


def _newest(one: Past) -> int:
    return -one.ends.toordinal()


def _month(one: Past) -> int:
    """The month of the middle of a period: where most of it was used."""
    return date.fromordinal((one.starts.toordinal() + one.ends.toordinal()) // 2).month


def _chosen(chosen: Sequence[Past], *, any_month: bool, season: bool) -> Step:
    first, last = min(one.starts for one in chosen), max(one.ends for one in chosen)
    if any_month:
        message = N_("The base is the mean of earlier periods of any season ({count}), from {first} to {last}.")
    elif season:
        message = N_("The base is the mean of earlier periods of the same season ({count}), from {first} to {last}.")
    else:
        message = N_("The base is the mean of earlier periods ({count}), from {first} to {last}.")
    return Step(message, {"count": len(chosen), "first": first, "last": last})


def credited(rule: CreditRule, used: Decimal, base: Decimal, *, unit: str) -> Credited:
    """What of the usage beyond the base is not billed; for ``reprice`` the excess stays billed, at another price."""
    excess = max(used - base, Decimal(0))
    says = Step(
        N_("Used beyond the base: {used} − {base} = {excess} {unit}."),
        {"used": plain(used), "base": plain(base), "excess": plain(excess), "unit": unit},
    )
    if rule.kind == "reprice":
        return Credited(excess, Decimal(0), used, (says,))
    off = min(rounded(excess * rule.percent / 100, rule.decimals), excess)
    share = Step(
        N_("{percent} percent of {excess} {unit} is credited: {credited} {unit}; {billed} {unit} stay billed."),
        {
            "percent": plain(rule.percent), "excess": plain(excess), "credited": plain(off),
            "billed": plain(used - off), "unit": unit,
        },
    )  # fmt: skip
    return Credited(excess, off, used - off, (says, share))
