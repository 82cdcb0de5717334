"""Small balances written down in batches; rebates with their budgets."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from meterbook.records.adjustments.proofs import kept
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds.rebates import screens as rebate_screens
from meterbook.records.refunds.small import screens as small_screens
from meterbook.web.kit.access import may, or_404, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.refunds.columns import BATCHES, REBATES
from meterbook.web.refunds.forms import Decide, Rebate
from meterbook.web.refunds.programmes import acts
from meterbook.web.refunds.programmes.shown import budgets_shown, in_words_of_policy, small_shown


@page(MONEY)
def small(request: HttpRequest) -> HttpResponseBase:
    """What is small enough today, and the batches written down."""
    if request.method == "POST":
        return redirect(acts.small_asked(request))
    table = Table(
        request, small_screens.batches(), BATCHES, order=("-id",), name="small-balances", title=_("Small balances"),
        empty=_("No batch yet."),
    )  # fmt: skip
    shown = {"here": "small", **small_shown(), "may_ask": may(request, "refunds.propose_small")}
    return table_page(request, "refunds/small.html", table, shown)


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

    return form_page(
        request, Decide(sent(request)), about, lambda given: acts.small_decided(request, found, given), context
    )


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
    return form_page(request, form, about, lambda given: acts.applied(request, found, given))


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
    return form_page(
        request, Decide(sent(request)), about, lambda given: acts.rebate_decided(request, found, given), context
    )
