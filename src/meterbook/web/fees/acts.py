"""What the forms of one-off charges do when they are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.fees.operations import charge as charging
from meterbook.records.fees.operations import development, service_requests
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act


def may_decide(request: HttpRequest, asked: Any) -> dict[str, object]:
    """Whether this person decides the request that waits."""
    mine = asked is not None and asked.requested_by_id == request.user.pk
    may = charging.decide_charge.permitted(request.user, business_date())  # type: ignore[arg-type]
    return {"mine": mine, "may_decide": asked is not None and not mine and may, "waits": "proposed" if asked else ""}


def charged(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """Charge, or ask for it."""
    made = charging.charge_fee(
        act(request, given["note"]), account=account, fee=given["fee"], service=given["service"],
        amount_cents=given["amount"], note=given["note"],
    )  # fmt: skip
    _told(request, booked=made.state == "booked")
    return reverse("service_charge", args=[made.pk])


def decided(request: HttpRequest, found: Any, asked: Any, given: dict[str, Any]) -> str:
    """Approve or refuse what waits: the charge itself, or its cancellation."""
    approve = request.POST.get("decision") == "approve"
    decide = charging.decide_cancel if asked is not None and asked.kind == charging.CANCEL else charging.decide_charge
    decide(act(request, given["note"]), charge=found, approve=approve)
    _said(request, approve=approve)
    return reverse("service_charge", args=[found.pk])


def cancelled(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """Cancel, or ask for it."""
    made = charging.cancel_fee(act(request, given["reason"]), charge=found)
    _told(request, booked=made.state == "cancelled")
    return reverse("service_charge", args=[found.pk])


def service_asked(request: HttpRequest, account: Any, points: list[Any], given: dict[str, Any]) -> str:
    """Charge the fee and keep the request."""
    point = next(one for one in points if str(one.pk) == given["point"])
    made = service_requests.request_service(
        act(request, given["note"]), account=account, service_point=point, fee=given["fee"],
        wanted_on=given["wanted_on"], note=given["note"],
    )  # fmt: skip
    messages.success(request, gettext("The fee is charged; somebody is sent once it is paid."))
    return reverse("send_service", args=[made.pk])


def sent_out(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """Send somebody."""
    service_requests.send_service(act(request, given["note"]), request=found)
    messages.success(request, gettext("The field has been asked."))
    return reverse("service_requests")


def called_off(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """The customer does not want it any more."""
    service_requests.cancel_service(act(request, given["reason"]), request=found)
    messages.success(request, gettext("Cancelled; the fee is credited."))
    return reverse("service_requests")


def development_asked(request: HttpRequest, account: Any, premises: list[Any], given: dict[str, Any]) -> str:
    """Compute and ask a second person."""
    before = {given["size_before"]: given["meters_before"]} if given["size_before"] and given["meters_before"] else {}
    made = development.ask_development(
        act(request, given["note"]), account=account, service=given["service"],
        premise=next(one for one in premises if str(one.pk) == given["premise"]),
        new={given["size"]: given["meters"]}, before=before, removed_on=given["removed_on"], count=given["parts"],
    )  # fmt: skip
    messages.success(request, gettext("A second person has been asked."))
    return reverse("development_charge", args=[made.pk])


def development_decided(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """Agree or refuse."""
    approve = request.POST.get("decision") == "approve"
    development.decide_development(act(request, given["note"]), development=found, approve=approve)
    _said(request, approve=approve)
    return reverse("development_charge", args=[found.pk])


def _told(request: HttpRequest, *, booked: bool) -> None:
    messages.success(request, gettext("Booked.") if booked else gettext("A second person has been asked."))


def _said(request: HttpRequest, *, approve: bool) -> None:
    messages.success(request, gettext("Approved and booked.") if approve else gettext("Refused. Nothing was booked."))
