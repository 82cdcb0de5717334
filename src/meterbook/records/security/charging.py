"""Charging instalments: each on its day, once, against deposits asked for and not yet paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import polars as pl
from django.db.models import Exists, OuterRef, QuerySet

from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.ledger.deposits.instalments import SOURCE
from meterbook.records.ledger.models import OpenItem
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period
from meterbook.records.security.models import Instalment


def due_to_charge(day: date) -> QuerySet[Instalment, Instalment]:
    """Instalments whose day has come and that are not charged yet, of assessments that stand and accounts served."""
    served = ServiceAgreement.objects.filter(account=OuterRef("assessment__account"), validity__contains=day)
    charged = OpenItem.objects.filter(source_kind=SOURCE, source_id=OuterRef("pk"))
    found = Instalment.objects.filter(
        ~Exists(charged),
        Exists(served),
        charge_on__lte=day,
        assessment__cancelled_by=None,
        assessment__account__closed_on=None,
    )
    return found.select_related("assessment").order_by("due_on", "assessment__account_id", "pk")


def charge(deed: Deed, instalments: Sequence[Instalment]) -> int:
    """Charge instalments, set-wise by due date; returns how many. The same one twice is refused by the database."""
    day, against = deed.business_date, account_for("deposits_asked") if instalments else None
    for due_on, group in groupby(instalments, key=lambda one: one.due_on):
        assert against is not None
        rows = [(one.assessment.account_id, one.service, against.pk, one.amount_cents, one.pk) for one in group]
        book(
            pl.DataFrame(rows, schema=dict(BOOKED), orient="row"), source_kind=SOURCE, due_on=max(due_on, day),
            effective_on=day, period=accounting_period(day), deed=deed,
        )  # fmt: skip
    for one in instalments:
        tell(deed, "security.instalment_charged", instalment=one.pk, account=one.assessment.account_id)
    return len(instalments)
