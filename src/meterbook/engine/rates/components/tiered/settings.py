"""Settings of a tiered usage charge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import (
    Measure,
    computed,
    follows_days,
    priced_in,
    read_amount,
    read_bound,
    read_measure,
    same_unit,
    shared_by_days,
    shown_number,
    split_by_days,
    unit_of,
    unit_words,
)
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.units import Unit
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step, Value

TIER = {
    "price": shapes.Key(shapes.AMOUNT, "Dollars per unit; a number or a formula."),
    "up_to": shapes.optional(shapes.AMOUNT, "Upper end counted from zero, number or formula; the last tier has none."),
    "label": shapes.optional(shapes.BILINGUAL, "The words printed in place of the component's own."),
}
KEYS = {
    "quantity": shapes.Key(shapes.MEASURE, "What is counted: a usage determinant, a value or a formula."),
    "tiers": shapes.Key(shapes.listed(shapes.record(TIER), most=99), "The tiers in order."),
    "times": shapes.optional(shapes.MEASURE, "A count every upper end is multiplied by."),
    "widths": shapes.optional(shapes.choice("by_days", "as_written"), "Whether upper ends scale with days (by_days)."),
}


@dataclass(frozen=True, slots=True)
class Tier:
    """Units above the tier before and up to ``up_to`` (``None``: without end) at ``price`` dollars each.

    ``rests_on_days``: the end as written is that of the days charged already.
    """

    up_to: Formula | None
    price: Formula
    label: dict[str, str] | None
    rests_on_days: bool = False


@dataclass(frozen=True, slots=True)
class TieredSettings(Settings):
    """Tiers of ``quantity``; every bound is multiplied by the count ``times`` if named, and scaled ``by_days``.

    Bounds as written are those of the whole bill: a stretch of it has its share of them by days.
    """

    quantity: Measure
    tiers: tuple[Tier, ...]
    times: Measure | None
    by_days: bool = True
    unit: str = ""

    def determinants(self) -> tuple[Determinant, ...]:
        usage = self.quantity.determinants()
        return usage if self.times is None else (*usage, *self.times.determinants())

    def label_of(self, part: int) -> dict[str, str] | None:
        return self.tiers[part - 1].label if 0 < part <= len(self.tiers) else None

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        found: list[Rate] = []
        low: Value = 0
        unit = self.unit or unit
        for at, tier in enumerate(self.tiers):
            high = 0 if tier.up_to is None else shown_number(tier.up_to)
            values: dict[str, Value] = {"low": low, "high": high, "unit": unit}
            words = N_("Over {low} {unit}") if tier.up_to is None else N_("Over {low} up to {high} {unit}")
            if at == 0:
                words = N_("All {unit}") if tier.up_to is None else N_("Up to {high} {unit}")
            found.append(computed(Step(words, values), tier.price, unit))
            low = high
        return tuple(found)


def _tiers(
    place: Field, context: Context, counted: Unit | None, times: Measure | None, by_days: bool
) -> tuple[Tier, ...]:
    found: list[Tier] = []
    fields = place.items(most=99)
    low = Decimal(0)
    for at, field in enumerate(fields):
        last = at == len(fields) - 1
        entries = field.entries(*shapes.names(TIER))
        bound: Formula | None = None
        if "up_to" in entries:
            bound = read_bound(entries["up_to"], context)
            same_unit(entries["up_to"], bound, counted)
            if by_days:
                shared_by_days(entries["up_to"], bound, context, instead="'widths: as_written'")
            if bound.constant is not None:
                if bound.constant <= low:
                    entries["up_to"].refuse(expected=f"more than {low}, the bound of the tier before")
                low = bound.constant
            if last:
                entries["up_to"].refuse(expected="no bound: the last tier is open")
        elif not last and field.node is not None:
            field.refuse(found="a tier without a bound", expected="the key 'up_to' in every tier but the last")
        price = read_amount(entries["price"], context)
        priced_in(entries["price"], price, counted)
        rests = follows_days(bound, context) or follows_days(times, context)
        found.append(Tier(bound, price, entries["label"].bilingual() if "label" in entries else None, rests))
    return tuple(found)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> TieredSettings:
    """Read and check the settings; problems are reported through the fields."""
    quantity = read_measure(entries["quantity"], context, kind="usage")
    split_by_days(entries["quantity"], quantity, context)
    by_days = "widths" not in entries or entries["widths"].choice("by_days", "as_written") == "by_days"
    times = read_measure(entries["times"], context, kind="count") if "times" in entries else None
    if times is not None and by_days:
        shared_by_days(entries["times"], times, context, instead="'widths: as_written'")
    return TieredSettings(
        quantity=quantity,
        tiers=_tiers(entries["tiers"], context, unit_of(quantity, context), times, by_days),
        times=times,
        by_days=by_days,
        unit=unit_words(quantity, context),
    )
