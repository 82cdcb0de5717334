"""What a read is compared with: the register's own usage in the same season, the year and the period before, and the
usual usage of its class. Pure: who calls fetches the rows, here they become columns, for all candidates at once.
"""

from __future__ import annotations

import polars as pl

from meterbook.engine.columns import Shape, narrowed, shaped

#: What a candidate read must say to be compared; ``previous_on`` and ``household_since`` (optional) may be null.
CANDIDATES: Shape = {
    "row": pl.Int64, "register": pl.Int64, "commodity": pl.String, "size": pl.String, "premise_class": pl.String,
    "channel": pl.String, "read_on": pl.Date,
}  # fmt: skip
#: Usage on record, one row a period, in any order: half-open days, quantity in millionths.
USAGES: Shape = {
    "register": pl.Int64, "starts": pl.Date, "ends": pl.Date, "quantity": pl.Int64, "estimated": pl.Boolean,
}  # fmt: skip
#: Usage on record with the class it belongs to.
CLASS_USAGES: Shape = {
    **USAGES, "commodity": pl.String, "size": pl.String, "premise_class": pl.String, "channel": pl.String,
}  # fmt: skip
#: The median a day by class and calendar month (1 to 12, 0: the mean of the months), and of how many registers.
CLASS_DAILY: Shape = {
    "commodity": pl.String, "size": pl.String, "premise_class": pl.String, "channel": pl.String, "month": pl.Int8,
    "daily": pl.Int64, "registers": pl.Int32,
}  # fmt: skip

_CLASS = ("commodity", "size", "premise_class", "channel")
_SEASON_MARGIN, _YEAR, _VARIABILITY = "15d", "13mo", "25mo"
#: A median of fewer registers says more about them than about their class.
FEWEST_REGISTERS = 5
#: The reads in hand stand in for a class without history only if they are so many: one wrong file must not rule.
FEWEST_CANDIDATES = 25
#: A mean over fewer calendar months would be that of a season.
_FEWEST_MONTHS = 9
#: Shorter periods swing too much to say what the register's least and most usually is.
_FEWEST_DAYS = 20


def class_daily(usages: pl.DataFrame) -> pl.DataFrame:
    """The median usage a day of each class and calendar month (`CLASS_DAILY`), from `CLASS_USAGES`.

    A period belongs to the month of its middle day; estimates and periods without days are left out, and so is a
    median of fewer than five registers. Month 0 is the mean of the months' medians, if there are nine or more.
    """
    actual = shaped(usages, CLASS_USAGES).filter(~pl.col("estimated") & (pl.col("starts") < pl.col("ends")))
    days = (pl.col("ends") - pl.col("starts")).dt.total_days()
    by_month = (
        actual.with_columns(month=_middle_month("starts", "ends"), daily=pl.col("quantity") // days)
        .group_by(*_CLASS, "month")
        .agg(
            daily=pl.col("daily").sort().get((pl.len() - 1) // 2),
            registers=pl.col("register").n_unique().cast(pl.Int32),
        )
        .filter(pl.col("registers") >= FEWEST_REGISTERS)
    )
    year = (
        by_month.group_by(_CLASS)
        .agg(
            daily=pl.col("daily").cast(pl.Int128).sum() // pl.len(),
            registers=pl.col("registers").max(),
            months=pl.len(),
        )
        .filter(pl.col("months") >= _FEWEST_MONTHS)
        .with_columns(pl.col("daily").cast(pl.Int64), month=pl.lit(0, dtype=pl.Int8))
    )
    columns = [pl.col(name).cast(dtype) for name, dtype in CLASS_DAILY.items()]
    return pl.concat([by_month.select(columns), year.select(columns)]).sort(*_CLASS, "month")


def context(
    candidates: pl.DataFrame, usages: pl.DataFrame, classes: pl.DataFrame | None = None, *, by: str = "register"
) -> pl.DataFrame:
    """The candidates with the columns they are compared by, in their order: ``season_``, ``year_``, ``prior_``
    ``quantity`` and ``days``, ``high_daily`` and ``low_daily``, and from ``classes`` (`CLASS_DAILY`) ``class_daily``,
    ``class_prior_daily`` and ``class_year_daily``. What nobody knows is null; columns of these names are replaced.

    season: the days of last year from fifteen days before to fifteen days after this period; a period that is partly
    in it counts by days, rounded down. All of it estimated is no season.
    year: actual usage within the thirteen months before this period. prior: the latest period before it.
    high and low: most and least a day of actual periods of twenty days or more, in the twenty-five months before.

    A class that has no history of this month (a first year) takes the median of the candidates themselves, if they say
    ``quantity`` and ``days`` and are enough: a season comes to all alike.

    Only usage up to ``previous_on`` counts, and none before ``household_since``: another household's is no guide.
    ``by`` names the column that ties usage to candidates: give both a key of service point and channel, and history
    goes on through an exchange.

    Raises `WrongColumns`; `OutOfRange` for sums beyond 64 bits.
    """
    usages = shaped(usages, {**USAGES, by: pl.Int64})
    known = _asked(candidates, by).join(usages.drop_nulls(), on=by, how="inner")
    known = known.filter(
        (pl.col("ends") <= pl.col("previous_on"))
        & (pl.col("starts") < pl.col("ends"))
        & (pl.col("household_since").is_null() | (pl.col("starts") >= pl.col("household_since")))
    ).with_columns(length=(pl.col("ends") - pl.col("starts")).dt.total_days())
    sums = known.group_by("row").agg(*_season(), *_year(), *_prior(), *_extremes(), _prior_month())
    sums = sums.with_columns(narrowed(sums[f"{name}_quantity"]) for name in ("season", "year"))
    added = [name for name in sums.columns if name not in ("row", "prior_month")]
    found = candidates.drop(added, strict=False).join(sums, on="row", how="left", maintain_order="left")
    found = found.with_columns(pl.col(f"{name}_days").cast(pl.Int32) for name in ("season", "year", "prior"))
    return _with_classes(found, classes).drop("prior_month")


def streaks(candidates: pl.DataFrame, usages: pl.DataFrame, *, by: str = "register") -> pl.DataFrame:
    """The candidates with ``zero_streak`` and ``estimates_in_row``: how many periods in a row, up to ``previous_on``,
    were without usage, and how many were estimated. As in `context`, another household's periods do not count.
    """
    usages = shaped(usages, {**USAGES, by: pl.Int64})
    known = _asked(candidates, by).join(usages.drop_nulls(), on=by, how="inner")
    known = known.filter(
        (pl.col("ends") <= pl.col("previous_on"))
        & (pl.col("household_since").is_null() | (pl.col("starts") >= pl.col("household_since")))
    )
    counted = known.group_by("row").agg(
        _run(pl.col("quantity") == 0).alias("zero_streak"), _run(pl.col("estimated")).alias("estimates_in_row")
    )
    found = candidates.drop("zero_streak", "estimates_in_row", strict=False)
    found = found.join(counted, on="row", how="left", maintain_order="left")
    return found.with_columns(pl.col(name).fill_null(0) for name in ("zero_streak", "estimates_in_row"))


def _run(holds: pl.Expr) -> pl.Expr:
    """How many of the latest periods in a row hold."""
    broken = pl.col("ends").filter(~holds).max()
    return (broken.is_null() | (pl.col("ends") > broken)).sum().cast(pl.Int32)


def _asked(candidates: pl.DataFrame, by: str) -> pl.DataFrame:
    """Each candidate's row, key and days; the season's window is last year's, fifteen days wider on both sides."""
    shaped(candidates, {**CANDIDATES, by: pl.Int64})
    since = pl.col("household_since") if "household_since" in candidates.columns else pl.lit(None, dtype=pl.Date)
    return (
        candidates.filter(pl.col("previous_on").is_not_null())
        .select("row", pl.col(by), "previous_on", "read_on", since.alias("household_since"))
        .with_columns(
            season_from=pl.col("previous_on").dt.offset_by("-1y").dt.offset_by(f"-{_SEASON_MARGIN}"),
            season_until=pl.col("read_on").dt.offset_by("-1y").dt.offset_by(_SEASON_MARGIN),
            year_from=pl.col("previous_on").dt.offset_by(f"-{_YEAR}"),
            variable_from=pl.col("previous_on").dt.offset_by(f"-{_VARIABILITY}"),
        )
    )


def _season() -> list[pl.Expr]:
    begins, ends = pl.max_horizontal("starts", "season_from"), pl.min_horizontal("ends", "season_until")
    overlap = (ends - begins).dt.total_days()
    part = pl.col("quantity").cast(pl.Int128) * overlap // pl.col("length")
    inside = overlap > 0
    measured = (inside & ~pl.col("estimated")).any()
    return [
        pl.when(measured).then(part.filter(inside).sum()).alias("season_quantity"),
        pl.when(measured).then(overlap.filter(inside).sum()).alias("season_days"),
    ]


def _year() -> list[pl.Expr]:
    inside = (pl.col("starts") >= pl.col("year_from")) & ~pl.col("estimated")
    return [
        pl.when(inside.any()).then(pl.col("quantity").cast(pl.Int128).filter(inside).sum()).alias("year_quantity"),
        pl.when(inside.any()).then(pl.col("length").filter(inside).sum()).alias("year_days"),
    ]


def _prior() -> list[pl.Expr]:
    last = pl.col("ends").arg_max()
    return [pl.col("quantity").get(last).alias("prior_quantity"), pl.col("length").get(last).alias("prior_days")]


def _prior_month() -> pl.Expr:
    return _middle_month("starts", "ends").get(pl.col("ends").arg_max()).alias("prior_month")


def _extremes() -> list[pl.Expr]:
    long = (pl.col("length") >= _FEWEST_DAYS) & (pl.col("starts") >= pl.col("variable_from")) & ~pl.col("estimated")
    daily = (pl.col("quantity") // pl.col("length")).filter(long)
    return [daily.max().alias("high_daily"), daily.min().alias("low_daily")]


def _middle_month(starts: str, ends: str) -> pl.Expr:
    middle = pl.col(starts) + pl.duration(days=(pl.col(ends) - pl.col(starts)).dt.total_days() // 2)
    return middle.dt.month()


def _of_candidates(candidates: pl.DataFrame) -> pl.DataFrame:
    """The median a day of the candidates' own usage by class and month, where enough of them have any."""
    months = candidates.schema["class_daily_month"]
    if not {"quantity", "days"} <= set(candidates.columns):
        words = [pl.Series(name, [], dtype=pl.String) for name in _CLASS]
        numbers = [pl.Series("class_daily_month", [], dtype=months), pl.Series("_now", [], dtype=pl.Int64)]
        return pl.DataFrame([*words, *numbers])
    counted = candidates.filter((pl.col("quantity") >= 0) & (pl.col("days") > 0))
    daily = (pl.col("quantity") // pl.col("days")).sort().get((pl.len() - 1) // 2)
    medians = counted.group_by(*_CLASS, "class_daily_month").agg(
        daily.alias("_now"), registers=pl.col("register").n_unique()
    )
    return medians.filter(pl.col("registers") >= FEWEST_CANDIDATES).drop("registers")


def _with_classes(candidates: pl.DataFrame, classes: pl.DataFrame | None) -> pl.DataFrame:
    wanted = ("class_daily", "class_prior_daily", "class_year_daily")
    found = candidates.drop(wanted, strict=False)
    if classes is None:
        return found.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in wanted)
    known = shaped(classes, CLASS_DAILY)
    starts = pl.coalesce("previous_on", "read_on")
    found = found.with_columns(starts.alias("_starts"))
    found = found.with_columns(
        _middle_month("_starts", "read_on").alias("class_daily_month"),
        pl.col("prior_month").alias("class_prior_daily_month"),
        pl.lit(0, dtype=pl.Int8).alias("class_year_daily_month"),
    )
    for name in wanted:
        part = known.select(*_CLASS, pl.col("month").alias(f"{name}_month"), pl.col("daily").alias(name))
        found = found.join(part, on=[*_CLASS, f"{name}_month"], how="left", maintain_order="left")
    found = found.join(_of_candidates(found), on=[*_CLASS, "class_daily_month"], how="left", maintain_order="left")
    found = found.with_columns(pl.coalesce("class_daily", "_now")).drop("_now")
    return found.drop("_starts", *(f"{name}_month" for name in wanted))
