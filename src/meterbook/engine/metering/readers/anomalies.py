"""All configured measures over all reads at once, and their words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from meterbook.engine.columns import WrongColumns, shaped
from meterbook.engine.metering.readers import measures
from meterbook.engine.metering.readers.configure import Configured
from meterbook.engine.metering.readers.contract import ANOMALIES, READS, READS_NEEDED, READS_OPTIONAL
from meterbook.engine.quantity import unscaled
from meterbook.engine.trace import N_, Step

__all__ = ["ANOMALIES", "READS", "anomalies", "words"]

#: Said beside every anomaly.
CAUTION = N_(
    "This says something about the numbers, not about a person: the meters, the route or the device may be the reason. "
    "Read some of these meters again before anything else."
)


def anomalies(reads: pl.DataFrame, configured: Configured) -> pl.DataFrame:
    """What is further from the expected than the policy allows, as `ANOMALIES`, the strongest first.

    ``reads`` are in the columns of `READS`, in any order; give the reads of people, not those of radio. Each is looked
    at with the others of its reader and route, and once more with all of its reader's, where the reader has several
    routes or reads without one (``route`` null). With many readers some will stand out by chance: at a significance of
    0.001, about one in a thousand for each measure.

    Raises `WrongColumns`, `OutOfRange` beyond five million reads.
    """
    rows = _framed(reads)
    both = _for_route_and_reader(rows)
    parts = [
        measures.measure(name)
        .find(both, configured.settings)
        .with_columns(measure=pl.lit(name))
        .select(pl.col(column).cast(kind) for column, kind in ANOMALIES.items())
        for name in configured.measures
    ]
    if not parts:
        return pl.DataFrame(schema=dict(ANOMALIES))
    found = pl.concat(parts).filter(pl.col("strength") >= 100)
    return found.sort("strength", "measure", "reader", "route", descending=[True, False, False, False])


def words(found: Mapping[str, object]) -> tuple[Step, Step]:
    """The sentence of one row of `ANOMALIES`, and the caution that goes with it."""
    measure = measures.measure(str(found["measure"]))
    figures = {name: unscaled(int(str(found[name]))) for name in ("found", "expected")}
    if measure.figures == "share":
        figures = {name: value * 100 for name, value in figures.items()}
    shown = {name: _one_decimal(value) for name, value in figures.items()}
    return Step(measure.says, {**shown, "n": int(str(found["n"]))}), Step(CAUTION)


def _one_decimal(value: Decimal) -> Decimal:
    rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded


def _framed(reads: pl.DataFrame) -> pl.DataFrame:
    shaped(reads, READS_NEEDED)
    for name, wanted in READS_OPTIONAL.items():
        if name in reads.columns and reads.schema[name] not in (wanted, pl.Null):
            raise WrongColumns(f"{name} is {reads.schema[name]}, not {wanted}")
    optional = (
        pl.col(name).cast(wanted) if name in reads.columns else pl.lit(None, dtype=wanted).alias(name)
        for name, wanted in READS_OPTIONAL.items()
    )
    # A stop is a place on a route; the two registers of a compound meter are one.
    stop = pl.when(pl.col("sequence").is_null()).then(-1 - pl.col("register")).otherwise("sequence")
    rows = reads.select(*READS_NEEDED, *optional)
    return rows.with_columns(stop=pl.struct(route="route", stop=stop))


def _for_route_and_reader(rows: pl.DataFrame) -> pl.DataFrame:
    """Each read for its route, and again without one for its reader; ``whole`` marks each read once."""
    several = (pl.col("route").drop_nulls().n_unique() > 1) | pl.col("route").is_null().any()
    by_reader = rows.filter(several.over("reader")).with_columns(
        whole=pl.col("route").is_null(), route=pl.lit(None, dtype=pl.Int64)
    )
    by_route = rows.filter(pl.col("route").is_not_null()).with_columns(whole=pl.lit(value=True))
    return pl.concat([by_route, by_reader], how="diagonal")
