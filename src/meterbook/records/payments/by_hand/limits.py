"""The policy `receivable-limits` in force, and what somebody may still do alone on an account."""

from __future__ import annotations

from datetime import date, timedelta

import yaml
from django.db.models import Q, Sum

from meterbook.engine.billing.adjusting.reasons import dollars
from meterbook.engine.ledger.limits import Limits, parse_limits
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.payments.by_hand.models import HandChange
from meterbook.records.platform.models import Deed, Document
from meterbook.records.platform.policies import NoPolicy, released
from meterbook.records.platform.roles import roles_of


def limits_on(day: date) -> tuple[Document, Limits]:
    """The document and what it says; raises `NoPolicy` and `WrongLimits`."""
    document = released("receivable-limits", day)
    if document is None:
        raise NoPolicy(f"no policy receivable-limits is in force on {day}")
    return document, parse_limits(yaml.safe_load(document.body))


def why_second(deed: Deed, kind: str, accounts: list[Account], cents: int, limits: Limits) -> Step | None:
    """Why a second person decides about this amount; None where the asker may do it alone."""
    since = deed.business_date - timedelta(days=limits.counted_days)
    rows = HandChange.objects.filter(
        Q(from_account__in=accounts) | Q(to_account__in=accounts), kind=kind, state=HandChange.DONE,
        approval__isnull=True, asked_by__actor=deed.actor, asked_by__business_date__gt=since,
    )  # fmt: skip
    counted = int(rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0)
    most = limits.alone_up_to(kind, roles_of(deed.actor, deed.business_date))
    if counted + cents <= most:
        return None
    return Step(
        N_("Together with {counted} done before this is above your own limit of {most}."),
        {"counted": dollars(counted), "most": dollars(most)},
    )
