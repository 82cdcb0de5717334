"""Tiered usage on one bill: "the first … units at $…, the next … units at $…"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.tiered.settings import TieredSettings
from meterbook.engine.rates.spans import HUNDRED, MILLIONTH, ONE, ZERO, Charge, Entry, Facts, Span, cents, number
from meterbook.engine.rates.terms import COUNT_LIMIT, QUANTITY_LIMIT, Determinant
from meterbook.engine.trace import N_, Step


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
        values = {"part": part, "unit": unit}
        return [Step(N_("Tier {part} holds every {unit} above the tiers before it."), dict(values))]
    width, count = high - low, ONE
    found: list[Step] = []
    if settings.times is not None:
        count = Decimal(str(facts[settings.times]))
        named = {"part": part, "width": width, "unit": unit, "name": settings.times, "count": count,
                 "product": width * count}  # fmt: skip
        words = N_(
            "Tier {part} holds {width} {unit} for each of {count} ({name}): {width} × {count} = {product} {unit}."
        )
        found.append(Step(words, dict(named)))
        width = width * count
    here = _bound(high, count, span) - (_bound(low, count, span) if low else ZERO)
    values = {"part": part, "width": width, "unit": unit, "days": span.days, "full": span.full_days,
              "bill": span.bill_days, "here": here}  # fmt: skip
    if span.whole:
        return found or [Step(N_("Tier {part} holds {width} {unit} for a normal billing period."), dict(values))]
    if span.normal:
        words = N_("Tier {part} holds {width} {unit} for a whole period; these are {days} of the bill's {full} days, so {width} × {days} ÷ {full} = {here} {unit}.")  # fmt: skip
    elif span.days == span.bill_days:
        words = N_("Tier {part} holds {width} {unit} per {full} days; this bill has {days} days, so {width} × {days} ÷ {full} = {here} {unit}.")  # fmt: skip
    else:
        words = N_("Tier {part} holds {width} {unit} per {full} days; these are {days} of the bill's {bill} days, so {width} × {days} ÷ {full} = {here} {unit}.")  # fmt: skip
    return [*found, Step(words, dict(values))]


def steps(
    settings: TieredSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The tier in words: its share of the usage, its width, its price."""
    part, quantity, price = entry[0], entry[4], entry[5]
    usage = Decimal(str(facts[settings.quantity]))
    here = span.usage_of(usage, starts=span.starts, ends=span.ends)
    values = {"usage": usage, "unit": unit, "days": span.days, "bill": span.bill_days, "here": here}
    found = [Step(N_("The bill's usage is {usage} {unit}."), dict(values))]
    if here != usage:
        words = N_("The rate changed during this bill. {days} of its {bill} days carry {here} of {usage} {unit}.")
        found.append(Step(words, dict(values)))
    found += _width(settings, span, part, facts, unit)
    values = {"quantity": quantity, "unit": unit, "part": part, "price": price, "product": quantity * price}
    return [
        *found,
        Step(N_("{quantity} {unit} fall into tier {part}: {quantity} × ${price} = ${product}."), dict(values)),
    ]
