"""The policies ``bill-register`` and ``bill-holds`` in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from meterbook.engine.billing.register import Register, parse_register
from meterbook.records.platform.policies import NoPolicy, policy
from meterbook.records.platform.roles import TITLES

REGISTER, HOLDS = "bill-register", "bill-holds"


class WrongHoldPolicy(ValueError):
    """The policy ``bill-holds`` cannot be read; the message names the place."""


@dataclass(frozen=True, slots=True)
class HoldReason:
    """Why a bill may be held: a code, the role that works it, and its words by language."""

    code: str
    owner: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class HoldRules:
    """The reasons in their order, the most days a bill may be put off, and the days a pace is taken over."""

    reasons: tuple[HoldReason, ...]
    delay_days: int
    pace_days: int

    def reason(self, code: str) -> HoldReason | None:
        """A reason by its code, or nothing."""
        return next((one for one in self.reasons if one.code == code), None)


def register_on(day: date) -> Register | None:
    """The register's tests in force on a day; nothing where the city has none. Raises `WrongRegister`."""
    try:
        return parse_register(policy(REGISTER, day))
    except NoPolicy:
        return None


def hold_rules_on(day: date) -> HoldRules:
    """What the city says of holds by hand; raises `NoPolicy`, `WrongHoldPolicy`."""
    return parse_holds(policy(HOLDS, day))


def parse_holds(document: dict[str, Any]) -> HoldRules:
    """Read the document.

    >>> parse_holds({"reasons": [{"code": "a", "owner": "csr", "words": {"en": "A", "es": "A"}}],
    ...     "delay_days": 90, "pace_days": 30}).reasons[0].owner
    'csr'
    """
    listed = document.get("reasons")
    if not isinstance(listed, list) or not listed:
        raise WrongHoldPolicy(f"reasons: found {listed!r}, expected a list of reasons")
    reasons = tuple(_reason(entry, f"reasons[{at}]") for at, entry in enumerate(listed))
    if len({one.code for one in reasons}) < len(reasons):
        raise WrongHoldPolicy("reasons: a code is given twice")
    return HoldRules(reasons, _days(document, "delay_days"), _days(document, "pace_days"))


def _reason(entry: Any, where: str) -> HoldReason:
    found = entry if isinstance(entry, dict) else {}
    code, owner, words = found.get("code"), found.get("owner"), found.get("words")
    if not isinstance(code, str) or not code or len(code) > 40:
        raise WrongHoldPolicy(f"{where}.code: found {code!r}, expected a code of at most 40 letters")
    if owner not in TITLES:
        raise WrongHoldPolicy(f"{where}.owner: found {owner!r}, expected one of {', '.join(TITLES)}")
    if not isinstance(words, dict) or not all(isinstance(words.get(each), str) for each in ("en", "es")):
        raise WrongHoldPolicy(f"{where}.words: found {words!r}, expected en and es")
    return HoldReason(code, str(owner), {"en": words["en"], "es": words["es"]})


def _days(document: dict[str, Any], name: str) -> int:
    found = document.get(name)
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= 730:
        raise WrongHoldPolicy(f"{name}: found {found!r}, expected days from 1 to 730")
    return found
