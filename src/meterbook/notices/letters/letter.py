"""A letter as values: who it is to, what it says, a table of figures, what to do, the rule it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date

from meterbook.engine.money import dollars
from meterbook.notices.typesetting import typeset
from meterbook.records.platform.queries import utility

_FOLDER = Path(__file__).parent
_LOCALES = {"en": "en_US", "es": "es_US"}
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, every string in its language. ``rows`` have as many cells as ``heads``; the first is text.

    ``about`` stands small under the title, ``strong_last`` prints the last row bold, ``closing`` follows the table and
    ``rule`` stands small at the end.
    """

    language: str
    title: str
    utility: str
    department: str
    date: str
    stated: tuple[int, int, int]
    account: str
    mail: Sequence[str]
    about: str
    greeting: str
    said: Sequence[str]
    heads: Sequence[str] = field(default_factory=tuple)
    rows: Sequence[Sequence[str]] = field(default_factory=tuple)
    strong_last: bool = False
    closing: Sequence[str] = field(default_factory=tuple)
    rule: str = ""


def to_holder(whose: Any, *, language: str, on: date, **said: Any) -> Letter:
    """A letter to an account's holder at its mailing address, from the utility, stated on a day.

    ``whose`` is a `customers.Account`; ``said`` are the remaining fields of `Letter`.
    """
    house = utility()
    return Letter(
        language=language, utility=house.name, department=house.department, date=long_day(on, language),
        stated=(on.year, on.month, on.day), mail=[whose.holder.name, *whose.mail_lines], **said,
    )  # fmt: skip


def set_letters(letters: Sequence[Letter]) -> bytes:
    """Letters, a page each, in one file. Raises `NotSet`, and `ValueError` for no letter at all."""
    if not letters:
        raise ValueError("there is no letter to set")
    return typeset(_FOLDER, [asdict(letter) for letter in letters])


def money(cents: int) -> str:
    """Cents as dollars, the minus sign first.

    >>> money(-123456)
    '−$1,234.56'
    """
    return f"{_MINUS if cents < 0 else ''}${dollars(abs(cents)):,.2f}"


def long_day(value: date, language: str) -> str:
    """A date in full words.

    >>> long_day(date(2026, 7, 6), "en"), long_day(date(2026, 7, 6), "es")
    ('July 6, 2026', '6 de julio de 2026')
    """
    return str(format_date(value, "long", locale=_LOCALES[language]))
