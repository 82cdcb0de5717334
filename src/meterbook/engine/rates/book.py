"""The rate book: a tariff as a value ready to print, in the languages of its labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meterbook.engine.rates.language.calendars.told import told
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.seasons import Season
from meterbook.engine.rates.language.values import Bands, Input, NamedValue, Table
from meterbook.engine.rates.tariff import Proration, Source, Tariff, Version
from meterbook.engine.rates.terms import Rate


@dataclass(frozen=True, slots=True)
class BookSection:
    """One charge of a version: its printed label in a language, its rates in order, its citation.

    ``season`` and ``applies`` (the condition as it is written) are empty where the charge knows none.
    """

    component: str
    keyword: str
    label: str
    part_labels: tuple[str, ...]
    rates: tuple[Rate, ...]
    revenue: str
    source: Source
    season: str = ""
    applies: str = ""


@dataclass(frozen=True, slots=True)
class BookValue:
    """A named value: ``rule`` as it is written, or what it is looked up by, with a line for each row or band."""

    name: str
    rule: str
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BookVersion:
    """One version: in force from ``effective`` until ``until`` (out; ``None`` while no later one is enacted).

    ``inputs`` and ``values`` are what its formulas rest on, in the order in which each uses only earlier ones;
    ``hours`` are the periods of use of every calendar, with their hours in words.
    """

    version: str
    effective: date
    until: date | None
    source: Source
    proration: Proration
    sections: tuple[BookSection, ...]
    seasons: tuple[Season, ...] = ()
    hours: tuple[tuple[str, tuple[str, ...]], ...] = ()
    inputs: tuple[Input, ...] = ()
    values: tuple[BookValue, ...] = ()


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
        season=component.season or "",
        applies="" if component.applies is None else component.applies.text,
    )


def _value(value: NamedValue) -> BookValue:
    match value.rule:
        case Formula():
            return BookValue(value.name, value.rule.text)
        case Table():
            rows = [(", ".join(keys), cell.text) for keys, cell in value.rule.cells]
            if value.rule.otherwise is not None:
                rows.append(("*", value.rule.otherwise.text))
            return BookValue(value.name, ", ".join(value.rule.by), tuple(rows))
        case Bands():
            bands = tuple(("*" if end is None else f"≤ {end}", step.text) for end, step in value.rule.steps)
            return BookValue(value.name, value.rule.of.text, bands)


def rate_book(tariff: Tariff, *, language: str = "en") -> RateBook:
    """The tariff as a rate sheet; ``language`` is one of its labels' languages (``en``, ``es``).

    A rate's words are a `Step`, put into the reader's language like any explanation.
    """
    versions: list[BookVersion] = []
    until: date | None = None
    for version in reversed(tariff.versions):
        sections = tuple(_section(tariff, version, at, language) for at in range(len(version.components)))
        versions.append(
            BookVersion(
                version=version.version,
                effective=version.effective,
                until=until,
                source=version.source,
                proration=version.proration,
                sections=sections,
                seasons=version.seasons,
                hours=tuple(
                    line for calendar in version.calendars.values() for line in told(calendar, language=language)
                ),
                inputs=tuple(version.scope.inputs.values()),
                values=tuple(_value(value) for value in version.scope.values.values()),
            )
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
