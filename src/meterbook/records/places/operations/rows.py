"""Checking the rows of a set-wise load: every wrong row is named with its table, field, what was found and expected.

>>> frame = pl.DataFrame({"code": ["C1", "C1"], "read_day": [3, 40]})
>>> late = ~pl.col("read_day").is_between(1, 28)
>>> problems = wrong(frame, "cycles", "read_day", late, expected="a day from 1 to 28")
>>> str(problems[0])
"cycles row 2, read_day: found '40', expected a day from 1 to 28"
>>> len(twice(frame, "cycles", ["code"]))
1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from meterbook.engine.columns import Shape, WrongColumns

_SHOWN = 8  # problems quoted in the message; all are in `RowsRefused.problems`
_KEPT = 200  # problems kept per check


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One wrong cell: ``row`` counts from 1 within ``table``."""

    table: str
    row: int
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.table} row {self.row}, {self.field}: found {self.found!r}, expected {self.expected}"


class RowsRefused(ValueError):
    """A load holds rows that cannot be taken; nothing of it was stored."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(str(problem) for problem in self.problems[:_SHOWN])
        more = len(self.problems) - _SHOWN
        super().__init__(f"{shown}\nand {more} more" if more > 0 else shown)


def refuse_any(problems: Sequence[RowProblem]) -> None:
    """Raise `RowsRefused` if there is any problem."""
    if problems:
        raise RowsRefused(problems)


def table_of(frame: pl.DataFrame, table: str, shape: Shape) -> pl.DataFrame:
    """The columns of ``shape``, in its order and types, nulls allowed; raises `engine.columns.WrongColumns`."""
    for name, wanted in shape.items():
        found = frame.schema.get(name)
        if found is None:
            raise WrongColumns(f"{table}: {name} is missing")
        if found != wanted:
            raise WrongColumns(f"{table}: {name} is {found}, not {wanted}")
    return frame.select(list(shape))


def wrong(frame: pl.DataFrame, table: str, field: str, test: pl.Expr, *, expected: str) -> list[RowProblem]:
    """A problem for each row where ``test`` holds (a null test does not)."""
    rows = frame.with_row_index("__row", offset=1).filter(test).head(_KEPT)
    return [
        RowProblem(table, row, field, "" if found is None else str(found), expected)
        for row, found in rows.select("__row", field).iter_rows()
    ]


def empty(frame: pl.DataFrame, table: str, *fields: str) -> list[RowProblem]:
    """A problem for each null, and each empty text, in ``fields``."""
    problems = []
    for field in fields:
        test = pl.col(field).is_null()
        if frame.schema[field] == pl.String:
            test = test | (pl.col(field) == "")
        problems += wrong(frame, table, field, test, expected="a value")
    return problems


def twice(frame: pl.DataFrame, table: str, fields: Sequence[str]) -> list[RowProblem]:
    """A problem for each row that repeats the ``fields`` of an earlier one."""
    again = pl.struct(fields).is_first_distinct().not_()
    return wrong(frame, table, fields[-1], again, expected=f"{', '.join(fields)} once")


def unknown(frame: pl.DataFrame, table: str, field: str, known: pl.Series, *, expected: str) -> list[RowProblem]:
    """A problem for each value of ``field`` that is not among ``known``; nulls pass."""
    values = frame.select(field).filter(pl.col(field).is_not_null()).unique()
    missing = values.join(known.alias(field).to_frame().unique(), on=field, how="anti")[field]
    if missing.is_empty():
        return []
    return wrong(frame, table, field, pl.col(field).is_in(missing.implode()), expected=expected)
