"""Taking judged intervals in: the store's file first, then the row that lets it count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from meterbook.records.metering.interval_data.judge import QUALITY, JudgedIntervals, Sound
from meterbook.records.metering.interval_data.store import LOAD, interval_store, next_generation, one_writer
from meterbook.records.metering.models import IntervalChannel, IntervalLoad
from meterbook.records.platform.models import Deed, ImportBatch


@dataclass(frozen=True, slots=True)
class LoadedIntervals:
    """What came to be on record: the generation (None if nothing), its intervals, and channels seen first."""

    generation: int | None
    intervals: int
    new_channels: int


def load_intervals(deed: Deed, batch: ImportBatch | None, judged: JudgedIntervals) -> LoadedIntervals:
    """Store what `judge_intervals` found sound, as one generation of the interval store.

    Part of a deed that is being done, in its transaction: the file is on the disk before the row that counts it. A
    crash in between leaves a file nobody reads. A batch that was loaded before changes nothing. Values that come
    again, late or corrected, are newer than those before them and count in their place.
    """
    known = IntervalLoad.objects.filter(batch=batch).first() if batch is not None else None
    if known is not None:
        return LoadedIntervals(known.generation, known.rows, 0)
    if not judged.sound:
        return LoadedIntervals(None, 0, 0)
    one_writer()
    fresh = {id(each.channel): each.channel for each in judged.sound if each.channel.pk is None}
    IntervalChannel.objects.bulk_create(fresh.values())
    frame = _frame(judged.sound)
    if frame.is_empty():
        return LoadedIntervals(None, 0, len(fresh))
    store = interval_store()
    generation = next_generation(store)
    written = store.write(frame, generation=generation)
    starts = min(each.starts for each in judged.sound)
    ends = max(each.starts + timedelta(minutes=each.minutes) * len(each.values) for each in judged.sound)
    IntervalLoad.objects.create(
        generation=generation, kind=LOAD, batch=batch, rows=written.rows, starts=starts, ends=ends, deed=deed
    )
    return LoadedIntervals(generation, written.rows, len(fresh))


def _frame(sound: list[Sound]) -> pl.DataFrame:
    """The intervals that are there, in whole steps of their channels; what is missing is left out."""
    channel: list[int] = []
    starts: list[object] = []
    minutes: list[int] = []
    value: list[int] = []
    quality: list[int] = []
    for each in sound:
        step, decimals = timedelta(minutes=each.minutes), each.channel.decimals
        there = [place for place, one in enumerate(each.values) if one is not None]
        starts += [each.starts + step * place for place in there]
        value += [int(one.scaleb(decimals)) for one in each.values if one is not None]
        quality += [QUALITY[each.flags[place]] for place in there]
        channel += [each.channel.pk] * len(there)
        minutes += [each.minutes] * len(there)
    return pl.DataFrame(
        {"channel": channel, "starts": starts, "minutes": minutes, "value": value, "quality": quality},
        schema={
            "channel": pl.Int64, "starts": pl.Datetime("us", "UTC"), "minutes": pl.Int32, "value": pl.Int64,
            "quality": pl.UInt8,
        },
    )  # fmt: skip
