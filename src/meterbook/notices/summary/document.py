"""A summary as strings ready to be set, in one language."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_SAMPLES = Path(__file__).parent / "samples"


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


def sample_document(name: str = "school_district") -> SummaryDocument:
    """A summary of an invented district, for tests and a first look.

    >>> sample_document().due
    '$2,210.40'
    """
    told = json.loads((_SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return SummaryDocument(**told | {"rows": [Row(**row) for row in told["rows"]]})
