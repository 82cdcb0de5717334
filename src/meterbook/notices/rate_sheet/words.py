"""The fixed words of a rate sheet. English stands here; Spanish is in ``locale/es.po``, complete by a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import Translate, translator_of

_FOLDER = Path(__file__).parent

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


def translator(language: str) -> Translate:
    """The function that turns the English words into a language; raises ``KeyError`` for an unknown one."""
    return translator_of(_FOLDER, language)


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
