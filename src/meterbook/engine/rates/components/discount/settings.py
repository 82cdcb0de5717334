"""Settings of a discount."""

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
    fixed_within,
    follows_days,
    read_amount,
    read_base,
    read_bound,
    read_formula,
    read_measure,
    shared_by_days,
    shown_number,
)
from meterbook.engine.rates.language.expressions import Formula, constant
from meterbook.engine.rates.language.units import PURE
from meterbook.engine.rates.terms import PRICE_LIMIT, Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

FIRST = {
    "units": shapes.Key(shapes.AMOUNT, "Only the first so many units of a period."),
    "quantity": shapes.Key(shapes.MEASURE, "Of what: the determinant or formula the lines follow."),
}
YEAR = {
    "cap": shapes.Key(shapes.NUMBER, "The most dollars of a year."),
    "so_far": shapes.Key(shapes.MEASURE, "What states the year's discount before this bill."),
}
KEYS = {
    "of": shapes.Key(shapes.BASE, "The lines it lowers: ids, a tag of 'taxes', or all before it."),
    "percent": shapes.optional(shapes.AMOUNT, "Percent off; a number or a formula. This or 'dollars'."),
    "dollars": shapes.optional(shapes.AMOUNT, "Dollars off a period; a number or a formula."),
    "first": shapes.optional(shapes.record(FIRST), "A percentage only of the charge for the first units."),
    "least": shapes.optional(shapes.AMOUNT, "Dollars of a period the lines never fall below (0)."),
    "cap": shapes.optional(shapes.AMOUNT, "The most dollars off a period."),
    "year_cap": shapes.optional(shapes.record(YEAR), "The most dollars off a year."),
    "prorate": shapes.optional(shapes.FLAG, "Whether dollars, least and cap follow the days of other periods (true)."),
}
PERCENT_LIMIT = Decimal(100)
#: Largest sum of lines one discount may rest on, in cents.
BASE_LIMIT = 10**12


@dataclass(frozen=True, slots=True)
class First:
    """Only the first ``units`` of ``quantity`` are discounted."""

    units: Formula
    quantity: Measure


@dataclass(frozen=True, slots=True)
class YearCap:
    """At most ``cap`` dollars a year, of which ``so_far`` says what is used: a determinant, a value or a formula."""

    cap: Decimal
    so_far: Measure


@dataclass(frozen=True, slots=True)
class DiscountSettings(Settings):
    """``percent`` or ``dollars`` off the rounded lines ``of``, which never fall below ``least`` by it.

    Dollars follow the days with ``prorate``; without, they are the whole bill's, but ``as_they_come`` are those that
    rest on the days charged already. Where a line stands once for a bill that is cut, so does the discount (``whole``).
    """

    of: tuple[str, ...]
    percent: Formula | None
    dollars: Formula | None
    first: First | None
    least: Formula
    cap: Formula | None
    year: YearCap | None
    prorate: bool
    as_they_come: frozenset[str] = frozenset()
    rests_on_undivided: bool = False
    whole: bool = False

    @property
    def undivided(self) -> bool:
        return self.rests_on_undivided

    @property
    def settles_whole(self) -> bool:
        return self.whole

    def settled_whole(self) -> DiscountSettings:
        return replace(self, whole=True)

    def determinants(self) -> tuple[Determinant, ...]:
        found = () if self.first is None else self.first.quantity.determinants()
        return found if self.year is None else (*found, *self.year.so_far.determinants())

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        base = ", ".join(self.of)
        words = Step(N_("Off {base}"), {"base": base})
        if self.first is not None:
            units = shown_number(self.first.units)
            words = Step(N_("Off {base}, the first {units} {unit} only"), {"base": base, "units": units, "unit": unit})
        found = []
        if self.percent is not None:
            found.append(computed(words, self.percent, "percent"))
        if self.dollars is not None:
            found.append(computed(words, self.dollars, "period"))
        if self.least.constant != 0:
            found.append(computed(Step(N_("Never below")), self.least, "period"))
        if self.cap is not None:
            found.append(computed(Step(N_("At most")), self.cap, "period"))
        if self.year is not None:
            found.append(Rate(Step(N_("At most")), self.year.cap, "year"))
        return tuple(found)


def _percent(place: Field, context: Context) -> Formula:
    text = place.text(expected="a number or a formula")
    if text.lstrip("-+").replace(".", "").isdigit():
        return constant(place.decimal(decimals=6, low=Decimal(0), high=PERCENT_LIMIT))
    formula = read_formula(place, context)
    fixed_within(place, formula, decimals=6, low=Decimal(0), high=PERCENT_LIMIT)
    if formula.unit not in (None, PURE):
        place.refuse(expected="percent: a pure number")
    return formula


def _dollars(place: Field, context: Context) -> Formula:
    amount = read_amount(place, context, low=Decimal(0))
    if amount.unit not in (None, PURE, (("USD", 1),)):
        place.refuse(expected="dollars")
    return amount


def _first(place: Field, context: Context) -> First:
    entries = place.entries(*shapes.names(FIRST))
    quantity = read_measure(entries["quantity"], context, kind="usage")
    units = read_bound(entries["units"], context)
    shared_by_days(entries["units"], units, context, instead="units of one period: they follow the days")
    return First(units, quantity)


def _year(place: Field, context: Context) -> YearCap:
    entries = place.entries(*shapes.names(YEAR))
    cap = entries["cap"].decimal(decimals=2, low=Decimal(0), high=PRICE_LIMIT * 10)
    return YearCap(cap, read_measure(entries["so_far"], context, kind="count"))


def read(place: Field, entries: Mapping[str, Field], context: Context) -> DiscountSettings:
    """Read and check the settings; problems are reported through the fields."""
    if ("percent" in entries) == ("dollars" in entries):
        found = "both" if "percent" in entries else "neither"
        place.refuse(found=found, expected="either 'percent' or 'dollars'")
    if "first" in entries and "percent" not in entries:
        entries["first"].refuse(expected="no such key without 'percent'")
    base = read_base(entries["of"], context)
    undivided = any_undivided(base, context)
    prorate = entries["prorate"].flag() if "prorate" in entries else True
    amounts = {name: _dollars(entries[name], context) for name in ("dollars", "least", "cap") if name in entries}
    for name, amount in amounts.items() if prorate else ():
        shared_by_days(entries[name], amount, context, instead="'prorate: false'")
    return DiscountSettings(
        of=base,
        percent=_percent(entries["percent"], context) if "percent" in entries else None,
        dollars=amounts.get("dollars"),
        first=_first(entries["first"], context) if "first" in entries else None,
        least=amounts.get("least", constant(Decimal(0))),
        cap=amounts.get("cap"),
        year=_year(entries["year_cap"], context) if "year_cap" in entries else None,
        prorate=prorate,
        as_they_come=frozenset(name for name, amount in amounts.items() if follows_days(amount, context)),
        rests_on_undivided=undivided,
        whole=undivided and ("year_cap" in entries or "first" in entries or bool(amounts)),
    )
