"""What the rules said, held against the labels: recall and precision of each, and what anyone found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from meterbook.demo.bench.vee.answers import INTERVALS, READS
from meterbook.demo.bench.vee.labels import Fault
from meterbook.records.platform.copying import copy_out

Key = tuple[str, str]
_SAID = """
SELECT f.rule, coalesce(m.serial, n.serial), coalesce(g.channel, c.name), f.channel_id IS NOT NULL, f."on", f.holds
  FROM metering_finding f
  LEFT JOIN metering_read r ON r.id = f.read_id
  LEFT JOIN metering_readexception e ON e.id = f.exception_id
  LEFT JOIN metering_register g ON g.id = coalesce(r.register_id, e.register_id)
  LEFT JOIN metering_meter m ON m.id = g.meter_id
  LEFT JOIN metering_intervalchannel c ON c.id = f.channel_id
  LEFT JOIN metering_meter n ON n.id = c.meter_id
 WHERE f.deed_id > %s
"""
_SAID_TYPES = {
    "rule": pl.String, "serial": pl.String, "channel": pl.String, "intervals": pl.Boolean, "on": pl.Date,
    "holds": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """The labels, every register whose file does not tell the truth, and the honest oddities rules may name."""

    faults: list[Fault]
    interval_faults: list[Fault]
    vacant: set[Key]
    at_rest: set[Key]

    @property
    def wrong(self) -> set[Key]:
        """Registers with a fault, in their reads or in the intervals beside them."""
        return {fault.key for fault in (*self.faults, *self.interval_faults)}


def findings_since(deed: int) -> pl.DataFrame:
    """What every rule said in deeds after ``deed``: `_SAID_TYPES`."""
    return copy_out(_SAID, [deed], _SAID_TYPES)


def score(truth: Truth, said: pl.DataFrame, *, honest: int) -> dict[str, Any]:
    """Figures by rule, by kind of fault, and over all; ``honest`` is the number of registers without a fault."""
    flags = _flags(said.filter(~pl.col("intervals")))
    days = _days(said.filter("intervals"))
    rules = {name: _of_reads(name, truth, flags[name]) for name in sorted(set(READS) | set(flags))}
    rules |= {name: _of_intervals(name, truth, days[name]) for name in sorted(set(INTERVALS) | set(days))}
    held = {(row[1], row[2]) for row in said.filter(pl.col("holds") & ~pl.col("intervals")).iter_rows()}
    noted = set().union(*flags.values()) if flags else set()
    touched = set().union(*days.values()) if days else set()
    caught = [fault for fault in truth.faults if fault.key in noted]
    caught += [fault for fault in truth.interval_faults if _found(fault, touched) or fault.key in noted]
    every = [*truth.faults, *truth.interval_faults]
    return {
        "rules": rules,
        "kinds": _by_kind(every, caught),
        "caught_by_any": _share(len(caught), len(every)),
        "honest_reads": honest,
        "honest_held": _share(len(held - truth.wrong), honest),
        "honest_noted": _share(len(noted - truth.wrong - truth.vacant), honest),
    }


def _flags(said: pl.DataFrame) -> defaultdict[str, set[Key]]:
    found: defaultdict[str, set[Key]] = defaultdict(set)
    for rule, serial, channel in said.select("rule", "serial", "channel").iter_rows():
        found[rule].add((serial, channel))
    return found


def _days(said: pl.DataFrame) -> defaultdict[str, set[tuple[Key, date]]]:
    found: defaultdict[str, set[tuple[Key, date]]] = defaultdict(set)
    for rule, serial, channel, on in said.select("rule", "serial", "channel", "on").iter_rows():
        found[rule].add(((serial, _main(channel)), on))
    return found


def _main(channel: str) -> str:
    """What flows back is told of the meter's delivering channel."""
    return "delivered" if channel == "received" else channel


def _of_reads(name: str, truth: Truth, flags: set[Key]) -> dict[str, Any]:
    answers = READS.get(name)
    targets = [fault for fault in (*truth.faults, *truth.interval_faults) if answers is not None and answers(fault)]
    right = truth.wrong | (truth.vacant if name == "vacant" else set()) | (truth.at_rest if name == "zero" else set())
    found = sum(fault.key in flags for fault in targets)
    return _figures(found, len(targets), len(flags & right), len(flags))


def _of_intervals(name: str, truth: Truth, flags: set[tuple[Key, date]]) -> dict[str, Any]:
    answers = INTERVALS.get(name)
    targets = [fault for fault in truth.interval_faults if answers is not None and answers(fault)]
    right = {(fault.key, day) for fault in truth.interval_faults for day in fault.days}
    return _figures(sum(_found(fault, flags) for fault in targets), len(targets), len(flags & right), len(flags))


def _found(fault: Fault, flags: Iterable[tuple[Key, date]]) -> bool:
    return any((fault.key, day) in flags for day in fault.days)


def _figures(found: int, targets: int, right: int, flags: int) -> dict[str, Any]:
    return {
        "recall": _share(found, targets), "precision": _share(right, flags), "targets": targets, "found": found,
        "flags": flags,
    }  # fmt: skip


def _by_kind(every: list[Fault], caught: list[Fault]) -> dict[str, dict[str, Any]]:
    there, found = Counter(fault.kind for fault in every), Counter(fault.kind for fault in caught)
    return {kind: {"faults": count, "caught": _share(found[kind], count)} for kind, count in sorted(there.items())}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
