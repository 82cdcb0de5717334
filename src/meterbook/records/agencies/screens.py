"""What pages, reports and commands show of agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from meterbook.engine.ledger.agencies.agreements import Agency
from meterbook.records.agencies.accrual import Accrual
from meterbook.records.agencies.agreements import agreements_on
from meterbook.records.agencies.models import AgencyFigure, AgencyFile, Remittance
from meterbook.records.agencies.statement import Statement, statement
from meterbook.records.billing.models import Bill
from meterbook.records.customers.models import Account
from meterbook.records.platform.models import Attachment


def agencies(today: date) -> list[Agency]:
    """Every agreement in force, by name of its code."""
    return [found for _, found in sorted(agreements_on(today)[1].items())]


def newest(today: date) -> list[Statement]:
    """The statement of every agency for the last period that is over."""
    return [statement(one.code, one.period_before(today)[0], today) for one in agencies(today)]


@dataclass(frozen=True, slots=True)
class Drilled:
    """One booking behind a statement: whose account, what it was, on which day, gross cents."""

    number: str
    source_kind: str
    source_id: int
    words: str
    on: date
    ledger: str
    service: str
    allocation: int
    cents: int


def drilled(accruals: Sequence[Accrual]) -> list[Drilled]:
    """The bookings behind a statement's lines with account numbers and bills."""
    numbers = dict(Account.objects.filter(pk__in={one.account_id for one in accruals}).values_list("pk", "number"))
    bills = {one.source_id for one in accruals if one.source_kind == "bill"}
    named = dict(Bill.objects.filter(pk__in=bills).values_list("pk", "number"))
    return [
        Drilled(
            numbers.get(one.account_id, ""), one.source_kind, one.source_id,
            named.get(one.source_id, "") if one.source_kind == "bill" else "", one.on, one.ledger, one.service,
            one.allocation, one.gross,
        )
        for one in accruals
    ]  # fmt: skip


def remittances() -> QuerySet[Remittance, Any]:
    """Everything handed over or asked for, with who asked and who decided."""
    return Remittance.objects.values(
        "id", "agency", "basis", "starts", "ends", "opening_cents", "accrued_cents", "settled_cents", "fee_cents",
        "paid_cents", "effective_on", "state", asker=F("proposed_by__actor__username"),
        decider=F("decided_by__actor__username"),
    )  # fmt: skip


def find_remittance(remittance_id: int) -> Remittance | None:
    """One remittance, or nothing."""
    rows = Remittance.objects.select_related("approval__requested_by", "proposed_by__actor", "decided_by__actor")
    return rows.filter(pk=remittance_id).first()


def of_request(approval_id: int) -> Remittance | None:
    """The remittance a request is about, or nothing."""
    return Remittance.objects.filter(approval_id=approval_id).first()


def of_period(agency: str, starts: date) -> Remittance | None:
    """What was asked for or handed over for a period, refusals left out."""
    rows = Remittance.objects.select_related("approval", "proposed_by__actor", "decided_by__actor")
    return rows.filter(agency=agency, starts=starts).exclude(state=Remittance.REFUSED).first()


def files(agency: str) -> list[Any]:
    """The files exchanged with an agency, newest first."""
    rows = AgencyFile.objects.filter(agency=agency).order_by("-id")
    return list(
        rows.values(
            "id", "direction", "format", "starts", "ends", "file_name", "rows", by=F("deed__actor__username"),
            on=F("deed__business_date"),
        )
    )  # fmt: skip


def file_content(file_id: int) -> Attachment | None:
    """A file as it was handed over or taken, or nothing."""
    found = AgencyFile.objects.select_related("original").filter(pk=file_id).first()
    return found.original if found else None


def differences(file_id: int) -> list[Any]:
    """The figures of a file that are not ours, in the file's order."""
    rows = AgencyFigure.objects.filter(file_id=file_id).exclude(theirs_e8=F("ours_e8")) | (
        AgencyFigure.objects.filter(file_id=file_id, ours_e8__isnull=True)
    )
    return list(rows.order_by("line", "pk").values("line", "subject", "name", "theirs_e8", "ours_e8", "unit", "starts"))
