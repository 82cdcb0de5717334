"""What the forms of adjustments do when they are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.adjustments.operations.decide import decide_adjustments, withdraw_adjustments
from meterbook.records.adjustments.operations.propose import charge_fee, propose_adjustment
from meterbook.records.adjustments.operations.propose_leak import propose_leak
from meterbook.records.adjustments.operations.reverse import reverse_adjustment
from meterbook.records.platform.operations.approvals import AlreadyDecided
from meterbook.web.adjustments.forms import proofs_of
from meterbook.web.adjustments.shown import bills_asked
from meterbook.web.kit.access import act


def proposed(request: HttpRequest, account: Any, bill: Any, given: dict[str, Any]) -> str:
    """Book or ask, and say which."""
    more = {
        "account": account, "service": given["service"], "note": given["note"], "bill": bill,
        "proofs": proofs_of(given["proof"]),
    }  # fmt: skip
    if given["reason"].startswith("fee:"):
        made = charge_fee(act(request, given["note"]), fee=given["reason"].removeprefix("fee:"), **more)
    else:
        made = propose_adjustment(
            act(request, given["note"]), reason=given["reason"], amount_cents=given["cents"], **more
        )
    return _told(request, made)


def reversed_(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """Book or ask for the opposite."""
    return _told(request, reverse_adjustment(act(request, given["reason"]), adjustment=found, note=given["reason"]))


def _told(request: HttpRequest, made: Any) -> str:
    booked = made.state == "booked"
    messages.success(request, gettext("Booked.") if booked else gettext("A second person has been asked."))
    return reverse("adjustment", args=[made.pk])


def decided(request: HttpRequest, asked: Any, given: dict[str, Any], back: str) -> str:
    """Approve or refuse everything one request is about."""
    approve = request.POST.get("decision") == "approve"
    if asked is None:
        raise AlreadyDecided("nobody has to decide about it")
    decide_adjustments(act(request, given["reason"]), request=asked, approve=approve)
    messages.success(request, gettext("Approved and booked.") if approve else gettext("Refused. Nothing was booked."))
    return back


def withdrawn(request: HttpRequest, found: Any) -> str:
    """Take back what one asked for."""
    withdraw_adjustments(act(request), request=found.approval)
    messages.success(request, gettext("Taken back. Nothing was booked."))
    return reverse("adjustments")


def leak_asked(request: HttpRequest, bill: Any, given: dict[str, Any]) -> str:
    """Ask for the leak credit that was shown."""
    claim = propose_leak(
        act(request, given["note"]), bills=bills_asked(bill, both=given["both"]), repaired_on=given["repaired_on"],
        bypassed_sewer=given["bypassed_sewer"], note=given["note"], waived=given["waived"],
        proofs=proofs_of(given["proof"]),
    )  # fmt: skip
    messages.success(request, gettext("A second person has been asked."))
    return reverse("leak_claim", args=[claim.pk])
