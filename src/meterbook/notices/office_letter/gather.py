"""From letters on record to one file of pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from meterbook.notices.letters import Letter, set_letters, to_holder
from meterbook.notices.office_letter.words import words
from meterbook.records.correspondence.models import OfficeLetter


def letter_of(found: OfficeLetter) -> Letter:
    """One letter as written, dated as written, at the address it went to."""
    first, *rest = found.paragraphs
    made = to_holder(
        found.account, language=found.language, on=found.written_on, title=found.subject, about="", greeting=first,
        said=rest, account=words(found.language)["account"].format(number=found.account.number), rule=found.citation,
    )  # fmt: skip
    return replace(made, mail=list(found.mail))


def render_letters(letters: Sequence[OfficeLetter]) -> bytes:
    """Letters (with ``account__holder``) as one PDF, a page or more each. Raises `NotSet`, `ValueError` for none."""
    return set_letters([letter_of(one) for one in letters])
