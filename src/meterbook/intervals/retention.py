"""How long intervals are kept: whole months go, their daily sums stay."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from meterbook.intervals.clock import day_start
from meterbook.intervals.duck import Duck
from meterbook.intervals.files import Folder, Part, appearing
from meterbook.intervals.newest import box, newest
from meterbook.intervals.problems import StoreProblem
from meterbook.intervals.questions.daily import FOUND, of_days
from meterbook.intervals.questions.slices import slices

_DAYS = pl.DataFrame(schema=FOUND).to_arrow().schema
_ZONE = b"meterbook.zone"


@dataclass(frozen=True, slots=True)
class Retired:
    """What is no longer kept: ``months`` (UTC, in order), their files, rows and bytes; and ``days`` kept instead."""

    months: tuple[str, ...]
    files: int
    rows: int
    bytes: int
    days: int


def retire(
    folder: Folder, duck: Duck, *, before: date, zone: str, generations: Collection[int], keep_daily: bool
) -> Retired:
    """See `IntervalStore.retire`."""
    if before.day != 1:
        raise StoreProblem(f"retiring before {before}; expected the first day of a month")
    limit = f"{before:%Y-%m}"
    parts = folder.parts(generations, superseded=True)
    months = sorted({part.month for part in parts if part.month < limit})
    days = 0
    for month in months:
        days += _keep(folder, duck, [part for part in parts if part.counts], month, zone, keep=keep_daily)
    gone = [part for part in parts if part.month in months]
    # only now: a crash before this leaves both, and the sums count; a crash inside is finished by the next call
    wanted = frozenset(generations)
    for month, generation, path in folder.generation_folders():
        if generation in wanted and month in folder.retired():
            shutil.rmtree(path)
    return Retired(tuple(months), len(gone), sum(part.rows for part in gone), sum(part.bytes for part in gone), days)


def _month_starts(month: str) -> tuple[datetime, datetime]:
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    return first, datetime(first.year + first.month // 12, first.month % 12 + 1, 1, tzinfo=UTC)


def local_days(month: str, zone: str) -> tuple[date, date]:
    """The local days that belong to a UTC month: those that begin in it (first, day after the last)."""
    found = []
    for edge in _month_starts(month):
        day = edge.date() - timedelta(days=1)
        while day_start(zone, day) < edge:
            day += timedelta(days=1)
        found.append(day)
    return found[0], found[1]


def _keep(folder: Folder, duck: Duck, parts: list[Part], month: str, zone: str, *, keep: bool) -> int:
    """Write the daily sums of a month; from then on its intervals do not count. Returns how many days."""
    target = folder.retired_file(month)
    target.parent.mkdir(parents=True, exist_ok=True)
    schema = _DAYS.with_metadata({_ZONE: zone.encode()})
    count = 0
    with appearing(target, schema) as writer:
        if keep:
            since, until = local_days(month, zone)
            edge = box((-(2**62), 2**62), day_start(zone, since), day_start(zone, until))
            sql = f"SELECT DISTINCT channel, minutes FROM ({newest(parts, edge, ('channel', 'minutes'))})"
            wanted = duck.frame(sql).sort("channel", "minutes")
            shortest = int(wanted["minutes"].min() or 1) if wanted.height else 1  # type: ignore[arg-type]
            for some in slices(wanted, 32 * 24 * 60 // shortest):
                frame = of_days(duck, parts, some, since=since, until=until, zone=zone)
                writer.write_table(frame.sort("channel", "minutes", "day").to_arrow().cast(schema))
                count += frame.height
    return count


def kept_days(folder: Folder, channels: pl.Series, *, since: date, until: date, zone: str) -> tuple[
    pl.DataFrame, frozenset[date]
]:  # fmt: skip
    """What is kept of retired days (like `FOUND`) and which days of the span those are."""
    retired = folder.retired()
    day, gone = since, set()
    while day < until:
        if f"{day_start(zone, day).astimezone(UTC):%Y-%m}" in retired:
            gone.add(day)
        day += timedelta(days=1)
    frames = [pl.DataFrame(schema=FOUND)]
    for month in sorted({f"{day_start(zone, one).astimezone(UTC):%Y-%m}" for one in gone}):
        path = folder.retired_file(month)
        metadata = pq.read_schema(path).metadata or {}
        if metadata.get(_ZONE, b"").decode() != zone:
            raise StoreProblem(f"the daily sums of {month} are of the days of {metadata.get(_ZONE, b'').decode()}; "
                               f"expected {zone}")  # fmt: skip
        table = pq.read_table(path, filters=[("channel", ">=", channels.min()), ("channel", "<=", channels.max())])
        frame = pl.from_arrow(pa.table(table))
        assert isinstance(frame, pl.DataFrame)
        frames.append(frame.select(pl.col(name).cast(kind) for name, kind in FOUND.items()))
    kept = pl.concat(frames).filter(pl.col("channel").is_in(channels.implode()))
    return kept.filter((pl.col("day") >= since) & (pl.col("day") < until)), frozenset(gone)
