"""The words of a receipt. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent

WORDS = {
    "title": N_("Receipt {number}"),
    "void": N_("VOIDED: this receipt is not valid"),
    "payment": N_("Bill, account {account}"),
    "deposit": N_("Deposit, account {account}"),
    "total": N_("Paid"),
    "cash": N_("Cash"),
    "check": N_("Check {reference}"),
    "money_order": N_("Money order {reference}"),
    "card": N_("Card, confirmation {reference}"),
    "change": N_("Change"),
    "served": N_("{station}, {cashier}"),
    "what": N_("For"),
    "amount": N_("Amount, $"),
    "thanks": N_("Thank you. Keep this receipt: it is your proof of payment."),
    "question": N_("Questions: {phone}"),
}


@cache
def words(language: str) -> dict[str, str]:
    """Every word of the receipt in a language; raises ``KeyError`` for an unknown one.

    >>> words("es")["change"]
    'Cambio'
    """
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())
