"""Forms of the winter average."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.forms import DayField, ReasonForm


class DrawForm(forms.Form):
    """The first day of the new quantities."""

    effective = DayField(label=_("First day"), help_text=_("The day the new sewer year begins, like 7/1/2027."))


class OverrideForm(ReasonForm):
    """A quantity set by hand, or none to follow the rule again."""

    quantity = forms.DecimalField(
        label=_("Quantity a month"), required=False, min_value=Decimal(0), max_digits=12, decimal_places=6,
        localize=True, help_text=_("In the billing unit, like 6.25. Empty follows the rule again."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
    )  # fmt: skip
    field_order = ("quantity", "reason")
