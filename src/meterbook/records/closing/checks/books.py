"""Do the books agree: customers' items and deposits with the general ledger, every law, the journal."""

from __future__ import annotations

from django.db import connection

from meterbook.engine.ledger.closing.gl_journal import WrongMapping, journal
from meterbook.engine.ledger.closing.month_end import MonthEnd
from meterbook.engine.trace import N_, Step
from meterbook.records.closing.checks.contract import Found
from meterbook.records.closing.figures import reconcile
from meterbook.records.closing.months import Span
from meterbook.records.closing.pieces import pieces_of
from meterbook.records.closing.settings import gl_journal_on
from meterbook.records.ledger.check import check_laws
from meterbook.records.platform.policies import NoPolicy


def receivables(span: Span, policy: MonthEnd) -> list[Found]:
    """Receivables that are not what customers' items add up to, in all or of any one customer."""
    says = N_("Account {chart}: the items of {count} customers are not what the books say.")
    return [
        Found(Step(says, {"chart": row.chart, "count": row.accounts}), row.difference, "closing_reconcile", "")
        for row in reconcile.receivables(span)
        if row.accounts or abs(row.difference) > policy.tolerance_cents
    ]


def deposits(span: Span, policy: MonthEnd) -> list[Found]:
    """Deposits that are not what their liability says."""
    books, held = reconcile.deposits(span)
    if abs(books - held) <= policy.tolerance_cents:
        return []
    return [Found(Step(N_("Deposits held are not what their liability says.")), books - held)]


#: What the laws said of the books as they stood; a page asks often, and nothing is written without a number.
_KNOWN: dict[tuple[object, ...], list[Found]] = {}
_STATE = """
SELECT current_database()::text, (SELECT max(id) FROM ledger_entry), (SELECT max(id) FROM ledger_openitem),
       (SELECT max(id) FROM ledger_allocation), (SELECT max(id) FROM platform_deed)
"""


def laws(span: Span, policy: MonthEnd) -> list[Found]:
    """Laws of the ledger that are broken, with the first offence; asked again only when something was done since."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        state = tuple(cursor.fetchone())
    if state not in _KNOWN:
        says = N_("Broken: {law} ({first}).")
        broken = [law for law in check_laws() if not law.holds]
        _KNOWN.clear()
        _KNOWN[state] = [Found(Step(says, {"law": law.name, "first": law.offences[0]})) for law in broken]
    return _KNOWN[state]


def journal_writable(span: Span, policy: MonthEnd) -> list[Found]:
    """What keeps the month's journal from being written."""
    try:
        journal(pieces_of(span), gl_journal_on(span.last_day)[0])
    except (WrongMapping, NoPolicy) as error:
        return [Found(Step(N_("The journal cannot be written: {why}."), {"why": str(error)}))]
    return []
