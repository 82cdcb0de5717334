"""The words of the letter that answers a complaint. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Our answer"),
    "account": N_("Account {number}"),
    "about": N_("Case {id}: {what}"),
    "greeting": N_("Dear {name},"),
    "told": N_("On {day} you told us:"),
    "found": N_("What we found:"),
    "upheld": N_("You disputed {amount}. You are right; it is taken off your account."),
    "partly": N_("You disputed {amount}. You are right about {upheld}, which is taken off your account."),
    "rejected": N_("You disputed {amount}. The charges stand."),
    "due": N_("Please pay what stands by {day}. Until then nothing is done about it."),
    "appeal": N_("If you do not agree, you may appeal until {day}: call us, write, or come in."),
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
