"""Why a bill changed, as a page prints it: strings ready to be set, in one language."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """One part of the difference: a sentence without its amount said twice, and the amount."""

    says: str
    amount: str


@dataclass(frozen=True, slots=True)
class ChangeDocument:
    """What is printed: the utility, both bills, the difference and its parts, the largest first."""

    language: str
    title: str
    utility: str
    department: str
    customer: str
    account: str
    lead: str
    heads: tuple[str, str]
    parts: list[PrintedPart]
    total: PrintedPart
    sums: list[PrintedPart]
    order: str
    questions: str
    page: str
    date: tuple[int, int, int]

    def data(self) -> dict[str, Any]:
        """The document as plain values, for the template."""
        return asdict(self)


def sample_document(name: str = "summer") -> ChangeDocument:
    """An invented household's change, for tests and a first look.

    >>> sample_document().title
    'Why your bill changed'
    """
    told = json.loads((_SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    parts = {key: [PrintedPart(**each) for each in told[key]] for key in ("parts", "sums")}
    fixed = {"heads": tuple(told["heads"]), "date": tuple(told["date"]), "total": PrintedPart(**told["total"])}
    return ChangeDocument(**told | parts | fixed)
