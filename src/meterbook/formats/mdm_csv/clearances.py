"""Decisions on the other system's exceptions: values to bytes, and back.

>>> print(write_clearances([Clearance("MX-1", "corrected", Decimal("12.34"), dt.date(2026, 8, 6))]).decode(), end="")
reference,decision,reading,decided_on
MX-1,corrected,12.34,2026-08-06
#END,1
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from meterbook.formats.contract import WrongFormat, local_moment, plain_number
from meterbook.formats.mdm_csv.rows import file_of, rows_of

HEADINGS: Final = ("reference", "decision", "reading", "decided_on")
DECISIONS: Final = ("accepted", "corrected", "estimated", "rejected", "passed")


@dataclass(frozen=True, slots=True)
class Clearance:
    """What was decided on an exception: `reading` is the read in force now, None where there is none."""

    reference: str
    decision: str
    reading: Decimal | None
    decided_on: dt.date


def parse_clearances(data: bytes) -> list[Clearance]:
    """Every decision of a file. Raises `WrongFormat` for anything that is none: decisions are taken whole or not."""
    found = []
    for line, cells, raw in rows_of(data, HEADINGS):
        if len(cells) != len(HEADINGS):
            raise WrongFormat("wrong row", line=line, field="row", found=raw, expected=f"{len(HEADINGS)} columns")
        reference, decision, reading, day = cells
        moment, value = local_moment(f"{day} 00:00"), plain_number(reading)
        if not reference:
            raise WrongFormat("no reference", line=line, field="reference", found=reference, expected="a reference")
        if decision not in DECISIONS:
            expected = ", ".join(DECISIONS)
            raise WrongFormat("no decision", line=line, field="decision", found=decision, expected=expected)
        if (reading and value is None) or moment is None:
            field = "decided_on" if moment is None else "reading"
            raise WrongFormat("no value", line=line, field=field, found=raw, expected="a reading and a date")
        found.append(Clearance(reference, decision, value, moment.date()))
    return found


def write_clearances(clearances: Iterable[Clearance]) -> bytes:
    """The file of decisions."""
    return file_of(HEADINGS, [
        (each.reference, each.decision, "" if each.reading is None else f"{each.reading:f}",
         each.decided_on.isoformat())
        for each in clearances
    ])  # fmt: skip
