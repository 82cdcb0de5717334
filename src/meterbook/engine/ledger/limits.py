"""How far each role goes alone with money that is already on the books, and for which reasons: as a policy states it.

Payments taken back or moved by hand, credits and balances carried to another account. Limits are by kind of change and
role; a second person decides what is beyond them, up to that person's own limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

#: What is done by hand to money on the books.
KINDS = ("reverse", "move", "transfer_credit", "transfer_balance", "apply_credit")


class WrongLimits(ValueError):
    """The policy's limits cannot be followed; says what was found and expected."""


class UnknownReason(ValueError):
    """The policy knows no such reason for this kind of change."""


@dataclass(frozen=True, slots=True)
class HandReason:
    """A reason code: for which kinds of change, in words; ``reversal`` says what a payment taken back for it was."""

    code: str
    kinds: tuple[str, ...]
    words: Mapping[str, str]
    reversal: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits in cents by kind and role; ``counted_days`` of one person's changes on one account count together."""

    counted_days: int
    alone: Mapping[str, Mapping[str, int]]
    decides: Mapping[str, int]
    reasons: Mapping[str, HandReason]

    def reason(self, code: str, kind: str) -> HandReason:
        """A reason of this kind of change; raises `UnknownReason`."""
        found = self.reasons.get(code)
        if found is None or kind not in found.kinds:
            raise UnknownReason(f"reason {code!r} is not one of {kind}: {', '.join(self.of_kind(kind))}")
        return found

    def of_kind(self, kind: str) -> list[str]:
        """The codes that fit a kind of change."""
        return [code for code, one in self.reasons.items() if kind in one.kinds]

    def alone_up_to(self, kind: str, roles: Iterable[str]) -> int:
        """What somebody of these roles may do without a second person, in cents."""
        return max((self.alone.get(kind, {}).get(role, 0) for role in roles), default=0)

    def decides_up_to(self, roles: Iterable[str]) -> int:
        """What somebody of these roles may decide of what another asked for, in cents."""
        return max((self.decides.get(role, 0) for role in roles), default=0)


def parse_limits(document: Mapping[str, Any]) -> Limits:
    """The limits a policy states: ``alone`` by kind and role, ``decides`` by role, dollars as text; ``reasons``.

    Raises `WrongLimits`.

    >>> found = parse_limits({"counted_days": 30, "alone": {"move": {"supervisor": "500.00"}},
    ...     "decides": {"supervisor": "2500.00"}, "reasons": [{"code": "wrong_account", "for": ["move"],
    ...     "words": {"en": "Wrong account", "es": "Cuenta equivocada"}}]})
    >>> found.alone_up_to("move", ["csr", "supervisor"]), found.decides_up_to(["csr"]), found.of_kind("move")
    (50000, 0, ['wrong_account'])
    """
    alone = document.get("alone", {})
    if not isinstance(alone, dict) or not set(alone) <= set(KINDS):
        raise WrongLimits(f"receivable-limits, alone: found {alone!r}, expected {', '.join(KINDS)}")
    days = document.get("counted_days")
    if not isinstance(days, int) or days < 1:
        raise WrongLimits(f"receivable-limits, counted_days: found {days!r}, expected days above zero")
    reasons = [_reason(one) for one in document.get("reasons", [])]
    return Limits(
        counted_days=days,
        alone={kind: _dollars(f"alone.{kind}", roles) for kind, roles in alone.items()},
        decides=_dollars("decides", document.get("decides", {})),
        reasons={one.code: one for one in reasons},
    )


def _dollars(where: str, roles: Any) -> dict[str, int]:
    try:
        cents = {str(role): Decimal(str(text)).scaleb(2) for role, text in dict(roles).items()}
    except (InvalidOperation, TypeError, ValueError):
        raise WrongLimits(f"receivable-limits, {where}: found {roles!r}, expected dollars by role") from None
    if any(amount != amount.to_integral_value() or amount < 0 for amount in cents.values()):
        raise WrongLimits(f"receivable-limits, {where}: found {roles!r}, expected dollars and whole cents")
    return {role: int(amount) for role, amount in cents.items()}


def _reason(one: Any) -> HandReason:
    if not isinstance(one, dict) or not {"code", "for", "words"} <= set(one) or set(one["words"]) != {"en", "es"}:
        raise WrongLimits(f"receivable-limits, reasons: found {one!r}, expected code, for, words in en and es")
    kinds, reversal = tuple(one["for"]), str(one.get("reversal", ""))
    if not kinds or not set(kinds) <= set(KINDS):
        raise WrongLimits(f"receivable-limits, {one['code']}: found for {kinds}, expected of {', '.join(KINDS)}")
    if ("reverse" in kinds) != bool(reversal):
        raise WrongLimits(f"receivable-limits, {one['code']}: a reason to take a payment back states its reversal")
    return HandReason(str(one["code"]), kinds, one["words"], reversal)
