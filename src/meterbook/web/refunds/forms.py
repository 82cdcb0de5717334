"""Forms of refunds: asking, deciding, why a credit stays, how a check ended, claims, rebates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meterbook.records.refunds import screens
from meterbook.records.refunds.rebates.screens import choices
from meterbook.web.adjustments.forms import Decide, DollarsField
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual

__all__ = [
    "AskRefund", "Claim", "Decide", "EndPayout", "PayAgain", "Publish", "Rebate", "Stays", "TakeProof", "TakeStatuses",
]  # fmt: skip
_AREA = forms.Textarea(attrs={"rows": 3})


class AskRefund(forms.Form):
    """How a credit goes back, how much of it, and why."""

    how = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("check", pgettext_lazy("paper", "Check")),
            ("transfer", _("To another account")),
            ("ach", _("Bank credit")),
        ],
    )
    amount = DollarsField(label=_("Amount, $"), required=False, help_text=_("Blank: all that has cleared."))
    to = forms.CharField(
        label=_("To account"), required=False, max_length=12, help_text=_("Its number, for a transfer.")
    )
    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Why"), required=False, max_length=500, widget=_AREA)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(code, said[bilingual()]) for code, said in screens.reasons(day)]
        self.fields["reason"].choices = chosen  # type: ignore[attr-defined]


class Stays(forms.Form):
    """Why a credit stays where it is."""

    reason = forms.ChoiceField(label=_("It stays because"))
    note = forms.CharField(label=_("Why"), max_length=500, widget=_AREA)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(code, said[bilingual()]) for code, said in screens.stays(day)]
        self.fields["reason"].choices = chosen  # type: ignore[attr-defined]


class EndPayout(forms.Form):
    """How a check ended that never arrives."""

    state = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            ("cancelled", _("Not sent after all")), ("voided", _("Voided")), ("stopped", _("Payment stopped")),
            ("returned", _("Came back from the post")), ("stale", _("Too old to cash")),
        ],
    )  # fmt: skip
    why = forms.CharField(label=_("Why"), max_length=200)


class PayAgain(forms.Form):
    """Another check, to another address if one is known."""

    lines = forms.CharField(
        label=_("New address"), required=False, widget=_AREA, help_text=_("One line each; blank: the same as before.")
    )


class TakeStatuses(forms.Form):
    """A file of what became of checks."""

    file = forms.FileField(label=_("File of check statuses"), max_length=200)


class Publish(forms.Form):
    """A list of unclaimed money: when it is first printed, and until when owners may claim."""

    first_on = DayField(label=_("First notice"), help_text=_("The second follows a week later."))
    claim_by = DayField(
        label=_("Claims until"), required=False, help_text=_("45 to 60 days after the first notice; blank: the 45th.")
    )


class TakeProof(forms.Form):
    """The newspaper's affidavit."""

    file = forms.FileField(label=_("Newspaper's proof"), max_length=200)


class Claim(forms.Form):
    """An owner asks for his money."""

    claimant = forms.CharField(label=_("Who asks"), max_length=160)
    lines = forms.CharField(label=_("Address"), widget=_AREA, help_text=_("One line each."))
    grounds = forms.CharField(label=_("On what the claim rests"), max_length=500, widget=_AREA)
    proof = forms.FileField(label=_("What proves it"), max_length=200)


class Rebate(forms.Form):
    """An application for a rebate."""

    programme = forms.ChoiceField(label=_("Programme"))
    units = forms.IntegerField(label=_("Units"), min_value=1, help_text=_("Square feet, or how many."))
    cost = DollarsField(label=_("Cost on the receipt, $"))
    done_on = DayField(label=_("Done on"))
    how = forms.ChoiceField(
        label=_("Paid as"),
        choices=[("account", _("Credit on the account")), ("check", pgettext_lazy("paper", "Check"))],
    )
    proof = forms.FileField(label=_("Receipt"), max_length=200)
    note = forms.CharField(label=_("Remark"), required=False, max_length=300)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(code, said[bilingual()]) for code, said in choices(day)]
        self.fields["programme"].choices = chosen  # type: ignore[attr-defined]
