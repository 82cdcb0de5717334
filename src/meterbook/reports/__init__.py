"""The reports, one folder each, found by being there.

A folder ``<name>/`` holds ``__init__.py`` with ``REPORT`` and ``README.md``. Its name is the word for it in addresses
and on the command line. Reports know nothing of each other; what they share lies beside them: `contract`, `asking`
(parameters), `columns`, `places` (where, and whose account), `rows` (SQL to rows), `windows` (days of reading).
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from meterbook.reports.contract import Report


@cache
def names() -> tuple[str, ...]:
    """Every report, in alphabetical order."""
    return tuple(sorted(found.name for found in iter_modules(__path__) if found.ispkg))


@cache
def report(name: str) -> Report:
    """The report of that folder. Raises `LookupError` for no such folder, `TypeError` where it exposes no `REPORT`."""
    if name not in names():
        raise LookupError(f"no report {name!r}; known: {', '.join(names())}")
    declared = getattr(import_module(f"{__name__}.{name}"), "REPORT", None)
    if not isinstance(declared, Report) or declared.name != name:
        raise TypeError(f"reports/{name}/__init__.py exposes no REPORT of that name")
    return declared
