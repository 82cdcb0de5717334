"""The words of the winter average letter. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
_LOCALES = {"en": "en_US", "es": "es_US"}

WORDS = {
    "title": N_("Your sewer charge from {day}"),
    "account": N_("Account {number}"),
    "greeting": N_("Dear {name},"),
    "lead": N_(
        "Sewer use is not metered. Your home's sewer charge follows the water you used last winter, when none of it "
        "goes on gardens. From {day} it is billed by {quantity} ccf a month."
    ),
    "average": N_("This is the average of {periods} winter readings of your water meter."),
    "default": N_(
        "We have fewer winter readings of yours than the rules ask for, so your charge follows the quantity set for "
        "such homes."
    ),
    "capped": N_("Your winter readings make more than the limit of the rules; the limit counts."),
    "override": N_("The quantity was set after we looked at your case with you."),
    "estimated": N_("{count} of the readings were estimated. If you think they are wrong, please tell us."),
    "before": N_("Before"),
    "after": N_("From {day}"),
    "quantity": N_("Billed by, ccf a month"),
    "charge": N_("Sewer charge of a normal period, $"),
    "address": N_("Service at {address}"),
    "question": N_(
        "If something unusual raised your winter water use (a leak, a filled pool, guests), ask us to look at it "
        "again: {phone}, {email}."
    ),
    "rule": N_("The rule: {citation}"),
    "page": N_("Page {page} of {pages}"),
}


@cache
def words(language: str) -> dict[str, str]:
    """Every word of the letter in a language; raises ``KeyError`` for an unknown one.

    >>> words("es")["before"]
    'Antes'
    """
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())


def long_day(value: date, language: str) -> str:
    """A date in full words: July 6, 2026."""
    return str(format_date(value, "long", locale=_LOCALES[language]))
