"""The impact of a draft as a spreadsheet: XLSX with a sheet for each table, or one CSV of classes and charges."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext

from meterbook.engine.rates.study.report import Compared, Impact
from meterbook.records.customers.screens import holders
from meterbook.web.kit import words
from meterbook.web.kit.cells import unformula
from meterbook.web.rates.workbench.chart import bucket_words

Rows = list[list[Any]]


def _money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _compared(found: Compared) -> list[Any]:
    return [_money(found.old), _money(found.new), _money(found.difference), found.percent]


def sheets(impact: Impact, language: str) -> Iterator[tuple[str, list[str], Rows]]:
    """Every table of an impact: its title, its heads, its rows. Money in dollars, exactly."""
    money = [gettext("Today, $"), gettext("Draft, $"), gettext("Change, $"), gettext("Change, %")]
    classes: Rows = [
        [words.say("premise_class", each.name), each.accounts, each.bills, *_compared(each.revenue)]
        for each in impact.classes
    ]
    classes.append([gettext("Total"), impact.accounts, impact.bills, *_compared(impact.total)])
    yield gettext("By class"), [gettext("Class"), gettext("Accounts"), gettext("Bills"), *money], classes
    charges: Rows = [
        [words.say("premise_class", each.name), one.label[language], *_compared(one.revenue)]
        for each in impact.classes
        for one in each.components
    ]
    yield gettext("By charge"), [gettext("Class"), gettext("Charge"), *money], charges
    spread: Rows = [[bucket_words(each), each.count] for each in impact.by_dollars]
    yield gettext("Change of a bill"), [gettext("Change of a bill"), gettext("Bills")], spread
    most = [*impact.most_up, *impact.most_down]
    names = holders([each.account for each in most])
    affected: Rows = [[one.account, names.get(one.account, ""), one.bills, *_compared(one.revenue)] for one in most]
    yield gettext("Most affected"), [gettext("Account"), gettext("Holder"), gettext("Bills"), *money], affected


def as_xlsx(impact: Impact, language: str) -> bytes:
    """A workbook of every table."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1})
    money, plain = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "#,##0"})
    for title, heads, rows in sheets(impact, language):
        sheet = book.add_worksheet(title[:31])
        sheet.write_row(0, 0, heads, head)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                form = money if isinstance(value, Decimal) else plain if isinstance(value, int) else None
                sheet.write(at, column, value, form)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    book.close()
    return made.getvalue()


def as_csv(impact: Impact, language: str) -> str:
    """Classes and their charges as one CSV."""
    made = StringIO()
    writer = csv.writer(made)
    tables = list(sheets(impact, language))
    for _title, heads, rows in tables[:2]:
        writer.writerow(heads)
        writer.writerows([unformula(each) if isinstance(each, str) else each for each in row] for row in rows)
        writer.writerow([])
    return "\ufeff" + made.getvalue()
