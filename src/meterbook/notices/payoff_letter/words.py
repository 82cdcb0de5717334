"""The words of the payoff letter. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Payoff statement"),
    "account": N_("Account {number}"),
    "place": N_("{address}, parcel {parcel}"),
    "greeting": N_("To whom it may concern:"),
    "said": N_("This is what pays the utility account off through {day}."),
    "what": N_("For"),
    "amount": N_("Amount"),
    "owed": N_("{service}, billed and owed"),
    "used": N_("{service}, {days} days used and not billed yet (estimated)"),
    "total": N_("Pays it off through {day}"),
    "a_day": N_("Each day after {day} adds about {amount}, until the final bill."),
    "not_estimated": N_("A service that was never billed yet is not in the estimate."),
    "deposits": N_("We hold a deposit of {amount}; it goes on the final bill and is not taken off above."),
    "no_deposits": N_("We hold no deposit."),
    "plan": N_("A payment agreement stands; {amount} of it is still open and is in the amounts above."),
    "no_plan": N_("No payment agreement stands."),
    "liens": N_("Liens of ours against the parcel: none on record."),
    "final": N_("The final bill after the closing read counts; this estimate binds neither side."),
    "contact": N_("Questions: {phone}, {email}."),
    "water": N_("Water"), "sewer": N_("Sewer"), "refuse": N_("Refuse"), "electricity": N_("Electricity"),
    "stormwater": N_("Stormwater"), "street_lights": N_("Street lights"), "": N_("Credits not applied"),
}  # fmt: skip


@cache
def words(language: str) -> dict[str, str]:
    """Every word of the letter in a language; raises ``KeyError`` for an unknown one.

    >>> words("es")["water"]
    'Agua'
    """
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())
