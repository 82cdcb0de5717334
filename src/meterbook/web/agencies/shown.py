"""What the agencies' pages show: statements in the reader's language, their periods before and after."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from meterbook.engine.money import dollars
from meterbook.records.agencies import screens
from meterbook.records.agencies.agreements import UnknownAgency
from meterbook.records.agencies.operations.exchange_files import import_file
from meterbook.records.agencies.statement import Statement, statement
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act, may
from meterbook.web.kit.cells import unformula
from meterbook.web.kit.language import bilingual


def found_statement(code: str, day: str) -> Statement:
    """The statement asked for, or the page that says there is none."""
    try:
        return statement(code, date.fromisoformat(day), business_date())
    except (ValueError, UnknownAgency, NoPolicy):
        raise Http404(f"{code} {day}") from None


def listed() -> list[dict[str, Any]]:
    """Every agency with its last finished period and what is due."""
    try:
        found = screens.newest(business_date())
    except NoPolicy:
        return []
    return [{"name": one.agency.name[bilingual()], "code": one.agency.code, "found": one} for one in found]


def statement_context(request: HttpRequest, found: Statement) -> dict[str, Any]:
    """One statement: its sums, the books beside it, what may be done now."""
    row = screens.of_period(found.agency.code, found.starts)
    return {
        "found": found, "agency": found.agency, "name": found.agency.name[bilingual()], "remitted": row,
        "last_day": found.ends - timedelta(days=1), "before": (found.starts - timedelta(days=1)).isoformat(),
        "after": found.ends.isoformat() if found.ends <= business_date() else "", "day": found.starts.isoformat(),
        "settled_off": -found.settled_cents, "net_cents": found.due_cents - found.fee_cents,
        "bookings": len(found.accruals),
        "may_remit": row is None and found.ends <= business_date() and found.due_cents > 0
        and may(request, "agencies.propose_remittance"),
        "may_exchange": may(request, "agencies.export_file"),
        "exchanges_accounts": "accounts" in found.agency.exchanges,
        "exchanges_usage": bool({"usage", "winter_average", "charges"} & set(found.agency.exchanges)),
        "files": screens.files(found.agency.code)[:20],
    }  # fmt: skip


def lines_csv(found: Statement) -> str:
    """Every booking behind a statement as a spreadsheet reads it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("account", "on", "source", "reference", "ledger", "service", "amount"))
    for row in screens.drilled(found.accruals):
        reference = unformula(row.words) if row.words else row.source_id
        writer.writerow((row.number, row.on, row.source_kind, reference, row.ledger, row.service, dollars(row.cents)))
    return out.getvalue()


def taken(request: HttpRequest, found: Statement, given: dict[str, Any]) -> str:
    """Take an agency's file, say how many figures differ, and where to go."""
    made = import_file(
        act(request, f"file of {found.agency.code}"), agency=found.agency.code, format=given["format"],
        day=found.starts, file_name=given["file"].name, content=given["file"].read(),
    )  # fmt: skip
    different = len(screens.differences(made.pk))
    said = ngettext("%(n)d figure differs from ours.", "%(n)d figures differ from ours.", different)
    messages.success(request, said % {"n": different})
    return reverse("agency_statement", args=[found.agency.code, found.starts.isoformat()])
