"""How a city's general ledger wants its journal: columns in their order, dates, amounts, line ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import yaml

#: What a column may hold. ``amount`` is signed, debits above zero; ``side`` is D or C beside ``absolute``.
VALUES = (
    "batch", "line", "date", "period", "fund", "account", "debit", "credit", "amount", "absolute", "side",
    "description", "fixed",
)  # fmt: skip
_DATES = {"YYYY-MM-DD": "%Y-%m-%d", "MM/DD/YYYY": "%m/%d/%Y", "YYYYMMDD": "%Y%m%d", "MMDDYY": "%m%d%y"}
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_ENDS = {"crlf": "\r\n", "lf": "\n"}
_FIELDS = {"delimiter", "header", "line_end", "date_format", "batch", "columns"}


class WrongProfile(ValueError):
    """A profile that cannot be read: says where and what was expected."""


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """One column: its heading, what it holds, and the text of a fixed one."""

    heading: str
    holds: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """The file's layout. ``batch`` is a text in which {year}, {month} and {period} are filled in."""

    delimiter: str
    header: bool
    line_end: Literal["\r\n", "\n"]
    date_format: str
    batch: str
    columns: tuple[ColumnOf, ...]

    def day(self, on: date) -> str:
        """A day as the file writes it."""
        return on.strftime(_DATES[self.date_format])

    def day_of(self, text: str) -> date | None:
        """A day as the file writes it, read; None when it is anything else."""
        try:
            return datetime.strptime(text, _DATES[self.date_format]).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            return None

    def batch_of(self, period: str) -> str:
        """The batch's name for a month like 2026-07."""
        return self.batch.format(year=period[:4], month=period[5:], period=period)


def parse_profile(found: object) -> Profile:
    """A profile out of its mapping. Raises `WrongProfile`."""
    if not isinstance(found, Mapping) or set(found) != _FIELDS:
        raise WrongProfile(f"file: expected exactly {', '.join(sorted(_FIELDS))}")
    for name, known in (("delimiter", _DELIMITERS), ("line_end", _ENDS), ("date_format", _DATES)):
        if found[name] not in known:
            raise WrongProfile(f"file.{name}: found {found[name]!r}, expected one of {', '.join(known)}")
    if not isinstance(found["header"], bool) or not isinstance(found["batch"], str) or not found["batch"]:
        raise WrongProfile("file: header is true or false, batch a text")
    try:
        found["batch"].format(year="", month="", period="")
    except (KeyError, IndexError, ValueError) as error:
        raise WrongProfile("file.batch: only {year}, {month} and {period} are filled in") from error
    columns = found["columns"]
    if not isinstance(columns, list) or not columns:
        raise WrongProfile("file.columns: expected a list with at least one column")
    made = tuple(_column(one, f"file.columns[{at}]") for at, one in enumerate(columns))
    held = {one.holds for one in made}
    whole = {"debit", "credit"} <= held or "amount" in held or {"absolute", "side"} <= held
    if not whole or not {"account", "fund"} <= held:
        raise WrongProfile("file.columns: expected fund, account and debit and credit, or amount, or absolute and side")
    return Profile(
        _DELIMITERS[found["delimiter"]], found["header"], "\r\n" if found["line_end"] == "crlf" else "\n",
        found["date_format"], found["batch"], made,
    )  # fmt: skip


def _column(found: object, where: str) -> ColumnOf:
    expected = {"heading", "value"} if not isinstance(found, dict) or found.get("value") != "fixed" else None
    wanted = expected or {"heading", "value", "text"}
    if not isinstance(found, dict) or set(found) != wanted:
        raise WrongProfile(f"{where}: expected exactly {', '.join(sorted(wanted))}")
    if found["value"] not in VALUES:
        raise WrongProfile(f"{where}.value: found {found['value']!r}, expected one of {', '.join(VALUES)}")
    return ColumnOf(str(found["heading"]), found["value"], str(found.get("text", "")))


def profile_text(text: str) -> Profile:
    """A profile out of YAML: itself, or under ``file`` of a policy `gl-journal`. Raises `WrongProfile`."""
    try:
        found: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise WrongProfile(f"not YAML: {error}") from error
    return parse_profile(found.get("file", found) if isinstance(found, dict) else found)


#: What is written where a city says nothing else.
DEFAULT = Profile(
    ",", True, "\n", "YYYY-MM-DD", "UB-{period}",
    tuple(
        ColumnOf(name, name)
        for name in ("batch", "line", "date", "fund", "account", "debit", "credit", "description")
    ),
)  # fmt: skip
