"""What the forms of returned payments do when they are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.platform.queries import business_date
from meterbook.records.returns.operations.return_payments import return_payment
from meterbook.records.returns.operations.tender_bans import ban_tender, lift_ban
from meterbook.records.returns.operations.waive_fee import ask_waiver, decide_waiver
from meterbook.web.kit.access import act


def may_decide(request: HttpRequest, asked: Any) -> dict[str, object]:
    """Whether this person decides the request that waits."""
    mine = asked is not None and asked.requested_by_id == request.user.pk
    may = asked is not None and not mine and decide_waiver.permitted(request.user, business_date())  # type: ignore[arg-type]
    return {"mine": mine, "may_decide": may, "waits": "proposed" if asked else ""}


def given_back(request: HttpRequest, payment: Any, given: dict[str, Any]) -> str:
    """Take the payment back."""
    reversal = return_payment(
        act(request, given["note"]), payment=payment, kind=given["kind"], code=given["code"],
        returned_on=given["returned_on"],
    )  # fmt: skip
    messages.success(request, gettext("The payment is taken back."))
    found = getattr(reversal, "consequence", None)
    return reverse("returned_payment", args=[found.pk]) if found else reverse("returned_payments")


def waiver_asked(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """Ask a second person."""
    ask_waiver(act(request, given["note"]), returned=found, reason=given["reason"])
    messages.success(request, gettext("A second person has been asked."))
    return reverse("returned_payment", args=[found.pk])


def waiver_decided(request: HttpRequest, found: Any, asked: Any, given: dict[str, Any]) -> str:
    """Approve or refuse."""
    approve = request.POST.get("decision") == "approve"
    decide_waiver(act(request, given["note"]), returned=found, request=asked, approve=approve)
    messages.success(request, gettext("Approved and booked.") if approve else gettext("Refused. Nothing was booked."))
    return reverse("returned_payment", args=[found.pk])


def banned(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """Refuse the tender."""
    ban_tender(act(request, given["note"]), account=account, scope=given["scope"], ends=given["ends"])
    messages.success(request, gettext("Refused from today on."))
    return reverse("account", args=[account.number])


def lifted(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """Allow the tender again."""
    lift_ban(act(request, given["reason"]), ban=found)
    messages.success(request, gettext("Allowed again from tomorrow."))
    return reverse("tender_bans")
