"""Tiered usage on one bill: "the first … units at $…, the next … units at $…"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.tiered.settings import Tier, TieredSettings
from meterbook.engine.rates.language.in_decimal import measured, measuring, price_of, quantity_of, reasons
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
)
from meterbook.engine.rates.terms import COUNT_LIMIT
from meterbook.engine.trace import N_, Step, Value


def _full(settings: TieredSettings, tier: Tier, span: Span) -> int:
    """The days that carry the whole width: of a period, or of the bill as written, or those of the span already."""
    if settings.by_days:
        return span.full_days
    return span.days if tier.rests_on_days else span.bill_days


def _bound(up_to: Decimal, count: Decimal, span: Span, *, full: int) -> Decimal:
    """The tier's upper end on this span: times the count, and by days if the span has not the ``full`` days."""
    if span.days == full:
        return (up_to * count).quantize(MILLIONTH, rounding=ROUND_HALF_UP)
    step = ONE.scaleb(-span.version.proration.tier_decimals)
    return (up_to * count * span.days / full).quantize(step, rounding=ROUND_HALF_UP)


def ready(settings: TieredSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: the usage that falls into each tier, at the tier's price."""
    times, starts, ends = settings.times, span.starts, span.ends
    written = all(tier.price.constant is not None and (tier.up_to is None or tier.up_to.constant is not None)
                  for tier in settings.tiers)  # fmt: skip

    def tiers(count: Decimal, facts: Facts, charged: Mapping[str, int]) -> list[tuple[int, Decimal | None, Decimal]]:
        found: list[tuple[int, Decimal | None, Decimal]] = []
        for at, tier in enumerate(settings.tiers, start=1):
            bound = None
            if tier.up_to is not None:
                end = quantity_of(tier.up_to, span, facts, charged, component=component)
                bound = _bound(end, count, span, full=_full(settings, tier, span))
            found.append((at, bound, price_of(tier.price, span, facts, charged, component=component)))
        return found

    usual = tiers(ONE, {}, {}) if written else []
    usage_of = measuring(settings.quantity, span, component=component)

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        usage = usage_of(facts, charged)
        rows = usual
        if times is not None:
            count = measured(times, span, facts, charged, component=component, limit=COUNT_LIMIT)
            rows = tiers(count, facts, charged)
        elif not written:
            rows = tiers(ONE, facts, charged)
        lines: list[Entry] = []
        reached = ZERO
        for part, bound, price in rows:
            if usage <= reached:
                break
            if bound is not None and bound <= reached:
                continue
            top = usage if bound is None or usage <= bound else bound
            lines.append((part, 0, starts, ends, top - reached, price, (top - reached) * price * HUNDRED))
            reached = top
        return lines

    return charge


def _width(settings: TieredSettings, span: Span, part: int, facts: Facts, charged: Mapping[str, int],
           unit: str) -> list[Step]:  # fmt: skip
    """How wide the tier is on this bill, and why."""
    tier = settings.tiers[part - 1]
    if tier.up_to is None:
        return [say(N_("Tier {part} holds every {unit} above the tiers before it."), part=part, unit=unit)]
    found = reasons(tier.up_to, span, facts, charged, component="")
    low, before = ZERO, settings.tiers[part - 2].up_to if part > 1 else None
    if before is not None:
        low = quantity_of(before, span, facts, charged, component="")
    high = quantity_of(tier.up_to, span, facts, charged, component="")
    width, count = high - low, ONE
    if settings.times is not None:
        count = measured(settings.times, span, facts, charged, component="", limit=COUNT_LIMIT)
        words = N_("Tier {part} holds {width} {unit} for each of {count} ({name}): {product} {unit} together.")
        product = plain(width * count)
        values = {"width": plain(width), "unit": unit, "name": settings.times.name, "product": product}
        found.append(say(words, part=part, count=plain(count), **values))
        width, high = width * count, high * count
    full = _full(settings, tier, span)
    if span.days == full:
        if settings.times is None:
            words = N_("Tier {part} holds {width} {unit} for a normal billing period.")
            if tier.rests_on_days:
                words = N_("Tier {part} holds {width} {unit} for these days.")
            found.append(say(words, part=part, width=plain(width), unit=unit))
        return found
    return found + _by_days(span, full, part, width, high, unit)


def _by_days(span: Span, full: int, part: int, width: Decimal, high: Decimal, unit: str) -> list[Step]:
    """How days change the width of a tier that ends at ``high`` on ``full`` days."""
    top = _bound(high, ONE, span, full=full)
    here = top - (_bound(high - width, ONE, span, full=full) if high != width else ZERO)
    days: dict[str, Value] = {"days": span.days, "full": full, "bill": span.bill_days, "unit": unit}
    exact = width * span.days / full
    if here != exact:
        words = N_(
            "Tier {part} ends at {high} {unit} per {full} days; {days} days are charged here, "
            "so {high} × {days} ÷ {full} = {exact}, rounded to {top} {unit}."
        )
        reached = plain(high * span.days / full)
        if reached == plain(top):
            words = N_(
                "Tier {part} ends at {high} {unit} per {full} days; {days} days are charged here, "
                "so {high} × {days} ÷ {full} = {top} {unit}."
            )
        return [say(words, part=part, high=plain(high), exact=reached, top=plain(top), **days)]
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
    return [say(words, part=part, width=plain(width), here=plain(here), **days)]


def steps(
    settings: TieredSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The tier in words: its share of the usage, its width, its price."""
    part, quantity, price = entry[0], entry[4], entry[5]
    unit = settings.unit or unit
    here = measured(settings.quantity, span, facts, charged, component="")
    known, found = settings.quantity.determinant, []
    usage = here if known is None else Decimal(str(facts[known.name]))
    if settings.quantity.formula is not None:
        found = reasons(settings.quantity.formula, span, facts, charged, component="")
    else:
        found.append(say(N_("The bill's usage is {usage} {unit}."), usage=plain(usage), unit=unit))
    if here != usage:
        words = N_("The rate changed during this bill. {days} of its {bill} days carry {here} of {usage} {unit}.")
        if span.season is not None or span.changed:
            words = N_("{days} of the bill's {bill} days carry {here} of {usage} {unit}.")
        values = {"here": plain(here), "usage": plain(usage), "unit": unit}
        found.append(say(words, days=span.days, bill=span.bill_days, **values))
    found += _width(settings, span, part, facts, charged, unit)
    found += reasons(settings.tiers[part - 1].price, span, facts, charged, component="", money=True)
    words = N_("{used} {unit} fall into tier {part}: {used} × {price} = {product}.")
    product = usd(quantity * price)
    return [*found, say(words, used=plain(quantity), unit=unit, part=part, price=usd(price), product=product)]
