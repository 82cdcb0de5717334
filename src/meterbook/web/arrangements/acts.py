"""What the forms of extensions and arrangements do when they are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.ledger.arrangements.operations import arrange as arranging
from meterbook.records.ledger.arrangements.operations import extend as extending
from meterbook.web.kit import figures
from meterbook.web.kit.access import act


def extended(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """Give more time; back to the account."""
    made = extending.extend_payment(
        act(request, "more time"), account=account, until=given["until"], items=given["items"],
        promised_by=given["promised_by"],
    )  # fmt: skip
    said = gettext("More time for %(amount)s until %(day)s.")
    messages.success(request, said % {"amount": figures.money(made.amount_cents), "day": figures.day(made.until)})
    return reverse("account", args=[account.number])


def taken_back(request: HttpRequest, extension: Any, given: dict[str, Any]) -> str:
    """Take more time back."""
    extending.cancel_extension(act(request, given["reason"]), extension=extension)
    messages.success(request, gettext("The time is taken back; the first due date counts again."))
    return reverse("account", args=[extension.account.number])


def arranged(request: HttpRequest, account: Any, terms: Any, shown: dict[str, Any], given: dict[str, Any]) -> str:
    """Agree to the plan that was shown, or ask a second person."""
    made = arranging.arrange_payment(
        act(request, "payment arrangement"), account=account, terms=terms, shown=shown, promised_by=given["promised_by"]
    )
    waits = made.state == "asked"
    messages.success(request, gettext("A second person has been asked.") if waits else gettext("The plan stands."))
    return reverse("payment_arrangement", args=[made.pk])


def cancelled(request: HttpRequest, arrangement: Any, given: dict[str, Any]) -> str:
    """End a plan."""
    arranging.cancel_arrangement(act(request, given["reason"]), arrangement=arrangement, broken=given["broken"])
    messages.success(request, gettext("The plan has ended; what is open is due as it was."))
    return reverse("payment_arrangement", args=[arrangement.pk])


def decided(request: HttpRequest, arrangement: Any, given: dict[str, Any]) -> str:
    """Agree or refuse as the second person."""
    approve = request.POST.get("decision") == "approve"
    arranging.decide_arrangement(act(request, given["note"]), arrangement=arrangement, approve=approve)
    messages.success(request, gettext("The plan stands.") if approve else gettext("Refused. Nothing was agreed."))
    return reverse("payment_arrangement", args=[arrangement.pk])
