"""Settings of a maximum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import (
    Measure,
    any_undivided,
    computed,
    follows_days,
    priced_in,
    read_amount,
    read_base,
    read_measure,
    shared_by_days,
    unit_of,
)
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

KEYS = {
    "base": shapes.Key(shapes.BASE, "The lines it looks at: ids, a tag of 'taxes', or all before it."),
    "amount": shapes.Key(shapes.AMOUNT, "Dollars these lines come to at most; a number or a formula."),
    "per": shapes.Key(shapes.choice("period", "day"), "What the amount is for."),
    "times": shapes.optional(
        shapes.MEASURE, "A count or quantity the amount is multiplied by, such as dwelling units."
    ),
    "prorate": shapes.optional(shapes.FLAG, "Whether other periods are capped by days (true)."),
}


@dataclass(frozen=True, slots=True)
class CapSettings(Settings):
    """The lines ``base`` come to ``amount`` per ``per`` (period, day) at most, times ``times`` if named. Where any of
    them stands once for a bill that is cut, so does this (``whole``): on the last stretch, for all of them.
    """

    base: tuple[str, ...]
    amount: Formula
    per: str
    times: Measure | None
    prorate: bool
    rests_on_days: bool = False
    whole: bool = False

    @property
    def undivided(self) -> bool:
        return self.whole

    @property
    def settles_whole(self) -> bool:
        return self.whole

    def settled_whole(self) -> CapSettings:
        return replace(self, whole=True)

    def determinants(self) -> tuple[Determinant, ...]:
        return () if self.times is None else self.times.determinants()

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        per = self.per if self.times is None else f"{self.per}, {self.times.name}"
        return (computed(Step(N_("At most, for {base}"), {"base": ", ".join(self.base)}), self.amount, per),)


def _amount(entries: Mapping[str, Field], per: str, context: Context) -> tuple[Formula, Measure | None]:
    """The amount and what it is multiplied by; neither is shared by days a second time."""
    amount = read_amount(entries["amount"], context, low=Decimal(0))
    times = read_measure(entries["times"], context, kind="per_period") if "times" in entries else None
    if times is not None:
        priced_in(entries["amount"], amount, unit_of(times, context))
    by_days = "prorate" not in entries or entries["prorate"].flag()
    if per == "day" or by_days:
        instead = "'per: period' and 'prorate: false'" if per == "day" else "'prorate: false'"
        shared_by_days(entries["amount"], amount, context, instead=instead)
        if times is not None:
            shared_by_days(entries["times"], times, context, instead=instead)
    return amount, times


def read(place: Field, entries: Mapping[str, Field], context: Context) -> CapSettings:
    """Read and check the settings; problems are reported through the fields."""
    per = entries["per"].choice("period", "day")
    amount, times = _amount(entries, per, context)
    base = read_base(entries["base"], context)
    return CapSettings(
        base=base,
        amount=amount,
        per=per,
        times=times,
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
        rests_on_days=follows_days(amount, context) or follows_days(times, context),
        whole=any_undivided(base, context),
    )
