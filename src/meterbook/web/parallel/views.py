"""Comparisons: the list, a new one, its totals and accounts, one account line by line, the sign-off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.queries import run_with_id
from meterbook.records.parallel import queries
from meterbook.records.parallel.operations.compare_bills import compare_bills, sign_off
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.cells import Row
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.parallel.columns import BILLS, COMPARISONS
from meterbook.web.parallel.forms import CompareForm, SignForm
from meterbook.web.parallel.said import outcomes_of, parts_of


def _found(pk: int) -> Any:
    found = queries.comparison(pk)
    if found is None:
        raise Http404(str(pk))
    return found


def _with_totals(rows: list[Row]) -> None:
    for row in rows:
        row |= {name: row["totals"][name] for name in ("equal", "explained", "unexplained")}


@page(SECTION)
def comparisons(request: HttpRequest) -> HttpResponseBase:
    """Every comparison with another system's bills."""
    table = Table(
        request, queries.comparisons(), COMPARISONS, order=("-id",), name="comparisons", title=_("Parallel runs"),
        empty=_("No other system's bills were compared yet."), enrich=_with_totals,
        search=("number", "system", "source__file_name"), search_label=_("Comparison, system or file"),
    )  # fmt: skip
    return table_page(request, "parallel/list.html", table, {"may_compare": may(request, "parallel.compare_bills")})


@page(SECTION)
def compare(request: HttpRequest) -> HttpResponseBase:
    """Compare a file of bills with ours."""
    about = FormPage(title=_("Compare bills"), button=_("Compare"), back="comparisons", lead=_(
        "Every account is compared line by line. A difference is explained only where computing our bill with their "
        "rounding, days, rate or reads gives their figure to the cent."))  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        run = run_with_id(int(given["run"])) if given["run"] else None
        made = compare_bills(act(request, gettext("parallel run")), file_name=given["file"].name,
                             content=given["file"].read(), mapping=given["mapping"], run=run)  # fmt: skip
        return reverse("comparison", args=[made.pk])

    return form_page(request, CompareForm(sent(request), request.FILES or None), about, done)


@page(SECTION)
def comparison(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One comparison: what is equal, explained and unexplained, and every account."""
    found = _found(pk)
    table = Table(
        request, queries.bills(pk), BILLS, order=("-outcome", "account_number"), name=f"comparison-{found.number}",
        title=_("Accounts"), empty=_("No account is in this comparison."), search=("account_number",),
        search_label=_("Account"),
    )  # fmt: skip
    signed = queries.sign_off_of(pk)
    mine = found.deed.actor_id == request.user.pk
    context = {"comparison": found, "outcomes": outcomes_of(found.totals), "signed": signed,
               "may_sign": signed is None and not mine and may(request, "parallel.sign_off")}  # fmt: skip
    return table_page(request, "parallel/comparison.html", table, context)


@page(SECTION)
def compared_bill(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One account's two bills, line beside line."""
    found = queries.compared_bill(pk)
    if found is None:
        raise Http404(str(pk))
    title = gettext("Account %(number)s, both bills") % {"number": found.account_number}
    context = {"bill": found, "comparison": found.comparison, "parts": parts_of(found.parts), "title": title}
    return render(request, "parallel/bill.html", context)


@page(SECTION)
def sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Sign a comparison made by somebody else."""
    found = _found(pk)
    about = FormPage(title=_("Sign this comparison"), button=_("Sign"), back="comparisons", lead=_(
        "Your name says that you read this comparison and accept what it leaves open."))  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        sign_off(act(request, given["note"]), comparison=found, note=given["note"])
        messages.success(request, gettext("The comparison is signed."))
        return reverse("comparison", args=[pk])

    return form_page(request, SignForm(sent(request)), about, done)
