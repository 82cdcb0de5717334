"""The fixed words of the statement. English here; Spanish in ``locale/es.po``, kept complete."""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from meterbook.engine.trace import N_

LANGUAGES = ("en", "es")
_LOCALE = Path(__file__).parent / "locale"
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


@cache
def translator(language: str) -> Callable[[str], str]:
    """The function that turns the English words into a language; raises ``KeyError`` for an unknown one."""
    if language not in LANGUAGES:
        raise KeyError(language)
    if language == "en":
        return str
    with (_LOCALE / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled).gettext


@cache
def words(language: str) -> dict[str, str]:
    """Every fixed word in a language, by its name."""
    tr = translator(language)
    return {name: tr(message) for name, message in WORDS.items()}
