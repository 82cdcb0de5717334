"""Settings of a percentage tax."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.terms import Context, Rate, Settings
from meterbook.engine.trace import N_, Step

REQUIRED = ("base", "percent")
OPTIONAL = ()


@dataclass(frozen=True, slots=True)
class PercentTaxSettings(Settings):
    """``percent`` of the rounded lines of the components ``base``, which stand earlier in the same version."""

    base: tuple[str, ...]
    percent: Decimal

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        return (Rate(Step(N_("Of {base}"), {"base": ", ".join(self.base)}), self.percent, "percent"),)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> PercentTaxSettings:
    """Read and check the settings; problems are reported through the fields."""
    base: list[str] = []
    for field in entries["base"].items(most=99):
        name = field.text()
        if name not in context.earlier or name in base:
            expected = "one of " + ", ".join(context.earlier) if context.earlier else "a component that stands earlier"
            field.refuse(expected=f"{expected}, once")
        base.append(name)
    percent = entries["percent"].decimal(decimals=6, low=Decimal(0), high=Decimal(100))
    return PercentTaxSettings(base=tuple(base), percent=percent)
