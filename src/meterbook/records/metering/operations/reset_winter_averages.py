"""The annual reset of the residential sewer quantity from the winter's water usage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
from django.db import connection

from meterbook.engine.metering.winter_average import winter_average
from meterbook.engine.quantity import scaled
from meterbook.records.places.models import DeterminantKind
from meterbook.records.platform.copying import copy_in, copy_out
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import policy
from meterbook.records.platform.roles import BILLING, SUPERVISOR

_WINTER_USAGE = """
SELECT s.id, u.starts, u.ends, sum(u.quantity_e6)::bigint
  FROM places_servicepoint s
  JOIN places_determinant d ON d.service_point_id = s.id AND d.kind_id = %s AND d.validity @> %s::date
  JOIN metering_usage u ON u.service_point_id = s.water_source_id AND NOT u.superseded
 WHERE u.starts >= %s AND u.ends <= %s
   AND u.starts >= coalesce((SELECT lower(a.validity) FROM customers_serviceagreement a
        WHERE a.service_point_id = s.id AND a.validity @> %s::date), DATE '1900-01-01')
 GROUP BY s.id, u.starts, u.ends
"""
_BILLED_BY_AVERAGE = """
SELECT s.id, upper(d.validity) FROM places_servicepoint s
  JOIN places_determinant d ON d.service_point_id = s.id AND d.kind_id = %s AND d.validity @> %s::date
 WHERE lower(d.validity) < %s
"""


@operation("metering.reset_winter_averages", roles={BILLING, SUPERVISOR})
def reset_winter_averages(deed: Deed, *, effective: date) -> dict[str, int]:
    """Set every averaged sewer point's quantity from ``effective`` on; returns how many came from what.

    The present customer's own winter counts: usage before the agreement in force began is left out, and a point with
    too few winter reads takes the policy's default. Running it again for the same day changes nothing.
    """
    rules = policy("winter-average", effective)
    kind = DeterminantKind.objects.get(name="winter_average")
    points = copy_out(
        _BILLED_BY_AVERAGE, [kind.pk, effective, effective], {"service_point": pl.Int64, "until": pl.Date}
    )
    if points.is_empty():
        return {}
    averages = _averages(kind.pk, effective, rules)
    averages = points.join(averages, on="service_point", how="left").with_columns(
        pl.col("average").fill_null(scaled(Decimal(rules["default_ccf"]))), pl.col("source").fill_null("default"),
        pl.col("periods").fill_null(0),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_determinant SET validity = daterange(lower(validity), %s)"
            " WHERE kind_id = %s AND service_point_id = ANY(%s) AND validity @> %s::date",
            [effective, kind.pk, averages["service_point"].to_list(), effective],
        )
    said = pl.format(
        "winter before {}: {} of {} reads", pl.lit(effective.isoformat()), pl.col("source"), pl.col("periods")
    )
    copy_in(
        "places_determinant",
        averages.select(
            pl.col("service_point").alias("service_point_id"),
            pl.lit(kind.pk).alias("kind_id"),
            pl.col("average").alias("number_e6"),
            pl.lit("").alias("key"),
            said.alias("origin"),
            pl.format("[{},{})", pl.lit(effective.isoformat()), pl.col("until").cast(pl.String).fill_null("")).alias(
                "validity"
            ),
            pl.lit(deed.pk).alias("deed_id"),
        ),
    )
    counts = {str(source): int(n) for source, n in averages.group_by("source").len().iter_rows()}
    tell(deed, "metering.winter_averages_reset", effective=effective.isoformat(), **counts)
    return counts


def _averages(kind_id: int, effective: date, rules: dict[str, Any]) -> pl.DataFrame:
    """The winter average of each point with any usage in the twelve months before ``effective``."""
    last_year = effective.replace(year=effective.year - 1)
    usage = copy_out(
        _WINTER_USAGE,
        [kind_id, effective, last_year, effective, effective],
        {"service_point": pl.Int64, "starts": pl.Date, "ends": pl.Date, "quantity": pl.Int64},
    )
    return winter_average(
        usage,
        months=rules["months"],
        minimum_periods=int(rules["minimum_periods"]),
        default=scaled(Decimal(rules["default_ccf"])),
        cap=None,
        decimals=int(rules["decimals"]),
        basis="days",
        days_per_month=Fraction(rules["days_per_month"]),
    )
