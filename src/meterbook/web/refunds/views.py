"""The credit worklist, an account's credit, a refund with its decision, checks and their files."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.notices.refund_letter import render_letter
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds import screens
from meterbook.web.kit.access import or_404, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.refunds import acts
from meterbook.web.refunds.acts import download
from meterbook.web.refunds.columns import PAYOUTS, REFUNDS
from meterbook.web.refunds.forms import AskRefund, Decide, EndPayout, PayAgain, Stays, TakeStatuses
from meterbook.web.refunds.shown import checks_context, credit_context, credit_table, letter_of, refund_context


@page(MONEY)
def credits(request: HttpRequest) -> HttpResponseBase:
    """Every open credit, customers who left first, and what is done about it."""
    table, counts = credit_table(request)
    return table_page(request, "refunds/credits.html", table, {"counts": counts})


@page(MONEY)
def account_credit(request: HttpRequest, number: str) -> HttpResponseBase:
    """An account's credits one by one, and what may be done."""
    found = or_404(account_numbered(number), number)
    pin(request, number=found.number, name=found.holder.name)
    return render(request, "refunds/credit.html", {"title": found.holder.name, **credit_context(request, found)})


@page(MONEY)
def ask(request: HttpRequest, number: str) -> HttpResponseBase:
    """Ask for a refund of an account's credit."""
    found = or_404(account_numbered(number), number)
    form = AskRefund(sent(request), day=business_date())
    about = FormPage(gettext("Refund %(number)s") % {"number": number}, _("Ask"), "credits", lead=_(
        "A second person decides exactly these figures; nothing is booked before."))  # fmt: skip
    return form_page(request, form, about, lambda given: acts.proposed(request, found, given))


@page(MONEY)
def stays(request: HttpRequest, number: str) -> HttpResponseBase:
    """Say why an account's credit stays."""
    found = or_404(account_numbered(number), number)
    about = FormPage(_("The credit stays"), _("Save"), "credits")
    form = Stays(sent(request), day=business_date())
    return form_page(request, form, about, lambda given: acts.stays(request, found, given))


@page(MONEY)
def refunds(request: HttpRequest) -> HttpResponseBase:
    """Every refund, newest first."""
    table = Table(
        request, screens.refunds(), REFUNDS, order=("-id",), name="refunds", title=_("Refunds"),
        empty=_("No refund yet. Open a credit on the worklist and ask for one."),
        search=("account__number", "payee"), search_label=_("Account or payee"),
    )  # fmt: skip
    return table_page(request, "refunds/list.html", table, {"here": "refunds"})


@page(MONEY)
def refund(request: HttpRequest, refund_id: int) -> HttpResponseBase:
    """One refund: its credits, what it booked, its checks; decided here by a second person."""
    found = or_404(screens.find(refund_id), refund_id)
    pin(request, number=found.account.number, name=found.account.holder.name)
    about = FormPage(_("Refund"), _("Approve"), "refunds", template="refunds/refund.html")
    context = refund_context(request, found)
    return form_page(request, Decide(sent(request)), about, lambda given: acts.decided(request, found, given), context)


@require_POST
@page(MONEY)
def withdraw(request: HttpRequest, refund_id: int) -> HttpResponseBase:
    """Take back what one asked for oneself."""
    return redirect(acts.withdrawn(request, or_404(screens.find(refund_id), refund_id)))


@require_POST
@page(MONEY)
def keep(request: HttpRequest, refund_id: int) -> HttpResponseBase:
    """Give what is owed back to the account."""
    return redirect(acts.kept(request, or_404(screens.find(refund_id), refund_id)))


@page(MONEY)
def again(request: HttpRequest, refund_id: int) -> HttpResponseBase:
    """Pay again after a check ended."""
    found = or_404(screens.find(refund_id), refund_id)
    about = FormPage(_("Pay it again"), _("Another check"), "refunds")
    return form_page(request, PayAgain(sent(request)), about, lambda given: acts.paid_again(request, found, given))


@page(MONEY)
def end(request: HttpRequest, payout_id: int) -> HttpResponseBase:
    """End a check that never arrives."""
    found = or_404(screens.find_payout(payout_id), payout_id)
    about = FormPage(_("The check ended"), _("Save"), "refund_checks", dangerous=True, lead=_(
        "What it paid is back on the books and owed again."))  # fmt: skip
    return form_page(request, EndPayout(sent(request)), about, lambda given: acts.ended(request, found, given))


@page(MONEY)
def letter(request: HttpRequest, refund_id: int) -> HttpResponseBase:
    """The letter that goes with a refund."""
    found = or_404(screens.find(refund_id), refund_id)
    return letter_of(render_letter(found.pk, found.account.holder.language, business_date()), f"refund-{found.pk}")


@page(MONEY)
def checks(request: HttpRequest) -> HttpResponseBase:
    """Every check and bank credit, and the files they went into."""
    if request.method == "POST":
        return redirect(acts.handed_over(request))
    table = Table(
        request, screens.payouts(), PAYOUTS, order=("-id",), name="refund-checks", title=_("Checks and bank credits"),
        empty=_("No check yet: an approved refund makes one."),
        search=("reference", "payee", "refund__account__number"), search_label=_("Check, payee or account"),
    )  # fmt: skip
    return table_page(request, "refunds/checks.html", table, checks_context(request))


@page(MONEY)
def statuses(request: HttpRequest) -> HttpResponseBase:
    """Take in what became of checks."""
    form = TakeStatuses(sent(request), request.FILES or None)
    about = FormPage(_("Take a file of check statuses"), _("Take it"), "refund_checks", lead=_(
        "From accounts payable or the bank. The same file twice changes nothing."))  # fmt: skip
    return form_page(request, form, about, lambda given: acts.taken(request, given))


@page(MONEY)
def file(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """A file as it was handed over."""
    return download(or_404(screens.find_export(export_id), export_id))


@page(MONEY)
def proof(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """A file kept with a claim, a rebate or a publication."""
    return download(or_404(screens.proof(attachment_id), attachment_id), "application/octet-stream")
