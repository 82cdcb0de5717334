"""The validation rules, one folder each, found by being there.

A folder ``<name>/`` holds ``__init__.py`` with ``RULE``, ``README.md`` and ``cases.yaml``. Its name is the word for it
in policy documents. Rules know nothing of each other.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from meterbook.engine.metering.validation.contract import Kind, Rule


@cache
def names() -> tuple[str, ...]:
    """Every rule a policy document may name, in alphabetical order."""
    return tuple(sorted(found.name for found in iter_modules(__path__) if found.ispkg))


@cache
def rule(name: str) -> Rule:
    """The rule of that folder. Raises `LookupError` for no such folder, `TypeError` where it exposes no `RULE`."""
    if name not in names():
        raise LookupError(f"no rule {name!r}; known: {', '.join(names())}")
    declared = getattr(import_module(f"{__name__}.{name}"), "RULE", None)
    if not isinstance(declared, Rule) or declared.name != name:
        raise TypeError(f"rules/{name}/__init__.py exposes no RULE of that name")
    return declared


def of_kind(kind: Kind) -> tuple[Rule, ...]:
    """The rules that look at reads, or at intervals."""
    return tuple(one for one in map(rule, names()) if one.applies_to == kind)
