"""`agency-accounts`: who is served, where, with what: the list a hauler or a treatment district works from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from meterbook.formats.agency_csv.rows import file_of, rows_of

HEADINGS = ("account", "name", "address", "service", "point", "schedule", "since", "until", "facts")


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One agreement: ``until`` (out) None while it lasts; ``facts`` like ``carts=2; cart_size=64``."""

    account: str
    name: str
    address: str
    service: str
    point: str
    schedule: str
    since: date
    until: date | None
    facts: str


def parse_accounts(data: bytes) -> list[AccountRow]:
    """The rows of a file. Raises `WrongFormat`."""
    return [
        AccountRow(
            row.text("account"), row.text("name"), row.text("address"), row.text("service"), row.text("point"),
            row.text("schedule"), row.day("since"), row.day("until") if row.text("until", needed=False) else None,
            row.text("facts", needed=False),
        )
        for row in rows_of(data, HEADINGS)
    ]  # fmt: skip


def write_accounts(rows: Iterable[AccountRow]) -> bytes:
    """The file of these rows."""
    return file_of(HEADINGS, (
        (
            row.account, row.name, row.address, row.service, row.point, row.schedule, row.since.isoformat(),
            row.until.isoformat() if row.until else "", row.facts,
        )
        for row in rows
    ))  # fmt: skip
