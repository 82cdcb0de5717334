"""A discount on one bill: "a credit of … percent of the energy charge, not to exceed $… a month"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.discount.settings import (
    BASE_LIMIT,
    PERCENT_LIMIT,
    DiscountSettings,
    First,
    YearCap,
)
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.in_decimal import measured, price_of, quantity_of, reasons
from meterbook.engine.rates.spans import (
    HUNDRED,
    MILLIONTH,
    ONE,
    ZERO,
    Charge,
    Entry,
    Facts,
    Span,
    plain,
    say,
    usd,
    whole_bill,
)
from meterbook.engine.rates.terms import COUNT_LIMIT, OutOfRange
from meterbook.engine.trace import N_, Step

_FINE = ONE.scaleb(-12)


def _rest(year: YearCap, span: Span, facts: Facts, charged: Mapping[str, int], component: str) -> int:
    """Cents that the year still leaves these days; the bill's days share them, and the shares sum to the whole."""
    used = measured(year.so_far, span, facts, charged, component=component, limit=COUNT_LIMIT)
    left = int(max(ZERO, year.cap - used) * HUNDRED)
    before, after = (span.starts - span.opens).days, (span.ends - span.opens).days
    return left * after // span.bill_days - left * before // span.bill_days


def _full(settings: DiscountSettings, span: Span) -> int:
    """The days that carry the whole dollars."""
    return span.full_days if settings.prorate else span.bill_days


def _days(settings: DiscountSettings, name: str, span: Span) -> int:
    """The days that dollars off, least or cap are counted for."""
    return _full(settings, span) if name in settings.as_they_come else span.days


def _first_units(first: First, span: Span, facts: Facts, charged: Mapping[str, int], component: str) -> Decimal:
    """The units that are discounted, by days where this is not one whole period."""
    units = quantity_of(first.units, span, facts, charged, component=component)
    if not span.whole:
        step = ONE.scaleb(-span.version.proration.tier_decimals)
        units = (units * span.days / span.full_days).quantize(step, rounding=ROUND_HALF_UP)
    return max(ZERO, units)


def _eligible(first: First | None, base: Decimal, span: Span, facts: Facts, charged: Mapping[str, int],
              component: str) -> Decimal:  # fmt: skip
    """Dollars of the lines that carry the percentage."""
    if first is None:
        return base
    used = measured(first.quantity, span, facts, charged, component=component)
    units = _first_units(first, span, facts, charged, component)
    if not used:
        return base
    return (base * min(used, units) / used).quantize(_FINE, rounding=ROUND_HALF_UP)


def _of_span(settings: DiscountSettings, span: Span, *, component: str) -> Charge:
    """The discount on this span. Everything is reckoned times the days of a whole charge and divided once."""
    full = _full(settings, span)

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        total = sum(charged[name] for name in settings.of)
        if abs(total) > BASE_LIMIT:
            raise OutOfRange(schedule=span.schedule, what=f"component {component} rests on too large an amount")
        base = Decimal(total).scaleb(-2)

        def dollars(name: str, formula: Formula) -> Decimal:
            most = max(ZERO, price_of(formula, span, facts, charged, component=component))
            return most * _days(settings, name, span)

        if settings.percent is not None:
            percent = quantity_of(settings.percent, span, facts, charged, component=component, limit=PERCENT_LIMIT)
            eligible = _eligible(settings.first, base, span, facts, charged, component)
            off = max(ZERO, eligible * percent.scaleb(-2) * full)
            quantity, price = eligible.quantize(MILLIONTH, rounding=ROUND_HALF_UP), -percent.scaleb(-2)
        else:
            assert settings.dollars is not None
            price = -price_of(settings.dollars, span, facts, charged, component=component)
            days = _days(settings, "dollars", span)
            off = max(ZERO, -price) * days
            quantity = (ONE * days / full).quantize(MILLIONTH, rounding=ROUND_HALF_UP)
        off = min(off, max(ZERO, base * full - dollars("least", settings.least)))
        if settings.cap is not None:
            off = min(off, dollars("cap", settings.cap))
        if settings.year is not None:
            off = min(off, Decimal(_rest(settings.year, span, facts, charged, component)).scaleb(-2) * full)
        return [(0, 0, span.starts, span.ends, quantity, price, -off * HUNDRED / full)] if off else []

    return charge


def ready(settings: DiscountSettings, span: Span, *, component: str) -> Charge:
    """As for every span; where it looks at a whole bill, once, on the bill's last days."""
    if not settings.whole or (span.last and span.starts == span.opens):
        return _of_span(settings, span, component=component)
    if not span.last:
        return lambda facts, charged: []

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        bill, lines = whole_bill(span, charged)
        found = _of_span(settings, bill, component=component)(facts, lines)
        return [
            (part, sub, span.starts, ends, count, price, exact) for part, sub, _, ends, count, price, exact in found
        ]

    return charge


def steps(
    settings: DiscountSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The discount in words, and whatever limits it."""
    if settings.whole:
        span, charged = whole_bill(span, charged)
    lines = ", ".join(f"{name} {usd(Decimal(charged[name]).scaleb(-2))}" for name in settings.of)
    total = Decimal(sum(charged[name] for name in settings.of)).scaleb(-2)
    found = [say(N_("This rests on the lines {lines}: together {base}."), lines=lines, base=usd(total))]
    full = Decimal(_full(settings, span))
    if settings.first is not None:
        units = _first_units(settings.first, span, facts, charged, "")
        used = measured(settings.first.quantity, span, facts, charged, component="")
        words = N_("Only the first {units} {unit} of {used} are discounted, which is {rest} of it.")
        found.append(say(words, units=plain(units), unit=unit, used=plain(used), rest=usd(entry[4])))
    if settings.percent is not None:
        found += reasons(settings.percent, span, facts, charged, component="")
        words = N_("{percent} percent of {base} = {product} off.")
        product = usd(-entry[4] * entry[5])
        found.append(say(words, percent=plain(-entry[5] * 100), base=usd(entry[4]), product=product))
    if settings.dollars is not None:
        found += reasons(settings.dollars, span, facts, charged, component="", money=True)
        words = N_("{dollars} a period is off; these days have {share} of it.")
        found.append(say(words, dollars=usd(-entry[5]), share=usd(-entry[5] * _days(settings, "dollars", span) / full)))
    least = price_of(settings.least, span, facts, charged, component="") * _days(settings, "least", span) / full
    found.append(say(N_("The lines never fall below {least} by it."), least=usd(least)))
    if settings.cap is not None:
        cap = price_of(settings.cap, span, facts, charged, component="") * _days(settings, "cap", span) / full
        found.append(say(N_("It is at most {cap} for these days."), cap=usd(cap)))
    if settings.year is not None:
        rest = usd(Decimal(_rest(settings.year, span, facts, charged, "")).scaleb(-2))
        words = N_("A year has at most {cap}; for these days {rest} is left.")
        found.append(say(words, cap=usd(settings.year.cap), rest=rest))
    return found
