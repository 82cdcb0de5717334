"""`meterbook serve`: the staff app, and the background worker beside it."""

from __future__ import annotations

import threading
from pathlib import Path

import click
import waitress
from django.conf import settings
from django.core.wsgi import get_wsgi_application


def serve_forever(host: str, port: int, *, with_worker: bool) -> None:
    """Serve the staff app until interrupted; background jobs run in a thread of the same process if asked."""
    if with_worker:
        from meterbook.cli.commands.worker import run_worker

        threading.Thread(target=run_worker, name="worker", daemon=True).start()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    waitress.serve(get_wsgi_application(), host=host, port=port, threads=8, ident="meterbook")


@click.command(name="serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--worker/--no-worker", default=True, show_default=True, help="Run background jobs here too.")
def command(host: str, port: int, worker: bool) -> None:
    """Serve the staff app."""
    click.echo(f"Meterbook listens on http://{host}:{port}/  (Ctrl-C ends it)")
    serve_forever(host, port, with_worker=worker)
