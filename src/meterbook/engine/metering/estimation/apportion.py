"""A whole shared out by weight, in whole steps, without losing or making one: largest remainder, for many at once."""

from __future__ import annotations

import polars as pl

from meterbook.engine.columns import INT64_MAX, OutOfRange, WrongColumns

#: 128 bits carry a product below this.
_MOST = 2**126


def apportioned(parts: pl.DataFrame, *, group: str, order: str, total: str, weight: str) -> pl.DataFrame:
    """``parts`` with ``share`` (Int64): of each group's ``total``, in proportion to ``weight``.

    ``total`` is the same in every row of a group; both are integers from 0 on. Every share is rounded down first; the
    steps left over go one each to the parts with the largest remainders, to the earlier by ``order`` where remainders
    are equal. A group whose weights are all 0 is shared out evenly. Rows come back by group and order.

    Raises `WrongColumns` for a total or a weight that is null or below 0 or totals that differ, `OutOfRange` beyond
    what 128 bits carry.

    >>> parts = pl.DataFrame({"g": [1, 1, 1], "n": [1, 2, 3], "whole": [10, 10, 10], "w": [1, 1, 1]})
    >>> apportioned(parts, group="g", order="n", total="whole", weight="w")["share"].to_list()
    [4, 3, 3]
    """
    rows = parts.with_columns(
        pl.col(total).cast(pl.Int128).alias("_total"), pl.col(weight).cast(pl.Int128).alias("_weight")
    )
    _guard(rows, group)
    even = pl.col("_weight").sum().over(group) == 0
    rows = rows.with_columns(_weight=pl.when(even).then(pl.lit(1, dtype=pl.Int128)).otherwise("_weight"))
    rows = rows.with_columns(_whole=pl.col("_weight").sum().over(group))
    wide = rows.filter(pl.col("_whole") > pl.lit(_MOST, dtype=pl.Int128) // (pl.col("_total") + 1))
    if wide.height:
        raise OutOfRange(f"{group} {wide[group][0]}: {wide['_total'][0]} by weight is beyond 128 bits")
    product = pl.col("_total") * pl.col("_weight")
    rows = rows.with_columns(_floor=product // pl.col("_whole"), _rest=product % pl.col("_whole"))
    left = pl.col("_total") - pl.col("_floor").sum().over(group)
    return (
        rows.sort(group, "_rest", order, descending=[False, True, False])
        .with_columns(_turn=pl.int_range(pl.len()).over(group), _left=left)
        .with_columns(share=(pl.col("_floor") + (pl.col("_turn") < pl.col("_left")).cast(pl.Int128)).cast(pl.Int64))
        .drop("_total", "_weight", "_whole", "_floor", "_rest", "_turn", "_left")
        .sort(group, order)
    )


def _guard(rows: pl.DataFrame, group: str) -> None:
    for name in ("_total", "_weight"):
        if rows[name].has_nulls() or rows.filter(pl.col(name) < 0).height:
            raise WrongColumns(f"a {name.lstrip('_')} is missing or below 0")
    if rows.filter(pl.col("_total") > INT64_MAX).height:
        raise OutOfRange("a total is beyond 64 bits")
    if rows.filter(pl.col("_total").n_unique().over(group) > 1).height:
        raise WrongColumns(f"the total differs within a {group}")
