"""Rates as a sheet prints them: strings ready to be set, in one language."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_SAMPLES = Path(__file__).parent / "samples"


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


def sample_document(name: str = "residential_water") -> SheetDocument:
    """A sheet of an invented city, for tests and a first look.

    >>> sample_document().sheets[0].code
    'W-RES'
    """
    told = json.loads((_SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    sheets = [
        PrintedSheet(**sheet | {"versions": [_version(version) for version in sheet["versions"]]})
        for sheet in told["sheets"]
    ]
    return SheetDocument(**told | {"sheets": sheets})


def _version(told: dict[str, Any]) -> PrintedVersion:
    charges = [
        PrintedCharge(**charge | {"rates": [PrintedRate(**rate) for rate in charge["rates"]]})
        for charge in told["charges"]
    ]
    return PrintedVersion(**told | {"charges": charges})
