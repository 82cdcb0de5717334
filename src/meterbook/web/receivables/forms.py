"""Forms of receivables: taking a payment back, moving it, carrying, applying, an order of payment, a relation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers.relations import sign_ins
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.payments.by_hand import choices
from meterbook.web.adjustments.forms import DollarsField
from meterbook.web.kit import figures, words
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual


class AccountField(forms.CharField):
    """An account by its number."""

    default_error_messages = {"unknown": _("There is no account of this number.")}

    def clean(self, value: Any) -> Any:
        """The account, nothing where nothing is typed, or an error."""
        number = super().clean(value).strip()
        if not number:
            return None
        found = account_numbered(number)
        if found is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return found


class ByHand(forms.Form):
    """Why: a reason of the policy and a sentence."""

    kind = ""
    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence; it stays with the deed for the auditor."),
    )  # fmt: skip

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = choices.reasons(self.kind, day)
        self.fields["reason"].choices = [(code, said[bilingual()]) for code, said in found]  # type: ignore[attr-defined]


class TakeBack(ByHand):
    """A payment taken back whole."""

    kind = "reverse"


class Move(ByHand):
    """A payment, or part of it, to the account it is for."""

    kind = "move"
    target = AccountField(label=_("To account"), required=False, help_text=_("Leave it blank for unidentified money."))
    amount = DollarsField(label=_("Amount, $"))
    field_order = ("target", "amount", "reason", "note")


class CarryCredit(ByHand):
    """A credit to another account of the same customer."""

    kind = "transfer_credit"
    target = forms.ChoiceField(label=_("To account"))
    amount = DollarsField(label=_("Amount, $"))
    field_order = ("target", "amount", "reason", "note")

    def __init__(self, *args: Any, account: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, day=day, **kwargs)
        others = [(one.number, one.number) for one in choices.other_accounts(account)]
        self.fields["target"].choices = others  # type: ignore[attr-defined]


class CarryBalance(CarryCredit):
    """Everything open to another account of the same customer."""

    kind = "transfer_balance"
    amount = None  # type: ignore[assignment]


class Apply(ByHand):
    """A credit to the charge somebody chose."""

    kind = "apply_credit"
    credit = forms.ChoiceField(label=_("Credit"))
    charge = forms.ChoiceField(label=_("Charge"))
    amount = DollarsField(label=_("Amount, $"))
    field_order = ("credit", "charge", "amount", "reason", "note")

    def __init__(self, *args: Any, account: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, day=day, **kwargs)
        for side in ("credit", "charge"):
            found = choices.free_items(account, side)
            self.fields[side].choices = [(row[0], _item(*row[1:])) for row in found]  # type: ignore[attr-defined]


def _item(kind: str, service: str, due_on: date, cents: int) -> str:
    said = words.say("entry_source", kind)
    what = f"{said}, {words.say('commodity', service)}" if service else said
    return f"{figures.day(due_on)} · {what} · {figures.money(cents)}"


class CurrentFirst(forms.Form):
    """An account's own order of payment: current bills first."""

    current_from = DayField(
        label=_("Charges due from"), help_text=_("What is due on this day or later is paid before what is older.")
    )
    begins = DayField(label=_("Holds from"), help_text=_("Today or later."))
    ends = DayField(label=_("Until"), required=False, help_text=_("The first day it no longer holds; blank: open."))
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class Declare(forms.Form):
    """A person who works here, and an account that is their own or a relative's."""

    user = forms.ChoiceField(label=_("Sign-in"))
    account = AccountField(label=_("Account"))
    kind = forms.ChoiceField(label=_("Relation"), choices=[("own", _("Own")), ("family", _("Family"))])
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [(name, name) for name in sign_ins()]  # type: ignore[attr-defined]


class Decide(forms.Form):
    """What the second person says."""

    reason = forms.CharField(
        label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Say why when you refuse."),
    )  # fmt: skip


class Days(forms.Form):
    """From day to day."""

    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            raise forms.ValidationError(gettext("The first day is after the last."))
        return given
