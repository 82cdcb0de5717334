"""Intervals of a city that behaves like one: daily shapes, holes, spikes, copies, a night without power, late data."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from meterbook.intervals import IntervalStore
from meterbook.intervals.clock import day_start, grid

ZONE = "America/Los_Angeles"
#: The first local day; the month has a day of 25 hours in it.
SINCE = date(2026, 10, 10)
MINUTES = 15
#: Watt-hours, asked in kWh.
PER_UNIT = 1000
#: Deliveries: the month as it came, and what was corrected later.
FIRST, LATER = 1, 2
#: Rises when other intervals are generated: what is cached is then made anew.
_EDITION = 1
_METERS_AT_A_TIME = 1000
#: Hundredths of the average load, hour by hour of the local day.
_SHAPE = (50, 46, 45, 45, 46, 53, 75, 100, 91, 80, 75, 75, 76, 76, 80, 91, 125, 166, 191, 183, 158, 125, 91, 66)


def prepared(
    data_dir: Path, *, meters: int, days: int, seed: int, say: Callable[[str], None]
) -> tuple[Path, dict[str, Any]]:
    """The folder of a store with these intervals, made once, and what is known of it."""
    folder = data_dir / f"intervals-{_EDITION}-{meters}-{days}-{seed}"
    known = folder / "stored.json"
    if known.exists():
        return folder / "store", json.loads(known.read_text(encoding="utf-8"))
    shutil.rmtree(folder, ignore_errors=True)
    store = IntervalStore(folder / "store")
    began = time.perf_counter()
    spent, size, reads = 0.0, 0, 0
    for first in range(0, meters, _METERS_AT_A_TIME):
        frame = _some(first, min(first + _METERS_AT_A_TIME, meters), days, seed)
        started = time.perf_counter()
        written = store.write(frame, generation=FIRST)
        spent += time.perf_counter() - started
        size, reads = size + written.bytes, reads + written.rows
        say(f"  {min(first + _METERS_AT_A_TIME, meters):>7,} of {meters:,} meters stored")
    late = _late(meters, days, seed)
    written = store.write(late, generation=LATER)
    figures = {
        "reads": reads,
        "late_reads": written.rows,
        "bytes_per_read": round((size + written.bytes) / (reads + written.rows), 3),
        "store_seconds": round(spent, 2),
        "generate_seconds": round(time.perf_counter() - began - spent, 2),
    }
    known.write_text(json.dumps(figures), encoding="utf-8")
    return folder / "store", figures


def _slots(days: int) -> pl.DataFrame:
    """Every interval of the month with its number, its local hour's load and its local day's number."""
    plain = grid(ZONE, SINCE, SINCE + timedelta(days=days), MINUTES)
    hours = pl.Series("load", _SHAPE, dtype=pl.Int64)
    return plain.select(
        "starts",
        slot=pl.int_range(pl.len(), dtype=pl.Int64),
        load=pl.lit(hours).gather(pl.col("local").dt.hour()),
        day=(pl.col("day") - pl.lit(SINCE)).dt.total_days(),
    )


def _some(first: int, after: int, days: int, seed: int) -> pl.DataFrame:
    """Intervals of the meters from ``first``, as they came: not all of them, some twice, some wrong."""
    slots = _slots(days)
    meters = pl.DataFrame({"channel": pl.int_range(first + 1, after + 1, dtype=pl.Int64, eager=True)})
    drawn = pl.col("channel").hash(seed)
    # the average of three draws: most households near the middle, few far from it
    average = 40 + (drawn % 256 + drawn // 256 % 256 + drawn // 65_536 % 256).cast(pl.Int64) // 6
    # a pump or a leak that runs all the time
    steady = pl.when(drawn // 2**24 % 40 == 0).then(90).otherwise(0)
    meters = meters.with_columns(average=average, steady=steady.cast(pl.Int64))
    frame = meters.join(slots, how="cross")
    number = pl.col("channel") * 100_003 + pl.col("slot")
    frame = frame.with_columns(draw=number.hash(seed + 1))
    noise = sum(((pl.col("draw") // 256**place % 256).cast(pl.Int64) for place in range(4)), pl.lit(0))
    usual = pl.col("steady") + pl.col("average") * pl.col("load") * noise // 51_000
    guest = (pl.col("channel") * 31 + pl.col("day") * 17) % 211 == 0
    out = ((pl.col("channel") + pl.col("day") * 7) % 389 == 0) & (pl.col("day") > 14)
    of = pl.col("draw") % 1_000_003
    value = (
        pl.when(out).then(0).when(of == 1).then(-usual - 1).when((of > 1) & (of < 12)).then(usual * 30 + 4000)
        .when(guest).then(usual * 5 // 2).otherwise(usual)
    )  # fmt: skip
    moved = pl.when((of > 11) & (of < 16)).then(pl.duration(minutes=3)).otherwise(pl.duration(minutes=0))
    silent = ((pl.col("channel") * 13 + pl.col("day")) % 997 == 0) & (pl.col("slot") % 96 < 7)
    frame = frame.filter((of % 2003 != 16) & ~silent).select(
        "channel", starts=pl.col("starts") + moved, minutes=pl.lit(MINUTES, dtype=pl.Int32), value=value,
        quality=pl.lit(0, dtype=pl.UInt8), again=(of > 16) & (of < 30),
    )  # fmt: skip
    return pl.concat([frame, frame.filter("again")]).drop("again")


def _late(meters: int, days: int, seed: int) -> pl.DataFrame:
    """Corrected data of some meters' tenth day, delivered later."""
    tenth = SINCE + timedelta(days=min(10, days - 1))
    since, until = day_start(ZONE, tenth), day_start(ZONE, tenth + timedelta(days=1))
    channels = pl.DataFrame({"channel": pl.int_range(7, meters + 1, 50, dtype=pl.Int64, eager=True)})
    slots = _slots(days).filter((pl.col("starts") >= since) & (pl.col("starts") < until))
    draw = (pl.col("channel") * 100_003 + pl.col("slot")).hash(seed + 2)
    return channels.join(slots, how="cross").select(
        "channel", "starts", minutes=pl.lit(MINUTES, dtype=pl.Int32), value=(draw % 300).cast(pl.Int64),
        quality=pl.lit(1, dtype=pl.UInt8),
    )  # fmt: skip


def instants(days: int) -> tuple[datetime, datetime]:
    """From when until before when the intervals begin, in UTC."""
    return (
        day_start(ZONE, SINCE).astimezone(UTC),
        day_start(ZONE, SINCE + timedelta(days=days)).astimezone(UTC),
    )
