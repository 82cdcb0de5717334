"""Meters whose next test is due: years of their type after the last test they passed, by the policy in force."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.shop.due import tests_due
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.reports import asking
from meterbook.reports.columns import ACCOUNT, ADDRESS, METER, ROUTE, always
from meterbook.reports.contract import Asked, CannotReport, Column, Parameter, Report, Row
from meterbook.reports.places import PLACE, PLACED, WITHIN, account_on
from meterbook.reports.rows import fetch

_SQL = f"""
SELECT m.id AS meter_id, n.number AS account, {PLACED}
  FROM metering_meter m
  JOIN metering_installation i ON i.meter_id = m.id AND i.validity @> %(as_of)s::date
  JOIN places_servicepoint s ON s.id = i.service_point_id {PLACE} {account_on("%(as_of)s")}
 WHERE m.id = ANY(%(meters)s) AND {WITHIN}
"""


def rows(asked: Asked) -> list[Row]:
    """Hanging meters due by the day asked for, those overdue longest first."""
    until, on = asked.day("due_by"), asked.day("as_of")
    try:
        due = tests_due(on).filter(pl.col("due_on") <= until).sort("due_on", "serial")
    except MeterRefused:
        raise CannotReport(
            _("No limits for meter tests are in force on that day. Release the policy meter-accuracy first.")
        ) from None
    places = {row["meter_id"]: row for row in fetch(_SQL, asked, meters=due["meter"].to_list())}
    return [
        {
            **places[row["meter"]], "meter": row["serial"], "commodity": row["commodity"], "size": row["size"],
            "began_on": row["began_on"], "tested_on": row["tested_on"], "due_on": row["due_on"],
            "overdue": max((on - row["due_on"]).days, 0),
        }
        for row in due.iter_rows(named=True) if row["meter"] in places
    ]  # fmt: skip


def _in_a_year(today: date) -> date:
    return today + timedelta(days=365)


REPORT = Report(
    name="tests_due",
    title=_("Meter tests due"),
    says=_("Hanging meters whose next test is due: years of their type after the last test they passed."),
    area="meters",
    parameters=(
        asking.CYCLE, asking.ROUTE, asking.AS_OF,
        Parameter("due_by", _("Due by"), "day", default=_in_a_year),
    ),
    columns=always(
        METER,
        Column("commodity", _("Service"), "words", "commodity", filter="choice", choices=("electricity", "water")),
        Column("size", _("Size"), filter="text"),
        ACCOUNT, ADDRESS, ROUTE,
        Column("began_on", _("In use since"), "date", spare=True, origin="meter", origin_key="meter_id"),
        Column("tested_on", _("Passed last"), "date", origin="meter", origin_key="meter_id"),
        Column("due_on", _("Test due"), "date", origin="meter", origin_key="meter_id"),
        Column("overdue", _("Days overdue"), "count"),
    ),
    rows=rows,
    empty=_("No hanging meter is due by that day."),
)  # fmt: skip
