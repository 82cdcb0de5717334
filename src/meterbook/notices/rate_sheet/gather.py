"""From the rate book to a document: the same screens, in words and figures of print."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext, override

from meterbook.notices.rate_sheet.document import (
    PrintedCharge,
    PrintedRate,
    PrintedSheet,
    PrintedVersion,
    SheetDocument,
)
from meterbook.notices.rate_sheet.words import PER, translator, words
from meterbook.records.platform import queries
from meterbook.records.rates import draft_screens, screens

MINUS = "\N{MINUS SIGN}"
_LOCALES = {"en": "en_US", "es": "es_US"}


class NoSuchSchedule(LookupError):
    """There is no schedule with that code."""


def sheet_document(code: str, *, on: date, language: str) -> SheetDocument:
    """One schedule with every version; raises `NoSuchSchedule`."""
    found = _sheet(code, on, language)
    if found is None:
        raise NoSuchSchedule(code)
    return _document([found], on=on, language=language, compact=False)


def list_document(*, on: date, language: str) -> SheetDocument:
    """Every schedule with the version in force on a day."""
    rows = draft_screens.schedules(on, language).order_by("commodity", "code")
    sheets = [_sheet(row["code"], on, language) for row in rows]
    current = [replace(one, versions=[each for each in one.versions if each.in_force]) for one in sheets if one]
    return _document(current, on=on, language=language, compact=True)


def _sheet(code: str, on: date, language: str) -> screens.RateSheet | None:
    with override(language):
        return screens.rate_sheet(code, day=on, language=language, translate=gettext)


def _document(sheets: list[screens.RateSheet], *, on: date, language: str, compact: bool) -> SheetDocument:
    w, utility = words(language), queries.utility()
    return SheetDocument(
        language=language,
        title=w["list_title"] if compact else f"{w['title']} {sheets[0].code}",
        utility=utility.name, department=utility.department, as_of=w["as_of"].format(day=_day(on, language)),
        questions=w["questions"].format(phone=utility.phone, email=utility.email, website=utility.website),
        page=w["page"], date=(on.year, on.month, on.day), heads=[w[name] for name in ("charge", "for", "rate", "per")],
        values_head=w["values"], compact=compact, sheets=[_printed(sheet, language) for sheet in sheets],
    )  # fmt: skip


def _printed(sheet: screens.RateSheet, language: str) -> PrintedSheet:
    w = words(language)
    released = w["fingerprint"].format(day=_day(sheet.document.released_on, language), sha=sheet.document.sha256[:12])
    return PrintedSheet(sheet.code, sheet.title, sheet.eligibility, released,
                        [_version(each, language) for each in sheet.versions])  # fmt: skip


def _version(version: screens.ListedVersion, language: str) -> PrintedVersion:
    w, source = words(language), version.source
    name = w["version"].format(version=version.version)
    span = w["from"] if version.until is None else w["from_until"]
    until = "" if version.until is None else _day(version.until, language)
    proration: Any = version.proration
    rules = [
        w["season_from"].format(
            season=season, first=_month_day(first, language), last=_month_day(last - _ONE, language)
        )
        for season, first, last in version.seasons
    ]
    rules += [f"{period}: {'; '.join(lines)}." for period, lines in version.hours]
    rules.append(
        w["proration"].format(low=proration.shortest, high=proration.longest, normal=proration.normal_days)
        + f" {proration.source}"
    )
    return PrintedVersion(
        heading=f"{name}. {span.format(day=_day(version.effective, language), until=until)}",
        mark=w["in_force"] if version.in_force else "",
        citation=f"{source.utility}, {source.resolution}, {source.section}, "
        + w["adopted"].format(day=_day(source.adopted, language)) + (f". {source.note}" if source.note else ""),
        charges=[_charge(each, language) for each in version.components], rules=rules, values=version.values,
    )  # fmt: skip


_ONE = timedelta(days=1)


def _charge(component: screens.ListedComponent, language: str) -> PrintedCharge:
    w = words(language)
    small = [w["season"].format(season=component.season)] if component.season else []
    small += [w["condition"].format(condition=component.condition)] if component.condition else []
    small += [f"{component.source.resolution}, {component.source.section}"] if component.source else []
    rates = [
        PrintedRate(each.words, each.formula or _rate(each), "" if each.per == "percent" else _per(each.per, language),
                    each.note)
        for each in component.rates
    ]  # fmt: skip
    return PrintedCharge(component.label, small, rates or [PrintedRate(w["no_rate"], "", "", "")])


def _rate(rate: screens.ListedRate) -> str:
    """A rate with the digits the ordinance prints.

    >>> _rate(screens.ListedRate(words="", price=Decimal("2.5"), per="ccf", note=""))
    '$2.50'
    """
    if rate.per == "percent":
        return f"{rate.price.normalize():f}%".replace("-", MINUS)
    exponent = rate.price.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{MINUS if rate.price < 0 else ''}${abs(Decimal(rate.price)):,.{places}f}"


def _per(unit: str, language: str) -> str:
    known, comma, rest = unit.partition(", ")
    said = translator(language)(PER[known]) if known in PER else known
    return f"{said}{comma}{rest.replace('_', ' ')}"


def _day(value: date, language: str) -> str:
    return str(format_date(value, "long", locale=_LOCALES[language]))


def _month_day(value: date, language: str) -> str:
    return str(format_date(value, "MMMM d" if language == "en" else "d 'de' MMMM", locale=_LOCALES[language]))
