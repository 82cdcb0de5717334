"""Texts with fields: ``{past_due}`` stands for the account's figure. Nothing but the known fields is ever filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from meterbook.engine.trace import N_, Step
from meterbook.records.correspondence.refusals import LetterRefused

#: Every field a letter may use, with what it says.
FIELDS: dict[str, str] = {
    "account": N_("Account number"),
    "name": N_("Holder's name"),
    "service_address": N_("Service address"),
    "mailing_address": N_("Mailing address in one line"),
    "balance": N_("Balance"),
    "past_due": N_("Past due"),
    "past_due_since": N_("Past due since"),
    "not_due": N_("Not due yet"),
    "due_date": N_("Next due date"),
    "today": N_("Date of the letter"),
    "utility": N_("Name of the utility"),
    "phone": N_("Telephone of the office"),
    "email": N_("E-mail of the office"),
    "website": N_("Website"),
    "office_hours": N_("Office hours"),
}
_FIELD = re.compile(r"\{([^{}\n]*)\}")
LONGEST = 12_000


def checked(text: str, *, where: Step) -> str:
    """A text whose every brace opens a known field; line ends are made one kind. Raises `LetterRefused`.

    The refusal names the line, what was found and what is known.
    """
    clean = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not clean:
        raise LetterRefused(Step(N_("{where}: the text is missing."), {"where": where}))
    if len(clean) > LONGEST or "\0" in clean:
        raise LetterRefused(
            Step(N_("{where}: found {found} characters, expected at most {most}."),
                 {"where": where, "found": len(clean), "most": LONGEST})
        )  # fmt: skip
    for number, line in enumerate(clean.split("\n"), start=1):
        for name in _FIELD.findall(line):
            if name not in FIELDS:
                raise LetterRefused(
                    Step(N_("{where}, line {line}: found the field {found}, expected one of {known}."),
                         {"where": where, "line": number, "found": f"{{{name}}}", "known": ", ".join(FIELDS)})
                )  # fmt: skip
        if set(_FIELD.sub("", line)) & set("{}"):
            raise LetterRefused(
                Step(N_("{where}, line {line}: a brace opens or closes alone."), {"where": where, "line": number})
            )
    return clean


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every field's value; values are never read for fields again.

    >>> filled("You owe {balance}.", {"balance": "$12.50"})
    'You owe $12.50.'
    """
    return _FIELD.sub(lambda found: values[found[1]], text)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: parted by empty lines, lines within one joined by a blank.

    >>> paragraphs("One\\nline.\\n\\nTwo.")
    ['One line.', 'Two.']
    """
    blocks = re.split(r"\n\s*\n", text.strip())
    return [" ".join(line.strip() for line in block.split("\n")) for block in blocks if block.strip()]
