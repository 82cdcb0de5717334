"""Replaying a sealed run in one or several processes."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from django.db import connection

from meterbook.engine.rates.tariff import Tariff
from meterbook.jobs import process
from meterbook.records.billing.replay import Replay, Replayed, replay

if TYPE_CHECKING:
    from meterbook.records.billing.models import BillRun, RunChunk


def replay_run(run: BillRun, *, workers: int = 1, told: Callable[[int, int], None] = lambda done, of: None) -> Replay:
    """Replay a run, ``workers`` chunks at a time; see `records.billing.replay.replay`."""
    if workers == 1:
        return replay(run, told=told)
    return replay(run, told=told, worker=partial(_in_processes, workers))


def _in_processes(
    workers: int, run: BillRun, parts: list[RunChunk], tariffs: Mapping[int, Tariff]
) -> Iterable[tuple[RunChunk, Replayed]]:
    """Chunks in processes of their own, which read the documents for themselves; in order of chunk."""
    connection.close()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=process.ready, initargs=(sys.path,)) as pool:
        yield from zip(parts, pool.map(process.replay, [part.pk for part in parts]), strict=True)
