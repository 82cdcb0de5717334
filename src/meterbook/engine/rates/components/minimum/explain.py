"""A minimum bill: "the minimum charge shall be $… per month"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from meterbook.engine.rates.components.minimum.settings import MinimumSettings
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


def _settles(month: int, span: Span) -> bool:
    """Whether the span holds the last day of the month in any year."""
    turns = (date(year + month // 12, month % 12 + 1, 1) for year in range(span.starts.year - 1, span.ends.year + 1))
    return any(span.starts < turn <= span.ends for turn in turns)


def _share(settings: MinimumSettings, span: Span) -> tuple[int, int]:
    """Days over days that the amount is multiplied by."""
    if settings.settled_in is not None:
        return 1, 1
    if settings.per == "day":
        return span.days, 1
    if settings.prorate:
        return span.days, span.full_days
    return (1, 1) if settings.rests_on_days else (span.days, span.bill_days)


def _least(settings: MinimumSettings, span: Span, facts: Facts, charged: Mapping[str, int], component: str) -> Decimal:
    """The minimum in exact cents."""
    count = ONE
    if settings.times is not None:
        count = measured(settings.times, span, facts, charged, component=component)
    price = price_of(settings.amount, span, facts, charged, component=component)
    over, under = _share(settings, span)
    return count * price * HUNDRED * over / (under * settings.periods_per_year)


def _base(settings: MinimumSettings, span: Span, charged: Mapping[str, int], component: str) -> int:
    """The cents of the lines it looks at."""
    total = sum(charged[name] for name in settings.base)
    if abs(total) > CENTS_LIMIT:
        raise OutOfRange(schedule=span.schedule, what=f"component {component} looks at too large an amount")
    return total


def _earlier(settings: MinimumSettings, span: Span, facts: Facts, charged: Mapping[str, int], name: str) -> Decimal:
    """The cents of the year's earlier bills."""
    if settings.so_far is None:
        return ZERO
    return measured(settings.so_far, span, facts, charged, component=name) * HUNDRED


def _of_span(settings: MinimumSettings, span: Span, *, component: str) -> Charge:
    """The top-up of this span: the minimum less the base lines, if that is anything."""
    starts, ends = span.starts, span.ends
    if settings.settled_in is not None and not _settles(settings.settled_in, span):
        return lambda facts, charged: []

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        if settings.settled_in is not None and starts != span.opens:
            what = f"component {component} settles the year on a bill that a rate change cuts before: cut it there"
            raise OutOfRange(schedule=span.schedule, what=what)
        base = _base(settings, span, charged, component)
        exact = _least(settings, span, facts, charged, component) - base
        exact -= _earlier(settings, span, facts, charged, component)
        shown = exact.quantize(ONE, rounding=ROUND_HALF_UP).scaleb(-2)
        if shown <= ZERO:
            return []
        if shown > QUANTITY_LIMIT:
            raise OutOfRange(schedule=span.schedule, what=f"component {component} tops up by too large an amount")
        return [(0, 0, starts, ends, ONE, shown, exact)]

    return charge


def ready(settings: MinimumSettings, span: Span, *, component: str) -> Charge:
    """As for every span; where it looks at a whole bill, once, on the bill's last days."""
    of_span = partial(_of_span, settings, component=component)
    return settled_once(span, of_span) if settings.whole else of_span(span)


def _days_told(settings: MinimumSettings, span: Span, whole: Decimal, least: Decimal) -> list[Step]:
    """What the days make of the minimum, in words."""
    over, under = _share(settings, span)
    if over == under:
        return []
    if settings.per == "day":
        words = N_("{amount} a day for {days} days: {least}.")
        return [say(words, amount=usd(whole), days=span.days, least=usd(least))]
    words = N_("{days} days are charged: {amount} × {days} ÷ {full} = {least}.")
    return [say(words, days=over, full=under, amount=usd(whole), least=usd(least))]


def steps(
    settings: MinimumSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The minimum, the lines it looks at, and the difference."""
    if settings.whole:
        span, charged = whole_bill(span, charged)
    found = reasons(settings.amount, span, facts, charged, component="", money=True)
    price, count = price_of(settings.amount, span, facts, charged, component=""), ONE
    if settings.times is not None:
        found += [] if settings.times.formula is None else reasons(settings.times.formula, span, facts, charged,
                                                                   component="")  # fmt: skip
        count = measured(settings.times, span, facts, charged, component="")
        found.append(counted(count, settings.times.name))
    whole = price * count
    if settings.periods_per_year > 1:
        words = N_("{price} a year is asked in {parts} equal parts.")
        found.append(say(words, price=usd(whole), parts=settings.periods_per_year))
        whole = whole / settings.periods_per_year
    least = _least(settings, span, facts, charged, "") / HUNDRED
    found += _days_told(settings, span, whole, least)
    lines = ", ".join(f"{name} {usd(Decimal(charged[name]).scaleb(-2))}" for name in settings.base)
    base = Decimal(_base(settings, span, charged, "")).scaleb(-2)
    words = N_("These charges are held to a minimum of {least}: {lines}, together {base}.")
    found.append(say(words, least=usd(Decimal(plain(least))), lines=lines, base=usd(base)))
    if settings.so_far is not None:
        earlier = _earlier(settings, span, facts, charged, "") / HUNDRED
        words = N_("The year is settled: its earlier bills came to {earlier}, so {earlier} + {base} = {sum}.")
        base += earlier
        found.append(say(words, earlier=usd(earlier), base=usd(base - earlier), sum=usd(base)))
    words = N_("{least} − {base} = {product} is missing.")
    product = usd(Decimal(plain(entry[6] / HUNDRED)))
    return [*found, say(words, least=usd(Decimal(plain(least))), base=usd(base), product=product)]
