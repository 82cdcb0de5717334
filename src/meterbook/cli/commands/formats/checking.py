"""`meterbook formats check`: whether a file can be taken, before anything is loaded."""

from __future__ import annotations

import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import click

from meterbook.formats.contract import Format, Verdict
from meterbook.formats.judge import judge, one_line
from meterbook.formats.registry import UnknownFormat, any_format


@click.command()
@click.argument("format_", metavar="FORMAT")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--profile", type=click.File(encoding="utf-8"), help="A partner's layout or profile (YAML), where partners differ."
)
@click.option("--debug", is_flag=True, help="Show where a reader failed, if it ever does.")
def check(format_: str, files: tuple[Path, ...], profile: TextIO | None, debug: bool) -> None:
    """Judge files without loading anything: FILE, VALID or INVALID, and the reason, separated by tabs.

    A file is VALID only if every row of it can be taken; otherwise the first thing wrong is named by line and field
    with what was found and what was expected. Only the file is judged, not whether its meters or accounts exist.

    Exit status 0 when every file could be judged, whatever the verdict; 2 when the format is unknown or a file
    cannot be opened; 3 when a reader failed on a file, which is a fault of Meterbook's.
    """
    try:
        chosen = any_format(format_)
    except UnknownFormat as error:
        raise click.UsageError(str(error)) from error
    if profile is not None:
        chosen = _profiled(chosen, profile.read())
    status = 0
    for file in files:
        shown = one_line(click.format_filename(file), 4096)
        try:
            data = file.read_bytes()
        except OSError as error:
            click.echo(f"{shown}: {error.strerror or error}", err=True)
            status = max(status, 2)
            continue
        try:
            verdict = judge(chosen, data)
        except Exception as error:
            status = 3
            verdict = Verdict(False, f"the reader of {format_} failed on it ({type(error).__name__})")
            if debug:
                traceback.print_exc()
        _say(f"{shown}\t{'VALID' if verdict.valid else 'INVALID'}\t{verdict.reason}")
    if status:
        raise SystemExit(status)


def _profiled(chosen: Format[Any], text: str) -> Format[Any]:
    """The format, reading files laid out by the profile."""
    if chosen.profiled is None:
        raise click.UsageError(f"{chosen.name} has one layout: no profile")
    try:
        return replace(chosen, parse=chosen.profiled(text))
    except ValueError as error:
        raise click.UsageError(f"the profile is wrong: {error}") from error


def _say(line: str) -> None:
    """Print what the terminal cannot show as escapes instead of failing."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(line.encode(encoding, "backslashreplace").decode(encoding))
