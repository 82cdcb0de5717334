"""What a calculating process runs. Imports nothing of ours at the top: Django is not set up yet when it is loaded."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from meterbook.records.billing.replay import Replayed


def ready(path: list[str]) -> None:
    """Make a new process know Django, and keep Polars to one thread of it."""
    sys.path[:] = path
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    django.setup()


def calculate(chunk_id: int) -> dict[str, float]:
    """Calculate one chunk; returns the seconds each stage took."""
    from meterbook.jobs.bill_run import stopwatch
    from meterbook.records.billing.calculate import calculate_chunk, chunk_named

    laps: dict[str, float] = {}
    chunk = chunk_named(chunk_id)
    calculate_chunk(chunk.run, chunk, lap=stopwatch(laps))
    return laps


def replay(chunk_id: int) -> Replayed:
    """Replay one chunk."""
    from meterbook.records.billing.calculate import chunk_named
    from meterbook.records.billing.replay import replay_part

    chunk = chunk_named(chunk_id)
    return replay_part(chunk.run, chunk, _tariffs(chunk.run_id))


@cache
def _tariffs(run_id: int) -> Any:
    """The tariffs a run was priced with, read once a process."""
    from meterbook.records.billing.queries import run_with_id
    from meterbook.records.billing.replay import tariffs_of

    return tariffs_of(run_with_id(run_id))[0]
