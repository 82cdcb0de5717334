"""The fixed words of the page. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from meterbook.engine.trace import N_

LANGUAGES = ("en", "es")
_LOCALE = Path(__file__).parent / "locale"
_LOCALES = {"en": "en_US", "es": "es_US"}

WORDS = {
    "title": N_("Why your bill changed"),
    "account": N_("Account {number}, bill {bill} of {day}"),
    "more": N_("This bill asks for {amount} more than {other}."),
    "less": N_("This bill asks for {amount} less than {other}."),
    "same": N_("This bill asks for the same amount as {other}."),
    "last": N_("the bill of {day}"),
    "year": N_("the bill of {day}, a year before"),
    "part": N_("What makes the difference"),
    "amount": N_("Difference"),
    "total": N_("Together"),
    "now": N_("Amount due on this bill"),
    "before": N_("Amount due on {other}"),
    "order": N_(
        "The parts are worked out in a fixed order: what you used, the days, the rates, the time of year, then what is "
        "on record about your service. Each is the difference that it alone makes, and together they are the whole."
    ),
    "questions": N_("Questions: {phone}, {email}, {website}"),
    "page": N_("Page {page} of {pages}"),
}
Translate = Callable[[str], str]


@cache
def translator(language: str) -> Translate:
    """The function that turns the English words into a language; raises ``KeyError`` for an unknown one."""
    if language not in LANGUAGES:
        raise KeyError(language)
    if language == "en":
        return str
    with (_LOCALE / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled).gettext


def word(name: str, language: str, **values: str) -> str:
    """A fixed word with its values."""
    return translator(language)(WORDS[name]).format(**values)


def day(value: date, language: str) -> str:
    """A date as the language writes it."""
    return str(format_date(value, "long", locale=_LOCALES[language]))
