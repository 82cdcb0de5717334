"""What the forms and buttons of small balances and rebates do when they are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.refunds.rebates.operations.apply import apply_rebate, decide_rebate
from meterbook.records.refunds.refusals import RefundRefused
from meterbook.records.refunds.small.operations.write_down import decide_small, propose_small
from meterbook.web.adjustments.forms import proofs_of
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words


def small_asked(request: HttpRequest) -> str:
    """Ask to write down everything small."""
    try:
        return reverse("small_batch", args=[propose_small(act(request)).pk])
    except RefundRefused as refusal:
        messages.error(request, in_words(refusal))
        return reverse("small_balances")


def small_decided(request: HttpRequest, batch: Any, given: dict[str, Any]) -> str:
    """Book a batch, or refuse it."""
    decide_small(act(request, given["reason"]), batch=batch, approve=request.POST.get("decision") == "approve")
    return reverse("small_batch", args=[batch.pk])


def applied(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """An application for a rebate."""
    made = apply_rebate(
        act(request, given["note"]), account=account, programme=given["programme"], units=given["units"],
        cost_cents=given["cost"], done_on=given["done_on"], how=given["how"], note=given["note"],
        proofs=proofs_of(given["proof"]),
    )  # fmt: skip
    messages.success(request, gettext("A second person has been asked."))
    return reverse("rebate", args=[made.pk])


def rebate_decided(request: HttpRequest, application: Any, given: dict[str, Any]) -> str:
    """Grant a rebate, or refuse it."""
    grant = request.POST.get("decision") == "approve"
    decide_rebate(act(request, given["reason"]), application=application, grant=grant)
    return reverse("rebate", args=[application.pk])
