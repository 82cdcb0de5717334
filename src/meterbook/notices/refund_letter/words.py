"""The words of the letter that goes with a refund. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Your refund"),
    "account": N_("Account {number}"),
    "greeting": N_("Dear {name},"),
    "by_check": N_("We owe you {amount}. A check {number} is on its way to the address above."),
    "by_ach": N_("We owe you {amount}. It goes to the bank account you gave us {number}."),
    "by_transfer": N_("On {day} we moved {amount} to your account {account}."),
    "by_account": N_("On {day} we credited {amount} to your account."),
    "number": N_("(number {number})"),
    "for": N_("For"),
    "amount": N_("Amount"),
    "total": N_("Refund"),
    "credit": N_("Credit on your account"),
    "deposit": N_("Your deposit"),
    "rebate": N_("Your rebate"),
    "unclaimed": N_("Money you claimed"),
    "other": N_("Other"),
    "cash_it": N_(
        "Please cash the check within {days} days. If it does not arrive, call us: we stop it and send another."
    ),
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
