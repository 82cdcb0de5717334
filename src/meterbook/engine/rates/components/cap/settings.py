"""Settings of a maximum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import Measure, computed, read_amount, read_base, read_measure
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
    """The lines ``base`` come to ``amount`` per ``per`` (period, day) at most, times ``times`` if named."""

    base: tuple[str, ...]
    amount: Formula
    per: str
    times: Measure | None
    prorate: bool

    def determinants(self) -> tuple[Determinant, ...]:
        return () if self.times is None else self.times.determinants()

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        per = self.per if self.times is None else f"{self.per}, {self.times.name}"
        return (computed(Step(N_("At most, for {base}"), {"base": ", ".join(self.base)}), self.amount, per),)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> CapSettings:
    """Read and check the settings; problems are reported through the fields."""
    return CapSettings(
        base=read_base(entries["base"], context),
        amount=read_amount(entries["amount"], context, low=Decimal(0)),
        per=entries["per"].choice("period", "day"),
        times=read_measure(entries["times"], context, kind="per_period") if "times" in entries else None,
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
    )
