"""Forms of the billing calendar."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.calendar.screens import cycle_codes
from meterbook.web.kit.forms import DayField, ReasonForm


class SetDate(ReasonForm):
    """Another day for one date, with the reason."""

    day = DayField(label=_("Day"), help_text=_("Month, day, year, like 3/12/2026."))
    follow = forms.BooleanField(
        label=_("Dates counted from this one follow"), required=False, initial=True,
        help_text=_("Without it every other date of the period stays where it is."),
    )  # fmt: skip
    field_order = ("day", "follow", "reason")


class ComputeYear(forms.Form):
    """Which year, for which cycles."""

    year = forms.IntegerField(
        label=_("Year"), min_value=1990, max_value=9000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )  # fmt: skip
    cycles = forms.MultipleChoiceField(
        label=_("Cycles"), required=False, help_text=_("None chosen means every cycle."),
        choices=lambda: [(code, code) for code in cycle_codes()], widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    keep_edits = forms.BooleanField(
        label=_("Keep dates set by hand"), required=False, initial=True,
        help_text=_("Without it every date that has not passed is worked out anew."),
    )  # fmt: skip


class PublishYear(forms.Form):
    """Publishing: what was shown goes with it, so that nothing else is published."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
