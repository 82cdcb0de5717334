"""What pays an account off, on the phone or as a letter to a title or escrow company."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from meterbook.notices.payoff_letter import render_letter
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.fees.operations.payoff import FEE, answer_payoff
from meterbook.records.fees.payoff.figures import payoff as figures_of
from meterbook.records.fees.screens import fee_choices, services_of
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.operations.attach_file import attach_file
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import business_date
from meterbook.web.kit import words
from meterbook.web.kit.access import act, page
from meterbook.web.kit.forms import DayField, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.kit.sections import ACCOUNTS
from meterbook.web.kit.words import LANGUAGE

_GOOD_DAYS = 10


class Ask(forms.Form):
    """Who asks, until when it is good, in which language, and whether the fee is charged."""

    requester = forms.CharField(
        label=_("Who asks"), max_length=160, help_text=_("Name of the company; it stands on the letter.")
    )
    good_through = DayField(label=_("Good through"))
    fee_for = forms.ChoiceField(label=_("Fee for the search"), required=False)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=list(LANGUAGE.items()), initial="en")

    def __init__(self, *args: Any, account: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [(one, _("Charged here, %(service)s") % {"service": words.say("commodity", one)})
                for one in _fee_services(account, day)]  # fmt: skip
        self.fields["fee_for"].choices = [("", _("Paid by who asks, at the counter")), *said]  # type: ignore[attr-defined]


def _fee_services(account: Any, day: date) -> list[str]:
    services = services_of(account.pk)
    try:
        return [one for one in services if any(code == FEE for code, *_rest in fee_choices(day, [one]))]
    except NoPolicy:
        return []


@page(ACCOUNTS)
def payoff(request: HttpRequest, number: str) -> HttpResponseBase:
    """The figures, and the letter as soon as who asks is named."""
    found, day = account_numbered(number), business_date()
    if found is None:
        raise Http404(number)
    pin(request, number=found.number, name=found.holder.name)
    good = day + timedelta(days=_GOOD_DAYS)
    form = Ask(sent(request), account=found, day=day, initial={"good_through": good})
    if form.is_bound and form.is_valid() and (letter := _letter(request, found, form)) is not None:
        return letter
    context = {"title": _("Payoff"), "account": found, "form": form,
               "figures": figures_of(found, day=day, good_through=good)}  # fmt: skip
    return render(request, "payoff/payoff.html", context, status=422 if form.is_bound else 200)


def _letter(request: HttpRequest, account: Any, form: Ask) -> HttpResponseBase | None:
    """The letter, kept with the account; nothing where it is refused, with the reason on the form."""
    given = form.cleaned_data
    try:
        made = answer_payoff(
            act(request, "payoff asked for"), account=account, good_through=given["good_through"],
            requester=given["requester"], fee_for=given["fee_for"],
        )  # fmt: skip
        content = render_letter(made, requester=given["requester"], language=given["language"])
        name = f"payoff-{account.number}-{made.day}.pdf"
        attach_file(
            act(request, given["requester"]), subject=f"account:{account.pk}", file_name=name,
            content_type="application/pdf", content=content,
        )  # fmt: skip
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        form.add_error(None, in_words(error))
        return None
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
