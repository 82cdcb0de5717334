"""Suspending one of an account's services for some days, and resuming it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers import screens
from meterbook.records.customers.operations.suspend_service import resume_service, suspend_service
from meterbook.records.platform.queries import business_date
from meterbook.web.customers.forms import ResumeForm, SuspendForm
from meterbook.web.kit import words
from meterbook.web.kit.access import act, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import ACCOUNTS as SECTION

TEMPLATE = "customers/on_service.html"
SUSPEND = FormPage(_("Suspend the service"), _("Suspend"), "accounts", template=TEMPLATE, lead=_(
    "The agreement stands. What is charged meanwhile is what the policy says of the cause; days already on a bill "
    "stay as billed."))  # fmt: skip
RESUME = FormPage(_("Resume the service"), _("Resume"), "accounts", template=TEMPLATE, lead=_(
    "From this day on there is service again, and it is billed as ever."))  # fmt: skip


def of_account(account_id: int, day: date) -> dict[str, Any]:
    """Suspensions with their cause in words, agreements that are off on ``day``, and commodities that may be."""
    causes, found = screens.suspension_causes(day), screens.suspensions(account_id)
    shown = [(each, _said(each.cause, causes), _open(each, day)) for each in found]
    return {
        "suspensions": shown,
        "off": {each.agreement_id for each in found if day in each.validity},
        "suspendable": {commodity for cause in causes.values() for commodity in cause.continues},
    }


def _said(code: str, causes: dict[str, Any]) -> str:
    return str(causes[code].words[bilingual()]) if code in causes else words.say("suspension_cause", code)


def _open(suspension: Any, day: date) -> bool:
    """Whether it can still be resumed earlier than it ends."""
    return suspension.validity.upper is None or suspension.validity.upper > day


@page(SECTION)
def suspend(request: HttpRequest, number: str, agreement_id: int) -> HttpResponseBase:
    """Suspend one service."""
    found = screens.agreement(number, agreement_id)
    if found is None:
        raise Http404(number)
    known = screens.suspension_causes(business_date())
    causes = [(code, _said(code, known)) for code, one in known.items()
              if found.service_point.commodity in one.continues]  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        suspend_service(act(request, given.pop("reason")), agreement=found, **given)
        return _told(request, number, gettext("The service is suspended."))

    form = SuspendForm(sent(request), causes=causes, initial={"starts": business_date()})
    return form_page(request, form, SUSPEND, done, {"agreement": found, "account": found.account})


@page(SECTION)
def resume(request: HttpRequest, number: str, suspension_id: int) -> HttpResponseBase:
    """Resume a suspended service."""
    found = screens.suspension(number, suspension_id)
    if found is None:
        raise Http404(number)

    def done(given: dict[str, Any]) -> str:
        resume_service(act(request, given["reason"]), suspension=found, starts=given["starts"])
        return _told(request, number, gettext("The service is resumed."))

    form, on = ResumeForm(sent(request), initial={"starts": business_date()}), found.agreement
    return form_page(request, form, RESUME, done, {"agreement": on, "account": on.account, "suspension": found})


def _told(request: HttpRequest, number: str, said: str) -> str:
    messages.success(request, said)
    return reverse("account", args=[number])
