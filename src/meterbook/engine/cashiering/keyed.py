"""Amounts as they are keyed on ten keys: without a point the last two digits are cents."""

from __future__ import annotations

import re

_KEYED = re.compile(r"(\d{1,9})|(\d{0,7})\.(\d{0,2})")


class WrongAmount(ValueError):
    """What was keyed is no amount."""


def cents_of(text: str) -> int:
    """The cents meant by what was keyed; raises `WrongAmount`.

    >>> cents_of("8712"), cents_of("87.12"), cents_of("87."), cents_of(".5"), cents_of("1,250.00"), cents_of("$20.00")
    (8712, 8712, 8700, 50, 125000, 2000)
    """
    found = _KEYED.fullmatch(text.strip().removeprefix("$").replace(",", ""))
    if found is None or found[0] == ".":
        raise WrongAmount(f"found {text.strip()!r}, expected an amount like 8712 or 87.12")
    if found[1] is not None:
        return int(found[1])
    return int(found[2] or 0) * 100 + int(found[3].ljust(2, "0") or 0)


def keyed(cents: int) -> str:
    """An amount as it stands in a field.

    >>> keyed(8712), keyed(5)
    ('87.12', '0.05')
    """
    return f"{cents // 100}.{cents % 100:02d}"
