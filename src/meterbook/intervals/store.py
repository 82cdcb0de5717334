"""The interval store as everyone else sees it."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import polars as pl

from meterbook.engine.rates.intervals.demand import OWN, Window
from meterbook.engine.rates.language.calendars import Calendar
from meterbook.intervals import compaction, retention, writing
from meterbook.intervals.compaction import Compacted
from meterbook.intervals.duck import Duck
from meterbook.intervals.files import Folder
from meterbook.intervals.newest import COLUMNS, box, newest, versions
from meterbook.intervals.questions import daily, determinants, peaks, spans
from meterbook.intervals.retention import Retired
from meterbook.intervals.writing import Written

__all__ = ["Compacted", "IntervalStore", "Retired", "Written"]
_HISTORY = ("channel", "starts", "generation", "minutes", "value", "quality", "copies")


class IntervalStore:
    """Intervals of channels in one folder of Parquet.

    Values are integers in units of the channel's resolution; where an answer is in millionths of the channel's unit,
    the question says ``per_unit``: how many units make one (1000 for watt-hours and kWh; it divides a million).
    Questions name the ``generations`` that count; of a channel and start the newest one's value is taken. What is
    missing is counted and told, never taken for zero. Every question is answered in about ``memory_mib`` of memory.
    """

    def __init__(self, folder: Path, *, memory_mib: int = 384, threads: int = 2) -> None:
        self.folder = Folder(folder)
        self._memory_mib, self._threads = memory_mib, threads

    @cached_property
    def _duck(self) -> Duck:
        return Duck(memory_mib=self._memory_mib, threads=self._threads, spill=self.folder.root / ".spill")

    def write(self, frame: pl.DataFrame, *, generation: int) -> Written:
        """Write a delivery, or a piece of one, on the disk; nobody sees it before ``generation`` counts.

        ``frame``: ``channel`` Int64, ``starts`` (a Datetime with a time zone), ``minutes`` Int32, ``value`` Int64,
        ``quality`` UInt8 (0 is best), nothing null. An interval that comes twice counts once (better quality, then
        smaller value), with the number of its copies; a piece that repeats an earlier one of the same generation is
        refused, as are months that are retired (`StoreProblem`, nothing written). One writer a generation.
        """
        return writing.write(self.folder, self._duck, frame, generation=generation)

    def read(
        self, channels: Collection[int], *, since: datetime, until: datetime, generations: Collection[int]
    ) -> pl.DataFrame:
        """The values that count of intervals that begin from ``since`` until before ``until`` (instants).

        ``channel``, ``starts``, ``minutes``, ``value``, ``quality``, ``copies``, ``generation``, in order of the first
        two.
        """
        return self._rows(newest, COLUMNS, channels, since, until, generations, superseded=False)

    def history(
        self, channels: Collection[int], *, since: datetime, until: datetime, generations: Collection[int]
    ) -> pl.DataFrame:
        """Every value that ever came of these intervals: the columns of `read`, the newest generation first."""
        return self._rows(versions, _HISTORY, channels, since, until, generations, superseded=True)

    def _rows(  # type: ignore[no-untyped-def]
        self, query, columns, channels, since, until, generations, *, superseded: bool
    ) -> pl.DataFrame:
        wanted = pl.DataFrame({"channel": pl.Series(sorted(set(channels)), dtype=pl.Int64)})
        ends = (wanted["channel"][0], wanted["channel"][-1]) if wanted.height else (0, -1)
        parts = self.folder.parts(generations, superseded=superseded)
        sql = f"""SELECT * FROM ({query(parts, box(ends, since, until), columns)}) SEMI JOIN wanted USING (channel)
                  ORDER BY channel, starts, generation DESC, quality, value"""
        return self._duck.frame(sql, wanted=wanted)

    def daily(
        self, channels: pl.DataFrame, *, since: date, until: date, zone: str, generations: Collection[int]
    ) -> pl.DataFrame:
        """Each channel and local day from ``since`` until before ``until``, with or without intervals on it.

        ``channels``: ``channel`` and ``minutes`` of its intervals, ``per_unit``, and ``received`` (the channel of
        reverse flow, or null; the column may be left out).

        ``channel``, ``day``, ``minutes``; ``expected`` (intervals that begin on that day, 92 and 100 on days of 23
        and 25 hours), ``found`` (of these, each once), ``duplicated`` (copies beyond the first), ``out_of_step`` (of
        another length or off the steps of the standard clock: not in ``found`` nor in any sum), ``negative``,
        ``zero``; in millionths of the unit: ``sum``, ``highest``, ``third_highest``,
        ``lowest``, ``received_sum`` and ``usual_daily`` (null where unknown; the last is the mean of the complete
        ones of the last four same weekdays); ``days_never_zero`` (in a row, this one included, looking back 28 days
        before ``since``).
        """
        begins = since - timedelta(days=daily.LOOKBACK)
        asked = pl.concat([channels["channel"], *([channels["received"].drop_nulls()] if "received" in channels.columns
                                                  else [])])  # fmt: skip
        kept, gone = retention.kept_days(self.folder, asked.cast(pl.Int64), since=begins, until=until, zone=zone)
        parts = self.folder.parts(generations)
        return daily.daily(self._duck, parts, (kept, gone), channels, since=since, until=until, zone=zone)

    def determinants(
        self,
        asked: pl.DataFrame,
        *,
        zone: str,
        calendars: Mapping[str, Calendar],
        generations: Collection[int],
        window: Window = OWN,
        flow: str = "import",
    ) -> pl.DataFrame:
        """What bills are priced from, by the rules of ``engine.rates.intervals``.

        ``asked``: ``row`` (a number of its own), ``delivered``, ``received`` and ``reactive`` (channels or null),
        ``minutes``, ``per_unit``, ``starts`` and ``ends`` (local days, the second not included), ``calendar`` (a name
        in ``calendars``, or null), ``peak_at`` (the instant a window begins at whose demand is asked for, or null).
        ``window`` is how demand is metered; ``flow`` is ``import`` (delivered) or ``net`` (delivered less received,
        not below zero in any interval).

        One row for each fact: ``row``, ``name``, ``period`` (``all``, or of the calendar), ``value`` (Int64
        millionths, half-up; null where nothing was found that could tell it), ``at`` (the instant the window begins,
        for the highest), ``found``, ``expected``, ``gaps`` (intervals missing under it). Names: ``kwh``,
        ``export_kwh``, ``kvarh`` (energy), ``kw``, ``kvar`` (the highest window's power), ``coincident_kw``,
        ``load_factor``.
        """
        parts = self.folder.parts(generations)
        return determinants.determinants(
            self._duck, parts, asked, zone=zone, calendars=calendars, window=window, flow=flow
        )

    def peaks(
        self, asked: pl.DataFrame, *, zone: str, generations: Collection[int], window: Window = OWN
    ) -> pl.DataFrame:
        """When a group of channels together had its highest demand.

        ``asked``: ``group``, ``channel``, ``minutes``, ``per_unit`` (the last two alike in a group), ``starts`` and
        ``ends`` (local days, alike in a group). One row a group: ``group``, ``at`` (the instant the first highest
        window begins), ``kw`` (millionths, rounded as the window says), ``gaps`` (intervals missing in that window).
        """
        return peaks.peaks(self._duck, self.folder.parts(generations), asked, zone=zone, window=window)

    def sums(self, asked: pl.DataFrame, *, zone: str, generations: Collection[int]) -> pl.DataFrame:
        """What flowed over any spans, such as from one read of a register to the next.

        ``asked``: ``row`` (a number of its own), ``channel``, ``minutes``, ``per_unit``, ``since`` and ``until``
        (instants). An interval belongs to the span it begins in, so that spans that follow each other share none.
        ``row``, ``sum`` (millionths of the unit; null where nothing was found), ``found``, ``expected``, ``gaps``,
        ``out_of_step``.
        """
        return spans.sums(self._duck, self.folder.parts(generations), asked, zone=zone)

    def compact(self, merge: Collection[int], *, generation: int) -> Compacted:
        """Merge generations into a new one: the values that count, and beside them all that were superseded.

        Every value keeps the generation it came with, so generations that are not merged stay as new or old as they
        were. Until the database lets ``generation`` count in place of those merged, nothing has changed; after that
        `sweep` removes them.
        """
        return compaction.compact(self.folder, self._duck, merge=merge, generation=generation)

    def retire(self, before: date, *, zone: str, generations: Collection[int], keep_daily: bool = True) -> Retired:
        """Give up the intervals of UTC months before the one that begins on ``before``; what was removed is told.

        With ``keep_daily`` the local days that begin in these months stay as `daily` tells them (resolution: days).
        Late data for a retired month is refused from then on.
        """
        return retention.retire(
            self.folder, self._duck, before=before, zone=zone, generations=generations, keep_daily=keep_daily
        )

    def sweep(self, generations: Collection[int], *, remove: bool = False) -> list[Path]:
        """What a crash, a refused delivery or a merge left behind; with ``remove`` it is removed.

        ``generations`` are all that count or are still being written: everything else is named.
        """
        keep, retired = frozenset(generations), self.folder.retired()
        left = [path for month, number, path in self.folder.generation_folders()
                if number not in keep or month in retired]  # fmt: skip
        left += [path for path in self.folder.unfinished() if not any(path.is_relative_to(one) for one in left)]
        for path in left if remove else ():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        return left
