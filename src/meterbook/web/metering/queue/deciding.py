"""A decision as it is sent: done and on to the next case, or shown again with what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from meterbook.records.metering.queue.refusals import NeedsApproval, NoRead
from meterbook.records.metering.queue.screens import trying
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act
from meterbook.web.kit.forms import sent
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.metering.queue import acts
from meterbook.web.metering.queue.desk import (
    address_of,
    case_context,
    found_case,
    head_context,
    name_of,
    proposals,
    shown_offers,
)
from meterbook.web.metering.queue.findings import said
from meterbook.web.metering.queue.listing import around


def offered_act(request: HttpRequest, item: Any, name: str) -> acts.CaseAct:
    """The decision of that name, if it is open to the reader."""
    each = next((one for one in acts.offered(request, item) if one.name == name), None)
    if each is None:
        known = acts.ACTS.get(name)
        if known is None:
            raise Http404(name)
        return known
    return each


def panel_context(request: HttpRequest, item: Any, name: str) -> dict[str, object]:
    """What the form of one decision shows."""
    each = offered_act(request, item, name)
    if not acts.fits(each, item):
        return {"refusal": in_words(NoRead()), "panel": name}
    context: dict[str, object] = {"act": each, "form": acts.form_of(each, sent(request)), "panel": name}
    if name == "estimate":
        context["offers"] = shown_offers(item)
    return context


def with_proposals(context: dict[str, Any]) -> dict[str, Any]:
    """The page's context with the values the rules propose, beside the form that takes one."""
    return context | {"proposals": proposals(context.get("findings", []))}


def decided(request: HttpRequest, item: Any, name: str) -> HttpResponseBase:
    """Do the deed and go on to the next case of the list; or show the page again with what is wrong."""
    each = offered_act(request, item, name)
    form = acts.form_of(each, sent(request))
    refusal, second = "", False
    if not acts.fits(each, item):
        refusal = in_words(NoRead())
    elif form is None or form.is_valid():
        given = form.cleaned_data if form is not None else {}
        goes_to = _next_address(request, item, stays=each.stays)
        if name == "correct" and request.POST.get("ask"):
            each = replace(acts.ACTS["approval"], do=acts.ask_for_value, stays=True)
            goes_to = _next_address(request, item, stays=True)
        try:
            each.do(act(request, given.get("reason", "")), item, given)
        except NotPermitted:
            raise
        except Exception as error:
            if not is_refusal(error):
                raise
            refusal, second = in_words(error), isinstance(error, NeedsApproval)
        else:
            messages.success(request, str(each.done) % {"what": name_of(item)})
            return redirect(goes_to)
    context = with_proposals(case_context(request, found_case(item.pk)))
    context |= panel_context(request, item, name) | {"form": form, "refusal": refusal, "second": second}
    return render(request, "metering/queue/case.html", context, status=422)


def _next_address(request: HttpRequest, item: Any, *, stays: bool) -> str:
    """Where the work goes on: the next case of the list, else the one before, else the list itself."""
    if stays:
        return address_of("exception", item.pk, request)
    before, after, _, _ = around(request, item.pk)
    goes_to = after or before
    if goes_to is None or goes_to == item.pk:
        return str(head_context(request, item)["list_address"])
    return address_of("exception", goes_to, request)


def tried_context(item: Any, text: str) -> dict[str, object]:
    """What a value that is being typed would mean."""
    if not text.strip():
        return {}
    try:
        found = trying.tried(item, trying.typed_value(text), business_date())
    except trying.NotANumber:
        return {"refusal": gettext("Type digits only, and a point before decimals, like 10482 or 10,482.5.")}
    except Exception as error:
        if not is_refusal(error):
            raise
        return {"refusal": in_words(error)}
    return {"tried": found, "said": [said(rule, figures) for rule, figures in found.says], "unit": item.unit}
