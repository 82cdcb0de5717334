"""The kinds of charge, one folder each, found by being there.

A folder ``<name>/`` holds ``settings.py`` (its fields and their validation), ``price.py`` (columns), ``explain.py``
(Decimal and words), ``README.md`` and ``cases.yaml``. Its name is the keyword in tariff documents. Kinds know
nothing of each other; faces are imported only by the face that needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language.shapes import Key, names
from meterbook.engine.rates.terms import Context, Settings

if TYPE_CHECKING:
    from types import ModuleType


class _SettingsModule(Protocol):
    KEYS: Mapping[str, Key]

    def read(self, place: Field, entries: Mapping[str, Field], context: Context) -> Settings: ...


@cache
def keywords() -> tuple[str, ...]:
    """Every kind of charge a tariff document may name, in alphabetical order."""
    return tuple(sorted(found.name for found in iter_modules(__path__) if found.ispkg))


@cache
def module(keyword: str, face: str) -> ModuleType:
    """One module of a kind's folder: ``settings``, ``price`` or ``explain``."""
    return import_module(f"{__name__}.{keyword}.{face}")


def keys(keyword: str) -> Mapping[str, Key]:
    """The settings of a kind: name, shape, words."""
    return cast("_SettingsModule", module(keyword, "settings")).KEYS


def fields(keyword: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the required and the optional settings of a kind."""
    return names(keys(keyword))


def read(keyword: str, place: Field, entries: Mapping[str, Field], context: Context) -> Settings:
    """Read a kind's settings from the document, reporting problems through the fields."""
    return cast("_SettingsModule", module(keyword, "settings")).read(place, entries, context)
