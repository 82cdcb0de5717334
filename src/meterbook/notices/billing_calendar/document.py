"""A cycle's year as a page prints it: strings ready to be set, in one language."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """One date: its weekday in small, the day, and a mark if it was set by hand."""

    weekday: str
    day: str
    mark: str


@dataclass(frozen=True, slots=True)
class PrintedPeriod:
    """One billing period: its month and a day for each column; nothing where it has no such date."""

    month: str
    days: list[PrintedDay | None]


@dataclass(frozen=True, slots=True)
class PrintedCycle:
    """One page: a cycle's year, how it stands (published when, or a proposal), and what is said below it."""

    heading: str
    state: str
    heads: list[str]
    periods: list[PrintedPeriod]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class CalendarDocument:
    """What is printed: the utility, the language, and a page a cycle."""

    language: str
    title: str
    utility: str
    department: str
    period_head: str
    questions: str
    page: str
    date: tuple[int, int, int]
    cycles: list[PrintedCycle]

    def data(self) -> dict[str, Any]:
        """The document as plain values, for the template."""
        return asdict(self)


def sample_document(name: str = "two_cycles") -> CalendarDocument:
    """A calendar of an invented city, for tests and a first look.

    >>> sample_document().cycles[0].heading
    'Cycle C1, 2026'
    """
    told = json.loads((_SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return CalendarDocument(**told | {"cycles": [_cycle(each) for each in told["cycles"]]})


def _cycle(told: dict[str, Any]) -> PrintedCycle:
    periods = [
        PrintedPeriod(each["month"], [PrintedDay(**day) if day else None for day in each["days"]])
        for each in told["periods"]
    ]
    return PrintedCycle(**told | {"periods": periods})
