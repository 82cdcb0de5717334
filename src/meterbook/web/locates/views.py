"""Locate tickets: the list, one ticket, taking in, answering, sending a crew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.service_orders.locates import screens
from meterbook.records.service_orders.locates.operations.answer import answer_locate
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, form_page
from meterbook.web.kit.sections import FIELD
from meterbook.web.kit.tables import Table, table_page, typed
from meterbook.web.locates import acts
from meterbook.web.locates.clock import clocked, moment
from meterbook.web.locates.columns import TICKETS
from meterbook.web.locates.forms import Answer, TakeIn


@page(FIELD)
def locates(request: HttpRequest) -> HttpResponseBase:
    """Tickets that wait, the most urgent first."""
    which = typed(request, "show")
    table = Table(
        request, screens.tickets(which), TICKETS, order=("due_at", "number"), name="locates", title=_("Locates"),
        empty=_("No ticket waits for an answer."), search=("number", "place", "excavator"),
        search_label=_("Ticket, place or excavator"), enrich=clocked,
    )  # fmt: skip
    context: dict[str, object] = {"all": which == "all", "may_take": may(request, "service_orders.take_locates")}
    return table_page(request, "locates/list.html", table, context)


@page(FIELD)
def locate(request: HttpRequest, number: str) -> HttpResponseBase:
    """One ticket: what is asked, by when, what was answered."""
    return render(request, "locates/one.html", acts.page_of(request, _found(number)))


@page(FIELD)
def take_in(request: HttpRequest) -> HttpResponseBase:
    """A file of tickets."""
    form = TakeIn(request.POST or None, request.FILES or None)
    return form_page(request, form, TAKE_IN, lambda given: acts.taken_in(request, given["file"]))


@page(FIELD)
def answer(request: HttpRequest, number: str) -> HttpResponseBase:
    """Answer a ticket."""
    found = _found(number)

    def done(given: dict[str, Any]) -> str:
        answer_locate(act(request), locate=found, code=given["code"], note=given["note"], moment=moment())
        messages.success(request, gettext("The answer is on record."))
        return reverse("locate", args=[number])

    return form_page(request, Answer(request.POST or None), ANSWER, done)


@require_POST
@page(FIELD)
def send_crew(request: HttpRequest, number: str) -> HttpResponseBase:
    """Open a crew's order for a ticket."""
    acts.crew_sent(request, _found(number))
    return redirect("locate", number)


def _found(number: str) -> Any:
    found = screens.find(number)
    if found is None:
        raise Http404(number)
    return found


TAKE_IN = FormPage(_("Take locate tickets in"), _("Take in"), "locates", lead=_(
    "Each revision is taken once; taking the same file in again changes nothing."))  # fmt: skip
ANSWER = FormPage(_("Answer a locate ticket"), _("Answer it"), "locates", lead=_(
    "It goes to the excavator through the centre. An answer is never changed, only followed by another."))  # fmt: skip
