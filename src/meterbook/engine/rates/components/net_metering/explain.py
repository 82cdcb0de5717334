"""Net metering credits on one bill: brought, used, carried on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from meterbook.engine.rates.components.net_metering.settings import BROUGHT, CARRIED, DOLLARS_LIMIT, NetMeteringSettings
from meterbook.engine.rates.spans import (
    HUNDRED,
    ONE,
    ZERO,
    Charge,
    Charged,
    Entry,
    Facts,
    Span,
    number,
    say,
    usd,
    whole_bill,
)
from meterbook.engine.rates.terms import COUNT_LIMIT, OutOfRange
from meterbook.engine.trace import N_, Step

_PRICE = Decimal(1).scaleb(-8)


def _dollars(settings: NetMeteringSettings, names: tuple[str, ...], charged: Mapping[str, int]) -> Decimal:
    """The sum of other lines, as printed or unrounded."""
    if settings.exact:
        return sum((cast("Charged", charged).exact.get(name, ZERO) for name in names), ZERO)
    return Decimal(sum(charged[name] for name in names)).scaleb(-2)


def _reckoned(
    settings: NetMeteringSettings, span: Span, facts: Facts, charged: Mapping[str, int], component: str
) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Brought, earned, the charges of the whole bill, and what is carried on."""
    brought = number(facts, settings.bank, span=span, component=component, limit=COUNT_LIMIT)
    _, charged = whole_bill(span, charged)
    earned = -_dollars(settings, settings.earned, charged)
    charges = _dollars(settings, settings.offsets, charged)
    now = earned if settings.at_once else ZERO
    return brought, earned, charges, max(brought + now - charges, ZERO) + earned - now


def ready(settings: NetMeteringSettings, span: Span, *, component: str) -> Charge:
    """The lines of this span: what was brought, below zero, and what is carried on."""
    starts, ends = span.starts, span.ends
    if not span.last:
        return lambda facts, charged: []

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        if settings.exact and starts != span.opens:
            what = f"component {component} reads unrounded lines of a bill that a rate change cuts: cut the bill there"
            raise OutOfRange(schedule=span.schedule, what=what)
        brought, _, _, carried = _reckoned(settings, span, facts, charged, component)
        if max(abs(brought), abs(carried)) > DOLLARS_LIMIT:
            what = f"component {component} comes to more than {DOLLARS_LIMIT} dollars"
            raise OutOfRange(schedule=span.schedule, what=what)
        return [
            (part, 0, starts, ends, ONE, dollars.quantize(_PRICE, rounding=ROUND_HALF_UP), dollars * HUNDRED)
            for part, dollars in ((BROUGHT, -brought), (CARRIED, carried))
            if dollars
        ]

    return charge


def steps(
    settings: NetMeteringSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The credits in words."""
    brought, earned, charges, carried = _reckoned(settings, span, facts, charged, "")
    found = [
        settings.words(),
        say(N_("Credits from earlier bills are {brought}; what was fed in earns {earned}; the charges they may "
               "lower are {charges}."), brought=usd(brought), earned=usd(earned), charges=usd(charges)),
    ]  # fmt: skip
    if entry[0] == CARRIED:
        found.append(say(N_("{carried} are carried to the next bill."), carried=usd(carried)))
    return found
