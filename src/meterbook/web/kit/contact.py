"""Phone numbers and e-mail addresses: in full for those whose work needs them, masked for everyone else."""

from __future__ import annotations

from django.http import HttpRequest

from meterbook.records.platform.roles import SEES_CONTACT
from meterbook.web.kit.access import roles_held


def sees_contact(request: HttpRequest) -> bool:
    """Whether the signed-in person's roles see contact data in full."""
    return bool(SEES_CONTACT & roles_held(request))


def masked_phone(phone: str) -> str:
    """A phone number with only its last two digits.

    >>> masked_phone("(555) 010-4477")
    '(•••) •••-••77'
    """
    left = sum(character.isdigit() for character in phone) - 2
    shown = []
    for character in phone:
        if character.isdigit():
            shown.append("•" if left > 0 else character)
            left -= 1
        else:
            shown.append(character)
    return "".join(shown)


def masked_email(email: str) -> str:
    """An address with the first letter of its mailbox and the domain.

    >>> masked_email("ana.torres@example.org")
    'a•••@example.org'
    """
    box, at, domain = email.partition("@")
    return f"{box[:1]}•••@{domain}" if at else ""
