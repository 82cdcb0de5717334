"""Forms of adjustments: an amount with its reason, a decision, a reversal, a leak."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.adjustments import screens
from meterbook.records.adjustments.proofs import Proof
from meterbook.web.kit import figures, words
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual

_DOLLARS = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?", re.ASCII)


class DollarsField(forms.Field):
    """Dollars and cents typed with ten keys, as cents."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"})
    default_error_messages = {"invalid": _("Type dollars and cents like 25.00, without a sign.")}

    def to_python(self, value: Any) -> int | None:
        """Cents, or an error that says what to type."""
        text = str(value or "").strip().replace(",", "").removeprefix("$")
        if not text:
            return None
        if not _DOLLARS.fullmatch(text):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(Decimal(text).scaleb(2))


def proofs_of(found: Any) -> list[Proof]:
    """The file that was handed in, if any."""
    return [] if found is None else [Proof(found.name, found.content_type or "application/octet-stream", found.read())]


class AdjustAccount(forms.Form):
    """What for, which service, how much, which way, why, and what proves it."""

    reason = forms.ChoiceField(label=_("What for"))
    service = forms.ChoiceField(label=_("Service"))
    direction = forms.ChoiceField(
        label=_("Credit or charge"), initial="credit",
        choices=[("credit", _("Credit: less is owed")), ("charge", _("Charge: more is owed"))],
        help_text=_("A fee is always a charge of the catalogue's amount."),
    )  # fmt: skip
    amount = DollarsField(label=_("Amount, $"), required=False, help_text=_("Leave it blank for a fee."))
    note = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence; it stays with the adjustment for the auditor."),
    )  # fmt: skip
    proof = forms.FileField(
        label=_("Proof"), required=False, help_text=_("A photo, letter or receipt, where asked for.")
    )

    def __init__(self, *args: Any, account: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = screens.services_of(account.pk)
        self.fields["service"].choices = [(one, words.say("commodity", one)) for one in services]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (gettext("Reasons"), [(code, said[bilingual()]) for code, said, _ in screens.choices(day, services)]),
            (gettext("Fees"), [
                (f"fee:{code}", f"{said[bilingual()]}: {', '.join(figures.money(one) for one in cents)}")
                for code, said, cents in screens.fee_choices(day, services)
            ]),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """An amount with its sign, unless it is a fee."""
        given = super().clean() or {}
        if not given.get("reason", "").startswith("fee:"):
            if not given.get("amount"):
                self.add_error("amount", gettext("Type dollars and cents like 25.00, without a sign."))
            else:
                given["cents"] = given["amount"] if given.get("direction") == "charge" else -given["amount"]
        return given


class Decide(forms.Form):
    """What the second person says."""

    reason = forms.CharField(
        label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Say why when you refuse."),
    )  # fmt: skip


class Leak(forms.Form):
    """A leak: when it was repaired, where the water went, which bills, what proves it."""

    repaired_on = DayField(label=_("Repaired on"), help_text=_("Month, day, year, like 3/12/2026."))
    proof = forms.FileField(
        label=_("Proof of the repair"), required=False, help_text=_("Plumber's bill, receipt, photo.")
    )
    bypassed_sewer = forms.BooleanField(
        label=_("The water did not run into the sewer"), required=False,
        help_text=_("A broken service line or irrigation; not a running toilet."),
    )  # fmt: skip
    both = forms.BooleanField(label=_("The bill before as well"), required=False)
    note = forms.CharField(label=_("What leaked"), max_length=300)
    waived = forms.CharField(
        label=_("Why an unmet rule is waived"), required=False, max_length=300,
        help_text=_("Only for rules that may be waived; the supervisor sees it."),
    )  # fmt: skip
