"""The rows of a scenario file: what cannot be read as CSV is one sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import click


def scenario_rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, the heading first, with its line; cells as they stand."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise click.ClickException(f"{file}: line {line} holds bytes that are not UTF-8 text") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise click.ClickException(f"{file}: line {reader.line_num} cannot be read as CSV: {error}") from error
