"""A charge per unit on one bill: "for each kWh delivered, an adjustment of $…, as set for the quarter"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from meterbook.engine.rates.components.per_unit.settings import PerUnitSettings
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.in_decimal import measured, measuring, price_of, reasons
from meterbook.engine.rates.spans import (
    HUNDRED,
    MILLIONTH,
    Charge,
    Entry,
    Facts,
    Span,
    plain,
    say,
    usd,
)
from meterbook.engine.trace import N_, Step


def _stretches(settings: PerUnitSettings, span: Span) -> list[tuple[int, Span, Formula]]:
    """The days of the span under each price: its place in the series, the days, the price."""
    series = settings.prices
    if settings.change == "first_period_on_or_after":
        at = max([0, *(place for place, dated in enumerate(series) if dated.since <= span.began)])
        return [(at, span, series[at].price)]
    found: list[tuple[int, Span, Formula]] = []
    for at, dated in enumerate(series):
        begins = span.starts if at == 0 else max(span.starts, dated.since)
        finishes = span.ends if at + 1 == len(series) else min(span.ends, series[at + 1].since)
        if begins < finishes:
            found.append((at, replace(span, starts=begins, ends=finishes), dated.price))
    return found


def ready(settings: PerUnitSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: the quantity of each price's days × the price."""
    per_period, full = settings.per_period, span.full_days
    stretches = [
        (at, days, formula, measuring(settings.quantity, days, component=component))
        for at, days, formula in _stretches(settings, span)
    ]

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        lines: list[Entry] = []
        for at, days, formula, quantity in stretches:
            price = formula.constant
            if price is None:
                price = price_of(formula, days, facts, charged, component=component)
            used = quantity(facts, charged)
            exact = used * price * HUNDRED
            if per_period and days.days != full:
                exact = exact * days.days / full
                used = (used * days.days / full).quantize(MILLIONTH, ROUND_HALF_UP)
            if used:
                lines.append((0, at, days.starts, days.ends, used, price, exact))
        return lines

    return charge


def steps(
    settings: PerUnitSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The charge in words."""
    _, at, begins, finishes, quantity, price, exact = entry
    unit = settings.unit or unit
    known, days, name = settings.quantity.determinant, (finishes - begins).days, settings.quantity.name
    here = replace(span, starts=begins, ends=finishes)
    found: list[Step] = []
    if known is None:
        formula = cast("Formula", settings.quantity.formula)
        found += reasons(formula, here, facts, charged, component="")
        whole = measured(settings.quantity, here, facts, charged, component="")
    else:
        whole = Decimal(str(facts[known.name]))
    total, part = plain(whole), plain(quantity)
    if settings.per_period:
        words = N_("This charge rests on {total} {unit} for a normal period ({name}).")
        found.append(say(words, total=total, unit=unit, name=name))
        if days != span.full_days:
            words = N_("{days} days are charged: {total} × {days} ÷ {full} = {part} {unit}.")
            found.append(say(words, days=days, full=span.full_days, total=total, part=part, unit=unit))
    elif known is not None:
        found.append(say(N_("The bill counts {total} {unit} ({name})."), total=total, unit=unit, name=name))
        if quantity != whole:
            words = N_("{days} of its {bill} days carry {part} of {total} {unit}.")
            found.append(say(words, days=days, bill=span.bill_days, part=part, total=total, unit=unit))
    if len(settings.prices) > 1:
        words = N_("A bill takes the price in force on its first day: since {since}, {price} for one {unit}.")
        if settings.change == "split":
            words = N_("Since {since} the price of one {unit} is {price}.")
        found.append(say(words, since=settings.prices[at].since, price=usd(price), unit=unit))
    found += reasons(settings.prices[at].price, here, facts, charged, component="", money=True)
    words = N_("{part} {unit} × {price} = {product}.")
    return [*found, say(words, part=part, unit=unit, price=usd(price), product=usd(exact / HUNDRED))]
