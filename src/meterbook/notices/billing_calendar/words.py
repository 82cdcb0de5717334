"""The fixed words of the printed calendar and of its feed. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date

from meterbook.engine.billing.calendar.words import HOLIDAYS, TITLE
from meterbook.engine.trace import N_
from meterbook.notices.translating import Translate, translator_of

_FOLDER = Path(__file__).parent
_LOCALES = {"en": "en_US", "es": "es_US"}

WORDS = {
    "title": N_("Billing calendar {year}"),
    "cycle": N_("Cycle {cycle}, {year}"),
    "period": N_("Period"),
    "published": N_("Published {day}, edition {number}"),
    "proposal": N_("Proposal of {day}, edition {number}: not published"),
    "by_hand": N_("* set by hand, within the minimums"),
    "policy": N_("Policy in force from {day}: {citation}"),
    "holidays": N_("Holidays: {days}."),
    "observed": N_("{holiday} (observed)"),
    "questions": N_("Questions: {phone}, {email}, {website}"),
    "page": N_("Page {page} of {pages}"),
    "summary": N_("{title}, cycle {cycle}"),
    "described": N_("Billing period {month}, cycle {cycle}."),
    "feed": N_("{utility}: billing calendar {year}"),
    "feed_cycle": N_("{utility}: billing calendar {year}, cycle {cycle}"),
}


def translator(language: str) -> Translate:
    """The function that turns the English words into a language; raises ``KeyError`` for an unknown one."""
    return translator_of(_FOLDER, language)


@cache
def words(language: str) -> dict[str, str]:
    """Every fixed word in a language, by its name.

    >>> words("es")["period"]
    'Período'
    """
    return {name: translator(language)(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return [*WORDS.values(), *TITLE.values(), *HOLIDAYS]


def long_day(value: date, language: str) -> str:
    """A date in full words: July 6, 2026."""
    return str(format_date(value, "long", locale=_LOCALES[language]))


def weekday(value: date, language: str, year: int) -> str:
    """A short weekday, Mon; for a day of another year than ``year`` with it: Mon 2027."""
    return str(format_date(value, "EEE" if value.year == year else "EEE y", locale=_LOCALES[language]))


def short_day(value: date, language: str) -> str:
    """A day of a year that is known: Jul 6."""
    return str(format_date(value, "MMM d" if language == "en" else "d MMM", locale=_LOCALES[language]))


def month(value: date, language: str) -> str:
    """A month with its year: July 2026."""
    return str(format_date(value, "LLLL y", locale=_LOCALES[language]))


def month_name(value: date, language: str) -> str:
    """A month: July."""
    return str(format_date(value, "LLLL", locale=_LOCALES[language]))
