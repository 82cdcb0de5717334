"""What a calculating process runs. Imports nothing of ours at the top: Django is not set up yet when it is loaded."""

from __future__ import annotations

import os
import sys

import django


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
