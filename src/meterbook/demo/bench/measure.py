"""`meterbook bench bill-run`: how fast a whole city is billed, and how that compares with merely writing the rows."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from meterbook.demo.bench.barecopy import bare_copy_seconds, marks, written_since
from meterbook.demo.bench.cities import working_copy
from meterbook.demo.calendar import CITY_ON, bill_on, first_of
from meterbook.demo.life import Life
from meterbook.demo.sources import document
from meterbook.embedded import EmbeddedServer
from meterbook.jobs.bill_run import calculate_all, stopwatch
from meterbook.records.billing.operations.plan_run import plan_run
from meterbook.records.billing.operations.post_run import post_run, request_posting
from meterbook.records.metering.operations.load_reads import derive_all_usage
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.business_date import advance_business_date

_SAMPLE_SECONDS = 0.25


def measure_bill_run(
    data_dir: Path, *, accounts: int, months: int, workers: int, seed: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Measure the run of month ``months``; returns the figures by name (seconds, MiB, counts)."""
    server = EmbeddedServer(data_dir)
    _, _, life = working_copy(accounts, months, seed, say=say)
    before = marks()
    stages: dict[str, float] = {}
    laps: dict[str, float] = {}
    with memory_peaks(server) as peaks:
        began = time.perf_counter()
        runs = bill_city(life, months, workers, stages, laps)
        seconds = time.perf_counter() - began
    say(f"billed in {seconds:.1f} s; writing the same rows bare")
    outputs = written_since(before, [run.pk for run in runs], data_dir / "files" / "bare")
    bare = bare_copy_seconds(outputs)
    bills = sum(run.totals["bills"] for run in runs)
    return {
        "accounts": accounts,
        "months": months,
        "bills": bills,
        "lines": sum(run.totals["lines"] for run in runs),
        "rows_written": sum(output.rows for output in outputs),
        "held_points": sum(run.totals["held_points"] for run in runs),
        "seconds": round(seconds, 3),
        "bills_per_s": round(bills / seconds, 1),
        "bare_copy_seconds": round(bare, 3),
        "ratio_to_bare_copy": round(seconds / bare, 3),
        "peak_memory_mib": round(peaks["python"], 1),
        "postgres_memory_mib": round(peaks["postgres"], 1),
        "workers": workers,
        "stages": {name: round(spent, 3) for name, spent in stages.items()},
        "stages_of_calculation_in_all_processes": {name: round(spent, 3) for name, spent in laps.items()},
    }


def bill_city(life: Life, month: int, workers: int, stages: dict[str, float], laps: dict[str, float]) -> list[Any]:
    """Usage from reads, then every cycle planned, calculated, approved and posted; the seconds of each are added."""
    lap = stopwatch(stages)
    life.today = max(CITY_ON, first_of(month))
    since = first_of(month) if month > 1 else CITY_ON - timedelta(days=60)
    derive_all_usage(life.act("billing", "benchmark"), since=since)
    lap("usage")
    runs = []
    for code, day in document("city")["cycles"].items():
        life.today = max(life.today, bill_on(month, day))
        advance_business_date(life.act("system", "benchmark"), to=life.today)
        act = life.act("billing", "benchmark")
        run = plan_run(act, cycle=cycle_named(code), bill_date=life.today)
        run = calculate_all(act, run, workers=workers, laps=laps)
        lap("calculate")
        request = request_posting(act, run=run)
        decide_approval(life.act("supervisor", "benchmark"), request=request, approve=True)
        runs.append(post_run(act, run=run))
        lap("approve and post")
    return runs


@contextmanager
def memory_peaks(server: EmbeddedServer) -> Iterator[dict[str, float]]:
    """Sample the memory of all our Python processes together and of PostgreSQL; the peaks, in MiB."""
    peaks = {"python": 0.0, "postgres": 0.0}
    stop = threading.Event()

    def sample() -> None:
        while not stop.wait(_SAMPLE_SECONDS):
            peaks["python"] = max(peaks["python"], sum(_resident(pid) for pid in _family(os.getpid())))
            peaks["postgres"] = max(peaks["postgres"], server.memory_mib())

    watcher = threading.Thread(target=sample, daemon=True)
    watcher.start()
    try:
        yield peaks
    finally:
        stop.set()
        watcher.join()


def _family(pid: int) -> list[int]:
    """A process and everything it started, by /proc; only the process itself where there is no /proc."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(after_name[1]), []).append(int(entry.parent.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def _resident(pid: int) -> float:
    """Resident memory of a process in MiB, without what it shares with others where the kernel says so."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024
