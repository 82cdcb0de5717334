"""The ways to estimate a read, one folder each, found by being there.

A folder ``<name>/`` holds ``__init__.py`` (what it is, and ``TITLE``), ``columns.py`` with ``daily(settings)`` for
every row at once, and ``explain.py`` with ``daily(facts, settings)`` in `Decimal` and words. Its name is the word for
it in policy documents. A face is imported only by the face that needs it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@cache
def names() -> tuple[str, ...]:
    """Every method a policy document may name, in alphabetical order."""
    return tuple(sorted(found.name for found in iter_modules(__path__) if found.ispkg))


class UnknownMethod(LookupError):
    """No method has this name."""


@cache
def module(name: str, face: str) -> ModuleType:
    """One face of a method: ``columns`` or ``explain``. Raises `UnknownMethod`."""
    _refuse_unknown(name)
    return import_module(f"{__name__}.{name}.{face}")


@cache
def title(name: str) -> str:
    """What people call the method: an English message id, to be translated. Raises `UnknownMethod`."""
    _refuse_unknown(name)
    return str(import_module(f"{__name__}.{name}").TITLE)


def _refuse_unknown(name: str) -> None:
    """Only what is there is ever imported, whatever somebody typed."""
    if name not in names():
        raise UnknownMethod(f"method {name!r}; expected one of {', '.join(names())}")
