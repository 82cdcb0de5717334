"""A power-factor adjustment on one bill: "for each one percent below ninety percent, the demand charge is raised …"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.power_factor.settings import PowerFactorSettings
from meterbook.engine.rates.language.in_decimal import measured, reasons
from meterbook.engine.rates.spans import HUNDRED, ONE, ZERO, Charge, Entry, Facts, Span, plain, say, usd
from meterbook.engine.rates.terms import CENTS_LIMIT, OutOfRange
from meterbook.engine.trace import N_, Step

_PRICE = Decimal(1).scaleb(-8)


def _measured(
    settings: PowerFactorSettings, span: Span, facts: Facts, charged: Mapping[str, int], component: str
) -> Decimal:
    """The power factor of the bill, as it was measured or as it counts where it was not."""
    known = settings.power_factor.determinant
    if known is not None and settings.unmeasured is not None and facts.get(known.name) is None:
        return settings.unmeasured
    factor = measured(settings.power_factor, span, facts, charged, component=component)
    if not ZERO < factor <= ONE:
        raise OutOfRange(schedule=span.schedule, what=f"component {component} needs a power factor above 0 and up to 1")
    return factor


def _points(settings: PowerFactorSettings, factor: Decimal) -> Decimal:
    """Points below the target that count; below zero for a power factor above it."""
    points = (settings.target - factor) * HUNDRED
    if not settings.credit and points < ZERO:
        return ZERO
    if settings.counted == "exact":
        return points
    return points.to_integral_value(rounding=ROUND_CEILING if settings.counted == "started" else ROUND_FLOOR)


def _share(settings: PowerFactorSettings, factor: Decimal) -> tuple[Decimal, Decimal]:
    """What part of the lines is added, as over and under."""
    points = _points(settings, factor)
    if settings.percent is None:
        return points, factor * HUNDRED
    return points * settings.percent, HUNDRED


def ready(settings: PowerFactorSettings, span: Span, *, component: str) -> Charge:
    """The adjustment of this span: the base lines × the part that the power factor asks for."""
    starts, ends = span.starts, span.ends

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        total = sum(charged[name] for name in settings.base)
        if abs(total) > CENTS_LIMIT:
            raise OutOfRange(schedule=span.schedule, what=f"component {component} looks at too large an amount")
        factor = max(_measured(settings, span, facts, charged, component), settings.lowest)
        over, under = _share(settings, factor)
        exact = total * over / under
        if not exact.quantize(ONE, rounding=ROUND_HALF_UP):
            return []
        price = (over / under).quantize(_PRICE, rounding=ROUND_HALF_UP)
        return [(0, 0, starts, ends, Decimal(total).scaleb(-2), price, exact)]

    return charge


def steps(
    settings: PowerFactorSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The power factor, the target, the lines and the product in words."""
    measure, target, found = settings.power_factor, plain(settings.target), list[Step]()
    if measure.formula is not None:
        found += reasons(measure.formula, span, facts, charged, component="")
    stated = _measured(settings, span, facts, charged, "")
    factor = max(stated, settings.lowest)
    words = N_("The power factor is {factor} ({name}); the target is {target}.")
    if measure.determinant is not None and facts.get(measure.determinant.name) is None:
        words = N_("No power factor was measured ({name}); it counts as {factor}, the target is {target}.")
    found.append(say(words, factor=plain(stated), name=measure.name, target=target))
    if factor != stated:
        found.append(say(N_("A power factor below {lowest} counts as {lowest}."), lowest=plain(settings.lowest)))
    lines = ", ".join(f"{name} {usd(Decimal(charged[name]).scaleb(-2))}" for name in settings.base)
    base, percent = usd(entry[4]), plain(entry[5] * HUNDRED)
    found.append(say(N_("The adjusted charges are {lines}: together {base}."), lines=lines, base=base))
    if settings.percent is None:
        words = N_("{target} ÷ {factor} − 1 = {percent} percent.")
        found.append(say(words, target=target, factor=plain(factor), percent=percent))
    else:
        words = N_("{points} points below the target count, at {each} percent each: {percent} percent.")
        points = plain(_points(settings, factor))
        found.append(say(words, points=points, each=plain(settings.percent), percent=percent))
    product = usd(Decimal(plain(entry[6] / HUNDRED)))
    return [*found, say(N_("{percent} percent of {base} = {product}."), percent=percent, base=base, product=product)]
