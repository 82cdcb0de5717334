"""Reads beside everything they are compared with: the frame the rules judge."""

from __future__ import annotations

import polars as pl

from meterbook.engine.columns import Shape
from meterbook.engine.metering.register import derive_usage
from meterbook.engine.metering.validation.context import context, streaks
from meterbook.records.metering.validation.gather import INSTANT, Compared, place
from meterbook.records.metering.validation.intervals import register_sums

#: A period of fewer days says nothing about anybody's usage: the read is judged against one about a month back.
_SHORT_DAYS, _MONTH_BACK = 5, "25d"
_HISTORY = (
    "season_quantity", "season_days", "year_quantity", "year_days", "prior_quantity", "prior_days", "class_daily",
    "class_prior_daily", "class_year_daily", "high_daily", "low_daily",
)  # fmt: skip


def candidates(reads: pl.DataFrame, known: pl.DataFrame, compared: Compared) -> pl.DataFrame:
    """The reads as the rules see them (`contract.READS`), a row each; ``known`` are the reads accepted so far.

    ``reads``: row, register, read (null where none came), read_on, read_at, value, estimated, text, source_unit,
    source_dials, source_multiplier, on_record. Reads of a register that hung nowhere that day are left out.
    """
    found = _with_devices(reads, compared.devices)
    found = _with_previous(found, known)
    found = _with_usage(found)
    found = _with_people(found, compared).with_columns(place=place())
    found = context(found, compared.usages, compared.classes, by="place")
    found = register_sums(streaks(found, compared.usages, by="place").drop("place"))
    too_short = (pl.col("days") < _SHORT_DAYS).fill_null(value=False)
    return found.with_columns(
        *[pl.when(~too_short).then(name).alias(name) for name in _HISTORY],
        zero_streak=pl.when(too_short).then(0).otherwise("zero_streak").cast(pl.Int32),
    )


def _with_devices(reads: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Each read with its meter as it hung that day; on the day of an exchange both meters are read."""
    hung = (pl.col("hung") <= pl.col("read_on")) & (
        pl.col("taken_down").is_null() | (pl.col("read_on") <= pl.col("taken_down"))
    )
    found = reads.join(devices, on="register", how="inner").filter(hung)
    found = found.sort("row", "hung").unique("row", keep="last", maintain_order=True)
    months = (pl.col("read_on").dt.year() - pl.col("hung").dt.year()) * 12 + (
        pl.col("read_on").dt.month().cast(pl.Int32) - pl.col("hung").dt.month().cast(pl.Int32)
    )
    served = pl.col("closed").is_null() | (pl.col("read_on") <= pl.col("closed"))
    return found.with_columns(months_installed=months.cast(pl.Int32), served=served)


def _with_previous(found: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The last accepted read before each.

    Instead of it, the one of about a month before where a register is read every few days; and the last actual read
    where an estimate went beyond what the register shows now: it was too high, and will be set right.
    """
    found = found.with_columns(back=pl.col("read_on").dt.offset_by(f"-{_MONTH_BACK}"))
    told = known.sort("register", "on")
    columns = ("on", "at", "value", "estimated")

    def named(sort: str) -> dict[str, str]:
        return {name: f"{sort}_{name}" for name in columns}

    both = _before(found, told.rename(named("previous")), "read_on", strictly=True)
    both = _before(both, told.rename(named("far")), "back", strictly=False)
    both = _before(both, told.filter(~pl.col("estimated")).rename(named("actual")), "read_on", strictly=True)
    both = _with_earlier(both, told)
    short = (pl.col("read_on") - pl.col("previous_on")).dt.total_days() < _SHORT_DAYS
    far = (short & pl.col("far_on").is_not_null()).fill_null(value=False)
    beyond = (pl.col("previous_estimated") & (pl.col("value") < pl.col("previous_value"))).fill_null(value=False)
    overdone = beyond & (pl.col("actual_value") <= pl.col("value"))
    return both.with_columns(
        pl.when(overdone).then(f"actual_{name}").when(far).then(f"far_{name}").otherwise(f"previous_{name}")
        .alias(f"previous_{name}")
        for name in columns
    ).drop("back", *[f"{sort}_{name}" for sort in ("far", "actual") for name in columns])  # fmt: skip


def _with_earlier(both: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Add ``earlier_at``: the instant of the last accepted read before, or of the next one after where that shows less.

    A read that comes late and fits between those of its days is in order; one that shows more than a later read is not.
    """
    later = told.select("register", day="on", next_value="value", next_at="at").sort("day")
    wanted = both.with_columns(day=pl.col("read_on").dt.offset_by("1d")).sort("day")
    joined = wanted.join_asof(later, on="day", by="register", strategy="forward", check_sortedness=False)
    fall = pl.col("value").cast(pl.Int128) - pl.col("next_value")
    # as in `engine.metering.register`: a fall of half the dials or more may be a rollover
    backwards = (fall > 0) & (fall * 2 < pl.lit(10, dtype=pl.Int128).pow(pl.col("dials")) * 1_000_000)
    earlier = pl.when(backwards.fill_null(value=False)).then("next_at").otherwise("previous_at")
    return joined.with_columns(earlier_at=earlier).drop("day", "next_value", "next_at").sort("row")


def _before(found: pl.DataFrame, told: pl.DataFrame, day: str, *, strictly: bool) -> pl.DataFrame:
    """Each row with the latest of ``told`` up to its ``day`` (before it, if strictly) on the same register."""
    on = next(name for name in told.columns if name.endswith("on"))
    keyed = told.with_columns(day=pl.col(on)).sort("day")
    wanted = found.with_columns(day=pl.col(day).dt.offset_by("-1d" if strictly else "0d")).sort("day")
    return (
        wanted.join_asof(keyed, on="day", by="register", strategy="backward", check_sortedness=False)
        .drop("day")
        .sort("row")
    )


def _with_usage(found: pl.DataFrame) -> pl.DataFrame:
    """What would have been used since the previous read, by the engine's own reckoning."""
    pair = {"row": "register", "dials": "dials", "multiplier": "multiplier"}
    both = found.filter(pl.col("previous_on").is_not_null() & pl.col("value").is_not_null())
    base = both.select(*[pl.col(name).alias(alias) for name, alias in pair.items()], "estimated", "read_on", "value",
                       "previous_on", "previous_value")  # fmt: skip
    chain = pl.concat(
        [
            base.select("register", pl.lit(0, dtype=pl.Int64).alias("read"), pl.col("previous_on").alias("read_on"),
                        pl.col("previous_value").alias("value"), "dials", "multiplier", "estimated",
                        pl.lit(value=True).alias("break_before")),
            base.select("register", pl.lit(1, dtype=pl.Int64).alias("read"), "read_on", "value", "dials", "multiplier",
                        "estimated", pl.lit(value=False).alias("break_before")),
        ]
    )  # fmt: skip
    usage = derive_usage(chain).select(pl.col("register").alias("row"), "quantity", "rollover", "problem")
    days = (pl.col("read_on") - pl.col("previous_on")).dt.total_days().cast(pl.Int32)
    joined = found.join(usage, on="row", how="left", maintain_order="left")
    return joined.with_columns(pl.col("rollover").fill_null(value=False), days=days)


def _with_people(found: pl.DataFrame, compared: Compared) -> pl.DataFrame:
    """Whether anybody had an account there in the period, since when whoever lives there does, whether it is locked."""
    last_day = pl.col("read_on").dt.offset_by("-1d")
    begins = pl.min_horizontal(pl.coalesce("previous_on", last_day), last_day)
    spans = found.select("row", "service_point", begins.alias("begins"), last_day.alias("last_day"))

    def overlapping(records: pl.DataFrame, since: str) -> pl.DataFrame:
        both = spans.join(records, on="service_point").filter(
            (pl.col("since") <= pl.col("last_day")) & (pl.col("until").is_null() | (pl.col("until") > pl.col(since)))
        )
        return both.group_by("row").agg(pl.col("since").max())

    people = overlapping(compared.agreements, "begins").rename({"since": "household_since"})
    locked = overlapping(compared.locks, "last_day").rename({"since": "locked_since"})
    found = found.join(people, on="row", how="left", maintain_order="left")
    found = found.join(locked, on="row", how="left", maintain_order="left")
    return found.with_columns(
        occupied=pl.col("household_since").is_not_null(), locked=pl.col("locked_since").is_not_null()
    ).drop("locked_since")


def keyed(reads: pl.DataFrame) -> pl.DataFrame:
    """The reads with every column `take` and `candidates` ask for and no other; what the source did not say is null."""
    wanted: Shape = {
        "register": pl.Int64, "read_on": pl.Date, "read_at": INSTANT, "value": pl.Int64, "estimated": pl.Boolean,
        "line": pl.Int64, "raw": pl.String, "reader": pl.String, "text": pl.String, "source_unit": pl.String,
        "source_dials": pl.Int32, "source_multiplier": pl.Int64, "on_record": pl.Int64,
    }  # fmt: skip
    return reads.select(
        (pl.col(name) if name in reads.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in wanted.items()
    )
