"""Settings of an energy charge by time of use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import (
    Measure,
    computed,
    follows_days,
    read_amount,
    read_bound,
    read_measure,
    shared_by_days,
    shown_number,
)
from meterbook.engine.rates.language.calendars import Calendar
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.needs import EnergyNeed, Need, TiersNeed, Widths
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step, Value

#: The conventions of tiered time of use; see README.
CONVENTIONS = ("shared_pro_rata", "per_period", "chronological", "openstudio")
#: What an upper end is written in.
TIER_UNITS = ("kwh", "kwh_per_kw", "kwh_daily", "kwh_per_kw_daily")

TIER = {
    "price": shapes.Key(shapes.AMOUNT, "Dollars per unit; a number or a formula."),
    "adjustment": shapes.optional(shapes.AMOUNT, "Dollars per unit added to the price."),
    "up_to": shapes.optional(shapes.AMOUNT, "Upper end counted from zero, number or formula; the last tier has none."),
    "label": shapes.optional(shapes.BILINGUAL, "The words printed in place of the component's own."),
}
PERIOD = {
    "price": shapes.optional(shapes.AMOUNT, "Dollars per unit; a number or a formula. This or 'tiers'."),
    "adjustment": shapes.optional(shapes.AMOUNT, "Dollars per unit added to the price."),
    "tiers": shapes.optional(shapes.listed(shapes.record(TIER), most=99), "The period's tiers in order."),
    "quantity": shapes.optional(shapes.MEASURE, "What is counted, in place of kwh_<period> (export_<period>)."),
    "label": shapes.optional(shapes.BILINGUAL, "The words printed in place of the component's own."),
}
KEYS = {
    "periods": shapes.Key(shapes.mapped(shapes.record(PERIOD)), "The price of every period of the calendar."),
    "calendar": shapes.optional(shapes.WORD, "Which of the version's calendars (time_of_use)."),
    "flow": shapes.optional(shapes.choice("import", "export"), "Energy taken (import) or fed in (export)."),
    "tiers_over": shapes.optional(shapes.choice(*CONVENTIONS), "How tiers and periods meet; must stand if both do."),
    "tier_unit": shapes.optional(shapes.choice(*TIER_UNITS), "What upper ends are written in (kwh)."),
    "demand": shapes.optional(shapes.MEASURE, "The kW that ends in kWh per kW are multiplied by."),
    "widths": shapes.optional(shapes.choice("by_days", "as_written"), "Whether upper ends scale with days (by_days)."),
}


@dataclass(frozen=True, slots=True)
class Tier:
    """Units above the tier before and up to ``up_to`` (``None``: without end) at ``price`` + ``adjustment`` dollars.

    ``quantity`` is what is counted where the intervals say so by period and tier; ``rests_on_days``: the end as written
    is that of the days charged already.
    """

    up_to: Formula | None
    price: Formula
    adjustment: Formula | None
    label: dict[str, str] | None
    quantity: Measure | None = None
    rests_on_days: bool = False


@dataclass(frozen=True, slots=True)
class PeriodPrice:
    """One period of the calendar: what is counted, and its tiers (one, if it has a single price)."""

    name: str
    quantity: Measure
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class TimeOfUseSettings(Settings):
    """Every period's prices; parts are numbered through all periods and their tiers in order.

    ``convention`` is one of `CONVENTIONS` ("" where nothing is tiered over several periods). Upper ends are multiplied
    by the kW of ``demand`` if there is one, and by the days if ``daily``; others scale ``by_days``, or are as written
    those of the whole bill. ``totals`` are the tiers' totals of all periods, which only ``openstudio`` needs.
    """

    periods: tuple[PeriodPrice, ...]
    convention: str
    demand: Measure | None
    daily: bool
    by_days: bool
    flow: str
    totals: tuple[Measure, ...] = ()

    def determinants(self) -> tuple[Determinant, ...]:
        measures: list[Measure] = []
        for period in self.periods:
            counted = [tier.quantity for tier in period.tiers if tier.quantity is not None]
            measures += counted or [period.quantity]
        measures += [*self.totals, *([] if self.demand is None else [self.demand])]
        return tuple(determinant for measure in measures for determinant in measure.determinants())

    def needs(self) -> tuple[Need, ...]:
        """What it needs of interval readings."""
        found: list[Need] = []
        widths = tuple((period.name, self.widths_of(period)) for period in self.periods)
        names: list[tuple[str | None, int, str]] = []
        for period in self.periods:
            for tier, one in enumerate(period.tiers, start=1):
                if one.quantity is not None:
                    names.append((period.name, tier, one.quantity.name))
            if not any(one.quantity for one in period.tiers) and period.quantity.determinant is not None:
                found.append(EnergyNeed(period.quantity.name, period.name, self.flow))
        names += [(None, tier, total.name) for tier, total in enumerate(self.totals, start=1)]
        return (*found, TiersNeed(tuple(names), widths, self.flow)) if names else tuple(found)

    def widths_of(self, period: PeriodPrice) -> Widths:
        """The upper ends of a period's tiers."""
        bounds = tuple(tier.up_to for tier in period.tiers if tier.up_to is not None)
        return Widths(bounds, self.demand, self.daily, self.by_days)

    def parts(self) -> tuple[tuple[int, int, PeriodPrice, Tier], ...]:
        """Part, number of the tier, period and tier, in print order."""
        flat = [(number, period, tier) for period in self.periods for number, tier in enumerate(period.tiers, start=1)]
        return tuple((part, number, period, tier) for part, (number, period, tier) in enumerate(flat, start=1))

    def label_of(self, part: int) -> dict[str, str] | None:
        parts = self.parts()
        return parts[part - 1][3].label if 0 < part <= len(parts) else None

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        found: list[Rate] = []
        low: Value = 0
        ends = unit + ("/kW" if self.demand is not None else "") + ("/d" if self.daily else "")
        for _, number, period, tier in self.parts():
            high = 0 if tier.up_to is None else shown_number(tier.up_to)
            measure = unit if number == 1 and tier.up_to is None else ends
            values: dict[str, Value] = {"low": low, "high": high, "unit": measure, "period": spoken(period.name)}
            words = (
                N_("{period}, up to {high} {unit}") if number == 1 else N_("{period}, over {low} up to {high} {unit}")
            )
            if tier.up_to is None:
                words = N_("{period}, all {unit}") if number == 1 else N_("{period}, over {low} {unit}")
            found.append(computed(Step(words, values), _sum(tier), unit))
            low = high
        return tuple(found)


def _sum(tier: Tier) -> Formula:
    """The price with its adjustment, as a rate sheet shows it."""
    if tier.adjustment is None:
        return tier.price
    first, second = tier.price.constant, tier.adjustment.constant
    if first is not None and second is not None:
        return Formula(f"{first + second:f}", tier.price.node, "number", None, constant=first + second)
    return Formula(f"{tier.price.text} + {tier.adjustment.text}", tier.price.node, "number", None)


def spoken(name: str) -> str:
    """A period's name as words."""
    return name.replace("_", " ")


def _counted(name: str) -> Measure:
    return Measure(name, Determinant(name, "usage"), None)


class _Reading:
    """What the periods' prices are read with."""

    def __init__(
        self, label: dict[str, str], calendar: Calendar | None, context: Context, flow: str,
        demand: Measure | None, instead: str
    ) -> None:  # fmt: skip
        self.label, self.calendar, self.context = label, calendar, context
        self.demand, self.instead = demand, instead
        self.prefix = "kwh" if flow == "import" else "export"

    def period(self, name: str, place: Field, convention: str) -> PeriodPrice:
        entries = place.entries(*shapes.names(PERIOD))
        if ("price" in entries) == ("tiers" in entries):
            found = "both" if "price" in entries else "neither"
            place.refuse(found=found, expected="either 'price' or 'tiers'")
        own = f"{self.prefix}_{name}"
        quantity = _counted(own)
        if "quantity" in entries:
            quantity = read_measure(entries["quantity"], self.context, kind="usage")
            if convention == "chronological":
                expected = "no such key: each tier is counted over time, kwh_<period>_tier_<number>"
                entries["quantity"].refuse(expected=expected)
        label = entries["label"].bilingual() if "label" in entries else None
        tiers = self.tiers(name, entries, label) if "tiers" in entries else ()
        if "price" in entries:
            tiers = (Tier(None, *self.price(entries), label or self.words(name, 0)),)
        elif "adjustment" in entries:
            entries["adjustment"].refuse(expected="no such key beside 'tiers': each tier has its own")
        if convention == "chronological":
            tiers = tuple(
                replace(tier, quantity=_counted(f"{own}_tier_{number}")) for number, tier in enumerate(tiers, start=1)
            )
        return PeriodPrice(name, quantity, tiers)

    def price(self, entries: Mapping[str, Field]) -> tuple[Formula, Formula | None]:
        price = read_amount(entries["price"], self.context)
        return price, read_amount(entries["adjustment"], self.context) if "adjustment" in entries else None

    def tiers(self, name: str, entries: Mapping[str, Field], label: dict[str, str] | None) -> tuple[Tier, ...]:
        if label is not None:
            entries["label"].refuse(expected="no such key beside 'tiers': each tier has its own")
        found: list[Tier] = []
        fields = entries["tiers"].items(most=99)
        low = Decimal(0)
        for number, field in enumerate(fields, start=1):
            own = field.entries(*shapes.names(TIER))
            bound: Formula | None = None
            if "up_to" in own:
                bound = read_bound(own["up_to"], self.context)
                if self.instead:
                    shared_by_days(own["up_to"], bound, self.context, instead=self.instead)
                if bound.constant is not None:
                    if bound.constant <= low:
                        own["up_to"].refuse(expected=f"more than {low}, the bound of the tier before")
                    low = bound.constant
                if number == len(fields):
                    own["up_to"].refuse(expected="no bound: the last tier is open")
            elif number < len(fields) and field.node is not None:
                field.refuse(found="a tier without a bound", expected="the key 'up_to' in every tier but the last")
            words = own["label"].bilingual() if "label" in own else self.words(name, number if len(fields) > 1 else 0)
            rests = follows_days(bound, self.context) or follows_days(self.demand, self.context)
            found.append(Tier(bound, *self.price(own), words, rests_on_days=rests))
        return tuple(found)

    def words(self, name: str, number: int) -> dict[str, str]:
        """The component's label, the period's, and the tier's number if there are several."""
        period = None if self.calendar is None or name not in self.calendar.periods else self.calendar.label_of(name)
        tier = {"en": f", tier {number}", "es": f", nivel {number}"} if number else {}
        return {language: f"{text}, {(period or {}).get(language, spoken(name))}{tier.get(language, '')}"
                for language, text in self.label.items()}  # fmt: skip


def _calendar(place: Field, entries: Mapping[str, Field], context: Context) -> Calendar | None:
    wanted = "time_of_use"
    if "calendar" in entries:
        wanted = entries["calendar"].choice(*(list(context.calendars) or [wanted]))
    if wanted not in context.calendars:
        place.refuse(found="no hours of use", expected="the key 'time_of_use' in this version")
    return context.calendars.get(wanted)


def _tiering(place: Field, entries: Mapping[str, Field], several: bool, tiered: bool) -> str:
    """The convention by which tiers and periods meet."""
    if "tiers_over" in entries:
        convention = entries["tiers_over"].choice(*CONVENTIONS)
        if not tiered:
            entries["tiers_over"].refuse(expected="no such key: no period has tiers")
        return convention
    if tiered and several:
        place.refuse(found="tiers in several periods", expected="the key 'tiers_over': " + ", ".join(CONVENTIONS))
    return "per_period" if tiered else ""


def read(place: Field, entries: Mapping[str, Field], context: Context) -> TimeOfUseSettings:
    """Read and check the settings; problems are reported through the fields."""
    calendar = _calendar(place, entries, context)
    flow = entries["flow"].choice("import", "export") if "flow" in entries else "import"
    places = dict(entries["periods"].pairs(expected="a mapping from each period to its price"))
    known = () if calendar is None else calendar.periods
    for name, field in places.items():
        if calendar is not None and name not in known:
            field.refuse(found=f"the period {name}", expected="one of " + ", ".join(known))
    missing = [name for name in known if name not in places]
    if missing:
        entries["periods"].refuse(found="no price of " + ", ".join(missing), expected="every period of the calendar")
    tiered = any(key == "tiers" for field in places.values() if field.is_mapping() for key, _ in field.pairs())
    convention = _tiering(place, entries, len(places) > 1, tiered)
    unit = entries["tier_unit"].choice(*TIER_UNITS) if "tier_unit" in entries else "kwh"
    per_kw, daily = "per_kw" in unit, unit.endswith("daily")
    if per_kw is not ("demand" in entries):
        place.refuse(
            found="'demand' and 'tier_unit' that do not fit", expected="'demand' with, and only with, ends per kW"
        )
    if daily and "widths" in entries:
        entries["widths"].refuse(expected="no such key: daily ends are those of the days charged")
    by_days = "widths" not in entries or entries["widths"].choice("by_days", "as_written") == "by_days"
    instead = "'widths: as_written'" if by_days else ""
    if daily:
        instead = "'widths: as_written' and a 'tier_unit' that is not daily"
    demand = read_measure(entries["demand"], context, kind="count") if "demand" in entries else None
    if demand is not None and instead:
        shared_by_days(entries["demand"], demand, context, instead=instead)
    reading = _Reading(entries["label"].bilingual(), calendar, context, flow, demand, instead)
    periods = tuple(reading.period(name, field, convention) for name, field in places.items())
    most = max((len(period.tiers) for period in periods), default=0)
    totals = [f"{reading.prefix}_tier_{number}" for number in range(1, most + 1)] if convention == "openstudio" else []
    return TimeOfUseSettings(
        periods=periods,
        convention=convention,
        demand=demand,
        daily=daily,
        by_days=by_days,
        flow=flow,
        totals=tuple(_counted(name) for name in totals),
    )
