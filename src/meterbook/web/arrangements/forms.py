"""Forms of more time and of plans."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.ledger.arrangements import screens
from meterbook.records.ledger.arrangements.proposing import Open, Terms
from meterbook.web.adjustments.forms import DollarsField
from meterbook.web.kit import figures, words
from meterbook.web.kit.forms import DayField, ReasonForm


class _Named(forms.Form):
    """Which charges it is about."""

    items = forms.TypedMultipleChoiceField(
        label=_("For which charges"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("All that is past due if none is ticked."),
    )  # fmt: skip
    promised_by = forms.CharField(
        label=_("Agreed with"), required=False, max_length=120, help_text=_("Only where it is not the holder.")
    )

    def __init__(self, *args: Any, charges: list[Open], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [(one.item, _said(one)) for one in charges]  # type: ignore[attr-defined]


class Extend(_Named):
    """Until when, and for what."""

    until = DayField(label=_("More time until"))
    field_order = ("until", "items", "promised_by")


class Arrange(_Named):
    """How the plan looks."""

    count = forms.IntegerField(label=_("Instalments"), min_value=1, max_value=53)
    every = forms.ChoiceField(label=_("How often"))
    first_due = DayField(label=_("First instalment due"))
    down = DollarsField(label=_("Down payment, $"), required=False, help_text=_("What the policy asks if left empty."))
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("count", "every", "first_due", "down", "items", "promised_by", "shown")

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["every"].choices = [(one, words.say("every", one)) for one in screens.rhythms(day)]  # type: ignore[attr-defined]

    @property
    def terms(self) -> Terms:
        """What was typed, as the computation takes it."""
        given = self.cleaned_data
        return Terms(given["count"], given["first_due"], given["every"], given["down"], tuple(given["items"]))


class Cancel(ReasonForm):
    """Why it ends, and whether it was broken."""

    broken = forms.BooleanField(
        label=_("It was not kept"),
        required=False,
        help_text=_("It counts against a next plan; only where a part was missed."),
    )
    field_order = ("broken", "reason")


class Decide(forms.Form):
    """What the second person says."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=300)


def _said(one: Open) -> str:
    what = (
        words.say("commodity", one.service) if one.category == "service" else words.say("charge_category", one.category)
    )
    return f"{what}, {figures.day(one.due_on)}: {figures.money(one.cents)}"
