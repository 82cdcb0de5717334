"""What an account owes, what is due next, what came in last and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from meterbook.records.autopay import screens as autopay
from meterbook.records.ledger import screens as ledger
from meterbook.records.online import screens as online
from meterbook.records.payments import screens as payments
from meterbook.web.cases.panels import collectable
from meterbook.web.customers.next_dates import coming, unless_paid


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """Money that has not arrived: a draft, or a payment on the hosted page."""

    kind: str
    cents: int
    on: date | None
    href: str


def owing(account: Any, day: date, *, served: bool) -> dict[str, object]:
    """Balance, due dates, last payment and what is on its way, for the page."""
    owed, due = ledger.owed_and_due(account.pk, day)
    paid = payments.newest_of(account.pk)
    dates = coming(account.cycle_id, day, collectable(account.pk, day, due), served=served)
    return {
        "owed": owed,
        "balance": sum(row.balance_cents for row in owed),
        "past_due": sum(row.past_due_cents for row in owed),
        "not_due": sum(row.not_due_cents for row in owed),
        "credit": sum(row.credit_cents for row in owed),
        "past_due_since": min((row.past_due_since for row in owed if row.past_due_since), default=None),
        "next_due": next((one for one in dates if one.kind == "due"), None),
        "shutoff": next((one for one in dates if one.kind == "shutoff"), None),
        "coming": dates,
        "unless": unless_paid(dates),
        "last_paid": paid[0] if paid else None,
        "on_its_way": on_its_way(account.pk),
    }


def on_its_way(account_id: int) -> list[OnItsWay]:
    """Drafts that have not taken their money, and card payments the bank has not settled."""
    drafts = [
        OnItsWay("draft", one.amount_cents, one.settle_on, reverse("decide_draft", args=[one.pk]))
        for one in autopay.on_its_way(account_id)
    ]
    pages = [OnItsWay("online", one.amount_cents, None, reverse("checkouts"))
             for one in online.on_its_way(account_id)]  # fmt: skip
    return drafts + pages
