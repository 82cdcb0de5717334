"""Settings of a demand charge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.components.demand.lookback import Lookback
from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import (
    AS_IT_COMES,
    Measure,
    computed,
    priced_in,
    read_amount,
    read_bound,
    read_measure,
    same_unit,
    shared_by_days,
    shown_number,
    unit_of,
    unit_words,
)
from meterbook.engine.rates.language.expressions import ROUNDINGS, Formula
from meterbook.engine.rates.language.units import Unit
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step, Value

UNITS = ("kW", "kVA", "kVAR", "hp")
TIER = {
    "price": shapes.Key(shapes.AMOUNT, "Dollars per kW; a number or a formula; 0 makes a free block."),
    "up_to": shapes.optional(shapes.AMOUNT, "Upper end counted from zero, number or formula; the last tier has none."),
    "label": shapes.optional(shapes.BILINGUAL, "The words printed in place of the component's own."),
}
RATCHET = {
    "of": shapes.Key(shapes.MEASURE, "The highest demand of the months looked back on; a determinant or a formula."),
    "percent": shapes.Key(shapes.NUMBER, "Percent of it that is billed at least."),
    "months_back": shapes.optional(shapes.WHOLE, "How many months before this one count (11)."),
    "months": shapes.optional(shapes.listed(shapes.WHOLE, most=12), "Only these months of the year count, 1 to 12."),
}
ROUNDED = {
    "to": shapes.Key(shapes.NUMBER, "The step, such as 0.1 or 1."),
    "mode": shapes.Key(shapes.choice(*ROUNDINGS), "Which way."),
}
KEYS = {
    "quantity": shapes.Key(shapes.MEASURE, "The measured demand: a determinant, a value or a formula."),
    "price": shapes.optional(shapes.AMOUNT, "Dollars per kW; a number or a formula. This or 'tiers'."),
    "tiers": shapes.optional(shapes.listed(shapes.record(TIER), most=99), "Tiers of the billed demand, in order."),
    "unit": shapes.optional(shapes.choice(*UNITS), "What the demand is measured in (kW)."),
    "per": shapes.optional(shapes.choice("period", "day"), "What the price is for (period)."),
    "ratchet": shapes.optional(shapes.record(RATCHET), "A percentage of earlier demand that is billed at least."),
    "at_least": shapes.optional(shapes.MEASURE, "A contract demand that is billed at least."),
    "rounded": shapes.optional(shapes.record(ROUNDED), "How the billed demand is rounded; exact if left out."),
    "prorate": shapes.optional(shapes.FLAG, "Whether the price follows the days (true)."),
}


@dataclass(frozen=True, slots=True)
class Tier:
    """Demand above the tier before and up to ``up_to`` (``None``: without end) at ``price`` dollars each."""

    up_to: Formula | None
    price: Formula
    label: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Ratchet:
    """``percent`` of the highest demand ``of`` the months that ``lookback`` names is billed at least."""

    of: Measure
    percent: Decimal
    lookback: Lookback


@dataclass(frozen=True, slots=True)
class Rounded:
    """The billed demand is rounded to whole steps ``to``, by ``mode``."""

    to: Decimal
    mode: str


@dataclass(frozen=True, slots=True)
class DemandSettings(Settings):
    """``quantity``, the ratchet or ``at_least``, whichever is highest, rounded, at the price of its tiers.

    Part 0 is a single price; tiers are parts 1, 2, 3… ``prorate`` false charges the whole price once, at the rate in
    force on the bill's last day.
    """

    quantity: Measure
    tiers: tuple[Tier, ...]
    tiered: bool
    unit: str
    per: str
    ratchet: Ratchet | None
    at_least: Measure | None
    rounded: Rounded | None
    prorate: bool

    def measures(self) -> tuple[Measure, ...]:
        """The measured demand and what is billed at least, in order."""
        ratchet = () if self.ratchet is None else (self.ratchet.of,)
        return (self.quantity, *ratchet) if self.at_least is None else (self.quantity, *ratchet, self.at_least)

    @property
    def undivided(self) -> bool:
        return not self.prorate and self.per == "period"

    def determinants(self) -> tuple[Determinant, ...]:
        return tuple(one for measure in self.measures() for one in measure.determinants())

    def label_of(self, part: int) -> dict[str, str] | None:
        return self.tiers[part - 1].label if 0 < part <= len(self.tiers) else None

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        found: list[Rate] = []
        per = self.unit if self.per == "period" else f"{self.unit}, {self.per}"
        low: Value = 0
        for at, tier in enumerate(self.tiers):
            high = 0 if tier.up_to is None else shown_number(tier.up_to)
            values: dict[str, Value] = {"low": low, "high": high, "unit": self.unit}
            words = N_("Over {low} {unit}") if tier.up_to is None else N_("Over {low} up to {high} {unit}")
            if at == 0:
                words = N_("Each {unit}") if tier.up_to is None else N_("Up to {high} {unit}")
            found.append(computed(Step(words, values), tier.price, per))
            low = high
        return tuple(found)


def _price(place: Field, context: Context, counted: Unit | None) -> Formula:
    price = read_amount(place, context)
    priced_in(place, price, counted)
    shared_by_days(place, price, context, instead=AS_IT_COMES)
    return price


def _demand(place: Field, context: Context) -> Measure:
    """A demand of the whole bill: the price that it is multiplied by has the days."""
    measure = read_measure(place, context, kind="per_period")
    shared_by_days(place, measure, context, instead=AS_IT_COMES)
    return measure


def _tiers(place: Field, context: Context, counted: Unit | None) -> tuple[Tier, ...]:
    found: list[Tier] = []
    fields, low = place.items(most=99), Decimal(0)
    for at, field in enumerate(fields):
        last = at == len(fields) - 1
        entries = field.entries(*shapes.names(TIER))
        bound: Formula | None = None
        if "up_to" in entries:
            bound = read_bound(entries["up_to"], context)
            same_unit(entries["up_to"], bound, counted)
            shared_by_days(entries["up_to"], bound, context, instead=AS_IT_COMES)
            if bound.constant is not None:
                if bound.constant <= low:
                    entries["up_to"].refuse(expected=f"more than {low}, the bound of the tier before")
                low = bound.constant
            if last:
                entries["up_to"].refuse(expected="no bound: the last tier is open")
        elif not last and field.node is not None:
            field.refuse(found="a tier without a bound", expected="the key 'up_to' in every tier but the last")
        price = _price(entries["price"], context, counted)
        found.append(Tier(bound, price, entries["label"].bilingual() if "label" in entries else None))
    return tuple(found)


def _lookback(entries: Mapping[str, Field]) -> Lookback:
    back = entries["months_back"].whole(low=1, high=36) if "months_back" in entries else 11
    months: list[int] = []
    for field in entries["months"].items(most=12) if "months" in entries else ():
        month = field.whole(low=1, high=12)
        if month in months:
            field.refuse(expected="each month once")
        months.append(month)
    return Lookback(back, tuple(months))


def _ratchet(place: Field, context: Context) -> Ratchet:
    entries = place.entries(*shapes.names(RATCHET))
    percent = entries["percent"].decimal(decimals=6, low=Decimal(0), high=Decimal(100))
    return Ratchet(_demand(entries["of"], context), percent, _lookback(entries))


def _rounded(place: Field) -> Rounded:
    entries = place.entries(*shapes.names(ROUNDED))
    step = entries["to"].decimal(decimals=6, low=Decimal("0.000001"), high=Decimal(1000))
    return Rounded(step, entries["mode"].choice(*ROUNDINGS))


def read(place: Field, entries: Mapping[str, Field], context: Context) -> DemandSettings:
    """Read and check the settings; problems are reported through the fields."""
    if ("price" in entries) == ("tiers" in entries):
        place.refuse(found="both" if "price" in entries else "neither", expected="either 'price' or 'tiers'")
    quantity = _demand(entries["quantity"], context)
    counted = unit_of(quantity, context)
    tiers: tuple[Tier, ...] = ()
    if "tiers" in entries:
        tiers = _tiers(entries["tiers"], context, counted)
    elif "price" in entries:
        tiers = (Tier(None, _price(entries["price"], context, counted), None),)
    least = _demand(entries["at_least"], context) if "at_least" in entries else None
    return DemandSettings(
        quantity=quantity,
        tiers=tiers,
        tiered="tiers" in entries,
        unit=entries["unit"].choice(*UNITS) if "unit" in entries else unit_words(quantity, context) or UNITS[0],
        per=entries["per"].choice("period", "day") if "per" in entries else "period",
        ratchet=_ratchet(entries["ratchet"], context) if "ratchet" in entries else None,
        at_least=least,
        rounded=_rounded(entries["rounded"]) if "rounded" in entries else None,
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
    )
