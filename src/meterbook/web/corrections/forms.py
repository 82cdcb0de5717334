"""Forms of correction cases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.engine.quantity import scaled
from meterbook.records.corrections.choosing import point_coded
from meterbook.records.corrections.screens import metered_points
from meterbook.records.corrections.settings import back_billing
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.forms import DayField, ReasonForm
from meterbook.web.kit.language import bilingual


def cause_choices() -> list[tuple[str, str]]:
    """The causes of the policy in the reader's language."""
    return [(each.code, each.title[bilingual()]) for each in back_billing(business_date()).causes]


class NewCase(forms.Form):
    """Why, since when it is known, for which days, and what becomes of them."""

    cause = forms.ChoiceField(label=_("Cause"), choices=cause_choices)
    discovered_on = DayField(label=_("Discovered"), help_text=_("The limits of back-billing count back from this day."))
    since = DayField(label=_("Periods that end after"), required=False)
    until = DayField(label=_("Periods that begin before"), required=False)
    point = forms.CharField(
        label=_("Only this service point"), required=False, max_length=40, help_text=_("Its code; empty for all.")
    )
    crossed = forms.CharField(
        label=_("Its meter was crossed with the one at"), required=False, max_length=40,
        help_text=_("The code of the other service point: both are billed again on the other one's usage."),
    )  # fmt: skip
    rebill = forms.ChoiceField(
        label=_("What becomes of the days"),
        choices=[("yes", _("Take back and bill again")), ("no", _("Only take back"))],
        widget=forms.RadioSelect, initial="yes",
    )  # fmt: skip
    reason = forms.CharField(
        label=_("What is wrong, and how it was found"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence = forms.FileField(label=_("Evidence"), required=False, help_text=_("A photo, a test report, a letter."))

    def clean(self) -> dict[str, Any]:
        """Both crossed points by their codes, or an error beside the field."""
        given: dict[str, Any] = super().clean() or {}
        for name in ("point", "crossed"):
            if code := (given.get(name) or "").strip():
                try:
                    point_coded(code)
                except LookupError:
                    self.add_error(name, _("No service point has this code."))
        if given.get("crossed") and not given.get("point"):
            self.add_error("point", _("Say which service point's meter it is."))
        return given


class DecideUsage(ReasonForm):
    """A total over whole periods, in the meter's unit."""

    point = forms.ChoiceField(label=_("Service point"))
    starts = DayField(label=_("First day"))
    ends = DayField(label=_("Read day after the last"), help_text=_("The day the last period ends on."))
    quantity = forms.DecimalField(label=_("Usage"), min_value=Decimal(0), max_digits=15, decimal_places=6)
    field_order = ("point", "starts", "ends", "quantity", "reason")

    def __init__(self, *args: Any, case_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = metered_points(case_id)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """The operation's arguments."""
        data = self.cleaned_data
        return {
            "service_point": point_coded(data["point"]), "starts": data["starts"], "ends": data["ends"],
            "quantity_e6": scaled(data["quantity"]),
        }  # fmt: skip


class Evidence(ReasonForm):
    """A file kept with the case."""

    file = forms.FileField(label=_("File"))
    field_order = ("file", "reason")
