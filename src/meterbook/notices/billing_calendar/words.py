"""The fixed words of the printed calendar and of its feed. English here; Spanish in ``locale/es.po``, kept complete."""

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

from meterbook.engine.billing.calendar.words import HOLIDAYS, TITLE
from meterbook.engine.trace import N_

LANGUAGES = ("en", "es")
_LOCALE = Path(__file__).parent / "locale"
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
