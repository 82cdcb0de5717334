"""A maximum on one bill: "no customer shall be charged more than $… per month"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from meterbook.engine.rates.components.cap.settings import CapSettings
from meterbook.engine.rates.language.in_decimal import measured, price_of, reasons
from meterbook.engine.rates.spans import (
    HUNDRED,
    ONE,
    ZERO,
    Charge,
    Entry,
    Facts,
    Span,
    counted,
    plain,
    say,
    settled_once,
    usd,
    whole_bill,
)
from meterbook.engine.rates.terms import CENTS_LIMIT, QUANTITY_LIMIT, OutOfRange
from meterbook.engine.trace import N_, Step


def _share(settings: CapSettings, span: Span) -> tuple[int, int]:
    """Days over days that the amount is multiplied by."""
    if settings.per == "day":
        return span.days, 1
    if settings.prorate:
        return span.days, span.full_days
    return (1, 1) if settings.rests_on_days else (span.days, span.bill_days)


def _most(settings: CapSettings, span: Span, facts: Facts, charged: Mapping[str, int], component: str) -> Decimal:
    """The maximum in exact cents."""
    count = ONE
    if settings.times is not None:
        count = measured(settings.times, span, facts, charged, component=component)
    price = price_of(settings.amount, span, facts, charged, component=component)
    over, under = _share(settings, span)
    return count * price * HUNDRED * over / under


def _base(settings: CapSettings, span: Span, charged: Mapping[str, int], component: str) -> int:
    """The cents of the lines it looks at."""
    total = sum(charged[name] for name in settings.base)
    if abs(total) > CENTS_LIMIT:
        raise OutOfRange(schedule=span.schedule, what=f"component {component} looks at too large an amount")
    return total


def _of_span(settings: CapSettings, span: Span, *, component: str) -> Charge:
    """The credit of this span: the maximum less the base lines, if that is below zero."""
    starts, ends = span.starts, span.ends

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        base = _base(settings, span, charged, component)
        exact = _most(settings, span, facts, charged, component) - base
        shown = exact.quantize(ONE, rounding=ROUND_HALF_UP).scaleb(-2)
        if shown >= ZERO:
            return []
        if shown < -QUANTITY_LIMIT:
            raise OutOfRange(schedule=span.schedule, what=f"component {component} credits too large an amount")
        return [(0, 0, starts, ends, ONE, shown, exact)]

    return charge


def ready(settings: CapSettings, span: Span, *, component: str) -> Charge:
    """As for every span; where it looks at a whole bill, once, on the bill's last days."""
    of_span = partial(_of_span, settings, component=component)
    return settled_once(span, of_span) if settings.whole else of_span(span)


def _days_told(settings: CapSettings, span: Span, whole: Decimal, most: Decimal) -> list[Step]:
    """What the days make of the maximum, in words."""
    over, under = _share(settings, span)
    if over == under:
        return []
    if settings.per == "day":
        words = N_("{amount} a day for {days} days: {least}.")
        return [say(words, amount=usd(whole), days=span.days, least=usd(most))]
    words = N_("{days} days are charged: {amount} × {days} ÷ {full} = {least}.")
    return [say(words, days=over, full=under, amount=usd(whole), least=usd(Decimal(plain(most))))]


def steps(
    settings: CapSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The maximum, the lines it looks at, and the difference."""
    if settings.whole:
        span, charged = whole_bill(span, charged)
    found = reasons(settings.amount, span, facts, charged, component="", money=True)
    price, count = price_of(settings.amount, span, facts, charged, component=""), ONE
    if settings.times is not None:
        found += [] if settings.times.formula is None else reasons(settings.times.formula, span, facts, charged,
                                                                   component="")  # fmt: skip
        count = measured(settings.times, span, facts, charged, component="")
        found.append(counted(count, settings.times.name))
    most = _most(settings, span, facts, charged, "") / HUNDRED
    found += _days_told(settings, span, price * count, most)
    lines = ", ".join(f"{name} {usd(Decimal(charged[name]).scaleb(-2))}" for name in settings.base)
    base = usd(Decimal(_base(settings, span, charged, "")).scaleb(-2))
    words = N_("These charges come to {most} at most: {lines}, together {base}.")
    shown = usd(Decimal(plain(most)))
    found.append(say(words, most=shown, lines=lines, base=base))
    product = usd(Decimal(plain(entry[6] / HUNDRED)))
    return [*found, say(N_("{most} − {base} = {product} is credited."), most=shown, base=base, product=product)]
