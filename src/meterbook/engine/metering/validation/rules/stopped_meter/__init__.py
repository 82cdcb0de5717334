"""A register that stands still although somebody lives there."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.expectation import with_expected
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Several periods in a row without usage, or one register of a compound meter still while the other runs."""
    known = _paired(with_expected(frame).filter(pl.col("quantity") == 0), frame)
    lived_in = pl.col("served") & pl.col("occupied") & ~pl.col("locked") & (pl.col("channel") != "received")
    still = lived_in & (pl.col("period") >= settings["days"])
    periods = pl.col("zero_streak") + _periods()
    usual = _monthly("season").fill_null(_monthly("year"))
    # After a whole year of nothing the register's own history says nothing either; the class does.
    of_class = pl.col("class_daily").cast(pl.Int128) * 30
    long = (periods >= settings["long"]) & (of_class >= settings["least"])
    stands = still & (((periods >= settings["periods"]) & (usual >= settings["least"])).fill_null(value=False) | long)
    half = still & (pl.col("channel") == "low_flow") & (pl.col("pair_quantity") >= settings["least"])
    half = half & (pl.col("expected").is_null() | (pl.col("expected") > 0))
    return objections(
        known,
        stands.fill_null(value=False) | half.fill_null(value=False),
        what=pl.when(half.fill_null(value=False)).then(pl.lit("half")).otherwise(pl.lit("stands")),
        periods=periods,
        usual=exact(pl.coalesce(usual, of_class) // 10_000 * 10_000),
        unit=pl.col("unit"),
        partner=pl.col("paired_register"),
        other=exact(pl.col("pair_quantity")),
    )


def _periods() -> pl.Expr:
    """How many usual periods this one spans: a read that was held or missed makes the next one longer."""
    usual = pl.col("prior_days").cast(pl.Int128)
    spans = (pl.col("period") * 2 + usual) // pl.when(usual > 0).then(usual * 2)
    return spans.fill_null(1).clip(lower_bound=1)


def _monthly(name: str) -> pl.Expr:
    """Usage of another time, brought to 30 days."""
    days = pl.col(f"{name}_days")
    return pl.when(days > 0).then(pl.col(f"{name}_quantity").cast(pl.Int128) * 30 // days)


def _paired(still: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Add what the other register of a compound meter counted, if its read of the day is in the frame."""
    wanted = still.select(pl.col("paired_register").alias("register"), "read_on").drop_nulls().unique()
    pairs = (
        frame.filter(pl.col("quantity") > 0)
        .join(wanted, on=["register", "read_on"], how="semi")
        .group_by("register", "read_on")
        .agg(pl.col("quantity").min().alias("pair_quantity"))
        .rename({"register": "paired_register"})
    )
    return still.join(pairs, on=["paired_register", "read_on"], how="left", maintain_order="left")


RULE = Rule(
    name="stopped_meter",
    title=N_("Stopped meter"),
    applies_to="reads",
    says={
        "stands": N_("%(periods)s periods in a row without usage; about %(usual)s %(unit)s in 30 days would be usual."),
        "half": N_("The low-flow register stands still while the other counted %(other)s %(unit)s."),
    },
    find=find,
    parameters=(
        Parameter("periods", "count", Decimal(2), N_("So many periods in a row without usage"), low=Decimal(1)),
        Parameter("days", "count", Decimal(15), N_("Shorter periods, in days, are not judged")),
        Parameter("long", "count", Decimal(12), N_("So many, where only its class says what is usual"),
                  low=Decimal(1)),
        Parameter("least", "quantity", Decimal(1), N_("Registers that count less than this in 30 days are not judged"),
                  default_energy=Decimal(50)),
    ),
    compares_rows=True,
)  # fmt: skip
