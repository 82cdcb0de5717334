"""The year as a table: a row a cycle and period, a column a kind of date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.engine.billing.calendar.words import TITLE
from meterbook.records.billing.calendar import screens
from meterbook.records.platform.queries import business_date
from meterbook.web.billing.calendar.said import day_alone, month_name, weekday, weekday_day
from meterbook.web.kit.cells import Cell, Column, Row, shown
from meterbook.web.kit.tables import Table

#: Periods on a page: two cycles of twelve.
PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class DayCell(Cell):
    """A date in the grid: today or past, set by hand, and the day it is published on if the proposal moves it."""

    when: str = ""
    by_hand: bool = False
    was: str = ""
    weekday: str = ""


@dataclass
class YearTable(Table):
    """The kit's table over periods, with cells that know their date."""

    year: int = 0
    today: date = date.min
    dates: dict[tuple[int, date, str], Any] = field(default_factory=dict)
    moved: dict[tuple[str, date, str], date] = field(default_factory=dict)

    def _cell(self, column: Column, row: Row) -> Cell:
        found = self.dates.get((row["edition_id"], row["month"], column.key))
        if found is None:
            plain = month_name(row["month"]) if column.key == "month" else shown(column, row.get(column.key))
            return Cell(column, plain)
        was = self.moved.get((row["cycle_code"], row["month"], column.key))
        when = "now" if found.day == self.today else "past" if found.day < self.today else ""
        return DayCell(
            column, day_alone(found.day), reverse("calendar_date", args=[found.pk]), when,
            found.set_by_id is not None, weekday_day(was, self.year) if was else "", weekday(found.day, self.year),
        )  # fmt: skip


def columns(kinds: list[str]) -> tuple[Column, ...]:
    """Cycle, period, and a column a kind of date."""
    return (
        Column("cycle_code", _("Cycle"), kind="code", source="edition__cycle__code", filter="choice",
               choices=screens.cycle_codes()),
        Column("month", _("Period"), kind="date"),
        *(Column(kind, _(TITLE[kind]), kind="date") for kind in kinds),
    )  # fmt: skip


def year_table(request: HttpRequest, year: int, *, proposed: bool) -> YearTable:
    """The table of a year: what is published, or what is proposed."""
    table = YearTable(
        request, screens.year_rows(year, proposed=proposed), columns(screens.kinds(year, proposed=proposed)),
        order=("edition__cycle__code", "month"), name=f"calendar-{year}" + ("-proposal" if proposed else ""),
        title=_("Proposed dates") if proposed else _("Published dates"),
        empty=_("No calendar of this year is published yet. Compute it, look at it, publish it."), per_page=PER_PAGE,
        year=year, today=business_date(), moved=screens.changed(year) if proposed else {},
    )  # fmt: skip
    table.enrich = lambda rows: table.dates.update(screens.dates_of([row["edition_id"] for row in rows]))
    return table
