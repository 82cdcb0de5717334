"""Deposits: assessments, one account's security, giving back, moving, the second person."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.notices.deposit import KINDS, render_letter
from meterbook.records.platform.queries import business_date
from meterbook.records.security import screens
from meterbook.records.security.assessing import propose
from meterbook.records.security.operations.assess import cancel_assessment
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.sections import ACCOUNTS, MONEY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.security import acts, forms, shown
from meterbook.web.security.columns import ASSESSMENTS


def found_account(request: HttpRequest, number: str) -> Any:
    """The account asked for, kept in sight."""
    account = screens.account_numbered(number)
    if account is None:
        raise Http404(number)
    pin(request, number=account.number, name=account.holder.name)
    return account


@page(MONEY)
def assessments(request: HttpRequest) -> HttpResponseBase:
    """Every deposit that was asked for or waived."""
    table = Table(
        request, screens.assessments(), ASSESSMENTS, order=("-id",), name="assessments", title=_("Deposits asked for"),
        empty=_("No deposit was asked for yet. Open an account and assess it."),
        search=("account__number", "account__holder__name"), search_label=_("Account or holder"),
    )  # fmt: skip
    return table_page(request, "security/list.html", table, {"tab": "assessments"})


@page(MONEY)
def refunds(request: HttpRequest) -> HttpResponseBase:
    """Deposits held, which go back today, and why the others stay."""
    rows = shown.refund_rows(business_date())
    due = [row["one"].account_id for row in rows if row["one"].judged.due]
    about = FormPage(_("Deposits to give back"), _("Ask to give them back"), "deposit_refunds",
                     template="security/refunds.html")  # fmt: skip
    context = {"rows": rows, "due": len(due), "may_ask": bool(due) and may(request, "security.request_give_back")}
    done = lambda given: acts.given_back(request, screens.accounts_with_ids(due), given)  # noqa: E731
    return form_page(request, forms.GiveBack(sent(request)), about, done, context)


@page(ACCOUNTS)
def account(request: HttpRequest, number: str) -> HttpResponseBase:
    """What stands for one account."""
    return shown.account_page(request, found_account(request, number))


@page(ACCOUNTS)
def assess(request: HttpRequest, number: str) -> HttpResponseBase:
    """Work out a deposit, see why, and ask for it."""
    found, form = found_account(request, number), forms.Assess(sent(request))
    about = FormPage(_("Assess a deposit"), _("Ask for it"), "assessments", template="security/assess.html")
    context: dict[str, object] = {"account": found}
    if request.method == "POST" and "try" in request.POST and form.is_valid():
        return shown.tried(request, form, about, context, lambda given: propose(
            found, acts.terms_of(given), business_date()))  # fmt: skip
    return form_page(request, form, about, lambda given: acts.assessed(request, found, given), context)


@require_POST
@page(ACCOUNTS)
def cancel(request: HttpRequest, number: str, assessment_id: int) -> HttpResponseBase:
    """Ask no longer for a deposit."""
    found = found_account(request, number)
    one = found.assessments.filter(pk=assessment_id).first()
    if one is None:
        raise Http404(str(assessment_id))
    cancel_assessment(act(request, "no longer asked for"), assessment=one)
    return redirect("account_security", number)


@page(ACCOUNTS)
def give_back(request: HttpRequest, number: str) -> HttpResponseBase:
    """Ask to give one account's deposits back."""
    found = found_account(request, number)
    about = FormPage(_("Give the deposit back"), _("Ask a second person"), "deposit_refunds")
    return form_page(
        request, forms.GiveBack(sent(request)), about, lambda given: acts.given_back(request, [found], given)
    )


@page(ACCOUNTS)
def move(request: HttpRequest, number: str) -> HttpResponseBase:
    """Ask to let a deposit go along to another account of the person."""
    found = found_account(request, number)
    about = FormPage(_("Move the deposit"), _("Ask a second person"), "deposits", lead=_(
        "What is held goes to the other account; interest up to today stays here as a credit."))  # fmt: skip
    return form_page(request, forms.Move(sent(request)), about, lambda given: acts.moved(request, found, given))


@page(MONEY)
def decide(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """One request: what exactly would be done; decided here."""
    asked = screens.request_numbered(request_id)
    if asked is None:
        raise Http404(str(request_id))
    about = FormPage(shown.kind_words(asked), _("Approve"), "assessments", template="security/request.html")
    done = lambda given: acts.decided(request, asked, given)  # noqa: E731
    return form_page(request, forms.Decide(sent(request)), about, done, shown.request_context(request, asked))


@page(ACCOUNTS)
def letter(request: HttpRequest, number: str, kind: str) -> HttpResponseBase:
    """A letter about an account's deposits, to print."""
    found = found_account(request, number)
    if kind not in KINDS:
        raise Http404(kind)
    response = HttpResponse(render_letter(found, kind, business_date()), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{number}-{kind}.pdf"'
    return response
