"""A net metering true-up on one bill: "any excess remaining at the end of the year shall be paid at …"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from meterbook.engine.rates.components.true_up.settings import TrueUpSettings
from meterbook.engine.rates.spans import HUNDRED, ZERO, Charge, Entry, Facts, Span, number, plain, say, usd
from meterbook.engine.rates.terms import COUNT_LIMIT, QUANTITY_LIMIT, MissingDeterminant
from meterbook.engine.trace import N_, Step


def ready(settings: TrueUpSettings, span: Span, *, component: str) -> Charge:
    """The payment, on the last stretch of a bill that settles the year: by its last day, or because it says so."""
    starts, ends, price = span.starts, span.ends, -settings.price
    in_month = (span.closes - timedelta(days=1)).month == settings.month
    if not (span.last and settings.pays and (in_month or settings.settles is not None)):
        return lambda facts, charged: []

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        told = settings.settles
        said = ZERO if told is None else number(facts, told, span=span, component=component, limit=COUNT_LIMIT)
        if not in_month and said != 1:
            return []
        if facts.get(settings.left) is None:
            raise MissingDeterminant(schedule=span.schedule, component=component, determinant=settings.left)
        left = number(facts, settings.balance, span=span, component=component, limit=QUANTITY_LIMIT)
        return [(0, 0, starts, ends, left, price, left * price * HUNDRED)] if left > ZERO else []

    return charge


def steps(
    settings: TrueUpSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The payment in words."""
    left, price, paid = plain(entry[4]), usd(-entry[5]), usd(entry[4] * -entry[5])
    words = N_("This bill settles the net metering year: {left} ({name}) are left × {price} = {paid}, which are paid.")
    return [say(words, left=left, name=settings.left, price=price, paid=paid)]
