"""The policy ``run-readiness``: from which count a check is to be looked at, from which share it is not ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from meterbook.records.billing.readiness.contract import Check, State
from meterbook.records.platform.policies import NoPolicy, policy
from meterbook.records.platform.roles import TITLES

POLICY = "run-readiness"
_KNOWN = {"look", "stop_percent", "owner"}


class WrongReadinessPolicy(ValueError):
    """The policy document cannot be read; the message names the check and the key."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A check's bounds: ``look`` is a count, ``stop`` a percentage of what it looked through; none: never."""

    look: int | None
    stop: Decimal | None
    owner: str

    def judge(self, count: int, of: int) -> State:
        """How a count stands.

        >>> Bounds(1, Decimal(5), "x").judge(5, 100), Bounds(1, Decimal(5), "x").judge(4, 100)
        ('stop', 'look')
        """
        if self.stop is not None and count and Decimal(count) * 100 >= self.stop * of:
            return "stop"
        return "look" if self.look is not None and count >= self.look else "ready"


def bounds_on(day: date, checks: dict[str, Check]) -> dict[str, Bounds]:
    """The bounds in force on a business date; without a policy whatever alarms is to be looked at from one on."""
    try:
        found = policy(POLICY, day)
    except NoPolicy:
        found = {"checks": {}}
    return parse(found, checks)


def parse(document: dict[str, Any], checks: dict[str, Check]) -> dict[str, Bounds]:
    """Read the document; checks it leaves out have the bounds of no policy. Raises `WrongReadinessPolicy`."""
    entries = document.get("checks")
    if not isinstance(entries, dict):
        raise WrongReadinessPolicy(f"checks: found {entries!r}, expected a mapping by check")
    if strange := sorted(set(entries) - set(checks)):
        raise WrongReadinessPolicy(f"checks.{strange[0]}: expected one of {', '.join(checks)}")
    return {name: _bounds(check, entries.get(name, {}), f"checks.{name}") for name, check in checks.items()}


def _bounds(check: Check, entry: Any, where: str) -> Bounds:
    if not isinstance(entry, dict) or set(entry) - _KNOWN:
        raise WrongReadinessPolicy(f"{where}: found {entry!r}, expected {', '.join(sorted(_KNOWN))}")
    look = entry.get("look", 1 if check.alarms else None)
    if look is not None and (isinstance(look, bool) or not isinstance(look, int) or look < 1):
        raise WrongReadinessPolicy(f"{where}.look: found {look!r}, expected a whole number from 1, or null")
    owner = entry.get("owner", check.owner)
    if owner not in TITLES:
        raise WrongReadinessPolicy(f"{where}.owner: found {owner!r}, expected one of {', '.join(TITLES)}")
    return Bounds(look, _percent(entry.get("stop_percent"), f"{where}.stop_percent"), owner)


def _percent(value: Any, where: str) -> Decimal | None:
    if value is None:
        return None
    try:
        found = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not 0 < found <= 100:
        raise WrongReadinessPolicy(f"{where}: found {value!r}, expected a percentage above 0")
    return found
