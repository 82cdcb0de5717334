"""The words of a quote for a connection. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Quote for a connection"),
    "number": N_("Quote {number}"),
    "about": N_("{what} at {address}, parcel {parcel}"),
    "permit": N_("Permit {permit}."),
    "greeting": N_("Dear {name},"),
    "lead": N_(
        "This is what the connection costs. The price holds until {day}; after that day ask us for another quote."
    ),
    "for": N_("For"),
    "quantity": N_("Quantity"),
    "price": N_("Price"),
    "amount": N_("Amount"),
    "total": N_("Total"),
    "accept": N_("To accept, tell us the number of this quote. We then order the work and charge your account."),
    "questions": N_("Questions? {phone}, {email}."),
}


@cache
def words(language: str) -> dict[str, str]:
    """Every word in a language; raises ``KeyError`` for an unknown one."""
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())
