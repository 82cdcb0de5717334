"""A statement as the strings the template places."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date

from meterbook.engine.money import dollars
from meterbook.notices.agency_statement.words import words
from meterbook.records.agencies.statement import OwnedLine, Statement
from meterbook.records.platform.queries import utility

_LOCALES = {"en": "en_US", "es": "es_US"}
MINUS = "\N{MINUS SIGN}"


def money(cents: int) -> str:
    """Cents as dollars, the minus sign first.

    >>> money(-123456)
    '−$1,234.56'
    """
    return f"{MINUS if cents < 0 else ''}${dollars(abs(cents)):,.2f}"


def statement_data(found: Statement, language: str, printed_on: date) -> dict[str, Any]:
    """Every string of the page, in the order it stands."""
    w, house = words(language), utility()

    def day(value: date) -> str:
        return format_date(value, "long", locale=_LOCALES[language])

    rows = [[w["opening"], "", money(found.opening_cents)]]
    rows += [[_said(line, w), _share(line, w), money(line.accrued_cents)] for line in found.lines]
    rows += [[w["settled"], "", money(-found.settled_cents)]]
    due = [[w["due"], money(found.due_cents)]]
    if found.agency.fee_ppm:
        due += [[w["fee"], money(-found.fee_cents)], [w["pay"], money(found.due_cents - found.fee_cents)]]
    books = [[w["books"], money(found.reconciled.books)], [w["all_billed"], money(found.reconciled.billed)]]
    if found.agency.basis == "collected":
        books += [[w["all_collected"], money(found.reconciled.collected)], [w["open"], money(found.reconciled.open)]]
    return {
        "language": language, "date": [printed_on.year, printed_on.month, printed_on.day], "title": w["title"],
        "issuer": house.name, "issuer_lines": [house.department, *house.address_lines],
        "agency": found.agency.name[language],
        "period": w["period"].format(starts=day(found.starts), last=day(found.ends - timedelta(days=1))),
        "basis": w[found.agency.basis], "heads": [w["item"], "", w["amount"]], "rows": rows,
        "closing": [w["closing"], money(found.closing_cents)], "due": due, "reconciled": w["reconciled"],
        "books": books, "difference": [w["difference"], money(found.reconciled.difference)],
        "citation": found.agency.citation, "page": w["page"], "printed": w["printed"].format(day=day(printed_on)),
    }  # fmt: skip


def _said(line: OwnedLine, w: dict[str, str]) -> str:
    if line.account:
        return w["account"].format(code=line.account)
    return w["service"].format(service=w.get(line.service, line.service))


def _share(line: OwnedLine, w: dict[str, str]) -> str:
    if line.share_ppm == 1_000_000:
        return ""
    percent = f"{Decimal(line.share_ppm).scaleb(-4).normalize():f}"
    return w["share"].format(percent=percent, gross=money(line.gross_cents))
