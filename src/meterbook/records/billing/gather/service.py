"""Suspended service: the days of each segment to be on which there was none, and segments that hold nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from meterbook.records.platform.copying import copy_out

_SUSPENSIONS = """
SELECT agreement_id, lower(validity), coalesce(upper(validity), '9999-12-31'::date)
  FROM customers_servicesuspension WHERE agreement_id = ANY(%s) AND continues = 'nothing' ORDER BY 1, 2
"""
_TYPES: dict[str, Any] = {"agreement": pl.Int64, "first": pl.Date, "after": pl.Date}


def suspensions(found: pl.DataFrame) -> pl.DataFrame:
    """The days without service of these agreements: agreement, first, after (out; far off where it is not resumed)."""
    return copy_out(_SUSPENSIONS, [found["agreement"].unique().to_list()], _TYPES)


def with_pause(found: pl.DataFrame, service_to: date) -> pl.DataFrame:
    """Add ``paused``: since when each agreement has no service on a scheduled read date; null where it has."""
    off = suspensions(found).filter((pl.col("first") <= service_to) & (pl.col("after") > service_to))
    return found.join(off.select("agreement", paused="first"), on="agreement", how="left", maintain_order="left")


def with_service(dated: pl.DataFrame) -> pl.DataFrame:
    """Add ``suspended`` (lists of {starts, ends}), the days without service, where there are any.

    Of an agreement with several periods, one without a served day joins the next that adjoins (the last ones join the
    one before); days without any served day beside them are not due.
    """
    off = suspensions(dated)
    if off.is_empty():
        return dated
    placed = dated.with_row_index("place")
    here = placed.select("place", "agreement", "starts", "ends").join(off, on="agreement")
    here = here.with_columns(
        first=pl.max_horizontal("first", "starts"), after=pl.min_horizontal("after", "ends")
    ).filter(pl.col("first") < pl.col("after"))
    days = here.group_by("place").agg(off=(pl.col("after") - pl.col("first")).dt.total_days().sum())
    length = (pl.col("ends") - pl.col("starts")).dt.total_days()
    placed = placed.join(days, on="place", how="left").with_columns(served=length > pl.col("off").fill_null(0))
    joined = _joined(placed.sort("agreement", "starts"))
    pieces = joined.select("place", "agreement", "starts", "ends").join(off, on="agreement")
    pieces = pieces.with_columns(
        first=pl.max_horizontal("first", "starts"), after=pl.min_horizontal("after", "ends")
    ).filter(pl.col("first") < pl.col("after"))
    listed = (
        pieces.sort("place", "first")
        .group_by("place", maintain_order=True)
        .agg(suspended=pl.struct(starts="first", ends="after"))
    )
    return joined.join(listed, on="place", how="left").sort("place").drop("place", "off", "served")


def _joined(placed: pl.DataFrame) -> pl.DataFrame:
    """Periods without a served day made one with an adjoining one of the same agreement; `served` ones alone remain."""
    if placed["served"].all():
        return placed
    own = pl.when("served").then("place")
    # What stands may lie between two periods of one agreement: only those that adjoin are joined.
    apart = pl.col("starts") != pl.col("ends").shift(1).over("agreement")
    placed = placed.with_columns(stretch=apart.fill_null(value=False).cum_sum().over("agreement"))
    mine = ["agreement", "stretch"]
    kept = own.backward_fill().over(mine).fill_null(own.forward_fill().over(mine))
    spans = placed.with_columns(kept=kept).group_by("kept").agg(pl.col("starts").min(), pl.col("ends").max())
    alone = placed.filter("served").drop("starts", "ends")
    return alone.join(spans, left_on="place", right_on="kept").select(placed.columns).drop("stretch")
