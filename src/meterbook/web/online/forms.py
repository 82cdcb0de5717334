"""Forms of paying online."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.forms import ReasonForm


def fresh_key() -> str:
    """A key for one form shown: sent twice, it makes one page."""
    return uuid.uuid4().hex


class NewCheckout(forms.Form):
    """Account and amount of a payment page."""

    number = forms.CharField(label=_("Account"), max_length=20)
    amount = forms.DecimalField(label=_("Amount, $"), max_digits=9, decimal_places=2, min_value=0)
    key = forms.CharField(widget=forms.HiddenInput, initial=fresh_key, max_length=80)


class NewKiosk(ReasonForm):
    """A kiosk's name."""

    name = forms.CharField(label=_("Name"), max_length=40)
