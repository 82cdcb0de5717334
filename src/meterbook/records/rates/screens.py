"""What pages and sheets show of a schedule: its versions with their rates, rules and citations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import formats

from meterbook.engine.rates.language.calendars.told import told
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.values import Bands, NamedValue, Table
from meterbook.engine.rates.tariff import Component, Source, Tariff, Version
from meterbook.engine.trace import Step, Value
from meterbook.records.platform.models import Document
from meterbook.records.rates.models import Schedule
from meterbook.records.rates.queries import tariff_of

#: Seasons recur every year; a leap year has every day.
_ANY_YEAR = 2024
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ListedRate:
    """One printed rate: what for, dollars (or percent) and per what; a computed price has its formula instead."""

    words: str
    price: Decimal
    per: str
    note: str
    formula: str = ""


@dataclass(frozen=True, slots=True)
class ListedComponent:
    """One charge of a version with its rates and, where it differs, its own citation."""

    id: str
    keyword: str
    label: str
    revenue: str
    source: Source | None
    rates: list[ListedRate]
    season: str
    condition: str


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """One version: when it holds, where it is enacted, how periods are prorated, what it charges.

    ``hours`` are its periods of use with their hours in words.
    """

    version: str
    effective: date
    until: date | None
    in_force: bool
    source: Source
    proration: object
    components: list[ListedComponent]
    seasons: list[tuple[str, date, date]]
    hours: list[tuple[str, tuple[str, ...]]]
    values: list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class RateSheet:
    """A schedule as the rate book prints it, newest version first."""

    code: str
    title: str
    eligibility: str
    commodity: str
    unit: str
    document: Document
    versions: list[ListedVersion]


def rate_sheet(code: str, *, day: date, language: str, translate: Translate) -> RateSheet | None:
    """One schedule with all its versions, or nothing."""
    schedule = (
        Schedule.objects.select_related("document__released_by", "document__proposed_by").filter(code=code).first()
    )
    if schedule is None:
        return None
    tariff = tariff_of(schedule.document)
    versions = []
    for at, version in enumerate(tariff.versions):
        until = tariff.versions[at + 1].effective if at + 1 < len(tariff.versions) else None
        versions.append(_version(version, until, tariff, day=day, language=language, translate=translate))
    return RateSheet(
        code=schedule.code, title=tariff.title[language], eligibility=tariff.eligibility[language],
        commodity=schedule.commodity, unit=tariff.unit, document=schedule.document, versions=versions[::-1],
    )  # fmt: skip


def _version(
    version: Version, until: date | None, tariff: Tariff, *, day: date, language: str, translate: Translate
) -> ListedVersion:
    in_force = version.effective <= day and (until is None or day < until)
    return ListedVersion(
        version=version.version, effective=version.effective, until=until, in_force=in_force, source=version.source,
        proration=version.proration,
        seasons=[(one.name, date(_ANY_YEAR, *one.start), date(_ANY_YEAR, *one.end)) for one in version.seasons],
        hours=[line for calendar in version.calendars.values() for line in told(calendar, language=language)],
        values=[(name, _value(value)) for name, value in version.scope.values.items()],
        components=[_component(each, version, tariff, language, translate) for each in version.components],
    )  # fmt: skip


def _value(value: NamedValue) -> list[str]:
    """A named value as the document has it: its formula, or a line for each row or band."""
    match value.rule:
        case Formula():
            return [value.rule.text]
        case Table():
            rows = [f"{', '.join(keys)}: {cell.text}" for keys, cell in value.rule.cells]
            return rows if value.rule.otherwise is None else [*rows, f"*: {value.rule.otherwise.text}"]
        case Bands():
            return [
                f"{value.rule.of.text} {'>' if limit is None else f'≤ {limit:,}'}: {step.text}"
                for limit, step in value.rule.steps
            ]


def _said(step: Step, labels: dict[str, str], translate: Translate) -> str:
    """A rate's words: dates as the language writes them, numbers with thousands, charges by their printed label."""
    values: dict[str, Value] = {}
    for name, value in step.values.items():
        if isinstance(value, date):
            values[name] = formats.date_format(value, "DATE_FORMAT")
        elif isinstance(value, Decimal):
            values[name] = f"{value:,}"
        elif name == "base":
            values[name] = ", ".join(labels.get(each, each) for each in str(value).split(", "))
        else:
            values[name] = value
    return Step(step.message, values).words(translate)


def _component(
    component: Component, version: Version, tariff: Tariff, language: str, translate: Translate
) -> ListedComponent:
    labels = {each.id: each.label[language] for each in version.components}
    rates = [
        ListedRate(
            words=_said(rate.words, labels, translate),
            price=rate.price,
            per=rate.per,
            note=rate.note,
            formula=rate.formula,
        )
        for rate in component.settings.rates(unit=tariff.unit)
    ]
    return ListedComponent(
        id=component.id, keyword=component.keyword, label=component.label[language], revenue=component.revenue,
        source=component.source, rates=rates, season=component.season or "",
        condition=component.applies.text if component.applies is not None else "",
    )  # fmt: skip
