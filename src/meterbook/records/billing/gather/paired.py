"""Deliveries measured twice: the check meter's reads of the same days, and what both meters make by the agreement."""

from __future__ import annotations

from typing import Any

import polars as pl

from meterbook.engine.billing.wholesale import Settled, Terms, sealed_pair, settle
from meterbook.records.billing.gather.usage import pieces_of, read_usage, with_usage
from meterbook.records.billing.kinds.terms import terms_of
from meterbook.records.platform.copying import copy_out

_DELIVERIES = """
SELECT point_id, check_point_id, code FROM billing_wholesaledelivery WHERE point_id = ANY(%s)
"""
_TYPES: dict[str, Any] = {"service_point": pl.Int64, "check_point": pl.Int64, "code": pl.String}


def with_paired(dated: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Replace the usage of deliveries measured twice by what both meters make, and add ``paired``, what is sealed.

    ``dated`` comes from `with_usage`: its pieces are the primary meter's. Held are deliveries whose check meter does
    not cover the same days, counts in another unit, or is too far apart for the agreement.
    """
    problems = pl.DataFrame(schema={name: dated.schema[name] for name in ("account", "service_point")}).with_columns(
        reason=pl.lit(""), detail=pl.lit("")
    )
    known = copy_out(_DELIVERIES, [dated["service_point"].unique().to_list()], _TYPES)
    twice = dated.join(known, on="service_point")
    if twice.is_empty():
        return dated, problems
    checked, gaps = _checked(twice)
    settled, told = _settled(twice.join(checked, on="row"))
    held = pl.concat([problems, gaps, told])
    rows = dated.join(settled, on="row", how="left").with_columns(
        pl.coalesce("settled", "det.usage").alias("det.usage")
    )
    waiting = held["service_point"].to_list()
    return rows.drop("settled").filter(~pl.col("service_point").is_in(waiting)), held


def _checked(twice: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The check meters' usage over the rows' days (row, check, check_unit, check_pieces), and what is missing."""
    rows = twice.select(
        "row", "account", "service_point", "starts", "ends", "metered", usage_point="check_point"
    )  # fmt: skip
    last = rows["ends"].max()
    assert last is not None
    usage = read_usage(rows, last)  # type: ignore[arg-type]
    found, gaps = with_usage(rows, pieces_of(rows, usage))
    gaps = gaps.with_columns(detail=pl.format("check meter: {}", "detail"))
    return found.select("row", check="det.usage", check_unit="usage_unit", check_pieces="pieces"), gaps


def _settled(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What both meters make of each row: row, settled (millionths), paired; and holds for those that stay open."""
    made: list[tuple[int, int, str]] = []
    open_ones: list[tuple[int, int, str, str]] = []
    for row in rows.iter_rows(named=True):
        place = (row["account"], row["service_point"])
        if row["usage_unit"] != row["check_unit"]:
            open_ones.append((*place, "wrong_unit", f"the check meter counts {row['check_unit']}"))
            continue
        terms = terms_of(row["code"], row["ends"])
        found = settle(row["det.usage"], row["check"], terms)
        if found.quantity_e6 is None:
            open_ones.append((*place, "meters_apart", _apart(found, terms)))
        else:
            made.append((row["row"], found.quantity_e6, sealed_pair(row["check_pieces"], terms)))
    schema = {"row": pl.Int64, "settled": pl.Int64, "paired": pl.String}
    held = {"account": pl.Int64, "service_point": pl.Int64, "reason": pl.String, "detail": pl.String}
    return pl.DataFrame(made, schema=schema, orient="row"), pl.DataFrame(open_ones, schema=held, orient="row")


def _apart(found: Settled, terms: Terms) -> str:
    apart, allowed = round(found.apart * 100, 2), round(terms.tolerance * 100, 2)
    return f"the meters are {apart} % apart, the agreement allows {allowed} %"
