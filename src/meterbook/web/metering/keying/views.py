"""Keying reads: choosing a route, the sheet, the verdict on a value while it is typed, photos."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.jobs.expected_reads import routes_to_key
from meterbook.records.metering.hub.keying import photo, route_named, verdict
from meterbook.records.metering.hub.operations.key_reads import NotReadable
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import may, page
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.sections import READS
from meterbook.web.metering.keying.drafts import Drafts
from meterbook.web.metering.keying.grid import Grid, number, said, typed_in
from meterbook.web.metering.keying.saving import check_photos, save

if TYPE_CHECKING:
    from meterbook.records.places.models import Route


class DayForm(forms.Form):
    """The day the reads were taken."""

    on = DayField(label=_("Read on"), required=False)

    def clean_on(self) -> date | None:
        """A day up to the business date: nobody reads a meter tomorrow."""
        on: date | None = self.cleaned_data["on"]
        if on is not None and (on > business_date() or on.year < 1990):
            raise forms.ValidationError(_("Give a day up to the business date."))
        return on


@page(READS)
def routes(request: HttpRequest) -> HttpResponseBase:
    """Every route with how much of it is read."""
    return render(request, "metering/keying_routes.html", {"title": _("Key reads"), "cycles": routes_to_key()})


@page(READS)
def sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """A route's sheet, block by block; sent, it saves the block."""
    route, form = _route(code), _day_form(request)
    on = _day_of(form)
    drafts = Drafts(request.user.pk or 0, route.pk, on)
    reader = request.POST.get("reader", request.session.get("reader", route.reader))[:40].strip()
    grid = Grid(route, on, _block(request), drafts.texts())
    if request.method == "POST" and not form.errors:
        typed = typed_in(request, grid)
        check_photos(grid, typed)
        request.session["reader"] = reader
        if typed and not typed.wrong:
            save(request, grid, typed, reader, drafts)
            return redirect(f"{reverse('keying_sheet', args=[code])}?{urlencode({'on': on.isoformat()})}")
    return _shown(request, grid, reader, form)


def _shown(request: HttpRequest, grid: Grid, reader: str, form: DayForm) -> HttpResponseBase:
    wrong = [each for each in grid.rows if each.error]
    context = {
        "title": grid.route.title, "grid": grid, "reader": reader, "wrong": wrong,
        "may_key": may(request, "metering.key_reads"),
        "form": form if form.errors else DayForm(initial={"on": grid.on}),
    }  # fmt: skip
    return render(request, "metering/keying_sheet.html", context, status=422 if wrong or form.errors else 200)


@require_POST
@page(READS)
def row(request: HttpRequest, code: str, register: int) -> HttpResponseBase:
    """Keep what stands in a field, and say what the rules think of it."""
    route, form = _route(code), _day_form(request)
    if form.errors:
        return render(request, "metering/keying_verdict.html", {"error": form.errors["on"][0]})
    on = _day_of(form)
    text = request.POST.get(f"read-{register}", "").strip()[:16]
    grid = Grid(route, on, None, {})
    found = next((each for each in grid.all_rows if each.register == register), None)
    if found is None:
        raise Http404(str(register))
    if may(request, "metering.key_reads"):
        Drafts(request.user.pk or 0, route.pk, on).keep(register, text)
    value = number(text, found) if text else ""
    return render(request, "metering/keying_verdict.html", _verdict(register, value, on))


def _verdict(register: int, value: object, on: date) -> dict[str, object]:
    """The words for a typed value: an error, or what the rules say."""
    if isinstance(value, str):
        return {"error": value}
    try:
        found = verdict(register, value, on, business_date())  # type: ignore[arg-type]
    except NotReadable as error:
        return {"error": str(error)}
    return {"said": said(found) if found is not None else None}


@page(READS)
def read_photo(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """A photo kept with a read."""
    found = photo(attachment_id)
    if found is None:
        raise Http404(str(attachment_id))
    return HttpResponse(bytes(found.content), content_type=found.content_type)


def _route(code: str) -> Route:
    found = route_named(code)
    if found is None:
        raise Http404(code)
    return found


def _block(request: HttpRequest) -> int | None:
    """The block asked for, if it is a number a route could have."""
    asked = request.GET.get("block", "")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else None


def _day_form(request: HttpRequest) -> DayForm:
    """The day asked for, checked; one that is no day or is still to come has its error in the field."""
    form = DayForm(request.GET)
    form.full_clean()
    return form


def _day_of(form: DayForm) -> date:
    """The day of a sheet; the business date where none is asked for, or the one asked for is wrong."""
    on: date | None = form.cleaned_data.get("on")
    return on or business_date()
