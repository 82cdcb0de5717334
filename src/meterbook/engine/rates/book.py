"""The rate book: a tariff as a value ready to print, in the languages of its labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meterbook.engine.rates.tariff import Proration, Source, Tariff, Version
from meterbook.engine.rates.terms import Rate


@dataclass(frozen=True, slots=True)
class BookSection:
    """One charge of a version: its printed label in a language, its rates in order, its citation."""

    component: str
    keyword: str
    label: str
    part_labels: tuple[str, ...]
    rates: tuple[Rate, ...]
    revenue: str
    source: Source


@dataclass(frozen=True, slots=True)
class BookVersion:
    """One version: in force from ``effective`` until ``until`` (out; ``None`` while no later one is enacted)."""

    version: str
    effective: date
    until: date | None
    source: Source
    proration: Proration
    sections: tuple[BookSection, ...]


@dataclass(frozen=True, slots=True)
class RateBook:
    """A printable rate sheet of one schedule in one language, newest version first."""

    schedule: str
    language: str
    title: str
    eligibility: str
    commodity: str
    unit: str
    versions: tuple[BookVersion, ...]


def _section(tariff: Tariff, version: Version, at: int, language: str) -> BookSection:
    component = version.components[at]
    rates = component.settings.rates(unit=tariff.unit)
    labels = [component.settings.label_of(part) for part in range(1, len(rates) + 1)]
    return BookSection(
        component=component.id,
        keyword=component.keyword,
        label=component.label[language],
        part_labels=tuple("" if label is None else label[language] for label in labels),
        rates=rates,
        revenue=component.revenue,
        source=component.source or version.source,
    )


def rate_book(tariff: Tariff, *, language: str = "en") -> RateBook:
    """The tariff as a rate sheet; ``language`` is one of its labels' languages (``en``, ``es``).

    A rate's words are a `Step`, put into the reader's language like any explanation.
    """
    versions: list[BookVersion] = []
    until: date | None = None
    for version in reversed(tariff.versions):
        sections = tuple(_section(tariff, version, at, language) for at in range(len(version.components)))
        versions.append(
            BookVersion(version.version, version.effective, until, version.source, version.proration, sections)
        )
        until = version.effective
    return RateBook(
        schedule=tariff.schedule,
        language=language,
        title=tariff.title[language],
        eligibility=tariff.eligibility[language],
        commodity=tariff.commodity,
        unit=tariff.unit,
        versions=tuple(versions),
    )


def describe(tariff: Tariff) -> dict[str, object]:
    """A plain summary for a list or a log: names, versions with their dates, and the determinants a bill needs."""
    return {
        "schedule": tariff.schedule,
        "title": dict(tariff.title),
        "commodity": tariff.commodity,
        "unit": tariff.unit,
        "versions": [{"version": one.version, "effective": one.effective.isoformat()} for one in tariff.versions],
        "determinants": {one.name: one.kind for one in tariff.required_determinants()},
        "digest": tariff.digest,
    }
