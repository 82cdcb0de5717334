"""The steps of a request on screen: what each asks, what it does, and who sees its button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.field import screens
from meterbook.records.metering.field.operations.end import (
    close_request,
    confirm_request,
    correct_request,
    withdraw_request,
)
from meterbook.records.metering.field.operations.flag import postpone_request
from meterbook.records.metering.field.operations.send import approve_request, dispatch_request
from meterbook.records.metering.field.operations.visit import (
    attach_field_photo,
    record_field_read,
    record_no_access,
)
from meterbook.records.metering.field.photos import LARGEST, kind_of
from meterbook.records.metering.field.states import NEXT
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date, user_with_id
from meterbook.web.kit.access import act, may
from meterbook.web.kit.forms import sent
from meterbook.web.metering.field.forms import Correct, NoAccess, Note, Outcome, Postpone, SendOut, Visit, Why
from meterbook.web.service_orders.panels import order_of

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FieldStep:
    """One step: its words, its form, the deed; ``to`` is the state it leads to, empty where it stays."""

    name: str
    kind: str
    to: str
    title: str | Promise
    button: str | Promise
    done: str | Promise
    form: type[forms.Form]
    do: Callable[[Act, Any, Given, Any], Any]
    lead: str | Promise = ""
    dangerous: bool = False


def _dispatch(act: Act, request: Any, given: Given, form: Any) -> Any:
    owner = user_with_id(int(given["owner"])) if given["owner"] else None
    return dispatch_request(act, request=request, owner=owner)


def _visit(act: Act, request: Any, given: Given, form: Any) -> Any:
    photo = _photo(given)
    done = record_field_read(
        act, request=request, on=given["on"] or act.business_date, values=form.values(), reader=str(act.actor)[:40],
        note=given["note"],
    )  # fmt: skip
    return attach_field_photo(act, request=request, content=photo) if photo else done


def _no_access(act: Act, request: Any, given: Given, form: Any) -> Any:
    photo = _photo(given)
    done = record_no_access(act, request=request, reason=given["reason"], note=given["note"])
    return attach_field_photo(act, request=request, content=photo) if photo else done


def _photo(given: Given) -> bytes:
    """The photo sent; one that cannot be kept refuses the whole step before anything is written."""
    if not given["photo"]:
        return b""
    content: bytes = given["photo"].read(LARGEST + 1)
    kind_of(content)
    return content


_STEPS = (
    FieldStep("approve", "metering.approve_request", "approved", _("Approve"), _("Approve"), _("Approved."), Note,
              lambda act, request, given, form: approve_request(act, request=request)),
    FieldStep("dispatch", "metering.dispatch_request", "dispatched", _("Send out"), _("Send out"), _("Sent out."),
              SendOut, _dispatch),
    FieldStep("read", "metering.record_field_read", "read", _("Write down the visit"), _("Save"),
              _("The visit is written down."), Visit, _visit),
    FieldStep("no_access", "metering.record_no_access", "no_access", _("No access"), _("Save"),
              _("Written down: nobody got to the meter."), NoAccess, _no_access),
    FieldStep("confirm", "metering.confirm_request", "confirmed", _("Confirm"), _("Confirm"), _("Confirmed."), Note,
              lambda act, request, given, form: confirm_request(act, request=request),
              _("What was on record is right. Closing the request then accepts it.")),
    FieldStep("correct", "metering.correct_request", "corrected", _("Correct"), _("Correct"), _("Corrected."), Correct,
              lambda act, request, given, form: correct_request(act, request=request, value=given["value"]),
              _("What was on record is wrong. Closing the request then puts the right value in its place.")),
    FieldStep("close", "metering.close_request", "closed", _("Close"), _("Close"), _("Closed."), Outcome,
              lambda act, request, given, form: close_request(act, request=request, outcome=given["note"]),
              _("The item of the exception queue it came from is decided with it, or opened again.")),
    FieldStep("postpone", "metering.postpone_request", "", _("Another day"), _("Set the day"), _("The day is set."),
              Postpone, lambda act, request, given, form: postpone_request(act, request=request,
                                                                           due_on=given["due_on"])),
    FieldStep("withdraw", "metering.withdraw_request", "closed", _("Call off"), _("Call off"), _("Called off."), Why,
              lambda act, request, given, form: withdraw_request(act, request=request),
              _("Nobody goes. The item of the exception queue it came from is open work again."), dangerous=True),
)  # fmt: skip
STEPS = {each.name: each for each in _STEPS}
_BEFORE_ANY_VERDICT = ("flagged", "approved", "dispatched", "no_access")


#: What is done on the page of the service order, once there is one.
_THE_ORDERS = ("dispatch", "read", "no_access")


def possible(request: HttpRequest, found: Any) -> list[FieldStep]:
    """The steps the signed-in person may take now, the next one first; what its order does is done there."""
    with_order = order_of(found.pk) is not None

    def fits(each: FieldStep) -> bool:
        if with_order and each.name in _THE_ORDERS:
            return False
        if each.name == "withdraw":
            return found.state in _BEFORE_ANY_VERDICT
        return found.state != "closed" if not each.to else each.to in NEXT[found.state]

    return [each for each in _STEPS if fits(each) and may(request, each.kind)]


def form_of(request: HttpRequest, step: FieldStep, found: Any) -> forms.Form:
    """The step's form, with what was sent."""
    more: dict[str, Any] = {}
    if step.form is Visit:
        more["dials"] = screens.dials(found, business_date())
        more["initial"] = {"on": business_date()}
    if step.form is SendOut:
        more["people"] = screens.workers(business_date())
        more["initial"] = {"owner": str(found.owner_id or "")}
    return step.form(sent(request), request.FILES or None, **more)


def take(request: HttpRequest, step: FieldStep, found: Any, form: Any) -> None:
    """Do the step's deed."""
    given = form.cleaned_data
    step.do(act(request, given.get("note") or ""), found, given, form)


def found_or_404(request_id: int) -> Any:
    """The request, or the page that says there is none."""
    found = screens.find(request_id)
    if found is None:
        raise Http404(str(request_id))
    return found
