"""Writing locate tickets in each of the three forms, as the centre would; for samples, tests and exports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from meterbook.formats.locates.parse import LABELS
from meterbook.formats.locates.values import FIELDS, LocateTicket


def write_json(tickets: Iterable[LocateTicket]) -> bytes:
    """A list of tickets by field name."""
    found = [{name: value for name, value in each.said.items() if value} for each in tickets]
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"


def write_text(tickets: Iterable[LocateTicket]) -> bytes:
    """Lines `Label : value`, each ticket closed by `#END`."""
    lines: list[str] = []
    for each in tickets:
        lines += [f"{label.title():<11}: {each.said[name]}" for label, name in LABELS.items() if each.said[name]]
        lines.append("#END")
    return ("\n".join(lines) + "\n").encode()


def write_csv(tickets: Iterable[LocateTicket]) -> bytes:
    """A heading line and one row a ticket."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(FIELDS), lineterminator="\r\n")
    writer.writeheader()
    for each in tickets:
        writer.writerow({name: each.said[name] for name in FIELDS})
    return out.getvalue().encode()
