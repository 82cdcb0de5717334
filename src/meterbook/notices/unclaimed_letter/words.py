"""The words of the letter to the owner of unclaimed money. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Money that is yours"),
    "account": N_("Account {number}"),
    "greeting": N_("Dear {name},"),
    "holds": N_("{utility} holds {amount} that belongs to you. We could not reach you."),
    "answer": N_("Please answer by {day}: call, write or come by, and we send it to you."),
    "what": N_("What"),
    "since": N_("Since"),
    "amount": N_("Amount"),
    "uncashed": N_("A refund that was never cashed"),
    "credit": N_("A credit of your closed account"),
    "how": N_(
        "To claim it, tell us your name, your address and the account, with something that shows who you are:"
        " {phone}, {email}."
    ),
    "published": N_("If nobody claims it, it is published in a newspaper and then becomes the property of the city."),
    "unpublished": N_("If nobody claims it, it becomes the property of the city without further notice."),
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
