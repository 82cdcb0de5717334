"""From a quote on record to its page."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from meterbook.notices.installation_quote.words import words
from meterbook.notices.letters import Letter, long_day, money, set_letters
from meterbook.records.new_service.models import Quote
from meterbook.records.platform.queries import utility


def quote_letter(found: Quote) -> Letter:
    """The page of a quote (with its premise, parcel and permit), dated as it was issued."""
    w, language, house = words(found.language), found.language, utility()
    at = 2 if language == "es" else 1
    what = found.words_es if language == "es" else found.words_en
    about = w["about"].format(what=what, address=found.premise.address, parcel=found.premise.parcel.number)
    letter = Letter(
        language=language, title=w["title"], utility=house.name, department=house.department,
        date=long_day(found.issued_on, language),
        stated=(found.issued_on.year, found.issued_on.month, found.issued_on.day),
        account=w["number"].format(number=found.number), mail=[found.name, *found.mail], about=about,
        greeting=w["greeting"].format(name=found.name),
        said=[w["lead"].format(day=long_day(found.valid_until, language))],
        heads=[w["for"], w["quantity"], w["price"], w["amount"]],
        rows=[*(_row(line, at) for line in found.lines), [w["total"], "", "", money(found.total_cents)]],
        strong_last=True, closing=[w["accept"], w["questions"].format(phone=house.phone, email=house.email)],
        rule=found.document.citation,
    )  # fmt: skip
    if found.permit is None:
        return letter
    return replace(letter, about=f"{about}. {w['permit'].format(permit=found.permit.number)}")


def _row(line: list[Any], at: int) -> list[str]:
    """A line: its words, how much of what, at which price."""
    quantity = f"{Decimal(line[3]).normalize():f} {line[4]}".strip()
    return [line[at], quantity, money(line[5]) if line[5] else "", money(line[6])]


def render_quote(found: Quote) -> bytes:
    """The quote as a PDF. Raises `NotSet`."""
    return set_letters([quote_letter(found)])
