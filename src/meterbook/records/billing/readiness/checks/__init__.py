"""The readiness checks, one module each, found by being there; in the order they are worked."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from meterbook.records.billing.readiness.contract import Check

#: Reads first: everything else can be looked at while they come in. A check not named here comes last.
_ORDER = ("reads_missing", "reads_questioned", "moves_unread", "meters_exchanged", "rates_change", "facts_change",
          "holds_carried", "calendar_differs")  # fmt: skip


@cache
def all_checks() -> dict[str, Check]:
    """Every check by its name; raises `TypeError` for a module without one of its name."""
    found: dict[str, Check] = {}
    for module in iter_modules(__path__):
        check = getattr(import_module(f"{__name__}.{module.name}"), "CHECK", None)
        if not isinstance(check, Check) or check.name != module.name:
            raise TypeError(f"readiness/checks/{module.name}.py exposes no CHECK of that name")
        found[check.name] = check
    ranked = sorted(found, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))
    return {name: found[name] for name in ranked}
