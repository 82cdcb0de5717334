"""Forms of returned payments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.engine.billing.adjusting.returned import SCOPES
from meterbook.web.kit import words
from meterbook.web.kit.forms import DayField


class GiveBack(forms.Form):
    """A payment came back: how, why, when."""

    kind = forms.ChoiceField(label=_("How"))
    code = forms.CharField(
        label=_("Reason code"), required=False, max_length=12,
        help_text=_("As the bank writes it, like R01; NSF for a paper check without funds."),
    )  # fmt: skip
    returned_on = DayField(label=_("The bank's day"), required=False, help_text=_("Blank: today."))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind, words.say("payment_reversal", kind)) for kind in ("returned", "chargeback")
        ]

    def clean_code(self) -> str:
        """The code in capitals."""
        return str(self.cleaned_data["code"]).strip().upper()


class AskWaiver(forms.Form):
    """Why the fee should be taken off."""

    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), max_length=300, help_text=_("What the second person should know."))

    def __init__(self, *args: Any, reasons: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(one, words.say("waiver_reason", one)) for one in reasons]  # type: ignore[attr-defined]


class DecideWaiver(forms.Form):
    """What the second person says."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=300)


class Ban(forms.Form):
    """A tender refused by hand."""

    scope = forms.ChoiceField(label=_("Refuse"))
    ends = DayField(label=_("Until before"), required=False, help_text=_("Blank: until somebody lifts it."))
    note = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = [(one, words.say("ban_scope", one)) for one in SCOPES]  # type: ignore[attr-defined]
