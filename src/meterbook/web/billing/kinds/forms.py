"""Forms of off-cycle bills, finals, summaries and deposits."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.kinds.screens import accounts_numbered
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.words import COMMODITY


class AccountsField(forms.CharField):
    """Account numbers, one a line or with commas between; cleaned to the accounts themselves."""

    widget: Any = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "code"})
    default_error_messages = {
        "required": _("Type the account numbers, one a line."),
        "unknown": _("No account has the number %(numbers)s."),
    }

    def clean(self, value: Any) -> Any:
        """The accounts, each once, or an error that names the numbers nobody has."""
        numbers = list(dict.fromkeys(re.findall(r"[^\s,;]+", super().clean(value) or "")))
        found, missing = accounts_numbered(numbers)
        if missing:
            shown = {"numbers": ", ".join(missing[:5])}
            raise forms.ValidationError(self.error_messages["unknown"] % shown, code="unknown")
        return found


class OneAccountField(AccountsField):
    """One account number, cleaned to the account."""

    widget: Any = forms.TextInput(attrs={"class": "short code", "autocomplete": "off", "inputmode": "numeric"})
    default_error_messages = {
        "required": _("Type the account number."),
        "several": _("Type one account number."),
    }

    def clean(self, value: Any) -> Any:
        """The account, or an error."""
        found = super().clean(value)
        if len(found) > 1:
            raise forms.ValidationError(self.error_messages["several"], code="several")
        return found[0] if found else None


class LinesField(forms.CharField):
    """An address, a line each."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> Any:
        """The lines that are not empty."""
        return [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]


class Finals(forms.Form):
    """Whose final bills, and why now."""

    accounts = AccountsField(label=_("Accounts"), help_text=_("Numbers of accounts that were moved out, one a line."))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence; it stays with the deed for the auditor."),
    )  # fmt: skip


class OffCycle(forms.Form):
    """Accounts billed beside their cycle, and the dates they are billed by."""

    title = forms.CharField(label=_("What for"), max_length=160, help_text=_("Shown with the run."))
    accounts = AccountsField(label=_("Accounts"), help_text=_("Account numbers, one a line."))
    read_from = DayField(label=_("Closing reads from"), help_text=_("Month, day, year, like 3/12/2026."))
    read_to = DayField(label=_("Closing reads to"))
    service_to = DayField(
        label=_("Services without a meter up to"), help_text=_("The first day that is no longer charged.")
    )
    bill_date = DayField(label=_("Bill date"))
    due = DayField(label=_("Due"), required=False, help_text=_("By the billing rules if left empty."))
    statements = forms.BooleanField(
        label=_("A statement for accounts with nothing to bill"), required=False,
        help_text=_("Accounts with a balance, or movements since their last bill, are sent a bill without charges."),
    )  # fmt: skip


class NewGroup(forms.Form):
    """A payer of several accounts."""

    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("A short name, like SCHOOLS."))
    name = forms.CharField(label=_("Name"), max_length=160, help_text=_("Printed on the summary."))
    payer_account = OneAccountField(
        label=_("Account that pays"), help_text=_("Its holder and address are those of the summary.")
    )
    accounts = AccountsField(label=_("Members"), help_text=_("Account numbers, one a line."))
    starts = DayField(label=_("From"), help_text=_("Bills from this day on are summed up and no longer mailed alone."))


class Members(forms.Form):
    """Accounts that join a group."""

    accounts = AccountsField(label=_("Accounts"), help_text=_("Account numbers, one a line."))
    starts = DayField(label=_("From"))


class Leaving(forms.Form):
    """An account that leaves a group."""

    account = OneAccountField(label=_("Account"))
    ends = DayField(label=_("From"), help_text=_("Bills from this day on are mailed to the account again."))


class Issue(forms.Form):
    """Up to when a summary sums up."""

    bill_date = DayField(label=_("Bill date"), help_text=_("Bills up to this day are summed up."))
    due = DayField(label=_("Due"), required=False, help_text=_("By the billing rules if left empty."))


def _services() -> list[tuple[str, Any]]:
    return [("", _("Any service")), *COMMODITY.items()]


class NewDeposit(forms.Form):
    """A deposit that came in."""

    account = OneAccountField(label=_("Account"))
    amount = forms.DecimalField(
        label=_("Amount, $"),
        min_value=0,
        max_digits=9,
        decimal_places=2,
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    service = forms.ChoiceField(label=_("Service"), choices=_services, required=False)
    received_on = DayField(label=_("Received"))
