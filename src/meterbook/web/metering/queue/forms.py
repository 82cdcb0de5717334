"""The small forms of a decision: a value with ten keys, a method, a day, a sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.queue.screens.trying import NotANumber, typed_value
from meterbook.web.kit.forms import DayField


class Why(forms.Form):
    """One sentence for the auditor."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "reasons"}),
        error_messages={"required": _("Say why in one sentence; it stays with the decision.")},
    )


class MaybeWhy(forms.Form):
    """A sentence, if there is something to say."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "reasons"}),
    )


class CorrectForm(Why):
    """What the register really shows."""

    value = forms.CharField(
        label=_("The register shows"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "ten-key"}),
        error_messages={"required": _("Type what the register shows.")},
    )
    field_order = ("value", "reason")

    def clean_value(self) -> Decimal:
        """The value as a number."""
        try:
            return typed_value(self.cleaned_data["value"])
        except NotANumber:
            raise forms.ValidationError(
                _("Type digits only, and a point before decimals, like 10482 or 10,482.5.")
            ) from None


class EstimateForm(MaybeWhy):
    """Which estimate; empty is the city's own order."""

    method = forms.CharField(required=False, max_length=40)


class SendOutForm(MaybeWhy):
    """By when somebody must have been there, and what they should know."""

    due_on = DayField(label=_("By"), error_messages={"required": _("Type the day by which it must be done.")})
    field_order = ("due_on", "reason")

    def __init__(self, typed: QueryDict | None, *, due_on: date, first: date) -> None:
        super().__init__(typed, initial={"due_on": due_on})
        self.first = first
        self.fields["reason"].label = _("What the field should know")

    def clean_due_on(self) -> date:
        """A day that is still to come."""
        due: date = self.cleaned_data["due_on"]
        if due < self.first:
            raise forms.ValidationError(_("This day is past."))
        return due


class NoteForm(Why):
    """What was found out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Note")


class OwnerForm(MaybeWhy):
    """Whose work it is."""

    owner = forms.ChoiceField(label=_("Owner"))
    field_order = ("owner", "reason")

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = people  # type: ignore[attr-defined]
