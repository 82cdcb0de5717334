"""Forms of security: an assessment, an instrument and what happens to it, giving back, moving."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.ledger.deposits.interest import rules_in_force
from meterbook.records.platform.queries import business_date
from meterbook.records.security.words import SECURITY
from meterbook.web.adjustments.forms import DollarsField
from meterbook.web.billing.kinds.forms import OneAccountField
from meterbook.web.kit.forms import DayField, ReasonForm
from meterbook.web.kit.language import bilingual


def _waivers() -> list[tuple[str, str]]:
    _document, rules = rules_in_force(business_date())
    return [("", "–"), *((code, one.words[bilingual()]) for code, one in rules.waivers.items())]


class Assess(forms.Form):
    """What the computation is told, and what is waived."""

    standing = forms.ChoiceField(
        label=_("Credit standing"), choices=list(SECURITY["credit_standing"].items()), initial="unknown"
    )
    parts = forms.TypedChoiceField(
        label=_("Instalments"), choices=[(n, str(n)) for n in range(1, 13)], coerce=int, initial=1
    )
    waiver = forms.ChoiceField(label=_("Waived for"), choices=_waivers, required=False)
    waived = DollarsField(label=_("Waived, $"), required=False, help_text=_("All of it if left empty."))
    year = DollarsField(
        label=_("A year of bills, $"), required=False,
        help_text=_("Computed from bills if left empty. An amount put by hand needs a second person."),
    )  # fmt: skip


class NewInstrument(forms.Form):
    """What an instrument says, with the file that proves it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(SECURITY["instrument"].items()))
    issuer = forms.CharField(label=_("Issued by"), max_length=160)
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    amount = DollarsField(label=_("Amount, $"), required=False, help_text=_("Empty for a good payer's letter."))
    guarantor = OneAccountField(label=_("Guarantor's account"), required=False)
    starts = DayField(label=_("From"))
    ends = DayField(label=_("Last day"), required=False)
    petition_on = DayField(
        label=_("Bankruptcy petition of"), required=False, help_text=_("Where it is assurance of payment after one.")
    )
    chapter = forms.TypedChoiceField(
        label=_("Chapter"), choices=[("", "–"), (7, "7"), (11, "11"), (13, "13")], coerce=int, required=False,
        empty_value=None,
    )  # fmt: skip
    proof = forms.FileField(label=_("Proof"), required=False, max_length=200)


class Renew(ReasonForm):
    """Until when it goes on."""

    ends = DayField(label=_("New last day"))
    proof = forms.FileField(label=_("Proof"), required=False, max_length=200)
    field_order = ("ends", "proof", "reason")


class Draw(ReasonForm):
    """How much is asked of the issuer."""

    amount = DollarsField(label=_("Amount, $"))
    field_order = ("amount", "reason")


class GiveBack(forms.Form):
    """Where the money goes, and why before its time."""

    way = forms.ChoiceField(
        label=_("Where to"), choices=[("account", _("Credit on the account")), ("check", _("Check to the customer"))]
    )
    early = forms.BooleanField(
        label=_("Before its time"), required=False, help_text=_("Although the months are not over or not clean.")
    )
    reason = forms.CharField(label=_("Why"), required=False, max_length=500)

    def clean(self) -> dict[str, Any] | None:
        """Before its time needs a reason."""
        found = super().clean()
        if found and found.get("early") and not found.get("reason"):
            self.add_error("reason", _("Say why it goes back before its time."))
        return found


class Move(forms.Form):
    """The account it goes to."""

    to = OneAccountField(label=_("To account"), help_text=_("Another account of the same person."))


class Decide(forms.Form):
    """What the second person says."""

    reason = forms.CharField(label=_("Remark"), required=False, max_length=500)
