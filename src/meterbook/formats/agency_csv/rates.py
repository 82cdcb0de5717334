"""`agency-rates`: what an agency charges, by schedule, component and tier, from a day on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.formats.agency_csv.rows import file_of, plain, rows_of
from meterbook.formats.contract import WrongFormat

HEADINGS = ("schedule", "component", "tier", "effective", "price", "unit")


@dataclass(frozen=True, slots=True)
class RateRow:
    """One price in dollars per unit; ``tier`` 0 where there are none."""

    schedule: str
    component: str
    tier: int
    effective: date
    price: Decimal
    unit: str
    line: int = 0


def parse_rates(data: bytes) -> list[RateRow]:
    """The rows of a file. Raises `WrongFormat`."""
    made = []
    for row in rows_of(data, HEADINGS):
        tier, price = row.text("tier", needed=False) or "0", row.number("price")
        if not (tier.isascii() and tier.isdigit() and len(tier) < 3):
            raise WrongFormat("wrong tier", line=row.line, field="tier", found=tier, expected="a number, or nothing")
        if price is None:
            raise WrongFormat("no price", line=row.line, field="price", found="", expected="dollars like 3.84")
        schedule, component = row.text("schedule"), row.text("component")
        made.append(RateRow(schedule, component, int(tier), row.day("effective"), price, row.text("unit"), row.line))
    return made


def write_rates(rows: Iterable[RateRow]) -> bytes:
    """The file of these rows."""
    return file_of(HEADINGS, (
        (
            row.schedule, row.component, str(row.tier or ""), row.effective.isoformat(), plain(row.price), row.unit,
        )
        for row in rows
    ))  # fmt: skip
