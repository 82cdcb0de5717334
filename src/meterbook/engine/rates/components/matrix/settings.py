"""Settings of a charge from a table of rows and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import AS_IT_COMES, Measure, read_fact, read_measure, shared_by_days
from meterbook.engine.rates.terms import PRICE_LIMIT, Context, Determinant, Rate, Settings
from meterbook.engine.trace import Step

KEYS = {
    "rows": shapes.Key(shapes.WORD, "The determinant that chooses the row."),
    "columns": shapes.Key(shapes.WORD, "The determinant that chooses the column."),
    "heads": shapes.Key(shapes.listed(shapes.TEXT, most=99), "The column keys in order."),
    "prices": shapes.Key(shapes.mapped(shapes.listed(shapes.NUMBER)), "One price a column for each row key."),
    "times": shapes.optional(shapes.MEASURE, "A count the price is multiplied by."),
    "prorate": shapes.optional(shapes.FLAG, "Whether other periods are charged by days (true)."),
}


@dataclass(frozen=True, slots=True)
class MatrixSettings(Settings):
    """Dollars per period by the determinants ``rows`` and ``columns``, times the count ``times`` if named.

    ``heads`` are the column keys in order; ``prices`` maps each row key to one price per column.
    """

    rows: str
    columns: str
    heads: tuple[str, ...]
    prices: dict[str, tuple[Decimal, ...]]
    times: Measure | None
    prorate: bool

    @property
    def undivided(self) -> bool:
        return not self.prorate

    def determinants(self) -> tuple[Determinant, ...]:
        keys = (Determinant(self.rows, "key", tuple(self.prices)), Determinant(self.columns, "key", self.heads))
        return keys if self.times is None else (*keys, *self.times.determinants())

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        return tuple(
            Rate(Step("{row}, {column}", {"row": row, "column": column}), price, "period")
            for row, prices in self.prices.items()
            for column, price in zip(self.heads, prices, strict=True)
        )


def read(place: Field, entries: Mapping[str, Field], context: Context) -> MatrixSettings:
    """Read and check the settings; problems are reported through the fields."""
    heads = tuple(field.text() for field in entries["heads"].items(most=99))
    if len(set(heads)) != len(heads):
        entries["heads"].refuse(expected="each column key once")
    prices: dict[str, tuple[Decimal, ...]] = {}
    for row, field in entries["prices"].pairs(expected="a mapping from each row to its prices", least=1):
        cells = field.items(most=99)
        if cells and len(cells) != len(heads):
            field.refuse(found=f"{len(cells)} prices", expected=f"{len(heads)} prices, one per column")
        prices[row] = tuple(cell.decimal(low=-PRICE_LIMIT, high=PRICE_LIMIT) for cell in cells)
    rows = read_fact(entries["rows"], context, kind="key")
    columns = read_fact(entries["columns"], context, kind="key")
    if rows == columns and rows != "?":
        entries["columns"].refuse(expected="another determinant than the rows")
    times = read_measure(entries["times"], context, kind="count") if "times" in entries else None
    if times is not None:
        shared_by_days(entries["times"], times, context, instead=AS_IT_COMES)
    return MatrixSettings(
        rows=rows,
        columns=columns,
        heads=heads,
        prices=prices,
        times=times,
        prorate=entries["prorate"].flag() if "prorate" in entries else True,
    )
