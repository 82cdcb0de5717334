"""Payments found and traced, changed by hand; the worklist of changes and their decisions."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.payments import tracing
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import or_404, page
from meterbook.web.kit.cells import Row
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.receivables import acts
from meterbook.web.receivables.columns import CHANGES, FOUND
from meterbook.web.receivables.forms import Decide, Move, TakeBack
from meterbook.web.receivables.shown import change_context, payment_context


@page(MONEY)
def payments(request: HttpRequest) -> HttpResponseBase:
    """Every payment, searched by amount, check number, name or account."""
    table = Table(
        request, tracing.found_payments(), FOUND, order=("-received_on", "-id"), name="payments", title=_("Payments"),
        empty=_("No payment yet."), search_label=_("Check, name, account, amount or date"),
        search=("reference", "payer", "account__number", "account__holder__name", "written_account", "dollars", "day"),
    )  # fmt: skip
    return table_page(request, "receivables/payments.html", table)


@page(MONEY)
def payment(request: HttpRequest, payment_id: int) -> HttpResponseBase:
    """One payment from end to end."""
    found = or_404(tracing.trace(payment_id), payment_id)
    return render(request, "receivables/payment.html", payment_context(request, found))


@page(MONEY)
def reverse_payment(request: HttpRequest, payment_id: int) -> HttpResponseBase:
    """Take a payment back."""
    found = or_404(tracing.trace(payment_id), payment_id)
    about = FormPage(_("Take this payment back"), _("Take it back"), "payments", dangerous=True, lead=_(
        "What it had settled is owed again from its due date. Above your limit a second person decides."))  # fmt: skip
    form = TakeBack(sent(request), day=business_date())
    return form_page(request, form, about, lambda given: acts.taken_back(request, found.payment, given))


@page(MONEY)
def move_payment(request: HttpRequest, payment_id: int, number: str) -> HttpResponseBase:
    """Move a payment, or part of it, from an account (``suspense``: from nobody's) to another."""
    found = or_404(tracing.trace(payment_id), payment_id)
    source = None if number == "suspense" else or_404(account_numbered(number), number)
    about = FormPage(_("Move this payment"), _("Move it"), "payments", lead=_(
        "The account it leaves is as if it had never come. Above your limit a second person decides."))  # fmt: skip
    form = Move(sent(request), day=business_date())
    return form_page(request, form, about, lambda given: acts.moved(request, found.payment, source, given))


def _in_words(rows: list[Row]) -> None:
    for row in rows:
        row["words"] = row[f"words_{bilingual()}"]


@page(MONEY)
def changes(request: HttpRequest) -> HttpResponseBase:
    """Everything asked for by hand; filtered by status it is the worklist."""
    table = Table(
        request, tracing.hand_changes(), CHANGES, order=("-id",), name="hand-changes", title=_("Changes by hand"),
        empty=_("Nothing was changed by hand yet."), search=("from_account__number", "to_account__number"),
        search_label=_("Account"), enrich=_in_words,
    )  # fmt: skip
    return table_page(request, "receivables/changes.html", table)


@page(MONEY)
def change(request: HttpRequest, change_id: int) -> HttpResponseBase:
    """One change: what, why, by whom, exactly what posts; decided here by a second person."""
    found = or_404(tracing.hand_change(change_id), change_id)
    context = change_context(request, found)
    about = FormPage(context["title"], _("Approve"), "hand_changes", template="receivables/change.html")
    here = reverse("hand_change", args=[change_id])
    return form_page(
        request, Decide(sent(request)), about, lambda given: acts.decided(request, found.approval, given, here), context
    )


@require_POST
@page(MONEY)
def withdraw(request: HttpRequest, change_id: int) -> HttpResponseBase:
    """Take back what one asked for."""
    return redirect(acts.withdrawn(request, or_404(tracing.hand_change(change_id), change_id).approval))
