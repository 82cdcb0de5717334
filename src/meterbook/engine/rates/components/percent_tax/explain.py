"""A percentage tax on one bill: "a tax of … percent of the charges made for such service"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from meterbook.engine.rates.components.percent_tax.settings import PercentTaxSettings
from meterbook.engine.rates.spans import Charge, Entry, Facts, Span, plain, say, usd
from meterbook.engine.rates.terms import CENTS_LIMIT, OutOfRange
from meterbook.engine.trace import N_, Step


def ready(settings: PercentTaxSettings, span: Span, *, component: str) -> Charge:
    """The tax on this span: the sum of the base lines × the percentage."""
    rate = settings.percent.scaleb(-2)
    base, starts, ends = settings.base, span.starts, span.ends

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        total = 0
        for name in base:
            total += charged[name]
        if not total:
            return []
        if abs(total) > CENTS_LIMIT:
            raise OutOfRange(schedule=span.schedule, what=f"component {component} taxes too large an amount")
        exact = Decimal(total)
        return [(0, 0, starts, ends, exact.scaleb(-2), rate, exact * rate)]

    return charge


def steps(
    settings: PercentTaxSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The tax in words, with every amount it is taken of."""
    lines = ", ".join(f"{name} {usd(Decimal(charged[name]).scaleb(-2))}" for name in settings.base)
    percent, base, product = plain(settings.percent), usd(entry[4]), usd(entry[4] * entry[5])
    return [
        say(N_("The taxed charges are {lines}: together {base}."), lines=lines, base=base),
        say(N_("{percent} percent of {base} = {product}."), percent=percent, base=base, product=product),
    ]
