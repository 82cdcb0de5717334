"""Rows into values: the winter's water under every averaged sewer point, and the sewer charges before and after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from meterbook.engine.metering.winter_average import winter_average
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Refusal
from meterbook.records.platform.copying import copy_out
from meterbook.records.programs.winter_average.rules import WinterRules
from meterbook.records.programs.winter_average.stays import STAY
from meterbook.records.rates.queries import current_tariffs

KIND = "winter_average"
_POINTS = """
SELECT s.id, d.number_e6, upper(d.validity), g.account_id, c.document_id
  FROM places_determinant d
  JOIN places_determinantkind k ON k.id = d.kind_id AND k.name = 'winter_average'
  JOIN places_servicepoint s ON s.id = d.service_point_id
  LEFT JOIN customers_serviceagreement g ON g.service_point_id = s.id AND g.validity @> %(day)s::date
  LEFT JOIN rates_schedule c ON c.id = g.schedule_id
 WHERE d.validity @> %(day)s::date AND lower(d.validity) < %(day)s
"""
_POINT_TYPES: dict[str, Any] = {
    "service_point": pl.Int64, "before": pl.Int64, "until": pl.Date, "account": pl.Int64, "document": pl.Int64,
}  # fmt: skip
#: The present customer's own winter: usage before they came is left out.
_USAGE = f"""
WITH {STAY}
SELECT s.id, u.starts, u.ends, sum(u.quantity_e6)::bigint, bool_or(u.estimated)
  FROM places_servicepoint s
  JOIN places_determinant d ON d.service_point_id = s.id AND d.validity @> %(day)s::date
  JOIN places_determinantkind k ON k.id = d.kind_id AND k.name = 'winter_average'
  JOIN metering_usage u ON u.service_point_id = s.water_source_id AND NOT u.superseded
  LEFT JOIN stay y ON y.service_point_id = s.id
 WHERE u.starts >= %(since)s AND u.ends <= %(day)s AND u.starts >= coalesce(y.since, DATE '1900-01-01')
 GROUP BY s.id, u.starts, u.ends
"""
_USAGE_TYPES: dict[str, Any] = {
    "service_point": pl.Int64, "starts": pl.Date, "ends": pl.Date, "quantity": pl.Int64, "estimated": pl.Boolean,
}  # fmt: skip
_FACTS = """
SELECT d.service_point_id, k.name, d.number_e6, nullif(d.key, '')
  FROM places_determinant d JOIN places_determinantkind k ON k.id = d.kind_id
 WHERE d.validity @> %(day)s::date AND d.service_point_id = ANY(%(points)s) AND k.name <> 'winter_average'
"""
_FACT_TYPES: dict[str, Any] = {
    "service_point": pl.Int64, "name": pl.String, "number": pl.Int64, "key": pl.String,
}  # fmt: skip


def drawn(effective: date, rules: WinterRules) -> pl.DataFrame:
    """Every averaged point on ``effective``: before, average, periods, estimated, source, account, document, until."""
    points = copy_out(_POINTS, {"day": effective}, _POINT_TYPES)
    since = effective.replace(year=effective.year - 1, day=min(effective.day, 28 if effective.month == 2 else 31))
    usage = copy_out(_USAGE, {"day": effective, "since": since}, _USAGE_TYPES)
    middle = (pl.col("starts") + pl.duration(days=(pl.col("ends") - pl.col("starts")).dt.total_days() // 2)).dt.month()
    estimated = (
        usage.filter(pl.col("estimated") & middle.is_in(list(rules.months)))
        .group_by("service_point")
        .agg(estimated=pl.len().cast(pl.Int64))
    )
    found = winter_average(
        usage.drop("estimated"), months=rules.months, minimum_periods=rules.minimum_periods, default=rules.default,
        cap=_cap(usage, rules), decimals=rules.decimals, basis="days", days_per_month=rules.days_per_month,
    )  # fmt: skip
    rows = points.join(found, on="service_point", how="left").join(estimated, on="service_point", how="left")
    return rows.with_columns(
        pl.col("average").fill_null(rules.default), pl.col("source").fill_null("default"),
        pl.col("periods").cast(pl.Int64).fill_null(0), pl.col("estimated").fill_null(0),
    ).sort("service_point")  # fmt: skip


def _cap(usage: pl.DataFrame, rules: WinterRules) -> int | None:
    """The lower of the two limits; the mean is of the averages before any limit, without defaults."""
    limits = [] if rules.cap is None else [rules.cap]
    if rules.cap_times_mean is not None:
        free = winter_average(
            usage.drop("estimated"), months=rules.months, minimum_periods=rules.minimum_periods,
            default=rules.default, cap=None, decimals=rules.decimals, basis="days",
            days_per_month=rules.days_per_month,
        ).filter(pl.col("source") == "average")  # fmt: skip
        if free.height:
            over = int(free["average"].sum()) * rules.cap_times_mean.numerator
            under = free.height * rules.cap_times_mean.denominator
            step = 10 ** (6 - rules.decimals)
            limits.append((2 * over + under * step) // (2 * under * step) * step)
    return min(limits) if limits else None


def with_revenue(rows: pl.DataFrame, effective: date) -> pl.DataFrame:
    """Add ``cents_before`` and ``cents_after``: a normal period from ``effective`` at each quantity, null if unknown.

    ``rows`` as `drawn` gives them, with ``set`` the quantity that will count.
    """
    facts = copy_out(_FACTS, {"day": effective, "points": rows["service_point"].to_list()}, _FACT_TYPES)
    tariffs = current_tariffs()
    priced = [
        _priced(due, tariffs[document], facts, effective)
        for (document,), due in rows.drop_nulls("document").group_by("document", maintain_order=True)
        if document in tariffs
    ]
    schema = {"service_point": pl.Int64, "cents_before": pl.Int64, "cents_after": pl.Int64}
    sums = pl.concat(priced) if priced else pl.DataFrame(schema=schema)
    return rows.join(sums, on="service_point", how="left")


def _priced(due: pl.DataFrame, tariff: Tariff, facts: pl.DataFrame, effective: date) -> pl.DataFrame:
    ends = effective + timedelta(days=tariff.version_at(effective).proration.normal_days)
    base = due.select("service_point", pl.col("service_point").alias("row")).with_columns(
        starts=pl.lit(effective), ends=pl.lit(ends)
    )
    known = facts.join(due.select("service_point"), on="service_point")
    for value in ("number", "key"):
        some = known.filter(pl.col(value).is_not_null())
        if some.height:
            wide = some.pivot(on="name", index="service_point", values=value)
            base = base.join(
                wide.rename({name: f"det.{name}" for name in wide.columns if name != "service_point"}),
                on="service_point", how="left",
            )  # fmt: skip
    found = due.select("service_point")
    for column, quantity in (("cents_before", "before"), ("cents_after", "set")):
        asked = base.join(due.select("service_point", pl.col(quantity).alias(f"det.{KIND}")), on="service_point")
        found = found.join(_sums(tariff, asked).rename({"cents": column}), on="service_point", how="left")
    return found.select("service_point", "cents_before", "cents_after")


def _sums(tariff: Tariff, asked: pl.DataFrame) -> pl.DataFrame:
    """Cents of each point's lines; points the tariff refuses are left out."""
    while asked.height:
        try:
            lines = price(tariff, asked.drop("service_point"))
        except Refusal as refusal:
            rows = set(getattr(refusal, "rows", ())) & set(asked["row"])
            if not rows:
                break
            asked = asked.filter(~pl.col("row").is_in(list(rows)))
            continue
        return lines.group_by(pl.col("row").alias("service_point")).agg(cents=pl.col("amount").sum())
    return pl.DataFrame(schema={"service_point": pl.Int64, "cents": pl.Int64})
