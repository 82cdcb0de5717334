"""`meterbook bench calls` and `meterbook bench accessibility`: what is measured in a real browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from meterbook.cli.acting import as_json, print_json

_ROOT = Path(__file__).resolve().parents[4]
#: The tests' office is made of records, which need Django set up before they are imported.
_LOOK = "import sys, django; django.setup(); from tests.browser.matrix import main; sys.exit(main(sys.argv[1:]))"


@click.command(name="calls")
@click.option("--accounts", default=100_000, show_default=True, type=click.IntRange(500), help="Active accounts.")
@click.option("--months", default=1, show_default=True, type=click.IntRange(1), help="Months everybody is billed.")
@as_json
def calls(accounts: int, months: int, as_json: bool) -> None:
    """Take the fifteen calls of a customer service desk in a browser, on a city of many accounts.

    Actions are clicks and keys that are no typing, from the caller's page on. `machine_seconds` is what server and
    browser take; `seconds` adds a clerk's hands by the keystroke-level model, and stands beside the target of the whole
    call, which the talking fills. The prepared city is cached under --data-dir. Needs Chromium.
    """
    from meterbook.demo.bench.calls.measure import measure_calls

    figures = measure_calls(
        Path(os.environ["METERBOOK_DATA_DIR"]), accounts=accounts, months=months,
        say=lambda words: click.echo(words, err=True),
    )  # fmt: skip
    for each in figures["calls"]:
        click.echo(
            f"{each['call']:>3} {each['title']:30}{each['actions']:>3} of {each['target_actions']} actions"
            f"{each['seconds']:>8.1f} of {each['target_seconds']} s   (machine {each['machine_seconds']:.2f} s)"
        )
    if as_json:
        print_json(figures)


@click.command(name="accessibility")
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@as_json
def accessibility(words: tuple[str, ...], as_json: bool) -> None:
    """Look at every page of the tests' office with axe: light and dark, English and Spanish, 1440 and 390 pixels wide.

    Every address the staff app answers is opened in each of the eight faces; counted are violations of WCAG 2.1 A and
    AA, and pages that scroll sideways. Needs Chromium, and a checkout, since the office is the tests' own.
    """
    program = [sys.executable, "-c", _LOOK, *words]
    asked = [*program, "--json"] if as_json else program
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(_ROOT / "src"), str(_ROOT)])}
    sys.exit(subprocess.run(asked, cwd=_ROOT, env=environment, check=False).returncode)
