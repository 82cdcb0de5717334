"""A percentage of other lines on one bill: "… percent of the charges for service, but not more than $… a month"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.percent_of.settings import PERCENT_LIMIT, PercentOfSettings, YearCap
from meterbook.engine.rates.language.in_decimal import measured, price_of, quantity_of, reasons
from meterbook.engine.rates.spans import (
    HUNDRED,
    MILLIONTH,
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
from meterbook.engine.rates.terms import CENTS_LIMIT, COUNT_LIMIT, OutOfRange
from meterbook.engine.trace import N_, Step


def _rest(year: YearCap, span: Span, facts: Facts, charged: Mapping[str, int], component: str) -> int:
    """Cents that the year still leaves these days; the bill's days share them, and the shares sum to the whole."""
    used = measured(year.so_far, span, facts, charged, component=component, limit=COUNT_LIMIT)
    left = int(max(ZERO, year.cap - used) * HUNDRED)
    before, after = (span.starts - span.opens).days, (span.ends - span.opens).days
    return left * after // span.bill_days - left * before // span.bill_days


def _full(settings: PercentOfSettings, span: Span) -> int:
    """The days that carry the whole exemption and cap."""
    return span.full_days if settings.prorate else span.bill_days


def _days(settings: PercentOfSettings, name: str, span: Span) -> int:
    """The days that exemption or cap are counted for."""
    return _full(settings, span) if name in settings.as_they_come else span.days


def _within(value: Decimal, most: Decimal) -> Decimal:
    return max(-most, min(value, most))


def _of_span(settings: PercentOfSettings, span: Span, *, component: str) -> Charge:
    """The charge on this span. Everything is reckoned times the days of a whole charge and divided once, at the end."""
    full = _full(settings, span)

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        total = sum(charged[name] for name in settings.base)
        if abs(total) > CENTS_LIMIT:
            raise OutOfRange(schedule=span.schedule, what=f"component {component} rests on too large an amount")
        base = Decimal(total) * full
        if settings.exempt is not None:
            exempt = price_of(settings.exempt, span, facts, charged, component=component)
            base = max(ZERO, base - exempt * HUNDRED * _days(settings, "exempt", span))
        percent = quantity_of(settings.percent, span, facts, charged, component=component, limit=PERCENT_LIMIT)
        rate = percent.scaleb(-2)
        amount = base * rate
        if settings.cap is not None:
            cap = max(ZERO, price_of(settings.cap, span, facts, charged, component=component))
            amount = _within(amount, cap * HUNDRED * _days(settings, "cap", span))
        if settings.year is not None:
            amount = _within(amount, Decimal(_rest(settings.year, span, facts, charged, component)) * full)
        if not amount:
            return []
        shown = (base / (full * HUNDRED)).quantize(MILLIONTH, rounding=ROUND_HALF_UP)
        return [(0, 0, span.starts, span.ends, shown, rate, amount / full)]

    return charge


def ready(settings: PercentOfSettings, span: Span, *, component: str) -> Charge:
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
    settings: PercentOfSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The percentage in words, with every amount it is taken of and whatever limits it."""
    if settings.whole:
        span, charged = whole_bill(span, charged)
    lines = ", ".join(f"{name} {usd(Decimal(charged[name]).scaleb(-2))}" for name in settings.base)
    total = Decimal(sum(charged[name] for name in settings.base)).scaleb(-2)
    found = [say(N_("This rests on the lines {lines}: together {base}."), lines=lines, base=usd(total))]
    full = Decimal(_full(settings, span))
    if settings.exempt is not None:
        exempt = price_of(settings.exempt, span, facts, charged, component="") * _days(settings, "exempt", span) / full
        words = N_("The first {exempt} of these days are exempt, which leaves {rest}.")
        found.append(say(words, exempt=usd(exempt), rest=usd(entry[4])))
    found += reasons(settings.percent, span, facts, charged, component="")
    percent, product = plain(entry[5] * 100), entry[4] * entry[5]
    words = N_("{percent} percent of {base} = {product}.")
    found.append(say(words, percent=percent, base=usd(entry[4]), product=usd(product)))
    if settings.cap is not None:
        cap = price_of(settings.cap, span, facts, charged, component="") * _days(settings, "cap", span) / full
        found.append(say(N_("It is at most {cap} for these days."), cap=usd(cap)))
    if settings.year is not None:
        rest = usd(Decimal(_rest(settings.year, span, facts, charged, "")).scaleb(-2))
        words = N_("A year has at most {cap}; for these days {rest} is left.")
        found.append(say(words, cap=usd(settings.year.cap), rest=rest))
    return found
