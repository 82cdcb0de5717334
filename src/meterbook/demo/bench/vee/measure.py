"""The measurement: a city with its history, a month of faulty files taken in by the product, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from meterbook.demo.bench.cities import city_with_history
from meterbook.demo.bench.vee import channels, city, files, intervals, measured, registers
from meterbook.demo.bench.vee.impossible import billed_pieces, impossible
from meterbook.demo.bench.vee.labels import Shown
from meterbook.demo.bench.vee.score import Truth, findings_since, score
from meterbook.demo.calendar import bill_on, read_on
from meterbook.demo.city import City
from meterbook.demo.life import Life
from meterbook.records.metering.interval_data.store import generations, interval_store
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.metering.validation.operations.close_reading import close_reading
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.operations.business_date import advance_business_date

ACCOUNTS = 8_000
Say = Callable[[str], None]


def measure_vee(*, seed: int, accounts: int = ACCOUNTS, say: Say) -> dict[str, Any]:
    """The figures of one seed, which draws the city, its honest oddities and its faults."""
    began = time.perf_counter()
    drawn, _, life = city_with_history(accounts, measured.PREPARED, seed, say=say, drawn=measured.MeasuredCity)
    say(f"the city stands after {time.perf_counter() - began:.0f} s; its last months")
    rows = city.shown_in(drawn, measured.MONTH)
    planned = registers.plan(rows, seed=seed)
    city.live_history(life, planned.stopped, planned.estimated)
    city.empty_homes(life, (serial for serial, _ in planned.squatters), read_on(measured.MONTH - 2, measured.READ_DAY))
    city.lock(life, (serial for serial, _ in planned.locked), read_on(measured.MONTH - 1, measured.READ_DAY))
    rows = city.honest_months(_as_they_stood(drawn, rows, planned.stopped), planned.keys, seed=seed)
    into = registers.inject(rows, planned, seed=seed)
    steady = [one for one in rows.values() if one.key not in into.touched]
    sent, interval_faults = intervals.inject(
        channels.channels(steady, month=measured.MONTH, read_day=measured.READ_DAY, seed=seed), seed=seed
    )
    newest = copy_out("SELECT max(id) FROM platform_deed", [], {"id": pl.Int64})["id"][0]
    say(f"{len(into.faults) + len(interval_faults)} faults after {time.perf_counter() - began:.0f} s; taking them in")
    _take_in(life, rows, into, sent)
    truth = Truth(
        into.faults, interval_faults, _vacant(rows, planned),
        {one.key for one in rows.values() if one.used == 0},
    )  # fmt: skip
    figures = score(truth, findings_since(newest), honest=len(rows) - len(truth.wrong))
    say(f"judged after {time.perf_counter() - began:.0f} s; billing")
    wrong = _billed(life, rows, into)
    for sentence in wrong:
        say(f"  billed: {sentence}")
    _sweep()
    return {
        "seed": seed, "accounts": accounts, "registers": len(rows), "channels": len(sent),
        "faults": len(into.faults) + len(interval_faults), "immaterial_draws": into.immaterial, **figures,
        "impossible_billed": len(wrong), "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip


def _vacant(rows: dict[registers.Key, Shown], planned: registers.Planned) -> set[registers.Key]:
    """Every register where nobody has an account: the other meters of a home that is lived in without one as well."""
    left = {serial[2:] for serial, _ in planned.squatters}
    return {one.key for one in rows.values() if one.occupancy == "vacant" or one.serial[2:] in left}


def _as_they_stood(
    drawn: City, rows: dict[registers.Key, Shown], stopped: dict[registers.Key, int]
) -> dict[registers.Key, Shown]:
    """The registers with what their last read told: a stopped one what it showed when it stopped."""
    stood = {
        (serial, channel, month): shown
        for month in range(measured.MONTH - 4, measured.MONTH)
        for serial, channel, shown in drawn.reads.frame(month).select("serial", "channel", "shown").iter_rows()
    }
    return rows | {
        key: replace(rows[key], before=stood[(*key, measured.MONTH - periods)]) for key, periods in stopped.items()
    }


def _take_in(
    life: Life, rows: dict[registers.Key, Shown], into: registers.Injected, sent: list[intervals.Sent]
) -> None:
    """Import the intervals and the month's files as the office does, and close the reading."""
    last = read_on(measured.MONTH, measured.READ_DAY)
    before = read_on(measured.MONTH - 1, measured.READ_DAY)
    life.today = last + timedelta(days=1)
    advance_business_date(life.act("system", "benchmark"), to=life.today)
    act = life.act("billing", "benchmark")
    content = intervals.file_of(sent, stamp=datetime(2025, 11, 4, 12, tzinfo=UTC))
    import_reads(act, format="cmep", file_name="vee/intervals.csv", content=content)
    for file in files.write_reads(life.city, rows, into, measured.MONTH, before=before, folder=life.folder):
        import_reads(act, format=file.format, file_name=f"vee/{file.path.name}", content=file.path.read_bytes())
    close_reading(act, cycle=cycle_named("C1"), first=before + timedelta(days=1), last=last)


def _billed(life: Life, rows: dict[registers.Key, Shown], into: registers.Injected) -> list[str]:
    """Bill the cycle by a real run, posted, and look at what its bills rest on."""
    life.today = bill_on(measured.MONTH, measured.READ_DAY)
    advance_business_date(life.act("system", "benchmark"), to=life.today)
    life.workers = 2
    run = life.run("C1")
    pieces = billed_pieces(run)
    if not pieces:
        return [f"nothing was billed, so nothing was checked: {run.totals}"]
    return impossible(pieces, into.faults, rows, read_on(measured.MONTH, measured.READ_DAY))


def _sweep() -> None:
    """Remove the files of this measurement from the interval store, and nothing else."""
    store = interval_store()
    mine = set(generations())
    keep = {number for _, number, _ in store.folder.generation_folders()} - mine
    store.sweep(keep, remove=True)
