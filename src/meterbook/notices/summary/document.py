"""A summary as strings ready to be set, in one language."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One member's bill: account, holder and address, services and days, and its amounts."""

    account: str
    bill: str
    holder: str
    address: str
    services: str
    days: str
    before: str
    current: str
    due: str


@dataclass(frozen=True, slots=True)
class SummaryDocument:
    """What is printed. ``facts`` are pairs of a name and a value."""

    language: str
    title: str
    heading: str
    utility: str
    department: str
    sender: list[str]
    remit: list[str]
    to: list[str]
    facts: list[tuple[str, str]]
    due_head: str
    due: str
    due_by: str
    lead: str
    heads: list[str]
    rows: list[Row]
    totals: tuple[str, str, str, str]
    notes: list[str]
    questions: str
    page: str
    date: tuple[int, int, int]

    def data(self) -> dict[str, Any]:
        """The document as plain values, for the template."""
        return asdict(self)
