"""Columns of a table, and how one value becomes a cell on the screen and in a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from meterbook.web.kit import figures, words

Row = dict[str, Any]
Kind = Literal[
    "text", "code", "money", "count", "quantity", "number", "date", "moment", "words", "status", "age", "flag"
]
RIGHT = frozenset({"money", "count", "quantity", "number", "age"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value comes from, how it reads, whether it sorts, filters and totals.

    ``key`` is the key of the row; ``source`` the ORM path behind it, where that differs. ``filter`` is ``text``
    (contains) or ``choice`` (one of ``choices``). ``vocabulary`` names the words of a coded value. A ``spare``
    column is left out on a phone.
    """

    key: str
    title: str | Promise
    kind: Kind = "text"
    source: str = ""
    sort: bool = True
    filter: Literal["", "text", "choice"] = ""
    choices: Sequence[str] = ()
    vocabulary: str = ""
    total: bool = False
    spare: bool = False
    href: Callable[[Row], str] | None = None

    @property
    def path(self) -> str:
        """The ORM path sorted and filtered by."""
        return self.source or self.key

    @property
    def right(self) -> bool:
        """Whether its values stand at the right edge."""
        return self.kind in RIGHT

    @property
    def options(self) -> list[tuple[str, str]]:
        """The choices of its filter, with their words."""
        return [(code, words.say(self.vocabulary, code) if self.vocabulary else code) for code in self.choices]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value, ready to be shown."""

    column: Column
    shown: str | SafeString
    href: str = ""


def shown(column: Column, value: Any) -> str | SafeString:
    """A value in the reader's language."""
    if value is None:
        return ""
    match column.kind:
        case "money":
            return figures.amount(value)
        case "count":
            return figures.count(value)
        case "quantity":
            return figures.quantity(value)
        case "number":
            return figures.decimal_number(Decimal(value))
        case "date":
            return figures.day(value)
        case "moment":
            return figures.moment(value)
        case "age":
            return words.days_old(value)
        case "flag":
            return gettext("Yes") if value else ""
        case "words":
            return words.say(column.vocabulary, value)
        case "status":
            state = words.STATE.get(value, "off")
            return format_html('<span class="state {}">{}</span>', state, words.say(column.vocabulary, value))
        case _:
            return str(value)


def plain(column: Column, value: Any) -> str:
    """A value as a spreadsheet reads it; text never starts a formula."""
    if value is None:
        return ""
    if column.kind == "money":
        return figures.plain_amount(value)
    if column.kind == "quantity":
        return str(Decimal(value).scaleb(-6).normalize().__format__("f"))
    if column.kind in ("count", "number", "age"):
        return str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    text = words.say(column.vocabulary, value) if column.kind in ("words", "status") else str(shown(column, value))
    return unformula(text)


def number_format(column: Column) -> str:
    """How a spreadsheet shows the column's values; plain text where it holds no numbers or days."""
    match column.kind:
        case "money":
            return "#,##0.00"
        case "count" | "age":
            return "#,##0"
        case "quantity" | "number":
            return "#,##0.######"
        case "date":
            return "yyyy-mm-dd"
        case _:
            return "@"


def unformula(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> unformula("=1+1"), unformula("Ana")
    ("'=1+1", 'Ana')
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
