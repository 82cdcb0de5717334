"""Settings of a percentage of other lines."""

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
    read_formula,
    read_measure,
    shared_by_days,
)
from meterbook.engine.rates.language.expressions import Formula, constant
from meterbook.engine.rates.language.units import PURE
from meterbook.engine.rates.terms import PRICE_LIMIT, Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

YEAR = {
    "cap": shapes.Key(shapes.NUMBER, "The most dollars of a year."),
    "so_far": shapes.Key(shapes.MEASURE, "What states the year's dollars before this bill."),
}
KEYS = {
    "base": shapes.Key(shapes.BASE, "The lines it is taken of: ids, a tag of 'taxes', or all before it."),
    "percent": shapes.Key(shapes.AMOUNT, "Percent of the rounded lines; negative for a credit; a number or a formula."),
    "exempt": shapes.optional(shapes.AMOUNT, "Dollars of the base that carry none."),
    "cap": shapes.optional(shapes.AMOUNT, "The most dollars of one period, charged or credited."),
    "year_cap": shapes.optional(shapes.record(YEAR), "The most dollars of a year."),
    "prorate": shapes.optional(shapes.FLAG, "Whether exemption and cap follow the days of other periods (true)."),
}
#: Largest percentage either way.
PERCENT_LIMIT = Decimal(1000)


@dataclass(frozen=True, slots=True)
class YearCap:
    """At most ``cap`` dollars a year, of which ``so_far`` says what is used: a determinant, a value or a formula."""

    cap: Decimal
    so_far: Measure


@dataclass(frozen=True, slots=True)
class PercentOfSettings(Settings):
    """``percent`` of the rounded lines ``base``, without the first ``exempt`` dollars, at most ``cap`` either way.

    ``exempt`` and ``cap`` are dollars of one period and follow its days with ``prorate``; without, of the whole bill,
    but ``as_they_come`` are those that rest on the days charged already. Where a line stands once for a bill that is
    cut, so do the limits (``whole``): on its last stretch.
    """

    base: tuple[str, ...]
    percent: Formula
    exempt: Formula | None
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

    def settled_whole(self) -> PercentOfSettings:
        return replace(self, whole=True)

    def determinants(self) -> tuple[Determinant, ...]:
        return () if self.year is None else self.year.so_far.determinants()

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        words = Step(N_("Of {base}"), {"base": ", ".join(self.base)})
        found = [computed(words, self.percent, "percent")]
        if self.exempt is not None:
            found.append(computed(Step(N_("Exempt")), self.exempt, "period"))
        if self.cap is not None:
            found.append(computed(Step(N_("At most")), self.cap, "period"))
        if self.year is not None:
            found.append(Rate(Step(N_("At most")), self.year.cap, "year"))
        return tuple(found)


def _percent(place: Field, context: Context) -> Formula:
    text = place.text(expected="a number or a formula")
    if text.lstrip("-+").replace(".", "").isdigit():
        return constant(place.decimal(decimals=6, low=-PERCENT_LIMIT, high=PERCENT_LIMIT))
    formula = read_formula(place, context)
    fixed_within(place, formula, decimals=6, low=-PERCENT_LIMIT, high=PERCENT_LIMIT)
    if formula.unit not in (None, PURE):
        place.refuse(expected="percent: a pure number")
    return formula


def _dollars(place: Field, context: Context) -> Formula:
    amount = read_amount(place, context, low=Decimal(0))
    if amount.unit not in (None, PURE, (("USD", 1),)):
        place.refuse(expected="dollars")
    return amount


def _year(place: Field, context: Context) -> YearCap:
    entries = place.entries(*shapes.names(YEAR))
    cap = entries["cap"].decimal(decimals=2, low=Decimal(0), high=PRICE_LIMIT * 10)
    return YearCap(cap, read_measure(entries["so_far"], context, kind="count"))


def read(place: Field, entries: Mapping[str, Field], context: Context) -> PercentOfSettings:
    """Read and check the settings; problems are reported through the fields."""
    base = read_base(entries["base"], context)
    undivided = any_undivided(base, context)
    prorate = entries["prorate"].flag() if "prorate" in entries else True
    amounts = {name: _dollars(entries[name], context) for name in ("exempt", "cap") if name in entries}
    for name, amount in amounts.items() if prorate else ():
        shared_by_days(entries[name], amount, context, instead="'prorate: false'")
    return PercentOfSettings(
        base=base,
        percent=_percent(entries["percent"], context),
        exempt=amounts.get("exempt"),
        cap=amounts.get("cap"),
        year=_year(entries["year_cap"], context) if "year_cap" in entries else None,
        prorate=prorate,
        as_they_come=frozenset(name for name, amount in amounts.items() if follows_days(amount, context)),
        rests_on_undivided=undivided,
        whole=undivided and ("year_cap" in entries or bool(amounts)),
    )
