"""Settings of a minimum bill."""

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
    "amount": shapes.Key(shapes.AMOUNT, "Dollars these lines come to at least; a number or a formula."),
    "per": shapes.Key(shapes.choice("period", "day", "year"), "What the amount is for."),
    "times": shapes.optional(shapes.MEASURE, "A count or quantity the amount is multiplied by, such as contract kW."),
    "periods_per_year": shapes.optional(shapes.WHOLE, "Equal parts a yearly amount is asked in."),
    "settled_in": shapes.optional(shapes.WHOLE, "The month (1 to 12) at whose end a yearly amount is settled at once."),
    "so_far": shapes.optional(shapes.MEASURE, "With 'settled_in': dollars of these lines on the year's earlier bills."),
    "prorate": shapes.optional(shapes.FLAG, "Whether other periods are asked by days (true)."),
}


@dataclass(frozen=True, slots=True)
class MinimumSettings(Settings):
    """The lines ``base`` come to at least ``amount`` per ``per`` (period, day, year), times ``times`` if named.

    Where any of them stands once for a bill that is cut, this does so too (``whole``): for all, on the last stretch.

    A yearly amount is asked in ``periods_per_year`` equal parts, or settled on the bill that holds the last day of the
    month ``settled_in``, together with what the year's earlier bills came to (``so_far``).
    """

    base: tuple[str, ...]
    amount: Formula
    per: str
    times: Measure | None
    periods_per_year: int
    settled_in: int | None
    so_far: Measure | None
    prorate: bool
    rests_on_days: bool = False
    whole: bool = False

    @property
    def undivided(self) -> bool:
        return self.whole or self.settled_in is not None

    @property
    def settles_whole(self) -> bool:
        return self.whole

    def settled_whole(self) -> MinimumSettings:
        return self if self.settled_in is not None else replace(self, whole=True)

    def determinants(self) -> tuple[Determinant, ...]:
        measures = [measure for measure in (self.times, self.so_far) if measure is not None]
        return tuple(one for measure in measures for one in measure.determinants())

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        per = self.per if self.times is None else f"{self.per}, {self.times.name}"
        words = Step(N_("At least, for {base}"), {"base": ", ".join(self.base)})
        return (computed(words, self.amount, per),)


def _yearly(place: Field, entries: Mapping[str, Field], per: str) -> None:
    """A yearly amount says how it is asked; no other does."""
    ways = [name for name in ("periods_per_year", "settled_in") if name in entries]
    if per != "year":
        for name in (*ways, *(one for one in ("so_far",) if one in entries)):
            entries[name].refuse(expected="no such key unless per is year")
        return
    if len(ways) != 1:
        found = "both" if ways else "per: year alone"
        place.refuse(found=found, expected="either 'periods_per_year' or 'settled_in'")
    if ("settled_in" in entries) != ("so_far" in entries):
        place.refuse(found="one of 'settled_in' and 'so_far'", expected="both, or neither")
    if "settled_in" in entries and "prorate" in entries:
        entries["prorate"].refuse(expected="no such key with 'settled_in': the year is settled whole")


def _amount(entries: Mapping[str, Field], per: str, context: Context) -> tuple[Formula, Measure | None]:
    """The amount and what it is multiplied by; neither is shared by days a second time."""
    amount = read_amount(entries["amount"], context, low=Decimal(0))
    times = read_measure(entries["times"], context, kind="per_period") if "times" in entries else None
    if times is not None:
        priced_in(entries["amount"], amount, unit_of(times, context))
    by_days = "prorate" not in entries or entries["prorate"].flag()
    if per == "day" or (by_days and "settled_in" not in entries):
        instead = "'per: period' and 'prorate: false'" if per == "day" else "'prorate: false'"
        shared_by_days(entries["amount"], amount, context, instead=instead)
        if times is not None:
            shared_by_days(entries["times"], times, context, instead=instead)
    return amount, times


def read(place: Field, entries: Mapping[str, Field], context: Context) -> MinimumSettings:
    """Read and check the settings; problems are reported through the fields."""
    per = entries["per"].choice("period", "day", "year")
    _yearly(place, entries, per)
    amount, times = _amount(entries, per, context)
    base = read_base(entries["base"], context)
    return MinimumSettings(
        base=base,
        amount=amount,
        per=per,
        times=times,
        periods_per_year=entries["periods_per_year"].whole(low=1, high=12) if "periods_per_year" in entries else 1,
        settled_in=entries["settled_in"].whole(low=1, high=12) if "settled_in" in entries else None,
        so_far=read_measure(entries["so_far"], context, kind="per_period") if "so_far" in entries else None,
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
        rests_on_days=follows_days(amount, context) or follows_days(times, context),
        whole=any_undivided(base, context) and "settled_in" not in entries,
    )
