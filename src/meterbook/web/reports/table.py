"""The table of a report: its rows are in hand, so search, sort, filters and totals are done over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from meterbook.reports.contract import Asked, Report, Row
from meterbook.web.kit import figures
from meterbook.web.kit.cells import Cell, Column, plain, shown
from meterbook.web.kit.tables import Line, Table, typed
from meterbook.web.reports.columns import shown_column

_SEARCHED = frozenset({"text", "code", "words", "status"})


@dataclass
class ReportTable(Table):
    """A report's rows in the state the address says; ``kept_names`` are the parameters in the address."""

    found: list[Row] = field(default_factory=list)
    notes: Sequence[tuple[str, str]] = ()
    kept_names: Sequence[str] = ()

    @cached_property
    def kept(self) -> list[Row]:
        """The rows that pass the search and the filters, sorted."""
        passed = [row for row in self.found if self._passes(row)]
        column, direction = self.sorted_by
        if column is not None:
            known = [row for row in passed if row.get(column.key) is not None]
            unknown = [row for row in passed if row.get(column.key) is None]
            key = column.key
            known.sort(key=lambda row: _in_order(row[key]), reverse=direction == "-")
            passed = unknown + known if direction == "-" else known + unknown
        return passed

    def _passes(self, row: Row) -> bool:
        for column in self.columns:
            wanted = self.filters.get(column.key)
            if not wanted:
                continue
            if column.filter == "choice":
                if row.get(column.key) != wanted:
                    return False
            elif wanted.casefold() not in plain(column, row.get(column.key)).casefold():
                return False
        if not self.asked:
            return True
        searched = (plain(each, row.get(each.key)) for each in self.columns if each.kind in _SEARCHED)
        return any(self.asked.casefold() in text.casefold() for text in searched)

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for; the nearest there is."""
        return Paginator(self.kept, self.per_page).get_page(self.request.GET.get("page"))

    def rows(self) -> Iterator[Row]:
        """Every row kept, in order."""
        return iter(self.kept)

    @cached_property
    def every_line(self) -> list[Line]:
        """Every row kept, as cells without links, for paper."""
        return [Line([Cell(each, shown(each, row.get(each.key))) for each in self.columns]) for row in self.kept]

    @cached_property
    def totals(self) -> list[Cell] | None:
        """Sums over every row kept, of the columns of one unit."""
        if not any(column.total for column in self.columns):
            return None
        return [Cell(each, shown(each, self._sum(each)) if each.total else "") for each in self.columns]

    def _sum(self, column: Column) -> int:
        return sum(row.get(column.key) or 0 for row in self.kept)

    @property
    def print_query(self) -> str:
        """The address of these rows on paper."""
        return self._with(**{"as": "print", "page": ""})

    @property
    def bare_query(self) -> str:
        """The report as asked, without search and filters."""
        params = QueryDict(mutable=True)
        for name in self.kept_names:
            if value := typed(self.request, name):
                params[name] = value
        return f"{self.request.path}?{params.urlencode()}" if params else self.request.path

    @property
    def about(self) -> Sequence[tuple[str, str]]:
        """The parameters, the business date and the moment the report was made."""
        return self.notes


def _in_order(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def report_table(
    request: HttpRequest, report: Report, asked: Asked | None, found: list[Row], notes: Sequence[tuple[str, str]],
    refusal: str = "",
) -> ReportTable:  # fmt: skip
    """The table of a report; without ``asked`` it has no columns, and says why in ``refusal``."""
    columns = [shown_column(each) for each in report.columns(asked)] if asked is not None else []
    return ReportTable(
        request, cast("Any", None), columns, order=(), name=report.name.replace("_", "-"), title=report.title,
        empty=refusal or report.empty, search=("rows",), search_label=gettext("In these rows"), found=found,
        notes=notes, kept_names=[each.name for each in report.parameters],
    )  # fmt: skip


def value_in_words(value: Any) -> str:
    """A parameter's value on the line of parameters."""
    return figures.day(value) if hasattr(value, "year") else str(value)
