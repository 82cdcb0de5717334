"""Month-end in the tests' office: July 2024, before anything was booked, asked to be locked by the supervisor."""

from __future__ import annotations

from tests.web.office import BILL_2, Office, act

from meterbook.records.closing.checklist import OPEN, STRICT, checklist
from meterbook.records.closing.models import PeriodLock
from meterbook.records.closing.months import period_of
from meterbook.records.closing.operations.lock_month import propose_lock
from meterbook.records.closing.operations.sign import sign_item

ASKED, MONTH = "2024-07", "2026-08"
PLAIN = ("closing",)
POSTED_ONLY = {"closing_take_back", "closing_ask", "closing_ask_accrual", "closing_write_journal"}
FILES = {"closing_file", "closing_evidence"}


def asked(office: Office) -> PeriodLock:
    """The request to lock the first month; everything on its checklist signed."""
    found = PeriodLock.objects.first()
    if found is not None:
        return found
    finance, month = act(office.staff["finance"], BILL_2, "first month"), period_of(ASKED)
    for one in checklist(month):
        if one.state == OPEN and one.item.code not in STRICT:
            sign_item(
                finance, period=month, item=one.item.code, note="before Meterbook", file_name="a.pdf", content=b"x"
            )
    return propose_lock(act(office.staff["supervisor"], BILL_2, "July"), period=month)


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the month-end pages."""
    asked(office)
    return {
        "closing_month": [MONTH], "closing_books": [MONTH], "closing_figure": [MONTH, "1221", "bills"],
        "closing_reconcile": [MONTH], "closing_waiting": [MONTH, "clearing"], "closing_unbilled": [MONTH],
        "closing_journal": [MONTH], "closing_sign": [MONTH, "bank"], "closing_lock": [ASKED],
    }  # fmt: skip
