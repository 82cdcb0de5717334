"""Determinants by date, and holds for agreements whose tariff needs a fact that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import DAYS_LIMIT
from meterbook.records.platform.copying import copy_out

_DETERMINANTS = """
SELECT d.service_point_id, k.name, d.number_e6, nullif(d.key, ''), lower(d.validity), upper(d.validity)
  FROM places_determinant d JOIN places_determinantkind k ON k.id = d.kind_id
 WHERE d.service_point_id = ANY(%s)
"""
_DETERMINANT_TYPES: dict[str, Any] = {
    "service_point": pl.Int64, "name": pl.String, "number": pl.Int64, "key": pl.String, "since": pl.Date,
    "upto": pl.Date,
}  # fmt: skip


def facts_of(dated: pl.DataFrame) -> pl.DataFrame:
    """Every determinant on record of the points of these segments, with the days each value is valid for."""
    return copy_out(_DETERMINANTS, [dated["service_point"].unique().to_list()], _DETERMINANT_TYPES)


def with_determinants(dated: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Add one column a determinant, with the value in force on the last day of the period."""
    held = (
        dated.select("row", "service_point", "ends")
        .join(facts, on="service_point")
        .filter((pl.col("since") < pl.col("ends")) & (pl.col("upto").is_null() | (pl.col("upto") >= pl.col("ends"))))
    )
    for value in ("number", "key"):
        some = held.filter(pl.col(value).is_not_null())
        if not some.is_empty():
            wide = some.pivot(on="name", index="row", values=value)
            dated = dated.join(wide.rename({c: f"det.{c}" for c in wide.columns if c != "row"}), on="row", how="left")
    return dated


def unpriceable(
    facts: pl.DataFrame,
    kinds: Mapping[int, Mapping[str, str]],
    tariffs: Mapping[int, Tariff],
    units: Mapping[int, str],
) -> list[pl.DataFrame]:
    """Holds for agreements that lack a fact their tariff needs, or hold one it has no price for."""
    found = []
    for document in facts["document"].unique():
        due = facts.filter(pl.col("document") == document)
        for needed in tariffs[document].required_determinants():
            if needed.conditional:
                continue  # pricing knows on which bills the charge stands, and refuses those that lack it
            column = f"det.{needed.name}"
            bad = pl.col(column).is_null() if column in due.columns else pl.lit(value=True)
            if needed.choices and column in due.columns:
                bad = bad | ~pl.col(column).is_in(list(needed.choices))
            if needed.optional:
                bad = (
                    bad
                    & pl.lit(column in due.columns)
                    & (pl.col(column).is_not_null() if column in due.columns else pl.lit(value=False))
                )
            found.append(
                held(
                    due.filter(bad),
                    "missing_fact",
                    f"{needed.name} has no value {tariffs[document].schedule} can price",
                )
            )
        first = tariffs[document].versions[0].effective
        early = due.filter(pl.col("starts") < first)
        found.append(held(early, "tariff_not_in_force", f"{tariffs[document].schedule} is in force from {first}"))
        long = due.filter((pl.col("ends") - pl.col("starts")).dt.total_days() > DAYS_LIMIT)
        found.append(held(long, "period_too_long", f"more than {DAYS_LIMIT} days since the last bill"))
        wrong = pl.col("metered") & (pl.col("usage_unit") != units[document])
        found.append(held(due.filter(wrong), "wrong_unit", f"the meter's unit is not {units[document]}"))
    return found


def held(rows: pl.DataFrame, reason: str, detail: str) -> pl.DataFrame:
    """Holds for these rows: account, service_point, reason, detail."""
    return rows.select("account", "service_point", reason=pl.lit(reason), detail=pl.lit(detail))
