"""Field requests: the list, one request and its steps, several at once; meters asked; alerts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.field import screens
from meterbook.records.metering.field.operations.flag import flag_request
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import FIELD
from meterbook.web.kit.tables import table_page, typed
from meterbook.web.metering.field import asking, bulk
from meterbook.web.metering.field.forms import Flag
from meterbook.web.metering.field.listing import alert_table, request_table
from meterbook.web.metering.field.steps import STEPS, form_of, found_or_404, possible, take
from meterbook.web.service_orders.panels import order_of


@page(FIELD)
def field_requests(request: HttpRequest) -> HttpResponseBase:
    """What the field is asked for, and what came of it."""
    context = {
        "closed": typed(request, "show") == screens.ENDED, "waiting": screens.waiting(business_date()),
        "may_send": may(request, "metering.approve_requests"), "people": screens.workers(business_date()),
    }  # fmt: skip
    return table_page(request, "metering/field/list.html", request_table(request), context)


@page(FIELD)
def field_bulk(request: HttpRequest) -> HttpResponseBase:
    """What would be approved or sent out; doing it."""
    refusal = bulk.do(request) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return redirect("field_requests")
    context = bulk.context(request, bulk.preview(request)) | {"refusal": refusal}
    return render(request, "metering/field/bulk.html", context, status=422 if refusal else 200)


@page(FIELD)
def field_request(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """One request: where, why, what was done, what comes next."""
    found = found_or_404(request_id)
    context = {
        "item": found, "title": found.service_point.premise.address, "steps": possible(request, found),
        "history": screens.history(found), "dials": screens.dials(found, business_date()),
        "photos": screens.photos(found), "late": found.state != "closed" and found.due_on < business_date(),
        "may_ask": may(request, "metering.record_ping"), "order": order_of(found.pk),
    }  # fmt: skip
    return render(request, "metering/field/request.html", context)


@page(FIELD)
def field_step(request: HttpRequest, request_id: int, step: str) -> HttpResponseBase:
    """One step of a request: what it asks, doing it."""
    found = found_or_404(request_id)
    if step not in STEPS:
        raise Http404(step)
    chosen = STEPS[step]
    form = form_of(request, chosen, found)
    about = FormPage(chosen.title, chosen.button, "field_requests", chosen.lead, chosen.dangerous,
                     "metering/field/step.html")  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        take(request, chosen, found, form)
        messages.success(request, str(chosen.done))
        return reverse("field_request", args=[request_id])

    return form_page(request, form, about, done, {"item": found})


@page(FIELD)
def field_photo(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    """A photo of a request."""
    found = screens.photo(photo_id)
    if found is None:
        raise Http404(str(photo_id))
    return HttpResponse(found[1], content_type=found[0])


@page(FIELD)
def field_flag(request: HttpRequest, point_id: int) -> HttpResponseBase:
    """Ask for somebody to go to a service point."""
    point = screens.place(point_id)
    if point is None:
        raise Http404(str(point_id))

    def done(given: dict[str, Any]) -> str:
        flagged = flag_request(act(request, given["note"]), service_point=point, kind=given["kind"])
        messages.success(request, gettext("The field is asked."))
        return reverse("field_request", args=[flagged.pk])

    context: dict[str, object] = {"place": point.premise.address}
    return form_page(request, Flag(sent(request)), FLAG, done, context)


FLAG = FormPage(_("Ask the field"), _("Ask"), "field_requests", _("Somebody goes and looks, and says what came of it."),
                template="metering/field/step.html")  # fmt: skip


@page(FIELD)
def meter_answers(request: HttpRequest, meter_id: int) -> HttpResponseBase:
    """A meter over the head-end: does it talk, what does it show."""
    if request.method == "POST":
        asking.ask(request, meter_id)
        return redirect("meter_answers", meter_id)
    return render(request, "metering/field/meter.html", asking.page_of(request, meter_id))


@page(FIELD)
def alerts(request: HttpRequest) -> HttpResponseBase:
    """Leaks and high usage that were told."""
    return table_page(request, "metering/field/alerts.html", alert_table(request))
