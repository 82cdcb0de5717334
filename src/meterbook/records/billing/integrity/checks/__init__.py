"""The checks of the standing audit, found by being there: one module each, in folders by what they look at."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from meterbook.records.billing.integrity.checks.contract import Check

_FOLDERS = ("meters", "service", "billed")


@cache
def all_checks() -> dict[str, Check]:
    """Every check by name, in the order of the alphabet."""
    found = {}
    for folder in _FOLDERS:
        package = import_module(f"{__name__}.{folder}")
        for module in iter_modules(package.__path__):
            check: Check = import_module(f"{package.__name__}.{module.name}").CHECK
            if check.name != module.name:
                raise ValueError(f"check {check.name} stands in {folder}/{module.name}")
            found[check.name] = check
    return dict(sorted(found.items()))
