"""The meters, one meter's life, shipments, tests, exchanges, seals and locks, and what a parcel bought."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.shop import screens
from meterbook.records.metering.shop.operations.receive import receive_meters
from meterbook.records.metering.shop.shipment import ShipmentRefused
from meterbook.records.places import screens as places
from meterbook.records.places.operations.rights import buy_connections
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import READS
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.metering.shop import pages
from meterbook.web.metering.shop.acts import ACTS, act_page, place, take_off
from meterbook.web.metering.shop.columns import METERS, SEALS
from meterbook.web.metering.shop.exchange import exchange_page
from meterbook.web.metering.shop.forms import RightForm, SealForm, SealOffForm, ShipmentFile


@page(READS)
def meters(request: HttpRequest) -> HttpResponseBase:
    """Every meter on record."""
    table = Table(
        request, screens.meters(), METERS, order=("serial",), name="meters", title=_("Meters"),
        empty=_("No meter yet. Receive the first shipment with “Receive meters”."),
        search=("serial", "endpoint", "lot"), search_label=_("Serial, radio or shipment"), enrich=pages.with_places,
    )  # fmt: skip
    context: dict[str, object] = {"may_receive": may(request, "metering.receive_meters")}
    return table_page(request, "metering/shop/meters.html", table, context)


@page(READS)
def meter(request: HttpRequest, meter_id: int) -> HttpResponseBase:
    """One meter: what it is, where it hung, what it showed, its tests, seals and life."""
    return render(request, "metering/shop/meter.html", pages.meter_context(request, pages.found(meter_id)))


@page(READS)
def meter_act(request: HttpRequest, meter_id: int, name: str) -> HttpResponseBase:
    """One act on one meter; an act it does not stand for goes back to its page."""
    found = pages.found(meter_id)
    if name not in ACTS:
        raise Http404(name)
    if name not in pages.open_acts(request, found):
        messages.error(request, gettext("This cannot be done to the meter as it stands now."))
        return pages.to_meter(meter_id)
    return act_page(request, found, ACTS[name])


@page(READS)
def exchange(request: HttpRequest, meter_id: int) -> HttpResponseBase:
    """Exchange a meter for one of the shelf."""
    return exchange_page(request, pages.found(meter_id))


@page(READS)
def receive(request: HttpRequest) -> HttpResponseBase:
    """Take a shipment's list in: all of it, or nothing and every problem."""
    form = ShipmentFile(sent(request), request.FILES or None)
    context: dict[str, Any] = {"form": form, "title": gettext("Receive meters")}
    if not form.is_bound or not form.is_valid():
        return pages.shipment_page(request, context, status=422 if form.is_bound else 200)
    file = form.cleaned_data["file"]
    try:
        batch = receive_meters(act(request), file_name=file.name, content=file.read())
    except ShipmentRefused as refused:
        said = refused.step.words(gettext)
        return pages.shipment_page(request, context | {"refused": refused, "said": said}, status=422)
    said = ngettext("%(n)d meter is on record.", "%(n)d meters are on record.", batch.loaded)
    messages.success(request, said % {"n": batch.loaded})
    return pages.to_meters()


@page(READS)
def seals(request: HttpRequest) -> HttpResponseBase:
    """Every seal and lock by number."""
    table = Table(
        request, screens.seals(), SEALS, order=("-pk",), name="seals", title=_("Seals and locks"),
        empty=_("No seal or lock is on record. Write down the first one with “Place a seal or lock”."),
        search=("number",), search_label=_("Number"),
    )  # fmt: skip
    return table_page(request, "metering/shop/seals.html", table, {"may_place": may(request, "metering.place_seal")})


@page(READS)
def put_seal(request: HttpRequest) -> HttpResponseBase:
    """Put a seal or lock on."""
    initial = {"on": business_date(), "point": request.GET.get("point", "")}
    about = FormPage(title=_("Place a seal or lock"), button=_("Put it on"), back="seals", lead=_(
        "Every number is used once. A lock keeps the service shut; a point has one lock at a time."))  # fmt: skip
    return form_page(request, SealForm(sent(request), initial=initial), about, lambda given: place(request, given))


@page(READS)
def remove_seal(request: HttpRequest, seal_id: int) -> HttpResponseBase:
    """Take a seal or lock off."""
    seal = screens.seal_with_id(seal_id)
    if seal is None:
        raise Http404(str(seal_id))
    title = gettext("Take %(number)s off") % {"number": seal.number}
    about = FormPage(title=title, button=_("Take it off"), back="seals")
    form = SealOffForm(sent(request), initial={"on": business_date()})
    return form_page(request, form, about, lambda given: take_off(request, seal, given))


@page(READS)
def rights(request: HttpRequest, premise_id: int) -> HttpResponseBase:
    """Write down connections that the parcel of a premise bought."""
    premise = places.premise(premise_id)
    if premise is None:
        raise Http404(str(premise_id))
    title = gettext("Connections for parcel %(number)s") % {"number": premise.parcel.number}
    about = FormPage(title=title, button=_("Write down"), back="meters", template="metering/shop/rights.html")

    def done(given: dict[str, Any]) -> str:
        reason = given.pop("reason")
        buy_connections(act(request, reason), parcel=premise.parcel, **given)
        return reverse("premise", args=[premise_id])

    form = RightForm(sent(request), initial={"starts": business_date()})
    return form_page(request, form, about, done, {"premise": premise})
