"""The words of a meter set sheet. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Meter set sheet"),
    "order": N_("Order {number}"),
    "about": N_("{service} at {address}"),
    "electricity": N_("Electricity"),
    "water": N_("Water"),
    "sewer": N_("Sewer"),
    "": N_("Service"),
    "lead": N_("Fill in every line at the place. Hand the sheet in with the old and the new seal."),
    "field": N_("What"),
    "value": N_("On record or found"),
    "address": N_("Service address"),
    "parcel": N_("Parcel"),
    "permit": N_("Permit"),
    "quote": N_("Quote"),
    "fees": N_("Fees"),
    "fees_open": N_("{amount} not paid yet"),
    "fees_none": N_("None open"),
    "point": N_("Service point"),
    "route": N_("Route and sequence"),
    "size": N_("Size"),
    "type": N_("Type"),
    "serial": N_("Serial number"),
    "dials": N_("Dials"),
    "multiplier": N_("Multiplier"),
    "start": N_("Start read"),
    "seal": N_("Seal"),
    "location": N_("Location, with a sketch on the back"),
    "tested": N_("Tested on"),
    "installer": N_("Installer and date"),
}


@cache
def words(language: str) -> dict[str, str]:
    """Every word in a language; raises ``KeyError`` for an unknown one."""
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())
