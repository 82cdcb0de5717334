"""The policy ``account-integrity``: which checks run, with which thresholds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from meterbook.records.billing.integrity.checks import all_checks
from meterbook.records.billing.integrity.checks.contract import Check
from meterbook.records.platform.policies import policy

POLICY = "account-integrity"
_MOST = 10_000_000


class WrongIntegrityPolicy(ValueError):
    """The policy document cannot be read; the message names the entry and the key."""


@dataclass(frozen=True, slots=True)
class Configured:
    """A check that runs, and the values of its thresholds as its query takes them."""

    check: Check
    values: dict[str, Any]


def settings_on(day: date) -> list[Configured]:
    """The checks in force on a business date; raises `NoPolicy`, `WrongIntegrityPolicy`."""
    return parse(policy(POLICY, day))


def parse(document: dict[str, Any]) -> list[Configured]:
    """Read the document.

    >>> parse({"checks": [{"check": "no_meter", "days": 5}]})[0].values
    {'days': 5}
    """
    entries = document.get("checks")
    if not isinstance(entries, list) or not entries:
        raise WrongIntegrityPolicy(f"checks: found {entries!r}, expected a list of checks")
    known, found = all_checks(), {}
    for at, entry in enumerate(entries):
        where = f"checks[{at}]"
        name = entry.get("check") if isinstance(entry, dict) else None
        if name not in known:
            raise WrongIntegrityPolicy(f"{where}.check: found {name!r}, expected one of {', '.join(known)}")
        if name in found:
            raise WrongIntegrityPolicy(f"{where}.check: {name} is configured twice")
        found[name] = _configured(known[name], entry, where)
    return sorted(found.values(), key=lambda one: (bool(one.check.after), one.check.name))


def _configured(check: Check, entry: dict[str, Any], where: str) -> Configured:
    names = {parameter.name for parameter in check.parameters}
    strange = sorted(set(entry) - names - {"check"})
    if strange:
        raise WrongIntegrityPolicy(
            f"{where}.{strange[0]}: {check.name} knows {', '.join(sorted(names)) or 'no number'}"
        )
    values = {each.name: _READ[each.kind](entry.get(each.name), f"{where}.{each.name}") for each in check.parameters}
    return Configured(check, values)


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise WrongIntegrityPolicy(f"{where}: found {value!r}, expected a whole number from 0 to {_MOST}")
    return value


def _words(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise WrongIntegrityPolicy(f"{where}: found {value!r}, expected a list of words")
    return value


def _number(value: Any, where: str) -> str:
    try:
        number = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise WrongIntegrityPolicy(f"{where}: found {value!r}, expected a number in quotes, not negative")
    return format(number, "f")


def _by_commodity(value: Any, where: str) -> str:
    if not isinstance(value, dict):
        raise WrongIntegrityPolicy(f"{where}: found {value!r}, expected numbers by service")
    return json.dumps({str(name): _number(number, f"{where}.{name}") for name, number in value.items()})


def _table(value: Any, where: str) -> str:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise WrongIntegrityPolicy(f"{where}: found {value!r}, expected a list of entries")
    for at, entry in enumerate(value):
        for name in set(entry) & {"exactly", "at_least"}:
            _number(entry[name], f"{where}[{at}].{name}")
        if set(entry) - {"commodity", "size", "exactly", "at_least"} or "commodity" not in entry:
            raise WrongIntegrityPolicy(
                f"{where}[{at}]: found {sorted(entry)}, expected commodity, size, and exactly or at_least"
            )
        if ("exactly" in entry) == ("at_least" in entry):
            raise WrongIntegrityPolicy(f"{where}[{at}]: expected one of exactly and at_least")
    return json.dumps(value)


_READ: dict[str, Callable[[Any, str], Any]] = {
    "days": _whole, "count": _whole, "area": _whole, "words": _words, "by_commodity": _by_commodity, "table": _table,
}  # fmt: skip
