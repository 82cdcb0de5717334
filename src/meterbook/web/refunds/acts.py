"""What the forms and buttons of refunds do when they are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.refunds.operations.decide import decide_refund, withdraw_refund
from meterbook.records.refunds.operations.end_payout import end_payout, keep_on_account, reissue
from meterbook.records.refunds.operations.export_checks import export_checks
from meterbook.records.refunds.operations.propose import propose_refund
from meterbook.records.refunds.operations.review_credit import review_credit
from meterbook.records.refunds.operations.take_statuses import take_statuses
from meterbook.records.refunds.operations.tell_bank import tell_bank
from meterbook.records.refunds.refusals import RefundRefused
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words


def download(found: Any, content_type: str = "text/plain; charset=utf-8") -> HttpResponse:
    """A file kept here, to download; never shown inside a page of ours."""
    response = HttpResponse(bytes(found.content), content_type=content_type)
    name = "".join(each for each in found.file_name if each.isalnum() or each in "-_. ")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def proposed(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """Ask a second person."""
    to = account_numbered(given["to"].strip()) if given["how"] == "transfer" else None
    made = propose_refund(
        act(request, given["note"]), account=account, how=given["how"], reason=given["reason"], note=given["note"],
        cents=given["amount"], to_account=to,
    )  # fmt: skip
    messages.success(request, gettext("A second person has been asked."))
    return reverse("refund", args=[made.pk])


def stays(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """Say why a credit stays."""
    review_credit(act(request, given["note"]), account=account, reason=given["reason"], note=given["note"])
    messages.success(request, gettext("It stays, and is looked at again later."))
    return reverse("account_credit", args=[account.number])


def decided(request: HttpRequest, refund: Any, given: dict[str, Any]) -> str:
    """Approve or refuse."""
    approve = request.POST.get("decision") == "approve"
    decide_refund(act(request, given["reason"]), refund=refund, approve=approve)
    messages.success(request, gettext("Approved and booked.") if approve else gettext("Refused. Nothing was booked."))
    return reverse("refund", args=[refund.pk])


def withdrawn(request: HttpRequest, refund: Any) -> str:
    """Take back what one asked for."""
    withdraw_refund(act(request), refund=refund)
    messages.success(request, gettext("Taken back. Nothing was booked."))
    return reverse("refunds")


def ended(request: HttpRequest, payout: Any, given: dict[str, Any]) -> str:
    """A check ended."""
    end_payout(act(request, given["why"]), payout=payout, state=given["state"], why=given["why"])
    messages.success(request, gettext("It ended; the money is owed again."))
    return reverse("refund", args=[payout.refund_id])


def paid_again(request: HttpRequest, refund: Any, given: dict[str, Any]) -> str:
    """Another check."""
    reissue(act(request), refund=refund, lines=given["lines"].splitlines())
    messages.success(request, gettext("Another check waits to be handed over."))
    return reverse("refund", args=[refund.pk])


def kept(request: HttpRequest, refund: Any) -> str:
    """Back onto the account."""
    try:
        keep_on_account(act(request), refund=refund)
        messages.success(request, gettext("It is a credit of the account again."))
    except RefundRefused as refusal:
        messages.error(request, in_words(refusal))
    return reverse("refund", args=[refund.pk])


def handed_over(request: HttpRequest) -> str:
    """Checks to accounts payable, or the bank told of them."""
    try:
        made = tell_bank(act(request)) if "bank" in request.POST else export_checks(act(request))
        messages.success(request, gettext("The file %(name)s is ready below.") % {"name": made.file_name})
    except RefundRefused as refusal:
        messages.error(request, in_words(refusal))
    return reverse("refund_checks")


def taken(request: HttpRequest, given: dict[str, Any]) -> str:
    """Statuses of checks from a file."""
    file = given["file"]
    found = take_statuses(act(request, file.name), content=file.read(), file_name=file.name)
    said = gettext("%(changed)s changed, %(known)s known already.")
    messages.success(request, said % {"changed": found.changed, "known": found.unchanged})
    return reverse("refund_checks")
