"""A report without a screen: the same table, asked by nobody's address, for files made on the command line."""

from __future__ import annotations

from django.http import HttpRequest

from meterbook.reports.contract import Asked, Report, Row
from meterbook.web.reports.asking import notes
from meterbook.web.reports.table import ReportTable, report_table


def table_of(report: Report, settled: Asked, rows: list[Row]) -> ReportTable:
    """The table of a report as asked, every row kept, in its first order."""
    return report_table(HttpRequest(), report, settled, rows, notes(report, settled, len(rows)))
