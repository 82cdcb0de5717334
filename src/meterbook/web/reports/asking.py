"""A report's parameters as fields, and the report made from what the address says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from meterbook.records.billing.screens import cycles, run_numbers
from meterbook.records.metering.shop.route_screens import routes
from meterbook.records.platform.queries import business_date
from meterbook.reports.asking import asked
from meterbook.reports.contract import Asked, CannotReport, Parameter, Report, Row, WrongParameter
from meterbook.reports.rows import made_at
from meterbook.web.kit import figures
from meterbook.web.kit.tables import typed
from meterbook.web.reports.table import ReportTable, report_table


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter above the table: what is in it, what can be chosen, what is wrong with it."""

    parameter: Parameter
    value: str
    options: list[tuple[str, str]]
    error: str


def made(request: HttpRequest, report: Report) -> tuple[ReportTable, list[Field]]:
    """The report as the address asks for it, and its fields; a parameter that cannot be read is said beside it."""
    given = {each.name: typed(request, each.name) for each in report.parameters}
    today, wrong, refusal = business_date(), "", ""
    settled: Asked | None = None
    rows: list[Row] = []
    try:
        settled = asked(report, given, today)
        rows = report.rows(settled)
    except WrongParameter as error:
        wrong, refusal, settled = error.name, in_words(error, report), None
    except CannotReport as error:
        refusal, settled = str(error), None
    table = report_table(request, report, settled, rows, notes(report, settled, len(rows)), refusal)
    fields = [_field(each, given, settled, today, refusal if each.name == wrong else "") for each in report.parameters]
    return table, fields


def in_words(error: WrongParameter, report: Report) -> str:
    """What to type instead, naming the parameter as the page does."""
    title = next((each.title for each in report.parameters if each.name == error.name), error.name)
    return gettext("%(parameter)s: “%(found)s” is not %(expected)s.") % {
        "parameter": title, "found": error.found, "expected": error.expected,
    }  # fmt: skip


def notes(report: Report, settled: Asked | None, rows: int) -> list[tuple[str, str]]:
    """What stands with the rows on screen, paper and workbook: parameters, business date, the moment it was made."""
    if settled is None:
        return []
    told = [(str(each.title), _said(each, settled.values[each.name])) for each in report.parameters]
    more = report.notes(settled) if report.notes is not None else []
    return [
        (gettext("Report"), str(report.title)),
        *((title, words) for title, words in told if words),
        *more,
        (gettext("Business date"), figures.day(settled.today)),
        (gettext("Made"), figures.moment(made_at())),
        (gettext("Found"), ngettext("%(n)d row", "%(n)d rows", rows) % {"n": rows}),
    ]


def _said(parameter: Parameter, value: Any) -> str:
    if isinstance(value, date):
        return figures.day(value)
    if parameter.choices is not None:
        return str(parameter.choices[value]) if value else ""
    return str(value)


def _field(parameter: Parameter, given: Mapping[str, str], settled: Asked | None, today: date, error: str) -> Field:
    value: Any = given[parameter.name]
    if settled is not None:
        value = settled.values[parameter.name]
    elif not value and parameter.default is not None:
        value = parameter.default(today)
    text = f"{value.month}/{value.day}/{value.year}" if isinstance(value, date) else str(value)
    return Field(parameter, text, _options(parameter), error)


def _options(parameter: Parameter) -> list[tuple[str, str]]:
    if parameter.choices is not None:
        return [(code, str(words)) for code, words in parameter.choices.items()]
    codes = []
    if parameter.kind == "cycle":
        codes = [each.code for each in cycles()]
    elif parameter.kind == "route":
        codes = [row["code"] for row in routes().order_by("code")]
    elif parameter.kind == "run":
        return [(number, number) for number in run_numbers()]
    return [("", gettext("All")), *((code, code) for code in codes)] if codes else []
