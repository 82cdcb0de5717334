"""Reading settings strictly: every value of a policy has a place, and a wrong one is refused where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

_MONEY = re.compile(r"[0-9]{1,9}(\.[0-9]{2})?", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class WrongSetting(ValueError):
    """A setting that cannot be read: says where it stands, what was found and what was expected."""

    def __init__(self, where: str, found: object, expected: str) -> None:
        self.where, self.found, self.expected = where, found, expected
        super().__init__(f"{where}: found {found!r}, expected {expected}")


def entry(found: object, where: str, needed: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """A mapping with exactly the needed keys, and none but the optional ones beside them."""
    if not isinstance(found, dict) or not set(needed) <= set(found) <= {*needed, *optional}:
        more = f" and, if any, {', '.join(optional)}" if optional else ""
        raise WrongSetting(where, sorted(found) if isinstance(found, dict) else found, f"{', '.join(needed)}{more}")
    return found


def entries(found: object, where: str) -> list[Any]:
    """A list with something in it."""
    if not isinstance(found, list) or not found:
        raise WrongSetting(where, found, "a list with at least one entry")
    return found


def text(found: object, where: str) -> str:
    """A text that is not empty."""
    if not isinstance(found, str) or not found.strip():
        raise WrongSetting(where, found, "text (quote a code of digits)")
    return found.strip()


def code(found: object, where: str) -> str:
    """A code: small letters, digits and underscores."""
    if not isinstance(found, str) or not _CODE.fullmatch(found):
        raise WrongSetting(where, found, "a code of small letters, digits and underscores")
    return found


def words(found: object, where: str) -> dict[str, str]:
    """A text in English and Spanish."""
    pair = entry(found, where, ("en", "es"))
    return {language: text(pair[language], f"{where}.{language}") for language in ("en", "es")}


def money(found: object, where: str) -> int:
    """Dollars written as text, as cents.

    >>> money("25.00", "limit"), money("100", "limit")
    (2500, 10000)
    """
    if not isinstance(found, str) or not _MONEY.fullmatch(found):
        raise WrongSetting(where, found, 'dollars as text, like "25.00"')
    return int(Decimal(found).scaleb(2))


def number(found: object, where: str) -> Decimal:
    """A plain number written as text, not below zero."""
    if not isinstance(found, str) or not _NUMBER.fullmatch(found):
        raise WrongSetting(where, found, 'a number as text, like "1.5"')
    return Decimal(found)


def whole(found: object, where: str, *, least: int = 0) -> int:
    """A whole number from ``least`` up."""
    if isinstance(found, bool) or not isinstance(found, int) or found < least:
        raise WrongSetting(where, found, f"a whole number from {least}")
    return found


def flag(found: object, where: str) -> bool:
    """True or false."""
    if not isinstance(found, bool):
        raise WrongSetting(where, found, "true or false")
    return found


def one_of(found: object, where: str, choices: Collection[str]) -> str:
    """One of some words."""
    if not isinstance(found, str) or found not in choices:
        raise WrongSetting(where, found, f"one of {', '.join(choices)}")
    return found


def limits(found: object, where: str) -> Mapping[str, int]:
    """Cents by role."""
    if not isinstance(found, dict):
        raise WrongSetting(where, found, "dollars by role")
    return {text(role, where): money(value, f"{where}.{role}") for role, value in found.items()}
