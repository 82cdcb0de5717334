"""The words of letters about deposits. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent

WORDS = {
    "account": N_("Account {number}"),
    "greeting": N_("Dear {name},"),
    "certificate_title": N_("Your deposit"),
    "certificate_lead": N_("On {day} we hold {cents} of yours as security for your utility bills."),
    "certificate_bears": N_("It bears simple interest, counted by days, at {percent} % a year since {day}."),
    "certificate_back": N_(
        "It goes back to you after {months} months of payments on time, or is applied to your final bill."
    ),
    "interest_title": N_("Interest on your deposit"),
    "interest_lead": N_("We credited the interest your deposit bore. You need to do nothing."),
    "interest_rate": N_("The rate since {day} is {percent} % a year; each day counts its share of the year."),
    "refund_title": N_("Your deposit goes back to you"),
    "refund_lead": N_("On {day} your deposit went back to you, with its interest, {cents} in all."),
    "refund_where": N_("It is a credit on your account; what your account does not need is sent to you."),
    "renewal_title": N_("Your security runs out"),
    "renewal_lead": N_("What stands in the place of a deposit on your account runs out soon."),
    "renewal_do": N_("Please send us a renewal before that day; otherwise a deposit in money is asked for."),
    "since": N_("Since"),
    "what": N_("What"),
    "until": N_("Last day"),
    "amount": N_("Amount, $"),
    "deposit": N_("Deposit"),
    "interest": N_("Interest for the days before {day}"),
    "sum": N_("Together"),
    "letter_of_credit": N_("Letter of credit of {issuer}"),
    "surety_bond": N_("Surety bond of {issuer}"),
    "certificate_of_deposit": N_("Certificate of deposit of {issuer}"),
    "guarantor": N_("Guarantee of {issuer}"),
    "good_payer_letter": N_("Good payer's letter of {issuer}"),
    "prepayment": N_("Prepayment to {issuer}"),
    "other_assurance": N_("Assurance of {issuer}"),
    "question": N_("Questions: {phone}, {email}."),
    "rule": N_("The rule: {citation}"),
}


@cache
def words(language: str) -> dict[str, str]:
    """Every word of the letters in a language; raises ``KeyError`` for an unknown one.

    >>> words("es")["deposit"]
    'Depósito'
    """
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())
