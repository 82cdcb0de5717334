"""A charge per unit on one bill: "for each kWh delivered, an adjustment of $…, as set for the quarter"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.per_unit.settings import PerUnitSettings
from meterbook.engine.rates.spans import (
    HUNDRED,
    MILLIONTH,
    Charge,
    Entry,
    Facts,
    Span,
    cents,
    number,
    plain,
    say,
    usd,
)
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
    whole, days, name = Decimal(str(facts[settings.quantity])), (finishes - begins).days, settings.quantity
    total, part = plain(whole), plain(quantity)
    product = quantity * price
    found: list[Step] = []
    if settings.per_period:
        product = whole * price * days / span.full_days
        words = N_("This charge rests on {total} {unit} for a normal period ({name}).")
        found.append(say(words, total=total, unit=unit, name=name))
        if days != span.full_days:
            words = N_("{days} days are charged: {total} × {days} ÷ {full} = {part} {unit}.")
            found.append(say(words, days=days, full=span.full_days, total=total, part=part, unit=unit))
    else:
        found.append(say(N_("The bill counts {total} {unit} ({name})."), total=total, unit=unit, name=name))
        if quantity != whole:
            words = N_("{days} of its {bill} days carry {part} of {total} {unit}.")
            found.append(say(words, days=days, bill=span.bill_days, part=part, total=total, unit=unit))
    if len(settings.prices) > 1:
        words = N_("A bill takes the price in force on its first day: since {since}, {price} for one {unit}.")
        if settings.change == "split":
            words = N_("Since {since} the price of one {unit} is {price}.")
        found.append(say(words, since=settings.prices[at].since, price=usd(price), unit=unit))
    words = N_("{part} {unit} × {price} = {product}.")
    return [*found, say(words, part=part, unit=unit, price=usd(price), product=usd(product))]
