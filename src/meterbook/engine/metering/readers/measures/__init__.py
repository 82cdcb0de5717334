"""The measures, one module each, found by being there; a module exposes ``MEASURE``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from meterbook.engine.metering.readers.contract import Measure


@cache
def names() -> tuple[str, ...]:
    """Every measure a policy document may name, in alphabetical order."""
    return tuple(sorted(found.name for found in iter_modules(__path__)))


@cache
def measure(name: str) -> Measure:
    """The measure of that name. Raises `LookupError` for no such module, `TypeError` where it exposes none."""
    if name not in names():
        raise LookupError(f"no measure {name!r}; known: {', '.join(names())}")
    found = getattr(import_module(f"{__name__}.{name}"), "MEASURE", None)
    if not isinstance(found, Measure):
        raise TypeError(f"measures/{name}.py exposes no MEASURE")
    return found
