"""What a kiosk is answered: a status and JSON; errors name field, found and expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meterbook.records.online.card_numbers import without_card_numbers


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and the JSON beside it; ``outcome`` is the word kept with the call."""

    status: int
    body: dict[str, Any]
    outcome: str


def wrong(field: str, found: object, expected: str, *, status: int = 422) -> Answer:
    """An answer that says what is wrong with one field.

    >>> wrong("tender", "check", "cash or card").body
    {'errors': [{'field': 'tender', 'found': 'check', 'expected': 'cash or card'}]}
    """
    said = without_card_numbers(found)[:80] if isinstance(found, str) else found
    return Answer(status, {"errors": [{"field": field, "found": said, "expected": expected}]}, "refused")


def masked_name(name: str) -> str:
    """Enough of a name to see that it is one's own.

    >>> masked_name("Ana Belmonte")
    'A** B**'
    """
    return " ".join(f"{part[0]}**" for part in name.split())
