"""Setting estimates right when the register is read again: the column face of ``explain_true_up``.

Between two actual reads the register counted what it counted; estimates only said how that is spread over the periods
between. The true-up spreads it again, in whole steps of the register, conserving every step.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from meterbook.engine.columns import Shape, narrowed, shaped
from meterbook.engine.metering.estimation.apportion import apportioned
from meterbook.engine.metering.register import MOST_DIALS, READS, OutOfRange
from meterbook.engine.quantity import QUANTITY_SCALE

__all__ = ["CHAIN", "TRUE_UPS", "true_up"]

#: Accepted reads in any order, as `READS`, with the digits right of the register's decimal point.
CHAIN: Shape = {**READS, "decimals": pl.Int32}

#: A period of a chain that was estimated and is read again. ``stretch`` is the actual read that settles it.
TRUE_UPS: Shape = {
    "register": pl.Int64, "stretch": pl.Int64, "from_read": pl.Int64, "to_read": pl.Int64, "starts": pl.Date,
    "ends": pl.Date, "estimated": pl.Boolean, "was": pl.Int64, "becomes": pl.Int64, "difference": pl.Int64,
    "value": pl.Int64, "rollover": pl.Boolean, "problem": pl.String,
}  # fmt: skip


def true_up(reads: pl.DataFrame, *, plausible_share: Fraction = Fraction(1, 4)) -> pl.DataFrame:
    """Every stretch actual – estimated … estimated – actual of ``reads`` (`CHAIN`), spread again, as `TRUE_UPS`.

    What the register counted from the first actual read to the last (past 0 if it rolled over) is spread over the
    stretch's periods: those that were estimated in proportion to their estimates, the last one, which no estimate
    closes, at the same usage a day; by days alone where the estimates come to nothing. Shares are whole steps of the
    register's resolution, rounded down, the steps left over to the largest remainders, earlier periods first.

    ``was`` is what stood before: the estimates, and for the last period what a plain subtraction would leave it, below
    0 where the estimates were too high. ``becomes`` is never below 0. Both add up to the same total, so that the
    ``difference``s add up to 0. ``value`` is what the register would have shown at the end of the period. Quantities
    are millionths of the billing unit.

    The first read of a chain stands as it is, estimated or not: before it nothing is known. A break (an exchange) ends
    a stretch; estimates no actual read follows stay as they are, and are not in the result. The result depends on the
    set of reads, not on their order.

    A stretch with a ``problem`` (a key of `register.PROBLEMS`) is not spread: was, becomes, difference and value are
    null. Raises `WrongColumns`; `OutOfRange` as `derive_usage` does.
    """
    chain = shaped(reads, CHAIN)
    _guard(chain, plausible_share)
    periods = _stretches(chain.filter(pl.col("estimated").any().over("register")))
    if periods.is_empty():
        return pl.DataFrame(schema=dict(TRUE_UPS))
    judged = _judged(_counted(periods, plausible_share), plausible_share)
    spread = _spread(judged.filter(pl.col("problem").is_null()))
    missing = ("was", "becomes", "difference", "value")
    refused = judged.filter(pl.col("problem").is_not_null()).with_columns(
        *(pl.lit(None, dtype=pl.Int64).alias(name) for name in missing), rollover=pl.lit(value=False)
    )
    return (
        pl.concat([spread.select(list(TRUE_UPS)), refused.select(list(TRUE_UPS))])
        .sort("register", "ends", "to_read")
        .select(list(TRUE_UPS))
    )


def _guard(reads: pl.DataFrame, share: Fraction) -> None:
    """Refuse what no register can be."""
    if not 0 <= share <= 1:
        raise OutOfRange(f"a plausible share is between 0 and 1, not {share}")
    fit = pl.col("dials").is_between(1, MOST_DIALS) & pl.col("decimals").is_between(0, 6) & (pl.col("multiplier") > 0)
    unfit = reads.filter(~fit)
    if unfit.height:
        raise OutOfRange(f"register {unfit['register'][0]}: its dials, decimals or multiplier are no register's")


def _stretches(chain: pl.DataFrame) -> pl.DataFrame:
    """The periods between two fixed reads with an estimate in between; ``stretch`` is the read that ends them."""
    ordered = chain.sort("register", "read_on", "break_before", "read").with_columns(
        starts_chain=pl.col("break_before") | (pl.col("register").ne_missing(pl.col("register").shift(1)))
    )
    fixed = pl.col("starts_chain") | ~pl.col("estimated")
    before = {"read": "from_read", "read_on": "starts", "value": "value_before", "dials": "dials_before"}
    before |= {"multiplier": "multiplier_before"}
    periods = (
        ordered.with_columns(
            *(pl.col(name).shift(1).alias(alias) for name, alias in before.items()),
            chain=pl.col("starts_chain").cum_sum(),
        )
        .with_columns(
            first_value=pl.when(fixed).then("value").shift(1).forward_fill().over("chain"),
            stretch=pl.when(fixed & ~pl.col("starts_chain")).then("read").backward_fill().over("chain"),
        )
        .filter(~pl.col("starts_chain") & pl.col("stretch").is_not_null())
        .rename({"read": "to_read", "read_on": "ends"})
    )
    return periods.filter(pl.col("estimated").any().over("chain", "stretch"))


def _counted(periods: pl.DataFrame, share: Fraction) -> pl.DataFrame:
    """Add the register's range, what each period was said to count (an estimate may stand too high or too low, so that
    it is below 0), and ``total``: what the stretch counted.
    """
    ranges = {dials: 10**dials * QUANTITY_SCALE for dials in range(1, MOST_DIALS + 1)}
    limits = {dials: int(share * whole) for dials, whole in ranges.items()}
    whole, limit = pl.col("whole_range"), pl.col("limit")
    step = pl.col("value") - pl.col("value_before")
    run = ["chain", "stretch"]
    rise = pl.col("value").last().over(run) - pl.col("first_value")
    return (
        periods.with_columns(
            whole_range=pl.col("dials").replace_strict(ranges, return_dtype=pl.Int64),
            limit=pl.col("dials").replace_strict(limits, return_dtype=pl.Int64),
        )
        .with_columns(
            said=pl.when((step < 0) & (step + whole <= limit))
            .then(step + whole)
            .when((step > 0) & (whole - step <= limit))
            .then(step - whole)
            .otherwise(step),
            fell=rise < 0,
            total=rise + pl.when(rise < 0).then(whole).otherwise(0),
            is_last=pl.col("to_read") == pl.col("stretch"),
            days=(pl.col("ends") - pl.col("starts")).dt.total_days(),
        )
        .with_columns(
            said=pl.when("is_last")
            .then(pl.col("total") - pl.col("said").filter(~pl.col("is_last")).sum().over(run))
            .otherwise("said")
        )
    )


def _judged(counted: pl.DataFrame, share: Fraction) -> pl.DataFrame:
    """Add ``step``, the register's own where every read stands on it, and the problem of a stretch, for all of it."""
    run = ["chain", "stretch"]
    own = pl.lit(10, dtype=pl.Int64).pow(6 - pl.col("decimals"))
    on_step = ((pl.col("value") % own == 0) & (pl.col("first_value") % own == 0)).all().over(run)
    beyond = (pl.min_horizontal("value", "first_value") < 0) | (
        pl.max_horizontal("value", "first_value") >= pl.col("whole_range")
    )
    changed = (pl.col("dials") != pl.col("dials_before")) | (pl.col("multiplier") != pl.col("multiplier_before"))
    rows = counted.with_columns(step=pl.when(on_step).then(own).otherwise(1))
    inexact = (pl.col("step").cast(pl.Int128) * pl.col("multiplier")) % QUANTITY_SCALE != 0
    return rows.with_columns(
        problem=pl.when(beyond.any().over(run))
        .then(pl.lit("beyond_dials"))
        .when(changed.any().over(run))
        .then(pl.lit("register_changed"))
        .when((pl.col("days") <= 0).any().over(run))
        .then(pl.lit("no_days"))
        .when(pl.col("fell") & (pl.col("total") > pl.col("limit")))
        .then(pl.lit("rollover_implausible"))
        .when(inexact.any().over(run))
        .then(pl.lit("too_fine"))
    )


def _spread(judged: pl.DataFrame) -> pl.DataFrame:
    """Share each stretch's total out, and say it in the billing unit."""
    estimate = pl.max_horizontal(pl.col("said"), 0).cast(pl.Int128)
    guessed = ~pl.col("is_last")
    run = ["chain", "stretch"]
    sums = judged.with_columns(
        whole=estimate.filter(guessed).sum().over(run),
        guessed_days=pl.col("days").filter(guessed).sum().over(run).cast(pl.Int128),
    )
    weight = (
        pl.when(pl.col("whole") == 0)
        .then(pl.col("days").cast(pl.Int128))
        .when("is_last")
        .then(pl.col("whole") * pl.col("days"))
        .otherwise(estimate * pl.col("guessed_days"))
    )
    shares = apportioned(
        sums.with_columns(weight=weight, steps=pl.col("total") // pl.col("step"), part=pl.struct(run).rle_id()),
        group="part",
        order="ends",
        total="steps",
        weight="weight",
    ).with_columns(counted=pl.col("share") * pl.col("step"))
    reached = pl.col("first_value") + pl.col("counted").cum_sum().over("part", order_by="ends")
    shares = shares.with_columns(value=reached % pl.col("whole_range"))
    before = pl.coalesce(pl.col("value").shift(1).over("part", order_by="ends"), "first_value")
    shares = shares.with_columns(
        rollover=pl.col("value") < before,
        was=pl.col("said").cast(pl.Int128) * pl.col("multiplier") // QUANTITY_SCALE,
        becomes=pl.col("counted").cast(pl.Int128) * pl.col("multiplier") // QUANTITY_SCALE,
    )
    shares = shares.with_columns(narrowed(shares["was"]), narrowed(shares["becomes"]))
    return shares.with_columns(difference=pl.col("becomes") - pl.col("was"))
