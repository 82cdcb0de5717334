"""Settings of a percentage tax."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import any_undivided, read_base
from meterbook.engine.rates.terms import Context, Rate, Settings
from meterbook.engine.trace import N_, Step

KEYS = {
    "base": shapes.Key(shapes.BASE, "The lines it is taken of: ids, a tag of 'taxes', or all before it."),
    "percent": shapes.Key(shapes.NUMBER, "Percent of the rounded lines."),
}


@dataclass(frozen=True, slots=True)
class PercentTaxSettings(Settings):
    """``percent`` of the rounded lines of the components ``base``, which stand earlier in the same version."""

    base: tuple[str, ...]
    percent: Decimal
    rests_on_undivided: bool = False

    @property
    def undivided(self) -> bool:
        return self.rests_on_undivided

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        return (Rate(Step(N_("Of {base}"), {"base": ", ".join(self.base)}), self.percent, "percent"),)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> PercentTaxSettings:
    """Read and check the settings; problems are reported through the fields."""
    percent = entries["percent"].decimal(decimals=6, low=Decimal(0), high=Decimal(100))
    base = read_base(entries["base"], context)
    return PercentTaxSettings(base=base, percent=percent, rests_on_undivided=any_undivided(base, context))
