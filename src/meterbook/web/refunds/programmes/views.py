"""Small balances written down in batches; rebates with their budgets."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.adjustments.proofs import kept
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds.rebates import screens as rebate_screens
from meterbook.records.refunds.rebates.operations.apply import apply_rebate, decide_rebate
from meterbook.records.refunds.refusals import RefundRefused
from meterbook.records.refunds.small import screens as small_screens
from meterbook.records.refunds.small.operations.write_down import decide_small, propose_small
from meterbook.web.adjustments.forms import proofs_of
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.refusals import in_words
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.refunds.acts import or_404
from meterbook.web.refunds.columns import BATCHES, REBATES
from meterbook.web.refunds.forms import Decide, Rebate
from meterbook.web.refunds.programmes.shown import budgets_shown, in_words_of_policy, small_shown


@page(MONEY)
def small(request: HttpRequest) -> HttpResponseBase:
    """What is small enough today, and the batches written down."""
    if request.method == "POST":
        return _asked(request)
    table = Table(
        request, small_screens.batches(), BATCHES, order=("-id",), name="small-balances", title=_("Small balances"),
        empty=_("No batch yet."),
    )  # fmt: skip
    shown = {"here": "small", **small_shown(), "may_ask": may(request, "refunds.propose_small")}
    return table_page(request, "refunds/small.html", table, shown)


def _asked(request: HttpRequest) -> HttpResponseBase:
    try:
        return redirect("small_batch", propose_small(act(request)).pk)
    except RefundRefused as refusal:
        messages.error(request, in_words(refusal))
        return redirect("small_balances")


@page(MONEY)
def small_batch(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """One batch line by line, decided here by a second person."""
    found = or_404(small_screens.find(batch_id), batch_id)
    mine = found.proposed_by.actor_id == request.user.pk
    context: dict[str, object] = {
        "item": found, "rows": small_screens.rows(batch_id), "mine": mine,
        "may_decide": found.state == "proposed" and not mine and may(request, "refunds.decide_small"),
    }  # fmt: skip
    about = FormPage(_("Small balances"), _("Approve"), "small_balances", template="refunds/batch.html")

    def done(given: dict[str, Any]) -> str:
        decide_small(act(request, given["reason"]), batch=found, approve=request.POST.get("decision") == "approve")
        return reverse("small_batch", args=[batch_id])

    return form_page(request, Decide(sent(request)), about, done, context)


@page(MONEY)
def rebates(request: HttpRequest) -> HttpResponseBase:
    """Every application, and what is left of each programme's budget."""
    table = Table(
        request, rebate_screens.applications(), REBATES, order=("-id",), name="rebates", title=_("Rebates"),
        empty=_("No application yet. Open an account's credits and take one in."), enrich=in_words_of_policy,
        search=("account__number", "account__holder__name"), search_label=_("Account or holder"),
    )  # fmt: skip
    return table_page(request, "refunds/rebates.html", table, {"here": "rebates", "budgets": budgets_shown()})


@page(MONEY)
def apply(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take in an application."""
    found = or_404(account_numbered(number), number)
    pin(request, number=found.number, name=found.holder.name)
    form = Rebate(sent(request), request.FILES or None, day=business_date())
    about = FormPage(
        _("Rebate"), _("Ask"), "rebates", lead=_("What the programme gives is computed; a second person decides.")
    )

    def done(given: dict[str, Any]) -> str:
        made = apply_rebate(
            act(request, given["note"]), account=found, programme=given["programme"], units=given["units"],
            cost_cents=given["cost"], done_on=given["done_on"], how=given["how"], note=given["note"],
            proofs=proofs_of(given["proof"]),
        )  # fmt: skip
        messages.success(request, gettext("A second person has been asked."))
        return reverse("rebate", args=[made.pk])

    return form_page(request, form, about, done)


@page(MONEY)
def rebate(request: HttpRequest, application_id: int) -> HttpResponseBase:
    """One application, decided here by a second person."""
    found = or_404(rebate_screens.find(application_id), application_id)
    mine, waits = found.deed.actor_id == request.user.pk, found.state == "asked"
    context: dict[str, object] = {
        "item": found, "mine": mine, "proofs": kept(f"rebateapplication:{found.pk}"),
        "waits": "proposed" if waits else "",
        "may_decide": waits and not mine and may(request, "refunds.decide_rebate"),
    }  # fmt: skip
    about = FormPage(_("Rebate"), _("Approve"), "rebates", template="refunds/rebate.html")

    def done(given: dict[str, Any]) -> str:
        grant = request.POST.get("decision") == "approve"
        decide_rebate(act(request, given["reason"]), application=found, grant=grant)
        return reverse("rebate", args=[application_id])

    return form_page(request, Decide(sent(request)), about, done, context)
