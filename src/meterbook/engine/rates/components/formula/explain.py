"""A charge that a formula says, on one bill: "the charge shall be computed as follows"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from meterbook.engine.rates.components.formula.settings import AMOUNT_LIMIT, FormulaSettings
from meterbook.engine.rates.language.in_decimal import measured, reasons, reckon
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
from meterbook.engine.rates.terms import QUANTITY_LIMIT, OutOfRange
from meterbook.engine.trace import N_, Step

_PRICE = Decimal("0.00000001")


def ready(settings: FormulaSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: the formula × the span's share of a period, or the formula alone."""
    over, full = (span.days, span.full_days) if settings.prorate else (1, 1)
    once = not settings.prorate and not settings.rests_on_days

    def limited(value: Decimal) -> Decimal:
        if abs(value) > AMOUNT_LIMIT:
            what = f"component {component}: the formula comes to more than {AMOUNT_LIMIT} dollars"
            raise OutOfRange(schedule=span.schedule, what=what)
        return value

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        amount = limited(cast("Decimal", reckon(settings.amount, span, facts, charged, component=component)))
        count, price = ONE, amount
        if settings.quantity is not None:
            count = measured(settings.quantity, span, facts, charged, component=component)
            price = amount / count if count else ZERO
        price = limited(price.quantize(_PRICE, rounding=ROUND_HALF_UP))
        shown = (count * over / full).quantize(MILLIONTH, rounding=ROUND_HALF_UP)
        if shown > QUANTITY_LIMIT:
            raise OutOfRange(
                schedule=span.schedule, what=f"component {component} has a quantity above {QUANTITY_LIMIT}"
            )
        if not amount or (once and not span.last):
            return []
        return [(0, 0, span.starts, span.ends, shown, price, amount * HUNDRED * over / full)]

    return charge


def steps(
    settings: FormulaSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The formula with its numbers, then what days make of it."""
    amount = cast("Decimal", reckon(settings.amount, span, facts, charged, component=""))
    found = reasons(settings.amount, span, facts, charged, component="", money=True)
    if settings.amount.constant is not None:
        found.append(say(N_("{price} for each billing period."), price=usd(amount)))
    if settings.quantity is not None:
        words = N_("This rests on {quantity} {unit} ({name}).")
        named = settings.quantity.name
        found.append(say(words, quantity=plain(entry[4]), unit=settings.unit or unit, name=named))
    if settings.rests_on_days:
        return found
    return found + flat_steps(span, prorate=settings.prorate, price=amount, count=ONE)
