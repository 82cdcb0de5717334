"""The winter average: every reset, one with its points, a point set by hand, agreement, letters, who moved in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.quantity import scaled, unscaled
from meterbook.notices.winter_average import render_letter
from meterbook.records.platform.queries import business_date
from meterbook.records.programs.winter_average import queries
from meterbook.records.programs.winter_average.operations.newcomers import newcomers, settle_newcomers
from meterbook.records.programs.winter_average.operations.reset import draw_winter_reset, override_winter_average
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.cells import Row
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.programs.winter.acts import ACTS, acts_of
from meterbook.web.programs.winter.columns import RESETS, ROWS
from meterbook.web.programs.winter.forms import DrawForm, OverrideForm


def _reset(pk: int) -> Any:
    found = queries.reset(pk)
    if found is None:
        raise Http404(str(pk))
    return found


def _row(pk: int) -> Any:
    found = queries.row(pk)
    if found is None:
        raise Http404(str(pk))
    return found


def _with_totals(rows: list[Row]) -> None:
    for row in rows:
        totals = row["totals"]
        row |= {"points": totals["points"], "overridden": totals["by_source"]["override"],
                "change_cents": totals["cents_after"] - totals["cents_before"]}  # fmt: skip


@page(SECTION)
def winter_resets(request: HttpRequest) -> HttpResponseBase:
    """Every yearly reset, and how many customers wait for an average of their own."""
    table = Table(
        request, queries.resets(), RESETS, order=("-effective", "-id"), name="winter-averages",
        title=_("Winter averages"), empty=_("No winter averages were drawn yet."), enrich=_with_totals,
    )  # fmt: skip
    waiting, may_draw = len(newcomers(business_date())), may(request, "programs.draw_winter_reset")
    context: dict[str, object] = {"may_draw": may_draw, "waiting": waiting}
    return table_page(request, "programs/winter/list.html", table, context)


@page(SECTION)
def draw(request: HttpRequest) -> HttpResponseBase:
    """Draw the averages of a year; nothing changes until somebody else agrees."""
    about = FormPage(title=_("Draw winter averages"), button=_("Draw"), back="winter_resets", lead=_(
        "Every sewer point billed by a winter average is computed from last winter's water. Nothing changes until "
        "somebody else agrees."))  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        made = draw_winter_reset(act(request, gettext("winter averages drawn")), effective=given["effective"])
        return reverse("winter_reset", args=[made.pk])

    return form_page(request, DrawForm(sent(request)), about, done)


@page(SECTION)
def winter_reset(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One reset: what it comes to, and every point with what it was, what the rule makes, what a person set."""
    found = _reset(pk)
    table = Table(
        request, queries.rows(pk), ROWS, order=("service_point__code",), name=f"winter-{found.effective}",
        title=_("Service points"), empty=_("No point is in this reset."),
        search=("service_point__code", "account__number", "account__holder__name"),
        search_label=_("Point, account or holder"),
    )  # fmt: skip
    change = found.totals["cents_after"] - found.totals["cents_before"]
    context = {"reset": found, "acts": acts_of(request, found), "change_cents": change}
    return table_page(request, "programs/winter/reset.html", table, context)


@page(SECTION)
def winter_average(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One point: set its quantity by hand with a reason, or let it follow the rule again."""
    found = _row(pk)
    told = found.override_e6
    form = OverrideForm(sent(request), initial={"quantity": None if told is None else unscaled(told)})
    about = FormPage(title=_("Winter average of %(point)s") % {"point": found.service_point.code}, button=_("Set"),
                     back="winter_resets", template="programs/winter/row.html")  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        asked = given["quantity"]
        override_winter_average(act(request, given["reason"]), reset=found.reset, service_point=found.service_point,
                                quantity_e6=None if asked is None else scaled(asked))  # fmt: skip
        return reverse("winter_reset", args=[found.reset_id])

    may_set = found.reset.state == "draft" and may(request, "programs.override_winter_average")
    return form_page(request, form, about, done, {"row": found, "may_set": may_set})


@page(SECTION)
def winter_act(request: HttpRequest, pk: int, action: str) -> HttpResponseBase:
    """Draw again, ask for agreement, or put in force."""
    found, deed = _reset(pk), ACTS[action]
    about = FormPage(deed.title, deed.button, "winter_resets", deed.lead, dangerous=deed.dangerous)

    def done(given: dict[str, Any]) -> str:
        deed.do(act(request, given.get("reason", "")), found)
        messages.success(request, str(deed.done))
        return reverse("winter_reset", args=[pk])

    return form_page(request, deed.form(sent(request)), about, done)


@page(SECTION)
def winter_letter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The letter a customer gets, in their language."""
    response = HttpResponse(render_letter(_row(pk).pk), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="winter-average-{pk}.pdf"'
    return response


@page(SECTION)
def winter_newcomers(request: HttpRequest) -> HttpResponseBase:
    """Customers billed by another one's winter; give them theirs, or the default."""
    if request.method == "POST":
        set_now = settle_newcomers(act(request, gettext("customers who moved in")), on=business_date())
        messages.success(request, ngettext("%(n)s customer set.", "%(n)s customers set.", len(set_now))
                         % {"n": len(set_now)})  # fmt: skip
    context = {"found": newcomers(business_date()), "title": gettext("Moved in since the reset"),
               "may_settle": may(request, "programs.settle_newcomers")}  # fmt: skip
    return render(request, "programs/winter/newcomers.html", context)
