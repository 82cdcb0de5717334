"""The words of the statement of account. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Statement of account"),
    "account": N_("Account {number}"),
    "about": N_("{since} to {until}"),
    "greeting": N_("Dear {name},"),
    "said": N_("This is what was charged to your account and what you paid, by the day it took effect."),
    "day": N_("Day"),
    "what": N_("What"),
    "amount": N_("Amount"),
    "balance": N_("Balance"),
    "opening": N_("Owed before"),
    "closing": N_("Owed on {day}"),
    "past_due": N_("Past due on {day}: {late}."),
    "aged": N_("1 to 30 days {b1}, 31 to 60 days {b2}, 61 to 90 days {b3}, more than 90 days {b4}."),
    "in_credit": N_("You are {credit} in credit; it pays what comes next."),
    "questions": N_("Questions: {phone}, {email}."),
}
KINDS = {
    "bill": N_("Bill {number}"),
    "payment": N_("Payment, thank you"),
    "placement": N_("Payment moved"),
    "reversal": N_("Payment taken back"),
    "adjustment": N_("Adjustment"),
    "deposit": N_("Deposit"),
    "settlement": N_("Level pay settled"),
    "transfer": N_("Transfer between accounts"),
    "refund": N_("Refund"),
    "fee": N_("Fee"),
    "return_fee": N_("Returned payment fee"),
    "interest": N_("Interest on a deposit"),
    "install": N_("Deposit asked for"),
    "penalty": N_("Late payment penalty"),
    "write_off": N_("Written off"),
    "unclaimed": N_("Unclaimed money"),
    "": N_("Other"),
}


@cache
def words(language: str) -> dict[str, str]:
    """Every word of the statement in a language; raises ``KeyError`` for an unknown one.

    >>> words("es")["balance"]
    'Saldo'
    """
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in {**WORDS, **{f"kind:{k}": w for k, w in KINDS.items()}}.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return [*WORDS.values(), *KINDS.values()]
