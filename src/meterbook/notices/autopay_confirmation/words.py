"""The words of the autopay confirmation. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Your bills are paid automatically"),
    "account": N_("Account {number}"),
    "greeting": N_("Dear {name},"),
    "thanks": N_("You agreed that we draw your utility bills from your bank account. This is your copy."),
    "begins": N_("The first draft can be on {day}: your bank is asked about the account first."),
    "after_prenote": N_("Before the first draft your bank is asked about the account; that takes some days."),
    "until": N_("Please go on paying until a bill says that it will be drawn."),
    "what": N_("What"),
    "agreed": N_("Agreed"),
    "by": N_("Who agreed"),
    "how": N_("How and when"),
    "bank": N_("From"),
    "when": N_("Drawn"),
    "limit": N_("Not more than"),
    "on_due": N_("on the due date of each bill"),
    "on_day": N_("on day {day} of the month, not after the due date"),
    "paper": N_("on paper"),
    "web": N_("on the web"),
    "phone": N_("by phone"),
    "checking": N_("checking account"),
    "savings": N_("savings account"),
    "revoke": N_("To change your mind, tell us three banking days before a draft: {phone}, {email}."),
    "rule": N_("The rule: {citation}"),
}


@cache
def words(language: str) -> dict[str, str]:
    """Every word of the letter in a language; raises ``KeyError`` for an unknown one.

    >>> words("es")["bank"]
    'Desde'
    """
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())
