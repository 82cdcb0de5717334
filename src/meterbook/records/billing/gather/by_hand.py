"""Accounts somebody holds by hand: their whole bill stays out, with the order's reason."""

from __future__ import annotations

from typing import Any

import polars as pl

from meterbook.records.billing.gather.due import Window
from meterbook.records.platform.copying import copy_out

_ORDERS = """
SELECT o.account_id, o.service_point_id, o.kind, o.reason, o.detail, o.until
  FROM billing_holdorder o
 WHERE o.released_id IS NULL AND o.account_id = ANY(%(accounts)s)
   AND (o.kind = 'held' OR o.until > coalesce((SELECT r.bill_date FROM billing_billrun r WHERE r.id = %(run)s), %(on)s))
"""
_ORDER_TYPES: dict[str, Any] = {
    "account": pl.Int64, "service_point": pl.Int64, "kind": pl.String, "code": pl.String, "told": pl.String,
    "until": pl.Date,
}  # fmt: skip


def held_by_hand(due: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Holds (account, service_point, reason, detail) of due points that an open order keeps out on the bill date.

    An order about a whole account holds every point of it; one about a service holds that one, and the others wait.
    """
    asked = {"accounts": due["account"].unique().to_list(), "run": window.run, "on": window.read_to}
    orders = copy_out(_ORDERS, asked, _ORDER_TYPES)
    points = due.select("account", "service_point").unique(maintain_order=True)
    whole = orders.filter(pl.col("service_point").is_null()).drop("service_point")
    found = pl.concat([
        points.join(orders, on=["account", "service_point"]),
        points.join(whole, on="account").select(list(_ORDER_TYPES)),
    ])  # fmt: skip
    return found.unique(["account", "service_point"], keep="first", maintain_order=True).select(
        "account",
        "service_point",
        reason=pl.when(pl.col("kind") == "held").then(pl.lit("held_by_hand")).otherwise(pl.lit("delayed")),
        detail=pl.concat_str(
            [
                pl.col("code"),
                pl.when(pl.col("kind") == "delayed").then(pl.format("until {}", pl.col("until"))),
                pl.when(pl.col("told") != "").then(pl.col("told")),
            ],
            separator=": ", ignore_nulls=True,
        ),
    )  # fmt: skip
