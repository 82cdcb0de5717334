"""Calculating a run chunk by chunk, on one or two processes; interrupted anywhere, it goes on where it stopped."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from meterbook.jobs import process
from meterbook.records.billing import operations as runs
from meterbook.records.billing.calculate import calculate_chunk, progress, unfinished_chunks
from meterbook.records.billing.operations.calculate_run import start_calculation as begin
from meterbook.records.billing.queries import run_with_id
from meterbook.records.billing.stages.operations.pause_run import restart_run, resume_run
from meterbook.records.billing.stages.pace import goes_on, is_begun
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import user_with_id
from meterbook.records.rates.queries import current_tariffs

if TYPE_CHECKING:
    from meterbook.records.billing.models import BillRun

Progress = Callable[[int, int], None]
#: Seconds spent in each stage of calculation, added up over chunks and processes.
Laps = dict[str, float]


def start_calculation(act: Act, run: BillRun) -> None:
    """Begin calculating in the background: the worker takes over from here."""
    begin(act, run=run)
    _defer(act, run)


def resume_calculation(act: Act, run: BillRun) -> None:
    """Let a paused calculation go on in the background."""
    resume_run(act, run=run)
    _defer(act, run)


def restart_calculation(act: Act, run: BillRun) -> None:
    """Hand a calculation whose worker died to whichever worker is there; what is calculated stays."""
    restart_run(act, run=run)
    _defer(act, run)


def _defer(act: Act, run: BillRun) -> None:
    deferred("meterbook.jobs.bill_run.calculate", f"run-{run.pk}", run_id=run.pk, actor_id=act.actor.pk)


def deferred(name: str, lock: str, **values: Any) -> None:
    """Queue the worker's part of something done to a run, unless it is queued already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(name, queue="runs", queueing_lock=lock).defer(**values)


@app.task(name="meterbook.jobs.bill_run.calculate", queue="runs", retry=3)
def calculate(run_id: int, actor_id: int) -> None:
    """The worker's part: every chunk not done yet, then the seal."""
    run = run_with_id(run_id)
    act = Act(user_with_id(actor_id), run.bill_date, reason=f"calculation of run {run.number}")
    calculate_all(act, run, workers=1)


def calculate_all(
    act: Act, run: BillRun, *, workers: int = 1, told: Progress = lambda done, of: None, laps: Laps | None = None
) -> BillRun:
    """Calculate every chunk that is not done, then seal the run. Safe to call again after any interruption.

    A run that somebody pauses or takes back meanwhile is left as it stands before the next chunk, and returned so.
    """
    laps = {} if laps is None else laps
    if not is_begun(run):
        begin(act, run=run)
    chunks = unfinished_chunks(run)
    if workers == 1 or len(chunks) < 2:
        tariffs = current_tariffs()
        for chunk in chunks:
            if not goes_on(run):
                break
            calculate_chunk(run, chunk, tariffs, lap=stopwatch(laps))
            told(*progress(run))
    else:
        for spent in _in_processes(run, [chunk.pk for chunk in chunks], workers):
            for stage, seconds in spent.items():
                laps[stage] = laps.get(stage, 0.0) + seconds
            told(*progress(run))
    return runs.calculate_run(act, run=run) if goes_on(run) else run_with_id(run.pk)


def stopwatch(laps: Laps) -> Callable[[str], None]:
    """A function that adds the seconds since it was last called to the stage it is told."""
    since = [time.perf_counter()]

    def lap(stage: str) -> None:
        now = time.perf_counter()
        laps[stage] = laps.get(stage, 0.0) + now - since[0]
        since[0] = now

    return lap


def _in_processes(run: BillRun, chunks: list[int], workers: int) -> Iterator[Laps]:
    """Calculate chunks in ``workers`` processes of their own; yields what each chunk took as it is done.

    No process is handed a chunk once the run no longer goes on.
    """
    connection.close()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=process.ready, initargs=(sys.path,)) as pool:
        left = iter(chunks)
        waiting: set[Future[Laps]] = {pool.submit(process.calculate, chunk) for chunk in islice(left, workers + 1)}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            if goes_on(run):
                waiting |= {pool.submit(process.calculate, chunk) for chunk in islice(left, len(done))}
            for future in done:
                yield future.result()
