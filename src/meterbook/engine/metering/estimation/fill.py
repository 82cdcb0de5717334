"""Filling the gaps of interval channels, for many channels at once.

The rule is that of the CPUC's metering standards (DASMMD): up to two hours a straight line between the neighbours,
longer gaps the average of reference days of the same kind. Values are integers, in units of the channel's resolution.
Everything works on instants; local time only says which day and which time of day an instant is, so that a day of 23
or 25 hours has 23 or 25 hours of values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from meterbook.engine.columns import OutOfRange, Shape, WrongColumns, shaped
from meterbook.engine.metering.estimation.apportion import apportioned
from meterbook.engine.metering.estimation.configure import FillSettings
from meterbook.engine.trace import N_

INSTANT = pl.Datetime("us", "UTC")

#: What was measured, and may serve as neighbour or reference: the span to fill and the days around it.
MEASURED: Shape = {"channel": pl.Int64, "starts": INSTANT, "minutes": pl.Int32, "value": pl.Int64}
#: What to fill, one row a channel: instants ``since`` to ``until`` (half-open). ``register_delta`` (Int64, null where
#: nobody knows it) is what the register counted in the span, in the channel's units.
SPANS: Shape = {"channel": pl.Int64, "since": INSTANT, "until": INSTANT, "minutes": pl.Int32}
#: Every interval of the spans that was not measured. ``method`` is a key of `METHODS`, null (and no value) where there
#: is nothing to go by; ``references`` how many measured intervals were averaged; ``scaled`` true where the value was
#: brought to the register's sum; ``conflict`` true where the measured intervals alone exceed it.
FILLED: Shape = {
    "channel": pl.Int64, "starts": INSTANT, "minutes": pl.Int32, "value": pl.Int64, "method": pl.String,
    "gap_minutes": pl.Int32, "references": pl.Int32, "scaled": pl.Boolean, "conflict": pl.Boolean,
}  # fmt: skip

METHODS: dict[str, str] = {
    "linear": N_("A straight line between the values before and after."),
    "reference_days": N_("The average of days of the same kind around it."),
    "register": N_("What the register counted, shared out evenly."),
}
_MINUTE = 60_000_000
#: So many of them in 64 bits still add up.
_MOST_VALUE = 10**12
_EMPTY = pl.lit(None, dtype=pl.Int64)


def fill(
    measured: pl.DataFrame, spans: pl.DataFrame, settings: FillSettings, *, zone: str, holidays: Sequence[date] = ()
) -> pl.DataFrame:
    """Values for every interval of ``spans`` (`SPANS`) that ``measured`` (`MEASURED`) lacks, as `FILLED`.

    A gap of at most ``linear_minutes`` with a measured interval right before and right after it takes a straight line,
    rounded half up. Any other takes, for each interval, the average (rounded half up) of the measured intervals at the
    same local time of the days of the same kind at most ``window_days`` away, if they are ``least_days`` or more. The
    kinds are weekdays, weekends and holidays; a holiday with too few holidays around it counts as a weekend. Where the
    clock is set back, both hours of the same name take the average of that name.

    With a ``register_delta`` the filled values of the span are brought to what the measured ones leave of it, in
    proportion, by largest remainder; an interval nothing is known of then weighs as an average one of its span.

    Give it the channels that have gaps, with ``window_days`` of measured intervals on both sides, some thousand at a
    time: what is held in memory grows with what is measured, not with what is missing.

    ``zone`` is the IANA name of the local time. Raises `WrongColumns`, also for two values of one instant;
    `OutOfRange` for values below 0 or beyond 10**12, or a length of interval that does not divide a day.
    """
    known = shaped(measured, MEASURED)
    asked = shaped(spans, SPANS).with_columns(_delta(spans))
    _guard(known, asked)
    missing = _missing(known, asked)
    if missing.is_empty():
        return pl.DataFrame(schema=dict(FILLED))
    lined = _linear(missing, known, settings)
    rest = lined.filter(pl.col("method").is_null())
    averaged = _referenced(rest, known, settings, zone, holidays)
    both = pl.concat([lined.filter(pl.col("method").is_not_null()), averaged], how="diagonal")
    return _to_register(both, known, asked).select(list(FILLED)).sort("channel", "starts")


def _delta(spans: pl.DataFrame) -> pl.Expr | pl.Series:
    if "register_delta" not in spans.columns:
        return _EMPTY.alias("register_delta")
    if spans.schema["register_delta"] not in (pl.Int64, pl.Null):
        raise WrongColumns(f"register_delta is {spans.schema['register_delta']}, not Int64")
    return spans["register_delta"].cast(pl.Int64)


def _guard(known: pl.DataFrame, asked: pl.DataFrame) -> None:
    if asked["channel"].n_unique() != asked.height:
        raise WrongColumns("a channel has two spans")
    if known.select("channel", "starts").is_duplicated().any():
        raise WrongColumns("two values of one channel and instant")
    if known.filter(~pl.col("value").is_between(0, _MOST_VALUE)).height:
        raise OutOfRange("a value is below 0 or beyond what intervals hold")
    lengths = pl.concat([known["minutes"], asked["minutes"]]).unique()
    if any(minutes <= 0 or 1440 % minutes for minutes in lengths):
        raise OutOfRange("intervals divide a day")


def _missing(known: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """The instants of the spans' grids that are not measured, with their gap: its first, its length and its place."""
    every = pl.col("minutes").cast(pl.Int64) * _MINUTE
    count = (pl.col("until") - pl.col("since")).dt.total_microseconds() // every
    grid = (
        asked.with_columns(at=pl.int_ranges(0, count))
        .explode("at", empty_as_null=False)
        .with_columns(starts=pl.col("since") + pl.duration(microseconds=pl.col("at") * every))
        .select("channel", "starts", "minutes", "at")
    )
    missing = grid.join(known, on=["channel", "starts"], how="anti").sort("channel", "starts")
    gap = ["channel", pl.col("at") - pl.int_range(pl.len()).over("channel")]
    return missing.with_columns(
        turn=pl.int_range(1, pl.len() + 1).over(gap), size=pl.len().cast(pl.Int64).over(gap)
    ).with_columns(gap_minutes=(pl.col("size") * pl.col("minutes")).cast(pl.Int32))


def _linear(missing: pl.DataFrame, known: pl.DataFrame, settings: FillSettings) -> pl.DataFrame:
    """The missing intervals with a value where a straight line may cross their gap."""
    every = pl.col("minutes").cast(pl.Int64) * _MINUTE
    before = pl.col("starts") - pl.duration(microseconds=every * pl.col("turn"))
    after = pl.col("starts") + pl.duration(microseconds=every * (pl.col("size") - pl.col("turn") + 1))
    rows = missing.with_columns(before=before, after=after)
    for side in ("before", "after"):
        neighbour = known.select(
            "channel", "minutes", pl.col("starts").alias(side), pl.col("value").alias(f"{side}_is")
        )
        rows = rows.join(neighbour, on=["channel", "minutes", side], how="left", maintain_order="left")
    under = pl.col("size") + 1
    over = pl.col("before_is") * (under - pl.col("turn")) + pl.col("after_is") * pl.col("turn")
    straight = (pl.col("gap_minutes") <= settings.linear_minutes) & over.is_not_null()
    return rows.with_columns(
        value=pl.when(straight).then((over * 2 + under) // (under * 2)),
        method=pl.when(straight).then(pl.lit("linear")),
    ).select("channel", "starts", "minutes", "gap_minutes", "value", "method")


def _local(rows: pl.DataFrame, zone: str, holidays: Sequence[date]) -> pl.DataFrame:
    """Add the local ``day``, the ``time`` of day, and the ``kind`` of day."""
    local = pl.col("starts").dt.convert_time_zone(zone)
    dated = rows.with_columns(day=local.dt.date(), time=local.dt.time())
    kind = (
        pl.when(pl.col("day").is_in(list(holidays)))
        .then(pl.lit("holiday"))
        .when(pl.col("day").dt.weekday() >= 6)
        .then(pl.lit("weekend"))
        .otherwise(pl.lit("weekday"))
    )
    return dated.with_columns(kind=kind)


def _referenced(
    rest: pl.DataFrame, known: pl.DataFrame, settings: FillSettings, zone: str, holidays: Sequence[date]
) -> pl.DataFrame:
    """What no line crosses, with the average of reference days where there are enough of them."""
    wanted = _local(rest.drop("value", "method"), zone, holidays)
    seen = _local(known.join(rest.select("channel").unique(), on="channel", how="semi"), zone, holidays)
    found = _averages(wanted, seen, settings)
    unmet = found.filter(pl.col("value").is_null() & (pl.col("kind") == "holiday"))
    if unmet.is_empty():
        return found
    as_weekend = _averages(unmet.drop("value", "references").with_columns(kind=pl.lit("weekend")), seen, settings)
    return pl.concat([found.join(unmet, on=["channel", "starts"], how="anti"), as_weekend], how="diagonal")


def _averages(wanted: pl.DataFrame, seen: pl.DataFrame, settings: FillSettings) -> pl.DataFrame:
    keys = ["channel", "minutes", "kind", "time"]
    away = (pl.col("day") - pl.col("reference")).dt.total_days().abs()
    pairs = wanted.select(*keys, "starts", "day").join(
        seen.select(*keys, pl.col("day").alias("reference"), pl.col("value").alias("was")), on=keys, how="inner"
    )
    means = (
        pairs.filter(away.is_between(1, settings.window_days))
        .group_by("channel", "starts")
        .agg(
            total=pl.col("was").sum(),
            references=pl.len().cast(pl.Int64),
            days=pl.col("reference").n_unique(),
        )
        .filter(pl.col("days") >= settings.least_days)
        .select(
            "channel",
            "starts",
            value=(pl.col("total") * 2 + pl.col("references")) // (pl.col("references") * 2),
            references=pl.col("references").cast(pl.Int32),
        )
    )
    found = wanted.join(means, on=["channel", "starts"], how="left", maintain_order="left")
    return found.with_columns(method=pl.when(pl.col("value").is_not_null()).then(pl.lit("reference_days")))


def _to_register(rows: pl.DataFrame, known: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Bring what was filled to what the register counted besides the measured intervals."""
    inside = (
        known.join(asked.select("channel", "since", "until"), on="channel")
        .filter((pl.col("starts") >= pl.col("since")) & (pl.col("starts") < pl.col("until")))
        .group_by("channel")
        .agg(measured=pl.col("value").sum(), measured_count=pl.len().cast(pl.Int64))
    )
    rows = rows.join(asked.select("channel", "register_delta"), on="channel", how="left").join(
        inside, on="channel", how="left"
    )
    left = pl.col("register_delta") - pl.col("measured").fill_null(0)
    rows = rows.with_columns(left=left, conflict=(left < 0).fill_null(value=False))
    fits = pl.col("left").is_not_null() & ~pl.col("conflict")
    scaling, free = rows.filter(fits), rows.filter(~fits).with_columns(scaled=pl.lit(value=False))
    if scaling.is_empty():
        return free
    count = pl.col("measured_count").fill_null(0) + pl.col("value").count().over("channel")
    total = pl.col("measured").fill_null(0) + pl.col("value").sum().over("channel")
    usual = pl.when(count > 0).then(pl.max_horizontal((total * 2 + count) // (count * 2), 1)).otherwise(1)
    shared = apportioned(
        scaling.with_columns(weight=pl.coalesce("value", usual)),
        group="channel",
        order="starts",
        total="left",
        weight="weight",
    )
    fitted = shared.with_columns(
        scaled=pl.col("value").ne_missing(pl.col("share")),
        value=pl.col("share"),
        method=pl.col("method").fill_null("register"),
    )
    return pl.concat([free, fitted], how="diagonal")
