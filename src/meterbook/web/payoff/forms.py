"""What the payoff page asks for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.fees.operations.payoff import FEE
from meterbook.records.fees.screens import fee_choices, services_of
from meterbook.records.platform.policies import NoPolicy
from meterbook.web.kit import words
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.words import LANGUAGE


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
