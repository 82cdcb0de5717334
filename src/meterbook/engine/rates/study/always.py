"""A version studied as if it had been in force on every day: which of its dated prices are charged, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256

from meterbook.engine.rates.components.per_unit.settings import PerUnitSettings
from meterbook.engine.rates.tariff import Component, Tariff, Version


def as_always(tariff: Tariff, version: str | None = None) -> Tariff:
    """The tariff as if one of its versions (the last, unless named) had been in force on every day.

    Of dated prices, the one in force on the version's first day stands for every day before it too: what a bill of an
    earlier year is studied with is what the version begins with, not a price that it never charges. Later prices keep
    their dates. Raises ``KeyError`` if there is no such version.
    """
    chosen = _chosen(tariff, version)
    digest = sha256(f"{tariff.digest} always {chosen.version}".encode()).hexdigest()
    components = tuple(_reaching_back(one, chosen.effective) for one in chosen.components)
    return replace(tariff, versions=(replace(chosen, effective=date.min, components=components),), digest=digest)


def never_charged(tariff: Tariff, version: str | None = None) -> frozenset[str]:
    """Paths of the dated prices that a version (the last, unless named) cannot charge, as its text names them.

    They end before its first day, so that no change of them moves any bill. Raises ``KeyError`` for no such version.
    """
    chosen = _chosen(tariff, version)
    place = f"versions[{tariff.versions.index(chosen)}]"
    return frozenset(f"{place}.components[{at}].prices[{gone}].price" for at, gone in _gone(chosen))


def _chosen(tariff: Tariff, version: str | None) -> Version:
    return tariff.versions[-1] if version is None else {one.version: one for one in tariff.versions}[version]


def _gone(version: Version) -> Iterator[tuple[int, int]]:
    """The place of a component and of each of its prices that end before the version begins."""
    for at, component in enumerate(version.components):
        yield from ((at, price) for price in range(_first(component, version.effective)))


def _first(component: Component, effective: date) -> int:
    """The place of the price in force on a day; 0 where no price is dated."""
    if not isinstance(component.settings, PerUnitSettings):
        return 0
    dated = component.settings.prices
    return max((at for at, one in enumerate(dated) if one.since <= effective), default=0)


def _reaching_back(component: Component, effective: date) -> Component:
    """The charge without prices that end before a day; the first of a charge's prices reaches back without end."""
    first = _first(component, effective)
    if not first or not isinstance(component.settings, PerUnitSettings):
        return component
    return replace(component, settings=replace(component.settings, prices=component.settings.prices[first:]))
