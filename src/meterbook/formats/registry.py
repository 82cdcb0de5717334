"""The formats that exist, found by their folders: adding a folder adds a format, nothing else is touched.

>>> {"beacon", "meterbook-reads", "lockbox"} <= set(discover())
True
>>> read_format("beacon").title
'Badger BEACON range report (CSV)'
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any, cast

import meterbook.formats
from meterbook.formats.contract import Format, ParsedPayments, ParsedReads


class UnknownFormat(LookupError):
    """No format of that name and kind exists; the message lists those that do."""


@cache
def discover() -> dict[str, Format[Any]]:
    """Every format by name. Raises `TypeError` when a folder exposes no `FORMAT` or a name is taken twice."""
    found: dict[str, Format[Any]] = {}
    for module in pkgutil.iter_modules(meterbook.formats.__path__):
        if not module.ispkg:
            continue
        folder = importlib.import_module(f"meterbook.formats.{module.name}")
        declared = getattr(folder, "FORMAT", None)
        if not isinstance(declared, Format):
            raise TypeError(f"formats/{module.name}/__init__.py exposes no FORMAT")
        if declared.name in found:
            raise TypeError(f"formats/{module.name}: the name {declared.name!r} is already taken")
        found[declared.name] = declared
    return found


def read_format(name: str) -> Format[ParsedReads]:
    """The meter read format called `name`. Raises `UnknownFormat`."""
    return cast("Format[ParsedReads]", _of_kind(name, kind="reads"))


def payment_format(name: str) -> Format[ParsedPayments]:
    """The payment format called `name`. Raises `UnknownFormat`."""
    return cast("Format[ParsedPayments]", _of_kind(name, kind="payments"))


def _of_kind(name: str, *, kind: str) -> Format[Any]:
    known = {key: each for key, each in discover().items() if each.kind == kind}
    if name not in known:
        raise UnknownFormat(f"no {kind} format {name!r}; known: {', '.join(sorted(known))}")
    return known[name]
