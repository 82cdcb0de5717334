"""Writing a delivery: checked, each interval once, one sorted file a month."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from meterbook.intervals.duck import Duck
from meterbook.intervals.files import ROW_GROUP, SCHEMA, Box, Folder, Part, appearing
from meterbook.intervals.newest import COLUMNS, newest
from meterbook.intervals.problems import VALUE_LIMIT, StoreProblem, check_minutes, require

_FRAME: dict[str, pl.DataType | type[pl.DataType]] = {
    "channel": pl.Int64, "starts": pl.Datetime("us", "UTC"), "minutes": pl.Int32, "value": pl.Int64,
    "quality": pl.UInt8,
}  # fmt: skip
_KEY = ("channel", "starts")


@dataclass(frozen=True, slots=True)
class Written:
    """What came to lie on the disk: ``rows`` intervals that count, ``repeated`` that came more than once."""

    generation: int
    rows: int
    repeated: int
    months: tuple[str, ...]
    files: int
    bytes: int


def checked(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as it is stored, or `StoreProblem`."""
    if "starts" in frame.columns:
        kind = frame.schema["starts"]
        if not isinstance(kind, pl.Datetime) or kind.time_zone is None:
            raise StoreProblem(f"the column starts is {kind}; expected instants: a Datetime with a time zone")
        frame = frame.with_columns(pl.col("starts").dt.convert_time_zone("UTC"))
    frame = require(frame, _FRAME, "intervals")
    for name in _FRAME:
        if frame[name].null_count():
            raise StoreProblem(f"an interval has no {name}; expected all of {', '.join(_FRAME)} (leave out what is "
                               "missing: it is counted as a gap)")  # fmt: skip
    check_minutes(frame["minutes"])
    if (frame["value"].abs() > VALUE_LIMIT).any():
        raise StoreProblem(f"an interval's value is beyond {VALUE_LIMIT} units; expected a smaller one")
    return frame


def once(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each interval once, with ``copies``, in order; and the values that gave way to another of the same delivery.

    Of several, the one of better quality counts (the lower code), then the smaller value: no order of rows matters.
    """
    key = pl.struct(*_KEY)
    ordered = frame.sort(*_KEY, "quality", "value", "minutes")
    same = (ordered["channel"] == ordered["channel"].shift()) & (ordered["starts"] == ordered["starts"].shift())
    if not same.fill_null(False).any():
        alone = ordered.with_columns(copies=pl.lit(1, dtype=pl.Int32))
        return alone, alone.clear()
    counted = ordered.with_columns(copies=pl.len().over(key).cast(pl.Int32), first=~same.fill_null(False))
    return counted.filter("first").drop("first"), counted.filter(~pl.col("first")).drop("first")


def month_of(starts: pl.Expr) -> pl.Expr:
    """The UTC month of instants, as folders name it."""
    return starts.dt.strftime("%Y-%m")


def write(folder: Folder, duck: Duck, frame: pl.DataFrame, *, generation: int) -> Written:
    """See `IntervalStore.write`."""
    if generation < 1:
        raise StoreProblem(f"the generation {generation}; expected a number from 1")
    rows, gave_way = once(checked(frame))
    there = folder.parts([generation])
    months = rows.select(month_of(pl.col("starts")).unique().sort()).to_series().to_list()
    pieces = [
        (month, kind, some)
        for month in months
        for kind, whole in (("superseded", gave_way), ("part", rows))
        if not (some := whole.filter(month_of(pl.col("starts")) == month)).is_empty()
    ]
    for _, kind, some in pieces:
        if kind == "part":
            _refuse_repeats(duck, there, some, generation)
    _refuse_retired(folder, months)
    files = size = 0
    for month, kind, some in pieces:
        path = folder.next_file(month, generation, kind)
        some = some.with_columns(generation=pl.lit(generation, dtype=pl.Int64)).select(COLUMNS)
        with appearing(path) as writer:
            writer.write_table(some.to_arrow().cast(SCHEMA), row_group_size=ROW_GROUP)
        files, size = files + 1, size + path.stat().st_size
    return Written(generation, rows.height, gave_way.height, tuple(months), files, size)


def _refuse_retired(folder: Folder, months: list[str]) -> None:
    late = sorted(folder.retired() & set(months))
    if late:
        raise StoreProblem(f"intervals of {late[0]}, a month that is retired: its daily sums are final; expected "
                           "intervals of months that are kept")  # fmt: skip


def _refuse_repeats(duck: Duck, there: list[Part], some: pl.DataFrame, generation: int) -> None:
    """A generation has each interval once: pieces that overlap would have no newest."""
    key = some.select(pl.col("channel").min().alias("a"), pl.col("channel").max().alias("b"),
                      pl.col("starts").min().alias("c"), pl.col("starts").max().alias("d"))  # fmt: skip
    first, last, earliest, latest = key.row(0)
    where = Box((first, last), (earliest, latest))
    if not any(part.box.meets(where) for part in there):
        return
    sql = f"SELECT channel FROM ({newest(there, where, _KEY)}) SEMI JOIN delivered USING (channel, starts) LIMIT 1"
    found = duck.frame(sql, delivered=some.select(_KEY))
    if found.height:
        raise StoreProblem(f"generation {generation} already has intervals of channel {found.item()} at the same "
                           "starts; expected each once: later values come as a newer generation")  # fmt: skip
