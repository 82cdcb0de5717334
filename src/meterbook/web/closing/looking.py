"""Month-end, looking: the months, one month, its figures down to the entries, the books beside the items, files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.closing import screens
from meterbook.records.closing.figures import reconcile as beside
from meterbook.records.closing.figures import trial_balance as balances
from meterbook.records.closing.figures.roll_forward import behind, roll_forward
from meterbook.records.closing.figures.waiting import explained
from meterbook.records.closing.settings import month_end_on
from meterbook.web.closing.shown import LINE_WORDS, listed, month_context, month_or_404, rolled_table, span_or_404
from meterbook.web.kit.access import page
from meterbook.web.kit.cells import Column
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import MONEY as SECTION
from meterbook.web.kit.tables import Table, table_page

ENTRIES = (
    Column("id", _("Entry"), kind="code", spare=True),
    Column("effective_on", _("Effective"), kind="date"),
    Column("period_code", _("Booked in"), kind="code", source="period__code", spare=True),
    Column("source_kind", _("What"), kind="words", vocabulary="entry_source"),
    Column("number", _("Account"), kind="code", source="account__number", filter="text",
           href=lambda row: reverse("account", args=[row["number"]]) if row["number"] else ""),
    Column("service", _("Service"), kind="words", vocabulary="commodity", spare=True),
    Column("debit_code", _("Debit"), kind="code", source="debit__code", filter="text"),
    Column("credit_code", _("Credit"), kind="code", source="credit__code", filter="text"),
    Column("cents", _("Amount, $"), kind="money", total=True),
    Column("by", _("By"), source="deed__actor__username", spare=True),
)  # fmt: skip


@page(SECTION)
def months(request: HttpRequest) -> HttpResponseBase:
    """Every month of the books with where it stands."""
    return render(request, "closing/months.html", {"rows": listed(), "title": gettext("Month-end")})


@page(SECTION)
def month(request: HttpRequest, month: str) -> HttpResponseBase:
    """The month's one page: checklist, roll-forward, what may be done now."""
    found = month_or_404(month)
    context = {"title": gettext("Closing %(month)s") % {"month": month}}
    return render(request, "closing/month.html", {**month_context(request, found), **context})


@page(SECTION)
def figure(request: HttpRequest, month: str, chart: str, line: str) -> HttpResponseBase:
    """The entries behind a figure of the roll-forward or the trial balance."""
    span = span_or_404(month)
    if chart != "all" and screens.chart_account(chart) is None:
        raise Http404(chart)
    wanted = "" if line == "all" else line
    query = behind(span, month_end_on(span.ends), chart="" if chart == "all" else chart, line=wanted)
    words = LINE_WORDS.get(line, _("Entries"))
    table = Table(
        request, query, ENTRIES, order=("effective_on", "run_id", "id"), name=f"{month}-{chart}-{line}",
        title=f"{words} · {month}", empty=_("No entry stands behind this figure."), search=("account__number",),
        search_label=_("Account number"),
    )  # fmt: skip
    return table_page(request, "closing/figure.html", table, {"code": month, "chart": screens.chart_account(chart)})


@page(SECTION)
def books(request: HttpRequest, month: str) -> HttpResponseBase:
    """The trial balance of months, and their roll-forward where it is a year."""
    span = span_or_404(month)
    rows = balances.trial_balance(span)
    rolled = roll_forward(span, month_end_on(span.ends))
    context: dict[str, Any] = {
        "title": gettext("Trial balance %(month)s") % {"month": month}, "code": month, "span": span, "rows": rows,
        "funds": balances.by_fund(rows), "rolled": rolled_table(span, rolled), "spanish": bilingual() == "es",
    }  # fmt: skip
    return render(request, "closing/books.html", context)


@page(SECTION)
def reconcile(request: HttpRequest, month: str) -> HttpResponseBase:
    """The customers' items beside the general ledger, down to the accounts that differ."""
    span = span_or_404(month)
    held = beside.deposits(span)
    context: dict[str, Any] = {
        "title": gettext("Items beside the books, %(month)s") % {"month": month}, "code": month,
        "rows": beside.receivables(span), "differing": beside.differing(span), "books": held[0], "held": held[1],
        "apart": held[0] - held[1],
    }  # fmt: skip
    return render(request, "closing/reconcile.html", context)


@page(SECTION)
def waiting(request: HttpRequest, month: str, role: str) -> HttpResponseBase:
    """What is left in an account that should be empty, batch by batch."""
    span, chart = span_or_404(month), screens.chart_with_role(role)
    if chart is None:
        raise Http404(role)
    rows = explained(role, span)
    title = chart["title_es"] if bilingual() == "es" else chart["title_en"]
    context = {"title": title, "code": month, "chart": chart, "rows": rows, "cents": sum(row.cents for row in rows)}
    return render(request, "closing/waiting.html", context)


@page(SECTION)
def file(request: HttpRequest, month: str, kind: str) -> HttpResponseBase:
    """The evidence of a locked month, or its journal, as it was kept."""
    found = month_or_404(month)
    journal = found.journal.content if found.journal else None
    kept = {"pack": screens.kept_pack(found.period), "journal": journal}.get(kind)
    if kept is None:
        raise Http404(kind)
    return _download(bytes(kept.content), kept.content_type, kept.file_name)


@page(SECTION)
def evidence(request: HttpRequest, signature_id: int) -> HttpResponseBase:
    """The file kept with a signature."""
    kept = screens.evidence(signature_id)
    if kept is None:
        raise Http404(str(signature_id))
    return _download(bytes(kept.content), "application/octet-stream", kept.file_name)


def _download(content: bytes, content_type: str, file_name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    name = "".join(each for each in file_name if each.isalnum() or each in "-_. ")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
