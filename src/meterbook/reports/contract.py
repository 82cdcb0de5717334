"""What a report is: parameters in, typed rows out, every figure with the place it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.functional import Promise

Row = dict[str, Any]
Words = str | Promise
Kind = Literal["text", "code", "count", "quantity", "number", "money", "date", "words", "status", "flag"]
Origin = Literal[
    "", "meter", "account", "premise", "exception", "batch", "route", "field_request", "photo",
    "missing", "questions", "detail", "bill", "service_order",
]  # fmt: skip
Area = Literal["reads", "usage", "meters", "billing"]

AREAS: tuple[Area, ...] = ("reads", "usage", "meters", "billing")


class WrongParameter(ValueError):
    """A parameter that cannot be read; names it, what was found and what was expected."""

    def __init__(self, name: str, found: str, expected: Words) -> None:
        self.name, self.found, self.expected = name, found, expected
        super().__init__(f"{name}: found {found!r}, expected {expected}")


class CannotReport(ValueError):
    """What the report rests on is not on record; the message says what to do about it, in the reader's words."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing a report is asked by.

    ``kind``: ``day`` (ISO on the command line), ``cycle``, ``route``, ``account``, ``point``, ``meter`` and ``text``
    are codes as people know them (empty: all), ``run`` the number of a bill run, ``count`` a whole number from
    ``least`` up, ``choice`` one of ``choices``. ``default`` makes the value where nothing is said, from
    the business date.
    """

    name: str
    title: Words
    kind: Literal["day", "cycle", "route", "account", "point", "meter", "text", "count", "choice", "run"]
    default: Callable[[date], Any] | None = None
    choices: Mapping[str, Words] | None = None
    least: int = 0
    help: Words = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report; ``quantity`` is integer millionths, ``number`` a Decimal, ``count`` a whole number,
    ``money`` whole cents.

    ``vocabulary`` names the words of a coded value. ``origin`` with the row's value under ``origin_key`` is where the
    figure comes from. ``filter``: ``text`` (contains) or ``choice`` (one of ``choices``). Only columns of one unit have
    a ``total``. A ``spare`` column is left out on a phone.
    """

    key: str
    title: Words
    kind: Kind = "text"
    vocabulary: str = ""
    filter: Literal["", "text", "choice"] = ""
    choices: Sequence[str] = ()
    total: bool = False
    spare: bool = False
    origin: Origin = ""
    origin_key: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one run, read and complete, and the business date it is run on."""

    today: date
    values: Mapping[str, Any]

    def day(self, name: str) -> date:
        """A day asked by."""
        found = self.values[name]
        assert isinstance(found, date)
        return found

    def text(self, name: str) -> str:
        """A code or a choice; empty: all."""
        return str(self.values[name])

    def count(self, name: str) -> int:
        """A whole number."""
        return int(self.values[name])


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its words, what it is asked by, its columns, and its rows in their first order.

    ``rows`` asks the database set-wise and returns rows with the columns' keys and the origins' keys; it may raise
    `WrongParameter` or `CannotReport`. ``columns`` may depend on what is asked. ``keep`` makes what is kept of it with
    a posted bill run (a `BillRun` in, a `Kept` out), where the report is one of those; ``notes`` is what stands with
    the rows beside what was asked, as pairs of words.
    """

    name: str
    title: Words
    says: Words
    area: Area
    parameters: tuple[Parameter, ...]
    columns: Callable[[Asked], tuple[Column, ...]]
    rows: Callable[[Asked], list[Row]]
    empty: Words
    keep: Callable[[Any], Any] | None = None
    notes: Callable[[Asked], list[tuple[str, str]]] | None = None
