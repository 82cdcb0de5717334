"""The words of work sheets. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "list": N_("The day's orders"),
    "list_about": N_("{count} orders, {minutes} minutes as planned"),
    "crew": N_("Crew {code}"),
    "stop": N_("Stop"),
    "what": N_("What"),
    "where": N_("Where"),
    "minutes": N_("Minutes"),
    "title": N_("Work sheet"),
    "order": N_("Order {number}"),
    "about": N_("{what} at {where}"),
    "emergency": N_("Emergency: first of all."),
    "lead": N_("Fill in at the place and hand in the same day."),
    "field": N_("What"),
    "value": N_("On record or found"),
    "due": N_("Due"),
    "account": N_("Account"),
    "point": N_("Service point"),
    "route": N_("Route and sequence"),
    "location": N_("Where the meter is"),
    "meter": N_("Meter on record"),
    "registers": N_("Digits and multiplier"),
    "last": N_("Last read"),
    "seals": N_("Seals and locks on"),
    "wish": N_("Asked for"),
    "danger": N_("Beware of"),
    "found": N_("Meter found there"),
    "read": N_("Read"),
    "hung": N_("Meter hung, its first read"),
    "sealed": N_("Seal on, seal off"),
    "parts": N_("Parts"),
    "unable": N_("Could not be done, why"),
    "signed": N_("Signed by"),
    "worker": N_("Worker, date, time"),
}


@cache
def words(language: str) -> dict[str, str]:
    """Every word in a language; raises ``KeyError`` for an unknown one."""
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())
