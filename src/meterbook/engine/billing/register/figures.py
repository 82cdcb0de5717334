"""What the register looks at, as columns: this bill point by point, what was billed before, what peers pay.

Money in cents, quantities in millionths of their unit, days whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

#: One service point of one bill a row. ``usage``, ``unit`` and ``meter_size`` only where a meter counts; ``first``: no
#: bill of its agreement came before; ``exports``: it feeds into the grid; ``line``: place of its largest line.
POINTS: dict[str, Any] = {
    "account": pl.Int64, "service_point": pl.Int64, "commodity": pl.String, "premise_class": pl.String,
    "meter_size": pl.String, "unit": pl.String, "days": pl.Int64, "usage": pl.Int64, "cents": pl.Int64,
    "estimated": pl.Boolean, "first": pl.Boolean, "exports": pl.Boolean, "line": pl.Int64,
}  # fmt: skip
#: The same points on an earlier bill: of the last cycle, or of the same month a year ago.
BEFORE: dict[str, Any] = {
    "account": pl.Int64, "service_point": pl.Int64, "commodity": pl.String, "days": pl.Int64, "usage": pl.Int64,
    "cents": pl.Int64,
}  # fmt: skip
#: One bill a row: what it charges, what is due with all that was owed, and whether level pay settles on it.
BILLS: dict[str, Any] = {
    "account": pl.Int64, "premise_class": pl.String, "current": pl.Int64, "due": pl.Int64, "settles": pl.Boolean,
}  # fmt: skip
#: Services an account should be billed for and is not: ``why`` is ``last`` (on the last bill) or ``premise`` (there,
#: and nobody pays). ``cents`` is what the last bill charged for it, or 0.
MISSING: dict[str, Any] = {
    "account": pl.Int64, "service_point": pl.Int64, "commodity": pl.String, "why": pl.String, "cents": pl.Int64,
}  # fmt: skip
#: What points of one service, class and meter size paid lately, in cents for 30 days: the median and of how many.
PEERS: dict[str, Any] = {
    "commodity": pl.String, "premise_class": pl.String, "meter_size": pl.String, "median": pl.Int64, "points": pl.Int64,
}  # fmt: skip
#: One mark a row; see `records.billing.models.RegisterMark`. ``details`` is JSON text.
MARKS: dict[str, Any] = {
    "account": pl.Int64, "service_point": pl.Int64, "commodity": pl.String, "test": pl.String, "effect": pl.String,
    "measure": pl.String, "unit": pl.String, "figure": pl.Int64, "compared": pl.Int64, "against": pl.String,
    "cents": pl.Int64, "line": pl.Int64, "details": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Cycle:
    """Everything one pass of the register sees: `POINTS`, `BEFORE` twice, `BILLS`, `MISSING`, `PEERS`."""

    points: pl.DataFrame
    last: pl.DataFrame
    year: pl.DataFrame
    bills: pl.DataFrame
    missing: pl.DataFrame
    peers: pl.DataFrame

    def beside(self) -> pl.DataFrame:
        """Points with the same point's last bill and the one a year ago: ``last_*`` and ``year_*`` columns."""
        found = self.points
        for name, before in (("last", self.last), ("year", self.year)):
            renamed = before.select(
                "account",
                "service_point",
                *(pl.col(each).alias(f"{name}_{each}") for each in ("days", "usage", "cents")),
            )
            found = found.join(renamed, on=["account", "service_point"], how="left")
        return found


def half_up(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """``above`` ÷ ``below`` (positive), rounded to the nearest whole, a half upwards."""
    above, below = above.cast(pl.Int128), below.cast(pl.Int128)
    return ((above * 2 + below) // (below * 2)).cast(pl.Int64)


def at_pace(value: str, before: str) -> pl.Expr:
    """What an earlier bill's ``value`` makes for this bill's days: ``last_cents`` of 30 days for 31, say."""
    earlier = pl.col(f"{before}_{value}").cast(pl.Int128) * pl.col("days")
    return half_up(earlier, pl.col(f"{before}_days"))


def marks(
    rows: pl.DataFrame,
    test: str,
    *,
    cents: pl.Expr,
    measure: str = "",
    figure: pl.Expr | None = None,
    compared: pl.Expr | None = None,
    against: pl.Expr | str = "",
    details: Mapping[str, pl.Expr] | None = None,
) -> pl.DataFrame:
    """Marks of a test, without their effect yet: `MARKS`; ``cents`` at stake is taken without its sign."""
    nothing = pl.lit(None, dtype=pl.Int64)
    told = pl.struct([value.alias(name) for name, value in (details or {}).items()]) if details else None
    optional = {"service_point": pl.Int64, "commodity": pl.String, "unit": pl.String, "line": pl.Int64}
    for name, kind in optional.items():
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, dtype=kind).alias(name))
    return rows.select(
        "account",
        "service_point",
        pl.col("commodity").fill_null(""),
        pl.lit(test).alias("test"),
        pl.lit("").alias("effect"),
        pl.lit(measure).alias("measure"),
        pl.col("unit").fill_null("") if measure == "usage" else pl.lit("").alias("unit"),
        (nothing if figure is None else figure).alias("figure"),
        (nothing if compared is None else compared).alias("compared"),
        (pl.lit(against) if isinstance(against, str) else against).alias("against"),
        cents.abs().alias("cents"),
        "line",
        (pl.lit("{}") if told is None else told.struct.json_encode()).alias("details"),
    ).cast(MARKS)  # type: ignore[arg-type]


def none() -> pl.DataFrame:
    """No mark."""
    return pl.DataFrame(schema=MARKS)
