"""Forms of the bill run."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.screens import cycles
from meterbook.web.kit.forms import DayField, ReasonForm


def cycle_choices() -> list[tuple[str, str]]:
    """The cycles by id and code."""
    return [(str(cycle.pk), cycle.code) for cycle in cycles()]


class PlanRun(forms.Form):
    """Which cycle, on which bill date."""

    cycle = forms.ChoiceField(label=_("Cycle"), choices=cycle_choices)
    bill_date = DayField(label=_("Bill date"), help_text=_("Month, day, year, like 3/12/2026."))

    statements = forms.BooleanField(
        label=_("A statement for accounts with nothing to bill"), required=False,
        help_text=_("Accounts with a balance, or movements since their last bill, are sent a bill without charges."),
    )  # fmt: skip

    def clean_cycle(self) -> Any:
        """The cycle itself."""
        return next(cycle for cycle in cycles() if str(cycle.pk) == self.cleaned_data["cycle"])


class FromPiece(ReasonForm):
    """From which piece on a run is printed again, and why."""

    piece = forms.IntegerField(
        label=_("First piece"), min_value=1, help_text=_("The number of the piece the printer stopped at.")
    )
    field_order = ("piece", "reason")


class NoQuestion(forms.Form):
    """A form that asks nothing: the page says what will happen, the button does it."""


__all__ = ["FromPiece", "NoQuestion", "PlanRun", "ReasonForm"]
