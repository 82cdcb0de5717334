"""Routes: the list, one route's stops and their order, what a route is, where a meter is found, opt-outs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.trace import Step
from meterbook.records.metering.shop import route_screens as screens
from meterbook.records.metering.shop.operations.opt_out import opt_in, opt_out
from meterbook.records.places.operations.routes import add_route, set_location, set_route
from meterbook.records.places.queries import cycle_named
from meterbook.records.places.refusals import PlaceRefused
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.cells import Row
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import READS
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.metering.routes import order
from meterbook.web.metering.routes.columns import OPT_OUTS, ROUTES
from meterbook.web.metering.routes.forms import LocationForm, NewRouteForm, OptInForm, OptOutForm, RouteForm


def _route(code: str) -> Any:
    found = screens.route_coded(code)
    if found is None:
        raise Http404(code)
    return found


def _point(point_id: int) -> Any:
    found = screens.point_with_id(point_id)
    if found is None:
        raise Http404(str(point_id))
    return found


def _with_address(rows: list[Row]) -> None:
    for row in rows:
        row["address"] = " ".join(filter(None, (row["street_number"], row["street"], row["unit"])))


@page(READS)
def routes(request: HttpRequest) -> HttpResponseBase:
    """Every route."""
    table = Table(
        request, screens.routes(), ROUTES, order=("code",), name="routes", title=_("Routes"),
        empty=_("No route yet. Begin the first one with “Begin a route”."),
    )  # fmt: skip
    return table_page(request, "metering/routes/routes.html", table, {"may_add": may(request, "places.add_route")})


@page(READS)
def route(request: HttpRequest, code: str) -> HttpResponseBase:
    """One route: its stops in the order they are read; what its page sends changes the order."""
    found = _route(code)
    if request.method == "POST":
        return _saved(request, found)
    return render(request, "metering/routes/route.html", _context(request, found))


def _saved(request: HttpRequest, found: Any) -> HttpResponseBase:
    try:
        order.save(request, found)
    except PlaceRefused as refused:
        step: Step = refused.step
        messages.error(request, step.words(gettext))
    return redirect(f"{reverse('route', args=[found.code])}?{request.GET.urlencode()}".rstrip("?"))


def _context(request: HttpRequest, found: Any) -> dict[str, object]:
    total = len(screens.stops(found))
    start = order.start_of(request, total)
    end = min(start + order.PER_PAGE, total)
    return {
        "title": gettext("Route %(code)s, %(title)s") % {"code": found.code, "title": found.title},
        "route": found, "stops": screens.stops_between(found, start, order.PER_PAGE), "total": total, "start": start,
        "first": start + 1, "last": end, "previous": start - order.PER_PAGE + 1 if start else 0,
        "next": end + 1 if end < total else 0, "token": screens.token_of(found), "sisters": screens.sisters(found),
        "may_order": may(request, "places.resequence_route"), "may_opt": may(request, "metering.opt_out"),
    }  # fmt: skip


@page(READS)
def edit_route(request: HttpRequest, code: str) -> HttpResponseBase:
    """What a route is called, how it is read and by whom."""
    found = _route(code)
    about = FormPage(title=gettext("Change route %(code)s") % {"code": code}, button=_("Save"), back="routes")
    now = {"title": found.title, "kind": found.kind, "reader": found.reader}

    def done(given: dict[str, Any]) -> str:
        set_route(act(request), route=code, **given)
        return reverse("route", args=[code])

    return form_page(request, RouteForm(sent(request), initial=now), about, done)


@page(READS)
def new_route(request: HttpRequest) -> HttpResponseBase:
    """Begin a route."""
    lead = _("It begins without stops. Move points to it from another route of its cycle, or by opting them out.")
    about = FormPage(title=_("Begin a route"), button=_("Begin"), back="routes", lead=lead)

    def done(given: dict[str, Any]) -> str:
        made = add_route(act(request), **{**given, "cycle": cycle_named(given["cycle"])})
        return reverse("route", args=[made.code])

    return form_page(request, NewRouteForm(sent(request)), about, done)


@page(READS)
def location(request: HttpRequest, point_id: int) -> HttpResponseBase:
    """Where the meter of a point is found and what guards it."""
    point = _point(point_id)
    about = FormPage(title=gettext("Where %(point)s is found") % {"point": point.code}, button=_("Save"), back="routes")

    def done(given: dict[str, Any]) -> str:
        set_location(act(request), service_point=point, location=given["location"])
        return f"{reverse('route', args=[point.route.code])}"

    return form_page(request, LocationForm(sent(request), initial={"location": point.location}), about, done)


@page(READS)
def opt_outs(request: HttpRequest) -> HttpResponseBase:
    """Every customer who declined the radio."""
    table = Table(
        request, screens.opt_outs(), OPT_OUTS, order=("-pk",), name="opt-outs", title=_("AMI opt-outs"),
        empty=_("Nobody has opted out. A point opts out from its stop on a route."), enrich=_with_address,
    )  # fmt: skip
    return table_page(request, "metering/routes/opt_outs.html", table)


@page(READS)
def change_radio(request: HttpRequest, point_id: int) -> HttpResponseBase:
    """A point opts out of the radio, or back in."""
    point = _point(point_id)
    out = screens.opt_out_of(point, business_date()) is None
    initial = {"on": business_date()}
    if out:
        return form_page(request, OptOutForm(sent(request), initial=initial, routes=screens.manual_routes(point)),
                         OUT, lambda given: _radio(request, point, opt_out, given))  # fmt: skip
    form = OptInForm(sent(request), initial=initial)
    return form_page(request, form, IN, lambda given: _radio(request, point, opt_in, given))


OUT = FormPage(
    title=_("Read by hand"), button=_("Opt out"), back="opt_outs",
    lead=_("The point moves to a manual route of its cycle and is read by a person until it opts in again."),
)  # fmt: skip
IN = FormPage(
    title=_("Read by radio again"), button=_("Opt in"), back="opt_outs",
    lead=_("The point goes back to the end of the route it left."),
)  # fmt: skip


def _radio(request: HttpRequest, point: Any, deed: Any, given: dict[str, Any]) -> str:
    reason = given.pop("reason")
    deed(act(request, reason), service_point=point, **given)
    messages.success(request, gettext("%(point)s is changed.") % {"point": point.code})
    return reverse("opt_outs")
