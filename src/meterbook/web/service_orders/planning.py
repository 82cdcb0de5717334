"""Orders planned in bulk, crews' weeks and days, work sheets, crews and who is on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.notices.work_sheet import render_sheets
from meterbook.records.platform.queries import business_date, user_with_id
from meterbook.records.service_orders import screens
from meterbook.records.service_orders.operations.planning import join_crew, sequence_day, set_crew
from meterbook.records.service_orders.planning.calendar import days, week_of
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import FIELD
from meterbook.web.service_orders import bulk
from meterbook.web.service_orders.forms import CrewForm, Member

_STEP = "service_orders/step.html"


@page(FIELD)
def plan(request: HttpRequest) -> HttpResponseBase:
    """What would be done with the chosen orders; doing exactly that."""
    refusal = bulk.do(request) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return redirect("service_orders")
    context = bulk.context(bulk.preview(request)) | {"refusal": refusal}
    return render(request, "service_orders/plan.html", context, status=422 if refusal else 200)


@page(FIELD)
def calendar(request: HttpRequest) -> HttpResponseBase:
    """A week of every crew: what each day holds, and how much is left of it."""
    first = week_of(_day(request.GET.get("week", "")) or business_date())
    crews = screens.crews()
    rows = days(crews, first)
    context = {
        "title": gettext("Crews' week"), "rows": rows, "first": first, "members": screens.members(business_date()),
        "before": first - timedelta(days=7), "after": first + timedelta(days=7), "today": business_date(),
        "heads": [first + timedelta(days=ahead) for ahead in range(7)],
    }  # fmt: skip
    return render(request, "service_orders/calendar.html", context)


@page(FIELD)
def crew_day(request: HttpRequest, crew_id: int, day: str) -> HttpResponseBase:
    """One crew's day in its order; moved up, down, or put in the order of the walk."""
    crew, on = _crew(crew_id), _day_or_404(day)
    if request.method == "POST":
        _sequence(request, crew, on)
        return redirect("crew_day", crew_id, on.isoformat())
    [[found]] = days([crew], on, 1)
    context = {
        "title": gettext("Crew %(code)s") % {"code": crew.code}, "day": found, "crew": crew, "on": on,
        "members": screens.members(on).get(crew.pk, []), "may_sequence": may(request, "service_orders.sequence"),
        "before": on - timedelta(days=1), "after": on + timedelta(days=1),
    }  # fmt: skip
    return render(request, "service_orders/day.html", context)


def _sequence(request: HttpRequest, crew: Any, on: date) -> None:
    """Move one order up or down, or put the day in the order of the walk."""
    [[found]] = days([crew], on, 1)
    numbers = [order.pk for order in found.orders]
    way, _, said = request.POST.get("move", "").partition(":")
    if way == "walk":
        sequence_day(act(request), crew=crew, on=on)
        return
    if not said.isdecimal() or len(said) > 12 or int(said) not in numbers or way not in ("up", "down"):
        return
    at = numbers.index(int(said))
    to = at + (-1 if way == "up" else 1)
    if 0 <= to < len(numbers):
        numbers[at], numbers[to] = numbers[to], numbers[at]
        sequence_day(act(request), crew=crew, on=on, orders=numbers)


@page(FIELD)
def day_sheets(request: HttpRequest, crew_id: int, day: str) -> HttpResponseBase:
    """A crew's day as work sheets to print."""
    crew, on = _crew(crew_id), _day_or_404(day)
    [[found]] = days([crew], on, 1)
    if not found.orders:
        messages.info(request, gettext("Nothing is planned for this day."))
        return redirect("crew_day", crew_id, on.isoformat())
    return sheets(request, [order.pk for order in found.orders], f"crew-{crew.code}-{on}")


@page(FIELD)
def order_sheet(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """One order as a work sheet to print."""
    if screens.find(order_id) is None:
        raise Http404(str(order_id))
    return sheets(request, [order_id], f"order-{order_id}")


def sheets(request: HttpRequest, numbers: list[int], name: str) -> HttpResponse:
    """Work sheets as one PDF."""
    pdf = render_sheets(numbers, language=bilingual(), on=business_date())
    made = HttpResponse(pdf, content_type="application/pdf")
    made.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return made


@page(FIELD)
def crews(request: HttpRequest) -> HttpResponseBase:
    """The crews, who is on them, and a new one."""

    def done(given: dict[str, Any]) -> str:
        set_crew(act(request), code=given["code"], title=given["title"], minutes=given["minutes"] or 0,
                 active=given["active"])  # fmt: skip
        return reverse("crews")

    known = [(each, screens.members(business_date()).get(each.pk, [])) for each in screens.crews(all_of_them=True)]
    context = {"crews": known, "may_set": may(request, "service_orders.set_crew")}
    return form_page(request, CrewForm(sent(request), initial={"active": True}), CREW, done, context)


@page(FIELD)
def one_crew(request: HttpRequest, crew_id: int) -> HttpResponseBase:
    """Put somebody on a crew from today on."""
    crew = _crew(crew_id)

    def done(given: dict[str, Any]) -> str:
        user = user_with_id(int(given["user"]))
        join_crew(act(request), crew=crew, user=user)
        return reverse("crews")

    form = Member(sent(request), people=screens.field_workers(business_date()))
    return form_page(request, form, MEMBER, done, {"crew": crew})


def _crew(crew_id: int) -> Any:
    found = screens.crew(crew_id)
    if found is None:
        raise Http404(str(crew_id))
    return found


def _day(said: str) -> date | None:
    try:
        found = date.fromisoformat(said)
    except ValueError:
        return None
    return found if 1990 < found.year < 2100 else None


def _day_or_404(said: str) -> date:
    found = _day(said)
    if found is None:
        raise Http404(said)
    return found


CREW = FormPage(_("Crews"), _("Save"), "service_orders", template="service_orders/crews.html")
MEMBER = FormPage(
    _("Put somebody on the crew"), _("Put on the crew"), "service_orders",
    _("From today on. Whoever is on another crew leaves it."), template=_STEP,
)  # fmt: skip
