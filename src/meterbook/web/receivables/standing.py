"""What accounts owe: one account's receivable and statement, aging and the trial balance of any day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast, get_args

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from meterbook.notices.account_statement import render_statement
from meterbook.records.customers.relations import relation, relations
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.ledger.disputes.standing import disputed_of
from meterbook.records.ledger.standing_on import By, aged_on
from meterbook.records.ledger.trial_balance import first_of_period, out_of_balance, trial_balance
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import or_404, page
from meterbook.web.kit.forms import DayField, FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import ACCOUNTS, MONEY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.receivables import acts
from meterbook.web.receivables.columns import RELATIONS
from meterbook.web.receivables.forms import Apply, CarryBalance, CarryCredit, CurrentFirst, Declare
from meterbook.web.receivables.shown import aged_total, receivable_context, statement_shown

LEAD = _("Above your limit a second person decides, and sees exactly what posts.")


def _pinned(request: HttpRequest, number: str) -> Any:
    found = or_404(account_numbered(number), number)
    pin(request, number=found.number, name=found.holder.name)
    return found


def _day(request: HttpRequest, name: str, otherwise: date) -> date:
    """A day asked for in the address; what is no date counts as not asked."""
    try:
        return DayField(required=False).clean(request.GET.get(name, "")) or otherwise
    except ValidationError:
        return otherwise


@page(ACCOUNTS)
def receivable(request: HttpRequest, number: str) -> HttpResponseBase:
    """What an account owes: by service and age, by bill, by fund, item by item."""
    found = _pinned(request, number)
    day = _day(request, "as_of", business_date())
    return render(request, "receivables/receivable.html", receivable_context(request, found, day))


@page(ACCOUNTS)
def statement(request: HttpRequest, number: str) -> HttpResponseBase:
    """The statement of an account over some days."""
    found, today = _pinned(request, number), business_date()
    until = _day(request, "until", today)
    since = min(_day(request, "since", until - timedelta(days=365)), until)
    return render(request, "receivables/statement.html", statement_shown(found, since, until))


@page(ACCOUNTS)
def statement_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The statement as it is handed out, in the holder's language."""
    found, today = or_404(account_numbered(number), number), business_date()
    until = _day(request, "until", today)
    since = min(_day(request, "since", until - timedelta(days=365)), until)
    response = HttpResponse(render_statement(found.pk, since=since, until=until), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="statement-{found.number}-{until}.pdf"'
    return response


@page(ACCOUNTS)
def carry(request: HttpRequest, number: str, what: str) -> HttpResponseBase:
    """Carry a credit or a balance to another account of the same customer."""
    found = _pinned(request, number)
    title = _("Carry a credit to another account") if what == "credit" else _("Carry the balance to another account")
    form = (CarryCredit if what == "credit" else CarryBalance)(sent(request), account=found, day=business_date())
    about = FormPage(title, _("Carry it"), "accounts", lead=LEAD)
    return form_page(request, form, about, lambda given: acts.carried(request, found, what, given))


@page(ACCOUNTS)
def apply(request: HttpRequest, number: str) -> HttpResponseBase:
    """Let a credit settle the charge the payer means."""
    found = _pinned(request, number)
    about = FormPage(_("Apply a credit"), _("Apply it"), "accounts", lead=LEAD)
    form = Apply(sent(request), account=found, day=business_date())
    return form_page(request, form, about, lambda given: acts.applied(request, given))


@page(ACCOUNTS)
def order(request: HttpRequest, number: str) -> HttpResponseBase:
    """Pay current bills first, as an arrangement asks."""
    found = _pinned(request, number)
    about = FormPage(_("Current bills first"), _("Set it"), "accounts")
    return form_page(request, CurrentFirst(sent(request)), about, lambda given: acts.ordered(request, found, given))


@page(MONEY)
def aging(request: HttpRequest) -> HttpResponseBase:
    """What is open on a day by age; it ties to the trial balance of the same day."""
    day = _day(request, "as_of", business_date())
    by = request.GET.get("by", "service")
    by = cast("By", by if by in get_args(By) else "service")
    rows = aged_on(day, by=by)
    contested = [one for rows_of in disputed_of(None, day).values() for one in rows_of]
    context = {"rows": rows, "total": aged_total(rows), "day": day, "by": by, "title": _("Aging"),
               "disputed": sum(one.disputed_cents for one in contested),
               "disputed_late": sum(one.disputed_cents for one in contested if one.due_on < day), "choices": (
        ("service", _("Service")), ("fund", _("Fund")), ("class", _("Class")), ("category", _("What for")),
        ("account", _("Account")))}  # fmt: skip
    return render(request, "receivables/aging.html", context)


@page(MONEY)
def balance(request: HttpRequest) -> HttpResponseBase:
    """The trial balance of a day."""
    day = _day(request, "as_of", business_date())
    lines = trial_balance(day)
    context = {"lines": lines, "day": day, "since": first_of_period(day), "off": out_of_balance(lines),
               "title": _("Trial balance"), "language": bilingual()}  # fmt: skip
    return render(request, "receivables/trial_balance.html", context)


@page(MONEY)
def related(request: HttpRequest) -> HttpResponseBase:
    """Own and family accounts of the people who work here."""
    table = Table(
        request, relations(), RELATIONS, order=("user__username", "id"), name="relations",
        title=_("Own and family accounts"), empty=_("Nobody has declared an account yet."),
        search=("user__username", "account__number", "account__holder__name"), search_label=_("Sign-in or account"),
    )  # fmt: skip
    return table_page(request, "receivables/relations.html", table)


@page(MONEY)
def declare(request: HttpRequest) -> HttpResponseBase:
    """Declare an account as somebody's own or family's."""
    about = FormPage(_("Declare an own or family account"), _("Declare it"), "relations")
    return form_page(request, Declare(sent(request)), about, lambda given: acts.declared(request, given))


@page(MONEY)
def end_relation(request: HttpRequest, relation_id: int) -> HttpResponseBase:
    """Let a relation end."""
    found = or_404(relation(relation_id), relation_id)
    about = FormPage(_("End this relation"), _("End it"), "relations")
    return form_page(
        request, ReasonForm(sent(request)), about, lambda given: acts.relation_ended(request, found, given)
    )
