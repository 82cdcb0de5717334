"""The fixed words of a summary. English stands here; Spanish is in ``locale/es.po``, complete by a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent

WORDS = {
    "title": N_("Summary bill"),
    "number": N_("Summary number"),
    "group": N_("Accounts of"),
    "count": N_("Bills on this summary"),
    "bill_date": N_("Bill date"),
    "due_by": N_("Due by {day}"),
    "nothing_due": N_("Nothing to pay"),
    "amount_due": N_("Amount due for all accounts"),
    "lead": N_(
        "One payment settles every account below. Each keeps its own bill and its own balance; name the summary "
        "number, and we spread your payment over them as listed."
    ),
    "account": N_("Account"),
    "address": N_("Service address"),
    "services": N_("Services and days"),
    "before": N_("Before, less payments"),
    "current": N_("New charges"),
    "due": N_("Amount due"),
    "total": N_("All accounts"),
    "older": N_("A bill without an amount due is part of the newer bill of the same account."),
    "remit": N_("Make checks payable to {name} and write {number} on the check."),
    "questions": N_("Questions: {phone}, {email}, {website}"),
    "page": N_("Page {page} of {pages}"),
}
COMMODITIES = {
    "electricity": N_("Electricity"),
    "water": N_("Water"),
    "sewer": N_("Sewer"),
    "refuse": N_("Refuse"),
    "stormwater": N_("Stormwater"),
    "street_lights": N_("Street lights"),
}


@cache
def words(language: str) -> dict[str, str]:
    """Every fixed word of a summary in a language, by its name.

    >>> words("es")["title"]
    'Factura conjunta'
    """
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in (WORDS | COMMODITIES).items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return [*WORDS.values(), *COMMODITIES.values()]
