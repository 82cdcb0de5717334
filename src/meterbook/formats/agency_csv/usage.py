"""`agency-usage`: what accounts used or are charged by, and what was charged; the same file goes both ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.formats.agency_csv.rows import file_of, money, plain, rows_of
from meterbook.formats.contract import WrongFormat

HEADINGS = ("account", "service", "schedule", "from", "to", "usage", "unit", "winter_average", "charges")


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One account's service over half-open days; a figure that is not stated is None. ``charges_cents`` as billed."""

    account: str
    service: str
    schedule: str
    starts: date
    ends: date
    usage: Decimal | None
    unit: str
    winter_average: Decimal | None
    charges_cents: int | None
    line: int = 0


def parse_usage(data: bytes) -> list[UsageRow]:
    """The rows of a file. Raises `WrongFormat`."""
    made = []
    for row in rows_of(data, HEADINGS):
        starts, ends = row.day("from"), row.day("to")
        if ends <= starts:
            raise WrongFormat("no days", line=row.line, field="to", found=str(ends), expected=f"a day after {starts}")
        made.append(UsageRow(
            row.text("account"), row.text("service"), row.text("schedule", needed=False), starts, ends,
            row.number("usage"), row.text("unit", needed=False), row.number("winter_average"), row.cents("charges"),
            row.line,
        ))  # fmt: skip
    return made


def write_usage(rows: Iterable[UsageRow]) -> bytes:
    """The file of these rows."""
    return file_of(HEADINGS, (
        (
            row.account, row.service, row.schedule, row.starts.isoformat(), row.ends.isoformat(), plain(row.usage),
            row.unit, plain(row.winter_average), money(row.charges_cents),
        )
        for row in rows
    ))  # fmt: skip
