"""A charge from a table on one bill: "for a container of … emptied … times a week"."""

from __future__ import annotations

from collections.abc import Mapping

from meterbook.engine.rates.components.matrix.settings import MatrixSettings
from meterbook.engine.rates.language.in_decimal import measured
from meterbook.engine.rates.spans import (
    ONE,
    Charge,
    Entry,
    Facts,
    Span,
    counted,
    flat,
    flat_steps,
    key,
    say,
    usd,
)
from meterbook.engine.rates.terms import COUNT_LIMIT, Determinant
from meterbook.engine.trace import N_, Step


def ready(settings: MatrixSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: the table's price × the count × the span's share of a period."""
    priced = flat(span, prorate=settings.prorate)
    row_of, column_of = Determinant(settings.rows, "key"), Determinant(settings.columns, "key")
    times = settings.times
    heads, prices = settings.heads, settings.prices

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        row = key(facts, row_of, span=span, component=component, known=tuple(prices))
        column = key(facts, column_of, span=span, component=component, known=heads)
        count = ONE
        if times is not None:
            count = measured(times, span, facts, charged, component=component, limit=COUNT_LIMIT)
        return priced(count, prices[row][heads.index(column)])

    return charge


def steps(
    settings: MatrixSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The charge in words."""
    price, count = entry[5], ONE
    words = N_("The table's price for {rows} {row} and {columns} {column} is {price} for each period.")
    row, column = str(facts[settings.rows]), str(facts[settings.columns])
    found = [say(words, rows=settings.rows, row=row, columns=settings.columns, column=column, price=usd(price))]
    if settings.times is not None:
        count = measured(settings.times, span, facts, charged, component="", limit=COUNT_LIMIT)
        found.append(counted(count, settings.times.name))
    return found + flat_steps(span, prorate=settings.prorate, price=price, count=count)
