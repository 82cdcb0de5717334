"""Forms of autopay: an authorisation with its bank account, a decision, a file of the bank's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.web.adjustments.forms import DollarsField
from meterbook.web.kit.forms import DayField

_DIGITS = {"inputmode": "numeric", "autocomplete": "off", "class": "short"}


class Enrol(forms.Form):
    """Whose bank account, which, who agreed, when and how."""

    name = forms.CharField(label=_("Name on the bank account"), max_length=80)
    routing = forms.CharField(
        label=_("Routing number"), max_length=12, widget=forms.TextInput(attrs=_DIGITS),
        help_text=_("Nine digits, at the lower left of a check."),
    )  # fmt: skip
    number = forms.CharField(
        label=_("Bank account number"), max_length=20, widget=forms.TextInput(attrs=_DIGITS),
        help_text=_("Kept encrypted; afterwards only the last digits are shown."),
    )  # fmt: skip
    account_type = forms.ChoiceField(
        label=_("Kind of bank account"), choices=[("checking", _("Checking")), ("savings", _("Savings"))]
    )
    business = forms.BooleanField(label=_("A business's bank account"), required=False)
    day = forms.IntegerField(
        label=_("Draw on day of the month"), required=False, min_value=1, max_value=31,
        widget=forms.TextInput(attrs=_DIGITS), help_text=_("Leave it blank for the due date."),
    )  # fmt: skip
    limit = DollarsField(
        label=_("Not more than, $"), required=False, help_text=_("Above it a draft waits for a person.")
    )
    how = forms.ChoiceField(
        label=_("How it was authorised"),
        choices=[("paper", _("On paper")), ("phone", _("By phone")), ("web", _("On the web"))],
    )
    by = forms.CharField(label=_("Who agreed"), max_length=80)
    on = DayField(label=_("Agreed on"), help_text=_("Month, day, year, like 3/12/2026."))
    language = forms.ChoiceField(
        label=_("Language of the words shown"), choices=[("en", _("English")), ("es", _("Spanish"))]
    )
    evidence = forms.FileField(label=_("Signed form"), required=False, help_text=_("A scan or photo of it."))
    replace = forms.BooleanField(label=_("It replaces the authorisation there is"), required=False)


class Why(forms.Form):
    """Why; for a validation, how."""

    by = forms.ChoiceField(label=_("How the account was validated"))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, ways: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ways:
            self.fields["by"].choices = [(way, way.replace("_", " ")) for way in ways]  # type: ignore[attr-defined]
        else:
            del self.fields["by"]


class Take(forms.Form):
    """A file the bank sent."""

    file = forms.FileField(label=_("File of the bank"), max_length=200)
