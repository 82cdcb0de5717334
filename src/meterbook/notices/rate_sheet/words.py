"""The fixed words of a rate sheet. English stands here; Spanish is in ``locale/es.po``, complete by a test."""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from meterbook.engine.trace import N_

LANGUAGES = ("en", "es")
_LOCALE = Path(__file__).parent / "locale"

WORDS = {
    "title": N_("Rate schedule"),
    "list_title": N_("Rates in force"),
    "as_of": N_("As of {day}"),
    "from": N_("From {day}"),
    "from_until": N_("From {day} until {until}"),
    "in_force": N_("in force"),
    "version": N_("Version {version}"),
    "enacted": N_("Enacted by"),
    "adopted": N_("adopted {day}"),
    "charge": N_("Charge"),
    "for": N_("For"),
    "rate": N_("Rate"),
    "per": N_("Per"),
    "season": N_("Season: {season}"),
    "season_from": N_("{season}: {first} to {last}"),
    "no_rate": N_("has no rate of its own"),
    "condition": N_("Only if {condition}"),
    "values": N_("Values the formulas use"),
    "proration": N_(
        "A period of {low} to {high} days is charged as one normal period; any other by its days over {normal}."
    ),
    "questions": N_("Questions: {phone}, {email}, {website}"),
    "page": N_("Page {page} of {pages}"),
    "fingerprint": N_("Released {day}, text {sha}"),
}
PER = {
    "period": N_("billing period"),
    "month": N_("month"),
    "day": N_("day"),
    "year": N_("year"),
    "each": N_("each"),
    "lamp": N_("lamp"),
    "cart": N_("cart"),
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
    """Every fixed word of a sheet in a language, by its name.

    >>> words("es")["charge"]
    'Cargo'
    """
    return {name: translator(language)(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return [*WORDS.values(), *PER.values()]
