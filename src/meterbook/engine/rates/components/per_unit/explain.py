"""A charge per unit on one bill: "for each kWh delivered, an adjustment of $…, as set for the quarter"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.per_unit.settings import PerUnitSettings
from meterbook.engine.rates.spans import HUNDRED, MILLIONTH, Charge, Entry, Facts, Span, cents, number
from meterbook.engine.rates.terms import QUANTITY_LIMIT, Determinant
from meterbook.engine.trace import N_, Step


def _stretches(settings: PerUnitSettings, span: Span) -> list[tuple[int, date, date, Decimal]]:
    """The days of the span under each price: its place in the series, first day, day after, dollars."""
    series = settings.prices
    if settings.change == "first_period_on_or_after":
        at = max([0, *(place for place, dated in enumerate(series) if dated.since <= span.opens)])
        return [(at, span.starts, span.ends, series[at].price)]
    found: list[tuple[int, date, date, Decimal]] = []
    for at, dated in enumerate(series):
        begins = span.starts if at == 0 else max(span.starts, dated.since)
        finishes = span.ends if at + 1 == len(series) else min(span.ends, series[at + 1].since)
        if begins < finishes:
            found.append((at, begins, finishes, dated.price))
    return found


def ready(settings: PerUnitSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: the quantity of each price's days × the price."""
    determinant = Determinant(settings.quantity, "per_period" if settings.per_period else "usage")
    name, skip, per_period = settings.quantity, settings.skip_missing, settings.per_period
    stretches = [
        (at, begins, finishes, price, price * HUNDRED, (finishes - begins).days,
         begins == span.opens and finishes == span.closes)
        for at, begins, finishes, price in _stretches(settings, span)
    ]  # fmt: skip
    full = span.full_days

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        if skip and facts.get(name) is None:
            return []
        quantity = number(facts, determinant, span=span, component=component, limit=QUANTITY_LIMIT)
        lines: list[Entry] = []
        for at, begins, finishes, price, price_in_cents, days, undivided in stretches:
            if per_period:
                used = quantity if days == full else (quantity * days / full).quantize(MILLIONTH, ROUND_HALF_UP)
                exact = quantity * price_in_cents * days / full
            else:
                used = quantity if undivided else span.usage_of(quantity, starts=begins, ends=finishes)
                exact = used * price_in_cents
            if used:
                lines.append((0, at, begins, finishes, used, price, cents(exact)))
        return lines

    return charge


def steps(
    settings: PerUnitSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The charge in words."""
    _, at, begins, finishes, quantity, price, _ = entry
    whole = Decimal(str(facts[settings.quantity]))
    days = (finishes - begins).days
    values = {"whole": whole, "unit": unit, "name": settings.quantity, "days": days, "bill": span.bill_days,
              "full": span.full_days, "quantity": quantity, "price": price, "since": settings.prices[at].since,
              "product": (whole * price * days / span.full_days if settings.per_period else quantity * price).quantize(
                  Decimal(1).scaleb(-8))}  # fmt: skip
    found: list[Step] = []
    if settings.per_period:
        found.append(Step(N_("The bill rests on {whole} {unit} for a normal period ({name})."), dict(values)))
        if days != span.full_days:
            found.append(
                Step(N_("{days} days are charged: {whole} × {days} ÷ {full} = {quantity} {unit}."), dict(values))
            )
    else:
        found.append(Step(N_("The bill counts {whole} {unit} ({name})."), dict(values)))
        if quantity != whole:
            found.append(Step(N_("{days} of its {bill} days carry {quantity} of {whole} {unit}."), dict(values)))
    if len(settings.prices) > 1 and settings.change == "split":
        found.append(Step(N_("Since {since} the price of one {unit} is ${price}."), dict(values)))
    elif len(settings.prices) > 1:
        words = N_("A bill takes the price in force on its first day: since {since}, ${price} for one {unit}.")
        found.append(Step(words, dict(values)))
    return [*found, Step(N_("{quantity} {unit} × ${price} = ${product}."), dict(values))]
