"""The fixed words of the statement. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {
    "title": N_("Remittance statement"),
    "period": N_("Period {starts} to {last}"),
    "billed": N_("Owed as billed"),
    "collected": N_("Owed as collected"),
    "opening": N_("Owed at the start"),
    "account": N_("Account {code}"),
    "service": N_("Charges for {service}"),
    "share": N_("{percent} % of {gross}"),
    "settled": N_("Handed over in the period"),
    "closing": N_("Owed at the end"),
    "due": N_("Due now"),
    "fee": N_("Fee kept"),
    "pay": N_("Paid with this statement"),
    "reconciled": N_("Beside the books"),
    "books": N_("Its accounts in our books, before anything was handed over"),
    "all_billed": N_("Billed for it altogether"),
    "all_collected": N_("of it collected"),
    "open": N_("of it still open"),
    "difference": N_("Difference"),
    "item": N_("Item"),
    "amount": N_("Amount"),
    "page": N_("Page {page} of {pages}"),
    "printed": N_("Printed {day}"),
    "water": N_("water"), "sewer": N_("sewer"), "refuse": N_("refuse"), "electricity": N_("electricity"),
    "stormwater": N_("stormwater"), "street_lights": N_("street lights"),
}  # fmt: skip


def translator(language: str) -> Callable[[str], str]:
    """The function that turns the English words into a language; raises ``KeyError`` for an unknown one."""
    return translator_of(_FOLDER, language)


@cache
def words(language: str) -> dict[str, str]:
    """Every fixed word in a language, by its name."""
    tr = translator(language)
    return {name: tr(message) for name, message in WORDS.items()}
