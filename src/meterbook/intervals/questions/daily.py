"""Intervals by channel and local day: what the rules that judge intervals look at."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from meterbook.intervals.clock import DAY_US, MINUTE_US, clock_sql, day_start, expected, stretches
from meterbook.intervals.duck import Duck
from meterbook.intervals.files import Part
from meterbook.intervals.newest import box, newest
from meterbook.intervals.problems import StoreProblem, check_minutes, check_per_unit, millionths, require
from meterbook.intervals.questions.slices import by_slices

#: Days before the first asked one that usual usage and days in a row look back on.
LOOKBACK = 28
_WEEK = 7
_ASKED: dict[str, pl.DataType | type[pl.DataType]] = {"channel": pl.Int64, "minutes": pl.Int32, "per_unit": pl.Int64,
                                                      "received": pl.Int64}  # fmt: skip
#: What a channel's day is known by, in its own units; also what is kept of days whose intervals are not kept.
FOUND: dict[str, pl.DataType | type[pl.DataType]] = {
    "channel": pl.Int64, "minutes": pl.Int32, "day": pl.Date, "found": pl.Int32, "duplicated": pl.Int32,
    "out_of_step": pl.Int32, "negative": pl.Int32, "zero": pl.Int32, "total": pl.Int64, "highest": pl.Int64,
    "third_highest": pl.Int64, "lowest": pl.Int64,
}  # fmt: skip
#: Of days whose intervals are not kept any more: what is known (like `FOUND`), and which days those are.
Kept = tuple[pl.DataFrame, frozenset[date]]
_COUNTS = ("found", "duplicated", "out_of_step", "negative", "zero")


def daily(
    duck: Duck, parts: list[Part], kept: Kept, asked: pl.DataFrame, *, since: date, until: date, zone: str
) -> pl.DataFrame:
    """See `IntervalStore.daily`."""
    if "received" not in asked.columns:
        asked = asked.with_columns(received=pl.lit(None, dtype=pl.Int64))
    asked = require(asked, _ASKED, "channels")
    check_minutes(asked["minutes"])
    check_per_unit(asked["per_unit"])
    if asked["channel"].n_unique() != asked.height or asked["channel"].null_count():
        raise StoreProblem("a channel is asked for twice, or has no number; expected each once")
    if until <= since:
        raise StoreProblem(f"days from {since} until {until}; expected a day after the first")
    begins = _looking_back(parts, kept, since)
    shortest = int(asked["minutes"].min() or 1)  # type: ignore[arg-type]
    each = (until - begins).days * 24 * 60 // shortest
    answers = by_slices(asked, each, lambda some: _some(duck, parts, kept, some, (begins, since, until), zone))
    return pl.concat(answers) if answers else _some(duck, [], kept, asked, (begins, since, until), zone)


def _looking_back(parts: list[Part], kept: Kept, since: date) -> date:
    """The first day that can matter for those from ``since`` on: none before there is any data."""
    first = min((part.box.starts[0].date() - timedelta(days=1) for part in parts), default=since)
    earliest = min([first, *kept[1]], default=since)
    return min(max(since - timedelta(days=LOOKBACK), earliest), since)


def _some(
    duck: Duck, parts: list[Part], kept: Kept, asked: pl.DataFrame, days: tuple[date, date, date], zone: str
) -> pl.DataFrame:
    begins, since, until = days
    wanted = pl.concat(
        [
            asked.select("channel", "minutes"),
            asked.filter(pl.col("received").is_not_null()).select(channel="received", minutes="minutes"),
        ]
    ).unique("channel", keep="first")
    found = of_days(duck, parts, wanted, since=begins, until=until, zone=zone)
    found = found.filter(~pl.col("day").is_in(sorted(kept[1])))
    found = pl.concat([found, kept[0].join(wanted, on=["channel", "minutes"], how="semi")])
    found = found.filter((pl.col("day") >= begins) & (pl.col("day") < until))
    frame = _laid_out(asked, begins, until, zone).join(
        found.drop("minutes"), on=["channel", "day"], how="left", maintain_order="left"
    )
    back = found.select(received="channel", day="day", received_total="total")
    frame = frame.join(back, on=["received", "day"], how="left", maintain_order="left")
    frame = _with_days_before(frame.with_columns(pl.col(*_COUNTS).fill_null(0)))
    frame = frame.filter(pl.col("day") >= since)
    amounts = [
        millionths(frame[name], frame["per_unit"]).alias(title)
        for name, title in (
            ("total", "sum"), ("highest", "highest"), ("third_highest", "third_highest"), ("lowest", "lowest"),
            ("received_total", "received_sum"), ("usual", "usual_daily"),
        )
    ]  # fmt: skip
    counts = frame.select("channel", "day", "minutes", "expected", *_COUNTS)
    return counts.with_columns(amounts).with_columns(frame["days_never_zero"])


def _laid_out(asked: pl.DataFrame, begins: date, until: date, zone: str) -> pl.DataFrame:
    """Every channel with every day and how many intervals it should have, in order of both."""
    counts = pl.concat(
        [
            expected(zone, begins, until, minutes).with_columns(minutes=pl.lit(minutes, dtype=pl.Int32))
            for minutes in asked["minutes"].unique().to_list()
        ]
        or [pl.DataFrame(schema={"day": pl.Date, "expected": pl.Int32, "minutes": pl.Int32})]
    )
    return asked.join(counts, on="minutes", how="left").sort("channel", "day")


def _with_days_before(frame: pl.DataFrame) -> pl.DataFrame:
    """``usual``: the mean of the complete ones among the last four same weekdays; ``days_never_zero`` in a row."""
    # rows are every channel's days without a hole, in order, so the same weekday before is seven rows before
    whole = pl.when(pl.col("found") == pl.col("expected")).then(pl.col("total"))
    before = [whole.shift(_WEEK * weeks).over("channel") for weeks in range(1, LOOKBACK // _WEEK + 1)]
    count = pl.sum_horizontal(*(one.is_not_null().cast(pl.Int64) for one in before))
    total = pl.sum_horizontal(*before)
    # half-up, ties away from zero
    half = (total.abs() * 2 + count) // (count * 2) * total.sign()
    flowing = (pl.col("found") > 0) & (pl.col("lowest") > 0)
    at = pl.int_range(pl.len()).over("channel")
    last_still = pl.when(~flowing.fill_null(False)).then(at).forward_fill().over("channel").fill_null(-1)
    return frame.with_columns(
        usual=pl.when(count > 0).then(half), days_never_zero=(at - last_still).cast(pl.Int32)
    )  # fmt: skip


def of_days(
    duck: Duck, parts: list[Part], wanted: pl.DataFrame, *, since: date, until: date, zone: str
) -> pl.DataFrame:
    """`FOUND` of the channels (``channel``, ``minutes``) by local day; days without an interval are left out."""
    if wanted.is_empty() or not parts:
        return pl.DataFrame(schema=FOUND)
    found = [
        _of_length(duck, parts, some, minutes, (since, until), zone)
        for (minutes,), some in wanted.group_by("minutes", maintain_order=True)
        if isinstance(minutes, int)
    ]
    return pl.concat(found)


def _of_length(
    duck: Duck, parts: list[Part], wanted: pl.DataFrame, minutes: int, days: tuple[date, date], zone: str
) -> pl.DataFrame:
    """Channels of one length of interval, which is then a constant of the query and cheap to divide by."""
    edges = wanted.select(pl.col("channel").min().alias("low"), pl.col("channel").max().alias("high")).row(0)
    where = box(edges, day_start(zone, days[0]), day_start(zone, days[1]))
    clocks = stretches(zone, *days)
    sql = f"""
        SELECT r.channel, {minutes}::INTEGER AS minutes,
               ({clock_sql("r.starts", clocks, "wall")} // {DAY_US})::INTEGER AS day,
               r.minutes = {minutes}
                 AND {clock_sql("r.starts", clocks, "standard")} % {minutes * MINUTE_US} = 0 AS in_step,
               count(*) AS count, sum(r.copies - 1)::BIGINT AS duplicated,
               count(*) FILTER (r.value < 0) AS negative, count(*) FILTER (r.value = 0) AS zero,
               sum(r.value)::BIGINT AS total, max(r.value, 3) AS tops, min(r.value) AS lowest
        FROM ({newest(parts, where, ("channel", "starts", "minutes", "value", "copies"))}) r
        SEMI JOIN wanted w ON w.channel = r.channel
        GROUP BY ALL"""
    return _in_one_row(duck.frame(sql, wanted=wanted))


def _in_one_row(found: pl.DataFrame) -> pl.DataFrame:
    """A day's intervals in step, with how many are out of step: those are counted and not added up."""
    key = ["channel", "minutes", "day"]
    out = found.filter(~pl.col("in_step")).select(*key, out="count", again="duplicated")
    mine = found.filter(pl.col("in_step")).drop("in_step")
    joined = mine.join(out, on=key, how="full", coalesce=True) if out.height else mine.with_columns(out=0, again=0)
    return joined.select(
        "channel",
        "minutes",
        pl.col("day").cast(pl.Date),
        found=pl.col("count").fill_null(0).cast(pl.Int32),
        duplicated=(pl.col("duplicated").fill_null(0) + pl.col("again").fill_null(0)).cast(pl.Int32),
        out_of_step=pl.col("out").fill_null(0).cast(pl.Int32),
        negative=pl.col("negative").fill_null(0).cast(pl.Int32),
        zero=pl.col("zero").fill_null(0).cast(pl.Int32),
        total="total",
        highest=pl.col("tops").list.get(0, null_on_oob=True),
        third_highest=pl.col("tops").list.get(2, null_on_oob=True),
        lowest="lowest",
    ).cast(FOUND)  # type: ignore[arg-type]
