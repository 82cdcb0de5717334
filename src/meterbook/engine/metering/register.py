"""Usage from a register's reads, for every register at once: the column face of ``explain.explain_usage``.

A read is what the register shows, in integer millionths of the register's unit; usage is integer millionths of the
billing unit. Nothing is rounded: what cannot be exact, or cannot be true, is marked and carries no quantity.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from meterbook.engine.columns import INT64_MAX, OutOfRange, Shape, shaped
from meterbook.engine.metering.explain import UsageExplanation, explain_usage
from meterbook.engine.quantity import QUANTITY_SCALE

__all__ = ["PROBLEMS", "READS", "OutOfRange", "UsageExplanation", "derive_usage", "explain_usage"]

#: The reads of any number of registers, in any order.
READS: Shape = {
    "register": pl.Int64,
    "read": pl.Int64,
    "read_on": pl.Date,
    "value": pl.Int64,
    "dials": pl.Int32,
    "multiplier": pl.Int64,
    "estimated": pl.Boolean,
    "break_before": pl.Boolean,
}

#: Why a pair of reads carries no quantity, the first that applies.
PROBLEMS: dict[str, str] = {
    "beyond_dials": "a read shows a number its dials cannot show",
    "register_changed": "dials or multiplier differ between the reads without a new chain",
    "no_days": "both reads are of the same day",
    "rollover_implausible": "the register fell, and rolling over would mean too much usage",
    "too_fine": "usage times multiplier is finer than a millionth of the billing unit",
}

#: A register of more dials does not fit 64 bits in millionths.
MOST_DIALS = 12


def derive_usage(reads: pl.DataFrame, *, plausible_share: Fraction = Fraction(1, 4)) -> pl.DataFrame:
    """Usage between each read and the one before it on the same register.

    ``reads`` are accepted reads, one a row (`READS`): ``value`` in millionths of its register's unit, ``dials``
    the digits left of its decimal point, ``multiplier`` in millionths (40 is 40_000_000), ``break_before`` true where
    the read starts a new chain (an installation), so that nothing was used since the read before. On one day the read
    that starts a chain comes last; otherwise reads follow by day and id.

    The result has one row per pair, by register and day: ``register``, ``from_read``, ``to_read``, ``starts``,
    ``ends`` (half-open), ``quantity`` in millionths of the billing unit, ``rollover``, ``estimated`` and ``problem``,
    a key of `PROBLEMS` or null. A row with a problem has a null quantity and ``rollover`` false. A row is labelled
    estimated by its closing read: usage from an estimate up to an actual read is the true-up, not an estimate.

    A register that fell rolled over if the usage this means (10**dials + current − previous) is at most
    ``plausible_share`` of the dial range; the share is a design rule, the formula is the field's.

    Raises `WrongColumns`; raises `OutOfRange` for dials outside 1..12, a multiplier not above zero, a share outside
    0..1, or usage beyond 64 bits.

    >>> from datetime import date
    >>> reads = pl.DataFrame(
    ...     [(7, 1, date(2026, 3, 2), 99_950_000_000, 5, 1_000_000, False, True),
    ...      (7, 2, date(2026, 4, 1), 30_000_000, 5, 1_000_000, False, False)], schema=dict(READS), orient="row")
    >>> derive_usage(reads).select("from_read", "to_read", "quantity", "rollover", "problem").rows()
    [(1, 2, 80000000, True, None)]
    """
    chain = shaped(reads, READS)
    _guard(chain, plausible_share)
    return _quantities(_judged(_pairs(chain), plausible_share)).select(
        "register",
        "from_read",
        pl.col("read").alias("to_read"),
        "starts",
        pl.col("read_on").alias("ends"),
        "quantity",
        "rollover",
        "estimated",
        "problem",
    )


def _guard(reads: pl.DataFrame, plausible_share: Fraction) -> None:
    """Refuse what no register can be."""
    if not 0 <= plausible_share <= 1:
        raise OutOfRange(f"a plausible share is between 0 and 1, not {plausible_share}")
    unfit = reads.filter(~pl.col("dials").is_between(1, MOST_DIALS) | (pl.col("multiplier") <= 0))
    if unfit.height:
        register, dials, multiplier = unfit.select("register", "dials", "multiplier").row(0)
        raise OutOfRange(f"register {register}: {dials} dials, multiplier {multiplier} millionths")


def _pairs(reads: pl.DataFrame) -> pl.DataFrame:
    """Each read beside the one before it in its chain."""
    before = {"register": "register_before", "read": "from_read", "read_on": "starts", "value": "value_before"}
    before |= {"dials": "dials_before", "multiplier": "multiplier_before"}
    return (
        reads.sort("register", "read_on", "break_before", "read")
        .with_columns(pl.col(name).shift(1).alias(alias) for name, alias in before.items())
        .filter((pl.col("register") == pl.col("register_before")) & ~pl.col("break_before"))
    )


def _judged(pairs: pl.DataFrame, plausible_share: Fraction) -> pl.DataFrame:
    """Add what the register counted, whether it passed 0, and the problem that forbids billing it."""
    ranges = {dials: 10**dials * QUANTITY_SCALE for dials in range(1, MOST_DIALS + 1)}
    limits = {dials: int(plausible_share * whole) for dials, whole in ranges.items()}

    def by_dials(numbers: dict[int, int]) -> pl.Expr:
        return pl.col("dials").replace_strict(numbers, return_dtype=pl.Int64)

    value, before, counted = pl.col("value"), pl.col("value_before"), pl.col("counted")
    changed = (pl.col("dials") != pl.col("dials_before")) | (pl.col("multiplier") != pl.col("multiplier_before"))
    beyond = (pl.min_horizontal(value, before) < 0) | (pl.max_horizontal(value, before) >= pl.col("whole_range"))
    return (
        pairs.with_columns(fell=value < before, whole_range=by_dials(ranges), limit=by_dials(limits))
        .with_columns(counted=value - before + pl.when("fell").then("whole_range").otherwise(0))
        .with_columns(
            problem=pl.when(beyond)
            .then(pl.lit("beyond_dials"))
            .when(changed)
            .then(pl.lit("register_changed"))
            .when(pl.col("starts") == pl.col("read_on"))
            .then(pl.lit("no_days"))
            .when(pl.col("fell") & (counted > pl.col("limit")))
            .then(pl.lit("rollover_implausible"))
        )
    )


def _quantities(judged: pl.DataFrame) -> pl.DataFrame:
    """Multiply exactly, in 128 bits: two 64-bit factors always fit. A remainder is a problem, not a rounding."""
    product = pl.col("counted").cast(pl.Int128) * pl.col("multiplier")
    clean = pl.col("problem").is_null()
    multiplied = judged.with_columns(product=pl.when(clean).then(product)).with_columns(
        wide=pl.col("product") // QUANTITY_SCALE
    )
    exact = multiplied.with_columns(
        problem=pl.when(pl.col("wide") * QUANTITY_SCALE != pl.col("product"))
        .then(pl.lit("too_fine"))
        .otherwise("problem")
    )
    fits = exact.with_columns(pl.when(clean).then("wide").alias("quantity"), rollover=clean & pl.col("fell"))
    wide = fits.filter(pl.col("quantity") > INT64_MAX)
    if wide.height:
        raise OutOfRange(f"register {wide['register'][0]}: usage {wide['quantity'][0]} is beyond 64 bits")
    return fits.with_columns(pl.col("quantity").cast(pl.Int64))
