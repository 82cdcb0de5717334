"""How far counts are from what chance gives: chi-square in exact integers, against tabulated critical values.

The statistic is a ratio of integers and is never rounded before it is compared; ``strength`` is percent of the critical
value, truncated. Upper critical values: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.columns import OutOfRange
from meterbook.engine.metering.readers.contract import GROUP, Settings
from meterbook.engine.quantity import QUANTITY_SCALE

#: Thousandths of the critical value, by significance and degrees of freedom.
CRITICAL: dict[Decimal, dict[int, int]] = {
    Decimal("0.05"): {1: 3841, 9: 16919},
    Decimal("0.01"): {1: 6635, 9: 21666},
    Decimal("0.001"): {1: 10828, 9: 27877},
}
#: With more, 128 bits would not carry the statistic.
MOST_READS = 5_000_000
_MOST_STRENGTH = 2**31 - 1


def _wide(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int128)


def strength_of(over: pl.Expr, under: pl.Expr, critical: int) -> pl.Expr:
    """Percent that the statistic ``over`` ÷ ``under`` is of the critical value in thousandths."""
    return pl.min_horizontal(over * 100_000 // (under * critical), pl.lit(_MOST_STRENGTH, dtype=pl.Int128)).cast(
        pl.Int32
    )


def part(over: pl.Expr, under: pl.Expr) -> pl.Expr:
    """A quotient of counts in millionths, half up."""
    top, bottom = over.cast(pl.Int128) * QUANTITY_SCALE, under.cast(pl.Int128)
    return ((top * 2 + bottom) // (bottom * 2)).cast(pl.Int64)


def against_tenths(digits: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Groups whose reads (``digit``) are far from one in ten for every digit; ``found`` is the commonest one's share.

    χ² = Σ(count − n/10)² ÷ (n/10) = (10 Σcount² − n²) ÷ n, nine degrees of freedom.
    """
    counts = digits.group_by(*GROUP, "digit").agg(count=pl.len().cast(pl.Int128))
    sums = counts.group_by(GROUP).agg(
        n=pl.col("count").sum(), squares=(pl.col("count") * pl.col("count")).sum(), most=pl.col("count").max()
    )
    sums = _enough(sums, settings).filter(pl.col("n") >= settings.least_expected * 10)
    over = pl.col("squares") * 10 - pl.col("n") * pl.col("n")
    return sums.select(
        *GROUP,
        found=part(pl.col("most"), pl.col("n")),
        expected=pl.lit(QUANTITY_SCALE // 10, dtype=pl.Int64),
        strength=strength_of(over, pl.col("n"), CRITICAL[settings.significance][9]),
        n=pl.col("n").cast(pl.Int64),
    )


def against_one_in(marked: pl.DataFrame, every: int, settings: Settings) -> pl.DataFrame:
    """Groups where ``hit`` is true more often than once in ``every`` reads.

    χ² = (x − n/k)² ÷ (n/k × (1 − 1/k)) = (kx − n)² ÷ (n(k − 1)), one degree of freedom; less often is no matter.
    """
    sums = _counted(marked)
    sums = _enough(sums, settings).filter(pl.col("n") >= settings.least_expected * every)
    beyond = pl.max_horizontal(_wide("x") * every - _wide("n"), 0)
    return sums.select(
        *GROUP,
        found=part(pl.col("x"), pl.col("n")),
        expected=pl.lit(QUANTITY_SCALE // every, dtype=pl.Int64),
        strength=strength_of(beyond * beyond, _wide("n") * (every - 1), CRITICAL[settings.significance][1]),
        n=pl.col("n"),
    )


def against_others(marked: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Groups where ``hit`` is true more often than among all other reads; ``expected`` is the others' share.

    The fourfold table of the group and the rest: χ² = N(xN − nX)² ÷ (n(N − n)X(N − X)), one degree of freedom. Every
    cell must be expected to hold ``least_expected``. ``whole`` is true for the rows that count towards N and X.
    """
    whole = marked.filter("whole")
    everyone, hits = whole.height, int(whole["hit"].sum())
    if everyone > MOST_READS:
        raise OutOfRange(f"{everyone} reads at once; at most {MOST_READS}")
    sums = _enough(_counted(marked), settings).with_columns(
        N=pl.lit(everyone, dtype=pl.Int128), X=pl.lit(hits, dtype=pl.Int128)
    )
    n, x, others, misses = _wide("n"), _wide("x"), pl.col("N") - _wide("n"), pl.col("N") - pl.col("X")
    smallest = pl.min_horizontal(n, others) * pl.min_horizontal(pl.col("X"), misses)
    sums = sums.filter((others > 0) & (smallest >= pl.col("N") * settings.least_expected))
    beyond = pl.max_horizontal(x * pl.col("N") - n * pl.col("X"), 0)
    return sums.select(
        *GROUP,
        found=part(pl.col("x"), pl.col("n")),
        expected=part(pl.col("X") - x, others),
        strength=strength_of(
            pl.col("N") * beyond * beyond, n * others * pl.col("X") * misses, CRITICAL[settings.significance][1]
        ),
        n=pl.col("n"),
    )


def _counted(marked: pl.DataFrame) -> pl.DataFrame:
    return marked.group_by(GROUP).agg(n=pl.len().cast(pl.Int64), x=pl.col("hit").sum().cast(pl.Int64))


def _enough(sums: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    few = sums.filter(pl.col("n") >= settings.least_reads)
    if few.filter(pl.col("n") > MOST_READS).height:
        raise OutOfRange(f"more than {MOST_READS} reads of one reader at once")
    return few
