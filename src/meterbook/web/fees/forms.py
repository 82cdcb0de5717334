"""Forms of one-off charges."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.fees import screens
from meterbook.web.adjustments.forms import DollarsField
from meterbook.web.kit import figures, words
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual


class Charge(forms.Form):
    """A fee of the catalogue on an account."""

    fee = forms.ChoiceField(label=_("Fee"))
    service = forms.ChoiceField(label=_("Service"))
    amount = DollarsField(
        label=_("Amount, $"), required=False, help_text=_("Only where the catalogue has no price of its own.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, account: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = screens.services_of(account.pk)
        self.fields["service"].choices = [(one, words.say("commodity", one)) for one in services]  # type: ignore[attr-defined]
        self.fields["fee"].choices = [  # type: ignore[attr-defined]
            (code, _priced(said[bilingual()], price)) for code, said, price, _ in screens.fee_choices(day, services)
        ]


class AskService(forms.Form):
    """Somebody is asked to come, for a fee that is paid first."""

    fee = forms.ChoiceField(label=_("What for"))
    point = forms.ChoiceField(label=_("Where"))
    wanted_on = DayField(label=_("Wanted on"), required=False)
    note = forms.CharField(label=_("What the field should know"), max_length=300)

    def __init__(self, *args: Any, account: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = screens.points_of(account, day)
        self.fields["point"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{words.say('commodity', one.commodity)}, {one.premise.address}") for one in points
        ]
        choices = screens.fee_choices(day, [one.commodity for one in points])
        self.fields["fee"].choices = [  # type: ignore[attr-defined]
            (code, _priced(said[bilingual()], price)) for code, said, price, first in choices if first
        ]


class AskDevelopment(forms.Form):
    """A connection: what is connected, what was there before, in how many parts it is paid."""

    premise = forms.ChoiceField(label=_("Where"))
    service = forms.ChoiceField(label=_("Service"))
    size = forms.ChoiceField(label=_("Meter connected"))
    meters = forms.IntegerField(label=_("How many"), min_value=1, max_value=999, initial=1)
    size_before = forms.ChoiceField(
        label=_("Meter there before"), required=False, help_text=_("It counts as credit, if it was there recently.")
    )
    meters_before = forms.IntegerField(label=_("How many before"), min_value=0, max_value=999, initial=0)
    removed_on = DayField(label=_("Taken away on"), required=False)
    parts = forms.IntegerField(label=_("Paid in how many parts"), min_value=1, initial=1)
    note = forms.CharField(label=_("Note"), max_length=300, help_text=_("Permit or plan number."))

    def __init__(self, *args: Any, account: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sizes, services, most = screens.sizes(day)
        for name, blank in (("size", []), ("size_before", [("", gettext("None"))])):
            self.fields[name].choices = [*blank, *((one, f"{one}″") for one in sizes)]  # type: ignore[attr-defined]
        self.fields["service"].choices = [(one, words.say("commodity", one)) for one in services]  # type: ignore[attr-defined]
        self.fields["premise"].choices = [(one.pk, one.address) for one in screens.premises_of(account)]  # type: ignore[attr-defined]
        self.fields["parts"].max_value = most  # type: ignore[attr-defined]


class Say(forms.Form):
    """A remark to a decision or an act."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=300)


def _priced(said: str, price: int | None) -> str:
    return said if price is None else f"{said}: {figures.money(price)}"
