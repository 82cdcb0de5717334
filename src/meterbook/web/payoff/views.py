"""What pays an account off, on the phone or as a letter to a title or escrow company."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.fees.payoff.figures import payoff as figures_of
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import page
from meterbook.web.kit.forms import sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.sections import ACCOUNTS
from meterbook.web.payoff.answering import letter
from meterbook.web.payoff.forms import Ask

_GOOD_DAYS = 10


@page(ACCOUNTS)
def payoff(request: HttpRequest, number: str) -> HttpResponseBase:
    """The figures, and the letter as soon as who asks is named."""
    found, day = account_numbered(number), business_date()
    if found is None:
        raise Http404(number)
    pin(request, number=found.number, name=found.holder.name)
    good = day + timedelta(days=_GOOD_DAYS)
    form = Ask(sent(request), account=found, day=day, initial={"good_through": good})
    if form.is_bound and form.is_valid() and (made := letter(request, found, form)) is not None:
        return made
    context = {"title": _("Payoff"), "account": found, "form": form,
               "figures": figures_of(found, day=day, good_through=good)}  # fmt: skip
    return render(request, "payoff/payoff.html", context, status=422 if form.is_bound else 200)
