"""Rates as a sheet prints them: strings ready to be set, in one language."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PrintedRate:
    """One row: what for, the rate with its sign, per what, and a note in small."""

    words: str
    rate: str
    per: str
    note: str


@dataclass(frozen=True, slots=True)
class PrintedCharge:
    """One charge: its printed label, what stands in small below it, and its rates."""

    label: str
    small: list[str]
    rates: list[PrintedRate]


@dataclass(frozen=True, slots=True)
class PrintedVersion:
    """One version: its heading, its citation, charges, and the rules below them."""

    heading: str
    mark: str
    citation: str
    charges: list[PrintedCharge]
    rules: list[str]
    values: list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """One schedule: title, who is eligible, a line on the document it stands in, and its versions, newest first."""

    code: str
    title: str
    eligibility: str
    released: str
    versions: list[PrintedVersion]


@dataclass(frozen=True, slots=True)
class SheetDocument:
    """What is printed: the utility, the day, the language, and the sheets; each begins a page unless it is a list."""

    language: str
    title: str
    utility: str
    department: str
    as_of: str
    questions: str
    page: str
    date: tuple[int, int, int]
    heads: list[str]
    values_head: str
    compact: bool
    sheets: list[PrintedSheet]

    def data(self) -> dict[str, Any]:
        """The document as plain values, for the template."""
        return asdict(self)
