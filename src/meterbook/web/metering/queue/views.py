"""The exception queue: the list, one case, its decisions, and one decision on many."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from meterbook.records.metering.queue.screens import items as queue
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import may, page
from meterbook.web.kit.sections import READS
from meterbook.web.kit.tables import table_page
from meterbook.web.metering.queue import bulk, deciding
from meterbook.web.metering.queue.desk import case_context, found_case, head_context
from meterbook.web.metering.queue.keys import CASE_KEYS, LIST_KEYS
from meterbook.web.metering.queue.listing import filters, queue_table
from meterbook.web.metering.queue.questioning import question_page


@page(READS)
def exceptions(request: HttpRequest) -> HttpResponseBase:
    """What waits for a decision, dearest first."""
    table, today = queue_table(request), business_date()
    context = {
        "standing": queue.standing(today, request.user.pk or 0), "filters": filters(request),
        "may_decide": may(request, "metering.accept_read"), "workers": queue.workers(today), "today": today,
        "methods": bulk.method_choices(), "page_keys": LIST_KEYS, "kept": table.kept,
    }  # fmt: skip
    return table_page(request, "metering/queue/list.html", table, context)


@page(READS)
def exception(request: HttpRequest, item_id: int) -> HttpResponseBase:
    """One case, with everything a decision rests on; ``?do=`` opens the form of one decision."""
    item = found_case(item_id)
    context = deciding.with_proposals(case_context(request, item)) | {"page_keys": CASE_KEYS}
    if request.GET.get("do"):
        context |= deciding.panel_context(request, item, request.GET["do"])
    return render(request, "metering/queue/case.html", context)


@page(READS)
def exception_panel(request: HttpRequest, item_id: int, action: str) -> HttpResponseBase:
    """The form of one decision, alone."""
    item = found_case(item_id)
    findings = case_context(request, item) if action == "correct" else head_context(request, item)
    context = deciding.with_proposals(findings) | deciding.panel_context(request, item, action)
    return render(request, "metering/queue/panel.html", context)


@page(READS)
def exception_try(request: HttpRequest, item_id: int) -> HttpResponseBase:
    """What the value being typed would mean."""
    item = found_case(item_id)
    if item.read is None:
        raise Http404(gettext("no read"))
    return render(request, "metering/queue/tried.html", deciding.tried_context(item, request.GET.get("value", "")))


@page(READS)
def exception_act(request: HttpRequest, item_id: int, action: str) -> HttpResponseBase:
    """Take one decision, and go on to the next case."""
    item = found_case(item_id)
    if request.method != "POST":
        query = request.GET.copy()
        query["do"] = action
        return redirect(f"{reverse('exception', args=[item_id])}?{query.urlencode()}")
    return deciding.decided(request, item, action)


@page(READS)
@require_POST
def exceptions_preview(request: HttpRequest) -> HttpResponseBase:
    """What one decision on many cases would come to."""
    return bulk.previewed(request)


@page(READS)
@require_POST
def exceptions_do(request: HttpRequest) -> HttpResponseBase:
    """Do exactly what was previewed."""
    return bulk.done(request)


@page(READS)
def question_read(request: HttpRequest, read_id: int) -> HttpResponseBase:
    """Put an accepted read in question."""
    return question_page(request, read_id)
