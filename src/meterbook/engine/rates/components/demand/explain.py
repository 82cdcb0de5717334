"""A demand charge on one bill: "for each kilowatt of billing demand, $…, the billing demand being not less than …"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

from meterbook.engine.rates.components.demand.settings import DemandSettings, Rounded
from meterbook.engine.rates.language.amounts import Measure
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
    flat_steps,
    plain,
    say,
    usd,
)
from meterbook.engine.trace import N_, Step

_PRICE = Decimal(1).scaleb(-8)
_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}
_WORDS = {
    "half_up": N_("{exact} {unit} is rounded to the nearest {step} {unit}, half a step up: {billed} {unit}."),
    "half_even": N_("{exact} {unit} is rounded to the nearest {step} {unit}, half a step to even: {billed} {unit}."),
    "up": N_("{exact} {unit} is rounded up to a whole {step} {unit}: {billed} {unit}."),
    "down": N_("{exact} {unit} is rounded down to a whole {step} {unit}: {billed} {unit}."),
}


def _ratchet(settings: DemandSettings, earlier: Decimal) -> Decimal:
    """The demand that the highest of earlier months asks for."""
    percent = ZERO if settings.ratchet is None else settings.ratchet.percent
    return (earlier * percent / HUNDRED).quantize(MILLIONTH, rounding=ROUND_HALF_UP)


def _stepped(demand: Decimal, rounded: Rounded) -> Decimal:
    return (demand / rounded.to).to_integral_value(rounding=_MODES[rounded.mode]) * rounded.to


def _highest(settings: DemandSettings, span: Span, facts: Facts, charged: Mapping[str, int], component: str) -> Decimal:
    """Measured, ratchet or contract, before it is rounded."""

    def of(measure: Measure) -> Decimal:
        return measured(measure, span, facts, charged, component=component)

    asked = [of(settings.quantity)]
    if settings.ratchet is not None:
        asked.append(_ratchet(settings, of(settings.ratchet.of)))
    if settings.at_least is not None:
        asked.append(of(settings.at_least))
    return max(asked)


def _billed(settings: DemandSettings, span: Span, facts: Facts, charged: Mapping[str, int], component: str) -> Decimal:
    demand = _highest(settings, span, facts, charged, component)
    return demand if settings.rounded is None else _stepped(demand, settings.rounded)


def _share(settings: DemandSettings, span: Span) -> tuple[int, int]:
    """Days over days that a price is multiplied by."""
    if settings.per == "day":
        return span.days, 1
    return (span.days, span.full_days) if settings.prorate else (1, 1)


def ready(settings: DemandSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: the billed demand in each tier × its price × the span's share."""
    over, under = _share(settings, span)
    starts, ends, first = span.starts, span.ends, 1 if settings.tiered else 0
    if not settings.prorate and settings.per == "period" and not span.last:
        return lambda facts, charged: []

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        demand, reached = _billed(settings, span, facts, charged, component), ZERO
        lines: list[Entry] = []
        for part, tier in enumerate(settings.tiers, start=first):
            bound = demand
            if tier.up_to is not None:
                bound = min(demand, quantity_of(tier.up_to, span, facts, charged, component=component))
            price = price_of(tier.price, span, facts, charged, component=component)
            if bound <= reached:
                continue
            used, reached = bound - reached, bound
            shown = (price * over / under).quantize(_PRICE, rounding=ROUND_HALF_UP) if over != under else price
            lines.append((part, 0, starts, ends, used, shown, used * price * HUNDRED * over / under))
        return lines

    return charge


def _told(measure: Measure, span: Span, facts: Facts, charged: Mapping[str, int]) -> list[Step]:
    return [] if measure.formula is None else reasons(measure.formula, span, facts, charged, component="")


def _demand_steps(
    settings: DemandSettings, span: Span, facts: Facts, charged: Mapping[str, int]
) -> tuple[list[Step], Decimal]:
    """How the billed demand came about, and what it is."""
    unit, quantity = settings.unit, settings.quantity
    found = _told(quantity, span, facts, charged)
    shown = plain(measured(quantity, span, facts, charged, component=""))
    found.append(
        say(N_("The measured demand is {demand} {unit} ({name})."), demand=shown, unit=unit, name=quantity.name)
    )
    if settings.ratchet is not None:
        ratchet = settings.ratchet
        found += _told(ratchet.of, span, facts, charged)
        earlier = measured(ratchet.of, span, facts, charged, component="")
        words = N_(
            "At least {percent} percent of {highest} {unit}, the highest demand looked back on ({name}), "
            "is billed: {least} {unit}."
        )
        found.append(say(words, percent=plain(ratchet.percent), highest=plain(earlier), unit=unit,
                         name=ratchet.of.name, least=plain(_ratchet(settings, earlier))))  # fmt: skip
    if settings.at_least is not None:
        found += _told(settings.at_least, span, facts, charged)
        least = plain(measured(settings.at_least, span, facts, charged, component=""))
        found.append(say(N_("At least {least} {unit} is billed by contract."), least=least, unit=unit))
    highest = _highest(settings, span, facts, charged, "")
    if settings.ratchet is not None or settings.at_least is not None:
        found.append(say(N_("The highest of these is {demand} {unit}."), demand=plain(highest), unit=unit))
    if settings.rounded is None:
        return found, highest
    billed = _stepped(highest, settings.rounded)
    step = plain(settings.rounded.to)
    words = _WORDS[settings.rounded.mode]
    found.append(say(words, exact=plain(highest), unit=unit, step=step, billed=plain(billed)))
    return found, billed


def steps(
    settings: DemandSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The demand, its tier, its price and its days in words."""
    part, used, measure = entry[0], entry[4], settings.unit
    found, billed = _demand_steps(settings, span, facts, charged)
    tier = settings.tiers[part - 1 if settings.tiered else 0]
    if settings.tiered:
        if tier.up_to is not None:
            found += reasons(tier.up_to, span, facts, charged, component="")
        words = N_("{used} of {billed} {unit} fall into tier {part}.")
        found.append(say(words, used=plain(used), billed=plain(billed), unit=measure, part=part))
    found += reasons(tier.price, span, facts, charged, component="", money=True)
    price = price_of(tier.price, span, facts, charged, component="")
    words, product = N_("{used} {unit} × {price} = {product}."), usd(used * price)
    found.append(say(words, used=plain(used), unit=measure, price=usd(price), product=product))
    if settings.per == "day":
        whole = usd(entry[6] / HUNDRED)
        words = N_("This is charged for each of {days} days: {product} × {days} = {whole}.")
        return [*found, say(words, days=span.days, product=product, whole=whole)]
    return found + flat_steps(span, prorate=settings.prorate, price=price, count=used * ONE)
