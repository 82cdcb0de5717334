"""Which bills of a run leave in an envelope of their own: all but those of accounts a payer gets a summary for."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from meterbook.records.billing.models import Bill, BillRun, SummaryMember


def mailed(run: BillRun) -> QuerySet[Bill, Any]:
    """The bills of a run that are mailed alone.

    Memberships count as they were when the run posted: who joins later, even back to a day before, changes nothing of
    the mail that left.
    """
    members = SummaryMember.objects.filter(account=OuterRef("account_id"), validity__contains=run.bill_date)
    if run.posted_by_id is not None:
        members = members.filter(deed__lt=run.posted_by_id)
    return Bill.objects.filter(run=run).exclude(Exists(members))
