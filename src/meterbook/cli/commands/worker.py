"""`meterbook worker`: runs what was deferred: calculations, events."""

from __future__ import annotations

import asyncio

import click
from procrastinate.contrib.django import app


def run_worker(*, wait: bool = True) -> None:
    """Run deferred jobs; with ``wait`` false, stop when none is left."""
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]

    async def work() -> None:
        async with worker_app.open_async():
            await worker_app.run_worker_async(wait=wait, install_signal_handlers=False, delete_jobs="successful")

    asyncio.run(work())


@click.command(name="worker")
@click.option("--once", is_flag=True, help="Stop when no job is left.")
def command(once: bool) -> None:
    """Run background jobs: bill calculations and event delivery."""
    run_worker(wait=not once)
