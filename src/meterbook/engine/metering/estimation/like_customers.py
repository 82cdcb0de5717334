"""What like customers use this year against last year: the evidence of the method ``trend``."""

from __future__ import annotations

import polars as pl

from meterbook.engine.columns import Shape, shaped
from meterbook.engine.metering.validation.context import CANDIDATES, CLASS_USAGES, FEWEST_REGISTERS

_CLASS = ("commodity", "size", "premise_class", "channel")
#: Totals of whole classes are added in 128 bits and given as a usage a day, which fits 64.
CLASS_YEARS: Shape = {
    "commodity": pl.String, "size": pl.String, "premise_class": pl.String, "channel": pl.String, "month": pl.Date,
    "class_this_year": pl.Int64, "class_last_year": pl.Int64, "registers": pl.Int32,
}  # fmt: skip


def class_years(usages: pl.DataFrame) -> pl.DataFrame:
    """By class and month: usage a day of the registers with actual usage in both years, as `CLASS_YEARS`.

    ``usages`` are `CLASS_USAGES`; a period belongs to the month of its middle day, estimates and problems are left
    out, and so is a month of fewer than five registers. A register's average is truncated to a millionth a day; all
    registers weigh alike, so that one large customer is not the trend.
    """
    actual = shaped(usages, CLASS_USAGES).filter(~pl.col("estimated") & (pl.col("starts") < pl.col("ends")))
    days = (pl.col("ends") - pl.col("starts")).dt.total_days()
    middle = pl.col("starts").dt.offset_by(pl.format("{}d", days // 2)).dt.truncate("1mo")
    monthly = (
        actual.with_columns(month=middle, days=days)
        .group_by(*_CLASS, "register", "month")
        .agg(daily=pl.col("quantity").cast(pl.Int128).sum() // pl.col("days").sum())
    )
    then = monthly.with_columns(pl.col("month").dt.offset_by("1y")).rename({"daily": "then"})
    both = monthly.join(then, on=[*_CLASS, "register", "month"])
    return (
        both.group_by(*_CLASS, "month")
        .agg(
            class_this_year=(pl.col("daily").sum() // pl.len()).cast(pl.Int64),
            class_last_year=(pl.col("then").sum() // pl.len()).cast(pl.Int64),
            registers=pl.len().cast(pl.Int32),
        )
        .filter(pl.col("registers") >= FEWEST_REGISTERS)
        .select(list(CLASS_YEARS))
        .sort(*_CLASS, "month")
    )


def with_class_years(candidates: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    """``candidates`` (with ``previous_on``) and the `CLASS_YEARS` of the month of their middle day, or, where its reads
    are not in yet, of the month before; null where there is neither.
    """
    shaped(candidates, CANDIDATES)
    days = (pl.col("read_on") - pl.col("previous_on")).dt.total_days()
    month = pl.col("previous_on").dt.offset_by(pl.format("{}d", days // 2)).dt.truncate("1mo")
    found = candidates.drop("class_this_year", "class_last_year", strict=False).with_columns(month=month)
    earlier = years.with_columns(pl.col("month").dt.offset_by("1mo"))
    names = ("class_this_year", "class_last_year")
    for suffix, known in (("", years), ("_before", earlier)):
        renamed = known.select(*_CLASS, "month", *(pl.col(name).alias(name + suffix) for name in names))
        found = found.join(renamed, on=[*_CLASS, "month"], how="left", maintain_order="left")
    return found.with_columns(
        pl.when(pl.col("class_last_year").is_null()).then(f"{name}_before").otherwise(name).alias(name)
        for name in names
    ).drop("month", *(f"{name}_before" for name in names))
