"""What is typed on the bank's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TakeFile(forms.Form):
    """A file from the bank or a partner."""

    format = forms.ChoiceField(label=_("File format"))
    file = forms.FileField(label=_("File"), max_length=200)

    def __init__(self, *given: Any, formats: list[str], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["format"].choices = [(each, each) for each in formats]  # type: ignore[attr-defined]


class Book(forms.Form):
    """Where a line without a deposit is booked."""

    account = forms.CharField(
        label=_("Ledger account"), max_length=12, help_text=_("Code of the chart of accounts, like 6100.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)


class Decide(forms.Form):
    """What the second person says."""

    reason = forms.CharField(label=_("Remark"), required=False, max_length=500)


class Place(forms.Form):
    """Whose a payment is."""

    number = forms.CharField(label=_("Account"), max_length=12)
