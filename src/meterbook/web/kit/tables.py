"""The data table: the main instrument. Search, sort, filters, pages, totals, CSV and XLSX, all done by the server.

A screen hands over a query of rows and its columns; the address bar holds the whole state, so a link shows the
same table to a colleague and Back returns to it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from itertools import islice
from typing import Any

import xlsxwriter
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext

from meterbook.web.kit.cells import Cell, Column, Row, number_format, plain, shown

PER_PAGE = 50
_BLOCK = 1000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def typed(request: HttpRequest, name: str) -> str:
    """What the address asks for, without the NUL no database looks for."""
    return request.GET.get(name, "").replace("\0", "").strip()


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: its title, the link that sorts by it, and how it is sorted now."""

    column: Column
    sort_query: str
    direction: str
    filter_value: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table as shown."""

    cells: list[Cell]


@dataclass
class Table:
    """A table over a query of rows (`QuerySet.values`), in the state its address says.

    ``search`` are the ORM paths one search box looks through; ``enrich`` adds values to the rows of one page that
    would be too dear to compute for all; ``order`` is the first order, and always ends in a unique column.
    """

    request: HttpRequest
    query: QuerySet[Any, Any]
    columns: Sequence[Column]
    order: Sequence[str]
    name: str
    title: str | Promise
    empty: str | Promise
    search: Sequence[str] = ()
    search_label: str | Promise = ""
    enrich: Callable[[list[Row]], None] | None = None
    per_page: int = PER_PAGE
    _filters: dict[str, str] = field(default_factory=dict, init=False)

    @cached_property
    def asked(self) -> str:
        """What was typed into the search box."""
        return typed(self.request, "q")

    @cached_property
    def sorted_by(self) -> tuple[Column | None, str]:
        """The column sorted by and the direction: ``""`` or ``"-"``."""
        wanted = self.request.GET.get("sort", "")
        direction, key = ("-", wanted[1:]) if wanted.startswith("-") else ("", wanted)
        column = next((each for each in self.columns if each.key == key and each.sort), None)
        return column, direction

    @cached_property
    def filters(self) -> dict[str, str]:
        """The filters set, by column key."""
        found = {each.key: typed(self.request, f"f-{each.key}") for each in self.columns if each.filter}
        return {key: value for key, value in found.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.asked or self.filters)

    @cached_property
    def matching(self) -> QuerySet[Any, Any]:
        """Every row that passes the search and the filters, in order."""
        query = self.query
        if self.asked and self.search:
            wanted = Q()
            for path in self.search:
                wanted |= Q(**{f"{path}__icontains": self.asked})
            query = query.filter(wanted)
        for column in self.columns:
            if value := self.filters.get(column.key):
                query = query.filter(**{column.path + ("__icontains" if column.filter == "text" else ""): value})
        column_sorted, direction = self.sorted_by
        first = [f"{direction}{column_sorted.path}"] if column_sorted else []
        return query.order_by(*first, *self.order)

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for; the nearest there is."""
        return Paginator(self.matching, self.per_page).get_page(self.request.GET.get("page"))

    @cached_property
    def lines(self) -> list[Line]:
        """The rows of this page as cells."""
        rows = list(self.page.object_list)
        if self.enrich:
            self.enrich(rows)
        return [Line([self._cell(column, row) for column in self.columns]) for row in rows]

    def _cell(self, column: Column, row: Row) -> Cell:
        return Cell(column, shown(column, row.get(column.key)), column.href(row) if column.href else "")

    @cached_property
    def headings(self) -> list[Heading]:
        """The heads with their sorting links."""
        now, direction = self.sorted_by
        made = []
        for column in self.columns:
            current = direction or "+" if column is now else ""
            link = self._with(sort=f"-{column.key}" if current == "+" else column.key, page="") if column.sort else ""
            made.append(Heading(column, link, current, self.filters.get(column.key, "")))
        return made

    @property
    def has_filters(self) -> bool:
        """Whether a filter row is shown."""
        return any(column.filter for column in self.columns)

    @cached_property
    def totals(self) -> list[Cell] | None:
        """The foot: sums over every matching row, not only this page."""
        summed = [column for column in self.columns if column.total]
        if not summed:
            return None
        found = self.matching.order_by().aggregate(**{f"sum_{each.key}": Sum(each.path) for each in summed})
        return [
            Cell(column, shown(column, found[f"sum_{column.key}"] or 0) if column.total else "")
            for column in self.columns
        ]

    @property
    def csv_query(self) -> str:
        """The address of the same rows as CSV."""
        return self._with(**{"as": "csv", "page": ""})

    @property
    def xlsx_query(self) -> str:
        """The address of the same rows as a workbook."""
        return self._with(**{"as": "xlsx", "page": ""})

    @property
    def print_query(self) -> str:
        """The address of a page made for paper, or nothing."""
        return ""

    @property
    def bare_query(self) -> str:
        """The address of the same table without search and filters."""
        return self.request.path

    @property
    def about(self) -> Sequence[tuple[str, str]]:
        """What stands with the rows wherever they go: on the screen, on paper, on a workbook's second sheet."""
        return ()

    def rows(self) -> Iterator[Row]:
        """Every matching row in order, not only this page's."""
        found = self.matching.iterator(chunk_size=_BLOCK)
        while block := list(islice(found, _BLOCK)):
            if self.enrich:
                self.enrich(block)
            yield from block

    @property
    def next_query(self) -> str:
        """The address of the next page, or nothing."""
        return self._with(page=str(self.page.next_page_number())) if self.page.has_next() else ""

    @property
    def previous_query(self) -> str:
        """The address of the page before, or nothing."""
        return self._with(page=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    def _with(self, **changes: str) -> str:
        params = self.request.GET.copy()
        for key, value in changes.items():
            if value:
                params[key] = value
            else:
                params.pop(key, None)
        return f"?{params.urlencode()}"

    def csv_lines(self) -> Iterator[str]:
        """The head and every matching row as CSV: exactly the columns, order and filters on the screen."""
        writer = csv.writer(_Echo())
        yield "\ufeff"
        yield writer.writerow([str(column.title) for column in self.columns])
        for row in self.rows():
            yield writer.writerow([plain(column, row.get(column.key)) for column in self.columns])

    def xlsx(self) -> bytes:
        """The head and every matching row as a workbook: the same values as the CSV, numbers and days as such."""
        made = BytesIO()
        book = xlsxwriter.Workbook(made, {"in_memory": True})
        sheet, head = book.add_worksheet(gettext("Rows")), book.add_format({"bold": True, "bottom": 1})
        formats = [book.add_format({"num_format": number_format(column)}) for column in self.columns]
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(self.columns):
            sheet.set_column(at, at, max(12, len(str(column.title)) + 2))
            sheet.write_string(0, at, str(column.title), head)
        for line, row in enumerate(self.rows(), 1):
            for at, column in enumerate(self.columns):
                write_cell(sheet, (line, at), column, row.get(column.key), formats[at])
        if self.about:
            notes = book.add_worksheet(gettext("About"))
            notes.set_column(0, 1, 30)
            for line, (name, value) in enumerate(self.about):
                notes.write_string(line, 0, name, head)
                notes.write_string(line, 1, value)
        book.close()
        return made.getvalue()


def write_cell(sheet: Any, place: tuple[int, int], column: Column, value: Any, form: Any) -> None:
    """One value as a spreadsheet keeps it; what the CSV leaves empty stays empty."""
    text = plain(column, value)
    if not text:
        return
    if column.right:
        sheet.write_number(*place, Decimal(text), form)
    elif column.kind == "date":
        sheet.write_datetime(*place, value, form)
    else:
        sheet.write_string(*place, text)


def table_page(
    request: HttpRequest, template: str, table: Table, context: dict[str, object] | None = None
) -> HttpResponseBase:
    """The page around a table, or the table alone as a CSV or XLSX file when the address asks for one."""
    if request.GET.get("as") == "csv":
        response = StreamingHttpResponse(table.csv_lines(), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
        return response
    if request.GET.get("as") == "xlsx":
        book = HttpResponse(table.xlsx(), content_type=_XLSX)
        book.headers["Content-Disposition"] = f'attachment; filename="{table.name}.xlsx"'
        return book
    return render(request, template, {"table": table, "title": table.title, **(context or {})})
