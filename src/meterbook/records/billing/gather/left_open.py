"""Days that were billed, taken back without a bill in their place, and lie before what stands: due again."""

from __future__ import annotations

from typing import Any

import polars as pl

from meterbook.records.billing.gather.due import Window
from meterbook.records.billing.gather.periods import by_period
from meterbook.records.platform.copying import copy_out

#: What stands counts whoever pays for it; days an agreement no longer has are nobody's to bill.
_LEFT_OPEN = """
SELECT g.id, lower(days.one), upper(days.one)
  FROM (SELECT agreement_id, range_agg(period) AS periods FROM billing_billedperiod
         WHERE agreement_id = ANY(%s) AND released_id IS NOT NULL GROUP BY 1) taken
  JOIN customers_serviceagreement g ON g.id = taken.agreement_id
  JOIN LATERAL (SELECT max(upper(b.period)) AS upto FROM billing_billedperiod b
                 WHERE b.agreement_id = g.id AND b.released_id IS NULL) billed ON billed.upto IS NOT NULL
 CROSS JOIN LATERAL unnest(
       taken.periods * datemultirange(g.validity * daterange(NULL, billed.upto))
       - coalesce((SELECT range_agg(b.period) FROM billing_billedperiod b
                    WHERE b.service_point_id = g.service_point_id AND b.released_id IS NULL), '{}')) AS days (one)
 ORDER BY 1, 2
"""
_TYPES: dict[str, Any] = {"agreement": pl.Int64, "starts": pl.Date, "ends": pl.Date}


def left_open(found: pl.DataFrame) -> pl.DataFrame:
    """The agreements of ``found`` once for each stretch of such days, ``starts`` to ``ends`` (out); mostly none."""
    days = copy_out(_LEFT_OPEN, [found["agreement"].to_list()], _TYPES)
    return found.drop("starts").join(days, on="agreement")


def with_left_open(dated: pl.DataFrame, days: pl.DataFrame, usage: pl.DataFrame, window: Window) -> pl.DataFrame:
    """The segments to be, and those of the days left open, cut at scheduled ends as any others."""
    if days.is_empty():
        return dated
    numbered = days.rename({"agreement": "whose"}).with_row_index("agreement")
    cut = by_period(numbered.with_columns(pl.col("agreement").cast(pl.Int64)), usage, window)
    return pl.concat([dated, cut.drop("agreement").rename({"whose": "agreement"})], how="diagonal")
