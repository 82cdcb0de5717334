"""Sources of reads with what came from them, and a cycle's reads expected against received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.jobs.expected_reads import CycleWindow, cycle_window, routes_to_key
from meterbook.records.metering.hub import sources
from meterbook.records.metering.hub.expected import missing_registers
from meterbook.records.metering.hub.operations.keep_source import add_source, change_source, retire_source
from meterbook.records.metering.validation.operations.close_reading import close_reading
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import DayField, FormPage, form_page, sent
from meterbook.web.kit.sections import READS
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.metering.hub.columns import MISSING, RECEIVED, SOURCES
from meterbook.web.metering.hub.enrich import with_reasons, with_share
from meterbook.web.metering.hub.forms import SourceForm

if TYPE_CHECKING:
    from meterbook.records.metering.models import ReadSource

_LEAD = _("Files of a source are taken in as it says. What was taken before a change stays as it is.")


@page(READS)
def source_list(request: HttpRequest) -> HttpResponseBase:
    """Every source with its figures."""
    table = Table(
        request, sources.sources_with_statistics(), SOURCES, order=("-active", "name", "id"), name="read-sources",
        title=_("Sources of reads"), empty=_("No source yet. Add the first one: a folder, a mailbox or an upload."),
        enrich=with_share,
    )  # fmt: skip
    return table_page(request, "metering/sources.html", table, {"may_add": may(request, "metering.add_source")})


@page(READS)
def source(request: HttpRequest, source_id: int) -> HttpResponseBase:
    """One source: what it is, and every file that came from it."""
    found = _source(source_id)
    table = Table(
        request, sources.received_files(source_id), RECEIVED, order=("-id",), name=f"received-{source_id}",
        title=found.name, empty=_("No file came from this source yet."),
    )  # fmt: skip
    context = {"source": found, "may_change": may(request, "metering.change_source") and found.active}
    return table_page(request, "metering/source.html", table, context)


@page(READS)
def new_source(request: HttpRequest) -> HttpResponseBase:
    """Set a source up."""
    shown = FormPage(title=_("Add a source"), button=_("Add the source"), back="read_sources", lead=_LEAD)
    form = SourceForm(sent(request))
    return form_page(
        request, form, shown, lambda given: reverse("read_source", args=[add_source(act(request), **given).pk])
    )


@page(READS)
def edit_source(request: HttpRequest, source_id: int) -> HttpResponseBase:
    """Change what a source is."""
    found = _source(source_id)
    shown = FormPage(title=_("Change the source"), button=_("Save the source"), back="read_sources", lead=_LEAD)
    names = ("name", "format", "via", "location", "pattern", "timezone", "multiplier_applied")
    form = SourceForm(sent(request), initial={name: getattr(found, name) for name in names})
    return form_page(
        request, form, shown,
        lambda given: reverse("read_source", args=[change_source(act(request), source=found, **given).pk]),
    )  # fmt: skip


@require_POST
@page(READS)
def retire(request: HttpRequest, source_id: int) -> HttpResponseBase:
    """Take no more files from a source."""
    retire_source(act(request), source=_source(source_id))
    messages.success(request, gettext("No more files are taken from this source."))
    return redirect("read_source", source_id)


@page(READS)
def expected(request: HttpRequest) -> HttpResponseBase:
    """Every cycle's window: registers expected, received and missing, route by route."""
    return render(request, "metering/expected.html", {"title": _("Expected reads"), "cycles": routes_to_key()})


@page(READS)
def missing(request: HttpRequest, code: str) -> HttpResponseBase:
    """The registers of a cycle that should have been read and were not."""
    found = _window(request, code)
    table = Table(
        request, missing_registers(found.cycle, found.window), MISSING, order=("route_code", "sequence", "id"),
        name=f"missing-{code}", title=_("Missing reads"), empty=_("Every register of this window is read."),
        search=("meter__serial",), search_label=_("Meter"), enrich=with_reasons(found.window),
    )  # fmt: skip
    context = {"found": found, "may_close": may(request, "metering.close_reading")}
    return table_page(request, "metering/missing.html", table, context)


@require_POST
@page(READS)
def close(request: HttpRequest, code: str) -> HttpResponseBase:
    """Ask about every register that was not read: each becomes an item of the exception queue."""
    found = _window(request, code)
    last = min(found.window.until, business_date())
    asked = close_reading(act(request), cycle=found.cycle, first=found.window.since, last=last)
    messages.success(request, gettext("%(n)s missing reads are in the exception queue now.") % {"n": asked})
    return redirect("missing_reads", code)


def _source(source_id: int) -> ReadSource:
    found = sources.find_source(source_id)
    if found is None:
        raise Http404(str(source_id))
    return found


def _window(request: HttpRequest, code: str) -> CycleWindow:
    """The cycle's window on the day asked for, or on the business date."""
    try:
        day = DayField(required=False).clean(request.GET.get("on", ""))
        return cycle_window(code, day)
    except (LookupError, ValueError, ValidationError, OverflowError) as error:
        raise Http404(code) from error
