"""Between which usage a register would have raised no question: the rule on high and low usage, for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.metering.validation.expectation import widened, with_expected
from meterbook.records.metering.models import ReadException
from meterbook.records.metering.queue.estimating import evidence
from meterbook.records.metering.validation.policy import rules_on

Range = tuple[int, int]


def ranges(items: Sequence[int], today: date) -> dict[int, Range]:
    """Lowest and highest usage (millionths) that raises no question, by item; items nobody can judge are left out."""
    rules = rules_on(today)
    frame = evidence(list(ReadException.objects.filter(pk__in=items))) if items and rules is not None else None
    if rules is None or frame is None or frame.is_empty():
        return {}
    entries = rules.entries.get("high_low", ())
    known = with_expected(frame).filter(pl.col("at_least").is_not_null() & pl.col("at_most").is_not_null())
    judged: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in known.select("row", "commodity", "premise_class", "size", "channel", "unit").iter_rows(named=True):
        kind = (row["commodity"], row["premise_class"], row["size"], row["channel"])
        mine = [at for at, entry in enumerate(entries) if entry.matches(*kind) and entry.then != "off"]
        if mine:
            judged[mine[-1], row["unit"]].append(row["row"])
    found: dict[int, Range] = {}
    for (at, unit), rows in judged.items():
        found |= _within(known.filter(pl.col("row").is_in(rows)), entries[at].settings(unit))
    return found


def _within(known: pl.DataFrame, settings: Any) -> dict[int, Range]:
    low = pl.col("at_least") * widened(settings["low"], settings["wider"], down=True) // 10**6
    high = pl.col("at_most") * widened(settings["high"], settings["wider"]) // 10**6
    limits = known.select("row", low=low, high=high).drop_nulls()
    return {row: (int(least), int(most)) for row, least, most in limits.iter_rows()}
