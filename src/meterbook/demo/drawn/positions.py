"""Where the invented city lies: streets in a grid, even numbers on one side, odd on the other."""

from __future__ import annotations

import polars as pl

#: The corner of the grid, in millionths of degrees: a dry lake bed where nobody lives.
SOUTH, WEST = 33_900_000, -115_300_000
#: Streets side by side in one row of the grid, and the steps between them, in millionths of degrees.
_ACROSS, _STREET, _ROW, _NUMBER, _SIDE = 10, 9_400, 900, 95, 130


def positions(premises: pl.DataFrame) -> pl.DataFrame:
    """``premises`` (premise_id, street, street_number) on the map: premise_id, north_e6, east_e6."""
    streets = premises.select(pl.col("street").unique().sort()).with_row_index("rank")
    number = pl.col("street_number").str.extract(r"(\d+)").cast(pl.Int32)
    rank = pl.col("rank").cast(pl.Int32)
    side = pl.when(number % 2 == 0).then(_SIDE).otherwise(-_SIDE)
    return premises.join(streets, on="street").select(
        "premise_id",
        (SOUTH + rank // _ACROSS * _ROW + side).cast(pl.Int32).alias("north_e6"),
        (WEST + rank % _ACROSS * _STREET + number * _NUMBER).cast(pl.Int32).alias("east_e6"),
    )
