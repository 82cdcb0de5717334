"""The usage pieces under each bill: what lies inside its days, added up; days that are not all read are held."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.billing.catch_up import share
from meterbook.engine.billing.verify import COUNTS_AS
from meterbook.records.platform.copying import copy_out

_USAGE = """
SELECT u.service_point_id, u.register_id, m.serial, m.size, g.channel, g.unit, g.dials, trim_scale(g.multiplier)::text,
       u.from_read_id, u.to_read_id, u.starts, u.ends, trim_scale(fr.value)::text, trim_scale(tr.value)::text,
       u.quantity_e6, u.rollover, u.estimated,
       (SELECT count(*) FROM metering_register o WHERE o.meter_id = m.id)
  FROM metering_usage u
  JOIN metering_register g ON g.id = u.register_id
  JOIN metering_meter m ON m.id = g.meter_id
  JOIN metering_read fr ON fr.id = u.from_read_id
  JOIN metering_read tr ON tr.id = u.to_read_id
 WHERE NOT u.superseded AND u.service_point_id = ANY(%s) AND u.ends > %s AND u.ends <= %s
"""
_USAGE_TYPES: dict[str, Any] = {
    "usage_point": pl.Int64, "register": pl.Int64, "meter": pl.String, "size": pl.String, "channel": pl.String,
    "unit": pl.String, "dials": pl.Int32, "multiplier": pl.String, "from_read": pl.Int64, "to_read": pl.Int64,
    "from_on": pl.Date, "to_on": pl.Date, "from_value": pl.String, "to_value": pl.String, "quantity_e6": pl.Int64,
    "rollover": pl.Boolean, "estimated": pl.Boolean, "registers": pl.UInt32,
}  # fmt: skip
_PIECE = [
    "register", "meter", "channel", "from_read", "to_read", "from_on", "to_on", "from_value", "to_value", "dials",
    "multiplier", "quantity_e6", "unit", "estimated", "rollover",
]  # fmt: skip
#: A column usage has where a person decided it: who and why, sealed with the piece.
DECIDED = "decided"
#: A column pieces have where some are billed in parts: the days that count here.
SHARE = "share"
_EXCEPTIONS = """
SELECT DISTINCT service_point_id FROM metering_readexception
 WHERE state <> 'resolved' AND read_id IS NOT NULL AND service_point_id = ANY(%s)
"""


def read_usage(found: pl.DataFrame, read_to: date) -> pl.DataFrame:
    """Usage in force at the agreements' points since the first day any of them begins, up to a day."""
    due = found.filter(pl.col("metered"))
    if due.is_empty():
        return pl.DataFrame(schema=_USAGE_TYPES)
    points = due["usage_point"].unique().to_list()
    return copy_out(_USAGE, [points, due["starts"].min(), read_to], _USAGE_TYPES)


def pieces_of(dated: pl.DataFrame, usage: pl.DataFrame) -> pl.DataFrame:
    """The usage pieces of each metered agreement's period, and which days of them (``first`` to ``after``, out).

    A piece lies inside the period, unless the same account's next or last segment of the point goes on where this one
    ends or begins: then each has the share of its days (``share``), which add up to the piece.
    """
    places = ["account", "service_point"]
    ends = dated.select(*places, starts="ends", goes_on_before=True).unique()
    starts = dated.select(*places, ends="starts", goes_on_after=True).unique()
    rows = dated.filter(pl.col("metered")).select("row", "usage_point", "starts", "ends", *places)
    rows = rows.join(ends, on=[*places, "starts"], how="left").join(starts, on=[*places, "ends"], how="left")
    begins = (pl.col("from_on") >= pl.col("starts")) | pl.col("goes_on_before").fill_null(value=False)
    finishes = (pl.col("to_on") <= pl.col("ends")) | pl.col("goes_on_after").fill_null(value=False)
    here = (pl.col("from_on") < pl.col("ends")) & (pl.col("to_on") > pl.col("starts"))
    empty = pl.col("from_on") == pl.col("to_on")
    inside = (pl.col("from_on") >= pl.col("starts")) & (pl.col("to_on") <= pl.col("ends"))
    found = rows.join(usage, on="usage_point").filter((inside & empty) | (here & begins & finishes))
    found = found.with_columns(
        first=pl.max_horizontal("from_on", "starts"), after=pl.min_horizontal("to_on", "ends")
    ).drop("starts", "ends", "goes_on_before", "goes_on_after", *places)
    found = found.sort("row", "from_on", "meter", "channel")
    part = (pl.col("first") > pl.col("from_on")) | (pl.col("after") < pl.col("to_on"))
    if not found.select(part.any()).item():
        return found
    days = pl.struct(
        pl.col("first").dt.to_string("%Y-%m-%d").alias("from"), pl.col("after").dt.to_string("%Y-%m-%d").alias("to")
    )
    own = share("quantity_e6", first="from_on", after="to_on", starts="first", ends="after")
    return found.with_columns(
        quantity_e6=pl.when(part).then(own).otherwise("quantity_e6"), share=pl.when(part).then(days)
    )


def with_usage(dated: pl.DataFrame, pieces: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the summed usage, export, meter size and the pieces; agreements whose days are not all read are held."""
    spans = pieces.group_by("row", "meter", "first", "after").agg(found=pl.len(), registers=pl.col("registers").first())
    covered = spans.group_by("row").agg(
        days=(pl.col("after") - pl.col("first")).dt.total_days().sum(),
        complete=(pl.col("found") == pl.col("registers")).all(),
    )
    counts_as = pl.col("channel").replace_strict(COUNTS_AS, return_dtype=pl.String)
    sums = pieces.with_columns(counts_as=counts_as).group_by("row", maintain_order=True).agg(
        pl.col("quantity_e6").filter(pl.col("counts_as") == "usage").sum().alias("det.usage"),
        pl.when((pl.col("counts_as") == "export").any())
        .then(pl.col("quantity_e6").filter(pl.col("counts_as") == "export").sum())
        .alias("det.export"),
        pl.col("size").last().alias("det.meter_size"),
        pl.col("unit").unique().sort().str.join("/").alias("usage_unit"),
        pl.col("estimated").any(),
        pl.struct(
            [
                pl.col(c).dt.to_string("%Y-%m-%d") if c in ("from_on", "to_on") else pl.col(c)
                for c in sorted({*_PIECE, DECIDED, SHARE} & set(pieces.columns))
            ]
        ).alias("pieces"),
    )  # fmt: skip
    dated = dated.join(sums, on="row", how="left").join(covered, on="row", how="left")
    whole = (pl.col("days") == (pl.col("ends") - pl.col("starts")).dt.total_days()) & pl.col("complete")
    broken = pl.col("metered") & ~whole.fill_null(value=False)
    gaps = dated.filter(broken).select(
        "account", "service_point", reason=pl.lit("usage_gap"),
        detail=pl.format("reads do not cover {} to {}", pl.col("starts"), pl.col("ends")),
    )  # fmt: skip
    asked = questioned(dated)
    gaps = gaps.with_columns(
        reason=pl.when(pl.col("service_point").is_in(asked)).then(pl.lit("usage_exception")).otherwise("reason")
    )
    return dated.filter(~broken).with_columns(pl.col("estimated").fill_null(value=False)), gaps


def questioned(dated: pl.DataFrame) -> list[int]:
    """Service points whose reads make no believable usage and wait for a decision."""
    points = dated.filter(pl.col("metered"))
    open_ones = copy_out(_EXCEPTIONS, [points["usage_point"].to_list()], {"usage_point": pl.Int64})
    return points.join(open_ones, on="usage_point")["service_point"].to_list()
