"""The words of the returned payment letter. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Your payment came back"),
    "account": N_("Account {number}"),
    "greeting": N_("Dear {name},"),
    "returned": N_("Your bank did not pay {amount} of {day} ({tender} {reference}). It told us on {returned}: {why}."),
    "chargeback": N_("Your card company took back {amount} of {day} ({tender} {reference}) on {returned}: {why}."),
    "again": N_("What this payment had settled is owed again, from its original due date."),
    "fee": N_("The law allows a charge for this; it is {amount} and stands on your account."),
    "first": N_("A later one costs more."),
    "no_fee": N_("We charge nothing for this."),
    "ach": N_("Until {day} we cannot draw on a bank account or take electronic checks for this account."),
    "check": N_("Until {day} we cannot take personal checks for this account."),
    "noncash": N_("Until {day} please pay this account in cash or by money order."),
    "due": N_("Due"),
    "for": N_("For"),
    "amount": N_("Amount"),
    "fee_row": N_("Returned payment fee"),
    "total": N_("Owed now"),
    "please": N_("Please pay {amount} now. If you cannot, call us before the due date: {phone}, {email}."),
    "rule": N_("The rule: {citation}"),
    "unstated": N_("no reason given"),
    "R01": N_("not enough money in the account"), "R02": N_("the account is closed"),
    "R03": N_("no such account"), "R04": N_("the account number is not valid"),
    "R05": N_("the draft was not authorized"), "R07": N_("the authorization was taken back"),
    "R08": N_("payment was stopped"), "R09": N_("the money was not yet available"),
    "R10": N_("the draft was not authorized"), "R16": N_("the account is frozen"),
    "R20": N_("not an account for payments"), "R29": N_("the draft was not authorized"),
    "NSF": N_("not enough money in the account"),
    "check_tender": N_("check"), "ach_tender": N_("bank draft"), "echeck_tender": N_("electronic check"),
    "card_tender": N_("card"), "other_tender": N_("payment"),
    "water": N_("Water"), "sewer": N_("Sewer"), "refuse": N_("Refuse"), "electricity": N_("Electricity"),
    "stormwater": N_("Stormwater"), "street_lights": N_("Street lights"), "": N_("Payments taken back"),
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
