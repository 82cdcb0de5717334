"""The words of the payment agreement. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Your payment agreement"),
    "account": N_("Account {number}"),
    "greeting": N_("Dear {name},"),
    "what": N_("On {day} we agreed that you pay the {amount} you owe in these parts:"),
    "current": N_(
        "Please pay each new bill by its due date as well. A payment settles the new bill first, then the plan."
    ),
    "part": N_("Part"),
    "due": N_("Due"),
    "amount": N_("Amount"),
    "down": N_("Down payment"),
    "number": N_("Part {number}"),
    "total": N_("In all"),
    "missed": N_(
        "A part counts as missed if it is not paid within {days} days of its date. The whole of what is open is then "
        "due."
    ),
    "call": N_("If you cannot pay a part, call us before its date: {phone}, {email}."),
    "sign": N_("Agreed: ______________________________    Date: ______________"),
    "rule": N_("The rule: {citation}"),
}  # fmt: skip


@cache
def words(language: str) -> dict[str, str]:
    """Every word of the letter in a language; raises ``KeyError`` for an unknown one.

    >>> words("es")["due"]
    'Vence'
    """
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())
