"""Level payment: every plan, one plan, enrolling an account, reviews, ending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.screens import bills_by_id
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.records.programs.level_pay import screens
from meterbook.records.programs.level_pay.operations.enrol import enrol_level_pay
from meterbook.records.programs.level_pay.operations.review import review_level_pay, token_of
from meterbook.records.programs.level_pay.queries import candidate, removals_due, reviews
from meterbook.records.programs.level_pay.refusals import LevelPayRefused
from meterbook.records.programs.level_pay.rules import rules_on
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.cells import Column, Row
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.refusals import in_words
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.programs.level_pay.ending import ENDINGS
from meterbook.web.programs.level_pay.forms import EnrolForm


def _open(row: Row) -> str:
    return reverse("level_pay_plan", args=[row["id"]])


COLUMNS = (
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=_open),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("formula", _("Formula"), kind="code", filter="text", spare=True),
    Column("state", _("State"), kind="status", vocabulary="level_pay_state", filter="choice",
           choices=("active", "settled", "removed")),
    Column("starts", _("Since"), kind="date", spare=True),
    Column("month", _("Month of its year"), kind="count", sort=False),
    Column("amount_cents", _("Level amount, $"), kind="money", sort=False),
    Column("difference_cents", _("Deferred, $"), kind="money", sort=False),
)  # fmt: skip


@page(SECTION)
def level_pay(request: HttpRequest) -> HttpResponseBase:
    """Every plan."""
    table = Table(
        request, screens.plans(), COLUMNS, order=("state", "account__number", "id"), name="level-pay",
        title=_("Level payment"), empty=_("No account is on a level payment plan yet."), enrich=screens.with_progress,
        search=("account__number", "account__holder__name"), search_label=_("Account or name"),
    )  # fmt: skip
    due = len(reviews(business_date())) if screens.plans().filter(state="active").exists() else 0
    return table_page(request, "programs/level_pay/list.html", table, {"reviews_due": due})


def _found(pk: int) -> Any:
    found = screens.plan(pk)
    if found is None:
        raise Http404(str(pk))
    return found


@page(SECTION)
def plan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One plan: its amounts, what every bill charged and asked for, what is deferred."""
    found = _found(pk)
    months = screens.months(found)
    bills = bills_by_id([month.bill_id for month in months])
    context = {
        "plan": found, "months": [(month, bills.get(month.bill_id, "")) for month in months],
        "amounts": screens.amounts(found), "sums": screens.standing_sums(found),
        "title": gettext("Level payment of %(name)s") % {"name": found.account.holder.name},
        "ends": [(name, how.button) for name, how in ENDINGS.items() if may(request, how.kind)],
    }  # fmt: skip
    return render(request, "programs/level_pay/plan.html", context)


@page(SECTION)
def enrol(request: HttpRequest, number: str) -> HttpResponseBase:
    """Enrol an account, after a look at what it would be asked for."""
    account, rules = account_numbered(number), rules_on(business_date())
    if account is None:
        raise Http404(number)
    about = FormPage(_("Enrol in level payment"), _("Enrol"), "level_pay", template="programs/level_pay/enrol.html")
    shown = [(formula.document, candidate(account, key, business_date())) for key, formula in rules.formulas.items()]

    def done(given: dict[str, Any]) -> str:
        made = enrol_level_pay(act(request, given["reason"]), account=account, formula=given["formula"])
        messages.success(request, gettext("The next bill asks for the level amount."))
        return reverse("level_pay_plan", args=[made.pk])

    form = EnrolForm(sent(request), formulas=rules.formulas)
    return form_page(request, form, about, done, {"account": account, "shown": shown})


@page(SECTION)
def review(request: HttpRequest) -> HttpResponseBase:
    """Amounts before and after, and plans the rules end; sent, the amounts are changed as shown."""
    rows = reviews(business_date())
    if request.method == "POST":
        return _reviewed(request)
    context = {
        "rows": rows, "token": token_of(rows), "title": gettext("Reviews of level amounts"),
        "removals": removals_due(business_date()), "may_review": may(request, "programs.review_level_pay"),
    }  # fmt: skip
    return render(request, "programs/level_pay/reviews.html", context)


def _reviewed(request: HttpRequest) -> HttpResponseBase:
    try:
        count = review_level_pay(act(request, gettext("review of level amounts")), token=request.POST.get("token", ""))
    except LevelPayRefused as error:
        messages.warning(request, in_words(error))
        return redirect("level_pay_review")
    said = ngettext("%(n)d amount has changed.", "%(n)d amounts have changed.", count)
    messages.success(request, said % {"n": count})
    return redirect("level_pay")


@page(SECTION)
def end(request: HttpRequest, pk: int, how: str) -> HttpResponseBase:
    """End a plan: removed by the rules, or settled because the customer asks."""
    found, about = _found(pk), ENDINGS.get(how)
    if about is None:
        raise Http404(how)
    page_ = FormPage(about.title, about.button, "level_pay", about.lead, dangerous=True)

    def done(given: dict[str, Any]) -> str:
        about.do(act(request, given["reason"]), plan=found, why=given["reason"])
        messages.success(request, gettext("The plan has ended. The next bill asks for everything owed."))
        return reverse("level_pay_plan", args=[pk])

    return form_page(request, ReasonForm(sent(request)), page_, done)
