"""When a group of channels, or the whole system, drew the most: the moment coincident demand is asked at."""

from __future__ import annotations

from functools import partial

import polars as pl

from meterbook.engine.rates.intervals.demand import Window, rounded
from meterbook.intervals.clock import day_start
from meterbook.intervals.duck import Duck
from meterbook.intervals.files import Part
from meterbook.intervals.newest import box, newest
from meterbook.intervals.problems import StoreProblem, check_minutes, check_per_unit, require
from meterbook.intervals.questions.slices import by_slices
from meterbook.intervals.questions.windows import Moments, moments

_ASKED: dict[str, pl.DataType | type[pl.DataType]] = {
    "group": pl.Int64, "channel": pl.Int64, "minutes": pl.Int32, "per_unit": pl.Int64, "starts": pl.Date,
    "ends": pl.Date,
}  # fmt: skip
_ANSWER: dict[str, pl.DataType | type[pl.DataType]] = {
    "group": pl.Int64, "at": pl.Datetime("us", "UTC"), "kw": pl.Int64, "gaps": pl.Int64,
}  # fmt: skip


def peaks(duck: Duck, parts: list[Part], asked: pl.DataFrame, *, zone: str, window: Window) -> pl.DataFrame:
    """See `IntervalStore.peaks`."""
    asked = require(asked, _ASKED, "peaks")
    check_minutes(asked["minutes"])
    check_per_unit(asked["per_unit"])
    alike = ("minutes", "per_unit", "starts", "ends")
    if asked.select("group", *alike).unique().height != asked["group"].n_unique():
        raise StoreProblem("the channels of a group differ in minutes, resolution or days; expected them alike")
    if asked.select("group", "channel").is_duplicated().any():
        raise StoreProblem("a channel stands in a group twice; expected each once")
    answers = [pl.DataFrame(schema=_ANSWER)]
    for (minutes, per_unit, starts, ends), some in asked.group_by(*alike):
        laid = moments(zone, starts, ends, minutes, window)
        sums = by_slices(some, laid.frame.height, partial(_sums, duck, parts, laid=laid, zone=zone))
        added = pl.concat(sums).group_by("group", "slot").agg(pl.col("used").sum(), pl.col("count").sum())
        answers.append(_highest(some, added, laid, int(per_unit) * int(minutes), window))
    return pl.concat(answers).sort("group")


def _sums(duck: Duck, parts: list[Part], asked: pl.DataFrame, *, laid: Moments, zone: str) -> pl.DataFrame:
    edges = (asked["channel"][0], asked["channel"][-1])
    where = box(edges, day_start(zone, asked["starts"][0]), day_start(zone, asked["ends"][0]))
    # short numbers in place of the groups' own: less to compare for every interval
    groups = asked.select(pl.col("group").unique().sort()).with_row_index("number")
    mine = asked.select("channel", "group").join(groups, on="group").select("channel", "number")
    sql = f"""
        SELECT a.number, c.slot, sum(r.value)::BIGINT AS used, count(*) AS count
        FROM ({newest(parts, where, ("channel", "starts", "minutes", "value"))}) r
        JOIN asked a ON a.channel = r.channel
        JOIN moments c ON c.starts = r.starts
        WHERE r.minutes = {int(asked["minutes"][0])} GROUP BY a.number, c.slot"""
    found = duck.frame(sql, asked=mine, moments=laid.frame.select("slot", "starts"))
    return found.join(groups, on="number").select("group", "slot", "used", "count")


def _highest(asked: pl.DataFrame, added: pl.DataFrame, laid: Moments, per_hour: int, window: Window) -> pl.DataFrame:
    """The first highest window of each group; what is missing in it is told, and no window is left out for it."""
    channels = asked.group_by("group").agg(channels=pl.len().cast(pl.Int64))
    slots = laid.frame.select("slot").join(laid.windows, left_on="slot", right_on="window", how="left")
    every = channels.join(slots, how="cross")
    every = every.join(added, on=["group", "slot"], how="left").sort("group", "slot")
    every = every.with_columns(gaps=pl.col("channels") - pl.col("count").fill_null(0), used=pl.col("used").fill_null(0))
    ahead = [(pl.col("used").shift(-step).over("group"), pl.col("gaps").shift(-step).over("group"))
             for step in range(laid.size)]  # fmt: skip
    every = every.with_columns(
        used=pl.sum_horizontal(*(used for used, _ in ahead)), gaps=pl.sum_horizontal(*(gaps for _, gaps in ahead))
    ).filter(pl.col("rank").is_not_null())
    seen = every.filter(pl.col("gaps") < pl.col("channels") * laid.size)
    found = seen.sort("group", "used", "rank", descending=[False, True, False]).unique("group", keep="first",
                                                                                     maintain_order=True)  # fmt: skip
    kw = rounded(found["used"].cast(pl.Int128), per_hour * laid.size, window)
    return found.select("group", at="starts", kw=kw, gaps="gaps").cast(_ANSWER)  # type: ignore[arg-type]
