"""The fixed words of the page. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from babel.dates import format_date

from meterbook.engine.trace import N_
from meterbook.notices.translating import Translate, translator_of

_FOLDER = Path(__file__).parent
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


def translator(language: str) -> Translate:
    """The function that turns the English words into a language; raises ``KeyError`` for an unknown one."""
    return translator_of(_FOLDER, language)


def word(name: str, language: str, **values: str) -> str:
    """A fixed word with its values."""
    return translator(language)(WORDS[name]).format(**values)


def day(value: date, language: str) -> str:
    """A date as the language writes it."""
    return str(format_date(value, "long", locale=_LOCALES[language]))
