"""Tiered usage on one bill: "the first … units at $…, the next … units at $…"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.tiered.settings import TieredSettings
from meterbook.engine.rates.spans import (
    HUNDRED,
    MILLIONTH,
    ONE,
    ZERO,
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
from meterbook.engine.rates.terms import COUNT_LIMIT, QUANTITY_LIMIT, Determinant
from meterbook.engine.trace import N_, Step, Value


def _bound(up_to: Decimal, count: Decimal, span: Span) -> Decimal:
    """The tier's upper end on this span: times the count, and by days if the span is not one whole period."""
    if span.whole:
        return (up_to * count).quantize(MILLIONTH, rounding=ROUND_HALF_UP)
    step = ONE.scaleb(-span.version.proration.tier_decimals)
    return (up_to * count * span.days / span.full_days).quantize(step, rounding=ROUND_HALF_UP)


def ready(settings: TieredSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: the usage that falls into each tier, at the tier's price."""
    name = settings.quantity
    usage_of = Determinant(name, "usage")
    times = None if settings.times is None else Determinant(settings.times, "count")
    starts, ends = span.starts, span.ends
    undivided = starts == span.opens and ends == span.closes

    def tiers(count: Decimal) -> list[tuple[int, Decimal | None, Decimal, Decimal]]:
        return [
            (at, None if tier.up_to is None else _bound(tier.up_to, count, span), tier.price, tier.price * HUNDRED)
            for at, tier in enumerate(settings.tiers, start=1)
        ]

    usual = tiers(ONE)

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        usage = number(facts, usage_of, span=span, component=component, limit=QUANTITY_LIMIT)
        if not undivided:
            usage = span.usage_of(usage, starts=starts, ends=ends)
        rows = usual
        if times is not None:
            rows = tiers(number(facts, times, span=span, component=component, limit=COUNT_LIMIT))
        lines: list[Entry] = []
        reached = ZERO
        for part, bound, price, price_in_cents in rows:
            if usage <= reached:
                break
            top = usage if bound is None or usage <= bound else bound
            used = top - reached
            if used:
                lines.append((part, 0, starts, ends, used, price, cents(used * price_in_cents)))
            reached = top
        return lines

    return charge


def _width(settings: TieredSettings, span: Span, part: int, facts: Facts, unit: str) -> list[Step]:
    """How wide the tier is on this bill, and why."""
    low = ZERO if part == 1 else settings.tiers[part - 2].up_to or ZERO
    high = settings.tiers[part - 1].up_to
    if high is None:
        return [say(N_("Tier {part} holds every {unit} above the tiers before it."), part=part, unit=unit)]
    width, count = high - low, ONE
    found: list[Step] = []
    if settings.times is not None:
        count = Decimal(str(facts[settings.times]))
        words = N_("Tier {part} holds {width} {unit} for each of {count} ({name}): {product} {unit} together.")
        product = plain(width * count)
        values = {"width": plain(width), "unit": unit, "name": settings.times, "product": product}
        found.append(say(words, part=part, count=plain(count), **values))
        width, high = width * count, high * count
    if span.whole:
        words = N_("Tier {part} holds {width} {unit} for a normal billing period.")
        return found or [say(words, part=part, width=plain(width), unit=unit)]
    top = _bound(settings.tiers[part - 1].up_to or ZERO, count, span)
    here = top - (_bound(low, count, span) if low else ZERO)
    days: dict[str, Value] = {"days": span.days, "full": span.full_days, "bill": span.bill_days, "unit": unit}
    exact = width * span.days / span.full_days
    if here != exact:
        words = N_(
            "Tier {part} ends at {high} {unit} per {full} days; {days} days are charged here, "
            "so {high} × {days} ÷ {full} = {exact}, rounded to {top} {unit}."
        )
        reached = plain(high * span.days / span.full_days)
        return [*found, say(words, part=part, high=plain(high), exact=reached, top=plain(top), **days)]
    if span.days == span.bill_days:
        words = N_(
            "Tier {part} holds {width} {unit} per {full} days; this bill has {days} days, "
            "so {width} × {days} ÷ {full} = {here} {unit}."
        )
    else:
        words = N_(
            "Tier {part} holds {width} {unit} per {full} days; these are {days} of the bill's {bill} days, "
            "so {width} × {days} ÷ {full} = {here} {unit}."
        )
    return [*found, say(words, part=part, width=plain(width), here=plain(here), **days)]


def steps(
    settings: TieredSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The tier in words: its share of the usage, its width, its price."""
    part, quantity, price = entry[0], entry[4], entry[5]
    usage = Decimal(str(facts[settings.quantity]))
    here = span.usage_of(usage, starts=span.starts, ends=span.ends)
    found = [say(N_("The bill's usage is {usage} {unit}."), usage=plain(usage), unit=unit)]
    if here != usage:
        words = N_("The rate changed during this bill. {days} of its {bill} days carry {here} of {usage} {unit}.")
        values = {"here": plain(here), "usage": plain(usage), "unit": unit}
        found.append(say(words, days=span.days, bill=span.bill_days, **values))
    found += _width(settings, span, part, facts, unit)
    words = N_("{used} {unit} fall into tier {part}: {used} × {price} = {product}.")
    product = usd(quantity * price)
    return [*found, say(words, used=plain(quantity), unit=unit, part=part, price=usd(price), product=product)]
