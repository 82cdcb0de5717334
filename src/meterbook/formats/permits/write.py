"""Permits as a CSV, for a city that keeps them in a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from meterbook.formats.permits.values import FIELDS, Permit


def write_csv(permits: Iterable[Permit]) -> bytes:
    """The CSV that `parse_csv` reads back as the same permits."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for one in permits:
        writer.writerow([one.said.get(name, "") for name in FIELDS])
    return written.getvalue().encode()
