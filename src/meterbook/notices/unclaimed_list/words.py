"""The words of the published list of unclaimed money. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Notice of unclaimed money"),
    "notice": N_("Public notice"),
    "twice": N_("To be published on {first} and {second}"),
    "held": N_("The money named below has lain unclaimed in the {fund}: {count} amounts, {total} in all."),
    "becomes": N_("It becomes the property of the city on {day} unless its owner claims it before that day."),
    "owner": N_("Owner"),
    "since": N_("Since"),
    "amount": N_("Amount"),
    "total": N_("Total"),
    "claim": N_("Who owns any of it files a claim with name, address, amount and grounds: {phone}, {email}."),
    "rule": N_("The rule: {citation}"),
}


@cache
def words(language: str) -> dict[str, str]:
    """Every word in a language; raises ``KeyError`` for an unknown one."""
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())
