"""Asking the store and asking by hand, one after the other in one process, and comparing every answer."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl
import yaml

from meterbook.demo.bench.intervals.expert import Answers, Expert
from meterbook.demo.bench.intervals.generate import FIRST, LATER, MINUTES, PER_UNIT, SINCE, ZONE
from meterbook.demo.sources import ROOT
from meterbook.engine.metering.validation.configure import Configured, parse
from meterbook.engine.metering.validation.run import run
from meterbook.engine.rates.document import read_document
from meterbook.engine.rates.intervals.demand import Window
from meterbook.engine.rates.language.calendars import Calendar
from meterbook.engine.rates.language.calendars.rules import read_calendars
from meterbook.intervals import IntervalStore

_MEMORY_MIB, _THREADS = 384, 2
#: The hand-written query asks for the whole month at once and would write to the disk with less.
_MEMORY_BY_HAND_MIB = 512
_METERS_AT_A_TIME = 4000
_WINDOW = Window(30, sliding=True)
_COUNTING = (FIRST, LATER)
_RULES_FILE = ROOT / "demo" / "bench" / "interval-rules.yaml"
_HOURS_FILE = ROOT / "demo" / "bench" / "interval-hours.yaml"


class Asked:
    """The questions of a month, put to the store."""

    def __init__(self, folder: Path, *, meters: int, days: int) -> None:
        self.store = IntervalStore(folder, memory_mib=_MEMORY_MIB, threads=_THREADS)
        self.since, self.until = SINCE, SINCE + timedelta(days=days)
        self.channels = pl.DataFrame({"channel": pl.int_range(1, meters + 1, dtype=pl.Int64, eager=True)}).with_columns(
            minutes=pl.lit(MINUTES, dtype=pl.Int32), per_unit=pl.lit(PER_UNIT, dtype=pl.Int64)
        )
        self.rules: Configured = parse(yaml.safe_load(_RULES_FILE.read_text(encoding="utf-8")))
        document = read_document(_HOURS_FILE.read_text(encoding="utf-8"), file=_HOURS_FILE.name)
        self.calendars: dict[str, Calendar] = {"hours": read_calendars(document, None, ())["time_of_use"]}

    def answer(self) -> Answers:
        """Days, what the rules find in them, the system's peak and every meter's determinants."""
        days, findings = [], []
        for some in self.channels.iter_slices(_METERS_AT_A_TIME):
            frame = self.store.daily(some, since=self.since, until=self.until, zone=ZONE, generations=_COUNTING)
            found = run(_judged(frame), self.rules, kind="intervals")
            findings.append(found.select("channel", "day", "rule"))
            days.append(frame.drop("minutes", "received_sum"))
        month = {"starts": pl.lit(self.since), "ends": pl.lit(self.until)}
        together = self.channels.with_columns(group=pl.lit(1, dtype=pl.Int64), **month)
        (peak,) = self.store.peaks(together, zone=ZONE, generations=_COUNTING, window=_WINDOW)["at"]
        asked = self.channels.select(
            "minutes", "per_unit", row="channel", delivered="channel", calendar=pl.lit("hours"),
            peak_at=pl.lit(peak, dtype=pl.Datetime("us", "UTC")), **month,
        )  # fmt: skip
        facts = self.store.determinants(
            asked, zone=ZONE, calendars=self.calendars, generations=_COUNTING, window=_WINDOW
        )
        return Answers(pl.concat(days), pl.concat(findings), facts)


def _judged(frame: pl.DataFrame) -> pl.DataFrame:
    """The days with what the database would say of the channels."""
    return frame.with_columns(
        commodity=pl.lit("electricity"), size=pl.lit("2S"), premise_class=pl.lit("residential"),
        solar=pl.lit(value=False), service_point=pl.col("channel"), unit=pl.lit("kWh"),
    )  # fmt: skip


def differences(ours: Answers, hand: Answers) -> int:
    """How many days, findings and meters differ in anything."""
    days = _unlike(ours.days, hand.days.cast(dict(ours.days.schema)), ["channel", "day"])  # type: ignore[arg-type]
    findings = _unlike(ours.findings, hand.findings, ["channel", "day", "rule"])
    mine = turned(ours.determinants)
    return days + findings + _unlike(mine, hand.determinants.cast(dict(mine.schema)), ["channel"])  # type: ignore[arg-type]


def _unlike(first: pl.DataFrame, second: pl.DataFrame, key: list[str]) -> int:
    one, other = first.sort(key), second.select(first.columns).sort(key)
    if one.height != other.height:
        return abs(one.height - other.height)
    return int(sum((~one[name].eq_missing(other[name])).cast(pl.Int64) for name in one.columns).cast(pl.Boolean).sum())  # type: ignore[union-attr]


def turned(facts: pl.DataFrame) -> pl.DataFrame:
    """Determinants, one row a meter: names as tariffs have them."""
    named = facts.with_columns(
        label=pl.when(pl.col("period") == "all").then("name").otherwise(pl.concat_str("name", pl.lit("_"), "period"))
    )
    wide = named.pivot("label", index="row", values="value")
    whole = facts.filter(pl.col("period") == "all")
    kw = whole.filter(pl.col("name") == "kw").select("row", "at")
    kwh = whole.filter(pl.col("name") == "kwh").select("row", pl.col("found").cast(pl.Int64))
    return wide.join(kw, on="row").join(kwh, on="row").rename({"row": "channel"})


def _timed(question: Callable[[], Answers]) -> tuple[float, float, Answers]:
    """Seconds that passed, seconds of processors, and what was answered."""
    began, busy = time.perf_counter(), time.process_time()
    found = question()
    return time.perf_counter() - began, time.process_time() - busy, found


def _peak_mib() -> float:
    """The most memory this process ever had in use, in MiB."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 2**20 if sys.platform == "darwin" else used / 2**10


def figures(folder: Path, meters: int, days: int, passes: int) -> dict[str, Any]:
    """Both sides turn about; of each the fastest pass counts, since other work on the machine only makes it slower."""
    asked = Asked(folder, meters=meters, days=days)
    expert = Expert(folder, days=days, memory_mib=_MEMORY_BY_HAND_MIB, threads=_THREADS)
    spent: dict[str, list[float]] = {
        "seconds": [],
        "cpu_seconds": [],
        "hand_sql_seconds": [],
        "hand_sql_cpu_seconds": [],
    }
    peak, unlike, findings = 0.0, 0, 0
    for at in range(passes):
        seconds, busy, ours = _timed(asked.answer)
        spent["seconds"].append(seconds)
        spent["cpu_seconds"].append(busy)
        if at == 0:  # before the other side has asked for anything
            peak = _peak_mib()
        seconds, busy, hand = _timed(expert.answer)
        spent["hand_sql_seconds"].append(seconds)
        spent["hand_sql_cpu_seconds"].append(busy)
        unlike += differences(ours, hand)
        findings = ours.findings.height
        del ours, hand
    fastest = {name: round(min(each), 3) for name, each in spent.items()}
    return {
        **fastest,
        "ratio": round(fastest["seconds"] / fastest["hand_sql_seconds"], 3),
        "ratio_of_medians": round(median(spent["seconds"]) / median(spent["hand_sql_seconds"]), 3),
        "ratio_of_cpu": round(fastest["cpu_seconds"] / fastest["hand_sql_cpu_seconds"], 3),
        "passes": {name: [round(one, 3) for one in each] for name, each in spent.items()},
        "peak_memory_mib": round(peak, 1),
        "peak_memory_mib_both_sides": round(_peak_mib(), 1),
        "differences": unlike,
        "findings": findings,
        "threads": _THREADS,
        "cores": os.cpu_count(),
    }


if __name__ == "__main__":
    print(json.dumps(figures(Path(sys.argv[1]), *(int(word) for word in sys.argv[2:5]))))
