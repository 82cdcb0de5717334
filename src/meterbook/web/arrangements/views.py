"""More time and plans of instalments: lists, one of each, the forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from meterbook.notices.payment_arrangement import render_letter
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.ledger.arrangements import screens
from meterbook.records.ledger.arrangements.settings import rules_on
from meterbook.records.platform.queries import business_date
from meterbook.web.arrangements import acts, forms, shown
from meterbook.web.arrangements.columns import ARRANGEMENTS, EXTENSIONS
from meterbook.web.kit.access import page, roles_held
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.sections import ACCOUNTS, MONEY
from meterbook.web.kit.tables import Table, table_page


def _account(request: HttpRequest, number: str) -> Any:
    found = account_numbered(number)
    if found is None:
        raise Http404(number)
    pin(request, number=found.number, name=found.holder.name)
    return found


def _plan(arrangement_id: int) -> Any:
    found = screens.find_arrangement(arrangement_id, business_date())
    if found is None:
        raise Http404(str(arrangement_id))
    return found


@page(MONEY)
def arrangements(request: HttpRequest) -> HttpResponseBase:
    """Every plan, and whether it is kept."""
    table = Table(
        request, screens.arrangements(), ARRANGEMENTS, order=("-id",), name="arrangements",
        title=_("Payment arrangements"), empty=_("No plan yet. Open an account and choose “Payment arrangement”."),
        search=("account__number", "account__holder__name"), search_label=_("Account or holder"),
        enrich=lambda rows: screens.with_standing(rows, business_date()),
    )  # fmt: skip
    return table_page(request, "fees/list.html", table, {"here": "arrangements"})


@page(MONEY)
def extensions(request: HttpRequest) -> HttpResponseBase:
    """Every promise, and whether it was kept."""
    table = Table(
        request, screens.extensions(), EXTENSIONS, order=("-id",), name="extensions", title=_("More time given"),
        empty=_("Nobody was given more time yet. Open an account and choose “More time”."),
        search=("account__number", "account__holder__name"), search_label=_("Account or holder"),
        enrich=lambda rows: screens.with_states(rows, business_date()),
    )  # fmt: skip
    return table_page(request, "fees/list.html", table, {"here": "extensions"})


@page(MONEY)
def arrangement(request: HttpRequest, arrangement_id: int) -> HttpResponseBase:
    """One plan: its parts, what was paid of each; a request about it is decided here."""
    found = _plan(arrangement_id)
    about = FormPage(_("Payment arrangement"), _("Agree"), "payment_arrangements", template="arrangements/one.html")
    done = lambda given: acts.decided(request, found.arrangement, given)  # noqa: E731
    return form_page(request, forms.Decide(sent(request)), about, done, shown.arrangement_context(request, found))


@page(MONEY)
def cancel(request: HttpRequest, arrangement_id: int) -> HttpResponseBase:
    """End a plan before it is paid."""
    found = _plan(arrangement_id).arrangement
    about = FormPage(_("End the plan"), _("End the plan"), "payment_arrangements", dangerous=True, lead=_(
        "What is open is due as it was. From tomorrow on payments settle the oldest charges first again."))  # fmt: skip
    return form_page(request, forms.Cancel(sent(request)), about, lambda given: acts.cancelled(request, found, given))


@page(MONEY)
def letter(request: HttpRequest, arrangement_id: int) -> HttpResponseBase:
    """The agreement, to print and send."""
    found = _plan(arrangement_id).arrangement
    response = HttpResponse(render_letter(found.pk), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="arrangement-{found.pk}.pdf"'
    return response


@page(MONEY)
def take_back(request: HttpRequest, extension_id: int) -> HttpResponseBase:
    """Take more time back."""
    found = screens.find_extension(extension_id)
    if found is None:
        raise Http404(str(extension_id))
    about = FormPage(_("Take more time back"), _("Take it back"), "payment_extensions", dangerous=True)
    return form_page(request, ReasonForm(sent(request)), about, lambda given: acts.taken_back(request, found, given))


@page(ACCOUNTS)
def extend(request: HttpRequest, number: str) -> HttpResponseBase:
    """Give more time: the latest day one may give stands there already."""
    found, day = _account(request, number), business_date()
    latest = day + timedelta(days=rules_on(day)[1].extension.days_for(roles_held(request)))
    context = shown.extension_context(found, day)
    form = forms.Extend(sent(request), charges=context["charges"], initial={"until": latest})
    about = FormPage(_("More time"), _("Give more time"), "payment_extensions", template="arrangements/extend.html")
    return form_page(request, form, about, lambda given: acts.extended(request, found, given), context)


@page(ACCOUNTS)
def arrange(request: HttpRequest, number: str) -> HttpResponseBase:
    """Work a plan out, tell it to the customer, and agree to it."""
    about = FormPage(_("Payment arrangement"), _("Agree to this plan"), "payment_arrangements",
                     template="arrangements/arrange.html")  # fmt: skip
    return shown.arrange_page(request, _account(request, number), about)
