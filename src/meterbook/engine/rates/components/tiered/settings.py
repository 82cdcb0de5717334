"""Settings of a tiered usage charge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.terms import PRICE_LIMIT, QUANTITY_LIMIT, Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step, Value

REQUIRED = ("quantity", "tiers")
OPTIONAL = ("times",)


@dataclass(frozen=True, slots=True)
class Tier:
    """Units above the tier before and up to ``up_to`` (``None``: without end) at ``price`` dollars each."""

    up_to: Decimal | None
    price: Decimal
    label: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class TieredSettings(Settings):
    """Tiers of the usage determinant ``quantity``; every bound is multiplied by the count ``times`` if named."""

    quantity: str
    tiers: tuple[Tier, ...]
    times: str | None

    def determinants(self) -> tuple[Determinant, ...]:
        usage = Determinant(self.quantity, "usage")
        return (usage,) if self.times is None else (usage, Determinant(self.times, "count"))

    def label_of(self, part: int) -> dict[str, str] | None:
        return self.tiers[part - 1].label if 0 < part <= len(self.tiers) else None

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        found: list[Rate] = []
        low = Decimal(0)
        for tier in self.tiers:
            values: dict[str, Value] = {"low": low, "high": tier.up_to or 0, "unit": unit}
            words = N_("Over {low} {unit}") if tier.up_to is None else N_("Over {low} up to {high} {unit}")
            if low == 0:
                words = N_("All {unit}") if tier.up_to is None else N_("Up to {high} {unit}")
            found.append(Rate(Step(words, values), tier.price, unit))
            low = tier.up_to or low
        return tuple(found)


def _tiers(place: Field) -> tuple[Tier, ...]:
    found: list[Tier] = []
    fields = place.items(most=99)
    low = Decimal(0)
    for at, field in enumerate(fields):
        last = at == len(fields) - 1
        entries = field.entries(("price",), ("up_to", "label"))
        bound: Decimal | None = None
        if "up_to" in entries:
            bound = entries["up_to"].decimal(decimals=6, high=QUANTITY_LIMIT)
            if bound <= low:
                entries["up_to"].refuse(expected=f"more than {low}, the bound of the tier before")
            low = bound
            if last:
                entries["up_to"].refuse(expected="no bound: the last tier is open")
        elif not last and field.node is not None:
            field.refuse(found="a tier without a bound", expected="the key 'up_to' in every tier but the last")
        price = entries["price"].decimal(low=-PRICE_LIMIT, high=PRICE_LIMIT)
        found.append(Tier(up_to=bound, price=price, label=entries["label"].bilingual() if "label" in entries else None))
    return tuple(found)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> TieredSettings:
    """Read and check the settings; problems are reported through the fields."""
    return TieredSettings(
        quantity=entries["quantity"].text(),
        tiers=_tiers(entries["tiers"]),
        times=entries["times"].text() if "times" in entries else None,
    )
