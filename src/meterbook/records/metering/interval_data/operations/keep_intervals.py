"""Keeping the interval store small: merging generations, and giving up months the retention policy no longer asks for.

Policy ``interval-retention``: ``keep_months`` whole months before the current one keep their intervals; of older ones
the daily sums stay if ``keep_daily`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Max, Min

from meterbook.intervals import Compacted, IntervalStore
from meterbook.records.metering.interval_data.store import (
    COMPACT,
    RETIRE,
    generations,
    interval_store,
    next_generation,
    one_writer,
)
from meterbook.records.metering.models import IntervalLoad
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import policy
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class WrongRetention(ValueError):
    """The policy ``interval-retention`` does not say how long intervals are kept."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Whole months that keep their intervals, and whether older days keep their sums."""

    keep_months: int
    keep_daily: bool

    def before(self, today: date) -> date:
        """The first day of the oldest month that is kept."""
        months = today.year * 12 + today.month - 1 - self.keep_months
        return date(months // 12, months % 12 + 1, 1)


def retention_on(day: date) -> Retention:
    """The retention in force on a business date. Raises `NoPolicy` and `WrongRetention`."""
    found = policy("interval-retention", day)
    months, daily = found.get("keep_months"), found.get("keep_daily", True)
    if not isinstance(months, int) or isinstance(months, bool) or not 1 <= months <= 600:
        raise WrongRetention(f"interval-retention: keep_months is {months!r}; expected 1 to 600 months")
    if not isinstance(daily, bool):
        raise WrongRetention(f"interval-retention: keep_daily is {daily!r}; expected true or false")
    return Retention(months, daily)


@operation("metering.retire_intervals", roles={SUPERVISOR})
def retire_intervals(deed: Deed) -> int:
    """Give up the intervals older than the policy asks to keep; returns how many. Doing it again changes nothing.

    What is given up is on record before a file is removed; a crash in between is finished by the next time.
    """
    kept = retention_on(deed.business_date)
    one_writer()
    store, before = interval_store(), kept.before(deed.business_date)
    counted = generations()
    rows, starts = _older(store, counted, before)
    if starts is not None:
        IntervalLoad.objects.create(
            generation=next_generation(store), kind=RETIRE, rows=rows, starts=starts,
            ends=datetime(before.year, before.month, 1, tzinfo=UTC), deed=deed,
        )  # fmt: skip
        tell(deed, "metering.intervals_retired", rows=rows, before=before.isoformat())
    store.retire(before, zone=utility().timezone, generations=counted, keep_daily=kept.keep_daily)
    return rows


def _older(store: IntervalStore, counted: list[int], before: date) -> tuple[int, datetime | None]:
    """Intervals of months before ``before``, and when the first begins."""
    parts = [part for part in store.folder.parts(counted) if part.month < f"{before:%Y-%m}"]
    return sum(part.rows for part in parts), min((part.box.starts[0] for part in parts), default=None)


@operation("metering.compact_intervals", roles={SUPERVISOR, BILLING})
def compact_intervals(deed: Deed, *, fewest: int = 2) -> Compacted | None:
    """Merge every generation into one, if there are at least ``fewest``; no answer changes, nothing is lost.

    What the last merge replaced, and what crashes left behind, is removed first: whoever read it has long ended.
    """
    one_writer()
    store, merge = interval_store(), generations()
    store.sweep(merge, remove=True)
    if len(merge) < fewest:
        return None
    done = store.compact(merge, generation=next_generation(store))
    loads = IntervalLoad.objects.filter(generation__in=merge)
    span: dict[str, Any] = loads.aggregate(starts=Min("starts"), ends=Max("ends"))
    made = IntervalLoad.objects.create(generation=done.generation, kind=COMPACT, rows=done.rows, deed=deed, **span)
    loads.update(replaced_by=made)
    tell(deed, "metering.intervals_compacted", generation=done.generation, merged=len(merge), rows=done.rows)
    return done
