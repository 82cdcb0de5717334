"""What the forms and buttons of unclaimed money do when they are sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.refunds.refusals import RefundRefused
from meterbook.records.refunds.unclaimed.operations.claim import claim_unclaimed, decide_claim
from meterbook.records.refunds.unclaimed.operations.find_unclaimed import find_unclaimed
from meterbook.records.refunds.unclaimed.operations.publish import prove_publication, publish
from meterbook.records.refunds.unclaimed.operations.take_over import ask_take_over, take_over
from meterbook.records.refunds.unclaimed.operations.tell_owner import record_contact, send_letters
from meterbook.web.adjustments.forms import proofs_of
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words


def pressed(request: HttpRequest) -> str:
    """One of the buttons above the list: look for more, letters, ask that it ends."""
    doing: dict[str, Callable[[HttpRequest], str]] = {"find": _find, "letters": _letters, "end": _ask_end}
    do = doing.get(request.POST.get("do", ""))
    if do is None:
        return reverse("unclaimed")
    try:
        return do(request)
    except RefundRefused as refusal:
        messages.error(request, in_words(refusal))
        return reverse("unclaimed")


def _find(request: HttpRequest) -> str:
    made = find_unclaimed(act(request))
    messages.success(request, gettext("%(n)s set aside.") % {"n": len(made)})
    return reverse("unclaimed")


def _letters(request: HttpRequest) -> str:
    made = send_letters(act(request))
    messages.success(request, gettext("%(n)s letters recorded as sent today.") % {"n": len(made)})
    return reverse("unclaimed")


def _ask_end(request: HttpRequest) -> str:
    made = ask_take_over(act(request))
    messages.success(request, gettext("A second person has been asked."))
    return reverse("take_over", args=[made.pk])


def heard_of(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """The owner was heard of."""
    record_contact(act(request, given["reason"]), unclaimed=found, note=given["reason"])
    return reverse("unclaimed_one", args=[found.pk])


def published(request: HttpRequest, rule: str, given: dict[str, Any]) -> str:
    """A list is published."""
    made = publish(act(request), rule=rule, first_on=given["first_on"], claim_by=given["claim_by"])
    messages.success(request, gettext("Listed. Print it for the newspaper, and keep its proof here."))
    return reverse("publication", args=[made.pk])


def proved(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """The newspaper's proof."""
    file = given["file"]
    prove_publication(
        act(request, file.name), publication=found, file_name=file.name,
        content_type=file.content_type or "application/octet-stream", content=file.read(),
    )  # fmt: skip
    return reverse("publication", args=[found.pk])


def claimed(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """An owner asks."""
    made = claim_unclaimed(
        act(request, given["grounds"]), unclaimed=found, claimant=given["claimant"], grounds=given["grounds"],
        lines=given["lines"].splitlines(), proofs=proofs_of(given["proof"]),
    )  # fmt: skip
    messages.success(request, gettext("A second person has been asked."))
    return reverse("unclaimed_claim", args=[made.pk])


def claim_decided(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """A claim is decided."""
    decide_claim(act(request, given["reason"]), claim=found, grant=request.POST.get("decision") == "approve")
    return reverse("unclaimed_one", args=[found.unclaimed_id])


def over(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """Everything that was asked ends, or stays."""
    approve = request.POST.get("decision") == "approve"
    take_over(act(request, given["reason"]), request=found, approve=approve)
    messages.success(request, gettext("Approved and booked.") if approve else gettext("Refused. Nothing was booked."))
    return reverse("unclaimed")
