"""What is wrong in some read files, planned: rows that are rejected, reads that are questioned or missing.

Every fault but the two told of residents (a missing read, a read with too many digits) is an extra row beside the
good ones, so that only those two bills are held.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from meterbook.demo.calendar import CURRENT, read_on

#: Written in place of an unreadable date, since writers refuse to write one; then replaced in the file's text.
STAND_IN, UNREADABLE = "1999-02-27", "2024-02-30"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One read as a head-end or a reader would report it; ``value`` in steps of the register."""

    serial: str
    word: str
    on: str
    steps: int
    dials: int
    decimals: int
    unit: str
    site: int
    address: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A planned wrong row: in which month's file of which cycle and commodity, and what the correction must name."""

    month: int
    cycle: str
    commodity: str
    sort: str
    field: str


#: Sorts of wrong rows, with the field the correction list names; '' where the row is a read of a known register, which
#: waits in the exception queue instead.
SORTS = {
    "unknown meter": "meter", "wrong unit": "unit", "too many digits": "", "earlier than installation": "date",
    "duplicate with another value": "", "bad date": "time",
}  # fmt: skip
_WHERE: dict[tuple[int, str, str], tuple[str, ...]] = {
    (1, "C1", "water"): ("unknown meter", "wrong unit", "bad date"),
    (3, "C2", "electricity"): ("too many digits", "duplicate with another value", "earlier than installation"),
    (14, "C4", "water"): ("duplicate with another value", "unknown meter"),
    (CURRENT, "C1", "electricity"): ("unknown meter", "wrong unit"),
    (CURRENT, "C2", "water"): ("earlier than installation", "bad date"),
    (CURRENT, "C3", "electricity"): ("duplicate with another value", "too many digits"),
}


def planned_faults() -> tuple[Fault, ...]:
    """Every extra wrong row of the 26 months."""
    return tuple(
        Fault(month, cycle, commodity, sort, SORTS[sort])
        for (month, cycle, commodity), sorts in _WHERE.items()
        for sort in sorts
    )


def with_faults(rows: list[ReadRow], *, month: int, cycle: str, commodity: str, read_day: int) -> list[ReadRow]:
    """The file's rows with its planned wrong rows placed after good ones, each on a meter of its own."""
    sorts = _WHERE.get((month, cycle, commodity), ())
    if len(rows) <= len(sorts):
        return rows
    found = list(rows)
    for at, sort in enumerate(sorts):
        good = rows[(at + 1) * len(rows) // (len(sorts) + 1)]
        found.insert(found.index(good) + 1, _spoiled(good, sort, month=month, read_day=read_day))
    return found


def _spoiled(good: ReadRow, sort: str, *, month: int, read_day: int) -> ReadRow:
    if sort == "unknown meter":
        return replace(good, serial=f"{good.serial[0]}-0999999")
    if sort == "wrong unit":
        return replace(good, unit="gal" if good.unit == "ccf" else "ccf")
    if sort == "too many digits":
        return too_long(good)
    if sort == "earlier than installation":
        return replace(good, on=(read_on(0, read_day) - timedelta(days=40)).isoformat())
    if sort == "bad date":
        return replace(good, on=STAND_IN)
    if sort == "duplicate with another value":
        return replace(good, steps=good.steps + 7 if good.steps < 10 ** (good.dials + good.decimals) - 8 else 3)
    raise ValueError(sort)


def too_long(good: ReadRow) -> ReadRow:
    """The read with one digit more than the register has."""
    return replace(good, steps=good.steps + 7 * 10 ** (good.dials + good.decimals))
