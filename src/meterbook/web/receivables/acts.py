"""What the forms of receivables do when they are sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.customers.operations.declare_relation import declare_interest, end_interest
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.ledger.operations.set_order import set_account_order
from meterbook.records.ledger.screens import open_item
from meterbook.records.payments.by_hand.operations.ask_change import (
    apply_credit,
    move_by_hand,
    reverse_by_hand,
    transfer_balance,
    transfer_credit,
)
from meterbook.records.payments.by_hand.operations.decide_change import decide_change, withdraw_change
from meterbook.records.platform.queries import business_date, user_named
from meterbook.web.kit.access import act


def _told(request: HttpRequest, made: Any) -> str:
    messages.success(
        request, gettext("Booked.") if made.state == "done" else gettext("A second person has been asked.")
    )
    return reverse("hand_change", args=[made.pk])


def taken_back(request: HttpRequest, payment: Any, given: dict[str, Any]) -> str:
    """Take a payment back, or ask for it."""
    made = reverse_by_hand(act(request, given["note"]), payment=payment, reason=given["reason"], note=given["note"])
    return _told(request, made)


def moved(request: HttpRequest, payment: Any, source: Any, given: dict[str, Any]) -> str:
    """Move cents of a payment, or ask for it."""
    made = move_by_hand(
        act(request, given["note"]), payment=payment, source=source, target=given["target"],
        amount_cents=given["amount"], reason=given["reason"], note=given["note"],
    )  # fmt: skip
    return _told(request, made)


def carried(request: HttpRequest, account: Any, what: str, given: dict[str, Any]) -> str:
    """Carry a credit or a balance, or ask for it."""
    more = {"source": account, "target": account_numbered(given["target"]), "reason": given["reason"],
            "note": given["note"]}  # fmt: skip
    deed = act(request, given["note"])
    if what == "credit":
        return _told(request, transfer_credit(deed, amount_cents=given["amount"], **more))
    return _told(request, transfer_balance(deed, **more))


def applied(request: HttpRequest, given: dict[str, Any]) -> str:
    """Let a credit settle a charge, or ask for it."""
    made = apply_credit(
        act(request, given["note"]), credit=open_item(int(given["credit"])), charge=open_item(int(given["charge"])),
        amount_cents=given["amount"], reason=given["reason"], note=given["note"],
    )  # fmt: skip
    return _told(request, made)


def decided(request: HttpRequest, asked: Any, given: dict[str, Any], back: str) -> str:
    """Approve or refuse."""
    approve = request.POST.get("decision") == "approve"
    decide_change(act(request, given["reason"]), request=asked, approve=approve)
    messages.success(request, gettext("Approved and booked.") if approve else gettext("Refused. Nothing was booked."))
    return back


def withdrawn(request: HttpRequest, asked: Any) -> str:
    """Take back what one asked for."""
    withdraw_change(act(request), request=asked)
    messages.success(request, gettext("Taken back. Nothing was booked."))
    return reverse("hand_changes")


def ordered(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """Give an account its own order of payment."""
    set_account_order(
        act(request, given["reason"]), account=account, current_from=given["current_from"], begins=given["begins"],
        ends=given["ends"],
    )  # fmt: skip
    messages.success(request, gettext("Current bills are paid first from that day on."))
    return reverse("receivable", args=[account.number])


def declared(request: HttpRequest, given: dict[str, Any]) -> str:
    """Mark an account as somebody's own or family's."""
    declare_interest(
        act(request, given["reason"]), user=user_named(given["user"]), account=given["account"], kind=given["kind"]
    )
    messages.success(request, gettext("Declared. This person moves no money on that account from today on."))
    return reverse("relations")


def relation_ended(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """Let a mark end today."""
    end_interest(act(request, given["reason"]), interest=found, ends=business_date() + timedelta(days=1))
    messages.success(request, gettext("The relation ends tomorrow."))
    return reverse("relations")
