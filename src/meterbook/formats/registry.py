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
    """Every format by name. Raises `TypeError` when a folder exposes no format or a name is taken twice."""
    found: dict[str, Format[Any]] = {}
    for folder, declared in by_folder().items():
        for each in declared:
            if each.name in found:
                raise TypeError(f"formats/{folder}: the name {each.name!r} is already taken")
            found[each.name] = each
    return found


@cache
def by_folder() -> dict[str, tuple[Format[Any], ...]]:
    """The formats of each folder: its `FORMAT`, or its `FORMATS` where one folder holds several."""
    folders = [each.name for each in pkgutil.iter_modules(meterbook.formats.__path__) if each.ispkg]
    found: dict[str, tuple[Format[Any], ...]] = {}
    for name in folders:
        module = importlib.import_module(f"meterbook.formats.{name}")
        declared: tuple[Any, ...] = getattr(module, "FORMATS", None) or (getattr(module, "FORMAT", None),)
        if not all(isinstance(each, Format) for each in declared):
            raise TypeError(f"formats/{name}/__init__.py exposes no FORMAT and no FORMATS")
        found[name] = declared
    return found


def any_format(name: str) -> Format[Any]:
    """The format called `name`, of any kind. Raises `UnknownFormat`."""
    known = discover()
    if name not in known:
        raise UnknownFormat(f"no format {name!r}; known: {', '.join(sorted(known))}")
    return known[name]


def read_format(name: str) -> Format[ParsedReads]:
    """The meter read format called `name`. Raises `UnknownFormat`."""
    return cast("Format[ParsedReads]", _of_kind(name, kind="reads"))


def payment_format(name: str) -> Format[ParsedPayments]:
    """The payment format called `name`. Raises `UnknownFormat`."""
    return cast("Format[ParsedPayments]", _of_kind(name, kind="payments"))


def route_format(name: str) -> Format[Any]:
    """The route download called `name`; its `write` takes `layout.RouteStop`s. Raises `UnknownFormat`."""
    return _of_kind(name, kind="routes")


def _of_kind(name: str, *, kind: str) -> Format[Any]:
    known = {key: each for key, each in discover().items() if each.kind == kind}
    if name not in known:
        raise UnknownFormat(f"no {kind} format {name!r}; known: {', '.join(sorted(known))}")
    return known[name]
